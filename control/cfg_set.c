/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Set lines: the commands that build a configuration. What the words behind the command mean is
 * decided in cfg_walk.c.
 */
#include "control/cfg_int.h"

#include <stdlib.h>
#include <string.h>

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
		cfg_set_inactive(s->target.named[i], true);
	return true;
}

static bool do_activate(struct set *s)
{
	if (!find(s))
		return false;
	for (size_t i = 0; i < s->target.n; i++)
		cfg_set_inactive(s->target.named[i], false);
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

/* An empty text takes the comments away, as on the box. */
static bool do_annotate(struct set *s)
{
	const char *tidy;
	const struct cfg_word *text = &s->words.v[s->words.n - 1];

	if (s->words.n < 3 || text->kind != CFG_W_WORD) {
		cfg_error(s->cfg, VEX_ERR_MISSING, s->cfg->tree.root, NULL, text, NULL,
			"'annotate' needs a statement and a text in quotes");
		return false;
	}
	s->words.n--;
	if (!find(s))
		return false;
	tidy = cfg_tidy(&s->cfg->arena, text->text, text->text + strlen(text->text), false);
	if (tidy == NULL)
		return false;
	if (*tidy == '\0')
		s->target.named[0]->comment = NULL;
	cfg_node_comment(&s->cfg->tree, s->target.named[0], tidy);
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
	cfg_error(s->cfg, VEX_ERR_SYNTAX, s->cfg->tree.root, NULL, at, at->text,
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
		cfg_error(s->cfg, VEX_ERR_NOT_SUPPORTED, s->cfg->tree.root, NULL, at, at->text,
			"'%s' is a command of a session; write the set lines that it leads to",
			at->text);
	} else if (s->words.n == 1) {
		cfg_error(s->cfg, VEX_ERR_MISSING, s->cfg->tree.root, NULL, at, NULL,
			"'%s' needs a statement", at->text);
	} else if (verb->run(s) && s->target.n > 0) {
		cfg_take_comments(&s->pending, s->target.named[0]);
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
			at = cfg_word_of(token);
			cfg_error(cfg, VEX_ERR_SYNTAX, cfg->tree.root, NULL, &at, NULL,
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
	cfg_take_comments(&s.pending, cfg->tree.root);
	free(s.words.v);
	free(s.target.named);
}

bool cfg_is_set_verb(const char *word)
{
	return verb_of(word) != NULL;
}
