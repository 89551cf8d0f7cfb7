/* SPDX-License-Identifier: BSD-3-Clause */
/* The operational commands, by area. */
#include "control/cli_show_util.h"

const struct cli_show *const cli_show_tables[] = {
	cli_show_system,
	cli_show_chassis,
	cli_show_interfaces,
	cli_show_switching,
	cli_show_pfe,
	cli_show_do,
	cli_show_monitor,
	cli_show_traffic,
	NULL,
};

const struct cli_group cli_show_groups[] = {
	{"clear", "Clear information in the system"},
	{"clear ethernet-switching", "Clear Ethernet switching information"},
	{"clear interfaces", "Clear interface information"},
	{"clear pfe", "Clear Packet Forwarding Engine information"},
	{"monitor", "Show real-time debugging information"},
	{"request", "Make system-level requests"},
	{"request system", "Perform system-level operations"},
	{"request system configuration", "Request operation on system configuration"},
	{"request system configuration rescue", "Request operation on rescue configuration"},
	{"show", "Show system information"},
	{"show chassis", "Show chassis information"},
	{"show ddos-protection", "Show rates of packets for the routing engine"},
	{"show ethernet-switching", "Show Ethernet switching information"},
	{"show l2-learning", "Show Layer 2 learning information"},
	{"show pfe", "Show Packet Forwarding Engine information"},
	{"show pfe table", "Show tables as they are installed"},
	{"show system", "Show system information"},
	{0},
};
