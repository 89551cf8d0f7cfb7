# SPDX-License-Identifier: BSD-3-Clause
"""`vex cli` and `vex load` against a server that answers what the test says."""
import json
import os
import stat

import pytest

from fake_re import SET, VLANS, environment, with_vlans
from switch import VEX, call, put

@pytest.fixture
def fake(tmp_path):
    made = []

    def make(**answers):
        made.append(with_vlans(tmp_path, **answers))
        return made[-1]

    yield make
    for one in made:
        one.close()


def run(fake, *words, text=None):
    arguments = [VEX, "cli", "--instance", "fake", *words]
    if text is None:
        return call(arguments, env=environment(fake))
    path = put(os.path.join(fake.folder, "script"), text)
    with open(path, encoding="utf-8") as file:
        return call(arguments, env=environment(fake), stdin=file)


# --- commands on the command line ------------------------------------------------------------------------


def test_commands_are_carried_out_one_after_the_other(fake):
    done = run(fake(), "-c", "show configuration | match id; sh conf | count;")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "        vlan-id 10;\nCount: 5 lines\n"


def test_one_failure_is_the_status_of_all(fake):
    done = run(fake(), "-c", "show nothing; show configuration | count")
    assert done.returncode == 1
    assert done.stderr == "show nothing\n     ^\nsyntax error, expecting <command>.\n"
    assert done.stdout == "Count: 5 lines\n"


@pytest.mark.parametrize("line, error", [
    ("nothing", "nothing\n^\nunknown command.\n"),
    ("show", "show\n     ^\nsyntax error, expecting <command>.\n"),
    ("show cli | nothing", "show cli | nothing\n           ^\nsyntax error, expecting <command>.\n"),
    ("show cli | match (", "show cli | match (\n                 ^\nregular expression: "),
    ("show configuration vlans v nothing",
     "show configuration vlans v nothing\n                           ^\nsyntax error.\n"),
    ("show configuration nothing", "show configuration nothing\n                   ^\nsyntax error.\n"),
    ("set cli screen-length", "set cli screen-length\n                      ^\nmissing argument.\n"),
    ("set cli screen", "set cli screen\n        ^\n'screen' is ambiguous.\nPossible completions:\n"
                       "  screen-length        Set number of lines on screen\n"
                       "  screen-width         Set number of characters on a line\n"),
    ('show cli | match "x', 'show cli | match "x\n                    ^\na quote is not closed.\n'),
    ("configure | count", "configure | count\n          ^\nthis command has no output to pipe.\n"),
    # Columns are characters.
    ('show cli | match "ü" | x', 'show cli | match "ü" | x\n                       ^\nsyntax error'),
])
def test_mistakes_are_pointed_at(fake, line, error):
    done = run(fake(), "-c", line)
    assert done.returncode == 1
    assert done.stderr.startswith(error)


@pytest.mark.parametrize("arguments", [["-c"], ["--instance"], ["--nothing", "x"], ["show"],
                                       ["-c", "a", "-c", "b"], ["--instance", "a/b"]])
def test_usage(arguments):
    done = call([VEX, "cli", *arguments])
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: vex cli ")


def test_no_instance(tmp_path):
    arguments, env = [VEX, "cli", "-c", "show cli"], dict(os.environ, VEX_RUNDIR=str(tmp_path))
    done = call(arguments, env=env)
    assert done.returncode == 1
    assert done.stderr == f"error: there is no instance that runs in {tmp_path}/default\n"
    (tmp_path / "default").mkdir()
    done = call(arguments, env=env)
    assert done.returncode == 1
    assert done.stderr == f"error: the instance in {tmp_path}/default does not run, or is only just starting\n"


def test_output_without_a_terminal_is_plain(fake):
    """No escape codes, no pages, and what the server says stays as it is."""
    text = "a\x1b[31m\x07" + "line\n" * 200
    done = run(fake(**{"get-config": {"text": text}}), "-c", "show configuration")
    assert done.stdout == text


@pytest.mark.parametrize("form, asked", [("", "curly"), ("| display set", "set"), ("| display json", "json"),
                                         ("| display xml", "json")])
