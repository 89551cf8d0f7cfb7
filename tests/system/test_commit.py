# SPDX-License-Identifier: BSD-3-Clause
"""The commit engine of vex-re over the management socket, and what is on disk."""
import json
import os
import re
import signal
import subprocess

import pytest

from live import until
from mgmt import Refused, Session

NULL = {"device": "null"}
CONFIG = "set system host-name leaf\nset vlans red vlan-id 10\n"


@pytest.fixture
def switch(bench):
    return bench.switch(CONFIG, ports={"ge-0/0/0": NULL, "ge-0/0/1": NULL}).start()


def configure(switch, mode="shared"):
    session = Session(switch.run)
    session.ask("configure", mode=mode)
    return session


def text(session, source="active", path="", form="set"):
    return session.ask("get-config", source=source, path=path, form=form)["text"]


def edit(session, *lines):
    for line in lines:
        session.ask("edit", path="", line=line)


def test_commit_and_rollback(switch):
    with configure(switch) as session:
        before = text(session)
        assert sorted(before.splitlines()) == sorted(CONFIG.splitlines())
        edit(session, "set vlans blue vlan-id 20")
        assert session.ask("compare")["text"] == "[edit vlans]\n+   blue {\n+       vlan-id 20;\n+   }\n"
        assert text(session) == before
        assert session.ask("commit", comment="more colour")["text"] == "commit complete"
        assert "set vlans blue vlan-id 20" in text(session)
        session.ask("rollback", source="rollback 1")
        session.ask("commit")
        assert text(session) == before
        commits = session.ask("get-commit-log")["commits"]
        assert [one["comment"] for one in commits] == ["", "more colour", "vex start"]
        assert [one["n"] for one in commits] == [0, 1, 2]


def on_disk(switch, name="vex.conf"):
    """A stored configuration without its first line, which is about the file."""
    with open(os.path.join(switch.state, name), encoding="utf-8") as file:
        return file.read().split("\n", 1)[1]


def files(switch):
    return sorted(name for name in os.listdir(switch.state) if name.startswith("vex.conf"))


def test_nothing_to_commit(switch):
    with configure(switch) as session:
        before = files(switch), session.ask("get-commit-log")
        assert session.ask("commit")["text"] == "commit complete"
        edit(session, "set vlans blue vlan-id 20", "delete vlans blue")
        assert session.ask("compare")["text"] == ""
        assert session.ask("commit")["text"] == "commit complete"
        assert (files(switch), session.ask("get-commit-log")) == before


def test_check(switch):
    with configure(switch) as session:
        edit(session, "set vlans blue vlan-id 20")
        before = on_disk(switch)
        assert session.ask("commit", check=True)["text"] == "configuration check succeeds"
        assert on_disk(switch) == before
        edit(session, "set vlans green vlan-id 20")
        errors = session.refused("commit", check=True)
        assert "20" in errors[0]["text"] and errors[0]["path"].startswith("vlans")
        assert session.refused("commit") == errors
        assert on_disk(switch) == before


def test_platform(switch):
    """What the hardware does not have is an error, a port without a device a warning."""
    with configure(switch) as session:
        edit(session, "set chassis model ex4400-48f")
        assert "ex4400-48f" in session.refused("commit")[0]["text"]
        edit(session, "delete chassis", "set interfaces ge-0/0/47 mtu 1600")
        assert "ge-0/0/47" in session.refused("commit")[0]["text"]
        edit(session, "delete interfaces ge-0/0/47", "set interfaces ge-0/0/0 mtu 1600",
             "set interfaces ge-0/0/7 mtu 1600")
        answer = session.ask("commit")
        assert answer["warnings"] == ["no device is behind ge-0/0/7: it stays down"]


def test_forms(switch):
    with Session(switch.run) as session:
        assert text(session, form="curly", path="vlans") == "red {\n    vlan-id 10;\n}\n"
        tree = session.ask("get-config", source="active", form="json")["json"]
        assert "leaf" in str(tree) and "red" in str(tree)
        assert "rollback" in session.refused("get-config", source="rollback 50")[0]["text"]
        assert session.refused("get-config", source="rollback 7")
        assert session.refused("get-config", source="active", form="yaml")[0]["path"] == "form"


