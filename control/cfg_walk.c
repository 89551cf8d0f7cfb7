/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The walk of words down the schema: the one place that decides what a statement means, for both
 * written forms and for looking up.
 */
#include "control/cfg_int.h"

#include <stdlib.h>
#include <string.h>

const char cfg_list_open[] = "[", cfg_list_close[] = "]";

struct walk {
	struct cfg *cfg;
	struct cfg_node *from, *cur;
	const struct cfg_words *words;
	size_t i;
	enum cfg_walk_mode mode;
	bool block;
	bool in_group;
	struct cfg_target *target;
	struct cfg_node *line; /* entered by this statement, and printed on one line: */
	size_t named_before;   /* what was named before it */
};

/* "interfaces ge-0/0/0" and "mtu" into one path, in the arena. */
static const char *path_below(struct cfg *cfg, const struct cfg_node *under, const char *statement)
{
	const char *path = cfg_node_path(&cfg->arena, under);
	char *joined;
	size_t size;

	if (statement == NULL)
		return path;
	size = strlen(path) + strlen(statement) + 2;
	joined = cfg_alloc(&cfg->arena, size);
	if (joined == NULL)
		return path;
	snprintf(joined, size, "%s%s%s", path, *path ? " " : "", statement);
	return joined;
}

void cfg_error(struct cfg *cfg, enum vex_err_kind kind, const struct cfg_node *under,
	const char *statement, const struct cfg_word *at, const char *value, const char *fmt, ...)
{
	struct vex_pos pos = {.file = cfg->file, .line = at->line, .column = at->column};
	va_list ap;

	va_start(ap, fmt);
	vex_err_vadd(cfg->errs, kind, &pos, path_below(cfg, under, statement), value, fmt, ap);
	va_end(ap);
}

static const struct cfg_word *word_at(const struct walk *w, size_t i)
{
	return i < w->words->n ? &w->words->v[i] : NULL;
}

/* The word at the cursor, or the last one when there is none: where to point for "missing". */
static const struct cfg_word *here(const struct walk *w)
{
	return word_at(w, w->i < w->words->n ? w->i : w->words->n - 1);
}

static bool name_target(struct walk *w, struct cfg_node *node)
{
	struct cfg_target *t = w->target;

	if (t->n == t->cap) {
		size_t cap = t->cap ? t->cap * 2 : 8;
		struct cfg_node **v = realloc(t->named, cap * sizeof *v);

		if (v == NULL) {
			w->cfg->arena.failed = true;
			return false;
		}
		t->named = v;
		t->cap = cap;
	}
	t->named[t->n++] = node;
	return true;
}

/* Remember that @node is new (@value NULL) or had another value. */
static bool remember(struct walk *w, struct cfg_node *node, const char *value)
{
	struct cfg_undo *u = w->cfg->undo;

	if (u == NULL)
		return true;
	if (u->n == u->cap) {
		size_t cap = u->cap ? u->cap * 2 : 16;
		struct cfg_undo_step *v = realloc(u->v, cap * sizeof *v);

		if (v == NULL) {
			w->cfg->arena.failed = true;
			return false;
		}
		u->v = v;
		u->cap = cap;
	}
	u->v[u->n++] = (struct cfg_undo_step){.node = node, .value = value};
	return true;
}

void cfg_undo(struct cfg *cfg, struct cfg_undo *undo)
{
	while (undo->n > 0) {
		struct cfg_undo_step *s = &undo->v[--undo->n];

		if (s->value != NULL)
			s->node->word[0] = s->value;
		else
			cfg_node_remove(&cfg->tree, s->node);
	}
}

/* What stands in a path for a statement besides its keys. */
static const char *name_of(const struct cfg_snode *s)
{
	return s->omit_name ? NULL : s->word;
}

/* ---- Errors ----------------------------------------------------------------------------------- */

/* " under 'interfaces ge-0/0/0'", or nothing at the top. */
static const char *under_text(const struct walk *w)
{
	const char *path = cfg_node_path(&w->cfg->arena, w->cur);
	size_t size = strlen(path) + sizeof " under ''";
	char *text = cfg_alloc(&w->cfg->arena, size);

	if (text == NULL || *path == '\0')
		return "";
	snprintf(text, size, " under '%s'", path);
	return text;
}

