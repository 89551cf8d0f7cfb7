/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/cli_grammar.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "control/cli_rest.h"

/* ---- Words of commands -------------------------------------------------------------------------- */

/* The i-th word of @words and its length; NULL if there are fewer. */
static const char *nth(const char *words, size_t i, size_t *len)
{
	for (;; words += *len, words += *words == ' ') {
		*len = strcspn(words, " ");
		if (*len == 0 || i-- == 0)
			return *len > 0 ? words : NULL;
	}
}

static bool is_word(const char *word, size_t len, const char *text)
{
	return strncmp(word, text, len) == 0 && text[len] == '\0';
}

/* True if the words of @c begin with those of the state. */
static bool begins(const struct cli_state *s, const struct cli_command *c)
{
	size_t len;

	for (size_t i = 0; i < s->n_path; i++) {
		const char *word = nth(c->words, i, &len);

		if (word == NULL || !is_word(word, len, s->path[i]))
			return false;
	}
	return true;
}

static const struct cli_grammar *grammar(const struct cli_state *s)
{
	return &s->where->grammar[s->mode];
}

/* The command that ends here. */
static const struct cli_command *ended(const struct cli_state *s)
{
	const struct cli_grammar *g = grammar(s);
	size_t len;

	for (size_t i = 0; i < g->n; i++) {
		if (begins(s, &g->command[i]) && nth(g->command[i].words, s->n_path, &len) == NULL)
			return &g->command[i];
	}
	return NULL;
}

/* ---- What may come next: called back for each ------------------------------------------------------ */

struct item {
	const char *word; /* len bytes */
	size_t len;
	const char *help;		   /* may be NULL */
	const struct cli_command *command; /* it is a word of this one, */
	const struct cli_param *param;	   /* or a parameter */
};

typedef bool item_fn(void *ctx, const struct item *item);

static bool allowed(const struct cli_state *s, const struct cli_param *p)
{
	const struct cli_param *all = s->command->params;

	if (s->used[p - all] || (p->after != NULL && json_object_get(s->args, p->after) == NULL))
		return false;
	for (size_t i = 0; p->one_of != 0 && all[i].name != NULL; i++) {
		if (s->used[i] && all[i].one_of == p->one_of)
			return false;
	}
	return true;
}

/* The parameter whose value may stand here by itself. */
static const struct cli_param *bare(const struct cli_state *s)
{
	const struct cli_param *p = s->command != NULL ? s->command->params : NULL;

	for (; p != NULL && p->name != NULL; p++) {
		if (p->bare && allowed(s, p))
			return p;
	}
	return NULL;
}

static bool each_item(const struct cli_state *s, item_fn *fn, void *ctx)
{
	const struct cli_grammar *g = grammar(s);
	const struct cli_param *p = s->command != NULL ? s->command->params : NULL;
	struct item item;

	for (size_t i = 0; !s->any_used && s->n_path < CLI_WORDS_MAX && i < g->n; i++) {
		item = (struct item){.command = &g->command[i]};
		if (begins(s, item.command) &&
			(item.word = nth(item.command->words, s->n_path, &item.len)) != NULL &&
			!fn(ctx, &item))
			return false;
	}
	for (; p != NULL && p->name != NULL; p++) {
		item = (struct item){p->name, strlen(p->name), p->help, NULL, p};
		if (!p->bare && allowed(s, p) && !fn(ctx, &item))
			return false;
	}
	return true;
}

/* ---- Steps --------------------------------------------------------------------------------------- */

struct match {
	const char *text;
	size_t n;
	struct item found;
	bool exact, ambiguous;
};

static bool try_item(void *ctx, const struct item *item)
{
	struct match *m = ctx;
	bool exact = item->len == m->n;

	if (item->len < m->n || strncmp(item->word, m->text, m->n) != 0 || (m->exact && !exact))
		return true;
	/* Several commands may begin with one word; a longer command goes before a parameter. */
	if (m->found.word != NULL && !(exact && !m->exact)) {
		m->ambiguous |= m->found.len != item->len ||
				strncmp(m->found.word, item->word, item->len) != 0;
		return true;
	}
	m->found = *item;
	m->exact = exact;
	m->ambiguous = false;
	return true;
}

/* Words of commands live in the tables, whole; a state keeps copies of parts of them. */
static enum cli_step step_path(struct cli_state *s, const struct item *item)
{
	char *word = strndup(item->word, item->len);

	if (word == NULL)
		return CLI_STEP_MEMORY;
	s->path[s->n_path++] = word;
	s->command = ended(s);
	s->in_rest = false;
	return s->command != NULL && s->command->rest != CLI_REST_NONE ? cli_rest_begin(s)
								       : CLI_STEP_OK;
}

static enum cli_step set_param(struct cli_state *s, const struct cli_param *p, const char *value)
{
	json_t *v = value != NULL ? json_string(value) : json_true();

	if (v == NULL || json_object_set_new(s->args, p->name, v) != 0)
		return v == NULL && value != NULL ? CLI_STEP_UNKNOWN : CLI_STEP_MEMORY;
	s->used[p - s->command->params] = 1;
	s->any_used = true;
	return CLI_STEP_OK;
}

static enum cli_step step_param(struct cli_state *s, const struct cli_param *p)
{
	if (p->value == NULL)
		return set_param(s, p, NULL);
	s->pending = p;
	s->any_used = true;
	return CLI_STEP_OK;
}

enum cli_step cli_state_step(struct cli_state *s, const char *word, bool quoted)
{
	struct match m = {.text = word, .n = strlen(word)};
	const struct cli_param *p = s->pending;
	enum cli_step result;

