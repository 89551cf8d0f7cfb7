# SPDX-License-Identifier: BSD-3-Clause
"""Kernel hosts in network namespaces, wired directly by veth, and sockets that record their frames.

A socket belongs to the namespace in which it was made, so the test's own process holds all of them:
`Host.inside()` enters a namespace for as long as it takes to make one. A `Recorder` is a packet
socket with a buffer for the whole test: it is read once at the end, when the link is down, so that
nothing is sent any more and nothing is missed.
"""
import contextlib
import ctypes
import os
import select
import socket
import struct
import subprocess
import threading
import time

CLONE_NEWNET = 0x40000000
ETH_P_ALL = 3
SOL_PACKET, PACKET_STATISTICS, PACKET_AUXDATA = 263, 6, 8
SO_RCVBUFFORCE, SO_TIMESTAMPNS = 33, 35
PACKET_OUTGOING = 4
VLAN_VALID = 0x10
BUFFER = 128 << 20
LIMIT = 30  # seconds for anything that a host waits for

libc = ctypes.CDLL(None, use_errno=True)


def ip(*words):
    """Runs ip(8); what it says about a failure is in the exception."""
    done = subprocess.run(["ip", *map(str, words)], capture_output=True, text=True, timeout=LIMIT)
    assert done.returncode == 0, f"ip {' '.join(map(str, words))}: {done.stderr}"
    return done.stdout


class Host:
    """A network namespace with its own kernel state."""

    def __init__(self, name):
        self.name = name
        ip("netns", "add", name)
        self.run("ip", "link", "set", "lo", "up")

    def remove(self):
        subprocess.run(["ip", "netns", "del", self.name], capture_output=True, timeout=LIMIT, check=False)

    def run(self, *words):
        done = subprocess.run(["ip", "netns", "exec", self.name, *map(str, words)],
                              capture_output=True, text=True, timeout=LIMIT)
        assert done.returncode == 0, f"{self.name}: {' '.join(map(str, words))}: {done.stdout}{done.stderr}"
        return done.stdout

    @contextlib.contextmanager
    def inside(self):
        """The calling thread is in the namespace."""
        with open("/proc/thread-self/ns/net", "rb") as home, open(f"/run/netns/{self.name}", "rb") as there:
            self._enter(there)
            try:
                yield
            finally:
                self._enter(home)

    @staticmethod
    def _enter(file):
        if libc.setns(file.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")

    def socket(self, *arguments):
        with self.inside():
            return socket.socket(*arguments)

    def packet_socket(self, device):
        """Everything that passes a device."""
        sock = self.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER)
        sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        sock.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
        sock.setblocking(False)
        with self.inside():
            sock.bind((device, ETH_P_ALL))
        return sock

    def wait_up(self, device):
        """Until the kernel says that the device has a link; what is sent earlier is lost."""
        end = time.monotonic() + LIMIT
        while " state UP " not in self.run("ip", "-o", "link", "show", "dev", device):
            assert time.monotonic() < end, f"{self.name}: {device} has no link"

    def up(self, device, *addresses, mac=None):
        if mac:
            self.run("ip", "link", "set", device, "address", mac)
        # Without this a host hands over frames of 64 kB with unfinished checksums.
        self.run("ethtool", "-K", device, "tx", "off", "tso", "off", "gso", "off", "gro", "off",
                 "txvlan", "off", "rxvlan", "off")
        self.run("ip", "link", "set", device, "up")
        for address in addresses:
            nodad = ["nodad"] if ":" in address else []
            self.run("ip", "address", "add", address, "dev", device, *nodad)


def wire(one, device, other, other_device):
    """A veth between two namespaces."""
    ip("link", "add", device, "netns", one.name, "type", "veth", "peer", "name", other_device,
       "netns", other.name)


def receive(sock):
    """The next frame of a packet socket with its tag put back: (stamp in ns, outgoing, frame), or None."""
    while True:
        try:
            data, control, _, address = sock.recvmsg(1 << 17, 256)
        except BlockingIOError:
            return None
        except OSError:  # the link went down; what is queued comes after
            continue
        stamp = 0
        for level, kind, value in control:
            if (level, kind) == (socket.SOL_SOCKET, SO_TIMESTAMPNS):
                seconds, ns = struct.unpack("qq", value[:16])
                stamp = seconds * 10**9 + ns
            elif (level, kind) == (SOL_PACKET, PACKET_AUXDATA):
                status, _, _, _, _, tci, tpid = struct.unpack("IIIHHHH", value[:20])
                if status & VLAN_VALID:
                    data = data[:12] + struct.pack("!HH", tpid or 0x8100, tci) + data[12:]
        return stamp, address[2] == PACKET_OUTGOING, data


class Recorder:
    """Records what a host sends and receives on a device."""

    def __init__(self, host, device):
        self.host, self.device = host, device
        self.sock = host.packet_socket(device)

    def finish(self):
        """(sent, received): lists of (stamp, frame). The device must be down."""
        sent, received = [], []
        while (one := receive(self.sock)) is not None:
            (sent if one[1] else received).append((one[0], one[2]))
        _, lost = struct.unpack("II", self.sock.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))
        assert lost == 0, f"{self.host.name} {self.device}: {lost} frames were not recorded"
        self.sock.close()
        return sent, received


class Tagger(threading.Thread):
    """What a tagged subinterface does, for kernels that have none: frames from `plain` go out of
    `trunk` with the tag, frames with the tag from `trunk` go to `plain` without it."""

    def __init__(self, host, plain, trunk, vid):
        super().__init__(daemon=True)
        self.plain, self.trunk = host.packet_socket(plain), host.packet_socket(trunk)
        self.tag = struct.pack("!HH", 0x8100, vid)
        self.wake, self.stopper = os.pipe()

    def run(self):
        while True:
            ready, _, _ = select.select([self.plain, self.trunk, self.wake], [], [])
            if self.wake in ready:
                return
            for sock in ready:
                while (one := receive(sock)) is not None:
                    if not one[1]:
                        self.forward(sock, one[2])

    def forward(self, sock, data):
        try:
            if sock is self.plain:
                self.trunk.send(data[:12] + self.tag + data[12:])
            elif data[12:16] == self.tag:
                self.plain.send(data[:12] + data[16:])
        except OSError:  # a device is down: the frame is lost, as on a wire
            pass

    def stop(self):
        os.write(self.stopper, b"x")
        self.join(LIMIT)
        for sock in (self.plain, self.trunk):
            sock.close()
        os.close(self.wake)
        os.close(self.stopper)


def tcp_both_ways(server, client, address, count, family=socket.AF_INET):
    """`count` bytes each way over a TCP connection; returns when both sides have all of it."""
    listener = server.socket(family, socket.SOCK_STREAM)
    listener.bind((address, 5001))
    listener.listen()
    listener.settimeout(LIMIT)
    one = client.socket(family, socket.SOCK_STREAM)
    one.settimeout(LIMIT)
    one.connect((address, 5001))
    other, _ = listener.accept()
    left = {one: count, other: count}
    missing = dict(left)
    for sock in left:
        sock.setblocking(False)
    while any(missing.values()):
        readers = [sock for sock in missing if missing[sock]]
        writers = [sock for sock in left if left[sock]]
        readable, writable, _ = select.select(readers, writers, [], LIMIT)
        assert readable or writable, "the TCP connection stands still"
        for sock in readable:
            missing[sock] -= len(sock.recv(1 << 16))
        for sock in writable:
            left[sock] -= sock.send(bytes(min(left[sock], 1 << 14)))
    for sock in (one, other, listener):
        sock.close()
