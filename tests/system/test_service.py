# SPDX-License-Identifier: BSD-3-Clause
"""A switch as a service: what the service manager is told, and the unit file that is installed."""
import os
import shutil
import signal
import socket
import subprocess

import pytest

from switch import BUILD, TOP, VEX
from test_supervise import LIMIT, Instance


def heard(sock):
    """The assignments of one message."""
    return dict(line.split("=", 1) for line in sock.recv(4096).decode().splitlines())


@pytest.mark.parametrize("abstract", [False, True], ids=["path", "abstract"])
def test_the_service_manager_is_told(tmp_path, abstract):
    """READY only when the configuration is installed; STOPPING before the end."""
    instance = Instance(tmp_path)
    name = f"\0vex-test-{os.getpid()}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(name)
        manager.settimeout(LIMIT)
        environment = dict(instance.environment(), NOTIFY_SOCKET=name.replace("\0", "@"))
        with subprocess.Popen([VEX, "supervise", *instance.files()],
                              env=environment, stderr=subprocess.DEVNULL) as process:
            try:
                assert heard(manager) == {"READY": "1", "STATUS": "configuration installed"}
                process.send_signal(signal.SIGTERM)
                assert heard(manager) == {"STOPPING": "1"}
                assert process.wait(LIMIT) == 0
            finally:
                process.kill()


def test_the_unit_is_installed_and_valid(tmp_path):
    """systemd itself finds nothing wrong with it, and it names the programs where they are."""
    prefix = tmp_path / "usr"
    subprocess.run(["make", "-s", f"BUILD={os.path.relpath(BUILD, TOP)}", f"PREFIX={prefix}", "install"], cwd=TOP,
                   check=True, stdout=subprocess.DEVNULL)
    unit = prefix / "lib" / "systemd" / "system" / "vex@.service"
    assert f"ExecStart={prefix}/bin/vex supervise" in unit.read_text()
    instance = tmp_path / "vex@sw1.service"
    shutil.copy(unit, instance)
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", str(instance)], capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
