# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, c_tag, frame, ge

v = Vector()
v.tx(ge(1), 1 * MS, v.rx(ge(0), 1 * MS, frame(BROADCAST, 1)))
v.rx(ge(2), 2 * MS, frame(BROADCAST, 2))
v.drop(ge(2), "VLAN_TAG_NOT_ALLOWED")
v.rx(ge(2), 3 * MS, frame(BROADCAST, 2, tags=[c_tag(1)]))
v.drop(ge(2), "INGRESS_VLAN_FILTER")
v.rx(ge(9), 4 * MS, frame(BROADCAST, 3))
v.drop(ge(9), "VLAN_TAG_NOT_ALLOWED")
v.rx(ge(3), 5 * MS, frame(BROADCAST, 4))
v.drop(ge(3), "FDB_MC_DISCARD")
v.tx(ge(0), 6 * MS, v.rx(ge(1), 6 * MS, frame(1, 5)))

v.mac("default", 1, 1, "ge-0/0/0.0")
v.mac("default", 1, 5, "ge-0/0/1.0")
v.mac("v10", 10, 4, "ge-0/0/3.0")
v.write()
