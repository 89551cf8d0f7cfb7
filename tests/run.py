#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Runs test suites and counts their results; tests/README.md describes the protocol.

    run.py suite NAME -- COMMAND...     run one suite, leave build/results/NAME.txt
    run.py pytest NAME -- ARGUMENT...   the same for pytest
    run.py all --make MAKE NAME...      run `MAKE NAME` for each suite, then print the sum

A suite that ends without a readable result, with a signal, or with a status other than 0 while it
reports no failure counts as one failure. No suite stops the others.
"""
import argparse
import fnmatch
import os
import shlex
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True

from result import Result  # noqa: E402

TOP = os.path.dirname(HERE)
RESULTS = os.path.join(TOP, "build", "results")
ALLOWED = os.path.join(TOP, "tests", "allowed-skips.txt")
TIME_LIMIT = 1200  # seconds for one suite, build included


def path_of(name):
    return os.path.join(RESULTS, name + ".txt")


def read(name):
    """The result of a suite; one failure when there is no readable one."""
    try:
        with open(path_of(name), encoding="utf-8", errors="replace") as file:
            return Result.parse(file.read())
    except (OSError, ValueError) as error:
        return Result(failed=1, fails=[f"left no result ({error})"])


def write(name, result):
    os.makedirs(RESULTS, exist_ok=True)
    with open(path_of(name), "w", encoding="utf-8") as file:
        file.write(result.format())


def remove(name):
    if os.path.exists(path_of(name)):
        os.remove(path_of(name))


def execute(command, env=None):
    """Runs a command in its own process group; returns its status, or "timeout"."""
    # The descriptors stay open because make's job server is one of them.
    process = subprocess.Popen(command, cwd=TOP, env=env, close_fds=False, start_new_session=True)
    try:
        return process.wait(TIME_LIMIT)
    except subprocess.TimeoutExpired:
        return "timeout"
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def explain(status):
    if status == "timeout":
        return f"did not end within {TIME_LIMIT} s"
    if status < 0:
        return f"was killed by {signal.Signals(-status).name}"
    return f"ended with status {status}"


def conclude(name, status, result):
    """Merges how the suite ended into what it reported; stores and prints."""
    if status != 0 and (result.failed == 0 or not isinstance(status, int) or status < 0):
        result.add_failure(explain(status))
    write(name, result)
    for text in result.fails:
        print(f"FAIL {name}: {text}")
    print(f"== {name}: {result.counts()}", flush=True)
    return 1 if result.failed else 0


def run_suite(name, command):
    remove(name)
    os.makedirs(RESULTS, exist_ok=True)
    status = execute(command, dict(os.environ, VEX_RESULT=path_of(name)))
    if os.path.exists(path_of(name)):
        result = read(name)
    elif name.split("-")[-1] in ("build", "clang"):
        # Building is a suite of one test, which passes when make does.
        result = Result(passed=int(status == 0))
    elif status == 0:
        result = Result(failed=1, fails=["left no result"])
    else:
        result = Result()
    return conclude(name, status, result)


def from_junit(path):
    """Converts pytest's JUnit file."""
    result = Result()
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        label = f"{case.get('classname')}::{case.get('name')}"
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            result.add_failure(label)
        elif skipped is not None:
            result.skipped += 1
            result.skips.append(f"{label}: {skipped.get('message')}")
        else:
            result.passed += 1
    return result


def run_pytest(name, arguments):
    remove(name)
    os.makedirs(RESULTS, exist_ok=True)
    junit = os.path.join(RESULTS, name + ".xml")
    if os.path.exists(junit):
        os.remove(junit)
    status = execute([sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider",
                      "--junitxml", junit] + arguments)
    try:
        result = from_junit(junit)
    except (OSError, ElementTree.ParseError):
        result = Result()
    if status == 5:  # pytest's own code for "no test was found"
        result.add_failure("has no test")
    return conclude(name, status, result)


def allowed_patterns():
    """The lines of tests/allowed-skips.txt: patterns in the style of the shell."""
    try:
        with open(ALLOWED, encoding="utf-8") as file:
            lines = [line.strip() for line in file]
    except FileNotFoundError:
        return []
    return [line for line in lines if line and not line.startswith("#")]


def refuse_skips(result, patterns):
    """In CI every skip needs a reason that the list allows; any other is a failure."""
    refused = [reason for reason in result.skips
               if not any(fnmatch.fnmatchcase(reason, pattern) for pattern in patterns)]
    refused += ["without a reason"] * max(0, result.skipped - len(result.skips))
    for reason in refused:
        result.skipped -= 1
        result.add_failure(f"skip not in tests/allowed-skips.txt: {reason}")


def run_all(make, names):
    total, lines = Result(), []
    for name in names:
        remove(name)
    for name in names:
        start = time.monotonic()
        print(f"== {name}", flush=True)
        execute(make + [name])
        result = read(name)
        if os.environ.get("CI") == "true":
            refuse_skips(result, allowed_patterns())
        lines.append(f"{name:12} {result.counts()}  ({time.monotonic() - start:.0f} s)")
        total.passed += result.passed
        total.failed += result.failed
        total.skipped += result.skipped
        total.skips += [f"{name}: {reason}" for reason in result.skips]
        total.fails += [f"{name}: {text}" for text in result.fails]
    print("\n" + "\n".join(lines))
    for reason in total.skips:
        print(f"skipped: {reason}")
    for text in total.fails:
        print(f"failed: {text}")
    print(total.counts(), flush=True)
    return 1 if total.failed else 0


def main(argv):
    parser = argparse.ArgumentParser(description="run test suites and count their results")
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb in ("suite", "pytest"):
        sub = verbs.add_parser(verb)
        sub.add_argument("name")
        sub.add_argument("command", nargs="+")
    sub = verbs.add_parser("all")
    sub.add_argument("--make", required=True)
    sub.add_argument("names", nargs="+")
    options = parser.parse_args(argv)
    if options.verb == "suite":
        return run_suite(options.name, options.command)
    if options.verb == "pytest":
        return run_pytest(options.name, options.command)
    return run_all(shlex.split(options.make), options.names)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
