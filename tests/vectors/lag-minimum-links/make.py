# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, frame, ge

v = Vector()
v.flood(ge(3, 5), 1 * MS, v.rx(ge(0), 1 * MS, frame(BROADCAST, 1)))
v.flood(ge(0, 5), 2 * MS, v.rx(ge(3), 2 * MS, frame(BROADCAST, 2)))
v.tx(ge(3), 3 * MS, v.rx(ge(5), 3 * MS, frame(2, 3)))

v.mac("v10", 10, 1, "ge-0/0/0.0")
v.mac("v10", 10, 2, "ae1.0")
v.mac("v10", 10, 3, "ge-0/0/5.0")
v.write()
