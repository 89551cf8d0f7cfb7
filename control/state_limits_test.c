/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/state_build.h"

#include "tests/unit/unit.h"

#include <stdlib.h>

#define P(n)		"set interfaces ge-0/0/" #n " "
#define ES(n)		P(n) "unit 0 family ethernet-switching "
#define ACCESS(n, vlan) ES(n) "vlan members " vlan "\n"
#define TRUNK(n, vlans) ES(n) "interface-mode trunk\n" ES(n) "vlan members [ " vlans " ]\n"
#define V10		"set vlans v10 vlan-id 10\n"
#define V20		"set vlans v20 vlan-id 20\n"
#define SW		"set switch-options "
#define SW10		"set vlans v10 switch-options "
#define SC		"set forwarding-options storm-control-profiles "
#define IN10		"set 10 in 0\nset 10 out 0\nset 10 untagged 0\n"

static void switch_limits(void)
{
	EXPECT_OPS(
		V10 SW "mac-table-size 500\n", "switch limit 500 none\nvlan 10 fid 10 age 300\n");
	EXPECT_OPS(V10 SW "mac-table-size 500 packet-action drop\n"
			  "set protocols l2-learning global-mac-limit 400\n",
		"switch limit 400 none\nvlan 10 fid 10 age 300\n");
	EXPECT_OPS(V10 SW "mac-table-size 300 packet-action drop\n"
			  "set protocols l2-learning global-mac-limit 400 packet-action log\n",
		"switch limit 300 drop\nvlan 10 fid 10 age 300\n");
}

static void port_limits(void)
{
	EXPECT_OPS(V10 ACCESS(0, "v10") SW "interface ge-0/0/0.0 interface-mac-limit 5 "
					   "packet-action shutdown\n",
		"vlan 10 fid 10 age 300\n" IN10 "lport 0 vlan 10 limit 5 shutdown\n");
	EXPECT_OPS(V10 ACCESS(0, "v10") SW "interface ge-0/0/0.0 interface-mac-limit 5\n" SW
					   "interface ge-0/0/0.0 persistent-learning\n",
		"vlan 10 fid 10 age 300\n" IN10 "lport 0 vlan 10 sticky limit 5 none\n");
	EXPECT_OPS(V10 ACCESS(0, "v10") SW "no-mac-learning\n",
		"vlan 10 fid 10 age 300\n" IN10 "lport 0 vlan 10 no-learn\n");
	EXPECT_OPS(V10 ACCESS(0, "v10") SW "interface ge-0/0/0 no-mac-learning\n",
		"vlan 10 fid 10 age 300\n" IN10 "lport 0 vlan 10 no-learn\n");
}

static void limits_of_all_ports(void)
{
	struct ctl_image *image = MUST_LOAD(V10 ACCESS(0, "v10") ACCESS(1, "v10") SW
		"interface-mac-limit 9 packet-action log\n" SW
		"interface ge-0/0/1 interface-mac-limit 7 packet-action drop-and-log\n");

	for (size_t i = 0; i < image->n_ops; i++) {
		const struct vex_op_lport *l = &image->ops[i].lport;

		if (image->ops[i].type != VEX_OP_LPORT_SET)
			continue;
		CU_ASSERT_EQUAL(l->mac_limit, l->lport == 1 ? 7 : l->lport == 0 ? 9 : UINT32_MAX);
		CU_ASSERT_EQUAL(l->mac_action, l->lport == 1   ? VEX_LIMIT_DROP_AND_LOG
					       : l->lport == 0 ? VEX_LIMIT_LOG
							       : VEX_LIMIT_NONE);
	}
	ctl_image_free(image);
}

