# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, PS, US, Vector, frame, ge

v = Vector()
out = ge(2)

v.flood(ge(0, 1), 1 * MS, v.rx(out, 1 * MS, frame(BROADCAST, 3)))

# Two at one instant: file order decides, not port order. 1514 bytes take 12,208 ns.
stamp = v.tx(out, 2 * MS, v.rx(ge(1), 2 * MS, frame(3, 2, 1514, n=1)))
assert stamp == (2 * MS + 12208) * PS
stamp = v.tx(out, 2 * MS, v.rx(ge(0), 2 * MS, frame(3, 1, 100, n=2)))
assert stamp == (2 * MS + 12208 + 96 + 896) * PS
# While the second is on the wire.
stamp = v.tx(out, 2 * MS + 13 * US, v.rx(ge(0), 2 * MS + 13 * US, frame(3, 1, 60, n=3)))
assert stamp == (2 * MS + 13200 + 96 + 576) * PS

# In the gap between two frames (stamp, stamp + 96 ns): waits for its end.
t = 3 * MS
v.tx(out, t, v.rx(ge(0), t, frame(3, 1, 60, n=4)))
stamp = v.tx(out, t + 576 + 50, v.rx(ge(1), t + 576 + 50, frame(3, 2, 60, n=5)))
assert stamp == (t + 576 + 96 + 576) * PS

# At the instant of the stamp, at the end of the gap, and one ns after it.
t = 4 * MS
v.tx(out, t, v.rx(ge(0), t, frame(3, 1, 60, n=6)))
v.tx(out, t + 576, v.rx(ge(1), t + 576, frame(3, 2, 60, n=7)))
t = 5 * MS
v.tx(out, t, v.rx(ge(0), t, frame(3, 1, 60, n=8)))
v.tx(out, t + 672, v.rx(ge(1), t + 672, frame(3, 2, 60, n=9)))
t = 6 * MS
v.tx(out, t, v.rx(ge(0), t, frame(3, 1, 60, n=10)))
stamp = v.tx(out, t + 673, v.rx(ge(1), t + 673, frame(3, 2, 60, n=11)))
assert stamp == (t + 673 + 576) * PS

# Short frames take the time of a padded one.
t = 7 * MS
v.tx(out, t, v.rx(ge(0), t, frame(3, 1, 20, n=12)))
stamp = v.tx(out, t, v.rx(ge(1), t, frame(3, 2, 60, n=13)))
assert stamp == (t + 576 + 672) * PS
v.write()
