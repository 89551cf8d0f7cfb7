/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/eal.h"

#ifdef VEX_DPDK

#include <errno.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_log.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EAL_ARGS_MAX 64

/*
 * DPDK makes a folder for files that processes share, and complains when another user's is in the
 * way. Nothing is shared here: it gets one of its own, which goes at once.
 */
#define RUNTIME_DIR "/tmp/vex-eal-XXXXXX"
#define LCORES_SIZE 4096

/* One lcore on the processors that the caller may use: DPDK would pin it to processor 0. */
static bool lcores_argument(char text[LCORES_SIZE])
{
	size_t n = (size_t)snprintf(text, LCORES_SIZE, "--lcores=0@(");
	const char *comma = "";
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return false;
	for (int cpu = 0; cpu < CPU_SETSIZE && n < LCORES_SIZE - 16; cpu++) {
		if (!CPU_ISSET(cpu, &set))
			continue;
		n += (size_t)snprintf(text + n, LCORES_SIZE - n, "%s%d", comma, cpu);
		comma = ",";
	}
	snprintf(text + n, LCORES_SIZE - n, ")");
	return true;
}

static bool init(const char *program, char *words)
{
	static const char *const fixed[] = {
		"--no-huge",
		"--no-shconf",
		"--no-pci",
		"--no-telemetry",
		"--log-level=lib.eal:error",
		"-m",
		"1024",
	};
	char *argv[EAL_ARGS_MAX + 1];
	char lcores[LCORES_SIZE];
	char *save = NULL;
	int argc = 0;

	if (!lcores_argument(lcores)) {
		fprintf(stderr, "%s: cannot learn which processors to use\n", program);
		return false;
	}
	argv[argc++] = (char *)(uintptr_t)program;
	for (unsigned int i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		argv[argc++] = (char *)(uintptr_t)fixed[i];
	argv[argc++] = lcores;
	for (char *word = words ? strtok_r(words, " ", &save) : NULL; word && argc < EAL_ARGS_MAX;
		word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	argv[argc] = NULL;
	if (rte_eal_init(argc, argv) >= 0)
		return true;
	fprintf(stderr, "%s: DPDK does not start: %s\n", program, rte_strerror(rte_errno));
	return false;
}

bool eal_start(const char *program, char *words)
{
	char dir[sizeof(RUNTIME_DIR)] = RUNTIME_DIR;
	char path[sizeof(dir) + 16];
	bool started;

	if (!mkdtemp(dir) || setenv("RUNTIME_DIRECTORY", dir, 1) != 0) {
		fprintf(stderr, "%s: cannot make a folder in /tmp: %s\n", program, strerror(errno));
		return false;
	}
	started = init(program, words);
	snprintf(path, sizeof(path), "%s/dpdk/rte", dir);
	rmdir(path);
	snprintf(path, sizeof(path), "%s/dpdk", dir);
	rmdir(path);
	rmdir(dir);
	return started;
}

void eal_stop(void)
{
	rte_eal_cleanup();
}

#endif
