# SPDX-License-Identifier: BSD-3-Clause
"""The live switch: kernel hosts and raw frames through vex-pfe's AF_PACKET ports, under a supervisor."""
import os
import random
import re
import signal
import socket
import struct

import pytest
from scapy.layers.inet import ICMP, IP, TCP, UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import ARP, Ether
from scapy.packet import fuzz

from compare import conservation
from hosts import Tagger, tcp_both_ways, wire
from live import BROADCAST, Ear, frame, mac, tag, talk, until, wait_dead
from switch import SIDES, access, trunk, vlans

BULK = 20_000_000
P = [f"ge-0/0/{n}" for n in range(6)]
A, B, C, D = (mac(n) for n in range(1, 5))


def one_vlan(*ports, vid=10, more=""):
    return vlans(vid) + access(*ports, vlan=f"v{vid}") + more


def settled(switch):
    """Counters once all is counted, with sums that hold."""
    def ask():
        counters = switch.counters()
        return counters if not list(conservation(counters, SIDES)) else None

    return until("the counters add up", ask)


def test_hosts_talk(bench):
    """Three hosts, each with each: ARP, ND, ICMP, fragments of IPv6, TCP both ways."""
    for n, name in enumerate(("anna", "bert", "cleo")):
        bench.connect(name, f"p{n}", address=n + 1)
    switch = bench.switch(one_vlan(*P[:3])).start()
    hosts = [bench.hosts[name] for name in ("anna", "bert", "cleo")]
    for one in range(3):
        for other in range(3):
            if one != other:
                hosts[one].run("ping", "-nqc", 2, "-i", "0.1", "-W", 5, f"192.0.2.{other + 1}")
                hosts[one].run("ping", "-6nqc", 2, "-i", "0.1", "-W", 5, f"2001:db8::{other + 1}")
    hosts[0].run("ping", "-nqc", 2, "-i", "0.1", "-W", 5, "-M", "do", "-s", 1472, "192.0.2.2")
    hosts[0].run("ping", "-6nqc", 2, "-i", "0.1", "-W", 5, "-s", 3000, "2001:db8::2")
    tcp_both_ways(hosts[1], hosts[0], "192.0.2.2", BULK)
    tcp_both_ways(hosts[2], hosts[0], "2001:db8::3", BULK // 4, socket.AF_INET6)
    counters = settled(switch)
    for port in switch.status()["ports"]:
        assert port["bound"] and port["link"] == "up"
        counted = counters["ports"][port["name"]]
        assert port["rx_packets"] >= counted["rx_packets"] > 0
        assert port["tx_packets"] >= counted["tx_packets"] > 0
    assert counters["ports"][P[0]]["tx_bytes"] > BULK and counters["ports"][P[0]]["rx_bytes"] > BULK
    assert counters["fdb"]["learned"] == 3 and counters["fdb"]["moved"] == 0
    # The hosts speak before the ports are up.
    assert set(counters["drops"]) <= {"DEVICE_FULL", "PORT_DOWN"}


def test_jumbo(bench):
    """Frames of 9014 and of 9216 bytes, the longest that the port's mtu allows."""
    for n, name in enumerate(("anna", "bert")):
        bench.connect(name, f"p{n}", mtu=9202, address=n + 1)
    mtu = "".join(f"set interfaces {port} mtu 9216\n" for port in P[:2])
    switch = bench.switch(one_vlan(*P[:2], more=mtu)).start()
    anna, bert = bench.hosts["anna"], bench.hosts["bert"]
    for size in (8972, 9202 - 28):
        anna.run("ping", "-nqc", 2, "-i", "0.1", "-W", 5, "-M", "do", "-s", size, "192.0.2.2")
    tcp_both_ways(bert, anna, "192.0.2.2", BULK)
    assert "EXCEEDS_L2_MTU" not in settled(switch)["drops"]


def test_every_length(bench):
    """A frame leaves as it came, whatever its length; shorter than 60 bytes it is padded with zeros."""
    a, b = bench.ears("a", "b", mtu=9202)
    mtu = "".join(f"set interfaces {port} mtu 9216\n" for port in P[:2])
    switch = bench.switch(one_vlan(*P[:2], more=mtu)).start()
    content = random.Random(1).randbytes(9216)
    lengths = (*range(14, 130), 1513, 1514, 1515, 1518, 2033, 2034, 2035, 2047, 2048, 2049, 4096, 8192, 9215, 9216)
    for length in lengths:
        a.send((BROADCAST + A + b"\x88\xb5" + content[:length])[:length])
        b.wait((BROADCAST + A + b"\x88\xb5" + content[:length])[:length].ljust(60, b"\0"))
    counters = settled(switch)["ports"]
    assert (counters[P[0]]["rx_packets"], counters[P[0]]["rx_bytes"]) == (len(lengths), sum(lengths))
    assert (counters[P[1]]["tx_packets"], counters[P[1]]["tx_bytes"]) == (
        len(lengths), sum(max(60, length) for length in lengths))


def test_longer_than_the_mtu(bench):
    a, b = bench.ears("a", "b", mtu=9202)
    switch = bench.switch(one_vlan(*P[:2])).start()
    talk(a, b, frame(BROADCAST, A, bytes(1500)))
    a.send(frame(BROADCAST, A, bytes(1501)), frame(BROADCAST, A, bytes(9202)))
    talk(a, b, frame(BROADCAST, A, b"last"))
    assert len(b.heard) == 2
    assert switch.drops(P[0]) == {"EXCEEDS_L2_MTU": 2}


def test_vlans_are_apart(bench):
    """Nothing crosses; a frame for the neighbour's VLAN is known to have been handled when the next is."""
    a, b, c, d = bench.ears("a", "b", "c", "d")
    config = vlans(10, 20) + access(*P[:2], vlan="v10") + access(*P[2:4], vlan="v20")
    switch = bench.switch(config).start()
    talk(a, b, frame(BROADCAST, A, b"1"))
    talk(c, d, frame(BROADCAST, C, b"2"))
    a.send(frame(C, A, b"3"))  # unknown in VLAN 10: floods there
    b.wait(frame(C, A, b"3"))
    talk(b, a, frame(A, B, b"4"))
    talk(d, c, frame(C, D, b"5"))
    assert [len(ear.heard) for ear in (a, b, c, d)] == [1, 2, 1, 1]
    a.send(frame(BROADCAST, A, b"6", tag(20)))
    until("a tag is refused on an access port", lambda: switch.drops(P[0]) == {"INGRESS_VLAN_FILTER": 1})


def test_tags_on_the_wire(bench):
    """A trunk between two access ports: tags go in and come out, with priority and native VLAN."""
    a, b, t = bench.ears("a", "b", "t")
    config = (vlans(10, 20, 30) + access(P[0], vlan="v10") + access(P[1], vlan="v20")
              + trunk(P[2], "v10", "v20", native=30))
    switch = bench.switch(config).start()
    a.send(frame(BROADCAST, A, b"1"))
    t.wait(frame(BROADCAST, A, b"1", tag(10))[:64].ljust(64, b"\0"))
    b.send(frame(BROADCAST, B, b"2"))
    t.wait(frame(BROADCAST, B, b"2", tag(20)).ljust(64, b"\0"))
    t.send(frame(A, C, b"3", tag(10)))
    a.wait(frame(A, C, b"3").ljust(60, b"\0"))
    t.send(frame(BROADCAST, C, b"4" * 100, tag(0x6000 | 20)))
    b.wait(frame(BROADCAST, C, b"4" * 100))
    t.send(frame(BROADCAST, C, b"5", tag(40)))
    until("a VLAN that the trunk does not carry is refused",
          lambda: switch.drops(P[2]).get("INGRESS_VLAN_FILTER") == 1)
    assert [len(ear.heard) for ear in (a, b, t)] == [1, 1, 2]


def test_tagged_host(bench):
    """A kernel host whose frames are tagged on the wire speaks with an untagged one."""
    cleo, dora = bench.host("cleo"), bench.connect("dora", "p1", address=2)
    wire(cleo, "eth0", bench.home, "p0")
    wire(cleo, "app0", cleo, "sub0")
    for host, device in ((bench.home, "p0"), (cleo, "eth0"), (cleo, "sub0")):
        bench.quiet(host, device)
    cleo.up("app0", "192.0.2.1/24", "2001:db8::1/64", mac=A.hex(":"))
    cleo.wait_up("eth0")
    cleo.wait_up("app0")
    bench.switch(vlans(10, 20) + trunk(P[0], "v10", "v20") + access(P[1], vlan="v20"),
                 {P[0]: "p0", P[1]: "p1"}).start()
    tagger = Tagger(cleo, "sub0", "eth0", 20)
    tagger.start()
    try:
        cleo.run("ping", "-nqc", 3, "-i", "0.1", "-W", 5, "192.0.2.2")
        cleo.run("ping", "-6nqc", 3, "-i", "0.1", "-W", 5, "2001:db8::2")
        tcp_both_ways(dora, cleo, "192.0.2.2", 1_000_000)
    finally:
        tagger.stop()


def malformed(seed):
    """Frames that no host should send."""
    rng = random.Random(seed)
    random.seed(seed)
    ether = Ether(dst=A.hex(":"), src=B.hex(":"))
    whole = {"flags": 0, "frag": 0}
    for layer in (IP(**whole) / TCP(), IP(**whole) / UDP(), IP(**whole) / ICMP(), IPv6() / UDP(), ARP()):
        for _ in range(40):
            yield bytes(ether / fuzz(layer))[:1514]
    for _ in range(200):
        yield rng.randbytes(rng.randint(14, 1514))
    for tags in range(2, 300, 20):  # the kernel keeps frames that end in their first tag
        yield A + B + b"\x81\x00\x00\x0a" * tags + b"\x08\x00"
        yield (A + B + b"\x81\x00\x00\x0a" * tags)[:20 + tags]
    yield A + bytes(6) + b"\x88\xb5"
    yield A + b"\x01\0\x5e\0\0\1" + b"\x88\xb5"


def test_malformed_frames(bench):
    """The same process forwards before and after; each frame is sent or has a reason."""
    a, b, huge = bench.ears("a", "b", "huge", mtu=65535)
    mtu = "".join(f"set interfaces {port} mtu 9216\n" for port in P[:3])
    switch = bench.switch(one_vlan(*P[:3], more=mtu)).start()
    talk(a, b, frame(BROADCAST, A, b"before"))
    pid = switch.child("vex-pfe")["pid"]
    sent = 0
    for data in malformed(7):
        b.send(data)
        sent += 1
    for length in (9217, 10239, 10240, 20000, 65000):
        huge.send(frame(BROADCAST, C, bytes(length - 14)))
    until("all were received", lambda: switch.port(P[1])["rx_packets"] == sent)
    until("the huge frames are dropped", lambda: switch.port(P[2])["rx_packets"] == 5)
    talk(b, a, frame(A, B, b"after"))
    counters = settled(switch)
    drops = counters["ports"][P[1]]["drops"]
    assert drops["SMAC_ZERO"] == 1 and drops["SMAC_MULTICAST"] > 50
    assert counters["ports"][P[2]]["drops"] == {"EXCEEDS_L2_MTU": 5}
    assert switch.child("vex-pfe")["pid"] == pid and switch.child("vex-pfe")["restarts"] == 0


class Stream:
    """Numbered frames from A to B; never more than a window of them is under way."""

    WINDOW = 64

    def __init__(self, sender, receiver):
        self.sender, self.receiver = sender, receiver
        self.sent = 0
        receiver.listen()
        receiver.heard.clear()

    @staticmethod
    def frame(n):
        return frame(B, A, struct.pack("!I", n))

    def step(self):
        """One more frame; waits for the window."""
        self.sender.send(self.frame(self.sent))
        self.sent += 1
        if self.sent > self.WINDOW:
            self.receiver.wait(self.frame(self.sent - self.WINDOW))
        else:
            self.receiver.listen()

    def run_until(self, ask, more=200):
        """Frames until an event was seen, and some more."""
        while not ask():
            for _ in range(20):
                self.step()
        for _ in range(more):
            self.step()

    def finish(self):
        """Nothing is lost, doubled or out of order."""
        self.receiver.wait(self.frame(self.sent - 1))
        numbers = [struct.unpack_from("!I", data, 14)[0] for data in self.receiver.heard]
        assert numbers == list(range(self.sent))


def test_vex_re_killed_under_traffic(bench):
    """No frame is lost, no address forgotten: the third host hears nothing."""
    a, b, c = bench.ears("a", "b", "c")
    switch = bench.switch(one_vlan(*P[:3])).start()
    talk(b, a, frame(BROADCAST, B, b"here is B"))
    talk(a, b, frame(B, A, b"here is A"))
    c.wait(frame(BROADCAST, B, b"here is B"))
    c.heard.clear()
    stream = Stream(a, b)
    for _ in range(500):
        stream.step()
    for round_ in (1, 2, 3):
        old = switch.child("vex-re")["pid"]
        os.kill(old, signal.SIGKILL)
        stream.run_until(lambda n=round_: switch.child("vex-re")["restarts"] == n)
        stream.run_until(lambda: switch.status()["state"] == "installed")
    stream.finish()
    c.listen()
    assert c.heard == []
    assert switch.child("vex-pfe")["restarts"] == 0
    assert settled(switch)["drops"] == {}


def test_vex_pfe_killed(bench):
    """It is started again and has its configuration again, VLANs and all."""
    a, b, c = bench.ears("a", "b", "c")
    switch = bench.switch(vlans(10, 20) + access(*P[:2], vlan="v10") + access(P[2], vlan="v20")).start()
    talk(a, b, frame(BROADCAST, A, b"before"))
    for n in (1, 2):
        switch.kill("vex-pfe")
        switch.wait_installed()
        switch.wait_links()
        after = frame(BROADCAST, A, b"after %d" % n)
        talk(a, b, after)
        assert b.heard.count(after) == 1
        assert switch.counters()["fdb"]["learned"] == 1
    c.listen()
    assert c.heard == []
    assert switch.child("vex-re")["restarts"] == 0


def test_both_killed(bench):
    a, b = bench.ears("a", "b")
    switch = bench.switch(one_vlan(*P[:2])).start()
    for child in switch.status()["children"]:
        os.kill(child["pid"], signal.SIGKILL)
    until("both were started again", lambda: all(child["restarts"] == 1 for child in switch.status()["children"]))
    switch.wait_installed()
    switch.wait_links()
    talk(a, b, frame(BROADCAST, A, b"after"))


def test_link_follows_the_wire(bench):
    """Down takes the port out of floods, up brings it back."""
    a, b, c = bench.ears("a", "b", "c")
    switch = bench.switch(one_vlan(*P[:3])).start()
    talk(a, c, frame(BROADCAST, A, b"1"))
    bench.hosts["c"].run("ip", "link", "set", "eth0", "down")
    until("the link is down", lambda: switch.port(P[2])["link"] == "down")
    talk(a, b, frame(BROADCAST, A, b"2"))
    bench.hosts["c"].run("ip", "link", "set", "eth0", "up")
    until("the link is up", lambda: switch.port(P[2])["link"] == "up")
    ear = Ear(bench.hosts["c"])
    bench.others.append(ear.sock)
    talk(a, ear, frame(BROADCAST, A, b"3"))
    until("the changes are logged", lambda: re.findall(rf"{P[2]}: link is (\w+)", switch.log("vex-re"))
          [-2:] == ["down", "up"])


def test_interface_disappears(bench):
    """It takes only its own port down."""
    a, b, _ = bench.ears("a", "b", "c")
    switch = bench.switch(one_vlan(*P[:3])).start()
    bench.home.run("ip", "link", "del", "p2")
    until("the link is down", lambda: switch.port(P[2])["link"] == "down")
    talk(a, b, frame(BROADCAST, A, b"1"))
    talk(b, a, frame(A, B, b"2"))
    assert switch.child("vex-pfe")["restarts"] == 0


def test_instances_side_by_side(bench):
    """Two switches with addresses of their own; a wire joins them; one ends, the other goes on."""
    a, b, c = bench.ears("a", "b", "c")
    wire(bench.home, "x0", bench.home, "x1")
    for device in ("x0", "x1"):
        bench.quiet(bench.home, device)
    one = bench.switch(one_vlan(*P[:3]), {P[0]: "p0", P[1]: "x0", P[2]: "p2"}).start()
    two = bench.switch(one_vlan(*P[:2], vid=30), {P[0]: "p1", P[1]: "x1"}).start()
    assert one.status()["base_mac"] != two.status()["base_mac"]
    talk(a, b, frame(BROADCAST, A, b"through both"))
    talk(b, a, frame(A, B, b"and back"))
    two.stop()
    talk(a, c, frame(BROADCAST, A, b"one goes on"))
    assert one.status()["state"] == "installed"


def test_second_supervisor_is_refused(bench):
    a, b = bench.ears("a", "b")
    switch = bench.switch(one_vlan(*P[:2])).start()
    before = switch.status()
    done = switch.try_start()
    assert done.returncode == 1
    assert f"instance {switch.name} is running already, supervised by process {before['pid']}" in done.stderr
    assert [child["pid"] for child in switch.status()["children"]] == [
        child["pid"] for child in before["children"]]
    talk(a, b, frame(BROADCAST, A, b"undisturbed"))


def test_missing_interface(bench):
    """Its port stays down and says why; the others work."""
    a, b = bench.ears("a", "b")
    switch = bench.switch(one_vlan(*P[:3]), {P[0]: "p0", P[1]: "p1", P[2]: "nosuch"}).start()
    talk(a, b, frame(BROADCAST, A, b"works"))
    port = switch.port(P[2])
    assert (port["bound"], port["link"]) == (False, "down")
    assert re.search(rf"port {P[2]} stays down: .*nosuch", switch.log("vex-pfe"))


@pytest.mark.parametrize("platform, ports, config, reason", [
    ({}, {"ge-0/0/99": {"device": "null"}}, "", "ge-0/0/99"),
    ({"cores": [0, 1000]}, {P[0]: {"device": "null"}}, "", "processor 1000"),
    ({"memory-mb": 64}, {P[0]: {"device": "null"}}, "", "is too little"),
    ({"model": "ex4400-48t"}, {P[0]: {"device": "null"}}, "set chassis model ex4400-24t\n",
     "the configuration says model ex4400-24t"),
    ({"model": "ex4400-24t"}, {P[0]: {"device": "null"}}, access(P[5].replace("/5", "/40"), vlan="v1"), "ge-0/0/40"),
    ({}, {P[0]: "p0", P[1]: "p0"}, "", "p0"),
])
def test_refused(bench, platform, ports, config, reason):
    """With the reason; nothing runs then."""
    switch = bench.switch(config, ports, **platform)
    done = switch.try_start()
    assert done.returncode == 1 and reason in done.stderr, done.stderr
    status = switch.command("status")
    assert status.returncode == 1 and "is not running" in status.stderr


def test_stop_leaves_nothing(bench):
    """No process and no mode of an interface; files and logs of the instance stay."""
    a, b = bench.ears("a", "b")
    switch = bench.switch(one_vlan(*P[:2])).start()
    talk(a, b, frame(BROADCAST, A, b"works"))
    status = switch.status()
    switch.stop()
    for pid in (status["pid"], *(child["pid"] for child in status["children"])):
        wait_dead(pid)
    assert sorted(os.listdir(switch.run)) == ["lock", "platform.json", "vex-pfe.log", "vex-re.log",
                                              "vex.log"]
    assert bench.home.run("ip", "-d", "-o", "link", "show", "dev", "p0").split("promiscuity ")[1].split()[0] == "0"
    assert "killed" not in switch.log("vex")
    switch.start()
    talk(a, b, frame(BROADCAST, A, b"works again"))


def cpu_clocks(pid):
    """Clocks (user and system) of each thread, by its name."""
    found = {}
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/stat", encoding="utf-8") as file:
            head, _, rest = file.read().rpartition(")")
        fields = rest.split()
        found[task, head.split("(", 1)[1]] = int(fields[11]) + int(fields[12])
    return found


def test_idle_switch_sleeps(bench):
    """A worker with nothing to do takes less than half a processor."""
    a, b = bench.ears("a", "b")
    switch = bench.switch(one_vlan(*P[:2]), idle="sleep").start()
    talk(a, b, frame(BROADCAST, A, b"works"))
    pid = switch.child("vex-pfe")["pid"]
    before, began = cpu_clocks(pid), os.times().elapsed
    until("a second has passed", lambda: os.times().elapsed > began + 1)
    after, seconds = cpu_clocks(pid), os.times().elapsed - began
    assert any("worker" in name for _, name in after)
    for thread, clocks in after.items():
        used = (clocks - before.get(thread, 0)) / os.sysconf("SC_CLK_TCK")
        assert used / seconds < 0.5, f"{thread}: {used} s of {seconds} s"
    assert switch.status()["workers"][0]["heartbeat"] > 0


def test_storm_control_shuts_a_port_down(bench):
    a, b, c = bench.ears("a", "b", "c")
    config = one_vlan(*P[:3], more="set forwarding-options storm-control-profiles trip all bandwidth-level 512\n"
                      "set forwarding-options storm-control-profiles trip action-shutdown\n"
                      f"set interfaces {P[0]} unit 0 family ethernet-switching storm-control trip\n")
    switch = bench.switch(config).start()
    talk(a, b, frame(BROADCAST, A, b"below the rate"))
    for _ in range(300):
        a.send(frame(BROADCAST, A, bytes(1000)))

    def shut():
        a.send(frame(B, A, b"?"))
        return "PORT_DOWN" in switch.drops(P[0])

    until("the port is down", shut)
    assert switch.drops(P[0])["STORM_CONTROL"] > 0
    talk(b, c, frame(BROADCAST, B, b"the others work"))
    until("it is logged", lambda: f"{P[0]}: shut down by the data plane" in switch.log("vex-re"))


def test_mac_limit_shuts_a_port_down(bench):
    a, b, c = bench.ears("a", "b", "c")
    config = one_vlan(*P[:3], more=f"set switch-options interface {P[0]}.0 interface-mac-limit 1\n"
                      f"set switch-options interface {P[0]}.0 interface-mac-limit packet-action shutdown\n")
    switch = bench.switch(config).start()
    talk(a, b, frame(BROADCAST, A, b"the first"))

    def shut():
        a.send(frame(BROADCAST, D, b"the second"))
        return "PORT_DOWN" in switch.drops(P[0])

    until("the port is down", shut)
    assert switch.drops(P[0])["MAC_LIMIT"] > 0
    assert frame(BROADCAST, D, b"the second") not in b.listen()
    talk(b, c, frame(BROADCAST, B, b"the others work"))
    until("it is logged", lambda: f"{P[0]}: shut down by the data plane" in switch.log("vex-re"))