static void unknown(const struct walk *w, const struct cfg_word *at)
{
	const struct cfg_snode *s = w->cur->schema;
	struct cfg_near near = {.word = at->text};
	const char *hint = at->first && w->i > 0 && w->mode == CFG_WALK_CURLY
				   ? "; is a ';' missing before it?"
				   : "";

	for (size_t i = 0; i < s->nwords; i++) {
		if (s->words[i].word != NULL)
			cfg_near_try(&near, s->words[i].word);
	}
	cfg_near_try(&near, w->cfg->schema->apply_groups->word);
	cfg_near_try(&near, w->cfg->schema->apply_groups_except->word);
	if (s == w->cfg->schema->root)
		cfg_near_try(&near, w->cfg->schema->groups->word);
	if (near.best == NULL && s->omit_name && s->parent != NULL) {
		/* The mistake may be one word earlier, where any word is taken for a key. */
		struct cfg_near key = {.word = cfg_node_word(w->cur)};

		for (size_t i = 0; i < s->parent->nwords; i++) {
			if (s->parent->words[i].word != NULL)
				cfg_near_try(&key, s->parent->words[i].word);
		}
		if (key.best != NULL) {
			cfg_error(w->cfg, VEX_ERR_UNKNOWN, w->cur, at->text, at, at->text,
				"unknown statement '%s'%s; did you mean '%s' instead of "
				"'%s'?",
				at->text, under_text(w), key.best, key.word);
			return;
		}
	}
	if (near.best != NULL)
		cfg_error(w->cfg, VEX_ERR_UNKNOWN, w->cur, at->text, at, at->text,
			"unknown statement '%s'%s; did you mean '%s'?%s", at->text, under_text(w),
			near.best, hint);
	else
		cfg_error(w->cfg, VEX_ERR_UNKNOWN, w->cur, at->text, at, at->text,
			"unknown statement '%s'%s%s", at->text, under_text(w), hint);
}

static bool not_found(const struct walk *w, const struct cfg_word *at)
{
	cfg_error(w->cfg, VEX_ERR_NOT_FOUND, w->cur, at->text, at, at->text,
		"there is no '%s'%s at this point of the file", at->text, under_text(w));
	return false;
}

/* ---- Nodes ------------------------------------------------------------------------------------ */

/* Find, or in the creating modes add, a child of @parent. NULL: not found (reported), no memory. */
static struct cfg_node *enter(struct walk *w, struct cfg_node *parent, const struct cfg_snode *s,
	const struct cfg_word *at, const char *const *word, uint32_t nword)
{
	struct cfg_node *n = cfg_node_find(&w->cfg->tree, parent, s, word, nword);
	const char **own = NULL;

	if (n != NULL)
		return n;
	if (w->mode == CFG_WALK_FIND) {
		not_found(w, at);
		return NULL;
	}
	if (nword > 0) {
		own = cfg_alloc(&w->cfg->arena, nword * sizeof *own);
		if (own == NULL)
			return NULL;
		memcpy(own, word, nword * sizeof *own);
	}
	n = cfg_node_add(&w->cfg->tree, parent, s, own, nword);
	if (n == NULL)
		return NULL;
	n->line = at->line;
	n->column = at->column;
	return remember(w, n, NULL) ? n : NULL;
}

static bool is_wildcard(const char *word)
{
	size_t n = strlen(word);

	return n >= 2 && word[0] == '<' && word[n - 1] == '>';
}

/* The canonical spelling of a value; NULL after reporting what is wrong with it. */
static const char *checked(struct walk *w, const struct cfg_snode *s, const struct lysc_node *ly,
	const struct cfg_word *at)
{
	const char *why, *value;

	if (at->kind != CFG_W_WORD)
		return NULL;
	if (ly == NULL || s->any_value)
		return at->text;
	value = cfg_value_check(w->cfg->schema, &w->cfg->arena, ly, at->text, &why);
	if (value == NULL)
		cfg_error(w->cfg, VEX_ERR_VALUE, w->cur, name_of(s), at, at->text,
			"bad value '%s' for '%s': %s", at->text, s->word, why);
	return value;
}

