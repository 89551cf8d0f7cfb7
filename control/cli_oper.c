/* SPDX-License-Identifier: BSD-3-Clause */
/* Operational commands of the command line itself. Those about the switch: cli_show.h. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/cli.h"
#include "control/cli_config.h"

#define ROWS_MAX 10000

static bool run_quit(struct cli *cli, const struct cli_call *call)
{
	(void)call;
	cli->quit = true;
	return true;
}

static bool run_help(struct cli *cli, const struct cli_call *call)
{
	(void)cli;
	fputs("?           lists what may come next, at any place of a line\n"
	      "Tab, Space  complete what is typed; words may be abbreviated\n"
	      "Up, Down    earlier lines; ^R searches them\n"
	      "^C          ends the running command\n"
	      "configure   enters configuration mode; commit makes changes effective, rollback "
	      "undoes\n"
	      "show ...    looks; | match, except, find, count, last, trim, no-more, save, "
	      "display\n",
		call->out);
	return true;
}

/* ---- cli ------------------------------------------------------------------------------------------- */

static bool number_of(struct cli *cli, const json_t *args, const char *name, int *n)
{
	const char *text = json_string_value(json_object_get(args, name));
	char *end;
	long value = text != NULL ? strtol(text, &end, 10) : -1;

	if (value < 0 || value > ROWS_MAX || *end != '\0')
		return cli_error(cli, "%s must be a number, 0 to %d", name, ROWS_MAX);
	*n = (int)value;
	return true;
}

static bool run_set_rows(struct cli *cli, const struct cli_call *call)
{
	if (!number_of(cli, call->args, "length", &cli->settings.rows))
		return false;
	fprintf(call->out, "Screen length set to %d\n", cli->settings.rows);
	return true;
}

static bool run_set_columns(struct cli *cli, const struct cli_call *call)
{
	if (!number_of(cli, call->args, "width", &cli->settings.columns))
		return false;
	fprintf(call->out, "Screen width set to %d\n", cli->settings.columns);
	return true;
}

static bool run_set_timestamp(struct cli *cli, const struct cli_call *call)
{
	cli->settings.timestamp = json_object_get(call->args, "disable") == NULL;
	fprintf(call->out, "CLI timestamp %s\n",
		cli->settings.timestamp ? "set to: %b %d %T" : "disabled");
	return true;
}

static bool run_show_cli(struct cli *cli, const struct cli_call *call)
{
	int rows, columns;
	json_t *data;

	cli_screen_size(cli, &rows, &columns);
	data = json_pack("{s:{s:s, s:i, s:i, s:s}}", "cli", "cli-timestamp",
		cli->settings.timestamp ? "enabled" : "disabled", "cli-screen-length", rows,
		"cli-screen-width", columns, "cli-instance", cli->options.instance);
	if (!cli_print_tree(call, data))
		fprintf(call->out,
			"CLI timestamp %s\nCLI screen-length set to %d\n"
			"CLI screen-width set to %d\nCLI is of instance %s\n",
			cli->settings.timestamp ? "enabled" : "disabled", rows, columns,
			cli->options.instance);
	json_decref(data);
	return true;
}

/* ---- configuration ----------------------------------------------------------------------------------- */

static bool run_show_configuration(struct cli *cli, const struct cli_call *call)
{
	return cli_config_show(cli, call, "active");
}

static bool run_show_rollback(struct cli *cli, const struct cli_call *call)
{
	char source[32], from[32];
	int n, m;

	if (!number_of(cli, call->args, "number", &n))
		return false;
	snprintf(source, sizeof(source), "rollback %d", n);
	if (json_object_get(call->args, "compare") == NULL)
		return cli_config_show(cli, call, source);
	if (!number_of(cli, call->args, "compare", &m))
		return false;
	snprintf(from, sizeof(from), "rollback %d", m);
	return cli_config_compare(cli, call, from, source);
}

static bool run_show_rescue(struct cli *cli, const struct cli_call *call)
{
	return cli_config_show(cli, call, "rescue");
}

/* ---- files of the one who types ------------------------------------------------------------------------ */

static bool run_file_show(struct cli *cli, const struct cli_call *call)
{
	const char *name = json_string_value(json_object_get(call->args, "file"));
	FILE *f = fopen(name, "re");
	char text[4096];
	size_t n;
	bool ok;

	if (f == NULL)
		return cli_error(cli, "could not open file: %s: %s", name, strerror(errno));
	while (!call->pipes->stopped && (n = fread(text, 1, sizeof(text), f)) > 0)
		fwrite(text, 1, n, call->out);
	ok = ferror(f) == 0 || cli_error(cli, "could not read file: %s", name);
	fclose(f);
	return ok;
}

