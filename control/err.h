/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * err: the errors of the control side, as values.
 *
 * A function that can refuse its input appends to a `struct vex_errs` and goes on, so that a
 * person sees every mistake of a configuration at once. An error carries what a program needs
 * (kind, path, value, position) beside the text that a person reads; nothing needs to parse the
 * text. The list is bounded: after VEX_ERRS_MAX entries only a count is kept.
 *
 *	struct vex_errs errs = {0};
 *	struct vex_pos at = {.file = "a.conf", .line = 3, .column = 9};
 *	vex_err_add(&errs, VEX_ERR_VALUE, &at, "vlans v10 vlan-id", "4095",
 *		"vlan-id must be 1 to 4094, not 4095");
 *	vex_errs_sort(&errs);
 *	for (size_t i = 0; i < errs.n; i++)
 *		vex_err_print(&errs.v[i], stderr);
 *	vex_errs_free(&errs);
 *
 * All strings are copied. When memory runs out the error is counted in `lost` instead of kept, so
 * test `vex_errs_any()`, not `n`, to learn whether something went wrong.
 */
#ifndef VEX_CONTROL_ERR_H
#define VEX_CONTROL_ERR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Errors kept in one list. */
#define VEX_ERRS_MAX 1000

enum vex_err_kind {
	VEX_ERR_SYNTAX,	       /* the text is not of either written form */
	VEX_ERR_UNKNOWN,       /* a word that the schema does not know */
	VEX_ERR_MISSING,       /* a value, key or mandatory statement is missing */
	VEX_ERR_VALUE,	       /* a value of the wrong type or out of range */
	VEX_ERR_NOT_SUPPORTED, /* known, but not enforced: refused */
	VEX_ERR_DUPLICATE,     /* said twice with different values */
	VEX_ERR_NOT_FOUND,     /* refers to something that does not exist */
	VEX_ERR_CONFLICT,      /* statements that exclude each other */
	VEX_ERR_NO_RESOURCE,   /* does not fit into a table of this model */
	VEX_ERR_LIMIT,	       /* a limit of the tool itself: nesting, size */
	VEX_ERR_IO,	       /* a file could not be read */
	VEX_ERR_INTERNAL,      /* no memory, or a mistake of ours */
	VEX_ERR_KINDS
};

/* Where something stands in a text. Line and column count from 1 (columns in bytes); 0: unknown. */
struct vex_pos {
	const char *file; /* NULL: unknown; borrowed */
	unsigned int line;
	unsigned int column;
};

/* One error. Every string is owned by the error; path, value and file may be NULL. */
struct vex_err {
	enum vex_err_kind kind;
	char *path;  /* the statement, in words: "interfaces ge-0/0/0 mtu" */
	char *value; /* what was refused */
	char *text;  /* one sentence that says what is wrong and what to do */
	char *file;
	unsigned int line, column;
	size_t serial; /* order of discovery; the last sorting key */
};

/* A list of errors; all zero is the empty list. */
struct vex_errs {
	struct vex_err *v;
	size_t n;
	size_t cap;
	size_t lost; /* errors beyond VEX_ERRS_MAX, or for which there was no memory */
};

/*
 * Append an error. @at, @path and @value may be NULL. The text is made as by printf; it should not
 * end in a full stop or a newline.
 */
__attribute__((format(printf, 6, 7))) void vex_err_add(struct vex_errs *errs,
	enum vex_err_kind kind, const struct vex_pos *at, const char *path, const char *value,
	const char *fmt, ...);

/* The same with a va_list. */
__attribute__((format(printf, 6, 0))) void vex_err_vadd(struct vex_errs *errs,
	enum vex_err_kind kind, const struct vex_pos *at, const char *path, const char *value,
	const char *fmt, va_list ap);

/* Append the errors of @from, which keeps them. */
void vex_errs_copy(struct vex_errs *errs, const struct vex_errs *from);

/* True if any error was added, kept or lost. */
bool vex_errs_any(const struct vex_errs *errs);

/* Sort by file, line and column; errors without a position come last, in order of discovery. */
void vex_errs_sort(struct vex_errs *errs);

/* Free the contents; the list is empty and usable afterwards. */
void vex_errs_free(struct vex_errs *errs);

/* The kind as a word of lower-case letters and hyphens, "not-supported"; lives for ever. */
const char *vex_err_kind_name(enum vex_err_kind kind);

/*
 * Write one line, "FILE:LINE:COLUMN: text\n". Parts of the position that are not known are left
 * out.
 */
void vex_err_print(const struct vex_err *err, FILE *out);

#endif
