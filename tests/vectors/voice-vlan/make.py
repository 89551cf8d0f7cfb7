# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, c_tag, frame, ge

v = Vector()

# The computer behind the phone: untagged, in the data VLAN.
v.rx(ge(0), 1 * MS, frame(BROADCAST, 1, n=1))
v.tx(ge(2), 1 * MS, frame(BROADCAST, 1, tags=[c_tag(10)], n=1))
# The phone: tagged, in the voice VLAN.
v.rx(ge(0), 2 * MS, frame(BROADCAST, 2, tags=[c_tag(20, pcp=5)], n=2))
v.tx(ge(1), 2 * MS, frame(BROADCAST, 2, n=2))
v.tx(ge(2), 2 * MS, frame(BROADCAST, 2, tags=[c_tag(20, pcp=5)], n=2))

# Towards the port: data untagged, voice tagged, flooded or known.
v.rx(ge(2), 3 * MS, frame(BROADCAST, 3, tags=[c_tag(10, pcp=1)], n=3))
v.tx(ge(0), 3 * MS, frame(BROADCAST, 3, n=3))
v.rx(ge(2), 4 * MS, frame(BROADCAST, 4, tags=[c_tag(20, pcp=5)], n=4))
v.tx(ge(0), 4 * MS, frame(BROADCAST, 4, tags=[c_tag(20, pcp=5)], n=4))
v.tx(ge(1), 4 * MS, frame(BROADCAST, 4, n=4))
v.rx(ge(1), 5 * MS, frame(2, 5, n=5))
v.tx(ge(0), 5 * MS, frame(2, 5, tags=[c_tag(20)], n=5))
v.rx(ge(2), 6 * MS, frame(1, 3, tags=[c_tag(10)], n=6))
v.tx(ge(0), 6 * MS, frame(1, 3, n=6))

# Data VLAN tagged, priority-tagged, and a third VLAN.
v.rx(ge(0), 7 * MS, frame(3, 1, tags=[c_tag(10, pcp=2)], n=7))
v.tx(ge(2), 7 * MS, frame(3, 1, tags=[c_tag(10, pcp=2)], n=7))
v.rx(ge(0), 8 * MS, frame(3, 1, tags=[c_tag(0, pcp=6)], n=8))
v.tx(ge(2), 8 * MS, frame(3, 1, tags=[c_tag(10, pcp=6)], n=8))
v.rx(ge(0), 9 * MS, frame(3, 1, tags=[c_tag(30)], n=9))
v.drop(ge(0), "INGRESS_VLAN_FILTER")

v.mac("data", 10, 1, "ge-0/0/0.0")
v.mac("data", 10, 3, "ge-0/0/2.0")
v.mac("voice", 20, 2, "ge-0/0/0.0")
v.mac("voice", 20, 4, "ge-0/0/2.0")
v.mac("voice", 20, 5, "ge-0/0/1.0")
v.write()
