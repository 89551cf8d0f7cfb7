/* SPDX-License-Identifier: BSD-3-Clause */
/* Configuration mode: coming, going, and where one is. */
#include "control/cli_config.h"

#include <stdlib.h>
#include <string.h>

/* ---- The edit path ------------------------------------------------------------------------------------- */

static void free_words(char **words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(words[i]);
	free(words);
}

static void forget_levels(struct cli *cli)
{
	while (cli->n_levels > 0) {
		cli->n_levels--;
		free_words(cli->level[cli->n_levels].edit, cli->level[cli->n_levels].n);
	}
	free(cli->level);
	cli->level = NULL;
}

/* Remember where the session is, for `exit`. */
static bool push_level(struct cli *cli)
{
	struct cli_level *v = realloc(cli->level, (cli->n_levels + 1) * sizeof(*v));

	if (v == NULL)
		return false;
	cli->level = v;
	v[cli->n_levels++] = (struct cli_level){cli->edit, cli->n_edit};
	cli->edit = NULL;
	cli->n_edit = 0;
	return true;
}

char *cli_level_path(const struct cli *cli, size_t level)
{
	char *path = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&path, &size);

	for (size_t i = 0; f != NULL && i < level && i < cli->n_edit; i++) {
		bool quote = strpbrk(cli->edit[i], " \t;{}#\"") != NULL;

		fprintf(f, "%s%s%s%s", i > 0 ? " " : "", quote ? "\"" : "", cli->edit[i],
			quote ? "\"" : "");
	}
	if (f != NULL && fclose(f) == 0)
		return path;
	free(path);
	return NULL;
}

char *cli_call_path(const struct cli *cli, const struct cli_call *call)
{
	char *path = cli_level_path(cli, call->level), *whole;
	size_t size;

	if (path == NULL)
		return NULL;
	size = strlen(path) + strlen(call->rest) + 2;
	whole = malloc(size);
	if (whole != NULL)
		snprintf(whole, size, "%s%s%s", path, *path != '\0' && *call->rest ? " " : "",
			call->rest);
	free(path);
	return whole;
}

bool cli_config_edit_path(struct cli *cli, const struct cli_call *call)
{
	char *path = cli_call_path(cli, call), **edit = NULL;
	struct cli_line line = {0};
	size_t n = 0;
	bool ok = path != NULL && cli_line_split(&line, path);

	if (ok)
		edit = calloc(line.n + 1, sizeof(*edit));
	ok = ok && edit != NULL;
	for (; ok && n < line.n; n++) {
		edit[n] = strdup(line.v[n].text);
		ok = edit[n] != NULL;
	}
	ok = ok && push_level(cli);
	if (ok) {
		cli->edit = edit;
		cli->n_edit = n;
	} else {
		free_words(edit, n);
	}
	cli_line_free(&line);
	free(path);
	return ok || cli_error(cli, "out of memory");
}

/* ---- Coming and going ----------------------------------------------------------------------------------- */

bool cli_config_enter(struct cli *cli, const struct cli_call *call)
{
	const char *kind = json_object_get(call->args, "exclusive") != NULL ? "exclusive"
			   : json_object_get(call->args, "private") != NULL ? "private"
									    : "shared";
	json_t *data = cli_ask(cli, "configure", json_pack("{s:s}", "mode", kind));

	if (data == NULL)
		return false;
	cli_print_list(data, "warnings", strcmp(kind, "shared") == 0 ? "" : "warning: ", call->out);
	fputs("Entering configuration mode\n", call->out);
	cli->mode = CLI_CONFIGURATION;
	cli->kind = kind;
	cli->generation = cli->conn.generation;
	json_decref(data);
	return true;
}

void cli_leave(struct cli *cli)
{
	free_words(cli->edit, cli->n_edit);
	cli->edit = NULL;
	cli->n_edit = 0;
	forget_levels(cli);
	cli->mode = CLI_OPERATIONAL;
}

/* Does the candidate differ from what is active? */
static bool changed(struct cli *cli)
{
	json_t *data = cli_ask_quietly(
		cli, "compare", json_pack("{s:s, s:s}", "path", "", "source", "active"));
	const char *text = json_string_value(json_object_get(data, "text"));
	bool yes = text != NULL && *text != '\0';

	json_decref(data);
	return yes;
}

