# SPDX-License-Identifier: BSD-3-Clause
"""The result of a test suite and its file form (README.md, "The result protocol").

A suite in Python ends with

    return Result(passed, skips=[...], fails=[...]).leave()
"""
import os


class Result:
    """Counts of one suite, the reason of each skip and a line for each failure.

    `failed` and `skipped` may be left out when every one has its line.
    """

    def __init__(self, passed=0, failed=None, skipped=None, skips=(), fails=()):
        self.passed = passed
        self.skips, self.fails = list(skips), list(fails)
        self.failed = len(self.fails) if failed is None else failed
        self.skipped = len(self.skips) if skipped is None else skipped

    @classmethod
    def parse(cls, text):
        """Reads the text of a result file; ValueError when it is none."""
        lines = text.splitlines()
        counts = [int(word) for word in lines[0].split()] if lines else []
        if len(counts) != 3 or min(counts) < 0:
            raise ValueError("the first line is not `passed failed skipped`")
        result = cls(*counts)
        for line in lines[1:]:
            kind, _, rest = line.partition(": ")
            if kind == "skip":
                result.skips.append(rest)
            elif kind == "fail":
                result.fails.append(rest)
        return result

    def format(self):
        """The text of the result file."""
        lines = [f"{self.passed} {self.failed} {self.skipped}"]
        lines += [f"skip: {' '.join(reason.split())}" for reason in self.skips]
        lines += [f"fail: {' '.join(name.split())}" for name in self.fails]
        return "\n".join(lines) + "\n"

    def counts(self):
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"

    def add_failure(self, text):
        self.failed += 1
        self.fails.append(text)

    def leave(self):
        """Writes the file that the environment names, if any; returns the exit status."""
        if "VEX_RESULT" in os.environ:
            with open(os.environ["VEX_RESULT"], "w", encoding="utf-8") as file:
                file.write(self.format())
        return 1 if self.failed else 0
