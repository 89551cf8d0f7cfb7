# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, c_tag, frame, ge

v = Vector()
t = 0


def wrong(port, reason, data, original=None):
    global t
    t += MS
    v.rx(port, t, data, original)
    v.drop(port, reason)


ZERO, OWN = "00:00:00:00:00:00", "02:ee:44:00:00:00"
# The parser comes before the port.
wrong(ge(2), "RUNT", frame(BROADCAST, 1, 14)[:13])
wrong(ge(2), "TRUNCATED", frame(BROADCAST, 1, 100)[:90], 100)
wrong(ge(0), "TRUNCATED", frame(BROADCAST, ZERO, 3000)[:1000], 3000)
# Admin state before everything else of the port.
wrong(ge(2), "PORT_DOWN", frame(BROADCAST, 1, 3000))
wrong(ge(2), "PORT_DOWN", frame(BROADCAST, ZERO))
wrong(ge(2), "PORT_DOWN", frame(BROADCAST, 1, tags=[c_tag(20)]))
# Size before source address, source address before VLAN.
wrong(ge(0), "EXCEEDS_L2_MTU", frame(BROADCAST, ZERO, 1515))
wrong(ge(0), "EXCEEDS_L2_MTU", frame(BROADCAST, 1, 1515, [c_tag(20)]))
wrong(ge(0), "SMAC_MULTICAST", frame(BROADCAST, BROADCAST, tags=[c_tag(20)]))
wrong(ge(0), "SMAC_ZERO", frame(BROADCAST, ZERO, tags=[c_tag(20)]))
wrong(ge(0), "SMAC_OWN", frame(BROADCAST, OWN, tags=[c_tag(20)]))
# VLAN before fdb.
wrong(ge(0), "INGRESS_VLAN_FILTER", frame(BROADCAST, 7, tags=[c_tag(20)]))
# Learning before the look-up: the source is refused first, wherever the destination is.
t += MS
v.tx(ge(1), t, v.rx(ge(0), t, frame(BROADCAST, 1)))
wrong(ge(0), "MAC_LIMIT", frame(1, 2))
wrong(ge(0), "FDB_STATIC_MOVE", frame(1, 7))
wrong(ge(0), "LOOPBACK_FILTER", frame(1, 1))

v.mac("v10", 10, 1, "ge-0/0/0.0")
v.mac("v10", 10, 7, "ge-0/0/1.0", "static")
v.write()
