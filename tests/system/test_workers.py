# SPDX-License-Identifier: BSD-3-Clause
"""Several workers: what they forward is what one would, and each frame is counted once."""
import os
import random
import re
import signal
import struct

import pytest
from scapy.utils import RawPcapReader

from compare import conservation
from live import BROADCAST, Counters, Frozen, frame, mac, talk, until
from switch import SIDES, STAGES, access, vlans

P = [f"ge-0/0/{n}" for n in range(5)]
MACS = [mac(n + 1) for n in range(5)]
HEAD = struct.Struct("!HI")  # flow, number within it
SLOTS = 1024  # of a hand-over ring (dataplane/handover.h)


def one_vlan(ports):
    return vlans(10) + access(*ports, vlan="v10")


def settled(switch):
    def ask():
        counters = switch.counters()
        return counters if not list(conservation(counters, SIDES)) else None

    return until("the counters add up", ask)


def length_of(n):
    return (46, 100, 400, 600, 1400)[n % 5]


def numbered(flow, sender, receiver, n, length):
    return frame(MACS[receiver], MACS[sender], HEAD.pack(flow, n).ljust(length, b"."))


def numbers(ear, flow):
    """Of the frames of a flow that were heard, in the order of their arrival."""
    found = (HEAD.unpack_from(data, 14) for data in ear.heard)
    return [n for of, n in found if of == flow]


def learn(ears):
    """Everybody's address is known: no flow floods."""
    for n, ear in enumerate(ears):
        hello = frame(BROADCAST, MACS[n], b"\xff" * HEAD.size)
        ear.send(hello)
        for other in ears:
            if other is not ear:
                other.wait(hello)
    for ear in ears:
        ear.heard.clear()


def converse(ears, pairs, count, seed=1):
    """`count` frames of each flow, a random order of flows and lengths; no flow is more than 64 ahead."""
    rng = random.Random(seed)
    sent = [0] * len(pairs)
    while open_ := [flow for flow, n in enumerate(sent) if n < count]:
        flow = rng.choice(open_)
        sender, receiver = pairs[flow]
        length = rng.choice((46, 100, 400, 600, 1400))
        ears[sender].send(numbered(flow, sender, receiver, sent[flow], length))
        sent[flow] += 1
        if sum(sent) % 64 == 0:
            for at in {receiver for _, receiver in pairs}:
                until("the flows arrive", lambda at=at: ears[at].listen() is not None and sum(
                    len(numbers(ears[at], flow)) for flow, pair in enumerate(pairs) if pair[1] == at) >= sum(
                        n for flow, n in enumerate(sent) if pairs[flow][1] == at))


def check(ears, pairs, count):
    for flow, (_, receiver) in enumerate(pairs):
        until(f"flow {flow} is complete",
              lambda: ears[receiver].listen() is not None and len(numbers(ears[receiver], flow)) >= count)
        assert numbers(ears[receiver], flow) == list(range(count))
    for at, ear in enumerate(ears):
        heard = {HEAD.unpack_from(data, 14)[0] for data in ear.heard}
        assert heard <= {flow for flow, pair in enumerate(pairs) if pair[1] == at}, "a frame went astray"


def shared(counters):
    """What does not depend on the number of workers."""
    return {name: {key: value for key, value in port.items() if key != "time_backwards"}
            for name, port in counters["ports"].items()}


def test_one_and_several_workers_agree(bench):
    """Five ports, each with each: the same frames in the same order per flow, the same counts per port."""
    ears = bench.ears(*"abcde")
    pairs = [(a, b) for a in range(5) for b in range(5) if a != b]
    results = []
    for workers in (1, 2, 4):
        switch = bench.switch(one_vlan(P), workers=workers).start()
        assert len(switch.status()["workers"]) == workers
        learn(ears)
        converse(ears, pairs, 40)
        check(ears, pairs, 40)
        counters = settled(switch)
        assert counters["fdb"]["learned"] == 5
        results.append(shared(counters))
        for n in range(workers):
            own = switch.counters(n)["ports"]
            # A port has one worker that receives; any may send.
            assert {p for p in own if own[p]["rx_packets"]} == set(P[n::workers])
        switch.stop()
        for ear in ears:
            ear.listen()
            ear.heard.clear()
    assert results[0] == results[1] == results[2]


class Files:
    """Packet sockets on ports 0 and 3, files on 1 and 2: a file has one queue, hence one worker that writes it."""

    def __init__(self, bench):
        self.ears = bench.ears("a", "d")
        self.paths = {port: str(bench.folder / f"out{port[-1]}.pcap") for port in P[1:3]}
        files = {port: {"device": "pcap", "tx": path} for port, path in self.paths.items()}
        self.switch = bench.switch(one_vlan(P[:4]), {P[0]: "p0", **files, P[3]: "p1"}, workers=2).start()

    def written(self, port, flow):
        """Numbers of a flow in a file, once the switch has ended."""
        found = (HEAD.unpack_from(data, 14) for data, _ in RawPcapReader(self.paths[port]))
        return [n for of, n in found if of == flow]

    def flood(self, flow, sender, n):
        """To an address that nobody has: to every other port."""
        self.ears[sender].send(frame(MACS[4], MACS[sender], HEAD.pack(flow, n).ljust(length_of(n), b".")))


