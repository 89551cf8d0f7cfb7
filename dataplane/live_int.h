/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_LIVE_INT_H
#define VEX_DATAPLANE_LIVE_INT_H

/*
 * What the files of the live switch share; the outside is live.h. One thread, the housekeeper,
 * runs all of it.
 *
 *	live.c		start, the round of housekeeping, stop
 *	live_ops.c	operations from the ring
 *	live_ports.c	devices, their links and losses
 *	live_workers.c	threads, the generation that they read, what they ask for
 *	live_events.c	events and logs to control
 *	live_punt.c	frames of the routing engine
 */

#include "control/platform.h"
#include "control/shm.h"
#include "dataplane/core.h"
#include "dataplane/handover.h"
#include "dataplane/live.h"
#include "dataplane/live_ops.h"
#include "dataplane/worker.h"
#include "qos/storm.h"

struct live_punt;

struct live {
	const struct live_options *o;
	struct platform *platform;
	struct vex_shm shm;
	struct core core;
	struct live_ops ops;
	struct buf_pools *pools;
	struct storm *storm;
	struct punt_policers policers;
	struct live_punt *punt;
	struct handover *handover;
	struct worker_shared shared;
	uint64_t overdue; /* grace period that a worker has not passed; 0: none */
	unsigned int workers;
	struct worker *worker;		      /* aligned array */
	struct ethdev *device[VEX_PORTS_MAX]; /* NULL: unbound */
	uint8_t owner[VEX_PORTS_MAX];	      /* worker that receives and sends for the port */
	struct lport_set links_down;	      /* as the tables know it */
	uint64_t devices_due;		      /* tick */
	int signals;
	bool shm_attached;
	bool eal_started;
};

/* One line on standard error; false. */
bool live_fail(const struct live *l, const char *what);

/* live_ports.c */

/* Packet buffers, small and large, that the places for frames can hold together. */
void live_ports_buffers(const struct live *l, uint32_t buffers[2]);
/* A device that does not open leaves its port down until it does; the others work. */
void live_ports_open(struct live *l);
/* Looks at every device now and then; true if control is to be woken. */
bool live_ports_watch(struct live *l);
void live_ports_close(struct live *l);

/* live_workers.c */

bool live_workers_create(struct live *l);
void live_workers_start(struct live *l);
/* Waits until every worker has let go of what it read before; false if one does not. */
bool live_workers_grace(struct live *l);
/* core_params.publish */
bool live_workers_publish(void *ctx, const struct tables *old, const struct tables *next);
/* Ports that stages want shut down, to the core. */
void live_workers_collect(struct live *l);
/* Ends the threads; frees what they had. */
void live_workers_stop(struct live *l);

/* live_punt.c */

/* After the workers were made, before they start. */
bool live_punt_create(struct live *l);
/* Moves frames both ways, a bounded number; true if control is to be woken. */
bool live_punt_move(struct live *l);
/* After the workers have ended. */
void live_punt_destroy(struct live *l);

/* live_events.c */

void live_event(struct live *l, const struct vex_event *event);
/* Events of housekeeping and of the workers go to control; true if there were any. */
bool live_events_push(struct live *l);

#endif
