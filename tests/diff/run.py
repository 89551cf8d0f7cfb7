#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""The differential test: see README.md.

    run.py                      CASES cases from SEED on (environment), as `make diff` does
    run.py --seed N --cases N   the same
    run.py --seed N             that case alone
    run.py --file CASE          a case that was kept
"""
import argparse
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]
sys.dont_write_bytecode = True

import generate  # noqa: E402
import replay  # noqa: E402
import shrink  # noqa: E402
import text as text_forms  # noqa: E402
from result import Result  # noqa: E402

TOP = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.join(TOP, os.environ.get("VEX_BUILD", "build"))
KEPT = os.path.join(TOP, "build", "diff")
CHUNK = 25
BURSTS = (1, 7, 32, 64)
RUN_LIMIT = 300  # seconds for a program


def flavours():
    return [f for f in ("model", "pfe") if os.path.exists(os.path.join(BUILD, "diff-" + f))]


def execute(flavour, burst, cases, out, watch=None):
    """Runs a program; returns what it said if it failed, or None."""
    command = [os.path.join(BUILD, "diff-" + flavour), "--burst", str(burst), "--cases", cases,
               "--out", out] + (["--watch", watch] if watch else [])
    try:
        done = subprocess.run(command, stderr=subprocess.PIPE, timeout=RUN_LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return f"did not end within {RUN_LIMIT} s"
    if done.returncode:
        return f"status {done.returncode}: {done.stderr.decode(errors='replace')[:2000]}"
    return None


def records(path):
    """Lines of each case of a record."""
    cases = []
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            if line.startswith("case "):
                cases.append([])
            cases[-1].append(line.rstrip("\n"))
    return cases


def watched(path):
    """{line: (number, tables)} of each case."""
    cases = []
    for lines in records(path):
        cases.append({})
        for line in lines[1:]:
            _, number, delta, tables = line.split(" ", 3)
            cases[-1][int(number)] = (int(delta), json.loads(tables))
    return cases


def leaves(value, path=""):
    """Every number and text of a JSON value, with the way to it."""
    if isinstance(value, (dict, list)):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, below in pairs:
            yield from leaves(below, f"{path}/{key}")
    else:
        yield path, value


def describe(a, b):
    """What differs in two lines of a record."""
    (x, _, left), (y, _, right) = a.partition("{"), b.partition("{")
    if not left or x != y:
        return f"{a[:200]} | {b[:200]}"
    one, two = set(leaves(json.loads("{" + left))), set(leaves(json.loads("{" + right)))
    return f"{x}{sorted(one - two, key=str)[:6]} | {sorted(two - one, key=str)[:6]}"


def first_difference(a, b):
    for x, y in zip(a, b):
        if x != y:
            return describe(x, y)
    return f"{len(a)} and {len(b)} lines"


def run(cases, folder, bursts=BURSTS, with_oracle=True):
    """A failure, (kind, text), or None for each case."""
    path = os.path.join(folder, "cases")
    with open(path, "wb") as file:
        for case in cases:
            case.write(file)
    base, watch = os.path.join(folder, "base"), os.path.join(folder, "watch")
    said = execute("model", 1, path, base, watch)
    if said:
        return [("crash", f"model, burst 1: {said}")] * len(cases)
    found = [None] * len(cases)
    reference, aged = records(base), watched(watch)
    for flavour in flavours():
        for burst in bursts:
            out = os.path.join(folder, f"{flavour}-{burst}")
            said = execute(flavour, burst, path, out)
            if said:
                return [("crash", f"{flavour}, burst {burst}: {said}")] * len(cases)
            with open(base, "rb") as one, open(out, "rb") as two:
                if one.read() == two.read():
                    continue
            for i, lines in enumerate(records(out)):
                if not found[i] and lines != reference[i]:
                    found[i] = ("differ", f"model, burst 1 | {flavour}, burst {burst}: " +
                                first_difference(reference[i], lines))
    for i, case in enumerate(cases):
        if not found[i] and with_oracle:
            try:
                replay.check(case, reference[i], aged[i])
            except replay.Mismatch as mismatch:
                found[i] = ("oracle", str(mismatch))
    return found


def format_text(case, form):
    """The configuration of a case as `vex format` prints it, or a failure."""
    done = subprocess.run([os.path.join(BUILD, "vex"), "format", form, "-"],
                          input=case.text.encode(), capture_output=True, timeout=60, check=False)
    if done.returncode:
        return None, f"vex format {form}: {done.stderr.decode(errors='replace')}"
    return done.stdout.decode(), None


def run_forms(case, folder):
    """The case with its configuration in each printed form: the record must be the same."""
    variants = [case]
    for form in ("--set", "--curly"):
        text, said = format_text(case, form)
        if said:
            return "forms", said
        variants.append(generate.Case(case.seed, case.lines, case.events, text))
        again, said = format_text(variants[-1], form)
        if said or again != text:
            return "forms", said or f"vex format {form} of its own output differs"
    path, out = os.path.join(folder, "forms"), os.path.join(folder, "forms.out")
    with open(path, "wb") as file:
        for variant in variants:
            variant.write(file)
    said = execute("model", 64, path, out)
    if said:
        return "crash", said
    first, *others = records(out)
    for form, lines in zip(("set", "curly"), others):
        if lines != first:
            return "forms", f"as {form}: " + first_difference(first, lines)
    return None


def one(case, folder):
    found = run([case], folder)[0]
    return found or run_forms(case, folder)


def check_chunk(seeds):
    """[(seed, kind, text)] of the cases that fail."""
    with tempfile.TemporaryDirectory(prefix="vex-diff-") as folder:
        cases = [generate.make(seed) for seed in seeds]
        found = run(cases, folder)
        if all(f and f[0] == "crash" for f in found):
            found = [run([case], folder)[0] for case in cases]
        failures = []
        for i, case in enumerate(cases):
            if not found[i] and case.seed % 4 == 0:
                found[i] = run_forms(case, folder)
            if found[i]:
                failures.append((case.seed, *found[i]))
        return failures


def alike(a, b):
    """Are two failures of the same sort? Numbers may differ."""
    def sort(text):
        return re.sub("[0-9a-f:/]+", "", text.partition(" ps: ")[2] or text)[:30]

    return a[0] == b[0] and (a[0] != "oracle" or sort(a[1]) == sort(b[1]))


def minimise(case, found, folder):
    """The case without what the failure does not need, and its failure."""
    def fails(smaller):
        # What the oracle found needs one run; what two runs differ in needs all.
        result = (run([smaller], folder, ())[0] if found[0] == "oracle" else one(smaller, folder))
        return result if result and alike(result, found) else None

    return shrink.shrink(case, found, fails, seconds=float(os.environ.get("SHRINK", "20")))


def report(seed, found):
    """Shrinks, keeps and describes a failing case."""
    os.makedirs(KEPT, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="vex-diff-") as folder:
        case, found = minimise(generate.make(seed), found, folder)
    path = os.path.join(KEPT, f"case-{seed}")
    with open(path, "wb") as file:
        case.write(file)
    print(f"-- seed {seed}: {found[0]}: {found[1]}\n   kept as {os.path.relpath(path, TOP)}, "
          f"{len(case.lines)} lines of configuration, {len(case.events)} events; again: "
          f"tests/diff/run.py --seed {seed}", flush=True)


def show(case):
    with tempfile.TemporaryDirectory(prefix="vex-diff-") as folder:
        found = one(case, folder)
    print(f"{found[0]}: {found[1]}" if found else "as expected")
    return 1 if found else 0


def kept_case(path):
    """A case as Case.write wrote it, with its configuration as set lines."""
    with open(path, "rb") as file:
        _, seed, size = file.readline().split()
        text = file.read(int(size)).decode()
        lines = [words[1:] for words in map(text_forms.words_of, text.splitlines())]
        return generate.Case(int(seed), lines, [x.decode() for x in file], text)


def main(argv):
    parser = argparse.ArgumentParser(description="both builds against each other and an oracle")
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED", "1")))
    parser.add_argument("--cases", type=int)
    parser.add_argument("--file")
    options = parser.parse_args(argv)
    if options.file:
        return show(kept_case(options.file))
    san = "san" in os.path.basename(BUILD)
    count = options.cases or int(os.environ.get("CASES", "30" if san else "240"))
    if options.cases is None and any(a.startswith("--seed") for a in argv):
        count = 1
    seeds = list(range(options.seed, options.seed + count))
    chunks = [seeds[i:i + CHUNK] for i in range(0, len(seeds), CHUNK)]
    failures = []
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(check_chunk, chunks):
            for failure in found:
                failures.append(failure)
                if len(failures) <= 5:
                    report(failure[0], failure[1:])
                else:
                    print(f"-- seed {failure[0]}: {failure[1]}: {failure[2][:400]}", flush=True)
    fails = [f"seed {seed}: {kind}: {text[:200]}" for seed, kind, text in failures]
    result = Result(count - len(failures), fails=fails)
    print(f"{count} cases from seed {options.seed}, {len(flavours())} builds, bursts of "
          f"{', '.join(map(str, BURSTS))}: {result.counts()}")
    return result.leave()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
