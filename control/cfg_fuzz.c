/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any bytes as a configuration. What parses must print in every form, what is printed must parse
 * again, and a second round must print the same.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/cfg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct cfg_schema *schema_once(void)
{
	static struct cfg_schema *schema;
	struct vex_errs errs = {0};

	if (schema == NULL)
		schema = cfg_schema_create(&errs);
	if (schema == NULL)
		abort();
	return schema;
}

static char *printed(const struct cfg *cfg, enum cfg_form form)
{
	char *text;

	if (!cfg_print(cfg, form, &text))
		abort();
	return text;
}

/* Parse what was printed, which must be possible, and print it again. */
static char *reprinted(const char *text, enum cfg_form form)
{
	struct vex_errs errs = {0};
	struct cfg *cfg = cfg_parse_with(
		schema_once(), CFG_STATEMENTS, text, strlen(text), "printed", &errs);
	char *again;

	if (cfg == NULL) {
		vex_err_print(&errs.v[0], stderr);
		fputs(text, stderr);
		abort();
	}
	again = printed(cfg, form);
	cfg_free(cfg);
	return again;
}

/*
 * Print, parse, print: the same text. In set form this holds from the second round on: two blocks
 * below something that is not supported may give the same line.
 */
static void check_stable(const struct cfg *cfg, enum cfg_form form)
{
	char *first = printed(cfg, form), *second = reprinted(first, form);

	if (form == CFG_FORM_SET) {
		free(first);
		first = second;
		second = reprinted(first, form);
	}
	if (strcmp(first, second) != 0) {
		fprintf(stderr, "%s---- becomes\n%s", first, second);
		abort();
	}
	free(second);
	free(first);
}

static void check_position(const struct cfg *cfg, const struct lyd_node *node)
{
	struct vex_pos pos;
	char *path = cfg_path(cfg, node);

	cfg_position(cfg, node, &pos);
	if (path == NULL || pos.file == NULL)
		abort();
	free(path);
	for (const struct lyd_node *c = lyd_child(node); c != NULL; c = c->next)
		check_position(cfg, c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vex_errs errs = {0};
	struct cfg *cfg = cfg_parse_with(
		schema_once(), CFG_STATEMENTS, (const char *)data, size, "fuzz", &errs);

	if ((cfg == NULL) != vex_errs_any(&errs))
		abort();
	if (cfg != NULL) {
		check_stable(cfg, CFG_FORM_CURLY);
		check_stable(cfg, CFG_FORM_SET);
		free(printed(cfg, CFG_FORM_JSON));
		cfg_free(cfg);
	}
	vex_errs_free(&errs);
	cfg = cfg_parse_with(schema_once(), CFG_DATA, (const char *)data, size, "fuzz", &errs);
	if (cfg != NULL)
		check_position(cfg, cfg_data(cfg));
	cfg_free(cfg);
	vex_errs_free(&errs);
	return 0;
}
