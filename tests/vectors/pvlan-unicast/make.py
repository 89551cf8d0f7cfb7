# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, c_tag, frame, ge

v = Vector()
primary = [c_tag(100)]
t = 0

# Everybody says something: host n sits on port n, host 9 behind the trunk.
for n, community in ((1, []), (2, []), (3, [ge(4)]), (4, [ge(3)]), (5, [])):
    t += MS
    v.rx(ge(n), t, frame(BROADCAST, n))
    v.tx(ge(0), t, frame(BROADCAST, n, tags=primary))
    v.flood(community, t, frame(BROADCAST, n))
t += MS
v.rx(ge(0), t, frame(BROADCAST, 9, tags=primary))
v.flood(ge(1, 2, 3, 4, 5), t, frame(BROADCAST, 9))

# Each to the trunk and back: what is learned in one VLAN of the private VLAN is known in all.
for n in (1, 2, 3, 4, 5):
    t += MS
    v.rx(ge(n), t, frame(9, n))
    v.tx(ge(0), t, frame(9, n, tags=primary))
    t += MS
    v.rx(ge(0), t, frame(n, 9, tags=[c_tag(100, pcp=2)]))
    v.tx(ge(n), t, frame(n, 9))

# Within a community.
for a, b in ((3, 4), (4, 3)):
    t += MS
    v.tx(ge(b), t, v.rx(ge(a), t, frame(b, a)))

# Isolated to isolated, isolated to community and back, community to community.
for a, b in ((1, 2), (2, 1), (1, 3), (3, 1), (2, 5), (5, 2), (3, 5), (5, 4)):
    t += MS
    v.rx(ge(a), t, frame(b, a))
    v.drop(ge(a), "PVLAN_ISOLATION")
v.write()
