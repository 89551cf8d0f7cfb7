/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/state_build.h"

#include "tests/unit/unit.h"

#include <string.h>

#define P(n)		"set interfaces ge-0/0/" #n " "
#define ES(n)		P(n) "unit 0 family ethernet-switching "
#define ACCESS(n, vlan) ES(n) "vlan members " vlan "\n"
#define TRUNK(n, vlans) ES(n) "interface-mode trunk\n" ES(n) "vlan members [ " vlans " ]\n"
#define V10		"set vlans v10 vlan-id 10\n"
#define V20		"set vlans v20 vlan-id 20\n"
#define VLAN(id)	"vlan " #id " fid " #id " age 300\n"

static void access_and_trunk(void)
{
	EXPECT_OPS(V20 V10 ACCESS(0, "v10") ACCESS(1, "20") TRUNK(2, "v10 20"),
		VLAN(10) VLAN(20) "set 10 in 0 2\nset 10 out 0 2\nset 10 untagged 0\n"
				  "set 20 in 1-2\nset 20 out 1-2\nset 20 untagged 1\n"
				  "lport 0 vlan 10\nlport 1 vlan 20\n");
}

static void vlan_side(void)
{
	EXPECT_OPS(V10 V20 ES(0) "\n" ES(1) "interface-mode trunk\n" TRUNK(
			   2, "v10") "set vlans v10 interface [ ge-0/0/0.0 ge-0/0/1 ]\n"
				     "set vlans v20 interface [ ge-0/0/1.0 ge-0/0/2.0 ]\n"
				     "set vlans v10 interface ge-0/0/2.0\n",
		VLAN(10) VLAN(20) "set 10 in 0-2\nset 10 out 0-2\nset 10 untagged 0\n"
				  "set 20 in 1-2\nset 20 out 1-2\n"
				  "lport 0 vlan 10\n");
}

static void native_vlan(void)
{
	EXPECT_OPS(V10 V20 TRUNK(0, "v10") P(0) "native-vlan-id 20\n",
		VLAN(10) VLAN(20) "set 10 in 0\nset 10 out 0\n"
				  "set 20 in 0\nset 20 out 0\nset 20 untagged 0\n"
				  "lport 0 vlan 20\n");
	EXPECT_OPS(V10 TRUNK(0, "v10") P(0) "native-vlan-id 1\n",
		VLAN(1) VLAN(10) "set 1 in 0\nset 1 out 0\nset 1 untagged 0\n"
				 "set 10 in 0\nset 10 out 0\n"
				 "lport 0 vlan 1\n");
	EXPECT_OPS(V10 ES(0) "interface-mode trunk\n" P(0) "native-vlan-id 10\n",
		VLAN(10) "set 10 in 0\nset 10 out 0\nset 10 untagged 0\nlport 0 vlan 10\n");
	EXPECT_ERRORS(V10 TRUNK(0, "v10") P(0) "native-vlan-id 30\n",
		"4 not-found: no VLAN has id 30; say `vlans NAME vlan-id 30`\n");
}

static void members_by_range(void)
{
	EXPECT_OPS(V10 V20 "set vlans v30 vlan-id 30\n" TRUNK(0, "10-20") TRUNK(1, "all")
			   TRUNK(2, "15-30 v30") TRUNK(3, "1 20"),
		VLAN(1) VLAN(10) VLAN(20) VLAN(30) "set 1 in 3\nset 1 out 3\n"
						   "set 10 in 0-1\nset 10 out 0-1\n"
						   "set 20 in 0-3\nset 20 out 0-3\n"
						   "set 30 in 1-2\nset 30 out 1-2\n");
	EXPECT_ERRORS(V10 TRUNK(0, "20-30") TRUNK(1, "20-10") TRUNK(2, "0-4095"),
		"3 not-found: no VLAN has an id of 20-30; say `vlans NAME vlan-id 20`\n"
		"5 bad-value: 20-10 is not a range of VLAN ids; write FIRST-LAST, both 1 to 4094\n"
		"7 bad-value: 0-4095 is not a range of VLAN ids; write FIRST-LAST, both 1 to "
		"4094\n");
	EXPECT_ERRORS(TRUNK(0, "all"),
		"2 not-found: no VLAN is configured that `members all` could mean; say `vlans NAME "
		"vlan-id N`\n");
}

