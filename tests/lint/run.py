#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Lint: the rules of this tree that a compiler does not know (tests/lint/README.md).

    run.py [CHECK...]       run all checks and the tests of the linter, or only the checks named

Prints `path:line: what is wrong` for each finding. Each check is one test, passed when it finds
nothing.
"""
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.dirname(HERE)]
sys.dont_write_bytecode = True

import check_headers  # noqa: E402
import check_includes  # noqa: E402
import check_layout  # noqa: E402
import check_symbols  # noqa: E402
import check_text  # noqa: E402
from result import Result  # noqa: E402
from tree import Tree  # noqa: E402

CHECKS = [check for module in (check_text, check_includes, check_layout, check_headers,
                               check_symbols) for check in module.CHECKS]


def run_checks(tree, names):
    """Returns (passed, failed names)."""
    passed, failed = 0, []
    for check in CHECKS:
        if names and check.__name__ not in names:
            continue
        findings = check(tree)
        for finding in findings:
            print(finding)
        if findings:
            failed.append(f"{check.__name__}: {len(findings)} findings")
        else:
            passed += 1
    return passed, failed


def run_own_tests():
    """The tests of the linter and of the suite runner."""
    loader = unittest.TestLoader()
    suite = unittest.TestSuite([loader.discover(HERE, "test_*.py", HERE)])
    result = unittest.TextTestRunner(sys.stdout, verbosity=0).run(suite)
    failed = [str(test) for test, _ in result.failures + result.errors]
    return result.testsRun - len(failed), failed


def main(names):
    unknown = [n for n in names if n not in [c.__name__ for c in CHECKS]]
    if unknown:
        print(f"lint: no check {unknown[0]}; there are {' '.join(c.__name__ for c in CHECKS)}",
              file=sys.stderr)
        return 2
    passed, failed = run_checks(Tree(TOP, os.environ.get("VEX_BUILD", "build")), names)
    if not names:
        more, bad = run_own_tests()
        passed, failed = passed + more, failed + bad
    return Result(passed, fails=failed).leave()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
