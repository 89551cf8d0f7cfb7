/* SPDX-License-Identifier: BSD-3-Clause */
/* Commands and loads on a candidate. */
#include "control/confdb_testlib.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Open with @before, edit, and compare what was said and what is there. */
static void edit(const char *before, const char *path, const char *line, const char *said,
	const char *after, int at)
{
	struct confdbt t;

	confdbt_open(&t, "");
	free(confdbt_load(&t, CONFDB_LOAD_OVERRIDE, "", before));
	CU_ASSERT(confdbt_equal(confdbt_edit(&t, path, line), said, __FILE__, at));
	CU_ASSERT(confdbt_equal(confdbt_candidate(&t, t.s), after, __FILE__, at));
	confdbt_close(&t);
}
#define EDIT(before, path, line, said, after) edit(before, path, line, said, after, __LINE__)

#define PORT "interfaces {\n    ge-0/0/0 {\n        mtu 1514;\n    }\n}\n"

static void set_at_a_path(void)
{
	EDIT("", "interfaces ge-0/0/0", "set mtu 9000", "",
		"interfaces {\n    ge-0/0/0 {\n        mtu 9000;\n    }\n}\n");
	EDIT(PORT, "interfaces ge-0/0/0 unit 0", "set description \"a b\"", "",
		"interfaces {\n    ge-0/0/0 {\n        mtu 1514;\n        unit 0 {\n"
		"            description \"a b\";\n        }\n    }\n}\n");
	EDIT(PORT, "", "set interfaces ge-0/0/0 mtu 9000", "",
		"interfaces {\n    ge-0/0/0 {\n        mtu 9000;\n    }\n}\n");
}

static void failed_set_leaves_nothing(void)
{
	EDIT(PORT, "", "set interfaces ge-0/0/1 unit 0 family ethernet-switching interface-mode no",
		"bad-value: bad value 'no' for 'interface-mode': it must be access or trunk\n",
		PORT);
	EDIT(PORT, "", "set interfaces ge-0/0/0 mtu 9000 disable nonsense",
		"unknown-statement: unknown statement 'nonsense' under 'interfaces ge-0/0/0'\n",
		PORT);
	EDIT(PORT, "", "set vlans v interface [ a b", "syntax: ']' is missing\n", PORT);
	EDIT(PORT, "", "set vlans v interface [ ]", "missing: 'interface' needs a value\n", PORT);
	EDIT(PORT, "nonsense", "set mtu 1", "unknown-statement: unknown statement 'nonsense'\n",
		PORT);
	EDIT(PORT, "", "set interfaces { }",
		"syntax: braces and ';' may not stand in set lines; quote them if they are text\n",
		PORT);
	EDIT(PORT, "", "set system host-name a\nset system host-name b",
		"syntax: a command is one line that begins with its verb\n", PORT);
	EDIT(PORT, "", "sett system host-name a",
		"syntax: a line begins with set, delete, deactivate, activate or annotate, not "
		"'sett'; did you mean 'set'?\n",
		PORT);
}

static void delete_takes_empty_levels_along(void)
{
	EDIT(PORT, "", "delete interfaces ge-0/0/0", "", "");
	EDIT(PORT, "interfaces ge-0/0/0", "delete mtu", "", "interfaces {\n    ge-0/0/0;\n}\n");
	EDIT(PORT, "", "delete interfaces ge-0/0/1", "not-found: statement not found\n", PORT);
	EDIT(PORT, "interfaces ge-0/0/1", "delete mtu", "not-found: statement not found\n", PORT);
	EDIT(PORT, "", "delete interfaces ge-0/0/0 nonsense",
		"unknown-statement: unknown statement 'nonsense' under 'interfaces ge-0/0/0'\n",
		PORT);
	EDIT("vlans { v { vlan-id 2; interface [ a b ]; } }", "vlans v", "delete interface a", "",
		"vlans {\n    v {\n        vlan-id 2;\n        interface b;\n    }\n}\n");
	EDIT("vlans { v { vlan-id 2; interface [ a b ]; } }", "vlans v", "delete interface [ a b ]",
		"", "vlans {\n    v {\n        vlan-id 2;\n    }\n}\n");
}

