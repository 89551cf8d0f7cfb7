# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, c_tag, frame, ge

v = Vector()
for i, vid in enumerate((2, 3, 63, 64, 65, 1023, 1024, 2047, 2048, 4093, 4094)):
    t = (1 + i) * MS
    v.tx(ge(1), t, v.rx(ge(0), t, frame(BROADCAST, 1, tags=[c_tag(vid)], n=i)))
    if vid == 4094:
        v.tx(ge(2), t, frame(BROADCAST, 1, n=i))
    v.mac("all-of-them-vlan-%04d" % vid, vid, 1, "ge-0/0/0.0")
v.rx(ge(2), 20 * MS, frame(1, 2))
v.tx(ge(0), 20 * MS, frame(1, 2, tags=[c_tag(4094)]))
v.mac("all-of-them-vlan-4094", 4094, 2, "ge-0/0/2.0")
v.rx(ge(0), 21 * MS, frame(BROADCAST, 3, tags=[c_tag(1)]))
v.rx(ge(0), 22 * MS, frame(BROADCAST, 3, tags=[c_tag(4095)]))
v.drop(ge(0), "INGRESS_VLAN_FILTER", 2)
v.write()
