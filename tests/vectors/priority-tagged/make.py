# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, c_tag, frame, ge

v = Vector()

v.rx(ge(0), 1 * MS, frame(BROADCAST, 1, tags=[c_tag(0, pcp=6, dei=1)], n=1))
v.tx(ge(1), 1 * MS, frame(BROADCAST, 1, tags=[c_tag(10, pcp=6, dei=1)], n=1))
v.flood(ge(2, 3), 1 * MS, frame(BROADCAST, 1, n=1))

v.rx(ge(2), 2 * MS, frame(BROADCAST, 2, tags=[c_tag(0, pcp=3)], n=2))
v.tx(ge(1), 2 * MS, frame(BROADCAST, 2, tags=[c_tag(10, pcp=3)], n=2))
v.flood(ge(0, 3), 2 * MS, frame(BROADCAST, 2, n=2))

v.rx(ge(1), 3 * MS, frame(BROADCAST, 3, tags=[c_tag(0, pcp=7)], n=3))
v.drop(ge(1), "VLAN_TAG_NOT_ALLOWED")

# 60 bytes with the priority tag become 56 without it, and are padded.
v.rx(ge(0), 4 * MS, frame(BROADCAST, 1, 56, [c_tag(0, pcp=1)], n=4))
v.tx(ge(1), 4 * MS, frame(BROADCAST, 1, 56, [c_tag(10, pcp=1)], n=4))
v.flood(ge(2, 3), 4 * MS, frame(BROADCAST, 1, 56, n=4))

v.mac("v10", 10, 1, "ge-0/0/0.0")
v.mac("v10", 10, 2, "ge-0/0/2.0")
v.write()
