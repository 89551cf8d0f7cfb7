/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_ENGINE_H
#define VEX_DATAPLANE_ENGINE_H

/*
 * One switch on virtual time: the core (core.h) with one worker and queues that depart by the clock.
 *
 * Time moves only when a frame arrives or when it is advanced. At one instant: the tick (deferred
 * effects, recovery, ageing), then departures in port order, then arrivals and operations in the
 * order given. Arrivals are collected into bursts, which end at their maximum, at a tick, and
 * whenever somebody looks; their size never changes a result. Ticks at which nothing can happen
 * are skipped.
 *
 * One thread per instance; instances share nothing.
 */

#include <stddef.h>

#include "dataplane/buf.h"
#include "dataplane/core.h"
#include "dataplane/tx.h"
#include "dataplane/xt.h"

struct engine_params {
	uint32_t ports;
	struct table_scale scale;
	uint64_t base_mac;
	uint64_t seed;
	unsigned int burst;	 /* 1 .. BURST_MAX */
	struct buf_pools *pools; /* NULL: the instance makes its own */
};

struct engine {
	struct core core;
	struct xt xt;
	struct burst rx;
	unsigned int burst_max;
	vex_time now;	    /* of the latest arrival or advance */
	uint64_t rx_number; /* of the next received packet */
	struct tx_ring tx;
	struct punt_policers policers;
	struct buf_pools *own_pools;
	struct counters counters;
};

enum engine_rx_result {
	ENGINE_RX_OK,
	ENGINE_RX_NO_PORT,
	ENGINE_RX_TOO_LATE, /* beyond VEX_TIME_MAX */
	ENGINE_RX_NO_MEMORY,
};

/* An instance with all ports down; NULL with a reason. */
struct engine *engine_create(const struct engine_params *params, char *why, size_t size);
void engine_destroy(struct engine *e);

/*
 * Applies operations as one transaction at the present time, writes each status, and returns
 * whether all were applied. If not, nothing changed: the refused ones say why, the others ABORTED.
 */
bool engine_apply(struct engine *e, struct vex_op *ops, size_t n);

/*
 * A frame arrives: captured bytes of it are given, its length was original. A time before the
 * latest, or VEX_TIME_NEVER for one before the clock's zero, counts as backwards and is taken as
 * the latest.
 */
enum engine_rx_result engine_rx(struct engine *e, uint32_t port, vex_time time,
	const uint8_t *frame, uint32_t captured, uint32_t original);

/* Lets time pass to t, which includes the departures at t. */
void engine_advance(struct engine *e, vex_time t);

/* Runs the packets that are still collected. */
void engine_flush(struct engine *e);

/* The same, and the departures up to the present time: what an onlooker sees depends on no burst. */
void engine_settle(struct engine *e);

/* When the next queued frame departs, VEX_TIME_NEVER if there is none. */
vex_time engine_next_departure(struct engine *e);

#endif
