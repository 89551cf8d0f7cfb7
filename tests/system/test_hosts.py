# SPDX-License-Identifier: BSD-3-Clause
"""Real input: kernel hosts talk, what they sent is replayed, and each port must send what the
host behind it has received from its partner over the wire.

    anna ----veth---- bert           both untagged: access ports in VLAN 10
    cleo --tagger--veth--tagger-- dora    cleo tagged: trunk; dora untagged: access port in VLAN 20

The two taggers are what the switch has to do between cleo's and dora's port, written independently.
"""
import collections
import os
import socket

import pytest
from scapy.layers.inet import IP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import Dot1Q, Ether

from hosts import Host, Recorder, Tagger, tcp_both_ways, wire
from switch import START, access, both, pad, trunk, vlans

BULK = 1_000_000  # each way; less than the packet memory of a port, however fast the hosts are
PORT = {"anna": "ge-0/0/0", "bert": "ge-0/0/1", "cleo": "ge-0/0/2", "dora": "ge-0/0/3"}
MAC = {name: f"02:00:5e:00:00:{n:02x}" for n, name in enumerate(PORT, 1)}
PARTNER = {"anna": "bert", "bert": "anna", "cleo": "dora", "dora": "cleo"}
CONFIG = (vlans(10, 20) + access(PORT["anna"], PORT["bert"], vlan="v10") + trunk(PORT["cleo"], "v10", "v20")
          + access(PORT["dora"], vlan="v20"))
LLDP = bytes.fromhex("0180c200000e") + bytes.fromhex(MAC["anna"].replace(":", "")) + bytes.fromhex(
    "88cc 0207 04 02005e000001 0403 05 6130 0602 0078 0000") + bytes(24)


