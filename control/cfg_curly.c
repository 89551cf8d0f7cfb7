/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Statements with braces: blocks, tags and comments. What the words mean is decided in cfg_walk.c.
 */
#include "control/cfg_int.h"

#include <stdlib.h>
#include <string.h>

static bool is_word(const struct cfg_word *w, const char *text)
{
	return w->kind == CFG_W_WORD && !w->quoted && strcmp(w->text, text) == 0;
}

struct curly {
	struct cfg *cfg;
	struct cfg_words words;
	struct cfg_target target;
	struct cfg_node pending; /* holds comments only */
	struct cfg_node *last;	 /* statement that ended last, */
	uint32_t last_line;	 /* on this line */
	unsigned int depth;	 /* open blocks */
	struct {
		struct cfg_node *node; /* NULL: the contents are skipped */
		struct cfg_word open;
	} level[CFG_DEPTH_MAX + 1];
};

/* The open block; NULL when what it holds is skipped. */
static struct cfg_node *block_of(const struct curly *c)
{
	return c->depth <= CFG_DEPTH_MAX ? c->level[c->depth].node : NULL;
}

struct tags {
	bool inactive, replace;
};

/* Tags before a statement. Returns the index of its first word; *ok false if a tag is refused. */
static size_t tags(struct curly *c, struct tags *tags, bool *ok)
{
	size_t i;

	for (i = 0; i < c->words.n; i++) {
		const struct cfg_word *w = &c->words.v[i];

		if (w->kind != CFG_W_WORD || w->quoted || !cfg_is_tag(w->text))
			break;
		if (is_word(w, "inactive:")) {
			tags->inactive = true;
			continue;
		}
		if (c->cfg->replace_tags && is_word(w, "replace:")) {
			tags->replace = true;
			continue;
		}
		cfg_error(c->cfg, VEX_ERR_NOT_SUPPORTED, block_of(c), NULL, w, w->text,
			"'%s' is not supported; write the configuration as it shall be, without it",
			w->text);
		*ok = false;
	}
	return i;
}

/* A statement is complete, up to ';' or '{'. Returns what its block continues, or NULL. */
static struct cfg_node *curly_statement(struct curly *c, bool block)
{
	struct tags tag = {0};
	bool ok = true;
	struct cfg_node *from = block_of(c), *node = NULL;
	size_t first;

	c->last = NULL;
	if (from == NULL) {
		c->words.n = 0;
		return NULL;
	}
	first = tags(c, &tag, &ok);
	if (first == c->words.n) {
		cfg_error(c->cfg, VEX_ERR_SYNTAX, from, NULL, &c->words.v[first - 1], NULL,
			"a statement is expected after '%s'", c->words.v[first - 1].text);
		ok = false;
	}
	ok = ok && cfg_walk(c->cfg, from, &c->words, first, CFG_WALK_CURLY, block, &c->target);
	if (ok) {
		for (size_t i = 0; tag.inactive && i < c->target.n; i++)
			cfg_set_inactive(c->target.named[i], true);
		for (size_t i = 0; tag.replace && i < c->target.n; i++) {
			struct cfg_node *n = c->target.named[i];

			/* Values of a list are replaced together. */
			(n->schema->kind == CFG_VALUE ? n->parent : n)->replace = true;
		}
		c->last = c->target.named[0];
		c->last_line = c->words.v[c->words.n - 1].line;
		cfg_take_comments(&c->pending, c->last);
		node = block ? c->target.block : NULL;
	}
	c->words.n = 0;
	return node;
}

static void open_block(struct curly *c, const struct cfg_token *token)
{
	struct cfg_word at = cfg_word_of(token);
	struct cfg_node *node = NULL;

	if (c->words.n > 0)
		node = curly_statement(c, true);
	else if (block_of(c) != NULL)
		cfg_error(c->cfg, VEX_ERR_SYNTAX, block_of(c), NULL, &at, NULL,
			"a statement is expected before '{'");
	c->depth++;
	c->last = NULL;
	if (c->depth <= CFG_DEPTH_MAX) {
		c->level[c->depth].node = node;
		c->level[c->depth].open = at;
	} else if (node != NULL) {
		cfg_error(c->cfg, VEX_ERR_LIMIT, node, NULL, &at, NULL,
			"blocks are nested deeper than %d", CFG_DEPTH_MAX);
	}
}

static void missing_semicolon(struct curly *c)
{
	const struct cfg_word *last = &c->words.v[c->words.n - 1];
	struct cfg_word at = *last;

	if (block_of(c) == NULL) {
		c->words.n = 0;
		return;
	}
	cfg_error(c->cfg, VEX_ERR_SYNTAX, block_of(c), NULL, &at, NULL, "';' is missing after '%s'",
		at.text);
	curly_statement(c, false);
}

static void close_block(struct curly *c, const struct cfg_token *token)
{
	struct cfg_word at = cfg_word_of(token);

	if (c->words.n > 0)
		missing_semicolon(c);
	if (c->depth == 0) {
		cfg_error(c->cfg, VEX_ERR_SYNTAX, c->cfg->top, NULL, &at, NULL,
			"this '}' closes nothing");
		return;
	}
	/* A comment at the end of a block is kept with the block. */
	if (c->pending.comment != NULL && block_of(c) != NULL)
		cfg_take_comments(&c->pending, block_of(c));
	c->depth--;
	c->last = NULL;
}

static void curly_comment(struct curly *c, const struct cfg_token *token)
{
	struct cfg_node *to = &c->pending;

	if (block_of(c) == NULL)
		return;
	if (c->last != NULL && c->words.n == 0 && token->line == c->last_line)
		to = c->last;
	cfg_node_comment(&c->cfg->tree, to, token->text);
}

static void semicolon(struct curly *c, const struct cfg_token *token)
{
	struct cfg_word at = cfg_word_of(token);

	if (c->words.n > 0) {
		curly_statement(c, false);
		c->last_line = token->line;
	} else if (block_of(c) != NULL) {
		cfg_error(c->cfg, VEX_ERR_SYNTAX, block_of(c), NULL, &at, NULL,
			"a statement is expected before ';'");
	}
}

void cfg_parse_curly(struct cfg *cfg, struct cfg_lexer *lx)
{
	struct curly c = {.cfg = cfg};
	const struct cfg_token *token;

	c.level[0].node = cfg->top;
	while ((token = cfg_lex_next(lx))->kind != CFG_T_EOF && !cfg->arena.failed) {
		switch (token->kind) {
		case CFG_T_COMMENT:
			curly_comment(&c, token);
			break;
		case CFG_T_OPEN:
			open_block(&c, token);
			break;
		case CFG_T_CLOSE:
			close_block(&c, token);
			break;
		case CFG_T_SEMICOLON:
			semicolon(&c, token);
			break;
		default:
			if (!cfg_words_add(&c.words, token))
				cfg->arena.failed = true;
			break;
		}
	}
	if (c.words.n > 0)
		missing_semicolon(&c);
	for (unsigned int d = c.depth <= CFG_DEPTH_MAX ? c.depth : CFG_DEPTH_MAX; d > 0; d--)
		cfg_error(cfg, VEX_ERR_SYNTAX,
			c.level[d - 1].node ? c.level[d - 1].node : cfg->tree.root, NULL,
			&c.level[d].open, NULL, "this '{' has no '}'");
	cfg_take_comments(&c.pending, cfg->top);
	free(c.words.v);
	free(c.target.named);
}
