/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/sup_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define EXIT_NOT_STARTED 127

uint64_t sup_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

unsigned int sup_backoff(unsigned int delay_ms, uint64_t lived_ms)
{
	if (delay_ms == 0 || lived_ms >= SUP_BACKOFF_RESET_MS)
		return SUP_BACKOFF_FIRST_MS;
	return delay_ms * 2 < SUP_BACKOFF_MAX_MS ? delay_ms * 2 : SUP_BACKOFF_MAX_MS;
}

char *sup_exit_text(int status, char *buf, size_t size)
{
	if (WIFSIGNALED(status))
		snprintf(
			buf, size, "signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		snprintf(buf, size, "exit status %d", WEXITSTATUS(status));
	return buf;
}

static void log_line(void *ctx, const char *line)
{
	sup_log_line(ctx, line);
}

static void close_output(struct sup_child *child)
{
	if (child->output != NULL)
		event_free(child->output);
	child->output = NULL;
	if (child->pipe >= 0)
		close(child->pipe);
	child->pipe = -1;
}

/* One round of reading; true if there may be more. */
static bool read_output(struct sup_child *child)
{
	char buf[4096];
	ssize_t n;

	errno = 0;
	n = read(child->pipe, buf, sizeof(buf));

	if (n > 0)
		sup_lines_feed(&child->lines, buf, (size_t)n);
	return n > 0;
}

static void on_output(evutil_socket_t fd, short what, void *ctx)
{
	struct sup_child *child = ctx;

	(void)fd;
	(void)what;
	if (!read_output(child) && errno != EAGAIN && errno != EINTR)
		close_output(child);
}

static void on_timer(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd;
	(void)what;
	sup_child_start(ctx);
}

int sup_child_init(struct sup_child *child)
{
	child->pipe = -1;
	child->lines.line = log_line;
	child->lines.ctx = &child->log;
	child->timer = evtimer_new(child->base, on_timer, child);
	return child->timer != NULL ? 0 : -1;
}

/* In the new process: everything here must work in a copy of the supervisor. */
static void become(const struct sup_child *child, int output, pid_t parent)
{
	int null = open("/dev/null", O_RDONLY);
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_NOT_STARTED);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGHUP, SIG_IGN); /* until the program is ready for it */
	dup2(null, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	for (unsigned int i = 0; i < child->n_fds; i++)
		fcntl(child->fds[i], F_SETFD, 0);
	execv(child->argv[0], child->argv);
	dprintf(STDERR_FILENO, "%s cannot be run: %s\n", child->argv[0], strerror(errno));
	_exit(EXIT_NOT_STARTED);
}

static void has_ended(struct sup_child *child)
{
	uint64_t lived = sup_now_ms() - child->since_ms;
	struct timeval wait;

	child->pid = 0;
	if (child->stopping) {
		child->state = SUP_CHILD_STOPPED;
	} else {
		child->state = SUP_CHILD_WAITING;
		child->delay_ms = sup_backoff(child->delay_ms, lived);
		wait = (struct timeval){
			child->delay_ms / 1000, (suseconds_t)(child->delay_ms % 1000) * 1000};
		evtimer_add(child->timer, &wait);
	}
	child->events->ended(child->ctx, child);
}

void sup_child_start(struct sup_child *child)
{
	pid_t parent = getpid();
	int ends[2] = {-1, -1};

	close_output(child);
	child->since_ms = sup_now_ms();
	if (child->last_exit[0] != '\0')
		child->restarts++;
	if (pipe2(ends, O_CLOEXEC) == 0) {
		fcntl(ends[0], F_SETFL, O_NONBLOCK);
		child->pid = fork();
		if (child->pid == 0)
			become(child, ends[1], parent);
		close(ends[1]);
	}
	child->pipe = ends[0];
	if (ends[0] < 0 || child->pid < 0) {
		snprintf(child->last_exit, sizeof(child->last_exit), "not started: %s",
			strerror(errno));
		close_output(child);
		has_ended(child);
		return;
	}
	child->output = event_new(child->base, child->pipe, EV_READ | EV_PERSIST, on_output, child);
	if (child->output != NULL)
		event_add(child->output, NULL);
	child->state = SUP_CHILD_RUNNING;
	child->events->started(child->ctx, child);
}

bool sup_child_reap(struct sup_child *child)
{
	int status;

	if (child->pid == 0 || waitpid(child->pid, &status, WNOHANG) != child->pid)
		return false;
	sup_exit_text(status, child->last_exit, sizeof(child->last_exit));
	/* Bounded: a process that it left behind may write for ever. */
	for (int i = 0; i < 256 && child->pipe >= 0 && read_output(child);)
		i++;
	sup_lines_end(&child->lines);
	close_output(child);
	has_ended(child);
	return true;
}

void sup_child_stop(struct sup_child *child, int sig)
{
	child->stopping = true;
	evtimer_del(child->timer);
	if (child->pid != 0)
		kill(child->pid, sig);
	else
		child->state = SUP_CHILD_STOPPED;
}

void sup_child_free(struct sup_child *child)
{
	close_output(child);
	if (child->timer != NULL)
		event_free(child->timer);
	child->timer = NULL;
	sup_log_close(&child->log);
}