def test_handover(bench):
    """The owner of a port sends, the other worker hands frames over, each flow in its order."""
    files = Files(bench)
    switch, (a, d) = files.switch, files.ears
    for n in range(2000):
        files.flood(0, 0, n)
        files.flood(1, 1, n)
        if n % 50 == 49:
            until("the flows arrive", lambda n=n: a.listen() is not None and d.listen() is not None
                  and len(a.heard) > n and len(d.heard) > n)
    assert numbers(a, 1) == numbers(d, 0) == list(range(2000))
    settled(switch)
    first, second = (switch.counters(worker)["ports"] for worker in (0, 1))
    # Enqueued where they came in, sent by the owner.
    assert first[P[1]]["enqueued"] == 2000 and first[P[1]]["tx_packets"] == 0
    assert second[P[1]]["enqueued"] == 2000 and second[P[1]]["tx_packets"] == 4000
    assert second[P[2]]["enqueued"] == 2000 and second[P[2]]["tx_packets"] == 0
    assert first[P[2]]["enqueued"] == 2000 and first[P[2]]["tx_packets"] == 4000
    # A packet socket has a queue for each worker: sent where they came in.
    assert first[P[3]]["tx_packets"] == first[P[3]]["enqueued"] == 2000
    switch.stop()
    for port in P[1:3]:
        for flow in (0, 1):
            assert files.written(port, flow) == list(range(2000))


def test_owner_stands_still(bench):
    """Frames for its port wait in the ring, what does not fit is HANDOVER_FULL; other ports go on."""
    files = Files(bench)
    switch, (a, d) = files.switch, files.ears
    sent = SLOTS + 300
    with Frozen(switch.status()["workers"][1]["tid"]):
        for n in range(sent):
            files.flood(0, 0, n)
            if n % 50 == 49:
                d.wait(frame(MACS[4], MACS[0], HEAD.pack(0, n).ljust(length_of(n), b".")))
        until("the ring is full", lambda: switch.drops(P[1]) == {"HANDOVER_FULL": sent - SLOTS})
        assert switch.port(P[1])["tx_packets"] == 0
        until("other ports go on", lambda: switch.port(P[2])["tx_packets"] == sent)
    until("the owner goes on", lambda: switch.port(P[1])["tx_packets"] == SLOTS)
    counters = settled(switch)["ports"]
    assert counters[P[1]]["drops"] == {"HANDOVER_FULL": sent - SLOTS}
    assert counters[P[1]]["enqueued"] == SLOTS
    assert d.listen() is not None and numbers(d, 0) == list(range(sent))
    assert a.listen() == []
    switch.stop()
    assert files.written(P[1], 0) == list(range(SLOTS))
    assert files.written(P[2], 0) == list(range(sent))


def alarms(switch):
    return [(alarm["class"], alarm["text"]) for alarm in switch.status()["alarms"]]


def test_hung_worker_is_named(bench):
    """In status, as an alarm, and in the log; all of it ends when the worker goes on."""
    bench.ears("a", "b")
    switch = bench.switch(one_vlan(P[:2]), workers=2).start()
    assert alarms(switch) == []
    tid = switch.status()["workers"][1]["tid"]
    with Frozen(tid):
        (class_, text), = until("there is an alarm", lambda: alarms(switch))
        assert class_ == "Major" and re.fullmatch(rf"vex-pfe: worker 1 \(thread {tid}, CPU \d+\) stands still", text)
        assert [worker["hangs"] for worker in switch.status()["workers"]] == [False, True]
        shown = switch.command("status")
        assert f"Major alarm: {text}, since 20" in shown.stdout
        assert re.search(r"Worker 1: .*STANDS STILL\n", shown.stdout)
        assert re.search(r"Worker 0: .*busy\n", shown.stdout)
        assert f" {text}\n" in switch.log("vex")
    until("the alarm ends", lambda: not alarms(switch))
    assert f" {text.replace('stands still', 'goes on again')}\n" in switch.log("vex")
    assert [worker["hangs"] for worker in switch.status()["workers"]] == [False, False]


@pytest.mark.parametrize("workers", (4, 6, 8))
def test_memory_suffices(bench, workers):
    """Every port bound: the memory that is asked for by itself, and the least that is accepted, are enough."""
    ports = {f"ge-0/0/{n}": {"device": "null"} for n in range(24)}
    refused = bench.switch("", ports, workers=workers, **{"memory-mb": 64}).try_start()
    least = int(re.search(r"too little for .*; say (\d+) at least", refused.stderr).group(1))
    for memory in ({}, {"memory-mb": least}):
        switch = bench.switch("", ports, workers=workers, **memory).start()
        assert len(switch.status()["workers"]) == workers
        switch.stop()


