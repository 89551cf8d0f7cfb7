# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, frame

v = Vector("ex4400-48mp")
ports = ["mge-0/0/%d" % n for n in range(48)]

# 1514 bytes: 4,883.2 ns at 2.5 Gb/s (ports 0 to 35), 1,220.8 ns at 10 Gb/s (36 to 47).
v.flood(ports[1:], 1 * MS, v.rx(ports[0], 1 * MS, frame(BROADCAST, 1, 1514)))
v.flood(ports[:47], 2 * MS, v.rx(ports[47], 2 * MS, frame(BROADCAST, 2, 60)))
v.tx(ports[0], 3 * MS, v.rx(ports[1], 3 * MS, frame(1, 3, 999, n=1)))
v.tx(ports[0], 3 * MS, v.rx(ports[47], 3 * MS, frame(1, 2, 999, n=2)))

v.mac("default", 1, 1, "mge-0/0/0.0")
v.mac("default", 1, 2, "mge-0/0/47.0")
v.mac("default", 1, 3, "mge-0/0/1.0")
v.write()
