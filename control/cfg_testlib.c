/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/cfg_testlib.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char schema_text[] =
	"module t { yang-version 1.1; namespace \"urn:t\"; prefix t; import vex-ext { prefix ext; }"
	" grouping body {"
	"  leaf description { type string { length 0..20; } }"
	"  leaf disable { type empty; }"
	"  leaf mtu { type uint16 { range 256..9216; } }"
	"  leaf speed { type enumeration { enum 1g; enum 10g; } }"
	"  container ether-options { ext:alias gigether-options;"
	"   container lag { ext:cli-name \"802.3ad\"; ext:one-line; leaf bundle { ext:omit-name; "
	"type string; } "
	"} }"
	"  list unit { key name; leaf name { type uint16; }"
	"   container family { ext:join;"
	"    container bridge { presence \"bridged\"; leaf mode { type enumeration { enum access; "
	"enum"
	"     trunk; } } leaf-list members { ordered-by user; type string; } }"
	"    anydata inet { ext:not-supported; } } }"
	" }"
	" container configuration {"
	"  leaf version { type string; }"
	"  container system { leaf host-name { type string { pattern '[a-z][a-z0-9]*' {"
	"    error-message \"a host name has small letters and digits\"; } } }"
	"   leaf note { type string; }"
	"   container services { ext:not-supported; } }"
	"  container chassis { leaf model { type string; } }"
	"  container interfaces {"
	"   list interface { ext:omit-name; key name; leaf name { type string; } uses body; }"
	"   list interface-range { key name; leaf name { type string; } leaf-list member { type "
	"string; }"
	"    list member-range { ext:one-line; key name; leaf name { type string; }"
	"     leaf end { ext:cli-name to; type string; } } uses body; } }"
	"  container vlans { list vlan { ext:omit-name; key name; leaf name { type string; }"
	"   leaf vlan-id { type uint16 { range 1..4094; } } leaf-list interface { type string; }"
	"   leaf tag { type leafref { path \"../../vlan/name\"; } } } }"
	"  container options { must \"not(low) or not(high)\" { error-message \"low excludes "
	"high\"; }"
	"   leaf low { type int8 { range \"-5..-1 | 4\"; } } leaf high { type empty; }"
	"   leaf age { type uint32; default 300; }"
	"   list voip { key name; leaf name { type string; } leaf vlan { mandatory true; type "
	"string; } }"
	"   list pair { key \"a b\"; leaf a { type string; } leaf b { type uint8; } leaf x { type "
	"empty; } }"
	"   list interface { key name; leaf name { type string; } leaf x { type empty; } }"
	"   container limit { leaf count { ext:omit-name; type uint16; } leaf action { type "
	"string; } }"
	"   anydata firewall { ext:not-supported; } } } }";

static struct cfg *parse(
	struct cfg_schema **schema, enum cfg_depth depth, const char *text, struct vex_errs *errs)
{
	*schema = cfg_schema_create_from(schema_text, errs);
	return *schema ? cfg_parse_with(*schema, depth, text, strlen(text), "f", errs) : NULL;
}

static char *errors_text(const struct vex_errs *errs)
{
	char *out = NULL;
	size_t size;
	FILE *f = open_memstream(&out, &size);

	for (size_t i = 0; i < errs->n; i++)
		fprintf(f, "%u:%u %s %s\n", errs->v[i].line, errs->v[i].column,
			vex_err_kind_name(errs->v[i].kind), errs->v[i].text);
	if (errs->lost > 0)
		fprintf(f, "and %zu more\n", errs->lost);
	fclose(f);
	return out;
}

char *cfgt_errors(const char *text)
{
	struct vex_errs errs = {0};
	struct cfg_schema *schema;
	struct cfg *cfg = parse(&schema, CFG_DATA, text, &errs);
	char *out = errors_text(&errs);

	cfg_free(cfg);
	cfg_schema_free(schema);
	vex_errs_free(&errs);
	return out;
}

char *cfgt_data(const char *text)
{
	struct vex_errs errs = {0};
	struct cfg_schema *schema;
	struct cfg *cfg = parse(&schema, CFG_DATA, text, &errs);
	char *out = NULL;

	if (cfg == NULL)
		out = errors_text(&errs);
	else
		lyd_print_mem(&out, cfg_data(cfg), LYD_JSON, LYD_PRINT_SHRINK);
	cfg_free(cfg);
	cfg_schema_free(schema);
	vex_errs_free(&errs);
	return out;
}

char *cfgt_format(const char *text, enum cfg_form form)
{
	struct vex_errs errs = {0};
	struct cfg_schema *schema;
	struct cfg *cfg = parse(&schema, CFG_STATEMENTS, text, &errs);
	char *out = NULL;

	if (cfg == NULL)
		out = errors_text(&errs);
	else
		cfg_print(cfg, form, &out);
	cfg_free(cfg);
	cfg_schema_free(schema);
	vex_errs_free(&errs);
	return out;
}

char *cfgt_position(const char *text, const char *path)
{
	struct vex_errs errs = {0};
	struct cfg_schema *schema;
	struct cfg *cfg = parse(&schema, CFG_DATA, text, &errs);
	struct lyd_node *node = NULL;
	struct vex_pos pos;
	char full[256], *out = NULL, *words;
	size_t size;
	FILE *f = open_memstream(&out, &size);

	snprintf(full, sizeof full, "/t:configuration%s", path);
	if (cfg == NULL) {
		fputs("errors", f);
	} else if (lyd_find_path(cfg_data(cfg), full, 0, &node) != LY_SUCCESS) {
		fputs("no node", f);
	} else {
		words = cfg_path(cfg, node);
		cfg_position(cfg, node, &pos);
		fprintf(f, "%s:%u:%u %s", pos.file, pos.line, pos.column, words);
		free(words);
	}
	fclose(f);
	cfg_free(cfg);
	cfg_schema_free(schema);
	vex_errs_free(&errs);
	return out;
}

bool cfgt_equal(char *got, const char *expected, const char *file, int line)
{
	bool equal = got != NULL && strcmp(got, expected) == 0;

	if (!equal)
		fprintf(stderr, "%s:%d: expected\n%s\nbut got\n%s\n", file, line, expected,
			got ? got : "(nothing)");
	free(got);
	return equal;
}
