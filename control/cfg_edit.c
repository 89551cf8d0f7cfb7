/* SPDX-License-Identifier: BSD-3-Clause */
/* What a session needs besides set lines: paths, and the verbs that name two statements. */
#include "control/cfg_int.h"

#include <stdlib.h>
#include <string.h>

/* ---- Paths ------------------------------------------------------------------------------------ */

bool cfg_path_words(struct cfg *cfg, const char *path, struct cfg_words *words)
{
	struct cfg_word none = {0};
	const struct cfg_token *token;
	size_t before = cfg->errs->n + cfg->errs->lost;
	struct cfg_lexer lx;

	cfg_lex_init(&lx, &cfg->arena, path, strlen(path), cfg->file, cfg->errs);
	while ((token = cfg_lex_next(&lx))->kind != CFG_T_EOF && !cfg->arena.failed) {
		if (token->kind != CFG_T_WORD) {
			cfg_error(cfg, VEX_ERR_SYNTAX, cfg->tree.root, NULL, &none, path,
				"'%s' is not a path of words", path);
			return false;
		}
		if (!cfg_words_add(words, token)) {
			cfg->arena.failed = true;
			return false;
		}
		/* A place in a path is none in the text. */
		words->v[words->n - 1].line = words->v[words->n - 1].column = 0;
	}
	return cfg->errs->n + cfg->errs->lost == before && !cfg->arena.failed;
}

int cfg_find(struct cfg *cfg, const char *path, struct cfg_target *target, struct vex_errs *errs)
{
	/* Nothing that is made to look something up is needed afterwards. */
	struct cfg_arena arena = cfg->arena;
	struct cfg_words words = {0};
	struct vex_errs mine = {0};
	bool found, absent;

	cfg->arena = (struct cfg_arena){0};
	cfg->errs = &mine;
	found = cfg_path_words(cfg, path, &words) &&
		cfg_walk(cfg, cfg->tree.root, &words, 0, CFG_WALK_FIND, false, target);
	cfg->errs = NULL;
	if (found && words.n == 0)
		target->block = cfg->tree.root;
	free(words.v);
	if (cfg->arena.failed)
		vex_err_add(&mine, VEX_ERR_INTERNAL, NULL, NULL, NULL, "out of memory");
	cfg_arena_free(&cfg->arena);
	cfg->arena = arena;
	absent = !found && mine.n > 0 && mine.lost == 0;
	for (size_t i = 0; i < mine.n; i++)
		absent &= mine.v[i].kind == VEX_ERR_NOT_FOUND;
	if (!found && !absent)
		vex_errs_copy(errs, &mine);
	vex_errs_free(&mine);
	return found ? 1 : absent ? 0 : -1;
}

/* ---- Names ------------------------------------------------------------------------------------ */

/* The schema of what a node is called by: of its keys, or of a value. */
static const struct lysc_node *type_of(const struct cfg_node *node, uint32_t i)
{
	return node->schema->kind == CFG_LIST ? node->schema->key[i] : node->schema->ly;
}

static bool is_named(const struct cfg_node *node)
{
	return node->schema->kind == CFG_LIST || node->schema->kind == CFG_VALUE;
}

static bool inside_group(const struct cfg *cfg, const struct cfg_node *n)
{
	while (n != NULL && n->schema != cfg->schema->group)
		n = n->parent;
	return n != NULL;
}

static bool is_wildcard(const char *word)
{
	size_t n = strlen(word);

	return n >= 2 && word[0] == '<' && word[n - 1] == '>';
}

const char *cfg_name_check(struct cfg *cfg, const struct cfg_node *node, uint32_t i,
	const char *text, const char **why)
{
	const struct lysc_node *ly = type_of(node, i);

	if (ly == NULL || node->schema->any_value ||
		(node->schema->kind == CFG_LIST && is_wildcard(text) && inside_group(cfg, node)))
		return text;
	return cfg_value_check(cfg->schema, &cfg->arena, ly, text, why);
}

/*
 * The name behind the keyword at @at, for an entry beside @node: `to ge-0/0/1`, or with the word of
 * the list, `to unit 1`. In the arena; NULL after an error.
 */
static const char **name_behind(
	struct cfg *cfg, const struct cfg_node *node, const struct cfg_words *words, size_t at)
{
	const struct cfg_word *w = &words->v[at + 1];
	size_t n = words->n - at - 1;
	const char **name = cfg_alloc(&cfg->arena, (node->nword + 1) * sizeof *name);

