# SPDX-License-Identifier: BSD-3-Clause
"""Live switches for tests: namespaces, wires, instances, and what they say of themselves.

A `Bench` owns everything that a test makes and removes it all. Its switches run in a namespace of
their own, so names of interfaces never meet those of another test; a host's interface is `eth0`.
Nothing sleeps for a fixed time: `until` asks for an event, `Ear` waits for frames.
"""
import ctypes
import itertools
import json
import mmap
import os
import re
import select
import signal
import socket
import struct
import threading
import time

from hosts import Host, receive, wire
from switch import TOP, VEX, Run, call, put

LIMIT = 30  # seconds until a thing that should happen counts as missing
TEST_TYPE = b"\x88\xb5"  # EtherType for local experiments
BROADCAST = b"\xff" * 6
pause = threading.Event()
number = itertools.count(1)


def until(what, ask, limit=LIMIT):
    """The first answer that is true."""
    end = time.monotonic() + limit
    while not (answer := ask()):
        assert time.monotonic() < end, f"this never happened: {what}"
        pause.wait(0.02)
    return answer


def wait_dead(pid, limit=LIMIT):
    """Until a process that need not be a child has ended."""
    try:
        fd = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    ready, _, _ = select.select([fd], [], [], limit)
    os.close(fd)
    assert ready, f"process {pid} lives on"


def mac(n):
    return bytes((2, 0, 0x5e, 0, 1, n))


def frame(destination, source, payload, tags=b""):
    return (destination + source + tags + TEST_TYPE + payload).ljust(60, b"\0")


def tag(vid, tpid=0x8100):
    return struct.pack("!HH", tpid, vid)


class Frozen:
    """Holds one thread of another process still while the context lasts, as a hang would."""

    SEIZE, INTERRUPT, DETACH, WALL = 0x4206, 0x4207, 17, 0x40000000

    def __init__(self, tid):
        self.tid = tid
        self.libc = ctypes.CDLL(None, use_errno=True)

    def ask(self, request):
        done = self.libc.ptrace(request, ctypes.c_long(self.tid), None, None)
        assert done == 0, os.strerror(ctypes.get_errno())

    def __enter__(self):
        self.ask(self.SEIZE)
        self.ask(self.INTERRUPT)
        os.waitpid(self.tid, self.WALL)
        return self

    def __exit__(self, *_):
        self.ask(self.DETACH)


class Ear:
    """A packet socket at the end of a wire: sends, and hears what the switch sends."""

    def __init__(self, host, device="eth0"):
        self.name, self.sock = host.name, host.packet_socket(device)
        self.heard = []

    def send(self, *frames):
        for data in frames:
            self.sock.send(data)

    def listen(self):
        """Everything that has arrived by now and is of a test, the latest of it."""
        new = []
        while (one := receive(self.sock)) is not None:
            if not one[1] and TEST_TYPE in one[2][12:22]:
                new.append(one[2])
        self.heard += new
        return new

    def wait(self, data, limit=LIMIT):
        """Until a frame has arrived; it counts from the beginning."""
        end = time.monotonic() + limit
        while data not in self.heard:
            ready, _, _ = select.select([self.sock], [], [], max(0, end - time.monotonic()))
            assert ready, f"{self.name} has not heard {data[:32].hex()}, but {len(self.heard)} others"
            self.listen()


def talk(sender, receiver, data):
    """A frame arrives as it was sent."""
    sender.send(data)
    receiver.wait(data)


def drop_names():
    """Names of the drop counters, in the order in which drop.h puts them together."""
    with open(os.path.join(TOP, "dataplane", "drop.h"), encoding="utf-8") as file:
        parts = re.findall(r'^#include "(.*_drops\.def)"', file.read(), re.M)
    names = ["NONE"]
    for part in parts:
        with open(os.path.join(TOP, part), encoding="utf-8") as file:
            names += re.findall(r"^DROP\((\w+),", file.read(), re.M)
    return names


def punt_names():
    """Names of the punted protocols, by number."""
    with open(os.path.join(TOP, "dataplane", "punt.def"), encoding="utf-8") as file:
        return re.findall(r'^PUNT\(\d+, \w+, "([^"]+)"', file.read(), re.M)


