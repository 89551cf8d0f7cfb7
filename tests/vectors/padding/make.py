# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, c_tag, frame, ge

v = Vector()

for i, length in enumerate((14, 15, 30, 42, 55, 56, 57, 59, 60, 61)):
    t = (1 + i) * MS
    v.rx(ge(0), t, frame(BROADCAST, 1, length, n=i))
    v.tx(ge(1), t, frame(BROADCAST, 1, length, n=i))
    v.tx(ge(2), t, frame(BROADCAST, 1, length, [c_tag(10)], n=i))

# The tag goes, and what remains is padded.
for i, length in enumerate((14, 42, 56, 59, 60)):
    t = (21 + i) * MS
    v.rx(ge(2), t, frame(BROADCAST, 2, length, [c_tag(10)], n=i))
    v.flood(ge(0, 1), t, frame(BROADCAST, 2, length, n=i))

v.mac("v10", 10, 1, "ge-0/0/0.0")
v.mac("v10", 10, 2, "ge-0/0/2.0")
v.write()
