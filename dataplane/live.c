/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/live.h"

#include <poll.h>
#include <rte_launch.h>
#include <rte_lcore.h>
#include <rte_malloc.h>
#include <rte_rcu_qsbr.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "control/platform.h"
#include "control/shm.h"
#include "dataplane/buf.h"
#include "dataplane/eal.h"
#include "dataplane/live_ops.h"
#include "dataplane/worker.h"
#include "qos/storm.h"

#define MEMORY_MB_DEFAULT 512u

/* How long a grace period may take before the worker that delays it is named. */
#define GRACE_WAIT_MS 1000u

/* How often devices are asked for their links and losses. */
#define DEVICES_TICKS 20u

struct live {
	const struct live_options *o;
	struct platform *platform;
	struct vex_shm shm;
	struct core core;
	struct live_ops ops;
	struct buf_pools *pools;
	struct storm *storm;
	struct punt_policers policers;
	struct worker_shared shared;
	unsigned int workers;
	struct worker *worker;		      /* aligned array */
	struct ethdev *device[VEX_PORTS_MAX]; /* NULL: unbound */
	struct lport_set links_down;	      /* as the tables know it */
	uint64_t devices_due;		      /* tick */
	int signals;
	bool shm_attached;
	bool eal_started;
};

static bool fail(const struct live *l, const char *what)
{
	fprintf(stderr, "%s: %s\n", l->o->program, what);
	return false;
}

static bool load_platform(struct live *l)
{
	struct vex_errs errs = {0};

	l->platform = platform_load_file(l->o->platform, l->o->instance, &errs);
	for (size_t i = 0; i < errs.n; i++)
		vex_err_print(&errs.v[i], stderr);
	vex_errs_free(&errs);
	if (!l->platform)
		return false;
	l->workers = l->platform->workers;
	return l->workers == 1 || fail(l, "more than one worker is not supported; say \"workers\": "
					  "1 in the platform file");
}

static bool start_dpdk(struct live *l)
{
	unsigned int mb = l->platform->memory_mb ? l->platform->memory_mb : MEMORY_MB_DEFAULT;
	const struct eal_config config = {
		.program = l->o->program,
		.lcores = l->workers + 1,
		.memory_mb = mb,
		.hugepages = eal_has_hugepages(mb),
	};

	l->eal_started = eal_start(&config);
	return l->eal_started;
}

/* A device that does not open leaves its port down until it does; the others work. */
static void open_devices(struct live *l)
{
	char argument[PLATFORM_ARGUMENT_SIZE];
	char why[256];

	for (uint32_t i = 0; i < l->platform->n_ports; i++) {
		const struct platform_port *port = &l->platform->ports[i];
		const struct ethdev_params params = {
			.port = i,
			.kind = platform_device_name(port->device),
			.argument = platform_device_argument(port, argument),
			.tx_queues = (uint16_t)l->workers,
			.pools = l->pools,
		};

		if (port->device == PLATFORM_UNBOUND)
			continue;
		l->device[i] = ethdev_open(&params, why, sizeof(why));
		l->shm.cnt_rw->port[i].bound = !why[0];
		if (why[0])
			fprintf(stderr, "%s: port %s stays down: %s\n", l->o->program, port->name,
				why);
	}
}

/* Waits until every worker has let go of what it read before; false if one does not. */
static bool wait_grace(struct live *l)
{
	uint64_t token = rte_rcu_qsbr_start(l->shared.grace);

	for (unsigned int ms = 0; ms < GRACE_WAIT_MS * 10; ms++) {
		if (rte_rcu_qsbr_check(l->shared.grace, token, false))
			return true;
		usleep(100);
	}
	return false;
}

/* Makes the workers use a generation, and waits until none reads the one before. */
static bool publish(void *ctx, const struct tables *old, const struct tables *next)
{
	struct live *l = ctx;

	(void)old;
	atomic_store_explicit(&l->shared.tables, next, memory_order_release);
	if (wait_grace(l))
		return true;
	fprintf(stderr, "%s: a worker does not pass its loop: a table generation stays in memory\n",
		l->o->program);
	return false;
}

