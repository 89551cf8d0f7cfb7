# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, PS, US, Vector, frame, ge

v = Vector(speeds={ge(0): 10})
v.tx(ge(1), 1 * MS, v.rx(ge(0), 1 * MS, frame(BROADCAST, 1)))

# Eight frames of 57.6 us, with gaps of 9.6 us. The third is gone at 20.995 ms; the fourth
# could start at 21.0046 ms, after the tick at 21 ms.
t = 20 * MS + 803 * US
for i in range(8):
    data = v.rx(ge(1), t, frame(1, 2, 60, n=i))
    if i < 3:
        stamp = v.tx(ge(0), t, data)
assert stamp == (20 * MS + 995 * US) * PS
v.drop(ge(0), "QUEUE_PORT_DOWN", 5)

# Meanwhile port 0 goes over its rate of 10 frames in 10 ms.
t = 20 * MS + 900 * US
for i in range(12):
    data = v.rx(ge(0), t, frame(BROADCAST, 1, 60, n=i))
    if i < 10:
        v.tx(ge(1), t, data)
v.drop(ge(0), "STORM_CONTROL", 2)

# Later frames do not even get into the queue: a flood finds no port.
v.rx(ge(1), 30 * MS, frame(BROADCAST, 2))
v.drop(ge(1), "FDB_MC_DISCARD")
v.count("ports", ge(0), "queued", value=0)
v.write()
