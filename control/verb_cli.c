/* SPDX-License-Identifier: BSD-3-Clause */
/* cli: the command line of a switch. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "control/cli_config.h"
#include "control/cli_line.h"
#include "control/cli_term.h"
#include "control/platform.h"
#include "control/rundir.h"
#include "control/verb.h"

struct arguments {
	const char *instance;
	const char *commands; /* -c */
};

static bool parse(struct arguments *a, int argc, char **argv)
{
	*a = (struct arguments){.instance = RUNDIR_INSTANCE};
	for (int i = 0; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--instance") == 0)
			a->instance = argv[i + 1];
		else if (strcmp(argv[i], "-c") == 0 && a->commands == NULL)
			a->commands = argv[i + 1];
		else
			return false;
	}
	return argc % 2 == 0 && platform_instance_ok(a->instance);
}

/* ---- Not interactive --------------------------------------------------------------------------------- */

/* Commands of -c, and the lines that follow some of them. */
struct source {
	FILE *f;
	bool semicolons;
};

static char *read_line(void *ctx, const char *prompt)
{
	struct source *source = ctx;
	char *line = NULL;
	size_t size = 0;

	(void)prompt;
	if (getline(&line, &size, source->f) > 0)
		return line;
	free(line);
	return NULL;
}

/* Each command of a line; true if all succeeded. */
static bool run_commands(struct cli *cli, const char *text, bool semicolons)
{
	bool ok = true;

	while (!cli->quit && *text != '\0') {
		const char *end;
		char *command;

		text += strspn(text, " \t");
		end = cli_line_end(text, semicolons);
		command = strndup(text, (size_t)(end - text));

		ok = command != NULL && cli_run_line(cli, command) && ok;
		free(command);
		text = end + (*end != '\0');
	}
	return ok;
}

static enum status run_script(const struct arguments *a, struct cli_setup *setup)
{
	struct source source = {.f = stdin};
	struct vex_errs errs = {0};
	struct cli *cli;
	char *line;
	bool ok;

	setup->read_line = read_line;
	setup->ctx = &source;
	signal(SIGPIPE, SIG_IGN);
	cli = cli_create(setup, &errs);
	verb_print_errors(&errs);
	vex_errs_free(&errs);
	ok = cli != NULL && cli_hello(cli);
	if (ok && a->commands != NULL)
		ok = run_commands(cli, a->commands, true);
	else if (ok) {
		while (!cli->quit && (line = read_line(&source, NULL)) != NULL) {
			ok = run_commands(cli, line, false) && ok;
			free(line);
		}
	}
	if (cli != NULL)
		cli_config_end(cli);
	cli_free(cli);
	return ok && fflush(stdout) == 0 ? STATUS_OK : STATUS_BAD;
}

/* ---- Interactive -------------------------------------------------------------------------------------- */

static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGWINCH);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGTSTP, SIG_IGN);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static enum status run_terminal(struct cli_setup *setup)
{
	struct vex_errs errs = {0};
	struct cli_term *term;
	struct cli *cli;
	bool ok;

	setup->signal_fd = open_signals();
	setup->interactive = true;
	setup->read_line = cli_term_read_line;
	term = cli_term_create(setup->signal_fd);
	setup->ctx = term;
	cli = term != NULL ? cli_create(setup, &errs) : NULL;
	verb_print_errors(&errs);
	vex_errs_free(&errs);
	ok = cli != NULL && cli_hello(cli) && cli_term_run(term, cli);
	cli_free(cli);
	cli_term_free(term);
	close(setup->signal_fd);
	return ok ? STATUS_OK : STATUS_BAD;
}

enum status verb_cli(const struct verb *verb, int argc, char **argv)
{
	struct cli_setup setup = {.signal_fd = -1};
	struct arguments a;

	if (!parse(&a, argc, argv))
		return verb_usage(verb);
	setup.instance = a.instance;
	if (a.commands == NULL && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
		return run_terminal(&setup);
	return run_script(&a, &setup);
}
