/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/cli_wildcard.h"

#include <ctype.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/cli_line.h"

#define NUMBER_MAX 99999

/* ---- Ranges ------------------------------------------------------------------------------------------ */

static bool add_line(struct cli_lines *out, char *line)
{
	if (line == NULL)
		return false;
	if (out->n == out->cap) {
		size_t cap = out->cap > 0 ? 2 * out->cap : 16;
		char **v = realloc(out->v, cap * sizeof(*v));

		if (v == NULL) {
			free(line);
			return false;
		}
		out->v = v;
		out->cap = cap;
	}
	out->v[out->n++] = line;
	return true;
}

void cli_lines_free(struct cli_lines *lines)
{
	for (size_t i = 0; i < lines->n; i++)
		free(lines->v[i]);
	free(lines->v);
	*lines = (struct cli_lines){0};
}

/* The first bracket that has a character of a word beside it. */
static const char *find_range(const char *line)
{
	for (const char *p = strchr(line, '['); p != NULL; p = strchr(p + 1, '[')) {
		bool before = p == line || p[-1] == ' ', after = p[1] == ' ' || p[1] == '\0';

		if (!before || !after)
			return p;
	}
	return NULL;
}

/* A number; false if there is none. */
static bool take_number(const char **p, unsigned long *n)
{
	char *end;

	if (!isdigit((unsigned char)**p))
		return false;
	*n = strtoul(*p, &end, 10);
	*p = end;
	return *n <= NUMBER_MAX;
}

static bool refuse(char *err, size_t err_size, const char *text)
{
	snprintf(err, err_size, "%s", text);
	return false;
}

/* The line with [...] replaced by @n, expanded further. */
static bool expand_one(const char *line, const char *open, const char *close, unsigned long n,
	struct cli_lines *out, char *err, size_t err_size)
{
	size_t size = strlen(line) + 32;
	char *one = malloc(size);
	bool ok = one != NULL;

	if (ok) {
		snprintf(one, size, "%.*s%lu%s", (int)(open - line), line, n, close + 1);
		ok = cli_expand(one, out, err, err_size);
	} else {
		refuse(err, err_size, "out of memory");
	}
	free(one);
	return ok;
}

bool cli_expand(const char *line, struct cli_lines *out, char *err, size_t err_size)
{
	const char *open = find_range(line), *p = open, *close;
	unsigned long first, last;

	if (open == NULL) {
		if (out->n >= CLI_EXPAND_MAX)
			return refuse(err, err_size, "the ranges stand for too many lines");
		return add_line(out, strdup(line)) || refuse(err, err_size, "out of memory");
	}
	close = strchr(open, ']');
	if (close == NULL)
		return refuse(err, err_size, "a range has no ']'");
	do {
		p++;
		if (!take_number(&p, &first))
			return refuse(err, err_size, "a range is numbers: [0-5,7]");
		last = first;
		if (*p == '-') {
			p++;
			if (!take_number(&p, &last) || last < first)
				return refuse(err, err_size, "a range is numbers: [0-5,7]");
		}
		for (; first <= last; first++) {
			if (!expand_one(line, open, close, first, out, err, err_size))
				return false;
		}
	} while (*p == ',');
	return p == close || refuse(err, err_size, "a range is numbers: [0-5,7]");
}

/* ---- Replacing --------------------------------------------------------------------------------------- */

struct replacement {
	regex_t regex;
	const char *new;
	size_t n;
};

/* A word as it is read again. */
static void write_word(FILE *f, const char *word, bool quoted)
{
	if (!quoted && *word != '\0' && strpbrk(word, " \t;{}#\"\\|") == NULL) {
		fputs(word, f);
		return;
	}
	fputc('"', f);
	for (; *word != '\0'; word++) {
		if (*word == '"' || *word == '\\')
			fputc('\\', f);
		fputc(*word, f);
	}
	fputc('"', f);
}

