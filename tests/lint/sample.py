# SPDX-License-Identifier: BSD-3-Clause
"""Makes small trees for the tests of the linter."""
import os
import shutil
import tempfile
import unittest

from tree import Tree

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
C = "/* SPDX-License-Identifier: BSD-3-Clause */\n"
KEPT = (".clang-format", "tests/lint/edges.txt", "tests/lint/stage-uses.txt")


class LintTest(unittest.TestCase):
    """A test that writes files into a tree of its own and lints them."""

    def setUp(self):
        self.top = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.top)
        for name in KEPT:
            with open(os.path.join(TOP, name), encoding="utf-8") as file:
                self.write(name, file.read())

    def write(self, name, text):
        path = os.path.join(self.top, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def findings(self, check, **files):
        """Writes `files` ({path: text}, as keyword dictionary) and runs a check on the tree."""
        for name, text in files.items():
            self.write(name, text)
        return [str(finding) for finding in check(Tree(self.top))]

    def assert_clean(self, check, files):
        self.assertEqual(self.findings(check, **files), [])

    def assert_found(self, check, files, *parts):
        """Exactly one finding, which contains each part."""
        found = self.findings(check, **files)
        self.assertEqual(len(found), 1, found)
        for part in parts:
            self.assertIn(part, found[0])
