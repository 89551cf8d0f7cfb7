# SPDX-License-Identifier: BSD-3-Clause
"""Events of the MAC table: traces, notification, and reading the table when some were lost."""
import re

from live import frame, mac, until
from mgmt import Session
from test_log import messages, read

CONFIG = """
    system { host-name leaf; }
    switch-options { mac-notification { notification-interval 1; } }
    protocols { l2-learning {
        global-mac-table-aging-time 10;
        traceoptions { file l2 size 100m; flag [ mac-learning mac-aging ]; }
    } }
    """


def notification(session):
    tree = session.ask("show", what="ethernet-switching-mac-notification")
    return tree["ethernet-switching-mac-notification"]


def table_of(session, **args):
    return session.ask("show", what="ethernet-switching-table", args=args)


def traced(switch):
    return [line.split(" ", 1)[1] for line in read(switch, "l2")]


def test_hosts_come_move_and_go(bench):
    """A host appears, moves and ages out: three lines, three counts, and messages that add up."""
    ears = bench.ears("anna", "bert")
    switch = bench.switch(CONFIG).start()
    with Session(switch.run) as session:
        text = f"address {mac(1).hex(':')} of VLAN default "
        want = [f"ge-0/0/0: {text}was learned", f"ge-0/0/1: {text}moved here from ge-0/0/0",
                f"ge-0/0/1: {text}is gone"]
        ears[0].send(frame(mac(9), mac(1), b"x"))
        until("the address is learned", lambda: want[0] in traced(switch))
        ears[1].send(frame(mac(9), mac(1), b"x"))
        until("the address has moved", lambda: want[1] in traced(switch))
        until("the address is gone", lambda: want[2] in traced(switch))
        assert [line for line in traced(switch) if text in line] == want
        shown = notification(session)
        assert shown["notification-status"] == "enabled" and shown["notification-interval"] == 1
        lines = traced(switch)
        assert shown["addresses-learned"] == sum("was learned" in line for line in lines)
        assert shown["addresses-moved"] == 1

    def told():
        found = [re.fullmatch(r"addresses: (\d+) learned, (\d+) moved, (\d+) gone", text)
                 for _, tag, text in messages(read(switch, "messages")) if tag == "L2ALD_MAC_NOTIFICATION"]
        return [sum(int(one[i]) for one in found) for i in (1, 2, 3)]
    until("the log was told of every change", lambda: told() == [
        sum(word in line for line in traced(switch)) for word in ("was learned", "moved here", "is gone")])


def test_more_than_the_log_holds(bench):
    """A flush of more addresses than a log holds loses events: the table is read, and it is right."""
    ears = bench.ears("anna", "bert")
    switch = bench.switch(CONFIG.replace("global-mac-table-aging-time 10;", "")).start()
    count = 3000
    with Session(switch.run) as session:
        until("the table was read once", lambda: notification(session)["table-reads"] == 1)
        for i in range(count):
            ears[0].send(frame(mac(9), b"\x02\x01\0\0" + i.to_bytes(2, "big"), b"x"))

        # Events of the flood may be lost already: the table says what is known.
        until("all are learned", lambda: str(table_of(session)).count("02:01:00:00:") == count)
        ears[1].send(frame(mac(9), mac(7), b"x"))
        until("the other, too", lambda: mac(7).hex(":") in str(table_of(session)))
        reads = notification(session)["table-reads"]
        session.ask("clear", what="ethernet-switching-table", args={"interface": "ge-0/0/0.0"})
        until("the table was read again", lambda: notification(session)["table-reads"] > reads)
        shown = notification(session)
        assert shown["addresses-removed"] < count
        assert "02:01:00:00" not in str(table_of(session, interface="ge-0/0/0.0"))
        entries = str(table_of(session)).count("'l2ng-l2-mac-address'")
        assert entries >= 1
        until("what was read is what is there", lambda: notification(session)["table-addresses"] == entries)
    assert any(text.endswith("events were lost") for _, tag, text in messages(read(switch, "messages"))
               if tag == "PFE_EVENTS_LOST")
    assert any(line.startswith("table was read in place of events: ") for line in traced(switch))
