/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/cli.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "control/cli_complete.h"
#include "control/cli_names.h"
#include "control/cli_xml.h"
#include "control/rundir.h"

/* ---- A session --------------------------------------------------------------------------------------- */

static void notify(void *ctx, const char *text)
{
	/* A script has nobody to tell. */
	if (((struct cli *)ctx)->options.interactive)
		printf("\n%s\n", text);
}

static bool woken(void *ctx)
{
	return cli_interrupted(ctx);
}

static bool add_command(struct cli_grammar *g, const struct cli_command *command)
{
	if ((g->n & (g->n - 1)) == 0) {
		struct cli_command *v = realloc(g->command, (g->n > 0 ? 2 * g->n : 1) * sizeof(*v));

		if (v == NULL)
			return false;
		g->command = v;
	}
	g->command[g->n++] = *command;
	return true;
}

static bool add_shows(struct cli_grammar *g)
{
	for (const struct cli_show *const *t = cli_show_tables; *t != NULL; t++) {
		for (const struct cli_show *show = *t; show->words != NULL; show++) {
			struct cli_command command = {.words = show->words,
				.help = show->help,
				.params = show->params,
				.show = show,
				.piped = CLI_PIPED};

			if (!add_command(g, &command))
				return false;
		}
	}
	return true;
}

static bool add_commands(struct cli_grammar *g, const struct cli_command *command)
{
	static const struct cli_group *const groups[] = {cli_own_groups, cli_show_groups, NULL};

	g->groups = groups;
	for (; command->words != NULL; command++) {
		if (!add_command(g, command))
			return false;
	}
	return true;
}

struct cli *cli_create(const struct cli_setup *options, struct vex_errs *errs)
{
	struct cli *cli = calloc(1, sizeof(*cli));
	char dir[PATH_MAX];

	if (cli == NULL)
		return NULL;
	cli->options = *options;
	cli->settings = (struct cli_settings){.rows = -1, .columns = -1};
	cli->conn = (struct cli_conn){.fd = -1,
		.wake_fd = options->signal_fd,
		.dir = strdup(rundir_path(options->instance, dir)),
		.woken = woken,
		.notify = notify,
		.ctx = cli};
	cli->schema = cfg_schema_create(errs);
	if (cli->schema != NULL && cli->conn.dir != NULL &&
		add_commands(&cli->grammar[CLI_OPERATIONAL], cli_oper_commands) &&
		add_shows(&cli->grammar[CLI_OPERATIONAL]) &&
		add_commands(&cli->grammar[CLI_CONFIGURATION], cli_config_commands))
		return cli;
	cli_free(cli);
	return NULL;
}

void cli_free(struct cli *cli)
{
	if (cli == NULL)
		return;
	cli_leave(cli);
	cli_conn_close(&cli->conn);
	free((char *)cli->conn.dir);
	for (int i = 0; i < CLI_MODES; i++)
		free(cli->grammar[i].command);
	cfg_schema_free(cli->schema);
	free(cli);
}

static void copy_name(char name[CLI_NAME_MAX], const json_t *data, const char *member)
{
	const char *text = json_string_value(json_object_get(data, member));

	snprintf(name, CLI_NAME_MAX, "%s", text != NULL ? text : "?");
}

bool cli_hello(struct cli *cli)
{
	const char *terminal = cli->options.interactive ? ttyname(STDIN_FILENO) : NULL;
	json_t *data, *args = json_pack("{s:s}", "client", "cli");

	if (terminal != NULL)
		json_object_set_new(args, "terminal",
			json_string(terminal + (strncmp(terminal, "/dev/", 5) == 0 ? 5 : 0)));
	data = cli_ask(cli, "hello", args);
	if (data == NULL)
		return false;
	cli->greeted = cli->conn.generation;
	copy_name(cli->hostname, data, "hostname");
	copy_name(cli->user, data, "user");
	json_decref(data);
	return true;
}

void cli_prompt(const struct cli *cli, char *buf, size_t size)
{
	snprintf(buf, size, "%s@%s%s ", cli->user, cli->hostname,
		cli->mode == CLI_CONFIGURATION ? "#" : ">");
}

char *cli_banner(const struct cli *cli)
{
	char *path = cli_level_path(cli, cli->n_edit), *banner;
	size_t size = (path != NULL ? strlen(path) : 0) + 16;

	banner = path != NULL ? malloc(size) : NULL;
	if (banner != NULL)
		snprintf(banner, size, "%s%s%s%s", cli->mode == CLI_CONFIGURATION ? "[edit" : "",
			*path != '\0' ? " " : "", path, cli->mode == CLI_CONFIGURATION ? "]" : "");
	free(path);
	return banner;
}

