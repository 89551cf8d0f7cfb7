# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, frame

v = Vector("ex4400-24mp", "em-1c")
ports = ["mge-0/0/%d" % n for n in range(24)]

v.flood(ports[:7] + ports[8:], 1 * MS, v.rx(ports[7], 1 * MS, frame(BROADCAST, 1, 1000)))
v.tx(ports[7], 2 * MS, v.rx(ports[23], 2 * MS, frame(1, 2)))
# The module's port is not an access port.
v.rx("et-0/2/0", 3 * MS, frame(BROADCAST, 3))
v.drop("et-0/2/0", "VLAN_TAG_NOT_ALLOWED")

v.mac("default", 1, 1, "mge-0/0/7.0")
v.mac("default", 1, 2, "mge-0/0/23.0")
v.write()
