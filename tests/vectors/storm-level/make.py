# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, US, Vector, frame, ge

v = Vector()
RATE = 5120  # bits in a millisecond
SHORT = 512  # bits of a frame of up to 60 bytes: (60 + 4) * 8
assert 10 * RATE == 100 * SHORT

# Host 2 is on port 1, which has no storm control.
v.tx(ge(0), 1 * MS, v.rx(ge(1), 1 * MS, frame(BROADCAST, 2)))


def storm(t, n, passed, dst=BROADCAST, length=60):
    for i in range(n):
        data = v.rx(ge(0), t, frame(dst, 1, length, n=i))
        if i < passed:
            v.tx(ge(1), t, data)
    v.drop(ge(0), "STORM_CONTROL", n - passed)


# The bucket holds 100 frames; it has been full since 20 ms at the latest.
storm(20 * MS, 150, 100)
# Known unicast is not concerned.
v.tx(ge(1), 20 * MS + 10 * US, v.rx(ge(0), 20 * MS + 10 * US, frame(2, 1)))
# 1 ms brings 5,120 bits: 10 frames.
storm(21 * MS, 15, 10)
# 100 us bring one.
storm(21 * MS + 100 * US, 2, 1)
storm(21 * MS + 200 * US, 2, 1)
# Every class takes from the same bucket: 4 + 3 + 3 of 10.
t = 22 * MS + 200 * US
storm(t, 4, 4)
storm(t, 3, 3, "01:00:5e:01:01:01")
storm(t, 4, 3, 77)
# After 1 s it holds 100 again, not more. Short frames count as 64 bytes.
storm(1000 * MS, 120, 100, length=20)
# A frame counts with its length + 4: 1280 * 8 = 10,240 bits; 5 fit into 51,200.
storm(1100 * MS, 8, 5, length=1276)

v.mac("v10", 10, 1, "ge-0/0/0.0")
v.mac("v10", 10, 2, "ge-0/0/1.0")
v.write()
