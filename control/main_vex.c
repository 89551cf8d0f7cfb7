/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vex: what a person types. Exit status 0: done; 1: the configuration or a file is bad; 2: usage.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/cfg.h"
#include "control/ctl.h"

#define VERSION "0.1"

enum status {
	STATUS_OK = 0,
	STATUS_BAD = 1,
	STATUS_USAGE = 2,
};

struct verb {
	const char *name;
	const char *arguments;
	const char *help;
	enum status (*run)(const struct verb *verb, int argc, char **argv);
};

/* ---- Files ------------------------------------------------------------------------------------ */

struct text {
	char *bytes;
	size_t len;
	const char *name;
};

static bool read_all(FILE *f, struct text *t)
{
	size_t cap = 0, n;

	do {
		if (t->len == cap) {
			char *more = realloc(t->bytes, cap ? cap * 2 : 65536);

			if (more == NULL)
				return false;
			t->bytes = more;
			cap = cap ? cap * 2 : 65536;
		}
		n = fread(t->bytes + t->len, 1, cap - t->len, f);
		t->len += n;
	} while (n > 0 && t->len <= CFG_TEXT_MAX);
	return !ferror(f);
}

/* Read a file, "-" for standard input. What goes wrong is printed. */
static bool read_text(const char *name, struct text *t)
{
	bool std = strcmp(name, "-") == 0, ok;
	FILE *f = std ? stdin : fopen(name, "r");

	*t = (struct text){.name = std ? "<stdin>" : name};
	errno = f ? 0 : errno;
	ok = f != NULL && read_all(f, t);
	if (!ok)
		fprintf(stderr, "%s: %s\n", t->name, strerror(errno ? errno : ENOMEM));
	if (f != NULL && !std)
		fclose(f);
	return ok;
}

/* ---- Errors ----------------------------------------------------------------------------------- */

static void print_errors(const struct vex_errs *errs, FILE *out)
{
	for (size_t i = 0; i < errs->n; i++)
		vex_err_print(&errs->v[i], out);
	if (errs->lost > 0)
		fprintf(out, "and %zu more\n", errs->lost);
}

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

static enum status usage(const struct verb *verb)
{
	fprintf(stderr, "usage: vex %s %s\n", verb->name, verb->arguments);
	return STATUS_USAGE;
}

/* ---- Verbs ------------------------------------------------------------------------------------ */

static enum status run_check(const struct verb *verb, int argc, char **argv)
{
	bool report = argc > 0 && strcmp(argv[0], "--report") == 0;
	struct ctl_image *image = NULL;
	struct vex_errs errs = {0};
	struct text text;
	bool ok;

	if (argc != 1 + report)
		return usage(verb);
	if (!read_text(argv[report], &text)) {
		free(text.bytes);
		return STATUS_BAD;
	}
	ok = ctl_load(text.bytes, text.len, text.name, &image, &errs) == 0;
	ctl_image_free(image);
	if (ok)
		puts("OK");
	else if (!report || !print_report(&errs, stdout))
		print_errors(&errs, stderr);
	vex_errs_free(&errs);
	free(text.bytes);
	return ok ? STATUS_OK : STATUS_BAD;
}

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
	print_errors(&errs, stderr);
	free(out);
	cfg_free(cfg);
	cfg_schema_free(schema);
	vex_errs_free(&errs);
	return ok;
}

static enum status run_format(const struct verb *verb, int argc, char **argv)
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
		ok = read_text(argv[1], &text) && format_text(&text, forms[i].form);
		free(text.bytes);
		return ok ? STATUS_OK : STATUS_BAD;
	}
	return usage(verb);
}

static const struct verb verbs[] = {
	{"check", "[--report] FILE",
		"check a configuration: prints OK, or every error with its place\n"
		"      --report     count the errors by kind and statement instead",
		run_check},
	{"format", "--set|--curly|--json FILE",
		"print a configuration in another form, without loss", run_format},
};

static void help(FILE *out)
{
	fputs("usage: vex VERB ...\n\n", out);
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		fprintf(out, "  %s %s\n      %s\n", verbs[i].name, verbs[i].arguments,
			verbs[i].help);
	fputs("  --help, --version\n\n"
	      "FILE is a Junos configuration, with curly braces or as set lines; - is standard "
	      "input.\n"
	      "Exit status: 0 done, 1 the configuration or a file is bad, 2 usage.\n",
		out);
}

int main(int argc, char **argv)
{
	if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		help(stdout);
		return STATUS_OK;
	}
	if (argc >= 2 && strcmp(argv[1], "--version") == 0) {
		puts("vex " VERSION);
		return STATUS_OK;
	}
	for (size_t i = 0; argc >= 2 && i < sizeof verbs / sizeof verbs[0]; i++) {
		if (strcmp(argv[1], verbs[i].name) == 0)
			return (int)verbs[i].run(&verbs[i], argc - 2, argv + 2);
	}
	help(stderr);
	return STATUS_USAGE;
}
