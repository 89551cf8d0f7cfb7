#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# `make bench`: packets/s of both programs, offline. Arguments go to bench.py (--help).
set -eu
cd "$(dirname "$0")/.."
build=${VEX_BUILD:-build}

for program in vex-model vex-pfe; do
	if [ ! -x "$build/$program" ]; then
		echo "bench: $build/$program is missing: run make" >&2
		exit 1
	fi
	if grep -aqE '__(asan|ubsan|gcov)_' "$build/$program"; then
		echo "bench: $build/$program is built for finding errors (SAN or COV); measure the plain build" >&2
		exit 1
	fi
done
mkdir -p "$build/perf"
for tool in gen measure; do
	if [ ! -x "$build/perf/$tool" ] || [ "perf/$tool.c" -nt "$build/perf/$tool" ]; then
		"${CC:-gcc}" -std=gnu2x -O2 -Wall -Wextra -D_GNU_SOURCE -o "$build/perf/$tool" "perf/$tool.c"
	fi
done
VEX_BUILD=$build exec /usr/bin/python3 -B perf/bench.py "$@"
