# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, c_tag, frame, ge

v = Vector()
tag = [c_tag(10)]
v.rx(ge(0), 1 * MS, frame(BROADCAST, 1))
v.tx(ge(1), 1 * MS, frame(BROADCAST, 1))
v.tx(ge(2), 1 * MS, frame(BROADCAST, 1, tags=tag))
# Two stations on a hub behind port 0; the second is learned from this frame.
v.rx(ge(0), 2 * MS, frame(1, 2))
v.rx(ge(0), 3 * MS, frame(2, 1))
v.drop(ge(0), "LOOPBACK_FILTER", 2)
# To itself.
v.rx(ge(0), 4 * MS, frame(2, 2))
v.drop(ge(0), "LOOPBACK_FILTER")
# Both behind a trunk.
v.rx(ge(2), 5 * MS, frame(BROADCAST, 3, tags=tag))
v.flood(ge(0, 1), 5 * MS, frame(BROADCAST, 3))
v.rx(ge(2), 6 * MS, frame(3, 4, tags=tag))
v.drop(ge(2), "LOOPBACK_FILTER")
v.tx(ge(0), 7 * MS, v.rx(ge(1), 7 * MS, frame(2, 5)))

v.mac("v10", 10, 1, "ge-0/0/0.0")
v.mac("v10", 10, 2, "ge-0/0/0.0")
v.mac("v10", 10, 3, "ge-0/0/2.0")
v.mac("v10", 10, 4, "ge-0/0/2.0")
v.mac("v10", 10, 5, "ge-0/0/1.0")
v.write()
