#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Makes the vectors again and replays them through both programs (README.md).

    run.py [NAME...]           test all vectors, or these; those of a feature are FEATURE.NAME
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

HERE = os.path.dirname(os.path.realpath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

import compare  # noqa: E402
from result import Result  # noqa: E402

BUILD = os.path.join(TOP, os.environ.get("VEX_BUILD", "build"))
PROGRAMS = {"vex-model": [], "vex-pfe": ["--offline"]}
BURSTS = (1, 7, 32, 64)
WRITTEN = ("config", "make.py", "notes.md")
MADE = ("in.pcapng", "out.pcapng", "counters.json", "tables.json")
OUTPUTS = ("out.pcapng", "counters.json", "tables.json")
TIME_LIMIT = 300


def find(names):
    """The vectors' folders: those of tests/vectors and of X/vectors."""
    makers = glob.glob(os.path.join(HERE, "*", "make.py"))
    makers += glob.glob(os.path.join(TOP, "*", "vectors", "*", "make.py"))
    folders = sorted({os.path.dirname(os.path.realpath(maker)) for maker in makers})
    chosen = [f for f in folders if not names or label(f) in names]
    missing = set(names) - {label(f) for f in chosen}
    if missing:
        sys.exit("run.py: no vector named " + ", ".join(sorted(missing)))
    return chosen


def label(folder):
    """A name of its own for each vector: that of its folder, or FEATURE.NAME."""
    above, name = os.path.split(folder)
    return name if above == HERE else f"{os.path.basename(os.path.dirname(above))}.{name}"


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
    """What one program made of all vectors in one run: one process for all of them (--batch), or
    one process each. Only a vector that fails in the batch is run again by itself."""

    def __init__(self, program, burst, batch, where):
        self.program, self.burst, self.batch = program, burst, batch
        self.where = os.path.join(where, "-".join([program, str(burst)] + ["batch"] * batch))
        self.errors, self.batch_error = {}, None

    def title(self):
        return f"{self.program} --burst {self.burst}{' --batch' if self.batch else ''}"

    def folder(self, vector):
        return os.path.join(self.where, label(vector))

    def outputs(self, vector):
        return {name: load(os.path.join(self.folder(vector), name)) for name in OUTPUTS}

    def execute(self, arguments):
        """Runs the program; a text if it did not end well."""
        command = [os.path.join(BUILD, self.program)] + PROGRAMS[self.program]
        command += ["--burst", str(self.burst)] + arguments
        try:
            done = subprocess.run(command, capture_output=True, timeout=TIME_LIMIT, check=False)
        except subprocess.TimeoutExpired:
            return f"did not end within {TIME_LIMIT} s"
        if done.returncode == 0:
            return None
        failed = [line for line in done.stdout.splitlines() if line.startswith(b"FAIL")]
        text = (done.stderr or b"; ".join(failed[:3])).decode(errors="replace").strip()
        return f"exit status {done.returncode}: {text[-2000:] or 'says nothing'}"

    def run_one(self, vector):
        out = self.folder(vector)
        os.makedirs(out, exist_ok=True)
        arguments = ["--config", os.path.join(vector, "config")]
        arguments += ["--in", os.path.join(vector, "in.pcapng")]
        for option, name in zip(("--out", "--counters", "--tables"), OUTPUTS):
            arguments += [option, os.path.join(out, name)]
        arguments += shlex.split((load(os.path.join(vector, "args")) or b"").decode())
        self.errors[vector] = self.execute(arguments)

    def run(self, vectors, everything):
        """everything: a folder that holds all of the vectors."""
        if self.batch:
            self.batch_error = self.execute(["--batch", everything, "--out", self.where])
        for vector in vectors:
            if not self.batch or None in self.outputs(vector).values():
                self.run_one(vector)
        return self


def replay(vectors, where):
    """Runs everything; a list of Replay for each program. Runs of one program and burst, in one
    process and in many, must give the same bytes as all others."""
    everything = os.path.join(where, "all")
    os.mkdir(everything)
    for vector in vectors:
        os.symlink(vector, os.path.join(everything, label(vector)))
    replays = {
        program: [Replay(program, burst, True, where) for burst in BURSTS]
        + [Replay(program, BURSTS[-1], False, where)]
        for program in PROGRAMS
    }
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [
            pool.submit(r.run, vectors, everything) for runs in replays.values() for r in runs
        ]
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
        yield f"{run.title()}: {run.errors.get(vector) or 'wrote no ' + ', '.join(missing)}"
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
    """Yields where two runs differ: programs, bursts, in a batch and alone."""
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

    def test(self, name, what, problems):
        problems = list(problems)
        if not problems:
            self.passed += 1
            return True
        for problem in problems[:20]:
            print(f"FAIL {name}: {problem}")
        self.fails.append(f"{name}: {what}: {problems[0]}")
        return False


def judge(vectors, report):
    """Replays and judges. One test a program and vector, one a vector for all runs being the
    same, one a program for the exit status of its batches."""
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
            report.test(label(vector), program, problems)
        runs = [run for of_program in replays.values() for run in of_program]
        report.test(label(vector), "same bytes", check_same(vector, runs))
    for program, runs in replays.items():
        problems = [f"{run.title()}: {run.batch_error}" for run in runs if run.batch_error]
        report.test("batch", program, problems)
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
        report.test(label(vector), "made again", check_made(vector))
    if not options.check:
        judge(vectors, report)
    result = Result(report.passed, fails=report.fails)
    print(f"vectors: {len(vectors)} vectors, {result.counts()}")
    return result.leave()


if __name__ == "__main__":
    sys.exit(main())
