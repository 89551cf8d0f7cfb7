# SPDX-License-Identifier: BSD-3-Clause
"""The commit engine of vex-re over the management socket, and what is on disk."""
import os

import pytest

from live import Bench
from mgmt import Session

NULL = {"device": "null"}
CONFIG = "set system host-name leaf\nset vlans red vlan-id 10\n"


@pytest.fixture
def bench(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("needs root to make network namespaces")
    one = Bench(tmp_path)
    try:
        yield one
    finally:
        one.remove()


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
