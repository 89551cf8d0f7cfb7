/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/core.h"

#include <string.h>

#include "dataplane/hash.h"
#include "dataplane/pkt.h"

#define TICKS_PER_SEC UINT64_C(1000)
#define TICK_NEVER    UINT64_MAX

static void tell_gone(void *ctx, uint64_t mac, uint16_t bd, uint16_t lport)
{
	struct core *c = ctx;
	const struct evlog_event event = {
		.time = c->tick * VEX_PS_PER_TICK,
		.mac = mac,
		.type = EVLOG_MAC_AGED,
		.lport = lport,
		.bd = bd,
	};

	evlog_add(&c->log, &event);
}

/* Entries that go from now on are told of, if the tables say so. */
static void set_gone(struct core *c)
{
	c->mac.gone = c->tables->switch_flags & VEX_SWITCH_MAC_EVENTS ? tell_gone : NULL;
	c->mac.gone_ctx = c;
}

bool core_create(struct core *c, const struct core_params *params)
{
	*c = (struct core){.params = *params};
	c->tables = tables_create(params->ports, &params->scale);
	if (c->tables && mac_create(&c->mac, &params->scale, hash_fmix64(params->seed + 1)))
		return true;
	tables_destroy(c->tables);
	c->tables = NULL;
	return false;
}

void core_destroy(struct core *c)
{
	mac_destroy(&c->mac);
	tables_destroy(c->tables);
	c->tables = NULL;
}

/*
 * Publishes a changed and derived generation, then deletes addresses that it no longer allows: not before,
 * since a worker that still reads the old one would learn them again.
 */
static void publish(struct core *c, struct tables *next)
{
	struct tables *old = c->tables;
	bool unused;

	c->tables = next;
	set_gone(c);
	unused = c->params.publish(c->params.ctx, old, next);
	mac_revalidate(&c->mac, old, next, c->tick, c->params.concurrent);
	c->age_tick = 0;
	if (unused)
		tables_destroy(old);
}

static bool is_mac_op(const struct vex_op *op)
{
	return op->type == VEX_OP_MAC_SET || op->type == VEX_OP_MAC_DEL ||
	       op->type == VEX_OP_MAC_FLUSH;
}

/*
 * The part of a transaction that touches the MAC table. What another operation of the same
 * transaction took away (its VLAN, its port) needs no change any more.
 */
static void apply_mac(struct core *c, const struct vex_op *op, uint32_t *credit)
{
	if (!is_mac_op(op) || tables_stage(c->tables, op) != VEX_OK)
		return;
	switch (op->type) {
	case VEX_OP_MAC_SET:
		/* Counted itself, then no longer as reserved: workers never see too much room. */
		if (mac_set(&c->mac, c->tables, &op->mac) && *credit) {
			mac_unreserve(&c->mac, 1);
			--*credit;
		}
		break;
	case VEX_OP_MAC_DEL:
		mac_delete(&c->mac, c->tables, op->mac.bd, load_mac(op->mac.mac));
		break;
	case VEX_OP_MAC_FLUSH:
		mac_flush(&c->mac, c->tables, &op->mac_flush);
		break;
	default:
		break;
	}
}

/*
 * Room in the MAC table for a transaction. Workers learn meanwhile: room that it was promised stays
 * counted until the address that it is for has been counted itself.
 */
struct room {
	uint32_t reserved; /* for new addresses */
	uint32_t freed;	   /* by addresses that it deletes, for those that it sets behind them */
	uint32_t promised; /* for addresses whose room is free only when others have gone */
};

static enum vex_status stage_room(
	struct mac_table *m, const struct tables *next, const struct vex_op *op, struct room *room)
{
	bool counts = mac_counts(m, next, op->mac.bd, load_mac(op->mac.mac));

	if (op->type == VEX_OP_MAC_DEL) {
		room->freed += counts;
	} else if (!counts) {
		if (room->freed) {
			room->freed--;
			room->promised++;
		} else if (mac_reserve(m, 1)) {
			room->reserved++;
		} else {
			return VEX_NO_RESOURCE;
		}
	}
	return VEX_OK;
}

/* Stages every operation until one takes no more; whether all were. */
static bool stage_each(struct core_txn *x, struct room *room)
{
	bool ok = true;

	for (size_t i = 0; i < x->n; i++) {
		struct vex_op *op = &x->ops[i];

		if (atomic_load_explicit(&x->cancelled, memory_order_relaxed))
			return false;
		op->status = tables_stage(x->next, op);
		if (op->status == VEX_OK &&
			(op->type == VEX_OP_MAC_SET || op->type == VEX_OP_MAC_DEL))
			op->status = stage_room(x->mac, x->next, op, room);
		ok = ok && op->status == VEX_OK;
	}
	return ok;
}

