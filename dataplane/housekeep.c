/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Housekeeping: what happens at ticks. Effects that a stage asked for on an earlier stage (a port
 * shut down by storm control or a MAC limit), recovery from them, and ageing, in this order.
 */
#include "dataplane/engine.h"

#define TICKS_PER_SEC UINT64_C(1000)
#define TICK_NEVER    UINT64_MAX

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t housekeep_next(const struct engine *e)
{
	uint64_t next = e->xt.shutdown_pending ? e->tick + 1 : TICK_NEVER;
	uint8_t shift = e->tables->age_shift_min;

	for (uint32_t i = 0; i < e->tables->ports; i++)
		if (e->recover_tick[i])
			next = earlier(next, e->recover_tick[i]);
	if (atomic_load_explicit(&e->mac.learned, memory_order_relaxed))
		next = earlier(next, ((e->tick >> shift) + 1) << shift);
	return next;
}

static void log_port(struct engine *e, uint64_t tick, enum evlog_type type, uint16_t port,
	enum drop_reason cause)
{
	evlog_add(&e->log, &(struct evlog_event){
				   .time = tick * VEX_PS_PER_TICK,
				   .type = (uint16_t)type,
				   .lport = port,
				   .bd = VEX_BD_NONE,
				   .cause = (uint8_t)cause,
			   });
}

/* Changes the shutdown state of ports in a generation that may not exist yet. */
static bool set_shutdown(struct engine *e, struct tables **next, uint16_t port, bool down)
{
	if (!*next)
		*next = tables_clone(e->tables);
	if (!*next)
		return false;
	(*next)->port[port].shutdown = down;
	return true;
}

static void recover_ports(struct engine *e, struct tables **next, uint64_t tick)
{
	for (uint16_t i = 0; i < e->tables->ports; i++) {
		if (!e->recover_tick[i] || e->recover_tick[i] > tick)
			continue;
		if (!set_shutdown(e, next, i, false))
			return;
		e->recover_tick[i] = 0;
		log_port(e, tick, EVLOG_PORT_RECOVERED, i, DROP_NONE);
	}
}

/* A MAC limit is that of a logical port: its shutdown takes every member of a LAG. */
static void spread_over_lag(struct engine *e)
{
	for (uint16_t i = 0; i < e->tables->ports; i++) {
		if (e->xt.shutdown[i] != DROP_MAC_LIMIT)
			continue;
		for (uint16_t j = 0; j < e->tables->ports; j++)
			if (e->tables->port[j].lport == e->tables->port[i].lport)
				e->xt.shutdown[j] = DROP_MAC_LIMIT;
	}
}

/* Without memory for a generation the requests stay and are tried again at the next tick. */
static void shut_ports(struct engine *e, struct tables **next, uint64_t tick)
{
	if (!e->xt.shutdown_pending)
		return;
	spread_over_lag(e);
	for (uint16_t i = 0; i < e->tables->ports; i++) {
		uint32_t seconds = e->tables->port[i].recovery_seconds;

		if (!e->xt.shutdown[i])
			continue;
		if (!set_shutdown(e, next, i, true))
			return;
		log_port(e, tick, EVLOG_PORT_SHUTDOWN, i, e->xt.shutdown[i]);
		e->xt.shutdown[i] = 0;
		e->recover_tick[i] = seconds ? tick + seconds * TICKS_PER_SEC : 0;
	}
	e->xt.shutdown_pending = false;
}

void housekeep_tick(struct engine *e, uint64_t tick)
{
	uint8_t shift = e->tables->age_shift_min;
	struct tables *next = NULL;

	shut_ports(e, &next, tick);
	recover_ports(e, &next, tick);
	if (next) {
		tables_derive(next);
		engine_publish(e, next);
		mac_revalidate(&e->mac, e->tables);
	}
	if (((tick >> shift) << shift) == tick)
		e->counters.mac_aged += mac_age(&e->mac, e->tables, tick);
}
