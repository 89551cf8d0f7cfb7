# SPDX-License-Identifier: BSD-3-Clause
"""The command line of a switch that runs."""
import json
import os
import subprocess
import xml.etree.ElementTree

import pytest

from live import LIMIT, until
from switch import VEX, call, put
from terminal import Terminal

CONFIG = """\
system {
    host-name leaf;
}
interfaces {
    ge-0/0/0 {
        unit 0 {
            family ethernet-switching {
                vlan {
                    members red;
                }
            }
        }
    }
}
vlans {
    red {
        vlan-id 10;
    }
}
"""


@pytest.fixture
def switch(bench):
    return bench.switch(CONFIG, ports={}).start()


def environment(switch):
    return dict(os.environ, VEX_RUNDIR=os.path.dirname(switch.run), HOME=switch.folder, TERM="xterm")


def script(switch, text):
    path = put(os.path.join(switch.folder, "script"), text)
    with open(path, encoding="utf-8") as file:
        return call([VEX, "cli", "--instance", switch.name], env=environment(switch), stdin=file)


def ran(switch, text):
    """The output of a script that must succeed."""
    done = script(switch, text)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    return done.stdout


def test_show_configuration_in_every_form(switch):
    assert ran(switch, "show configuration") == CONFIG
    assert ran(switch, "show configuration vlans | display set") == "set vlans red vlan-id 10\n"
    tree = json.loads(ran(switch, "show configuration vlans | display json"))
    assert tree == {"configuration": {"vlans": {"vlan": [{"name": "red", "vlan-id": 10}]}}}
    root = xml.etree.ElementTree.fromstring(ran(switch, "show configuration | display xml"))
    assert root.find("configuration/system/host-name").text == "leaf"


def test_a_change_from_configure_to_rollback(switch):
    first = ran(switch, """\
configure
edit vlans
set blue vlan-id 20
copy red to green
set green vlan-id 30
rename green to lime
annotate blue "like the sky"
show blue
top
set interfaces ge-0/0/1 unit 0 family ethernet-switching vlan members blue
show | compare
commit check
commit comment "more colour" and-quit
show configuration vlans lime
""")
    lines = [line for line in first.splitlines(True) if not line.startswith("warning: no device is behind")]
    assert "".join(lines) == """\
Entering configuration mode
vlan-id 20;
[edit interfaces]
+   ge-0/0/1 {
+       unit 0 {
+           family ethernet-switching {
+               vlan {
+                   members blue;
+               }
+           }
+       }
+   }
[edit vlans]
+   /* like the sky */
+   blue {
+       vlan-id 20;
+   }
+   lime {
+       vlan-id 30;
+   }
configuration check succeeds
commit complete
Exiting configuration mode
vlan-id 30;
"""
    assert "more colour" in ran(switch, "show system commit")
    assert "lime" in ran(switch, "show vlans")
    assert ran(switch, "configure\nrollback 1\ncommit and-quit\nshow configuration").endswith(
        "commit complete\nExiting configuration mode\n" + CONFIG)
    assert "lime" not in ran(switch, "show vlans")
    assert "+   lime {" in ran(switch, "show system rollback 1 compare 0")


def test_a_refused_commit_leaves_everything(switch):
    done = script(switch, "configure\nset vlans blue vlan-id 10\ncommit\nrollback\nexit\nshow configuration\n")
    assert done.returncode == 1
    assert done.stderr == ("[edit vlans red]\n  'vlan-id'\n    VLAN red cannot have id 10, which VLAN blue has; "
                           "give each VLAN its own id\nerror: commit failed: the configuration is as it was\n")
    assert done.stdout.endswith(CONFIG)


def test_every_error_of_a_line(switch):
    done = script(switch, "configure\nset vlans blue vlan-id 4095\nset vlans blue vlan 4\ndelete vlans none\n")
    assert "[edit vlans blue]\n  'vlan-id'\n    bad value '4095'" in done.stderr
    assert "set vlans blue vlan 4\n               ^\n'vlan' is ambiguous." in done.stderr
    assert "warning: statement not found" in done.stdout


def test_load_and_save(switch, tmp_path):
    saved = tmp_path / "saved"
    out = ran(switch, f"""\
configure
load merge terminal
vlans {{
    blue {{ vlan-id 20; }}
}}
\x04
load set terminal
set vlans blue description "a b"
\x04
save {saved}
load override {saved}
show vlans blue
rollback
show | compare
exit
""")
    assert out.endswith('description "a b";\nvlan-id 20;\nload complete\nExiting configuration mode\n')
    assert 'description "a b";' in saved.read_text()


def test_many_statements_at_once(switch):
    assert ran(switch, """\
configure
wildcard range set vlans v[100-101,105] vlan-id 7 description red
wildcard range delete vlans v[100-105] vlan-id
edit vlans
replace pattern ^v10 with green-
wildcard delete *-[01]
show
rollback
exit
exit
""") == """\
Entering configuration mode
warning: statement not found
warning: statement not found
warning: statement not found
  matched: green-0
  matched: green-1
green-5 {
    description red;
}
red {
    vlan-id 10;
}
load complete
Exiting configuration mode
"""


