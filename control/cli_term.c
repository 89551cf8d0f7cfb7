/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/cli_term.h"

#include <errno.h>
#include <histedit.h>
#include <limits.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

#include "control/cli_complete.h"
#include "control/cli_config.h"

#define HISTORY_LINES 1000
#define HISTORY_FILE  ".vex_history"

struct cli_term {
	EditLine *el;
	History *history;
	HistEvent event;
	int signal_fd;
	struct cli *cli;
	const char *question; /* the prompt while a question is asked */
	bool asking;	      /* nothing is completed or remembered */
	bool interrupted;     /* ^C in the line editor */
	char prompt[2 * CLI_NAME_MAX + 8];
	char history_file[PATH_MAX];
};

static struct cli_term *term_of(EditLine *el)
{
	struct cli_term *term = NULL;

	el_get(el, EL_CLIENTDATA, &term);
	return term;
}

static char *prompt(EditLine *el)
{
	struct cli_term *term = term_of(el);

	if (term->asking)
		snprintf(term->prompt, sizeof(term->prompt), "%s",
			term->question != NULL ? term->question : "");
	else
		cli_prompt(term->cli, term->prompt, sizeof(term->prompt));
	return term->prompt;
}

/* ---- Characters --------------------------------------------------------------------------------------- */

/* False: ^C. A new size of the window is told to libedit. */
static bool read_signals(struct cli_term *term)
{
	struct signalfd_siginfo info;

	while (read(term->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGWINCH)
			el_resize(term->el);
		else
			return false;
	}
	return true;
}

/* One character; while there is none, signals and what vex-re says without being asked. */
static int get_char(EditLine *el, wchar_t *c)
{
	struct cli_term *term = term_of(el);
	mbstate_t state = {0};
	char byte;

	for (;;) {
		struct pollfd p[3] = {{.fd = STDIN_FILENO, .events = POLLIN},
			{.fd = term->signal_fd, .events = POLLIN},
			{.fd = term->cli->conn.fd, .events = POLLIN}};

		if (poll(p, 3, -1) < 0 && errno != EINTR)
			return -1;
		if (p[1].revents != 0 && !read_signals(term)) {
			term->interrupted = true;
			return -1;
		}
		if (p[2].revents != 0) {
			cli_conn_poll(&term->cli->conn);
			el_set(el, EL_REFRESH);
		}
		if (p[0].revents == 0)
			continue;
		if (read(STDIN_FILENO, &byte, 1) != 1)
			return 0;
		switch (mbrtowc(c, &byte, 1, &state)) {
		case (size_t)-2:
			continue;
		case (size_t)-1:
			state = (mbstate_t){0};
			continue;
		default:
			return 1;
		}
	}
}

/* ---- Completion ----------------------------------------------------------------------------------------- */

/* The line up to the cursor; to be freed by the caller. */
static char *before_cursor(EditLine *el)
{
	const LineInfo *info = el_line(el);

	return strndup(info->buffer, (size_t)(info->cursor - info->buffer));
}

/* True inside of quotes, where every character stands for itself. */
static bool in_quotes(const char *line)
{
	struct cli_line words;
	bool open;

	if (!cli_line_split(&words, line))
		return true;
	open = words.open;
	cli_line_free(&words);
	return open;
}

static unsigned char insert_char(EditLine *el, int ch)
{
	char text[] = {(char)ch, '\0'};

	return el_insertstr(el, text) == 0 ? CC_REFRESH : CC_ERROR;
}

/* Page by page below the line that is typed. */
static void list(struct cli_term *term, struct cli_options *o)
{
	struct cli_screen screen;
	char *text = NULL, *line;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	if (f == NULL)
		return;
	cli_options_print(o, f);
	fclose(f);
	fputc('\n', stdout);
	term->cli->stopped = false; /* by a ^C that ended an earlier command */
	cli_screen_init(&screen, term->cli, true);
	for (line = text; line != NULL && *line != '\0';) {
		size_t len = strcspn(line, "\n") + 1;

		if (!cli_screen_line(&screen, line, len))
			break;
		line += len;
	}
	term->cli->stopped = false;
	fflush(stdout);
	free(text);
}

/* What a completing key does. @live: Tab and `?`, which ask for names. */
static unsigned char complete(EditLine *el, int ch)
{
	struct cli_term *term = term_of(el);
	struct cli_where where = cli_where(term->cli);
	char *line = before_cursor(el);
	struct cli_options o = {0};
	struct cli_insert insert = {0};
	unsigned char result = CC_NORM;

	if (line == NULL)
		return CC_ERROR;
	if (term->asking || in_quotes(line)) {
		free(line);
		return insert_char(el, ch);
	}
	if (!cli_complete(&where, term->cli->mode, line, ch != ' ', &o, &insert))
		result = CC_ERROR;
	else if (ch == '?' || (ch == '\t' && *insert.text == '\0' && !insert.unique)) {
		list(term, &o);
		result = CC_REDISPLAY;
	} else if (*insert.text != '\0' && (ch == '\t' || insert.unique) &&
		   line[strlen(line) - (*line != '\0')] != ' ' && *line != '\0') {
		result = el_insertstr(el, insert.text) == 0 ? CC_REFRESH : CC_ERROR;
		if (ch == ' ' && insert.text[strlen(insert.text) - 1] != ' ')
			result = insert_char(el, ' ');
	} else if (ch == '\t' && *insert.text != '\0') {
		result = el_insertstr(el, insert.text) == 0 ? CC_REFRESH : CC_ERROR;
	} else {
		result = insert_char(el, ' ');
	}
	cli_options_free(&o);
	free(line);
	return result;
}