	if (name == NULL)
		return NULL;
	if (!is_named(node)) {
		cfg_error(cfg, VEX_ERR_SYNTAX, node->parent, node->schema->word, &words->v[0],
			words->v[0].text,
			"'%s' is for entries of lists, which '%s' is not; delete it and set "
			"another",
			words->v[0].text, node->schema->word);
		return NULL;
	}
	if (n == node->nword + 1u && w->kind == CFG_W_WORD &&
		strcmp(w->text, node->schema->word) == 0) {
		w++;
		n--;
	}
	if (n != node->nword) {
		cfg_error(cfg, VEX_ERR_SYNTAX, node->parent, NULL, w, w->text,
			"behind '%s' stands the name of another '%s'", words->v[at].text,
			node->schema->word);
		return NULL;
	}
	for (uint32_t i = 0; i < node->nword; i++) {
		const char *why = "a word, not a list";

		name[i] = w[i].kind == CFG_W_WORD ? cfg_name_check(cfg, node, i, w[i].text, &why)
						  : NULL;
		if (name[i] == NULL) {
			cfg_error(cfg, VEX_ERR_VALUE, node->parent, NULL, &w[i], w[i].text,
				"bad value '%s' for '%s': %s", w[i].text, node->schema->word, why);
			return NULL;
		}
	}
	return name;
}

static struct cfg_node *sibling(
	const struct cfg *cfg, const struct cfg_node *node, const char **name)
{
	return cfg_node_find(
		&cfg->tree, node->parent, node->schema, (const char *const *)name, node->nword);
}

/* A name that no entry beside @node has; NULL after an error. */
static const char **free_name(
	struct cfg *cfg, const struct cfg_node *node, const struct cfg_words *words, size_t at)
{
	const char **name = name_behind(cfg, node, words, at);

	if (name == NULL || sibling(cfg, node, name) == NULL)
		return name;
	cfg_error(cfg, VEX_ERR_DUPLICATE, node->parent, name[0], &words->v[at + 1], name[0],
		"there is a '%s' '%s' already; delete it first or choose another name",
		node->schema->word, name[0]);
	return NULL;
}

static void mark_wildcard(struct cfg_node *node)
{
	node->wildcard = false;
	for (uint32_t i = 0; node->schema->kind == CFG_LIST && i < node->nword; i++)
		node->wildcard |= is_wildcard(node->word[i]);
	node->parent->has_wildcards |= node->wildcard;
}

void cfg_node_renamed(struct cfg_node *node)
{
	mark_wildcard(node);
	/* From the end it finds its place; what the user orders stays. */
	if (node->schema->kind == CFG_LIST && !cfg_is_ordered(node->schema)) {
		cfg_node_move(node, node->parent->last, false);
		cfg_node_place(node);
	}
}

/* ---- Verbs ------------------------------------------------------------------------------------ */

bool cfg_edit_copy(struct cfg *cfg, struct cfg_node *node, const struct cfg_words *words, size_t at)
{
	const char **name = free_name(cfg, node, words, at);
	struct cfg_node *copy = name ? cfg_node_copy(&cfg->tree, node->parent, node, name) : NULL;

	if (copy == NULL)
		return false;
	mark_wildcard(copy);
	cfg_node_place(copy);
	return true;
}

bool cfg_edit_rename(
	struct cfg *cfg, struct cfg_node *node, const struct cfg_words *words, size_t at)
{
	const char **name = free_name(cfg, node, words, at);

	if (name == NULL)
		return false;
	cfg_node_rename(&cfg->tree, node, name);
	cfg_node_renamed(node);
	return true;
}

bool cfg_edit_insert(
	struct cfg *cfg, struct cfg_node *node, const struct cfg_words *words, size_t at)
{
	const char **name = name_behind(cfg, node, words, at);
	struct cfg_node *anchor = name ? sibling(cfg, node, name) : NULL;

	if (name == NULL)
		return false;
	if (!cfg_is_ordered(node->schema)) {
		cfg_error(cfg, VEX_ERR_SYNTAX, node->parent, NULL, &words->v[0], node->schema->word,
			"the order of '%s' means nothing and cannot be changed",
			node->schema->word);
		return false;
	}
	if (anchor == NULL) {
		cfg_error(cfg, VEX_ERR_NOT_FOUND, node->parent, name[0], &words->v[at + 1], name[0],
			"there is no '%s' '%s' to insert it %s", node->schema->word, name[0],
			words->v[at].text);
		return false;
	}
	cfg_node_move(node, anchor, strcmp(words->v[at].text, "before") == 0);
	return true;
}
