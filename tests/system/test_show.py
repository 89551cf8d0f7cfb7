# SPDX-License-Identifier: BSD-3-Clause
"""Operational commands of a live switch: what they say is what the test did."""
import json
import os
import re
import struct

from live import BROADCAST, LIMIT, frame, mac, tag, talk, until, wait_dead
from mgmt import Session
from switch import VEX, access, vlans
from terminal import Terminal

P = [f"ge-0/0/{n}" for n in range(6)]
A, B, C = (mac(n) for n in range(1, 4))


def show(switch, what, **args):
    with Session(switch.run) as session:
        return session.ask("show", what=what, args=args)


def clear(switch, what, **args):
    with Session(switch.run) as session:
        return session.ask("clear", what=what, args=args)


def cli(switch, line):
    return switch.command("cli", "-c", line)


def text(switch, line):
    done = cli(switch, line)
    assert done.returncode == 0, done.stderr
    return done.stdout


def interface(switch, name):
    return show(switch, "interfaces", interface=name)["interface-information"]["physical-interface"][0]


def traffic(switch, name):
    return interface(switch, name)["traffic-statistics"]


def macs(switch, **args):
    """{(VLAN, address): (interface, flags)}"""
    entries = show(switch, "ethernet-switching-table", **args)["l2ng-l2ald-rtb-macdb"]["l2ng-mac-entry"]
    return {(e["l2ng-l2-mac-vlan-name"], e["l2ng-l2-mac-address"]):
            (e["l2ng-l2-mac-logical-interface"], e["l2ng-l2-mac-flags"]) for e in entries}


def becomes(expected, ask):
    """A frame may be heard before it is counted; no count goes beyond."""
    seen = [None]

    def same():
        seen[0] = ask()
        return seen[0] == expected

    try:
        until(f"{expected}", same)
    except AssertionError as error:
        raise AssertionError(f"{error}, but {seen[0]}") from None


def two_vlans():
    return (vlans(10, 20) + access(P[0], P[1], vlan="v10") + access(P[2], vlan="v20") +
            f"set interfaces {P[0]} description \"to a\"\nset system host-name leaf\n")


def test_counters(bench):
    """Packets and bytes of each direction, exactly; then from zero after a clear."""
    a, b, c = bench.ears("a", "b", "c")
    switch = bench.switch(two_vlans()).start()

    def pick(port, *names):
        counts = traffic(switch, port)
        return tuple(counts[name] for name in names)

    sizes = [60, 61, 64, 512, 1514]
    for size in sizes:
        talk(a, b, frame(BROADCAST, A, bytes(size - 14)))
    becomes((len(sizes), sum(sizes)), lambda: pick(P[0], "input-packets", "input-bytes"))
    becomes((len(sizes), sum(sizes)), lambda: pick(P[1], "output-packets", "output-bytes"))
    assert pick(P[2], "output-packets") == (0,) and not c.listen()
    clear(switch, "interfaces-statistics", interface=P[0])
    assert pick(P[0], "input-packets") == (0,) and pick(P[1], "output-packets") == (len(sizes),)
    talk(a, b, frame(BROADCAST, A, b"one more"))
    becomes((1,), lambda: pick(P[0], "input-packets"))
    assert "Never" not in interface(switch, P[0])["statistics-cleared"]
    assert interface(switch, P[1])["statistics-cleared"] == "Never"

    def whole():
        all_ = show(switch, "pfe-statistics", traffic=True)["pfe-statistics"]["pfe-traffic-statistics"]
        return all_["pfe-input-packets"], all_["pfe-output-packets"]

    becomes((1, len(sizes) + 1), whole)

    def stages():
        list_ = show(switch, "pfe-statistics", stages=True)["pfe-statistics"]["pfe-stage-statistics"]
        counts = {stage["stage"]: stage["packets"] for stage in list_}
        return counts["parse"], counts["fdb"], counts["enqueue"]

    becomes((len(sizes) + 1,) * 3, stages)


def test_drops_have_names(bench):
    a, b = bench.ears("a", "b")
    switch = bench.switch(two_vlans()).start()
    for _ in range(3):
        a.send(frame(B, b"\x03" + A[1:], b"from a group"))
    for _ in range(2):
        a.send(frame(B, A, b"a VLAN that it does not carry", tags=tag(99)))
    talk(a, b, frame(BROADCAST, A, b"the last"))
    becomes({"SMAC_MULTICAST": 3, "INGRESS_VLAN_FILTER": 2}, lambda: {
        r["drop-reason"]: r["drop-packets"] for r in interface(switch, P[0])["drop-statistics"]})
    assert interface(switch, P[0])["input-error-list"]["input-drops"] == 5
    out = text(switch, f"show pfe statistics drops interface {P[0]}")
    assert re.search(rf"^{P[0]} +SMAC_MULTICAST +3 ", out, re.M), out
    assert "SMAC_MULTICAST" in text(switch, f"show interfaces {P[0]} extensive")


