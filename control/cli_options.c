/* SPDX-License-Identifier: BSD-3-Clause */
/* The list of what may come next. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "control/cli_grammar.h"

bool cli_options_push(struct cli_options *o, enum cli_option_kind kind, char mark, const char *word,
	const char *help)
{
	struct cli_option new = {.kind = kind, .mark = mark};

	if (o->n == o->cap) {
		size_t cap = o->cap > 0 ? 2 * o->cap : 32;
		struct cli_option *v = realloc(o->v, cap * sizeof(*v));

		if (v == NULL)
			return false;
		o->v = v;
		o->cap = cap;
	}
	new.word = strdup(word);
	new.help = strdup(help != NULL ? help : "");
	if (new.word == NULL || new.help == NULL) {
		free(new.word);
		free(new.help);
		return false;
	}
	o->v[o->n++] = new;
	return true;
}

bool cli_options_has(const struct cli_options *o, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(o->v[i].word, word) == 0)
			return true;
	}
	return false;
}

bool cli_options_add(struct cli_options *o, enum cli_option_kind kind, char mark, const char *word,
	const char *help)
{
	return cli_options_has(o, o->n, word) || cli_options_push(o, kind, mark, word, help);
}

/* Digits count as numbers: ge-0/0/2 comes before ge-0/0/10. */
static int natural(const char *a, const char *b)
{
	while (*a != '\0' && *b != '\0') {
		if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
			char *end_a, *end_b;
			unsigned long long x = strtoull(a, &end_a, 10), y = strtoull(b, &end_b, 10);

			if (x != y)
				return x < y ? -1 : 1;
			a = end_a;
			b = end_b;
		} else if (*a != *b) {
			break;
		} else {
			a++;
			b++;
		}
	}
	return (unsigned char)*a - (unsigned char)*b;
}

static int compare(const void *a, const void *b)
{
	static const int order[] = {[CLI_OPTION_ENTER] = 0,
		[CLI_OPTION_DATA] = 1,
		[CLI_OPTION_WORD] = 2,
		[CLI_OPTION_NAME] = 2,
		[CLI_OPTION_PIPE] = 3};
	const struct cli_option *x = a, *y = b;

	return order[x->kind] != order[y->kind] ? order[x->kind] - order[y->kind]
						: natural(x->word, y->word);
}

void cli_options_sort(struct cli_options *o)
{
	if (o->n > 1)
		qsort(o->v, o->n, sizeof(*o->v), compare);
}

void cli_options_unique(struct cli_options *o)
{
	size_t n = 0;

	cli_options_sort(o);
	for (size_t i = 0; i < o->n; i++) {
		if (n > 0 && strcmp(o->v[n - 1].word, o->v[i].word) == 0) {
			free(o->v[i].word);
			free(o->v[i].help);
		} else {
			o->v[n++] = o->v[i];
		}
	}
	o->n = n;
}

void cli_options_print(struct cli_options *o, FILE *out)
{
	int width = 20, len;

	cli_options_sort(o);
	for (size_t i = 0; i < o->n; i++) {
		len = (int)strlen(o->v[i].word);
		width = len > width && len < 40 ? len : width;
	}
	fputs(o->n > 0 ? "Possible completions:\n" : "No valid completions\n", out);
	for (size_t i = 0; i < o->n; i++) {
		if (*o->v[i].help == '\0')
			fprintf(out, "%c %s\n", o->v[i].mark, o->v[i].word);
		else
			fprintf(out, "%c %-*s %s\n", o->v[i].mark, width, o->v[i].word,
				o->v[i].help);
	}
}

void cli_options_free(struct cli_options *o)
{
	for (size_t i = 0; i < o->n; i++) {
		free(o->v[i].word);
		free(o->v[i].help);
	}
	free(o->v);
	*o = (struct cli_options){0};
}
