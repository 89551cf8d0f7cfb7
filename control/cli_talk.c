/* SPDX-License-Identifier: BSD-3-Clause */
/* Questions to vex-re and to the person, and what goes wrong with them. */
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/cli.h"

/* ---- Errors ------------------------------------------------------------------------------------------ */

bool cli_error(struct cli *cli, const char *fmt, ...)
{
	va_list ap;

	(void)cli;
	fflush(stdout);
	fputs("error: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return false;
}

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "";
}

/* With its place in a file, or below the statement that it is about, as Junos shows it. */
static void print_one(const json_t *error)
{
	const char *file = text_of(error, "file"), *path = text_of(error, "path"),
		   *text = text_of(error, "text"), *last = strrchr(path, ' ');
	json_int_t line = json_integer_value(json_object_get(error, "line")),
		   column = json_integer_value(json_object_get(error, "column"));

	/* The candidate is no file: its lines are nobody's. */
	if (*file != '\0' && line > 0 && (*path == '\0' || strcmp(file, "candidate") != 0)) {
		fprintf(stderr, "%s:%lld:%lld: %s\n", file, (long long)line, (long long)column,
			text);
	} else if (*path != '\0') {
		fprintf(stderr, "[edit%s%.*s]\n  '%s'\n    %s\n", last != NULL ? " " : "",
			(int)(last != NULL ? last - path : 0), path, last != NULL ? last + 1 : path,
			text);
	} else {
		bool named = *file != '\0' && strcmp(file, "candidate") != 0;

		fprintf(stderr, "%s%s%s%s\n",
			strncmp(text, "error: ", 7) == 0 ? "" : "error: ", named ? file : "",
			named ? ": " : "", *text != '\0' ? text : "refused without a reason");
	}
}

static void print_errors(const json_t *errors)
{
	const json_t *one;
	size_t i;

	fflush(stdout);
	json_array_foreach (errors, i, one) {
		print_one(one);
	}
}

void cli_print_list(const json_t *data, const char *name, const char *before, FILE *out)
{
	const json_t *one;
	size_t i;

	json_array_foreach (json_object_get(data, name), i, one) {
		const char *text = json_is_object(one) ? text_of(one, "text")
						       : json_string_value(one);

		if (text != NULL)
			fprintf(out, "%s%s\n", before, text);
	}
}

/* ---- vex-re ------------------------------------------------------------------------------------------ */

/* Configuration mode belongs to a connection: with it goes what had been locked. */
static bool check_session(struct cli *cli)
{
	cli_conn_poll(&cli->conn);
	if (cli->mode != CLI_CONFIGURATION ||
		(cli->conn.fd >= 0 && cli->conn.generation == cli->generation))
		return true;
	cli_leave(cli);
	cli_error(cli,
		"the connection to the switch was lost, and with it the configuration session; "
		"uncommitted changes may be gone: enter `configure` and look at `show | compare`");
	return false;
}

json_t *cli_ask(struct cli *cli, const char *rpc, json_t *args)
{
	enum cli_ask result = CLI_ASK_STOPPED;
	struct cli_answer answer = {0};
	json_t *data = NULL;
	bool hello = strcmp(rpc, "hello") == 0;

	/* A new connection begins with who is there. */
	if (!check_session(cli) ||
		(!hello && (cli->conn.fd < 0 || cli->greeted != cli->conn.generation) &&
			!cli_hello(cli))) {
		json_decref(args);
		return NULL;
	}
	if (!cli_interrupted(cli))
		result = cli_conn_ask(&cli->conn, rpc, args, &answer);
	switch (result) {
	case CLI_ASK_OK:
		data = json_incref(answer.data);
		break;
	case CLI_ASK_REFUSED:
		print_errors(answer.errors);
		break;
	case CLI_ASK_LOST:
		cli_error(cli, "%s", answer.text);
		check_session(cli);
		break;
	case CLI_ASK_STOPPED:
		cli_interrupted(cli);
		break;
	}
	cli_answer_free(&answer);
	json_decref(args);
	return data;
}

json_t *cli_ask_quietly(struct cli *cli, const char *rpc, json_t *args)
{
	struct cli_answer answer = {0};
	json_t *data = NULL;

	cli_conn_poll(&cli->conn);
	/* A question on the side makes no connection: that would hide that one was lost. */
	if (cli->conn.fd >= 0 && cli_conn_ask(&cli->conn, rpc, args, &answer) == CLI_ASK_OK)
		data = json_incref(answer.data);
	cli_answer_free(&answer);
	json_decref(args);
	return data;
}

bool cli_do(struct cli *cli, const char *rpc, json_t *args)
{
	json_t *data = cli_ask(cli, rpc, args);
	bool ok = data != NULL;

	cli_print_list(data, "warnings", "warning: ", stdout);
	json_decref(data);
	return ok;
}

/* ---- The person -------------------------------------------------------------------------------------- */

bool cli_confirm(struct cli *cli, const char *question, bool otherwise)
{
	char prompt[512], *answer;
	bool yes = otherwise;

	if (!cli->options.interactive || cli->options.read_line == NULL)
		return otherwise;
	snprintf(prompt, sizeof(prompt), "%s [yes,no] (%s) ", question, otherwise ? "yes" : "no");
	for (;;) {
		answer = cli->options.read_line(cli->options.ctx, prompt);
		if (answer == NULL)
			return false;
		answer[strcspn(answer, "\r\n")] = '\0';
		if (*answer == '\0' || strncmp("yes", answer, strlen(answer)) == 0 ||
			strncmp("no", answer, strlen(answer)) == 0)
			break;
		free(answer);
		puts("Please answer yes or no.");
	}
	if (*answer != '\0')
		yes = *answer == 'y';
	free(answer);
	return yes;
}

/* ---- Commands that run by themselves -------------------------------------------------------------------- */

json_t *cli_env_ask(struct cli_env *env, const char *rpc, const json_t *args)
{
	return cli_ask((struct cli *)env, rpc, json_incref((json_t *)args));
}

bool cli_env_wait(struct cli_env *env, int ms)
{
	struct cli *cli = (struct cli *)env;
	struct pollfd p[2] = {{.fd = cli->options.signal_fd, .events = POLLIN},
		{.fd = cli->options.interactive ? STDIN_FILENO : -1, .events = POLLIN}};

	fflush(stdout);
	return cli_interrupted(cli) || (poll(p, 2, ms) > 0 && cli_interrupted(cli)) ||
	       ferror(stdout) != 0;
}

int cli_env_key(struct cli_env *env)
{
	struct cli *cli = (struct cli *)env;
	struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
	char key;

	return cli->options.interactive && poll(&p, 1, 0) > 0 && read(STDIN_FILENO, &key, 1) == 1
		       ? (unsigned char)key
		       : 0;
}

bool cli_env_screen(const struct cli_env *env, int *rows, int *columns)
{
	const struct cli *cli = (const struct cli *)env;

	cli_screen_size(cli, rows, columns);
	return cli->options.interactive && isatty(STDOUT_FILENO);
}
