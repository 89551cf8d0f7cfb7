# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, frame, ge

v = Vector("ex4400-48xp")
ports = [ge(n) for n in range(48)]

v.flood(ports[:47], 1 * MS, v.rx(ports[47], 1 * MS, frame(BROADCAST, 1, 333)))
v.tx(ports[47], 2 * MS, v.rx(ports[24], 2 * MS, frame(1, 2)))

v.mac("default", 1, 1, "ge-0/0/47.0")
v.mac("default", 1, 2, "ge-0/0/24.0")
v.write()