class Counters:
    """The counters of all workers as control/abi.h lays them out, in the form of the offline JSON."""

    PORTS, WORKERS = 128, 12288
    PORT = ("rx_packets", "rx_bytes", "tx_packets", "tx_bytes", "punted", "consumed", "held", "passed",
            "enqueued", "time_backwards", "mac_limit_exceeded")
    SWITCH = ("copies", "generated", "injected", "released")

    def __init__(self, pid):
        self.drops, self.punts = drop_names(), punt_names()
        for fd in os.listdir(f"/proc/{pid}/fd"):
            path = f"/proc/{pid}/fd/{fd}"
            try:
                if not os.readlink(path).startswith("/memfd:"):
                    continue
                with open(path, "rb") as file:
                    content = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
            except FileNotFoundError:  # a connection that was closed meanwhile
                continue
            if content[:8] == b"\0VEXCNT1":
                self.content = content
        counts = struct.unpack_from("4I", self.content, 24)
        assert counts[::2] == (self.PORTS, len(self.drops))
        self.stride = counts[3]

    def workers(self):
        return struct.unpack_from("I", self.content, 68)[0]

    def words(self, worker=None):
        """Of one worker, or of all together."""
        size = self.PORTS * (len(self.PORT) + len(self.drops)) + 7 + 2 * len(self.punts)
        some = range(self.workers()) if worker is None else (worker,)
        each = [struct.unpack_from(f"{size}Q", self.content, self.WORKERS + 576 + n * self.stride) for n in some]
        return [sum(column) for column in zip(*each)] or [0] * size

    def stages(self, names, worker):
        """{stage: (packets, clocks)} of one worker."""
        words = struct.unpack_from("64Q", self.content, self.WORKERS + worker * self.stride + 32)
        return {name: (words[n], words[32 + n]) for n, name in enumerate(names)}

    def read(self, ports, worker=None):
        size = len(self.PORT) + len(self.drops)
        words = self.words(worker)
        total, result = {}, {}
        for index, name in ports.items():
            one = dict(zip(self.PORT, words[index * size:]))
            counts = words[index * size + len(self.PORT):(index + 1) * size]
            one["drops"] = {name: n for name, n in zip(self.drops, counts) if n}
            one["queued"] = 0
            for name_, n in one["drops"].items():
                total[name_] = total.get(name_, 0) + n
            result[name] = one
        rest = words[self.PORTS * size:]
        punt = {name: {"received": rest[7 + 2 * n], "dropped": rest[8 + 2 * n]}
                for n, name in enumerate(self.punts) if rest[7 + 2 * n]}
        lost = struct.unpack_from("3Q", self.content, 104)
        return {"ports": result, "switch": dict(zip(self.SWITCH, rest)), "drops": total, "punt": punt,
                **dict(zip(("punt_lost", "inject_refused", "inject_lost"), lost)),
                "fdb": {"learned": rest[4], "moved": rest[5], "no_resource": rest[6]}}


