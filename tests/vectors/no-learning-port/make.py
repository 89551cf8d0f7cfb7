# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, frame, ge

v = Vector()
v.flood(ge(1, 2), 1 * MS, v.rx(ge(0), 1 * MS, frame(BROADCAST, 1)))
v.flood(ge(0, 2), 2 * MS, v.rx(ge(1), 2 * MS, frame(1, 2)))
v.tx(ge(1), 3 * MS, v.rx(ge(0), 3 * MS, frame(2, 1)))
v.flood(ge(0, 1), 4 * MS, v.rx(ge(2), 4 * MS, frame(1, 3)))

v.mac("v10", 10, 2, "ge-0/0/1.0")
v.mac("v10", 10, 3, "ge-0/0/2.0")
v.count("fdb", "learned", value=2)
v.write()
