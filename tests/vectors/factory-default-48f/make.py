# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, frame, ge

v = Vector("ex4400-48f")
gigabit = [ge(n) for n in range(36)]
ten = ["xe-0/0/%d" % n for n in range(36, 48)]

v.flood(gigabit + ten[1:], 1 * MS, v.rx(ten[0], 1 * MS, frame(BROADCAST, 1, 1514)))
v.flood(gigabit[:35] + ten, 2 * MS, v.rx(gigabit[35], 2 * MS, frame(BROADCAST, 2, 64)))
v.tx(ten[0], 3 * MS, v.rx(ten[11], 3 * MS, frame(1, 3, 500)))

v.mac("default", 1, 1, "xe-0/0/36.0")
v.mac("default", 1, 2, "ge-0/0/35.0")
v.mac("default", 1, 3, "xe-0/0/47.0")
v.write()
