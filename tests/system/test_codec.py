# SPDX-License-Identifier: BSD-3-Clause
"""scapy as the codec that shares nothing with the switch: it builds frames of many kinds, and
decodes what access and trunk ports made of them."""
import itertools

import pytest
from scapy.contrib.igmp import IGMP
from scapy.layers.inet import ICMP, IP, TCP, UDP, IPOption_RR, IPOption_Timestamp
from scapy.layers.inet6 import (
    ICMPv6EchoRequest, ICMPv6ND_NS, IPv6, IPv6ExtHdrDestOpt, IPv6ExtHdrFragment, IPv6ExtHdrHopByHop,
    IPv6ExtHdrRouting, PadN, RouterAlert)
from scapy.layers.l2 import ARP, GRE, LLC, SNAP, STP, Dot1AD, Dot1Q, Dot3, Ether
from scapy.packet import NoPayload, Padding, Raw

from switch import STAGES, access, both, trunk, vlans

ACCESS, OTHER_ACCESS, TRUNK, OTHER_TRUNK, NATIVE, OUTSIDER = (f"ge-0/0/{n}" for n in range(6))
CONFIG = (vlans(10, 20) + access(ACCESS, OTHER_ACCESS, vlan="v10") + trunk(TRUNK, "v10", "v20")
          + trunk(OTHER_TRUNK, "v10") + trunk(NATIVE, "v20", native=10) + access(OUTSIDER, vlan="v20")
          + "".join(f"set interfaces ge-0/0/{n} mtu 9216\n" for n in range(6)))
SRC, DST = "02:00:00:00:00:01", "02:00:00:00:00:02"
IP4 = IP(src="192.0.2.1", dst="198.51.100.2", id=7)
IP6 = IPv6(src="2001:db8::1", dst="2001:db8::2")
DATA = Raw(bytes(range(97, 123)) * 4)

# What follows the addresses, or the tag: an EtherType with its payload, or an 802.3 length.
KINDS = {
    "arp": ARP(hwsrc=SRC, psrc="192.0.2.1", pdst="198.51.100.2"),
    "ipv4-udp": IP4 / UDP(sport=1, dport=2) / DATA,
    "ipv4-udp-no-checksum": IP4 / UDP(sport=1, dport=2, chksum=0) / DATA,
    "ipv4-tcp-options": IP4 / TCP(sport=1, dport=2, options=[("MSS", 1460), ("Timestamp", (1, 2))]) / DATA,
    "ipv4-icmp": IP4 / ICMP(id=3) / DATA,
    "ipv4-igmp": IP(src="192.0.2.1", dst="239.1.2.3", ttl=1) / IGMP(type=0x16, gaddr="239.1.2.3"),
    "ipv4-record-route": IP(src="192.0.2.1", dst="198.51.100.2",
                            options=[IPOption_RR(pointer=4, routers=["0.0.0.0"] * 9)]) / UDP() / DATA,
    "ipv4-timestamp": IP(src="192.0.2.1", dst="198.51.100.2", options=[IPOption_Timestamp()]) / UDP() / DATA,
    "ipv4-first-fragment": IP(src="192.0.2.1", dst="198.51.100.2", flags="MF") / UDP() / DATA,
    "ipv4-later-fragment": IP(src="192.0.2.1", dst="198.51.100.2", frag=185) / DATA,
    "ipv4-gre": IP4 / GRE(proto=0x0800) / IP4 / UDP() / DATA,
    "ipv4-tos": IP(src="192.0.2.1", dst="198.51.100.2", tos=0xB8, ttl=1) / UDP() / DATA,
    "ipv6-udp": IP6 / UDP(sport=1, dport=2) / DATA,
    "ipv6-tcp": IP6 / TCP(sport=1, dport=2) / DATA,
    "ipv6-nd": IPv6(src="fe80::1", dst="ff02::1:ff00:2", hlim=255) / ICMPv6ND_NS(tgt="fe80::2"),
    "ipv6-echo": IP6 / ICMPv6EchoRequest(data=b"hello"),
    "ipv6-hop-by-hop": IP6 / IPv6ExtHdrHopByHop(options=[RouterAlert()]) / UDP() / DATA,
    "ipv6-routing": IP6 / IPv6ExtHdrRouting(addresses=["2001:db8::3"], segleft=1) / UDP() / DATA,
    "ipv6-destination-options": IP6 / IPv6ExtHdrDestOpt(options=[PadN(optdata=bytes(4))]) / TCP() / DATA,
    "ipv6-fragment": IP6 / IPv6ExtHdrFragment(id=9, m=1) / UDP() / DATA,
    "ipv6-chain": IP6 / IPv6ExtHdrHopByHop() / IPv6ExtHdrDestOpt() / IPv6ExtHdrRouting(
        addresses=["2001:db8::3"]) / IPv6ExtHdrFragment(id=9) / UDP() / DATA,
    "llc": LLC(dsap=0x42, ssap=0x42, ctrl=3) / Raw(b"not spanning tree, it goes to a host"),
    "llc-stp": LLC(dsap=0x42, ssap=0x42, ctrl=3) / STP(),
    "snap": LLC(dsap=0xAA, ssap=0xAA, ctrl=3) / SNAP(OUI=0, code=0x0800) / IP4 / UDP() / DATA,
    "ipx": LLC(dsap=0xE0, ssap=0xE0, ctrl=3) / Raw(bytes(30)),
    "unknown-ethertype": Raw(b"\x88\xb5" + bytes(range(46))),
    "short": Raw(b"\x88\xb5" + b"x"),
    "qinq": Dot1AD(vlan=77, prio=2) / IP4 / UDP() / DATA,
    "jumbo-ipv4": IP4 / UDP(sport=1, dport=2) / Raw(bytes(9000)),
    "jumbo-ipv6": IP6 / UDP(sport=1, dport=2) / Raw(bytes(9000)),
}


