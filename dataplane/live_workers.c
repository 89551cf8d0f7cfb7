/* SPDX-License-Identifier: BSD-3-Clause */
/* The workers of a live switch: made, started, given generations, and stopped. */
#include <rte_cycles.h>
#include <rte_launch.h>
#include <rte_lcore.h>
#include <rte_malloc.h>
#include <rte_rcu_qsbr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "dataplane/buf.h"
#include "dataplane/live_int.h"
#include "dataplane/pipeline.h"

/* How long a grace period may take before the tables of it are given up, and how often to look. */
#define GRACE_WAIT_MS 500u
#define GRACE_STEP_US 100u

static_assert(PIPELINE_STAGES <= VEX_STAGES_MAX, "each stage has its counts in shared memory");

bool live_workers_grace(struct live *l)
{
	uint64_t token = rte_rcu_qsbr_start(l->shared.grace);
	uint64_t began = rte_get_tsc_cycles();

	/* A worker that did not pass then has not passed since: it is not waited for again. */
	if (l->overdue && !rte_rcu_qsbr_check(l->shared.grace, l->overdue, false))
		return false;
	l->overdue = 0;
	while (rte_get_tsc_cycles() - began < rte_get_tsc_hz() / 1000 * GRACE_WAIT_MS) {
		if (rte_rcu_qsbr_check(l->shared.grace, token, false))
			return true;
		usleep(GRACE_STEP_US);
	}
	l->overdue = token;
	return false;
}

/* Makes the workers use a generation, and waits until none reads the one before. */
bool live_workers_publish(void *ctx, const struct tables *old, const struct tables *next)
{
	struct live *l = ctx;

	(void)old;
	atomic_store_explicit(&l->shared.tables, next, memory_order_release);
	__atomic_fetch_add(&l->shm.cnt_rw->pfe.generation, 1, __ATOMIC_RELAXED);
	if (live_workers_grace(l))
		return true;
	fprintf(stderr, "%s: a worker does not pass its loop: a table generation stays in memory\n",
		l->o->program);
	return false;
}

bool live_workers_create(struct live *l)
{
	size_t size = rte_rcu_qsbr_get_memsize(l->workers);

	l->shared.grace = rte_zmalloc("grace", size, RTE_CACHE_LINE_SIZE);
	l->handover = handover_create(l->workers);
	l->worker = aligned_alloc(64, l->workers * sizeof(*l->worker));
	if (!l->shared.grace || rte_rcu_qsbr_init(l->shared.grace, l->workers) != 0 ||
		!l->handover || !l->worker)
		return live_fail(l, "out of memory for the workers");
	memset(l->worker, 0, l->workers * sizeof(*l->worker));
	for (unsigned int i = 0; i < l->workers; i++) {
		l->worker[i].sleep.wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		if (l->worker[i].sleep.wake < 0)
			return live_fail(l, "no descriptor for a worker to wait for");
	}
	l->shared.workers = l->worker;
	live_clock_start(&l->shared.clock, rte_get_tsc_cycles(), rte_get_tsc_hz());
	l->shared.sleep_when_idle = l->platform->idle == PLATFORM_SLEEP;
	return true;
}

/* Which way the frames of a worker take to a port (outlet.h). */
static void init_outlet(struct live *l, struct worker *w, struct counters *counters)
{
	w->out.handover = l->handover;
	w->out.id = w->id;
	w->out.tx.counters = counters;
	w->out.tx.queue = (uint16_t)w->id;
	for (uint32_t i = 0; i < l->platform->n_ports; i++) {
		struct ethdev *device = l->device[i];

		w->out.tx.port[i].device = device;
		w->out.to[i] = !device || ethdev_own_queues(device) ? (uint8_t)w->id : l->owner[i];
	}
}

static void init_worker(struct live *l, unsigned int id)
{
	struct vex_cnt_worker *shown = &l->shm.cnt_rw->worker[id];
	struct worker *w = &l->worker[id];

	w->shared = &l->shared;
	w->id = id;
	w->shown = shown;
	w->xt.tables = l->core.tables;
	w->xt.mac = &l->core.mac;
	w->xt.counters = &shown->counters;
	w->xt.pools = l->pools;
	w->xt.storm = l->storm;
	w->xt.policers = &l->policers;
	w->xt.log = &w->log;
	w->xt.base_mac = load_mac(l->platform->base_mac);
	w->xt.outlet = &w->out;
	w->xt.meter.packets = shown->stage_packets;
	w->xt.meter.clocks = shown->stage_clocks;
	hash_seeds(l->core.params.seed, w->xt.seed);
	init_outlet(l, w, &shown->counters);
}

/* Bound ports are dealt to workers in turn; a worker receives from its ports and sends for them. */
static void deal_ports(struct live *l)
{
	unsigned int next = 0;

	for (uint16_t i = 0; i < l->platform->n_ports; i++) {
		struct worker *w = &l->worker[next];

		if (!l->device[i])
			continue;
		w->port[w->ports++] = (struct worker_port){.device = l->device[i], .port = i};
		l->owner[i] = (uint8_t)next;
		next = (next + 1) % l->workers;
	}
}

void live_workers_start(struct live *l)
{
	unsigned int id = 0;
	unsigned int lcore;

	deal_ports(l);
	for (unsigned int i = 0; i < l->workers; i++)
		init_worker(l, i);
	RTE_LCORE_FOREACH_WORKER (lcore)
		if (id < l->workers)
			rte_eal_remote_launch(worker_run, &l->worker[id++], lcore);
	__atomic_store_n(&l->shm.cnt_rw->pfe.n_workers, l->workers, __ATOMIC_RELEASE);
}

void live_workers_collect(struct live *l)
{
	for (unsigned int i = 0; i < l->workers; i++) {
		uint8_t *shutdown = l->worker[i].xt.shutdown;

		for (uint16_t p = 0; p < l->platform->n_ports; p++) {
			if (!__atomic_load_n(&shutdown[p], __ATOMIC_RELAXED))
				continue;
			core_request_shutdown(&l->core, p,
				__atomic_exchange_n(&shutdown[p], 0, __ATOMIC_RELAXED));
		}
	}
}

static void free_frame(struct buf *buf)
{
	buf_free(buf);
}

void live_workers_stop(struct live *l)
{
	atomic_store(&l->shared.stop, true);
	for (unsigned int i = 0; l->worker && i < l->workers; i++)
		worker_wake(&l->worker[i]);
	if (l->eal_started)
		rte_eal_mp_wait_lcore();
	handover_destroy(l->handover, free_frame);
	free(l->worker);
}
