/* SPDX-License-Identifier: BSD-3-Clause */
/* Trees as values: copies, comparison, and what goes when a statement goes. */
#include "control/cfg_int.h"

#include <stdlib.h>
#include <string.h>

/* ---- Copies ----------------------------------------------------------------------------------- */

static const char *copy_word(struct cfg_arena *a, const char *word)
{
	/* Brackets of what is raw are known by their address. */
	return word == cfg_list_open || word == cfg_list_close ? word
							       : cfg_strndup(a, word, strlen(word));
}

static const char **copy_words(struct cfg_arena *a, const char **from, uint32_t n)
{
	const char **word = cfg_alloc(a, (n + 1) * sizeof *word);

	for (uint32_t i = 0; word != NULL && i < n; i++) {
		word[i] = copy_word(a, from[i]);
		if (word[i] == NULL)
			return NULL;
	}
	return word;
}

static bool copy_comments(struct cfg_tree *t, struct cfg_node *to, const struct cfg_node *from)
{
	to->comment = NULL;
	for (const struct cfg_comment *c = from->comment; c != NULL; c = c->next) {
		const char *text = cfg_strndup(t->arena, c->text, strlen(c->text));

		if (text == NULL)
			return false;
		cfg_node_comment(t, to, text);
	}
	return !t->arena->failed;
}

bool cfg_node_copy_self(struct cfg_tree *t, struct cfg_node *to, const struct cfg_node *from)
{
	to->line = from->line;
	to->column = from->column;
	to->inactive = from->inactive;
	to->wildcard = from->wildcard;
	to->has_wildcards |= from->has_wildcards;
	to->joined = from->joined;
	to->from_set = from->from_set;
	if (to->schema->kind == CFG_LEAF && strcmp(to->word[0], from->word[0]) != 0) {
		to->word[0] = copy_word(t->arena, from->word[0]);
		if (to->word[0] == NULL)
			return false;
	}
	return copy_comments(t, to, from);
}

struct cfg_node *cfg_node_copy(
	struct cfg_tree *t, struct cfg_node *parent, const struct cfg_node *from, const char **word)
{
	struct cfg_node *n;

	if (word == NULL && from->nword > 0)
		word = copy_words(t->arena, from->word, from->nword);
	if (word == NULL && from->nword > 0)
		return NULL;
	n = cfg_node_add(t, parent, from->schema, word, from->nword);
	if (n == NULL || !cfg_node_copy_self(t, n, from))
		return NULL;
	if (n->wildcard)
		parent->has_wildcards = true;
	for (const struct cfg_node *c = from->child; c != NULL; c = c->next) {
		if (cfg_node_copy(t, n, c, NULL) == NULL)
			return NULL;
	}
	return n;
}

static struct cfg *new_like(const struct cfg *cfg)
{
	struct cfg *copy = calloc(1, sizeof *copy);

	if (copy == NULL)
		return NULL;
	copy->schema = cfg->schema;
	copy->file = cfg_strndup(&copy->arena, cfg->file, strlen(cfg->file));
	if (copy->file != NULL && cfg_tree_init(&copy->tree, &copy->arena, cfg->schema->root)) {
		copy->top = copy->tree.root;
		return copy;
	}
	cfg_free(copy);
	return NULL;
}

struct cfg *cfg_clone(const struct cfg *cfg)
{
	struct cfg *copy = new_like(cfg);
	bool ok = copy != NULL && copy_comments(&copy->tree, copy->tree.root, cfg->tree.root);

	for (const struct cfg_node *c = cfg->tree.root->child; ok && c != NULL; c = c->next)
		ok = cfg_node_copy(&copy->tree, copy->tree.root, c, NULL) != NULL;
	if (ok)
		return copy;
	cfg_free(copy);
	return NULL;
}

/* The counterpart of a node of another tree, with the levels above, without what is said of them. */
static struct cfg_node *copy_levels(struct cfg_tree *t, const struct cfg_node *from)
{
	struct cfg_node *parent, *n;
	const char **word;

	if (from->parent == NULL)
		return t->root;
	parent = copy_levels(t, from->parent);
	n = parent ? cfg_node_same(t, parent, from) : NULL;
	if (n != NULL || parent == NULL)
		return n;
	word = copy_words(t->arena, from->word, from->nword);
	return word ? cfg_node_add(t, parent, from->schema, word, from->nword) : NULL;
}

struct cfg *cfg_clone_below(const struct cfg *cfg, const struct cfg_target *only)
{
	struct cfg *copy;
	bool ok;

