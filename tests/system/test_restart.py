# SPDX-License-Identifier: BSD-3-Clause
"""Restarts: vex-re and vex-pfe are killed, under traffic and in the middle of commits; nonsense on the rings."""
import mmap
import os
import re
import signal
import struct
import subprocess
import time

import pytest

from live import BROADCAST, LIMIT, frame, mac, talk, until
from mgmt import Refused, Session
from switch import BUILD, access, put, trunk, vlans
from test_live import Stream, settled

P = [f"ge-0/0/{n}" for n in range(6)]
A, B, C = (mac(n) for n in range(1, 4))
FULL = 100_000


def address(n):
    return f"02:10:00:{n >> 16:02x}:{n >> 8 & 255:02x}:{n & 255:02x}"


def statics(port, vid, numbers):
    return "".join(f"set switch-options interface {port} static-mac {address(n)} vlan-id {vid}\n" for n in numbers)


def table(switch, name):
    with Session(switch.run) as session:
        shown = session.ask("show", what=f"pfe-table-{name}")["pfe-table-information"]
    assert shown["not-configured-count"] == shown["missing-count"] == 0, shown
    return shown["pfe-table-entry"]


def macs(switch, kind):
    return {(entry["bd"], entry["mac"], entry["lport"]) for entry in table(switch, "mac") if entry["type"] == kind}


def installed(switch):
    """What the latest comparison did: operations of the configuration, ms, and how many of them were sent."""
    lines = re.findall(r"installed: (\d+) operations in (\d+) ms, of which (\d+) were sent", switch.log("vex-re"))
    return [int(number) for number in lines[-1]]


def restarted(switch, count):
    """vex-re was started again, has compared, and says so."""
    until("vex-re was started again", lambda: switch.child("vex-re")["restarts"] == count)
    until("it has compared tables", lambda: len(re.findall("installed: ", switch.log("vex-re"))) > count)
    switch.wait_installed()


class Ring:
    """The operation ring of an instance (control/abi.h): how much of it vex-pfe has taken."""

    def __init__(self, switch):
        pid = switch.status()["pid"]
        for fd in os.listdir(f"/proc/{pid}/fd"):
            path = f"/proc/{pid}/fd/{fd}"
            try:
                if not os.readlink(path).startswith("/memfd:"):
                    continue
                with open(path, "r+b") as file:
                    content = mmap.mmap(file.fileno(), 0)
            except FileNotFoundError:  # a connection that was closed meanwhile
                continue
            if content[:8] == b"\0VEXCTL1":
                self.content = content
        self.offset, = struct.unpack_from("Q", self.content, 32)

    def taken(self):
        return struct.unpack_from("Q", self.content, self.offset)[0] & 0xffffffff

    def change_version(self, version):
        """Returns the one before."""
        before, = struct.unpack_from("I", self.content, 8)
        struct.pack_into("I", self.content, 8, version)
        return before


def wait_taken(ring, before, taken):
    """Until so many operations were taken; without a pause, since a few ms later all of them are."""
    end = time.monotonic() + LIMIT
    while ring.taken() - before < taken:
        assert time.monotonic() < end


