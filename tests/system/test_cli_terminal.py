# SPDX-License-Identifier: BSD-3-Clause
"""`vex cli` as a person at a terminal sees it, against a server that answers what the test says."""
import os
import stat
import threading

import pytest

from fake_re import HELLO, VLANS, environment, with_vlans
from switch import VEX
from terminal import Terminal


@pytest.fixture
def terminal(tmp_path):
    """The server, and a session that has reached its prompt."""
    made = []

    def make(rows=24, **answers):
        server = with_vlans(tmp_path, **answers)
        made.append(server)
        made.append(Terminal([VEX, "cli", "--instance", "fake"], environment(server), rows))
        made[-1].expect("alice@sw1> ")
        return server, made[-1]

    yield make
    for one in reversed(made):
        one.close()


def test_a_session(terminal):
    server, term = terminal(**{"commit": {"text": "", "warnings": []}})
    assert "CLI screen-width set to 80" in term.line("show cli", "alice@sw1> ")
    term.line("configure", "[edit]\nalice@sw1# ")
    term.line("edit interfaces ge-0/0/0", "[edit interfaces ge-0/0/0]\nalice@sw1# ")
    term.line("set mtu 9000", "[edit interfaces ge-0/0/0]\nalice@sw1# ")
    server.answers["hello"] = {**HELLO, "hostname": "sw2"}
    term.line("commit", "commit complete\n\n[edit interfaces ge-0/0/0]\nalice@sw2# ")
    term.line("exit", "[edit]\nalice@sw2# ")
    term.line("exit", "Exiting configuration mode\nalice@sw2> ")
    term.line("exit", "")
    assert term.status() == 0
    assert server.of("edit") == [{"path": "interfaces ge-0/0/0", "line": "set mtu 9000"}]
    history = os.path.join(server.folder, ".vex_history")
    assert stat.S_IMODE(os.stat(history).st_mode) == 0o600


def test_question_mark_lists_and_goes_on(terminal):
    _, term = terminal()
    term.type("show c?")
    listed = term.expect("alice@sw1> show c")
    assert "Possible completions:\n" in listed
    assert "\n  cli                  Show command-line interface settings\n" in listed
    assert "\n  configuration        Show current configuration\n" in listed
    assert "\n  version" not in listed
    term.type("li \n")
    term.expect("CLI is of instance fake")


def test_question_mark_at_the_end_of_a_command(terminal):
    _, term = terminal()
    term.type("show cli ?")
    term.expect("  <[Enter]>            Execute this command\n"
                "  |                    Pipe through a command\n")


def test_space_and_tab_complete(terminal):
    server, term = terminal()
    term.type("conf \n")
    term.expect("Entering configuration mode")
    term.type("delete vl v2\t\n")
    assert server.wait("edit") == {"path": "", "line": "delete vlans v20"}


def test_files_are_completed(terminal, tmp_path):
    server, term = terminal(**{"load": {"statements": 1, "deactivated": []}})
    folder = tmp_path / "some-folder"
    folder.mkdir()
    (folder / "one.conf").write_text("vlans { }\n")
    term.line("configure", "alice@sw1# ")
    term.type(f"load merge {tmp_path}/some\tone\t\n")
    term.expect("load complete")
    assert server.of("load")[0]["file"] == str(folder / "one.conf")


def test_names_are_listed(terminal):
    _, term = terminal()
    term.line("configure", "alice@sw1# ")
    term.type("delete vlans ?")
    term.expect("  v10\n  v20\n")


def test_history(terminal):
    _, term = terminal()
    term.line("show cli | count", "Count: 4 lines\nalice@sw1> ")
    term.type("\x1b[A\n")
    term.expect("Count: 4 lines\nalice@sw1> ")


def test_history_is_searched(terminal):
    _, term = terminal()
    term.line("show cli | count", "Count: 4 lines\nalice@sw1> ")
    term.line("show configuration | count", "Count: 5 lines\nalice@sw1> ")
    term.type("\x12cli\n")
    term.expect("Count: 4 lines\nalice@sw1> ")


def test_history_outlives_the_session(terminal):
    server, term = terminal()
    term.line("show cli | count", "Count: 4 lines\nalice@sw1> ")
    term.line("exit", "")
    assert term.status() == 0
    again = Terminal([VEX, "cli", "--instance", "fake"], environment(server))
    try:
        again.expect("alice@sw1> ")
        again.type("\x1b[A\x1b[A\n")
        again.expect("Count: 4 lines")
    finally:
        again.close()


def test_the_caret_stands_under_what_was_typed(terminal):
    _, term = terminal()
    wrong = term.line("show  nothing", "syntax error, expecting <command>.")
    assert "\n" + " " * len("alice@sw1> show  ") + "^\n" in wrong


def test_pages(terminal):
    text = "".join(f"line {n}\n" for n in range(40))
    _, term = terminal(rows=10, **{"get-config": {"text": text}})
    first = term.line("show configuration", "---(more)---")
    assert "line 8\n" in first and "line 9" not in first
    term.type("\n")
    assert "line 9\n" in term.expect("---(more)---")
    term.type(" ")
    assert "line 18\n" in term.expect("---(more)---")
    term.type("q")
    assert "line 19" not in term.expect("alice@sw1> ")
    assert "line 39\n" in term.line("show configuration | no-more", "alice@sw1> ")
    assert "line 39\n" in term.line("show configuration | last 3", "alice@sw1> ")
    term.line("set cli screen-length 0", "alice@sw1> ")
    assert "line 39\n" in term.line("show configuration", "alice@sw1> ")


