/* SPDX-License-Identifier: BSD-3-Clause */
/* Texts of a configuration at a path, in each form, as written and as meant. */
#include "control/confdb_testlib.h"

#include <stdlib.h>
#include <string.h>

#include "control/confdb_int.h"

static const char config[] = "/* head */\n"
			     "groups {\n"
			     "    big {\n"
			     "        interfaces {\n"
			     "            <ge-*> {\n"
			     "                mtu 9000;\n"
			     "            }\n"
			     "        }\n"
			     "    }\n"
			     "}\n"
			     "apply-groups big;\n"
			     "interfaces {\n"
			     "    interface-range r {\n"
			     "        member ge-0/0/7;\n"
			     "        description \"in range\";\n"
			     "    }\n"
			     "    ge-0/0/0 {\n"
			     "        description first;\n"
			     "        unit 0 {\n"
			     "            family ethernet-switching {\n"
			     "                vlan {\n"
			     "                    members [ v10 20 ];\n"
			     "                }\n"
			     "            }\n"
			     "        }\n"
			     "    }\n"
			     "}\n"
			     "vlans {\n"
			     "    inactive: v10 {\n"
			     "        /* ten */\n"
			     "        vlan-id 10;\n"
			     "    }\n"
			     "    v20 {\n"
			     "        vlan-id 20;\n"
			     "    }\n"
			     "}\n";

static void get(const char *path, enum cfg_form form, const char *expected, int at)
{
	struct confdbt t;

	confdbt_open(&t, "");
	CHECK_TEXT(confdbt_load(&t, CONFDB_LOAD_OVERRIDE, "", config), "");
	CU_ASSERT(confdbt_equal(confdbt_get(&t, "candidate", path, form), expected, __FILE__, at));
	confdbt_close(&t);
}
#define GET(path, form, expected) get(path, CFG_FORM_##form, expected, __LINE__)

static void curly_without_the_levels_above(void)
{
	GET("", CURLY, config);
	GET("vlans", CURLY,
		"inactive: v10 {\n    /* ten */\n    vlan-id 10;\n}\nv20 {\n    vlan-id 20;\n}\n");
	GET("vlans v10", CURLY, "/* ten */\nvlan-id 10;\n");
	GET("vlans v20 vlan-id", CURLY, "vlan-id 20;\n");
	GET("interfaces ge-0/0/0 unit 0 family ethernet-switching vlan members", CURLY,
		"members [ v10 20 ];\n");
	GET("interfaces ge-0/0/0 unit 0 family ethernet-switching vlan members 20", CURLY,
		"members 20;\n");
	GET("interfaces ge-0/0/0 unit 0", CURLY,
		"family ethernet-switching {\n    vlan {\n        members [ v10 20 ];\n    }\n}\n");
	GET("vlans v30", CURLY, "");
	GET("vlans nonsense x", CURLY, "");
	GET("nonsense", CURLY, "unknown-statement: unknown statement 'nonsense'\n");
}

static void set_lines_from_the_top(void)
{
	GET("vlans", SET,
		"# ten\nset vlans v10 vlan-id 10\ndeactivate vlans v10\nset vlans v20 vlan-id "
		"20\n");
	GET("vlans v20 vlan-id", SET, "set vlans v20 vlan-id 20\n");
	GET("vlans v30", SET, "");
}

static void json_from_the_top(void)
{
	GET("vlans v20", JSON,
		"{\n  \"configuration\": {\n    \"vlans\": {\n      \"vlan\": [\n        {\n"
		"          \"name\": \"v20\",\n          \"vlan-id\": 20\n        }\n      ]\n    "
		"}\n"
		"  }\n}\n");
	GET("vlans v30", JSON, "{\n  \"configuration\": {}\n}\n");
}

