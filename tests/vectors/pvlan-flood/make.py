# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, c_tag, frame, ge

v = Vector()
primary = [c_tag(100)]

# Isolated: only to the promiscuous port.
v.rx(ge(1), 1 * MS, frame(BROADCAST, 1))
v.tx(ge(0), 1 * MS, frame(BROADCAST, 1, tags=primary))
# Community: to itself and the promiscuous port.
v.rx(ge(3), 2 * MS, frame(BROADCAST, 3))
v.tx(ge(0), 2 * MS, frame(BROADCAST, 3, tags=primary))
v.tx(ge(4), 2 * MS, frame(BROADCAST, 3))
# A community with one port.
v.rx(ge(5), 3 * MS, frame(BROADCAST, 5))
v.tx(ge(0), 3 * MS, frame(BROADCAST, 5, tags=primary))
# Promiscuous: to all.
v.rx(ge(0), 4 * MS, frame(BROADCAST, 9, tags=[c_tag(100, pcp=5)]))
v.flood(ge(1, 2, 3, 4, 5), 4 * MS, frame(BROADCAST, 9))
# Unknown unicast and multicast go the same ways.
v.rx(ge(2), 5 * MS, frame(77, 2))
v.tx(ge(0), 5 * MS, frame(77, 2, tags=primary))
v.rx(ge(4), 6 * MS, frame("01:00:5e:01:02:03", 4))
v.tx(ge(0), 6 * MS, frame("01:00:5e:01:02:03", 4, tags=primary))
v.tx(ge(3), 6 * MS, frame("01:00:5e:01:02:03", 4))
v.rx(ge(0), 7 * MS, frame(78, 9, tags=primary))
v.flood(ge(1, 2, 3, 4, 5), 7 * MS, frame(78, 9))
# Another VLAN has no part in it.
v.rx(ge(6), 8 * MS, frame(BROADCAST, 6))
v.drop(ge(6), "FDB_MC_DISCARD")
v.write()
