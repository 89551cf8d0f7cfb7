# SPDX-License-Identifier: BSD-3-Clause
from vexvec import MS, US, Vector, ge

v = Vector()
LLDP = bytes.fromhex("0180c200000e 020000000001 88cc 0207".replace(" ", "")).ljust(60, b"\0")
LACP = bytes.fromhex("0180c2000002 020000000001 8809 0101".replace(" ", "")).ljust(60, b"\0")
BPDU = bytes.fromhex("0180c2000000 020000000001 0026 424203".replace(" ", "")).ljust(60, b"\0")
count = {"lldp": [0, 0], "lacp": [0, 0], "stp": [0, 0]}


def flood(t, n, passed, data, name):
    for _ in range(n):
        v.rx(ge(0), t, data)
    count[name][0] += n
    count[name][1] += n - passed


# lldp: 10 frames a second, 5 at once; a frame comes back in 100 ms.
flood(1 * MS, 8, 5, LLDP, "lldp")
# lacp has its own bucket, stp none.
flood(1 * MS, 4, 2, LACP, "lacp")
flood(1 * MS, 500, 500, BPDU, "stp")
flood(101 * MS - 1 * US, 1, 0, LLDP, "lldp")
flood(101 * MS, 2, 1, LLDP, "lldp")
# 250 ms bring two and a half.
flood(351 * MS, 4, 2, LLDP, "lldp")
flood(401 * MS, 2, 1, LLDP, "lldp")
flood(1001 * MS, 5, 2, LACP, "lacp")
# Full again, and no fuller.
flood(9000 * MS, 9, 5, LLDP, "lldp")
flood(9000 * MS, 9, 2, LACP, "lacp")

dropped = sum(one[1] for one in count.values())
v.drop(ge(0), "PUNT_POLICED", dropped)
v.punt(ge(0), sum(one[0] for one in count.values()) - dropped)
for protocol, (received, lost) in count.items():
    v.count("punt", protocol, "received", value=received)
    v.count("punt", protocol, "dropped", value=lost)
v.no_macs()
v.write()
