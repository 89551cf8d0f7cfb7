# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, S, US, Vector, frame, ge

v = Vector()
v.flood(ge(0, 2), 1 * MS, v.rx(ge(1), 1 * MS, frame(BROADCAST, 2)))

# The bucket holds 10 frames of 64 bytes. The eleventh trips the port.
t = 20 * MS + 300 * US
for i in range(14):
    data = v.rx(ge(0), t, frame(BROADCAST, 1, 60, n=i))
    if i < 10:
        v.flood(ge(1, 2), t, data)
v.drop(ge(0), "STORM_CONTROL", 4)
# Until the tick at 21 ms it still works, both ways.
t = 20 * MS + 600 * US
v.tx(ge(1), t, v.rx(ge(0), t, frame(2, 1)))
t = 20 * MS + 700 * US
v.flood(ge(0, 2), t, v.rx(ge(1), t, frame(BROADCAST, 2)))
# Then it is down, for known unicast too.
v.rx(ge(0), 21 * MS + 100 * US, frame(2, 1))
v.rx(ge(0), 500 * MS, frame(BROADCAST, 1))
v.rx(ge(0), 10 * S, frame(BROADCAST, 1))
v.drop(ge(0), "PORT_DOWN", 3)
v.tx(ge(2), 10 * S + MS, v.rx(ge(1), 10 * S + MS, frame(BROADCAST, 2)))
# recovery-timeout 10: up again 10 s after it went down.
v.flood(ge(1, 2), 11 * S, v.rx(ge(0), 11 * S, frame(BROADCAST, 1)))
v.flood(ge(0, 2), 12 * S, v.rx(ge(1), 12 * S, frame(BROADCAST, 2)))
v.write()
