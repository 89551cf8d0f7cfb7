# SPDX-License-Identifier: BSD-3-Clause
"""Tests of the suite runner, tests/run.py: nothing that goes wrong is counted as success."""
import contextlib
import importlib.util
import io
import os
import shutil
import sys
import tempfile
import unittest

from sample import TOP

SPEC = importlib.util.spec_from_file_location("suite_runner", os.path.join(TOP, "tests", "run.py"))
run = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(run)


@contextlib.contextmanager
def silent():
    """Sends standard output, that of child processes too, nowhere."""
    sys.stdout.flush()
    kept = os.dup(1)
    with open(os.devnull, "wb") as null:
        os.dup2(null.fileno(), 1)
    try:
        yield
        sys.stdout.flush()
    finally:
        os.dup2(kept, 1)
        os.close(kept)


class RunTest(unittest.TestCase):
    def setUp(self):
        run.RESULTS = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, run.RESULTS)
        run.ALLOWED = os.path.join(run.RESULTS, "allowed")
        ci = os.environ.pop("CI", None)
        self.addCleanup(lambda: ci is not None and os.environ.update(CI=ci))

    def suite(self, script):
        """Runs a shell script as suite `s`; returns (status, result)."""
        with contextlib.redirect_stdout(io.StringIO()):
            status = run.main(["suite", "s", "--", "sh", "-c", script])
        return status, run.read("s")

    def all(self, *scripts):
        """Runs `make` (a stand-in) for suites 0, 1, ...; returns (status, lines)."""
        make = os.path.join(run.RESULTS, "make")
        with open(make, "w", encoding="utf-8") as file:
            file.write("case $1 in\n")
            for number, script in enumerate(scripts):
                file.write(f"{number}) export VEX_RESULT={run.path_of(str(number))}; {script};;\n")
            file.write("esac\n")
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            status = run.main(["all", "--make", f"sh {make}"] + [str(n) for n in range(len(scripts))])
        return status, out.getvalue().splitlines()

    def test_reported_counts_are_kept(self):
        status, result = self.suite('printf "3 0 1\\nskip: no root\\n" >$VEX_RESULT')
        self.assertEqual((status, result.passed, result.failed, result.skipped), (0, 3, 0, 1))
        self.assertEqual(result.skips, ["no root"])

    def test_reported_failure_is_counted_once(self):
        status, result = self.suite('printf "3 2 0\\n" >$VEX_RESULT; exit 1')
        self.assertEqual((status, result.failed), (1, 2))

    def test_no_result_is_a_failure(self):
        self.assertEqual(self.suite("exit 0")[1].failed, 1)

    def test_garbage_is_a_failure(self):
        for text in ("", "all good", "1 2", "1 -2 0", "a b c"):
            self.assertEqual(self.suite(f'echo "{text}" >$VEX_RESULT')[1].failed, 1, text)

    def test_status_without_failure_is_a_failure(self):
        status, result = self.suite('echo "3 0 0" >$VEX_RESULT; exit 4')
        self.assertEqual((status, result.passed, result.failed), (1, 3, 1))
        self.assertIn("status 4", result.fails[0])

    def test_crash_is_a_failure(self):
        result = self.suite('echo "3 1 0" >$VEX_RESULT; kill -SEGV $$')[1]
        self.assertEqual(result.failed, 2)
        self.assertIn("SIGSEGV", result.fails[0])

    def test_hang_is_a_failure(self):
        limit, run.TIME_LIMIT = run.TIME_LIMIT, 0.2
        self.addCleanup(setattr, run, "TIME_LIMIT", limit)
        self.assertIn("did not end", self.suite("sleep 60")[1].fails[0])

    def test_result_of_an_earlier_run_does_not_count(self):
        self.suite('echo "3 0 0" >$VEX_RESULT')
        self.assertEqual(self.suite("exit 0")[1].passed, 0)

    def test_all_goes_on_after_a_failure_and_sums(self):
        status, lines = self.all('echo "1 1 0" >$VEX_RESULT; exit 1', "exit 2",
                                 'printf "5 0 1\\nskip: a\\n" >$VEX_RESULT')
        self.assertEqual((status, lines[-1]), (1, "6 passed, 2 failed, 1 skipped"))

    def test_all_succeeds(self):
        status, lines = self.all('echo "5 0 0" >$VEX_RESULT')
        self.assertEqual((status, lines[-1]), (0, "5 passed, 0 failed, 0 skipped"))

    def test_skip_in_ci_needs_an_allowed_reason(self):
        os.environ["CI"] = "true"
        self.addCleanup(os.environ.pop, "CI")
        with open(run.ALLOWED, "w", encoding="utf-8") as file:
            file.write("# why\nno hugepages*\n")
        status, lines = self.all('printf "5 0 3\\nskip: no hugepages here\\nskip: lazy\\n" >$VEX_RESULT')
        self.assertEqual((status, lines[-1]), (1, "5 passed, 2 failed, 1 skipped"))

    def test_pytest_is_counted(self):
        path = os.path.join(run.RESULTS, "test_sample.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write("import pytest\n\ndef test_a():\n    pass\n\ndef test_b():\n    assert 0\n\n"
                       "def test_c():\n    pytest.skip('no root')\n")
        with silent():
            status = run.main(["pytest", "p", "--", path])
        result = run.read("p")
        self.assertEqual((status, result.passed, result.failed, result.skipped), (1, 1, 1, 1))
        self.assertIn("no root", result.skips[0])


if __name__ == "__main__":
    sys.exit(unittest.main())
