#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The live demo: three kernel hosts on a virtual EX4400-24T. Everything that it makes has `vexdemo` and
# its process number in its name, and goes when it ends. On a terminal it waits before it ends, so that
# the CLI can be entered.
set -eu
cd "$(dirname "$0")/../.."
build=$(realpath "${VEX_BUILD:-build}")
me=vexdemo$$
home=$(mktemp -d /tmp/$me.XXXXXX)
export VEX_RUNDIR="$home/run" VEX_STATEDIR="$home/state"
hosts="alice bob carol"

bold() {
	if [ -t 1 ]; then printf '\n\033[1m%s\033[0m\n\n' "$1"; else printf '\n%s\n\n' "$1"; fi
}

vex() {
	ip netns exec $me-switch "$build/vex" "$@" --instance $me
}

cli() {
	printf '%s> %s\n' demo-sw1 "$1"
	vex cli -c "$1"
}

# A session in configuration mode, from standard input.
edit() {
	sed 's/^/demo-sw1# /' >"$home/edit"
	cat "$home/edit"
	sed 's/^demo-sw1# //' "$home/edit" | vex cli
}

on() {
	host=$1
	shift
	ip netns exec "$me-$host" "$@"
}

finish() {
	status=$?
	trap - EXIT
	[ -z "${server:-}" ] || kill "$server" 2>/dev/null || :
	if [ "$status" != 0 ]; then
		bold "The demo failed; what the switch says of itself:"
		vex status || :
		tail -n 20 "$VEX_RUNDIR/$me"/*.log || :
	fi
	vex stop >/dev/null 2>&1 || :
	for name in switch $hosts; do ip netns delete "$me-$name" 2>/dev/null || :; done
	rm -rf "$home"
	exit "$status"
}

# The two ends of a wire, the host's with an address and without offloads that no wire has.
wire() {
	host=$1 port=$2 address=$3
	ip netns add "$me-$host"
	ip -n "$me-$host" link add eth0 type veth peer name "$port" netns $me-switch
	ip -n $me-switch link set "$port" up
	ip -n "$me-$host" address add "$address/24" dev eth0
	ip -n "$me-$host" link set eth0 up
	on "$host" ethtool -K eth0 tx off tso off gso off gro off txvlan off rxvlan off >/dev/null 2>&1
}

# ping_is yes|no FROM ADDRESS: says whether the answer comes, and fails when that is not as expected.
ping_is() {
	if on "$2" ping -q -c 3 -i 0.2 -W 1 "$3" >"$home/ping" 2>&1; then answer=yes; else answer=no; fi
	printf '%s pings %s: %s\n' "$2" "$3" "$(sed -n 's/.*received, //p; s/^rtt/rtt/p' "$home/ping" | paste -sd ' ')"
	[ "$answer" = "$1" ]
}

trap finish EXIT
trap 'exit 130' INT TERM

bold "A virtual EX4400-24T with three hosts in network namespaces"
mkdir -m 700 "$VEX_RUNDIR" "$VEX_STATEDIR"
ip netns add $me-switch
wire alice p0 192.0.2.1
wire bob p1 192.0.2.2
wire carol p2 192.0.2.3
cat >"$home/platform.json" <<END
{"model": "ex4400-24t", "ports": {
    "ge-0/0/0": {"device": "af_packet", "interface": "p0"},
    "ge-0/0/1": {"device": "af_packet", "interface": "p1"},
    "ge-0/0/2": {"device": "af_packet", "interface": "p2"}}}
END
vex start --platform "$home/platform.json" --config tests/demo/live.conf
vex status | sed -n 1,2p

bold "Hosts talk through it: alice and bob are in VLAN office, carol is in VLAN guests"
ping_is yes alice 192.0.2.2
ping_is no alice 192.0.2.3
on bob iperf3 -s -1 >/dev/null 2>&1 &
server=$!
until on bob ss -Hltn 'sport = :5201' | grep -q .; do kill -0 $server; done
on alice iperf3 -c 192.0.2.2 -t 3 -f m | sed -n 's/.*sec *\(.*bits\/sec\).*receiver/TCP from alice to bob: \1/p' |
	sed 's/.*MBytes */TCP from alice to bob: /'
wait $server
server=

bold "What an EX engineer looks at"
cli "show interfaces terse | match \"Interface|ge-0/0/[0-2](\.0)? \""
cli "show ethernet-switching table"
cli "show pfe statistics drops"

bold "carol moves to VLAN office, for as long as nobody objects"
edit <<'END'
configure
set interfaces ge-0/0/2 unit 0 family ethernet-switching vlan members office
delete interfaces ge-0/0/2 unit 0 family ethernet-switching vlan members guests
show | compare
commit comment "carol joins the office"
exit
END
ping_is yes alice 192.0.2.3
edit <<'END'
configure
rollback 1
show | compare
commit comment "carol is a guest again"
exit
END
cli "show system commit"
ping_is no alice 192.0.2.3

bold "Try it yourself"
echo "Enter the CLI:  VEX_RUNDIR=$VEX_RUNDIR $build/vex cli --instance $me"
echo "Stop a switch:  VEX_RUNDIR=$VEX_RUNDIR $build/vex stop --instance $me"
if [ -t 0 ] && [ -t 1 ]; then
	printf '\nThe switch runs until you press Enter here. '
	read -r _
else
	echo "This one is stopped now: the demo waits only on a terminal."
fi
