/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdarg.h>
#include <stdlib.h>

#include "control/state.h"

void state_err(struct state *st, enum vex_err_kind kind, const struct lyd_node *node,
	const char *value, const char *fmt, ...)
{
	struct vex_pos at = {0};
	char *path = NULL;
	va_list ap;

	cfg_position(st->cfg, node != NULL ? node : st->root, &at);
	if (node != NULL)
		path = cfg_path(st->cfg, node);
	va_start(ap, fmt);
	vex_err_vadd(st->errs, kind, &at, path, value, fmt, ap);
	va_end(ap);
	free(path);
}

void state_no_memory(struct state *st)
{
	vex_err_add(st->errs, VEX_ERR_INTERNAL, NULL, NULL, NULL, "out of memory");
}

void *state_grow(struct state *st, void *array, size_t n, size_t *cap, size_t size)
{
	size_t want;
	void *p;

	if (n < *cap)
		return array;
	want = *cap != 0 ? *cap * 2 : 16;
	p = reallocarray(array, want, size);
	if (p == NULL) {
		state_no_memory(st);
		return NULL;
	}
	*cap = want;
	return p;
}