class Switch:
    """An instance. `ports` says which interface, or which device, is behind a port."""

    def __init__(self, folder, home, name, ports, config, **platform):
        self.folder, self.home, self.name = str(folder), home, name
        self.ports = list(ports)
        devices = {port: {"device": "af_packet", "interface": what} if isinstance(what, str) else what
                   for port, what in ports.items()}
        self.run = os.path.join(self.folder, "run", name)
        self.state = os.path.join(self.folder, "state", name)
        self.platform = put(os.path.join(self.folder, f"{name}.json"), json.dumps({**platform, "ports": devices}))
        self.config = put(os.path.join(self.folder, f"{name}.conf"), config)
        Run.history.append(self)

    def environment(self):
        return dict(os.environ, VEX_RUNDIR=os.path.dirname(self.run), VEX_STATEDIR=os.path.dirname(self.state))

    def command(self, *words):
        with self.home.inside():
            return call([VEX, *words, "--instance", self.name], env=self.environment())

    def try_start(self, config=True):
        """With the configuration, or with what was committed last."""
        words = ["--config", self.config] if config else []
        return self.command("start", "--platform", self.platform, *words)

    def start(self, config=True):
        done = self.try_start(config)
        assert done.returncode == 0, done.stderr
        self.wait_links()
        return self

    def wait_links(self):
        until("every bound port has a link",
              lambda: all(port["link"] == "up" for port in self.status()["ports"] if port["bound"]))

    def status(self):
        directory = os.open(self.run, os.O_RDONLY)
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(LIMIT)
                connection.connect(f"/proc/self/fd/{directory}/control")
                connection.sendall(b'{"do": "status"}\n')
                answer = b""
                while not answer.endswith(b"\n"):
                    got = connection.recv(65536)
                    assert got, "the supervisor closed without an answer"
                    answer += got
        finally:
            os.close(directory)
        return json.loads(answer)

    def port(self, name):
        return next(port for port in self.status()["ports"] if port["name"] == name)

    def child(self, name):
        return next(child for child in self.status()["children"] if child["name"] == name)

    def counters(self, worker=None):
        """As the offline programs write them, of ports ge-0/0/N; of all workers, or of one."""
        ports = {int(port.split("/")[2]): port for port in self.ports}
        return Counters(self.status()["pid"]).read(ports, worker)

    def drops(self, port):
        return self.counters()["ports"][port]["drops"]

    def kill(self, name):
        """kill -9; returns when a new process was started."""
        old = self.child(name)
        os.kill(old["pid"], signal.SIGKILL)
        until(f"{name} was started again", lambda: self.child(name)["restarts"] == old["restarts"] + 1)
        assert self.child(name)["last_exit"] == "signal 9 (Killed)"

    def wait_installed(self):
        until("the configuration is installed", lambda: self.status()["state"] == "installed")

    def log(self, name):
        with open(os.path.join(self.run, f"{name}.log"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def stop(self):
        if not os.path.exists(os.path.join(self.run, "control")):
            return
        if self.command("stop").returncode == 0:
            return
        with open(os.path.join(self.run, "lock"), encoding="utf-8") as file:
            pid = int(file.read())
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            if self.name.encode() in file.read().split(b"\0"):
                os.kill(pid, signal.SIGKILL)  # its children die with it
                wait_dead(pid)

    def describe(self):
        """For the report of a failure."""
        lines = []
        for what in (lambda: json.dumps(self.status(), indent=1),
                     lambda: json.dumps(self.counters(), indent=1),
                     *(lambda name=name: f"{name}.log:\n{self.log(name)[-4000:]}"
                       for name in ("vex", "vex-pfe", "vex-re"))):
            try:
                lines.append(what())
            except (OSError, ValueError, AssertionError, AttributeError) as error:
                lines.append(f"{type(error).__name__}: {error}")
        return "\n".join(lines)


class Bench:
    def __init__(self, folder):
        self.folder = folder
        self.prefix = f"vl-{os.getpid()}-{next(number)}"
        self.hosts, self.switches, self.others = {}, [], []
        self.home = self.host("switch")

    def host(self, name):
        self.hosts[name] = Host(f"{self.prefix}-{name}")
        return self.hosts[name]

    @staticmethod
    def quiet(host, device):
        """Up, and the kernel says nothing by itself there."""
        host.run("sysctl", "-qw", f"net.ipv6.conf.{device}.disable_ipv6=1")
        host.up(device)

    def connect(self, name, port, mtu=1500, address=None):
        """A host on interface `port` of the switches' namespace; with an address it speaks IP."""
        host = self.hosts.get(name) or self.host(name)
        wire(host, "eth0", self.home, port)
        for end, device in ((host, "eth0"), (self.home, port)):
            end.run("ip", "link", "set", device, "mtu", mtu)
        self.quiet(self.home, port)
        if address:
            host.up("eth0", f"192.0.2.{address}/24", f"2001:db8::{address}/64",
                    mac=mac(address).hex(":"))
        else:
            self.quiet(host, "eth0")
        host.wait_up("eth0")
        self.home.wait_up(port)
        return host

    def ears(self, *names, mtu=1500):
        """Silent hosts on p0, p1...; their packet sockets."""
        found = []
        for name in names:
            index = len(self.hosts) - 1
            found.append(Ear(self.connect(name, f"p{index}", mtu)))
        self.others += [ear.sock for ear in found]
        return found

    def switch(self, config, ports=None, name=None, **platform):
        """Not started. Without `ports`, p0 is behind ge-0/0/0 and so on."""
        if ports is None:
            ports = {f"ge-0/0/{n}": f"p{n}" for n in range(len(self.hosts) - 1)}
        name = name or f"sw{len(self.switches)}"
        self.switches.append(Switch(self.folder, self.home, name, ports, config, **platform))
        return self.switches[-1]

    def remove(self):
        try:
            for switch in self.switches:
                switch.stop()
        finally:
            for sock in self.others:
                sock.close()
            for host in self.hosts.values():
                host.remove()
