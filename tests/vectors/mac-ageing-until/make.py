# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, S, Vector, frame, ge

v = Vector()
v.tx(ge(1), 1 * MS, v.rx(ge(0), 1 * MS, frame(BROADCAST, 1)))
v.tx(ge(1), 99 * S, v.rx(ge(0), 99 * S, frame(BROADCAST, 2)))
v.tx(ge(0), 450 * S, v.rx(ge(1), 450 * S, frame(BROADCAST, 3)))

v.mac("v10", 10, 3, "ge-0/0/1.0")
v.count("fdb", "aged", value=2)
v.write()
