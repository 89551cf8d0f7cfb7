/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/pipeline.h"
#include "qos/queue.h"
#include "qos/storm.h"

/* A new generation: ports that went down lose what they have queued. One worker, between bursts. */
static bool publish(void *ctx, const struct tables *old, const struct tables *next)
{
	struct engine *e = ctx;

	e->xt.tables = next;
	for (uint16_t i = 0; i < next->ports; i++)
		if (old->port[i].up && !next->port[i].up)
			queues_purge(e->xt.queues, i, DROP_QUEUE_PORT_DOWN);
	queues_configure(e->xt.queues, next);
	return true;
}

static bool create_parts(
	struct engine *e, const struct engine_params *params, char *why, size_t size)
{
	const struct core_params core = {
		.ports = params->ports,
		.scale = params->scale,
		.seed = params->seed,
		.publish = publish,
		.ctx = e,
	};

	if (!params->pools)
		e->own_pools = buf_pools_create(why, size);
	e->xt.pools = params->pools ? params->pools : e->own_pools;
	if (!e->xt.pools)
		return false;
	e->xt.storm = storm_create();
	if (!core_create(&e->core, &core) || !e->xt.storm || !tx_ring_create(&e->tx)) {
		snprintf(why, size, "out of memory for the tables");
		return false;
	}
	e->xt.queues = queues_create(params->ports, &e->counters, &e->tx);
	if (!e->xt.queues) {
		snprintf(why, size, "out of memory for the queues");
		return false;
	}
	return true;
}

struct engine *engine_create(const struct engine_params *params, char *why, size_t size)
{
	struct engine *e = aligned_alloc(64, (sizeof(*e) + 63) & ~(size_t)63);

	if (!e) {
		snprintf(why, size, "out of memory");
		return NULL;
	}
	memset(e, 0, sizeof(*e));
	if (!create_parts(e, params, why, size)) {
		engine_destroy(e);
		return NULL;
	}
	e->burst_max = params->burst;
	e->xt.mac = &e->core.mac;
	e->xt.counters = &e->counters;
	e->xt.policers = &e->policers;
	e->xt.log = &e->core.log;
	e->xt.tables = e->core.tables;
	e->xt.base_mac = params->base_mac;
	hash_seeds(params->seed, e->xt.seed);
	queues_configure(e->xt.queues, e->core.tables);
	return e;
}

void engine_destroy(struct engine *e)
{
	if (!e)
		return;
	for (struct pkt *p = e->rx.pkt; p < e->rx.pkt + e->rx.n; p++)
		buf_free(p->buf);
	queues_destroy(e->xt.queues);
	tx_ring_destroy(&e->tx);
	storm_destroy(e->xt.storm);
	core_destroy(&e->core);
	buf_pools_destroy(e->own_pools);
	free(e);
}

bool engine_apply(struct engine *e, struct vex_op *ops, size_t n)
{
	engine_settle(e);
	return core_apply(&e->core, ops, n);
}

/* Hands the requests of the stages to housekeeping. */
static void take_shutdowns(struct engine *e)
{
	for (uint16_t i = 0; i < e->core.tables->ports; i++) {
		if (e->xt.shutdown[i])
			core_request_shutdown(&e->core, i, e->xt.shutdown[i]);
		e->xt.shutdown[i] = 0;
	}
	e->xt.shutdown_pending = false;
}

void engine_flush(struct engine *e)
{
	if (e->rx.n)
		pipeline_run(&e->xt, &e->rx);
	if (e->xt.shutdown_pending)
		take_shutdowns(e);
}

void engine_settle(struct engine *e)
{
	engine_flush(e);
	queues_advance(e->xt.queues, e->now);
}

/* Runs the ticks up to t, each after the departures before it. */
static void run_ticks(struct engine *e, vex_time t)
{
	uint64_t last = t / VEX_PS_PER_TICK;
	uint64_t tick;

	while ((tick = core_next_tick(&e->core)) <= last) {
		queues_advance(e->xt.queues, tick * VEX_PS_PER_TICK - 1);
		core_tick(&e->core, tick);
	}
	e->core.tick = last;
	e->xt.ms = last;
}

void engine_advance(struct engine *e, vex_time t)
{
	engine_flush(e);
	if (t < e->now)
		t = e->now;
	run_ticks(e, t);
	queues_advance(e->xt.queues, t);
	e->now = t;
}

vex_time engine_next_departure(struct engine *e)
{
	engine_flush(e);
	return queues_next(e->xt.queues);
}

/* Fills the next slot of the burst with the frame. */
static bool receive(
	struct engine *e, uint16_t port, const uint8_t *frame, uint32_t captured, uint32_t original)
{
	bool whole = captured == original && original <= PKT_LEN_MAX;
	uint32_t keep = whole || captured < PKT_HEAD_MAX ? captured : PKT_HEAD_MAX;
	struct pkt *p = &e->rx.pkt[e->rx.n];

	pkt_clear(p);
	if (!buf_alloc(e->xt.pools, keep, p))
		return false;
	memcpy(p->data, frame, keep);
	p->len = original;
	p->in_port = port;
	p->time = e->now;
	p->number = e->rx_number++;
	if (captured < original)
		p->flags = PKT_F_TRUNCATED;
	e->counters.port[port].rx_packets++;
	e->counters.port[port].rx_bytes += original;
	e->rx.n++;
	return true;
}

enum engine_rx_result engine_rx(struct engine *e, uint32_t port, vex_time time,
	const uint8_t *frame, uint32_t captured, uint32_t original)
{
	if (port >= e->core.tables->ports)
		return ENGINE_RX_NO_PORT;
	if (time > VEX_TIME_MAX && time != VEX_TIME_NEVER)
		return ENGINE_RX_TOO_LATE;
	if (time == VEX_TIME_NEVER || time < e->now) {
		e->counters.port[port].time_backwards++;
		time = e->now;
	}
	if (e->rx.n && time / VEX_PS_PER_TICK != e->xt.ms)
		engine_flush(e);
	if (!e->rx.n)
		run_ticks(e, time);
	e->now = time;
	if (!receive(e, (uint16_t)port, frame, captured, original))
		return ENGINE_RX_NO_MEMORY;
	if (e->rx.n >= e->burst_max)
		engine_flush(e);
	return ENGINE_RX_OK;
}