def tail(kind):
    """EtherType or length and payload, as bytes."""
    payload = KINDS[kind]
    if isinstance(payload, LLC):
        return bytes(Dot3(src=SRC, dst=DST) / payload)[12:]
    if isinstance(payload, Raw):
        return bytes(payload)
    return bytes(Ether(src=SRC, dst=DST) / payload)[12:]


def untagged(kind):
    return bytes(Ether(src=SRC, dst=DST))[:12] + tail(kind)


def tagged(kind, vid, prio=0, dei=0):
    tag = bytes(Ether(src=SRC, dst=DST) / Dot1Q(vlan=vid, prio=prio, id=dei))[:16]
    return tag + tail(kind)


def layers(packet):
    """(name, fields) of each layer but the padding; scapy gave every field its meaning."""
    found = []
    while not isinstance(packet, (NoPayload, Padding)):
        fields = {name: getattr(packet, name) for name in packet.fields}
        found.append((type(packet).__name__, str(fields)))
        packet = packet.payload
    return found


def decode(data):
    """The first 802.1Q tag (vlan, priority, DEI) or None, and the layers of the frame without it."""
    frame = Ether(data) if int.from_bytes(data[12:14], "big") >= 0x600 else Dot3(data)
    tag = frame.payload if isinstance(frame.payload, Dot1Q) and not isinstance(frame.payload, Dot1AD) else None
    if tag is None:
        return None, (frame.dst, frame.src), layers(frame)[1:]
    inner = data[:12] + data[16:]
    return ((tag.vlan, tag.prio, tag.id), (frame.dst, frame.src), decode(inner)[2])


def check(sent, received, tag):
    """`received`, as it left a port, is `sent` with that tag instead of its own."""
    _, addresses, wanted = decode(sent)
    got_tag, got_addresses, got = decode(received)
    assert got_tag == tag
    assert got_addresses == addresses
    if len(received) > 60 or len(sent) >= 60:
        assert got == wanted
    else:  # what fills the frame up may be taken for data by a protocol without length
        assert received.startswith(received[:12 + (4 if tag else 0)] + tail_of(sent))
        assert not any(received[12 + (4 if tag else 0) + len(tail_of(sent)):])


def tail_of(data):
    return data[16:] if data[12:14] == b"\x81\x00" else data[12:]


