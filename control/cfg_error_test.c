/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/cfg_testlib.h"

#include <stdlib.h>
#include <string.h>

#include "control/cfg_int.h"

static void unknown_words_name_the_nearest(void)
{
	CHECK_TEXT(cfgt_errors("systm { host-name a; }\nsystem {\n  hostname a;\n}\nvlanz { }\n"
			       "xyzzy;\ngroup { a { vlan { } } }\nsystem { apply-grups x; }"),
		"1:1 unknown-statement unknown statement 'systm'; did you mean 'system'?\n"
		"3:3 unknown-statement unknown statement 'hostname' under 'system'; did you mean "
		"'host-name'?\n"
		"5:1 unknown-statement unknown statement 'vlanz'; did you mean 'vlans'?\n"
		"6:1 unknown-statement unknown statement 'xyzzy'\n"
		"7:1 unknown-statement unknown statement 'group'; did you mean 'groups'?\n"
		"8:10 unknown-statement unknown statement 'apply-grups' under 'system'; did you "
		"mean "
		"'apply-groups'?\n");
	CHECK_TEXT(cfgt_errors("interfaces { interface-rang r { member a; } }"),
		"1:29 unknown-statement unknown statement 'r' under 'interfaces interface-rang'; "
		"did you "
		"mean 'interface-range' instead of 'interface-rang'?\n");
}

static void bad_values_say_what_is_right(void)
{
	CHECK_TEXT(
		cfgt_errors("interfaces { a { mtu 9; speed 1gg; description \"123456789 123456789 "
			    "1\"; unit x; unit 65536; } }\n"
			    "system { host-name A; }\noptions { low 3; age -1; }"),
		"1:22 bad-value bad value '9' for 'mtu': it must be a number, 256 to 9216\n"
		"1:31 bad-value bad value '1gg' for 'speed': it must be 1g or 10g; did you mean "
		"'1g'?\n"
		"1:48 bad-value bad value '123456789 123456789 1' for 'description': it must have "
		"0 to 20 "
		"characters\n"
		"1:78 bad-value bad value 'x' for 'unit': it must be a number, 0 to 65535\n"
		"1:86 bad-value bad value '65536' for 'unit': it must be a number, 0 to 65535\n"
		"2:20 bad-value bad value 'A' for 'host-name': a host name has small letters and "
		"digits\n"
		"3:15 bad-value bad value '3' for 'low': it must be a number, -5 to -1 or 4\n"
		"3:22 bad-value bad value '-1' for 'age': it must be a number, 0 to 4294967295\n");
}

static void missing_values(void)
{
	CHECK_TEXT(cfgt_errors(
			   "system { host-name; note { } note [ a ]; }\n"
			   "interfaces { a { unit; unit 0 { family bridge { members; members [ ];\n"
			   "  members [ a ; } } } }\noptions { voip x; high { } }"),
		"1:10 missing 'host-name' needs a value\n"
		"1:21 missing 'note' takes a value, not a block\n"
		"1:35 missing 'note' takes one value, not a list\n"
		"2:18 missing 'unit' needs a name\n"
		"2:49 missing 'members' needs a value\n"
		"2:58 missing 'members' needs a value\n"
		"3:13 syntax ']' is missing\n"
		"4:19 syntax no block may follow 'high'\n");
	CHECK_TEXT(cfgt_errors("options {\n  voip x;\n}"),
		"2:3 missing 'options voip x' needs 'vlan'\n");
}

static void conflicts_and_duplicates(void)
{
	CHECK_TEXT(cfgt_errors("system {\n  host-name a;\n  host-name a;\n  host-name b;\n}"),
		"4:13 duplicate 'host-name' is 'b' here and 'a' on line 2; keep one\n");
	CHECK_TEXT(cfgt_errors("system { note x; }\noptions {\n  low 4;\n  high;\n}"),
		"2:1 conflict options: low excludes high\n");
	CHECK_TEXT(cfgt_errors("vlans { a {\n  tag b;\n }\n c {\n  tag d; } }"),
		"2:3 not-found vlans a tag: Invalid leafref value \"b\" - no target instance "
		"\"../../vlan/name\" with the same value.\n"
		"5:3 not-found vlans c tag: Invalid leafref value \"d\" - no target instance "
		"\"../../vlan/name\" with the same value.\n");
}

static void braces_and_semicolons(void)
{
	CHECK_TEXT(cfgt_errors("system {\n  host-name a\n  note b;\n"),
		"1:8 syntax this '{' has no '}'\n"
		"2:13 syntax ';' is missing after 'a'\n");
	CHECK_TEXT(cfgt_errors("system { note a }\n}\n;\n{ x; }\ninactive: ;"),
		"1:15 syntax ';' is missing after 'a'\n"
		"2:1 syntax this '}' closes nothing\n"
		"3:1 syntax a statement is expected before ';'\n"
		"4:1 syntax a statement is expected before '{'\n"
		"5:1 syntax a statement is expected after 'inactive:'\n");
	CHECK_TEXT(cfgt_errors("system { note \"a;\n }\n/* x"),
		"1:15 syntax this quoted text has no closing '\"' on its line; a line break in it "
		"is "
		"written \\n\n"
		"1:15 syntax ';' is missing after 'a;'\n"
		"3:1 syntax this comment has no closing '*/'\n");
}