static bool create_core(struct live *l)
{
	const struct chassis_scale *s = chassis_scale(l->platform->chassis);
	const struct core_params params = {
		.ports = l->platform->n_ports,
		.scale = {s->macs, s->vlans, s->lags, s->lag_members, VEX_STP_INSTANCES_MAX},
		.seed = rte_get_tsc_cycles(),
		.publish = publish,
		.ctx = l,
	};
	size_t size = rte_rcu_qsbr_get_memsize(l->workers);

	l->shared.grace = rte_zmalloc("grace", size, RTE_CACHE_LINE_SIZE);
	if (!l->shared.grace || rte_rcu_qsbr_init(l->shared.grace, l->workers) != 0)
		return fail(l, "out of memory for the grace period");
	l->storm = storm_create();
	if (!l->storm || !core_create(&l->core, &params) ||
		!live_ops_create(&l->ops, &l->core, &l->shm))
		return fail(l, "out of memory for the tables");
	/* No port is up before its link was seen. */
	for (uint32_t i = 0; i < params.ports; i++)
		lport_set_add(&l->links_down, i);
	if (!core_set_links(&l->core, &l->links_down))
		return fail(l, "out of memory for the tables");
	live_clock_start(&l->shared.clock);
	l->shared.sleep_when_idle = l->platform->idle == PLATFORM_SLEEP;
	return true;
}

static void init_worker(struct live *l, unsigned int id)
{
	struct vex_cnt_worker *shown = &l->shm.cnt_rw->worker[id];
	struct worker *w = &l->worker[id];

	w->shared = &l->shared;
	w->id = id;
	w->heartbeat = (_Atomic uint64_t *)&shown->heartbeat;
	w->busy_clocks = (_Atomic uint64_t *)&shown->busy_clocks;
	w->idle_clocks = (_Atomic uint64_t *)&shown->idle_clocks;
	w->xt.tables = l->core.tables;
	w->xt.mac = &l->core.mac;
	w->xt.counters = &shown->counters;
	w->xt.pools = l->pools;
	w->xt.storm = l->storm;
	w->xt.policers = &l->policers;
	w->xt.log = &w->log;
	w->xt.base_mac = load_mac(l->platform->base_mac);
	w->xt.devices = &w->tx;
	hash_seeds(l->core.params.seed, w->xt.seed);
	w->tx.counters = &shown->counters;
	for (uint32_t i = 0; i < l->platform->n_ports; i++)
		w->tx.port[i].device = l->device[i];
}

/* Ports are dealt to workers in turn. */
static bool start_workers(struct live *l)
{
	unsigned int next = 0;
	unsigned int lcore;
	unsigned int id = 0;

	l->worker = aligned_alloc(64, l->workers * sizeof(*l->worker));
	if (!l->worker)
		return fail(l, "out of memory for the workers");
	memset(l->worker, 0, l->workers * sizeof(*l->worker));
	for (unsigned int i = 0; i < l->workers; i++)
		init_worker(l, i);
	for (uint16_t i = 0; i < l->platform->n_ports; i++) {
		struct worker *w = &l->worker[next];

		if (!l->device[i])
			continue;
		w->port[w->ports++] = (struct worker_port){.device = l->device[i], .port = i};
		next = (next + 1) % l->workers;
	}
	RTE_LCORE_FOREACH_WORKER(lcore)
	if (id < l->workers)
		rte_eal_remote_launch(worker_run, &l->worker[id++], lcore);
	__atomic_store_n(&l->shm.cnt_rw->pfe.n_workers, l->workers, __ATOMIC_RELEASE);
	return true;
}

static bool attach(struct live *l)
{
	char why[256];

	if (vex_shm_attach(&l->shm, VEX_SIDE_PFE, l->o->ctl_fd, l->o->cnt_fd, why, sizeof(why)) !=
		0)
		return fail(l, why);
	l->shm_attached = true;
	return true;
}

