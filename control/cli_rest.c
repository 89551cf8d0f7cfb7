/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/cli_rest.h"

#include <stdlib.h>
#include <string.h>

/* ---- Words for vex-re ------------------------------------------------------------------------------ */

static bool needs_quotes(const char *word)
{
	if (strcmp(word, "[") == 0 || strcmp(word, "]") == 0)
		return false;
	return *word == '\0' || strpbrk(word, " \t\r\n;{}[]#\"\\|") != NULL ||
	       strncmp(word, "/*", 2) == 0;
}

/* Append a word so that it is read again as it is. */
static bool append(struct cli_state *s, const char *word, bool quoted)
{
	size_t n = s->rest != NULL ? strlen(s->rest) : 0;
	char *rest = realloc(s->rest, n + 2 * strlen(word) + 4), *p;

	if (rest == NULL)
		return false;
	s->rest = rest;
	p = rest + n;
	if (n > 0)
		*p++ = ' ';
	quoted = quoted || needs_quotes(word);
	if (quoted)
		*p++ = '"';
	for (; *word != '\0'; word++) {
		if (quoted && (*word == '"' || *word == '\\'))
			*p++ = '\\';
		*p++ = *word;
	}
	if (quoted)
		*p++ = '"';
	*p = '\0';
	return true;
}

static size_t rest_len(const struct cli_state *s)
{
	return s->rest != NULL ? strlen(s->rest) : 0;
}

/* ---- Steps ----------------------------------------------------------------------------------------- */

/* `top`, `up`, `run`: what follows is a command of its own. */
static void begin_again(struct cli_state *s, enum cli_mode mode)
{
	for (size_t i = 0; i < s->n_path; i++)
		free(s->path[i]);
	s->n_path = 0;
	s->command = NULL;
	s->mode = mode;
	s->stage = 0;
}

enum cli_step cli_rest_begin(struct cli_state *s)
{
	const struct cli_where *where = s->where;
	const char *word;

	switch (s->command->rest) {
	case CLI_REST_TOP:
		s->top = true;
		begin_again(s, s->mode);
		return CLI_STEP_OK;
	case CLI_REST_UP:
		s->up = 1;
		begin_again(s, s->mode);
		return CLI_STEP_OK;
	case CLI_REST_COMMAND:
		s->run = true;
		begin_again(s, CLI_OPERATIONAL);
		return CLI_STEP_OK;
	default:
		break;
	}
	s->stage = 0;
	cfg_cursor_init(&s->cursor, where->schema);
	for (size_t i = 0; s->mode == CLI_CONFIGURATION && i < cli_state_level(s); i++)
		cfg_cursor_step(&s->cursor, where->edit[i], &word);
	s->block = s->cursor;
	return CLI_STEP_OK;
}

/* The word between two paths, or NULL. Where a name may stand any word is a name. */
static const char *between(const struct cli_state *s, const char *word)
{
	static const char *const insert[] = {"before", "after"};

	if (s->stage != 0 || !cfg_cursor_may_end(&s->cursor) || s->rest == NULL ||
		cfg_cursor_wants_name(&s->cursor))
		return NULL;
	if (s->command->rest == CLI_REST_TO)
		return strcmp(word, "to") == 0 ? "to" : NULL;
	for (size_t i = 0; s->command->rest == CLI_REST_INSERT && i < 2; i++) {
		if (*word != '\0' && strncmp(insert[i], word, strlen(word)) == 0)
			return insert[i];
	}
	return NULL;
}

static enum cli_step done(bool ok)
{
	return ok ? CLI_STEP_OK : CLI_STEP_MEMORY;
}

enum cli_step cli_rest_step(struct cli_state *s, const char *word, bool quoted)
{
	struct cfg_cursor before = s->cursor;
	size_t len = rest_len(s);
	const char *whole = between(s, word);
	enum cfg_step result;

	if (whole != NULL && !quoted) {
		s->stage = 1;
		s->cursor = s->block;
		return done(append(s, whole, false));
	}
	if (s->command->rest == CLI_REST_TEXT && s->stage == 0 && quoted && s->rest != NULL) {
		s->stage = 1;
		s->path_len = len;
		return done(append(s, word, true));
	}
	if (s->command->rest == CLI_REST_TEXT && s->stage == 1)
		return CLI_STEP_UNKNOWN;
	result = cfg_cursor_step(&s->cursor, word, &whole);
	if (result != CFG_STEP_OK)
		return result == CFG_STEP_AMBIGUOUS ? CLI_STEP_AMBIGUOUS : CLI_STEP_UNKNOWN;
	s->in_rest = true;
	if (s->stage == 0 && cfg_cursor_is_block(&before)) {
		s->block = before;
		s->block_len = len;
	}
	return done(append(s, whole, quoted));
}

bool cli_rest_may_end(const struct cli_state *s)
{
	const struct cfg_cursor *c = &s->cursor;

	switch (s->command->rest) {
	case CLI_REST_NEW:
		return s->in_rest && cfg_cursor_may_end(c);
	case CLI_REST_PATH:
		return cfg_cursor_may_end(c) || cfg_cursor_wants_value(c);
	case CLI_REST_BLOCK:
		return s->in_rest && cfg_cursor_is_block(c);
	case CLI_REST_TEXT:
		return s->stage == 1;
	case CLI_REST_TO:
	case CLI_REST_INSERT:
		return s->stage == 1 && rest_len(s) > 0 && cfg_cursor_may_end(c) &&
		       s->cursor.at != s->block.at;
	default:
		return true;
	}
}

