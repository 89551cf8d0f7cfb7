# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, S, Vector, frame, ge

v = Vector(backwards=True)
v.tx(ge(1), 10 * MS, v.rx(ge(0), 10 * MS, frame(BROADCAST, 1, n=1)))
# 1 ms back: handled at 10 ms, so it waits for the line behind the first.
v.tx(ge(1), 10 * MS, v.rx(ge(0), 9 * MS, frame(BROADCAST, 1, n=2)))
v.tx(ge(0), 20 * MS, v.rx(ge(1), 20 * MS, frame(BROADCAST, 2, n=3)))
# To a time before the clock's zero: handled at 20 ms.
v.tx(ge(0), 20 * MS, v.rx(ge(1), -3 * S, frame(BROADCAST, 2, n=4)))
# Equal is not backwards.
v.tx(ge(0), 30 * MS, v.rx(ge(1), 30 * MS, frame(BROADCAST, 2, n=5)))
v.tx(ge(0), 30 * MS, v.rx(ge(1), 30 * MS, frame(BROADCAST, 2, n=6)))

v.count("ports", ge(0), "time_backwards", value=1)
v.count("ports", ge(1), "time_backwards", value=1)
v.write()
