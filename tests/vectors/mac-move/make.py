# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, US, Vector, frame, ge

v = Vector()
v.flood(ge(1, 2), 1 * MS, v.rx(ge(0), 1 * MS, frame(BROADCAST, 1)))
v.tx(ge(0), 2 * MS, v.rx(ge(2), 2 * MS, frame(1, 3)))
# Host 1 moves to port 1: the very next frame for it goes there.
v.tx(ge(2), 3 * MS, v.rx(ge(1), 3 * MS, frame(3, 1)))
v.tx(ge(1), 3 * MS + 1, v.rx(ge(2), 3 * MS + 1, frame(1, 3)))
# And back, several times within one burst.
for i in range(8):
    port = ge(i % 2)
    t = 4 * MS + 20 * i * US
    v.tx(ge(2), t, v.rx(port, t, frame(3, 1, n=2 * i)))
    v.tx(port, t, v.rx(ge(2), t, frame(1, 3, n=2 * i + 1)))

v.mac("v10", 10, 1, "ge-0/0/1.0")
v.mac("v10", 10, 3, "ge-0/0/2.0")
v.count("fdb", "learned", value=2)
v.count("fdb", "moved", value=1 + 8)
v.write()