def test_vex_re_with_full_tables(bench):
    """Killed under a numbered stream: no frame is lost, no address forgotten, nothing is sent to vex-pfe."""
    a, b, c = bench.ears("a", "b", "c")
    config = vlans(10) + access(*P[:4], vlan="v10") + statics(P[3], 10, range(FULL))
    switch = bench.switch(config).start()  # P[3] has no device, and is down
    talk(b, a, frame(BROADCAST, B, b"here is B"))
    talk(a, b, frame(B, A, b"here is A"))
    c.wait(frame(BROADCAST, B, b"here is B"))
    c.heard.clear()
    learned = macs(switch, "dynamic")
    assert {entry[1] for entry in learned} == {A.hex(":"), B.hex(":")}
    pfe = switch.child("vex-pfe")["pid"]
    stream = Stream(a, b)
    stream.run_until(lambda: True)
    for count in (1, 2):
        os.kill(switch.child("vex-re")["pid"], signal.SIGKILL)
        stream.run_until(lambda n=count: switch.child("vex-re")["restarts"] == n)
        stream.run_until(lambda n=count: switch.log("vex-re").count("installed: ") == n + 1)
        _, ms, sent = installed(switch)
        print(f"{FULL} static addresses: ready {switch.child('vex-re')['uptime_ms']} ms after the start of vex-re "
              f"at most, tables compared in {ms} ms")
        assert sent == 0
    stream.finish()
    switch.wait_installed()
    c.listen()
    assert c.heard == []
    assert macs(switch, "dynamic") == learned
    assert {(10, address(n), P[3]) for n in range(FULL)} == macs(switch, "static")
    assert settled(switch)["drops"] == {}
    assert (switch.child("vex-pfe")["pid"], switch.child("vex-pfe")["restarts"]) == (pfe, 0)


def test_vex_pfe_gets_all_static_state(bench):
    """Killed, it has the tables that the configuration means, and forwards."""
    a, b, c = bench.ears("a", "b", "c")
    config = (vlans(10, 20) + access(*P[:2], vlan="v10") + access(P[2], vlan="v20") + trunk(P[3], "v10", "v20")
              + statics(P[0], 10, range(100)) + statics(P[3], 20, range(50, 90))
              + f"set interfaces {P[0]} mtu 2000\nset switch-options interface {P[1]} interface-mac-limit 7\n")
    switch = bench.switch(config).start()  # P[3] has no device, and is down

    def check():
        assert {(entry["bd"], entry["vid"], entry["fid-bd"]) for entry in table(switch, "vlan")} == {
            (10, 10, 10), (20, 20, 20)}
        assert {(entry["bd"], entry["set"]): entry["ports"] for entry in table(switch, "vlan-ports")} == {
            (10, "in"): [P[0], P[1], P[3]], (10, "out"): [P[0], P[1], P[3]], (10, "untagged"): P[:2],
            (20, "in"): [P[2], P[3]], (20, "out"): [P[2], P[3]], (20, "untagged"): [P[2]]}
        assert {entry["lport"]: (entry["untagged-bd"], entry["mac-limit"]) for entry in table(switch, "lport")} == {
            P[0]: (10, "-"), P[1]: (10, 7), P[2]: (20, "-")}
        assert macs(switch, "static") == {(10, address(n), P[0]) for n in range(100)} | {
            (20, address(n), P[3]) for n in range(50, 90)}
        assert {entry["port"]: entry["mtu"] for entry in table(switch, "port")}[P[0]] == 2000

    check()
    talk(a, b, frame(BROADCAST, A, b"before"))
    for count in (1, 2):
        switch.kill("vex-pfe")
        until("tables were compared", lambda n=count: switch.log("vex-re").count("installed: ") == n + 1)
        switch.wait_installed()
        switch.wait_links()
        check()
        talk(a, b, frame(BROADCAST, A, b"after %d" % count))
    c.listen()
    assert c.heard == [] and switch.child("vex-re")["restarts"] == 0


@pytest.mark.parametrize("taken", [1, 300, 4000, 6002])
def test_killed_in_a_commit(bench, taken):
    """With operations of a commit on the ring vex-re dies: tables are as the configuration on disk says."""
    switch = bench.switch(vlans(10) + access(P[0], vlan="v10"), {}).start()
    ring = Ring(switch)
    with Session(switch.run) as session:
        session.ask("configure", mode="shared")
        session.ask("load", mode="set", text=statics(P[0], 10, range(6000)), file="more.set")
        before = ring.taken()
        pid = switch.child("vex-re")["pid"]
        session.send("commit", {})
        wait_taken(ring, before, taken)
        os.kill(pid, signal.SIGKILL)
    restarted(switch, 1)
    with Session(switch.run) as session:
        text = session.ask("get-config", source="active", path="", form="set")["text"]
        configured = re.findall(r"static-mac (\S+) vlan-id 10", text)
        assert len(configured) in (0, 6000)
        assert macs(switch, "static") == {(10, one, P[0]) for one in configured}
        session.ask("configure", mode="shared")
        session.ask("load", mode="set", text=statics(P[0], 10, range(6000, 6010)), file="few.set")
        session.ask("commit")
    assert macs(switch, "static") == {(10, one, P[0]) for one in configured} | {
        (10, address(n), P[0]) for n in range(6000, 6010)}


