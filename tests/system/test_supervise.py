# SPDX-License-Identifier: BSD-3-Clause
"""start, stop, status and the supervisor, with a vex-pfe that only acknowledges (tests/live/)."""
import datetime
import json
import os
import re
import select
import signal
import socket
import subprocess
import time

import pytest

from live import wait_dead
from mgmt import Session
from switch import BUILD, VEX, call, put

PLATFORM = {"ports": {"ge-0/0/0": {"device": "null"}, "ge-0/0/1": {"device": "null"}}}
CONFIG = "set vlans v10 vlan-id 10\nset interfaces ge-0/0/0 unit 0 family ethernet-switching vlan members v10\n"
LIMIT = 20  # seconds until a thing that should happen counts as missing


class Log:
    """Follows a log file; wait() returns when a line matches that no earlier wait() has seen."""

    def __init__(self, path):
        open(path, "a", encoding="utf-8").close()
        self.tail = subprocess.Popen(["tail", "-n", "+1", "-F", path], stdout=subprocess.PIPE,
                                     stderr=subprocess.DEVNULL)
        self.buffer, self.seen = b"", []

    def line(self):
        end = time.monotonic() + LIMIT
        while b"\n" not in self.buffer:
            ready, _, _ = select.select([self.tail.stdout], [], [], max(0, end - time.monotonic()))
            assert ready, "no more lines came after:\n" + "\n".join(self.seen[-20:])
            self.buffer += os.read(self.tail.stdout.fileno(), 65536)
        line, self.buffer = self.buffer.split(b"\n", 1)
        self.seen.append(line.decode())
        return self.seen[-1]

    def wait(self, pattern):
        while True:
            line = self.line()
            match = re.search(pattern, line)
            if match:
                return line, match

    def close(self):
        self.tail.terminate()
        self.tail.wait()
        self.tail.stdout.close()


