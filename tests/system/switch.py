# SPDX-License-Identifier: BSD-3-Clause
"""Runs the offline programs for the tests of this folder.

`both` replays packets through vex-model and vex-pfe, asserts that they wrote the same bytes, and
returns what came out as a `Run`; `Run.history` keeps the runs of a test for the report of a failure.
"""
import collections
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(TOP, "tests", "vectors"))

from compare import conservation  # noqa: E402
from vexvec import Writer, pad, ports_of, read_pcapng  # noqa: E402,F401

BUILD = os.path.join(TOP, os.environ.get("VEX_BUILD", "build"))
PROGRAMS = {"vex-model": ["vex-model"], "vex-pfe": ["vex-pfe", "--offline"]}
VEX = os.path.join(BUILD, "vex")
START = 1_700_000_000 * 10**9  # ns; stamps of the tests are relative to it
TIME_LIMIT = 120

# STAGE(walk, name, ...): the order of the walk, as the programs have it.
STAGES = []
SIDES = {}


def _read_definitions():
    import glob
    import re

    with open(os.path.join(TOP, "dataplane", "pipeline.def"), encoding="utf-8") as file:
        STAGES.extend(re.findall(r"^STAGE\(\w+, (\w+),", file.read(), re.M))
    for path in glob.glob(os.path.join(TOP, "*", "*_drops.def")):
        with open(path, encoding="utf-8") as file:
            SIDES.update(re.findall(r"^DROP\((\w+), (\w+),", file.read(), re.M))


_read_definitions()


def command(program, *arguments):
    """The command line of one of the two programs."""
    name, *fixed = PROGRAMS[program]
    return [os.path.join(BUILD, name), *fixed, *map(str, arguments)]


def call(arguments, **options):
    """Runs a command; its output is text."""
    return subprocess.run(list(map(str, arguments)), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          encoding="utf-8", errors="replace", timeout=TIME_LIMIT,
                          stdin=options.pop("stdin", subprocess.DEVNULL), **options)


def capture(packets, order="<", ports=None, tsresol=9):
    """A pcapng file of (port, ns, bytes[, original length]); ns count from START."""
    writer = Writer(order)
    writer.section()
    numbers = {}
    for port in ports or [packet[0] for packet in packets]:
        if port not in numbers:
            numbers[port] = len(numbers)
            writer.interface(port, tsresol=tsresol)
    for port, ns, data, *original in packets:
        writer.packet(numbers[port], (START + ns) * 10**tsresol // 10**9, data, *original)
    return bytes(writer.out)


def put(path, content):
    """Writes text or bytes; returns the path."""
    with open(path, "wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
    return path


class Run:
    """What one replay left: files, packets by port, counters, tables, trace."""

    history = []

    def __init__(self, folder, config, content):
        self.folder = str(folder)
        self.config, self.input = config, content
        self.out = self.counters = self.tables = self.trace = None

    def path(self, name):
        return os.path.join(self.folder, name)

    def bytes(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def load(self):
        self.ports, packets = read_pcapng(self.bytes("out.pcapng"))
        self.out = [(port, ns - START, data) for port, ns, data, _ in packets]
        self.counters = json.loads(self.bytes("counters.json"))
        self.tables = json.loads(self.bytes("tables.json"))
        self.trace = [json.loads(line) for line in self.bytes("trace.jsonl").splitlines()]
        return self

    def sent(self, port=None):
        """The frames that left a port, in order; without a port a dictionary of all."""
        by_port = collections.defaultdict(list)
        for name, _, data in self.out:
            by_port[name].append(data)
        return by_port[port] if port else dict(by_port)

    def drops(self):
        return self.counters["drops"]

    def macs(self):
        return {(mac["vlan_id"], mac["mac"]): mac["port"] for mac in self.tables["mac"]}

    def describe(self):
        """Counters that are not zero and the last lines of the trace, for a failure's report."""
        lines = [f"replayed in {self.folder}"]
        if self.counters:
            for name, port in self.counters["ports"].items():
                words = {key: value for key, value in port.items() if value}
                if words:
                    lines.append(f"{name}: {json.dumps(words)}")
            lines.append(f"drops {self.counters['drops']} switch {self.counters['switch']} "
                         f"fdb {self.counters['fdb']}")
        lines += [json.dumps(line) for line in (self.trace or [])[-40:]]
        return "\n".join(lines)


def replay(program, folder, config, content, *arguments, trace=True):
    """One program on one capture (bytes); returns the Run, with its files in folder/program."""
    run = Run(os.path.join(str(folder), program), config, content)
    os.makedirs(run.folder, exist_ok=True)
    Run.history.append(run)
    files = ["--out", run.path("out.pcapng"), "--counters", run.path("counters.json"),
             "--tables", run.path("tables.json")]
    put(run.path("trace.jsonl"), "")
    if trace:
        files += ["--trace", run.path("trace.jsonl")]
    if config is not None:
        files += ["--config", put(run.path("config"), config)]
    done = call(command(program, "--in", put(run.path("in.pcapng"), content), *files, *arguments))
    assert done.returncode == 0, f"{program} ended with {done.returncode}: {done.stderr}"
    assert not done.stdout and not done.stderr
    return run.load()


def both(folder, config, packets, *arguments, trace=True):
    """The same input through both programs; asserts equal bytes and the sums of the counters."""
    content = packets if isinstance(packets, bytes) else capture(packets)
    runs = [replay(program, folder, config, content, *arguments, trace=trace) for program in PROGRAMS]
    for name in ("out.pcapng", "counters.json", "tables.json", "trace.jsonl"):
        assert runs[0].bytes(name) == runs[1].bytes(name), f"{name} differs between the programs"
    assert list(conservation(runs[0].counters, SIDES)) == []
    return runs[0]


def access(*ports, vlan):
    """set lines of access ports."""
    return "".join(f"set interfaces {port} unit 0 family ethernet-switching vlan members {vlan}\n"
                   for port in ports)


def trunk(port, *vlans, native=None):
    lines = f"set interfaces {port} unit 0 family ethernet-switching interface-mode trunk\n"
    for vlan in vlans:
        lines += f"set interfaces {port} unit 0 family ethernet-switching vlan members {vlan}\n"
    if native:
        lines += f"set interfaces {port} native-vlan-id {native}\n"
    return lines


def vlans(*ids):
    return "".join(f"set vlans v{vid} vlan-id {vid}\n" for vid in ids)
