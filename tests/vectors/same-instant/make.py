# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, frame, ge

v = Vector()
everyone = ge(0, 1, 2, 3, 10)


def others(port):
    return [other for other in everyone if other != port]


# Copies with one stamp leave in port order: 2 before 10.
for n in (3, 1):
    v.flood(others(ge(n)), 1 * MS, v.rx(ge(n), 1 * MS, frame(BROADCAST, n)))

# All at one instant, not in port order in the file. Port 10 speaks first: everyone hears it
# first. Learning goes by the same order: the frame of port 2 finds host 10 known, and that of
# port 10 found host 2 unknown.
t = 2 * MS
v.flood(others(ge(10)), t, v.rx(ge(10), t, frame(2, 10, n=1)))
v.tx(ge(10), t, v.rx(ge(2), t, frame(10, 2, n=2)))
v.flood(others(ge(0)), t, v.rx(ge(0), t, frame(BROADCAST, 20, n=3)))
v.tx(ge(2), t, v.rx(ge(10), t, frame(2, 10, n=4)))

# One departure after the other at one time on different ports, made by different arrivals.
t = 3 * MS
v.tx(ge(10), t, v.rx(ge(1), t, frame(10, 1, 64, n=5)))
v.tx(ge(3), t, v.rx(ge(1), t, frame(3, 1, 64, n=6)))
v.tx(ge(1), t, v.rx(ge(3), t, frame(1, 3, 64, n=7)))

for n in (1, 2, 3, 10):
    v.mac("v10", 10, n, "ge-0/0/%d.0" % n)
v.mac("v10", 10, 20, "ge-0/0/0.0")
v.write()