/* Every match in @word; NULL if there is none (or no memory). */
static char *replaced(struct replacement *r, const char *word)
{
	regmatch_t m;
	char *out = NULL;
	size_t size = 0;
	FILE *f;
	bool any = false, touching = false;

	if (regexec(&r->regex, word, 1, &m, 0) != 0)
		return NULL;
	f = open_memstream(&out, &size);
	while (f != NULL && *word != '\0' &&
		regexec(&r->regex, word, 1, &m, any ? REG_NOTBOL : 0) == 0) {
		/* Right behind a match an empty one does not count. */
		if (m.rm_eo > 0 || !touching)
			fprintf(f, "%.*s%s", (int)m.rm_so, word, r->new);
		any = true;
		word += m.rm_eo;
		touching = m.rm_eo > m.rm_so;
		/* An empty match takes a character with it. */
		if (m.rm_so == m.rm_eo && *word != '\0')
			fputc(*word++, f);
	}
	if (f == NULL)
		return NULL;
	fputs(word, f);
	if (fclose(f) != 0 || !any) {
		free(out);
		return NULL;
	}
	r->n++;
	return out;
}

static bool below(const struct cli_line *line, const struct cli_line *path)
{
	for (size_t i = 0; i < path->n; i++) {
		if (line->n < i + 2 || strcmp(line->v[i + 1].text, path->v[i].text) != 0)
			return false;
	}
	return line->n > path->n + 1;
}

/* One set line below the path: its verb, and words from the schema's point of view. */
static void replace_line(const struct cfg_schema *schema, const struct cli_line *line,
	const struct cli_line *path, struct replacement *r, FILE *f)
{
	bool comment = strcmp(line->v[0].text, "annotate") == 0;
	struct cfg_cursor c;
	const char *whole;
	char *new;

	cfg_cursor_init(&c, schema);
	fputs(line->v[0].text, f);
	for (size_t i = 1; i < line->n; i++) {
		const struct cli_word *w = &line->v[i];
		bool text = comment && i + 1 == line->n;

		new = NULL;
		if (!text)
			cfg_cursor_step(&c, w->text, &whole);
		if (i > path->n && (text || (c.value && strcmp(w->text, "[") != 0)))
			new = replaced(r, w->text);
		fputc(' ', f);
		write_word(f, new != NULL ? new : w->text, w->quoted);
		free(new);
	}
	fputc('\n', f);
}

static bool replace_all(const struct cfg_schema *schema, const char *text,
	const struct cli_line *path, struct replacement *r, FILE *f)
{
	struct cli_line line;

	while (*text != '\0') {
		const char *end = cli_line_end(text, false);
		char *copy = strndup(text, (size_t)(end - text));

		if (copy == NULL || !cli_line_split(&line, copy)) {
			free(copy);
			return false;
		}
		if (*copy != '#' && below(&line, path))
			replace_line(schema, &line, path, r, f);
		else
			fprintf(f, "%s\n", copy);
		cli_line_free(&line);
		free(copy);
		text = end + (*end == '\n');
	}
	return true;
}

char *cli_replace(const struct cfg_schema *schema, const char *text, const char *path,
	const char *old, const char *new, size_t *n, char *err, size_t err_size)
{
	struct replacement r = {.new = new};
	struct cli_line words;
	char *out = NULL;
	size_t size = 0;
	FILE *f;
	bool ok;
	int rc = regcomp(&r.regex, old, REG_EXTENDED);

	if (rc != 0) {
		regerror(rc, &r.regex, err, err_size);
		return NULL;
	}
	snprintf(err, err_size, "out of memory");
	ok = cli_line_split(&words, path);
	f = open_memstream(&out, &size);
	ok = ok && f != NULL && replace_all(schema, text, &words, &r, f);
	if (f != NULL)
		ok = fclose(f) == 0 && ok;
	cli_line_free(&words);
	regfree(&r.regex);
	*n = r.n;
	if (ok)
		return out;
	free(out);
	return NULL;
}
