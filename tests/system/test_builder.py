# SPDX-License-Identifier: BSD-3-Clause
"""Long transactions: vex-pfe punts, watches links and goes its rounds while one is installed."""
import json
import os
import subprocess

from switch import BUILD, put


def test_frames_and_links_while_tables_are_installed(bench):
    """112,000 static addresses, then VLANs up to 4,093: tests/live/ops_long.c knows the order of events."""
    bench.home.run("ip", "link", "add", "p0", "type", "veth", "peer", "name", "q0")
    for device in ("p0", "q0"):
        bench.quiet(bench.home, device)
    platform = put(os.path.join(str(bench.folder), "platform.json"),
                   json.dumps({"ports": {"ge-0/0/0": {"device": "af_packet", "interface": "p0"}}}))
    with bench.home.inside():
        done = subprocess.run([os.path.join(BUILD, "tests/ops-long"), os.path.join(BUILD, "vex-pfe"), platform, "q0"],
                              capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    print(done.stdout)