def test_forms_of_the_configuration(fake, form, asked):
    server = fake()
    done = run(server, "-c", f"show configuration vlans v10 {form}")
    assert done.returncode == 0
    request = server.of("get-config")[-1]
    assert (request["source"], request["path"], request["form"]) == ("active", "vlans v10", asked)
    if form.endswith("xml"):
        assert "<a>&lt;&amp;&gt;</a>" in done.stdout
    elif form.endswith("json"):
        assert json.loads(done.stdout) == {"configuration": {"a": "<&>"}}
    else:
        assert done.stdout == (SET if asked == "set" else VLANS)


def test_messages_are_not_for_scripts(fake):
    server = fake()
    server.answers["get-config"] = lambda args: server.notify("hello, everybody") or {"text": VLANS}
    assert run(server, "-c", "show configuration; show configuration").stdout == VLANS * 2


def test_save(fake, tmp_path):
    path = tmp_path / "saved"
    done = run(fake(), "-c", f"show configuration | match v | save {path}")
    assert done.stdout == f"Wrote 3 lines of output to '{path}'\n"
    assert path.read_text() == "vlans {\n    v10 {\n        vlan-id 10;\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


# --- scripts -------------------------------------------------------------------------------------------------


def test_configuration_mode_in_a_script(fake):
    server = fake(**{"commit": {"text": "", "warnings": []}})
    done = run(server, text="""\
# a comment
configure
set int ge-0/0/0 un 0 fam eth interface-mode tr
edit interfaces ge-0/0/0
set description "a \\"b\\""
up
delete ge-0/0/1
top set vlans v30 vlan-id 30
top
copy vlans v10 to v11
rename vlans v10 to v12
deactivate vlans v20
annotate vlans v20 "why not"
run show configuration | count
commit confirmed 3 comment "first; try"
commit check
commit and-quit
""")
    assert (done.returncode, done.stderr) == (0, "")
    edits = [(args["path"], args["line"]) for args in server.of("edit")]
    assert edits == [
        ("", "set interfaces ge-0/0/0 unit 0 family ethernet-switching interface-mode trunk"),
        ("interfaces ge-0/0/0", 'set description "a \\"b\\""'),
        ("interfaces", "delete ge-0/0/1"),
        ("", "set vlans v30 vlan-id 30"),
        ("", "copy vlans v10 to v11"),
        ("", "rename vlans v10 to v12"),
        ("", "deactivate vlans v20"),
        ("", 'annotate vlans v20 "why not"'),
    ]
    assert server.of("commit") == [{"check": False, "confirmed": 3, "comment": "first; try"},
                                   {"check": True}, {"check": False}]
    assert done.stdout == """\
Entering configuration mode
Count: 5 lines
commit complete
configuration check succeeds
commit complete
Exiting configuration mode
"""


def test_ranges(fake):
    server = fake()
    done = run(server, text="""\
configure
wildcard range set interfaces ge-0/0/[0-2,5] unit 0 description "a b"
edit vlans
wildcard range delete v[10-11] vlan-id
wildcard range set v[1-
wildcard range set v[a] vlan-id 1
""")
    assert [(args["path"], args["line"]) for args in server.of("edit")] == [
        *(("", f'set interfaces "ge-0/0/{n}" unit 0 description "a b"') for n in (0, 1, 2, 5)),
        *(("vlans", f'delete "v{n}" vlan-id') for n in (10, 11))] or done.stderr
    assert done.stderr == "error: a range has no ']'\nerror: a range is numbers: [0-5,7]\n"
    assert done.returncode == 1


def test_wildcard_delete(fake):
    server = fake()
    done = run(server, text="configure\nwildcard delete vlans v2*\nwildcard delete vlans x*\n")
    assert done.stdout == "Entering configuration mode\n  matched: v20\n"
    assert done.stderr == "error: nothing matches 'x*'\n"
    assert server.of("edit") == [{"path": "", "line": 'delete vlans "v20"'}]


