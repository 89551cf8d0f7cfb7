# SPDX-License-Identifier: BSD-3-Clause
"""Checks that each header stands alone, and that the model's header suits every caller."""
import concurrent.futures
import fnmatch
import os

from check_includes import EDGES
from tree import Finding

WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wshadow", "-Wmissing-prototypes",
            "-Wstrict-prototypes"]
PLAIN = ["-std=gnu2x", "-march=x86-64-v2", "-I.", "-D_GNU_SOURCE="] + WARNINGS
STRICT = ["-pedantic-errors", "-Wall", "-Wextra", "-Werror"]
MODEL_API = "include/vexmodel.h"  # in the build tree: the one file that users of the library get


def compile_header(tree, compiler, flags, language, header):
    """Compiles an empty file that includes only the header; returns a Finding or None."""
    result = tree.run([compiler, *flags, "-fsyntax-only", "-include", header, "-x", language,
                       "/dev/null"])
    if result.returncode == 0:
        return None
    errors = [line for line in result.stderr.splitlines() if "error" in line] or ["no message"]
    return Finding(header, 0, f"alone, with {compiler} as {flags[0][5:]}: {errors[0]}")


def headers(tree):
    """Every header compiles alone with both compilers; those of the DPDK seam with DPDK."""
    seam = [who for who, what in tree.rules(EDGES) if what == "<rte_*>"]
    dpdk = [flag.replace("-I", "-isystem", 1) for flag in
            tree.run(["pkg-config", "--cflags", "libdpdk"]).stdout.split()
            if not flag.startswith("-march")] + ["-DVEX_DPDK"]
    work = []
    for name in tree.match("*.h"):
        at_seam = any(fnmatch.fnmatchcase(name, who) for who in seam)
        for compiler in ("gcc", "clang-14"):
            work.append((tree, compiler, PLAIN + (dpdk if at_seam else []), "c", name))
    public = os.path.join(tree.build, MODEL_API)
    if os.path.exists(os.path.join(tree.top, public)):
        for compiler in ("gcc", "clang-14"):
            work.append((tree, compiler, ["-std=c11"] + STRICT, "c", public))
            work.append((tree, compiler, ["-std=c++11"] + STRICT, "c++", public))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda arguments: compile_header(*arguments), work)
    return [finding for finding in results if finding]


CHECKS = (headers,)
