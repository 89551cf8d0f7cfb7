#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Packets/s of vex-model and vex-pfe on a capture, on one core; perf/README.md has the method.

Runs are interleaved (A B A B), so that a change of the machine meets both programs. Prints a
table and leaves every run in build/bench.json.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(TOP, os.environ.get("VEX_BUILD", "build"))
PROGRAMS = {"vex-model": ["vex-model"], "vex-pfe": ["vex-pfe", "--offline"]}
PORTS = [f"ge-0/0/{n}" for n in range(24)] + ["et-0/1/0", "et-0/1/1"]
BLOCK = 92  # bytes of a packet in the file
GOAL = 3e6  # packets/s that each program has to reach
FLAT_KIB = 4096  # what the peak may differ by between a tenth of the packets and all


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--packets", type=int, default=10_000_000)
    parser.add_argument("--macs", type=int, default=1000)
    parser.add_argument("--spacing", type=int, default=40, help="ns between two packets")
    parser.add_argument("--pairs", type=int, default=5, help="runs of each program")
    parser.add_argument("--cpu", type=int, default=max(os.sched_getaffinity(0)))
    parser.add_argument("--dir", help="where the packet files go (/dev/shm if it has room)")
    parser.add_argument("--json", default=os.path.join(BUILD, "bench.json"))
    return parser.parse_args()


def choose_folder(need):
    """A memory file system if it has room, so that no disk is measured."""
    if os.path.isdir("/dev/shm") and shutil.disk_usage("/dev/shm").free > need:
        return "/dev/shm"
    return tempfile.gettempdir()


def generate(path, packets, o):
    with open(path, "wb") as file:
        subprocess.run([os.path.join(BUILD, "perf", "gen"), str(packets), str(o.macs),
                        str(o.spacing)] + PORTS, stdout=file, check=True)


def run(program, capture, folder, o):
    """One run: what perf/measure prints, and the switch's own counters."""
    out = os.path.join(folder, "out.pcapng")  # the same for both, so that its pages are equally warm
    counters = os.path.join(folder, "counters.json")
    command = PROGRAMS[program]
    read, write = os.pipe()
    script = [os.path.join(BUILD, "perf", "measure"), str(o.cpu),
              os.path.join(BUILD, command[0]), *command[1:],
              "--config", os.path.join(TOP, "perf", "bench.conf"),
              "--in", capture, "--out", out, "--counters", counters]
    process = subprocess.Popen(["/bin/sh", "-c", f'exec "$@" 3>&{write}', "sh", *script],
                               pass_fds=[write])
    os.close(write)
    with os.fdopen(read) as file:
        text = file.read()
    process.wait()
    result = json.loads(text) if text else {"status": process.returncode or 1}
    if result["status"] != 0:
        sys.exit(f"bench: {program} ended with status {result['status']}")
    with open(counters, encoding="utf-8") as file:
        result["counters"] = json.load(file)
    return result


def check(result, packets, macs):
    """The run did the work: all read, the first flooded, the rest sent once, nothing dropped but
    the frames of the learning phase whose destination, host 0, is behind their own port."""
    counters = result.pop("counters")
    ports = counters["ports"].values()
    own = (min(packets, macs) - 1) // len(PORTS)
    got = {key: sum(port[key] for port in ports) for key in ("rx_packets", "tx_packets")}
    want = {"rx_packets": packets, "tx_packets": packets - 1 - own + len(PORTS) - 1}
    if got != want or counters["drops"] != ({"LOOPBACK_FILTER": own} if own else {}):
        sys.exit(f"bench: wrong result: {got} instead of {want}, drops {counters['drops']}")


def spread(values, form):
    return f"{form(statistics.median(values))} ({form(min(values))} .. {form(max(values))})"


