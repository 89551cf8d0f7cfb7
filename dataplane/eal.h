/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_EAL_H
#define VEX_DATAPLANE_EAL_H

/*
 * DPDK's environment on ordinary memory, for the programs of the DPDK build that need no root,
 * hugepages or NIC. Only in that build.
 */

#include <stdbool.h>

/*
 * Starts DPDK. words are more arguments for it, separated by spaces, or NULL; the string is written
 * to and must live until eal_stop. DPDK's notices go nowhere, its errors to standard error, under
 * the name of the program. Once a process.
 */
bool eal_start(const char *program, char *words);
void eal_stop(void);

#endif
