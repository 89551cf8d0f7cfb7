# SPDX-License-Identifier: BSD-3-Clause
"""Checks of the architecture: who includes whom, and what a stage may reach."""
import fnmatch
import re

from tree import Finding

EDGES = "tests/lint/edges.txt"
STAGE_USES = "tests/lint/stage-uses.txt"
PIPELINE = "dataplane/pipeline.def"

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+(?:"([^"]+)"|(<[^>]+>))')
KEYWORDS = {"if", "for", "while", "switch", "return", "sizeof", "alignof", "_Alignof", "typeof",
            "__typeof__", "defined", "__attribute__", "_Static_assert"}


def includes(tree, name):
    """(line, header) of each include; system headers keep their <>."""
    for number, line in tree.lines(name):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1) or match.group(2)


def folder(name):
    return name.split("/")[0]


def edges(tree):
    """Includes cross folders only along the table of edges; DPDK only at its seam."""
    rules = tree.rules(EDGES)
    guarded = [header for _, header in rules if header.startswith("<")]
    found = []

    def allowed(name, header):
        return any(fnmatch.fnmatchcase(name, who) and fnmatch.fnmatchcase(header, what)
                   for who, what in rules)

    for name in tree.match("*.c", "*.h", "*.S"):
        for number, header in includes(tree, name):
            if header.startswith("<"):
                if any(fnmatch.fnmatchcase(header, g) for g in guarded):
                    if not fnmatch.fnmatchcase(name, "*_test.c") and not allowed(name, header):
                        found.append(Finding(name, number, f"{header} is not for this file ({EDGES})"))
            elif not tree.has(header):
                found.append(Finding(name, number, f'"{header}": write paths from the top'))
            elif folder(header) != folder(name) and not allowed(name, header):
                found.append(Finding(name, number, f'"{header}" is not an edge of {EDGES}'))
    return found


def stage_files(tree):
    """{file: stages} of the stages that pipeline.def lists."""
    if not tree.has(PIPELINE):
        return {}
    names = re.findall(r"^STAGE\(\w+,\s*(\w+)", tree.text(PIPELINE), re.M)
    files = {}
    for path in tree.match("*.c"):
        code = tree.code(path)
        for name in names:
            if re.search(rf"^void\s+stage_{name}\s*\(", code, re.M):
                files.setdefault(path, []).append(name)
    return files


def stages(tree):
    """A stage reaches tables, counters, queues, time and hash only by xt_*."""
    rules = tree.rules(STAGE_USES) if tree.has(STAGE_USES) else []
    headers = [what for kind, what in rules if kind == "include"]
    calls = [what for kind, what in rules if kind == "call"]
    found = []
    for name in stage_files(tree):
        for number, header in includes(tree, name):
            if not any(fnmatch.fnmatchcase(header, h) for h in headers):
                found.append(Finding(name, number, f"a stage may not include {header}"))
        code = tree.code(name)
        own = set(re.findall(r"^(?:static|void)\b[^;{}=()]*?\b(\w+)\s*\(", code, re.M))
        fields = re.compile(r"\b(?:%s)\s*->" % "|".join(
            set(re.findall(r"\bstruct\s+xt\s*\*\s*(\w+)", code)) or {"xt"}))
        macros = set(re.findall(r"^\s*#\s*define\s+(\w+)\(", code, re.M))
        for number, line in enumerate(code.splitlines(), 1):
            if re.match(r"\s*extern\b", line):
                found.append(Finding(name, number, "a stage may not declare external symbols"))
            if line.lstrip().startswith("#"):
                continue
            if fields.search(line):
                found.append(Finding(name, number, "a stage may not reach into struct xt"))
            for call in re.findall(r"\b([A-Za-z_]\w*)\s*\(", line):
                free = call in KEYWORDS or call in own or call in macros or call.isupper()
                if not free and not any(fnmatch.fnmatchcase(call, c) for c in calls):
                    found.append(Finding(name, number,
                                         f"a stage may not call {call}(); use an xt_* transaction"))
    return found


def stage_per_file(tree):
    """Every stage has a function, and a file defines one stage."""
    if not tree.has(PIPELINE):
        return []
    files = stage_files(tree)
    found = [Finding(name, 0, f"defines several stages ({', '.join(names)}): one file each")
             for name, names in files.items() if len(names) > 1]
    defined = {stage for names in files.values() for stage in names}
    for number, line in tree.lines(PIPELINE):
        match = re.match(r"STAGE\(\w+,\s*(\w+)", line)
        if match and match.group(1) not in defined:
            found.append(Finding(PIPELINE, number, f"no file defines stage_{match.group(1)}"))
    return found


CHECKS = (edges, stages, stage_per_file)
