/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/eal.h"

#ifdef VEX_DPDK

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_log.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define EAL_ARGS_MAX 64

bool eal_start(const char *program, char *words)
{
	static const char *const fixed[] = {
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

	argv[argc++] = (char *)(uintptr_t)program;
	for (unsigned int i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		argv[argc++] = (char *)(uintptr_t)fixed[i];
	for (char *word = words ? strtok_r(words, " ", &save) : NULL; word && argc < EAL_ARGS_MAX;
		word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	argv[argc] = NULL;
	if (rte_eal_init(argc, argv) >= 0)
		return true;
	fprintf(stderr, "%s: DPDK does not start: %s\n", program, rte_strerror(rte_errno));
	return false;
}

void eal_stop(void)
{
	rte_eal_cleanup();
}

#endif