def test_mac_table(bench):
    """The addresses of the hosts where the hosts are; clears take what they should."""
    a, b, c = bench.ears("a", "b", "c")
    config = two_vlans() + f"set switch-options interface {P[1]}.0 static-mac 02:00:5e:00:02:01 vlan-id 10\n"
    switch = bench.switch(config).start()
    talk(a, b, frame(BROADCAST, A, b"from a"))
    talk(b, a, frame(A, B, b"from b"))
    c.send(frame(BROADCAST, C, b"nobody hears it"))
    own, static = {("v10", A.hex(":")): (f"{P[0]}.0", "D"), ("v10", B.hex(":")): (f"{P[1]}.0", "D")}, \
        {("v10", "02:00:5e:00:02:01"): (f"{P[1]}.0", "S")}
    third = {("v20", C.hex(":")): (f"{P[2]}.0", "D")}
    until("all three are learned", lambda: macs(switch) == {**own, **static, **third})
    assert macs(switch, **{"vlan-name": "v20"}) == third
    assert macs(switch, interface=P[1]) == {k: v for k, v in {**own, **static}.items() if v[0] == f"{P[1]}.0"}
    assert macs(switch, address=A.hex(":")) == {("v10", A.hex(":")): (f"{P[0]}.0", "D")}
    out = text(switch, "show ethernet-switching table")
    assert "4 entries, 3 learned" in out
    assert re.search(rf"^    v10 +{A.hex(':')} +D +\d+   {P[0]}\.0$", out, re.M), out
    clear(switch, "ethernet-switching-table", address=A.hex(":"))
    assert ("v10", A.hex(":")) not in macs(switch) and ("v10", B.hex(":")) in macs(switch)
    clear(switch, "ethernet-switching-table", interface=P[2])
    assert not macs(switch, **{"vlan-name": "v20"})
    assert cli(switch, "clear ethernet-switching table").returncode == 0
    assert macs(switch) == static
    assert show(switch, "vlans", detail=True, vlan="v10")["l2ng-l2ald-vlan-instance-information"][
        "l2ng-l2ald-vlan-instance-group"][0]["l2ng-l2rtb-vlan-mac-count"] == 1


def test_tables_are_as_configured(bench):
    """What vex-pfe dumps is what the configuration says, in every table."""
    bench.ears("a")
    config = (two_vlans() + "set chassis aggregated-devices ethernet device-count 2\n"
              f"set interfaces {P[3]} ether-options 802.3ad ae1\nset interfaces {P[4]} ether-options 802.3ad ae1\n"
              "set interfaces ae1 unit 0 family ethernet-switching interface-mode trunk\n"
              "set interfaces ae1 unit 0 family ethernet-switching vlan members all\n"
              f"set switch-options interface {P[1]}.0 static-mac 02:00:5e:00:02:01 vlan-id 10\n"
              f"set vlans v10 switch-options interface {P[0]}.0 interface-mac-limit 7\n"
              "set switch-options mac-table-size 5000\n")
    switch = bench.switch(config).start()
    records = {}
    for table in ("switch", "port", "lag", "vlan", "vlan-ports", "lport", "port-limit", "stp", "punt", "mac"):
        tree = show(switch, f"pfe-table-{table}")["pfe-table-information"]
        assert (tree["not-configured-count"], tree["missing-count"]) == (0, 0), tree
        records[table] = len(tree["pfe-table-entry"])
    assert records == {"switch": 1, "port": 26, "lag": 3, "vlan": 2, "vlan-ports": records["vlan-ports"],
                       "lport": records["lport"], "port-limit": 1, "stp": 0, "punt": 0, "mac": 1}
    assert records["vlan-ports"] >= 4 and records["lport"] >= 3
    assert text(switch, "show pfe table lag").startswith("Table lag: 3 records, as configured\n")


