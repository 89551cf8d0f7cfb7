# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, S, Vector, c_tag, frame, ge

v = Vector()
# Known before the first frame, each in its VLAN only.
v.tx(ge(1), 1 * MS, v.rx(ge(0), 1 * MS, frame(7, 1)))
v.rx(ge(3), 2 * MS, frame(8, 2))
v.tx(ge(2), 2 * MS, frame(8, 2, tags=[c_tag(20)]))
v.rx(ge(3), 3 * MS, frame(7, 2))
v.tx(ge(2), 3 * MS, frame(7, 2, tags=[c_tag(20)]))
v.rx(ge(0), 4 * MS, frame(8, 1))
v.tx(ge(1), 4 * MS, frame(8, 1))
v.tx(ge(2), 4 * MS, frame(8, 1, tags=[c_tag(10)]))

# It may speak on its own port, not on another.
v.tx(ge(0), 5 * MS, v.rx(ge(1), 5 * MS, frame(1, 7)))
v.rx(ge(0), 6 * MS, frame(BROADCAST, 7))
v.drop(ge(0), "FDB_STATIC_MOVE")
v.rx(ge(2), 7 * MS, frame(1, 7, tags=[c_tag(10)]))
v.drop(ge(2), "FDB_STATIC_MOVE")
# In the other VLAN the address is free.
v.rx(ge(2), 8 * MS, frame(BROADCAST, 7, tags=[c_tag(20)]))
v.tx(ge(3), 8 * MS, frame(BROADCAST, 7))

# Static entries do not age: 100 s are ten ageing times.
v.tx(ge(1), 100 * S, v.rx(ge(0), 100 * S, frame(7, 1)))

v.mac("v10", 10, 1, "ge-0/0/0.0")
v.mac("v10", 10, 7, "ge-0/0/1.0", "static")
v.mac("v20", 20, 8, "ge-0/0/2.0", "static")
v.write()