def test_tables_change_while_a_worker_hangs(bench):
    """Housekeeping waits for it once, and serves the others: links, tables, heartbeat."""
    a, b, c = bench.ears("a", "b", "c")
    switch = bench.switch(one_vlan(P[:3]), workers=2, idle="poll").start()
    talk(a, c, frame(BROADCAST, MACS[0], b"1"))
    with Frozen(switch.status()["workers"][1]["tid"]):
        for n in range(6):
            state = "down" if n % 2 == 0 else "up"
            bench.hosts["c"].run("ip", "link", "set", "eth0", state)
            until(f"the link is {state}", lambda: switch.port(P[2])["link"] == state)
        until("there is an alarm", lambda: alarms(switch))
        assert all("worker 1" in text for _, text in alarms(switch))
        assert "a table generation stays in memory" in switch.log("vex-pfe")
        talk(a, b, frame(BROADCAST, MACS[0], b"2"))
    until("the alarm ends", lambda: not alarms(switch))
    talk(b, a, frame(MACS[0], MACS[1], b"3"))
    assert "housekeeping" not in switch.log("vex")


def test_status(bench):
    """Memory, vectors, isolation, and why each port dropped frames: as text, and as JSON with the same numbers."""
    a, b = bench.ears("a", "b")
    switch = bench.switch(one_vlan(P[:2]), workers=2, cores=[0]).start()
    a.send(frame(BROADCAST, bytes(6), b"zero"), frame(BROADCAST, BROADCAST, b"group"))
    talk(a, b, frame(BROADCAST, MACS[0], b"good"))
    status = switch.status()
    assert switch.port(P[0])["reasons"] == {"SMAC_ZERO": 1, "SMAC_MULTICAST": 1}
    assert switch.port(P[0])["drops"] == 2 and switch.port(P[1])["reasons"] == {}
    assert [worker["cpu"] for worker in status["workers"]] == [0, 0]
    for worker in status["workers"]:
        with open(f"/proc/{switch.child('vex-pfe')['pid']}/task/{worker['tid']}/status", encoding="utf-8") as file:
            assert "Cpus_allowed_list:\t0\n" in file.read()
    assert status["simd_bits"] in (128, 256, 512) and status["generation"] > 0
    with open("/sys/devices/system/cpu/isolated", encoding="utf-8") as file:
        isolated = file.read().strip()
    assert status["isolated_cpus"] == isolated
    text = switch.command("status").stdout
    assert re.search(rf"^{P[0]} +SMAC_ZERO +1$", text, re.M) and re.search(rf"^{P[0]} +SMAC_MULTICAST +1$", text, re.M)
    assert re.search(r"^Memory: .*hugepages", text, re.M)
    assert f"Vectors of {status['simd_bits']} bits; " in text
    assert (f"isolated CPUs: {isolated}" if isolated else "no CPU is isolated") in text


def test_stages_are_counted(bench):
    """Each worker counts the packets that each stage saw, and the clocks that it took; idle stages nothing."""
    ears = bench.ears("a", "b")
    switch = bench.switch(one_vlan(P[:2]), workers=2).start()
    learn(ears)
    for n in range(50):  # each a burst, so that some are timed
        talk(ears[0], ears[1], numbered(0, 0, 1, n, 46))
    ports = settled(switch)["ports"]
    counters = Counters(switch.status()["pid"])
    for worker, port in enumerate(P[:2]):
        seen = counters.stages(STAGES, worker)
        received = ports[port]["rx_packets"]
        assert seen["parse"][0] == seen["fdb"][0] == seen["replicate"][0] == received
        assert seen["vlan_egress"][0] == seen["enqueue"][0] == received
        for idle in ("storm", "lag", "punt"):
            assert seen[idle] == (0, 0)
    seen = counters.stages(STAGES, 0)
    assert all(clocks > 0 for packets, clocks in seen.values() if packets), seen


def test_restart_is_an_alarm(bench):
    bench.ears("a", "b")
    switch = bench.switch(one_vlan(P[:2])).start()
    assert alarms(switch) == []
    switch.kill("vex-pfe")
    assert alarms(switch) == [("Minor", "vex-pfe was started again after it ended with signal 9 (Killed)")]


def test_killed_with_several_workers(bench):
    """vex-re is killed under traffic between workers without loss; vex-pfe comes back with all of them."""
    ears = bench.ears(*"abcd")
    switch = bench.switch(one_vlan(P[:4]), workers=2).start()
    learn(ears)
    pairs = [(0, 1), (1, 2), (2, 3), (3, 0)]
    converse(ears, pairs, 30)
    check(ears, pairs, 30)
    os.kill(switch.child("vex-re")["pid"], signal.SIGKILL)
    for ear in ears:
        ear.heard.clear()
    converse(ears, pairs, 60)
    check(ears, pairs, 60)
    until("vex-re was started again", lambda: switch.child("vex-re")["restarts"] == 1)
    switch.wait_installed()
    assert settled(switch)["drops"] == {}
    switch.kill("vex-pfe")
    switch.wait_installed()
    switch.wait_links()
    for ear in ears:
        ear.listen()
        ear.heard.clear()
    learn(ears)
    converse(ears, pairs, 30)
    check(ears, pairs, 30)
    assert len(switch.status()["workers"]) == 2
