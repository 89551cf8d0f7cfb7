/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/cfg_testlib.h"

#include <stdlib.h>
#include <string.h>

#define DATA(inner) "{\"t:configuration\":{" inner "}}"

static void both_forms_give_same_data(void)
{
	static const char expected[] = DATA(
		"\"system\":{\"host-name\":\"a\"},"
		"\"interfaces\":{\"interface\":[{\"name\":\"ge-0/0/0\",\"disable\":[null],"
		"\"mtu\":1500,\"unit\":[{\"name\":0,\"family\":{\"bridge\":{\"mode\":\"trunk\","
		"\"members\":[\"a\",\"b\"]}}}]}]}");

	CHECK_TEXT(cfgt_data("system { host-name a; }\n"
			     "interfaces { ge-0/0/0 { mtu 1500; disable; unit 0 { family bridge {"
			     " mode trunk; members [ a b ]; } } } }"),
		expected);
	CHECK_TEXT(cfgt_data("set system host-name a\n"
			     "set interfaces ge-0/0/0 mtu 1500 disable\r\n"
			     "  set interfaces ge-0/0/0 unit 0 family bridge mode trunk members a\n"
			     "\n"
			     "set interfaces ge-0/0/0 unit 0 family bridge members [ a b ]"),
		expected);
}

static void empty_text_is_a_configuration(void)
{
	CHECK_TEXT(cfgt_data(""), "{}");
	CHECK_TEXT(cfgt_data("# nothing\n/* here */\n"), "{}");
	CHECK_TEXT(cfgt_format("", CFG_FORM_CURLY), "");
	CHECK_TEXT(cfgt_format("", CFG_FORM_SET), "");
	CHECK_TEXT(cfgt_format("", CFG_FORM_JSON), "{\n  \"configuration\": {}\n}\n");
}

static void words_go_on_over_levels(void)
{
	static const char expected[] = DATA(
		"\"interfaces\":{\"interface\":[{\"name\":\"a\",\"unit\":[{\"name\":0,"
		"\"family\":{\"bridge\":{\"mode\":\"access\"}}}]}]}");

	CHECK_TEXT(cfgt_data("interfaces a unit 0 family bridge mode access;"), expected);
	CHECK_TEXT(cfgt_data("interfaces a { unit 0 family bridge { mode access; } }"), expected);
}

static void same_block_twice_is_one(void)
{
	CHECK_TEXT(cfgt_data("interfaces { a { mtu 1500; } }\ninterfaces { a { disable; } }"),
		DATA("\"interfaces\":{\"interface\":[{\"name\":\"a\",\"disable\":[null],"
		     "\"mtu\":1500}]}"));
}

static void cli_names_aliases_and_omitted_names(void)
{
	static const char lag[] = DATA("\"interfaces\":{\"interface\":[{\"name\":\"a\","
				       "\"ether-options\":{\"lag\":{\"bundle\":\"ae0\"}}}]}");
	static const char limit[] = DATA(
		"\"options\":{\"limit\":{\"count\":9,\"action\":\"drop\"}}");

	CHECK_TEXT(cfgt_data("interfaces { a { gigether-options { 802.3ad ae0; } } }"), lag);
	CHECK_TEXT(cfgt_data("interfaces { a { ether-options { 802.3ad { ae0; } } } }"), lag);
	CHECK_TEXT(cfgt_data("set options limit 9 action drop"), limit);
	CHECK_TEXT(cfgt_data("options { limit 9 { action drop; } }"), limit);
	CHECK_TEXT(cfgt_data("options { limit { 9; action drop; } }"), limit);
}

static void lists_with_several_keys_and_in_brackets(void)
{
	CHECK_TEXT(cfgt_data("options { pair a 1 { x; } pair a 2; pair b 1; }"),
		DATA("\"options\":{\"pair\":[{\"a\":\"a\",\"b\":1,\"x\":[null]},{\"a\":\"a\",\"b\":"
		     "2},"
		     "{\"a\":\"b\",\"b\":1}]}"));
	CHECK_TEXT(cfgt_data("set options interface [ a b ]"),
		DATA("\"options\":{\"interface\":[{\"name\":\"a\"},{\"name\":\"b\"}]}"));
	CHECK_TEXT(cfgt_errors("options { interface [ a b ] { x; } pair [ a ]; }"),
		"1:27 syntax nothing may follow a list of 'interface', and it may not be empty\n"
		"1:41 missing 'pair' needs a name\n");
}

static void inactive_is_not_data(void)
{
	CHECK_TEXT(cfgt_data("inactive: system { host-name a; }\n"
			     "interfaces { a { inactive: mtu 1500; disable; }"
			     " b { unit 0 { family bridge { members [ x y ]; inactive: members z; "
			     "} } } }"),
		DATA("\"interfaces\":{\"interface\":[{\"name\":\"a\",\"disable\":[null]},"
		     "{\"name\":\"b\",\"unit\":[{\"name\":0,\"family\":{\"bridge\":{\"members\":"
		     "[\"x\",\"y\"]}}}]}]}"));
	CHECK_TEXT(
		cfgt_data(
			"set system host-name a note b\ndeactivate system host-name\n"
			"set vlans v vlan-id 1\ndeactivate vlans v\nset vlans w interface [ a b ]\n"
			"deactivate vlans w interface a\nset vlans x vlan-id 2\ndeactivate vlans "
			"x\n"
			"activate vlans x\n"),
		DATA("\"system\":{\"note\":\"b\"},\"vlans\":{\"vlan\":[{\"name\":\"w\","
		     "\"interface\":"
		     "[\"b\"]},{\"name\":\"x\",\"vlan-id\":2}]}"));
}