@pytest.mark.parametrize("taken", [1, 3000, 6002])
def test_vex_pfe_killed_in_a_commit(bench, taken):
    """The commit is done with the new vex-pfe, or refused: the tables and the disk agree."""
    switch = bench.switch(vlans(10) + access(P[0], vlan="v10"), {}).start()
    ring = Ring(switch)
    with Session(switch.run) as session:
        session.ask("configure", mode="shared")
        session.ask("load", mode="set", text=statics(P[0], 10, range(6000)), file="more.set")
        before, pid = ring.taken(), switch.child("vex-pfe")["pid"]
        number = session.send("commit", {})
        wait_taken(ring, before, taken)
        os.kill(pid, signal.SIGKILL)
        try:
            session.answer(number)
            expected = 6000
        except Refused:
            expected = 0
        until("vex-pfe was started again", lambda: switch.child("vex-pfe")["restarts"] == 1)
        until("tables were compared", lambda: switch.log("vex-re").count("installed: ") >= 2)
        switch.wait_installed()
        text = session.ask("get-config", source="active", path="", form="set")["text"]
        assert len(re.findall("static-mac", text)) == expected
    assert macs(switch, "static") == {(10, address(n), P[0]) for n in range(expected)}


def test_word_of_a_start_that_comes_late(bench):
    """
    The supervisor says that it started vex-pfe when that has attached already: nothing waits for another
    attachment, which would never come.
    """
    bench.ears("a", "b")
    switch = bench.switch(vlans(10) + access(*P[:2], vlan="v10")).start()
    os.kill(switch.child("vex-re")["pid"], signal.SIGHUP)
    with Session(switch.run) as session:
        session.ask("configure", mode="shared")
        session.ask("edit", path="", line="set vlans v11 vlan-id 11")
        session.ask("commit")
    assert "has not attached yet" not in switch.log("vex-re").split("installed:", 1)[1]
    assert switch.status()["state"] == "installed"


def test_segment_of_another_version(bench):
    """vex-re refuses a segment that it does not know, says what it found, and works when it is right again."""
    a, b = bench.ears("a", "b")
    switch = bench.switch(vlans(10) + access(*P[:2], vlan="v10")).start()
    ring = Ring(switch)
    version = ring.change_version(99)
    os.kill(switch.child("vex-re")["pid"], signal.SIGKILL)
    text = f"control segment: ABI version is 99, this program expects {version}: run vex, vex-pfe and vex-re of one release"
    until("the versions are named", lambda: text in switch.log("vex-re"))
    talk(a, b, frame(BROADCAST, A, b"forwarding goes on"))
    ring.change_version(version)
    until("it is installed again", lambda: switch.log("vex-re").count("installed: ") == 2)
    switch.wait_installed()
    talk(a, b, frame(BROADCAST, A, b"still"))
    assert switch.child("vex-pfe")["restarts"] == 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nonsense_on_the_rings(tmp_path, seed):
    """Each operation is acknowledged, vex-pfe lives, and what was refused has changed nothing."""
    platform = put(os.path.join(str(tmp_path), "platform.json"), '{"ports": {}}')
    done = subprocess.run([os.path.join(BUILD, "tests/ops-storm"), os.path.join(BUILD, "vex-pfe"), platform,
                           str(seed), "20"], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