def test_load(switch):
    with configure(switch) as session:
        config = "vlans {\n    blue {\n        vlan-id 20;\n    }\n}\nsystem {\n    radius-server {\n        x;\n    }\n}\n"
        assert session.refused("load", mode="merge", text="vlans { blue { vlan-id 9999; } }", file="a.conf")[0] \
            .items() >= {"file": "a.conf", "line": 1}.items()
        done = session.ask("load", mode="merge", text=config, file="b.conf", deactivate_unsupported=True)
        assert done["deactivated"] == [{"path": "system radius-server", "line": 7}]
        session.ask("commit")
        assert "set vlans blue vlan-id 20" in text(session)
        session.ask("load", mode="override", text=CONFIG)
        session.ask("commit")
        assert sorted(text(session).splitlines()) == sorted(CONFIG.splitlines())
        session.refused("load", mode="sideways", text="")


def test_exclusive(switch):
    with Session(switch.run) as other:
        with configure(switch, "exclusive") as session:
            edit(session, "set vlans blue vlan-id 20")
            assert "locked by" in other.refused("configure", mode="exclusive")[0]["text"]
            assert session.ask("hello")["user"] in other.refused("configure", mode="exclusive")[0]["text"]
            other.ask("configure", mode="shared")
            assert "locked by" in other.refused("edit", path="", line="set vlans green vlan-id 30")[0]["text"]
            assert "locked by" in other.refused("commit")[0]["text"]
        # Its client is gone, and with it the lock and what it had not committed.
        def free():
            other.ask("end-configure")
            try:
                other.ask("configure", mode="exclusive")
                return True
            except Exception:  # noqa: BLE001
                other.ask("configure", mode="shared")
                return False
        until("the lock is free", free)
        assert "blue" not in text(other, "candidate")


def test_private(switch):
    with configure(switch, "private") as one, configure(switch, "private") as two:
        edit(one, "set vlans blue vlan-id 20")
        edit(two, "set vlans green vlan-id 30", "set system host-name other")
        assert "green" not in text(one, "candidate")
        one.ask("commit")
        two.ask("commit")
        assert {"set vlans blue vlan-id 20", "set vlans green vlan-id 30"} <= set(text(two).splitlines())
        edit(one, "set system host-name first")
        # Meanwhile `two` set it to another value: that is said once.
        assert "system host-name" in one.refused("commit")[0]["path"]
        assert one.ask("hello")["hostname"] == "other"
        one.ask("commit")
        assert one.ask("hello")["hostname"] == "first"


def test_many_sessions_commit(switch):
    """A hundred at once: each is answered, each change is there, one after the other."""
    sessions = [configure(switch, "private") for _ in range(100)]
    try:
        for n, session in enumerate(sessions):
            session.send("edit", {"path": "", "line": f"set vlans v{n} vlan-id {100 + n}"})
            session.send("commit", {"comment": f"of {n}"})
        for session in sessions:
            assert session.answer(2) == {"warnings": []}
            assert session.answer(3)["text"] == "commit complete"
        lines = text(sessions[0]).splitlines()
        assert all(f"set vlans v{n} vlan-id {100 + n}" in lines for n in range(100))
        commits = sessions[0].ask("get-commit-log")["commits"]
        assert len(commits) == 50 and len({one["comment"] for one in commits}) == 50
        assert len(files(switch)) == 50
    finally:
        for session in sessions:
            session.close()


def test_client_dies_in_the_middle(switch):
    """What it has asked for whole is done; half a request is nothing."""
    session = configure(switch)
    edit(session, "set vlans blue vlan-id 20")
    session.send("commit", {"comment": "last words"})
    session.sock.sendall(b'{"id": 9, "rpc": "edit", "args": {"path": "", "line": "delete"')
    session.close()
    with Session(switch.run) as other:
        until("it is committed", lambda: other.ask("get-commit-log")["commits"][0]["comment"] == "last words")
        assert "set vlans blue vlan-id 20" in text(other)
        until("its session has gone", lambda: len(other.ask("sessions")["sessions"]) == 1)
        other.ask("configure", mode="exclusive")


