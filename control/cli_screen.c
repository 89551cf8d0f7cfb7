/* SPDX-License-Identifier: BSD-3-Clause */
/* Where output goes: pages on a screen. */
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "control/cli.h"

#define MORE "---(more)---"

void cli_screen_size(const struct cli *cli, int *rows, int *columns)
{
	struct winsize size = {.ws_row = 24, .ws_col = 80};

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
		size = (struct winsize){.ws_row = 24, .ws_col = 80};
	*rows = cli->settings.rows >= 0 ? cli->settings.rows : size.ws_row;
	*columns = cli->settings.columns > 0 ? cli->settings.columns : size.ws_col;
}

bool cli_interrupted(struct cli *cli)
{
	struct pollfd p = {.fd = cli->options.signal_fd, .events = POLLIN};
	struct signalfd_siginfo info;

	/* A window that changes its size is seen when the size is needed. */
	while (poll(&p, 1, 0) > 0 && read(p.fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
		cli->stopped = cli->stopped || info.ssi_signo == SIGINT;
	return cli->stopped;
}

void cli_screen_init(struct cli_screen *screen, struct cli *cli, bool paged)
{
	*screen = (struct cli_screen){
		.cli = cli, .paged = paged && cli->options.interactive && isatty(STDOUT_FILENO)};
	cli_screen_size(cli, &screen->rows, &screen->columns);
	if (screen->rows == 0)
		screen->paged = false;
}

/* How many rows of the screen a line takes. */
static int height(const struct cli_screen *screen, const char *line, size_t len)
{
	int column = 0, n = 1;

	for (size_t i = 0; i < len && line[i] != '\n'; i++) {
		if (((unsigned char)line[i] & 0xc0) == 0x80)
			continue;
		column = line[i] == '\t' ? (column / 8 + 1) * 8 : column + 1;
		if (column > screen->columns) {
			n++;
			column = 1;
		}
	}
	return n;
}

/* One key; 'q' when there is none to come, or after ^C. */
static int read_key(struct cli *cli)
{
	struct pollfd p[2] = {{.fd = STDIN_FILENO, .events = POLLIN},
		{.fd = cli->options.signal_fd, .events = POLLIN}};
	char key = 'q';

	while (poll(p, 2, -1) > 0 && p[1].revents != 0 && !cli_interrupted(cli))
		;
	if (cli->stopped || read(STDIN_FILENO, &key, 1) != 1)
		key = 'q';
	return key;
}

/* The screen is full. False: enough. */
static bool more(struct cli_screen *screen)
{
	static const char gone[] = "\r"
				   "            "
				   "\r";
	int key;

	if (write(STDOUT_FILENO, MORE, strlen(MORE)) < 0)
		return false;
	do
		key = read_key(screen->cli);
	while (strchr(" \r\n\tfdjeGqQnN\033\004", key) == NULL || key == '\0');
	if (write(STDOUT_FILENO, gone, sizeof(gone) - 1) < 0 || strchr("qQ\033\004nN", key) != NULL)
		return false;
	if (key == '\r' || key == '\n' || key == 'j' || key == 'e')
		screen->row--;
	else if (key == 'd')
		screen->row = screen->rows / 2;
	else
		screen->row = 0;
	if (key == 'G')
		screen->paged = false;
	return true;
}

bool cli_screen_line(void *ctx, const char *line, size_t len)
{
	struct cli_screen *screen = ctx;
	int rows = height(screen, line, len);

	if (cli_interrupted(screen->cli))
		return false;
	while (screen->paged && screen->row > 0 && screen->row + rows > screen->rows - 1) {
		fflush(stdout);
		if (!more(screen))
			return false;
	}
	screen->row += rows;
	return fwrite(line, 1, len, stdout) == len;
}
