/* SPDX-License-Identifier: BSD-3-Clause */
/* One configuration into another: as a text that is loaded, and as changes to something else. */
#include "control/cfg_int.h"

#include <stdlib.h>
#include <string.h>

/* ---- Loading ---------------------------------------------------------------------------------- */

static bool merge_node(struct cfg_tree *t, struct cfg_node *parent, const struct cfg_node *from);

static bool merge_children(struct cfg_tree *t, struct cfg_node *to, const struct cfg_node *from)
{
	for (const struct cfg_node *c = from->child; c != NULL; c = c->next) {
		if (!merge_node(t, to, c))
			return false;
	}
	return true;
}

static bool merge_node(struct cfg_tree *t, struct cfg_node *parent, const struct cfg_node *from)
{
	struct cfg_node *n = cfg_node_same(t, parent, from);
	bool inactive;

	if (n == NULL)
		return cfg_node_copy(t, parent, from, NULL) != NULL;
	if (from->replace) {
		while (n->child != NULL)
			cfg_node_remove(t, n->child);
		n->comment = NULL;
		return cfg_node_copy_self(t, n, from) && merge_children(t, n, from);
	}
	/* What is inactive stays so: a text says what is new. */
	inactive = n->inactive;
	if (n->schema->kind == CFG_LEAF || from->comment != NULL) {
		struct cfg_comment *comment = n->comment;

		if (!cfg_node_copy_self(t, n, from))
			return false;
		if (from->comment == NULL)
			n->comment = comment;
	}
	n->inactive = inactive || from->inactive;
	return merge_children(t, n, from);
}

bool cfg_merge(struct cfg *to, const struct cfg *from)
{
	return merge_children(&to->tree, to->tree.root, from->tree.root);
}

/* ---- Changes ---------------------------------------------------------------------------------- */

struct changes {
	struct cfg *to;
	const struct cfg *base, *mine;
	struct vex_errs *errs;
};

static void conflict(
	struct changes *c, const struct cfg_node *node, const char *mine, const char *theirs)
{
	const char *path = cfg_node_path(&c->to->arena, node);

	vex_err_add(c->errs, VEX_ERR_CONFLICT, NULL, path, mine,
		"'%s': statement does not match patch: %s here, but another commit %s", path, mine,
		theirs);
}

static struct cfg_node *in(
	const struct cfg *cfg, const struct cfg_node *parent, const struct cfg_node *child)
{
	return parent ? cfg_node_same(&cfg->tree, parent, child) : NULL;
}

static bool apply(
	struct changes *c, const struct cfg_node *b, const struct cfg_node *m, struct cfg_node *t);

static bool apply_leaf(
	struct changes *c, const struct cfg_node *b, const struct cfg_node *m, struct cfg_node *t)
{
	const char *old = b ? cfg_node_word(b) : NULL, *new = cfg_node_word(m);

	if ((old != NULL && strcmp(old, new) == 0) || strcmp(new, cfg_node_word(t)) == 0)
		return true;
	if (old == NULL || strcmp(old, cfg_node_word(t)) != 0)
		conflict(c, m, "changed", "set another value");
	t->word[0] = cfg_strndup(&c->to->arena, new, strlen(new));
	return t->word[0] != NULL;
}

static bool apply_self(
	struct changes *c, const struct cfg_node *b, const struct cfg_node *m, struct cfg_node *t)
{
	if (m->schema->kind == CFG_LEAF && !apply_leaf(c, b, m, t))
		return false;
	if (m->inactive != (b != NULL && b->inactive))
		t->inactive = m->inactive;
	return true;
}

/* Gone in mine. */
static void apply_delete(struct changes *c, const struct cfg_node *b, struct cfg_node *t)
{
	if (t == NULL)
		return;
	if (cfg_is_level(b->schema)) {
		for (const struct cfg_node *n = b->child; n != NULL; n = n->next)
			apply_delete(c, n, in(c->to, t, n));
		if (t->child == NULL)
			cfg_node_remove(&c->to->tree, t);
		return;
	}
	if (!cfg_node_equal(&c->base->tree, b, &c->to->tree, t))
		conflict(c, b, "deleted", "changed it");
	cfg_node_remove(&c->to->tree, t);
}

/* There in mine, and new in it unless @b. */
static bool apply_child(struct changes *c, const struct cfg_node *b, const struct cfg_node *m,
	struct cfg_node *parent)
{
	struct cfg_node *t = in(c->to, parent, m);

	if (t != NULL)
		return apply(c, b, m, t);
	if (b != NULL && cfg_node_equal(&c->base->tree, b, &c->mine->tree, m))
		return true;
	if (b != NULL && cfg_is_level(b->schema)) {
		t = cfg_node_add(&c->to->tree, parent, m->schema, NULL, 0);
		return t != NULL && apply(c, b, m, t);
	}
	if (b != NULL)
		conflict(c, m, "changed", "deleted it");
	return cfg_node_copy(&c->to->tree, parent, m, NULL) != NULL;
}

/*
 * The order of mine, if mine has changed it: each ordered child goes behind the one that it follows
 * in mine.
 */
static void apply_order(
	struct changes *c, const struct cfg_node *b, const struct cfg_node *m, struct cfg_node *t)
{
	const struct cfg_node *cb = b ? b->child : NULL;
	struct cfg_node *last = NULL;
	bool changed = false;

	for (const struct cfg_node *n = m->child; n != NULL; n = n->next) {
		if (!cfg_is_ordered(n->schema) || in(c->base, b, n) == NULL)
			continue;
		while (cb != NULL && (!cfg_is_ordered(cb->schema) || in(c->mine, m, cb) == NULL))
			cb = cb->next;
		changed |= cb == NULL || in(c->base, b, n) != cb;
		cb = cb ? cb->next : NULL;
	}
	for (const struct cfg_node *n = m->child; changed && n != NULL; n = n->next) {
		struct cfg_node *at = cfg_is_ordered(n->schema) ? in(c->to, t, n) : NULL;

		if (at == NULL)
			continue;
		if (last != NULL)
			cfg_node_move(at, last, false);
		last = at;
	}
}

static bool apply(
	struct changes *c, const struct cfg_node *b, const struct cfg_node *m, struct cfg_node *t)
{
	if (!apply_self(c, b, m, t))
		return false;
	for (const struct cfg_node *n = b ? b->child : NULL; n != NULL; n = n->next) {
		if (in(c->mine, m, n) == NULL)
			apply_delete(c, n, in(c->to, t, n));
	}
	for (const struct cfg_node *n = m->child; n != NULL; n = n->next) {
		if (!apply_child(c, in(c->base, b, n), n, t))
			return false;
	}
	apply_order(c, b, m, t);
	return true;
}

bool cfg_merge_changes(
	struct cfg *to, const struct cfg *base, const struct cfg *mine, struct vex_errs *errs)
{
	struct changes c = {.to = to, .base = base, .mine = mine, .errs = errs};

	return apply(&c, base->tree.root, mine->tree.root, to->tree.root);
}
