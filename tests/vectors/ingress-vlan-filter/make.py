# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, c_tag, frame, ge

v = Vector()

# A VLAN that exists but not here; none that exists; the reserved VID.
for i, vid in enumerate((20, 30, 1, 4095)):
    v.rx(ge(1), (1 + i) * MS, frame(BROADCAST, 1 + i, tags=[c_tag(vid)]))
    v.drop(ge(1), "INGRESS_VLAN_FILTER")
# Neither untagged nor priority-tagged.
v.rx(ge(1), 6 * MS, frame(BROADCAST, 6))
v.rx(ge(1), 7 * MS, frame(BROADCAST, 7, tags=[c_tag(0)]))
v.drop(ge(1), "VLAN_TAG_NOT_ALLOWED", 2)
# Another VLAN's tag on an access port.
v.rx(ge(0), 8 * MS, frame(BROADCAST, 8, tags=[c_tag(20)]))
v.rx(ge(0), 9 * MS, frame(BROADCAST, 9, tags=[c_tag(30)]))
v.drop(ge(0), "INGRESS_VLAN_FILTER", 2)

# None of them was learned: a frame for one of them is flooded.
v.rx(ge(0), 10 * MS, frame(1, 20))
v.flood(ge(1, 2), 10 * MS, frame(1, 20, tags=[c_tag(10)]))
# The trunk that has VLAN 20 takes it; it has no other port there.
v.rx(ge(2), 11 * MS, frame(BROADCAST, 21, tags=[c_tag(20)]))
v.drop(ge(2), "FDB_MC_DISCARD")

v.mac("v10", 10, 20, "ge-0/0/0.0")
v.mac("v20", 20, 21, "ge-0/0/2.0")
v.write()
