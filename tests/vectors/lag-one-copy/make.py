# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, c_tag, frame, ge

v = Vector()
# Several flows, all to the only member that is up.
for n in range(1, 9):
    v.rx(ge(0), n * MS, frame(BROADCAST, n, n=n))
    v.tx(ge(2), n * MS, frame(BROADCAST, n, n=n))
    v.tx(ge(4), n * MS, frame(BROADCAST, n, tags=[c_tag(10)], n=n))
# From one LAG to the other and back.
v.rx(ge(4), 10 * MS, frame(BROADCAST, 20, tags=[c_tag(10)]))
v.flood(ge(0, 2), 10 * MS, frame(BROADCAST, 20))
v.rx(ge(2), 11 * MS, frame(20, 21))
v.tx(ge(4), 11 * MS, frame(20, 21, tags=[c_tag(10)]))
v.rx(ge(4), 12 * MS, frame(21, 20, tags=[c_tag(10)]))
v.tx(ge(2), 12 * MS, frame(21, 20))
# A member that is down receives nothing.
v.rx(ge(3), 13 * MS, frame(BROADCAST, 22))
v.drop(ge(3), "PORT_DOWN")

for n in range(1, 9):
    v.mac("v10", 10, n, "ge-0/0/0.0")
v.mac("v10", 10, 20, "ae1.0")
v.mac("v10", 10, 21, "ae0.0")
v.write()
