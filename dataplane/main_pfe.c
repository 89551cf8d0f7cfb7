/* SPDX-License-Identifier: BSD-3-Clause */
/* vex-pfe: the packet forwarding engine on DPDK. Offline it needs no root, hugepages or NIC. */
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_log.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/buf.h"
#include "dataplane/offline.h"

#define EAL_ARGS_MAX 64

/*
 * Starts DPDK on ordinary memory. Its arguments are our own and those of --eal; its notices go
 * nowhere, its errors to standard error.
 */
static bool start_eal(const struct offline_options *o, char *words)
{
	static const char *const fixed[] = {
		"vex-pfe",
		"--no-huge",
		"--no-shconf",
		"--no-pci",
		"--no-telemetry",
		"--lcores=0",
		"--log-level=lib.eal:error",
		"-m",
		"1024",
	};
	char *argv[EAL_ARGS_MAX + 1];
	char *save = NULL;
	int argc = 0;

	for (unsigned int i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		argv[argc++] = (char *)(uintptr_t)fixed[i];
	for (char *word = strtok_r(words, " ", &save); word && argc < EAL_ARGS_MAX;
		word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	argv[argc] = NULL;
	if (rte_eal_init(argc, argv) >= 0)
		return true;
	fprintf(stderr, "%s: DPDK does not start: %s\n", o->program, rte_strerror(rte_errno));
	return false;
}

int main(int argc, char **argv)
{
	struct offline_options options;
	struct buf_pools *pools = NULL;
	enum offline_exit status;
	char why[256];
	char *words;

	if (!offline_parse(&options, argc, argv, true, &status))
		return status;
	words = strdup(options.eal ? options.eal : "");
	if (!words || !start_eal(&options, words)) {
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
	rte_eal_cleanup();
	free(words);
	return status;
}