static void id_list(void)
{
	EXPECT_OPS("set vlans users vlan-id-list [ 100-101 7 ]\n" TRUNK(0, "users")
			   ACCESS(1, "users-vlan-0007") TRUNK(2, "100"),
		VLAN(7) VLAN(100) VLAN(101) "set 7 in 0-1\nset 7 out 0-1\nset 7 untagged 1\n"
					    "set 100 in 0 2\nset 100 out 0 2\n"
					    "set 101 in 0\nset 101 out 0\n"
					    "lport 1 vlan 7\n");
	EXPECT_ERRORS("set vlans a vlan-id-list [ 5 9-6 0-2 ]\nset vlans b vlan-id 6\n"
		      "set vlans b vlan-id-list 8\nset vlans c vlan-id-list 5-6\n",
		"1 bad-value: 9-6 is not a range of VLAN ids; write FIRST-LAST, both 1 to 4094\n"
		"1 bad-value: 0-2 is not a range of VLAN ids; write FIRST-LAST, both 1 to 4094\n"
		"3 conflict: VLAN b has both vlan-id and vlan-id-list; keep one\n"
		"4 conflict: VLAN c cannot have id 5, which VLAN a-vlan-0005 has; give each VLAN "
		"its own id\n"
		"4 conflict: VLAN c cannot have id 6, which VLAN b has; give each VLAN its own "
		"id\n");
	EXPECT_ERRORS("set vlans a vlan-id-list 5\nset vlans a-vlan-0005 vlan-id 6\n",
		"2 conflict: two VLANs are named a-vlan-0005, one of them by a vlan-id-list; "
		"rename one\n");
}

static void default_vlan(void)
{
	EXPECT_OPS(V10 ES(0) "\n",
		VLAN(1) VLAN(10) "set 1 in 0\nset 1 out 0\nset 1 untagged 0\nlport 0 vlan 1\n");
	EXPECT_OPS(ACCESS(0, "default"),
		VLAN(1) "set 1 in 0\nset 1 out 0\nset 1 untagged 0\nlport 0 vlan 1\n");
	EXPECT_OPS("set vlans default description x\n" ES(0) "\n",
		VLAN(1) "set 1 in 0\nset 1 out 0\nset 1 untagged 0\nlport 0 vlan 1\n");
	EXPECT_OPS("set vlans default vlan-id 5\n" ES(0) "\n",
		VLAN(5) "set 5 in 0\nset 5 out 0\nset 5 untagged 0\nlport 0 vlan 5\n");
	EXPECT_OPS("set vlans one vlan-id 1\n" ACCESS(0, "1"),
		VLAN(1) "set 1 in 0\nset 1 out 0\nset 1 untagged 0\nlport 0 vlan 1\n");
	EXPECT_ERRORS("set vlans one vlan-id 1\n" ES(0) "\n",
		"2 missing: ge-0/0/0 has no VLAN, and there is no VLAN default since VLAN one has "
		"id 1; say `vlan members NAME`\n");
	EXPECT_ERRORS("set vlans one vlan-id 1\n" ACCESS(0, "default"),
		"2 not-found: there is no VLAN default; say `vlans default vlan-id N`\n");
}

static void vlan_errors(void)
{
	EXPECT_ERRORS("set vlans a description x\nset vlans b vlan-id 5\nset vlans c vlan-id 5\n"
		      "set vlans 12 vlan-id 12\nset vlans all vlan-id 13\n",
		"1 missing: VLAN a has no id; say `vlans a vlan-id N` with N 1 to 4094\n"
		"3 conflict: VLAN c cannot have id 5, which VLAN b has; give each VLAN its own id\n"
		"4 bad-value: a VLAN cannot be named 12, which `vlan members` takes for an id\n"
		"5 bad-value: a VLAN cannot be named all, which `vlan members` takes for every "
		"VLAN\n");
	/* A VLAN that was refused still has its name. */
	EXPECT_ERRORS("set vlans a description x\n" ACCESS(0, "a"),
		"1 missing: VLAN a has no id; say `vlans a vlan-id N` with N 1 to 4094\n");
}

static void member_errors(void)
{
	EXPECT_ERRORS(V10 V20 ACCESS(0, "[ v10 v20 ]") ACCESS(
			      1, "v10") "set vlans v20 interface ge-0/0/1.0\n" ACCESS(2, "10-20")
			      ACCESS(3, "v11") ACCESS(4, "4095"),
		"3 conflict: access port ge-0/0/0 is in VLAN v10 already and cannot be in VLAN v20 "
		"too; keep one, or say `interface-mode trunk`\n"
		"5 conflict: access port ge-0/0/1 is in VLAN v10 already and cannot be in VLAN v20 "
		"too; keep one, or say `interface-mode trunk`\n"
		"6 conflict: access port ge-0/0/2 is in VLAN v10 already and cannot be in VLAN v20 "
		"too; keep one, or say `interface-mode trunk`\n"
		"7 not-found: there is no VLAN v11; did you mean v10?\n"
		"8 bad-value: 4095 is no VLAN; VLAN ids are 1 to 4094\n");
	EXPECT_ERRORS(V10 ES(0) "interface-mode trunk\n" ACCESS(1, "5"),
		"2 missing: trunk ge-0/0/0 carries no VLAN; say `vlan members [ NAMES ]` or `vlan "
		"members all`\n"
		"3 not-found: no VLAN has id 5; say `vlans NAME vlan-id 5`\n");
	EXPECT_ERRORS(V10 ACCESS(0, "printers"),
		"2 not-found: there is no VLAN printers; say `vlans printers vlan-id N`\n");
	EXPECT_ERRORS(V10 "set vlans v10 interface [ ge-0/0/99.0 ae0.0 ]\n",
		"2 not-found: there is no port ge-0/0/99; the ports of this ex4400-24t are "
		"ge-0/0/0-23, et-0/1/0-1\n"
		"2 not-found: there is no ae0, as no aggregated interface was asked for; say "
		"`chassis aggregated-devices ethernet device-count 1` or more\n");
}

