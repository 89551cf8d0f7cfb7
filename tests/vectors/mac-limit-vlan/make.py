# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, c_tag, frame, ge

v = Vector()
# 16 hosts of VLAN 10 on two ports.
for n in range(16):
    data = v.rx(ge(n % 2), (1 + n) * MS, frame(BROADCAST, n + 1, tags=[c_tag(10)]))
    v.tx(ge(1 - n % 2), (1 + n) * MS, data)
    v.mac("v10", 10, n + 1, "ge-0/0/%d.0" % (n % 2))
# One more, on either port.
for n in range(2):
    v.rx(ge(n), (20 + n) * MS, frame(BROADCAST, 17 + n, tags=[c_tag(10)]))
    v.drop(ge(n), "MAC_LIMIT")
# VLAN 20 has no limit.
for n in range(20):
    data = v.rx(ge(0), (30 + n) * MS, frame(BROADCAST, n + 1, tags=[c_tag(20)]))
    v.tx(ge(1), (30 + n) * MS, data)
    v.mac("v20", 20, n + 1, "ge-0/0/0.0")
# Known hosts go on.
v.tx(ge(0), 60 * MS, v.rx(ge(1), 60 * MS, frame(1, 2, tags=[c_tag(10)])))
v.write()
