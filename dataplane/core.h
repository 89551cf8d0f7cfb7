/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_CORE_H
#define VEX_DATAPLANE_CORE_H

/*
 * The tables of a switch and their housekeeping, without workers and without a clock.
 *
 * A driver puts workers and time around it: the engine (engine.h) on virtual time with one worker,
 * the live switch with many. One thread, the housekeeper, calls every function here but
 * core_txn_build and core_txn_cancel. Workers read the generation that the driver gave them and
 * learn into the MAC table by themselves.
 *
 * A transaction is applied at once by core_apply, or, if that would keep the housekeeper for too
 * long, in parts with other work between them:
 *
 *	core_txn_begin(c, &x, ops, n);
 *	core_txn_build(&x);			by another thread
 *	if (core_txn_publish(c, &x))		when that has returned
 *		while (!core_txn_apply(c, &x, 1024))
 *			;			ticks, links, dumps
 *
 * From begin until it is refused, dropped or applied the tables are held: links, ports to be shut
 * and to recover, and ageing wait for it and come right after. So the generation that it was built
 * upon is the current one when it is published, and no address leaves whose room it counted on.
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
	bool concurrent; /* workers learn while the housekeeper works */
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
	bool held;			      /* a transaction is on its way */
	bool links_waiting;
	struct lport_set links_down;	  /* that wait: the latest */
	struct lport_set links_were_down; /* at any time since they wait */
};

/* A transaction on its way; private, but for its operations. */
struct core_txn {
	struct vex_op *ops; /* the caller's, until it has ended */
	size_t n;
	struct mac_table *mac;
	struct tables *base;
	struct tables *next; /* base if it only has operations on the MAC table; NULL: none */
	uint32_t credit;     /* room of the MAC table that it has */
	size_t applied;
	bool ok;
	_Atomic bool cancelled;
};

/* False without memory; then nothing is held. All ports are down. */
bool core_create(struct core *c, const struct core_params *params);
void core_destroy(struct core *c);

/*
 * Applies operations as one transaction, writes each status, and returns whether all were applied.
 * If not, nothing changed: the refused ones say why, the others ABORTED.
 */
bool core_apply(struct core *c, struct vex_op *ops, size_t n);

/* One at a time, and no core_apply until it has ended. The operations stay where they are. */
void core_txn_begin(struct core *c, struct core_txn *x, struct vex_op *ops, size_t n);

/*
 * Checks the operations, takes room in the MAC table, and makes the generation. Once, by any thread;
 * what it reads of the core does not change meanwhile, or (the MAC table) may.
 */
void core_txn_build(struct core_txn *x);

/* Makes a build return soon; by any thread. It is to be dropped then. */
void core_txn_cancel(struct core_txn *x);

/*
 * After the build: publishes the generation; or ends a transaction that is refused and returns
 * false, each status says why.
 */
bool core_txn_publish(struct core *c, struct core_txn *x);

/*
 * After it was published: operations on the MAC table, about most of them at a time (a flush counts
 * for as many). True when all are done and the transaction has ended.
 */
bool core_txn_apply(struct core *c, struct core_txn *x, size_t most);

/* Ends one that was built, instead of publishing it: nothing changed. */
void core_txn_drop(struct core *c, struct core_txn *x);

/*
 * The driver's links: the ports in down have none. Every port has a link until it says otherwise.
 * While the tables are held it waits; a port that lost its link meanwhile is down for one
 * generation, whether it has one again or not. False without memory; then nothing changed.
 */
bool core_set_links(struct core *c, const struct lport_set *down);

/* Housekeeping: the next tick after c->tick at which something happens, and that tick. */
uint64_t core_next_tick(const struct core *c);
void core_tick(struct core *c, uint64_t tick);

/* A stage asked for a port to go down at the next tick. */
void core_request_shutdown(struct core *c, uint16_t port, enum drop_reason cause);

#endif
