# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, c_tag, frame, ge

v = Vector()
members = (0, 1, 2, 4, 6)
for i, n in enumerate(members):
    t = (1 + i) * MS
    data = v.rx(ge(n), t, frame(BROADCAST, n + 1))
    v.flood([ge(k) for k in members if k != n], t, data)
    v.mac("v10", 10, n + 1, "ge-0/0/%d.0" % n)
for n in (3, 5, 7):
    v.rx(ge(n), (10 + n) * MS, frame(BROADCAST, 50))
    v.drop(ge(n), "VLAN_TAG_NOT_ALLOWED")
v.rx(ge(6), 20 * MS, frame(BROADCAST, 7, tags=[c_tag(20)]))
v.drop(ge(6), "FDB_MC_DISCARD")
v.mac("v20", 20, 7, "ge-0/0/6.0")
v.write()
