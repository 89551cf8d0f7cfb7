/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/eal.h"

#ifdef VEX_DPDK

/* rte_vect_get_max_simd_bitwidth() is not in the stable ABI of 22.11. */
#define ALLOW_EXPERIMENTAL_API

#include <errno.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_log.h>
#include <rte_vect.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EAL_ARGS_MAX 256

/*
 * DPDK makes a folder for files that processes share, and complains when another user's is in the
 * way. Nothing is shared here: it gets one of its own, which goes at once.
 */
#define RUNTIME_DIR "/tmp/vex-eal-XXXXXX"
#define LCORES_SIZE 16384

/* The processors that the caller may use, "0,1"; false if they cannot be learned. */
static bool allowed_cpus(char *cpus, size_t size, const struct eal_config *config)
{
	cpu_set_t set;
	size_t n = 0;

	if (sched_getaffinity(0, sizeof(set), &set) != 0) {
		fprintf(stderr, "%s: cannot learn which processors to use\n", config->program);
		return false;
	}
	for (int cpu = 0; cpu < CPU_SETSIZE && n < size - 16; cpu++)
		if (CPU_ISSET(cpu, &set))
			n += (size_t)snprintf(cpus + n, size - n, "%s%d", n ? "," : "", cpu);
	for (unsigned int i = 0; i < config->n_cores; i++) {
		if (config->cores[i] < CPU_SETSIZE && CPU_ISSET(config->cores[i], &set))
			continue;
		fprintf(stderr,
			"%s: processor %u, of \"cores\" in the platform file, is none that this "
			"process may use: %s\n",
			config->program, config->cores[i], cpus);
		return false;
	}
	return true;
}

/*
 * "--lcores=0@(0,1),1@(0,1)": every lcore on the processors that the caller may use, since DPDK
 * would pin each to one; a worker's on its core if it has one.
 */
static bool lcores_argument(char text[LCORES_SIZE], const struct eal_config *config)
{
	char cpus[LCORES_SIZE / 4] = "";
	size_t n;

	if (!allowed_cpus(cpus, sizeof(cpus), config))
		return false;
	n = (size_t)snprintf(text, LCORES_SIZE, "--lcores=0@(%s)", cpus);
	for (unsigned int i = 1; i < config->lcores && n < LCORES_SIZE; i++) {
		if (config->n_cores)
			n += (size_t)snprintf(text + n, LCORES_SIZE - n, ",%u@%u", i,
				config->cores[(i - 1) % config->n_cores]);
		else
			n += (size_t)snprintf(text + n, LCORES_SIZE - n, ",%u@(%s)", i, cpus);
	}
	if (n >= LCORES_SIZE)
		fprintf(stderr, "%s: too many threads on too many processors\n", config->program);
	return n < LCORES_SIZE;
}

bool eal_has_hugepages(unsigned int memory_mb)
{
	FILE *f = fopen("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages", "r");
	unsigned int pages = 0;
	bool read = f && fscanf(f, "%u", &pages) == 1;

	if (f)
		fclose(f);
	return read && pages >= (memory_mb + 1) / 2;
}

static bool init(const struct eal_config *config)
{
	static const char *const fixed[] = {
		"--no-telemetry",
		"--log-level=lib.eal:error",
	};
	char *argv[EAL_ARGS_MAX + 1];
	char lcores[LCORES_SIZE];
	char memory[16];
	char *save = NULL;
	int argc = 0;

	if (!lcores_argument(lcores, config))
		return false;
	snprintf(memory, sizeof(memory), "%u", config->memory_mb);
	argv[argc++] = (char *)(uintptr_t)config->program;
	for (unsigned int i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		argv[argc++] = (char *)(uintptr_t)fixed[i];
	argv[argc++] = lcores;
	if (!config->n_pci)
		argv[argc++] = (char *)(uintptr_t) "--no-pci";
	for (unsigned int i = 0; i < config->n_pci && argc < EAL_ARGS_MAX / 2; i++) {
		argv[argc++] = (char *)(uintptr_t) "-a";
		argv[argc++] = (char *)(uintptr_t)config->pci[i];
	}
	argv[argc++] = (char *)(uintptr_t) "-m";
	argv[argc++] = memory;
	if (config->hugepages) {
		argv[argc++] = (char *)(uintptr_t) "--in-memory";
	} else {
		argv[argc++] = (char *)(uintptr_t) "--no-huge";
		argv[argc++] = (char *)(uintptr_t) "--no-shconf";
	}
	for (char *word = config->words ? strtok_r(config->words, " ", &save) : NULL;
		word && argc < EAL_ARGS_MAX; word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	argv[argc] = NULL;
	if (rte_eal_init(argc, argv) >= 0)
		return true;
	fprintf(stderr, "%s: DPDK does not start: %s\n", config->program, rte_strerror(rte_errno));
	return false;
}

bool eal_start(const struct eal_config *config)
{
	char dir[sizeof(RUNTIME_DIR)] = RUNTIME_DIR;
	char path[sizeof(dir) + 16];
	bool started;

	if (!mkdtemp(dir) || setenv("RUNTIME_DIRECTORY", dir, 1) != 0) {
		fprintf(stderr, "%s: cannot make a folder in /tmp: %s\n", config->program,
			strerror(errno));
		return false;
	}
	started = init(config);
	snprintf(path, sizeof(path), "%s/dpdk/rte", dir);
	rmdir(path);
	snprintf(path, sizeof(path), "%s/dpdk", dir);
	rmdir(path);
	rmdir(dir);
	return started;
}

unsigned int eal_simd_bits(void)
{
	return rte_vect_get_max_simd_bitwidth();
}

void eal_stop(void)
{
	rte_eal_cleanup();
}

#endif
