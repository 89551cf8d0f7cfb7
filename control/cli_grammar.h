/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_CLI_GRAMMAR_H
#define VEX_CONTROL_CLI_GRAMMAR_H

/*
 * cli_grammar: what a line means, and what may come next in it.
 *
 * A grammar is a list of commands (struct cli_command). cli_state is a point in a line: step it by
 * one word after the other; at every point cli_state_next() lists what may follow. Resolving a line
 * is to step over all of its words, completing it is to step over all but the last: both see the
 * same commands in the same way. Words may be abbreviated as long as they are unique.
 *
 * In configuration mode words of a command go on into the schema (cfg_complete.h), from the place
 * where the session edits.
 *
 *	struct cli_state s;
 *	cli_state_init(&s, &where, CLI_OPERATIONAL);
 *	cli_state_step(&s, "sh", false)		-> CLI_STEP_OK, "show"
 *	...
 *	cli_state_may_end(&s)			-> s.command and s.args are what to do
 *	cli_state_free(&s);
 *
 * Pipes are not part of it: see cli_pipe.h.
 */

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "control/cfg_complete.h"
#include "control/cli_show.h"

struct cli;
struct cli_call;

enum cli_mode {
	CLI_OPERATIONAL,
	CLI_CONFIGURATION,
	CLI_MODES
};

/* What follows the words and parameters of a command. */
enum cli_rest {
	CLI_REST_NONE,
	CLI_REST_NEW,	  /* a statement, there or not: set */
	CLI_REST_PATH,	  /* a statement that exists, or nothing: show, delete */
	CLI_REST_BLOCK,	  /* a block, there or not: edit */
	CLI_REST_TEXT,	  /* a statement that exists, and a text: annotate */
	CLI_REST_TO,	  /* PATH to PATH: copy, rename */
	CLI_REST_INSERT,  /* PATH before|after PATH */
	CLI_REST_TOP,	  /* a command of this mode or nothing: top */
	CLI_REST_UP,	  /* a number, a command of this mode or nothing */
	CLI_REST_COMMAND, /* a command of operational mode: run */
};

/* What its output is to pipes. */
enum cli_piped {
	CLI_NOT_PIPED,
	CLI_PIPED,
	CLI_PIPED_CONFIGURATION, /* `display set`, `compare` */
};

struct cli_command {
	const char *words;
	const char *help;
	const struct cli_param *params; /* as in cli_show.h */
	enum cli_rest rest;
	bool (*run)(struct cli *cli, const struct cli_call *call);
	const struct cli_show *show; /* instead of run */
	enum cli_piped piped;
};

struct cli_grammar {
	struct cli_command *command;
	size_t n;
	const struct cli_group *const *groups; /* tables, ending with NULL */
};

/* What next() finds; words and help are owned by the list. */
enum cli_option_kind {
	CLI_OPTION_ENTER,
	CLI_OPTION_DATA, /* "<name>": cannot be completed */
	CLI_OPTION_WORD,
	CLI_OPTION_NAME, /* a live name or an entry of the configuration */
	CLI_OPTION_PIPE,
};

struct cli_option {
	enum cli_option_kind kind;
	char mark; /* '>' a block, '+' a list of values, ' ' */
	char *word;
	char *help;
};

struct cli_options {
	struct cli_option *v;
	size_t n, cap;
};

/* False without memory. @help may be NULL. A word that is there already stays as it is. */
bool cli_options_add(struct cli_options *o, enum cli_option_kind kind, char mark, const char *word,
	const char *help);
/* The same for a word that is not there yet. */
bool cli_options_push(struct cli_options *o, enum cli_option_kind kind, char mark, const char *word,
	const char *help);
/* Is @word among the first @n? */
bool cli_options_has(const struct cli_options *o, size_t n, const char *word);
void cli_options_sort(struct cli_options *o);
/* Sort, and keep each word once. */
void cli_options_unique(struct cli_options *o);
void cli_options_free(struct cli_options *o);
/* "Possible completions:" and a line for each; sorts. */
void cli_options_print(struct cli_options *o, FILE *out);

/* Where the session is, and whom to ask for names. */
struct cli_where {
	const struct cli_grammar *grammar; /* [CLI_MODES] */
	const struct cfg_schema *schema;
	const char *const *edit; /* words of the edit path */
	size_t n_edit;
	void *ctx;
	/* Add the live names of a kind; NULL: there are none. */
	void (*names)(void *ctx, const char *kind, const char *prefix, struct cli_options *o);
	/* Add the words that follow @path (complete, from the top) in the candidate. */
	void (*entries)(void *ctx, const char *path, struct cli_options *o);
};

#define CLI_WORDS_MAX  8
#define CLI_PARAMS_MAX 64

enum cli_step {
	CLI_STEP_OK,
	CLI_STEP_UNKNOWN,
	CLI_STEP_AMBIGUOUS,
	CLI_STEP_MEMORY,
};

struct cli_state {
	const struct cli_where *where;
	enum cli_mode mode;
	/* Words of a command so far, and the command that they are. */
	char *path[CLI_WORDS_MAX];
	size_t n_path;
	const struct cli_command *command;
	/* Its parameters. */
	unsigned char used[CLI_PARAMS_MAX];
	bool any_used;
	const struct cli_param *pending; /* its value comes next */
	json_t *args;
	/* Its rest. */
	bool in_rest;
	struct cfg_cursor cursor, block; /* block: the last one before the cursor's */
	unsigned int stage;		 /* TO, INSERT, TEXT: what has been seen */
	char *rest;			 /* words as they go to vex-re */
	size_t block_len;		 /* of rest, at `block` */
	size_t path_len;		 /* of rest, before the text of an annotation */
	/* What stood before the command. */
	bool run, top;
	unsigned int up; /* levels; 0: `up` was not said */
};

void cli_state_init(struct cli_state *s, const struct cli_where *where, enum cli_mode mode);
void cli_state_free(struct cli_state *s);

/* Go on by a word. @quoted: never an abbreviation. After anything but OK the state is as it was. */
enum cli_step cli_state_step(struct cli_state *s, const char *word, bool quoted);

/*
 * List what may come next and begins with @prefix. @live: ask for names too. Returns false without
 * memory.
 */
bool cli_state_next(struct cli_state *s, const char *prefix, bool live, struct cli_options *o);

bool cli_state_may_end(const struct cli_state *s);

/* How many words of @edit the command starts from, after `top` and `up`. */
size_t cli_state_level(const struct cli_state *s);

#endif
