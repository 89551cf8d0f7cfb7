# SPDX-License-Identifier: BSD-3-Clause
"""Gives a case to the oracle and compares what the switch wrote down about it."""
import json

from oracle import Mismatch, Oracle, expect, same


def fill(start, end):
    """The bytes of a frame that a case does not say (diff.c)."""
    return bytes((i * 7 + 13) & 255 for i in range(start, end))


def check(case, record, watch):
    """Replays a case; raises Mismatch where the record of the switch is not what the rules say.

    record: lines of --out for the case; watch: {line: (delta, tables)} of --watch.
    """
    lines = iter(record)
    expect(next(lines).split()[2] == "ok", "the configuration was refused: " + record[-1])
    o = Oracle(case.lines, case.seed)
    same("ports", next(lines).split(), o.names)
    for number, event in enumerate(case.events, 1):
        try:
            step(o, number, event, lines, watch)
        except Mismatch as mismatch:
            where = f"line {number} ({event[:60].strip()}), {o.now} ps"
            raise Mismatch(f"{where}: {mismatch}") from None
    return o


def aged(o, number, watch, source=None):
    if number in watch:
        o.age(*watch[number], source)


def answer(lines, number, word):
    got = next(lines, "").split(" ", 2)
    same("answer", got[:2], [word, str(number)])
    return got[2] if len(got) > 2 else ""


def step(o, number, event, lines, watch):
    words = event.split()
    if words[0] == "rx":
        port, time, original, captured, n = map(int, words[1:6])
        frame = bytes.fromhex(words[6])
        frame += fill(len(frame), captured)
        if time < o.now:
            o.count[port].time_backwards += n
        o.pass_time(max(time, o.now))
        if number in watch:
            aged(o, number, watch, source_of(o, port, original, frame))
        for _ in range(n):
            o.receive(port, time, original, frame)
    elif words[0] == "adv":
        o.pass_time(max(int(words[1]), o.now))
        answer(lines, number, "adv")
        aged(o, number, watch)
    elif words[0] == "drain":
        while any(q.frames for q in o.queues):
            o.pass_time(min(q.out for q in o.queues))
        same("time after draining", int(answer(lines, number, "drain")), o.now)
        aged(o, number, watch)
    elif words[0] == "op":
        got = answer(lines, number, "op").split()
        o.apply([bytes.fromhex(w) for w in words[1:]], got[1:])
    elif words[0] == "take":
        answer(lines, number, "take")
        while o.taken < len(o.sent):
            want = "out %d %d %d %08x" % o.sent[o.taken]
            same("output", next(lines, None), want)
            o.taken += 1
    elif words[0] == "dump":
        o.compare_counters(json.loads(answer(lines, number, "counters")))
        o.compare_tables(json.loads(answer(lines, number, "tables")))
    elif words[0] == "end":
        same("answer", next(lines, None), "end")


def source_of(o, port, original, frame):
    """The key under which a frame's source address is looked up, if it is."""
    reason, *where = o.classify(port, original, frame)
    if reason:
        return None
    return o.t.vlans[where[1]].fid, int.from_bytes(frame[6:12], "big")
