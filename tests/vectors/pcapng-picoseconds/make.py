# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, Vector, Writer, frame, ge

SECOND = 1000000  # January 1970: picoseconds since then must fit into 64 bits

v = Vector(second=SECOND)
file = Writer()
file.section()
file.interface(ge(0), 12)
file.interface(ge(1), 0x80 | 40)

# Stamps finer than a nanosecond, each alone on its line: 60 bytes take 576 ns sharp.
for n, ps in enumerate((1, 999, 1000, 1500, 2999)):
    t = 10**9 * (n + 1) + ps
    data = frame(BROADCAST, 1, 60, n=n)
    file.packet(0, SECOND * 10**12 + t, data)
    v.rx_ps(ge(0), t, data)
    v.tx_ps(ge(1), t // 1000 * 1000, data)

# 2 ** -40 s is 0.909... ps.
for n, ticks in enumerate((2**39, 2**39 + 2**38 + 12345)):
    t = ticks * 10**12 // 2**40
    data = frame(BROADCAST, 2, 60, n=10 + n)
    file.packet(1, SECOND * 2**40 + ticks, data)
    v.rx_ps(ge(1), t, data)
    v.tx_ps(ge(0), t // 1000 * 1000, data)
v.write(bytes(file.out))
