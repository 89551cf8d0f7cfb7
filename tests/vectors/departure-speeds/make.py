# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, frame, ge

v = Vector(module="em-4s", speeds={ge(1): 100, ge(3): 10})
others = [ge(0), ge(1), ge(3), "et-0/1/0", "xe-0/2/3"]

for i, length in enumerate((60, 64, 1514)):
    v.flood(others, (10 * i + 1) * MS, v.rx(ge(2), (10 * i + 1) * MS, frame(BROADCAST, 1, length)))
# Three back to back on every line.
for i in range(3):
    v.flood(others, 50 * MS, v.rx(ge(2), 50 * MS, frame(BROADCAST, 1, 300, n=i)))

v.mac("v10", 10, 1, "ge-0/0/2.0")
v.write()
