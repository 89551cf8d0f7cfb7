/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_CORE_H
#define VEX_DATAPLANE_CORE_H

/*
 * The tables of a switch and their housekeeping, without workers and without a clock.
 *
 * A driver puts workers and time around it: the engine (engine.h) on virtual time with one worker,
 * the live switch with many. One thread, the housekeeper, calls every function here. Workers read
 * the generation that the driver gave them and learn into the MAC table by themselves.
 */

#include <stddef.h>

#include "dataplane/counters.h"
#include "dataplane/evlog.h"
#include "dataplane/mac.h"
#include "dataplane/tables.h"

struct core_params {
	uint32_t ports;
	struct table_scale scale;
	uint64_t seed;
	/*
	 * A new generation is to be used from now on. The driver makes its workers use it and
	 * returns when none of them can still read the old one; false if it gave up waiting, then
	 * the old one is never freed.
	 */
	bool (*publish)(void *ctx, const struct tables *old, const struct tables *next);
	void *ctx;
};

struct core {
	struct core_params params;
	struct tables *tables;
	struct mac_table mac;
	struct evlog log;
	uint64_t tick;	   /* the latest that has run, or was skipped */
	uint64_t age_tick; /* no entry of the MAC table is too old before it */
	uint64_t mac_aged; /* entries that ageing deleted */
	uint8_t shutdown
		[VEX_PORTS_MAX]; /* enum drop_reason: to go down at the next tick, and why */
	bool shutdown_pending;
	uint64_t recover_tick[VEX_PORTS_MAX]; /* 0: none */
};

/* False without memory; then nothing is held. All ports are down. */
bool core_create(struct core *c, const struct core_params *params);
void core_destroy(struct core *c);

/*
 * Applies operations as one transaction, writes each status, and returns whether all were applied.
 * If not, nothing changed: the refused ones say why, the others ABORTED.
 */
bool core_apply(struct core *c, struct vex_op *ops, size_t n);

/*
 * The driver's links: the ports in down have none. Every port has a link until it says otherwise.
 * False without memory; then nothing changed.
 */
bool core_set_links(struct core *c, const struct lport_set *down);

/* Housekeeping: the next tick after c->tick at which something happens, and that tick. */
uint64_t core_next_tick(const struct core *c);
void core_tick(struct core *c, uint64_t tick);

/* A stage asked for a port to go down at the next tick. */
void core_request_shutdown(struct core *c, uint16_t port, enum drop_reason cause);

#endif
