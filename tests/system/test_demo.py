# SPDX-License-Identifier: BSD-3-Clause
"""The demos: the live one works and leaves nothing; the offline one looks the same each time."""
import os
import re
import sys

import pytest

from switch import BUILD, TOP, call

DEMO = os.path.join(TOP, "tests", "demo")


def run(tmp_path, name):
    """The demo with results in a folder of its own."""
    build = tmp_path / name
    build.mkdir()
    for program in ("vex", "vex-model", "vex-pfe"):
        os.symlink(os.path.join(BUILD, program), build / program)
    done = call([os.path.join(DEMO, "offline.sh")], env=dict(os.environ, VEX_BUILD=str(build)), cwd="/")
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
    done = call([os.path.join(DEMO, "offline.sh")], env=dict(os.environ, VEX_BUILD=str(tmp_path)))
    assert done.returncode == 1 and "make" in done.stderr


def leftovers():
    """Namespaces and folders that a live demo makes."""
    return {name for folder in ("/run/netns", "/tmp") if os.path.isdir(folder)
            for name in os.listdir(folder) if "vexdemo" in name}


def test_live_demo(tmp_path):
    """Hosts talk, a VLAN is edited and rolled back, and nothing is left."""
    if os.geteuid() != 0:
        pytest.skip("needs root to make network namespaces")
    before = leftovers()
    done = call([os.path.join(DEMO, "run.sh")], env=dict(os.environ, VEX_BUILD=BUILD), cwd="/")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\033" not in done.stdout
    pings = re.findall(r"^(\w+) pings 192\.0\.2\.(\d): (\d+)% packet loss", done.stdout, re.M)
    assert pings == [("alice", "2", "0"), ("alice", "3", "100"), ("alice", "3", "0"), ("alice", "3", "100")]
    assert re.search(r"^TCP from alice to bob: [1-9]\d* Mbits/sec$", done.stdout, re.M)
    assert re.search(r"^ge-0/0/2\.0 +up +up +eth-switch$", done.stdout, re.M)
    assert len(re.findall(r"^ +office +(?:[0-9a-f]{2}:){5}[0-9a-f]{2} +D .* ge-0/0/[01]\.0$", done.stdout, re.M)) == 2
    assert done.stdout.count("commit complete") == 2
    assert "-       members guests;\n+       members office;" in done.stdout
    assert "vex cli --instance" in done.stdout and "vex stop --instance" in done.stdout
    assert leftovers() == before


def test_without_root_the_offline_demo_says_why(tmp_path):
    """Somebody who is not root, as far as `id` knows, gets the offline switch, and the reason."""
    build = tmp_path / "build"
    build.mkdir()
    for program in ("vex", "vex-model", "vex-pfe"):
        os.symlink(os.path.join(BUILD, program), build / program)
    who = tmp_path / "id"
    who.write_text("#!/bin/sh\necho 1000\n")
    who.chmod(0o755)
    done = call([os.path.join(DEMO, "run.sh")], cwd="/",
                env=dict(os.environ, VEX_BUILD=str(build), PATH=f"{tmp_path}:{os.environ['PATH']}"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "needs root" in done.stdout.splitlines()[0] and "office-sw1: ex4400-24p" in done.stdout