def test_replace_pattern(fake):
    server = fake(**{"load": {"statements": 3, "deactivated": []}})
    done = run(server, text="configure\nedit vlans\nreplace pattern v([0-9]) with vlan-\nreplace pattern none with x\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert [args["text"] for args in server.of("load")] == [
        "set vlans vlan-0 vlan-id 10\nset vlans vlan-0 vlan-id 20\nset interfaces ge-0/0/0 mtu 1500\n"]


def test_a_script_goes_on_after_an_error(fake):
    done = run(fake(), text="show nothing\nshow configuration | count\n")
    assert (done.returncode, done.stdout) == (1, "Count: 5 lines\n")


def test_what_was_not_committed_is_said_at_the_end(fake):
    server = fake(**{"compare": {"text": "[edit]\n+ x;\n"}})
    done = run(server, text="configure\nset vlans v1 vlan-id 1\n")
    assert done.stderr == "warning: the configuration has been changed but not committed\n"


def test_question_mark_in_a_script(fake):
    done = run(fake(), text="configure\ndelete vlans ?\nset vlans v1 vlan-id ?\n")
    assert done.returncode == 0
    assert "  v10\n  v20\n" in done.stdout
    assert "  <vlan-id>            802.1Q VLAN identifier (1..4094)\n" in done.stdout


def test_load_from_the_terminal_ends_at_control_d(fake):
    server = fake(**{"load": {"statements": 1, "deactivated": []}})
    done = run(server, text="configure\nload merge terminal\nvlans {\n  a { vlan-id 1; }\n}\n\x04\nedit vlans\n"
                            "load set terminal relative\nset b vlan-id 2\n")
    assert done.returncode == 0
    first, second = server.of("load")
    assert first == {"mode": "merge", "text": "vlans {\n  a { vlan-id 1; }\n}\n", "path": "", "file": "terminal"}
    assert second == {"mode": "set", "text": "set b vlan-id 2\n", "path": "vlans", "file": "terminal"}


def test_load_and_save_files(fake, tmp_path):
    server = fake(**{"load": {"statements": 1, "deactivated": []}})
    source, target = put(tmp_path / "in", "vlans { }\n"), tmp_path / "out"
    done = run(server, "-c", f"configure; load override {source}; save {target}; load merge /nowhere")
    assert done.returncode == 1
    assert done.stderr == "error: could not open file: /nowhere: No such file or directory\n"
    assert server.of("load")[0]["text"] == "vlans { }\n"
    assert target.read_text() == VLANS
    assert done.stdout == f"Entering configuration mode\nload complete\nWrote 5 lines of configuration to '{target}'\n"


def test_compare(fake, tmp_path):
    server = fake(**{"compare": {"text": "[edit]\n-  a;\n"}})
    other = put(tmp_path / "other", "set x\n")
    done = run(server, "-c", "configure; show | compare; show vlans | compare rollback 2; "
                             f"show | compare {other} | count; exit")
    assert done.stdout.count("-  a;\n") == 2
    asked = server.of("compare")[:3]
    assert asked == [{"path": "", "to": "candidate", "source": "active"},
                     {"path": "vlans", "to": "candidate", "source": "rollback 2"},
                     {"path": "", "to": "candidate", "text": "set x\n", "file": str(other)}]


# --- errors --------------------------------------------------------------------------------------------------


def test_the_active_configuration_is_compared(fake):
    server = fake()
    assert run(server, "-c", "show configuration vlans | compare rollback 4").returncode == 0
    assert server.of("compare") == [{"path": "vlans", "to": "active", "source": "rollback 4"}]


def test_rollbacks_are_compared(fake):
    server = fake()
    run(server, "-c", "show system rollback 1 compare 2; show system rollback 3")
    assert server.of("compare") == [{"path": "", "source": "rollback 2", "to": "rollback 1"}]
    assert server.of("get-config")[-1]["source"] == "rollback 3"


def test_each_connection_says_hello(fake):
    server = fake()
    run(server, "-c", "show configuration")
    assert server.of("hello") == [{"client": "cli"}]


