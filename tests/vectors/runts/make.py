# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, frame, ge

v = Vector()
for length in range(1, 14):
    v.rx(ge(0), length * MS, frame(BROADCAST, 1, 20)[:length])
    v.drop(ge(0), "RUNT")
for length in range(14, 20):
    data = v.rx(ge(0), length * MS, frame(BROADCAST, 2, length))
    v.tx(ge(1), length * MS, data)

v.mac("v10", 10, 2, "ge-0/0/0.0")
v.write()
