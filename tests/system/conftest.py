# SPDX-License-Identifier: BSD-3-Clause
"""Fixtures of the system tests, and what is shown when one fails."""
import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import switch  # noqa: E402
from live import Bench  # noqa: E402


@pytest.fixture(params=list(switch.PROGRAMS))
def program(request):
    """Each of the two programs in turn."""
    return request.param


@pytest.fixture
def bench(tmp_path):
    """Hosts, wires and live switches of a test; gone after it."""
    if os.geteuid() != 0:
        pytest.skip("needs root to make network namespaces")
    one = Bench(tmp_path)
    try:
        yield one
    finally:
        one.remove()


@pytest.fixture(autouse=True)
def history():
    """Runs of one test only."""
    switch.Run.history.clear()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if report.when == "call" and report.failed:
        for run in switch.Run.history[-1:]:
            report.sections.append((f"counters and trace of {run.folder}", run.describe()))
