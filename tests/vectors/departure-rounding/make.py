# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, frame, ge

v = Vector(module="em-4y", speeds={"et-0/1/1": 40000})
others = ["et-0/1/0", "et-0/1/1", "et-0/2/0"]

# 64 bytes: 6,080 ps at 100 Gb/s, 15,200 ps at 40 Gb/s, 24,320 ps at 25 Gb/s.
first = {port: v.tx(port, 1 * MS, frame(BROADCAST, 1, 64)) for port in others}
assert [s - MS * 1000 for s in first.values()] == [6080, 15200, 24320]
v.rx(ge(0), 1 * MS, frame(BROADCAST, 1, 64))

# Ten at one instant: fractions of a nanosecond add up on each line.
for i in range(10):
    data = v.rx(ge(0), 2 * MS, frame(BROADCAST, 1, 61 + 3 * i, n=i))
    v.flood(others, 2 * MS, data)
v.write()
