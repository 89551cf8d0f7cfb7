# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, S, US, Vector, frame, ge

v = Vector()
v.flood(ge(1, 2, 3), 1 * MS, v.rx(ge(0), 1 * MS, frame(BROADCAST, 1)))
v.flood(ge(0, 1, 2), 1 * MS + 500 * US, v.rx(ge(3), 1 * MS + 500 * US, frame(BROADCAST, 2)))

# One address too many on ports 0 and 3: dropped at once, down from the next tick (3 ms).
v.rx(ge(0), 2 * MS + 300 * US, frame(BROADCAST, 11))
v.drop(ge(0), "MAC_LIMIT")
v.rx(ge(3), 2 * MS + 400 * US, frame(BROADCAST, 12))
v.drop(ge(3), "MAC_LIMIT")
# Before the tick both ports still work, both ways.
t = 2 * MS + 600 * US
v.flood(ge(1, 2, 3), t, v.rx(ge(0), t, frame(BROADCAST, 1)))
t = 2 * MS + 800 * US
v.flood(ge(0, 2, 3), t, v.rx(ge(1), t, frame(BROADCAST, 4)))
# After it neither does.
v.rx(ge(0), 3 * MS + 100 * US, frame(BROADCAST, 1))
v.drop(ge(0), "PORT_DOWN")
v.rx(ge(3), 3 * MS + 200 * US, frame(BROADCAST, 2))
v.drop(ge(3), "PORT_DOWN")
v.tx(ge(2), 4 * MS, v.rx(ge(1), 4 * MS, frame(BROADCAST, 4)))

# Port 0 has a recovery-timeout of 10 s.
v.rx(ge(0), 9 * S, frame(BROADCAST, 1))
v.drop(ge(0), "PORT_DOWN")
v.flood(ge(1, 2), 11 * S, v.rx(ge(0), 11 * S, frame(BROADCAST, 1)))
v.flood(ge(0, 2), 12 * S, v.rx(ge(1), 12 * S, frame(BROADCAST, 4)))
# Port 3 has none and stays down.
v.rx(ge(3), 13 * S, frame(BROADCAST, 2))
v.drop(ge(3), "PORT_DOWN")
v.write()