struct cli_where cli_where(struct cli *cli)
{
	return (struct cli_where){.grammar = cli->grammar,
		.schema = cli->schema,
		.edit = (const char *const *)cli->edit,
		.n_edit = cli->n_edit,
		.ctx = cli,
		.names = cli_names_live,
		.entries = cli_names_entries};
}

/* ---- A line ------------------------------------------------------------------------------------------ */

/* '^' under the place in the line: below what was typed, or below a copy of the line. */
static void point(struct cli *cli, const struct cli_line *line, size_t word)
{
	size_t at = word < line->n ? line->v[word].at : strlen(line->source) + !line->space;
	char prompt[2 * CLI_NAME_MAX + 8] = "";
	int column = 0;

	if (cli->options.interactive)
		cli_prompt(cli, prompt, sizeof(prompt));
	else
		fprintf(stderr, "%s\n", line->source);
	for (const char *p = prompt; *p != '\0'; p++)
		column += ((unsigned char)*p & 0xc0) != 0x80;
	for (size_t i = 0; i < at && i < strlen(line->source); i++)
		column += ((unsigned char)line->source[i] & 0xc0) != 0x80;
	column += at > strlen(line->source);
	fprintf(stderr, "%*s^\n", column, "");
}

static bool mistake(struct cli *cli, const struct cli_line *line, const struct cli_mistake *m)
{
	fflush(stdout);
	point(cli, line, m->word);
	fprintf(stderr, "%s\n", m->text);
	return false;
}

static void ambiguous(struct cli_state *s, const char *word)
{
	struct cli_options o = {0};

	if (cli_state_next(s, word, false, &o))
		cli_options_print(&o, stderr);
	cli_options_free(&o);
}

static bool resolve(struct cli *cli, struct cli_state *s, const struct cli_line *line, size_t end)
{
	struct cli_mistake m = {0};
	enum cli_step result = CLI_STEP_OK;

	for (m.word = 0; m.word < end; m.word++) {
		result = cli_state_step(s, line->v[m.word].text, line->v[m.word].quoted);
		if (result != CLI_STEP_OK)
			break;
	}
	if (result == CLI_STEP_OK && cli_state_may_end(s))
		return true;
	switch (result) {
	case CLI_STEP_OK:
		snprintf(m.text, sizeof(m.text), "%s",
			s->command != NULL ? "missing argument."
					   : "syntax error, expecting <command>.");
		break;
	case CLI_STEP_AMBIGUOUS:
		snprintf(m.text, sizeof(m.text), "'%.200s' is ambiguous.", line->v[m.word].text);
		break;
	case CLI_STEP_MEMORY:
		snprintf(m.text, sizeof(m.text), "out of memory");
		break;
	default:
		snprintf(m.text, sizeof(m.text), "%s",
			m.word == 0			    ? "unknown command."
			: s->command == NULL		    ? "syntax error, expecting <command>."
			: s->command->rest != CLI_REST_NONE ? "syntax error."
							    : "syntax error, expecting <command>.");
		break;
	}
	mistake(cli, line, &m);
	if (result == CLI_STEP_AMBIGUOUS)
		ambiguous(s, line->v[m.word].text);
	return false;
}

/* ---- Carrying out ------------------------------------------------------------------------------------- */

bool cli_print_tree(const struct cli_call *call, const json_t *data)
{
	if (call->pipes->form == CLI_FORM_JSON) {
		json_dumpf(data, call->out, JSON_INDENT(4) | JSON_ENCODE_ANY);
		fputc('\n', call->out);
	} else if (call->pipes->form == CLI_FORM_XML) {
		cli_xml_print(data, call->out);
	} else {
		return false;
	}
	return true;
}

static bool run_show(struct cli *cli, const struct cli_call *call)
{
	const struct cli_show *show = call->command->show;
	const char *text;
	json_t *data;
	bool ok = true;

	if (show->confirm != NULL && !cli_confirm(cli, show->confirm, !cli->options.interactive))
		return true;
	if (show->run != NULL)
		return show->run((struct cli_env *)cli, call->args, call->out);
	data = cli_ask(
		cli, show->rpc, json_pack("{s:s, s:O}", "what", show->what, "args", call->args));
	if (data == NULL)
		return false;
	text = json_string_value(json_object_get(data, "text"));
	if (cli_print_tree(call, data))
		;
	else if (show->print != NULL)
		ok = show->print(data, call->args, call->out);
	else if (text != NULL && *text != '\0')
		fprintf(call->out, "%s%s", text, text[strlen(text) - 1] == '\n' ? "" : "\n");
	json_decref(data);
	return ok;
}

