/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/cfg.h"
#include "control/verb.h"

static bool format_text(const struct text *text, enum cfg_form form)
{
	struct vex_errs errs = {0};
	struct cfg_schema *schema = cfg_schema_create(&errs);
	struct cfg *cfg = NULL;
	char *out = NULL;
	bool ok;

	if (schema != NULL)
		cfg = cfg_parse_with(
			schema, CFG_STATEMENTS, text->bytes, text->len, text->name, &errs);
	ok = cfg != NULL && cfg_print(cfg, form, &out) && fputs(out, stdout) >= 0 &&
	     fflush(stdout) == 0;
	if (!ok && cfg != NULL)
		fprintf(stderr, "%s: the result cannot be written\n", text->name);
	verb_print_errors(&errs);
	free(out);
	cfg_free(cfg);
	cfg_schema_free(schema);
	vex_errs_free(&errs);
	return ok;
}

enum status verb_format(const struct verb *verb, int argc, char **argv)
{
	static const struct {
		const char *option;
		enum cfg_form form;
	} forms[] = {
		{"--set", CFG_FORM_SET},
		{"--curly", CFG_FORM_CURLY},
		{"--json", CFG_FORM_JSON},
	};
	struct text text;
	bool ok;

	for (size_t i = 0; argc == 2 && i < sizeof forms / sizeof forms[0]; i++) {
		if (strcmp(argv[0], forms[i].option) != 0)
			continue;
		ok = verb_read(argv[1], &text) && format_text(&text, forms[i].form);
		free(text.bytes);
		return ok ? STATUS_OK : STATUS_BAD;
	}
	return verb_usage(verb);
}
