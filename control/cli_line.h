/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_CLI_LINE_H
#define VEX_CONTROL_CLI_LINE_H

/*
 * cli_line: a command line as words.
 *
 * Words are separated by white space. A part in double quotes may hold anything; \" and \\ inside
 * stand for the characters. A `|` outside of quotes is a word by itself, with or without space
 * around it.
 *
 *	struct cli_line line;
 *	if (cli_line_split(&line, "show vlans | match \"a b\""))
 *		line.v[4].text is `a b`, line.v[4].at is 19
 *	cli_line_free(&line);
 */

#include <stdbool.h>
#include <stddef.h>

struct cli_word {
	char *text; /* without quotes */
	size_t at;  /* where it begins in the line, in bytes */
	size_t len; /* in the line, quotes included */
	bool quoted;
};

struct cli_line {
	const char *source; /* borrowed */
	struct cli_word *v;
	size_t n;
	bool open;  /* a quote is not closed */
	bool space; /* white space at the end: the last word is finished */
};

/* False without memory. */
bool cli_line_split(struct cli_line *line, const char *source);
void cli_line_free(struct cli_line *line);

/* True for the word `|` that was not quoted. */
bool cli_line_is_pipe(const struct cli_line *line, size_t i);
/* The first pipe from word @from on, or the number of words. */
size_t cli_line_pipe(const struct cli_line *line, size_t from);

/*
 * The end of the first command of @text: a newline, or with @semicolons a `;` outside of quotes, or
 * the zero at the end.
 */
const char *cli_line_end(const char *text, bool semicolons);

#endif
