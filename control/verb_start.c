/* SPDX-License-Identifier: BSD-3-Clause */
/* start and supervise: a switch comes up. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control/ctl.h"
#include "control/platform.h"
#include "control/rundir.h"
#include "control/supervise.h"
#include "control/verb.h"

#define START_WAIT_MS 120000

/* Everything that is wrong with the two files is printed before anything is started. */
static bool check_files(const struct verb_options *o)
{
	struct platform *platform;
	struct ctl_image *image = NULL;
	struct vex_errs errs = {0};
	struct text text = {0};
	bool ok = o->config == NULL || strcmp(o->config, "-") != 0;

	if (!ok)
		fprintf(stderr, "a switch is started from files, not from standard input\n");
	platform = platform_load_file(o->platform, o->instance, &errs);
	ok = ok && platform != NULL;
	if (o->config != NULL)
		ok = ok && verb_read(o->config, &text) &&
		     ctl_load_on(&platform->ctl, text.bytes, text.len, text.name, &image, &errs) ==
			     0;
	verb_print_errors(&errs);
	ctl_image_free(image);
	platform_free(platform);
	vex_errs_free(&errs);
	free(text.bytes);
	return ok;
}

/* In the new process: become `vex supervise` without a terminal. */
static void become_supervisor(const struct verb_options *o, int ready)
{
	int null = open("/dev/null", O_RDWR);
	char fd[16];

	setsid();
	signal(SIGHUP, SIG_IGN);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	close(null);
	fcntl(ready, F_SETFD, 0);
	snprintf(fd, sizeof(fd), "%d", ready);
	execl("/proc/self/exe", "vex", "supervise", "--platform", o->platform, "--instance",
		o->instance, "--ready-fd", fd, o->config != NULL ? "--config" : NULL, o->config,
		(char *)NULL);
	dprintf(ready, "the supervisor cannot be run: %s\n", strerror(errno));
	_exit(STATUS_BAD);
}

/* The one line that the supervisor says; empty if it died without a word. */
static bool read_outcome(int fd, char *line, size_t size)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	size_t n = 0;
	ssize_t got = 1;

	while (got > 0 && n + 1 < size && memchr(line, '\n', n) == NULL) {
		if (poll(&p, 1, START_WAIT_MS) == 0)
			return false;
		got = read(fd, line + n, size - 1 - n);
		n += got > 0 ? (size_t)got : 0;
	}
	line[n] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return true;
}

static enum status wait_for_outcome(const struct verb_options *o, int fd, pid_t pid)
{
	char line[1024] = "", dir[PATH_MAX];

	if (!read_outcome(fd, line, sizeof(line))) {
		fprintf(stderr, "instance %s: not installed after %d s, given up; logs are in %s\n",
			o->instance, START_WAIT_MS / 1000, rundir_path(o->instance, dir));
		kill(pid, SIGTERM);
		waitpid(pid, NULL, 0);
		return STATUS_BAD;
	}
	if (strcmp(line, "ok") == 0) {
		printf("instance %s: running, configuration installed\n", o->instance);
		return STATUS_OK;
	}
	/* The reason stands in its last line; when it has ended, the instance has. */
	waitpid(pid, NULL, 0);
	fprintf(stderr, "%s\n", *line != '\0' ? line : "the supervisor died");
	fprintf(stderr, "instance %s: not started; logs are in %s\n", o->instance,
		rundir_path(o->instance, dir));
	return STATUS_BAD;
}

enum status verb_start(const struct verb *verb, int argc, char **argv)
{
	struct verb_options o;
	enum status status;
	int ends[2];
	pid_t pid;

	if (!verb_parse(&o, "pc", argc, argv))
		return verb_usage(verb);
	if (!check_files(&o))
		return STATUS_BAD;
	if (pipe2(ends, O_CLOEXEC) != 0 || (pid = fork()) < 0) {
		fprintf(stderr, "the supervisor cannot be started: %s\n", strerror(errno));
		return STATUS_BAD;
	}
	if (pid == 0)
		become_supervisor(&o, ends[1]);
	close(ends[1]);
	status = wait_for_outcome(&o, ends[0], pid);
	close(ends[0]);
	return status;
}

enum status verb_supervise(const struct verb *verb, int argc, char **argv)
{
	struct sup_options options;
	struct verb_options o;
	char err[1024] = "";

	if (!verb_parse(&o, "pcr", argc, argv))
		return verb_usage(verb);
	if (o.ready_fd >= 0)
		fcntl(o.ready_fd, F_SETFD, FD_CLOEXEC);
	else if (!check_files(&o))
		return STATUS_BAD;
	options = (struct sup_options){
		.instance = o.instance,
		.platform_file = o.platform,
		.config_file = o.config,
		.ready_fd = o.ready_fd,
	};
	if (supervise(&options, err, sizeof(err)) == 0)
		return STATUS_OK;
	if (o.ready_fd >= 0)
		dprintf(o.ready_fd, "%s\n", err);
	else
		fprintf(stderr, "%s\n", err);
	return STATUS_BAD;
}