@pytest.fixture(scope="module")
def replayed(tmp_path_factory):
    """Every kind from an access port, from a trunk with priority and DEI, and from the native VLAN."""
    packets, ms = [], itertools.count(1)
    for kind in KINDS:
        packets.append((ACCESS, next(ms) * 10**6, untagged(kind)))
        packets.append((TRUNK, next(ms) * 10**6, tagged(kind, 10, 5, 1)))
        packets.append((NATIVE, next(ms) * 10**6, untagged(kind)))
    # All destinations are unknown and every source is the same station, which moves about.
    return both(tmp_path_factory.mktemp("codec"), CONFIG, packets)


def frames(run, kind, way):
    """What left each port because of one packet, by its number."""
    number = 3 * list(KINDS).index(kind) + way
    start = (number + 1) * 10**6
    found = {}
    for port, ns, data in run.out:
        if start <= ns < start + 10**6:
            assert port not in found
            found[port] = data
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_access_port_to_access_and_trunk(replayed, kind):
    sent, got = untagged(kind), frames(replayed, kind, 0)
    assert set(got) == {OTHER_ACCESS, TRUNK, OTHER_TRUNK, NATIVE}
    check(sent, got[OTHER_ACCESS], None)
    check(sent, got[NATIVE], None)
    check(sent, got[TRUNK], (10, 0, 0))
    check(sent, got[OTHER_TRUNK], (10, 0, 0))
    assert all(len(data) >= 60 for data in got.values())


@pytest.mark.parametrize("kind", KINDS)
def test_trunk_to_access_and_trunk(replayed, kind):
    sent, got = tagged(kind, 10, 5, 1), frames(replayed, kind, 1)
    assert set(got) == {ACCESS, OTHER_ACCESS, OTHER_TRUNK, NATIVE}
    for port in (ACCESS, OTHER_ACCESS, NATIVE):
        check(sent, got[port], None)
    check(sent, got[OTHER_TRUNK], (10, 5, 1))
    assert got[OTHER_TRUNK][:len(sent)] == sent


@pytest.mark.parametrize("kind", KINDS)
def test_native_vlan_to_access_and_trunk(replayed, kind):
    sent, got = untagged(kind), frames(replayed, kind, 2)
    assert set(got) == {ACCESS, OTHER_ACCESS, TRUNK, OTHER_TRUNK}
    for port in (ACCESS, OTHER_ACCESS):
        check(sent, got[port], None)
    for port in (TRUNK, OTHER_TRUNK):
        check(sent, got[port], (10, 0, 0))


def test_nothing_was_dropped(replayed):
    assert replayed.drops() == {}
    assert OUTSIDER not in replayed.sent()


def test_every_tag_value_survives_a_trunk(tmp_path):
    """All priorities and both DEI values, in every VLAN of a trunk with 64 of them."""
    ids = [1, 2, 4094] + list(range(100, 161))
    config = vlans(*ids) + trunk("ge-0/0/0", "all") + trunk("ge-0/0/1", "all")
    packets = []
    for n, (vid, prio, dei) in enumerate(itertools.product(ids, range(8), range(2))):
        frame = Ether(src=SRC, dst=DST) / Dot1Q(vlan=vid, prio=prio, id=dei) / IP4 / UDP(sport=n) / DATA
        packets.append(("ge-0/0/0", n * 10**4, bytes(frame)))
    run = both(tmp_path, config, packets, trace=False)
    assert run.sent() == {"ge-0/0/1": [data for _, _, data in packets]}
    got = [Ether(data)[Dot1Q] for data in run.sent("ge-0/0/1")]
    assert [(tag.vlan, tag.prio, tag.id) for tag in got] == list(itertools.product(ids, range(8), range(2)))
    assert run.macs() == {(vid, SRC): "ge-0/0/0.0" for vid in ids}


@pytest.mark.parametrize("tags, vlan, out", [
    ([Dot1Q(vlan=10), Dot1Q(vlan=20)], "v10", [(10, 0x8100), (20, 0x8100)]),
    ([Dot1Q(vlan=20, prio=3), Dot1AD(vlan=10)], "v20", [(20, 0x8100), (10, 0x88A8)]),
    ([Dot1Q(vlan=10), Dot1Q(vlan=20), Dot1Q(vlan=30)], "v10", [(10, 0x8100), (20, 0x8100), (30, 0x8100)]),
])
def test_only_the_outer_customer_tag_is_taken_off(tmp_path, tags, vlan, out):
    frame = Ether(src=SRC, dst=DST)
    for tag in tags:
        frame = frame / tag
    frame = bytes(frame / IP4 / UDP() / DATA)
    run = both(tmp_path, CONFIG, [(TRUNK, 0, frame)])
    port = ACCESS if vlan == "v10" else OUTSIDER
    assert run.sent(port) == [frame[:12] + frame[16:]]
    assert run.trace[-1]["vlan"] == vlan
    inner = Ether(run.sent(port)[0])
    for vid, tpid in out[1:]:
        assert (inner.type, inner.payload.vlan) == (tpid, vid)
        inner = inner.payload


