/* SPDX-License-Identifier: BSD-3-Clause */
/* Printers get trees from another process: whatever comes, they print something and no garbage. */
#include "control/show_build.h"

#include "dataplane/drop.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#define CONFIG                                                                        \
	"set chassis aggregated-devices ethernet device-count 1\n"                    \
	"set interfaces ge-0/0/1 ether-options 802.3ad ae0\n"                         \
	"set interfaces ae0 unit 0 family ethernet-switching vlan members v20\n"      \
	"set interfaces ge-0/0/3 unit 0 family ethernet-switching vlan members v20\n" \
	"set vlans v20 vlan-id 20\n"                                                  \
	"set vlans v20 description twenty\n"

static void print_one(const struct cli_show *s, const json_t *tree, const json_t *args)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	s->print(tree, args, out);
	fclose(out);
	CU_ASSERT_EQUAL(strlen(text), size); /* no zero bytes, and no crash */
	free(text);
}

static json_t *wrong_value(unsigned int kind)
{
	switch (kind) {
	case 0:
		return json_null();
	case 1:
		return json_object();
	case 2:
		return json_pack("[n, i, s, []]", 1, "x");
	case 3:
		return json_integer(-1);
	default:
		return json_string("%s%n\xc3\xa4");
	}
}

/* Makes each value of a tree wrong in turn and prints the tree. */
static void spoil(const struct cli_show *s, const json_t *root, json_t *node, const json_t *args)
{
	json_t *value;
	const char *key;
	void *next;
	size_t i;

	json_object_foreach_safe(node, next, key, value)
	{
		json_incref(value);
		for (unsigned int kind = 0; kind < 5; kind++) {
			json_object_set_new(node, key, wrong_value(kind));
			print_one(s, root, args);
		}
		json_object_set(node, key, value);
		spoil(s, root, value, args);
		json_decref(value);
	}
	json_array_foreach (node, i, value)
		spoil(s, root, value, args);
}

static void printers_survive_any_tree(void)
{
	struct show_bench *b = show_bench_create(CONFIG);
	json_t *plain = json_object(), *args = json_object();

	for (unsigned int i = 0; i < 3; i++) {
		static const char *const flags[] = {"detail", "extensive", "terse"};

		json_object_set_new(args, flags[i], json_true());
	}
	show_bench_dump(b);
	show_bench_add_mac(b, 20, 3, 0x31, VEX_MAC_DYNAMIC, 12);
	b->cnt->worker[0].counters.port[0].drops[DROP_RUNT] = 7;
	for (const struct cli_show *const *t = cli_show_tables; *t != NULL; t++)
		for (const struct cli_show *s = *t; s->words != NULL; s++) {
			json_t *tree;

			if (s->print == NULL || strcmp(s->what, "log") == 0)
				continue;
			tree = show_bench_make(b, s->what,
				strcmp(s->what, "interfaces") == 0 ? "{\"interface\": \"*e*0\"}"
								   : "{}");
			for (unsigned int kind = 0; kind < 5; kind++) {
				json_t *wrong = wrong_value(kind);

				print_one(s, wrong, plain);
				json_decref(wrong);
			}
			spoil(s, tree, tree, plain);
			spoil(s, tree, tree, args);
			json_decref(tree);
		}
	json_decref(plain);
	json_decref(args);
	show_bench_free(b);
}

static const struct unit_case cases[] = {
	{"printers survive any tree", printers_survive_any_tree},
};

const struct unit_suite cli_show_any_suite = {
	.name = "cli_show_any",
	.cases = cases,
	.n = UNIT_N(cases),
};
