# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, c_tag, frame, ge

v = Vector()
link, promiscuous = ge(0), ge(3)


def tagged(port, t, dst, src, vid, pcp=0):
    v.tx(port, t, frame(dst, src, tags=[c_tag(vid, pcp)]))


# Out over the link: the tag of the secondary that the frame belongs to.
v.rx(ge(1), 1 * MS, frame(BROADCAST, 1))
tagged(link, 1 * MS, BROADCAST, 1, 101)
tagged(promiscuous, 1 * MS, BROADCAST, 1, 100)
v.rx(ge(2), 2 * MS, frame(BROADCAST, 2))
tagged(link, 2 * MS, BROADCAST, 2, 102)
tagged(promiscuous, 2 * MS, BROADCAST, 2, 100)
v.tx(ge(4), 2 * MS, frame(BROADCAST, 2))
v.rx(promiscuous, 3 * MS, frame(BROADCAST, 3, tags=[c_tag(100, 6)]))
tagged(link, 3 * MS, BROADCAST, 3, 100, 6)
v.flood(ge(1, 2, 4), 3 * MS, frame(BROADCAST, 3))

# In from the link: the tag says what it is. Host 20 is promiscuous there, 21 isolated, 22 in c1.
v.rx(link, 4 * MS, frame(BROADCAST, 20, tags=[c_tag(100, 4)]))
v.flood(ge(1, 2, 4), 4 * MS, frame(BROADCAST, 20))
tagged(promiscuous, 4 * MS, BROADCAST, 20, 100, 4)
v.rx(link, 5 * MS, frame(BROADCAST, 21, tags=[c_tag(101, 5)]))
tagged(promiscuous, 5 * MS, BROADCAST, 21, 100, 5)
v.rx(link, 6 * MS, frame(BROADCAST, 22, tags=[c_tag(102)]))
v.flood(ge(2, 4), 6 * MS, frame(BROADCAST, 22))
tagged(promiscuous, 6 * MS, BROADCAST, 22, 100)
v.rx(link, 7 * MS, frame(BROADCAST, 23, tags=[c_tag(200)]))
v.drop(link, "INGRESS_VLAN_FILTER")

# Known unicast over the link, both ways.
v.rx(ge(1), 8 * MS, frame(20, 1))
tagged(link, 8 * MS, 20, 1, 101)
v.rx(ge(2), 9 * MS, frame(20, 2))
tagged(link, 9 * MS, 20, 2, 102)
v.rx(ge(2), 10 * MS, frame(22, 2))
tagged(link, 10 * MS, 22, 2, 102)
v.rx(promiscuous, 11 * MS, frame(21, 3, tags=[c_tag(100)]))
tagged(link, 11 * MS, 21, 3, 100)
v.rx(link, 12 * MS, frame(1, 20, tags=[c_tag(100)]))
v.tx(ge(1), 12 * MS, frame(1, 20))
v.rx(link, 13 * MS, frame(2, 22, tags=[c_tag(102)]))
v.tx(ge(2), 13 * MS, frame(2, 22))
v.rx(link, 14 * MS, frame(3, 21, tags=[c_tag(101)]))
tagged(promiscuous, 14 * MS, 3, 21, 100)
# Isolated and community of the other switch to an isolated port of this one, and so on.
for i, (dst, src, vid) in enumerate(((1, 21, 101), (1, 22, 102), (2, 21, 101))):
    v.rx(link, (15 + i) * MS, frame(dst, src, tags=[c_tag(vid)]))
    v.drop(link, "PVLAN_ISOLATION")
v.write()
