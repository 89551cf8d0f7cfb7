# SPDX-License-Identifier: BSD-3-Clause
"""The command lines of vex-model and vex-pfe: options, exit statuses, messages, files."""
import json
import os
import re
import shutil
import subprocess
import threading

import pytest

from switch import BUILD, PROGRAMS, TOP, access, call, capture, command, put, read_pcapng, replay, vlans

FRAME = bytes.fromhex("ffffffffffff020000000001") + b"\x88\xb5" + bytes(50)
CONFIG = vlans(10) + access("ge-0/0/0", "ge-0/0/1", vlan="v10")
PACKETS = [("ge-0/0/0", 5_000, FRAME), ("ge-0/0/1", 500_000_000, FRAME[:11] + b"\x02" + FRAME[12:])]


def start(tmp_path, program, *arguments, content=None, **options):
    """The program on a small capture; returns what it did. OUT is tmp_path/out.pcapng."""
    put(tmp_path / "in.pcapng", capture(PACKETS) if content is None else content)
    return call(command(program, "--in", tmp_path / "in.pcapng", "--out", tmp_path / "out.pcapng",
                        *arguments), **options)


def one_line(done, status=1):
    """A failure says one line on standard error, and nothing else."""
    assert done.returncode == status, done.stderr
    assert done.stdout == ""
    assert re.fullmatch(r"[^\n]+\n", done.stderr), done.stderr
    return done.stderr[:-1]


# --- usage ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments, text", [
    ([], "--in is missing"),
    (["--in", "x"], "--out is missing"),
    (["--out", "x"], "--in is missing"),
    (["--in", "x", "--out", "y", "z"], "unexpected argument 'z'"),
    (["--in", "x", "--out", "y", "--no-such"], "--no-such"),
    (["--in", "x", "--out"], "requires an argument"),
    (["--in", "x", "--out", "y", "--burst", "0"], "--burst takes a number from 1 to 64"),
    (["--in", "x", "--out", "y", "--burst", "65"], "--burst takes"),
    (["--in", "x", "--out", "y", "--burst", "7x"], "--burst takes"),
    (["--in", "x", "--out", "y", "--burst", ""], "--burst takes"),
    (["--in", "x", "--out", "y", "--burst", "-1"], "--burst takes"),
    (["--in", "x", "--out", "y", "--seed", "-1"], "--seed takes"),
    (["--in", "x", "--out", "y", "--seed", "18446744073709551616"], "--seed takes"),
    (["--in", "x", "--out", "y", "--until", "abc"], "--until takes"),
    (["--in", "x", "--out", "y", "--until", "-1"], "--until takes"),
    (["--in", "x", "--out", "y", "--until", "1e3"], "--until takes"),
    (["--in", "x", "--out", "y", "--until", "18000001"], "--until takes"),
    (["--batch", "x", "--in", "y"], "--batch goes with"),
])
def test_usage_errors_exit_with_2(program, arguments, text):
    assert text in one_line(call(command(program, *arguments)), 2)


def test_each_program_has_its_own_options(program):
    if program == "vex-pfe":
        done = call([os.path.join(BUILD, "vex-pfe"), "--in", "x", "--out", "y"])
    else:
        done = call(command(program, "--offline", "--in", "x", "--out", "y"))
    assert "--offline" in one_line(done, 2)


def test_help(program):
    done = call(command(program, "--help"))
    assert (done.returncode, done.stderr) == (0, "")
    for option in ("--config", "--in", "--out", "--counters", "--tables", "--trace", "--burst", "--seed",
                   "--until", "--batch", "--help"):
        assert option in done.stdout
    assert all(len(line) <= 100 for line in done.stdout.splitlines())


# --- configuration ----------------------------------------------------------------------------------


@pytest.mark.parametrize("text, where, words", [
    ("set vlans v10 vlan-id 5000\n", "1:23", "5000"),
    ("vlans {\n    v10 {\n        vlan-idd 10;\n    }\n}\n", "3:9", "vlan-id"),
    ("set interfaces ge-0/0/0 unit 0 family ethernet-switching vlan members v99\n", "1:71", "v99"),
    ("vlans {\n    v10 { vlan-id 10;\n", "1:7", "'}'"),
    ("set system services ssh\n", "1:", "not supported"),
    ("set chassis model ex4400-99t\n", "1:19", "ex4400-"),
    ("set interfaces xe-0/0/0 mtu 1600\n", "1:16", "ge-0/0/0"),
])
def test_a_bad_configuration_is_named_by_line_and_column(tmp_path, program, text, where, words):
    path = put(tmp_path / "bad.conf", text)
    line = one_line(start(tmp_path, program, "--config", path))
    assert re.match(re.escape(f"{path}:{where}"), line), line
    assert re.match(r"[^:]+:\d+:\d+: \S", line), line
    assert words in line
    assert not (tmp_path / "out.pcapng").exists()