static void vlan_limits(void)
{
	EXPECT_OPS(V10 V20 ACCESS(0, "v10") TRUNK(1, "v10 v20") SW10
		"mac-table-size 100 packet-action drop\n" SW10
		"interface-mac-limit 10 packet-action log\n" SW10
		"interface ge-0/0/1.0 interface-mac-limit 3 packet-action drop\n"
		"set vlans v20 no-mac-learning\n",
		"vlan 10 fid 10 age 300 limit 100 drop\nvlan 20 fid 20 age 300 no-learn\n"
		"set 10 in 0-1\nset 10 out 0-1\nset 10 untagged 0\n"
		"set 20 in 1\nset 20 out 1\n"
		"lport 0 vlan 10\n"
		"limit 10 0 limit 10 log\nlimit 10 1 limit 3 drop\n");
	EXPECT_OPS(V10 V20 TRUNK(1, "v10 v20") "set vlans v20 switch-options interface ge-0/0/1 "
					       "interface-mac-limit 4\n" SW10
					       "interface ge-0/0/1.0 interface-mac-limit 3\n",
		"vlan 10 fid 10 age 300\nvlan 20 fid 20 age 300\n"
		"set 10 in 1\nset 10 out 1\nset 20 in 1\nset 20 out 1\n"
		"limit 10 1 limit 3 none\nlimit 20 1 limit 4 none\n");
	EXPECT_OPS(V10 SW10 "no-mac-learning\n", "vlan 10 fid 10 age 300 no-learn\n");
}

static void ageing(void)
{
	EXPECT_OPS(V10 V20 "set protocols l2-learning global-mac-table-aging-time 60\n",
		"vlan 10 fid 10 age 60\nvlan 20 fid 20 age 60\n");
	EXPECT_OPS(V10 V20 "set protocols l2-learning global-mac-table-aging-time 60\n" SW
			   "mac-table-aging-time 70\n" SW10 "mac-table-aging-time 80\n",
		"vlan 10 fid 10 age 80\nvlan 20 fid 20 age 70\n");
}

static void limit_errors(void)
{
	EXPECT_ERRORS(V10 ACCESS(0, "v10") SW "interface-mac-limit packet-action drop\n" SW
					      "interface ge-0/0/0 persistent-learning\n" SW
					      "interface ge-0/0/0 no-mac-learning\n" SW
					      "interface ge-0/0/1.0 interface-mac-limit 5\n" SW
					      "interface ge-0/0/0.0 interface-mac-limit 5\n",
		"3 missing: interface-mac-limit has a packet-action and no limit; say "
		"`interface-mac-limit N`\n"
		"4 conflict: persistent-learning has nothing to keep on ge-0/0/0, where "
		"no-mac-learning holds; remove one of them\n"
		"6 conflict: ge-0/0/1.0 is not a switching port; say `interfaces ge-0/0/1 unit 0 "
		"family ethernet-switching`\n"
		"7 duplicate: ge-0/0/0.0 stands here with and without .0; keep one\n");
	EXPECT_ERRORS(V10 V20 ACCESS(0, "v20") ACCESS(1, "v10") SW10
		"interface ge-0/0/0.0 interface-mac-limit 3\n" SW10
		"interface ge-0/0/1.0 interface-mac-limit 3\n" SW10
		"interface ge-0/0/1 interface-mac-limit 3\n",
		"5 conflict: ge-0/0/0.0 is not in VLAN v10; add it to the VLAN, or remove the "
		"limit\n"
		"7 duplicate: ge-0/0/1 stands here with and without .0; keep one\n");
}

