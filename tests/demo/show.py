#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Shows in a terminal what the offline switch did: show.py BUILD CONFIG, results in BUILD/demo."""
import glob
import json
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
COLOUR = sys.stdout.isatty() and "NO_COLOR" not in os.environ
BOLD, GREEN, RED, DIM = "1", "32", "31", "2"


def paint(text, code):
    return f"\033[{code}m{text}\033[0m" if COLOUR else text


def title(text):
    print("\n" + paint(text, BOLD) + "\n")


def number(n):
    return str(n) if n else "-"


def fold(numbers):
    """[0, 1, 2, 5] as "0-2,5"."""
    parts = []
    for n in sorted(numbers):
        if parts and parts[-1][1] == n - 1:
            parts[-1][1] = n
        else:
            parts.append([n, n])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)


def fold_ports(names):
    rows = {}
    for name in names:
        row, _, n = name.rpartition("/")
        rows.setdefault(row, []).append(int(n))
    return ", ".join(f"{row}/{fold(numbers)}" for row, numbers in rows.items())


class Demo:
    def __init__(self, build, config):
        self.build, self.config = build, config
        self.folder = os.path.join(build, "demo")
        self.counters = json.loads(self.read(os.path.join(self.folder, "counters.json")))
        self.tables = json.loads(self.read(os.path.join(self.folder, "tables.json")))
        self.text = self.read(config)
        self.reasons = {}
        for path in sorted(glob.glob(os.path.join(TOP, "*", "*_drops.def"))):
            self.reasons.update(re.findall(r'^DROP\((\w+), \w+, "(.*)"\)', self.read(path), re.M))
        self.stages = dict(re.findall(r'^STAGE\(\w+, (\w+), \w+, "(.*)"\)', self.read(
            os.path.join(TOP, "dataplane", "pipeline.def")), re.M))
        self.lag = {port: lag["lag"] for lag in self.tables["lags"] for port in lag["members"]}
        self.vlans = {}
        for vlan in self.tables["vlans"]:
            for kind in ("untagged", "tagged"):
                for unit in vlan[kind]:
                    word = vlan["vlan"] + ("" if kind == "untagged" else "*")
                    self.vlans.setdefault(unit.rpartition(".")[0], []).append(word)

    @staticmethod
    def read(path):
        with open(path, encoding="utf-8") as file:
            return file.read()

    def setting(self, name):
        found = re.search(rf"\b{name} ([^;\s]+);", self.text)
        return found.group(1) if found else ""

    def state(self, name):
        """A port in one character, as a light on the front would show it."""
        port = self.counters["ports"][name]
        if "PORT_DOWN" in port["drops"]:
            return paint("x", RED)
        if port["drops"]:
            return paint("!", RED)
        if port["rx_packets"]:
            return paint("#", GREEN)
        return paint("o", GREEN) if port["tx_packets"] else "."

    def front(self):
        names = list(self.counters["ports"])
        rows = {}
        for name in names:
            rows.setdefault(name.rpartition("/")[0], []).append(name)
        total = sum(port["rx_packets"] for port in self.counters["ports"].values())
        title(f"{self.setting('host-name')}: {self.setting('model')}, {len(names)} ports")
        print(f"  {total} frames of tests/demo/in.pcapng through the switch of {self.config}\n")
        first, *others = rows.items()
        top = "  ".join(self.state(name) for name in first[1][0::2])
        bottom = "  ".join(self.state(name) for name in first[1][1::2])
        more = [f"{row}/ " + "  ".join(self.state(name) for name in some) for row, some in others]
        label = f"{first[0]}/"
        print("  " + " " * len(label) + " " + " ".join(f"{n:<2}" for n in range(0, len(first[1]), 2)))
        print(f"  {label} {top}     {'     '.join(more)}")
        print("  " + " " * len(label) + f" {bottom}")
        print("\n  # receives and sends   o sends   ! had drops   x is disabled   . idle")

    def ports(self):
        title("Ports")
        print(f"  {'port':10}{'rx':>7}{'tx':>7}{'drops':>7}{'punted':>8}{'  LAG':7}VLANs (* tagged)")
        for name, port in self.counters["ports"].items():
            if not port["rx_packets"] and not port["tx_packets"]:
                continue
            drops = number(sum(port["drops"].values()))
            lag = self.lag.get(name, "")
            line = f"{drops:>7}"
            print(f"  {name:10}{number(port['rx_packets']):>7}{number(port['tx_packets']):>7}"
                  + (paint(line, RED) if port["drops"] else line)
                  + f"{number(port['punted']):>8}  {lag:5}" + " ".join(self.vlans.get(lag or name, [])))
        sums = [sum(port[key] for port in self.counters["ports"].values())
                for key in ("rx_packets", "tx_packets")]
        print(f"  {'all':10}{sums[0]:>7}{sums[1]:>7}{sum(self.counters['drops'].values()):>7}")

    def macs(self):
        macs = self.tables["mac"]
        learned = sum(1 for mac in macs if mac["type"] == "dynamic")
        flags = {"dynamic": "D", "static": "S", "sticky": "P"}
        title("> show ethernet-switching table")
        print("MAC flags (S - static MAC, D - dynamic MAC, P - Persistent static)\n")
        print(f"Ethernet switching table : {len(macs)} entries, {learned} learned")
        print("Routing instance : default-switch")
        print(f"   {'Vlan':20}{'MAC':20}{'MAC':9}{'Age':7}Logical")
        print(f"   {'name':20}{'address':20}{'flags':16}interface")
        for mac in macs:
            print(f"   {mac['vlan']:20}{mac['mac']:20}{flags[mac['type']]:9}{'-':>3}    {mac['port']}")

    def drops(self):
        title("Drops, each with its one reason")
        for reason, n in self.counters["drops"].items():
            ports = [name for name, port in self.counters["ports"].items() if reason in port["drops"]]
            print(f"  {paint(f'{reason:19}', RED)}{n:>4}  {fold_ports(ports):9} {self.reasons.get(reason, '')}")

    def log(self):
        title("Log")
        for event in self.counters.get("log", []):
            words = [event[key] for key in ("port", "vlan", "mac") if key in event]
            cause = event.get("cause")
            print(f"  {event['time_ns'] / 1e9:.6f} s  {event['event']:16}{'  '.join(words)}"
                  + (f"  ({cause})" if cause else ""))

    def traces(self):
        """Two packets: the first voice frame from a phone to the LAG, and a guest's ping to a guest."""
        packets = {}
        with open(os.path.join(self.folder, "trace.jsonl"), encoding="utf-8") as file:
            for line in file:
                line = json.loads(line)
                packets.setdefault(line["packet"], []).append(line)
        voice = next((p for p in packets.values() if any(
            line.get("to", "").startswith("ae") and line.get("vlan") == "voice" for line in p)), None)
        guest = next((p for p in packets.values() if p[-1].get("drop") == "PVLAN_ISOLATION"), None)
        for name, packet in (("a phone speaks", voice), ("a guest pings a guest", guest)):
            if packet:
                self.trace(name, packet)

    def trace(self, name, packet):
        first = packet[0]
        title(f"The walk of packet {first['packet']}: {name}")
        print(f"  {first['length']} bytes, {first.get('src')} > {first.get('dst')}, "
              f"in at {first['port']} after {first['time_ps'] / 1e12:.6f} s")
        shown = set(first) - {"vlan"}
        for line in packet:
            news = [value if key == "class" else f"{key} {value}" for key, value in line.items() if key not in shown and key != "drop"]
            shown |= set(line) - {"out"}
            if line["length"] != first["length"]:
                news.append(f"length {line['length']}")
            if "drop" in line:
                news.append(paint(f"dropped: {line['drop']}", RED))
            if "drop" in line:
                print(f"    {line['stage']:14}{', '.join(news)}")
                continue
            passes = paint(self.stages.get(line["stage"], ""), DIM)
            print(f"    {line['stage']:14}{', '.join(news) or '-':31}{passes}")

    def next(self):
        title("vex-pfe (DPDK) and vex-model (plain) wrote the same bytes. What to try next")
        build, config, folder = self.build, self.config, self.folder
        for command, text in (
                (f"tshark -r {folder}/out.pcapng | head", "what the ports sent"),
                (f"head -3 {folder}/trace.jsonl", "every stage of every packet"),
                (f"{build}/vex format --set {config}", "the configuration as set lines"),
                (f"$EDITOR {config}; make demo", "another switch")):
            print(f"  {command:54} {paint('# ' + text, DIM)}")
        print("\n  your own capture (its if_names are the ports, see ports/README.md):")
        print(f"  {build}/vex-model --config FILE --in IN.pcapng --out OUT.pcapng --counters C.json")


def main():
    demo = Demo(sys.argv[1], sys.argv[2])
    demo.front()
    demo.ports()
    demo.macs()
    demo.drops()
    demo.log()
    demo.traces()
    demo.next()
    print()


if __name__ == "__main__":
    main()
