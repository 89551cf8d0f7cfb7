# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, c_tag, frame, ge, s_tag

v = Vector()
one, two = [c_tag(10)], [c_tag(10), c_tag(30)]
three = [c_tag(10), c_tag(30), c_tag(40)]

# Port 1 is known, so that no copy meets another port's MTU.
v.rx(ge(1), 1 * MS, frame(BROADCAST, 1))
v.flood(ge(0, 3), 1 * MS, frame(BROADCAST, 1))
v.tx(ge(2), 1 * MS, frame(BROADCAST, 1, tags=one))

# Untagged: 1514 passes, 1515 does not.
v.tx(ge(1), 2 * MS, v.rx(ge(0), 2 * MS, frame(1, 2, 1514)))
v.rx(ge(0), 3 * MS, frame(1, 3, 1515))
v.drop(ge(0), "EXCEEDS_L2_MTU")
# One tag, two tags: not counted, whatever their type.
v.rx(ge(2), 4 * MS, frame(1, 4, 1514, one))
v.tx(ge(1), 4 * MS, frame(1, 4, 1514))
v.rx(ge(2), 5 * MS, frame(1, 5, 1515, one))
v.rx(ge(2), 6 * MS, frame(1, 4, 1514, two))
v.tx(ge(1), 6 * MS, frame(1, 4, 1514, two[1:]))
v.rx(ge(2), 7 * MS, frame(1, 5, 1515, two))
v.drop(ge(2), "EXCEEDS_L2_MTU", 2)
service = [s_tag(7), c_tag(8)]
v.tx(ge(1), 8 * MS, v.rx(ge(0), 8 * MS, frame(1, 2, 1514, service)))
v.rx(ge(0), 9 * MS, frame(1, 3, 1515, service))
v.drop(ge(0), "EXCEEDS_L2_MTU")
# A third tag counts.
v.rx(ge(2), 10 * MS, frame(1, 4, 1510, three))
v.tx(ge(1), 10 * MS, frame(1, 4, 1510, three[1:]))
v.rx(ge(2), 11 * MS, frame(1, 5, 1511, three))
v.drop(ge(2), "EXCEEDS_L2_MTU")
# A small MTU.
v.tx(ge(1), 12 * MS, v.rx(ge(3), 12 * MS, frame(1, 6, 600)))
v.rx(ge(3), 13 * MS, frame(1, 7, 601))
v.drop(ge(3), "EXCEEDS_L2_MTU")

v.mac("v10", 10, 1, "ge-0/0/1.0")
v.mac("v10", 10, 2, "ge-0/0/0.0")
v.mac("v10", 10, 4, "ge-0/0/2.0")
v.mac("v10", 10, 6, "ge-0/0/3.0")
v.write()
