# SPDX-License-Identifier: BSD-3-Clause
"""A whole second kernel as the host on a trunk: its own 802.1Q code makes and takes the tags."""
import os
import subprocess

import pytest

from switch import TOP, access, trunk, vlans

UML = os.path.join(TOP, "tests", "system", "uml", "uml-peer")
P = [f"ge-0/0/{n}" for n in range(3)]


class Guest:
    """A user-mode Linux with interface vec0 on a tap of the switch's namespace."""

    def __init__(self, folder, namespace, tap):
        self.name = f"peer{os.getpid()}"
        self.environment = dict(os.environ, UML_PEER_DIR=os.path.join(folder, "uml"))
        self.peer("start", self.name, "--netns", namespace, "--nic", f"tap:{tap},mtu=1504",
                  "--module", "8021q", "--owner", str(os.getpid()))

    def peer(self, *words):
        done = subprocess.run([UML, *words], env=self.environment, capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return done.stdout

    def sh(self, text):
        return self.peer("sh", "-t", "60", self.name, text)

    def stop(self):
        self.peer("stop", self.name)


@pytest.fixture
def guest(bench, tmp_path):
    one = Guest(str(tmp_path), bench.home.name, "p2")
    try:
        yield one
    finally:
        one.stop()


def test_a_tagging_kernel_on_a_trunk(bench, guest):
    """
    One guest in two VLANs: it reaches anna in VLAN 10 and bert in VLAN 20, each only there, with packets
    of 1500 bytes behind the tag.
    """
    bench.connect("anna", "p0", address=1)
    bench.connect("bert", "p1", address=2)
    switch = bench.switch(vlans(10, 20) + access(P[0], vlan="v10") + access(P[1], vlan="v20") +
                          trunk(P[2], "v10", "v20"),
                          {port: f"p{n}" for n, port in enumerate(P)}).start()
    guest.sh("""
        set -e
        for vid in 10 20; do
            ip link add link vec0 name v$vid type vlan id $vid
            ip link set v$vid up
        done
        ip address add 192.0.2.110/24 dev v10
        ip address add 2001:db8::110/64 dev v10 nodad
        ip route add 192.0.2.2/32 dev v20 src 192.0.2.110
        ping -nqc 3 -i 0.2 -W 5 -M do -s 1472 -I v10 192.0.2.1
        ping -6nqc 3 -i 0.2 -W 5 2001:db8::1
        ping -nqc 3 -i 0.2 -W 5 -M do -s 1472 -I v20 192.0.2.2
        ! ping -nqc 2 -i 0.2 -W 1 -I v20 192.0.2.1
    """)
    counters = switch.counters()
    assert counters["fdb"]["learned"] == 4  # the guest is there twice, once a VLAN
    assert set(counters["drops"]) <= {"PORT_DOWN", "FDB_MC_DISCARD"}
