# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, c_tag, frame, ge

v = Vector("ex4400-24t")
everyone = range(24)


def others(n):
    return [ge(k) for k in everyone if k != n]


v.flood(others(0), 1 * MS, v.rx(ge(0), 1 * MS, frame(BROADCAST, 1)))
v.tx(ge(0), 2 * MS, v.rx(ge(23), 2 * MS, frame(1, 2)))
# VLAN `default` has id 1, and an access port takes its own tag.
v.rx(ge(5), 3 * MS, frame(BROADCAST, 3, tags=[c_tag(1, pcp=3)]))
v.flood(others(5), 3 * MS, frame(BROADCAST, 3))
v.rx(ge(6), 4 * MS, frame(BROADCAST, 4, tags=[c_tag(10)]))
v.drop(ge(6), "INGRESS_VLAN_FILTER")
# The 100G pair is not an access port.
v.rx("et-0/1/0", 5 * MS, frame(BROADCAST, 5))
v.drop("et-0/1/0", "VLAN_TAG_NOT_ALLOWED")

v.mac("default", 1, 1, "ge-0/0/0.0")
v.mac("default", 1, 2, "ge-0/0/23.0")
v.mac("default", 1, 3, "ge-0/0/5.0")
v.write()
