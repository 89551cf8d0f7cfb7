#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# `make demo`: a live switch with three kernel hosts; where that cannot be, the offline switch, and why.
set -eu
cd "$(dirname "$0")"

why=
if [ "$(id -u)" != 0 ]; then
	why="a live switch needs root (network namespaces, packet sockets)"
elif ! ip netns add vex-demo-try 2>/dev/null; then
	why="this machine makes no network namespaces"
else
	ip netns delete vex-demo-try
fi
if [ -z "$why" ]; then
	exec ./live.sh
fi
echo "demo: $why; this is the offline switch instead."
exec ./offline.sh
