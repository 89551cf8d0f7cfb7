/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Statements of both written forms. What they mean is decided in cfg_walk.c; here are blocks,
 * lines, tags and comments.
 */
#include "control/cfg_int.h"

#include <stdlib.h>
#include <string.h>

bool cfg_words_add(struct cfg_words *words, const struct cfg_token *token)
{
	if (words->n == words->cap) {
		size_t cap = words->cap ? words->cap * 2 : 32;
		struct cfg_word *v = realloc(words->v, cap * sizeof *v);

		if (v == NULL)
			return false;
		words->v = v;
		words->cap = cap;
	}
	words->v[words->n++] = (struct cfg_word){
		.kind = token->kind == CFG_T_LIST	? CFG_W_LIST
			: token->kind == CFG_T_LIST_END ? CFG_W_LIST_END
							: CFG_W_WORD,
		.quoted = token->quoted,
		.first = token->first,
		.text = token->text		    ? token->text
			: token->kind == CFG_T_LIST ? "["
						    : "]",
		.line = token->line,
		.column = token->column,
	};
	return true;
}

static struct cfg_word word_of(const struct cfg_token *token)
{
	return (struct cfg_word){.line = token->line, .column = token->column};
}

/* Comments that wait for the statement they stand before. */
static void take_comments(struct cfg *cfg, struct cfg_node *pending, struct cfg_node *node)
{
	struct cfg_comment **at = &node->comment;

	(void)cfg;
	while (*at != NULL)
		at = &(*at)->next;
	*at = pending->comment;
	pending->comment = NULL;
}

static bool is_word(const struct cfg_word *w, const char *text)
{
	return w->kind == CFG_W_WORD && !w->quoted && strcmp(w->text, text) == 0;
}

/* `deactivate` and `inactive:` of a whole leaf-list mean each of its values. */
static void set_inactive(struct cfg_node *n, bool inactive)
{
	if (n->schema->kind != CFG_LEAF_LIST) {
		n->inactive = inactive;
		return;
	}
	for (struct cfg_node *v = n->child; v != NULL; v = v->next)
		v->inactive = inactive;
}

/* ---- Curly ------------------------------------------------------------------------------------ */

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

/* Tags before a statement. Returns the index of its first word; *ok false if a tag is refused. */
static size_t tags(struct curly *c, bool *inactive, bool *ok)
{
	size_t i;

	for (i = 0; i < c->words.n; i++) {
		const struct cfg_word *w = &c->words.v[i];

		if (w->kind != CFG_W_WORD || w->quoted || !cfg_is_tag(w->text))
			break;
		if (is_word(w, "inactive:")) {
			*inactive = true;
			continue;
		}
		cfg_error(c->cfg, VEX_ERR_NOT_SUPPORTED, block_of(c), w, w->text,
			"'%s' is not supported; write the configuration as it shall be, without it",
			w->text);
		*ok = false;
	}
	return i;
}

/* A statement is complete, up to ';' or '{'. Returns what its block continues, or NULL. */
static struct cfg_node *curly_statement(struct curly *c, bool block)
{
	bool inactive = false, ok = true;
	struct cfg_node *from = block_of(c), *node = NULL;
	size_t first;

	c->last = NULL;
	if (from == NULL) {
		c->words.n = 0;
		return NULL;
	}
	first = tags(c, &inactive, &ok);
	if (first == c->words.n) {
		cfg_error(c->cfg, VEX_ERR_SYNTAX, from, &c->words.v[first - 1], NULL,
			"a statement is expected after '%s'", c->words.v[first - 1].text);
		ok = false;
	}
	ok = ok && cfg_walk(c->cfg, from, &c->words, first, CFG_WALK_CURLY, block, &c->target);
	if (ok) {
		for (size_t i = 0; inactive && i < c->target.n; i++)
			set_inactive(c->target.named[i], true);
		c->last = c->target.named[0];
		c->last_line = c->words.v[c->words.n - 1].line;
		take_comments(c->cfg, &c->pending, c->last);
		node = block ? c->target.block : NULL;
	}
	c->words.n = 0;
	return node;
}

