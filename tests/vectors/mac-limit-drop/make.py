# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, frame, ge

v = Vector()
v.flood(ge(1, 2), 1 * MS, v.rx(ge(0), 1 * MS, frame(BROADCAST, 1)))
v.flood(ge(1, 2), 2 * MS, v.rx(ge(0), 2 * MS, frame(BROADCAST, 2)))
# One more than the limit: neither learned nor forwarded, broadcast or unicast.
v.rx(ge(0), 3 * MS, frame(BROADCAST, 3))
v.flood(ge(0, 2), 4 * MS, v.rx(ge(1), 4 * MS, frame(BROADCAST, 4)))
v.rx(ge(0), 5 * MS, frame(4, 5))
v.drop(ge(0), "MAC_LIMIT", 2)
# Learned addresses go on, and frames for the third are unknown unicast.
v.tx(ge(1), 6 * MS, v.rx(ge(0), 6 * MS, frame(4, 1)))
v.tx(ge(0), 7 * MS, v.rx(ge(1), 7 * MS, frame(2, 4)))
v.flood(ge(0, 2), 8 * MS, v.rx(ge(1), 8 * MS, frame(3, 4)))
# Other ports have no limit.
for n in range(10, 20):
    v.flood(ge(0, 1), n * MS, v.rx(ge(2), n * MS, frame(BROADCAST, n)))

v.mac("v10", 10, 1, "ge-0/0/0.0")
v.mac("v10", 10, 2, "ge-0/0/0.0")
v.mac("v10", 10, 4, "ge-0/0/1.0")
for n in range(10, 20):
    v.mac("v10", 10, n, "ge-0/0/2.0")
v.write()
