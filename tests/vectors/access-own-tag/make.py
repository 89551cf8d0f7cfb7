# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, c_tag, frame, ge

v = Vector()
v.rx(ge(0), 1 * MS, frame(BROADCAST, 1, tags=[c_tag(10, pcp=4, dei=1)]))
v.tx(ge(1), 1 * MS, frame(BROADCAST, 1))
v.tx(ge(2), 1 * MS, frame(BROADCAST, 1, tags=[c_tag(10, pcp=4, dei=1)]))

# An answer leaves untagged, however the question came.
v.rx(ge(1), 2 * MS, frame(1, 2))
v.tx(ge(0), 2 * MS, frame(1, 2))

v.rx(ge(0), 3 * MS, frame(2, 1, tags=[c_tag(11, pcp=4)]))
v.drop(ge(0), "INGRESS_VLAN_FILTER")

v.mac("v10", 10, 1, "ge-0/0/0.0")
v.mac("v10", 10, 2, "ge-0/0/1.0")
v.write()