static void open_block(struct curly *c, const struct cfg_token *token)
{
	struct cfg_word at = word_of(token);
	struct cfg_node *node = NULL;

	if (c->words.n > 0)
		node = curly_statement(c, true);
	else if (block_of(c) != NULL)
		cfg_error(c->cfg, VEX_ERR_SYNTAX, block_of(c), &at, NULL,
			"a statement is expected before '{'");
	c->depth++;
	c->last = NULL;
	if (c->depth <= CFG_DEPTH_MAX) {
		c->level[c->depth].node = node;
		c->level[c->depth].open = at;
	} else if (node != NULL) {
		cfg_error(c->cfg, VEX_ERR_LIMIT, node, &at, NULL,
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
	cfg_error(c->cfg, VEX_ERR_SYNTAX, block_of(c), &at, NULL, "';' is missing after '%s'",
		at.text);
	curly_statement(c, false);
}

static void close_block(struct curly *c, const struct cfg_token *token)
{
	struct cfg_word at = word_of(token);

	if (c->words.n > 0)
		missing_semicolon(c);
	if (c->depth == 0) {
		cfg_error(c->cfg, VEX_ERR_SYNTAX, c->cfg->tree.root, &at, NULL,
			"this '}' closes nothing");
		return;
	}
	/* A comment at the end of a block is kept with the block. */
	if (c->pending.comment != NULL && block_of(c) != NULL)
		take_comments(c->cfg, &c->pending, block_of(c));
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
	struct cfg_word at = word_of(token);

	if (c->words.n > 0) {
		curly_statement(c, false);
		c->last_line = token->line;
	} else if (block_of(c) != NULL) {
		cfg_error(c->cfg, VEX_ERR_SYNTAX, block_of(c), &at, NULL,
			"a statement is expected before ';'");
	}
}

void cfg_parse_curly(struct cfg *cfg, struct cfg_lexer *lx)
{
	struct curly c = {.cfg = cfg};
	const struct cfg_token *token;

	c.level[0].node = cfg->tree.root;
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
			c.level[d - 1].node ? c.level[d - 1].node : cfg->tree.root,
			&c.level[d].open, NULL, "this '{' has no '}'");
	take_comments(cfg, &c.pending, cfg->tree.root);
	free(c.words.v);
	free(c.target.named);
}

/* ---- Set -------------------------------------------------------------------------------------- */

struct set {
	struct cfg *cfg;
	struct cfg_words words;
	struct cfg_target target;
	struct cfg_node pending;
};

static bool do_set(struct set *s)
{
	struct cfg *cfg = s->cfg;

	return cfg_walk(cfg, cfg->tree.root, &s->words, 1, CFG_WALK_SET, false, &s->target);
}

static bool find(struct set *s)
{
	struct cfg *cfg = s->cfg;

	return cfg_walk(cfg, cfg->tree.root, &s->words, 1, CFG_WALK_FIND, false, &s->target);
}

static bool do_deactivate(struct set *s)
{
	if (!find(s))
		return false;
	for (size_t i = 0; i < s->target.n; i++)
		set_inactive(s->target.named[i], true);
	return true;
}

static bool do_activate(struct set *s)
{
	if (!find(s))
		return false;
	for (size_t i = 0; i < s->target.n; i++)
		set_inactive(s->target.named[i], false);
	return true;
}

static bool do_delete(struct set *s)
{
	struct cfg_tree *t = &s->cfg->tree;

	if (!find(s))
		return false;
	for (size_t i = 0; i < s->target.n; i++) {
		struct cfg_node *n = s->target.named[i], *list = n->parent;

		/* `[ a a ]` names a value twice. */
		for (size_t k = i + 1; k < s->target.n; k++) {
			if (s->target.named[k] == n)
				s->target.named[k--] = s->target.named[--s->target.n];
		}
		cfg_node_remove(t, n);
		if (n->schema->kind == CFG_VALUE && list->child == NULL)
			cfg_node_remove(t, list);
	}
	s->target.n = 0;
	return true;
}

static bool do_annotate(struct set *s)
{
	const struct cfg_word *text = &s->words.v[s->words.n - 1];

	if (s->words.n < 3 || text->kind != CFG_W_WORD) {
		cfg_error(s->cfg, VEX_ERR_MISSING, s->cfg->tree.root, text, NULL,
			"'annotate' needs a statement and a text in quotes");
		return false;
	}
	s->words.n--;
	if (!find(s))
		return false;
	cfg_node_comment(&s->cfg->tree, s->target.named[0], text->text);
	return true;
}

struct verb {
	const char *word;
	bool (*run)(struct set *);
};

/* The lines that make a configuration; then lines of a session, which do not. */
static const struct verb verbs[] = {
	{"set", do_set},
	{"delete", do_delete},
	{"deactivate", do_deactivate},
	{"activate", do_activate},
	{"annotate", do_annotate},
	{"copy", NULL},
	{"edit", NULL},
	{"exit", NULL},
	{"insert", NULL},
	{"protect", NULL},
	{"quit", NULL},
	{"rename", NULL},
	{"replace", NULL},
	{"top", NULL},
	{"unprotect", NULL},
	{"up", NULL},
	{"wildcard", NULL},
};

static const struct verb *verb_of(const char *word)
{
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
		if (strcmp(verbs[i].word, word) == 0)
			return &verbs[i];
	}
	return NULL;
}

