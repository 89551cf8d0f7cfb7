# SPDX-License-Identifier: BSD-3-Clause
"""Several workers: what they forward is what one would, and each frame is counted once."""
import os
import random
import signal
import struct

import pytest

from compare import conservation
from live import BROADCAST, Bench, Ear, Frozen, frame, mac, talk, until
from switch import SIDES, access, vlans

P = [f"ge-0/0/{n}" for n in range(5)]
MACS = [mac(n + 1) for n in range(5)]
HEAD = struct.Struct("!HI")  # flow, number within it
SLOTS = 1024  # of a hand-over ring (dataplane/handover.h)


@pytest.fixture
def bench(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("needs root to make network namespaces")
    one = Bench(tmp_path)
    try:
        yield one
    finally:
        one.remove()


def one_vlan(ports):
    return vlans(10) + access(*ports, vlan="v10")


def settled(switch):
    def ask():
        counters = switch.counters()
        return counters if not list(conservation(counters, SIDES)) else None

    return until("the counters add up", ask)


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


def with_taps(bench, **platform):
    """Packet sockets on ports 0 and 3, taps on 1 and 2: with two workers, tap 1 is not worker 0's."""
    a, d = bench.ears("a", "d")
    ports = {P[0]: "p0", P[1]: {"device": "tap", "name": "tap1"}, P[2]: {"device": "tap", "name": "tap2"},
             P[3]: "p1"}
    switch = bench.switch(one_vlan(P[:4]), ports, workers=2, **platform).start()
    ends = []
    for name in ("tap1", "tap2"):
        bench.quiet(bench.home, name)
        ends.append(Ear(bench.home, name))
        bench.others.append(ends[-1].sock)
    return switch, [a, *ends, d]


def test_handover(bench):
    """A tap has one queue to send: its owner sends, others hand frames over, each flow in its order."""
    switch, ears = with_taps(bench)
    learn(ears)
    pairs = [(0, 1), (3, 2), (0, 2), (3, 1), (1, 2), (2, 1), (1, 0), (2, 3)]
    converse(ears, pairs, 100)
    check(ears, pairs, 100)
    settled(switch)
    first, second = (switch.counters(worker)["ports"] for worker in (0, 1))
    # Enqueued where they came in, sent by the owner.
    assert first[P[1]]["enqueued"] >= 200 and first[P[1]]["tx_packets"] == 0
    assert second[P[1]]["tx_packets"] == first[P[1]]["enqueued"] + second[P[1]]["enqueued"]
    assert second[P[2]]["enqueued"] >= 200 and second[P[2]]["tx_packets"] == 0
    # A packet socket has a queue for each worker: sent where they came in.
    assert first[P[3]]["tx_packets"] == first[P[3]]["enqueued"] > 0


def test_owner_stands_still(bench):
    """Frames for its port wait in the ring, what does not fit is HANDOVER_FULL; other ports go on."""
    switch, ears = with_taps(bench)
    learn(ears)
    owner = switch.status()["workers"][1]["tid"]
    sent = SLOTS + 300
    with Frozen(owner):
        for n in range(sent):
            ears[0].send(numbered(0, 0, 1, n, 46))
        until("the ring is full", lambda: switch.drops(P[1]).get("HANDOVER_FULL") == sent - SLOTS)
        talk(ears[0], ears[2], numbered(1, 0, 2, 0, 46))
        assert numbers(ears[1], 0) == []
    until("the owner goes on", lambda: ears[1].listen() is not None and len(numbers(ears[1], 0)) == SLOTS)
    assert numbers(ears[1], 0) == list(range(SLOTS))
    counters = settled(switch)["ports"]
    assert counters[P[1]]["drops"]["HANDOVER_FULL"] == sent - SLOTS
    assert counters[P[1]]["tx_packets"] == counters[P[1]]["enqueued"]


def test_killed_with_several_workers(bench):
    """vex-re is killed under traffic between workers without loss; vex-pfe comes back with all of them."""
    ears = bench.ears(*"abcd")
    switch = bench.switch(one_vlan(P[:4]), workers=2).start()
    learn(ears)
    pairs = [(0, 1), (1, 2), (2, 3), (3, 0)]
    converse(ears, pairs, 30)
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
