/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_EAL_H
#define VEX_DATAPLANE_EAL_H

/*
 * DPDK's environment, private to the process: no files are shared, so any number of instances run
 * side by side, and none needs root for it. Only in the DPDK build.
 */

#include <stdbool.h>

struct eal_config {
	const char *program; /* in messages */
	unsigned int lcores; /* threads: the caller's and those for workers, 1 at least */
	const unsigned int
		*cores; /* of the workers, used in turn; n_cores 0: where the caller may */
	unsigned int n_cores;
	unsigned int memory_mb;
	bool hugepages;		/* eal_has_hugepages says whether there are any */
	const char *const *pci; /* addresses of the PCI devices to drive; no others are touched */
	unsigned int n_pci;
	char *words; /* more arguments, separated by spaces, or NULL; written to */
};

/*
 * Starts DPDK, once a process. Its threads run where the caller may, workers on their cores. words must live until
 * eal_stop. DPDK's notices go nowhere, its errors to standard error.
 */
bool eal_start(const struct eal_config *config);
void eal_stop(void);

/* Whether the kernel has free hugepages of 2 MiB for at least so much memory. */
bool eal_has_hugepages(unsigned int memory_mb);

/* Bits of the widest vectors that DPDK's libraries use; after eal_start. */
unsigned int eal_simd_bits(void);

#endif
