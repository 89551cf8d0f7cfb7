# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, frame, ge

v = Vector(module="em-4s")
v.tx("xe-0/2/0", 1 * MS, v.rx(ge(0), 1 * MS, frame(BROADCAST, 1)))

# Arrivals at 10 Gb/s line rate: (length + 24) bytes at 0.8 ns apart, whole ns for these lengths.
t = 2 * MS
for i in range(120):
    length = (76, 576, 1511, 61)[i % 4]
    assert (length + 24) % 5 == 0
    t += (length + 24) * 4 // 5
    v.tx(ge(0), t, v.rx("xe-0/2/0", t, frame(1, 2, length, n=i)))

v.mac("v10", 10, 1, "ge-0/0/0.0")
v.mac("v10", 10, 2, "xe-0/2/0.0")
v.count("drops", value={})
v.write()
