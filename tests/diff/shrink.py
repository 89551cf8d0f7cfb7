# SPDX-License-Identifier: BSD-3-Clause
"""Makes a failing case smaller: drops events and lines of configuration while it still fails."""
import time


def drop(case, found, fails, what, deadline):
    """Tries to leave out runs of `what` ("events" or "lines"), long ones first."""
    size = max(1, len(getattr(case, what)) // 2)
    while size and time.monotonic() < deadline:
        start = 0
        while start < len(getattr(case, what)) and time.monotonic() < deadline:
            smaller = case.without(**{what: set(range(start, start + size))})
            if what == "events" and (not smaller.events or smaller.events[-1] != "end\n"):
                start += size
                continue
            result = fails(smaller)
            if result:
                case, found = smaller, result
            else:
                start += size
        size //= 2
    return case, found


def shrink(case, found, fails, seconds):
    """fails(case) gives the failure of a smaller case if it is one of the same kind."""
    deadline = time.monotonic() + seconds
    plain = case.without()  # as set lines
    result = fails(plain)
    if not result:
        return case, found
    case, found = plain, result
    before = None
    while before != (len(case.lines), len(case.events)) and time.monotonic() < deadline:
        before = len(case.lines), len(case.events)
        case, found = drop(case, found, fails, "events", deadline)
        case, found = drop(case, found, fails, "lines", deadline)
    return case, found