	if (p != NULL) {
		result = set_param(s, p, word);
		if (result == CLI_STEP_OK)
			s->pending = NULL;
		return result;
	}
	if (s->in_rest)
		return cli_rest_step(s, word, quoted);
	if (s->up == 1 && s->n_path == 0 && s->stage == 0 && isdigit((unsigned char)*word)) {
		s->up = (unsigned int)strtoul(word, NULL, 10);
		s->stage = 1;
		return CLI_STEP_OK;
	}
	if (!quoted && m.n > 0)
		each_item(s, try_item, &m);
	if (m.ambiguous)
		return CLI_STEP_AMBIGUOUS;
	if (m.found.command != NULL)
		return step_path(s, &m.found);
	if (m.found.param != NULL)
		return step_param(s, m.found.param);
	p = bare(s);
	if (p != NULL)
		return set_param(s, p, word);
	if (s->command != NULL && s->command->rest != CLI_REST_NONE) {
		s->in_rest = true;
		result = cli_rest_step(s, word, quoted);
		s->in_rest = result == CLI_STEP_OK && s->in_rest;
		return result;
	}
	return CLI_STEP_UNKNOWN;
}

/* Another parameter was said instead of @p. */
static bool replaced(const struct cli_state *s, const struct cli_param *p)
{
	const struct cli_param *all = s->command->params;

	for (size_t i = 0; p->one_of != 0 && all[i].name != NULL; i++) {
		if (s->used[i] && all[i].one_of == p->one_of)
			return true;
	}
	return false;
}

bool cli_state_may_end(const struct cli_state *s)
{
	if (s->command == NULL)
		return s->n_path == 0 && (s->top || s->up > 0) && !s->run;
	if (s->pending != NULL)
		return false;
	for (const struct cli_param *p = s->command->params; p != NULL && p->name != NULL; p++) {
		if (p->required && !s->used[p - s->command->params] && !replaced(s, p))
			return false;
	}
	return s->command->rest == CLI_REST_NONE || cli_rest_may_end(s);
}

size_t cli_state_level(const struct cli_state *s)
{
	return s->top ? 0
		      : s->where->n_edit - (s->up < s->where->n_edit ? s->up : s->where->n_edit);
}

/* ---- Listing --------------------------------------------------------------------------------------- */

struct listing {
	struct cli_state *s;
	const char *prefix;
	struct cli_options *o;
};

/* The help of a word that several commands begin with. */
static const char *group_help(const struct cli_state *s, const struct item *item)
{
	char words[256] = "";
	size_t n = 0;

	for (size_t i = 0; i < s->n_path && n + strlen(s->path[i]) + 2 < sizeof(words); i++) {
		memcpy(words + n, s->path[i], strlen(s->path[i]));
		n += strlen(s->path[i]);
		words[n++] = ' ';
	}
	if (n + item->len >= sizeof(words))
		return NULL;
	memcpy(words + n, item->word, item->len);
	words[n + item->len] = '\0';
	for (size_t i = 0; i < grammar(s)->n; i++) {
		if (strcmp(grammar(s)->command[i].words, words) == 0)
			return grammar(s)->command[i].help;
	}
	for (const struct cli_group *const *t = grammar(s)->groups; t != NULL && *t != NULL; t++) {
		for (const struct cli_group *g = *t; g->words != NULL; g++) {
			if (strcmp(g->words, words) == 0)
				return g->help;
		}
	}
	return NULL;
}

static bool list_item(void *ctx, const struct item *item)
{
	struct listing *l = ctx;
	char word[128];

	if (item->len >= sizeof(word) || strncmp(item->word, l->prefix, strlen(l->prefix)) != 0)
		return true;
	memcpy(word, item->word, item->len);
	word[item->len] = '\0';
	return cli_options_add(l->o, CLI_OPTION_WORD, ' ', word,
		item->help != NULL ? item->help : group_help(l->s, item));
}

static bool list_value(struct listing *l, const struct cli_param *p, bool live)
{
	char data[128];

	snprintf(data, sizeof(data), "<%s>", p->value);
	if (live && l->s->where->names != NULL)
		l->s->where->names(l->s->where->ctx, p->value, l->prefix, l->o);
	return cli_options_add(l->o, CLI_OPTION_DATA, ' ', data, p->help);
}

static bool list_end(const struct cli_state *s, struct cli_options *o)
{
	if (!cli_state_may_end(s))
		return true;
	return cli_options_add(o, CLI_OPTION_ENTER, ' ', "<[Enter]>", "Execute this command") &&
	       (s->command == NULL || s->command->piped == CLI_NOT_PIPED ||
		       cli_options_add(o, CLI_OPTION_PIPE, ' ', "|", "Pipe through a command"));
}

bool cli_state_next(struct cli_state *s, const char *prefix, bool live, struct cli_options *o)
{
	struct listing l = {s, prefix, o};

	if (s->pending != NULL)
		return list_value(&l, s->pending, live);
	if (*prefix == '\0' && !list_end(s, o))
		return false;
	if (s->in_rest)
		return cli_rest_next(s, prefix, live, o);
	if (!each_item(s, list_item, &l))
		return false;
	if (bare(s) != NULL && !list_value(&l, bare(s), live))
		return false;
	return s->command == NULL || s->command->rest == CLI_REST_NONE ||
	       cli_rest_next(s, prefix, live, o);
}

void cli_state_init(struct cli_state *s, const struct cli_where *where, enum cli_mode mode)
{
	*s = (struct cli_state){.where = where, .mode = mode, .args = json_object()};
}

void cli_state_free(struct cli_state *s)
{
	for (size_t i = 0; i < s->n_path; i++)
		free(s->path[i]);
	json_decref(s->args);
	free(s->rest);
	*s = (struct cli_state){0};
}