static void static_macs(void)
{
	EXPECT_OPS(V10 V20 ACCESS(0, "v10") TRUNK(1, "v10 v20") SW
		"interface ge-0/0/0.0 static-mac 02:00:00:00:00:0b\n" SW
		"interface ge-0/0/1.0 static-mac 02:00:00:00:00:0A vlan-id 20\n" SW10
		"interface ge-0/0/1.0 static-mac 02:00:00:00:00:01\n" SW10
		"interface ge-0/0/1.0 static-mac 02:00:00:00:00:02 vlan-id 10\n",
		"vlan 10 fid 10 age 300\nvlan 20 fid 20 age 300\n"
		"set 10 in 0-1\nset 10 out 0-1\nset 10 untagged 0\n"
		"set 20 in 1\nset 20 out 1\nlport 0 vlan 10\n"
		"mac 10 1 02:00:00:00:00:01\nmac 10 1 02:00:00:00:00:02\n"
		"mac 10 0 02:00:00:00:00:0b\nmac 20 1 02:00:00:00:00:0a\n");
	EXPECT_OPS("set vlans l vlan-id-list 5-6\n" TRUNK(
			   0, "l") "set vlans l switch-options interface ge-0/0/0 static-mac "
				   "02:00:00:00:00:01 "
				   "vlan-id 6\n",
		"vlan 5 fid 5 age 300\nvlan 6 fid 6 age 300\n"
		"set 5 in 0\nset 5 out 0\nset 6 in 0\nset 6 out 0\n"
		"mac 6 0 02:00:00:00:00:01\n");
}

static void static_mac_errors(void)
{
	EXPECT_ERRORS(V10 V20 ACCESS(0, "v10") TRUNK(1, "v10") SW
		"interface ge-0/0/0 static-mac 01:00:00:00:00:01\n" SW
		"interface ge-0/0/0 static-mac 00:00:00:00:00:00\n" SW
		"interface ge-0/0/1 static-mac 02:00:00:00:00:01\n" SW
		"interface ge-0/0/1 static-mac 02:00:00:00:00:02 vlan-id 20\n" SW
		"interface ge-0/0/1 static-mac 02:00:00:00:00:03 vlan-id 30\n" SW
		"interface ge-0/0/1 static-mac 02:00:00:00:00:04 vlan-id 10\n" SW10
		"interface ge-0/0/0 static-mac 02:00:00:00:00:05 vlan-id 20\n",
		"6 bad-value: 01:00:00:00:00:01 is a multicast address; static-mac takes a unicast "
		"address\n"
		"7 bad-value: 00:00:00:00:00:00 is no address; static-mac takes a unicast address\n"
		"8 missing: ge-0/0/1 is a trunk; say `static-mac 02:00:00:00:00:01 vlan-id N`\n"
		"9 conflict: ge-0/0/1 is not in VLAN v20, so no address of that VLAN can be behind "
		"it; add it to the VLAN, or name another port\n"
		"10 not-found: no VLAN has id 30; say `vlans NAME vlan-id 30`\n"
		"12 conflict: VLAN v10 does not have id 20; leave vlan-id out, or say the address "
		"in the other VLAN\n");
	EXPECT_ERRORS(V10 ACCESS(0, "v10") ACCESS(1, "v10") SW
		"interface ge-0/0/0 static-mac 02:00:00:00:00:01\n" SW10
		"interface ge-0/0/1 static-mac 02:00:00:00:00:01\n",
		"5 duplicate: 02:00:00:00:00:01 is given twice for VLAN v10, the other time on "
		"ge-0/0/0; keep one\n");
	EXPECT_ERRORS("set vlans l vlan-id-list 5-6\n" TRUNK(
			      0, "l") "set vlans l switch-options interface ge-0/0/0 static-mac "
				      "02:00:00:00:00:01\n",
		"4 missing: VLAN l has several ids; say `static-mac 02:00:00:00:00:01 vlan-id "
		"N`\n");
}

