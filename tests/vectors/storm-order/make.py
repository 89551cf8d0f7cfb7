# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, c_tag, frame, ge

v = Vector()
# The bucket holds 10 frames of 64 bytes. What is dropped before storm control takes nothing.
t = 20 * MS
v.tx(ge(1), t, v.rx(ge(0), t, frame(BROADCAST, 1, 60)))
for i in range(20):
    v.rx(ge(0), t, frame(BROADCAST, 2, 60, n=i))
    v.rx(ge(0), t, frame(BROADCAST, 7, 60, n=i))
    v.rx(ge(0), t, frame(BROADCAST, 1, 60, [c_tag(20)], n=i))
    v.rx(ge(0), t, frame(BROADCAST, BROADCAST, 60, n=i))
    v.rx(ge(0), t, frame("01:80:c2:00:00:0e", 1, 60, n=i))
    v.rx(ge(0), t, frame(1, 1, 60, n=i))
v.drop(ge(0), "MAC_LIMIT", 20)
v.drop(ge(0), "FDB_STATIC_MOVE", 20)
v.drop(ge(0), "INGRESS_VLAN_FILTER", 20)
v.drop(ge(0), "SMAC_MULTICAST", 20)
v.punt(ge(0), 20)
v.drop(ge(0), "LOOPBACK_FILTER", 20)
# Known unicast takes nothing either. Then nine more, and the eleventh finds it empty.
for i in range(20):
    v.tx(ge(1), t, v.rx(ge(0), t, frame(7, 1, 60, n=i)))
for i in range(9):
    v.tx(ge(1), t, v.rx(ge(0), t, frame(BROADCAST, 1, 60, n=i)))
v.rx(ge(0), t, frame(BROADCAST, 1, 60))
v.drop(ge(0), "STORM_CONTROL")
# A source is learned although storm control drops the frame: fdb comes first. Host 1 moves to
# port 1 and back.
v.tx(ge(0), t, v.rx(ge(1), t, frame(1, 8)))
v.rx(ge(1), t, frame(8, 1))
v.drop(ge(1), "LOOPBACK_FILTER")
v.rx(ge(0), t, frame(BROADCAST, 1, 60))
v.drop(ge(0), "STORM_CONTROL")
v.tx(ge(0), t, v.rx(ge(1), t, frame(1, 8)))

v.mac("v10", 10, 1, "ge-0/0/0.0")
v.mac("v10", 10, 7, "ge-0/0/1.0", "static")
v.mac("v10", 10, 8, "ge-0/0/1.0")
v.count("fdb", "moved", value=2)
v.write()
