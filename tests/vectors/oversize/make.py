# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, c_tag, frame, ge

v = Vector()
for i, length in enumerate((9217, 9230, 10241, 16384, 65535)):
    v.rx(ge(1), (1 + i) * MS, frame(BROADCAST, 1, length))
    v.drop(ge(1), "EXCEEDS_L2_MTU")
v.rx(ge(0), 6 * MS, frame(BROADCAST, 2, 65527, [c_tag(10), c_tag(11)]))
v.drop(ge(0), "EXCEEDS_L2_MTU")
v.tx(ge(2), 7 * MS, v.rx(ge(1), 7 * MS, frame(BROADCAST, 3, 9216)))
v.drop(ge(0), "EXCEEDS_EGRESS_MTU")

v.mac("v10", 10, 3, "ge-0/0/1.0")
v.write()
