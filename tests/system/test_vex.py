# SPDX-License-Identifier: BSD-3-Clause
"""`vex check` and `vex format` on the configurations of the vectors and on mistakes."""
import glob
import json
import os
import re

import pytest

from switch import TOP, VEX, call, command, put

VECTORS = sorted(os.path.dirname(path) for path in glob.glob(os.path.join(TOP, "*", "vectors", "*", "config")))
CONFIGS = [os.path.join(folder, "config") for folder in VECTORS]
CONFIGS += sorted(glob.glob(os.path.join(TOP, "tests", "demo", "*.conf")))
CONFIGS += sorted(glob.glob(os.path.join(TOP, "perf", "*.conf")))

KITCHEN_SINK = """\
version 23.2R1;
/* groups first */
groups {
    desks {
        interfaces {
            <ge-*> {
                mtu 2000;
            }
        }
    }
}
apply-groups desks;
interfaces {
    /* the first port */
    ge-0/0/0 {
        description "a; b { c } # d";
        unit 0 {
            family ethernet-switching {
                vlan {
                    members [ v10 v20 ];
                }
                interface-mode trunk;
            }
        }
    }
    inactive: ge-0/0/1 {
        disable;
    }
}
vlans {
    v10 {
        vlan-id 10;
    }
    v20 {
        inactive: description old;
        vlan-id 20;
    }
}
"""


def vex(*arguments, **options):
    return call([VEX, *arguments], **options)


def form(kind, path):
    done = vex("format", f"--{kind}", path)
    assert (done.returncode, done.stderr) == (0, ""), f"{path}: {done.stderr}"
    return done.stdout


# --- usage ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [
    [], ["no-such-verb"], ["check"], ["check", "a", "b"], ["check", "--report"], ["format", "x"],
    ["format", "--set"], ["format", "--xml", "x"], ["format", "--set", "x", "y"], ["--no-such"]])
