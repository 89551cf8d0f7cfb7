# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, frame, ge

v = Vector()
v.tx(ge(0), 1 * MS, v.rx(ge(1), 1 * MS, frame(BROADCAST, 1)))
v.tx(ge(0), 2 * MS, v.rx(ge(2), 2 * MS, frame(BROADCAST, 2)))
v.rx(ge(1), 3 * MS, frame(BROADCAST, 3))
v.drop(ge(1), "MAC_LIMIT")
v.rx(ge(2), 4 * MS, frame(BROADCAST, 3))
v.rx(ge(2), 5 * MS, frame(BROADCAST, 4))
v.drop(ge(2), "MAC_LIMIT", 2)
# Known addresses may use either member.
v.tx(ge(0), 6 * MS, v.rx(ge(2), 6 * MS, frame(BROADCAST, 1)))
v.tx(ge(0), 7 * MS, v.rx(ge(1), 7 * MS, frame(BROADCAST, 2)))

v.mac("v10", 10, 1, "ae2.0")
v.mac("v10", 10, 2, "ae2.0")
v.write()
