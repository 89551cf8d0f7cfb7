# SPDX-License-Identifier: BSD-3-Clause
"""Helper of the vectors: time, padding, bookkeeping and the pcapng format.

A vector's make.py says which frame arrives where and when (`Vector.rx`), which port
sends which frame because of it (`Vector.tx`), and which frames end in a named drop
(`Vector.drop`).  This file adds only what is the same for every vector: the departure
formula, padding, the order of OUT, the sums of the counters, and the file format.
It knows nothing of VLANs, addresses or queues; it is no switch.

Rules that are built in (design.md section 4, "Rules of offline"):
- the clock counts picoseconds from the whole second of the first input packet;
- start = max(ready, line free); stamp = start + (8 + max(length, 60) + 4) * 8 / speed;
  line free = stamp + 96 bit times; the stamp is rounded down to ns when it is written;
- frames shorter than 60 bytes are padded with zeros on the way out;
- OUT has one interface for each port of the model, in port order; packets by (exact)
  time, then port, then order of transmission;
- rx_bytes counts the original length, tx_bytes the padded one, both without FCS.

Packets are built by scapy, which shares no code with the programs under test.
"""
import json
import os
import struct
import sys

from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Dot1AD, Dot1Q, Ether
from scapy.packet import Raw

PS = 1000  # picoseconds in a nanosecond
US = 1000  # nanoseconds in a microsecond
MS = 1000 * US
S = 1000 * MS
GBPS = 1000  # in Mb/s
SECOND = 1700000000  # the clock's zero, in Unix time
BROADCAST = "ff:ff:ff:ff:ff:ff"


# --- chassis ----------------------------------------------------------------------------


def _row(prefix, first, last, mbps):
    return [("%s-0/0/%d" % (prefix, n), mbps) for n in range(first, last + 1)]


_PIC0 = {
    "ex4400-24t": _row("ge", 0, 23, 1 * GBPS),
    "ex4400-24p": _row("ge", 0, 23, 1 * GBPS),
    "ex4400-48t": _row("ge", 0, 47, 1 * GBPS),
    "ex4400-48p": _row("ge", 0, 47, 1 * GBPS),
    "ex4400-48xp": _row("ge", 0, 47, 1 * GBPS),
    "ex4400-48f": _row("ge", 0, 35, 1 * GBPS) + _row("xe", 36, 47, 10 * GBPS),
    "ex4400-24mp": _row("mge", 0, 23, 10 * GBPS),
    "ex4400-48mp": _row("mge", 0, 35, 2500) + _row("mge", 36, 47, 10 * GBPS),
    "ex4400-48mxp": _row("mge", 0, 35, 2500) + _row("mge", 36, 47, 10 * GBPS),
    "ex4400-24x": _row("xe", 0, 23, 10 * GBPS),
}
_PIC1 = [("et-0/1/0", 100 * GBPS), ("et-0/1/1", 100 * GBPS)]
_PIC2 = {
    None: [],
    "em-4s": [("xe-0/2/%d" % n, 10 * GBPS) for n in range(4)],
    "em-4y": [("et-0/2/%d" % n, 25 * GBPS) for n in range(4)],
    "em-1c": [("et-0/2/0", 100 * GBPS)],
}


def ports_of(model, module=None):
    """The model's ports as (name, speed in Mb/s), in port order."""
    return _PIC0[model] + _PIC1 + _PIC2[module]


def ge(*numbers):
    """Names of gigabit ports of PIC 0: ge(1) is a name, ge(1, 2) a list."""
    names = ["ge-0/0/%d" % n for n in numbers]
    return names[0] if len(names) == 1 else names


# --- time -------------------------------------------------------------------------------


def wire_bytes(length):
    """Bytes between start and stamp: preamble and SFD, the padded frame, FCS."""
    return 8 + max(length, 60) + 4


def depart(ready, line_free, length, mbps):
    """Departure of one frame. Times in ps; returns (stamp, the new line free)."""
    bit = 1000000 // mbps
    assert bit * mbps == 1000000
    stamp = max(ready, line_free) + wire_bytes(length) * 8 * bit
    return stamp, stamp + 96 * bit


def pad(frame):
    """The frame as it leaves: at least 60 bytes, filled up with zeros."""
    return frame + bytes(60 - len(frame)) if len(frame) < 60 else frame


