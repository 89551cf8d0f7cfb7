#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Runs fuzz programs: first every kept input, then new ones for a while (README.md beside this).

    run.py [--time SECONDS] PROGRAM...
"""
import argparse
import concurrent.futures
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
sys.dont_write_bytecode = True

from result import Result  # noqa: E402

TAIL = 4000  # bytes of a failed program's output to show
LIMITS = ["-timeout=10", "-rss_limit_mb=2048"]


def call(command, log, limit):
    """Runs a command with its output in the file `log`; returns None or what went wrong."""
    with open(log, "wb") as file:
        try:
            status = subprocess.run(command, stdout=file, stderr=subprocess.STDOUT,
                                    stdin=subprocess.DEVNULL, timeout=limit, check=False).returncode
        except subprocess.TimeoutExpired:
            return f"no end within {limit} s"
        except OSError as error:
            return str(error)
    return f"status {status}" if status else None


def show(log):
    with open(log, "rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - TAIL))
        print(file.read().decode(errors="replace"))


def fuzz(program, seconds):
    """Both runs of one program; returns [(test, error or None, log)]."""
    name = os.path.basename(program)
    kept = os.path.join(HERE, name)
    work = os.path.join(os.path.dirname(program), "work", name)
    new = os.path.join(work, "corpus")
    os.makedirs(new, exist_ok=True)
    files = sorted(os.path.join(kept, f) for f in os.listdir(kept)) if os.path.isdir(kept) else []
    log = os.path.join(work, "kept.log")
    if not files:
        return [(f"{name}: kept inputs", f"tests/fuzz/{name}/ has no file", None)]
    error = call([program] + LIMITS + files, log, 300)
    results = [(f"{name}: {len(files)} kept inputs", error, log)]
    if seconds > 0:
        log = os.path.join(work, "new.log")
        command = [program, f"-max_total_time={seconds}", "-print_final_stats=1",
                   f"-artifact_prefix={work}/"] + LIMITS
        dictionary = kept + ".dict"
        if os.path.exists(dictionary):
            command.append(f"-dict={dictionary}")
        error = call(command + [new, kept], log, seconds + 120)
        results.append((f"{name}: new inputs", error and f"{error}; input in {work}/", log))
    return results


def main(argv):
    parser = argparse.ArgumentParser(description="run fuzz programs")
    parser.add_argument("--time", type=int, default=20, help="seconds of new inputs for each")
    parser.add_argument("programs", nargs="+")
    options = parser.parse_args(argv)
    passed, fails = 0, []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for results in pool.map(lambda p: fuzz(p, options.time), options.programs):
            for test, error, log in results:
                print(f"{'FAIL' if error else 'ok  '} {test}{': ' + error if error else ''}",
                      flush=True)
                if not error:
                    passed += 1
                    continue
                fails.append(f"{test}: {error}")
                if log:
                    show(log)
    return Result(passed, fails=fails).leave()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