def test_exclusive_and_private(switch):
    term = Terminal([VEX, "cli", "--instance", switch.name], environment(switch))
    try:
        term.line("configure exclusive", "[edit]\nroot@leaf# ")
        done = script(switch, "configure\nset vlans blue vlan-id 20\n")
        assert done.returncode == 1
        assert "configuration database locked by:\n  root" in done.stderr
        assert "exclusive [edit]" in term.line("status", "root@leaf# ")
        term.line("exit", "root@leaf> ")
        term.line("configure private", "[edit]\nroot@leaf# ")
        term.line("set vlans blue vlan-id 20", "[edit]\nroot@leaf# ")
        assert "blue" not in ran(switch, "show configuration")
        term.line("commit", "commit complete")
        assert "blue" in ran(switch, "show configuration")
    finally:
        term.close()


def test_completion_of_what_the_switch_has(switch):
    assert "\n  red\n" in ran(switch, "configure\ndelete vlans ?")
    assert "\n  ge-0/0/0\n" in ran(switch, "show configuration interfaces ?")
    assert "\n  ge-0/0/23\n" in ran(switch, "show interfaces ?")
    assert "\n  red\n" in ran(switch, "configure\nset interfaces ge-0/0/1 unit 0 family ethernet-switching "
                                      "vlan members ?")


def test_the_prompt_follows_the_host_name(switch):
    term = Terminal([VEX, "cli", "--instance", switch.name], environment(switch))
    try:
        term.expect("root@leaf> ")
        term.line("configure", "root@leaf# ")
        term.line("set system host-name spine", "root@leaf# ")
        term.line("commit", "commit complete\n\n[edit]\nroot@spine# ")
    finally:
        term.close()


def test_vex_re_starts_again_under_a_session(switch):
    term = Terminal([VEX, "cli", "--instance", switch.name], environment(switch))
    try:
        term.line("configure", "root@leaf# ")
        term.line("set vlans blue vlan-id 20", "root@leaf# ")
        switch.kill("vex-re")
        term.line("commit", "and with it the configuration session")
        term.expect("root@leaf> ")
        assert "host-name leaf;" in term.line("show configuration", "root@leaf> ")
    finally:
        term.close()


def test_a_client_that_dies_gives_its_lock_back(switch):
    term = Terminal([VEX, "cli", "--instance", switch.name], environment(switch))
    try:
        term.line("configure exclusive", "root@leaf# ")
        term.line("set vlans blue vlan-id 20", "root@leaf# ")
    finally:
        term.close()  # kill -9
    until("the lock is free", lambda: script(switch, "configure exclusive\n").returncode == 0)
    assert ran(switch, "show configuration") == CONFIG
    assert ran(switch, "configure\nshow | compare\n") == "Entering configuration mode\n"


def test_a_hundred_sessions(switch):
    path = put(os.path.join(switch.folder, "script"), "configure\nset vlans red description x\nshow vlans | count\n")
    clients = []
    for _ in range(100):
        with open(path, encoding="utf-8") as file:
            clients.append(subprocess.Popen([VEX, "cli", "--instance", switch.name], env=environment(switch),
                                            stdin=file, stdout=subprocess.PIPE, stderr=subprocess.PIPE))
    for client in clients:
        out, _ = client.communicate(timeout=LIMIT)
        assert client.returncode == 0
        assert out.endswith(b"Count: 4 lines\n")


def test_vex_load(switch, tmp_path):
    real = put(tmp_path / "real", "system { host-name box; services { ssh; } }\nprotocols { lldp { interface all; } }\n"
                                  "vlans { blue { vlan-id 20; } }\n")
    done = switch.command("load", str(real))
    assert done.returncode == 1
    assert "'system services' is not supported" in done.stderr
    assert ran(switch, "show configuration") == CONFIG
    done = switch.command("load", "--deactivate-unsupported", str(real))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (f"{real}:1: inactive: system services\n{real}:2: inactive: protocols lldp\n"
                           "2 statements are not supported and were marked inactive\ncommit complete\n")
    assert "inactive: services {" in ran(switch, "show configuration system")
    done = switch.command("load", "--merge", put(tmp_path / "more", "set vlans red vlan-id 10\n"))
    assert done.returncode == 0
    assert ran(switch, "show configuration vlans | display set") == (
        "set vlans blue vlan-id 20\nset vlans red vlan-id 10\n")


def test_a_thousand_lines_are_pasted(switch):
    lines = "".join(f"set vlans v{n} vlan-id {n}\n" for n in range(100, 1100))
    assert ran(switch, f"configure\n{lines}commit\nrun show configuration vlans | match vlan-id | count\n").endswith(
        "commit complete\nCount: 1001 lines\n")


COMMANDS = [
    "show version", "show chassis hardware", "show chassis fpc", "show chassis environment", "show chassis alarms",
    "show chassis routing-engine", "show interfaces", "show interfaces terse", "show interfaces descriptions",
    "show interfaces extensive", "show interfaces ge-0/0/0", "show vlans", "show vlans detail", "show vlans extensive",
    "show vlans red", "show system uptime", "show system users", "show system alarms", "show system commit",
    "show system processes", "show system memory", "show system storage", "show log",
    "show ethernet-switching interface", "show ethernet-switching statistics", "show l2-learning global-information",
    "show pfe statistics traffic", "show pfe statistics drops", "show cli", "show configuration"]


def test_each_command_is_text_json_and_xml(switch):
    for command in COMMANDS:
        assert ran(switch, command).strip() or command == "show interfaces descriptions"
        assert isinstance(json.loads(ran(switch, f"{command} | display json")), dict), command
        tree = xml.etree.ElementTree.fromstring(ran(switch, f"{command} | display xml"))
        assert tree.tag == "rpc-reply", command