static bool watch_signals(struct live *l)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	/* Before any thread starts, so that all of them inherit it. */
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return fail(l, "cannot block signals");
	l->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return l->signals >= 0 || fail(l, "cannot watch signals");
}

static void push_event(struct live *l, const struct vex_event *event)
{
	vex_ring_push_or_lose(&l->shm.event, event, sizeof(*event));
}

static void push_log(struct live *l, struct evlog *log)
{
	static const uint16_t types[EVLOG_TYPES] = {
		[EVLOG_MAC_LIMIT] = VEX_EVENT_MAC_LIMIT,
		[EVLOG_PORT_SHUTDOWN] = VEX_EVENT_PORT_SHUTDOWN,
		[EVLOG_PORT_RECOVERED] = VEX_EVENT_PORT_RECOVERED,
	};

	for (uint32_t i = 0; i < log->n; i++) {
		const struct evlog_event *e = &log->event[i];
		struct vex_event event = {
			.time = e->time,
			.type = types[e->type],
			.lport = e->lport,
			.bd = e->bd,
			.cause = e->cause,
		};

		for (int octet = 0; octet < 6; octet++)
			event.mac[octet] = (uint8_t)(e->mac >> 8 * (5 - octet));
		push_event(l, &event);
	}
	log->n = 0;
}

/* Events of housekeeping and of the workers go to control; true if there were any. */
static bool push_logs(struct live *l)
{
	bool some = l->core.log.n > 0;

	push_log(l, &l->core.log);
	for (unsigned int i = 0; i < l->workers; i++) {
		struct worker *w = &l->worker[i];

		if (!atomic_load_explicit(&w->has_given, memory_order_acquire))
			continue;
		push_log(l, &w->given);
		atomic_store_explicit(&w->has_given, false, memory_order_release);
		some = true;
	}
	return some;
}

/* Looks at the device of a port, shows its losses, and ends what went away. */
static void watch_device(struct live *l, uint16_t port, struct ethdev_state *state)
{
	struct vex_cnt_port *shown = &l->shm.cnt_rw->port[port];
	const char *name = l->platform->ports[port].name;

	ethdev_watch(l->device[port], state);
	__atomic_store_n(&shown->device_missed, state->missed, __ATOMIC_RELAXED);
	__atomic_store_n(&shown->device_errors, state->errors, __ATOMIC_RELAXED);
	__atomic_store_n(&shown->no_buffer, state->no_buffer, __ATOMIC_RELAXED);
	if (state->note)
		fprintf(stderr, "%s: port %s: %s\n", l->o->program, name, state->note);
	if (shown->bound != state->present) {
		fprintf(stderr, "%s: port %s: its device %s\n", l->o->program, name,
			state->present ? "is there" : "went away");
		__atomic_store_n(&shown->bound, state->present, __ATOMIC_RELAXED);
	}
	if (ethdev_leaving(l->device[port]) && wait_grace(l))
		ethdev_release(l->device[port]);
}

/* Shows a link that changed, and tells control. */
static void show_link(struct live *l, uint16_t port, bool up, uint32_t speed)
{
	struct vex_cnt_port *shown = &l->shm.cnt_rw->port[port];

	shown->up = up;
	shown->speed_mbps = speed;
	shown->changes++;
	push_event(l, &(struct vex_event){.time = live_clock_now(&l->shared.clock),
			      .type = VEX_EVENT_LINK,
			      .lport = port,
			      .up = up,
			      .speed_mbps = speed});
}

/*
 * Looks at every device now and then: its losses, and its link, which the tables are told. True if
 * control is to be woken.
 */
static bool watch_devices(struct live *l)
{
	struct ethdev_state state[VEX_PORTS_MAX] = {0};
	struct lport_set down = {0};

	if (l->core.tick < l->devices_due)
		return false;
	l->devices_due = l->core.tick + DEVICES_TICKS;
	for (uint16_t i = 0; i < l->platform->n_ports; i++) {
		if (l->device[i])
			watch_device(l, i, &state[i]);
		if (!state[i].up)
			lport_set_add(&down, i);
	}
	if (!memcmp(&down, &l->links_down, sizeof(down)) || !core_set_links(&l->core, &down))
		return false;
	for (uint16_t i = 0; i < l->platform->n_ports; i++)
		if (lport_set_has(&down, i) != lport_set_has(&l->links_down, i))
			show_link(l, i, state[i].up, state[i].speed_mbps);
	l->links_down = down;
	return true;
}

