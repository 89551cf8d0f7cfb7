# SPDX-License-Identifier: BSD-3-Clause
"""Devices behind ports: what each kind must do with frames, losses, and interfaces that come and go."""
import fcntl
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess

import pytest

from hosts import tcp_both_ways, wire
from live import BROADCAST, Ear, frame, mac, tag, talk, until, wait_dead
from switch import access, vlans
from test_live import malformed

BULK = 20_000_000
TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 2, 0x1000
UDP_SEGMENT = 103  # socket option: the kernel cuts datagrams, or leaves it to the device
P = [f"ge-0/0/{n}" for n in range(6)]
A, B, C = (mac(n) for n in range(1, 4))


KINDS = pytest.mark.parametrize("kind", ["af_packet", "af_xdp"])


def behind(kind, *interfaces):
    return {f"ge-0/0/{n}": {"device": kind, "interface": name} for n, name in enumerate(interfaces)}


def one_vlan(*ports, more=""):
    return vlans(10) + access(*ports, vlan="v10") + more


def promiscuity(bench, device):
    found = re.search(r"promiscuity (\d+)", bench.home.run("ip", "-d", "-o", "link", "show", "dev", device))
    return int(found.group(1))


def features(bench, device):
    """{offload: whether it is on} of those that can be changed."""
    lines = re.findall(r"^\s*([\w-]+): (on|off)$", bench.home.run("ethtool", "-k", device), re.M)
    return {name: state == "on" for name, state in lines}


