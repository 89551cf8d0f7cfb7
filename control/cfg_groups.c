/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Inheritance from groups.
 *
 * A statement inherits from an ordered list of sources: the statements that stand, in groups, at
 * its own path. Earlier sources win, and what the statement says itself wins over all. The order:
 * groups applied at the statement itself in the order of apply-groups, then those applied at its
 * parent, and so on to the top. Within one group the entry of exactly that name comes before those
 * with wildcards. A source that applies groups itself is followed by those.
 *
 * Leafs and flags are inherited when they are missing; values of a leaf-list are added to those that
 * are there; list entries are added; entries with wildcards add to entries that exist for another
 * reason, and create none.
 */
#include "control/cfg_int.h"

#include <stdlib.h>
#include <string.h>

struct sources {
	const struct cfg_node **v; /* nodes of the tree as written, below `groups NAME` */
	size_t n, cap;
};

struct groups {
	struct cfg *cfg;
	struct cfg_tree *t;
	unsigned int nested; /* groups applied inside groups, at the moment */
};

static bool inherit(struct groups *g, struct cfg_node *n, const struct sources *outer);

/* Spend some work; false when there is none left, which is reported once. */
static bool spend(struct groups *g, const struct cfg_node *at)
{
	if (g->cfg->work == 0)
		return false;
	if (--g->cfg->work == 0) {
		cfg_node_error(g->cfg, VEX_ERR_LIMIT, at, NULL,
			"groups and the statements that inherit from them are too many to expand");
		return false;
	}
	return true;
}

static const struct cfg_node *group_of(const struct groups *g, const struct cfg_node *n)
{
	while (n->schema != g->cfg->schema->group)
		n = n->parent;
	return n;
}

static const struct cfg_node *all_groups(const struct cfg *cfg)
{
	return cfg_node_find(&cfg->tree, cfg->tree.root, cfg->schema->groups, NULL, 0);
}

/* The group that a value of apply-groups names; NULL if there is none. */
static const struct cfg_node *find_group(const struct cfg *cfg, const struct cfg_node *value)
{
	const struct cfg_node *groups = all_groups(cfg);

	return groups == NULL ? NULL
			      : cfg_node_find(&cfg->tree, groups, cfg->schema->group,
					(const char *const *)value->word, 1);
}

/* The values of apply-groups or apply-groups-except of a statement, or NULL. */
static const struct cfg_node *applied(
	const struct cfg_tree *t, const struct cfg_node *n, const struct cfg_snode *which)
{
	const struct cfg_node *list = cfg_node_find(t, n, which, NULL, 0);

	return list != NULL ? list->child : NULL;
}

static bool matches(const struct cfg_node *wild, const struct cfg_node *n)
{
	for (uint32_t i = 0; i < n->nword; i++) {
		const char *w = wild->word[i];
		size_t len = strlen(w);
		char pattern[256];

		if (len >= 2 && w[0] == '<' && w[len - 1] == '>' && len - 2 < sizeof pattern) {
			memcpy(pattern, w + 1, len - 2);
			pattern[len - 2] = '\0';
			if (!cfg_glob(pattern, n->word[i]))
				return false;
		} else if (strcmp(w, n->word[i]) != 0) {
			return false;
		}
	}
	return true;
}

/* ---- Collecting sources ----------------------------------------------------------------------- */

static bool append_groups(struct groups *g, struct sources *s, const struct cfg_node *values,
	const struct cfg_node *n);

static bool append(
	struct groups *g, struct sources *s, const struct cfg_node *node, const struct cfg_node *n)
{
	const struct cfg_node *values;
	bool ok;

	for (size_t i = 0; i < s->n; i++) {
		if (!spend(g, n))
			return false;
		if (s->v[i] == node)
			return true;
	}
	if (s->n == s->cap) {
		size_t cap = s->cap ? s->cap * 2 : 8;
		const struct cfg_node **v = realloc(s->v, cap * sizeof *v);

		if (v == NULL) {
			g->cfg->arena.failed = true;
			return false;
		}
		s->v = v;
		s->cap = cap;
	}
	s->v[s->n++] = node;
	values = applied(&g->cfg->tree, node, g->cfg->schema->apply_groups);
	if (values == NULL)
		return true;
	if (g->nested == CFG_DEPTH_MAX) {
		cfg_node_error(g->cfg, VEX_ERR_LIMIT, values, NULL,
			"groups apply each other more than %d deep", CFG_DEPTH_MAX);
		return false;
	}
	g->nested++;
	ok = append_groups(g, s, values, n);
	g->nested--;
	return ok;
}

/*
 * Append what stands for @child (a child of n's counterpart) below @source: the same entry, then
 * those with wildcards that match. @n is the statement whose sources are collected; path[depth..0)
 * leads on to it.
 */
static bool append_below(struct groups *g, struct sources *s, const struct cfg_node *source,
	const struct cfg_node *const *path, size_t depth, const struct cfg_node *n)
{
	const struct cfg_node *child, *c;

	if (!spend(g, n))
		return false;
	if (depth == 0)
		return append(g, s, source, n);
	child = path[depth - 1];
	c = cfg_node_find(&g->cfg->tree, source, child->schema, (const char *const *)child->word,
		child->nword);
	if (c != NULL && !c->inactive && !append_below(g, s, c, path, depth - 1, n))
		return false;
	if (!source->has_wildcards || child->schema->kind != CFG_LIST)
		return true;
	for (c = source->child; c != NULL; c = c->next) {
		if (!spend(g, n))
			return false;
		if (c->wildcard && !c->inactive && c->schema == child->schema &&
			matches(c, child) && !append_below(g, s, c, path, depth - 1, n))
			return false;
	}
	return true;
}