def test_links(bench):
    """A link that goes down is down in every command, and has a time."""
    a, b = bench.ears("a", "b")
    switch = bench.switch(two_vlans()).start()
    talk(a, b, frame(BROADCAST, A, b"works"))
    terse = text(switch, f"show interfaces terse {P[0]}").splitlines()
    assert terse == ["Interface               Admin Link Proto    Local                 Remote",
                     f"{P[0]:23} up    up", f"{P[0] + '.0':23} up    up   eth-switch"]
    assert f"{P[0]}.0*" in text(switch, "show vlans v10")
    bench.hosts["a"].run("ip", "link", "set", "eth0", "down")
    until("it is down", lambda: interface(switch, P[0])["oper-status"] == "down")
    down = interface(switch, P[0])
    assert down["admin-status"] == "up" and down["active-alarms"] == "LINK" and "ago" in down["interface-flapped"]
    assert f"{P[0]}.0*" not in text(switch, "show vlans v10")
    assert re.search(rf"^{P[0]}\.0 .* DN ", text(switch, "show ethernet-switching interface"), re.M)
    switch.kill("vex-re")
    switch.wait_installed()
    assert interface(switch, P[0])["interface-flapped"].split(" (")[0] == down["interface-flapped"].split(" (")[0]


def test_descriptions_and_names(bench):
    bench.ears("a")
    switch = bench.switch(two_vlans()).start()
    assert text(switch, "show interfaces descriptions") == (
        f"Interface       Admin Link Description\n{P[0]:15} up    up   to a\n")
    done = cli(switch, "show interfaces ge-9/0/0")
    assert done.returncode == 1 and "device ge-9/0/0 not found" in done.stdout + done.stderr
    assert len(json.loads(text(switch, "show interfaces ge-0/0/[1-3] | display json"))[
        "interface-information"]["physical-interface"]) == 3
    assert text(switch, "show version").startswith("Hostname: leaf\nModel: ex4400-24t\n")
    assert "Interface: ge-0/0/0, Enabled, Link is Up" in text(switch, f"monitor interface {P[0]}")
    out = text(switch, "monitor interface traffic")
    assert re.search(rf"^ {P[0]} +Up ", out, re.M) and "\033" not in out


def test_monitor_on_a_screen(bench):
    """Written again and again; `c` begins the deltas anew, `q` ends it."""
    a, b = bench.ears("a", "b")
    switch = bench.switch(two_vlans()).start()
    talk(a, b, frame(BROADCAST, A, b"before"))
    environment = dict(os.environ, VEX_RUNDIR=os.path.dirname(switch.run), TERM="xterm", HOME=str(bench.folder))
    terminal = Terminal([VEX, "cli", "--instance", switch.name], environment, rows=30, columns=100)
    try:
        terminal.expect("leaf> ")
        first = terminal.line(f"monitor interface {P[0]}", "Quit='q' or ESC")
        assert re.search(r"Input packets: +1 \(\d+ pps\) +\[0\]", first), first
        talk(a, b, frame(BROADCAST, A, b"meanwhile"))
        until("the delta is shown", lambda: re.search(r"Input packets: +2 \(\d+ pps\) +\[1\]",
                                                      terminal.expect("Quit='q' or ESC")))
        terminal.type("c")
        until("the delta begins anew", lambda: re.search(r"Input packets: +2 \(\d+ pps\) +\[0\]",
                                                         terminal.expect("Quit='q' or ESC")))
        terminal.type("q")
        terminal.expect("leaf> ")
        terminal.line("monitor interface", "Bytes=b, Clear=c, Packets=p, Quit=q or ESC")
        terminal.type("b")
        until("bytes are shown", lambda: "(bps)" in terminal.expect("Quit=q or ESC"))
        terminal.type("\033")
        terminal.expect("leaf> ")
    finally:
        terminal.close()


def test_every_show(bench):
    """Each command without arguments succeeds, prints text, and prints JSON."""
    a, b = bench.ears("a", "b")
    switch = bench.switch(two_vlans()).start()
    talk(a, b, frame(BROADCAST, A, b"works"))
    silent = {"show system commit", "show interfaces"}
    for line in ("show version", "show chassis alarms", "show chassis environment", "show chassis fpc",
                 "show chassis fpc detail", "show chassis hardware", "show chassis routing-engine",
                 "show ddos-protection protocols", "show ethernet-switching interface",
                 "show ethernet-switching statistics", "show ethernet-switching table summary",
                 "show l2-learning global-information", "show l2-learning interface", "show mac-limit",
                 "show pfe statistics drops", "show pfe statistics stages", "show pfe statistics traffic",
                 "show system alarms", "show system commit", "show system memory", "show system processes",
                 "show system processes extensive", "show system storage", "show system uptime",
                 "show system users", "show vlans brief", "show vlans extensive", "show interfaces"):
        assert text(switch, line).strip() or line in silent, line
        assert isinstance(json.loads(text(switch, f"{line} | display json")), dict), line


