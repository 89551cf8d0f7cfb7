/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/cfg.h"
#include "control/ctl.h"
#include "control/verb.h"

/* What errors are counted by. */
struct subject {
	const struct vex_err *err;
	char *statement;
};

static int by_kind(const void *pa, const void *pb)
{
	const struct subject *a = pa, *b = pb;
	int c = (a->err->kind > b->err->kind) - (a->err->kind < b->err->kind);

	if (c == 0)
		c = strcmp(a->statement, b->statement);
	return c ? c : (a->err > b->err) - (a->err < b->err);
}

static bool same_subject(const struct subject *a, const struct subject *b)
{
	return a->err->kind == b->err->kind && strcmp(a->statement, b->statement) == 0;
}

static void print_subjects(const struct subject *v, size_t n, FILE *out)
{
	size_t end, kind;

	for (size_t i = 0; i < n; i = end) {
		if (i == 0 || v[i].err->kind != v[i - 1].err->kind) {
			for (kind = i; kind < n && v[kind].err->kind == v[i].err->kind;)
				kind++;
			fprintf(out, "%s: %zu\n", vex_err_kind_name(v[i].err->kind), kind - i);
		}
		for (end = i; end < n && same_subject(&v[end], &v[i]);)
			end++;
		fprintf(out, "%6zu  %s\n        first at ", end - i,
			*v[i].statement ? v[i].statement : "(top)");
		vex_err_print(v[i].err, out);
	}
}

/* Kinds, and in each the statements with how often and where first. */
static bool print_report(const struct vex_errs *errs, FILE *out)
{
	struct vex_errs none = {0};
	struct cfg_schema *schema = cfg_schema_create(&none);
	struct subject *v = calloc(errs->n + 1, sizeof *v);
	bool ok = schema != NULL && v != NULL;

	for (size_t i = 0; ok && i < errs->n; i++) {
		const char *path = errs->v[i].path;

		v[i].err = &errs->v[i];
		v[i].statement = cfg_statement(schema, path ? path : "");
		ok = v[i].statement != NULL;
	}
	if (ok) {
		qsort(v, errs->n, sizeof *v, by_kind);
		print_subjects(v, errs->n, out);
		if (errs->lost > 0)
			fprintf(out, "and %zu more\n", errs->lost);
	}
	for (size_t i = 0; v != NULL && i < errs->n; i++)
		free(v[i].statement);
	free(v);
	cfg_schema_free(schema);
	vex_errs_free(&none);
	return ok;
}

enum status verb_check(const struct verb *verb, int argc, char **argv)
{
	bool report = argc > 0 && strcmp(argv[0], "--report") == 0;
	struct ctl_image *image = NULL;
	struct vex_errs errs = {0};
	struct text text;
	bool ok;

	if (argc != 1 + report)
		return verb_usage(verb);
	if (!verb_read(argv[report], &text)) {
		free(text.bytes);
		return STATUS_BAD;
	}
	ok = ctl_load(text.bytes, text.len, text.name, &image, &errs) == 0;
	ctl_image_free(image);
	if (ok)
		puts("OK");
	else if (!report || !print_report(&errs, stdout))
		verb_print_errors(&errs);
	vex_errs_free(&errs);
	free(text.bytes);
	return ok ? STATUS_OK : STATUS_BAD;
}