def test_the_programs_print_the_first_of_several_errors(tmp_path, program):
    path = put(tmp_path / "bad.conf", "set vlans a vlan-id 5000\nset vlans b vlan-id 5001\n")
    assert f"{path}:1:" in one_line(start(tmp_path, program, "--config", path))


def test_without_configuration_it_is_the_factory_default(tmp_path, program):
    run = replay(program, tmp_path, None, capture(PACKETS))
    assert len(run.ports) == 26
    assert set(run.sent()) == {f"ge-0/0/{n}" for n in range(24)}


# --- files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["--config", "--in"])
@pytest.mark.parametrize("path, why", [("/nonexistent/file", "No such file"), ("/", "Is a directory")])
def test_input_that_cannot_be_read(tmp_path, program, option, path, why):
    put(tmp_path / "in.pcapng", capture(PACKETS))
    files = {"--in": tmp_path / "in.pcapng", "--out": tmp_path / "out.pcapng", option: path}
    line = one_line(call(command(program, *[word for pair in files.items() for word in pair])))
    assert line.startswith(f"{path}: ") and why in line
    assert not (tmp_path / "out.pcapng").exists()


@pytest.mark.parametrize("option", ["--out", "--counters", "--tables", "--trace"])
def test_output_that_cannot_be_opened(tmp_path, program, option):
    path = "/nonexistent/file"
    line = one_line(start(tmp_path, program, option, path))
    assert line.startswith(f"{path}: ") and "No such file" in line


@pytest.mark.parametrize("option", ["--out", "--counters", "--tables", "--trace"])
def test_a_full_disk_is_an_error(tmp_path, program, option):
    line = one_line(start(tmp_path, program, option, "/dev/full"))
    assert line.startswith("/dev/full: ") and "No space left" in line
    assert os.path.exists("/dev/full")


def test_a_disk_that_fills_while_writing(tmp_path, program):
    """Writing stops at the limit; no half of a file is left that could be taken for a whole one."""
    packets = [("ge-0/0/0", n * 100_000, FRAME) for n in range(20_000)]
    put(tmp_path / "in.pcapng", capture(packets))
    put(tmp_path / "config", CONFIG)
    (tmp_path / "small").mkdir()
    words = command(program, "--config", tmp_path / "config", "--in", tmp_path / "in.pcapng",
                    "--out", tmp_path / "small" / "out.pcapng")
    script = 'mount -t tmpfs -o size=1m none "$0" && "$@"; status=$?; ls "$0"; exit $status'
    own = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
    done = call([*own, "/bin/sh", "-c", script, tmp_path / "small", *words])
    line = one_line(done)  # and no file is listed
    assert line.startswith(f"{tmp_path}/small/out.pcapng: ") and "No space left" in line