/* ---- Lines ---------------------------------------------------------------------------------------------- */

static void keep_history(struct cli_term *term, const char *line)
{
	if (term->asking || line[strspn(line, " \t\r\n")] == '\0')
		return;
	history(term->history, &term->event, H_ENTER, line);
}

/* A line with its newline; NULL at the end of the input (^D), or after ^C with *again. */
static char *get_line(struct cli_term *term, bool *again)
{
	const char *line;
	int n = 0;

	term->interrupted = false;
	line = el_gets(term->el, &n);
	*again = false;
	if (line != NULL && n > 0) {
		keep_history(term, line);
		return strdup(line);
	}
	*again = term->interrupted;
	if (term->interrupted)
		el_set(term->el, EL_EDITMODE, 1);
	fputc('\n', stdout);
	fflush(stdout);
	return NULL;
}

char *cli_term_read_line(void *ctx, const char *text)
{
	struct cli_term *term = ctx;
	char *line;
	bool again;

	term->question = text;
	term->asking = true;
	line = get_line(term, &again);
	term->asking = false;
	term->question = NULL;
	term->cli->stopped = term->cli->stopped || again;
	return line;
}

bool cli_term_run(struct cli_term *term, struct cli *cli)
{
	char *line, *banner;
	bool again;

	term->cli = cli;
	while (!cli->quit) {
		banner = cli_banner(cli);
		if (banner != NULL && *banner != '\0')
			printf("\n%s\n", banner);
		free(banner);
		fflush(stdout);
		line = get_line(term, &again);
		if (line == NULL && again)
			continue;
		/* ^D: out of configuration mode, then out. */
		if (line == NULL && cli->mode == CLI_CONFIGURATION) {
			cli_config_leave(cli);
			continue;
		}
		if (line == NULL)
			break;
		line[strcspn(line, "\r\n")] = '\0';
		cli_run_line(cli, line);
		free(line);
	}
	return true;
}

/* ---- Begin and end ---------------------------------------------------------------------------------------- */

static void open_history(struct cli_term *term)
{
	const char *home = getenv("HOME");

	term->history = history_init();
	if (term->history == NULL)
		return;
	history(term->history, &term->event, H_SETSIZE, HISTORY_LINES);
	history(term->history, &term->event, H_SETUNIQUE, 1);
	if (home != NULL && *home == '/') {
		snprintf(term->history_file, sizeof(term->history_file), "%s/" HISTORY_FILE, home);
		history(term->history, &term->event, H_LOAD, term->history_file);
	}
	el_set(term->el, EL_HIST, history, term->history);
}

struct cli_term *cli_term_create(int signal_fd)
{
	struct cli_term *term = calloc(1, sizeof(*term));

	if (term == NULL)
		return NULL;
	setlocale(LC_CTYPE, "C.UTF-8");
	term->signal_fd = signal_fd;
	term->el = el_init("vex", stdin, stdout, stderr);
	if (term->el == NULL) {
		free(term);
		return NULL;
	}
	el_set(term->el, EL_CLIENTDATA, term);
	el_set(term->el, EL_PROMPT, prompt);
	el_set(term->el, EL_EDITOR, "emacs");
	el_set(term->el, EL_GETCFN, get_char);
	/*
	 * Also between lines keys come as they are pressed, and are shown when they are read: what is
	 * typed ahead, a ^D in it too, arrives whole.
	 */
	el_set(term->el, EL_SETTY, "-x", "-icanon", "-echo", NULL);
	el_wset(term->el, EL_ADDFN, L"vex-complete", L"complete or list", complete);
	el_set(term->el, EL_BIND, "?", "vex-complete", NULL);
	el_set(term->el, EL_BIND, "\t", "vex-complete", NULL);
	el_set(term->el, EL_BIND, " ", "vex-complete", NULL);
	el_set(term->el, EL_BIND, "^R", "em-inc-search-prev", NULL);
	open_history(term);
	return term;
}

/* Written beside and renamed, for its owner only. */
static void save_history(struct cli_term *term)
{
	char new[PATH_MAX + 8];
	mode_t mask;

	if (term->history == NULL || *term->history_file == '\0')
		return;
	snprintf(new, sizeof(new), "%s.new", term->history_file);
	mask = umask(0077);
	if (history(term->history, &term->event, H_SAVE, new) < 0 ||
		rename(new, term->history_file) != 0)
		unlink(new);
	umask(mask);
}

void cli_term_free(struct cli_term *term)
{
	if (term == NULL)
		return;
	save_history(term);
	if (term->history != NULL)
		history_end(term->history);
	el_end(term->el);
	free(term);
}