/* ---- Statements ------------------------------------------------------------------------------- */

static bool walk_leaf(struct walk *w, const struct cfg_snode *s, const struct cfg_word *name)
{
	const struct cfg_word *at = word_at(w, w->i);
	struct cfg_node *n = cfg_node_find(&w->cfg->tree, w->cur, s, NULL, 0);
	const char *value;

	if (w->mode == CFG_WALK_FIND) {
		if (n == NULL)
			return not_found(w, name);
		if (at != NULL) {
			w->i++;
			if (strcmp(at->text, cfg_node_word(n)) != 0)
				return not_found(w, at);
		}
		return name_target(w, n);
	}
	if (at == NULL || at->kind != CFG_W_WORD) {
		cfg_error(w->cfg, VEX_ERR_MISSING, w->cur, name_of(s), at ? at : name, NULL,
			at	   ? "'%s' takes one value, not a list"
			: w->block ? "'%s' takes a value, not a block"
				   : "'%s' needs a value",
			s->word);
		return false;
	}
	w->i++;
	value = checked(w, s, s->ly, at);
	if (value == NULL)
		return false;
	if (n == NULL)
		n = enter(w, w->cur, s, name, &value, 1);
	else if (strcmp(cfg_node_word(n), value) != 0 && w->mode == CFG_WALK_CURLY) {
		cfg_error(w->cfg, VEX_ERR_DUPLICATE, w->cur, name_of(s), at, at->text,
			"'%s' is '%s' here and '%s' on line %u; keep one", s->word, value,
			cfg_node_word(n), n->line);
		return false;
	} else if (w->mode == CFG_WALK_SET) {
		if (!remember(w, n, n->word[0]))
			return false;
		n->word[0] = value;
		n->line = name->line;
		n->column = name->column;
	}
	return n != NULL && name_target(w, n);
}

/* One value of a leaf-list. */
static bool walk_value(struct walk *w, struct cfg_node *list, const struct cfg_word *at)
{
	const char *value = checked(w, list->schema, list->schema->ly, at);
	struct cfg_node *n;

	if (value == NULL)
		return false;
	n = enter(w, list, list->schema->value, at, &value, 1);
	return n != NULL && name_target(w, n);
}

/*
 * Call @one for each word up to the closing bracket. The cursor is behind the opening one.
 */
static bool walk_list(struct walk *w, struct cfg_node *n, const struct cfg_snode *s,
	bool (*one)(struct walk *, struct cfg_node *, const struct cfg_snode *,
		const struct cfg_word *))
{
	const struct cfg_word *at;
	bool ok = true;

	for (; (at = word_at(w, w->i)) != NULL && at->kind == CFG_W_WORD; w->i++)
		ok = one(w, n, s, at) && ok;
	if (at == NULL || at->kind != CFG_W_LIST_END) {
		cfg_error(w->cfg, VEX_ERR_SYNTAX, w->cur, NULL, here(w), NULL,
			at ? "a list in brackets holds words only" : "']' is missing");
		return false;
	}
	w->i++;
	return ok;
}

static bool value_of_list(
	struct walk *w, struct cfg_node *n, const struct cfg_snode *, const struct cfg_word *at)
{
	return walk_value(w, n, at);
}

static bool walk_leaf_list(struct walk *w, const struct cfg_snode *s, const struct cfg_word *name)
{
	const struct cfg_word *at = word_at(w, w->i);
	struct cfg_node *n;
	bool ok;

	if (at == NULL && w->mode != CFG_WALK_FIND) {
		cfg_error(w->cfg, VEX_ERR_MISSING, w->cur, name_of(s), name, NULL,
			w->block ? "'%s' takes values, not a block" : "'%s' needs a value",
			s->word);
		return false;
	}
	n = enter(w, w->cur, s, name, NULL, 0);
	if (n == NULL)
		return false;
	if (at == NULL)
		return name_target(w, n);
	w->i++;
	ok = at->kind == CFG_W_LIST ? walk_list(w, n, s, value_of_list) : walk_value(w, n, at);
	/* `members [ ];` says nothing, and a list without values could not be printed. */
	if (n->child == NULL) {
		/* It is new, and nothing was done since. */
		if (w->cfg->undo != NULL)
			w->cfg->undo->n--;
		cfg_node_remove(&w->cfg->tree, n);
	}
	if (ok && w->target->n == 0) {
		cfg_error(w->cfg, VEX_ERR_MISSING, w->cur, name_of(s), name, NULL,
			"'%s' needs a value", s->word);
		return false;
	}
	return ok;
}

