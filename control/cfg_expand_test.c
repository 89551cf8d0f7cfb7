/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/cfg_testlib.h"

#include <stdlib.h>
#include <string.h>

#include "control/cfg_int.h"

#define DATA(inner)	   "{\"t:configuration\":{" inner "}}"
#define IFACE(name, inner) "{\"name\":\"" name "\"" inner "}"

/* ---- Groups ----------------------------------------------------------------------------------- */

static void own_statement_wins(void)
{
	CHECK_TEXT(cfgt_data("groups { g { system { host-name g; note g; } } }\n"
			     "apply-groups g;\nsystem { host-name own; }"),
		DATA("\"system\":{\"host-name\":\"own\",\"note\":\"g\"}"));
	CHECK_TEXT(cfgt_data("set groups g system host-name g note g\nset apply-groups g\n"
			     "set system host-name own"),
		DATA("\"system\":{\"host-name\":\"own\",\"note\":\"g\"}"));
}

static void first_group_wins(void)
{
	CHECK_TEXT(cfgt_data("groups { a { system { host-name a; } }\n"
			     "b { system { host-name b; note b; } } }\napply-groups [ a b ];"),
		DATA("\"system\":{\"host-name\":\"a\",\"note\":\"b\"}"));
}

static void inner_groups_win(void)
{
	CHECK_TEXT(
		cfgt_data(
			"groups { out { interfaces { a { mtu 1000; speed 1g; } } }\n"
			"in { interfaces { a { mtu 2000; description in; } } } }\n"
			"apply-groups out;\ninterfaces { a { apply-groups in; } b { mtu 300; } }"),
		DATA("\"interfaces\":{\"interface\":[" IFACE(
			"a", ",\"description\":\"in\",\"mtu\":2000,\"speed\":\"1g\"") "," IFACE("b",
			",\"mtu\":300") "]}"));
}

static void excepted_groups_give_nothing(void)
{
	CHECK_TEXT(cfgt_data("groups { g { interfaces { <*> { mtu 1000; } } } }\napply-groups g;\n"
			     "interfaces { a; b { apply-groups-except g; } c { apply-groups-except "
			     "[ g ];"
			     " disable; } }"),
		DATA("\"interfaces\":{\"interface\":[" IFACE("a", ",\"mtu\":1000") "," IFACE(
			"b", "") "," IFACE("c", ",\"disable\":[null]") "]}"));
}

static void wildcards_match_what_exists(void)
{
	CHECK_TEXT(cfgt_data("groups { g { interfaces {\n"
			     "<ge-*> { mtu 1000; unit <*> { family bridge { members z; } } }\n"
			     "<*-0/0/[0-1]> { disable; }\n \"<?e-0/0/9>\" { mtu 900; speed 10g; }\n"
			     "new { mtu 500; } } } }\napply-groups g;\n"
			     "interfaces { ge-0/0/0 { unit 0; unit 1 { family bridge { members a; "
			     "} } }\n"
			     "xe-0/0/1; ge-0/0/9; }"),
		DATA("\"interfaces\":{\"interface\":[" IFACE("ge-0/0/0",
			",\"disable\":[null],\"mtu\":1000,\"unit\":[{\"name\":0,\"family\":{"
			"\"bridge\":"
			"{\"members\":[\"z\"]}}},{\"name\":1,\"family\":{\"bridge\":{\"members\":["
			"\"a\","
			"\"z\"]}}}]") "," IFACE("xe-0/0/1",
			",\"disable\":[null]") "," IFACE("ge-0/0/9",
			",\"mtu\":1000,\"speed\":\"10g\"") "," IFACE("new", ",\"mtu\":500") "]}"));
}

static void groups_apply_groups(void)
{
	CHECK_TEXT(cfgt_data("groups { a { apply-groups b; system { note a; } }\n"
			     "b { apply-groups a; system { note b; host-name b; } } }\n"
			     "apply-groups a;"),
		DATA("\"system\":{\"host-name\":\"b\",\"note\":\"a\"}"));
	CHECK_TEXT(cfgt_data("groups { a { interfaces { <*> { apply-groups b; } } }\n"
			     "b { interfaces { <x*> { mtu 700; } } } }\napply-groups a;\n"
			     "interfaces { x1; y1; }"),
		DATA("\"interfaces\":{\"interface\":[" IFACE("x1", ",\"mtu\":700") "," IFACE(
			"y1", "") "]}"));
}

