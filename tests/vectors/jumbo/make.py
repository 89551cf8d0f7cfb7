# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, c_tag, frame, ge

v = Vector()
tag = [c_tag(10, pcp=4)]

for i, length in enumerate((2048, 4096, 9000, 9215, 9216)):
    v.rx(ge(0), (1 + i) * MS, frame(BROADCAST, 1, length, n=i))
    v.tx(ge(1), (1 + i) * MS, frame(BROADCAST, 1, length, n=i))
    v.tx("et-0/1/0", (1 + i) * MS, frame(BROADCAST, 1, length, [c_tag(10)], n=i))
v.rx(ge(0), 6 * MS, frame(BROADCAST, 2, 9217))
v.drop(ge(0), "EXCEEDS_L2_MTU")

# With tags the frame on the wire is longer than 9216.
v.rx("et-0/1/0", 7 * MS, frame(1, 3, 9216, tag))
v.tx(ge(0), 7 * MS, frame(1, 3, 9216))
v.rx("et-0/1/0", 8 * MS, frame(1, 3, 9216, tag + [c_tag(5)]))
v.tx(ge(0), 8 * MS, frame(1, 3, 9216, [c_tag(5)]))
v.rx("et-0/1/0", 9 * MS, frame(1, 4, 9217, tag))
v.drop("et-0/1/0", "EXCEEDS_L2_MTU")

v.mac("v10", 10, 1, "ge-0/0/0.0")
v.mac("v10", 10, 3, "et-0/1/0.0")
v.write()