def test_input_by_pipe_and_output_to_a_pipe(tmp_path, program):
    content = capture([("ge-0/0/0", n * 1_000_000, FRAME) for n in range(3000)])
    put(tmp_path / "config", CONFIG)
    done = subprocess.run(command(program, "--config", tmp_path / "config", "--in", "/dev/stdin",
                                  "--out", "/dev/stdout"), input=content, capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(read_pcapng(done.stdout)[1]) == 3000


def test_named_pipe(tmp_path, program):
    os.mkfifo(tmp_path / "fifo")
    writer = threading.Thread(target=put, args=(tmp_path / "fifo", capture(PACKETS)), daemon=True)
    writer.start()
    done = call(command(program, "--in", tmp_path / "fifo", "--out", tmp_path / "out.pcapng"))
    assert (done.returncode, done.stderr) == (0, "")
    assert len(read_pcapng((tmp_path / "out.pcapng").read_bytes())[1]) == 2 * 23


def test_an_old_output_is_replaced(tmp_path, program):
    put(tmp_path / "out.pcapng", b"x" * 1_000_000)
    put(tmp_path / "c.json", b"x" * 1_000_000)
    assert start(tmp_path, program, "--counters", tmp_path / "c.json").returncode == 0
    assert len(read_pcapng((tmp_path / "out.pcapng").read_bytes())[1]) == 2 * 23
    assert json.loads((tmp_path / "c.json").read_text())["ports"]["ge-0/0/0"]["rx_packets"] == 1


# --- options ----------------------------------------------------------------------------------------


def outputs(run):
    return [run.bytes(name) for name in ("out.pcapng", "counters.json", "tables.json")]


def test_burst_and_repetition_change_nothing(tmp_path, program):
    packets = [(f"ge-0/0/{n % 2}", n * 700, FRAME[:11] + bytes([n % 200]) + FRAME[12:]) for n in range(500)]
    results = [outputs(replay(program, tmp_path, CONFIG, capture(packets), "--burst", burst, trace=traced))
               for burst in (1, 2, 7, 32, 64, 64) for traced in (False, True)]
    assert all(result == results[0] for result in results)


@pytest.mark.parametrize("seed", [0, 1, 18446744073709551615])
def test_seeds_move_flows_between_lag_members(tmp_path, program, seed):
    config = (CONFIG + "set chassis aggregated-devices ethernet device-count 1\n"
              "set interfaces ge-0/0/2 ether-options 802.3ad ae0\n"
              "set interfaces ge-0/0/3 ether-options 802.3ad ae0\n" + access("ae0", vlan="v10"))
    packets = [("ge-0/0/0", n * 10_000, FRAME[:10] + bytes([n, 1]) + FRAME[12:]) for n in range(64)]
    results = []
    for value in (seed, seed, 77):
        run = replay(program, tmp_path, config, capture(packets), "--seed", value)
        results.append(outputs(run))
        shares = [len(run.sent().get(port, [])) for port in ("ge-0/0/2", "ge-0/0/3")]
        assert sum(shares) == 64 and min(shares) >= 16
    assert results[0] == results[1] != results[2]


@pytest.mark.parametrize("until, packets, received", [
    ("0", 0, 0), ("0.000005", 0, 1), ("0.001", 1, 1), ("0.4999", 1, 1), ("0.5", 1, 2), ("2.000000000001", 2, 2)])
def test_until(tmp_path, program, until, packets, received):
    run = replay(program, tmp_path, CONFIG, capture(PACKETS), "--until", until)
    assert len(run.out) == packets
    assert sum(port["rx_packets"] for port in run.counters["ports"].values()) == received
    assert sum(port["queued"] for port in run.counters["ports"].values()) == received - packets


def test_time_runs_on_until_the_entries_are_old(tmp_path, program):
    config = CONFIG + "set protocols l2-learning global-mac-table-aging-time 10\n"
    assert len(replay(program, tmp_path, config, capture(PACKETS)).macs()) == 2
    assert len(replay(program, tmp_path, config, capture(PACKETS), "--until", "11").macs()) == 2
    run = replay(program, tmp_path, config, capture(PACKETS), "--until", "25")
    assert (run.macs(), run.counters["fdb"]["aged"]) == ({}, 2)


def test_trace_lines(tmp_path, program):
    run = replay(program, tmp_path, CONFIG, capture(PACKETS))
    assert [line["packet"] for line in run.trace] == sorted(line["packet"] for line in run.trace)
    first = run.trace[0]
    assert first == {"packet": 0, "stage": "parse", "time_ps": 5_000_000, "port": "ge-0/0/0", "length": 64,
                     "dst": "ff:ff:ff:ff:ff:ff", "src": "02:00:00:00:00:01"}
    assert all(line["packet"] in (0, 1) and line["stage"] for line in run.trace)


def test_output_interfaces_are_the_ports_of_the_model(tmp_path, program):
    config = "set chassis model ex4400-48f\nset chassis extension-module em-4y\n"
    run = replay(program, tmp_path, config, capture([("xe-0/0/36", 0, FRAME)]))
    assert run.ports == ([f"ge-0/0/{n}" for n in range(36)] + [f"xe-0/0/{n}" for n in range(36, 48)]
                         + ["et-0/1/0", "et-0/1/1"] + [f"et-0/2/{n}" for n in range(4)])
    assert list(run.counters["ports"]) == run.ports
    for tool in (TOP, program, os.uname().nodename):
        assert tool.encode() not in run.bytes("out.pcapng")


# --- who runs it --------------------------------------------------------------------------------------


def as_user(uid, folder, program):
    """The program as that user: no root, no hugepages, no home, an empty environment, in /."""
    binary = folder / PROGRAMS[program][0]
    words = ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", "--bounding-set=-all",
             "env", "-i", "PATH=/usr/bin:/bin", binary, *PROGRAMS[program][1:],
             "--in", folder / "in.pcapng", "--out", folder / f"out-{uid}.pcapng"]
    return call(words, cwd="/")


@pytest.fixture
def shared(tmp_path, program):
    """A folder for everybody, with the program and a capture."""
    folder = tmp_path / "user"
    folder.mkdir()
    for path in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        path.chmod(0o755)
    folder.chmod(0o777)
    shutil.copy(os.path.join(BUILD, PROGRAMS[program][0]), folder)
    put(folder / "in.pcapng", capture(PACKETS))
    return folder


def test_it_runs_as_an_ordinary_user(tmp_path, program, shared):
    if os.geteuid() != 0:
        assert start(tmp_path, program).returncode == 0  # this is an ordinary user
        return
    done = as_user(65534, shared, program)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")
    assert os.stat(shared / "out-65534.pcapng").st_uid == 65534
    assert sorted(path.name for path in shared.iterdir()) == sorted(
        [PROGRAMS[program][0], "in.pcapng", "out-65534.pcapng"])


