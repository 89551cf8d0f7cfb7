# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, S, Vector, frame, ge

v = Vector()
# Hosts 1 to 4 are learned at 5 ms; hosts 3 and 4 speak again after 8 s.
for n in (1, 2, 3, 4):
    v.flood(ge(1, 2), 5 * MS, v.rx(ge(0), 5 * MS, frame(BROADCAST, n)))
for n in (3, 4):
    v.flood(ge(1, 2), 8 * S, v.rx(ge(0), 8 * S, frame(BROADCAST, n)))

# Idle for T = 10 s: still known.
t = 5 * MS + 10 * S
v.tx(ge(0), t, v.rx(ge(1), t, frame(1, 9)))
t = 18 * S
v.tx(ge(0), t, v.rx(ge(1), t, frame(3, 9)))
# Idle for 2 T: gone, so flooded. (These two were no destination in between.)
t = 5 * MS + 20 * S
v.flood(ge(0, 2), t, v.rx(ge(1), t, frame(2, 9)))
t = 28 * S
v.flood(ge(0, 2), t, v.rx(ge(1), t, frame(4, 9)))

v.mac("v10", 10, 9, "ge-0/0/1.0")
v.write()
