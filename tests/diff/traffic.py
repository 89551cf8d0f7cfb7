# SPDX-License-Identifier: BSD-3-Clause
"""Random frames, operations and pauses for a configuration: statements of diff.c."""
import struct

import config
from switch import LAG0, NONE, UNLIMITED, pack

US, MS, SEC = 10 ** 6, 10 ** 9, 10 ** 12

# Beginnings of what protocols of the switch itself say, from the type or length on.
PUNT_BODIES = [bytes.fromhex(text) for text in (
    "0027424203", "0027424300", "0026e0e003", "0040aaaa030000000800", "880901", "880902", "880903", "88090a",
    "880905", "8809", "888e02", "88cc0207", "88f702", "88f500", "88080001", "88b5")]


def internet_checksum_free(rng, kind):
    """The beginning of what follows the type field: headers that a parser may trip over."""
    a, b = rng.choice([1, 2, 3]), rng.choice([1, 2, 3])
    ports = struct.pack(">HH", rng.choice([80, 443, 1000]), rng.choice([53, 2000, 2001]))
    proto = rng.choice([6, 17, 1, 2, 47])
    if kind == 0x0800:
        words = rng.choice([5, 5, 5, 6, 15, 4])
        flags = rng.choice([0, 0, 0x4000, 0x2000, 0x00B9, 0x20B9])
        total = words * 4 + rng.choice([20, 28, 8, 8, 7, 4, 0])
        total = rng.choice([total, total, total, total, 0, 9000])
        header = struct.pack(">BBHHHBBH4B4B", (rng.choice([4, 4, 4, 4, 6]) << 4) | words, 0, total,
                             1, flags, 64, proto, 0, 10, 0, 0, a, 10, 0, 1, b)
        return header + bytes(max(0, words * 4 - 20)) + ports + bytes(16)
    chain = rng.choice([[], [], [0], [60, 43], [44], [51], [0, 44]])
    body, kinds = b"", [*chain, rng.choice([6, 17, 58])]
    for this, after in zip(kinds, kinds[1:]):
        size = rng.choice([0, 0, 1, 12]) if this != 44 else 0
        more = rng.choice([0, 1, 0x10]) if this == 44 else 0
        length = (size + 1) * 8 if this != 51 else (size + 2) * 4
        body += (bytes([after, size]) + struct.pack(">H", more)).ljust(length, b"\0")
    body += ports + bytes(16)
    plen = rng.choice([len(body)] * 5 + [0, 4, 2000])
    return (struct.pack(">IHBB", rng.choice([6, 6, 6, 4]) << 28, plen, kinds[0], 64) +
            bytes(15) + bytes([a]) + bytes(15) + bytes([b]) + body)


