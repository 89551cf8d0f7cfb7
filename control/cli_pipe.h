/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_CLI_PIPE_H
#define VEX_CONTROL_CLI_PIPE_H

/*
 * cli_pipe: what stands behind `|`, and the stream that it makes of a command's output.
 *
 *	struct cli_pipes *pipes = cli_pipes_parse(&line, first_pipe, configuration, &error);
 *	FILE *out = cli_pipes_open(pipes, sink, ctx);
 *	fprintf(out, ...);		each line goes through all stages to the sink
 *	cli_pipes_close(pipes, out);	what was held back (count, last) comes now
 *	cli_pipes_free(pipes);
 *
 * `display` and `compare` are no filters: they say which text the command makes, so they stand
 * before the filters and are read from `form`, `compare` and so on.
 */

#include <regex.h>
#include <stdbool.h>
#include <stdio.h>

#include "control/cli_grammar.h"
#include "control/cli_line.h"

enum cli_form {
	CLI_FORM_TEXT,
	CLI_FORM_SET,
	CLI_FORM_JSON,
	CLI_FORM_XML,
};

enum cli_stage_kind {
	CLI_STAGE_MATCH,
	CLI_STAGE_EXCEPT,
	CLI_STAGE_FIND,
	CLI_STAGE_COUNT,
	CLI_STAGE_LAST,
	CLI_STAGE_TRIM,
	CLI_STAGE_SAVE,
};

struct cli_stage {
	enum cli_stage_kind kind;
	regex_t regex; /* match, except, find */
	bool compiled;
	unsigned long n; /* count: lines; last, trim: the number */
	bool found;
	char *file;
	FILE *to;
	char **held; /* last: a ring of n lines */
	size_t next;
};

/* False: no more output is wanted. The line ends in a newline, except perhaps the very last. */
typedef bool cli_sink_fn(void *ctx, const char *line, size_t len);

struct cli_pipes {
	enum cli_form form;
	bool inheritance; /* display inheritance */
	bool compare;
	char *compare_with; /* "rollback 3", "rescue", "/file"; NULL: the active configuration */
	bool no_more;
	struct cli_stage *stage;
	size_t n_stages;
	/* While open. */
	cli_sink_fn *sink;
	void *ctx;
	char *part; /* of a line that is not complete */
	size_t part_len, part_cap;
	bool stopped;
	bool failed; /* a file could not be written */
	char error[256];
};

/* What is wrong with a line: the word and a sentence. */
struct cli_mistake {
	size_t word; /* index; the number of words: at the end */
	char text[256];
};

/*
 * Parse everything from word @first, a pipe, on; @first may be the number of words: no pipe.
 * @configuration: the command prints configuration, so that `display set` and `compare` make sense.
 * NULL with *mistake.
 */
struct cli_pipes *cli_pipes_parse(
	const struct cli_line *line, size_t first, bool configuration, struct cli_mistake *mistake);

/* NULL: no memory, or a file of `save` cannot be opened (pipes->error). */
FILE *cli_pipes_open(struct cli_pipes *pipes, cli_sink_fn *sink, void *ctx);

/* Hand over what was held back, and close. False if something could not be written: error. */
bool cli_pipes_close(struct cli_pipes *pipes, FILE *out);

/* NULL is allowed. */
void cli_pipes_free(struct cli_pipes *pipes);

/*
 * List what may follow the words from @first (a pipe) up to @end, and begins with @prefix. False
 * without memory.
 */
bool cli_pipes_next(const struct cli_line *line, size_t first, size_t end, bool configuration,
	const char *prefix, struct cli_options *o);

#endif
