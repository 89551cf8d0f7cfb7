# SPDX-License-Identifier: BSD-3-Clause
"""Input files: what a capture may look like, and how a damaged one is refused."""
import re
import struct

import pytest

from switch import START, access, both, call, capture, command, put, read_pcapng, replay, vlans
from vexvec import EPB, IDB, SHB, SPB, Writer

FRAME = bytes.fromhex("ffffffffffff020000000001") + b"\x88\xb5" + bytes(50)
CONFIG = vlans(10) + access("ge-0/0/0", "ge-0/0/1", vlan="v10")


class File(Writer):
    """A capture whose block positions are known: at[n] is the offset of block n + 1."""

    def __init__(self, order="<"):
        super().__init__(order)
        self.at = []

    def block(self, kind, body):
        self.at.append(len(self.out))
        super().block(kind, body)

    def good(self, packets=3):
        self.section()
        self.interface("ge-0/0/0")
        for n in range(packets):
            self.packet(0, START + n * 10**6, FRAME)
        return self

    def patch(self, block, offset, value):
        """Overwrites bytes of a block, numbered from 1."""
        at = self.at[block - 1] + offset
        self.out[at:at + len(value)] = value
        return self

    def number(self, value):
        return struct.pack(self.order + "I", value)

    def cut(self, block, offset):
        del self.out[self.at[block - 1] + offset:]
        return self


def idb(file, link=1, options=b"", name=b"ge-0/0/0"):
    file.section()
    name = file.option(2, name) if name is not None else b""
    file.block(IDB, struct.pack(file.order + "HHI", link, 0, 0) + name + options + file.option(0, b""))
    file.packet(0, START, FRAME)
    return file


def late(file):
    file.section()
    file.interface("ge-0/0/0", tsresol=6)
    file.packet(0, 2**63, FRAME)
    return file


def patched(block, offset, value):
    return lambda f: f.good().patch(block, offset, f.number(value))


def option(code, value, **more):
    return lambda f: idb(f, options=f.option(code, value), **more)


def packet_with(options):
    def build(f):
        f.good(1)
        f.packet(0, START + 10**6, FRAME, options=options(f))
        return f
    return build


def then(kind, body):
    def build(f):
        f.good(1)
        f.block(kind, body)
        return f
    return build


# What is wrong, how to make it, the block that is named, words of the message.
DAMAGED = {
    "byte-order magic": (lambda f: f.good().patch(1, 8, b"\1\2\3\4"), 1, "byte-order magic"),
    "version": (lambda f: f.good().patch(1, 12, struct.pack(f.order + "HH", 2, 0)), 1, "version 2.0"),
    "section length": (lambda f: f.good().patch(1, 16, struct.pack(f.order + "q", 10**6)), None, "section"),
    "section length too short": (lambda f: f.good().patch(1, 16, struct.pack(f.order + "q", 8)), 2, ""),
    "block length not a multiple of 4": (patched(3, 4, 97), 3, "97"),
    "block length too small": (patched(3, 4, 8), 3, "8"),
    "block length huge": (patched(3, 4, 0xFFFFFFFC), 3, ""),
    "second block length differs": (patched(3, 92, 92), 3, "92"),
    "packet of no interface": (patched(4, 8, 7), 4, "interface 7"),
    "captured more than the block": (patched(4, 20, 65), 4, "captured length 65"),
    "captured far too much": (patched(4, 20, 0xFFFFFFFF), 4, "captured length"),
    "original less than captured": (patched(5, 24, 63), 5, "original length 63"),
    "original of 0": (lambda f: f.good().patch(3, 20, f.number(0)).patch(3, 24, f.number(0)), 3, "original length 0"),
    "time beyond 2554": (late, 3, "time stamp"),
    "link type": (lambda f: idb(f, link=101), 2, "link type 101"),
    "no name": (lambda f: idb(f, name=None), 2, "if_name"),
    "empty name": (lambda f: idb(f, name=b""), 2, "if_name"),
    "long name": (lambda f: idb(f, name=b"x" * 64), 2, "if_name"),
    "control character in the name": (lambda f: idb(f, name=b"ge-0/0/0\n"), 2, "0a"),
    "two names": (option(2, b"ge-0/0/1"), 2, "if_name"),
    "interface with FCS": (option(13, b"\4"), 2, "if_fcslen"),
    "option beyond the block": (lambda f: idb(f).patch(2, 18, struct.pack(f.order + "H", 200)), 2, ""),
    "time resolution of 2 bytes": (option(9, b"\x09\x09"), 2, "if_tsresol"),
    "packet with FCS": (packet_with(lambda f: f.option(2, f.number(4 << 5))), 4, "FCS"),
    "simple packet block": (then(SPB, struct.pack("<I", 64) + FRAME), 4, "simple packet block"),
    "obsolete packet block": (then(2, bytes(20) + FRAME), 4, "obsolete packet block"),
    "end inside a block head": (lambda f: f.good().cut(5, 6), 5, "ends"),
    "end inside a packet": (lambda f: f.good().cut(5, 40), 5, "ends"),
    "end before the last length": (lambda f: f.good().cut(5, 92), 5, "ends"),
    "end inside the section header": (lambda f: f.good().cut(1, 20), 1, ""),
}