static int visible(const struct dirent *entry)
{
	return *entry->d_name != '.';
}

static bool run_file_list(struct cli *cli, const struct cli_call *call)
{
	const char *name = json_string_value(json_object_get(call->args, "directory"));
	struct dirent **entry;
	int n = scandir(name != NULL ? name : ".", &entry, visible, alphasort);

	if (n < 0)
		return cli_error(cli, "%s: %s", name != NULL ? name : ".", strerror(errno));
	for (int i = 0; i < n; i++) {
		fprintf(call->out, "%s%s\n", entry[i]->d_name,
			entry[i]->d_type == DT_DIR ? "/" : "");
		free(entry[i]);
	}
	free(entry);
	return true;
}

/* ---- Tables -------------------------------------------------------------------------------------------- */

static const struct cli_param configure_params[] = {
	{.name = "exclusive", .help = "Obtain exclusive lock", .one_of = 1},
	{.name = "private", .help = "Work in private database", .one_of = 1},
	{0},
};

static const struct cli_param rows_params[] = {
	{.name = "length",
		.help = "Number of lines (0 disables paging)",
		.value = "length",
		.bare = true,
		.required = true},
	{0},
};

static const struct cli_param columns_params[] = {
	{.name = "width",
		.help = "Number of columns (0: as the terminal says)",
		.value = "width",
		.bare = true,
		.required = true},
	{0},
};

static const struct cli_param timestamp_params[] = {
	{.name = "disable", .help = "Show no time"},
	{0},
};

static const struct cli_param rollback_params[] = {
	{.name = "number",
		.help = "Numeric argument (0..49)",
		.value = "number",
		.bare = true,
		.required = true},
	{.name = "compare",
		.help = "Compare with another rolled back configuration",
		.value = "number"},
	{0},
};

static const struct cli_param file_params[] = {
	{.name = "file", .help = "File name", .value = "filename", .bare = true, .required = true},
	{0},
};

static const struct cli_param directory_params[] = {
	{.name = "directory", .help = "Directory", .value = "directory", .bare = true},
	{0},
};

const struct cli_command cli_oper_commands[] = {
	{.words = "configure",
		.help = "Manipulate software configuration information",
		.params = configure_params,
		.run = cli_config_enter},
	{.words = "edit",
		.help = "Manipulate software configuration information",
		.params = configure_params,
		.run = cli_config_enter},
	{.words = "exit", .help = "Exit the management session", .run = run_quit},
	{.words = "file list",
		.help = "List files of this computer",
		.params = directory_params,
		.run = run_file_list,
		.piped = CLI_PIPED},
	{.words = "file show",
		.help = "Show a file of this computer",
		.params = file_params,
		.run = run_file_show,
		.piped = CLI_PIPED},
	{.words = "help", .help = "Provide help information", .run = run_help, .piped = CLI_PIPED},
	{.words = "quit", .help = "Exit the management session", .run = run_quit},
	{.words = "set cli screen-length",
		.help = "Set number of lines on screen",
		.params = rows_params,
		.run = run_set_rows},
	{.words = "set cli screen-width",
		.help = "Set number of characters on a line",
		.params = columns_params,
		.run = run_set_columns},
	{.words = "set cli timestamp",
		.help = "Timestamp CLI output",
		.params = timestamp_params,
		.run = run_set_timestamp},
	{.words = "show cli",
		.help = "Show command-line interface settings",
		.run = run_show_cli,
		.piped = CLI_PIPED},
	{.words = "show configuration",
		.help = "Show current configuration",
		.rest = CLI_REST_PATH,
		.run = run_show_configuration,
		.piped = CLI_PIPED_CONFIGURATION},
	{.words = "show system configuration rescue",
		.help = "Show the rescue configuration",
		.run = run_show_rescue,
		.piped = CLI_PIPED_CONFIGURATION},
	{.words = "show system rollback",
		.help = "Show rolled back configuration",
		.params = rollback_params,
		.run = run_show_rollback,
		.piped = CLI_PIPED_CONFIGURATION},
	{0},
};

const struct cli_group cli_own_groups[] = {
	{"file", "Perform file operations"},
	{"load", "Load configuration from a file or the terminal"},
	{"replace", "Replace character strings"},
	{"set", "Set CLI properties"},
	{"set cli", "Set CLI properties"},
	{"show", "Show system information"},
	{"wildcard", "Wildcard operations"},
	{"wildcard range", "Operations on ranges: ge-0/0/[0-5,7]"},
	{"show system", "Show system information"},
	{"show system configuration", "Show configuration information"},
	{0},
};