class Instance:
    def __init__(self, folder, name="default"):
        self.name, self.folder = name, str(folder)
        self.run = os.path.join(self.folder, "run", name)
        self.bin = os.path.join(self.folder, "bin")
        self.platform = put(os.path.join(self.folder, f"{name}.json"), json.dumps(PLATFORM))
        self.config = put(os.path.join(self.folder, f"{name}.conf"), CONFIG)
        os.makedirs(self.bin, exist_ok=True)
        os.makedirs(self.run, mode=0o700, exist_ok=True)
        for program in ("vex-re", "tests/vex-pfe"):
            link = os.path.join(self.bin, os.path.basename(program))
            if not os.path.exists(link):
                os.symlink(os.path.join(BUILD, program), link)
        self.logs, self.foreground = [], []

    def environment(self, fake=None):
        return dict(os.environ, VEX_RUNDIR=os.path.dirname(self.run),
                    VEX_STATEDIR=os.path.join(self.folder, "state"), VEX_BINDIR=self.bin, FAKE_PFE=fake or "")

    def files(self):
        return ["--platform", self.platform, "--config", self.config, "--instance", self.name]

    def start(self, fake=None):
        return call([VEX, "start", *self.files()], env=self.environment(fake))

    def vex(self, verb, *arguments):
        return call([VEX, verb, "--instance", self.name, *arguments], env=self.environment())

    def supervise(self, fake=None):
        process = subprocess.Popen([VEX, "supervise", *self.files()], env=self.environment(fake),
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        self.foreground.append(process)
        return process

    def status(self):
        return json.loads(self.vex("status", "--json").stdout)

    def child(self, name):
        return next(child for child in self.status()["children"] if child["name"] == name)

    def log(self, name="vex.log"):
        self.logs.append(Log(os.path.join(self.run, name)))
        return self.logs[-1]

    def text(self, name):
        with open(os.path.join(self.run, name), encoding="utf-8") as file:
            return file.read()

    def connect(self):
        """A connection to the control socket, whose path may be too long for an address."""
        directory = os.open(self.run, os.O_RDONLY)
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(LIMIT)
        connection.connect(f"/proc/self/fd/{directory}/control")
        os.close(directory)
        return connection

    def end(self):
        if os.path.exists(os.path.join(self.run, "control")):
            self.vex("stop")
        for process in self.foreground:
            process.kill()
            process.wait()
        for log in self.logs:
            log.close()


@pytest.fixture
def make(tmp_path):
    made = []

    def build(name="default"):
        made.append(Instance(tmp_path, name))
        return made[-1]

    yield build
    for instance in made:
        instance.end()


@pytest.fixture
def leaf(make):
    return make("leaf")


def stamp(line):
    return datetime.datetime.strptime(line.split()[0], "%Y-%m-%dT%H:%M:%S.%fZ").timestamp()


def test_start_status_stop(leaf):
    done = leaf.start()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "instance leaf: running, configuration installed\n"
    status = leaf.status()
    assert status["state"] == "installed" and status["model"] == "ex4400-24t"
    assert status["operations"] > 26
    assert [child["name"] for child in status["children"]] == ["vex-pfe", "vex-re"]
    for child in status["children"]:
        assert child["state"] == "running" and child["restarts"] == 0 and child["last_exit"] is None
        os.kill(child["pid"], 0)
    assert [(port["name"], port["device"], port["link"], port["rx_packets"]) for port in status["ports"]] == [
        ("ge-0/0/0", "null", "up", 7), ("ge-0/0/1", "null", "up", 8)]
    assert os.stat(leaf.run).st_mode & 0o777 == 0o700
    text = leaf.vex("status")
    assert text.returncode == 0
    for words in ("Instance leaf: installed", "vex-pfe    running", "2 of 26 ports", "Memory: ", "Worker 0: CPU"):
        assert words in text.stdout
    assert re.search(r"^ge-0/0/1 +null +- +up +1000 +8 +0 +0 +0$", text.stdout, re.M)
    done = leaf.vex("stop")
    assert (done.returncode, done.stdout) == (0, "instance leaf: stopped\n")
    for pid in [status["pid"], *(child["pid"] for child in status["children"])]:
        wait_dead(pid, LIMIT)
    for program in ("vex-pfe", "vex-re"):
        assert f"{program}: ended with exit status 0\n" in leaf.text("vex.log")
    assert leaf.vex("stop").returncode == 1
    done = leaf.vex("status")
    assert done.returncode == 1 and "instance leaf is not running" in done.stderr


def test_stop_and_start_at_once(leaf):
    for _ in range(3):
        assert leaf.start().returncode == 0
        assert leaf.vex("stop").returncode == 0


@pytest.mark.parametrize("program", ["vex-pfe", "vex-re"])
def test_killed_child_comes_back(leaf, program):
    log = leaf.log()
    assert leaf.start("event").returncode == 0
    log.wait("configuration installed")
    before = leaf.child(program)["pid"]
    os.kill(before, signal.SIGKILL)
    log.wait(rf"{program}: ended with signal 9 \(Killed\); starts again in 0.1 s")
    log.wait("configuration installed")
    status = leaf.status()
    children = {child["name"]: child for child in status["children"]}
    assert status["state"] == "installed"
    assert children[program]["restarts"] == 1 and children[program]["pid"] != before
    assert children[program]["last_exit"] == "signal 9 (Killed)"
    other = ({"vex-pfe", "vex-re"} - {program}).pop()
    assert children[other]["restarts"] == 0
    assert leaf.text("vex-pfe.log").count("transaction of") == 2
    assert "ge-0/0/0: link is up, 1000 Mb/s" in leaf.text("vex-re.log")


def test_both_killed(leaf):
    log = leaf.log()
    assert leaf.start().returncode == 0
    log.wait("configuration installed")
    for child in leaf.status()["children"]:
        os.kill(child["pid"], signal.SIGKILL)
    for program in ("vex-pfe", "vex-re"):
        log.wait(f"{program}: ended|vex-[a-z]*: ended")
    log.wait("configuration installed")
    assert {child["restarts"] for child in leaf.status()["children"]} == {1}


def test_what_was_started_is_what_runs(leaf):
    """A restart does not read what somebody is editing."""
    log = leaf.log()
    assert leaf.start().returncode == 0
    log.wait("configuration installed")
    put(leaf.config, "set vlans nonsense {")
    put(leaf.platform, "{")
    for program in ("vex-re", "vex-pfe"):
        os.kill(leaf.child(program)["pid"], signal.SIGKILL)
        log.wait("configuration installed")


def test_back_off(leaf):
    """Without an end, and each wait twice the one before."""
    log = leaf.log()
    leaf.supervise("exit")
    starts = [stamp(log.wait("vex-pfe: started")[0]) for _ in range(5)]
    waits = [b - a for a, b in zip(starts, starts[1:])]
    for wait, expected in zip(waits, (0.1, 0.2, 0.4, 0.8)):
        assert expected - 0.01 <= wait < expected + 1
    status = leaf.status()
    assert status["state"] == "starting"
    assert status["text"] == "vex-pfe ended with exit status 3: no memory for packet buffers"
    assert leaf.child("vex-pfe")["last_exit"] == "exit status 3"
    assert leaf.vex("status").returncode == 1


@pytest.mark.parametrize("fake, reason", [
    ("exit", "vex-pfe ended with exit status 3: no memory for packet buffers"),
    ("refuse=3", "vex-pfe refused operation 3 of %, port-set: NO_RESOURCE"),
    ("silent", "vex-pfe did not acknowledge operation 0 of %, txn-begin, within 5 s"),
])
def test_start_says_why_not(leaf, fake, reason):
    done = leaf.start(fake)
    assert (done.returncode, done.stdout) == (1, "")
    lines = done.stderr.splitlines()
    assert re.fullmatch(re.escape(reason).replace("%", r"\d+"), lines[0])
    assert lines[1] == f"instance leaf: not started; logs are in {leaf.run}"
    assert leaf.vex("status").returncode == 1
    assert leaf.start().returncode == 0


def test_commit_mends_what_could_not_be_installed(leaf):
    """vex-pfe refuses the configuration; a commit of another one is tried in its place."""
    put(leaf.config, "".join(f"set vlans v{n} vlan-id {n}\n" for n in range(10, 110)))
    log = leaf.log()
    leaf.supervise("refuse=90")
    log.wait("configuration not installed: vex-pfe refused operation 90")
    with Session(leaf.run) as session:
        assert "refused operation 90" in str(session.ask("show", what="system-alarms"))
        session.ask("configure", mode="exclusive")
        assert session.ask("get-config", source="active", form="set")["text"] == ""
        session.ask("load", mode="override", text="".join(f"set vlans w{n} vlan-id {n}\n" for n in range(10, 110)))
        error = session.refused("commit")[0]["text"]
        assert "refused operation 90" in error and error.endswith("nothing was committed")
        session.ask("load", mode="override", text="set vlans v10 vlan-id 10")
        assert session.ask("commit")["text"] == "commit complete"
        assert session.ask("get-config", source="active", form="set")["text"] == "set vlans v10 vlan-id 10\n"
        assert "refused operation" not in str(session.ask("show", what="system-alarms"))
    assert leaf.status()["state"] == "installed"


def test_start_is_committed_when_nothing_else_was(leaf):
    """A check, and a commit that was refused too, do not take the place of the file of `vex start`."""
    start = "".join(f"set vlans v{n} vlan-id {n}\n" for n in range(10, 110))
    put(leaf.config, start)
    log = leaf.log()
    leaf.supervise("refuse=90")
    log.wait("configuration not installed: vex-pfe refused operation 90")
    with Session(leaf.run) as session:
        session.ask("configure", mode="exclusive")
        session.ask("load", mode="override", text=start.replace("v1", "w1"))
        session.ask("commit", check=True)
        assert "refused operation 90" in session.refused("commit")[0]["text"]
        os.kill(leaf.child("vex-pfe")["pid"], signal.SIGUSR1)
        log.wait("configuration installed")
        assert [commit["comment"] for commit in session.ask("get-commit-log")["commits"]] == ["vex start"]
        active = session.ask("get-config", source="active", form="set")["text"]
        assert sorted(active.splitlines()) == sorted(start.splitlines())
    assert not os.path.exists(os.path.join(leaf.run, "config"))


def test_program_is_missing(leaf):
    os.unlink(os.path.join(leaf.bin, "vex-pfe"))
    done = leaf.start()
    assert done.returncode == 1
    assert done.stderr.startswith("vex-pfe ended with exit status 127: ")
    assert "bin/vex-pfe cannot be run: No such file or directory" in done.stderr


def test_second_supervisor_is_refused(leaf):
    assert leaf.start().returncode == 0
    before = leaf.status()
    done = leaf.start()
    assert done.returncode == 1
    assert done.stderr.startswith(f"instance leaf is running already, supervised by process {before['pid']}; "
                                  "stop it with `vex stop --instance leaf`\n")
    assert leaf.supervise().wait(LIMIT) == 1
    after = leaf.status()
    assert [child["pid"] for child in after["children"]] == [child["pid"] for child in before["children"]]


def test_instances_side_by_side(make):
    one, two = make("one"), make("two")
    assert one.start().returncode == 0 and two.start().returncode == 0
    assert one.status()["base_mac"] != two.status()["base_mac"]
    assert one.vex("stop").returncode == 0
    assert two.status()["state"] == "installed"


def test_stubborn_child_is_killed(leaf):
    log = leaf.log()
    assert leaf.start("stubborn").returncode == 0
    pid = leaf.child("vex-pfe")["pid"]
    assert leaf.vex("stop").returncode == 0
    begin = stamp(log.wait("stopping")[0])
    end = stamp(log.wait("vex-pfe: did not end within 3 s of SIGTERM, killed")[0])
    assert 2.9 < end - begin < 5
    wait_dead(pid, LIMIT)


def test_children_die_with_the_supervisor(leaf):
    assert leaf.start().returncode == 0
    status = leaf.status()
    os.kill(status["pid"], signal.SIGKILL)
    for pid in [status["pid"], *(child["pid"] for child in status["children"])]:
        wait_dead(pid, LIMIT)
    # What it left behind is in nobody's way.
    assert os.path.exists(os.path.join(leaf.run, "control"))
    assert leaf.vex("status").returncode == 1
    assert leaf.start().returncode == 0


def test_foreground(leaf):
    log = leaf.log()
    process = leaf.supervise()
    log.wait("configuration installed")
    process.terminate()
    assert process.wait(LIMIT) == 0
    log.wait("stopped")


def test_bad_files_start_nothing(leaf):
    put(leaf.platform, '{"ports": {"ge-0/0/0": {"device": "wire"}, "ge-9/0/0": {"device": "null"}}}')
    done = leaf.start()
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == (
        f"{leaf.platform}: ports ge-0/0/0: there is no device \"wire\", only "
        "af_packet, af_xdp, tap, memif, vhost_user, virtio_user, pci, null and pcap")
    assert f"{leaf.platform}: ports ge-9/0/0: " in done.stderr
    put(leaf.platform, '{"model" 1}')
    assert leaf.start().stderr.startswith(f"{leaf.platform}:1:10: not JSON: ")
    put(leaf.platform, '{"model": "ex4400-48t"}')
    put(leaf.config, "set chassis model ex4400-24t\n")
    assert leaf.start().stderr == (
        f"{leaf.config}:1:13: the configuration says model ex4400-24t, the platform {leaf.platform} has "
        "ex4400-48t; delete the statement or change the platform file\n")
    os.unlink(leaf.config)
    assert leaf.start().stderr == f"{leaf.config}: No such file or directory\n"
    assert os.listdir(leaf.run) == []


@pytest.mark.parametrize("arguments", [
    ("start",), ("start", "--platform", "x", "--config"),
    ("start", "--platform", "x", "--config", "y", "--json"), ("stop", "--platform", "x"), ("stop", "leaf"),
    ("status", "--instance", "../x"), ("supervise", "--config", "x"),
    ("supervise", "--platform", "x", "--config", "y", "--ready-fd", "z"),
])
def test_usage(arguments):
    done = call([VEX, *arguments])
    assert done.returncode == 2
    assert f"usage: vex {arguments[0]}" in done.stderr


def ask(connection, request):
    connection.sendall(request)
    answer = b""
    while not answer.endswith(b"\n"):
        got = connection.recv(65536)
        assert got, "closed without an answer"
        answer += got
    return [json.loads(line) for line in answer.splitlines()]


def is_closed(connection):
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def test_socket_refuses_nonsense(leaf):
    assert leaf.start().returncode == 0
    with leaf.connect() as connection:
        for request in (b"\n", b"{\n", b"[]\n", b'{"do": 1}\n', b'{"do": "dance"}\n', b"\xff\x00\n"):
            assert list(ask(connection, request)[0]) == ["error"]
        assert ask(connection, b'{"do": "status"}\n')[0]["instance"] == "leaf"
    with leaf.connect() as connection:
        connection.sendall(b"x" * 5000)
        assert is_closed(connection)
    with leaf.connect() as connection:
        connection.sendall(b'{"do": "sta')
    assert leaf.status()["state"] == "installed"


def test_many_clients(leaf):
    assert leaf.start().returncode == 0
    clients = [leaf.connect() for _ in range(31)]
    assert leaf.status()["state"] == "installed"
    more = [leaf.connect() for _ in range(4)]
    assert is_closed(more[-1])
    for client in clients + more:
        client.close()
    assert ask_status_until_served(leaf)["state"] == "installed"


def ask_status_until_served(instance):
    """The supervisor hears of a close only after a while."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        done = instance.vex("status", "--json")
        if done.stdout:
            return json.loads(done.stdout)
    raise AssertionError("never served again")
