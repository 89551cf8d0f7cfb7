# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, S, Vector, frame, ge

v = Vector()
# Host 2 speaks once, host 1 every 9 s, so that it is always known.
v.tx(ge(1), 3 * MS, v.rx(ge(0), 3 * MS, frame(BROADCAST, 2)))
# The other VLAN ages by its own time.
v.tx(ge(3), 5 * MS, v.rx(ge(2), 5 * MS, frame(BROADCAST, 3)))
for i in range(5):
    t = 7 * MS + 9 * i * S
    v.tx(ge(1), t, v.rx(ge(0), t, frame(BROADCAST, 1, n=i)))
t = 5 * MS + 60 * S
v.tx(ge(2), t, v.rx(ge(3), t, frame(3, 4)))

v.mac("v20", 20, 3, "ge-0/0/2.0")
v.mac("v20", 20, 4, "ge-0/0/3.0")
v.count("fdb", "learned", value=4)
v.count("fdb", "aged", value=2)
v.write()
