# SPDX-License-Identifier: BSD-3-Clause
"""The demo: it runs, looks the same each time, and its capture is what make.py makes."""
import os
import sys

from switch import BUILD, TOP, call

DEMO = os.path.join(TOP, "tests", "demo")


def run(tmp_path, name):
    """The demo with results in a folder of its own."""
    build = tmp_path / name
    build.mkdir()
    for program in ("vex", "vex-model", "vex-pfe"):
        os.symlink(os.path.join(BUILD, program), build / program)
    done = call([os.path.join(DEMO, "run.sh")], env=dict(os.environ, VEX_BUILD=str(build)), cwd="/")
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.replace(str(build), "BUILD")


def test_output_is_the_same_each_time_and_fits_a_terminal(tmp_path):
    one, two = run(tmp_path, "one"), run(tmp_path, "two")
    assert one == two
    assert "\033" not in one  # colours are for terminals
    assert max(len(line) for line in one.splitlines() if "BUILD" not in line) <= 100
    for text in ("office-sw1: ex4400-24p", "Ethernet switching table : 14 entries, 13 learned", "STORM_CONTROL",
                 "PVLAN_ISOLATION", "mac-limit", "lag           out xe-0/2/"):
        assert text in one


def test_capture_is_what_make_py_makes(tmp_path):
    done = call([sys.executable, "-B", os.path.join(DEMO, "make.py")],
                env=dict(os.environ, VEX_DEMO_IN=str(tmp_path / "in.pcapng")))
    assert done.returncode == 0, done.stderr
    with open(os.path.join(DEMO, "in.pcapng"), "rb") as file:
        assert (tmp_path / "in.pcapng").read_bytes() == file.read()


def test_a_missing_build_says_what_to_do(tmp_path):
    done = call([os.path.join(DEMO, "run.sh")], env=dict(os.environ, VEX_BUILD=str(tmp_path)))
    assert done.returncode == 1 and "make" in done.stderr