def test_confirmed(switch):
    with configure(switch) as session, Session(switch.run) as other:
        before = text(session)
        edit(session, "set vlans blue vlan-id 20")
        answer = session.ask("commit", confirmed=10)["text"]
        assert answer.splitlines() == [
            "commit confirmed will be automatically rolled back in 10 minutes unless confirmed", "commit complete"]
        other.note("commit confirmed will be rolled back in 10 minutes")
        alarms = str(session.ask("show", what="system-alarms"))
        assert "not confirmed" in alarms
        assert session.ask("commit", check=True)["text"] == "configuration check succeeds"
        assert "not confirmed" not in str(session.ask("show", what="system-alarms"))
        assert "blue" in text(session)
        for bad in (0, 65536, -1, "x"):
            session.refused("commit", confirmed=bad)
        edit(session, "delete vlans blue")
        session.ask("commit", confirmed=1)
        session.ask("commit")
        assert text(session) == before


def test_nobody_confirms(switch):
    """The time is on disk: moved back there, the next vex-re finds that it is over."""
    with configure(switch) as session:
        before = text(session)
        edit(session, "set vlans blue vlan-id 20")
        session.ask("commit", confirmed=10)
    path = os.path.join(switch.state, "vex.conf")
    switch.kill("vex-re")
    until("the socket is there", lambda: connects(switch))
    with Session(switch.run) as session:
        assert "blue" in text(session)
        assert "not confirmed" in str(session.ask("show", what="system-alarms"))
    # Stopped, so that nothing writes: the commit was made an hour ago.
    assert switch.command("stop").returncode == 0
    with open(path, encoding="utf-8") as file:
        first, rest = file.read().split("\n", 1)
    second = int(re.search(r'"seconds": ?(\d+)', first)[1])
    with open(path, "w", encoding="utf-8") as file:
        file.write(first.replace(str(second), str(second - 3600)) + "\n" + rest)
    switch.start(config=False)
    with Session(switch.run) as session:
        until("it is rolled back", lambda: text(session) == before)
        assert "not confirmed" not in str(session.ask("show", what="system-alarms"))


def connects(switch):
    try:
        Session(switch.run).close()
        return True
    except OSError:
        return False


def test_start_without_a_configuration(switch):
    """What was committed last holds over a stop; with a file, that is a commit of its own."""
    with configure(switch) as session:
        edit(session, "set vlans blue vlan-id 20")
        session.ask("commit")
        committed = text(session)
    assert switch.command("stop").returncode == 0
    switch.start(config=False)
    with Session(switch.run) as session:
        assert text(session) == committed
        assert session.ask("get-commit-log")["commits"][0]["comment"] == ""
    switch.kill("vex-re")
    until("the socket is there", lambda: connects(switch))
    with Session(switch.run) as session:
        assert text(session) == committed
    assert switch.command("stop").returncode == 0
    switch.start()
    with Session(switch.run) as session:
        assert sorted(text(session).splitlines()) == sorted(CONFIG.splitlines())
        assert session.ask("get-commit-log")["commits"][0]["comment"] == "vex start"
        assert text(session, "rollback 1") == committed


def test_factory_default(bench):
    switch = bench.switch("", ports={"ge-0/0/0": NULL}).start(config=False)
    with Session(switch.run) as session:
        assert text(session) == "" and session.ask("get-commit-log")["commits"] == []
        assert session.ask("hello")["hostname"] == switch.name


def test_rescue(switch):
    with configure(switch) as session:
        before = text(session)
        assert session.refused("rollback", source="rescue")
        assert "Rescue configuration is not set" in str(session.ask("show", what="system-alarms"))
        session.ask("rescue", do="save")
        assert "Rescue" not in str(session.ask("show", what="system-alarms"))
        edit(session, "delete")
        session.ask("commit")
        assert text(session) == ""
        session.ask("rollback", source="rescue")
        session.ask("commit")
        assert text(session) == before
        session.ask("rescue", do="delete")
        assert session.refused("rescue", do="burn")