static void unknown_verb(struct set *s)
{
	const struct cfg_word *at = &s->words.v[0];
	struct cfg_near near = {.word = at->text};

	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
		if (verbs[i].run != NULL)
			cfg_near_try(&near, verbs[i].word);
	}
	cfg_error(s->cfg, VEX_ERR_SYNTAX, s->cfg->tree.root, at, at->text,
		near.best ? "a line begins with set, delete, deactivate, activate or annotate, not "
			    "'%s'; "
			    "did you mean '%s'?"
			  : "a line begins with set, delete, deactivate, activate or annotate, not "
			    "'%s'",
		at->text, near.best);
}

static void set_line(struct set *s)
{
	const struct cfg_word *at = &s->words.v[0];
	const struct verb *verb = at->kind == CFG_W_WORD ? verb_of(at->text) : NULL;

	if (verb == NULL) {
		unknown_verb(s);
	} else if (verb->run == NULL) {
		cfg_error(s->cfg, VEX_ERR_NOT_SUPPORTED, s->cfg->tree.root, at, at->text,
			"'%s' is a command of a session; write the set lines that it leads to",
			at->text);
	} else if (s->words.n == 1) {
		cfg_error(s->cfg, VEX_ERR_MISSING, s->cfg->tree.root, at, NULL,
			"'%s' needs a statement", at->text);
	} else if (verb->run(s) && s->target.n > 0) {
		take_comments(s->cfg, &s->pending, s->target.named[0]);
	}
	s->words.n = 0;
}

static void skip_line(struct cfg_lexer *lx)
{
	const struct cfg_token *token;

	do
		token = cfg_lex_next(lx);
	while (token->kind != CFG_T_NEWLINE && token->kind != CFG_T_EOF);
}

void cfg_parse_set(struct cfg *cfg, struct cfg_lexer *lx)
{
	struct set s = {.cfg = cfg};
	const struct cfg_token *token;
	struct cfg_word at;

	lx->newlines = true;
	do {
		token = cfg_lex_next(lx);
		switch (token->kind) {
		case CFG_T_NEWLINE:
		case CFG_T_EOF:
			if (s.words.n > 0)
				set_line(&s);
			break;
		case CFG_T_COMMENT:
			cfg_node_comment(&cfg->tree, &s.pending, token->text);
			break;
		case CFG_T_OPEN:
		case CFG_T_CLOSE:
		case CFG_T_SEMICOLON:
			at = word_of(token);
			cfg_error(cfg, VEX_ERR_SYNTAX, cfg->tree.root, &at, NULL,
				"braces and ';' may not stand in set lines; quote them if they are "
				"text");
			s.words.n = 0;
			skip_line(lx);
			break;
		default:
			if (!cfg_words_add(&s.words, token))
				cfg->arena.failed = true;
			break;
		}
	} while (lx->token.kind != CFG_T_EOF && !cfg->arena.failed);
	take_comments(cfg, &s.pending, cfg->tree.root);
	free(s.words.v);
	free(s.target.named);
}

bool cfg_is_set_verb(const char *word)
{
	return verb_of(word) != NULL;
}