static void voice(void)
{
	EXPECT_OPS(V10 V20 ACCESS(0, "v10") ACCESS(
			   1, "v10") "set switch-options voip interface ge-0/0/0.0 vlan v20\n",
		VLAN(10) VLAN(20) "set 10 in 0-1\nset 10 out 0-1\nset 10 untagged 0-1\n"
				  "set 20 in 0\nset 20 out 0\n"
				  "lport 0 vlan 10\nlport 1 vlan 10\n");
	EXPECT_OPS(V10 V20 "set vlans v30 vlan-id 30\n" ACCESS(0, "v10") ACCESS(1, "v10") TRUNK(
			   2, "v10") "set switch-options voip interface access-ports vlan 20\n"
				     "set switch-options voip interface ge-0/0/1 vlan v30\n",
		VLAN(10) VLAN(20) VLAN(30) "set 10 in 0-2\nset 10 out 0-2\nset 10 untagged 0-1\n"
					   "set 20 in 0\nset 20 out 0\n"
					   "set 30 in 1\nset 30 out 1\n"
					   "lport 0 vlan 10\nlport 1 vlan 10\n");
}

static void voice_errors(void)
{
	EXPECT_ERRORS(V10 V20 ACCESS(0, "v10") TRUNK(
			      1, "v10") "set switch-options voip interface ge-0/0/0.0 vlan v10\n"
					"set switch-options voip interface ge-0/0/1.0 vlan v20\n"
					"set switch-options voip interface ge-0/0/2.0 vlan v21\n"
					"set switch-options voip interface ge-0/0/0 vlan v20\n",
		"6 conflict: VLAN v10 is already the VLAN of access port ge-0/0/0 for untagged "
		"frames; a voice VLAN is another one\n"
		"7 conflict: ge-0/0/1.0 is a trunk; a voice VLAN belongs to an access port, and a "
		"trunk has `vlan members`\n"
		"8 conflict: ge-0/0/2.0 is not a switching port; say `interfaces ge-0/0/2 unit 0 "
		"family ethernet-switching`\n"
		"8 not-found: there is no VLAN v21; did you mean v20?\n"
		"9 conflict: ge-0/0/0 has a voice VLAN already, under its name with or without "
		".0\n");
}

static void one_vlan_wanted(void)
{
	EXPECT_ERRORS("set vlans l vlan-id-list 5-6\n" V10 ACCESS(
			      0, "v10") "set switch-options voip interface ge-0/0/0.0 vlan l\n",
		"4 bad-value: l is 2 VLANs, and this takes one; name one of them, such as "
		"l-vlan-0005\n");
}

static void order_does_not_matter(void)
{
	struct ctl_image *a = MUST_LOAD(V10 V20 ACCESS(0, "v10") TRUNK(1, "v10 v20"));
	struct ctl_image *b = MUST_LOAD(TRUNK(1, "v20 v10") ACCESS(0, "v10") V20 V10);

	CU_ASSERT_EQUAL_FATAL(a->n_ops, b->n_ops);
	CU_ASSERT_EQUAL(memcmp(a->ops, b->ops, a->n_ops * sizeof(*a->ops)), 0);
	ctl_image_free(a);
	ctl_image_free(b);
}

static const struct unit_case cases[] = {
	{"access ports and trunks are members of their VLANs", access_and_trunk},
	{"members may be named on the VLAN's side too", vlan_side},
	{"a native VLAN is a member and leaves untagged", native_vlan},
	{"members may be ranges of ids, or all", members_by_range},
	{"a vlan-id-list makes one VLAN for each id", id_list},
	{"VLAN default exists unless another VLAN has its id", default_vlan},
	{"VLANs without an id of their own are refused", vlan_errors},
	{"ports in no or too many VLANs are refused", member_errors},
	{"a voice VLAN is a tagged VLAN of an access port", voice},
	{"a voice VLAN out of place is refused", voice_errors},
	{"where one VLAN is wanted a vlan-id-list is refused", one_vlan_wanted},
	{"the order of statements does not matter", order_does_not_matter},
};

const struct unit_suite state_vlans_suite = {
	.name = "state_vlans",
	.cases = cases,
	.n = UNIT_N(cases),
};
