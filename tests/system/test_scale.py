# SPDX-License-Identifier: BSD-3-Clause
"""Full tables through the programs, and memory that does not grow with the input."""
import os
import struct
import subprocess

import pytest

from switch import START, access, both, call, capture, command, put, trunk, vlans
from vexvec import EPB, IDB, SHB, Writer

MACS = 112_000
PAYLOAD = b"\x88\xb5" + bytes(46)


def mac(n):
    return b"\x02\x10" + struct.pack("!I", n)


def mac_text(n):
    return mac(n).hex(":")


def test_112000_macs(tmp_path):
    """So many are learned; those above the limit are counted, and what goes to them is flooded."""
    above = 500
    config = vlans(10) + access("ge-0/0/0", "ge-0/0/1", "ge-0/0/2", vlan="v10")
    packets = [("ge-0/0/1", 0, b"\xff" * 6 + mac(0) + PAYLOAD)]
    packets += [("ge-0/0/0", n * 1000, mac(0) + mac(n) + PAYLOAD) for n in range(1, MACS + above)]
    after = (MACS + above + 1000) * 1000
    probes = [1, MACS // 2, MACS - 1, MACS, MACS + above - 1]
    packets += [("ge-0/0/1", after + k * 10_000, mac(n) + mac(0) + PAYLOAD) for k, n in enumerate(probes)]
    run = both(tmp_path, config, packets, trace=False)
    learned = run.macs()
    assert len(learned) == MACS
    assert learned == {(10, mac_text(n)): f"ge-0/0/{0 if n else 1}.0" for n in range(MACS)}
    assert run.counters["fdb"]["learned"] == MACS
    assert run.counters["fdb"]["no_resource"] == above
    assert run.drops() == {}
    assert len(run.sent("ge-0/0/1")) == MACS + above - 1
    # The broadcast and the two probes to addresses that did not fit.
    assert run.sent("ge-0/0/2") == [packets[0][2]] + [mac(n) + mac(0) + PAYLOAD for n in probes[3:]]
    assert run.sent("ge-0/0/0")[1:] == [mac(n) + mac(0) + PAYLOAD for n in probes]


def test_an_entry_that_ages_makes_room(tmp_path):
    """The table is full, all but one entry age, and the next addresses are learned."""
    config = (vlans(10) + access("ge-0/0/0", "ge-0/0/1", vlan="v10")
              + "set protocols l2-learning global-mac-table-aging-time 10\n"
              + "set interfaces ge-0/0/0 speed 1g\n")
    packets = [("ge-0/0/0", n * 1000, b"\xff" * 6 + mac(n) + PAYLOAD) for n in range(MACS + 10)]
    packets += [("ge-0/0/0", 25 * 10**9 + n * 1000, b"\xff" * 6 + mac(MACS + n) + PAYLOAD) for n in range(10)]
    run = both(tmp_path, config, packets, trace=False)
    assert run.counters["fdb"] == {"learned": MACS + 10, "moved": 0, "aged": MACS, "no_resource": 10,
                                   "limit_exceeded": 0}
    assert set(run.macs()) == {(10, mac_text(MACS + n)) for n in range(10)}


@pytest.mark.parametrize("form", ["list", "each"])
def test_4093_vlans_on_a_trunk(tmp_path, form):
    ids = range(2, 4095)
    lines = "set vlans many vlan-id-list 2-4094\n" if form == "list" else vlans(*ids)
    config = lines + trunk("ge-0/0/0", "all") + trunk("ge-0/0/1", "all") + access("ge-0/0/2", vlan=4094)
    packets = [("ge-0/0/0", vid * 2000, b"\xff" * 6 + mac(1) + b"\x81\x00" + struct.pack("!H", vid) + PAYLOAD)
               for vid in range(1, 4095)]
    run = both(tmp_path, config, packets, trace=False)
    assert run.sent("ge-0/0/1") == [data for _, _, data in packets[1:]]
    assert run.sent("ge-0/0/2") == [packets[-1][2][:12] + packets[-1][2][16:]]
    assert run.drops() == {"INGRESS_VLAN_FILTER": 1}  # VLAN 1 is none of them
    assert run.macs() == {(vid, mac_text(1)): "ge-0/0/0.0" for vid in ids}
    assert len(run.tables["vlans"]) == 4093


def test_the_4094th_vlan_is_refused(tmp_path, program):
    """The chassis has 4,093; the message says so, and with what it can be had."""
    path = put(tmp_path / "config", "set vlans many vlan-id-list 1-4094\n" + trunk("ge-0/0/0", "all"))
    put(tmp_path / "in.pcapng", capture([("ge-0/0/0", 0, b"\xff" * 6 + mac(1) + PAYLOAD)]))
    done = call(command(program, "--config", path, "--in", tmp_path / "in.pcapng",
                        "--out", tmp_path / "out.pcapng"))
    assert done.returncode == 1
    assert done.stderr.startswith(f"{path}:1:") and "4093" in done.stderr.replace(",", "")


def test_128_lags(tmp_path):
    """A copy of a flood leaves each LAG by one member, the 16 of a full one share the flows, and a
    LAG without members gets no copy."""
    config = vlans(10) + "set chassis model ex4400-48t\n" + access("ge-0/0/47", vlan="v10")
    config += "set chassis aggregated-devices ethernet device-count 128\n"
    config += access(*(f"ae{n}" for n in range(128)), vlan="v10")
    members = {0: range(16), 127: range(16, 32)}
    members.update({n: [n + 30] for n in range(2, 17)})
    config += "".join(f"set interfaces ge-0/0/{port} ether-options 802.3ad ae{lag}\n"
                      for lag, ports in members.items() for port in ports)
    packets = [("ge-0/0/47", n * 1_000_000, b"\xff" * 6 + mac(n) + PAYLOAD) for n in range(400)]
    run = both(tmp_path, config, packets, trace=False)
    sent = run.sent()
    for ports in members.values():
        shares = [len(sent.get(f"ge-0/0/{port}", [])) for port in ports]
        assert sum(shares) == 400 and min(shares) > 0
    assert run.drops() == {}
    assert len(run.tables["lags"]) == 128


def stream(packets, into):
    """Writes a capture of so many packets into a pipe: a chunk, again and again, with later stamps."""
    chunk, block = Writer(), 92
    head = Writer()
    head.section()
    for port in ("ge-0/0/0", "ge-0/0/1"):
        head.interface(port)
    into.write(bytes(head.out))
    count = 20_000
    for n in range(count):
        chunk.packet(n % 2, 0, mac(2 * (n // 2 % 500) + 1 - n % 2) + mac(2 * (n // 2 % 500) + n % 2)
                     + PAYLOAD[:48])
    assert len(chunk.out) == count * block
    for first in range(0, packets, count):
        for n in range(count):
            stamp = START + (first + n) * 400
            struct.pack_into("<II", chunk.out, n * block + 12, stamp >> 32, stamp & 0xFFFFFFFF)
        into.write(chunk.out)


def peak_kib(program, folder, packets):
    """Peak resident size of a run over so many packets, by pipe to /dev/null."""
    config = put(folder / "config", vlans(10) + access("ge-0/0/0", "ge-0/0/1", vlan="v10"))
    process = subprocess.Popen(command(program, "--config", config, "--in", "/dev/stdin", "--out", "/dev/null"),
                               stdin=subprocess.PIPE)
    with process.stdin as pipe:
        stream(packets, pipe)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss


def test_memory_does_not_grow_with_the_input(tmp_path, program):
    one, three = (peak_kib(program, tmp_path, n * 1_000_000) for n in (1, 3))
    assert abs(three - one) < 4096, f"{one} KiB after 1 million packets, {three} KiB after 3 million"
    assert three < 400 * 1024


def test_block_numbers():
    """The stream above patches stamps at offset 12 of packet blocks; this is where they are."""
    writer = Writer()
    writer.packet(7, 0x0102030405060708, PAYLOAD)
    kind, length, port, high, low = struct.unpack_from("<IIIII", writer.out)
    assert (kind, length, port, high, low) == (EPB, len(writer.out), 7, 0x01020304, 0x05060708)
    assert {SHB, IDB} == {0x0A0D0D0A, 1}
