# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, frame

v = Vector("ex4400-24x")
ports = ["xe-0/0/%d" % n for n in range(24)]

v.flood(ports[1:], 1 * MS, v.rx(ports[0], 1 * MS, frame(BROADCAST, 1, 77)))
v.flood(ports[:23], 2 * MS, v.rx(ports[23], 2 * MS, frame(9, 2, 1500)))
v.tx(ports[0], 3 * MS, v.rx(ports[9], 3 * MS, frame(1, 3)))

v.mac("default", 1, 1, "xe-0/0/0.0")
v.mac("default", 1, 2, "xe-0/0/23.0")
v.mac("default", 1, 3, "xe-0/0/9.0")
v.write()
