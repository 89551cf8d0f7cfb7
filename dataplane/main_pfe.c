/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vex-pfe: the packet forwarding engine on DPDK. With --offline it runs on packet files, without
 * root, hugepages or NIC; otherwise it is the live data plane of an instance, started by the
 * supervisor, which hands it shared memory.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/buf.h"
#include "dataplane/eal.h"
#include "dataplane/live.h"
#include "dataplane/offline.h"

#define OFFLINE_MEMORY_MB 1024

static int run_offline(int argc, char **argv)
{
	struct offline_options options;
	struct buf_pools *pools = NULL;
	enum offline_exit status;
	char why[256];
	char *words;

	if (!offline_parse(&options, argc, argv, true, &status))
		return status;
	words = strdup(options.eal ? options.eal : "");
	if (!words || !eal_start(&(struct eal_config){.program = options.program,
			      .lcores = 1,
			      .memory_mb = OFFLINE_MEMORY_MB,
			      .words = words})) {
		free(words);
		return OFFLINE_FAILED;
	}
	pools = buf_pools_create(why, sizeof(why));
	if (pools) {
		status = offline_main(&options, pools);
	} else {
		fprintf(stderr, "%s: %s\n", options.program, why);
		status = OFFLINE_FAILED;
	}
	buf_pools_destroy(pools);
	eal_stop();
	free(words);
	return status;
}

static bool parse_fd(const char *text, int *fd)
{
	char *end;
	long n = strtol(text, &end, 10);

	*fd = (int)n;
	return *text && !*end && n > 2 && n < 65536;
}

static int run_live(int argc, char **argv)
{
	static const struct option options[] = {
		{"instance", required_argument, NULL, 'i'},
		{"platform", required_argument, NULL, 'p'},
		{"ctl-fd", required_argument, NULL, 'c'},
		{"cnt-fd", required_argument, NULL, 'n'},
		{"op-event-fd", required_argument, NULL, 'o'},
		{"ack-event-fd", required_argument, NULL, 'a'},
		{NULL, 0, NULL, 0},
	};
	struct live_options o = {.program = argv[0],
		.instance = "default",
		.ctl_fd = -1,
		.cnt_fd = -1,
		.op_event_fd = -1,
		.ack_event_fd = -1};
	bool ok = true;
	int id;

	while ((id = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (id == 'i')
			o.instance = optarg;
		else if (id == 'p')
			o.platform = optarg;
		else if (id == 'c')
			ok = parse_fd(optarg, &o.ctl_fd) && ok;
		else if (id == 'n')
			ok = parse_fd(optarg, &o.cnt_fd) && ok;
		else if (id == 'o')
			ok = parse_fd(optarg, &o.op_event_fd) && ok;
		else if (id == 'a')
			ok = parse_fd(optarg, &o.ack_event_fd) && ok;
		else
			ok = false;
	}
	if (ok && o.platform && o.ctl_fd > 0 && o.cnt_fd > 0 && o.op_event_fd > 0 &&
		o.ack_event_fd > 0 && optind == argc)
		return live_run(&o);
	fprintf(stderr,
		"usage: %s --offline ... (see --offline --help), or started by `vex start`\n",
		argv[0]);
	return OFFLINE_USAGE;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--ctl-fd") || !strncmp(argv[i], "--ctl-fd=", 9))
			return run_live(argc, argv);
	return run_offline(argc, argv);
}
