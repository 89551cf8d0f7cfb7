/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/cli_pipe.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum argument {
	NO_ARGUMENT,
	REGEX,
	NUMBER,
	NUMBER_OR_NONE,
	FILE_NAME,
	DISPLAY,
	COMPARE,
};

enum {
	NO_MORE = -1,
	NO_STAGE = -2
};

struct pipe_word {
	const char *word, *help;
	enum argument argument;
	int kind; /* enum cli_stage_kind */
	bool configuration;
};

static const struct pipe_word words[] = {
	{"compare", "Compare configuration changes with prior version", COMPARE, NO_STAGE, true},
	{"count", "Count occurrences", NO_ARGUMENT, CLI_STAGE_COUNT, false},
	{"display", "Show additional kinds of information", DISPLAY, NO_STAGE, false},
	{"except", "Show only text that does not match a pattern", REGEX, CLI_STAGE_EXCEPT, false},
	{"find", "Search for first occurrence of pattern", REGEX, CLI_STAGE_FIND, false},
	{"last", "Display end of output only", NUMBER_OR_NONE, CLI_STAGE_LAST, false},
	{"match", "Show only text that matches a pattern", REGEX, CLI_STAGE_MATCH, false},
	{"no-more", "Don't paginate output", NO_ARGUMENT, NO_MORE, false},
	{"save", "Save output text to file", FILE_NAME, CLI_STAGE_SAVE, false},
	{"trim", "Trim specified number of columns from start of line", NUMBER, CLI_STAGE_TRIM,
		false},
};

static const struct pipe_word forms[] = {
	{"inheritance", "Show inherited configuration data", NO_ARGUMENT, NO_STAGE, true},
	{"json", "Show output in JSON format", NO_ARGUMENT, CLI_FORM_JSON, false},
	{"set", "Show 'set' commands that create configuration", NO_ARGUMENT, CLI_FORM_SET, true},
	{"xml", "Show output as XML tags", NO_ARGUMENT, CLI_FORM_XML, false},
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define LAST_DEFAULT 24	    /* lines of a screen */
#define LAST_MAX     100000 /* lines that are held */
#define TRIM_MAX     100000

struct parser {
	const struct cli_line *line;
	size_t i;
	bool configuration;
	struct cli_pipes *pipes;
	struct cli_mistake *mistake;
};

__attribute__((format(printf, 2, 3))) static bool wrong(struct parser *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(p->mistake->text, sizeof(p->mistake->text), fmt, ap);
	va_end(ap);
	p->mistake->word = p->i;
	return false;
}

/* The word at the cursor, which is then passed; NULL at a pipe or the end. */
static const char *take(struct parser *p)
{
	if (p->i >= p->line->n || cli_line_is_pipe(p->line, p->i))
		return NULL;
	return p->line->v[p->i++].text;
}

static const struct pipe_word *look_up(const struct pipe_word *table, size_t n, const char *text,
	bool configuration, bool *several)
{
	const struct pipe_word *found = NULL;
	size_t len = strlen(text);

	*several = false;
	for (size_t i = 0; i < n; i++) {
		if (strncmp(table[i].word, text, len) != 0 ||
			(table[i].configuration && !configuration))
			continue;
		if (table[i].word[len] == '\0')
			return &table[i];
		*several = found != NULL;
		found = &table[i];
	}
	return *several ? NULL : found;
}

static struct cli_stage *add_stage(struct parser *p, enum cli_stage_kind kind)
{
	struct cli_pipes *pipes = p->pipes;
	struct cli_stage *v = realloc(pipes->stage, (pipes->n_stages + 1) * sizeof(*v));

	if (v == NULL)
		return NULL;
	pipes->stage = v;
	v = &v[pipes->n_stages++];
	*v = (struct cli_stage){.kind = kind};
	return v;
}

static bool take_number(struct parser *p, struct cli_stage *stage, bool needed)
{
	unsigned long most = stage->kind == CLI_STAGE_LAST ? LAST_MAX : TRIM_MAX;
	const char *text = take(p);
	char *end;

	stage->n = LAST_DEFAULT;
	if (text == NULL)
		return !needed || wrong(p, "missing argument.");
	stage->n = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end != '\0' || stage->n > most) {
		p->i--;
		return wrong(p, "it must be a number, 0 to %lu.", most);
	}
	return true;
}