/* Append what the groups named by @values have at the path of @n. */
static bool append_groups(struct groups *g, struct sources *s, const struct cfg_node *values,
	const struct cfg_node *n)
{
	const struct cfg_node *path[CFG_DEPTH_MAX];
	size_t depth = 0;

	if (values == NULL)
		return true;
	for (const struct cfg_node *p = n; p->parent != NULL; p = p->parent) {
		if (depth == CFG_DEPTH_MAX)
			return true;
		path[depth++] = p;
	}
	for (const struct cfg_node *v = values; v != NULL; v = v->next) {
		const struct cfg_node *group = v->inactive ? NULL : find_group(g->cfg, v);

		if (group != NULL && !group->inactive && !group->parent->inactive &&
			!append_below(g, s, group, path, depth, n))
			return false;
	}
	return true;
}

static void remove_excepted(struct groups *g, struct sources *s, const struct cfg_node *except)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct cfg_node *group = group_of(g, s->v[i]), *v = except;

		while (v != NULL && strcmp(cfg_node_word(v), cfg_node_word(group)) != 0)
			v = v->next;
		if (v == NULL)
			s->v[kept++] = s->v[i];
	}
	s->n = kept;
}

/* ---- Inheriting ------------------------------------------------------------------------------- */

static bool is_inherited(const struct cfg *cfg, const struct cfg_node *c)
{
	return !c->inactive && !c->wildcard && c->schema->kind != CFG_OPAQUE &&
	       c->schema != cfg->schema->apply_groups &&
	       c->schema != cfg->schema->apply_groups_except;
}

/* Add what one source has and @n lacks; not what is further below. */
static bool take(struct groups *g, struct cfg_node *n, const struct cfg_node *source)
{
	for (const struct cfg_node *c = source->child; c != NULL; c = c->next) {
		if (!spend(g, n))
			return false;
		if (!is_inherited(g->cfg, c))
			continue;
		if (c->schema->kind == CFG_LEAF_LIST) {
			if (!cfg_expand_merge(g->cfg, g->t, n, c))
				return false;
		} else if (cfg_expand_node(g->cfg, g->t, n, c) == NULL) {
			return false;
		}
	}
	return true;
}

static bool descend(struct groups *g, struct cfg_node *n, const struct sources *own)
{
	for (struct cfg_node *c = n->child; c != NULL; c = c->next) {
		const struct cfg_node *path[1] = {c};
		struct sources below = {0};
		bool ok = true;

		if (c->schema->kind != CFG_CONTAINER && c->schema->kind != CFG_LIST)
			continue;
		for (size_t i = 0; ok && i < own->n; i++)
			ok = append_below(g, &below, own->v[i], path, 1, c);
		ok = ok && inherit(g, c, &below);
		free(below.v);
		if (!ok)
			return false;
	}
	return true;
}

static bool inherit(struct groups *g, struct cfg_node *n, const struct sources *outer)
{
	const struct cfg_node *except = applied(g->t, n, g->cfg->schema->apply_groups_except);
	struct sources own = {0};
	bool ok = append_groups(g, &own, applied(g->t, n, g->cfg->schema->apply_groups), n);

	for (size_t i = 0; ok && i < outer->n; i++)
		ok = append(g, &own, outer->v[i], n);
	if (ok)
		remove_excepted(g, &own, except);
	for (size_t i = 0; ok && i < own.n; i++)
		ok = take(g, n, own.v[i]);
	ok = ok && descend(g, n, &own);
	free(own.v);
	return ok;
}

/* ---- References ------------------------------------------------------------------------------- */

static void check_reference(struct cfg *cfg, const struct cfg_node *value)
{
	const struct cfg_node *groups = all_groups(cfg);
	struct cfg_near near = {.word = cfg_node_word(value)};

	if (value->inactive || find_group(cfg, value) != NULL)
		return;
	if (groups != NULL) {
		for (const struct cfg_node *c = groups->child; c != NULL; c = c->next)
			cfg_near_try(&near, cfg_node_word(c));
	}
	cfg_node_error(cfg, VEX_ERR_NOT_FOUND, value, near.word,
		near.best ? "there is no group '%s'; did you mean '%s'?" : "there is no group '%s'",
		near.word, near.best);
}

static void check_references(struct cfg *cfg, const struct cfg_node *n, bool in_group)
{
	for (const struct cfg_node *c = n->child; c != NULL; c = c->next) {
		bool except = c->schema == cfg->schema->apply_groups_except;

		if (c->inactive)
			continue;
		if (except && in_group)
			cfg_node_error(cfg, VEX_ERR_NOT_SUPPORTED, c, NULL,
				"'%s' is not supported inside a group", c->schema->word);
		if (!except && c->schema != cfg->schema->apply_groups) {
			check_references(cfg, c, in_group || c->schema == cfg->schema->groups);
			continue;
		}
		for (const struct cfg_node *v = c->child; v != NULL; v = v->next)
			check_reference(cfg, v);
	}
}

bool cfg_expand_groups(struct cfg *cfg, struct cfg_tree *t)
{
	struct groups g = {.cfg = cfg, .t = t};

	check_references(cfg, cfg->tree.root, false);
	return inherit(&g, t->root, &(struct sources){0});
}
