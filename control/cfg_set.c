/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Set lines: the commands that build a configuration, and those of a session that change one. What
 * the words behind the command mean is decided in cfg_walk.c.
 */
#include "control/cfg_int.h"

#include <stdlib.h>
#include <string.h>

struct set {
	struct cfg *cfg;
	struct cfg_words words;
	struct cfg_target target;
	struct cfg_node pending;
	struct cfg_node *from; /* where the words begin */

	/* Of a session: */
	bool session;
	struct vex_errs *notes;
	struct cfg_words prefix; /* the words of the path, which go before those of a line */
	struct cfg_undo undo;
};

static bool do_set(struct set *s)
{
	struct cfg *cfg = s->cfg;
	bool ok;

	cfg->undo = s->session ? &s->undo : NULL;
	ok = cfg_walk(cfg, s->from, &s->words, 1, CFG_WALK_SET, false, &s->target);
	cfg->undo = NULL;
	if (!ok)
		cfg_undo(cfg, &s->undo);
	for (size_t i = 0; i < s->undo.n; i++) {
		if (s->undo.v[i].value == NULL)
			cfg_node_place(s->undo.v[i].node);
	}
	s->undo.n = 0;
	return ok;
}

static bool find(struct set *s)
{
	return cfg_walk(s->cfg, s->from, &s->words, 1, CFG_WALK_FIND, false, &s->target);
}

/* "interfaces ge-0/0/0 mtu": the words of the line behind the verb, in the arena. */
static const char *line_path(struct set *s)
{
	char *text = NULL;
	const char *path;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	for (size_t i = 1; f != NULL && i < s->words.n; i++)
		fprintf(f, "%s%s", i > 1 ? " " : "", s->words.v[i].text);
	if (f == NULL || fclose(f) != 0)
		return "";
	path = cfg_strndup(&s->cfg->arena, text, size);
	free(text);
	return path ? path : "";
}

/*
 * In a session what is not there need not be deleted: that is a note, and nothing is named. False
 * after an error.
 */
static bool find_to_change(struct set *s)
{
	struct vex_errs *errs = s->cfg->errs, mine = {0};
	bool found, absent;

	if (!s->session)
		return find(s);
	s->cfg->errs = &mine;
	found = find(s);
	s->cfg->errs = errs;
	absent = !found && mine.n > 0 && mine.lost == 0;
	for (size_t i = 0; i < mine.n; i++)
		absent &= mine.v[i].kind == VEX_ERR_NOT_FOUND;
	if (absent) {
		s->target.n = 0;
		vex_err_add(s->notes, VEX_ERR_NOT_FOUND,
			&(struct vex_pos){s->cfg->file, s->words.v[0].line, 1}, line_path(s), NULL,
			"statement not found");
	} else {
		vex_errs_copy(errs, &mine);
	}
	vex_errs_free(&mine);
	return found || absent;
}

static bool do_deactivate(struct set *s)
{
	if (!find_to_change(s))
		return false;
	for (size_t i = 0; i < s->target.n; i++)
		cfg_set_inactive(s->target.named[i], true);
	return true;
}

static bool do_activate(struct set *s)
{
	if (!find_to_change(s))
		return false;
	for (size_t i = 0; i < s->target.n; i++)
		cfg_set_inactive(s->target.named[i], false);
	return true;
}

static bool do_delete(struct set *s)
{
	struct cfg_tree *t = &s->cfg->tree;

	if (!find_to_change(s))
		return false;
	for (size_t i = 0; i < s->target.n; i++) {
		struct cfg_node *n = s->target.named[i], *list = n->parent;

		/* `[ a a ]` names a value twice. */
		for (size_t k = i + 1; k < s->target.n; k++) {
			if (s->target.named[k] == n)
				s->target.named[k--] = s->target.named[--s->target.n];
		}
		if (s->session) {
			cfg_node_prune(t, n);
			continue;
		}
		cfg_node_remove(t, n);
		if (n->schema->kind == CFG_VALUE && list->child == NULL)
			cfg_node_remove(t, list);
	}
	s->target.n = 0;
	return true;
}

/* `delete` alone: everything below the path. The level stays if it means something by itself. */
static void delete_below(struct set *s)
{
	struct cfg_node *at = s->cfg->tree.root;

	if (s->words.n > 1) {
		if (!find_to_change(s) || s->target.n == 0)
			return;
		if (s->target.block == NULL) {
			do_delete(s);
			return;
		}
		at = s->target.block;
	}
	s->target.n = 0;
	while (at->child != NULL && at->child->next != NULL)
		cfg_node_remove(&s->cfg->tree, at->child);
	if (at->child != NULL)
		cfg_node_prune(&s->cfg->tree, at->child);
	if (at->parent == NULL)
		at->comment = NULL;
}