class Talk:
    """The hosts, what they said, and what they heard."""

    def __init__(self):
        self.hosts, self.taggers = {}, []
        self.sent, self.received = {}, {}

    def build(self):
        for name in (*PORT, "bench"):
            self.hosts[name] = Host(f"vex-{os.getpid()}-{name}")
        h = self.hosts
        wire(h["anna"], "eth0", h["bert"], "eth0")
        wire(h["cleo"], "eth0", h["bench"], "cleo0")
        wire(h["cleo"], "app0", h["cleo"], "sub0")
        wire(h["bench"], "dora0", h["dora"], "eth0")
        for name, device in (("bench", "cleo0"), ("bench", "dora0"), ("cleo", "sub0"), ("cleo", "eth0")):
            h[name].run("sysctl", "-qw", f"net.ipv6.conf.{device}.disable_ipv6=1")
            h[name].up(device)
        recorders = {name: Recorder(h[name], "eth0") for name in PORT}
        self.taggers = [Tagger(h["cleo"], "sub0", "eth0", 20), Tagger(h["bench"], "dora0", "cleo0", 20)]
        for tagger in self.taggers:
            tagger.start()
        for name in ("bert", "anna", "dora", "cleo"):  # cleo speaks first and must be heard by dora
            n, device = list(PORT).index(name), "app0" if name == "cleo" else "eth0"
            net = 10 if name in ("anna", "bert") else 20
            if name == "cleo":
                for host, other in (("dora", "eth0"), ("bench", "dora0"), ("bench", "cleo0"), ("cleo", "eth0")):
                    h[host].wait_up(other)
            h[name].up(device, f"192.0.{net}.{n + 1}/24", f"2001:db8:{net}::{n + 1}/64", mac=MAC[name])
        return recorders

    def converse(self):
        h = self.hosts
        for one, other, net in (("anna", 2, 10), ("cleo", 4, 20)):
            four, six = f"192.0.{net}.{other}", f"2001:db8:{net}::{other}"
            h[one].run("ping", "-nqc", 3, "-i", "0.1", "-W", 5, four)
            h[one].run("ping", "-nqc", 2, "-i", "0.1", "-W", 5, "-s", 3000, four)
            h[one].run("ping", "-6nqc", 3, "-i", "0.1", "-W", 5, six)
            h[one].run("ping", "-6nqc", 2, "-i", "0.1", "-W", 5, "-s", 3000, six)
            partner = h[PARTNER[one]]
            tcp_both_ways(partner, h[one], four, BULK)
            tcp_both_ways(partner, h[one], six, BULK // 10, socket.AF_INET6)
        raw = h["anna"].packet_socket("eth0")
        raw.send(LLDP)
        raw.close()

    def finish(self, recorders):
        for name in ("anna", "bert", "dora"):
            self.hosts[name].run("ip", "link", "set", "eth0", "down")
        self.hosts["cleo"].run("ip", "link", "set", "app0", "down")
        for tagger in self.taggers:
            tagger.stop()
        self.taggers = []
        self.hosts["cleo"].run("ip", "link", "set", "eth0", "down")
        for name, recorder in recorders.items():
            self.sent[name], self.received[name] = recorder.finish()

    def remove(self):
        for tagger in self.taggers:
            tagger.stop()
        for host in self.hosts.values():
            host.remove()


@pytest.fixture(scope="module")
def talk():
    if os.geteuid() != 0:
        pytest.skip("needs root to make network namespaces")
    one = Talk()
    try:
        recorders = one.build()
        one.converse()
        one.finish(recorders)
    finally:
        one.remove()
    return one


@pytest.fixture(scope="module")
def replayed(talk, tmp_path_factory):
    packets = [(stamp, PORT[name], data) for name in PORT for stamp, data in talk.sent[name]]
    packets.sort(key=lambda packet: packet[0])
    base = packets[0][0] - 1
    return both(tmp_path_factory.mktemp("hosts"), CONFIG,
                [(port, stamp - base, data) for stamp, port, data in packets])


def flow(data):
    """What keeps its order: addresses, EtherType, and protocol and ports or type of what is inside."""
    frame = Ether(data)
    inner = frame[IP] if IP in frame else frame[IPv6] if IPv6 in frame else None
    upper = bytes(inner.payload)[:4] if inner is not None else b""
    tag = frame[Dot1Q].vlan if Dot1Q in frame else None
    return frame.src, frame.dst, tag, frame.type, getattr(inner, "proto", getattr(inner, "nh", None)), upper


def flows(frames):
    found = collections.defaultdict(list)
    for data in frames:
        found[flow(data)].append(data)
    return dict(found)


def source(data):
    return next(name for name in MAC if bytes.fromhex(MAC[name].replace(":", "")) == data[6:12])


def is_group(data):
    return data[0] & 1


def is_link_local(data):
    return data[:5] == bytes.fromhex("0180c20000")


def test_the_hosts_really_talked(talk):
    """ARP, IPv4 with fragments, IPv6 with ND, TCP; cleo's frames are tagged, all others are not."""
    for name in PORT:
        frames = [Ether(data) for _, data in talk.sent[name]]
        for layer in ("ARP", "ICMP", "TCP", "ICMPv6EchoRequest" if name in ("anna", "cleo") else "ICMPv6EchoReply",
                      "ICMPv6ND_NS", "IPv6ExtHdrFragment"):
            assert any(layer in frame for frame in frames), f"{name} sent no {layer}"
        assert sum(len(data) for _, data in talk.sent[name]) > BULK
        assert {Dot1Q in frame for frame in frames} == {name == "cleo"}
        assert max(len(data) for _, data in talk.sent[name]) <= 1518


def test_nothing_is_dropped(replayed):
    assert replayed.drops() == {}


@pytest.mark.parametrize("name", PORT)
def test_a_port_sends_what_its_host_has_received(talk, replayed, name):
    """All frames of the partner, whole, in the order of each flow; only link-local ones stay behind."""
    wanted = [pad(data) for _, data in talk.received[name] if not is_link_local(data)]
    got = [data for data in replayed.sent(PORT[name]) if source(data) == PARTNER[name]]
    assert wanted and len(got) == len(wanted)
    assert flows(got) == flows(wanted)


@pytest.mark.parametrize("name", PORT)
def test_floods_reach_the_vlan_and_nothing_else(talk, replayed, name):
    """From others than the partner a port sends the group-addressed frames of its VLANs, no more."""
    wanted = []
    if name == "cleo":  # the trunk carries the other VLAN too, tagged
        wanted = [pad(data[:12] + b"\x81\x00\x00\x0a" + data[12:]) for other in ("anna", "bert")
                  for _, data in talk.sent[other] if is_group(data) and not is_link_local(data)]
        assert wanted
    got = [data for data in replayed.sent(PORT[name]) if source(data) != PARTNER[name]]
    assert flows(got) == flows(wanted)


def test_other_ports_send_nothing(replayed):
    assert set(replayed.sent()) == set(PORT.values())


def test_link_local_frames_are_punted(replayed):
    assert {port: counters["punted"] for port, counters in replayed.counters["ports"].items()
            if counters["punted"]} == {PORT["anna"]: 1}


def test_the_hosts_are_learned(replayed):
    assert replayed.macs() == {(10 if name in ("anna", "bert") else 20, MAC[name]): f"{PORT[name]}.0"
                               for name in PORT}
    assert replayed.counters["fdb"]["moved"] == 0


def test_counters_are_what_the_hosts_counted(talk, replayed):
    for name, port in PORT.items():
        counters = replayed.counters["ports"][port]
        assert counters["rx_packets"] == len(talk.sent[name])
        assert counters["rx_bytes"] == sum(len(data) for _, data in talk.sent[name])
        assert counters["time_backwards"] == 0


def test_a_port_is_never_faster_than_its_line(replayed):
    """Stamps of one port are apart by what the frame needs on a gigabit line, preamble and gap."""
    last = {}
    for port, ns, data in replayed.out:
        assert ns > -START
        wire_ns = (8 + len(data) + 4 + 12) * 8
        if port in last:
            assert ns - last[port] >= wire_ns - 1
        last[port] = ns