/*
 * Stages every operation; if one is refused the others are ABORTED. Leaves room reserved for the
 * addresses that it sets, x->credit of them.
 */
static bool stage_all(struct core_txn *x)
{
	struct room room = {0};

	if (stage_each(x, &room)) {
		x->credit = room.reserved + mac_promise(x->mac, room.promised);
		return true;
	}
	mac_unreserve(x->mac, room.reserved);
	for (size_t i = 0; i < x->n; i++)
		if (x->ops[i].status == VEX_OK)
			x->ops[i].status = VEX_ABORTED;
	return false;
}

/* Operations on the MAC table alone need no new generation; checking them changes nothing. */
static bool is_mac_only(const struct vex_op *ops, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!is_mac_op(&ops[i]))
			return false;
	return true;
}

static bool set_links(struct core *c, const struct lport_set *down)
{
	struct tables *next = tables_clone(c->tables);

	if (!next)
		return false;
	for (uint32_t i = 0; i < next->ports; i++)
		next->port[i].link_down = (uint8_t)lport_set_has(down, i);
	tables_derive(next);
	publish(c, next);
	return true;
}

/* Without memory they wait for the next tick. */
static void set_waiting_links(struct core *c)
{
	if (!c->links_waiting)
		return;
	if (memcmp(&c->links_were_down, &c->links_down, sizeof(c->links_down)) != 0) {
		if (!set_links(c, &c->links_were_down))
			return;
		c->links_were_down = c->links_down;
	}
	c->links_waiting = !set_links(c, &c->links_down);
}

bool core_set_links(struct core *c, const struct lport_set *down)
{
	if (!c->held && !c->links_waiting)
		return set_links(c, down);
	if (!c->links_waiting)
		c->links_were_down = (struct lport_set){0};
	for (unsigned int w = 0; w < VEX_LPORTS_MAX / 64; w++)
		c->links_were_down.word[w] |= down->word[w];
	c->links_down = *down;
	c->links_waiting = true;
	return true;
}

void core_txn_begin(struct core *c, struct core_txn *x, struct vex_op *ops, size_t n)
{
	*x = (struct core_txn){.ops = ops, .n = n, .mac = &c->mac, .base = c->tables};
	c->held = true;
}

void core_txn_build(struct core_txn *x)
{
	bool mac_only = is_mac_only(x->ops, x->n);

	x->next = mac_only ? x->base : tables_clone(x->base);
	if (!x->next) {
		for (size_t i = 0; i < x->n; i++)
			x->ops[i].status = VEX_NO_RESOURCE;
		return;
	}
	x->ok = stage_all(x);
	if (x->ok && !mac_only)
		tables_derive(x->next);
}

void core_txn_cancel(struct core_txn *x)
{
	atomic_store_explicit(&x->cancelled, true, memory_order_relaxed);
}

/* What had to wait comes now, or (what happens at ticks) at the next one. */
static void end(struct core *c, struct core_txn *x)
{
	mac_unreserve(&c->mac, x->credit);
	x->credit = 0;
	c->held = false;
	set_waiting_links(c);
}

void core_txn_drop(struct core *c, struct core_txn *x)
{
	if (x->next != x->base)
		tables_destroy(x->next);
	end(c, x);
}

bool core_txn_publish(struct core *c, struct core_txn *x)
{
	if (!x->ok) {
		core_txn_drop(c, x);
		return false;
	}
	if (x->next == x->base)
		return true;
	for (size_t i = 0; i < x->n; i++) {
		if (x->ops[i].type != VEX_OP_PORT_UP)
			continue;
		c->recover_tick[x->ops[i].port.port] = 0;
		c->shutdown[x->ops[i].port.port] = 0;
	}
	publish(c, x->next);
	return true;
}

bool core_txn_apply(struct core *c, struct core_txn *x, size_t most)
{
	for (size_t spent = 0; x->applied < x->n && spent < most; x->applied++) {
		const struct vex_op *op = &x->ops[x->applied];

		spent = op->type == VEX_OP_MAC_FLUSH ? most : spent + 1;
		apply_mac(c, op, &x->credit);
	}
	if (x->applied < x->n)
		return false;
	end(c, x);
	return true;
}

