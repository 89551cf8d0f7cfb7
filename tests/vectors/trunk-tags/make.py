# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, c_tag, frame, ge

v = Vector()

# Access to trunk: a tag with the VLAN and priority 0 is put in.
v.rx(ge(0), 1 * MS, frame(BROADCAST, 1, n=1))
v.flood(ge(2, 3), 1 * MS, frame(BROADCAST, 1, tags=[c_tag(10)], n=1))
v.rx(ge(1), 2 * MS, frame(BROADCAST, 2, n=2))
v.tx(ge(2), 2 * MS, frame(BROADCAST, 2, tags=[c_tag(20)], n=2))

# Trunk to access: the tag is taken off. Trunk to trunk: PCP and DEI stay.
v.rx(ge(2), 3 * MS, frame(BROADCAST, 3, tags=[c_tag(10, pcp=5, dei=1)], n=3))
v.tx(ge(0), 3 * MS, frame(BROADCAST, 3, n=3))
v.tx(ge(3), 3 * MS, frame(BROADCAST, 3, tags=[c_tag(10, pcp=5, dei=1)], n=3))
v.rx(ge(2), 4 * MS, frame(BROADCAST, 4, tags=[c_tag(20, pcp=7)], n=4))
v.tx(ge(1), 4 * MS, frame(BROADCAST, 4, n=4))

# The same for learned addresses.
v.rx(ge(0), 5 * MS, frame(3, 1, n=5))
v.tx(ge(2), 5 * MS, frame(3, 1, tags=[c_tag(10)], n=5))
v.rx(ge(3), 6 * MS, frame(1, 5, tags=[c_tag(10, pcp=2)], n=6))
v.tx(ge(0), 6 * MS, frame(1, 5, n=6))
v.rx(ge(3), 7 * MS, frame(3, 5, tags=[c_tag(10, pcp=3, dei=1)], n=7))
v.tx(ge(2), 7 * MS, frame(3, 5, tags=[c_tag(10, pcp=3, dei=1)], n=7))

v.mac("v10", 10, 1, "ge-0/0/0.0")
v.mac("v10", 10, 3, "ge-0/0/2.0")
v.mac("v10", 10, 5, "ge-0/0/3.0")
v.mac("v20", 20, 2, "ge-0/0/1.0")
v.mac("v20", 20, 4, "ge-0/0/2.0")
v.write()
