# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, frame, ge

v = Vector()
for n in range(20):
    v.flood(ge(1, 2), (1 + n) * MS, v.rx(ge(0), (1 + n) * MS, frame(BROADCAST, n + 1)))
    v.mac("v10", 10, n + 1, "ge-0/0/0.0")
# One more: forwarded, not learned.
v.tx(ge(0), 30 * MS, v.rx(ge(1), 30 * MS, frame(1, 100)))
v.flood(ge(1, 2), 31 * MS, v.rx(ge(0), 31 * MS, frame(100, 1)))
v.count("fdb", "learned", value=20)
v.write()