static void delete_alone_is_everything_below(void)
{
	EDIT("system { host-name a; } " PORT, "interfaces ge-0/0/0", "delete", "",
		"system {\n    host-name a;\n}\ninterfaces {\n    ge-0/0/0;\n}\n");
	EDIT("system { host-name a; } " PORT, "interfaces", "delete", "",
		"system {\n    host-name a;\n}\n");
	EDIT("system { host-name a; } " PORT, "", "delete", "", "");
	EDIT(PORT, "vlans", "delete", "not-found: statement not found\n", PORT);
}

static void deactivate_and_annotate(void)
{
	EDIT(PORT, "interfaces", "deactivate ge-0/0/0", "",
		"interfaces {\n    inactive: ge-0/0/0 {\n        mtu 1514;\n    }\n}\n");
	EDIT("interfaces { inactive: ge-0/0/0 { mtu 1514; } }", "interfaces", "activate ge-0/0/0",
		"", PORT);
	EDIT(PORT, "interfaces", "deactivate ge-0/0/9", "not-found: statement not found\n", PORT);
	EDIT(PORT, "interfaces", "annotate ge-0/0/0 \"to the roof\"", "",
		"interfaces {\n    /* to the roof */\n    ge-0/0/0 {\n        mtu 1514;\n    "
		"}\n}\n");
	EDIT("interfaces { /* old */ ge-0/0/0 { mtu 1514; } }", "interfaces",
		"annotate ge-0/0/0 \"new\"", "",
		"interfaces {\n    /* new */\n    ge-0/0/0 {\n        mtu 1514;\n    }\n}\n");
	EDIT("interfaces { /* old */ ge-0/0/0 { mtu 1514; } }", "interfaces",
		"annotate ge-0/0/0 \"\"", "", PORT);
	EDIT(PORT, "interfaces", "annotate ge-0/0/0",
		"missing: 'annotate' needs a statement and a text in quotes\n", PORT);
}

static void copy_and_rename(void)
{
	EDIT(PORT, "", "copy interfaces ge-0/0/0 to ge-0/0/1", "",
		"interfaces {\n    ge-0/0/0 {\n        mtu 1514;\n    }\n"
		"    ge-0/0/1 {\n        mtu 1514;\n    }\n}\n");
	EDIT(PORT, "interfaces", "rename ge-0/0/0 to ge-0/0/7", "",
		"interfaces {\n    ge-0/0/7 {\n        mtu 1514;\n    }\n}\n");
	EDIT("interfaces { ge-0/0/0 { unit 0 { description a; } } }", "interfaces ge-0/0/0",
		"rename unit 0 to unit 1", "",
		"interfaces {\n    ge-0/0/0 {\n        unit 1 {\n            description a;\n"
		"        }\n    }\n}\n");
	EDIT("vlans { a { interface [ x y ]; } }", "vlans a", "rename interface x to z", "",
		"vlans {\n    a {\n        interface [ z y ];\n    }\n}\n");
	EDIT(PORT, "", "copy interfaces ge-0/0/5 to ge-0/0/1", "not-found: statement not found\n",
		PORT);
	EDIT("vlans { a; b; }", "vlans", "rename a to b",
		"duplicate: there is a 'vlan' 'b' already; delete it first or choose another "
		"name\n",
		"vlans {\n    a;\n    b;\n}\n");
	EDIT("interfaces { ge-0/0/0 { unit 0; } }", "interfaces ge-0/0/0", "copy unit 0 to unit x",
		"bad-value: bad value 'x' for 'unit': it must be a number, 0 to 16385\n",
		"interfaces {\n    ge-0/0/0 {\n        unit 0;\n    }\n}\n");
	EDIT(PORT, "", "rename interfaces ge-0/0/0 mtu to x",
		"syntax: 'rename' is for entries of lists, which 'mtu' is not; delete it and set "
		"another\n",
		PORT);
	EDIT(PORT, "", "rename interfaces ge-0/0/0",
		"missing: 'rename' is written: rename STATEMENT to NAME\n", PORT);
}

