# SPDX-License-Identifier: BSD-3-Clause
from scapy.layers.inet import ICMP, IP, TCP
from scapy.layers.inet6 import IPv6, IPv6ExtHdrFragment, IPv6ExtHdrHopByHop
from scapy.layers.l2 import ARP, LLC, SNAP, Dot3, Ether
from scapy.packet import Raw

from vexvec import BROADCAST, MS, Vector, ge, host

v = Vector()
ether = {"dst": BROADCAST, "src": host(1)}
ip = Ether(**ether) / IP(src="192.0.2.1", dst="198.51.100.1")
ip6 = Ether(**ether) / IPv6(src="2001:db8::1", dst="2001:db8::2")


def edited(packet, offset, value):
    """The packet's bytes with others put in at an offset behind the Ethernet header."""
    data = bytes(packet)
    return data[: 14 + offset] + value + data[14 + offset + len(value) :]


whole = ip / TCP() / Raw(b"x" * 30)
frames = [
    edited(whole, 0, b"\x43"),  # header of 12 bytes
    edited(whole, 0, b"\x4f"),  # of 60, which reaches into TCP
    edited(whole, 0, b"\x65"),  # version 6 in an IPv4 frame
    edited(whole, 2, b"\xff\xff"),  # longer than the frame
    edited(whole, 2, b"\x00\x05"),  # shorter than its header
    edited(whole, 10, b"\xde\xad"),  # wrong checksum
    bytes(ip)[:14],  # no header at all
    bytes(whole)[:33],  # one byte short of a header
    bytes(ip / TCP())[:40],  # TCP cut short
    edited(ip / Raw(b"y" * 26), 6, b"\x20\xff"),  # a fragment that is not the first
    bytes(ip6)[:14],
    bytes(ip6 / Raw(b"z" * 20))[:50],
    edited(ip6 / IPv6ExtHdrHopByHop() / ICMP(), 41, b"\xff"),  # an option header beyond the end
    bytes(ip6 / IPv6ExtHdrFragment(offset=5) / Raw(b"f" * 9)),
    edited(ip6 / Raw(b"n" * 30), 6, b"\x3b"),  # no next header, yet data
    bytes(Ether(**ether) / ARP(hwlen=255, plen=255)),
    bytes(Ether(**ether) / ARP())[:20],
    bytes(Dot3(**ether, len=1400) / LLC() / Raw(b"l" * 20)),  # longer than the frame
    bytes(Dot3(**ether, len=3) / LLC(dsap=0x42, ssap=0x42) / Raw(b"l" * 50)),
    bytes(Dot3(**ether) / LLC(dsap=0xAA, ssap=0xAA, ctrl=3) / SNAP(code=0x0800) / Raw(b"\x4f")),
    bytes(Ether(**ether, type=0x05FF) / Raw(b"neither length nor type")),
]
for i, data in enumerate(frames):
    v.tx(ge(1), (1 + i) * MS, v.rx(ge(0), (1 + i) * MS, data))

v.mac("v10", 10, 1, "ge-0/0/0.0")
v.write()
