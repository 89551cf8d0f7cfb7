# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, US, Vector, frame, ge

CELLS, PORTS = 32 * 1024 * 1024 // 256, 24
slow = ge(*range(PORTS))
v = Vector(speeds={port: 10 for port in slow}, until=1)

# Broadcast at one instant, one cell a copy: 5,461 frames find room on all 24 ports.
t = 999 * MS
whole, rest = divmod(CELLS, PORTS)
for i in range(whole + 3):
    data = v.rx("et-0/1/0", t, frame(BROADCAST, 1, 14 + i % 8, n=i))
    # Copies are made in port order: the next frame fills the memory, the others find it full.
    fits = PORTS if i < whole else rest if i == whole else 0
    v.flood(slow[:fits], t, data)
    for port in slow[fits:]:
        v.drop(port, "BUFFER_FULL")

# 57.6 us later each port has sent one frame, and one more fits.
v.flood(slow, t + 60 * US, v.rx("et-0/1/0", t + 60 * US, frame(BROADCAST, 1, 200)))
v.write()
