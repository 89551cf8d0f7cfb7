# SPDX-License-Identifier: BSD-3-Clause
"""The tree under lint: its files, their text, and what the Makefile says about them."""
import fnmatch
import os
import re
import subprocess

FOLDERS = ("dataplane", "control", "vxlan", "macsec", "acl", "qos", "telemetry", "ports", "tests",
           "perf")
SKIPPED = {".git", "build", "__pycache__", ".pytest_cache"}
TOP_FILES = ("Makefile", "README.md", ".ci/run")


class Finding:
    """One thing that is wrong: where (line 0: the file as a whole) and what to do."""

    def __init__(self, path, line, text):
        self.path, self.line, self.text = path, line, text

    def __str__(self):
        return f"{self.path}:{self.line}: {self.text}" if self.line else f"{self.path}: {self.text}"


class Tree:
    """A source tree. Paths are relative to its top; `build` is where its programs are."""

    def __init__(self, top, build="build"):
        self.top, self.build = top, build
        self._texts = {}
        self.files = sorted(self._walk())

    def _walk(self):
        for folder in FOLDERS:
            for where, folders, names in os.walk(os.path.join(self.top, folder)):
                folders[:] = [f for f in folders if f not in SKIPPED]
                for name in names:
                    yield os.path.relpath(os.path.join(where, name), self.top)
        for name in TOP_FILES:
            if os.path.exists(self.path(name)):
                yield name

    def path(self, name):
        return os.path.join(self.top, name)

    def has(self, name):
        return os.path.exists(self.path(name))

    def match(self, *patterns):
        """Files whose path or base name matches one of the shell patterns."""
        return [f for f in self.files
                if any(fnmatch.fnmatchcase(f, p) or fnmatch.fnmatchcase(os.path.basename(f), p)
                       for p in patterns)]

    def text(self, name):
        if name not in self._texts:
            with open(self.path(name), encoding="utf-8", errors="replace") as file:
                self._texts[name] = file.read()
        return self._texts[name]

    def lines(self, name):
        """(number, line) of each line."""
        return enumerate(self.text(name).splitlines(), 1)

    def code(self, name):
        """The text of a C file with comments, strings and characters blanked, lines kept."""
        return blank(self.text(name))

    def rules(self, name):
        """The fields of each line of a data file; `#` starts a comment."""
        rows = (line.split("#")[0].split() for line in self.text(name).splitlines())
        return [row for row in rows if row]

    def make_list(self, variable):
        """The value of a Makefile variable, as a list."""
        output = self.run(["make", "-s", "--no-print-directory", f"print-{variable}"]).stdout
        return output.split()

    def run(self, command):
        """Runs a command at the top of the tree, without the caller's make flags."""
        env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
        return subprocess.run(command, cwd=self.top, env=env, text=True, errors="replace",
                              capture_output=True, check=False)


def blank(text):
    """Replaces comments and literals of C source by spaces, so that only code is left."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)
