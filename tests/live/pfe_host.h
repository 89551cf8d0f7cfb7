/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_LIVE_PFE_HOST_H
#define TESTS_LIVE_PFE_HOST_H

/*
 * A real vex-pfe without a supervisor: the caller has made its shared memory and is the control
 * side. vex-pfe dies with the caller.
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "control/shm.h"

struct pfe_host {
	struct vex_shm_fds fds;
	struct vex_shm shm;
	int op_event, ack_event;
	pid_t pid;
};

/* Starts @program on a platform file and waits until it has attached. False: it was printed. */
bool pfe_host_start(struct pfe_host *h, const char *program, const char *platform);

/* SIGTERM; true if it ended with status 0. */
bool pfe_host_stop(struct pfe_host *h);

bool pfe_host_lives(const struct pfe_host *h);

void pfe_host_ring(const struct pfe_host *h);

/* Sleeps until vex-pfe rings, at most @ms. */
void pfe_host_wait(const struct pfe_host *h, int ms);

/* Monotonic time in ns. */
uint64_t pfe_host_ns(void);

#endif