static void set_lines_change_what_is_there(void)
{
	CHECK_TEXT(cfgt_data("set system host-name a\nset system host-name b\n"
			     "set vlans v vlan-id 1\ndelete vlans v vlan-id\n"
			     "set vlans w vlan-id 2\ndelete vlans w\n"
			     "set vlans x interface [ a b c ]\ndelete vlans x interface b\n"
			     "set vlans y interface a\ndelete vlans y interface a\n"
			     "set vlans z interface [ a b ]\ndelete vlans z interface\n"),
		DATA("\"system\":{\"host-name\":\"b\"},\"vlans\":{\"vlan\":[{\"name\":\"v\"},"
		     "{\"name\":\"x\",\"interface\":[\"a\",\"c\"]},{\"name\":\"y\"},{\"name\":"
		     "\"z\"}]}"));
}

static void quoted_words(void)
{
	CHECK_TEXT(cfgt_data("system { note \"a; b { \\\"c\\\" \\\\ \\d # \\n\"; }"),
		DATA("\"system\":{\"note\":\"a; b { \\\"c\\\" \\\\ \\\\d # \\u000A\"}"));
	CHECK_TEXT(cfgt_format("system { note \"a \\\"c\\\" \\\\ \\n\"; }", CFG_FORM_SET),
		"set system note \"a \\\"c\\\" \\\\ \\n\"\n");
	CHECK_TEXT(cfgt_format("system { note inactive:; }\nvlans { \"inactive:\"; \"\"; }",
			   CFG_FORM_CURLY),
		"system {\n    note \"inactive:\";\n}\nvlans {\n    \"inactive:\";\n    "
		"\"\";\n}\n");
	CHECK_TEXT(cfgt_data("\xef\xbb\xbfsystem { note \xc3\xa4/*x#y; }"),
		DATA("\"system\":{\"note\":\"\xc3\xa4/*x#y\"}"));
}

static void version_is_kept(void)
{
	CHECK_TEXT(cfgt_format("version 21.4R3.15;\nsystem { host-name a; }\n", CFG_FORM_SET),
		"set version 21.4R3.15\nset system host-name a\n");
}

static void positions_of_data(void)
{
	static const char text[] =
		"system {\n  host-name a;\n}\n"
		"interfaces {\n  ge-0/0/0 {\n    unit 0 { family bridge {\n"
		"      members [ a\n        b ]; } } } }\noptions { high; limit 3; }";

	CHECK_TEXT(cfgt_position(text, "/system/host-name"), "f:2:3 system host-name");
	CHECK_TEXT(cfgt_position(text, "/interfaces/interface[name='ge-0/0/0']"),
		"f:5:3 interfaces ge-0/0/0");
	CHECK_TEXT(cfgt_position(text,
			   "/interfaces/interface[name='ge-0/0/0']/unit[name='0']/family/bridge/"
			   "members[.='b']"),
		"f:8:9 interfaces ge-0/0/0 unit 0 family bridge members b");
	CHECK_TEXT(cfgt_position(text, "/options/age"), "f:9:1 options age");
	CHECK_TEXT(cfgt_position(text, "/options/limit/count"), "f:9:23 options limit 3");
	CHECK_TEXT(cfgt_position(
			   "set system host-name a\nset system host-name b\n", "/system/host-name"),
		"f:2:12 system host-name");
}

static void large_texts_are_quick(void)
{
	size_t size = 0;
	char *text = NULL, *got;
	FILE *f = open_memstream(&text, &size);

	/* Nothing is timed: with quadratic behaviour this would take minutes, and be noticed. */
	for (int i = 0; i < 20000; i++)
		fprintf(f,
			"set vlans v%d interface i%d\nset interfaces ge-0/0/0 unit 0 family bridge "
			"members m%d\n",
			i, i, i);
	fclose(f);
	got = cfgt_data(text);
	CU_ASSERT_PTR_NOT_NULL(strstr(got, "\"m19999\"]"));
	free(got);
	free(text);
}

static const struct unit_case cases[] = {
	{"both forms give the same data", both_forms_give_same_data},
	{"an empty text is a configuration", empty_text_is_a_configuration},
	{"the words of a statement go on over levels", words_go_on_over_levels},
	{"the same block twice is one", same_block_twice_is_one},
	{"names of the command line, aliases and omitted names",
		cli_names_aliases_and_omitted_names},
	{"lists with several keys and lists in brackets", lists_with_several_keys_and_in_brackets},
	{"what is inactive is not in the data", inactive_is_not_data},
	{"set lines change and delete what is there", set_lines_change_what_is_there},
	{"quoted words keep every character", quoted_words},
	{"the version statement is kept", version_is_kept},
	{"data knows its place in the text", positions_of_data},
	{"40,000 lines are no problem", large_texts_are_quick},
};

const struct unit_suite cfg_parse_suite = {
	.name = "cfg_parse",
	.cases = cases,
	.n = UNIT_N(cases),
};