static void insert_moves_what_is_ordered(void)
{
	static const char members[] = "vlans {\n    a {\n        interface [ x y z ];\n    }\n}\n";

	EDIT(members, "vlans a", "insert interface z before x", "",
		"vlans {\n    a {\n        interface [ z x y ];\n    }\n}\n");
	EDIT(members, "vlans a", "insert interface x after interface y", "",
		"vlans {\n    a {\n        interface [ y x z ];\n    }\n}\n");
	EDIT(members, "vlans a", "insert interface x after w",
		"not-found: there is no 'interface' 'w' to insert it after\n", members);
	EDIT("vlans { a; b; }", "vlans", "insert b before a",
		"syntax: the order of 'vlan' means nothing and cannot be changed\n",
		"vlans {\n    a;\n    b;\n}\n");
}

static void replace_pattern(void)
{
	static const char two[] =
		"interfaces { ge-0/0/0 { description \"to ge-0/0/0 and ge-0/0/10\"; } "
		"ge-0/0/1 { mtu 1514; } } vlans { v10 { vlan-id 10; } }";
	static const char before[] =
		"interfaces {\n    ge-0/0/0 {\n        description \"to ge-0/0/0 and ge-0/0/10\";\n"
		"    }\n    ge-0/0/1 {\n        mtu 1514;\n    }\n}\nvlans {\n    v10 {\n"
		"        vlan-id 10;\n    }\n}\n";

	EDIT(two, "", "replace pattern ge-0/0/ with xe-0/2/", "",
		"interfaces {\n    xe-0/2/0 {\n        description \"to xe-0/2/0 and xe-0/2/10\";\n"
		"    }\n    xe-0/2/1 {\n        mtu 1514;\n    }\n}\nvlans {\n    v10 {\n"
		"        vlan-id 10;\n    }\n}\n");
	EDIT(two, "vlans", "replace pattern \"^(v?)10$\" with \\120", "",
		"interfaces {\n    ge-0/0/0 {\n        description \"to ge-0/0/0 and ge-0/0/10\";\n"
		"    }\n    ge-0/0/1 {\n        mtu 1514;\n    }\n}\nvlans {\n    v20 {\n"
		"        vlan-id 20;\n    }\n}\n");
	EDIT(two, "interfaces", "replace pattern nothing with x", "", before);
	/* Ports keep apart, and values are values: otherwise nothing is replaced. */
	EDIT(two, "", "replace pattern ge-0/0/1 with ge-0/0/0",
		"duplicate: 'ge-0/0/0' would be there twice; nothing was replaced\n", before);
	EDIT(two, "", "replace pattern ge-0/0/. with one",
		"duplicate: 'one' would be there twice; nothing was replaced\n", before);
	EDIT(two, "", "replace pattern 1514 with x",
		"bad-value: bad value 'x' for 'mtu': the mtu is 256 to 9216 bytes; nothing was "
		"replaced\n",
		before);
	EDIT(two, "", "replace pattern ( with x",
		"bad-value: '(' is not a regular expression: Unmatched ( or \\(\n", before);
	EDIT(two, "", "replace pattern a to b",
		"syntax: 'replace' is written: replace pattern OLD with NEW\n", before);
}

static void order_survives_commit_and_rename(void)
{
	struct confdbt t;

	confdbt_open(&t, "");
	confdbt_must(&t, t.s,
		"set interfaces interface-range r member [ ge-0/0/1 ge-0/0/2 ge-0/0/3 ]\n"
		"insert interfaces interface-range r member ge-0/0/3 before ge-0/0/1\n"
		"rename interfaces interface-range r member ge-0/0/1 to ge-0/0/9");
	CHECK_TEXT(confdbt_commit(&t, t.s, 5, NULL), "");
	confdbt_reopen(&t);
	CHECK_TEXT(confdbt_candidate(&t, t.s),
		"interfaces {\n    interface-range r {\n"
		"        member [ ge-0/0/3 ge-0/0/9 ge-0/0/2 ];\n    }\n}\n");
	CHECK_TEXT(confdbt_edit(&t, "interfaces interface-range r", "delete member ge-0/0/9"), "");
	CHECK_TEXT(confdbt_edit(&t, "interfaces interface-range r", "delete member ge-0/0/1"),
		"not-found: statement not found\n");
	confdbt_close(&t);
}