/* ---- Listing ----------------------------------------------------------------------------------------- */

struct adding {
	const char *prefix;
	struct cli_options *o;
	const struct cli_options *only; /* words that may be added; NULL: all */
	bool block_only;
	bool ok;
};

static void add(void *ctx, const char *word, enum cfg_next_kind kind, const char *help)
{
	struct adding *a = ctx;
	bool data = kind == CFG_NEXT_NAME || kind == CFG_NEXT_DATA;
	char mark = kind == CFG_NEXT_BLOCK || kind == CFG_NEXT_REFUSED ? '>'
		    : kind == CFG_NEXT_LIST			       ? '+'
								       : ' ';

	if (!data && strncmp(word, a->prefix, strlen(a->prefix)) != 0)
		return;
	if (a->only != NULL && (data || !cli_options_has(a->only, a->only->n, word)))
		return;
	/* Setting it would only be refused. */
	if (a->only == NULL && kind == CFG_NEXT_REFUSED)
		return;
	if (a->block_only && (kind == CFG_NEXT_LEAF || kind == CFG_NEXT_LIST))
		return;
	a->ok = cli_options_add(a->o, data ? CLI_OPTION_DATA : CLI_OPTION_WORD, mark, word, help) &&
		a->ok;
}

/* The path of the cursor from the top. */
static char *whole_path(const struct cli_state *s)
{
	size_t n = rest_len(s) + 1, level = cli_state_level(s);
	char *path;
	FILE *f;

	if (s->mode != CLI_CONFIGURATION)
		level = 0;
	f = open_memstream(&path, &n);
	if (f == NULL)
		return NULL;
	for (size_t i = 0; i < level; i++)
		fprintf(f, "%s%s", i > 0 ? " " : "", s->where->edit[i]);
	n = s->stage == 1 ? s->block_len : rest_len(s);
	if (n > 0)
		fprintf(f, "%s%.*s", level > 0 ? " " : "", (int)n, s->rest);
	if (fclose(f) == 0)
		return path;
	free(path);
	return NULL;
}

static bool entries(const struct cli_state *s, struct cli_options *o)
{
	char *path = whole_path(s);

	if (path == NULL)
		return false;
	if (s->where->entries != NULL)
		s->where->entries(s->where->ctx, path, o);
	free(path);
	return true;
}

/* Entries become names with a prefix, unless the schema has said the word. */
static bool add_names(struct cli_options *o, const struct cli_options *from, const char *prefix)
{
	size_t said = o->n;

	for (size_t i = 0; i < from->n; i++) {
		if (strncmp(from->v[i].word, prefix, strlen(prefix)) == 0 &&
			!cli_options_has(o, said, from->v[i].word) &&
			!cli_options_push(o, CLI_OPTION_NAME, ' ', from->v[i].word, ""))
			return false;
	}
	return true;
}

static const char *kind_of_names(const char *statement)
{
	static const char *const kinds[][2] = {{"interface", "interface"}, {"members", "vlan"},
		{"vlan", "vlan"}, {"bundle", "lag"}, {"member", "interface"}};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i][0], statement) == 0)
			return kinds[i][1];
	}
	return NULL;
}

static bool next_between(const struct cli_state *s, const char *prefix, struct cli_options *o)
{
	static const char *const words[][2] = {{"to", "New place or name"},
		{"before", "Insert before the statement that follows"},
		{"after", "Insert after the statement that follows"}};

	for (size_t i = 0; i < 3; i++) {
		if (between(s, words[i][0]) != NULL &&
			strncmp(words[i][0], prefix, strlen(prefix)) == 0 &&
			!cli_options_add(o, CLI_OPTION_WORD, ' ', words[i][0], words[i][1]))
			return false;
	}
	return true;
}

bool cli_rest_next(struct cli_state *s, const char *prefix, bool live, struct cli_options *o)
{
	enum cli_rest rest = s->command->rest;
	struct cli_options there = {0};
	struct adding a = {.prefix = prefix, .o = o, .ok = true};
	const char *kind = kind_of_names(cfg_cursor_wanted(&s->cursor));
	bool ok = true;

	if (rest == CLI_REST_TEXT && s->stage == 1)
		return true;
	if (rest == CLI_REST_TEXT && s->rest != NULL && *prefix == '\0')
		ok = cli_options_add(o, CLI_OPTION_DATA, ' ', "<comment>", "Text in quotes");
	ok = ok && next_between(s, prefix, o) && (!live || entries(s, &there));
	/* Of what exists only that, if there is any. */
	if (rest != CLI_REST_NEW && rest != CLI_REST_BLOCK && s->stage == 0 && there.n > 0)
		a.only = &there;
	a.block_only = rest == CLI_REST_BLOCK;
	cfg_cursor_next(&s->cursor, add, &a);
	if (a.only != NULL || cfg_cursor_wants_name(&s->cursor))
		ok = ok && add_names(o, &there, prefix);
	if (live && rest == CLI_REST_NEW && kind != NULL && s->where->names != NULL)
		s->where->names(s->where->ctx, kind, prefix, o);
	cli_options_free(&there);
	return ok && a.ok;
}
