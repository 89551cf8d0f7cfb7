# SPDX-License-Identifier: BSD-3-Clause
from scapy.contrib.lacp import LACP, MarkerProtocol, SlowProtocol
from scapy.contrib.lldp import LLDPDU, LLDPDUChassisID, LLDPDUEndOfLLDPDU, LLDPDUPortID, LLDPDUTimeToLive
from scapy.layers.eap import EAPOL
from scapy.layers.l2 import LLC, STP, Dot1Q, Dot3, Ether

from vexvec import MS, Vector, ge

v = Vector()
HOME = "02:00:00:00:00:01"
received = {}


def group(last):
    return f"01:80:c2:00:00:{last:02x}"


def punt(protocol, packet, length=60):
    """A frame of this protocol, as scapy builds it."""
    total = sum(received.values())
    v.rx(ge(0), (1 + total) * MS, bytes(packet).ljust(length, b"\0"))
    received[protocol] = received.get(protocol, 0) + 1


def ether(last, kind, *tags):
    head = Ether(dst=group(last), src=HOME)
    for vid in tags:
        head /= Dot1Q(vlan=vid, prio=7)
    head.lastlayer().type = kind
    return head


lldp = (LLDPDUChassisID(subtype=4, id=HOME) / LLDPDUPortID(subtype=5, id="ge-0/0/7")
        / LLDPDUTimeToLive(ttl=120) / LLDPDUEndOfLLDPDU())
for last in (0x0E, 0x03, 0x00):  # IEEE 802.1AB table 7-1
    punt("lldp", ether(last, 0x88CC) / lldp)
punt("lldp", ether(0x0E, 0x88CC, 10) / lldp)
punt("lldp", ether(0x0E, 0x88CC, 4094, 1) / lldp)
punt("lacp", ether(0x02, 0x8809) / SlowProtocol() / LACP())
punt("lacp", ether(0x02, 0x8809) / SlowProtocol() / MarkerProtocol())
punt("lacp", ether(0x03, 0x8809) / SlowProtocol() / LACP())  # IEEE 802.1AX table 6-1
punt("lacp", ether(0x02, 0x8809, 10) / SlowProtocol() / LACP())
punt("oam-lfm", ether(0x02, 0x8809) / SlowProtocol(subtype=3))
punt("esmc", ether(0x02, 0x8809) / SlowProtocol(subtype=10))
punt("unclassified", ether(0x02, 0x8809) / SlowProtocol(subtype=7))
punt("stp", Dot3(dst=group(0), src=HOME) / LLC() / STP())
punt("stp", Dot3(dst=group(8), src=HOME) / LLC() / STP())  # of provider bridges
punt("unclassified", Dot3(dst=group(2), src=HOME) / LLC() / STP())
punt("unclassified", Dot3(dst=group(0), src=HOME) / LLC(dsap=0xE0, ssap=0xE0) / b"not a BPDU")
punt("proto-802-1x", ether(0x03, 0x888E) / EAPOL(version=2, type=1))
punt("proto-802-1x", ether(0x00, 0x888E) / EAPOL(version=3, type=5))
punt("ptp", ether(0x0E, 0x88F7) / bytes([2, 2]))
punt("pmvrp", ether(0x0D, 0x88F5) / bytes(1))
punt("unclassified", ether(0x0E, 0x88F5) / bytes(1))
punt("unclassified", ether(0x01, 0x8808) / bytes([0, 1, 0, 0]))  # PAUSE
# Nothing behind the type: no subtype, no LLC.
punt("unclassified", ether(0x02, 0x8809), length=14)

v.punt(ge(0), sum(received.values()))
for name, n in received.items():
    v.count("punt", name, "received", value=n)
    v.count("punt", name, "dropped", value=0)
v.no_macs()
v.write()