static void inheritance_is_what_is_meant(void)
{
	struct confdb_source candidate = {.kind = CONFDB_CANDIDATE};
	struct confdbt t;
	char *text;

	confdbt_open(&t, "");
	CHECK_TEXT(confdbt_load(&t, CONFDB_LOAD_OVERRIDE, "", config), "");
	CU_ASSERT_EQUAL_FATAL(confdb_get(t.s, &candidate, "interfaces ge-0/0/7", CFG_FORM_CURLY,
				      true, &text, &t.errs),
		0);
	CHECK_TEXT(text, "##\n## 'in range' was expanded from interface-range 'r'\n##\n"
			 "description \"in range\";\n"
			 "##\n## '9000' was inherited from group 'big'\n##\n"
			 "mtu 9000;\n");
	CU_ASSERT_EQUAL_FATAL(
		confdb_get(t.s, &candidate, "vlans", CFG_FORM_CURLY, true, &text, &t.errs), 0);
	CHECK_TEXT(text, "v20 {\n    vlan-id 20;\n}\n");
	confdbt_must(&t, t.s,
		"set groups list vlans v20 vlan-id-list [ 7 8 ]\n"
		"set groups list vlans v30 vlan-id 30\n"
		"set groups list interfaces ge-0/0/0 disable\n"
		"set vlans apply-groups list\n"
		"annotate vlans v20 twenty\n"
		"set vlans v20 vlan-id-list 9");
	CU_ASSERT_EQUAL_FATAL(
		confdb_get(t.s, &candidate, "vlans", CFG_FORM_CURLY, true, &text, &t.errs), 0);
	CHECK_TEXT(text, "/* twenty */\nv20 {\n    vlan-id 20;\n"
			 "    ##\n    ## '7' was inherited from group 'list'\n"
			 "    ## '8' was inherited from group 'list'\n    ##\n"
			 "    vlan-id-list [ 9 7 8 ];\n}\n"
			 "##\n## 'v30' was inherited from group 'list'\n##\nv30 {\n"
			 "    ##\n    ## '30' was inherited from group 'list'\n    ##\n"
			 "    vlan-id 30;\n}\n");
	confdbt_must(&t, t.s,
		"delete groups list\ndelete vlans apply-groups\nannotate vlans v20 \"\"\n"
		"delete vlans v20 vlan-id-list\nset apply-groups nowhere");
	CU_ASSERT_EQUAL(confdb_get(t.s, &candidate, "", CFG_FORM_CURLY, true, &text, &t.errs), -1);
	CHECK_TEXT(confdbt_take(&t.errs), "not-found: there is no group 'nowhere'\n");
	/* Asking has changed nothing. */
	CHECK_TEXT(confdbt_edit(&t, "", "delete apply-groups nowhere"), "");
	CHECK_TEXT(confdbt_candidate(&t, t.s), config);
	confdbt_close(&t);
}

/* A text that says something of a level of a group leaves the group's patterns as they are. */
static void patterns_survive_a_load(void)
{
	struct confdb_source candidate = {.kind = CONFDB_CANDIDATE};
	struct confdbt t;
	char *text;

	confdbt_open(&t, "");
	CHECK_TEXT(confdbt_load(&t, CONFDB_LOAD_OVERRIDE, "", config), "");
	CHECK_TEXT(confdbt_load(&t, CONFDB_LOAD_MERGE, "",
			   "groups { big { /* ports */ interfaces { ae0 { mtu 1514; } } } }"),
		"");
	CU_ASSERT_EQUAL_FATAL(confdb_get(t.s, &candidate, "interfaces ge-0/0/0 mtu", CFG_FORM_SET,
				      true, &text, &t.errs),
		0);
	CHECK_TEXT(text, "set interfaces ge-0/0/0 mtu 9000\n");
	confdbt_close(&t);
}

/* vex-re lives for months and is asked all the time. */
static void asking_costs_no_memory(void)
{
	size_t before;
	struct confdbt t;

	confdbt_open(&t, "vlans { v { vlan-id 2; } }");
	before = t.db->active->arena.bytes;
	for (unsigned int i = 0; i < 10; i++) {
		free(confdbt_get(&t, "active", "vlans v vlan-id", CFG_FORM_JSON));
		free(confdbt_get(&t, "active", "vlans w", CFG_FORM_CURLY));
		free(confdbt_get(&t, "active", "nonsense", CFG_FORM_SET));
		free(confdbt_compare(&t, "vlans"));
	}
	CU_ASSERT_EQUAL(t.db->active->arena.bytes, before);
	confdbt_close(&t);
}

static void sources_by_name(void)
{
	struct confdb_source s;

	CU_ASSERT(confdb_source_parse("candidate", &s));
	CU_ASSERT_EQUAL(s.kind, CONFDB_CANDIDATE);
	CU_ASSERT(confdb_source_parse("active", &s));
	CU_ASSERT_EQUAL(s.kind, CONFDB_ACTIVE);
	CU_ASSERT(confdb_source_parse("rescue", &s));
	CU_ASSERT_EQUAL(s.kind, CONFDB_RESCUE);
	CU_ASSERT(confdb_source_parse("rollback 49", &s));
	CU_ASSERT_EQUAL(s.kind, CONFDB_ROLLBACK);
	CU_ASSERT_EQUAL(s.n, 49);
	CU_ASSERT(!confdb_source_parse("rollback 50", &s));
	CU_ASSERT(!confdb_source_parse("rollback -1", &s));
	CU_ASSERT(!confdb_source_parse("rollback 1x", &s));
	CU_ASSERT(!confdb_source_parse("rollback ", &s));
	CU_ASSERT(!confdb_source_parse("", &s));
}

static const struct unit_case cases[] = {
	{"curly form has no levels above", curly_without_the_levels_above},
	{"set lines begin at the top", set_lines_from_the_top},
	{"JSON begins at the top", json_from_the_top},
	{"inheritance shows what is meant", inheritance_is_what_is_meant},
	{"patterns survive a load", patterns_survive_a_load},
	{"asking costs no memory", asking_costs_no_memory},
	{"sources have names", sources_by_name},
};

const struct unit_suite confdb_get_suite = {
	.name = "confdb_get",
	.cases = cases,
	.n = UNIT_N(cases),
};
