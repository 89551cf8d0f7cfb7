# SPDX-License-Identifier: BSD-3-Clause
from vexvec import MS, Vector, c_tag, frame, ge

v = Vector()
for n in range(16):
    v.rx(ge(0), (1 + n) * MS, frame("01:80:c2:00:00:%02x" % n, 1))
v.punt(ge(0), 16 + 1)
# Before any look at tags: a VLAN that is not the port's, no tag on a trunk.
v.rx(ge(0), 20 * MS, frame("01:80:c2:00:00:0e", 1, tags=[c_tag(99)]))
v.rx(ge(2), 21 * MS, frame("01:80:c2:00:00:00", 2))
v.rx(ge(2), 22 * MS, frame("01:80:c2:00:00:02", 2, tags=[c_tag(10)]))
v.punt(ge(2), 2)
# Down is down.
v.rx(ge(3), 23 * MS, frame("01:80:c2:00:00:00", 3))
v.drop(ge(3), "PORT_DOWN")
v.punt(ge(3), 0)

# Other groups of that range, and neighbours of it, are ordinary multicast.
for i, dst in enumerate(
    ("01:80:c2:00:00:10", "01:80:c2:00:00:20", "01:80:c2:00:01:00", "01:80:c1:ff:ff:ff")
):
    v.rx(ge(1), (30 + i) * MS, frame(dst, 4, n=i))
    v.tx(ge(0), (30 + i) * MS, frame(dst, 4, n=i))
    v.tx(ge(2), (30 + i) * MS, frame(dst, 4, tags=[c_tag(10)], n=i))

v.mac("v10", 10, 4, "ge-0/0/1.0")
v.write()
