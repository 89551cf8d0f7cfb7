/* SPDX-License-Identifier: BSD-3-Clause */
/* Lines that stand for several, and values that are replaced. */
#include "control/cfg_testlib.h"
#include "control/cli_wildcard.h"

#include <stdlib.h>
#include <string.h>

static const char yang[] =
	"module t { yang-version 1.1; namespace \"urn:t\"; prefix t; import vex-ext { prefix ext; }"
	" container configuration {"
	"  container system { leaf host-name { type string; } }"
	"  container vlans { list vlan { ext:omit-name; key name; leaf name { type string; }"
	"   leaf vlan-id { type uint16; } leaf-list members { type string; } } } } }";

/* The lines that one line stands for, or what is wrong with it. */
static char *expand(const char *line)
{
	struct cli_lines lines = {0};
	char err[128], *out = NULL;
	size_t size;
	FILE *f = open_memstream(&out, &size);

	if (!cli_expand(line, &lines, err, sizeof(err)))
		fprintf(f, "%s", err);
	else
		for (size_t i = 0; i < lines.n; i++)
			fprintf(f, "%s%s", i > 0 ? "\n" : "", lines.v[i]);
	fclose(f);
	cli_lines_free(&lines);
	return out;
}

static void ranges_are_counted_out(void)
{
	CHECK_TEXT(expand("a b"), "a b");
	CHECK_TEXT(expand("x[1-3,7] y"), "x1 y\nx2 y\nx3 y\nx7 y");
	CHECK_TEXT(expand("x[0-1]/[4-5]"), "x0/4\nx0/5\nx1/4\nx1/5");
	CHECK_TEXT(expand("members [ a b ]"), "members [ a b ]");
	CHECK_TEXT(expand("[8-9] [ a ]"), "8 [ a ]\n9 [ a ]");
	CHECK_TEXT(expand("x[1-3"), "a range has no ']'");
	CHECK_TEXT(expand("x[3-1]"), "a range is numbers: [0-5,7]");
	CHECK_TEXT(expand("x[]"), "a range is numbers: [0-5,7]");
	CHECK_TEXT(expand("x[1,]"), "a range is numbers: [0-5,7]");
	CHECK_TEXT(expand("x[1-2x]"), "a range is numbers: [0-5,7]");
	CHECK_TEXT(expand("x[0-99999]"), "the ranges stand for too many lines");
	CHECK_TEXT(expand("x[0-99999999999999999999]"), "a range is numbers: [0-5,7]");
}

static char *replace(const char *set, const char *path, const char *old, const char *new)
{
	char err[128], *out;
	struct vex_errs errs = {0};
	struct cfg_schema *schema = cfg_schema_create_from(yang, &errs);
	size_t n;

	CU_ASSERT_PTR_NOT_NULL_FATAL(schema);
	out = cli_replace(schema, set, path, old, new, &n, err, sizeof(err));
	cfg_schema_free(schema);
	return out != NULL ? out : strdup(err);
}

static void values_are_replaced(void)
{
	static const char set[] = "set system host-name vlan\n"
				  "set vlans vlan vlan-id 10\n"
				  "# vlan\n"
				  "annotate vlans vlan \"the vlan \\\"a\\\"\"\n"
				  "set vlans b members [ vlan x ]\n";

	CHECK_TEXT(replace(set, "", "vlan", "v v"), "set system host-name \"v v\"\n"
						    "set vlans \"v v\" vlan-id 10\n"
						    "# vlan\n"
						    "annotate vlans \"v v\" \"the v v \\\"a\\\"\"\n"
						    "set vlans b members [ \"v v\" x ]\n");
	CHECK_TEXT(replace("set system host-name a1a2\nset vlans a1 vlan-id 1\n", "vlans", "a[0-9]",
			   ""),
		"set system host-name a1a2\nset vlans \"\" vlan-id 1\n");
	CHECK_TEXT(replace("set system host-name aXbX\n", "system", "X*", "-"),
		"set system host-name -a-b-\n");
	CHECK_TEXT(
		replace("set system host-name a\n", "", "^a", "aa"), "set system host-name aa\n");
	CHECK_TEXT(replace("", "", "(", ""), "Unmatched ( or \\(");
}

static const struct unit_case cases[] = {
	{"ranges are counted out", ranges_are_counted_out},
	{"names and values are replaced, words of the schema are not", values_are_replaced},
};

const struct unit_suite cli_wildcard_suite = {
	.name = "cli_wildcard", .cases = cases, .n = UNIT_N(cases)};