def test_errors_of_the_server(fake):
    server = fake(**{
        "edit": [{"kind": "bad-value", "text": "no such thing"}],
        "commit": [{"kind": "conflict", "path": "interfaces ge-0/0/0 mtu", "text": "too large"}],
        "load": [{"kind": "syntax", "text": "what", "file": "f", "line": 3, "column": 9}]})
    file = put(os.path.join(server.folder, "f"), "x")
    done = run(server, "-c", f"configure; set vlans v; commit; load merge {file}; quit")
    assert done.returncode == 1
    assert done.stderr == ("error: no such thing\n"
                           "[edit interfaces ge-0/0/0]\n  'mtu'\n    too large\n"
                           "error: commit failed: the configuration is as it was\n"
                           "f:3:9: what\n")


@pytest.mark.parametrize("answer", [
    b"nonsense\n", b"[]\n", b"\n", b"{}\n", b'{"id":99,"ok":true}\n', b'{"id":99,"ok":false,"errors":[]}\n',
    b'{"id":99,"ok":true,"data":7}\n', b'{"id":99,"ok":false,"errors":7}\n', b"\xff\xfe\n", b"null\n",
    b'{"id":"x","ok":1,"data":{}}\n', b"{" * 5000 + b"\n"])
def test_answers_that_are_none(fake, answer):
    done = run(fake(**{"get-config": answer}), "-c", "show configuration; show cli | count")
    assert done.returncode == 1
    assert done.stderr.startswith("error: the answer ")
    assert done.stdout == "Count: 4 lines\n"


@pytest.mark.parametrize("answer", [[7], [{}], [{"text": 5, "path": []}], [{"line": "x", "file": 3}]])
def test_errors_that_are_none(fake, answer):
    done = run(fake(**{"get-config": answer}), "-c", "show configuration")
    assert (done.returncode, done.stderr) == (1, "error: refused without a reason\n")


def test_the_server_goes_away(fake):
    server = fake()

    def vanish(_):
        server.hang_up()
        server.listen()

    server.answers["get-config"] = vanish
    done = run(server, "-c", "show configuration; show cli | count; configure; set vlans v1 vlan-id 2")
    assert done.stderr == "error: the connection was lost\n"
    assert done.returncode == 1
    assert server.of("edit") == [{"path": "", "line": "set vlans v1 vlan-id 2"}]


def test_a_configuration_session_ends_with_its_connection(fake):
    server = fake()

    def vanish(_):
        server.hang_up()
        server.listen()

    server.answers["edit"] = vanish
    done = run(server, "-c", "configure; set vlans v1 vlan-id 2; set vlans v1 vlan-id 3")
    assert done.returncode == 1
    assert "and with it the configuration session" in done.stderr
    assert "unknown command" in done.stderr or "syntax error" in done.stderr  # operational mode again
    assert len(server.of("edit")) == 1


# --- vex load --------------------------------------------------------------------------------------------------


def load(server, *words):
    return call([VEX, "load", "--instance", "fake", *words], env=environment(server))


def test_vex_load(fake, tmp_path):
    server = fake(**{"load": {"statements": 9, "deactivated": [{"path": "protocols lldp", "line": 3}]},
                     "commit": {"text": "commit complete", "warnings": []}})
    file = put(tmp_path / "c", "vlans { }\n")
    done = load(server, "--deactivate-unsupported", "--replace", file)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{file}:3: inactive: protocols lldp\n1 statements are not supported" in done.stdout
    assert "commit complete\n" in done.stdout
    assert server.of("configure") == [{"mode": "exclusive"}]
    assert server.of("load") == [{"mode": "replace", "text": "vlans { }\n", "path": "", "file": str(file),
                                  "deactivate_unsupported": True}]


def test_vex_load_commits_nothing_of_a_bad_file(fake, tmp_path):
    server = fake(**{"load": [{"kind": "syntax", "text": "what", "file": "c", "line": 1, "column": 2}]})
    done = load(server, put(tmp_path / "c", "x"))
    assert (done.returncode, done.stderr) == (1, "c:1:2: what\n")
    assert server.of("commit") == []


@pytest.mark.parametrize("words", [[], ["a", "b"], ["--merge", "--set", "a"], ["--nothing", "a"]])
def test_vex_load_usage(fake, words):
    assert load(fake(), *words).returncode == 2
