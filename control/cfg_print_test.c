/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/cfg_testlib.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

/* Everything that a configuration can have, as the curly form prints it. */
static const char canonical[] = "version 21.4R3;\n"
				"groups {\n"
				"    /* for all */\n"
				"    g {\n"
				"        interfaces {\n"
				"            <ge-*> {\n"
				"                mtu 9000;\n"
				"                unit <*> {\n"
				"                    family bridge {\n"
				"                        members [ a b ];\n"
				"                    }\n"
				"                }\n"
				"            }\n"
				"        }\n"
				"    }\n"
				"    inactive: h;\n"
				"}\n"
				"apply-groups [ g h ];\n"
				"/* one */\n"
				"/* two */\n"
				"system {\n"
				"    inactive: services {\n"
				"        ssh;\n"
				"        \"a b\" [ c d ];\n"
				"    }\n"
				"    note \"two words\";\n"
				"}\n"
				"interfaces {\n"
				"    interface-range r {\n"
				"        member \"ge-0/0/[0-3]\";\n"
				"        /* five */\n"
				"        inactive: member-range ge-0/0/5 to ge-0/0/6;\n"
				"        member-range ge-0/0/7 to ge-0/0/8;\n"
				"        member-range ge-0/0/9 {\n"
				"            inactive: to ge-0/0/10;\n"
				"        }\n"
				"        mtu 1500;\n"
				"    }\n"
				"    inactive: ge-0/0/0 {\n"
				"        apply-groups-except g;\n"
				"        /*\n"
				"         * several\n"
				"         *\n"
				"         * lines\n"
				"         */\n"
				"        inactive: disable;\n"
				"        ether-options {\n"
				"            802.3ad ae0;\n"
				"        }\n"
				"        unit 0 {\n"
				"            inactive: family inet;\n"
				"            /* the bridge */\n"
				"            family bridge {\n"
				"                members a;\n"
				"                inactive: members b;\n"
				"                /* c */\n"
				"                members c;\n"
				"            }\n"
				"        }\n"
				"        unit 1;\n"
				"    }\n"
				"    ge-0/0/1 {\n"
				"        unit 0 {\n"
				"            inactive: family {\n"
				"                bridge {\n"
				"                    mode trunk;\n"
				"                    inactive: members [ a b ];\n"
				"                }\n"
				"            }\n"
				"        }\n"
				"    }\n"
				"}\n"
				"vlans {\n"
				"    v1 {\n"
				"        /* the id */\n"
				"        vlan-id 1;\n"
				"    }\n"
				"    \"v 2\";\n"
				"}\n"
				"options {\n"
				"    high;\n"
				"    pair a 1 {\n"
				"        x;\n"
				"    }\n"
				"    limit {\n"
				"        3;\n"
				"        action drop;\n"
				"    }\n"
				"}\n"
				"/* the end */\n";

static char *twice(const char *text, enum cfg_form first, enum cfg_form second)
{
	char *middle = cfgt_format(text, first), *out = cfgt_format(middle, second);

	free(middle);
	return out;
}

static void curly_is_stable(void)
{
	CHECK_TEXT(cfgt_format(canonical, CFG_FORM_CURLY), canonical);
}

static void curly_to_set_and_back(void)
{
	char *set = cfgt_format(canonical, CFG_FORM_SET);

	CHECK_TEXT(twice(canonical, CFG_FORM_SET, CFG_FORM_CURLY), canonical);
	CHECK_TEXT(cfgt_format(set, CFG_FORM_SET), set);
	free(set);
}

static void forms_give_same_json(void)
{
	char *json = cfgt_format(canonical, CFG_FORM_JSON);

	CHECK_TEXT(twice(canonical, CFG_FORM_SET, CFG_FORM_JSON), json);
	free(json);
}

static void set_form(void)
{
	CHECK_TEXT(
		cfgt_format("/* sys */ system { host-name a; /* same line */ note b; }\n"
			    "inactive: vlans { inactive: v { vlan-id 1; interface [ a b ]; } w;\n"
			    "  x { inactive: interface [ a b ]; inactive: vlan-id 3; } }",
			CFG_FORM_SET),
		"# same line\n"
		"set system host-name a\n"
		"set system note b\n"
		"annotate system sys\n"
		"set vlans v vlan-id 1\n"
		"set vlans v interface a\n"
		"set vlans v interface b\n"
		"deactivate vlans v\n"
		"set vlans w\n"
		"set vlans x interface a\n"
		"set vlans x interface b\n"
		"deactivate vlans x interface\n"
		"set vlans x vlan-id 3\n"
		"deactivate vlans x vlan-id\n"
		"deactivate vlans\n");
}