bool cli_config_leave(struct cli *cli)
{
	bool own = strcmp(cli->kind, "shared") != 0;
	json_t *data;

	if (changed(cli)) {
		puts("The configuration has been changed but not committed");
		if (!cli_confirm(cli,
			    own ? "Discard uncommitted changes?" : "Exit with uncommitted changes?",
			    true))
			return false;
	}
	data = cli_ask(cli, "end-configure", json_pack("{s:b}", "discard", own));
	if (data == NULL)
		return false;
	json_decref(data);
	cli_leave(cli);
	puts("Exiting configuration mode");
	return true;
}

void cli_config_end(struct cli *cli)
{
	if (cli->mode == CLI_CONFIGURATION && changed(cli))
		fprintf(stderr, "warning: the configuration has been changed but not committed%s\n",
			strcmp(cli->kind, "shared") != 0 ? "; the changes are gone" : "");
	cli_leave(cli);
}

bool cli_config_exit(struct cli *cli, const struct cli_call *call)
{
	struct cli_level *last;

	(void)call;
	/* At the top there is nowhere else to go to, however one came there. */
	if (cli->n_levels == 0 || cli->n_edit == 0)
		return cli_config_leave(cli);
	last = &cli->level[--cli->n_levels];
	free_words(cli->edit, cli->n_edit);
	cli->edit = last->edit;
	cli->n_edit = last->n;
	return true;
}

bool cli_config_quit(struct cli *cli, const struct cli_call *call)
{
	(void)call;
	return cli_config_leave(cli);
}

bool cli_config_status(struct cli *cli, const struct cli_call *call)
{
	json_t *data = cli_ask(cli, "status", NULL);
	const json_t *one;
	size_t i;

	if (data == NULL)
		return false;
	fputs("Users currently editing the configuration:\n", call->out);
	json_array_foreach (json_object_get(data, "users"), i, one) {
		const char *mode = json_string_value(json_object_get(one, "mode"));
		const char *user = json_string_value(json_object_get(one, "user"));
		const char *terminal = json_string_value(json_object_get(one, "terminal"));
		const char *path = json_string_value(json_object_get(one, "path"));

		fprintf(call->out, "  %s%s%s (pid %lld)\n", user != NULL ? user : "?",
			terminal != NULL ? " terminal " : "", terminal != NULL ? terminal : "",
			(long long)json_integer_value(json_object_get(one, "pid")));
		fprintf(call->out, "      %s%s[edit%s%s]\n",
			mode != NULL && strcmp(mode, "shared") != 0 ? mode : "",
			mode != NULL && strcmp(mode, "shared") != 0 ? " " : "",
			path != NULL && *path != '\0' ? " " : "", path != NULL ? path : "");
	}
	json_decref(data);
	return true;
}

/* ---- The table ------------------------------------------------------------------------------------------ */

static const struct cli_param commit_params[] = {
	{.name = "and-quit", .help = "Quit configuration mode if commit succeeds"},
	{.name = "check", .help = "Check correctness of syntax; do not apply changes", .one_of = 1},
	{.name = "comment", .help = "Message to write to commit log", .value = "message"},
	{.name = "confirmed", .help = "Automatically rollback if not confirmed", .one_of = 1},
	{.name = "minutes",
		.help = "Minutes until automatic rollback (1..65535)",
		.value = "minutes",
		.bare = true,
		.after = "confirmed"},
	{0},
};

static const struct cli_param load_params[] = {
	{.name = "relative", .help = "Load relative to the current edit path"},
	{.name = "terminal", .help = "Use login terminal", .one_of = 1},
	{.name = "file",
		.help = "File name",
		.value = "filename",
		.bare = true,
		.required = true,
		.one_of = 1},
	{0},
};

static const struct cli_param rollback_params[] = {
	{.name = "number",
		.help = "Rollback to this configuration (0..49)",
		.value = "number",
		.bare = true},
	{0},
};

static const struct cli_param save_params[] = {
	{.name = "terminal", .help = "Use login terminal", .one_of = 1},
	{.name = "file",
		.help = "File name",
		.value = "filename",
		.bare = true,
		.required = true,
		.one_of = 1},
	{0},
};