def test_torn_active_file(switch):
    """The newest whole one is active instead, and the log says so."""
    with configure(switch) as session:
        before = text(session)
        edit(session, "set vlans blue vlan-id 20")
        session.ask("commit")
    assert switch.command("stop").returncode == 0
    path = os.path.join(switch.state, "vex.conf")
    with open(path, "r+b") as file:
        file.truncate(os.path.getsize(path) - 10)
    switch.start(config=False)
    with Session(switch.run) as session:
        assert text(session) == before
    assert "vex.conf" in switch.log("vex-re")
    with open(os.path.join(switch.state, "log", "messages"), encoding="utf-8") as file:
        assert re.search(r" UI_DATABASE - .*vex\.conf", file.read())


def test_full_disk(bench):
    """A commit that the disk has no room for is refused, and nothing has changed anywhere."""
    state = os.path.join(str(bench.folder), "state")
    os.mkdir(state)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", state], check=True)
    try:
        switch = bench.switch(CONFIG, ports={"ge-0/0/0": NULL}).start()
        with configure(switch) as session:
            before = text(session)
            with open(os.path.join(state, "ballast"), "wb", buffering=0) as file:
                try:
                    while True:
                        file.write(bytes(4096))
                except OSError:
                    pass
            edit(session, *(f"set vlans blue{n} description {'x' * 200}" for n in range(40)),
                 *(f"set vlans blue{n} vlan-id {n + 100}" for n in range(40)))
            assert "No space left" in session.refused("commit")[0]["text"]
            assert text(session) == before
            names = [name["name"] for name in session.ask("complete", kind="vlan", prefix="")["names"]]
            assert names == ["red"]
            os.unlink(os.path.join(state, "ballast"))
            assert session.ask("commit")["text"] == "commit complete"
            assert "blue39" in text(session)
        assert switch.command("stop").returncode == 0
    finally:
        subprocess.run(["umount", "-l", state], check=True)


def test_commit_while_vex_pfe_is_away(switch):
    """It waits until vex-pfe is back; the tables are then those of the commit."""
    with configure(switch) as session:
        edit(session, "set vlans blue vlan-id 20")
        pfe = switch.child("vex-pfe")["pid"]
        os.kill(pfe, signal.SIGKILL)
        assert session.ask("commit")["text"] == "commit complete"
        switch.wait_installed()
        assert switch.child("vex-pfe")["pid"] != pfe
        assert "blue" in text(session) and "blue" in on_disk(switch)


def test_commit_while_vex_pfe_stands_still(switch):
    """It is refused after a while, and nothing has changed; also not later, when vex-pfe goes on."""
    with configure(switch) as session:
        before = text(session), on_disk(switch)
        edit(session, "set vlans blue vlan-id 20")
        pfe = switch.child("vex-pfe")["pid"]
        os.kill(pfe, signal.SIGSTOP)
        try:
            assert "nothing was committed" in session.refused("commit")[0]["text"]
            assert (text(session), on_disk(switch)) == before
        finally:
            os.kill(pfe, signal.SIGCONT)
        until("the tables are compared", lambda: vlans(session) == [1, 10] or vlans(session) == [10])
        assert session.ask("commit")["text"] == "commit complete"
        assert 20 in vlans(session)


def vlans(session):
    """Ids of the VLANs that are in the tables of vex-pfe; None while nobody knows."""
    try:
        tree = session.ask("show", what="pfe-table-vlan")
    except Refused:
        return None
    return sorted(int(vid) for vid in re.findall(r'"vid": "?(\d+)', json.dumps(tree)))


def test_commit_is_killed(switch):
    """vex-re dies with commits on their way: what is active is whole, with or without them."""
    for n in range(5):
        sessions = [configure(switch, "private") for _ in range(4)]
        for i, session in enumerate(sessions):
            session.send("edit", {"path": "", "line": f"set vlans v{n}{i} vlan-id {100 + 10 * n + i}"})
            session.send("commit", {})
        sessions[0].answer(2)
        switch.kill("vex-re")
        for session in sessions:
            session.close()
        until("the socket is there", lambda: connects(switch))
        switch.wait_installed()
        with Session(switch.run) as session:
            lines = text(session).splitlines()
            assert "set system host-name leaf" in lines
            for i in range(4):
                assert (f"set vlans v{n}{i} vlan-id {100 + 10 * n + i}" in lines) == (
                    f"v{n}{i} {{" in on_disk(switch))
