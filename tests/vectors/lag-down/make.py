# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, frame, ge

v = Vector()
v.tx(ge(3), 1 * MS, v.rx(ge(0), 1 * MS, frame(BROADCAST, 1)))
# Known to be behind the LAG: no flood, and nowhere to go.
v.rx(ge(0), 2 * MS, frame(7, 1))
v.drop_unnamed()

v.mac("v10", 10, 1, "ge-0/0/0.0")
v.mac("v10", 10, 7, "ae0.0", "static")
v.write()
