# SPDX-License-Identifier: BSD-3-Clause
"""The management socket of vex-re: lines, errors, many clients, and clients that behave badly."""
import getpass
import json
import os
import signal

import pytest

from live import until
from mgmt import Refused, Session
from switch import call

NULL = {"device": "null"}


@pytest.fixture
def switch(bench):
    return bench.switch("set system host-name leaf\nset vlans red vlan-id 10\nset vlans rot vlan-id 11\n"
                        "set interfaces ge-0/0/0 unit 0 family ethernet-switching vlan members red\n"
                        "set vlans red switch-options interface ge-0/0/0.0 static-mac 02:00:00:00:00:01\n",
                        ports={"ge-0/0/0": NULL, "ge-0/0/1": NULL}).start()


def test_hello(switch):
    with Session(switch.run) as one, Session(switch.run) as other:
        first, second = one.ask("hello"), other.ask("hello")
        assert (first["hostname"], first["model"], first["instance"]) == ("leaf", "ex4400-24t", switch.name)
        assert first["user"] == getpass.getuser() and first["session"] != second["session"]
        pids = [session["pid"] for session in one.ask("sessions")["sessions"]]
        assert pids == [os.getpid()] * 2


def test_names(switch):
    with Session(switch.run) as session:
        def names(**args):
            return [name["name"] for name in session.ask("complete", **args)["names"]]

        assert names(kind="mac", prefix="02:00:00:00:00:0") == ["02:00:00:00:00:01"]
        assert names(kind="mac", prefix="03") == names(kind="weather", prefix="") == []
        assert names(kind="vlan", prefix="r") == ["red", "rot"]
        assert names(kind="vlan", prefix="re") == ["red"]
        assert names(kind="interface", prefix="ge-0/0/1") == ["ge-0/0/1"] + [f"ge-0/0/1{n}" for n in range(10)]


def test_show_and_clear(switch):
    with Session(switch.run) as session:
        tree = session.ask("show", what="version")
        assert "ex4400-24t" in json.dumps(tree) and "leaf" in json.dumps(tree)
        commands = [process["command"] for process in
                    session.ask("show", what="system-processes")["system-process-information"]["process"]]
        assert {"vex-pfe", "vex-re"} <= set(commands)
        assert session.refused("show", what="nothing")[0]["value"] == "nothing"
        assert session.refused("show", what="version", args={"nothing": True})
        assert session.ask("clear", what="interfaces-statistics", args={"all": True}) == {}


def test_requests_to_processes(switch):
    """Each is answered before it is carried out."""
    pids = {name: switch.child(name)["pid"] for name in ("vex-re", "vex-pfe")}
    with Session(switch.run) as session:
        assert session.ask("request", what="restart", args={"routing": True})["text"]
        assert session.line() is None
    until("vex-re runs again", lambda: switch.child("vex-re")["pid"] not in (None, pids["vex-re"]))
    assert switch.child("vex-pfe")["pid"] == pids["vex-pfe"]
    assert switch.child("vex-re")["last_exit"] == "exit status 0"
    switch.wait_installed()
    until("the socket is there", lambda: os.path.exists(os.path.join(switch.run, "mgmt")))
    with Session(switch.run) as session:
        assert session.refused("request", what="restart")
        assert session.ask("request", what="restart", args={"forwarding": True})["text"]
        until("vex-pfe runs again", lambda: switch.child("vex-pfe")["pid"] not in (None, pids["vex-pfe"]))
        switch.wait_installed()
        assert session.ask("request", what="system-halt")["text"]
        assert session.line() is None
    until("the instance has ended", lambda: not os.path.exists(os.path.join(switch.run, "control")))


@pytest.mark.parametrize("line", [
    "", "{", "[]", "1", '"x"', '{"id": 1}', '{"id": 1, "rpc": 7}', '{"rpc": "hello", "args": []}',
    '{"id": 1, "rpc": "nothing"}', '{"id": 1, "id": 2, "rpc": "hello"}', "\0", '{"id": 1, "rpc": "hello"} x',
    '{"id": 1, "rpc": "commit", "args": {"chek": true}}', '{"id": 1, "rpc": "commit", "args": {"check": 1}}',
    '{"id": 1, "rpc": "edit", "args": {"path": 7, "line": "delete"}}', '{"id": 1, "rpc": "show"}', '{"id": 1, "rpc": "show", "args": {"what": 7}}'])
def test_bad_requests(switch, line):
    """Each is answered with an error that has a kind and a text, and the session goes on."""
    with Session(switch.run) as session:
        session.sock.sendall(line.encode() + b"\n")
        answer = session.line()
        assert answer["ok"] is False and answer["errors"][0]["kind"] and answer["errors"][0]["text"]
        assert session.ask("hello")["hostname"] == "leaf"


def test_answers_come_in_order_and_to_a_closed_stream(switch):
    with Session(switch.run) as session:
        session.sock.sendall(b"".join(b'{"id": %d, "rpc": "hello"}\n' % n for n in range(500)))
        session.sock.shutdown(1)
        assert [session.line()["id"] for _ in range(500)] == list(range(500))
        assert session.line() is None


