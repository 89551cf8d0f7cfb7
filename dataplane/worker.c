/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/worker.h"

#include <rte_cycles.h>
#include <rte_rcu_qsbr.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "control/abi.h"
#include "dataplane/buf.h"
#include "dataplane/pipeline.h"

/* Rounds between looks at the processor on which the worker runs. */
#define CPU_ROUNDS 1024u

/* To a word that others read and only this worker writes. */
static void add(uint64_t *counter, uint64_t n)
{
	__atomic_store_n(counter, *counter + n, __ATOMIC_RELAXED);
}

static void run_burst(struct worker *w)
{
	w->xt.tables = atomic_load_explicit(&w->shared->tables, memory_order_acquire);
	pipeline_run(&w->xt, &w->rx);
}

/* Receives once from a port behind what the burst holds already. */
static unsigned int receive(struct worker *w, const struct worker_port *from, vex_time now)
{
	struct pkt *p = &w->rx.pkt[w->rx.n];
	struct port_counters *c = &w->xt.counters->port[from->port];
	unsigned int n = ethdev_receive(from->device, p, ETHDEV_BURST);

	for (unsigned int i = 0; i < n; i++) {
		p[i].in_port = from->port;
		p[i].time = now;
		p[i].number = w->rx_number++;
		c->rx_bytes += p[i].len;
	}
	c->rx_packets += n;
	w->rx.n += n;
	return n;
}

/* Sends what the routing engine wants sent; returns the frames. */
static unsigned int send_injected(struct worker *w)
{
	struct counters *c = w->xt.counters;
	struct punt_frame f;
	unsigned int n = 0;

	for (; n < ETHDEV_BURST && punt_queue_take(w->injected, &f); n++) {
		const struct pkt p = {.buf = f.buf,
			.data = f.data,
			.len = f.len,
			.hlen = f.len,
			.out_port = f.port};
		enum drop_reason reason = outlet_send(&w->out, &p);

		c->injected++;
		if (!reason)
			continue;
		c->port[f.port].drops[reason]++;
		buf_free(f.buf);
	}
	return n;
}

/* Workers, bit by id, that have something in their hand-over rings. */
static void wake_owners(struct worker *w, uint32_t owners)
{
	for (; owners; owners &= owners - 1)
		worker_wake(&w->shared->workers[__builtin_ctz(owners)]);
}

/* One round over the ports; returns the packets received, and those that others handed over. */
static unsigned int poll_ports(struct worker *w)
{
	uint64_t count = rte_get_tsc_cycles();
	vex_time now = live_clock_ps(&w->shared->clock, count);
	unsigned int got = outlet_serve(&w->out) + send_injected(w);

	w->xt.ms = live_clock_ms(&w->shared->clock, count);
	for (unsigned int i = 0; i < w->ports; i++) {
		if (w->rx.n + ETHDEV_BURST > BURST_MAX)
			run_burst(w);
		got += receive(w, &w->port[i], now);
	}
	if (w->rx.n)
		run_burst(w);
	wake_owners(w, outlet_flush(&w->out));
	return got;
}

/* Hands the events of the log over, once the ones before have been taken. */
static void give_events(struct worker *w)
{
	if (!w->log.n || atomic_load_explicit(&w->has_given, memory_order_acquire))
		return;
	memcpy(w->given.event, w->log.event, w->log.n * sizeof(w->log.event[0]));
	w->given.n = w->log.n;
	w->given.lost = w->log.lost;
	w->log.n = 0;
	w->log.lost = 0;
	atomic_store_explicit(&w->has_given, true, memory_order_release);
}

/* Where the worker runs: the scheduler may move it. */
static void show_cpu(struct worker *w)
{
	int cpu = sched_getcpu();

	__atomic_store_n(&w->shown->cpu, cpu < 0 ? 0 : (uint32_t)cpu, __ATOMIC_RELAXED);
}

int worker_run(void *arg)
{
	struct worker *w = arg;
	uint64_t rounds = 0;

	__atomic_store_n(&w->shown->tid, (uint32_t)gettid(), __ATOMIC_RELAXED);
	rte_rcu_qsbr_thread_register(w->shared->grace, w->id);
	rte_rcu_qsbr_thread_online(w->shared->grace, w->id);
	while (!atomic_load_explicit(&w->shared->stop, memory_order_relaxed)) {
		uint64_t began = rte_get_tsc_cycles();
		unsigned int got = poll_ports(w);

		rte_rcu_qsbr_quiescent(w->shared->grace, w->id);
		if (rounds++ % CPU_ROUNDS == 0)
			show_cpu(w);
		add(&w->shown->heartbeat, 1);
		give_events(w);
		worker_rest(w, got);
		add(got ? &w->shown->busy_clocks : &w->shown->idle_clocks,
			rte_get_tsc_cycles() - began);
	}
	rte_rcu_qsbr_thread_offline(w->shared->grace, w->id);
	rte_rcu_qsbr_thread_unregister(w->shared->grace, w->id);
	return 0;
}