static void storm(void)
{
	static const char v1[] = "vlan 1 fid 1 age 300\nset 1 in 0\nset 1 out 0\n"
				 "set 1 untagged 0\nlport 0 vlan 1\n";
	static const struct {
		const char *profile, *port;
	} rules[] = {
		{SC "p all\n", "port 0 storm 800000 bmru\n"},
		{SC "p all bandwidth-level 500\n", "port 0 storm 500 bmru\n"},
		{SC "p all bandwidth-percentage 3\n", "port 0 storm 30000 bmru\n"},
		{SC "p all no-broadcast\n", "port 0 storm 800000 mru\n"},
		{SC "p all no-multicast\n", "port 0 storm 800000 bu\n"},
		{SC "p all no-registered-multicast\n", "port 0 storm 800000 bmu\n"},
		{SC "p all no-unregistered-multicast\n", "port 0 storm 800000 bru\n"},
		{SC "p all no-unknown-unicast\n", "port 0 storm 800000 bmr\n"},
		{SC "p all\n" SC "p action-shutdown\n", "port 0 storm 800000 bmru shutdown\n"},
		/* Above line rate: never reached. */
		{SC "p all bandwidth-level 5000000\n", "port 0 storm 1000000 bmru\n"},
		{SC "p all\n" P(0) "speed 10m\n", "port 0 speed 10 storm 8000 bmru\n"},
		{SC "q all\n" SC "p all bandwidth-level 100\n" ES(0) "recovery-timeout 10\n",
			"port 0 recovery 10 storm 100 bmru\n"},
	};

	for (size_t i = 0; i < UNIT_N(rules); i++) {
		struct state_text config = {0}, expected = {0};

		state_add(&config, "%s" ES(0) "storm-control p\n", rules[i].profile);
		state_add(&expected, "%s%s", rules[i].port, v1);
		EXPECT_OPS(config.s, expected.s);
		free(config.s);
		free(expected.s);
	}
}

static void storm_on_lag(void)
{
	EXPECT_OPS(
		"set chassis aggregated-devices ethernet device-count 1\n" SC
		"p all bandwidth-percentage 10\n" P(0) "ether-options 802.3ad ae0\n" P(
			3) "ether-options 802.3ad ae0\n"
			   "set interfaces ae0 unit 0 family ethernet-switching storm-control p\n"
			   "set interfaces ae0 unit 0 family ethernet-switching recovery-timeout "
			   "20\n",
		"port 0 recovery 20 storm 100000 bmru\nport 3 recovery 20 storm 100000 bmru\n"
		"lag 0 min 1 up\nmember 0 0\nmember 0 3\nvlan 1 fid 1 age 300\n"
		"set 1 in ae0\nset 1 out ae0\nset 1 untagged ae0\nlport 128 vlan 1\n");
}

static void storm_errors(void)
{
	EXPECT_ERRORS(SC "p1 all bandwidth-level 100\n" SC "p1 all bandwidth-percentage 5\n" SC
			 "p2 action-shutdown\n" SC
			 "p3 all no-broadcast no-multicast no-unknown-unicast\n" ES(
				 0) "storm-control p4\n" ES(1) "storm-control flood\n",
		"2 conflict: storm control profile p1 has both bandwidth-level and "
		"bandwidth-percentage; keep one\n"
		"3 missing: storm control profile p2 polices nothing; say `all`, with "
		"bandwidth-level or bandwidth-percentage\n"
		"4 conflict: storm control profile p3 exempts every class of traffic; remove one "
		"`no-` statement, or the profile\n"
		"5 not-found: there is no storm control profile p4; did you mean p1?\n"
		"6 not-found: there is no storm control profile flood; say `forwarding-options "
		"storm-control-profiles flood all`\n");
}

static const struct unit_case cases[] = {
	{"the smaller limit of the whole switch holds", switch_limits},
	{"limits, stickiness and learning of a port", port_limits},
	{"the limit of all ports gives way to a port's own", limits_of_all_ports},
	{"limits of a VLAN and of its ports", vlan_limits},
	{"the nearest ageing time holds", ageing},
	{"limits out of place are refused", limit_errors},
	{"static addresses of ports and VLANs", static_macs},
	{"static addresses out of place are refused", static_mac_errors},
	{"storm control polices what is not exempted", storm},
	{"storm control of a LAG is that of its members", storm_on_lag},
	{"storm control profiles that make no sense are refused", storm_errors},
};

const struct unit_suite state_limits_suite = {
	.name = "state_limits",
	.cases = cases,
	.n = UNIT_N(cases),
};
