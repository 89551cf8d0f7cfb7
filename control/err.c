/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/err.h"

#include <stdlib.h>
#include <string.h>

static char *copy(const char *s)
{
	return s == NULL ? NULL : strdup(s);
}

__attribute__((format(printf, 1, 0))) static char *format(const char *fmt, va_list ap)
{
	va_list again;
	char *text;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		return NULL;
	text = malloc((size_t)n + 1);
	if (text != NULL)
		vsnprintf(text, (size_t)n + 1, fmt, ap);
	return text;
}

static void err_clear(struct vex_err *e)
{
	free(e->path);
	free(e->value);
	free(e->text);
	free(e->file);
}

void vex_err_vadd(struct vex_errs *errs, enum vex_err_kind kind, const struct vex_pos *at,
	const char *path, const char *value, const char *fmt, va_list ap)
{
	struct vex_err e = {.kind = kind, .serial = errs->n};

	if (errs->n >= VEX_ERRS_MAX) {
		errs->lost++;
		return;
	}
	if (errs->n == errs->cap) {
		size_t cap = errs->cap ? errs->cap * 2 : 16;
		struct vex_err *v = realloc(errs->v, cap * sizeof *v);

		if (v == NULL) {
			errs->lost++;
			return;
		}
		errs->v = v;
		errs->cap = cap;
	}
	e.text = format(fmt, ap);
	if (e.text == NULL) {
		errs->lost++;
		return;
	}
	e.path = copy(path);
	e.value = copy(value);
	if (at != NULL) {
		e.file = copy(at->file);
		e.line = at->line;
		e.column = at->column;
	}
	errs->v[errs->n++] = e;
}

void vex_err_add(struct vex_errs *errs, enum vex_err_kind kind, const struct vex_pos *at,
	const char *path, const char *value, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vex_err_vadd(errs, kind, at, path, value, fmt, ap);
	va_end(ap);
}

void vex_errs_copy(struct vex_errs *errs, const struct vex_errs *from)
{
	for (size_t i = 0; i < from->n; i++) {
		const struct vex_err *e = &from->v[i];
		struct vex_pos at = {e->file, e->line, e->column};

		vex_err_add(errs, e->kind, &at, e->path, e->value, "%s", e->text);
	}
	errs->lost += from->lost;
}

bool vex_errs_any(const struct vex_errs *errs)
{
	return errs->n != 0 || errs->lost != 0;
}

static int compare_size(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static int compare(const void *pa, const void *pb)
{
	const struct vex_err *a = pa, *b = pb;
	int c = compare_size(a->line == 0, b->line == 0);

	if (c == 0 && a->file != NULL && b->file != NULL)
		c = strcmp(a->file, b->file);
	if (c == 0)
		c = compare_size(a->line, b->line);
	if (c == 0)
		c = compare_size(a->column, b->column);
	return c != 0 ? c : compare_size(a->serial, b->serial);
}

void vex_errs_sort(struct vex_errs *errs)
{
	if (errs->n > 1)
		qsort(errs->v, errs->n, sizeof *errs->v, compare);
}

void vex_errs_free(struct vex_errs *errs)
{
	for (size_t i = 0; i < errs->n; i++)
		err_clear(&errs->v[i]);
	free(errs->v);
	*errs = (struct vex_errs){0};
}

const char *vex_err_kind_name(enum vex_err_kind kind)
{
	static const char *const name[VEX_ERR_KINDS] = {
		[VEX_ERR_SYNTAX] = "syntax",
		[VEX_ERR_UNKNOWN] = "unknown-statement",
		[VEX_ERR_MISSING] = "missing",
		[VEX_ERR_VALUE] = "bad-value",
		[VEX_ERR_NOT_SUPPORTED] = "not-supported",
		[VEX_ERR_DUPLICATE] = "duplicate",
		[VEX_ERR_NOT_FOUND] = "not-found",
		[VEX_ERR_CONFLICT] = "conflict",
		[VEX_ERR_NO_RESOURCE] = "no-resource",
		[VEX_ERR_LIMIT] = "limit",
		[VEX_ERR_IO] = "io",
		[VEX_ERR_INTERNAL] = "internal",
	};

	return (unsigned int)kind < VEX_ERR_KINDS ? name[kind] : "internal";
}

void vex_err_print(const struct vex_err *err, FILE *out)
{
	if (err->file != NULL)
		fprintf(out, "%s:", err->file);
	if (err->line != 0)
		fprintf(out, "%u:%u:", err->line, err->column);
	if (err->file != NULL || err->line != 0)
		fputc(' ', out);
	fprintf(out, "%s\n", err->text);
}
