/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One private VLAN for all cases: primary 100, isolated 101, communities 102 and 103.
 *
 *	0, 1	isolated ports		6	promiscuous access port
 *	2, 3	ports of community 102	7	promiscuous trunk
 *	4	port of community 103	8	inter-switch link
 */
#include "control/state_build.h"

#include "tests/unit/unit.h"

#define P(n)		"set interfaces ge-0/0/" #n " "
#define ES(n)		P(n) "unit 0 family ethernet-switching "
#define ACCESS(n, vlan) ES(n) "vlan members " vlan "\n"
#define TRUNK(n, vlans) ES(n) "interface-mode trunk\n" ES(n) "vlan members [ " vlans " ]\n"
#define PRIVATE                                                            \
	"set vlans pri vlan-id 100\nset vlans pri isolated-vlan iso\n"     \
	"set vlans pri community-vlans [ c2 c3 ]\n"                        \
	"set vlans iso vlan-id 101\nset vlans iso private-vlan isolated\n" \
	"set vlans c2 vlan-id 102\nset vlans c2 private-vlan community\n"  \
	"set vlans c3 vlan-id 103\nset vlans c3 private-vlan community\n"
#define VLANS                                                                  \
	"vlan 100 fid 100 age 300 private\nvlan 101 fid 100 age 300 private\n" \
	"vlan 102 fid 100 age 300 private\nvlan 103 fid 100 age 300 private\n"

static void whole_group(void)
{
	EXPECT_OPS(PRIVATE ACCESS(0, "iso") ACCESS(1, "iso") ACCESS(2, "c2") ACCESS(3, "c2")
			   ACCESS(4, "c3") ACCESS(6, "pri") TRUNK(7, "pri") TRUNK(8, "pri")
				   ES(8) "inter-switch-link\n",
		VLANS "set 100 in 6-8\nset 100 out 0-4 6-8\nset 100 untagged 0-4 6\n"
		      "set 101 in 0-1 8\nset 101 out 6-8\nset 101 untagged 6\nset 101 primary 7\n"
		      "set 102 in 2-3 8\nset 102 out 2-3 6-8\nset 102 untagged 2-3 6\n"
		      "set 102 primary 7\n"
		      "set 103 in 4 8\nset 103 out 4 6-8\nset 103 untagged 4 6\n"
		      "set 103 primary 7\n"
		      "lport 0 vlan 101\nlport 1 vlan 101\nlport 2 vlan 102\nlport 3 vlan 102\n"
		      "lport 4 vlan 103\nlport 6 vlan 100\n");
}

static void secondary_after_primary(void)
{
	EXPECT_OPS("set vlans z vlan-id 9\nset vlans z isolated-vlan a\n"
		   "set vlans a vlan-id 3\nset vlans a private-vlan isolated\n"
		   "set vlans o vlan-id 20\n",
		"vlan 9 fid 9 age 300 private\nvlan 20 fid 20 age 300\n"
		"vlan 3 fid 9 age 300 private\n");
}

static void native_primary(void)
{
	EXPECT_OPS(PRIVATE ACCESS(0, "iso") TRUNK(7, "pri") P(7) "native-vlan-id 100\n" TRUNK(
			   8, "pri") ES(8) "inter-switch-link\n" P(8) "native-vlan-id 100\n",
		VLANS "set 100 in 7-8\nset 100 out 0 7-8\nset 100 untagged 0 7-8\n"
		      "set 101 in 0 8\nset 101 out 7-8\nset 101 untagged 7\n"
		      "set 102 in 8\nset 102 out 7-8\nset 102 untagged 7\n"
		      "set 103 in 8\nset 103 out 7-8\nset 103 untagged 7\n"
		      "lport 0 vlan 101\nlport 7 vlan 100\nlport 8 vlan 100\n");
}

static void native_secondary(void)
{
	EXPECT_OPS(PRIVATE ACCESS(0, "iso") TRUNK(8, "pri")
			   ES(8) "inter-switch-link\n" P(8) "native-vlan-id 101\n",
		VLANS "set 100 in 8\nset 100 out 0 8\nset 100 untagged 0\n"
		      "set 101 in 0 8\nset 101 out 8\nset 101 untagged 8\n"
		      "set 102 in 8\nset 102 out 8\n"
		      "set 103 in 8\nset 103 out 8\n"
		      "lport 0 vlan 101\nlport 8 vlan 101\n");
}

