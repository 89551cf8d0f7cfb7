# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, c_tag, frame, ge

v = Vector()
v.rx(ge(0), 1 * MS, frame(BROADCAST, 1, tags=[c_tag(11)]))
v.tx(ge(1), 1 * MS, frame(BROADCAST, 1))
v.rx(ge(0), 2 * MS, frame(BROADCAST, 1, tags=[c_tag(20)]))
v.tx(ge(2), 2 * MS, frame(BROADCAST, 1))
v.tx(ge(3), 2 * MS, frame(BROADCAST, 1, tags=[c_tag(20)]))
v.rx(ge(3), 3 * MS, frame(BROADCAST, 2, tags=[c_tag(12)]))
v.tx(ge(0), 3 * MS, frame(BROADCAST, 2, tags=[c_tag(12)]))
v.rx(ge(0), 4 * MS, frame(BROADCAST, 1, tags=[c_tag(10)]))
v.drop(ge(0), "FDB_MC_DISCARD")
v.rx(ge(0), 5 * MS, frame(BROADCAST, 1, tags=[c_tag(13)]))
v.drop(ge(0), "INGRESS_VLAN_FILTER")
v.rx(ge(2), 6 * MS, frame(1, 3))
v.tx(ge(0), 6 * MS, frame(1, 3, tags=[c_tag(20)]))

v.mac("campus-vlan-0010", 10, 1, "ge-0/0/0.0")
v.mac("campus-vlan-0011", 11, 1, "ge-0/0/0.0")
v.mac("campus-vlan-0012", 12, 2, "ge-0/0/3.0")
v.mac("campus-vlan-0020", 20, 1, "ge-0/0/0.0")
v.mac("campus-vlan-0020", 20, 3, "ge-0/0/2.0")
v.write()