/* Junos does not distinguish case. */
static bool take_regex(struct parser *p, struct cli_stage *stage)
{
	const char *text = take(p);
	char why[128];
	int rc;

	if (text == NULL)
		return wrong(p, "missing argument.");
	rc = regcomp(&stage->regex, text, REG_EXTENDED | REG_NOSUB | REG_ICASE);
	stage->compiled = rc == 0;
	if (rc == 0)
		return true;
	regerror(rc, &stage->regex, why, sizeof(why));
	p->i--;
	return wrong(p, "regular expression: %s.", why);
}

static bool take_display(struct parser *p)
{
	const char *text = take(p);
	const struct pipe_word *w;
	bool several;

	if (text == NULL)
		return wrong(p, "syntax error, expecting <command>.");
	w = look_up(forms, COUNT(forms), text, p->configuration, &several);
	if (w == NULL) {
		p->i--;
		return several ? wrong(p, "'%s' is ambiguous.", text)
			       : wrong(p, "syntax error, expecting <command>.");
	}
	if (w->kind == NO_STAGE)
		p->pipes->inheritance = true;
	else
		p->pipes->form = (enum cli_form)w->kind;
	return true;
}

static bool take_compare(struct parser *p)
{
	const char *what = take(p), *n = NULL;
	size_t size;

	p->pipes->compare = true;
	if (what == NULL)
		return true;
	if (strlen(what) >= 2 && strncmp("rollback", what, strlen(what)) == 0) {
		what = "rollback";
		n = take(p);
		if (n == NULL)
			return wrong(p, "missing argument.");
		if (strlen(n) > 2 || strspn(n, "0123456789") != strlen(n) || atoi(n) > 49) {
			p->i--;
			return wrong(p, "it must be a number, 0 to 49.");
		}
	} else if (strlen(what) >= 2 && strncmp("rescue", what, strlen(what)) == 0) {
		what = "rescue";
	}
	size = strlen(what) + 8;
	p->pipes->compare_with = malloc(size);
	if (p->pipes->compare_with == NULL)
		return wrong(p, "out of memory.");
	snprintf(p->pipes->compare_with, size, "%s%s%s", what, n != NULL ? " " : "",
		n != NULL ? n : "");
	return true;
}

static bool take_argument(struct parser *p, const struct pipe_word *w)
{
	struct cli_stage *stage = NULL;
	const char *text;

	if (w->kind >= 0) {
		stage = add_stage(p, (enum cli_stage_kind)w->kind);
		if (stage == NULL)
			return wrong(p, "out of memory.");
	} else if (w->kind == NO_MORE) {
		p->pipes->no_more = true;
	}
	switch (w->argument) {
	case NO_ARGUMENT:
		return true;
	case REGEX:
		return take_regex(p, stage);
	case NUMBER:
	case NUMBER_OR_NONE:
		return take_number(p, stage, w->argument == NUMBER);
	case FILE_NAME:
		text = take(p);
		if (text == NULL)
			return wrong(p, "missing argument.");
		stage->file = strdup(text);
		return stage->file != NULL || wrong(p, "out of memory.");
	default:
		break;
	}
	/* They choose the text, so nothing may have filtered it. */
	if (p->pipes->n_stages > 0) {
		p->i--;
		return wrong(p, "'%s' stands before other pipes.", w->word);
	}
	return w->argument == DISPLAY ? take_display(p) : take_compare(p);
}

