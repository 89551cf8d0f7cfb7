/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * cli_show: the operational commands as tables, shared by the command line and by the printers of
 * its output.
 *
 * A command is a line of a table: its words, its parameters, a help text, the request that it sends
 * to vex-re, and the function that prints the answer. The command line does everything else:
 * abbreviations, `?`, completion, pipes, paging; `| display json` and `| display xml` show the very
 * tree that the printer gets.
 *
 *	static const struct cli_param vlans_params[] = {
 *		{.name = "brief", .help = "Show one line for each VLAN", .one_of = 1},
 *		{.name = "detail", .help = "Show members", .one_of = 1},
 *		{.name = "vlan", .help = "Name of VLAN", .value = "vlan", .bare = true},
 *		{0}};
 *	{.words = "show vlans", .help = "Show VLAN information", .params = vlans_params,
 *		.rpc = "show", .what = "vlans", .print = print_vlans},
 *
 * `show vlans detail v10` then asks for {"rpc":"show","args":{"what":"vlans",
 * "args":{"detail":true,"vlan":"v10"}}}. Parameters come in any order, each at most once.
 *
 * A help text stands without a full stop. Words in front of a command ("show", "show system") get
 * their help from cli_groups; a command may be the beginning of another ("show interfaces" and
 * "show interfaces queue": the longer one wins).
 *
 * A printer gets the answer's data, never NULL, and the arguments that were sent. It writes text
 * without escape codes; lines may be of any length. Data that lacks what the printer wants must
 * not make it crash: it comes from another process. What it returns is the success of the command
 * (false: exit status 1).
 */
#ifndef VEX_CONTROL_CLI_SHOW_H
#define VEX_CONTROL_CLI_SHOW_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

struct cli_param {
	const char *name; /* the keyword, and the name of the argument */
	const char *help;
	/*
	 * NULL: a flag, its argument is true. Otherwise the keyword is followed by a value, a string:
	 * "interface", "vlan", "mac", "lag": what RPC complete knows; any other word is only shown
	 * in <>.
	 */
	const char *value;
	bool bare;	      /* the value stands by itself, without the keyword */
	bool required;	      /* the command is not complete without it, or another of its one_of */
	const char *after;    /* it may stand only behind this one */
	unsigned char one_of; /* of those with the same number, not 0, only one may be said */
};

/* What a command that runs by itself may use. */
struct cli_env;

struct cli_show {
	const char *words;
	const char *help;
	const struct cli_param *params; /* ends with an all-zero one; NULL: none */
	const char *rpc;		/* "show", "clear", "request" */
	const char *what;
	/* NULL: the member "text" of the answer, if it has one. */
	bool (*print)(const json_t *data, const json_t *args, FILE *out);
	/* Instead of rpc, what and print, for commands that ask several times (monitor). */
	bool (*run)(struct cli_env *env, const json_t *args, FILE *out);
	/* A question to ask first, if there is somebody to ask: "Reboot the system ?". */
	const char *confirm;
};

/* The help of a word that commands begin with. */
struct cli_group {
	const char *words; /* "show system" */
	const char *help;
};

/* A table of commands, ending with an all-zero one, by area: cli_show_*.c. */
extern const struct cli_show *const cli_show_tables[]; /* ends with NULL */
extern const struct cli_group cli_show_groups[];       /* ends with an all-zero one */

/*
 * Ask vex-re. Returns the data (a new reference), or NULL; then the error has been printed.
 */
json_t *cli_env_ask(struct cli_env *env, const char *rpc, const json_t *args);
/*
 * Wait @ms milliseconds, or until a key is pressed; true if the person wants an end (^C), or nobody
 * reads any more. Flush the stream that you write to before.
 */
bool cli_env_wait(struct cli_env *env, int ms);
/* A key that was pressed meanwhile, 0 if none; only if there is a terminal. */
int cli_env_key(struct cli_env *env);
/* True if output goes to a screen, so that it may be cleared and written again. */
bool cli_env_screen(const struct cli_env *env, int *rows, int *columns);

#endif
