/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/cli_line.h"

#include <stdlib.h>
#include <string.h>

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct cli_word *new_word(struct cli_line *line, const char *at)
{
	struct cli_word *v = line->v;

	/* Room grows by powers of two. */
	if ((line->n & (line->n - 1)) == 0) {
		v = realloc(v, (line->n > 0 ? 2 * line->n : 1) * sizeof(*v));
		if (v == NULL)
			return NULL;
		line->v = v;
	}
	v = &line->v[line->n];
	*v = (struct cli_word){.at = (size_t)(at - line->source)};
	v->text = malloc(strlen(at) + 2);
	line->n += v->text != NULL;
	return v->text != NULL ? v : NULL;
}

/* One word from @p on; its end. */
static const char *take_word(struct cli_line *line, struct cli_word *w, const char *p)
{
	const char *start = p;
	size_t n = 0;

	for (; *p != '\0' && (line->open || (!is_space(*p) && *p != '|')); p++) {
		if (*p == '"') {
			line->open = !line->open;
			w->quoted = true;
		} else if (line->open && *p == '\\' && (p[1] == '"' || p[1] == '\\')) {
			w->text[n++] = *++p;
		} else {
			w->text[n++] = *p;
		}
	}
	w->text[n] = '\0';
	w->len = (size_t)(p - start);
	return p;
}

bool cli_line_split(struct cli_line *line, const char *source)
{
	const char *p = source;
	struct cli_word *w;

	*line = (struct cli_line){.source = source};
	for (;;) {
		line->space = p == source || (!line->open && is_space(p[-1]));
		while (is_space(*p)) {
			p++;
			line->space = true;
		}
		if (*p == '\0')
			return true;
		w = new_word(line, p);
		if (w == NULL) {
			cli_line_free(line);
			return false;
		}
		if (*p == '|') {
			w->text[0] = '|';
			w->text[1] = '\0';
			w->len = 1;
			p++;
		} else {
			p = take_word(line, w, p);
		}
	}
}

void cli_line_free(struct cli_line *line)
{
	for (size_t i = 0; i < line->n; i++)
		free(line->v[i].text);
	free(line->v);
	*line = (struct cli_line){.source = line->source};
}

bool cli_line_is_pipe(const struct cli_line *line, size_t i)
{
	return i < line->n && !line->v[i].quoted && strcmp(line->v[i].text, "|") == 0;
}

size_t cli_line_pipe(const struct cli_line *line, size_t from)
{
	while (from < line->n && !cli_line_is_pipe(line, from))
		from++;
	return from;
}

const char *cli_line_end(const char *text, bool semicolons)
{
	bool open = false;

	for (; *text != '\0' && *text != '\n'; text++) {
		if (*text == '"')
			open = !open;
		else if (open && *text == '\\' && text[1] != '\0' && text[1] != '\n')
			text++;
		else if (*text == ';' && semicolons && !open)
			break;
	}
	return text;
}
