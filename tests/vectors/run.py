#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Makes the vectors again and replays them through both programs (README.md).

    run.py [NAME...]           test all vectors, or those whose folder has this name
    run.py --make [NAME...]    write the vectors' files anew
    run.py --check [NAME...]   only compare what make.py makes with what is there
"""
import argparse
import concurrent.futures
import glob
import hashlib
import json
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

import compare  # noqa: E402
from result import Result  # noqa: E402

BUILD = os.path.join(TOP, os.environ.get("VEX_BUILD", "build"))
PROGRAMS = {"vex-model": [], "vex-pfe": ["--offline"]}
RUNS = (1, 7, 32, 64, 32)  # bursts; the repeated one must give the same bytes again
WRITTEN = ("config", "make.py", "notes.md")
MADE = ("in.pcapng", "out.pcapng", "counters.json", "tables.json")
OUTPUTS = ("out.pcapng", "counters.json", "tables.json")
TIME_LIMIT = 300


def find(names):
    """The vectors' folders: those of tests/vectors and of X/vectors."""
    makers = glob.glob(os.path.join(HERE, "*", "make.py"))
    makers += glob.glob(os.path.join(TOP, "*", "vectors", "*", "make.py"))
    folders = sorted({os.path.dirname(os.path.realpath(maker)) for maker in makers})
    chosen = [f for f in folders if not names or os.path.basename(f) in names]
    missing = set(names) - {os.path.basename(f) for f in chosen}
    if missing:
        sys.exit("run.py: no vector named " + ", ".join(sorted(missing)))
    return chosen


def label(folder):
    return os.path.basename(folder)


def load(path):
    """The bytes of a file, None if there is none."""
    if not os.path.exists(path):
        return None
    with open(path, "rb") as file:
        return file.read()


# --- making -----------------------------------------------------------------------------


def make(folder, into):
    """Runs make.py so that it writes into another folder."""
    os.environ["VEXVEC_DIR"] = into
    try:
        runpy.run_path(os.path.join(folder, "make.py"), run_name="__main__")
    finally:
        del os.environ["VEXVEC_DIR"]


def check_made(folder):
    """Yields what is wrong with the files of a vector."""
    for name in WRITTEN:
        if not os.path.exists(os.path.join(folder, name)):
            yield f"has no {name}"
    with tempfile.TemporaryDirectory() as into:
        make(folder, into)
        for name in MADE:
            there, made = load(os.path.join(folder, name)), load(os.path.join(into, name))
            if there == made:
                continue
            if made is None:
                yield f"{name} is there, but make.py makes none"
            elif there is None:
                yield f"{name} is missing: run.py --make {label(folder)}"
            else:
                yield f"{name} differs from what make.py makes"
                if name.endswith(".pcapng"):
                    yield from compare.packets(made, there, "make.py makes", "the file has")


# --- replaying --------------------------------------------------------------------------


class Replay:
    """What one program made of all vectors in one run."""

    def __init__(self, program, burst, number, where):
        self.program, self.burst = program, burst
        self.where = os.path.join(where, f"{program}-{burst}-{number}")
        self.errors = {}

    def title(self):
        return f"{self.program} --burst {self.burst}"

    def folder(self, vector):
        return os.path.join(self.where, label(vector))

    def outputs(self, vector):
        return {name: load(os.path.join(self.folder(vector), name)) for name in OUTPUTS}

    def run_one(self, vector):
        """One vector in a process of its own; for a reason why it failed in the batch."""
        out = self.folder(vector)
        extra = (load(os.path.join(vector, "args")) or b"").decode()
        command = [os.path.join(BUILD, self.program)] + PROGRAMS[self.program]
        command += ["--config", os.path.join(vector, "config")]
        command += ["--in", os.path.join(vector, "in.pcapng")]
        for option, name in zip(("--out", "--counters", "--tables"), OUTPUTS):
            command += [option, os.path.join(out, name)]
        command += ["--burst", str(self.burst)] + shlex.split(extra)
        try:
            done = subprocess.run(command, capture_output=True, timeout=TIME_LIMIT, check=False)
        except subprocess.TimeoutExpired:
            self.errors[vector] = [f"{self.title()}: did not end within {TIME_LIMIT} s"]
            return
        if done.returncode != 0:
            text = done.stderr.decode(errors="replace").strip() or "says nothing"
            self.errors[vector] = [f"{self.title()}: exit status {done.returncode}: {text}"]

    def run(self, vectors):
        for vector in vectors:
            os.makedirs(self.folder(vector), exist_ok=True)
            self.run_one(vector)
        return self