static struct cfg_node *walk_keys(
	struct walk *w, const struct cfg_snode *s, const struct cfg_word *name)
{
	const char *key[CFG_KEYS_MAX] = {0};
	bool wildcard = false;
	struct cfg_node *n;

	for (uint8_t k = 0; k < s->nkeys; k++) {
		const struct cfg_word *at = word_at(w, w->i);

		if (at == NULL || at->kind != CFG_W_WORD) {
			cfg_error(w->cfg, VEX_ERR_MISSING, w->cur, name_of(s), at ? at : name, NULL,
				"'%s' needs a name", s->word);
			return NULL;
		}
		w->i++;
		if (is_wildcard(at->text)) {
			if (!w->in_group) {
				cfg_error(w->cfg, VEX_ERR_VALUE, w->cur, name_of(s), at, at->text,
					"'%s' is a wildcard; these may stand in groups only",
					at->text);
				return NULL;
			}
			wildcard = true;
			key[k] = at->text;
		} else {
			key[k] = checked(w, s, s->key[k], at);
		}
		if (key[k] == NULL)
			return NULL;
	}
	n = enter(w, w->cur, s, name, key, s->nkeys);
	if (n != NULL && wildcard)
		n->wildcard = n->parent->has_wildcards = true;
	return n;
}

static bool key_of_list(struct walk *w, struct cfg_node *parent, const struct cfg_snode *s,
	const struct cfg_word *at)
{
	const char *key = checked(w, s, s->key[0], at);
	struct cfg_node *n = key ? enter(w, parent, s, at, &key, 1) : NULL;

	return n != NULL && name_target(w, n);
}

/* `interface [ a b ];` names several entries of a list. */
static bool walk_entries(struct walk *w, const struct cfg_snode *s)
{
	w->i++;
	if (!walk_list(w, w->cur, s, key_of_list))
		return false;
	if (word_at(w, w->i) != NULL || w->block || w->target->n == 0) {
		cfg_error(w->cfg, VEX_ERR_SYNTAX, w->cur, NULL, here(w), NULL,
			"nothing may follow a list of '%s', and it may not be empty", s->word);
		return false;
	}
	return true;
}

/* Below a statement that is not supported words are only kept. */
static bool walk_raw(struct walk *w)
{
	const struct cfg_snode *raw = w->cfg->schema->raw;
	struct cfg_node *opaque = w->cur, *n;
	uint32_t count = (uint32_t)(w->words->n - w->i);
	const char **word = cfg_alloc(&w->cfg->arena, (count + 1) * sizeof *word);
	size_t first = w->i;

	if (word == NULL)
		return false;
	for (uint32_t k = 0; k < count; k++) {
		const struct cfg_word *at = &w->words->v[first + k];

		word[k] = at->kind == CFG_W_WORD   ? at->text
			  : at->kind == CFG_W_LIST ? cfg_list_open
						   : cfg_list_close;
	}
	w->i = w->words->n;
	if (w->mode == CFG_WALK_FIND) {
		/* What has exactly these words; otherwise all that begins with them. */
		n = cfg_node_find(&w->cfg->tree, opaque, raw, word, count);
		if (n != NULL)
			return name_target(w, n);
		for (n = opaque->child; n != NULL; n = n->next) {
			uint32_t k = 0;

			while (k < count && k < n->nword && strcmp(word[k], n->word[k]) == 0)
				k++;
			if (k == count && !name_target(w, n))
				return false;
		}
		return w->target->n > 0 || not_found(w, &w->words->v[first]);
	}
	n = enter(w, opaque, raw, &w->words->v[first], word, count);
	if (n == NULL)
		return false;
	n->joined = w->mode == CFG_WALK_CURLY && opaque != w->from;
	n->from_set = w->mode == CFG_WALK_SET;
	w->target->block = n;
	return name_target(w, n);
}