static void remarks_of_junos_are_not_kept(void)
{
	CHECK_TEXT(cfgt_format("## Last changed: 2024\nsystem { note a; ## SECRET-DATA\n# b\n }\n",
			   CFG_FORM_CURLY),
		"/* b */\nsystem {\n    note a;\n}\n");
}

static void comments_cannot_break_out(void)
{
	CHECK_TEXT(cfgt_format("# a */ b\nsystem { note a; }", CFG_FORM_CURLY),
		"/* a * / b */\nsystem {\n    note a;\n}\n");
	CHECK_TEXT(cfgt_format("/* a\n set b */\nsystem { note a; }", CFG_FORM_SET),
		"set system note a\nannotate system \"a\\nset b\"\n");
}

static void values_are_canonical(void)
{
	CHECK_TEXT(cfgt_format("interfaces { a { unit 00 { } mtu 01500; } a { unit 0; } }",
			   CFG_FORM_SET),
		"set interfaces a unit 0\nset interfaces a mtu 1500\n");
}

static void json_form(void)
{
	char *text = cfgt_format(
		"/* c */ system { note \"\\\"\\n\"; }\ninterfaces { /* i */ inactive: a {"
		" mtu 300; /* m */ inactive: disable; unit 1; } b; }\n"
		"apply-groups g; groups { g { system { note x; } } }\n"
		"options { limit 4; voip x { vlan 3; } }",
		CFG_FORM_JSON);
	json_error_t error;
	json_t *got = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	json_t *want = json_loads(
		"{\"configuration\": {"
		"\"system\": {\"@\": {\"comment\": [\"c\"]}, \"note\": \"\\\"\\n\"},"
		"\"interfaces\": {\"interface\": [{\"@\": {\"inactive\": true, \"comment\": "
		"[\"i\"]},"
		"  \"name\": \"a\", \"mtu\": 300, \"@mtu\": {\"comment\": [\"m\"]}, \"disable\": "
		"[null],"
		"  \"@disable\": {\"inactive\": true}, \"unit\": [{\"name\": \"1\"}]}, {\"name\": "
		"\"b\"}]},"
		"\"apply-groups\": [\"g\"],"
		"\"groups\": [{\"name\": \"g\", \"system\": {\"note\": \"x\"}}],"
		"\"options\": {\"limit\": {\"count\": 4}, \"voip\": [{\"name\": \"x\", \"vlan\": "
		"\"3\"}]}}}",
		0, &error);

	CU_ASSERT_PTR_NOT_NULL(want);
	if (!json_equal(got, want))
		fputs(text, stderr);
	CU_ASSERT(json_equal(got, want));
	json_decref(got);
	json_decref(want);
	free(text);
}

static void not_supported_is_kept_as_written(void)
{
	static const char text[] = "options {\n"
				   "    firewall filter f {\n"
				   "        term \"1 2\" {\n"
				   "            then [ accept log ];\n"
				   "            inactive: count x;\n"
				   "        }\n"
				   "    }\n"
				   "    firewall {\n"
				   "        policer p;\n"
				   "        /* q */\n"
				   "        policer q {\n"
				   "            /* r */\n"
				   "            rate 1;\n"
				   "        }\n"
				   "    }\n"
				   "    firewall filter g;\n"
				   "}\n";

	CHECK_TEXT(cfgt_format(text, CFG_FORM_CURLY), text);
	CHECK_TEXT(cfgt_format(text, CFG_FORM_SET),
		"set options firewall filter f term \"1 2\" then [ accept log ]\n"
		"set options firewall filter f term \"1 2\" count x\n"
		"deactivate options firewall filter f term \"1 2\" count x\n"
		"set options firewall policer p\n"
		"# q\n"
		"# r\n"
		"set options firewall policer q rate 1\n"
		"set options firewall filter g\n");
	CHECK_TEXT(cfgt_format("set system services ssh root-login deny\n", CFG_FORM_CURLY),
		"system {\n    services ssh root-login deny;\n}\n");
}

static const struct unit_case cases[] = {
	{"the curly form is printed as it is read", curly_is_stable},
	{"curly to set and back gives the same text", curly_to_set_and_back},
	{"curly and set give the same JSON", forms_give_same_json},
	{"set lines carry inactive statements and comments", set_form},
	{"remarks of Junos itself are not kept", remarks_of_junos_are_not_kept},
	{"a comment never becomes a statement", comments_cannot_break_out},
	{"values are printed in their canonical spelling", values_are_canonical},
	{"JSON has the shape of display json", json_form},
	{"what is not supported is printed as it was written", not_supported_is_kept_as_written},
};

const struct unit_suite cfg_print_suite = {
	.name = "cfg_print",
	.cases = cases,
	.n = UNIT_N(cases),
};
