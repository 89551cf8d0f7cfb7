# SPDX-License-Identifier: BSD-3-Clause
from collections import deque

from vexvec import BROADCAST, MS, PS, Vector, frame, ge

CELL, LIMIT = 256, 4 * 1024 * 1024 // 256
out, fast = ge(0), "et-0/1/0"
v = Vector()
v.tx(fast, 1 * MS, v.rx(out, 1 * MS, frame(BROADCAST, 1)))

# Frames in the packet memory of the port: (stamp at which the cells are free again, cells).
held, used = deque(), 0


def arrive(t, length, n):
    """One frame for `out`. Cells whose stamp has come are free before the arrival."""
    global used
    while held and held[0][0] <= t * PS:
        used -= held.popleft()[1]
    cells = -(-length // CELL)
    data = v.rx(fast, t, frame(1, 2, length, n=n))
    if used + cells > LIMIT:
        v.drop(out, "QUEUE_FULL")
        return False
    held.append((v.tx(out, t, data), cells))
    used += cells
    return True


# Minimum frames at nearly 100 Gb/s, one cell each, until the port's 16,384 cells are taken.
t = 2 * MS
n = 0
while used < LIMIT:
    t += 7
    n += 1
    assert arrive(t, 14, n)
# 672 ns a frame leave, so about one in 96 finds room: in this span two do.
results = [arrive(t + 7 * i, 14, n + i) for i in range(1, 201)]
t += 7 * 200
assert results.count(True) == 2
# Two cells are not there when one is.
free = held[0][0] // PS + 1
assert not arrive(free, 300, 20001)
assert arrive(free + 7, 60, 20002)
assert not arrive(free + 14, 60, 20003)
# When all is sent, all fits.
assert arrive(50 * MS, 300, 20004)

v.mac("v10", 10, 1, "ge-0/0/0.0")
v.mac("v10", 10, 2, "et-0/1/0.0")
v.write()