# --- frames -----------------------------------------------------------------------------


def host(n):
    """MAC address of host n, a locally administered unicast address."""
    return "02:00:00:00:%02x:%02x" % (n >> 8, n & 255)


def c_tag(vid, pcp=0, dei=0):
    """An 802.1Q customer tag (TPID 0x8100) for `frame(tags=...)`."""
    return (0x8100, pcp, dei, vid)


def s_tag(vid, pcp=0, dei=0):
    """An 802.1ad service tag (TPID 0x88a8) for `frame(tags=...)`."""
    return (0x88A8, pcp, dei, vid)


def frame(dst, src, length=100, tags=(), n=0):
    """An IPv4/UDP frame. `length` is that of the untagged frame without FCS, each tag adds
    4 bytes, `n` makes the payload differ. dst and src are MAC addresses or host numbers.
    Under 42 bytes there is no room for UDP: EtherType 0x88b5 (local experimental)."""
    dst = host(dst) if isinstance(dst, int) else dst
    src = host(src) if isinstance(src, int) else src
    tagged = Ether(dst=dst, src=src)
    for tpid, pcp, dei, vid in tags:
        dot = Dot1AD if tpid == 0x88A8 else Dot1Q
        tagged = tagged / dot(prio=pcp, id=dei, vlan=vid)
    if length < 42:
        text = (b"vector %04d" % n + bytes(24))[: length - 14]
        inner = Raw(struct.pack("!H", 0x88B5) + text)
        built = bytes(tagged)[:-2] + bytes(inner)
    else:
        text = b"vector %06d " % n
        body = (text * (length // len(text) + 1))[: length - 42]
        ip = IP(src="192.0.2.1", dst="198.51.100.1", id=n & 0xFFFF, ttl=64)
        built = bytes(tagged / ip / UDP(sport=5001, dport=5002) / Raw(body))
    assert len(built) == length + 4 * len(tags)
    return built


# --- pcapng -----------------------------------------------------------------------------

SHB, IDB, SPB, EPB = 0x0A0D0D0A, 1, 3, 6


class Writer:
    """Writes pcapng blocks. A new `section` may change the byte order."""

    def __init__(self, order="<"):
        self.out = bytearray()
        self.order = order

    def block(self, kind, body):
        body += bytes(-len(body) % 4)
        total = len(body) + 12
        self.out += struct.pack(self.order + "II", kind, total) + body
        self.out += struct.pack(self.order + "I", total)

    def option(self, code, value):
        return struct.pack(self.order + "HH", code, len(value)) + value + bytes(-len(value) % 4)

    def section(self, order=None, options=b""):
        self.order = order or self.order
        self.block(SHB, struct.pack(self.order + "IHHq", 0x1A2B3C4D, 1, 0, -1) + options)

    def interface(self, name, tsresol=9, snaplen=0, options=b""):
        """tsresol None leaves the option out, which means microseconds."""
        body = struct.pack(self.order + "HHI", 1, 0, snaplen) + self.option(2, name.encode())
        if tsresol is not None:
            body += self.option(9, bytes([tsresol]))
        self.block(IDB, body + options + self.option(0, b""))

    def packet(self, interface, ticks, data, original=None, options=b""):
        original = len(data) if original is None else original
        body = struct.pack(
            self.order + "IIIII", interface, ticks >> 32, ticks & 0xFFFFFFFF, len(data), original
        )
        self.block(EPB, body + data + bytes(-len(data) % 4) + options)


def read_pcapng(data):
    """Reads a pcapng file: ([interface name], [(name, time in ns, bytes, original length)]).
    Interfaces of all sections are put one after the other."""
    order, at, first = "<", 0, 0
    interfaces, packets = [], []
    while at < len(data):
        (kind,) = struct.unpack_from(order + "I", data, at)
        if kind == SHB:
            order = "<" if data[at + 8 : at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
            first = len(interfaces)
        (total,) = struct.unpack_from(order + "I", data, at + 4)
        if total < 12 or total % 4 or at + total > len(data):
            raise ValueError("pcapng: bad block length at offset %d" % at)
        if struct.unpack_from(order + "I", data, at + total - 4)[0] != total:
            raise ValueError("pcapng: block lengths differ at offset %d" % at)
        body = data[at + 8 : at + total - 4]
        if kind == IDB:
            options = dict(_options(body[8:], order))
            resol = options.get(9, b"\x06")[0]
            per_second = 2 ** (resol & 127) if resol & 128 else 10**resol
            interfaces.append((options.get(2, b"").decode(), per_second))
        elif kind == EPB:
            ifno, high, low, captured, original = struct.unpack_from(order + "IIIII", body)
            name, per_second = interfaces[first + ifno]
            ticks = (high << 32) + low
            frame_bytes = body[20 : 20 + captured]
            packets.append((name, ticks * S // per_second, frame_bytes, original))
        at += total
    return [name for name, _ in interfaces], packets


def _options(data, order):
    at = 0
    while at + 4 <= len(data):
        code, length = struct.unpack_from(order + "HH", data, at)
        if code == 0:
            return
        yield code, data[at + 4 : at + 4 + length]
        at += 4 + length + (-length % 4)


# --- a vector ---------------------------------------------------------------------------


class Vector:
    """What goes in, what comes out, and what is counted. Times are ns (or ps where the
    name says so) from the clock's zero, a whole second of Unix time."""

    def __init__(
        self,
        model="ex4400-24t",
        module=None,
        speeds=None,
        backwards=False,
        second=SECOND,
        until=None,
        replace=(),
    ):
        """speeds: {port: Mb/s} where the configuration sets another speed. backwards: input
        stamps may go backwards, which is a slip everywhere else. second: the clock's zero.
        until: what would leave later than so many seconds stays queued (--until in `args`).
        replace: {port: [(name, Mb/s)]}, what the configuration puts in a port's place."""
        self.backwards, self.second = backwards, second
        self.until = None if until is None else until * S * PS
        self.ports = []
        for name, mbps in ports_of(model, module):
            self.ports += dict(replace).get(name, [(name, mbps)])
        self.index = {name: n for n, (name, _) in enumerate(self.ports)}
        self.speed = dict(self.ports)
        self.speed.update(speeds or {})
        self.received, self.sent = [], []
        self.line_free = {name: 0 for name in self.index}
        self.last_ready = {name: 0 for name in self.index}
        self.queued = {}
        self.drops = {}
        self.drops_unassigned = {}
        self.extra = {}
        self.macs = None
        self.any_drops = False

    # input

    def rx(self, port, t_ns, data, original=None):
        """A frame whose last bit arrives at t_ns. original: its length on the wire, if the
        capture cut it. Returns the frame."""
        self.rx_ps(port, t_ns * PS, data, original)
        return data

    def rx_ps(self, port, t_ps, data, original=None):
        assert port in self.index
        assert self.backwards or not self.received or t_ps >= self.received[-1][1]
        self.received.append((port, t_ps, data, original or len(data)))
        return data

    # expectation

    def tx(self, port, ready_ns, data):
        """Expect: `data` is queued on `port` at ready_ns. Returns its stamp in ps. Calls for
        one port come in the order in which the port sends."""
        return self.tx_ps(port, ready_ns * PS, data)

    def tx_ps(self, port, ready_ps, data):
        assert ready_ps >= self.last_ready[port], "frames of one port come in order"
        self.last_ready[port] = ready_ps
        data = pad(data)
        stamp, self.line_free[port] = depart(
            ready_ps, self.line_free[port], len(data), self.speed[port]
        )
        if self.until is None or stamp < self.until:
            self.sent.append((stamp, self.index[port], len(self.sent), port, data))
        else:
            self.queued[port] = self.queued.get(port, 0) + 1
        return stamp

    def flood(self, ports, ready_ns, data):
        """Expect: every port of the list gets its own copy."""
        for port in ports:
            self.tx(port, ready_ns, data)

    def drop(self, port, reason, n=1):
        """Expect: n frames end at `port` with this reason. port None: the rules do not say
        which port is charged; only the sum is compared then."""
        if port is None:
            self.drops_unassigned[reason] = self.drops_unassigned.get(reason, 0) + n
        else:
            reasons = self.drops.setdefault(port, {})
            reasons[reason] = reasons.get(reason, 0) + n

    def drop_unnamed(self):
        """The rules name no reason for a drop of this vector: compare none."""
        self.any_drops = True

    def count(self, *path, value):
        """Expect one more value of the counters file, e.g. count("fdb", "moved", value=1)."""
        node = self.extra
        for key in path[:-1]:
            node = node.setdefault(key, {})
        node[path[-1]] = value

    def punt(self, port, n=1):
        """Expect: n frames of this port go to the control plane and nowhere else."""
        self.count("ports", port, "punted", value=n)

    def mac(self, vlan, vlan_id, address, port, kind="dynamic"):
        """Expect an entry in the MAC table at the end. Once called (or `no_macs`), the
        whole list is compared. vlan None: the rules do not say the VLAN."""
        address = host(address) if isinstance(address, int) else address
        entry = {"vlan": vlan, "vlan_id": vlan_id, "mac": address, "port": port, "type": kind}
        self.macs = (self.macs or []) + [{k: v for k, v in entry.items() if v is not None}]

    def no_macs(self):
        """Expect an empty MAC table at the end."""
        self.macs = []

    # files

    def input_bytes(self):
        writer = Writer()
        writer.section()
        numbers = {}
        for port, _, _, _ in self.received:
            if port not in numbers:
                numbers[port] = len(numbers)
                writer.interface(port)
        for port, t_ps, data, original in self.received:
            assert t_ps % PS == 0, "give `write` the input for stamps finer than ns"
            writer.packet(numbers[port], self.second * S + t_ps // PS, data, original)
        return bytes(writer.out)

    def output_bytes(self):
        writer = Writer()
        writer.section()
        for name, _ in self.ports:
            writer.interface(name)
        for stamp, number, _, _, data in sorted(self.sent, key=lambda sent: sent[:3]):
            writer.packet(number, self.second * S + stamp // PS, data)
        return bytes(writer.out)

    def counters(self):
        ports = {}
        for port, _, _, original in self.received:
            entry = ports.setdefault(port, {})
            entry["rx_packets"] = entry.get("rx_packets", 0) + 1
            entry["rx_bytes"] = entry.get("rx_bytes", 0) + original
        for _, _, _, port, data in self.sent:
            entry = ports.setdefault(port, {})
            entry["tx_packets"] = entry.get("tx_packets", 0) + 1
            entry["tx_bytes"] = entry.get("tx_bytes", 0) + len(data)
        for port, n in self.queued.items():
            ports.setdefault(port, {})["queued"] = n
        for port in list(ports) + list(self.drops):
            entry = ports.setdefault(port, {})
            for key in ("rx_packets", "rx_bytes", "tx_packets", "tx_bytes"):
                entry.setdefault(key, 0)
            if not self.drops_unassigned and not self.any_drops:
                entry["drops"] = self.drops.get(port, {})
        total = dict(self.drops_unassigned)
        for reasons in self.drops.values():
            for reason, n in reasons.items():
                total[reason] = total.get(reason, 0) + n
        result = {"ports": ports}
        if not self.any_drops:
            result["drops"] = total
        _merge(result, self.extra)
        result["ports"] = {p: result["ports"][p] for p, _ in self.ports if p in result["ports"]}
        return result

    def write(self, received=None):
        """Writes in.pcapng, out.pcapng, counters.json and, if told of MACs, tables.json into
        the folder named by VEXVEC_DIR, else beside the make.py. received: the input file's
        bytes, for a vector about the file format."""
        where = os.environ.get("VEXVEC_DIR") or os.path.dirname(os.path.abspath(sys.argv[0]))
        files = {
            "in.pcapng": received or self.input_bytes(),
            "out.pcapng": self.output_bytes(),
            "counters.json": _json(self.counters()),
        }
        if self.macs is not None:
            self.macs.sort(key=lambda entry: (entry.get("vlan_id", 0), entry["mac"]))
            files["tables.json"] = _json({"mac": self.macs})
        for name, data in files.items():
            with open(os.path.join(where, name), "wb") as file:
                file.write(data)


def _merge(into, more):
    for key, value in more.items():
        if isinstance(value, dict):
            _merge(into.setdefault(key, {}), value)
        else:
            into[key] = value


def _json(value):
    return (json.dumps(value, indent=1) + "\n").encode()