static void print_time(FILE *out)
{
	time_t now = time(NULL);
	struct tm tm;
	char text[32];

	localtime_r(&now, &tm);
	strftime(text, sizeof(text), "%b %d %H:%M:%S", &tm);
	fprintf(out, "%s\n", text);
}

static bool carry_out(struct cli *cli, const struct cli_state *s, struct cli_pipes *pipes)
{
	struct cli_call call = {.command = s->command,
		.args = s->args,
		.rest = s->rest != NULL ? s->rest : "",
		.path_len = s->path_len,
		.level = cli->mode == CLI_CONFIGURATION ? cli_state_level(s) : 0,
		.pipes = pipes};
	struct cli_screen screen;
	bool ok;

	/* What writes for as long as one looks at it has no pages. */
	cli_screen_init(&screen, cli,
		!pipes->no_more && (s->command->show == NULL || s->command->show->run == NULL));
	call.out = cli_pipes_open(pipes, cli_screen_line, &screen);
	if (call.out == NULL)
		return cli_error(cli, "%s", pipes->error);
	if (cli->settings.timestamp && call.command->piped != CLI_NOT_PIPED)
		print_time(call.out);
	ok = call.command->show != NULL ? run_show(cli, &call) : call.command->run(cli, &call);
	if (!cli_pipes_close(pipes, call.out))
		ok = cli_error(cli, "%s", pipes->error);
	fflush(stdout);
	return ok;
}

/* `top` and `up` by themselves. */
static bool move_up(struct cli *cli, const struct cli_state *s)
{
	size_t level = cli_state_level(s);

	while (cli->n_edit > level)
		free(cli->edit[--cli->n_edit]);
	return true;
}

/* `?` at the end of a line of a script: what may stand there. */
static bool run_question(struct cli *cli, const struct cli_line *line)
{
	struct cli_where where = cli_where(cli);
	char *text = strndup(line->source, line->v[line->n - 1].at);
	struct cli_insert insert;
	struct cli_options o = {0};
	bool ok = text != NULL && cli_complete(&where, cli->mode, text, true, &o, &insert);

	if (ok)
		cli_options_print(&o, stdout);
	cli_options_free(&o);
	free(text);
	return ok && !insert.wrong;
}

static bool is_question(const struct cli_line *line)
{
	const struct cli_word *last = line->n > 0 ? &line->v[line->n - 1] : NULL;

	return last != NULL && !last->quoted && strcmp(last->text, "?") == 0;
}

static bool run_words(struct cli *cli, const struct cli_line *line)
{
	size_t end = cli_line_pipe(line, 0);
	struct cli_where where = cli_where(cli);
	struct cli_mistake m = {.word = line->n, .text = "a quote is not closed."};
	struct cli_pipes *pipes;
	struct cli_state s;
	bool ok;

	if (line->open)
		return mistake(cli, line, &m);
	cli_state_init(&s, &where, cli->mode);
	ok = resolve(cli, &s, line, end);
	if (ok && s.command == NULL) {
		ok = move_up(cli, &s);
	} else if (ok && end < line->n && s.command->piped == CLI_NOT_PIPED) {
		m.word = end;
		snprintf(m.text, sizeof(m.text), "this command has no output to pipe.");
		ok = mistake(cli, line, &m);
	} else if (ok) {
		pipes = cli_pipes_parse(line, end, s.command->piped == CLI_PIPED_CONFIGURATION, &m);
		ok = pipes != NULL ? carry_out(cli, &s, pipes) : mistake(cli, line, &m);
		cli_pipes_free(pipes);
	}
	cli_state_free(&s);
	return ok;
}

bool cli_run_line(struct cli *cli, const char *text)
{
	struct cli_line line;
	bool ok = true;

	cli->stopped = false;
	if (!cli_line_split(&line, text))
		return cli_error(cli, "out of memory");
	if (is_question(&line))
		ok = run_question(cli, &line);
	else if (line.n > 0 && *line.v[0].text != '#')
		ok = run_words(cli, &line);
	cli_line_free(&line);
	return ok && !cli->stopped;
}
