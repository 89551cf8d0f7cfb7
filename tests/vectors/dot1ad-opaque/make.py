# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, c_tag, frame, ge, s_tag

v = Vector()

# On an access port, with a service tag of any VID.
for i, vid in enumerate((10, 20, 0, 4095)):
    t = (1 + i) * MS
    v.rx(ge(0), t, frame(BROADCAST, 1, tags=[s_tag(vid, pcp=3)], n=i))
    v.tx(ge(1), t, frame(BROADCAST, 1, tags=[c_tag(10), s_tag(vid, pcp=3)], n=i))
    v.tx(ge(2), t, frame(BROADCAST, 1, tags=[s_tag(vid, pcp=3)], n=i))

# On a trunk without untagged VLAN.
v.rx(ge(1), 6 * MS, frame(BROADCAST, 2, tags=[s_tag(10)], n=6))
v.drop(ge(1), "VLAN_TAG_NOT_ALLOWED")

# On a trunk with a native VLAN, though the VID is one of the trunk's.
v.rx(ge(2), 7 * MS, frame(BROADCAST, 3, tags=[s_tag(20)], n=7))
v.tx(ge(0), 7 * MS, frame(BROADCAST, 3, tags=[s_tag(20)], n=7))
v.tx(ge(1), 7 * MS, frame(BROADCAST, 3, tags=[c_tag(10), s_tag(20)], n=7))

# Behind a customer tag.
v.rx(ge(1), 8 * MS, frame(BROADCAST, 4, tags=[c_tag(10, pcp=6), s_tag(99)], n=8))
v.flood(ge(0, 2), 8 * MS, frame(BROADCAST, 4, tags=[s_tag(99)], n=8))

v.mac("v10", 10, 1, "ge-0/0/0.0")
v.mac("v10", 10, 3, "ge-0/0/2.0")
v.mac("v10", 10, 4, "ge-0/0/1.0")
v.write()
