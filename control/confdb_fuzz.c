/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A session: a configuration, then commands on it, in one input. The text up to a line of "%%" is
 * loaded, or if it cannot be, nothing is. Every line behind it is one command. Behind each:
 *
 *  - a command that fails has changed nothing;
 *  - what is there prints, and parses as what it was, also when it was copied;
 *  - it differs in nothing from its copy;
 *  - everything stands in its place.
 *
 * At the end the changes are merged into the start, which must give the result.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/cfg_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Commands of one input: each is checked at a cost that grows with the tree. */
#define LINES_MAX 64

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

static char *printed(const struct cfg *cfg)
{
	char *text;

	if (!cfg_print(cfg, CFG_FORM_CURLY, &text))
		abort();
	return text;
}

static struct cfg *parsed(const char *text, size_t len)
{
	struct vex_errs errs = {0};
	struct cfg *cfg = cfg_parse_with(schema_once(), CFG_STATEMENTS, text, len, "text", &errs);

	vex_errs_free(&errs);
	return cfg;
}

static char *difference(struct cfg *a, struct cfg *b)
{
	struct vex_errs errs = {0};
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (f == NULL || !cfg_compare(a, b, "", f, &errs) || fclose(f) != 0)
		abort();
	return text;
}

static void must_equal(struct cfg *a, struct cfg *b, const char *what)
{
	char *text = difference(a, b);

	if (*text != '\0' || !cfg_node_equal(&a->tree, a->tree.root, &b->tree, b->tree.root)) {
		fprintf(stderr, "%s\n%s", what, text);
		abort();
	}
	free(text);
}

static void check(struct cfg *cfg)
{
	struct cfg *copy = cfg_clone(cfg), *again;
	char *text = printed(cfg), *of_copy = printed(copy);

	if (strcmp(text, of_copy) != 0)
		abort();
	must_equal(cfg, copy, "a copy differs");
	again = parsed(text, strlen(text));
	if (again == NULL) {
		fprintf(stderr, "does not parse:\n%s", text);
		abort();
	}
	must_equal(cfg, again, "what is printed differs");
	free(of_copy);
	if (!cfg_sort(copy->tree.root))
		abort();
	of_copy = printed(copy);
	if (strcmp(text, of_copy) != 0) {
		fprintf(stderr, "not in its place:\n%s----\n%s", text, of_copy);
		abort();
	}
	free(text);
	free(of_copy);
	cfg_free(copy);
	cfg_free(again);
}

static void command(struct cfg *cfg, const char *line, size_t len)
{
	struct vex_errs notes = {0}, errs = {0};
	char *before = printed(cfg), *after;
	bool ok = cfg_edit(cfg, "", line, len, "line", &notes, &errs);

	if (ok == vex_errs_any(&errs))
		abort();
	if (!ok || vex_errs_any(&notes)) {
		after = printed(cfg);
		if (strcmp(before, after) != 0) {
			fprintf(stderr, "%.*s\nfailed and changed\n%s\nto\n%s", (int)len, line,
				before, after);
			abort();
		}
		free(after);
	}
	free(before);
	vex_errs_free(&notes);
	vex_errs_free(&errs);
	check(cfg);
}

/* What leads from @base to @mine leads from a copy of @base to the same. */
static void check_changes(const struct cfg *base, struct cfg *mine)
{
	struct cfg *to = cfg_clone(base);
	struct vex_errs conflicts = {0};

	if (!cfg_merge_changes(to, base, mine, &conflicts) || vex_errs_any(&conflicts) ||
		!cfg_sort(to->tree.root))
		abort();
	check(to);
	vex_errs_free(&conflicts);
	cfg_free(to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data, *end = text + size;
	const char *at = size >= 4 ? memmem(text, size, "\n%%\n", 4) : NULL;
	struct cfg *cfg = parsed(text, at ? (size_t)(at - text) : 0), *base;

	if (cfg == NULL)
		cfg = parsed("", 0);
	if (!cfg_sort(cfg->tree.root))
		abort();
	base = cfg_clone(cfg);
	at = at ? at + 4 : text;
	for (unsigned int i = 0; i < LINES_MAX && at < end; i++) {
		const char *eol = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((eol ? eol : end) - at);

		command(cfg, at, len);
		at += len + 1;
	}
	check_changes(base, cfg);
	cfg_free(base);
	cfg_free(cfg);
	return 0;
}
