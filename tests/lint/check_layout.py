# SPDX-License-Identifier: BSD-3-Clause
"""Checks that what belongs together is there together."""
import os
import re

from tree import FOLDERS, Finding

LISTS = ("CORE_SRC", "CTL_SRC", "LIVE_SRC", "VEX_SRC", "PORTS_SRC", "PROGRAM_SRC", "PFE_SRC",
         "TEST_SRC", "FUZZ_SRC")
SUITES = "tests/unit/suites.def"
MAINS = ("dataplane/main_pfe.c", "dataplane/main_model.c", "control/main_vex.c",
         "control/main_re.c", "tests/live/fake_pfe.c", "tests/live/ops_long.c", "tests/live/ops_storm.c",
         "tests/live/pfe_host.c", "tests/unit/main.c", "tests/diff/diff.c")
VECTOR_FILES = ("config", "in.pcapng", "out.pcapng", "make.py", "notes.md")
README_WORDS = ("make demo", "make test", "ot affiliated with Juniper")


def sources(tree):
    """module.mk lists every source once, and none that is absent."""
    found = []
    listed = {}
    for variable in LISTS:
        for name in tree.make_list(variable):
            if name in listed:
                found.append(Finding(name, 0, f"is listed twice ({listed[name]}, {variable})"))
            listed[name] = variable
            if not tree.has(name):
                found.append(Finding(name, 0, f"is listed in {variable}, but absent"))
    for name in tree.match("*.c", "*.S"):
        if name in listed or name in MAINS or name.startswith("perf/") or name.endswith(".bpf.c"):
            continue
        found.append(Finding(name, 0, "is in no module.mk"))
    return found


def suites(tree):
    """Each X_test.c defines X_suite and is registered, and each registered suite exists."""
    if not tree.has(SUITES):
        return []
    code = tree.code(SUITES)
    registered = re.findall(r"SUITE\((\w+)\)", code)
    files = {os.path.basename(f)[:-len("_test.c")]: f for f in tree.match("*_test.c")}
    found = [Finding(SUITES, 0, f"SUITE({name}) is written twice")
             for name in sorted(set(registered)) if registered.count(name) > 1]
    for name in registered:
        if name not in files:
            found.append(Finding(SUITES, 0, f"SUITE({name}) has no {name}_test.c"))
    for name, path in files.items():
        if not re.search(rf"\bconst struct unit_suite {name}_suite\b", tree.code(path)):
            found.append(Finding(path, 0, f"does not define {name}_suite"))
        if name not in registered:
            found.append(Finding(path, 0, f"is not in {SUITES}: add SUITE({name})"))
    return found


def vectors(tree):
    """A vector is complete, so that it can be made again from its rules."""
    found = []
    folders = sorted({"/".join(parts[:3]) for parts in (f.split("/") for f in tree.files)
                      if len(parts) > 3 and parts[1] == "vectors"})
    for folder in folders:
        for name in VECTOR_FILES:
            if not tree.has(f"{folder}/{name}"):
                found.append(Finding(folder, 0, f"a vector has a file {name}"))
    return found


def drops(tree):
    """Every drop reason is named in a test."""
    tests = "\n".join(tree.text(f) for f in tree.match("*_test.c", "tests/*.py", "*/vectors/*/make.py",
                                                       "tests/*.c", "tests/*.h"))
    known = set(re.findall(r"\w+", re.sub(r"\bDROP_", "", tests)))
    found = []
    for name in tree.match("*_drops.def"):
        for number, line in tree.lines(name):
            match = re.match(r"\s*DROP\((\w+)", line)
            if match and match.group(1) not in known:
                found.append(Finding(name, number, f"no test names {match.group(1)}"))
    return found


def fuzz_corpus(tree):
    """Each fuzz target has kept inputs."""
    names = [os.path.basename(f)[:-2] for f in tree.match("*_fuzz.c")]
    return [Finding(f"tests/fuzz/{name}", 0, "has no file: keep at least one seed")
            for name in names if not tree.match(f"tests/fuzz/{name}/*")]


def readmes(tree):
    """Each folder explains itself, and the top one says how to start."""
    found = [Finding(folder, 0, "has no README.md") for folder in FOLDERS
             if tree.has(folder) and not tree.has(f"{folder}/README.md")]
    if not tree.has("README.md"):
        return found + [Finding("README.md", 0, "is missing")]
    return found + [Finding("README.md", 0, f"does not say `{words}`") for words in README_WORDS
                    if words not in tree.text("README.md")]


CHECKS = (sources, suites, vectors, drops, fuzz_corpus, readmes)