def replay(vectors, where):
    """Runs everything; a list of Replay for each program."""
    replays = {
        program: [Replay(program, burst, n, where) for n, burst in enumerate(RUNS)]
        for program in PROGRAMS
    }
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [pool.submit(r.run, vectors) for runs in replays.values() for r in runs]
        for job in jobs:
            job.result()
    return replays


# --- judging ----------------------------------------------------------------------------


def sides():
    """{reason: IN, OUT or QUEUE}, from the declarations of the drops."""
    found = {}
    for path in glob.glob(os.path.join(TOP, "*", "*_drops.def")):
        found.update(re.findall(r"^DROP\((\w+), (\w+),", load(path).decode(), re.M))
    return found


def check_run(vector, run, drop_sides):
    """Yields what is wrong with one run of one program."""
    outputs = run.outputs(vector)
    missing = [name for name in OUTPUTS if outputs[name] is None]
    if run.errors.get(vector) or missing:
        yield from run.errors.get(vector, [])
        yield from (f"{run.title()}: wrote no {name}" for name in missing)
        return
    problems = list(compare.packets(load(os.path.join(vector, "out.pcapng")), outputs["out.pcapng"]))
    try:
        counters = json.loads(outputs["counters.json"])
        tables = json.loads(outputs["tables.json"])
    except ValueError as error:
        problems.append(f"not JSON: {error}")
    else:
        wanted = json.loads(load(os.path.join(vector, "counters.json")))
        problems += compare.subset(wanted, counters, "counters")
        problems += compare.conservation(counters, drop_sides)
        wanted = load(os.path.join(vector, "tables.json"))
        if wanted:
            problems += compare.macs(json.loads(wanted)["mac"], tables.get("mac", []))
    for problem in problems:
        yield f"{run.title()}: {problem}"


def check_same(vector, runs):
    """Yields where two runs differ: programs, bursts, and the same run again."""
    first = runs[0]
    for other in runs[1:]:
        ours, theirs = first.outputs(vector), other.outputs(vector)
        for name in OUTPUTS:
            if ours[name] == theirs[name] and ours[name] is not None:
                continue
            digests = [
                hashlib.sha256(data).hexdigest()[:16] if data is not None else "nothing"
                for data in (ours[name], theirs[name])
            ]
            yield f"{name}: {first.title()} gives {digests[0]}, {other.title()} gives {digests[1]}"
            if name == "out.pcapng" and ours[name] and theirs[name]:
                yield from compare.packets(ours[name], theirs[name], first.title(), other.title())


class Report:
    """Counts the tests and prints the failures as they come."""

    def __init__(self):
        self.passed, self.fails = 0, []

    def test(self, vector, what, problems):
        problems = list(problems)
        if not problems:
            self.passed += 1
            return True
        for problem in problems[:20]:
            print(f"FAIL {label(vector)}: {problem}")
        self.fails.append(f"{label(vector)}: {what}: {problems[0]}")
        return False


def judge(vectors, report):
    """Replays and judges. One test a program and vector, one for both being the same."""
    absent = [program for program in PROGRAMS if not os.path.exists(os.path.join(BUILD, program))]
    if absent:
        report.fails += [f"{os.path.join(BUILD, program)} is not built" for program in absent]
        return
    drop_sides = sides()
    where = tempfile.mkdtemp(prefix="vectors-")
    failed = len(report.fails)
    replays = replay(vectors, where)
    for vector in vectors:
        for program, runs in replays.items():
            problems = []
            for run in runs:
                problems = list(check_run(vector, run, drop_sides))
                if problems:
                    break
            report.test(vector, program, problems)
        runs = [run for of_program in replays.values() for run in of_program]
        report.test(vector, "same bytes", check_same(vector, runs))
    if len(report.fails) > failed and not os.environ.get("CI"):
        print(f"run.py: what the programs wrote is in {where}")
    else:
        shutil.rmtree(where)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--make", action="store_true", help="write the vectors' files anew")
    parser.add_argument("--check", action="store_true", help="do not run the programs")
    parser.add_argument("names", nargs="*", metavar="NAME", help="a vector's folder")
    options = parser.parse_args()
    vectors = find(options.names)
    sys.dont_write_bytecode = True
    if options.make:
        for vector in vectors:
            make(vector, vector)
        return 0
    report = Report()
    for vector in vectors:
        report.test(vector, "made again", check_made(vector))
    if not options.check:
        judge(vectors, report)
    result = Result(report.passed, fails=report.fails)
    print(f"vectors: {len(vectors)} vectors, {result.counts()}")
    return result.leave()


if __name__ == "__main__":
    sys.exit(main())
