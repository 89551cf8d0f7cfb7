# SPDX-License-Identifier: BSD-3-Clause
"""Compares what a program wrote with what a vector expects.

Each function yields one line of text for each difference.
"""
from scapy.layers.l2 import Ether

from vexvec import S, read_pcapng

SHOWN = 3  # differing packets that are described one by one


def describe(packet):
    port, time, data, original = packet
    text = f"{port} at {time // S % 10000}.{time % S:09d}, {len(data)} bytes"
    if original != len(data):
        text += f" of {original}"
    try:
        text += f", {Ether(data).summary()} {data[:12].hex('.', 6)}"
    except Exception as error:  # scapy raises anything on odd bytes
        text += f", {data[:20].hex()} ({error})"
    return text


def difference(wanted, got):
    """What differs between two packets, in words."""
    words = []
    for what, one, other in zip(("port", "time"), wanted, got):
        if one != other:
            by = f" by {other - one} ns" if what == "time" else ""
            words.append(what + by)
    if len(wanted[2]) != len(got[2]):
        words.append("length")
    if wanted[2] != got[2]:
        pairs = enumerate(zip(wanted[2], got[2]))
        first = next((n for n, (a, b) in pairs if a != b), min(len(wanted[2]), len(got[2])))
        ours, theirs = wanted[2][first : first + 8].hex(), got[2][first : first + 8].hex()
        words.append(f"bytes from {first} on ({ours or 'end'} / {theirs or 'end'})")
    if wanted[3] != got[3]:
        words.append("original length")
    return ", ".join(words)


def packets(wanted, got, wanted_by="expected", got_by="got"):
    """Compares two OUT files packet by packet: port, time in ns, bytes, order."""
    try:
        wanted_ports, wanted = read_pcapng(wanted)
        got_ports, got = read_pcapng(got)
    except (ValueError, LookupError) as error:
        yield f"unreadable: {error}"
        return
    if wanted_ports != got_ports:
        yield f"interfaces: {wanted_by} {wanted_ports}, {got_by} {got_ports}"
    shown = 0
    for n in range(max(len(wanted), len(got))):
        one = wanted[n] if n < len(wanted) else None
        other = got[n] if n < len(got) else None
        if one == other:
            continue
        what = difference(one, other) if one and other else "one is missing"
        yield f"packet {n + 1}: {what}"
        yield f"  {wanted_by}: {describe(one) if one else 'no packet'}"
        yield f"  {got_by}: {describe(other) if other else 'no packet'}"
        shown += 1
        if shown == SHOWN:
            break
    if len(wanted) != len(got):
        yield f"{wanted_by} {len(wanted)} packets, {got_by} {len(got)}"


def subset(wanted, got, path):
    """Each value of `wanted` is in `got`; of the drops, all of `got` are in `wanted` too."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        keys = list(wanted)
        if path.endswith("drops"):
            keys += [key for key in got if key not in wanted]
        for key in keys:
            if key not in got:
                yield f"{path}.{key}: expected {wanted[key]}, not there"
            elif key not in wanted:
                yield f"{path}.{key}: expected none, got {got[key]}"
            else:
                yield from subset(wanted[key], got[key], f"{path}.{key}")
    elif wanted != got:
        yield f"{path}: expected {wanted}, got {got}"


def macs(wanted, got):
    """The MAC table is exactly this list. An expected entry may leave fields open; without a
    VLAN it takes any place."""
    open_order = any("vlan_id" not in entry for entry in wanted)
    if open_order:
        got = sorted(got, key=lambda entry: entry["mac"])
    for n in range(max(len(wanted), len(got))):
        one = wanted[n] if n < len(wanted) else None
        other = got[n] if n < len(got) else None
        if one is None or other is None or any(other.get(key) != one[key] for key in one):
            yield f"MAC table, entry {n + 1}: expected {one}, got {other}"
            return


def conservation(counters, sides):
    """The sums that hold for any input once all is sent (design.md section 2)."""
    total = {}
    for name, port in counters["ports"].items():
        lost = {"IN": 0, "OUT": 0, "QUEUE": 0}
        for reason, n in port["drops"].items():
            if reason not in sides:
                yield f"{name}: the drop reason {reason} is declared nowhere"
                continue
            lost[sides[reason]] += n
            total[reason] = total.get(reason, 0) + n
        rest = sum(port[key] for key in ("consumed", "punted", "held", "passed"))
        if port["rx_packets"] != lost["IN"] + rest:
            yield f"{name}: rx {port['rx_packets']} != dropped {lost['IN']} + others {rest}"
        if port["enqueued"] != port["tx_packets"] + lost["QUEUE"] + port["queued"]:
            yield (
                f"{name}: enqueued {port['enqueued']} != tx {port['tx_packets']} + dropped "
                f"{lost['QUEUE']} + queued {port['queued']}"
            )
    if total != counters["drops"]:
        yield f"drops {counters['drops']} are not the sum {total} of the ports'"
    ports, switch = counters["ports"].values(), counters["switch"]
    came = sum(port["passed"] for port in ports)
    came += sum(switch[key] for key in ("copies", "generated", "injected", "released"))
    lost = sum(n for reason, n in total.items() if sides[reason] == "OUT")
    went = sum(port["enqueued"] for port in ports)
    if came != went + lost:
        yield f"switch: passed and made {came} != enqueued {went} + dropped {lost}"
