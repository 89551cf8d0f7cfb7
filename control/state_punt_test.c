/* SPDX-License-Identifier: BSD-3-Clause */
/* `system ddos-protection`: the policers of punted protocols. */
#include "control/state_build.h"

#include <stdlib.h>

#include "dataplane/punt.h"
#include "tests/unit/unit.h"

#define DDOS "set system ddos-protection protocols "
#define V10  "set vlans v10 vlan-id 10\n"
#define VLAN "vlan 10 fid 10 age 300\n"

static void rates(void)
{
	EXPECT_OPS(V10 DDOS "lldp aggregate bandwidth 10\n", VLAN "punt lldp 10 20000\n");
	EXPECT_OPS(V10 DDOS "lldp aggregate burst 1\n", VLAN "punt lldp 20000 1\n");
	EXPECT_OPS(V10 DDOS "stp aggregate burst 7\n" DDOS "stp aggregate bandwidth 100000\n",
		VLAN "punt stp 100000 7\n");
	EXPECT_OPS(V10 DDOS "lacp aggregate disable-fpc\n", VLAN "punt lacp 0 0\n");
	EXPECT_OPS(V10 DDOS "lacp aggregate disable-fpc\n" DDOS "lacp aggregate bandwidth 5\n",
		VLAN "punt lacp 0 0\n");
	EXPECT_OPS(
		V10 DDOS "lacp aggregate disable-fpc\ndeactivate system ddos-protection\n", VLAN);
}

/* Every protocol that the data plane knows has its statement. */
static void every_protocol(void)
{
	for (unsigned int i = 0; i < PUNT_PROTOCOLS; i++) {
		struct state_text config = {0}, ops = {0};

		state_add(&config, V10 DDOS "%s aggregate bandwidth 3\n", punt_name(i));
		state_add(&ops, VLAN "punt %s 3 20000\n", punt_name(i));
		EXPECT_OPS(config.s, ops.s);
		free(config.s);
		free(ops.s);
	}
}

static void mistakes(void)
{
	EXPECT_ERRORS(DDOS "lldp aggregate bandwidth 0\n" DDOS "lldp aggregate burst 100001\n",
		"1 bad-value: bad value '0' for 'bandwidth': bandwidth is 1 to 100000 packets per "
		"second\n"
		"2 bad-value: bad value '100001' for 'burst': burst is 1 to 100000 packets\n");
	EXPECT_ERRORS(DDOS "bgp aggregate bandwidth 1\n",
		"1 not-supported: 'system ddos-protection protocols bgp' is not supported; remove "
		"or deactivate it\n");
}

static const struct unit_case cases[] = {
	{"bandwidth, burst and disable-fpc reach the policer", rates},
	{"every punted protocol can be configured", every_protocol},
	{"rates out of range and protocols that are not punted are refused", mistakes},
};

const struct unit_suite state_punt_suite = {
	.name = "state_punt", .cases = cases, .n = UNIT_N(cases)};
