# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, frame, ge

v = Vector()
whole = frame(BROADCAST, 1, 1000)
v.rx(ge(0), 1 * MS, whole[:60], original=1000)
v.rx(ge(0), 2 * MS, whole[:999], original=1000)
v.rx(ge(0), 3 * MS, whole[:14], original=15)
v.rx(ge(0), 4 * MS, whole[:1000], original=1500)
v.drop(ge(0), "TRUNCATED", 4)
v.tx(ge(1), 5 * MS, v.rx(ge(0), 5 * MS, frame(BROADCAST, 2, 1000)))

v.mac("v10", 10, 2, "ge-0/0/0.0")
v.write()
