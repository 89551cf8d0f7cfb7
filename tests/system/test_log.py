# SPDX-License-Identifier: BSD-3-Clause
"""The system log: RFC 5424 to files and hosts, and traces, as configured."""
import os
import re
import socket

from live import frame, mac, until
from mgmt import Session

MESSAGE = re.compile(r"<(\d+)>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z leaf vex-re \d+ (\S+) - (.*)")


def read(switch, name):
    try:
        with open(os.path.join(switch.state, "log", name), encoding="utf-8") as file:
            return file.read().splitlines()
    except FileNotFoundError:
        return []


def messages(lines):
    found = [MESSAGE.fullmatch(line) for line in lines]
    assert all(found), lines
    return [(int(one[1]), one[2], one[3]) for one in found]


def test_links_and_traces(bench):
    """A link that goes: by filter to files, and to a host; an address above a limit: to a trace."""
    ears = bench.ears("anna", "bert")
    with bench.home.inside():
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with server:
        bench.home.run("ip", "link", "set", "lo", "up")
        server.bind(("127.0.0.1", 0))
        server.settimeout(30)
        switch = bench.switch(f"""
            system {{
                host-name leaf;
                syslog {{
                    host 127.0.0.1 {{ daemon warning; match "ge-0/0/1"; port {server.getsockname()[1]}; }}
                    file messages {{ any notice; }}
                    file nothing {{ any any; daemon none; match LINK; }}
                    file other {{ any any; match "ge-0/0/0.*down"; }}
                }}
            }}
            switch-options {{ interface ge-0/0/0 {{ interface-mac-limit {{ 1; packet-action log; }} }} }}
            protocols {{ l2-learning {{ traceoptions {{ file l2; flag mac-limit; }} }} }}
            """).start()
        ears[0].send(frame(mac(9), mac(1), b"x"), frame(mac(9), mac(2), b"x"))
        text = f"ge-0/0/0: address {mac(2).hex(':')} of VLAN default is above a MAC limit"
        until("the address is traced", lambda: any(line.endswith("Z " + text) for line in read(switch, "l2")))
        assert (28, "L2ALD_MAC_LIMIT_REACHED_IFBD", text) in messages(read(switch, "messages"))
        bench.home.run("ip", "link", "set", "p1", "down")
        while True:
            (priority, tag, text), = messages([server.recv(4096).decode()])
            if "down" in text:
                break
        assert (priority, tag, text) == (3 * 8 + 4, "SNMP_TRAP_LINK_DOWN", "ge-0/0/1: link is down")
        assert (28, "SNMP_TRAP_LINK_DOWN", "ge-0/0/1: link is down") in messages(read(switch, "messages"))
        assert read(switch, "nothing") == [] and read(switch, "other") == []
        assert os.stat(os.path.join(switch.state, "log", "messages")).st_mode & 0o777 == 0o600


def test_trace_of_vex_re(bench):
    """Commits, requests and what is done to vex-pfe, each by its flag; users are told in their sessions."""
    switch = bench.switch("""
        system {
            host-name leaf;
            syslog { user * { interactive-commands notice; } file messages { any any; } }
            processes { vex-re { traceoptions { file trace size 100k files 2; flag [ commit forwarding ]; } } }
        }
        """, ports={"ge-0/0/0": {"device": "null"}}).start()
    with Session(switch.run) as session:
        session.ask("configure", mode="exclusive")
        session.ask("edit", path="", line="set vlans red vlan-id 10")
        session.ask("commit", comment="red")
        session.note("User 'root' requested 'commit' operation (comment: red)")
        assert (22 * 8 + 6, "UI_CFG_AUDIT_SET", "User 'root' [edit] set vlans red vlan-id 10") in messages(
            read(switch, "messages"))
        lines = [line.split(" ", 1)[1] for line in read(switch, "trace")]
        steps = ["commit of user root begins", "transaction: applied", "published"]
        assert [line for line in lines if line in steps] == steps
        assert any(re.fullmatch(r"transaction of [1-9]\d* operations", line) for line in lines)
        assert not any("session" in line for line in lines)
        session.ask("edit", path="system processes vex-re traceoptions", line="set flag management")
        session.ask("commit")
        session.ask("get-config", source="active", path="system host-name")
        until("requests are traced", lambda: any(
            re.search(r"session \d+, user root: get-config$", line) for line in read(switch, "trace")))
        assert (23 * 8 + 5, "UI_COMMIT", "User 'root' requested 'commit' operation (comment: red)") in messages(
            read(switch, "messages"))
    until("the end of the session is logged", lambda: (
        23 * 8 + 5, "UI_DBASE_LOGOUT_EVENT", "User 'root' exiting configuration mode") in messages(read(switch, "messages")))
