/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_CLI_H
#define VEX_CONTROL_CLI_H

/*
 * cli: a session of the command line, whoever types: a person at a terminal (cli_term.h), a script,
 * or `vex cli -c`.
 *
 *	struct cli *cli = cli_create(&options, &errs);
 *	cli_hello(cli);
 *	ok = cli_run_line(cli, "show vlans | count");
 *	cli_free(cli);
 *
 * All knowledge of commands stands in tables: cli_oper.c and cli_config.c for those of the command
 * line itself, cli_show.h for the rest. Errors are printed where they happen; functions return
 * success.
 */

#include <stdbool.h>
#include <stdio.h>

#include "control/cli_conn.h"
#include "control/cli_grammar.h"
#include "control/cli_line.h"
#include "control/cli_pipe.h"

#define CLI_NAME_MAX 256

struct cli_setup {
	const char *instance;
	bool interactive; /* a person types at a terminal */
	int signal_fd;	  /* readable when ^C was typed; -1: none */
	/*
	 * The next line of what follows a command (`load merge terminal`, an answer to a question), to
	 * be freed by the caller; NULL at the end. @prompt may be NULL. May be NULL: there is none.
	 */
	char *(*read_line)(void *ctx, const char *prompt);
	void *ctx;
};

struct cli_settings {
	int rows, columns; /* of a screen; -1: as the terminal says, 0: no pages */
	bool timestamp;
};

/* Places of earlier `edit` commands, for `exit`. */
struct cli_level {
	char **edit;
	size_t n;
};

struct cli {
	struct cli_setup options;
	struct cli_conn conn;
	struct cfg_schema *schema;
	struct cli_grammar grammar[CLI_MODES];
	struct cli_settings settings;
	char hostname[CLI_NAME_MAX], user[CLI_NAME_MAX];

	enum cli_mode mode;
	const char *kind;	 /* of configuration mode: "shared", "exclusive", "private" */
	unsigned int greeted;	 /* the connection that hello was said on */
	unsigned int generation; /* of the connection that configuration mode belongs to */
	char **edit;		 /* words of the edit path */
	size_t n_edit;
	struct cli_level *level;
	size_t n_levels;
	bool quit;    /* the session is over */
	bool stopped; /* ^C */
};

/* A command that is to be carried out. */
struct cli_call {
	const struct cli_command *command;
	const json_t *args;
	const char *rest; /* words for vex-re; "" if there are none */
	size_t path_len;  /* CLI_REST_TEXT: of the path in rest */
	size_t level;	  /* how many words of cli->edit are the edit path of this command */
	struct cli_pipes *pipes;
	FILE *out; /* through the pipes */
};

struct cli *cli_create(const struct cli_setup *options, struct vex_errs *errs);
void cli_free(struct cli *cli);

/* Connect, and learn the host's name. */
bool cli_hello(struct cli *cli);

/* Carry out a line; an empty one is a success. */
bool cli_run_line(struct cli *cli, const char *text);

/* "root@sw1> ". */
void cli_prompt(const struct cli *cli, char *buf, size_t size);
/* "[edit interfaces]" in configuration mode, otherwise "". To be freed by the caller. */
char *cli_banner(const struct cli *cli);

/* For cli_complete(). */
struct cli_where cli_where(struct cli *cli);

/* ---- For commands -------------------------------------------------------------------------------- */

/*
 * A request. @args is taken over. Returns its data (a new reference), or NULL after the errors were
 * printed.
 */
json_t *cli_ask(struct cli *cli, const char *rpc, json_t *args);
/* The same without printing; errors are lost. */
json_t *cli_ask_quietly(struct cli *cli, const char *rpc, json_t *args);
/* The same, success only. */
bool cli_do(struct cli *cli, const char *rpc, json_t *args);
/* "error: ..." to where errors go. */
__attribute__((format(printf, 2, 3))) bool cli_error(struct cli *cli, const char *fmt, ...);
/* Answers with a list of texts: "warnings". */
void cli_print_list(const json_t *data, const char *name, const char *before, FILE *out);
/* The edit path of a call and its rest as one text; to be freed by the caller. */
char *cli_call_path(const struct cli *cli, const struct cli_call *call);
/* The edit path alone. */
char *cli_level_path(const struct cli *cli, size_t level);
/* Ask yes or no; without a person the answer is @otherwise. */
bool cli_confirm(struct cli *cli, const char *question, bool otherwise);
/* One tree in the form that the pipes ask for; false if it is text that is wanted. */
bool cli_print_tree(const struct cli_call *call, const json_t *data);

/* Leave configuration mode without asking anybody. */
void cli_leave(struct cli *cli);

/* Where output goes: the screen page by page, or standard output as it comes. */
struct cli_screen {
	struct cli *cli;
	bool paged;
	int rows, columns, row;
};
void cli_screen_init(struct cli_screen *screen, struct cli *cli, bool paged);
bool cli_screen_line(void *screen, const char *line, size_t len);
/* Rows and columns of the terminal. */
void cli_screen_size(const struct cli *cli, int *rows, int *columns);
/* True once after ^C. */
bool cli_interrupted(struct cli *cli);

/* The tables: commands of the command line itself. End with an all-zero one. */
extern const struct cli_command cli_oper_commands[], cli_config_commands[];
extern const struct cli_group cli_own_groups[];

#endif