/* Hands what stages asked for to housekeeping, and runs the ticks that are due. */
static void run_ticks(struct live *l)
{
	uint64_t now = live_clock_now(&l->shared.clock) / VEX_PS_PER_TICK;
	uint64_t due;

	for (unsigned int i = 0; i < l->workers; i++) {
		for (uint16_t p = 0; p < l->platform->n_ports; p++) {
			uint8_t cause = __atomic_exchange_n(
				&l->worker[i].xt.shutdown[p], 0, __ATOMIC_RELAXED);

			if (cause)
				core_request_shutdown(&l->core, p, cause);
		}
	}
	while ((due = core_next_tick(&l->core)) <= now)
		core_tick(&l->core, due);
	l->core.tick = now;
}

static void notify(const struct live *l)
{
	uint64_t one = 1;

	if (write(l->o->ack_event_fd, &one, sizeof(one)) < 0)
		return; /* the counter is at its limit: control is awake anyway */
}

static void round_once(struct live *l)
{
	bool acknowledged = false;
	unsigned int taken;
	bool changed;

	if (vex_shm_sync(&l->shm))
		live_ops_abort(&l->ops);
	do {
		bool some;

		taken = live_ops_take(&l->ops, &some);
		acknowledged = acknowledged || some;
		run_ticks(l);
	} while (taken);
	if (l->shm.op.broken || l->shm.ack.broken || l->shm.event.broken || l->shm.dump.broken) {
		fprintf(stderr, "%s: shared memory: fresh rings, since a ring is broken\n",
			l->o->program);
		live_ops_abort(&l->ops);
		vex_shm_renew(&l->shm);
	}
	changed = watch_devices(l);
	if (push_logs(l) || changed || acknowledged)
		notify(l);
	__atomic_fetch_add(&l->shm.cnt_rw->pfe.heartbeat, 1, __ATOMIC_RELAXED);
}

static void housekeep(struct live *l)
{
	struct pollfd fds[2] = {
		{.fd = l->o->op_event_fd, .events = POLLIN},
		{.fd = l->signals, .events = POLLIN},
	};

	for (;;) {
		uint64_t count;

		round_once(l);
		if (poll(fds, 2, 1) <= 0)
			continue;
		if (fds[1].revents)
			return;
		if (fds[0].revents && read(fds[0].fd, &count, sizeof(count)) < 0)
			continue; /* somebody else's wake-up */
	}
}

static void stop(struct live *l)
{
	atomic_store(&l->shared.stop, true);
	if (l->eal_started)
		rte_eal_mp_wait_lcore();
	for (uint32_t i = 0; l->platform && i < l->platform->n_ports; i++)
		if (l->device[i])
			ethdev_close(l->device[i]);
	live_ops_destroy(&l->ops);
	core_destroy(&l->core);
	storm_destroy(l->storm);
	buf_pools_destroy(l->pools);
	if (l->shm_attached)
		vex_shm_detach(&l->shm);
	if (l->eal_started)
		eal_stop();
	platform_free(l->platform);
	free(l->worker);
}

int live_run(const struct live_options *o)
{
	struct live *l = calloc(1, sizeof(*l));
	char why[256];
	bool ok;

	if (!l)
		return 1;
	l->o = o;
	ok = watch_signals(l) && load_platform(l) && attach(l) && start_dpdk(l);
	if (ok) {
		l->pools = buf_pools_create(why, sizeof(why));
		ok = l->pools || fail(l, why);
	}
	if (ok) {
		open_devices(l);
		ok = create_core(l) && start_workers(l);
	}
	if (ok) {
		notify(l); /* attached */
		housekeep(l);
	}
	stop(l);
	free(l);
	return ok ? 0 : 1;
}