@pytest.mark.parametrize("kind, workers", [("af_packet", 1), ("af_packet", 2), ("af_xdp", 1), ("af_xdp", 2)])
def test_hosts_talk(bench, kind, workers):
    """ARP, ND, ICMP, TCP both ways; a packet socket in a fanout would join fragments, and drop the whole."""
    for n, name in enumerate(("anna", "bert")):
        bench.connect(name, f"p{n}", address=n + 1)
    switch = bench.switch(one_vlan(*P[:2]), behind(kind, "p0", "p1"), workers=workers).start()
    anna, bert = bench.hosts["anna"], bench.hosts["bert"]
    for words in (("192.0.2.2",), ("-6", "2001:db8::2")):
        for size in (56, 1452, 3000):
            anna.run("ping", "-nqc", 2, "-i", "0.1", "-W", 5, "-s", size, *words)
    tcp_both_ways(bert, anna, "192.0.2.2", BULK // 2)
    tcp_both_ways(bert, anna, "2001:db8::2", BULK // 4, socket.AF_INET6)
    assert set(switch.counters()["drops"]) <= {"DEVICE_FULL", "PORT_DOWN"}


@KINDS
def test_iperf3(bench, kind):
    """A server and a client that others wrote, both ways."""
    for n, name in enumerate(("anna", "bert")):
        bench.connect(name, f"p{n}", address=n + 1)
    bench.switch(one_vlan(*P[:2]), behind(kind, "p0", "p1")).start()
    words = ["ip", "netns", "exec", bench.hosts["bert"].name, "iperf3", "-s"]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL) as server:
        try:
            until("the server listens", lambda: ":5201" in bench.hosts["bert"].run("ss", "-lnt"))
            for more in ([], ["-R"]):
                said = json.loads(bench.hosts["anna"].run("iperf3", "-c", "192.0.2.2", "-n", "10M", "-J", *more))
                sent = said["end"]["sum_sent"]["bytes"]  # what is under way at the end is not received
                assert sent >= 10 << 20 and said["end"]["sum_received"]["bytes"] > sent / 2
        finally:
            server.kill()


@pytest.mark.parametrize("tags", [tag(5, 0x88a8), tag(5, 0x88a8) + tag(7), tag(5, 0x9100), tag(0xe00a, 0x8100)],
                         ids=["stag", "stag-ctag", "9100", "ctag"])
@KINDS
def test_tags_keep_their_type(bench, tags, kind):
    """Tag for tag as they were sent; an access port of VLAN 10 takes its own tag out."""
    a, b = bench.ears("a", "b")
    bench.switch(one_vlan(*P[:2]), behind(kind, "p0", "p1")).start()
    data = frame(BROADCAST, A, bytes(range(100)), tags)
    a.send(data)
    b.wait(data if tags[:2] != b"\x81\x00" else frame(BROADCAST, A, bytes(range(100))))


def test_checksums_are_completed(bench):
    """Hosts that leave checksums to hardware that a veth does not have."""
    for n, name in enumerate(("anna", "bert")):
        bench.connect(name, f"p{n}", address=n + 1).run("ethtool", "-K", "eth0", "tx", "on", "tso", "off", "gso", "off")
    bench.switch(one_vlan(*P[:2])).start()
    anna, bert = bench.hosts["anna"], bench.hosts["bert"]
    assert "tx-checksumming: on" in anna.run("ethtool", "-k", "eth0")
    tcp_both_ways(bert, anna, "192.0.2.2", BULK // 4)
    tcp_both_ways(bert, anna, "2001:db8::2", BULK // 4, socket.AF_INET6)
    server, client = (host.socket(socket.AF_INET, socket.SOCK_DGRAM) for host in (bert, anna))
    bench.others += [server, client]
    server.bind(("192.0.2.2", 5002))
    server.settimeout(10)
    for size in (0, 1, 2, 999, 1472):
        client.sendto(bytes(size), ("192.0.2.2", 5002))
        assert server.recv(2000) == bytes(size)


@pytest.mark.parametrize("mtu", [1500, 9202])
def test_hosts_that_cut_nothing(bench, mtu):
    """Hosts as they come, with frames of 64 kB for a network card that would cut them: TCP and UDP."""
    for n, name in enumerate(("anna", "bert")):
        bench.connect(name, f"p{n}", mtu=mtu, address=n + 1).run(
            "ethtool", "-K", "eth0", "sg", "on", "tx", "on", "tso", "on", "gso", "on", "gro", "on", "txvlan", "on")
    more = "".join(f"set interfaces {port} mtu {max(1514, mtu + 14)}\n" for port in P[:2])
    switch = bench.switch(one_vlan(*P[:2], more=more)).start()
    anna, bert = bench.hosts["anna"], bench.hosts["bert"]
    before = switch.port(P[1])
    tcp_both_ways(bert, anna, "192.0.2.2", BULK)
    tcp_both_ways(bert, anna, "2001:db8::2", BULK, socket.AF_INET6)
    server, client = (host.socket(socket.AF_INET, socket.SOCK_DGRAM) for host in (bert, anna))
    bench.others += [server, client]
    server.bind(("192.0.2.2", 5002))
    server.settimeout(10)
    client.setsockopt(socket.IPPROTO_UDP, UDP_SEGMENT, 1000)
    client.sendto(bytes(range(250)) * 50, ("192.0.2.2", 5002))
    assert [server.recv(2000) for _ in range(13)] == [bytes(range(250)) * 4] * 12 + [bytes(range(250)) * 2]
    after = switch.port(P[1])
    drops = switch.counters()["drops"]
    assert set(drops) <= {"DEVICE_FULL", "PORT_DOWN"}
    # What came is frames that fit: none is longer than the mtu on average, and hosts sent more than that at once.
    count, size = (after[what] - before[what] for what in ("rx_packets", "rx_bytes"))
    assert size / count <= mtu + 14


@KINDS
def test_losses_are_counted(bench, kind):
    """While nobody takes frames the ring is full, and every frame is either received or missed."""
    a, b = bench.ears("a", "b")
    switch = bench.switch(one_vlan(*P[:2]), behind(kind, "p0", "p1")).start()
    talk(a, b, frame(BROADCAST, A, b"before"))
    pid, sent = switch.child("vex-pfe")["pid"], 5000
    os.kill(pid, signal.SIGSTOP)
    try:
        for n in range(sent):
            a.send(frame(B, A, n.to_bytes(4, "big")))
    finally:
        os.kill(pid, signal.SIGCONT)

    def counted():
        port = switch.port(P[0])
        return port if port["rx_packets"] + port["device_missed"] >= sent + 1 else None

    port = until("all frames are counted", counted)
    assert port["device_missed"] > 0 and port["rx_packets"] > 1000
    assert port["rx_packets"] + port["device_missed"] == sent + 1
    talk(a, b, frame(BROADCAST, A, b"after"))
    assert switch.child("vex-pfe")["restarts"] == 0


def test_too_long_for_the_interface(bench):
    """The port allows it, the interface does not: not sent, and counted."""
    a, b = bench.ears("a", "b", mtu=4000)
    bench.home.run("ip", "link", "set", "p1", "mtu", 1500)
    mtu = "".join(f"set interfaces {port} mtu 4000\n" for port in P[:2])
    switch = bench.switch(one_vlan(*P[:2], more=mtu)).start()
    a.send(frame(BROADCAST, A, bytes(1500)), frame(BROADCAST, A, bytes(3000)), frame(BROADCAST, A, bytes(100)))
    b.wait(frame(BROADCAST, A, bytes(100)))
    assert b.heard == [frame(BROADCAST, A, bytes(1500)), frame(BROADCAST, A, bytes(100))]
    until("it is counted", lambda: switch.port(P[1])["device_errors"] == 1)
    assert switch.drops(P[1]) == {"DEVICE_FULL": 1}
    assert switch.counters()["ports"][P[1]]["tx_packets"] == 2


def test_longer_than_the_ring(bench):
    """An interface may receive more than its MTU says, which the ring was made for: whole all the same."""
    [b] = bench.ears("b", mtu=9000)
    with bench.home.inside(), open("/dev/net/tun", "r+b", buffering=0) as tap:
        fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", b"t0", IFF_TAP | IFF_NO_PI))
        bench.home.run("ip", "link", "set", "t0", "up", "mtu", 1500)
        mtu = "".join(f"set interfaces {port} mtu 9000\n" for port in P[:2])
        switch = bench.switch(one_vlan(*P[:2], more=mtu), behind("af_packet", "t0", "p0")).start()
        for size in (1500, 3000, 8000, 60):
            data = frame(BROADCAST, A, bytes(n * 7 % 256 for n in range(size)))
            tap.write(data)
            b.wait(data)
        assert switch.port(P[0])["device_missed"] == 0


def test_mtu_of_the_interface_grows(bench):
    """The ring was made for shorter frames: it is made anew."""
    a, b = bench.ears("a", "b")
    mtu = "".join(f"set interfaces {port} mtu 9216\n" for port in P[:2])
    switch = bench.switch(one_vlan(*P[:2], more=mtu)).start()
    talk(a, b, frame(BROADCAST, A, bytes(1500)))
    for host, device in ((bench.hosts["a"], "eth0"), (bench.hosts["b"], "eth0"), (bench.home, "p0"), (bench.home, "p1")):
        host.run("ip", "link", "set", device, "mtu", 9202)
    data = frame(BROADCAST, A, bytes(9000))

    def arrived():
        a.send(data)
        b.listen()
        return data in b.heard

    until("a long frame arrives whole", arrived)
    assert switch.child("vex-pfe")["restarts"] == 0


@KINDS
def test_nothing_stays_promiscuous(bench, kind):
    """Whoever kills the supervisor kills everything: no interface keeps a mode."""
    a, b = bench.ears("a", "b")
    switch = bench.switch(one_vlan(*P[:2]), behind(kind, "p0", "p1")).start()
    talk(a, b, frame(BROADCAST, A, b"works"))
    status = switch.status()
    assert promiscuity(bench, "p0") == promiscuity(bench, "p1") == 1
    os.kill(status["pid"], signal.SIGKILL)
    for pid in (status["pid"], *(child["pid"] for child in status["children"])):
        wait_dead(pid)
    until("the sockets are gone", lambda: promiscuity(bench, "p0") == promiscuity(bench, "p1") == 0)


@KINDS
def test_offloads_are_off_meanwhile(bench, kind):
    """Those that change frames; afterwards the interface has them again."""
    a, b = bench.ears("a", "b")
    bench.home.run("ethtool", "-K", "p0", "sg", "on", "tx", "on", "gso", "on", "tso", "on", "gro", "on",
                   "txvlan", "on", "rxvlan", "on")
    before = features(bench, "p0")
    switch = bench.switch(one_vlan(*P[:2]), behind(kind, "p0", "p1")).start()
    talk(a, b, frame(BROADCAST, A, b"works"))
    during = features(bench, "p0")
    switch.stop()
    names = ("tcp-segmentation-offload", "generic-segmentation-offload", "generic-receive-offload",
             "tx-checksumming", "rx-vlan-offload", "tx-vlan-offload")
    assert [name for name in names if not before[name]] == []
    assert [name for name in names if during[name]] == []
    assert features(bench, "p0") == before


@KINDS
def test_interface_comes_back(bench, kind):
    """Another interface of the same name is taken instead, with what was lost before still counted."""
    a, b, _ = bench.ears("a", "b", "c")
    switch = bench.switch(one_vlan(*P[:3]), behind(kind, "p0", "p1", "p2")).start()
    for n in range(2):
        bench.home.run("ip", "link", "del", "p2")
        until("its device is away", lambda: not switch.port(P[2])["bound"])
        assert switch.port(P[2])["link"] == "down"
        talk(a, b, frame(BROADCAST, A, b"meanwhile %d" % n))
        wire(bench.hosts["c"], "eth0", bench.home, "p2")
        bench.quiet(bench.home, "p2")
        bench.quiet(bench.hosts["c"], "eth0")
        until("the link is up", lambda: switch.port(P[2])["link"] == "up")
        c = Ear(bench.hosts["c"])
        bench.others.append(c.sock)
        talk(a, c, frame(BROADCAST, A, b"again %d" % n))
        talk(c, a, frame(A, C, b"and back %d" % n))
    assert switch.child("vex-pfe")["restarts"] == 0
    assert len(re.findall(rf"port {P[2]}: its device went away", switch.log("vex-pfe"))) == 2


@KINDS
def test_vex_pfe_killed(bench, kind):
    """Nothing of the old process is in the way of the new one."""
    a, b = bench.ears("a", "b")
    switch = bench.switch(one_vlan(*P[:2]), behind(kind, "p0", "p1")).start()
    for n in range(2):
        talk(a, b, frame(BROADCAST, A, b"before %d" % n))
        switch.kill("vex-pfe")
        switch.wait_installed()
        for port in P[:2]:
            until("the link is up", lambda name=port: switch.port(name)["link"] == "up")
    talk(a, b, frame(BROADCAST, A, b"after"))


def test_interface_comes_later(bench):
    """Missing at the start."""
    a, b = bench.ears("a", "b")
    switch = bench.switch(one_vlan(*P[:3]), {P[0]: "p0", P[1]: "p1", P[2]: "p2"}).start()
    talk(a, b, frame(BROADCAST, A, b"works"))
    assert f"port {P[2]} stays down: there is no interface p2" in switch.log("vex-pfe")
    bench.connect("c", "p2")
    until("the link is up", lambda: switch.port(P[2])["link"] == "up")
    c = Ear(bench.hosts["c"])
    bench.others.append(c.sock)
    talk(c, a, frame(BROADCAST, C, b"here"))


# ---- Interfaces that the host uses too ----------------------------------------------------------


def shared(bench, management, *addresses):
    """Anna and Bert on the switch; the host has addresses of its own on the interface behind Anna's port."""
    for n, name in enumerate(("anna", "bert")):
        bench.connect(name, f"p{n}", address=n + 1)
    bench.home.run("sysctl", "-qw", "net.ipv6.conf.p0.disable_ipv6=0")
    for address in addresses:
        bench.home.run("ip", "address", "add", address, "dev", "p0", *(["nodad"] if ":" in address else []))
    ports = behind("af_xdp", "p0", "p1")
    if management is not None:
        ports[P[0]]["management"] = management
    return bench.switch(one_vlan(*P[:2]), ports).start()


def answers(host, address, count=1):
    try:
        host.run("ping", "-nqc", count, "-i", "0.1", "-W", 1, address)
    except AssertionError:
        return False
    return True


def reaches(host, server, address, port):
    """A TCP connection comes about."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with server.socket(family, socket.SOCK_STREAM) as listener, host.socket(family, socket.SOCK_STREAM) as client:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.listen()
        client.settimeout(1)
        try:
            client.connect((address, port))
        except (TimeoutError, OSError):
            return False
        return True


def test_management_stays_with_the_host(bench):
    """The host answers on its own addresses, which may change; everything else is switched."""
    switch = shared(bench, None, "192.0.2.100/24", "2001:db8::100/64")
    assert f"port {P[0]}: p0: the other end must send finished checksums and tags" in switch.log("vex-pfe")
    anna, bert = bench.hosts["anna"], bench.hosts["bert"]
    for address in ("192.0.2.100", "2001:db8::100"):
        assert answers(anna, address, 3)
        assert reaches(anna, bench.home, address, 7000)
    anna.run("ping", "-nqc", 1, "-W", 5, "-s", 3000, "192.0.2.100")  # fragments
    for address in ("192.0.2.2", "2001:db8::2"):
        assert answers(anna, address, 3)
        assert reaches(anna, bert, address, 7000)
    bench.home.run("ip", "address", "add", "192.0.2.101/24", "dev", "p0")
    bench.home.run("ip", "address", "del", "192.0.2.100/24", "dev", "p0")
    bench.home.run("ip", "address", "replace", "192.0.2.101/24", "dev", "p0")
    until("the new address answers", lambda: answers(anna, "192.0.2.101"))


def test_no_management(bench):
    """Frames for the host's address go where the switch sends them."""
    shared(bench, False, "192.0.2.100/24")
    anna, bert = bench.hosts["anna"], bench.hosts["bert"]
    assert answers(anna, "192.0.2.2")
    assert not answers(anna, "192.0.2.100")
    bert.run("ip", "address", "add", "192.0.2.100/24", "dev", "eth0")
    until("the host behind the switch answers", lambda: answers(anna, "192.0.2.100"))


def test_management_by_list(bench):
    """One service, from one source; ARP and ND always."""
    switch = shared(bench, ["tcp/7000", "192.0.2.1", "2001:db8::/64"], "192.0.2.100/24", "2001:db8::100/64")
    anna = bench.hosts["anna"]
    for address in ("192.0.2.100", "2001:db8::100"):
        assert reaches(anna, bench.home, address, 7000)
        assert not reaches(anna, bench.home, address, 7001)
        assert not answers(anna, address)
    anna.run("ip", "address", "add", "192.0.2.9/24", "dev", "eth0")
    anna.run("ip", "address", "del", "192.0.2.1/24", "dev", "eth0")
    assert not reaches(anna, bench.home, "192.0.2.100", 7000)
    assert switch.child("vex-pfe")["restarts"] == 0


def test_long_frames_over_af_xdp(bench):
    """The most that fits a page; a configuration that wants more is refused with the reason."""
    a, b = bench.ears("a", "b", mtu=3818)
    more = "".join(f"set interfaces {port} mtu {{}}\n" for port in P[:2])
    ports = behind("af_xdp", "p0", "p1")
    done = bench.switch(one_vlan(*P[:2], more=more.format(9216, 3833)), ports).try_start()
    assert done.returncode == 1
    for port, mtu in ((P[0], 9216), (P[1], 3833)):
        assert (f"mtu {mtu} does not fit {port}: its device, af_xdp, takes no frame longer than a page of memory, "
                "which is mtu 3832 at most") in done.stderr
    switch = bench.switch(one_vlan(*P[:2], more=more.format(3832, 3832)), ports).start()
    data = frame(BROADCAST, A, bytes(range(256)) * 16)
    for length in (60, 1514, 2048, 2049, 3500, 3831, 3832):
        talk(a, b, data[:length])
    assert switch.drops(P[0]) == {}


def test_malformed_frames_over_af_xdp(bench):
    """Each is received, or missed for its length; the same process forwards before and after."""
    a, b, huge = bench.ears("a", "b", "huge", mtu=65535)
    switch = bench.switch(one_vlan(*P[:3]), behind("af_xdp", "p0", "p1", "p2")).start()
    talk(a, b, frame(BROADCAST, A, b"before"))
    assert f"port {P[0]}: p0: its driver knows no XDP (with this MTU)" in switch.log("vex-pfe")
    sent = 0
    for data in malformed(11):
        b.send(data)
        sent += 1
    for length in (3841, 9217, 20000, 65000):
        huge.send(frame(BROADCAST, C, bytes(length - 14)))
    until("all were received", lambda: switch.port(P[1])["rx_packets"] == sent)
    until("the huge frames were missed", lambda: switch.port(P[2])["device_missed"] == 4)
    talk(b, a, frame(A, B, b"after"))
    assert switch.child("vex-pfe")["restarts"] == 0


# ---- Devices of other processes -------------------------------------------------------------------


class Forwarder:
    """DPDK's own forwarder with one device: each frame comes back with its addresses swapped."""

    def __init__(self, bench, name, vdev):
        words = ["dpdk-testpmd", "--no-huge", "--no-shconf", "--no-pci", "--no-telemetry", "-m", "128", "-l", "0,1",
                 "--vdev", vdev, "--", "--forward-mode=macswap", "--port-topology=loop", "--total-num-mbufs=2048",
                 "--auto-start", "--no-flush-rx", "--no-mlockall"]
        self.log = os.path.join(bench.folder, f"testpmd-{name}.log")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(["ip", "netns", "exec", bench.home.name, *words], stdin=subprocess.PIPE,
                                            stdout=log, stderr=log)
        bench.others.append(self)

    def close(self):
        self.process.kill()
        self.process.wait()


OTHERS = {
    "memif-server": ("memif", "server", "net_memif0,role=client,id=3,socket={},socket-abstract=no"),
    "memif-client": ("memif", "client", "net_memif0,role=server,id=3,socket={},socket-abstract=no"),
    "vhost-server": ("vhost_user", "server", "virtio_user0,path={},server=0,queues=1"),
    "vhost-client": ("vhost_user", "client", "virtio_user0,path={},server=1,queues=1"),
    "virtio": ("virtio_user", None, "net_vhost0,iface={},client=0,queues=1"),
}


@pytest.mark.parametrize("kind, workers", [*((kind, 1) for kind in OTHERS), ("memif-server", 2), ("vhost-server", 2)])
def test_testpmd(bench, kind, workers):
    """Frames to testpmd and back, in both roles; it ends and comes again."""
    if not shutil.which("dpdk-testpmd"):
        pytest.skip("needs dpdk-testpmd")
    device, role, vdev = OTHERS[kind]
    path = os.path.join(bench.folder, "socket")
    [a] = bench.ears("a")
    ports = {P[0]: "p0", P[1]: {"device": device, "socket": path, **({"role": role} if role else {}),
                                **({"id": 3} if device == "memif" else {})}}
    switch = bench.switch(one_vlan(*P[:2]), ports, workers=workers)
    assert switch.try_start().returncode == 0
    for n in range(2):
        other = Forwarder(bench, str(n), vdev.format(path))
        until("the link is up", lambda: switch.port(P[1])["link"] == "up")

        def echoed(hello=b"hello %d" % n):  # testpmd resets the device when it starts
            a.send(frame(C, A, hello))
            a.listen()
            return frame(A, C, hello) in a.heard

        until("testpmd answers", echoed)
        for size in (20, 60, 1000, 1500):
            a.send(frame(C, A, bytes([n]) * size))
            a.wait(frame(A, C, bytes([n]) * size))
        other.close()
        until("the link is down", lambda: switch.port(P[1])["link"] == "down")
        if os.path.exists(path) and role != "server":
            os.unlink(path)
    assert switch.child("vex-pfe")["restarts"] == 0


@pytest.mark.parametrize("device", ["memif", "vhost_user"])
def test_socket_of_a_killed_switch(bench, device):
    """A socket that vex-pfe could not take away with it is no obstacle to the next."""
    path = os.path.join(bench.folder, "socket")
    server = {"device": device, "socket": path, "role": "server", **({"id": 3} if device == "memif" else {})}
    switch = bench.switch(one_vlan(*P[:2]), {P[0]: "p0", P[1]: server})
    bench.ears("a")
    assert switch.try_start().returncode == 0
    until("its device is there", lambda: switch.port(P[1])["bound"])
    switch.kill("vex-pfe")
    assert os.path.exists(path)
    switch.wait_installed()
    until("its device is there again", lambda: switch.port(P[1])["bound"])


def test_socket_of_another_program(bench):
    """It is left alone, and named; when it has gone the port gets its device."""
    path = os.path.join(bench.folder, "socket")
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as other:
        other.bind(path)
        other.listen()
        server = {"device": "memif", "socket": path, "role": "server", "id": 3}
        switch = bench.switch(one_vlan(*P[:2]), {P[0]: "p0", P[1]: server})
        bench.ears("a")
        assert switch.try_start().returncode == 0
        assert f"port {P[1]} stays down: another program has the socket of memif" in switch.log("vex-pfe")
        other.setblocking(False)
        with pytest.raises(BlockingIOError):
            other.accept()
    until("its device is there", lambda: switch.port(P[1])["bound"])


def test_tap(bench):
    """The kernel's end is an interface; it goes with the switch, unless it is to stay."""
    [a] = bench.ears("a")
    ports = {P[0]: "p0", P[1]: {"device": "tap", "name": "t1"},
             P[2]: {"device": "tap", "name": "t2", "persistent": True}}
    switch = bench.switch(one_vlan(*P[:3], more="set interfaces ge-0/0/0 mtu 9216\n"), ports).start()
    t1, t2 = Ear(bench.home, "t1"), Ear(bench.home, "t2")
    bench.others += [t1.sock, t2.sock]
    talk(a, t1, frame(BROADCAST, A, b"to the tap"))
    talk(t1, a, frame(A, B, bytes(range(256)) * 5))
    talk(t1, t2, frame(BROADCAST, B, bytes(range(256)) * 5))  # a payload that copies share
    assert not any(features(bench, "t1")[name] for name in ("tx-checksumming", "tcp-segmentation-offload"))
    index = bench.home.run("cat", "/sys/class/net/t1/ifindex")
    switch.kill("vex-pfe")
    switch.wait_installed()
    switch.wait_links()
    assert bench.home.run("cat", "/sys/class/net/t1/ifindex") == index
    talk(a, t1, frame(BROADCAST, A, b"it outlived a crash"))
    bench.home.run("ip", "link", "del", "t1")  # then it is made again
    until("its device is away", lambda: "port ge-0/0/1: its device went away" in switch.log("vex-pfe"))
    until("the link is up", lambda: switch.port(P[1])["link"] == "up")
    again = Ear(bench.home, "t1")
    bench.others.append(again.sock)
    talk(a, again, frame(BROADCAST, A, b"another tap"))
    switch.stop()
    names = re.findall(r"^\d+: (\w+)", bench.home.run("ip", "-o", "link"), re.M)
    assert "t1" not in names and "t2" in names


def test_absent_card(bench):
    """There is no PCI device to test with: it is named, and the others work."""
    a, b = bench.ears("a", "b")
    ports = {P[0]: "p0", P[1]: "p1", P[2]: {"device": "pci", "address": "0000:7f:1f.7"}}
    switch = bench.switch(one_vlan(*P[:3]), ports).start()
    talk(a, b, frame(BROADCAST, A, b"works"))
    assert f"port {P[2]} stays down: pci 0000:7f:1f.7 cannot be opened" in switch.log("vex-pfe")
    assert not switch.port(P[2])["bound"]