/* ---- The walk --------------------------------------------------------------------------------- */

/* One step from w->cur. The statement ends in a value if *leaf becomes true. */
static bool step(struct walk *w, bool *leaf)
{
	const struct cfg_word *at = word_at(w, w->i);
	const struct cfg_snode *s;

	*leaf = false;
	if (at->kind != CFG_W_WORD) {
		cfg_error(w->cfg, VEX_ERR_SYNTAX, w->cur, NULL, at, NULL,
			"a statement is expected here");
		return false;
	}
	s = cfg_schema_find(w->cfg->schema, w->cur->schema, at->text);
	if (s != NULL)
		w->i++;
	else
		s = w->cur->schema->omitted;
	if (s == NULL || (s == w->cfg->schema->groups && w->in_group)) {
		unknown(w, at);
		return false;
	}
	switch (s->kind) {
	case CFG_LEAF:
		*leaf = true;
		w->target->block = s->omit_name ? w->cur : NULL;
		return walk_leaf(w, s, at);
	case CFG_LEAF_LIST:
		*leaf = true;
		w->target->block = NULL;
		return walk_leaf_list(w, s, at);
	case CFG_FLAG:
		*leaf = true;
		w->target->block = NULL;
		{
			struct cfg_node *n = enter(w, w->cur, s, at, NULL, 0);

			return n != NULL && name_target(w, n);
		}
	case CFG_LIST:
		if (s->nkeys == 1 && word_at(w, w->i) != NULL &&
			word_at(w, w->i)->kind == CFG_W_LIST) {
			*leaf = true;
			w->target->block = NULL;
			return walk_entries(w, s);
		}
		w->cur = walk_keys(w, s, at);
		w->in_group |= s == w->cfg->schema->group;
		break;
	default:
		w->cur = enter(w, w->cur, s, at, NULL, 0);
		break;
	}
	w->target->block = w->cur;
	if (s->one_line && w->line == NULL) {
		w->line = w->cur;
		w->named_before = w->target->n;
	}
	return w->cur != NULL;
}

static bool inside_group(const struct cfg *cfg, const struct cfg_node *n)
{
	while (n != NULL && n->schema != cfg->schema->group)
		n = n->parent;
	return n != NULL;
}

bool cfg_walk(struct cfg *cfg, struct cfg_node *from, const struct cfg_words *words, size_t first,
	enum cfg_walk_mode mode, bool block, struct cfg_target *target)
{
	struct walk w = {.cfg = cfg,
		.from = from,
		.cur = from,
		.words = words,
		.i = first,
		.mode = mode,
		.block = block,
		.in_group = inside_group(cfg, from),
		.target = target};
	bool leaf = false;

	target->n = 0;
	target->block = NULL;
	while (w.i < words->n) {
		if (w.cur->schema->kind == CFG_OPAQUE || w.cur->schema->kind == CFG_RAW)
			return walk_raw(&w);
		/* Leafs may share a line, but a new line is a new statement. */
		if (leaf && mode == CFG_WALK_CURLY && words->v[w.i].first) {
			cfg_error(cfg, VEX_ERR_SYNTAX, w.cur, NULL, &words->v[w.i - 1], NULL,
				"';' is missing after '%s'", words->v[w.i - 1].text);
			return false;
		}
		if (!step(&w, &leaf))
			return false;
	}
	if (block && target->block == NULL) {
		cfg_error(cfg, VEX_ERR_SYNTAX, w.cur, NULL, &words->v[words->n - 1], NULL,
			"no block may follow '%s'", words->v[words->n - 1].text);
		return false;
	}
	/* `inactive: member-range A to B;` is about the range, not about its end. */
	if (leaf && w.line != NULL && mode != CFG_WALK_FIND) {
		target->n = w.named_before;
		return name_target(&w, w.line);
	}
	/* An omitted leaf that a block follows: the block, not the value, is what is named. */
	if (leaf && block)
		target->n--;
	return !leaf || block ? name_target(&w, w.cur) : true;
}
