/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From the tree as written to the tree as meant. The order of the steps is the precedence: what an
 * interface says itself, then what its ranges say, then what groups say.
 */
#include "control/cfg_int.h"

#include <stdlib.h>
#include <string.h>

/* One set of a pattern, "[a-z]" at *p, against one character; *p moves behind it. */
static bool in_set(const char **p, char c)
{
	const char *q = *p + 1;
	bool negated = *q == '!', found = false;

	q += negated;
	for (const char *start = q; *q != '\0' && (*q != ']' || q == start); q++) {
		if (q[1] == '-' && q[2] != '\0' && q[2] != ']') {
			found |= (unsigned char)c >= (unsigned char)q[0] &&
				 (unsigned char)c <= (unsigned char)q[2];
			q += 2;
		} else {
			found |= c == *q;
		}
	}
	*p = *q == ']' ? q + 1 : q;
	return found != negated;
}

bool cfg_glob(const char *pattern, const char *text)
{
	const char *star = NULL, *retry = NULL;

	/* Only the last * is ever tried again: an earlier one can give nothing that it cannot. */
	for (;;) {
		const char *p = pattern;

		if (*p == '*') {
			star = ++pattern;
			retry = text;
			continue;
		}
		if (*text == '\0' && *p == '\0')
			return true;
		if (*text != '\0' && *p != '\0') {
			bool match = *p == '?' || *p == *text;

			if (*p == '[')
				match = in_set(&p, *text);
			else
				p++;
			if (match) {
				pattern = p;
				text++;
				continue;
			}
		}
		if (star == NULL || *retry == '\0')
			return false;
		pattern = star;
		text = ++retry;
	}
}

struct cfg_node *cfg_node_child(const struct cfg *cfg, const struct cfg_tree *t,
	const struct cfg_node *parent, const char *word)
{
	const struct cfg_snode *s = parent ? cfg_schema_find(cfg->schema, parent->schema, word)
					   : NULL;

	return s != NULL ? cfg_node_find(t, parent, s, NULL, 0) : NULL;
}

/* The statement below @parent that is written as @from is: a range holds what an interface holds. */
static const struct cfg_snode *counterpart(
	const struct cfg *cfg, const struct cfg_node *parent, const struct cfg_node *from)
{
	const struct cfg_snode *s;

	if (from->schema->parent == parent->schema || parent->parent == NULL)
		return from->schema;
	if (from->schema->kind == CFG_VALUE)
		return parent->schema->value;
	s = from->schema->omit_name
		    ? parent->schema->omitted
		    : cfg_schema_find(cfg->schema, parent->schema, from->schema->word);
	return s != NULL && s->kind == from->schema->kind ? s : NULL;
}

/* "'9216' was inherited from group 'g'", for what has a name, a value or is a flag. */
static void remark(struct cfg *cfg, struct cfg_node *n, const struct cfg_node *from)
{
	static const char group[] = "inherited from group",
			  range[] = "expanded from interface-range";
	const struct cfg_node *up = from->parent;
	const char *what = n->nword > 0 ? n->word[0] : n->schema->word, *how;
	char text[1024];

	while (up != NULL && up->schema != cfg->schema->group &&
		(up->schema->kind != CFG_LIST || strcmp(up->schema->word, "interface-range") != 0))
		up = up->parent;
	if (up == NULL || (n->nword == 0 && n->schema->kind != CFG_FLAG))
		return;
	/* A range that stands in the tree as written, in its own place. */
	how = up->schema == cfg->schema->group ? group : range;
	if (how == range && n->schema == from->schema)
		return;
	snprintf(text, sizeof text, "'%s' was %s '%s'", what, how, cfg_node_word(up));
	n->remark = cfg_strndup(&cfg->arena, text, strlen(text));
}

struct cfg_node *cfg_expand_node(
	struct cfg *cfg, struct cfg_tree *t, struct cfg_node *parent, const struct cfg_node *from)
{
	const struct cfg_snode *s = counterpart(cfg, parent, from);
	struct cfg_node *n;

	if (s == NULL)
		return NULL;
	n = cfg_node_find(t, parent, s, (const char *const *)from->word, from->nword);
	if (n != NULL)
		return n;
	if (t->nodes >= CFG_NODES_MAX) {
		if (cfg->work > 0)
			cfg_node_error(cfg, VEX_ERR_LIMIT, from, NULL,
				"with groups and ranges expanded there are more than %u statements",
				CFG_NODES_MAX);
		cfg->work = 0;
		return NULL;
	}
	n = cfg_node_add(t, parent, s, from->word, from->nword);
	if (n != NULL) {
		n->line = from->line;
		n->column = from->column;
		if (cfg->remarks) {
			n->comment = from->comment;
			remark(cfg, n, from);
		}
	}
	return n;
}

bool cfg_expand_merge(
	struct cfg *cfg, struct cfg_tree *t, struct cfg_node *parent, const struct cfg_node *from)
{
	struct cfg_node *n;

	if (from->inactive || from->wildcard || from->schema->kind == CFG_OPAQUE ||
		from->schema == cfg->schema->groups)
		return true;
	n = cfg_expand_node(cfg, t, parent, from);
	if (n == NULL)
		return false;
	for (const struct cfg_node *c = from->child; c != NULL; c = c->next) {
		if (!cfg_expand_merge(cfg, t, n, c))
			return false;
	}
	/* A list of values that are all inactive is not there. */
	if (n->schema->kind == CFG_LEAF_LIST && n->child == NULL)
		cfg_node_remove(t, n);
	return true;
}

/* Remove what only steered the expansion. */
static void drop(struct cfg *cfg, struct cfg_tree *t, struct cfg_node *n)
{
	struct cfg_node *next;

	for (struct cfg_node *c = n->child; c != NULL; c = next) {
		next = c->next;
		if (c->schema == cfg->schema->apply_groups ||
			c->schema == cfg->schema->apply_groups_except)
			cfg_node_remove(t, c);
		else
			drop(cfg, t, c);
	}
}

bool cfg_expand(struct cfg *cfg, struct cfg_tree *t)
{
	size_t before = cfg->errs->n + cfg->errs->lost;

	for (const struct cfg_node *c = cfg->tree.root->child; c != NULL; c = c->next) {
		if (!cfg_expand_merge(cfg, t, t->root, c))
			return false;
	}
	/* Ranges once more, for what groups added to them or to the list of their members. */
	if (!cfg_expand_ranges(cfg, t) || !cfg_expand_groups(cfg, t) ||
		!cfg_expand_ranges(cfg, t) || !cfg_expand_range_names(cfg, t))
		return false;
	drop(cfg, t, t->root);
	return cfg->errs->n + cfg->errs->lost == before;
}
