# SPDX-License-Identifier: BSD-3-Clause
"""Frames of the routing engine: from a port to its tap, from a tap to its port, and their policers.

tcpdump and packet sockets in the instance's namespace look at the kernel's side; frames are made by
scapy. Names of instances are names of namespaces, so each is used once.
"""
import io
import itertools
import os
import signal
import socket
import subprocess

from scapy.contrib.lacp import LACP, SlowProtocol
from scapy.contrib.lldp import (LLDPDU, LLDPDUChassisID, LLDPDUEndOfLLDPDU, LLDPDUPortID,
                                LLDPDUTimeToLive)
from scapy.layers.eap import EAPOL
from scapy.layers.l2 import LLC, STP, Dot1Q, Dot3, Ether
from scapy.utils import PcapReader, RawPcapNgReader

from compare import conservation
from hosts import LIMIT, Host, receive, wire
from live import Ear, frame, mac, tag, talk, until, wait_dead
from switch import SIDES, VEX, access, call, vlans

HOME = "02:00:5e:00:01:01"
P0, P1 = "ge-0/0/0", "ge-0/0/1"
numbers = itertools.count(1)


def lldp(text="somewhere", tags=0):
    head = Ether(dst="01:80:c2:00:00:0e", src=HOME)
    for n in range(tags):
        head /= Dot1Q(vlan=n, prio=7)
    head.lastlayer().type = 0x88CC
    return bytes(head / LLDPDUChassisID(subtype=4, id=HOME) / LLDPDUPortID(subtype=5, id=text)
                 / LLDPDUTimeToLive(ttl=120) / LLDPDUEndOfLLDPDU()).ljust(60, b"\0")


def lacp(n=1):
    return bytes(Ether(dst="01:80:c2:00:00:02", src=HOME) / SlowProtocol() / LACP(actor_port_number=n))


def bpdu(age=0):
    return bytes(Dot3(dst="01:80:c2:00:00:00", src=HOME) / LLC() / STP(age=age)).ljust(60, b"\0")


def eapol():
    return bytes(Ether(dst="01:80:c2:00:00:03", src=HOME) / EAPOL(version=2, type=1)).ljust(60, b"\0")


class Namespace(Host):
    """The namespace of an instance; the switch makes and removes it."""

    def __init__(self, name):  # pylint: disable=super-init-not-called
        self.name = name

    def exists(self):
        return os.path.exists(f"/run/netns/{self.name}")

    def carrier(self, tap):
        return "LOWER_UP" in self.run("ip", "-o", "link", "show", "dev", tap)

    def index(self, tap):
        with self.inside():
            return socket.if_nametoindex(tap)


