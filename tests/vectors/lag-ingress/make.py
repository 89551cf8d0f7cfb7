# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, c_tag, frame, ge

v = Vector()
# Host 1 sends on every member; nothing goes back to the LAG.
for n in (1, 2, 3):
    v.flood(ge(0, 5), n * MS, v.rx(ge(n), n * MS, frame(BROADCAST, 1, n=n)))
# Another host behind the LAG; unicast within the LAG is filtered.
v.rx(ge(3), 4 * MS, frame(1, 2))
v.drop(ge(3), "LOOPBACK_FILTER")
v.rx(ge(1), 5 * MS, frame(2, 1))
v.drop(ge(1), "LOOPBACK_FILTER")
# Members are checked one by one: tag and length on the one that received.
v.rx(ge(2), 6 * MS, frame(BROADCAST, 1, tags=[c_tag(20)]))
v.drop(ge(2), "INGRESS_VLAN_FILTER")
v.rx(ge(2), 7 * MS, frame(BROADCAST, 1, 1515))
v.drop(ge(2), "EXCEEDS_L2_MTU")
# Two ordinary ports go on beside it.
v.rx(ge(1), 8 * MS, frame(55, 1, n=8))
v.flood(ge(0, 5), 8 * MS, frame(55, 1, n=8))

v.mac("v10", 10, 1, "ae0.0")
v.mac("v10", 10, 2, "ae0.0")
v.count("fdb", "learned", value=2)
v.count("fdb", "moved", value=0)
v.write()
