# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, frame, ge

v = Vector()
v.flood(ge(1, 2), 1 * MS, v.rx(ge(0), 1 * MS, frame(BROADCAST, 1)))
v.flood(ge(1, 2), 2 * MS, v.rx(ge(0), 2 * MS, frame(BROADCAST, 2)))
v.tx(ge(0), 3 * MS, v.rx(ge(1), 3 * MS, frame(1, 3)))
v.flood(ge(0, 2), 4 * MS, v.rx(ge(1), 4 * MS, frame(2, 3)))
v.tx(ge(1), 5 * MS, v.rx(ge(0), 5 * MS, frame(3, 2)))

v.mac("v10", 10, 1, "ge-0/0/0.0")
v.mac("v10", 10, 3, "ge-0/0/1.0")
v.write()
