/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_WORKER_H
#define VEX_DATAPLANE_WORKER_H

/*
 * A poll-mode worker: receives from the ports that it owns, runs each burst through the whole
 * pipeline, and gives copies to devices or to the workers that own them (outlet.h).
 *
 * A worker shares nothing that it writes, but for the MAC table and the hand-over rings. It reads the generation of tables
 * once a burst and tells the grace period (rte_rcu_qsbr) when it holds none. Housekeeping sets
 * `stop`, `devices` and the published generation, and reads `xt.shutdown`; the worker does the rest.
 */

#include <stdatomic.h>
#include <stdbool.h>

#include "dataplane/evlog.h"
#include "dataplane/live_clock.h"
#include "dataplane/outlet.h"
#include "dataplane/xt.h"

struct rte_rcu_qsbr;
struct vex_cnt_worker;

struct worker_shared {
	_Atomic(const struct tables *) tables; /* the published generation */
	struct rte_rcu_qsbr *grace;
	struct live_clock clock;
	atomic_bool stop;
	bool sleep_when_idle;
	struct worker *workers; /* all, by id */
};

struct worker_port {
	struct ethdev *device;
	uint16_t port;
};

/*
 * Sleep of an idle worker (worker_sleep.c). It waits for its devices, as far as they have something
 * to wait for, and for whoever has work for it and calls worker_wake().
 */
struct worker_sleep {
	atomic_bool asleep;
	int wake;	     /* an eventfd */
	unsigned int rounds; /* without work */
};

struct worker {
	struct xt xt;
	struct burst rx;
	struct worker_shared *shared;
	unsigned int id; /* of the grace period and of the hand-over */
	unsigned int ports;
	struct worker_port port[VEX_PORTS_MAX];
	struct outlet out;
	struct evlog log;   /* stages write it */
	struct evlog given; /* housekeeping's while has_given, the worker's otherwise */
	atomic_bool has_given;
	uint64_t rx_number;
	struct punt_queue *injected;  /* frames of the routing engine, from housekeeping */
	struct vex_cnt_worker *shown; /* in shared memory (control/abi.h) */
	struct worker_sleep sleep;
};

/*
 * Wakes a worker if it sleeps: there is work for it that was published before. From any thread;
 * cheap if it does not sleep.
 */
void worker_wake(struct worker *w);

/* After each round of the loop: sleeps if there was no work for some time. */
void worker_rest(struct worker *w, bool worked);

/* The loop, until shared->stop. For rte_eal_remote_launch; the argument is a struct worker. */
int worker_run(void *arg);

#endif
