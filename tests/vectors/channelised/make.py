# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, frame, ge

TEN = ["xe-0/1/0:%d" % n for n in range(4)]
QUARTER = ["et-0/1/1:%d" % n for n in range(4)]
v = Vector(
    replace={
        "et-0/1/0": [(port, 10000) for port in TEN],
        "et-0/1/1": [(port, 25000) for port in QUARTER],
    }
)
v.flood(TEN + QUARTER, 1 * MS, v.rx(ge(0), 1 * MS, frame(BROADCAST, 1, 1000)))
v.flood([ge(0)] + TEN[:2] + TEN[3:] + QUARTER, 2 * MS, v.rx(TEN[2], 2 * MS, frame(BROADCAST, 2)))
v.tx(TEN[2], 3 * MS, v.rx(QUARTER[3], 3 * MS, frame(2, 3)))
v.tx(QUARTER[3], 4 * MS, v.rx(TEN[0], 4 * MS, frame(3, 4)))

v.mac("v10", 10, 1, "ge-0/0/0.0")
v.mac("v10", 10, 2, "xe-0/1/0:2.0")
v.mac("v10", 10, 3, "et-0/1/1:3.0")
v.mac("v10", 10, 4, "xe-0/1/0:0.0")
v.write()