class Traffic:
    """Random events for a configuration."""

    def __init__(self, rng, configuration):
        self.rng, self.c = rng, configuration
        self.o = config.Config(configuration.lines)
        self.index = self.o.index
        self.now = rng.choice([0, 0, 1, 5 * MS, 999_999_999, 123_456_789_000])
        self.events = []
        self.used = self.busy_ports()
        self.vids = [v.vid for v in self.o.tables.vlans.values()] or [1]
        self.macs = [0x020000000001 + i for i in range(rng.randint(3, 14))]
        self.macs += getattr(configuration, "statics", [])
        self.home = {}
        ages = [v.age for v in self.o.tables.vlans.values()]
        self.age = min(ages) if ages else 300
        self.total = 0  # bytes
        for _ in range(rng.choice([20, 60, 60, 150])):
            self.event()
        if self.rng.random() < 0.04:
            self.flood_queue()
        for text in ("drain\n", "take\n", "dump\n"):
            self.events.append(text)
        self.add_gap(2 * max(ages or [300]) + 1)
        self.events += [f"adv {self.now}\n", "take\n", "dump\n", "end\n"]

    def busy_ports(self):
        names = [p.name for p in self.c.mine]
        for members in self.c.lags.values():
            names += [p.name for p in members]
        ports = [self.index[n] for n in names]
        return ports or [0, 1, 2]

    def event(self):
        kind = self.rng.random()
        if kind < 0.70:
            self.frames()
        elif kind < 0.87:
            self.pause()
        elif kind < 0.955:
            self.operations()
        elif kind < 0.97:
            self.events.append(f"adv {self.now}\n")
        elif kind < 0.985:
            self.events.append("take\n")
        else:
            self.events.append("dump\n")

    def add_gap(self, seconds):
        self.now += int(seconds * SEC)

    def pause(self):
        rng = self.rng
        kind = rng.random()
        if kind < 0.3:
            self.now += rng.choice([1, 1000, 672_000, 5 * US, 12_304_000])
        elif kind < 0.5:
            self.now += rng.randint(1, 3 * MS)
        elif kind < 0.65:
            self.now = (self.now // MS + 1) * MS - rng.choice([0, 0, 1, 1000])
        elif kind < 0.8:
            self.now += rng.randint(1, 900) * MS
        elif kind < 0.97:
            self.add_gap(self.age * rng.choice([0.1, 0.3, 0.5, 0.9, 1.0, 1.1, 1.5, 2.0, 2.2]))
        else:
            self.now = max(0, self.now - rng.choice([1, 1000, MS, SEC]))
        if rng.random() < 0.1:
            self.events.append(f"adv {self.now}\n")

    def frames(self):
        rng = self.rng
        port = rng.choice(self.used)
        if rng.random() < 0.02:
            port = rng.randrange(len(self.o.ports))
        for _ in range(rng.choice([1, 1, 1, 2, 3, 10])):
            n = rng.choice([1, 1, 1, 1, 1, 2, 30])
            self.frame(port, n)
            if rng.random() < 0.5:
                self.now += rng.choice([0, 1, 672_000, 1_000_000, 8_000])

    def frame(self, port, n):
        rng = self.rng
        head = self.addresses(port) + self.tags(port)
        length = self.length()
        kind = rng.choice([0x0800, 0x0800, 0x86DD, 0x0806, 0x88CC, 0x9000, 46, 0x8100, "snap"])
        if kind in (0x0800, 0x86DD):
            body = kind.to_bytes(2, "big") + internet_checksum_free(rng, kind)
            if rng.random() < 0.1:
                inner = rng.choice([0x0800, 0x86DD])
                body = (b"\x01\x00\xaa\xaa\x03\0\0\0" + inner.to_bytes(2, "big") +
                        internet_checksum_free(rng, inner))
        elif kind == "snap":
            body = b"\x00\x40\xaa\xaa\x03\0\0\0\x08\x00" + internet_checksum_free(rng, 0x0800)
        else:
            body = kind.to_bytes(2, "big")
        if head.startswith(b"\x01\x80\xc2\0\0") and head[5] < 16 and rng.random() < 0.8:
            body = rng.choice(PUNT_BODIES).ljust(max(0, length - len(head)), b"\0")
        data = (head + body)[:length]
        captured = length
        if rng.random() < 0.02 and length > 1:
            captured = rng.randint(1, length - 1)
        self.rx(port, length, captured, n, data[:captured])

    def rx(self, port, length, captured, n, data):
        self.total += n * length
        if self.total > 20_000_000:
            n = 1
        self.events.append(f"rx {port} {self.now} {length} {captured} {n} {data.hex() or '00'}\n"
                           if data else "")
        if not data:
            self.events.pop()

    def addresses(self, port):
        rng = self.rng
        kind = rng.random()
        if kind < 0.25:
            dst = 0xFFFFFFFFFFFF
        elif kind < 0.8:
            dst = rng.choice(self.macs)
        elif kind < 0.87:
            dst = rng.choice([0x01005E000001, 0x333300000001, 0x0180C2000010, 0x01000CCCCCCC])
        elif kind < 0.9:
            dst = 0x0180C2000000 + rng.randrange(16)
        elif kind < 0.92:
            dst = 0x02EE44000000 + rng.randrange(4)
        elif kind < 0.94:
            dst = 0
        else:
            dst = 0x020000009000 + rng.randrange(1000)
        return dst.to_bytes(6, "big") + self.source(port).to_bytes(6, "big")

    def source(self, port):
        rng = self.rng
        kind = rng.random()
        if kind < 0.02:
            return rng.choice([0, 0x010000000001, 0xFFFFFFFFFFFF, 0x02EE44000000,
                               0x02EE44000000 + len(self.o.ports) - 1,
                               0x02EE44000000 + len(self.o.ports)])
        if kind < 0.08:
            return 0x020000001000 + rng.randrange(100)
        if kind < 0.2:
            return rng.choice(self.macs)
        mine = [m for m in self.macs if self.home.setdefault(m, rng.choice(self.used)) == port]
        return rng.choice(mine or self.macs)

    def tags(self, port):
        rng = self.rng

        def tag(tpid, vid):
            return struct.pack(">HH", tpid, rng.randrange(16) << 12 | vid)

        def some_vid():
            return rng.choice([*self.vids, *self.vids, 0, 4095, 77])

        lport = self.o.tables.lag_of(port)
        lport = port if lport is None else LAG0 + lport
        member = [v.vid for v in self.o.tables.vlans.values() if lport in v.sets[0]]
        trunk = lport in self.o.trunks
        kind = rng.random()
        if kind < (0.15 if trunk else 0.75):
            return b""
        if kind < 0.88 and member:
            return tag(0x8100, rng.choice(member))
        if kind < 0.9:
            return tag(0x8100, some_vid())
        if kind < 0.92:
            return tag(0x88A8, some_vid())
        if kind < 0.95:
            return tag(0x8100, rng.choice(member or [1])) + tag(0x8100, some_vid())
        if kind < 0.97:
            return (tag(0x8100, rng.choice(member or [1])) + tag(0x8100, some_vid()) +
                    tag(rng.choice([0x8100, 0x88A8]), 5))
        if kind < 0.985:
            return tag(0x88A8, some_vid()) + tag(0x8100, some_vid())
        return tag(0x8100, 0)

    def length(self):
        rng = self.rng
        kind = rng.random()
        if kind < 0.5:
            return 60
        if kind < 0.6:
            return rng.randint(14, 59)
        if kind < 0.61:
            return rng.randint(1, 13)
        if kind < 0.75:
            return rng.randint(60, 600)
        if kind < 0.95:
            mtu = rng.choice([p.mtu for p in self.o.tables.ports])
            return mtu + rng.choice([-4, -1, 0, 1, 3, 4, 5, 8, 9, 12])
        if kind < 0.98:
            return rng.choice([508, 512, 513, 516, 255, 256, 257, 2044, 2048, 2049, 2052])
        return rng.choice([9213, 9216, 9224, 9230, 9234, 9235, 9300, 20000])

    def flood_queue(self):
        """More than the queue of a slow port holds."""
        slow = min(self.used, key=lambda p: self.o.tables.ports[p].mbps)
        for port in self.used:
            mtu = self.o.tables.ports[port].mtu
            if port != slow:
                for vid in (None, *self.vids[:2]):
                    tag = b"" if vid is None else struct.pack(">HH", 0x8100, vid)
                    data = b"\xff" * 6 + (0x020000000777).to_bytes(6, "big") + tag + b"\x90\x00"
                    length = mtu + len(tag)
                    n = 4_300_000 // length if mtu >= 1500 else 17000
                    self.events.append(f"rx {port} {self.now} {length} {length} "
                                       f"{n // len(self.used) + 1} {data.hex()}\n")

    # ---- operations ----

    def operations(self):
        rng = self.rng
        ops = [self.operation() for _ in range(rng.choice([1, 1, 1, 2, 3]))]
        self.events.append("op " + " ".join(op.hex() for op in ops) + "\n")

    def lport(self):
        rng = self.rng
        if rng.random() < 0.04:
            return rng.choice([127, 128, 200, 255, 256, NONE])
        return rng.choice([*self.used, *(LAG0 + int(n[2:]) for n in self.c.lags)])

    def bd(self):
        rng = self.rng
        if rng.random() < 0.06:
            return rng.choice([0, 7, 4095, 4096, NONE])
        return rng.choice(list(self.o.tables.vlans) or [1])

    def operation(self):
        rng = self.rng
        name = rng.choice(["port"] * 4 + ["port_up"] * 2 + ["mac_set"] * 4 + ["mac_del"] * 2 +
                          ["mac_flush"] * 3 + ["stp"] * 3 + ["vlan_ports"] * 3 + ["lport"] * 2 +
                          ["vlan", "vlan", "switch", "lag", "lag_del", "member_add",
                           "member_del", "vlan_del", "vlan_port_limit"])
        op = getattr(self, "make_" + name)()
        if rng.random() < 0.05:
            op = bytearray(op)
            op[rng.choice([0, 1, *range(8, 64)])] ^= 1 << rng.randrange(8)
            op = bytes(op)
        return op

    def make_port(self):
        rng = self.rng
        port = rng.choice(self.used)
        p = self.o.tables.ports[port]
        kbps = rng.choice([0, 0, p.storm_kbps, 100, 5000])
        kbps = min(kbps, p.mbps * 1000)
        classes = rng.choice([15, 11, 1, 31, 27]) if kbps else 0
        speed = rng.choice([p.mbps] * 4 + [10, 100, 1000, 10000])
        kbps = min(kbps, speed * 1000)
        return pack("port", port, rng.choice([1514, 256, 9216, p.mtu]), rng.choice([0, 1, 1]),
                    speed, rng.choice([0, 0, 1, 2]), classes, 0, kbps)

    def make_port_up(self):
        return pack("port_up", self.rng.choice(self.used), 0, 0, 0, 0, 0, 0, 0)

    def address(self):
        return self.rng.choice(self.macs).to_bytes(6, "big")

    def make_mac_set(self):
        return pack("mac_set", self.bd(), self.lport(), self.address(),
                    self.rng.choice([1, 1, 1, 2, 2, 0, 3]), 0)

    def make_mac_del(self):
        return pack("mac_del", self.bd(), 0, self.address(), 0, 0)

    def make_mac_flush(self):
        rng = self.rng
        return pack("mac_flush", rng.choice([NONE, self.lport()]), rng.choice([NONE, self.bd()]),
                    rng.choice([0, 0, 1]))

    def make_stp(self):
        rng = self.rng
        instance = rng.choice([0] * 12 + [1, 511, 512])
        return pack("stp", instance, self.lport(), rng.choice([0, 1, 2, 2, 2]), b"\0\0\0")

    def make_vlan_ports(self):
        rng = self.rng
        ports = {self.lport() for _ in range(rng.randint(0, 5))}
        words = [sum(1 << p % 64 for p in ports if p // 64 == w) for w in range(4)]
        return pack("vlan_ports", self.bd(), rng.choice([0, 0, 1, 1, 2, 3]), 0, *words)

    def make_lport(self):
        rng = self.rng
        return pack("lport", self.lport(), rng.choice([NONE, self.bd(), self.bd()]),
                    rng.choice([0, 0, 1, 2]), rng.choice([UNLIMITED, UNLIMITED, 0, 1, 3]),
                    rng.randrange(5), b"\0\0\0")

    def make_vlan(self):
        rng = self.rng
        bd = self.bd()
        v = self.o.tables.vlans.get(bd)
        vid = v.vid if v else rng.choice([4000, 4000, 5])
        fid = v.fid if v else bd
        return pack("vlan", bd, rng.choice([vid, vid, vid, 1, 4001]), rng.choice([fid, fid, bd]),
                    rng.choice([0, 0, 0, 1]), rng.choice([0, 0, 1, 2, 2]),
                    rng.choice([10, 10, v.age if v else 300, 60, 1000]),
                    rng.choice([UNLIMITED, UNLIMITED, 0, 2]), rng.randrange(5), b"\0\0\0")

    def make_vlan_del(self):
        return pack("vlan_del", self.bd(), 0, 0, 0, 0, 0, 0, 0, b"\0\0\0")

    def make_vlan_port_limit(self):
        rng = self.rng
        return pack("vlan_port_limit", self.bd(), self.lport(),
                    rng.choice([UNLIMITED, 0, 1, 2]), rng.randrange(5), b"\0\0\0")

    def make_switch(self):
        rng = self.rng
        return pack("switch", rng.choice([UNLIMITED, UNLIMITED, 2, 5]), rng.randrange(5), b"\0\0\0")

    def lag_number(self):
        rng = self.rng
        return rng.choice([*(int(n[2:]) for n in self.c.lags), 0, 5, 128])

    def make_lag(self):
        rng = self.rng
        return pack("lag", self.lag_number(), rng.choice([1, 1, 1, 2, 3]), rng.choice([1, 1, 0]))

    def make_lag_del(self):
        return pack("lag_del", self.lag_number(), 0, 0)

    def make_member_add(self):
        return pack("member_add", self.lag_number(), self.rng.choice(self.used))

    def make_member_del(self):
        return pack("member_del", self.lag_number(), self.rng.choice(self.used))