def test_a_window_that_grows(terminal):
    text = "".join(f"line {n}\n" for n in range(40))
    _, term = terminal(rows=10, **{"get-config": {"text": text}})
    term.resize(60, 80)
    assert "more" not in term.line("show configuration", "line 39\n")


def test_control_c(terminal):
    server, term = terminal(**{"get-config": lambda args: None})
    term.type("show nonsense\x03")
    term.expect("alice@sw1> ")  # the line is gone
    term.type("show configuration\n")
    server.wait("get-config")
    term.type("\x03")
    term.expect("alice@sw1> ")
    term.type("show cl?")
    term.expect("Show command-line interface settings")
    term.type("\x15show cli | count\n")
    term.expect("Count: 4 lines")


def test_control_c_ends_pages(terminal):
    _, term = terminal(rows=10, **{"get-config": {"text": "line\n" * 100}})
    term.line("show configuration", "---(more)---")
    term.type("\x03")
    term.expect("alice@sw1> ")
    assert "Count: 4 lines" in term.line("show cli | count", "alice@sw1> ")


def test_leaving_with_changes_is_asked(terminal):
    server, term = terminal(**{"compare": {"text": "[edit]\n+ x;\n"}})
    term.line("configure", "alice@sw1# ")
    term.line("exit", "Exit with uncommitted changes? [yes,no] (yes) ")
    term.line("no", "alice@sw1# ")
    assert server.of("end-configure") == []
    term.line("exit", "(yes) ")
    term.line("", "Exiting configuration mode\nalice@sw1> ")
    term.line("configure private", "alice@sw1# ")
    term.line("exit", "Discard uncommitted changes? [yes,no] (yes) ")
    term.line("yes", "Exiting configuration mode")
    assert server.of("end-configure") == [{"discard": False}, {"discard": True}]


def test_deleting_everything_is_asked(terminal):
    server, term = terminal()
    term.line("configure", "alice@sw1# ")
    term.line("delete", "Delete everything under this level? [yes,no] (no) ")
    term.line("", "alice@sw1# ")
    assert server.of("edit") == []


def test_pasted_lines(terminal):
    server, term = terminal()
    lines = "".join(f"set vlans v{n} vlan-id {n}\n" for n in range(1, 101))
    term.type("configure\n" + lines + "show cli | count\n")
    term.expect("syntax error")  # `cli` is no configuration
    assert [args["line"] for args in server.of("edit")] == [
        f"set vlans v{n} vlan-id {n}" for n in range(1, 101)]


def test_text_typed_after_load(terminal):
    server, term = terminal(**{"load": {"statements": 1, "deactivated": []}})
    term.line("configure", "alice@sw1# ")
    term.line("load merge terminal", "[Type ^D at a new line to end input]")
    term.type("vlans {\n    a { vlan-id 1; }\n}\n\x04")
    term.expect("load complete")
    assert server.of("load")[0]["text"] == "vlans {\n    a { vlan-id 1; }\n}\n"


def test_control_c_loads_nothing(terminal):
    server, term = terminal(**{"load": {"statements": 1, "deactivated": []}})
    term.line("configure", "alice@sw1# ")
    term.line("load merge terminal", "to end input]")
    term.type("vlans {\n\x03")
    term.expect("alice@sw1# ")
    term.line("exit", "Exiting configuration mode")
    assert server.of("load") == []


def test_tabs_of_a_pasted_text_separate_words(terminal):
    server, term = terminal(**{"load": {"statements": 1, "deactivated": []}})
    term.line("configure", "alice@sw1# ")
    term.line("load merge terminal", "to end input]")
    term.type("vlans {\n\tv1 {\n\t\tvlan-id\t1;\n\t}\n}\n\x04")
    term.expect("load complete")
    assert server.of("load")[0]["text"] == "vlans {\n\tv1 {\n\t\tvlan-id\t1;\n\t}\n}\n"


def test_what_is_typed_ahead_arrives_whole(terminal):
    go = threading.Event()

    def slowly(_):
        assert go.wait(30)
        return {"text": VLANS}

    server, term = terminal(**{"get-config": slowly, "load": {"statements": 1, "deactivated": []}})
    term.type("show configuration | count\n")
    server.wait("get-config")
    term.type("configure\nload merge terminal\nvlans { }\n\x04exit\n")
    go.set()
    seen = term.expect("Exiting configuration mode")
    assert server.of("load")[0]["text"] == "vlans { }\n"
    assert seen.count("vlans { }") <= 1  # shown when it is read, not when it is typed


def test_messages_arrive_at_the_prompt(terminal):
    server, term = terminal()
    server.notify("commit confirmed will be rolled back in 10 minutes")
    term.expect("commit confirmed will be rolled back in 10 minutes\n")
    term.expect("alice@sw1> ")


def test_the_session_outlives_the_server(terminal):
    server, term = terminal()
    term.line("configure", "alice@sw1# ")
    server.hang_up()
    term.line("set vlans v1 vlan-id 1", "and with it the configuration session")
    term.expect("alice@sw1> ")
    server.listen()
    assert "Count: 5 lines" in term.line("show configuration | count", "alice@sw1> ")
    term.line("exit", "")
    assert term.status() == 0
