# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, S, Vector, frame, ge

v = Vector()
v.flood(ge(1, 2), 1 * MS, v.rx(ge(0), 1 * MS, frame(BROADCAST, 1)))
v.flood(ge(0, 2), 2 * MS, v.rx(ge(1), 2 * MS, frame(BROADCAST, 2)))
# The address stays on its port.
v.rx(ge(1), 3 * MS, frame(BROADCAST, 1))
v.drop(ge(1), "FDB_STATIC_MOVE")
v.tx(ge(0), 4 * MS, v.rx(ge(2), 4 * MS, frame(1, 3)))
# And does not age, other than that of an ordinary port.
v.tx(ge(0), 60 * S, v.rx(ge(2), 60 * S, frame(1, 3)))
v.flood(ge(0, 1), 61 * S, v.rx(ge(2), 61 * S, frame(2, 3)))

v.mac("v10", 10, 1, "ge-0/0/0.0", "sticky")
v.mac("v10", 10, 3, "ge-0/0/2.0")
v.write()
