# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, frame, ge

v = Vector(
    "ex4400-48f",
    "em-4y",
    speeds={ge(0): 100},
    replace={"xe-0/0/36": [(ge(36), 1000)], "et-0/2/1": [("xe-0/2/1", 10000)]},
)
ports = [ge(0), ge(36), "xe-0/0/47", "xe-0/2/1", "et-0/2/3"]
for i, port in enumerate(ports):
    t = (1 + i) * MS
    v.flood(ports[:i] + ports[i + 1 :], t, v.rx(port, t, frame(BROADCAST, 1 + i, 700, n=i)))
    v.mac("v10", 10, 1 + i, port + ".0")
v.write()