static void set_lines(void)
{
	CHECK_TEXT(cfgt_errors("set\nsett system\nrename vlans a to b\nset system { note a; }\n"
			       "delete vlans v\nset vlans v vlan-id 1\ndelete vlans v vlan-id 2\n"
			       "deactivate vlans w\nannotate vlans \nannotate vlans [ a ]\n"
			       "set vlans v vlan-id 1 vlan-name x\nset system note ["),
		"1:1 missing 'set' needs a statement\n"
		"2:1 syntax a line begins with set, delete, deactivate, activate or annotate, not "
		"'sett'; did you mean 'set'?\n"
		"3:1 not-supported 'rename' is a command of a session; write the set lines that it "
		"leads "
		"to\n"
		"4:12 syntax braces and ';' may not stand in set lines; quote them if they are "
		"text\n"
		"5:8 not-found there is no 'vlans' at this point of the file\n"
		"7:24 not-found there is no '2' under 'vlans v' at this point of the file\n"
		"8:18 not-found there is no 'w' under 'vlans' at this point of the file\n"
		"9:10 missing 'annotate' needs a statement and a text in quotes\n"
		"10:20 missing 'annotate' needs a statement and a text in quotes\n"
		"11:23 unknown-statement unknown statement 'vlan-name' under 'vlans v'\n"
		"12:17 missing 'note' takes one value, not a list\n");
}

static void not_supported_is_refused_unless_inactive(void)
{
	CHECK_TEXT(cfgt_errors(
			   "system {\n  services { ssh { anything at; all [ x ]; } }\n}\n"
			   "interfaces { a { unit 0 {\n family inet { address 10.0.0.1/8; } } } }\n"
			   "protect: options { }"),
		"2:3 not-supported 'system services' is not supported; remove or deactivate it\n"
		"5:9 not-supported 'interfaces a unit 0 family inet' is not supported; remove or "
		"deactivate it\n"
		"6:1 not-supported 'protect:' is not supported; write the configuration as it "
		"shall be, "
		"without it\n");
	CHECK_TEXT(cfgt_data("system { inactive: services { ssh; } }\n"
			     "inactive: interfaces { a { unit 0 { family inet; } } }\n"
			     "options { firewall { inactive: filter f { term; } } }"),
		"{}");
	CHECK_TEXT(cfgt_errors("set system services ssh\nset system services netconf ssh\n"),
		"1:12 not-supported 'system services' is not supported; remove or deactivate it\n");
	CHECK_TEXT(cfgt_errors("set system services ssh\ndeactivate system services\n"), "");
	CHECK_TEXT(
		cfgt_errors("set options firewall filter f term a\nset options firewall filter g\n"
			    "deactivate options firewall filter f\n"),
		"1:13 not-supported 'options firewall' is not supported; remove or deactivate "
		"it\n");
	CHECK_TEXT(
		cfgt_errors("set options firewall filter f term a\nset options firewall filter g\n"
			    "deactivate options firewall filter\n"),
		"");
}

static void bad_bytes(void)
{
	struct vex_errs errs = {0};
	static const char zero[] = "system { note \"a\0b\"; }";

	CHECK_TEXT(cfgt_errors("system { note \x01; }\nvlans { \"\xff\"; }\n# \xc0\x80\nvlans { "
			       "\xed\xa0\x80; }"),
		"1:15 syntax control character 0x01 may not stand in a configuration\n"
		"2:10 syntax byte 0xff is not UTF-8 text\n"
		"3:3 syntax byte 0xc0 is not UTF-8 text\n"
		"3:4 syntax byte 0x80 is not UTF-8 text\n"
		"4:9 syntax byte 0xed is not UTF-8 text\n"
		"4:10 syntax byte 0xa0 is not UTF-8 text\n"
		"4:11 syntax byte 0x80 is not UTF-8 text\n");
	CU_ASSERT_PTR_NULL(cfg_parse(zero, sizeof zero - 1, "z", &errs));
	CU_ASSERT_EQUAL(errs.n, 2);
	CU_ASSERT_EQUAL(errs.v[0].kind, VEX_ERR_UNKNOWN);
	CU_ASSERT_EQUAL(errs.v[1].kind, VEX_ERR_SYNTAX);
	vex_errs_free(&errs);
}

static void bounds(void)
{
	char text[4 * (CFG_DEPTH_MAX + 40)] = "options { firewall ", *got;
	size_t size = 0;
	char *many = NULL;
	FILE *f = open_memstream(&many, &size);

	for (int i = 0; i < CFG_DEPTH_MAX + 20; i++)
		strcat(text, "{ a ");
	got = cfgt_errors(text);
	CU_ASSERT_PTR_NOT_NULL(strstr(got, "blocks are nested deeper than 64\n"));
	free(got);
	for (int i = 0; i < VEX_ERRS_MAX + 50; i++)
		fputs("x;\n", f);
	fclose(f);
	got = cfgt_errors(many);
	CU_ASSERT_PTR_NOT_NULL(strstr(got, "\n1000:1 "));
	CU_ASSERT_PTR_NOT_NULL(strstr(got, "and 50 more\n"));
	free(got);
	free(many);
}

