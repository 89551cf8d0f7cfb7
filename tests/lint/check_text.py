# SPDX-License-Identifier: BSD-3-Clause
"""Checks of plain text: format, licence line, forbidden words, length."""
import re

from tree import Finding

SOURCES = ("*.c", "*.h", "*.S", "*.def", "*.py", "*.sh", "*.mk", "Makefile", ".ci/run")
TEXTS = SOURCES + ("*.md", "*.txt", "*.yang")
FORMATTED = ("*.c", "*.h")
SPDX = "SPDX-License-Identifier: BSD-3-Clause"
INTERPRETERS = (b"#!/usr/bin/python3", b"#!/bin/sh", b"#!/bin/bash")
MAX_LINES = 600
CLANG_FORMAT = "clang-format-14"

# Each pattern is written so that it does not match itself.
WORDS = (
    (re.compile(r"\b(TOD[O]|FIXM[E]|XX[X]|HAC[K])\b"), "leftover marker: do it or open an issue"),
    (re.compile(r"-march=nativ[e]"), "the build must run on any x86-64-v2 machine"),
    (re.compile(r"(?<![\w.])/(wor[k]|roo[t])/"), "path of one machine"),
)


def clang_format(tree):
    """C sources are formatted by .clang-format (`make format`)."""
    files = tree.match(*FORMATTED)
    if not files:
        return []
    try:
        output = tree.run([CLANG_FORMAT, "--dry-run"] + files).stderr
    except FileNotFoundError:
        return [Finding(".clang-format", 0, f"{CLANG_FORMAT} is missing: run `make deps`")]
    seen = re.findall(r"^(\S+?):(\d+):\d+: warning: code should be", output, re.M)
    first = {}
    for path, line in seen:
        first.setdefault(path, int(line))
    return [Finding(path, line, "not formatted: run `make format`") for path, line in first.items()]


def licence(tree):
    """Every source names its licence in its first line, or in the second after `#!`."""
    found = []
    for name in tree.match(*SOURCES):
        lines = tree.text(name).splitlines()
        if lines and lines[0].startswith("#!"):
            lines = lines[1:]
        if not lines or SPDX not in lines[0]:
            found.append(Finding(name, 1, f"the first line must be the comment `{SPDX}`"))
    return found


def words(tree):
    """No leftover markers, no flags of one machine, no paths of one machine."""
    found = []
    for name in tree.match(*TEXTS):
        for number, line in tree.lines(name):
            for pattern, text in WORDS:
                match = pattern.search(line)
                if match:
                    found.append(Finding(name, number, f"`{match.group()}`: {text}"))
    return found


def length(tree):
    """One file, one thing."""
    found = []
    for name in tree.match("*.c", "*.h", "*.py"):
        count = tree.text(name).count("\n")
        if count > MAX_LINES:
            found.append(Finding(name, 0, f"{count} lines, the limit is {MAX_LINES}: split it"))
    return found


def interpreter(tree):
    """Scripts name Debian's interpreters: another python3 on PATH has neither scapy nor pytest."""
    found = []
    for name in tree.files:
        with open(tree.path(name), "rb") as file:
            first = file.readline(200)
        if first.startswith(b"#!") and first.strip() not in INTERPRETERS:
            found.append(Finding(name, 1, "the interpreter is /usr/bin/python3, /bin/sh or /bin/bash"))
    return found


CHECKS = (clang_format, licence, interpreter, words, length)
