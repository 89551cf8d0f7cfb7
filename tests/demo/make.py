#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Makes in.pcapng: half a second in a small office, as the switch of office.conf receives it."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "vectors"))

from scapy.contrib.lldp import (  # noqa: E402
    LLDPDU, LLDPDUChassisID, LLDPDUEndOfLLDPDU, LLDPDUPortID, LLDPDUTimeToLive)
from scapy.layers.dns import DNS, DNSQR, DNSRR  # noqa: E402
from scapy.layers.inet import ICMP, IP, TCP, UDP  # noqa: E402
from scapy.layers.l2 import ARP, Dot1Q, Ether  # noqa: E402
from scapy.packet import Raw  # noqa: E402

from vexvec import BROADCAST, MS, S, US, Writer  # noqa: E402

START = 1_700_000_000 * S
ROUTER, SERVER, PRINTER = "xe-0/2/0", ("xe-0/2/2", "xe-0/2/3"), "ge-0/0/12"


class Host:
    """A station: port, addresses, and the tag it sends, if any."""

    def __init__(self, port, n, net, vlan=None):
        self.port, self.vlan = port, vlan
        self.mac = f"02:00:0a:00:00:{n:02x}"
        self.ip = f"192.168.{net}.{n}"

    def ether(self, dst):
        head = Ether(dst=dst, src=self.mac)
        return head / Dot1Q(vlan=self.vlan) if self.vlan else head


class Capture:
    def __init__(self):
        self.now, self.frames = 0, []

    def at(self, ms):
        self.now = int(ms * MS)

    def send(self, host, packet, after_us=120):
        self.frames.append((host.port, self.now, bytes(packet)))
        self.now += after_us * US

    def arp(self, who, whom):
        """Who asks for whom, and whom answers."""
        self.send(who, who.ether(BROADCAST) / ARP(hwsrc=who.mac, psrc=who.ip, pdst=whom.ip))
        self.send(whom, whom.ether(who.mac) / ARP(op=2, hwsrc=whom.mac, psrc=whom.ip,
                                                  hwdst=who.mac, pdst=who.ip))

    def ip(self, who, whom, layer4, after_us=120):
        self.send(who, who.ether(whom.mac) / IP(src=who.ip, dst=whom.ip) / layer4, after_us)

    def write(self, path):
        writer, ports = Writer(), []
        writer.section()
        for port, time, data in sorted(self.frames, key=lambda frame: frame[1]):
            if port not in ports:
                ports.append(port)
                writer.interface(port)
            writer.packet(ports.index(port), START + time, data)
        with open(path, "wb") as file:
            file.write(bytes(writer.out))


def desks(c, pc, phone, router, servers, printer):
    """What a switch does all day."""
    c.send(pc[0], Ether(dst="01:80:c2:00:00:0e", src=pc[0].mac) / LLDPDU() / LLDPDUChassisID(
        subtype=4, id=bytes.fromhex(pc[0].mac.replace(":", ""))) / LLDPDUPortID(
        subtype=7, id=b"eth0") / LLDPDUTimeToLive(ttl=120) / LLDPDUEndOfLLDPDU())
    for one in pc[:3]:
        c.arp(one, router["office"])
        c.ip(one, router["office"], UDP(sport=40000, dport=53) / DNS(qd=DNSQR(qname="example.org")))
        c.ip(router["office"], one, UDP(sport=53, dport=40000) / DNS(
            qr=1, qd=DNSQR(qname="example.org"), an=DNSRR(rrname="example.org", rdata="192.0.2.80")))
    c.at(20)
    for one in phone:
        c.arp(one, servers["voice"])
        for n in range(12):
            c.now = (25 + 20 * n) * MS + (150 if one is phone[1] else 0) * US
            c.ip(one, servers["voice"], UDP(sport=16384, dport=20000) / Raw(bytes(172)))
            c.ip(servers["voice"], one, UDP(sport=20000, dport=16384) / Raw(bytes(172)))
    c.at(40)
    c.arp(pc[0], servers["office"])
    for flow in range(6):
        for n in range(5):
            c.ip(pc[0], servers["office"], TCP(sport=50000 + flow, dport=445, seq=n) / Raw(bytes(1000)), 30)
        c.ip(servers["office"], pc[0], TCP(sport=445, dport=50000 + flow, flags="A", ack=5000))
    c.at(60)
    c.ip(pc[1], printer, TCP(sport=51000, dport=9100, flags="S"))
    c.ip(printer, pc[1], TCP(sport=9100, dport=51000, flags="SA"))


def guests(c, guest, router):
    """Isolated from each other: the ping is dropped, although the broadcast already was not seen."""
    c.at(100)
    for one in guest:
        c.arp(one, router["guests"])
    c.send(guest[0], guest[0].ether(BROADCAST) / ARP(hwsrc=guest[0].mac, psrc=guest[0].ip, pdst=guest[1].ip))
    for n in range(3):
        c.ip(guest[0], guest[1], ICMP(id=7, seq=n) / Raw(b"anybody there?"))


def trouble(c, pc, printer, router):
    c.at(300)  # a loop under desk 2: one broadcast, again and again, 25 us apart
    looped = pc[2].ether(BROADCAST) / ARP(hwsrc=pc[2].mac, psrc=pc[2].ip, pdst="192.168.10.99")
    for _ in range(200):
        c.send(pc[2], looped, 25)
    c.at(330)  # a small switch under desk 3, with four computers
    for n in range(4):
        c.arp(Host("ge-0/0/3", 0x40 + n, 10), router["office"])
    c.at(360)  # desk 4 claims to be the printer
    liar = Host("ge-0/0/4", 0x50, 10)
    c.send(liar, liar.ether(BROADCAST) / ARP(op=2, hwsrc=liar.mac, psrc=printer.ip, pdst=printer.ip))
    c.at(370)  # desk 5 tags VLAN 30; desk 6 sends a jumbo frame; a group address as source
    c.arp(Host("ge-0/0/5", 0x15, 10, vlan=30), router["guests"])
    c.ip(Host("ge-0/0/6", 0x16, 10), router["office"], UDP() / Raw(bytes(4000)))
    c.send(pc[1], Ether(dst=BROADCAST, src="03:00:0a:00:00:11", type=0x88B5) / Raw(bytes(46)))
    c.at(380)  # somebody is in the empty office
    c.arp(Host("ge-0/0/20", 0x20, 10), router["office"])


def main():
    pc = [Host(f"ge-0/0/{n}", 0x10 + n, 10) for n in range(3)]
    phone = [Host(f"ge-0/0/{n}", 0x30 + n, 20, vlan=20) for n in range(2)]
    guest = [Host(f"ge-0/0/{n}", 0x60 + n, 30) for n in (8, 9)]
    router = {name: Host(ROUTER, 1, vid, vlan=vid) for name, vid in
              (("office", 10), ("voice", 20), ("guests", 30))}
    servers = {"office": Host(SERVER[0], 2, 10, vlan=10), "voice": Host(SERVER[1], 2, 20, vlan=20)}
    printer = Host(PRINTER, 0x50, 10)
    c = Capture()
    desks(c, pc, phone, router, servers, printer)
    guests(c, guest, router)
    trouble(c, pc, printer, router)
    c.write(os.environ.get("VEX_DEMO_IN") or os.path.join(HERE, "in.pcapng"))


if __name__ == "__main__":
    main()