def refused(tmp_path, program, content):
    """The message for a file; nothing may be left of OUT."""
    path = put(tmp_path / "in.pcapng", content)
    done = call(command(program, "--in", path, "--out", tmp_path / "out.pcapng",
                        "--counters", tmp_path / "c.json"))
    assert done.returncode == 1, done
    assert done.stdout == ""
    assert re.fullmatch(r"[^\n]+\n", done.stderr), done.stderr
    assert not (tmp_path / "out.pcapng").exists()
    assert not (tmp_path / "c.json").exists()
    assert done.stderr.startswith(f"{path}: ")
    return done.stderr[len(f"{path}: "):-1]


@pytest.mark.parametrize("order", ["<", ">"], ids=["little", "big"])
@pytest.mark.parametrize("what", DAMAGED)
def test_damage_is_refused_with_block_and_offset(tmp_path, program, what, order):
    build, block, words = DAMAGED[what]
    if order == ">" and what == "simple packet block":
        words = ""
    file = build(File(order))
    text = refused(tmp_path, program, bytes(file.out))
    match = re.match(r"block (\d+) at offset (\d+): (.+)", text)
    assert match, text
    if block:
        assert (int(match[1]), int(match[2])) == (block, file.at[block - 1]), text
    assert words in match[3]


@pytest.mark.parametrize("content, words", [
    (b"", "empty"),
    (b"hello, this is not a capture at all", "not a pcapng file"),
    (struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1), "classic pcap"),
    (struct.pack(">IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1), "classic pcap"),
    (struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, 1), "classic pcap"),
    (struct.pack(">IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, 1), "classic pcap"),
    (b"\x1f\x8b\x08\x00" + bytes(40), "compressed"),
    (b"\x28\xb5\x2f\xfd" + bytes(40), "compressed"),
])
def test_another_format_is_refused_with_a_hint(tmp_path, program, content, words):
    text = refused(tmp_path, program, content)
    assert words in text
    if "classic" in words:
        assert "if_name" in text and "editcap" in text


def test_an_unknown_port_lists_the_ports(tmp_path, program):
    for name in ("ge-0/0/24", "eth0", "ge-0/0/0.0", "xe-0/0/0", "ge-1/0/0", "ae0"):
        file = File()
        file.section()
        file.interface("ge-0/0/0")
        file.interface(name)
        text = refused(tmp_path, program, bytes(file.out))
        assert re.match(rf"block 3 at offset {file.at[2]}: ", text)
        assert (name in text or "FPC 1" in text) and "ge-0/0/0-23" in text and "et-0/1/0-1" in text


@pytest.mark.parametrize("cut", range(1, 300, 7))
def test_a_file_cut_anywhere_is_refused(tmp_path, cut):
    content = bytes(File().good().out)
    file = File().good()
    if len(content) - cut in file.at:
        return  # between two blocks a file is whole
    refused(tmp_path, "vex-model", content[:len(content) - cut])


@pytest.mark.parametrize("order", ["<", ">"], ids=["little", "big"])
@pytest.mark.parametrize("tsresol", [None, 3, 6, 9, 12])
def test_byte_order_and_resolution(tmp_path, order, tsresol):
    """The same packets in any byte order and resolution give the same bytes."""
    file = File(order)
    file.section()
    offset = START if tsresol == 12 else 0  # 64 bits of picoseconds end in July 1970
    file.interface("ge-0/0/0", tsresol=tsresol,
                   options=file.option(14, struct.pack(order + "q", offset // 10**9)))
    for ms in range(5):
        file.packet(0, (START - offset + ms * 10**6) * 10**(tsresol or 6) // 10**9, FRAME)
    run = both(tmp_path, CONFIG, bytes(file.out))
    assert [ns for _, ns, _ in run.out] == [ms * 10**6 + 608 for ms in range(5)]


@pytest.mark.parametrize("unknown", [0x0BAD, 5, 4, 10, 0x80000001])
def test_unknown_blocks_and_options_are_skipped(tmp_path, unknown):
    file = File()
    file.section(options=file.option(4, b"some tool") + file.option(0, b""))
    file.block(unknown, bytes(400))
    file.interface("ge-0/0/0", options=file.option(3, b"a description") + file.option(2989, bytes(7)))
    file.packet(0, START, FRAME, options=file.option(1, b"a comment") + file.option(0, b""))
    file.block(unknown, bytes(700_000))
    file.packet(0, START + 10**6, FRAME)
    run = both(tmp_path, CONFIG, bytes(file.out))
    assert len(run.sent("ge-0/0/1")) == 2


def test_sections_in_both_byte_orders(tmp_path):
    """Interfaces are numbered within their section."""
    file = File()
    for n, (order, port) in enumerate([("<", "ge-0/0/0"), (">", "ge-0/0/1"), ("<", "ge-0/0/0")]):
        file.section(order)
        file.interface(port)
        file.packet(0, START + n * 10**6, FRAME[:11] + bytes([n]) + FRAME[12:])
    run = both(tmp_path, CONFIG, bytes(file.out))
    assert [port for port, _, _ in run.out] == ["ge-0/0/1", "ge-0/0/0", "ge-0/0/1"]


@pytest.mark.parametrize("build", [lambda f: f.section(), lambda f: (f.section(), f.interface("ge-0/0/5"))],
                         ids=["section only", "no packet"])
def test_input_without_packets(tmp_path, build):
    file = File()
    build(file)
    run = both(tmp_path, CONFIG, bytes(file.out))
    assert (run.out, len(run.ports), run.drops(), run.tables["mac"]) == ([], 26, {}, [])


def test_truncated_packets_are_counted_drops(tmp_path):
    packets = [("ge-0/0/0", 0, FRAME, 1500), ("ge-0/0/0", 10, FRAME[:5], 1500), ("ge-0/0/0", 20, b"", 64),
               ("ge-0/0/0", 30, FRAME)]
    run = both(tmp_path, CONFIG, packets)
    assert run.drops() == {"TRUNCATED": 3}
    port = run.counters["ports"]["ge-0/0/0"]
    assert (port["rx_packets"], port["rx_bytes"]) == (4, 1500 + 1500 + 64 + 64)
    assert len(run.out) == 1


def test_stamps_that_go_backwards_are_counted(tmp_path):
    packets = [("ge-0/0/0", 5_000_000, FRAME), ("ge-0/0/0", 4_000_000, FRAME), ("ge-0/0/1", 0, FRAME),
               ("ge-0/0/0", 6_000_000, FRAME)]
    run = both(tmp_path, CONFIG, packets)
    assert run.counters["ports"]["ge-0/0/0"]["time_backwards"] == 1
    assert run.counters["ports"]["ge-0/0/1"]["time_backwards"] == 1
    assert [(port, ns // 10**6) for port, ns, _ in run.out] == [
        ("ge-0/0/0", 5), ("ge-0/0/1", 5), ("ge-0/0/1", 5), ("ge-0/0/1", 6)]


def test_the_output_is_an_input(tmp_path, program):
    """OUT of one switch is IN of the next: names, stamps and frames are those of the ports."""
    first = replay(program, tmp_path / "1", CONFIG, capture([("ge-0/0/0", 0, FRAME)]))
    second = replay(program, tmp_path / "2", CONFIG, first.bytes("out.pcapng"))
    assert second.out == [("ge-0/0/0", 608 + 608, FRAME)]
    assert read_pcapng(first.bytes("out.pcapng"))[1][0][1] == START + 608
    for kind in (SHB, IDB, EPB):
        assert struct.pack("<I", kind) in first.bytes("out.pcapng")