static void distances(void)
{
	CU_ASSERT_EQUAL(cfg_distance("vlans", "vlans", 3), 0);
	CU_ASSERT_EQUAL(cfg_distance("vlans", "vlanz", 3), 1);
	CU_ASSERT_EQUAL(cfg_distance("vlnas", "vlans", 3), 1);
	CU_ASSERT_EQUAL(cfg_distance("vlan", "vlans", 3), 1);
	CU_ASSERT_EQUAL(cfg_distance("", "abc", 3), 3);
	CU_ASSERT_EQUAL(cfg_distance("kitten", "sitting", 3), 3);
	CU_ASSERT_EQUAL(cfg_distance("abcdef", "ghijkl", 3), 4);
	CU_ASSERT_EQUAL(cfg_distance("a", "abcdef", 3), 4);
}

static void paths_without_names(void)
{
	static const struct {
		const char *path, *statement;
	} table[] = {
		{"", ""},
		{"system services", "system services"},
		{"interfaces ge-0/0/0 unit 0 family inet", "interfaces unit family inet"},
		{"interfaces interface-range r mtu", "interfaces interface-range mtu"},
		{"vlans v10 vlan-idd", "vlans vlan-idd"},
		{"vlans v10 interface ge-0/0/0.0", "vlans interface"},
	};
	struct vex_errs errs = {0};
	struct cfg_schema *schema = cfg_schema_create(&errs);

	CU_ASSERT_PTR_NOT_NULL_FATAL(schema);
	for (size_t i = 0; i < UNIT_N(table); i++)
		CHECK_TEXT(cfg_statement(schema, table[i].path), table[i].statement);
	cfg_schema_free(schema);
}

static void built_in_schema_is_whole(void)
{
	static const char text[] = "set interfaces ge-0/0/0 unit 0 family ethernet-switching\n"
				   "set vlans v10 vlan-id 10\nset system host-name leaf\n";
	struct vex_errs errs = {0};
	struct cfg *cfg = cfg_parse(text, sizeof text - 1, "f", &errs);

	CU_ASSERT_PTR_NOT_NULL(cfg);
	CU_ASSERT_FALSE(vex_errs_any(&errs));
	CU_ASSERT_FALSE(cfg == NULL || cfg_is_empty(cfg));
	cfg_free(cfg);
}

static void errors_are_values(void)
{
	struct vex_errs errs = {0};
	struct vex_pos late = {.file = "f", .line = 9, .column = 1}, early = {"f", 2, 7};
	char line[80] = "";
	FILE *f = fmemopen(line, sizeof line, "w");

	vex_err_add(&errs, VEX_ERR_IO, NULL, NULL, NULL, "last, without a place");
	vex_err_add(&errs, VEX_ERR_VALUE, &late, "a b", "c", "n is %d", 3);
	vex_err_add(&errs, VEX_ERR_SYNTAX, &early, NULL, NULL, "first");
	vex_errs_sort(&errs);
	CU_ASSERT_STRING_EQUAL(errs.v[0].text, "first");
	CU_ASSERT_STRING_EQUAL(errs.v[1].text, "n is 3");
	CU_ASSERT_STRING_EQUAL(errs.v[1].path, "a b");
	CU_ASSERT_STRING_EQUAL(errs.v[1].value, "c");
	CU_ASSERT_STRING_EQUAL(errs.v[2].text, "last, without a place");
	vex_err_print(&errs.v[0], f);
	vex_err_print(&errs.v[2], f);
	fclose(f);
	CU_ASSERT_STRING_EQUAL(line, "f:2:7: first\nlast, without a place\n");
	vex_errs_free(&errs);
	CU_ASSERT_FALSE(vex_errs_any(&errs));
}

static const struct unit_case cases[] = {
	{"an unknown word is reported with the nearest known one", unknown_words_name_the_nearest},
	{"a bad value is reported with what would be right", bad_values_say_what_is_right},
	{"missing values, names and statements are reported", missing_values},
	{"duplicates and conflicts are reported at the statement", conflicts_and_duplicates},
	{"unbalanced braces and missing semicolons are found where they are",
		braces_and_semicolons},
	{"mistakes in set lines do not hide those of other lines", set_lines},
	{"what is not supported is refused once, unless inactive",
		not_supported_is_refused_unless_inactive},
	{"bytes that are no text are refused", bad_bytes},
	{"nesting and the number of errors are bounded", bounds},
	{"the distance of words counts typing mistakes", distances},
	{"a path without names says what an error is about", paths_without_names},
	{"the built-in schema loads and is used", built_in_schema_is_whole},
	{"errors are values in the order of the text", errors_are_values},
};

const struct unit_suite cfg_error_suite = {
	.name = "cfg_error",
	.cases = cases,
	.n = UNIT_N(cases),
};
