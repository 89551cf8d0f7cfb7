# SPDX-License-Identifier: BSD-3-Clause
"""Checks of the compiled library: it keeps no state, prints nothing, and never ends the process."""
import re

from tree import Finding

LIBRARY = "libvexmodel.a"
SHARED = "libvexmodel.so"

# Functions that a library has no business with, and what it does instead.
FORBIDDEN = {
    "return an error": ("exit", "_exit", "_Exit", "quick_exit", "abort", "__assert_fail", "err",
                        "errx", "raise"),
    "print nothing": ("printf", "vprintf", "puts", "putchar", "perror", "stdout", "stderr",
                      "__printf_chk", "warn", "warnx", "syslog"),
    "use the virtual clock": ("time", "gettimeofday", "clock", "clock_gettime", "nanosleep",
                              "usleep", "sleep"),
    "use keyed draws": ("rand", "srand", "random", "srandom", "drand48", "getrandom"),
    "keep no state in the process": ("setlocale", "chdir", "signal", "sigaction", "setenv",
                                     "strtok", "localtime", "gmtime"),
}


def undefined_symbols(tree):
    """No forbidden function is referenced."""
    library = f"{tree.build}/{LIBRARY}"
    found = []
    member = "?"
    for line in tree.run(["nm", "-u", library]).stdout.splitlines():
        if line.endswith(":"):
            member = line[:-1]
        symbol = line.split()[-1] if line.split() else ""
        for instead, names in FORBIDDEN.items():
            if symbol in names:
                found.append(Finding(library, 0, f"{member} refers to {symbol}: {instead}"))
    return found


def writable_symbols(tree):
    """No variable outlives a call except in the caller's instance."""
    library = f"{tree.build}/{LIBRARY}"
    found = []
    member = "?"
    # VALUE FLAGS(7 columns) SECTION SIZE NAME
    row = re.compile(r"^[0-9a-f]+ .{7} (\S+)\t[0-9a-f]+ (?:\.hidden )?(\S+)$")
    for line in tree.run(["objdump", "-t", library]).stdout.splitlines():
        match = re.match(r"^(\S+):\s+file format", line)
        if match:
            member = match.group(1)
        match = row.match(line)
        if not match:
            continue
        section, symbol = match.groups()
        constant = section.startswith(".data.rel.ro")
        if re.match(r"^(\.t?data|\.t?bss|\*COM\*)", section) and not constant and symbol != section:
            found.append(Finding(library, 0, f"{member}: {symbol} is writable state ({section})"))
    return found


def exported_symbols(tree):
    """The shared library exports vexmodel_* only."""
    library = f"{tree.build}/{SHARED}"
    if not tree.has(library):
        return []
    output = tree.run(["nm", "-D", "--defined-only", library]).stdout
    names = [line.split()[-1] for line in output.splitlines() if line.split()]
    return [Finding(library, 0, f"exports {name}") for name in names
            if not name.startswith("vexmodel_")]


def symbols(tree):
    """The three checks above, once there is a library to look at."""
    if not tree.make_list("CORE_SRC"):
        return []
    if not tree.has(f"{tree.build}/{LIBRARY}"):
        return [Finding(f"{tree.build}/{LIBRARY}", 0, "not built, cannot be checked")]
    return undefined_symbols(tree) + writable_symbols(tree) + exported_symbols(tree)


CHECKS = (symbols,)
