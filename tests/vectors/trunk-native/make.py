# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, c_tag, frame, ge

v = Vector()

# Untagged on a trunk with a native VLAN belongs to it, and the native VLAN leaves untagged.
v.rx(ge(0), 1 * MS, frame(BROADCAST, 1, n=1))
v.flood(ge(1, 3), 1 * MS, frame(BROADCAST, 1, n=1))
v.tx(ge(2), 1 * MS, frame(BROADCAST, 1, tags=[c_tag(10)], n=1))

# Tagged with the native VLAN: the same VLAN; the tag's priority survives where a tag leaves.
v.rx(ge(0), 2 * MS, frame(BROADCAST, 2, tags=[c_tag(10, pcp=3)], n=2))
v.flood(ge(1, 3), 2 * MS, frame(BROADCAST, 2, n=2))
v.tx(ge(2), 2 * MS, frame(BROADCAST, 2, tags=[c_tag(10, pcp=3)], n=2))

# Another VLAN of the trunk stays tagged.
v.rx(ge(0), 3 * MS, frame(BROADCAST, 3, tags=[c_tag(20, pcp=1)], n=3))
v.tx(ge(3), 3 * MS, frame(BROADCAST, 3, tags=[c_tag(20, pcp=1)], n=3))

# Untagged on a trunk without one.
v.rx(ge(2), 4 * MS, frame(BROADCAST, 4, n=4))
v.drop(ge(2), "VLAN_TAG_NOT_ALLOWED")

# The native VLAN is a member of the trunk even where `members` does not list it.
v.rx(ge(3), 5 * MS, frame(BROADCAST, 5, n=5))
v.flood(ge(0, 1), 5 * MS, frame(BROADCAST, 5, n=5))
v.tx(ge(2), 5 * MS, frame(BROADCAST, 5, tags=[c_tag(10)], n=5))
v.rx(ge(3), 6 * MS, frame(1, 5, tags=[c_tag(10)], n=6))
v.tx(ge(0), 6 * MS, frame(1, 5, n=6))

v.mac("v10", 10, 1, "ge-0/0/0.0")
v.mac("v10", 10, 2, "ge-0/0/0.0")
v.mac("v10", 10, 5, "ge-0/0/3.0")
v.mac("v20", 20, 3, "ge-0/0/0.0")
v.write()