def report(runs, small, o, folder):
    million, whole = (lambda v: f"{v / 1e6:.2f}"), (lambda v: f"{v:.0f}")
    print(f"\n{o.packets:,} frames of 64 bytes, {o.macs:,} MACs, {len(PORTS)} ports; one core (CPU {o.cpu}); "
          f"files in {folder}")
    print(f"median (min .. max) of {o.pairs} interleaved runs; files and the start of the program included\n")
    print(f"{'':9} {'Mpackets/s, wall':>21} {'by CPU time':>21} {'TSC clocks/packet':>20} {'RSS MiB, N/10 -> N':>19}")
    result = {}
    for name, list_ in runs.items():
        rate = [o.packets / r["wall"] for r in list_]
        cpu = [r["user"] + r["system"] for r in list_]
        clocks = [r["tsc"] / r["wall"] * c / o.packets for r, c in zip(list_, cpu)]
        steady = [(o.packets - o.packets // 10) / (r["wall"] - s["wall"])
                  for r, s in zip(list_, small[name])]
        rss = [max(r["rss_kib"] for r in some) for some in (small[name], list_)]
        result[name] = {"packets_per_s": statistics.median(rate), "min": min(rate), "max": max(rate),
                        "packets_per_cpu_s": o.packets / statistics.median(cpu),
                        "clocks_per_packet": statistics.median(clocks),
                        "packets_per_s_without_start": statistics.median(steady),
                        "rss_kib_tenth": rss[0], "rss_kib": rss[1],
                        "flat": abs(rss[1] - rss[0]) <= FLAT_KIB,
                        "runs": list_, "runs_of_a_tenth": small[name]}
        print(f"{name:9} {spread(rate, million):>21} {spread([o.packets / c for c in cpu], million):>21} "
              f"{spread(clocks, whole):>20} {rss[0] / 1024:10.1f} -> {rss[1] / 1024:.1f}")
    ratios = [a["wall"] / b["wall"] for a, b in zip(runs["vex-model"], runs["vex-pfe"])]
    print(f"\nvex-pfe : vex-model in packets/s, pair by pair: {spread(ratios, lambda v: f'{v:.2f}')}")
    print("without the start (from the difference to a tenth of the packets): "
          + ", ".join(f"{name} {r['packets_per_s_without_start'] / 1e6:.2f} M/s"
                      for name, r in result.items()))
    busy = max(r["wall"] / (r["user"] + r["system"]) for list_ in runs.values() for r in list_)
    if busy > 1.1:
        print(f"note: the machine is busy: wall time was up to {busy:.1f} times the CPU time")
    missed = [f"{name} is below {GOAL / 1e6:.0f} Mpackets/s" for name, r in result.items()
              if r["packets_per_s"] < GOAL]
    missed += [f"{name} takes more memory for more packets" for name, r in result.items() if not r["flat"]]
    print("goal (3 Mpackets/s each, memory flat): " + ("; ".join(missed) or "reached"))
    return result


def main():
    o = options()
    need = 3 * o.packets * BLOCK  # input, a tenth of it, the largest output
    folder = tempfile.mkdtemp(prefix="vex-bench-", dir=o.dir or choose_folder(need))
    try:
        captures = {}
        for packets in (o.packets // 10, o.packets):
            captures[packets] = os.path.join(folder, f"in-{packets}.pcapng")
            generate(captures[packets], packets, o)
        runs = {name: [] for name in PROGRAMS}
        small = {name: [] for name in PROGRAMS}
        for pair in range(-1, o.pairs):  # the first pair warms up and does not count
            for packets, into in ((o.packets // 10, small), (o.packets, runs)):
                for name in PROGRAMS:
                    result = run(name, captures[packets], folder, o)
                    check(result, packets, o.macs)
                    if pair >= 0:
                        into[name].append(result)
                    if sys.stderr.isatty():
                        print(f"\rpair {pair + 1} of {o.pairs}, {name}, {packets:,} packets   ",
                              end="", file=sys.stderr)
        result = report(runs, small, o, os.path.dirname(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    with open(o.json, "w", encoding="utf-8") as file:
        json.dump({"packets": o.packets, "macs": o.macs, "cpu": o.cpu, "ports": len(PORTS),
                   "folder": os.path.dirname(folder), "programs": result}, file, indent=1)
        file.write("\n")
    print(f"every run: {os.path.relpath(o.json, TOP)}")


if __name__ == "__main__":
    main()