class Dump:
    """tcpdump on a tap: every frame in the order of the kernel, tags and all."""

    def __init__(self, namespace, tap, *words):
        self.process = subprocess.Popen(  # pylint: disable=consider-using-with
            ["ip", "netns", "exec", namespace.name, "tcpdump", "-i", tap, "-U", "-w", "-", "-Z", "root",
             "--immediate-mode", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        line = b""
        while b"listening on" not in line:
            line = self.process.stderr.readline()
            assert line, "tcpdump does not listen"

    def finish(self):
        """Ends tcpdump; the frames."""
        self.process.send_signal(signal.SIGINT)
        out, _ = self.process.communicate(timeout=LIMIT)
        return [bytes(packet) for packet in PcapReader(io.BytesIO(out))]


class Tap(Ear):
    """A packet socket on a tap: what the kernel received there, and a way to send."""

    def listen(self):
        new = []
        while (one := receive(self.sock)) is not None:
            if not one[1]:
                new.append(one[2])
        self.heard += new
        return new


def start(bench, config=None, **more):
    """A switch with a name of its own, and its namespace."""
    name = f"pu{os.getpid()}-{next(numbers)}"
    switch = bench.switch(config or vlans(10) + access(P0, P1, vlan="v10"), name=name, **more).start()
    return switch, Namespace(f"vex-{name}")


def tap(bench, namespace, port):
    until("the tap has a carrier", lambda: namespace.carrier(port))
    ear = Tap(namespace, port)
    bench.others.append(ear.sock)
    return ear


def test_punted_frames_reach_the_tap(bench):
    """Byte for byte, with their tags, and on the tap of their port alone."""
    anna, bert = bench.ears("anna", "bert")
    switch, namespace = start(bench)
    mine, other = tap(bench, namespace, "ge-0_0_0"), tap(bench, namespace, "ge-0_0_1")
    dump = Dump(namespace, "ge-0_0_0")
    long = lldp().ljust(1514, b"\x5a")
    sent = [lldp(), lldp(tags=1), lldp(tags=2), lacp(), bpdu(), eapol(), long, lldp(tags=1).ljust(1518, b"\xa5")]
    for data in sent:
        anna.send(data)
        mine.wait(data)
    assert dump.finish() == sent
    assert not other.listen()
    bert.send(lacp(2))
    other.wait(lacp(2))
    counters = switch.counters()
    assert {name: one["received"] for name, one in counters["punt"].items()} == {
        "lldp": 5, "lacp": 2, "stp": 1, "proto-802-1x": 1}
    assert not any(one["dropped"] for one in counters["punt"].values())
    assert counters["ports"][P0]["punted"] == 8 and counters["ports"][P1]["punted"] == 1
    assert not anna.listen() and not bert.listen()


def test_frames_of_a_tap_leave_the_port(bench):
    """Byte for byte; nobody else gets them, and the kernel sends nothing of its own accord."""
    anna, bert = bench.ears("anna", "bert")
    switch, namespace = start(bench)
    mine = tap(bench, namespace, "ge-0_0_0")
    tap(bench, namespace, "ge-0_0_1")
    a, b = mac(1), mac(2)
    frames = [frame(a, b, b"plain" * 9), frame(a, b, b"tagged" * 9, tag(4094)),
              frame(a, b, b"two" * 20, tag(5, 0x88A8) + tag(6)), frame(a, b, b"x" * 1500),
              frame(a, b, b"y" * 1500, tag(7))]
    for data in frames:
        mine.send(data)
        anna.wait(data)
    assert anna.heard == frames
    short = frame(a, b, b"")[:20]
    mine.send(short)
    anna.wait(short.ljust(60, b"\0"))
    assert not bert.listen()
    counters = until("all is counted", lambda: (
        one := switch.counters())["ports"][P0]["tx_packets"] == len(frames) + 1 and one)
    assert counters["switch"]["injected"] == len(frames) + 1
    assert counters["ports"][P0]["enqueued"] == len(frames) + 1
    assert counters["ports"][P1]["tx_packets"] == 0
    assert counters["inject_refused"] == counters["inject_lost"] == 0


def test_mtu_and_disabled_ports(bench):
    """Taps have the MTU of their port; a disabled port has no carrier, and takes no frames."""
    anna, bert = bench.ears("anna", "bert", mtu=9000)
    switch, namespace = start(bench, vlans(10) + access(P0, P1, vlan="v10")
                              + f"set interfaces {P0} mtu 4000\nset interfaces {P1} disable\n")
    mine = tap(bench, namespace, "ge-0_0_0")
    assert "mtu 3986 " in namespace.run("ip", "link", "show", "dev", "ge-0_0_0")
    assert "mtu 1500 " in namespace.run("ip", "link", "show", "dev", "ge-0_0_1")
    data = frame(mac(1), mac(2), b"j" * 3986)
    mine.send(data)
    anna.wait(data)
    anna.send(lldp().ljust(4000, b"\x11"))
    mine.wait(lldp().ljust(4000, b"\x11"))
    assert not namespace.carrier("ge-0_0_1")
    assert not bert.listen() and switch.counters()["inject_refused"] == 0


def test_two_workers(bench):
    """Each worker punts from its ports and sends for them; one bucket for both; the sums hold."""
    ears = bench.ears("anna", "bert")
    policer = "set system ddos-protection protocols lldp aggregate "
    switch, namespace = start(bench, vlans(10) + access(P0, P1, vlan="v10")
                              + f"{policer} bandwidth 1\n{policer} burst 40\n", workers=2)
    taps = [tap(bench, namespace, name) for name in ("ge-0_0_0", "ge-0_0_1")]
    for n in range(100):
        for ear in ears:
            ear.send(lldp(f"port {n}"))
    for n, (ear, mine) in enumerate(zip(ears, taps)):
        ear.send(lacp(n))
        mine.wait(lacp(n))
        for length in (1, 200, 1400):
            data = frame(mac(1), mac(2), bytes([n]) * length)
            mine.send(data)
            ear.wait(data)
    talk(*ears, frame(mac(2), mac(1), b"between the two"))

    def ask():
        counters = switch.counters()
        return counters if not list(conservation(counters, SIDES)) else None

    counters = until("the counters add up", ask)
    assert counters["switch"]["injected"] == 6
    assert counters["punt"]["lacp"] == {"received": 2, "dropped": 0}
    passed = sum(len(mine.heard) - 1 for mine in taps)
    assert counters["punt"]["lldp"] == {"received": 200, "dropped": 200 - passed} and passed >= 40


def test_taps_follow_commits(bench):
    """A commit changes the MTU, and the name of a port that has another speed now; frames go on."""
    anna, = bench.ears("anna")
    switch, namespace = start(
        bench, "set chassis model ex4400-48f\n" + vlans(10) + access("ge-0/0/0", vlan="v10"),
        ports={"xe-0/0/36": "p0"}, model="ex4400-48f")
    before = namespace.index("xe-0_0_36")
    ear = tap(bench, namespace, "xe-0_0_36")
    for n, (change, name, mtu) in enumerate((
            ("set interfaces xe-0/0/36 mtu 5000", "xe-0_0_36", 4986),
            ("delete interfaces xe-0/0/36; set interfaces ge-0/0/36 speed 1g", "ge-0_0_36", 1500))):
        done = switch.command("cli", "-c", f"configure; {change}; commit; exit")
        assert done.returncode == 0 and "commit complete" in done.stdout, done.stdout + done.stderr
        until("the tap has its name", lambda name=name: name in namespace.run("ip", "-o", "link"))
        assert namespace.index(name) == before
        assert f"mtu {mtu} " in namespace.run("ip", "link", "show", "dev", name)
        until("the tap has a carrier", lambda name=name: namespace.carrier(name))
        anna.send(lacp(n))
        ear.wait(lacp(n))


def test_policers_count_exactly(bench):
    """What came is what passed and what was dropped; a flood of one protocol leaves another alone."""
    anna, = bench.ears("anna")
    policer = "set system ddos-protection protocols lldp aggregate "
    switch, namespace = start(bench, vlans(10) + access(P0, vlan="v10")
                              + f"{policer} bandwidth 2\n{policer} burst 50\n")
    mine = tap(bench, namespace, "ge-0_0_0")
    flood = [lldp(f"port {n}") for n in range(2000)]
    for n, data in enumerate(flood):
        anna.send(data)
        if n % 100 == 99:
            anna.send(lacp(n))
            mine.wait(lacp(n))
    counters = switch.counters()
    seen = [data for data in mine.heard if data in set(flood)]
    one = counters["punt"]["lldp"]
    assert one["received"] == len(flood)
    assert one["received"] - one["dropped"] == len(seen) >= 50
    assert counters["drops"]["PUNT_POLICED"] == counters["ports"][P0]["drops"]["PUNT_POLICED"] == one["dropped"] > 0
    assert counters["punt"]["lacp"] == {"received": 20, "dropped": 0}
    assert counters["ports"][P0]["punted"] == len(seen) + 20
    until("the violation is in the log", lambda: "Warning: Host-bound traffic for "
          "protocol/exception lldp:aggregate exceeded its allowed bandwidth" in switch.log("vex-re"))
    assert "lacp:aggregate" not in switch.log("vex-re")
    shown = switch.command("cli", "-c", "show ddos-protection protocols lldp").stdout
    assert "Currently violated: 1" in shown and "Aggregate bandwidth is being violated!" in shown
    assert f"Received:  {len(flood):<20}Passed: {len(seen)}" in shown and f"Dropped:   {one['dropped']}" in shown
    # The first of the flood, in order: the bucket was full, so no other could be let through before.
    assert seen[:50] == flood[:50] and seen == sorted(seen, key=flood.index)


def test_taps_outlive_both_programs(bench):
    """kill -9 of either: the taps are the same, and frames go on both ways."""
    anna, = bench.ears("anna")
    switch, namespace = start(bench)
    mine = tap(bench, namespace, "ge-0_0_0")
    before = namespace.index("ge-0_0_0")
    for n, program in enumerate(("vex-re", "vex-pfe", "vex-re")):
        switch.kill(program)
        switch.wait_installed()
        until("the tap has a carrier", lambda: namespace.carrier("ge-0_0_0"))
        assert namespace.index("ge-0_0_0") == before
        anna.send(lacp(100 + n))
        mine.wait(lacp(100 + n))
        data = frame(mac(1), mac(2), bytes([n]) * 50)
        mine.send(data)
        anna.wait(data)


def test_carrier_follows_the_link(bench):
    anna, = bench.ears("anna")
    switch, namespace = start(bench)
    tap(bench, namespace, "ge-0_0_0")
    assert not namespace.carrier("ge-0_0_5")
    host = bench.hosts["anna"]
    host.run("ip", "link", "set", "eth0", "down")
    until("the carrier is gone", lambda: not namespace.carrier("ge-0_0_0"))
    host.run("ip", "link", "set", "eth0", "up")
    until("the carrier is back", lambda: namespace.carrier("ge-0_0_0"))
    switch.wait_links()
    del anna


def test_names_addresses_and_silence(bench):
    """Every port has its tap: characters of interfaces, addresses by number, no IPv6."""
    bench.ears("anna")
    switch, namespace = start(
        bench, "set chassis fpc 0 pic 1 port 0 channel-speed 10g\n" + vlans(10)
        + access(P0, vlan="v10"), **{"channel-speed": {"et-0/1/0": "10g"}, "base-mac": "02:00:00:00:10:80"})
    links = {line.split(": ")[1]: line.split("link/ether ")[1][:17]
             for line in namespace.run("ip", "-o", "link").splitlines() if "link/ether" in line}
    names = [f"ge-0_0_{n}" for n in range(24)] + [f"xe-0_1_0_{n}" for n in range(4)] + ["et-0_1_1"]
    assert list(links) == names
    assert list(links.values()) == [f"02:00:00:00:10:{0x80 + n:02x}" for n in range(29)]
    assert "fe80" not in namespace.run("ip", "-6", "address")
    assert switch.status()["namespace"] == namespace.name


def test_the_namespace_goes_and_comes(bench):
    """Gone after a stop; what a killed supervisor left is made anew; nobody takes a living one's."""
    bench.ears("anna")
    switch, namespace = start(bench)
    switch.stop()
    assert not namespace.exists()
    switch.start()
    family = [switch.status()["pid"], *(switch.child(name)["pid"] for name in ("vex-pfe", "vex-re"))]
    os.kill(family[0], signal.SIGKILL)
    for pid in family:
        wait_dead(pid)
    assert namespace.exists()
    switch.start()
    tap(bench, namespace, "ge-0_0_0")
    # The same name in other directories: it works, without taps.
    wire(bench.host("zoe"), "eth0", bench.home, "z0")
    bench.quiet(bench.hosts["zoe"], "eth0")
    bench.quiet(bench.home, "z0")
    twin = bench.switch(vlans(10) + access(P0, vlan="v10"), ports={P0: "z0"}, name=switch.name)
    twin.run, twin.state = (os.path.join(bench.folder, what, switch.name) for what in ("run2", "state2"))
    for what in (twin.run, twin.state):
        os.makedirs(os.path.dirname(what))
    twin.start()
    assert twin.status()["namespace"] is None
    assert "belongs to another switch" in twin.status()["no_taps"]
    twin.stop()
    assert namespace.exists() and namespace.carrier("ge-0_0_0")
    switch.stop()
    assert not namespace.exists()


def test_without_the_privilege(bench):
    """Who may not make namespaces gets a switch without taps, and the reason."""
    anna, bert = bench.ears("anna", "bert")
    name = f"pu{os.getpid()}-{next(numbers)}"
    switch = bench.switch(vlans(10) + access(P0, P1, vlan="v10"), name=name)
    with bench.home.inside():
        done = call(["setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin", VEX, "start", "--platform",
                     switch.platform, "--config", switch.config, "--instance", name],
                    env=switch.environment())
    assert done.returncode == 0, done.stderr
    switch.wait_links()
    assert switch.status()["namespace"] is None
    assert "Operation not permitted" in switch.status()["no_taps"]
    assert f"No taps: network namespace vex-{name}: " in switch.command("status").stdout
    assert not Namespace(f"vex-{name}").exists()
    talk(anna, bert, frame(mac(2), mac(1), b"works"))
    anna.send(lacp())
    until("the frame is counted", lambda: switch.counters()["punt"] == {"lacp": {"received": 1, "dropped": 0}})
    done = switch.command("cli", "-c", "monitor traffic interface ge-0/0/0")
    assert done.returncode != 0 and "no taps" in done.stderr
    assert switch.child("vex-re")["restarts"] == switch.child("vex-pfe")["restarts"] == 0


def monitor(switch, command):
    """The command line at work: a process that has begun to listen, or has ended."""
    with switch.home.inside():
        process = subprocess.Popen(  # pylint: disable=consider-using-with
            [VEX, "cli", "--instance", switch.name, "-c", f"monitor traffic interface {command}"],
            env=switch.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines = []
    while not lines or (lines[-1] and "listening on" not in lines[-1]):
        lines.append(process.stdout.readline())
    return process, lines


def test_monitor_traffic(bench):
    """Text by tcpdump, and a pcapng file with the name of the port; both ways; and what is wrong."""
    anna, = bench.ears("anna")
    switch, namespace = start(bench)
    mine = tap(bench, namespace, "ge-0_0_0")
    process, _ = monitor(switch, "ge-0/0/0 count 2 layer2-headers no-resolve")
    anna.send(lldp("here"))
    mine.wait(lldp("here"))
    data = frame(mac(1), mac(2), b"out")
    mine.send(data)
    text, _ = process.communicate(timeout=LIMIT)
    assert process.returncode == 0, text
    assert "LLDP" in text and HOME in text and "2 packets captured" in text
    assert text.index("LLDP") < text.index("02:00:5e:00:01:02 > 02:00:5e:00:01:01")

    path = os.path.join(bench.folder, "out.pcapng")
    process, _ = monitor(switch, f'ge-0/0/0.0 write-file {path} count 2 matching "not ether proto 0x88cc"')
    anna.send(lldp(), lacp(1), lldp(tags=1), bpdu())
    text, _ = process.communicate(timeout=LIMIT)
    assert process.returncode == 0, text
    # The kernel keeps the outer tag beside the frame: an expression looks behind it.
    assert [packet for packet, _ in RawPcapNgReader(path)] == [lacp(1), bpdu()]
    shown = subprocess.run(["tshark", "-r", path, "-T", "fields", "-e", "frame.interface_name"],
                           capture_output=True, text=True, check=True, timeout=LIMIT)
    assert shown.stdout.split() == [P0] * 2

    process, _ = monitor(switch, f"ge-0/0/0 write-file {path}")
    anna.send(lacp(5))
    mine.wait(lacp(5))
    process.send_signal(signal.SIGINT)
    text, _ = process.communicate(timeout=LIMIT)
    assert process.returncode == 0, text
    assert [packet for packet, _ in RawPcapNgReader(path)] == [lacp(5)]

    for command, words in (("ge-0/0/0 matching \"nonsense at all\"", "syntax error"),
                           ("ge-0/0/0 count none", "numbers from 1"),
                           ("ge-0/0/99", "ge-0/0/99"),
                           (f"ge-0/0/0 write-file {bench.folder}/not/there", "No such file")):
        process, lines = monitor(switch, command)
        text = "".join(lines) + process.communicate(timeout=LIMIT)[0]
        assert process.returncode != 0 and words in text, (command, text)


def test_two_instances(bench):
    """Side by side: what one punts the other does not see."""
    anna, bert = bench.ears("anna", "bert")
    one, first = start(bench, vlans(10) + access(P0, vlan="v10"), ports={P0: "p0"})
    two, second = start(bench, vlans(10) + access(P0, vlan="v10"), ports={P0: "p1"})
    here, there = tap(bench, first, "ge-0_0_0"), tap(bench, second, "ge-0_0_0")
    anna.send(lacp(1))
    bert.send(lacp(2))
    here.wait(lacp(1))
    there.wait(lacp(2))
    assert here.heard == [lacp(1)] and there.heard == [lacp(2)]
    one.stop()
    bert.send(lacp(3))
    there.wait(lacp(3))
    assert two.counters()["punt"]["lacp"] == {"received": 2, "dropped": 0}