/* An empty text takes the comments away, as on the box. */
static bool do_annotate(struct set *s)
{
	const char *tidy;
	const struct cfg_word *text = &s->words.v[s->words.n - 1];

	if (s->words.n < 3 + s->prefix.n || text->kind != CFG_W_WORD) {
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
	if (*tidy == '\0' || s->session)
		s->target.named[0]->comment = NULL;
	cfg_node_comment(&s->cfg->tree, s->target.named[0], tidy);
	return true;
}

/* The last word that is @a or @b, unquoted; 0 if there is none. */
static size_t keyword(const struct set *s, const char *a, const char *b)
{
	for (size_t i = s->words.n; i-- > 1 + s->prefix.n;) {
		const struct cfg_word *w = &s->words.v[i];

		if (w->kind == CFG_W_WORD && !w->quoted &&
			(strcmp(w->text, a) == 0 || strcmp(w->text, b) == 0))
			return i;
	}
	return 0;
}

/* The one statement that stands before the keyword at @at; NULL after an error. */
static struct cfg_node *subject(struct set *s, size_t at)
{
	struct cfg_words before = {.v = s->words.v, .n = at};
	struct vex_errs *errs = s->cfg->errs, mine = {0};
	bool found, unknown = false;

	s->cfg->errs = &mine;
	found = cfg_walk(s->cfg, s->from, &before, 1, CFG_WALK_FIND, false, &s->target);
	s->cfg->errs = errs;
	for (size_t i = 0; i < mine.n; i++)
		unknown |= mine.v[i].kind != VEX_ERR_NOT_FOUND;
	if (unknown)
		vex_errs_copy(errs, &mine);
	else if (!found || s->target.n != 1)
		cfg_error(s->cfg, found ? VEX_ERR_SYNTAX : VEX_ERR_NOT_FOUND, s->from, NULL,
			&s->words.v[at - 1], s->words.v[at - 1].text,
			found ? "'%s' takes one statement" : "statement not found",
			s->words.v[0].text);
	vex_errs_free(&mine);
	return found && s->target.n == 1 ? s->target.named[0] : NULL;
}

static bool two_statements(struct set *s, const char *a, const char *b,
	bool (*run)(struct cfg *, struct cfg_node *, const struct cfg_words *, size_t))
{
	size_t at = keyword(s, a, b);
	struct cfg_node *node;
	bool ok;

	if (at < 2 || at + 1 >= s->words.n) {
		cfg_error(s->cfg, VEX_ERR_MISSING, s->from, NULL, &s->words.v[s->words.n - 1], NULL,
			a == b ? "'%s' is written: %s STATEMENT %s NAME"
			       : "'%s' is written: %s STATEMENT %s|%s NAME",
			s->words.v[0].text, s->words.v[0].text, a, b);
		return false;
	}
	node = subject(s, at);
	ok = node != NULL && run(s->cfg, node, &s->words, at);
	s->target.n = 0;
	return ok;
}

static bool do_copy(struct set *s)
{
	static const char to[] = "to";

	return two_statements(s, to, to, cfg_edit_copy);
}

static bool do_rename(struct set *s)
{
	static const char to[] = "to";

	return two_statements(s, to, to, cfg_edit_rename);
}

static bool do_insert(struct set *s)
{
	return two_statements(s, "before", "after", cfg_edit_insert);
}

static bool is_plain_word(const struct cfg_word *w, const char *text)
{
	return w->kind == CFG_W_WORD && !w->quoted && strcmp(w->text, text) == 0;
}

/* `replace pattern OLD with NEW`, at the path. */
static bool do_replace(struct set *s)
{
	struct cfg_word *w = s->words.v + 1 + s->prefix.n;
	struct cfg_node *below = s->from;
	bool ok = s->words.n == 5 + s->prefix.n && is_plain_word(&w[0], "pattern") &&
		  w[1].kind == CFG_W_WORD && is_plain_word(&w[2], "with") &&
		  w[3].kind == CFG_W_WORD;

	if (!ok) {
		cfg_error(s->cfg, VEX_ERR_SYNTAX, s->from, NULL, &s->words.v[0], NULL,
			"'replace' is written: replace pattern OLD with NEW");
		return false;
	}
	if (s->prefix.n > 0) {
		below = subject(s, 1 + s->prefix.n);
		if (below == NULL)
			return false;
	}
	ok = cfg_edit_replace(s->cfg, below, &w[1], &w[3]);
	s->target.n = 0;
	return ok;
}

struct verb {
	const char *word;
	bool (*run)(struct set *);
	bool session; /* of a session only */
};

/* The lines that make a configuration; then lines of a session, of which some only move in it. */
static const struct verb verbs[] = {
	{"set", do_set, false},
	{"delete", do_delete, false},
	{"deactivate", do_deactivate, false},
	{"activate", do_activate, false},
	{"annotate", do_annotate, false},
	{"copy", do_copy, true},
	{"rename", do_rename, true},
	{"insert", do_insert, true},
	{"replace", do_replace, true},
	{"edit", NULL, true},
	{"exit", NULL, true},
	{"protect", NULL, true},
	{"quit", NULL, true},
	{"top", NULL, true},
	{"unprotect", NULL, true},
	{"up", NULL, true},
	{"wildcard", NULL, true},
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
		if (!verbs[i].session)
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

/* The words of the path go behind the verb. False without memory. */
static bool put_prefix(struct set *s)
{
	size_t n = s->prefix.n, need = s->words.n + n;

	if (n == 0)
		return true;
	if (need > s->words.cap) {
		struct cfg_word *v = realloc(s->words.v, need * sizeof *v);

		if (v == NULL) {
			s->cfg->arena.failed = true;
			return false;
		}
		s->words.v = v;
		s->words.cap = need;
	}
	memmove(s->words.v + 1 + n, s->words.v + 1, (s->words.n - 1) * sizeof *s->words.v);
	memcpy(s->words.v + 1, s->prefix.v, n * sizeof *s->words.v);
	s->words.n += n;
	return true;
}

static void run_verb(struct set *s, const struct verb *verb)
{
	bool alone = s->words.n == 1;

	if (!put_prefix(s))
		return;
	if (alone && verb->run == do_delete) {
		delete_below(s);
	} else if (verb->run(s) && s->target.n > 0 && s->pending.comment != NULL) {
		if (s->session)
			s->target.named[0]->comment = NULL;
		cfg_take_comments(&s->pending, s->target.named[0]);
	}
}

static void set_line(struct set *s)
{
	const struct cfg_word *at = &s->words.v[0];
	const struct verb *verb = at->kind == CFG_W_WORD ? verb_of(at->text) : NULL;

	if (verb == NULL) {
		unknown_verb(s);
	} else if (verb->run == NULL || (verb->session && !s->session)) {
		cfg_error(s->cfg, VEX_ERR_NOT_SUPPORTED, s->cfg->tree.root, NULL, at, at->text,
			"'%s' is a command of a session; write the set lines that it leads to",
			at->text);
	} else if (s->words.n == 1 && !(s->session && verb->run == do_delete)) {
		cfg_error(s->cfg, VEX_ERR_MISSING, s->cfg->tree.root, NULL, at, NULL,
			"'%s' needs a statement", at->text);
	} else {
		run_verb(s, verb);
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

static void set_lines(struct set *s, struct cfg_lexer *lx)
{
	const struct cfg_token *token;
	struct cfg *cfg = s->cfg;
	size_t errors = cfg->errs->n + cfg->errs->lost; /* before this line */
	struct cfg_word at;

	lx->newlines = true;
	do {
		token = cfg_lex_next(lx);
		switch (token->kind) {
		case CFG_T_NEWLINE:
		case CFG_T_EOF:
			/* A command with bytes that are none is not carried out. */
			if (s->session && errors != cfg->errs->n + cfg->errs->lost)
				s->words.n = 0;
			if (s->words.n > 0)
				set_line(s);
			errors = cfg->errs->n + cfg->errs->lost;
			break;
		case CFG_T_COMMENT:
			cfg_node_comment(&cfg->tree, &s->pending, token->text);
			break;
		case CFG_T_OPEN:
		case CFG_T_CLOSE:
		case CFG_T_SEMICOLON:
			at = cfg_word_of(token);
			cfg_error(cfg, VEX_ERR_SYNTAX, cfg->tree.root, NULL, &at, NULL,
				"braces and ';' may not stand in set lines; quote them if they are "
				"text");
			s->words.n = 0;
			skip_line(lx);
			break;
		default:
			if (!cfg_words_add(&s->words, token))
				cfg->arena.failed = true;
			break;
		}
	} while (lx->token.kind != CFG_T_EOF && !cfg->arena.failed);
	if (!s->session)
		cfg_take_comments(&s->pending, cfg->top);
	free(s->words.v);
	free(s->target.named);
	free(s->undo.v);
}

void cfg_parse_set(struct cfg *cfg, struct cfg_lexer *lx)
{
	struct set s = {.cfg = cfg, .from = cfg->top};

	set_lines(&s, lx);
}

bool cfg_edit(struct cfg *cfg, const char *path, const char *text, size_t len, const char *file,
	struct vex_errs *notes, struct vex_errs *errs)
{
	struct set s = {.cfg = cfg, .from = cfg->tree.root, .session = true, .notes = notes};
	size_t before = errs->n + errs->lost;
	const char *name = cfg->file;
	struct cfg_lexer lx;

	cfg->errs = errs;
	cfg->file = file;
	if (cfg_path_words(cfg, path, &s.prefix)) {
		cfg_lex_init(&lx, &cfg->arena, text, len, file, errs);
		set_lines(&s, &lx);
	}
	free(s.prefix.v);
	cfg->errs = NULL;
	cfg->file = name;
	if (cfg->arena.failed)
		vex_err_add(errs, VEX_ERR_INTERNAL, NULL, NULL, NULL, "out of memory");
	return errs->n + errs->lost == before;
}

bool cfg_is_set_verb(const char *word)
{
	return verb_of(word) != NULL;
}
