/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_LIVE_H
#define VEX_DATAPLANE_LIVE_H

/*
 * The live switch: devices, workers, and housekeeping around a core (core.h), driven by operations
 * from shared memory (control/shm.h).
 *
 * The thread that calls live_run is the housekeeper. It wakes on the operation event or after a
 * tick of 1 ms, takes operations, runs due ticks, and publishes link states and heartbeats.
 * Workers run on DPDK's other lcores.
 */

struct live_options {
	const char *program;
	const char *instance;
	const char *platform; /* file */
	int ctl_fd;	      /* inherited from the supervisor, as are the others */
	int cnt_fd;
	int op_event_fd;  /* control: there are operations */
	int ack_event_fd; /* to control: there are acknowledgements or events */
};

/*
 * Runs until SIGTERM or SIGINT; the exit status of the process. What keeps it from starting is one
 * line on standard error.
 */
int live_run(const struct live_options *o);

#endif
