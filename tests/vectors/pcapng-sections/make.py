# SPDX-License-Identifier: BSD-3-Clause
from vexvec import BROADCAST, MS, SECOND, Vector, Writer, frame, ge

v = Vector()
file = Writer()


def others(port):
    return [other for other in ge(0, 1, 2, 3) if other != port]


def packet(interface, port, t_ns, ticks, n, options=b""):
    """The same arrival for the file (in the interface's own ticks) and for the vector."""
    data = v.rx(port, t_ns, frame(BROADCAST, 10 + n, 60 + n, n=n))
    v.flood(others(port), t_ns, data)
    file.packet(interface, ticks, data, options=options)


# Little-endian, default resolution (microseconds) and milliseconds.
file.section("<", file.option(4, b"some program") + file.option(1, b"comment") + bytes(4))
file.interface(ge(0), None)
file.block(0x80000001, b"a local block")
file.interface(ge(1), 3)
packet(0, ge(0), 1 * MS, SECOND * 10**6 + 1000, 1)
packet(1, ge(1), 2 * MS, SECOND * 10**3 + 2, 2)
file.block(4, bytes(4))  # name resolution, empty
packet(0, ge(0), 2500000, SECOND * 10**6 + 2500, 3)

# Big-endian; other interfaces have the numbers now. 2 ** -10 s is 976,562.5 ns.
file.section(">")
file.interface(ge(2), 9, snaplen=65535)
file.interface(ge(1), 0x80 | 10, options=file.option(3, b"a description"))
packet(1, ge(1), 3906250, SECOND * 1024 + 4, 4)
packet(0, ge(2), 3906251, SECOND * 10**9 + 3906251, 5, file.option(1, b"comment") + bytes(4))
file.block(5, bytes(12))  # interface statistics
file.block(0x0BAD, bytes.fromhex("00007ed9") + b"a custom block of odd length.")
packet(1, ge(1), 5859375, SECOND * 1024 + 6, 6)

# Little-endian again: tenths of a nanosecond, and tenths of a second.
file.section("<")
file.interface(ge(3), 10)
file.interface(ge(0), 1)
packet(0, ge(3), 6 * MS, SECOND * 10**10 + 6 * 10**7, 7)
packet(1, ge(0), 100 * MS, SECOND * 10 + 1, 8)
# A section without packets, and one without anything.
file.section(">")
file.interface(ge(2), 6)
file.section("<")

for n, port in ((1, 0), (2, 1), (3, 0), (4, 1), (5, 2), (6, 1), (7, 3), (8, 0)):
    v.mac("v10", 10, 10 + n, "ge-0/0/%d.0" % port)
v.write(bytes(file.out))