static void inactive_groups_give_nothing(void)
{
	CHECK_TEXT(cfgt_data("groups { inactive: a { system { host-name a; } }\n"
			     "b { system { inactive: host-name b; note b; } } c { system { note c; "
			     "} } }\n"
			     "apply-groups [ a b ];\ninactive: apply-groups c;"),
		DATA("\"system\":{\"note\":\"b\"}"));
	/* What is inactive does not stand in the way of a group. */
	CHECK_TEXT(cfgt_data("groups { g { system { note g; } } }\napply-groups g;\n"
			     "system { inactive: note own; }"),
		DATA("\"system\":{\"note\":\"g\"}"));
}

static void mistakes_in_groups(void)
{
	CHECK_TEXT(cfgt_errors("groups { leaf { system { } } }\napply-groups leav;\n"
			       "interfaces { a { apply-groups nix; } }"),
		"2:14 not-found there is no group 'leav'; did you mean 'leaf'?\n"
		"3:31 not-found there is no group 'nix'\n");
	CHECK_TEXT(
		cfgt_errors("groups { g { systm; interfaces { <*> { mtu 1; } } groups { h; } } }\n"
			    "interfaces { <*> { disable; } }"),
		"1:14 unknown-statement unknown statement 'systm' under 'groups g'; did you mean "
		"'system'?\n"
		"1:44 bad-value bad value '1' for 'mtu': it must be a number, 256 to 9216\n"
		"1:51 unknown-statement unknown statement 'groups' under 'groups g'\n"
		"2:14 bad-value '<*>' is a wildcard; these may stand in groups only\n");
	CHECK_TEXT(cfgt_errors("groups { g { system { services { ssh; } } } }"),
		"1:23 not-supported 'groups g system services' is not supported; remove or "
		"deactivate "
		"it\n");
	CHECK_TEXT(cfgt_errors("groups { g { apply-groups-except g; } }"),
		"1:14 not-supported 'apply-groups-except' is not supported inside a group\n");
}

static void inherited_data_has_place_of_origin(void)
{
	CHECK_TEXT(cfgt_position("groups { g { interfaces {\n <*> { mtu 1000; } } } }\n"
				 "apply-groups g;\ninterfaces { a; }",
			   "/interfaces/interface[name='a']/mtu"),
		"f:2:8 interfaces a mtu");
	CHECK_TEXT(cfgt_position("interfaces { interface-range r { member \"a[1-2]\";\n"
				 " member b;\n mtu 1000; } }",
			   "/interfaces/interface[name='a2']/mtu"),
		"f:3:2 interfaces a2 mtu");
	CHECK_TEXT(cfgt_position("interfaces { interface-range r { member \"a[1-2]\";\n"
				 " member b;\n mtu 1000; } }",
			   "/interfaces/interface[name='b']"),
		"f:2:9 interfaces b");
}

static void deep_nesting_of_groups_is_bounded(void)
{
	size_t size = 0;
	char *text = NULL, *got;
	FILE *f = open_memstream(&text, &size);

	for (int i = 0; i < 5000; i++)
		fprintf(f, "set groups g%d apply-groups g%d\n", i, i + 1);
	fprintf(f, "set groups g5000 system note x\nset apply-groups g0\n");
	fclose(f);
	got = cfgt_data(text);
	CU_ASSERT_PTR_NOT_NULL(strstr(got, "groups apply each other more than 64 deep"));
	free(got);
	free(text);
}

static void explosion_is_bounded(void)
{
	size_t size = 0;
	char *text = NULL, *got;
	FILE *f = open_memstream(&text, &size);

	for (int i = 0; i < 3000; i++)
		fprintf(f, "set groups g vlans <*> interface i%d\nset vlans v%d\n", i, i);
	fprintf(f, "set apply-groups g\n");
	fclose(f);
	got = cfgt_data(text);
	CU_ASSERT_PTR_NOT_NULL(strstr(got, "there are more than 2000000 statements"));
	free(got);
	free(text);
}