def test_fdb_statistics(bench):
    a, b = bench.ears("a", "b")
    config = two_vlans() + f"set switch-options interface {P[0]}.0 interface-mac-limit 1\n"
    switch = bench.switch(config).start()
    talk(a, b, frame(BROADCAST, A, b"the first"))
    talk(a, b, frame(BROADCAST, C, b"above the limit, forwarded all the same"))

    def statistics():
        tree = show(switch, "ethernet-switching-statistics", interface=P[0])["l2ng-l2ald-statistics"]
        one = tree["l2ng-interface-statistics"][0]
        return (tree["mac-learned"], one["input-packets"], one["current-mac-count"], one["mac-limit"],
                one["mac-limit-exceeded-packets"])

    becomes((1, 2, 1, 1, 1), statistics)
    limits = show(switch, "mac-limit")["mac-limit-information"]["mac-limit-entry"]
    assert limits == [{"interface-name": f"{P[0]}.0", "mac-limit": 1, "mac-limit-action": "none",
                       "current-mac-count": 1}]


def test_shutdown_and_recovery(bench):
    """`show` names why a port is shut; `clear ethernet-switching port-error` brings it back."""
    a, b = bench.ears("a", "b")
    config = two_vlans() + (f"set switch-options interface {P[0]}.0 interface-mac-limit 1\n"
                            f"set switch-options interface {P[0]}.0 interface-mac-limit packet-action shutdown\n")
    switch = bench.switch(config).start()
    talk(a, b, frame(BROADCAST, A, b"the first"))
    a.send(frame(BROADCAST, C, b"the second"))
    until("it is known", lambda: interface(switch, P[0])["ethernet-switching-error"] == "MAC limit exceeded")
    assert interface(switch, P[0])["oper-status"] == "down"
    switch.kill("vex-re")
    switch.wait_installed()
    assert interface(switch, P[0])["ethernet-switching-error"] == "MAC limit exceeded"
    assert cli(switch, f"clear ethernet-switching port-error interface {P[0]}").returncode == 0
    until("it is up again", lambda: interface(switch, P[0])["oper-status"] == "up")
    talk(a, b, frame(BROADCAST, A, b"works again"))


def test_policers(bench):
    """What is punted is counted under its protocol."""
    (a,) = bench.ears("a")
    switch = bench.switch(two_vlans()).start()
    lldp = bytes.fromhex("0180c200000e") + A + struct.pack("!H", 0x88cc) + bytes(46)
    for _ in range(4):
        a.send(lldp)

    def received():
        tree = show(switch, "ddos-protection-protocols", protocol="lldp")["ddos-protocols-information"]
        return tree["ddos-protocol-group"][0]["ddos-protocol"][0]["ddos-system-statistics"]

    until("all four are counted", lambda: received()["packet-received"] == 4)
    assert received()["packet-dropped"] == 0
    assert "Protocol Group: lldp" in text(switch, "show ddos-protection protocols lldp statistics")


def test_restart_forwarding(bench):
    """Another vex-pfe, whose counters begin at zero."""
    a, b = bench.ears("a", "b")
    switch = bench.switch(two_vlans()).start()
    talk(a, b, frame(BROADCAST, A, b"works"))
    old = switch.child("vex-pfe")["pid"]
    done = cli(switch, "restart forwarding")
    assert done.returncode == 0, done.stderr
    until("another process runs", lambda: switch.child("vex-pfe")["pid"] not in (None, old))
    switch.wait_installed()
    switch.wait_links()
    until("the counters are new", lambda: traffic(switch, P[0])["input-packets"] == 0)
    talk(a, b, frame(BROADCAST, A, b"works again"))
    rows = show(switch, "system-processes")["system-process-information"]["process"]
    assert next(row for row in rows if row["command"] == "vex-pfe")["restarts"] == 1


def test_halt(bench):
    """Ends the instance, if the person says yes; a script is not asked."""
    bench.ears("a")
    switch = bench.switch(two_vlans()).start()
    pid = switch.status()["pid"]
    with Session(switch.run) as session:
        assert session.ask("request", what="system-halt")["text"]
    wait_dead(pid)
    assert cli(switch, "show version").returncode == 1


def test_log_files(bench):
    a, b = bench.ears("a", "b")
    switch = bench.switch(two_vlans() + "set system syslog file messages any any\n").start()
    talk(a, b, frame(BROADCAST, A, b"works"))
    bench.hosts["a"].run("ip", "link", "set", "eth0", "down")
    until("the event is in the log", lambda: P[0] in cli(switch, "show log messages | match LINK_DOWN").stdout,
          LIMIT)
    assert "messages" in text(switch, "show log")
    assert text(switch, "show log messages last 1").count("\n") == 1
    done = cli(switch, "show log ../vex.conf")
    assert done.returncode == 1 and "no such log file" in done.stdout + done.stderr
    assert cli(switch, "clear log messages").returncode == 0
    assert "works" not in text(switch, "show log messages")