/* ---- Loading ---------------------------------------------------------------------------------- */

static void load(enum confdb_load_mode mode, const char *path, const char *text, const char *said,
	const char *after, int at)
{
	struct confdbt t;

	confdbt_open(&t, "");
	free(confdbt_load(&t, CONFDB_LOAD_OVERRIDE, "",
		"system { host-name a; } vlans { v { vlan-id 2; interface x; } w { vlan-id 3; } "
		"}"));
	CU_ASSERT(confdbt_equal(confdbt_load(&t, mode, path, text), said, __FILE__, at));
	CU_ASSERT(confdbt_equal(confdbt_candidate(&t, t.s), after, __FILE__, at));
	confdbt_close(&t);
}
#define LOAD(mode, path, text, said, after) \
	load(CONFDB_LOAD_##mode, path, text, said, after, __LINE__)

#define BEFORE                                                                                    \
	"system {\n    host-name a;\n}\nvlans {\n    v {\n        vlan-id 2;\n        interface " \
	"x;\n    }\n    w {\n        vlan-id 3;\n    }\n}\n"

static void load_merge(void)
{
	LOAD(MERGE, "", "system { host-name b; } vlans { v { interface y; } }", "",
		"system {\n    host-name b;\n}\nvlans {\n    v {\n        vlan-id 2;\n"
		"        interface [ x y ];\n    }\n    w {\n        vlan-id 3;\n    }\n}\n");
	LOAD(MERGE, "vlans v", "vlan-id 7;", "",
		"system {\n    host-name a;\n}\nvlans {\n    v {\n        vlan-id 7;\n"
		"        interface x;\n    }\n    w {\n        vlan-id 3;\n    }\n}\n");
	LOAD(MERGE, "", "set system host-name c\n", "",
		"system {\n    host-name c;\n}\nvlans {\n    v {\n        vlan-id 2;\n"
		"        interface x;\n    }\n    w {\n        vlan-id 3;\n    }\n}\n");
	LOAD(MERGE, "", "vlans { v { vlan-id 9999; } }\nnonsense;\n",
		"bad-value: bad value '9999' for 'vlan-id': a VLAN id is 1 to 4094\n"
		"unknown-statement: unknown statement 'nonsense'\n",
		BEFORE);
	LOAD(MERGE, "vlans x", "", "", BEFORE "");
}

static void load_override_and_update(void)
{
	LOAD(OVERRIDE, "", "system { host-name z; }", "", "system {\n    host-name z;\n}\n");
	LOAD(OVERRIDE, "vlans", "v;",
		"syntax: 'load override' replaces the whole configuration; use it at the top, or "
		"'load update'\n",
		BEFORE);
	LOAD(UPDATE, "vlans", "w { vlan-id 4; }", "",
		"system {\n    host-name a;\n}\nvlans {\n    w {\n        vlan-id 4;\n    }\n}\n");
	LOAD(UPDATE, "", "system { host-name z; }", "", "system {\n    host-name z;\n}\n");
}

static void load_replace(void)
{
	LOAD(REPLACE, "", "vlans { replace: v { vlan-id 8; } w { interface q; } }", "",
		"system {\n    host-name a;\n}\nvlans {\n    v {\n        vlan-id 8;\n    }\n"
		"    w {\n        vlan-id 3;\n        interface q;\n    }\n}\n");
	LOAD(REPLACE, "", "replace: vlans { u { vlan-id 9; } }", "",
		"system {\n    host-name a;\n}\nvlans {\n    u {\n        vlan-id 9;\n    }\n}\n");
	LOAD(REPLACE, "", "vlans { v { replace: interface [ k l ]; } }", "",
		"system {\n    host-name a;\n}\nvlans {\n    v {\n        vlan-id 2;\n"
		"        interface [ k l ];\n    }\n    w {\n        vlan-id 3;\n    }\n}\n");
	LOAD(MERGE, "", "vlans { replace: v { vlan-id 8; } }",
		"not-supported: 'replace:' is not supported; write the configuration as it shall "
		"be, without it\n",
		BEFORE);
}

static void load_set(void)
{
	LOAD(SET, "", "set system host-name q\ndelete vlans w\ndeactivate vlans v\n", "",
		"system {\n    host-name q;\n}\nvlans {\n    inactive: v {\n        vlan-id 2;\n"
		"        interface x;\n    }\n}\n");
	LOAD(SET, "vlans", "rename v to u\ncopy w to t\nset t vlan-id 5\n", "",
		"system {\n    host-name a;\n}\nvlans {\n    t {\n        vlan-id 5;\n    }\n"
		"    u {\n        vlan-id 2;\n        interface x;\n    }\n    w {\n"
		"        vlan-id 3;\n    }\n}\n");
	LOAD(SET, "", "delete vlans q\n# kept with the next one\nset system host-name q\n",
		"not-found: statement not found\n",
		"system {\n    /* kept with the next one */\n    host-name q;\n}\nvlans {\n    v "
		"{\n"
		"        vlan-id 2;\n        interface x;\n    }\n    w {\n        vlan-id 3;\n"
		"    }\n}\n");
	LOAD(SET, "", "set system host-name q\nset vlans v vlan-id 5000\n",
		"bad-value: bad value '5000' for 'vlan-id': a VLAN id is 1 to 4094\n", BEFORE);
}

static void unsupported_is_deactivated_and_listed(void)
{
	static const char text[] = "system {\n"
				   "    services {\n"
				   "        ssh;\n"
				   "    }\n"
				   "    host-name a;\n"
				   "    inactive: login;\n"
				   "    tacplus-server 10.0.0.1;\n"
				   "}\n";
	struct confdb_load with = {.text = text,
		.len = strlen(text),
		.file = "box.conf",
		.mode = CONFDB_LOAD_OVERRIDE,
		.deactivate_unsupported = true};
	struct confdb_loaded out;
	struct confdbt t;

	confdbt_open(&t, "");
	CU_ASSERT_EQUAL_FATAL(confdb_load(t.s, &with, &out, &t.notes, &t.errs), 0);
	CU_ASSERT_EQUAL_FATAL(out.n_deactivated, 2);
	CU_ASSERT_STRING_EQUAL(out.deactivated[0].path, "system services");
	CU_ASSERT_EQUAL(out.deactivated[0].line, 2);
	CU_ASSERT_STRING_EQUAL(out.deactivated[1].path, "system tacplus-server");
	CU_ASSERT_EQUAL(out.deactivated[1].line, 7);
	CU_ASSERT_EQUAL(out.statements, 7);
	confdb_loaded_free(&out);
	CHECK_TEXT(confdbt_candidate(&t, t.s),
		"system {\n    host-name a;\n    inactive: login;\n    inactive: services {\n"
		"        ssh;\n    }\n    inactive: tacplus-server 10.0.0.1;\n}\n");
	CHECK_TEXT(confdbt_commit(&t, t.s, 5, NULL), "");
	confdbt_close(&t);
}

/* The order of a box, whatever the order of the commands is. */
static void statements_have_their_place(void)
{
	static const char sorted[] = "groups {\n"
				     "    g {\n"
				     "        interfaces {\n"
				     "            ge-0/0/1 {\n"
				     "                mtu 2000;\n"
				     "            }\n"
				     "            <xe-*> {\n"
				     "                mtu 3000;\n"
				     "            }\n"
				     "            <*> {\n"
				     "                mtu 1000;\n"
				     "            }\n"
				     "        }\n"
				     "    }\n"
				     "}\n"
				     "apply-groups g;\n"
				     "system {\n"
				     "    host-name a;\n"
				     "}\n"
				     "interfaces {\n"
				     "    interface-range r {\n"
				     "        member [ ge-0/0/9 ge-0/0/3 ];\n"
				     "    }\n"
				     "    ge-0/0/2 {\n"
				     "        description two;\n"
				     "        mtu 1514;\n"
				     "    }\n"
				     "    ge-0/0/10 {\n"
				     "        unit 0;\n"
				     "        unit 2;\n"
				     "        unit 10;\n"
				     "    }\n"
				     "}\n"
				     "vlans {\n"
				     "    v2;\n"
				     "    v10;\n"
				     "}\n";
	static const char set[] = "set vlans v10\nset vlans v2\n"
				  "set interfaces ge-0/0/10 unit 10\n"
				  "set interfaces ge-0/0/10 unit 2\n"
				  "set interfaces ge-0/0/10 unit 0\n"
				  "set interfaces ge-0/0/2 mtu 1514\n"
				  "set interfaces ge-0/0/2 description two\n"
				  "set interfaces interface-range r member [ ge-0/0/9 ge-0/0/3 ]\n"
				  "set apply-groups g\n"
				  "set groups g interfaces <xe-*> mtu 3000\n"
				  "set groups g interfaces <*> mtu 1000\n"
				  "set groups g interfaces ge-0/0/1 mtu 2000\n"
				  "set system host-name a";
	struct confdbt t;

	confdbt_open(&t, "");
	confdbt_must(&t, t.s, set);
	CHECK_TEXT(confdbt_candidate(&t, t.s), sorted);
	CHECK_TEXT(confdbt_load(&t, CONFDB_LOAD_OVERRIDE, "", set), "");
	CHECK_TEXT(confdbt_candidate(&t, t.s), sorted);
	CHECK_TEXT(confdbt_edit(&t, "vlans", "rename v10 to v1"), "");
	CHECK_TEXT(confdbt_edit(&t, "vlans", "copy v1 to v0"), "");
	CHECK_TEXT(confdbt_get(&t, "candidate", "vlans", CFG_FORM_CURLY), "v0;\nv1;\nv2;\n");
	confdbt_close(&t);
}

/* Each line rewrites the same leafs: the arena is copied now and then, and nothing is lost. */
static void many_edits_stay_small(void)
{
	struct confdbt t;
	char line[128];

	confdbt_open(&t, "");
	for (unsigned int i = 0; i < 30000; i++) {
		snprintf(line, sizeof line, "set vlans v%u description \"round %u\"", i % 100, i);
		if (confdb_edit(t.s, "", line, &t.notes, &t.errs) != 0)
			break;
		snprintf(line, sizeof line, "delete vlans v%u description", i % 100);
		if (i < 29900 && confdb_edit(t.s, "", line, &t.notes, &t.errs) != 0)
			break;
	}
	CHECK_TEXT(confdbt_take(&t.errs), "");
	CHECK_TEXT(confdbt_take(&t.notes), "");
	CHECK_TEXT(confdbt_get(&t, "candidate", "vlans v0", CFG_FORM_SET),
		"set vlans v0 description \"round 29900\"\n");
	CHECK_TEXT(confdbt_get(&t, "candidate", "vlans v99", CFG_FORM_SET),
		"set vlans v99 description \"round 29999\"\n");
	confdbt_close(&t);
}

static const struct unit_case cases[] = {
	{"set works at a path", set_at_a_path},
	{"a set that fails leaves nothing behind", failed_set_leaves_nothing},
	{"delete takes levels along that it leaves empty", delete_takes_empty_levels_along},
	{"delete alone is everything below", delete_alone_is_everything_below},
	{"deactivate, activate and annotate", deactivate_and_annotate},
	{"copy and rename", copy_and_rename},
	{"insert moves what is ordered", insert_moves_what_is_ordered},
	{"replace pattern", replace_pattern},
	{"order survives a commit", order_survives_commit_and_rename},
	{"load merge adds", load_merge},
	{"load override and update replace", load_override_and_update},
	{"load replace replaces what is tagged", load_replace},
	{"load set runs commands", load_set},
	{"what is not supported is deactivated and listed", unsupported_is_deactivated_and_listed},
	{"statements have their place", statements_have_their_place},
	{"60,000 edits of the same statements", many_edits_stay_small},
};

const struct unit_suite confdb_edit_suite = {
	.name = "confdb_edit",
	.cases = cases,
	.n = UNIT_N(cases),
};