/* ---- Patterns --------------------------------------------------------------------------------- */

static void patterns(void)
{
	static const struct {
		const char *pattern, *text;
		bool match;
	} table[] = {
		{"", "", true},
		{"*", "", true},
		{"*", "abc", true},
		{"a*c", "abbc", true},
		{"a*c", "abbd", false},
		{"*b*", "abc", true},
		{"a?c", "abc", true},
		{"a?c", "ac", false},
		{"ge-0/0/[0-3]", "ge-0/0/2", true},
		{"ge-0/0/[0-3]", "ge-0/0/4", false},
		{"ge-0/0/[0-3]", "ge-0/0/12", false},
		{"[!a-c]x", "dx", true},
		{"[!a-c]x", "bx", false},
		{"[]a]", "]", true},
		{"[a", "a", true},
		{"[a-", "-", true},
		{"*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
		{"abc", "ab", false},
		{"ab", "abc", false},
	};

	for (size_t i = 0; i < UNIT_N(table); i++)
		CU_ASSERT_EQUAL(cfg_glob(table[i].pattern, table[i].text), table[i].match);
}

/* ---- Ranges ----------------------------------------------------------------------------------- */

static void members_are_counted_out(void)
{
	CHECK_TEXT(cfgt_data("interfaces { interface-range r { member ge-0/0/[0-1,7]; member x;\n"
			     "member-range ge-0/0/9 to ge-0/0/10; disable; } }"),
		DATA("\"interfaces\":{\"interface\":[" IFACE(
			"ge-0/0/0", ",\"disable\":[null]") "," IFACE("ge-0/0/1",
			",\"disable\":[null]") "," IFACE("ge-"
							 "0/"
							 "0/"
							 "7",
			",\"disable\":[null]") "," IFACE("x",
			",\"disable\":[null]") "," IFACE("ge-0/0/9",
			",\"disable\":[null]") "," IFACE("ge-0/0/10", ",\"disable\":[null]") "]}"));
	CHECK_TEXT(cfgt_data("set interfaces interface-range r member \"a[1-2]/[3,5]\""),
		DATA("\"interfaces\":{\"interface\":[" IFACE("a1/3", "") "," IFACE(
			"a1/5", "") "," IFACE("a2/3", "") "," IFACE("a2/5", "") "]}"));
}

static void star_matches_ports_of_chassis(void)
{
	char *got = cfgt_data(
		"interfaces { ge-0/0/77; interface-range r { member ge-*; mtu 1000; } }");

	/* An ex4400-24t has ge-0/0/0 to 23; one more is configured. */
	CU_ASSERT_PTR_NOT_NULL(strstr(got, "{\"name\":\"ge-0/0/23\",\"mtu\":1000}"));
	CU_ASSERT_PTR_NOT_NULL(strstr(got, "{\"name\":\"ge-0/0/77\",\"mtu\":1000}"));
	CU_ASSERT_PTR_NULL(strstr(got, "ge-0/0/24"));
	CU_ASSERT_PTR_NULL(strstr(got, "et-"));
	free(got);
	got = cfgt_data("chassis { model ex4400-48f; }\n"
			"interfaces { interface-range r { member \"xe-0/0/4?\"; } }");
	CU_ASSERT_PTR_NULL(strstr(got, "xe-0/0/39"));
	CU_ASSERT_PTR_NOT_NULL(strstr(got, "xe-0/0/47"));
	free(got);
}

static void interface_wins_over_range_and_range_over_group(void)
{
	CHECK_TEXT(cfgt_data("groups { g { interfaces { <*> { mtu 3000; speed 1g; description g; } "
			     "} } }\n"
			     "apply-groups g;\ninterfaces { a { mtu 1000; }\n"
			     "interface-range r { member a; mtu 2000; speed 10g; }\n"
			     "interface-range s { member a; speed 1g; disable; } }"),
		DATA("\"interfaces\":{\"interface\":[" IFACE("a",
			",\"description\":\"g\",\"disable\":[null],\"mtu\":1000,\"speed\":"
			"\"10g\"") "]"
				   "}"));
}

static void range_may_come_from_a_group(void)
{
	CHECK_TEXT(cfgt_data("groups { g { interfaces { interface-range <*> { mtu 2000; } } } }\n"
			     "apply-groups g;\ninterfaces { interface-range r { member a; } }"),
		DATA("\"interfaces\":{\"interface\":[" IFACE("a", ",\"mtu\":2000") "]}"));
}

static void range_names_stand_for_members(void)
{
	CHECK_TEXT(
		cfgt_data("interfaces { interface-range r { member \"a[1-2]\"; } }\n"
			  "vlans { v { interface [ x r.0 ]; } }\noptions { interface r { x; } }"),
		DATA("\"interfaces\":{\"interface\":[" IFACE("a1", "") "," IFACE(
			"a2", "") "]},\"vlans\":{\"vlan\":[{\"name\":\"v\",\"interface\":[\"x\","
				  "\"a1.0\",\"a2."
				  "0\"]}]},\"options\":{\"interface\":[{\"name\":\"a1\",\"x\":["
				  "null]},{\"name\":"
				  "\"a2\",\"x\":[null]}]}"));
}

static void mistakes_in_ranges(void)
{
	CHECK_TEXT(
		cfgt_errors(
			"interfaces { interface-range r {\n member \"a[2-1]\";\n member \"a[x]\";\n"
			" member \"a[1\";\n member none*;\n member-range a1 to b2;\n"
			" member-range a3;\n member-range a5 to a4;\n member \"a[0-9999]\";\n"
			" member-range 1 to 2; } }"),
		"2:9 bad-value 'a[2-1]': brackets hold numbers and ranges of numbers, as in "
		"ge-0/0/[0-5,7]\n"
		"3:9 bad-value 'a[x]': brackets hold numbers and ranges of numbers, as in "
		"ge-0/0/[0-5,7]\n"
		"4:9 bad-value 'a[1': brackets hold numbers and ranges of numbers, as in "
		"ge-0/0/[0-5,7]\n"
		"5:9 not-found member 'none*' matches no port\n"
		"6:2 bad-value the ends of 'member-range a1' must differ in their last number "
		"only, the "
		"smaller first, as in ge-0/0/0 to ge-0/0/5\n"
		"7:2 missing 'member-range a3' needs its end, as in ge-0/0/0 to ge-0/0/5\n"
		"8:2 bad-value the ends of 'member-range a5' must differ in their last number "
		"only, the "
		"smaller first, as in ge-0/0/0 to ge-0/0/5\n"
		"9:9 limit 'a[0-9999]' stands for more than 4096 names\n"
		"10:2 bad-value the ends of 'member-range 1' must differ in their last number "
		"only, the "
		"smaller first, as in ge-0/0/0 to ge-0/0/5\n");
	CHECK_TEXT(cfgt_errors("interfaces {\n interface-range r { mtu 1500; } }"),
		"2:2 missing 'interface-range r' has no member\n");
}

static const struct unit_case cases[] = {
	{"what is said explicitly wins over groups", own_statement_wins},
	{"the first group of a list wins", first_group_wins},
	{"groups applied further inside win", inner_groups_win},
	{"apply-groups-except keeps a group away", excepted_groups_give_nothing},
	{"wildcards match what exists and create nothing", wildcards_match_what_exists},
	{"groups may apply groups, also in a circle", groups_apply_groups},
	{"inactive groups and statements of groups give nothing", inactive_groups_give_nothing},
	{"mistakes in groups are found whether applied or not", mistakes_in_groups},
	{"inherited data has the place of its origin", inherited_data_has_place_of_origin},
	{"a chain of groups is bounded", deep_nesting_of_groups_is_bounded},
	{"groups times statements is bounded", explosion_is_bounded},
	{"patterns match as a shell's do, in linear time", patterns},
	{"members of a range are counted out", members_are_counted_out},
	{"a star matches the ports of the chassis", star_matches_ports_of_chassis},
	{"an interface wins over its range, a range over groups",
		interface_wins_over_range_and_range_over_group},
	{"groups may add to a range", range_may_come_from_a_group},
	{"the name of a range stands for its members", range_names_stand_for_members},
	{"mistakes in ranges are reported at the member", mistakes_in_ranges},
};

const struct unit_suite cfg_expand_suite = {
	.name = "cfg_expand",
	.cases = cases,
	.n = UNIT_N(cases),
};
