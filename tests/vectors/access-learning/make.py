# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, frame, ge

v = Vector()

# Unknown sources are learned; broadcast goes to the other ports of the VLAN.
v.flood(ge(1, 2), 1 * MS, v.rx(ge(0), 1 * MS, frame(BROADCAST, 1, n=1)))
# A known destination gets the only copy.
v.tx(ge(0), 2 * MS, v.rx(ge(1), 2 * MS, frame(1, 2, n=2)))
v.tx(ge(1), 3 * MS, v.rx(ge(0), 3 * MS, frame(2, 1, n=3)))
# An unknown destination is flooded, and so is multicast.
v.flood(ge(1, 2), 4 * MS, v.rx(ge(0), 4 * MS, frame(9, 1, n=4)))
v.flood(ge(0, 2), 5 * MS, v.rx(ge(1), 5 * MS, frame("01:00:5e:01:01:01", 2, n=5)))
# The other VLAN neither gets these frames nor knows these addresses.
v.tx(ge(4), 6 * MS, v.rx(ge(3), 6 * MS, frame(BROADCAST, 3, n=6)))
v.tx(ge(4), 7 * MS, v.rx(ge(3), 7 * MS, frame(1, 3, n=7)))
# The same host in both VLANs has two entries.
v.tx(ge(3), 8 * MS, v.rx(ge(4), 8 * MS, frame(3, 1, n=8)))
v.tx(ge(4), 9 * MS, v.rx(ge(3), 9 * MS, frame(1, 3, n=9)))
v.tx(ge(0), 10 * MS, v.rx(ge(1), 10 * MS, frame(1, 2, n=10)))

v.mac("v10", 10, 1, "ge-0/0/0.0")
v.mac("v10", 10, 2, "ge-0/0/1.0")
v.mac("v20", 20, 1, "ge-0/0/4.0")
v.mac("v20", 20, 3, "ge-0/0/3.0")
v.count("fdb", "learned", value=4)
v.count("fdb", "moved", value=0)
v.write()