static const struct cli_param replace_params[] = {
	{.name = "old",
		.help = "Text to replace",
		.value = "pattern",
		.bare = true,
		.required = true},
	{.name = "with", .help = "The new text", .value = "text", .required = true},
	{0},
};

#define CHANGE(words_, help_, rest_)                                                    \
	{                                                                               \
		.words = words_, .help = help_, .rest = rest_, .run = cli_config_change \
	}
#define RANGE(words_, help_, rest_)                                                    \
	{                                                                              \
		.words = words_, .help = help_, .rest = rest_, .run = cli_config_range \
	}
#define LOAD(words_, help_)                                                                   \
	{                                                                                     \
		.words = words_, .help = help_, .params = load_params, .run = cli_config_load \
	}

const struct cli_command cli_config_commands[] = {
	CHANGE("activate", "Remove the inactive tag from a statement", CLI_REST_PATH),
	CHANGE("annotate", "Annotate the statement with a comment", CLI_REST_TEXT),
	CHANGE("copy", "Copy a statement", CLI_REST_TO),
	CHANGE("deactivate", "Add the inactive tag to a statement", CLI_REST_PATH),
	CHANGE("insert", "Insert a new ordered data element", CLI_REST_INSERT),
	CHANGE("rename", "Rename a statement", CLI_REST_TO),
	CHANGE("set", "Set a parameter", CLI_REST_NEW),
	LOAD("load merge", "Merge contents with existing configuration"),
	LOAD("load override", "Override existing configuration"),
	LOAD("load replace", "Replace configuration data"),
	LOAD("load set", "Execute set of commands on existing configuration"),
	LOAD("load update", "Update existing configuration"),
	{.words = "commit",
		.help = "Commit current set of changes",
		.params = commit_params,
		.run = cli_config_commit},
	{.words = "delete",
		.help = "Delete a data element",
		.rest = CLI_REST_PATH,
		.run = cli_config_delete},
	{.words = "edit",
		.help = "Edit a sub-element",
		.rest = CLI_REST_BLOCK,
		.run = cli_config_edit_path},
	{.words = "exit", .help = "Exit from this level", .run = cli_config_exit},
	{.words = "exit configuration-mode",
		.help = "Exit from configuration mode",
		.run = cli_config_quit},
	{.words = "quit", .help = "Quit from this level", .run = cli_config_exit},
	{.words = "quit configuration-mode",
		.help = "Quit from configuration mode",
		.run = cli_config_quit},
	{.words = "replace pattern",
		.help = "Replace a pattern in names and values below this level",
		.params = replace_params,
		.run = cli_config_replace},
	{.words = "rollback",
		.help = "Roll back to previous committed configuration",
		.params = rollback_params,
		.run = cli_config_rollback},
	{.words = "rollback rescue",
		.help = "Roll back to the rescue configuration",
		.run = cli_config_rollback_rescue},
	{.words = "run", .help = "Run an operational-mode command", .rest = CLI_REST_COMMAND},
	{.words = "save",
		.help = "Save configuration to a file",
		.params = save_params,
		.run = cli_config_save},
	{.words = "show",
		.help = "Show a parameter",
		.rest = CLI_REST_PATH,
		.run = cli_config_show_candidate,
		.piped = CLI_PIPED_CONFIGURATION},
	{.words = "status",
		.help = "Show users currently editing configuration",
		.run = cli_config_status,
		.piped = CLI_PIPED},
	RANGE("wildcard range activate", "Remove the inactive tag", CLI_REST_PATH),
	RANGE("wildcard range deactivate", "Add the inactive tag", CLI_REST_PATH),
	RANGE("wildcard range delete", "Delete data elements", CLI_REST_PATH),
	RANGE("wildcard range set", "Set a parameter of many", CLI_REST_NEW),
	{.words = "wildcard delete",
		.help = "Delete what matches a pattern of * ? []",
		.rest = CLI_REST_PATH,
		.run = cli_config_wildcard_delete,
		.piped = CLI_PIPED},
	{.words = "top", .help = "Exit to top level of configuration", .rest = CLI_REST_TOP},
	{.words = "up", .help = "Exit one level of configuration", .rest = CLI_REST_UP},
	{0},
};