@pytest.mark.parametrize("port, frame, reason", [
    (ACCESS, tagged("arp", 20), "INGRESS_VLAN_FILTER"),
    (TRUNK, tagged("arp", 30), "INGRESS_VLAN_FILTER"),
    (TRUNK, untagged("arp"), "VLAN_TAG_NOT_ALLOWED"),
    (TRUNK, tagged("arp", 0, 7), "VLAN_TAG_NOT_ALLOWED"),
    (TRUNK, tagged("arp", 4095), "INGRESS_VLAN_FILTER"),
    (TRUNK, untagged("qinq"), "VLAN_TAG_NOT_ALLOWED"),
    (ACCESS, untagged("arp")[:13], "RUNT"),
    (ACCESS, bytes(Ether(src="03:00:00:00:00:01", dst=DST) / ARP()), "SMAC_MULTICAST"),
    (ACCESS, bytes(Ether(src="00:00:00:00:00:00", dst=DST) / ARP()), "SMAC_ZERO"),
    (ACCESS, bytes(Ether(src=SRC, dst=DST, type=0x88B5) / Raw(bytes(9203))), "EXCEEDS_L2_MTU"),
])
def test_what_is_not_allowed_in_is_dropped_by_name(tmp_path, port, frame, reason):
    run = both(tmp_path, CONFIG, [(port, 0, frame)])
    assert run.out == []
    assert run.drops() == {reason: 1}
    assert run.trace[-1]["drop"] == reason
    assert run.tables["mac"] == []


def test_trace_follows_the_walk(replayed):
    """Lines of a packet stand together, in the order of the walk, with its own time and length."""
    packets = [replayed_line["packet"] for replayed_line in replayed.trace]
    assert packets == sorted(packets)
    assert set(packets) == set(range(3 * len(KINDS)))
    for number, lines in itertools.groupby(replayed.trace, lambda line: line["packet"]):
        lines = list(lines)
        stages = [STAGES.index(line["stage"]) for line in lines]
        assert stages == sorted(stages)
        assert {line["time_ps"] for line in lines} == {(number + 1) * 10**9}
        assert lines[0]["port"] == (ACCESS, TRUNK, NATIVE)[number % 3]
        assert {line["vlan"] for line in lines if "vlan" in line} == {"v10"}
        assert (lines[0]["src"], lines[0]["dst"]) == (SRC, DST)
        assert [line["class"] for line in lines if "class" in line] == ["unknown-unicast"]
        kind = list(KINDS)[number // 3]
        out = {line["out"] for line in lines if line["stage"] == STAGES[-1]}
        assert out == set(frames(replayed, kind, number % 3))


@pytest.mark.parametrize("length", [1, 13, 14, 15, 59, 60, 61, 255, 256, 257, 511, 512, 513, 1513, 1514, 1515,
                                    1518, 2047, 2048, 2049, 9216, 9217, 16384, 65535, 262144])
def test_every_length(tmp_path, length):
    """Lengths around the limits of cells, buffers and MTU, from access port to trunk and back."""
    frame = (bytes(Ether(src=SRC, dst=DST, type=0x88B5)) + bytes(i & 255 for i in range(length)))[:length]
    run = both(tmp_path, CONFIG, [(ACCESS, 0, frame)])
    if length < 14:
        assert run.drops() == {"RUNT": 1}
    elif length > 9216:
        assert run.drops() == {"EXCEEDS_L2_MTU": 1}
    else:
        assert run.sent(OTHER_ACCESS) == [frame.ljust(60, b"\0")]
        assert run.sent(TRUNK) == [(frame[:12] + b"\x81\x00\x00\x0a" + frame[12:]).ljust(60, b"\0")]
        assert run.drops() == {}
