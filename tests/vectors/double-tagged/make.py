# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, c_tag, frame, ge

v = Vector()

# The outer tag decides; the inner one is payload.
both = [c_tag(10, pcp=2), c_tag(20, pcp=5, dei=1)]
v.rx(ge(1), 1 * MS, frame(BROADCAST, 1, tags=both, n=1))
v.tx(ge(0), 1 * MS, frame(BROADCAST, 1, tags=both[1:], n=1))
v.tx(ge(2), 1 * MS, frame(BROADCAST, 1, tags=both, n=1))

# Its own VLAN outside, on an access port.
both = [c_tag(10, pcp=1), c_tag(30)]
v.rx(ge(0), 2 * MS, frame(BROADCAST, 2, tags=both, n=2))
v.flood(ge(1, 2), 2 * MS, frame(BROADCAST, 2, tags=both, n=2))

# A priority tag outside: the VID becomes that of the access port.
v.rx(ge(0), 3 * MS, frame(BROADCAST, 2, tags=[c_tag(0, pcp=4), c_tag(20)], n=3))
v.flood(ge(1, 2), 3 * MS, frame(BROADCAST, 2, tags=[c_tag(10, pcp=4), c_tag(20)], n=3))

# Another VLAN outside and the port's own inside.
v.rx(ge(0), 4 * MS, frame(BROADCAST, 3, tags=[c_tag(20), c_tag(10)], n=4))
v.drop(ge(0), "INGRESS_VLAN_FILTER")

v.mac("v10", 10, 1, "ge-0/0/1.0")
v.mac("v10", 10, 2, "ge-0/0/0.0")
v.write()
