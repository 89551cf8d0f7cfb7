/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vex-re: the routing engine. The supervisor (supervise.h) starts it; it makes the operations of the
 * configuration, installs them in vex-pfe over the rings, and serves the management socket. re.h
 * says what is where. Exit status: 0 stopped, 1 the platform or the configuration is bad or
 * the shared memory is not usable, 2 usage.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "control/re.h"

static void on_sighup(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd;
	(void)what;
	re_pfe_restarted(ctx);
}

static void on_stop(evutil_socket_t fd, short what, void *ctx)
{
	struct re *re = ctx;

	(void)fd;
	(void)what;
	event_base_loopbreak(re->base);
}

static bool open_loop(struct re *re)
{
	signal(SIGPIPE, SIG_IGN);
	re->base = event_base_new();
	if (re->base == NULL)
		return false;
	re->sighup = evsignal_new(re->base, SIGHUP, on_sighup, re);
	re->sigterm = evsignal_new(re->base, SIGTERM, on_stop, re);
	re->sigint = evsignal_new(re->base, SIGINT, on_stop, re);
	return re->sighup && re->sigterm && re->sigint && event_add(re->sighup, NULL) == 0 &&
	       event_add(re->sigterm, NULL) == 0 && event_add(re->sigint, NULL) == 0;
}

static void close_loop(struct re *re)
{
	struct event *events[] = {re->sighup, re->sigterm, re->sigint};

	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (events[i] != NULL)
			event_free(events[i]);
	if (re->base != NULL)
		event_base_free(re->base);
}

static int run(struct re *re)
{
	re->started = time(NULL);
	/* Before anything on disk is touched. */
	if (!re_pfe_attach(re) || !re_db_open(re) || !re_log_open(re) || !re_watch_open(re))
		return 1;
	re_db_tell(re);
	if (!open_loop(re)) {
		re_report_state(re, "failed", "the event loop cannot be made");
		return 1;
	}
	if (!re_pfe_open(re) || !re_commit_open(re) || !re_mgmt_open(re))
		return 1;
	event_base_dispatch(re->base);
	return 0;
}

static int *fd_option(struct re_options *o, int c)
{
	int *const fds[] = {
		&o->ctl_fd, &o->cnt_fd, &o->op_event_fd, &o->ack_event_fd, &o->report_fd};

	return fds[c - 'C'];
}

static bool parse(struct re_options *o, int argc, char **argv)
{
	static const struct option options[] = {
		{"instance", required_argument, NULL, 'i'},
		{"platform", required_argument, NULL, 'p'},
		{"config", required_argument, NULL, 'c'},
		{"rundir", required_argument, NULL, 'r'},
		{"statedir", required_argument, NULL, 's'},
		{"ctl-fd", required_argument, NULL, 'C'},
		{"cnt-fd", required_argument, NULL, 'D'},
		{"op-event-fd", required_argument, NULL, 'E'},
		{"ack-event-fd", required_argument, NULL, 'F'},
		{"report-fd", required_argument, NULL, 'G'},
		{"tap-fds", required_argument, NULL, 't'},
		{"netns-fd", required_argument, NULL, 'n'},
		{0},
	};
	char *end;
	int c;

	*o = (struct re_options){NULL, NULL, NULL, NULL, NULL, -1, -1, -1, -1, -1, NULL, -1};
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'i')
			o->instance = optarg;
		else if (c == 'p')
			o->platform = optarg;
		else if (c == 'c')
			o->config = optarg;
		else if (c == 'r')
			o->rundir = optarg;
		else if (c == 's')
			o->statedir = optarg;
		else if (c == 't')
			o->tap_fds = optarg;
		else if (c == 'n')
			o->netns_fd = atoi(optarg);
		else if (c >= 'C' && c <= 'G') {
			*fd_option(o, c) = (int)strtol(optarg, &end, 10);
			if (*end != '\0' || end == optarg)
				return false;
		} else
			return false;
	}
	return optind == argc && o->instance != NULL && o->platform != NULL && o->config != NULL &&
	       o->rundir != NULL && o->statedir != NULL && o->ctl_fd >= 0 && o->cnt_fd >= 0 &&
	       o->op_event_fd >= 0 && o->ack_event_fd >= 0;
}

int main(int argc, char **argv)
{
	struct re re = {0};
	int status;

	if (!parse(&re.options, argc, argv)) {
		fputs("usage: vex-re --instance NAME --platform FILE --config FILE --rundir DIR "
		      "--statedir DIR "
		      "--ctl-fd N --cnt-fd N --op-event-fd N --ack-event-fd N [--report-fd N] "
		      "[--tap-fds N,... --netns-fd N]\n"
		      "It is started by `vex start`.\n",
			stderr);
		return 2;
	}
	status = run(&re);
	re_commit_close(&re);
	re_mgmt_close(&re);
	re_pfe_close(&re);
	close_loop(&re);
	re_watch_close(&re);
	re_log_close(&re);
	re_db_close(&re);
	ctl_image_free(re.image);
	platform_free(re.platform);
	return status;
}