def test_hundred_sessions(switch):
    sessions = [Session(switch.run) for _ in range(100)]
    try:
        for session in sessions:
            session.send("hello", {})
        assert len({session.answer(1)["session"] for session in sessions}) == 100
        assert len(sessions[0].ask("sessions")["sessions"]) == 100
    finally:
        for session in sessions:
            session.close()
    with Session(switch.run) as last:
        until("the others have gone", lambda: len(last.ask("sessions")["sessions"]) == 1)


def test_too_many_sessions(switch):
    """The 257th is told so; when one leaves there is room again."""
    sessions = [Session(switch.run) for _ in range(256)]
    try:
        assert sessions[-1].ask("hello")
        with Session(switch.run) as more:
            assert "too many sessions" in more.line()["errors"][0]["text"]
            assert more.line() is None
        sessions.pop().close()

        def room():
            with Session(switch.run) as more:
                try:
                    return more.ask("hello")
                except (Refused, AssertionError, KeyError, OSError):
                    return None
        until("there is room again", room)
    finally:
        for session in sessions:
            session.close()


def test_client_that_does_not_read(switch):
    """It is thrown out, and meanwhile nobody notices."""
    with Session(switch.run) as deaf, Session(switch.run) as other:
        deaf.sock.setblocking(False)
        line = json.dumps({"id": 1, "rpc": "complete", "args": {"kind": "interface", "prefix": ""}}).encode() + b"\n"
        end = ConnectionError

        def push():
            try:
                deaf.sock.send(line * 100)
            except BlockingIOError:
                pass
            except end:
                return True
            assert other.ask("hello")["hostname"] == "leaf"
            return False

        until("the deaf client is disconnected", push, limit=90)
        assert len(other.ask("sessions")["sessions"]) == 1


def test_client_that_ends_in_the_middle_of_a_line(switch):
    with Session(switch.run) as other:
        for part in (b'{"id": 1, "rp', b'{"id": 1, "rpc": "hello"}'):
            with Session(switch.run) as session:
                session.sock.sendall(part)
        until("they have gone", lambda: len(other.ask("sessions")["sessions"]) == 1)


def test_second_vex_re_is_refused(switch):
    """It says who has the shared memory, and the first goes on, with its socket."""
    pid = switch.child("vex-re")["pid"]
    with open(f"/proc/{pid}/cmdline", "rb") as file:
        words = file.read().decode().split("\0")[:-1]
    fds = {word: int(value) for word, value in zip(words, words[1:]) if word.endswith("-fd")}
    opened = {}
    try:
        for word, fd in fds.items():
            if word in ("--ctl-fd", "--cnt-fd"):
                flags = os.O_RDWR if word == "--ctl-fd" else os.O_RDONLY
                opened[word] = os.open(f"/proc/{pid}/fd/{fd}", flags)
            else:
                opened[word] = os.open("/dev/null", os.O_RDWR)
        for word, fd in opened.items():
            words[words.index(word) + 1] = str(fd)
        done = call(words, pass_fds=tuple(opened.values()))
    finally:
        for fd in opened.values():
            os.close(fd)
    assert done.returncode == 1
    assert f"process {pid}" in done.stderr or str(pid) in done.stderr
    with Session(switch.run) as session:
        assert session.ask("hello")["hostname"] == "leaf"
    assert switch.child("vex-re")["pid"] == pid


def test_alarms(switch):
    """vex-pfe that dies again and again, and one that stands still."""
    def alarms():
        with Session(switch.run) as session:
            return json.dumps(session.ask("show", what="chassis-alarms"))

    assert "restarted" not in alarms() and "hangs" not in alarms()
    for _ in range(3):
        switch.kill("vex-pfe")
        switch.wait_installed()
    until("the alarm is raised", lambda: "restarted 3 times" in alarms())
    os.kill(switch.child("vex-pfe")["pid"], signal.SIGSTOP)
    until("the alarm is raised", lambda: "hangs" in alarms())
    with Session(switch.run) as session:
        # Nothing waits for it.
        assert session.ask("hello")["hostname"] == "leaf"
        with open(os.path.join(switch.state, "log", "messages"), encoding="utf-8") as file:
            assert "ALARM_SET - Major alarm set: " in file.read()
        os.kill(switch.child("vex-pfe")["pid"], signal.SIGCONT)
        until("the alarm is over", lambda: "housekeeping hangs" not in alarms())


def test_long_requests(switch):
    """A big configuration in one line; a line that is too long ends its session, and only that."""
    text = "".join(f'set vlans v{n} description "{"x" * 200}"\nset vlans v{n} vlan-id {n}\n' for n in range(100, 4000))
    with Session(switch.run) as other:
        with Session(switch.run) as session:
            session.ask("configure", mode="private")
            assert session.ask("load", mode="override", text=text, file="big")["deactivated"] == []
            assert session.ask("commit", check=True)["text"] == "configuration check succeeds"
            assert other.ask("hello")["hostname"] == "leaf"
        with Session(switch.run) as session:
            try:
                for _ in range(65):
                    session.sock.sendall(b"x" * (1 << 20))
                assert session.line() is None
            except (BrokenPipeError, ConnectionResetError):
                pass
        assert other.ask("hello")["hostname"] == "leaf"
        until("the session has gone", lambda: len(other.ask("sessions")["sessions"]) == 1)
