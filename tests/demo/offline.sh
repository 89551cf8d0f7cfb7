#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# `make demo`: the offline switch on a small office's traffic, and what it did. Results stay in build/demo/.
set -eu
cd "$(dirname "$0")/../.."
build=${VEX_BUILD:-build}
demo=tests/demo
out=$build/demo

for program in vex vex-pfe vex-model; do
	if [ ! -x "$build/$program" ]; then
		echo "demo: $build/$program is missing: run make" >&2
		exit 1
	fi
done
mkdir -p "$out/model"
"$build/vex" check $demo/office.conf >/dev/null
"$build/vex-pfe" --offline --config $demo/office.conf --in $demo/in.pcapng --out "$out/out.pcapng" \
	--counters "$out/counters.json" --tables "$out/tables.json" --trace "$out/trace.jsonl"
"$build/vex-model" --config $demo/office.conf --in $demo/in.pcapng --out "$out/model/out.pcapng" \
	--counters "$out/model/counters.json" --tables "$out/model/tables.json" --trace "$out/model/trace.jsonl"
for file in out.pcapng counters.json tables.json trace.jsonl; do
	if ! cmp "$out/$file" "$out/model/$file"; then
		echo "demo: vex-pfe and vex-model wrote different bytes" >&2
		exit 1
	fi
done
exec /usr/bin/python3 -B $demo/show.py "$build" $demo/office.conf