bool core_apply(struct core *c, struct vex_op *ops, size_t n)
{
	struct core_txn x;

	core_txn_begin(c, &x, ops, n);
	core_txn_build(&x);
	if (!core_txn_publish(c, &x))
		return false;
	while (!core_txn_apply(c, &x, n))
		continue;
	return true;
}

/*
 * Housekeeping: what happens at ticks. Effects that a stage asked for on an earlier stage (a port
 * shut down by storm control or a MAC limit), recovery from them, and ageing, in this order.
 */

void core_request_shutdown(struct core *c, uint16_t port, enum drop_reason cause)
{
	if (!c->shutdown[port] || cause < c->shutdown[port])
		c->shutdown[port] = (uint8_t)cause;
	c->shutdown_pending = true;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

uint64_t core_next_tick(const struct core *c)
{
	uint64_t soonest = c->tick + 1;
	uint64_t next = c->shutdown_pending || c->links_waiting ? soonest : TICK_NEVER;

	if (c->held)
		return TICK_NEVER;
	for (uint32_t i = 0; i < c->tables->ports; i++)
		if (c->recover_tick[i])
			next = earlier(next, later(c->recover_tick[i], soonest));
	if (atomic_load_explicit(&c->mac.dynamic, memory_order_relaxed))
		next = earlier(next, later(c->age_tick, soonest));
	return next;
}

static void log_port(
	struct core *c, uint64_t tick, enum evlog_type type, uint16_t port, enum drop_reason cause)
{
	const struct evlog_event event = {
		.time = tick * VEX_PS_PER_TICK,
		.type = (uint16_t)type,
		.lport = port,
		.bd = VEX_BD_NONE,
		.cause = (uint8_t)cause,
	};

	evlog_add(&c->log, &event);
}

/* Changes the shutdown state of a port in a generation that may not exist yet. */
static bool set_shutdown(struct core *c, struct tables **next, uint16_t port, bool down)
{
	if (!*next)
		*next = tables_clone(c->tables);
	if (!*next)
		return false;
	(*next)->port[port].shutdown = down;
	return true;
}

/* A MAC limit is that of a logical port: its shutdown takes every member of a LAG. */
static void spread_over_lag(struct core *c)
{
	for (uint16_t i = 0; i < c->tables->ports; i++) {
		if (c->shutdown[i] != DROP_MAC_LIMIT)
			continue;
		for (uint16_t j = 0; j < c->tables->ports; j++)
			if (c->tables->port[j].lport == c->tables->port[i].lport)
				c->shutdown[j] = DROP_MAC_LIMIT;
	}
}

/* Without memory for a generation the requests stay and are tried again at the next tick. */
static void shut_ports(struct core *c, struct tables **next, uint64_t tick)
{
	if (!c->shutdown_pending)
		return;
	spread_over_lag(c);
	for (uint16_t i = 0; i < c->tables->ports; i++) {
		uint32_t seconds = c->tables->port[i].recovery_seconds;

		if (!c->shutdown[i])
			continue;
		if (!set_shutdown(c, next, i, true))
			return;
		log_port(c, tick, EVLOG_PORT_SHUTDOWN, i, c->shutdown[i]);
		c->shutdown[i] = 0;
		c->recover_tick[i] = seconds ? tick + seconds * TICKS_PER_SEC : 0;
	}
	c->shutdown_pending = false;
}

static void recover_ports(struct core *c, struct tables **next, uint64_t tick)
{
	for (uint16_t i = 0; i < c->tables->ports; i++) {
		if (!c->recover_tick[i] || c->recover_tick[i] > tick)
			continue;
		if (!set_shutdown(c, next, i, false))
			return;
		c->recover_tick[i] = 0;
		log_port(c, tick, EVLOG_PORT_RECOVERED, i, DROP_NONE);
	}
}

/*
 * Sweeps when an entry that the last sweep saw may be too old, and soon enough for any that was
 * learned since.
 */
static void age(struct core *c, uint64_t tick)
{
	uint64_t youngest = tick + (uint64_t)c->tables->age_seconds_min * TICKS_PER_SEC;

	if (tick < c->age_tick)
		return;
	c->mac_aged += mac_age(&c->mac, c->tables, tick, &c->age_tick);
	c->age_tick = earlier(c->age_tick, youngest);
}

void core_tick(struct core *c, uint64_t tick)
{
	struct tables *next = NULL;

	if (c->held) {
		c->tick = tick;
		return;
	}
	set_waiting_links(c);
	shut_ports(c, &next, tick);
	recover_ports(c, &next, tick);
	c->tick = tick;
	if (next) {
		tables_derive(next);
		publish(c, next);
	}
	age(c, tick);
}
