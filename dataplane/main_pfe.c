/* SPDX-License-Identifier: BSD-3-Clause */
/* vex-pfe: the packet forwarding engine on DPDK. Offline it needs no root, hugepages or NIC. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/buf.h"
#include "dataplane/eal.h"
#include "dataplane/offline.h"

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
	if (!words || !eal_start(options.program, words)) {
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
