# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, frame, ge

v = Vector()
# No copy to a port that is down, and no drop for it.
v.tx(ge(1), 1 * MS, v.rx(ge(0), 1 * MS, frame(BROADCAST, 1)))
# Nothing from it; it still counts what came.
v.rx(ge(2), 2 * MS, frame(BROADCAST, 2))
v.rx(ge(2), 3 * MS, frame(1, 2))
v.drop(ge(2), "PORT_DOWN", 2)
# A known address behind it.
v.rx(ge(1), 4 * MS, frame(7, 3))
v.drop(ge(1), "EGRESS_PORT_DOWN")
v.tx(ge(1), 5 * MS, v.rx(ge(0), 5 * MS, frame(3, 1)))

v.mac("v10", 10, 1, "ge-0/0/0.0")
v.mac("v10", 10, 3, "ge-0/0/1.0")
v.mac("v10", 10, 7, "ge-0/0/2.0", "static")
v.write()
