# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, frame, ge

v = Vector()
v.rx(ge(0), 1 * MS, frame(BROADCAST, "01:00:5e:00:00:01"))
v.rx(ge(0), 2 * MS, frame(BROADCAST, "03:00:00:00:00:01"))
v.rx(ge(0), 3 * MS, frame(BROADCAST, BROADCAST))
v.drop(ge(0), "SMAC_MULTICAST", 3)
v.rx(ge(0), 4 * MS, frame(BROADCAST, "00:00:00:00:00:00"))
v.drop(ge(0), "SMAC_ZERO")
# Its own address: base MAC + port number.
v.rx(ge(0), 5 * MS, frame(BROADCAST, "02:ee:44:00:00:00"))
v.drop(ge(0), "SMAC_OWN")
v.rx(ge(3), 6 * MS, frame(BROADCAST, "02:ee:44:00:00:03"))
v.drop(ge(3), "SMAC_OWN")
# Beside them.
v.flood(ge(1, 2, 3), 7 * MS, v.rx(ge(0), 7 * MS, frame(BROADCAST, "00:00:00:00:00:01")))
v.flood(ge(0, 1, 2), 8 * MS, v.rx(ge(3), 8 * MS, frame(BROADCAST, "02:ee:44:00:01:03")))
v.flood(ge(0, 2, 3), 9 * MS, v.rx(ge(1), 9 * MS, frame(BROADCAST, "02:ee:45:00:00:01")))

v.mac("v10", 10, "00:00:00:00:00:01", "ge-0/0/0.0")
v.mac("v10", 10, "02:ee:44:00:01:03", "ge-0/0/3.0")
v.mac("v10", 10, "02:ee:45:00:00:01", "ge-0/0/1.0")
v.write()
