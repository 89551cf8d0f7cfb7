# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, frame, ge

v = Vector(module="em-4s", speeds={ge(1): 100})
ports = [ge(0), ge(1), "xe-0/2/0"]


def storm(port, t, n, passed, length):
    for i in range(n):
        data = v.rx(port, t, frame(BROADCAST, 1 + ports.index(port), length, n=i))
        if i < passed:
            v.flood([other for other in ports if other != port], t, data)
    v.drop(port, "STORM_CONTROL", n - passed)


# 1 % of 1 Gb/s: 100,000 bits in 10 ms; (121 + 4) * 8 = 1,000 bits a frame.
storm(ge(0), 20 * MS, 120, 100, 121)
# 1 % of 10 Gb/s: 1,000,000 bits; (1246 + 4) * 8 = 10,000 bits.
storm("xe-0/2/0", 200 * MS, 110, 100, 1246)
# 1 % of 100 Mb/s: 10,000 bits.
storm(ge(1), 400 * MS, 12, 10, 121)
# Port 1 gets 1 Mb/s: 10 ms later it has 10,000 bits again, 1 ms after that 1,000.
storm(ge(1), 410 * MS, 12, 10, 121)
storm(ge(1), 411 * MS, 2, 1, 121)

# No profile, no storm control.
for i in range(50):
    v.tx("et-0/1/1", 500 * MS, v.rx("et-0/1/0", 500 * MS, frame(BROADCAST, 9, 1000, n=i)))

for n, port in enumerate(ports):
    v.mac("v10", 10, 1 + n, port + ".0")
v.mac("v20", 20, 9, "et-0/1/0.0")
v.write()