static void mixed_trunks(void)
{
	/* `all` and ranges leave the secondary VLANs out on a trunk that cannot carry them. */
	EXPECT_OPS(PRIVATE "set vlans o vlan-id 20\n" TRUNK(7, "all") TRUNK(8, "20-110 c2")
			   ES(8) "inter-switch-link\n",
		"vlan 20 fid 20 age 300\n" VLANS "set 20 in 7-8\nset 20 out 7-8\n"
		"set 100 in 7-8\nset 100 out 7-8\n"
		"set 101 in 8\nset 101 out 7-8\nset 101 primary 7\n"
		"set 102 in 8\nset 102 out 7-8\nset 102 primary 7\n"
		"set 103 in 8\nset 103 out 7-8\nset 103 primary 7\n");
}

static void port_errors(void)
{
	EXPECT_ERRORS(PRIVATE TRUNK(0, "c2"),
		"11 not-supported: VLAN c2 is a secondary VLAN, and a trunk that carries secondary "
		"VLANs by themselves is not supported; make it an access port, name the primary "
		"VLAN, or add inter-switch-link\n");
	EXPECT_ERRORS(PRIVATE TRUNK(0, "101-103"),
		"11 conflict: 101-103 means secondary VLANs only, which a trunk carries as their "
		"primary VLAN; name that one\n");
	EXPECT_ERRORS(PRIVATE "set vlans o vlan-id 20\n" TRUNK(0, "o") ES(
			      0) "inter-switch-link\n" TRUNK(1, "c2") ES(1) "inter-switch-link\n",
		"13 conflict: inter-switch-link needs the primary VLAN of a private VLAN among the "
		"members of ge-0/0/0\n"
		"14 conflict: inter-switch link ge-0/0/1 has secondary VLAN c2 without its primary "
		"VLAN; add pri to its members\n"
		"16 conflict: inter-switch-link needs the primary VLAN of a private VLAN among the "
		"members of ge-0/0/1\n");
	EXPECT_ERRORS(PRIVATE "set vlans o vlan-id 20\n" ACCESS(0, "iso") ACCESS(
			      1, "o") "set switch-options voip interface ge-0/0/0.0 vlan o\n"
				      "set switch-options voip interface ge-0/0/1.0 vlan c2\n",
		"13 conflict: ge-0/0/0 is a port of private VLAN iso and cannot have a voice VLAN\n"
		"14 conflict: VLAN c2 belongs to a private VLAN and cannot be a voice VLAN\n");
}

static void vlan_errors(void)
{
	EXPECT_ERRORS("set vlans p vlan-id 1\nset vlans p isolated-vlan q\n"
		      "set vlans p community-vlans [ i o ]\n"
		      "set vlans i vlan-id 2\nset vlans i private-vlan isolated\n"
		      "set vlans o vlan-id 3\n",
		"2 not-found: there is no VLAN q; say `vlans q vlan-id N`\n"
		"3 conflict: VLAN i is not a community VLAN; say `vlans i private-vlan community`, "
		"or name another one here\n"
		"3 conflict: VLAN o is not a community VLAN; say `vlans o private-vlan community`, "
		"or name another one here\n"
		"4 missing: VLAN i is an isolated VLAN of no primary VLAN; say `vlans PRIMARY "
		"isolated-vlan i`\n");
	EXPECT_ERRORS("set vlans p vlan-id 1\nset vlans p community-vlans c\n"
		      "set vlans r vlan-id 2\nset vlans r community-vlans c\n"
		      "set vlans c vlan-id 3\nset vlans c private-vlan community\n",
		"4 conflict: VLAN c is a secondary VLAN of p already and can be that of one "
		"primary "
		"VLAN only\n");
	EXPECT_ERRORS("set vlans c vlan-id 3\nset vlans c private-vlan community\n",
		"1 missing: VLAN c is a community VLAN of no primary VLAN; say `vlans PRIMARY "
		"community-vlans c`\n");
	EXPECT_ERRORS("set vlans p vlan-id 1\nset vlans p community-vlans c\n"
		      "set vlans c vlan-id 3\nset vlans c private-vlan community\n"
		      "set vlans c isolated-vlan p\n",
		"5 conflict: VLAN c is a secondary VLAN (private-vlan) and cannot have secondary "
		"VLANs of its own\n");
	EXPECT_ERRORS("set vlans l vlan-id-list 5-6\nset vlans l private-vlan community\n",
		"2 conflict: a private VLAN has one vlan-id, not a vlan-id-list\n");
}

static const struct unit_case cases[] = {
	{"the port sets of a whole group", whole_group},
	{"a secondary VLAN comes after its primary", secondary_after_primary},
	{"a native primary VLAN leaves untagged", native_primary},
	{"a native secondary VLAN leaves an inter-switch link untagged", native_secondary},
	{"trunks of several VLANs carry the primary for its secondaries", mixed_trunks},
	{"ports that a private VLAN forbids are refused", port_errors},
	{"VLANs that do not pair are refused", vlan_errors},
};

const struct unit_suite state_pvlan_suite = {
	.name = "state_pvlan",
	.cases = cases,
	.n = UNIT_N(cases),
};
