# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, Vector, c_tag, frame, ge

v = Vector()
tag = [c_tag(10)]


def send(ms, length, n, copies):
    v.rx(ge(0), ms * MS, frame(BROADCAST, 1, length, n=n))
    for port in copies:
        v.tx(port, ms * MS, frame(BROADCAST, 1, length, tag if port == ge(3) else (), n=n))


send(1, 1000, 1, ge(1, 2, 3))
send(2, 1001, 2, ge(1, 2))
send(3, 1514, 3, ge(1, 2))
send(4, 1515, 4, [ge(1)])
send(5, 9216, 5, [ge(1)])
# Port 2 takes up to 1514 bytes, port 3 up to 1000.
v.drop(ge(2), "EXCEEDS_EGRESS_MTU", 2)
v.drop(ge(3), "EXCEEDS_EGRESS_MTU", 4)

# Unicast to a port whose MTU is too small, and back.
v.rx(ge(2), 6 * MS, frame(1, 2, n=6))
v.tx(ge(0), 6 * MS, frame(1, 2, n=6))
v.tx(ge(2), 7 * MS, v.rx(ge(0), 7 * MS, frame(2, 1, 1514, n=7)))
v.rx(ge(0), 8 * MS, frame(2, 1, 1515, n=8))
v.drop(ge(2), "EXCEEDS_EGRESS_MTU")

v.mac("v10", 10, 1, "ge-0/0/0.0")
v.mac("v10", 10, 2, "ge-0/0/2.0")
v.write()
