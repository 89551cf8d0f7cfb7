# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, frame, ge

v = Vector()
MULTICAST, UNKNOWN = "01:00:5e:01:01:01", 77


def storm(port, t, n, passed, dst):
    others = ge(1, 2) if port == ge(0) else ge(0, 2)
    for i in range(n):
        data = v.rx(port, t, frame(dst, 1 if port == ge(0) else 2, 60, n=i))
        if i < passed:
            v.flood(others, t, data)
    if n > passed:
        v.drop(port, "STORM_CONTROL", n - passed)


# 512 kbit/s: 10 frames of 64 bytes in 10 ms. Exempted classes take nothing from the bucket.
storm(ge(0), 20 * MS, 30, 30, BROADCAST)
storm(ge(0), 20 * MS, 30, 30, UNKNOWN)
storm(ge(0), 20 * MS, 15, 10, MULTICAST)
storm(ge(0), 20 * MS, 5, 5, BROADCAST)

storm(ge(1), 60 * MS, 30, 30, MULTICAST)
storm(ge(1), 60 * MS, 6, 6, BROADCAST)
storm(ge(1), 60 * MS, 7, 4, UNKNOWN)
storm(ge(1), 60 * MS, 3, 0, BROADCAST)
storm(ge(1), 60 * MS, 3, 3, MULTICAST)
v.write()