	if (only->n == 1 && only->named[0]->parent == NULL)
		return cfg_clone(cfg);
	copy = new_like(cfg);
	ok = copy != NULL;
	for (size_t i = 0; ok && i < only->n; i++) {
		const struct cfg_node *n = only->named[i];
		struct cfg_node *parent = copy_levels(&copy->tree, n->parent);

		if (parent == NULL)
			ok = false;
		else if (cfg_node_same(&copy->tree, parent, n) == NULL)
			ok = cfg_node_copy(&copy->tree, parent, n, NULL) != NULL;
	}
	if (ok)
		return copy;
	cfg_free(copy);
	return NULL;
}

struct cfg *cfg_inherited(const struct cfg *cfg, struct vex_errs *errs)
{
	struct cfg *copy = cfg_clone(cfg);
	struct cfg_tree expanded;
	bool ok;

	if (copy == NULL) {
		vex_err_add(errs, VEX_ERR_INTERNAL, NULL, NULL, NULL, "out of memory");
		return NULL;
	}
	copy->errs = errs;
	copy->work = CFG_WORK_MAX;
	copy->remarks = true;
	ok = cfg_tree_init(&expanded, &copy->arena, copy->schema->root) &&
	     cfg_expand(copy, &expanded) && !copy->arena.failed;
	copy->errs = NULL;
	if (ok) {
		cfg_tree_free(&copy->tree);
		copy->tree = expanded;
		return copy;
	}
	if (copy->arena.failed)
		vex_err_add(errs, VEX_ERR_INTERNAL, NULL, NULL, NULL, "out of memory");
	cfg_tree_free(&expanded);
	cfg_free(copy);
	return NULL;
}

/* ---- Comparison ------------------------------------------------------------------------------- */

struct cfg_node *cfg_node_same(
	const struct cfg_tree *t, const struct cfg_node *parent, const struct cfg_node *child)
{
	return cfg_node_find(
		t, parent, child->schema, (const char *const *)child->word, child->nword);
}

bool cfg_is_ordered(const struct cfg_snode *s)
{
	if (s->kind == CFG_RAW)
		return true;
	if (s->kind != CFG_LIST && s->kind != CFG_VALUE && s->kind != CFG_LEAF_LIST)
		return false;
	/* Of what no module declares: groups apply in order, but may be defined in any. */
	return s->ly != NULL ? (s->ly->flags & LYS_ORDBY_USER) != 0 : s->kind != CFG_LIST;
}

/* The next child, from @n on, of a kind whose order counts. */
static const struct cfg_node *ordered_from(const struct cfg_node *n, const struct cfg_snode *s)
{
	while (n != NULL && n->schema != s)
		n = n->next;
	return n;
}

static bool same_order(const struct cfg_node *a, const struct cfg_node *b,
	const struct cfg_tree *tb, const struct cfg_snode *s)
{
	const struct cfg_node *cb = ordered_from(b->child, s);

	for (const struct cfg_node *ca = ordered_from(a->child, s); ca != NULL;
		ca = ordered_from(ca->next, s), cb = ordered_from(cb->next, s)) {
		if (cb == NULL || cfg_node_same(tb, b, ca) != cb)
			return false;
	}
	return cb == NULL;
}

static size_t count_children(const struct cfg_node *n)
{
	size_t count = 0;

	for (const struct cfg_node *c = n->child; c != NULL; c = c->next)
		count++;
	return count;
}

bool cfg_node_equal(const struct cfg_tree *ta, const struct cfg_node *a, const struct cfg_tree *tb,
	const struct cfg_node *b)
{
	const struct cfg_snode *ordered = NULL;

	if (a->inactive != b->inactive ||
		(a->schema->kind == CFG_LEAF && strcmp(a->word[0], b->word[0]) != 0) ||
		count_children(a) != count_children(b))
		return false;
	for (const struct cfg_node *c = a->child; c != NULL; c = c->next) {
		const struct cfg_node *other = cfg_node_same(tb, b, c);

		if (other == NULL || !cfg_node_equal(ta, c, tb, other))
			return false;
		if (c->schema != ordered && cfg_is_ordered(c->schema)) {
			ordered = c->schema;
			if (!same_order(a, b, tb, ordered))
				return false;
		}
	}
	return true;
}

/* ---- Removal ---------------------------------------------------------------------------------- */

bool cfg_is_level(const struct cfg_snode *s)
{
	return s->kind == CFG_LEAF_LIST ||
	       (s->kind == CFG_CONTAINER && (s->ly == NULL || !(s->ly->flags & LYS_PRESENCE)));
}

static bool is_hollow(const struct cfg_node *n)
{
	return n->parent != NULL && n->child == NULL && !n->inactive && n->comment == NULL &&
	       cfg_is_level(n->schema);
}

void cfg_node_prune(struct cfg_tree *t, struct cfg_node *node)
{
	struct cfg_node *parent;

	do {
		parent = node->parent;
		cfg_node_remove(t, node);
		node = parent;
	} while (is_hollow(node));
}