/* The cursor is behind a pipe. */
static bool take_pipe(struct parser *p)
{
	const char *text = take(p);
	const struct pipe_word *w;
	bool several;

	if (text == NULL)
		return wrong(p, "syntax error, expecting <command>.");
	w = look_up(words, COUNT(words), text, p->configuration, &several);
	if (w == NULL) {
		p->i--;
		return several ? wrong(p, "'%s' is ambiguous.", text)
			       : wrong(p, "syntax error, expecting <command>.");
	}
	if (!take_argument(p, w))
		return false;
	if (p->i < p->line->n && !cli_line_is_pipe(p->line, p->i))
		return wrong(p, "syntax error, expecting '|'.");
	return true;
}

struct cli_pipes *cli_pipes_parse(
	const struct cli_line *line, size_t first, bool configuration, struct cli_mistake *mistake)
{
	struct parser p = {.line = line,
		.i = first,
		.configuration = configuration,
		.mistake = mistake,
		.pipes = calloc(1, sizeof(*p.pipes))};

	if (p.pipes == NULL) {
		wrong(&p, "out of memory.");
		return NULL;
	}
	while (p.i < line->n) {
		p.i++;
		if (!take_pipe(&p)) {
			cli_pipes_free(p.pipes);
			return NULL;
		}
	}
	return p.pipes;
}

/* ---- Completion -------------------------------------------------------------------------------------- */

static bool list(const struct pipe_word *table, size_t n, bool configuration, const char *prefix,
	struct cli_options *o)
{
	for (size_t i = 0; i < n; i++) {
		if (strncmp(table[i].word, prefix, strlen(prefix)) == 0 &&
			(configuration || !table[i].configuration) &&
			!cli_options_add(o, CLI_OPTION_WORD, ' ', table[i].word, table[i].help))
			return false;
	}
	return true;
}

static bool list_end(struct cli_options *o)
{
	return cli_options_add(o, CLI_OPTION_ENTER, ' ', "<[Enter]>", "Execute this command") &&
	       cli_options_add(o, CLI_OPTION_PIPE, ' ', "|", "Pipe through a command");
}

/* The first word behind the last pipe, and how many words stand behind it. */
static bool list_argument(const struct pipe_word *w, size_t given, bool configuration,
	const char *prefix, struct cli_options *o)
{
	bool ok = true, optional = w->argument == NUMBER_OR_NONE || w->argument == COMPARE;

	if (given == 0 && w->argument == DISPLAY)
		return list(forms, COUNT(forms), configuration, prefix, o);
	if (given == 0 && w->argument == COMPARE)
		ok = cli_options_add(o, CLI_OPTION_WORD, ' ', "rollback",
			     "Compare with a prior configuration") &&
		     cli_options_add(o, CLI_OPTION_WORD, ' ', "rescue",
			     "Compare with the rescue configuration") &&
		     cli_options_add(o, CLI_OPTION_DATA, ' ', "<filename>", "Compare with a file");
	else if (given == 0 && w->argument == REGEX)
		ok = cli_options_add(o, CLI_OPTION_DATA, ' ', "<pattern>", "Pattern to match");
	else if (given == 0 && w->argument == FILE_NAME)
		ok = cli_options_add(o, CLI_OPTION_DATA, ' ', "<filename>", "Output file name");
	else if (given == 0 && w->argument != NO_ARGUMENT)
		ok = cli_options_add(o, CLI_OPTION_DATA, ' ', "<number>", "Number");
	if (ok && *prefix == '\0' && (given > 0 || optional || w->argument == NO_ARGUMENT))
		ok = list_end(o);
	return ok;
}

bool cli_pipes_next(const struct cli_line *line, size_t first, size_t end, bool configuration,
	const char *prefix, struct cli_options *o)
{
	const struct pipe_word *w;
	bool several;

	for (size_t i = first; i < end; i++) {
		if (cli_line_is_pipe(line, i))
			first = i;
	}
	if (first + 1 >= end)
		return list(words, COUNT(words), configuration, prefix, o);
	w = look_up(words, COUNT(words), line->v[first + 1].text, configuration, &several);
	return w == NULL || list_argument(w, end - first - 2, configuration, prefix, o);
}
