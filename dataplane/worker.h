/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_WORKER_H
#define VEX_DATAPLANE_WORKER_H

/*
 * A poll-mode worker: receives from the ports that it owns, runs each burst through the whole
 * pipeline, and hands copies to the devices.
 *
 * A worker shares nothing that it writes, but for the MAC table. It reads the generation of tables
 * once a burst and tells the grace period (rte_rcu_qsbr) when it holds none. Housekeeping sets
 * `stop`, `devices` and the published generation, and reads `xt.shutdown`; the worker does the rest.
 */

#include <stdatomic.h>
#include <stdbool.h>

#include "dataplane/evlog.h"
#include "dataplane/xt.h"
#include "ports/ethdev.h"

struct rte_rcu_qsbr;

/* The clock of a live switch: picoseconds since it started, from the time-stamp counter. */
struct live_clock {
	uint64_t start;
	uint64_t ps_per_tick_32; /* picoseconds per clock, in 2^-32 */
};

struct worker_shared {
	_Atomic(const struct tables *) tables; /* the published generation */
	struct rte_rcu_qsbr *grace;
	struct live_clock clock;
	atomic_bool stop;
	bool sleep_when_idle;
};

struct worker_port {
	struct ethdev *device;
	uint16_t port;
};

struct worker {
	struct xt xt;
	struct burst rx;
	struct worker_shared *shared;
	unsigned int id; /* of the grace period */
	unsigned int ports;
	struct worker_port port[VEX_PORTS_MAX];
	struct ethdev_tx tx;
	struct evlog log;   /* stages write it */
	struct evlog given; /* housekeeping's while has_given, the worker's otherwise */
	atomic_bool has_given;
	uint64_t rx_number;
	_Atomic uint64_t *heartbeat; /* rounds of the loop */
	_Atomic uint64_t *busy_clocks;
	_Atomic uint64_t *idle_clocks;
};

vex_time live_clock_now(const struct live_clock *c);
void live_clock_start(struct live_clock *c);

/* The loop, until shared->stop. For rte_eal_remote_launch; the argument is a struct worker. */
int worker_run(void *arg);

#endif
