# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, c_tag, frame, ge

v = Vector()
for i, vid in enumerate((10, 20)):
    t = (1 + 10 * i) * MS
    tag = [c_tag(vid)]
    v.flood(ge(1, 2), t, v.rx(ge(0), t, frame(BROADCAST, 1, tags=tag)))
    t += MS
    data = v.rx(ge(1), t, frame(1, 2, tags=tag))
    v.flood(ge(0, 2) if vid == 10 else [ge(0)], t, data)
    t += MS
    data = v.rx(ge(0), t, frame(2, 1, tags=tag))
    v.flood(ge(1, 2) if vid == 10 else [ge(1)], t, data)

v.mac("v20", 20, 1, "ge-0/0/0.0")
v.mac("v20", 20, 2, "ge-0/0/1.0")
v.write()