def test_usage_errors_exit_with_2(arguments):
    done = vex(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage" in done.stderr


@pytest.mark.parametrize("option", ["--help", "-h", "--version"])
def test_help_and_version(option):
    done = vex(option)
    assert (done.returncode, done.stderr) == (0, "")
    assert "vex" in done.stdout


@pytest.mark.parametrize("verb", [["check"], ["check", "--report"], ["format", "--set"]])
@pytest.mark.parametrize("path, why", [("/nonexistent/file", "No such file"), ("/", "Is a directory")])
def test_a_file_that_cannot_be_read(verb, path, why):
    done = vex(*verb, path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{path}: ") and why in done.stderr


def test_standard_input(tmp_path):
    path = put(tmp_path / "config", KITCHEN_SINK)
    with open(path, "rb") as file:
        assert vex("check", "-", stdin=file).stdout == "OK\n"
    with open(path, "rb") as file:
        assert vex("format", "--curly", "-", stdin=file).stdout == form("curly", path)


def test_a_full_disk_is_an_error(tmp_path):
    path = put(tmp_path / "config", KITCHEN_SINK)
    done = call(["/bin/sh", "-c", 'exec "$@" >/dev/full', "sh", VEX, "format", "--set", path])
    assert done.returncode == 1 and done.stderr


# --- check ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.split("/")[-2])
def test_shipped_configurations_are_valid(path):
    done = vex("check", path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "OK\n", "")


def test_check_prints_every_error(tmp_path):
    path = put(tmp_path / "bad", "set vlans a vlan-id 5000\nset vlans b vlan-id 6\nset vlans c vlan-idd 7\n"
                                 "set interfaces ge-0/0/0 mtu 20\nset protocols ospf area 0\n")
    done = vex("check", path)
    assert (done.returncode, done.stdout) == (1, "")
    lines = done.stderr.splitlines()
    assert [re.match(rf"{re.escape(str(path))}:(\d+):(\d+): \S", line)[1] for line in lines] == ["1", "3", "4", "5"]
    assert "vlan-id" in lines[1].partition("vlan-idd")[2]
    assert "not supported" in lines[3]


def test_report_counts_errors_by_kind(tmp_path):
    path = put(tmp_path / "bad", "".join(f"set vlans v{n} vlan-id 500{n}\n" for n in range(5))
               + "set protocols ospf area 0\nset protocols bgp group a\n")
    done = vex("check", "--report", path)
    assert done.returncode == 1
    assert re.search(r"not-supported: 2\b", done.stdout)
    assert re.search(r"^ +5  .*vlan-id$", done.stdout, re.M)


# --- format -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.split("/")[-2])
def test_forms_convert_into_each_other_without_loss(tmp_path, path):
    curly, lines, tree = (form(kind, path) for kind in ("curly", "set", "json"))
    assert all(re.match(r"(set|deactivate|annotate|#) ", line) for line in lines.splitlines())
    from_set = put(tmp_path / "set", lines)
    from_curly = put(tmp_path / "curly", curly)
    assert form("set", from_set) == lines
    assert form("curly", from_curly) == curly
    assert form("set", from_curly) == lines
    assert form("curly", from_set) == curly
    assert form("json", from_set) == form("json", from_curly) == tree
    assert isinstance(json.loads(tree)["configuration"], dict)


@pytest.mark.parametrize("folder", VECTORS, ids=os.path.basename)
def test_every_form_is_the_same_switch(tmp_path, folder):
    """The vector gives its bytes when its configuration went through either form."""
    for kind in ("set", "curly"):
        config = put(tmp_path / kind, form(kind, os.path.join(folder, "config")))
        words = []
        if os.path.exists(os.path.join(folder, "args")):
            with open(os.path.join(folder, "args"), encoding="utf-8") as file:
                words = file.read().split()
        done = call(command("vex-model", "--config", config, "--in", os.path.join(folder, "in.pcapng"),
                            "--out", tmp_path / "out.pcapng", *words))
        assert (done.returncode, done.stderr) == (0, "")
        with open(os.path.join(folder, "out.pcapng"), "rb") as file:
            assert (tmp_path / "out.pcapng").read_bytes() == file.read()


def test_format_keeps_comments_groups_and_what_is_inactive(tmp_path):
    path = put(tmp_path / "config", KITCHEN_SINK)
    assert vex("check", path).stdout == "OK\n"
    curly, lines = form("curly", path), form("set", path)
    for text in ("/* groups first */", "/* the first port */", 'description "a; b { c } # d";',
                 "inactive: ge-0/0/1", "apply-groups desks;", "version 23.2R1;", "members [ v10 v20 ];"):
        assert text in curly
    for line in ('set interfaces ge-0/0/0 description "a; b { c } # d"', "deactivate interfaces ge-0/0/1",
                 "set apply-groups desks", "set groups desks interfaces <ge-*> mtu 2000",
                 "deactivate vlans v20 description"):  # a leaf without its value
        assert line in lines.splitlines()
    assert form("curly", put(tmp_path / "again", curly)) == curly


def test_format_prints_what_is_not_enforced_as_an_error(tmp_path):
    """Only check asks what the switch can do; format needs a configuration that the schema knows."""
    path = put(tmp_path / "config", "vlans {\n    a {\n        vlan-idd 3;\n    }\n}\n")
    done = vex("format", "--set", path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{path}:3:9: ")


def test_a_large_configuration(tmp_path):
    """20,000 lines are checked and converted in seconds."""
    lines = "".join(f"set vlans v{n} vlan-id {n}\nset vlans v{n} description \"number {n}\"\n"
                    for n in range(1, 4094)) + "".join(
        f"set interfaces ge-0/0/{n % 24} unit 0 family ethernet-switching vlan members v{n}\n"
        for n in range(1, 4094)) + "".join(
        f"set interfaces ge-0/0/{n} unit 0 family ethernet-switching interface-mode trunk\n" for n in range(24))
    path = put(tmp_path / "config", lines)
    assert vex("check", path).stdout == "OK\n"
    assert sorted(form("set", path).splitlines()) == sorted(lines.splitlines())