def test_a_second_user_sees_no_notice_of_dpdk(tmp_path, program, shared):
    """What one user's run leaves on the machine does not stand in the way of another's."""
    if os.geteuid() != 0:
        assert start(tmp_path, program).stderr == ""
        return
    for uid in (65534, 65533, 65534):
        done = as_user(uid, shared, program)
        assert (done.returncode, done.stderr, done.stdout) == (0, "", "")


def test_several_at_the_same_time(tmp_path, program):
    """Instances share nothing: eight at once give what one gives."""
    put(tmp_path / "config", CONFIG)
    put(tmp_path / "in.pcapng", capture([("ge-0/0/0", n * 10_000, FRAME) for n in range(5000)]))
    processes = [subprocess.Popen(command(
        program, "--config", tmp_path / "config", "--in", tmp_path / "in.pcapng",
        "--out", tmp_path / f"out{n}.pcapng", "--counters", tmp_path / f"c{n}.json"),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for n in range(8)]
    for process in processes:
        text = process.communicate(timeout=120)[0]
        assert (process.returncode, text) == (0, b"")
    for name in ("out%d.pcapng", "c%d.json"):
        first = (tmp_path / (name % 0)).read_bytes()
        assert all((tmp_path / (name % n)).read_bytes() == first for n in range(8))


def test_it_stays_on_the_cores_it_was_given(tmp_path, program):
    """taskset is obeyed, so that runs side by side do not meet on one core."""
    cpus = sorted(os.sched_getaffinity(0))
    os.mkfifo(tmp_path / "fifo")
    process = subprocess.Popen(["taskset", "-c", str(cpus[-1]), *command(
        program, "--in", tmp_path / "fifo", "--out", tmp_path / "out.pcapng")])
    try:
        with open(tmp_path / "fifo", "wb") as fifo:  # opened by the program once it has started
            assert os.sched_getaffinity(process.pid) == {cpus[-1]}
            fifo.write(capture(PACKETS))
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()


# --- other tools --------------------------------------------------------------------------------------


def test_tshark_and_capinfos_read_the_output(tmp_path, program):
    run = replay(program, tmp_path, CONFIG, capture(PACKETS))
    fields = call(["tshark", "-n", "-r", run.path("out.pcapng"), "-T", "fields", "-e", "frame.interface_name",
                   "-e", "frame.time_epoch", "-e", "frame.len", "-e", "eth.src"])
    assert fields.returncode == 0
    assert [line.split("\t") for line in fields.stdout.splitlines()] == [
        ["ge-0/0/1", "1700000000.000005608", "64", "02:00:00:00:00:01"],
        ["ge-0/0/0", "1700000000.500000608", "64", "02:00:00:00:00:02"]]
    infos = call(["capinfos", "-M", run.path("out.pcapng")]).stdout
    assert re.search(r"Number of packets: +2\n", infos)
    assert re.search(r"Number of interfaces in file: +26\n", infos)
    assert "Name = ge-0/0/23" in infos


# --- batch --------------------------------------------------------------------------------------------


def vector(folder, config=CONFIG, out=b""):
    folder.mkdir(parents=True)
    put(folder / "config", config)
    put(folder / "in.pcapng", capture(PACKETS))
    put(folder / "out.pcapng", out)


def test_batch_runs_every_folder_and_compares(tmp_path, program):
    right = replay(program, tmp_path, CONFIG, capture(PACKETS))
    vector(tmp_path / "v" / "right", out=right.bytes("out.pcapng"))
    vector(tmp_path / "v" / "also", out=right.bytes("out.pcapng"))
    done = call(command(program, "--batch", tmp_path / "v"))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["ok   also", "ok   right", "2 passed, 0 failed"]
    vector(tmp_path / "v" / "wrong", out=capture(PACKETS, ports=right.ports))
    vector(tmp_path / "v" / "unreadable", config="set no such thing\n")
    done = call(command(program, "--batch", tmp_path / "v", "--out", tmp_path / "results"))
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "2 passed, 2 failed"
    assert re.search(r"^FAIL wrong: packet 1: ge-0/0/1 ", done.stdout, re.M)
    assert f"{tmp_path}/v/unreadable/config:1:5: " in done.stderr
    for name in ("out.pcapng", "counters.json", "tables.json"):
        assert (tmp_path / "results" / "right" / name).read_bytes() == right.bytes(name)


def test_batch_of_nothing_is_an_error(tmp_path, program):
    assert str(tmp_path) in call(command(program, "--batch", tmp_path)).stderr
    assert call(command(program, "--batch", tmp_path)).returncode == 1
    assert call(command(program, "--batch", tmp_path / "absent")).returncode == 1
