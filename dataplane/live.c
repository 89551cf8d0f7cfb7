/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/live.h"

#include <poll.h>
#include <rte_cycles.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "dataplane/buf.h"
#include "dataplane/eal.h"
#include "dataplane/live_int.h"
#include "ports/chassis_tables.h"

/* Memory of DPDK at least, if the platform file does not say; what it needs beside packet buffers. */
#define MEMORY_MB_DEFAULT 512u
#define MEMORY_MB_OTHER	  64u

bool live_fail(const struct live *l, const char *what)
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
	return true;
}

/* The memory that DPDK gets: what the platform file says, or what the packet buffers need. */
static unsigned int memory_mb(const struct live *l, const uint32_t buffers[2])
{
	/* A quarter more: pools are taken in pieces, and what is left between them is lost. */
	uint64_t bytes = buf_live_bytes(buffers, l->workers + 1) / 4 * 5;
	unsigned int needed = (unsigned int)(bytes >> 20) + 1 + MEMORY_MB_OTHER;

	if (!l->platform->memory_mb)
		return needed > MEMORY_MB_DEFAULT ? needed : MEMORY_MB_DEFAULT;
	if (l->platform->memory_mb >= needed)
		return l->platform->memory_mb;
	fprintf(stderr,
		"%s: \"memory-mb\": %u is too little for the frames that %u ports and %u workers "
		"can "
		"hold; say %u at least\n",
		l->o->program, l->platform->memory_mb, l->platform->n_bound, l->workers, needed);
	return 0;
}

static unsigned int list_cards(const struct live *l, const char *pci[VEX_PORTS_MAX])
{
	unsigned int n = 0;

	for (uint32_t i = 0; i < l->platform->n_ports; i++)
		if (l->platform->ports[i].device == PLATFORM_PCI)
			pci[n++] = l->platform->ports[i].address;
	return n;
}

static bool start_dpdk(struct live *l)
{
	struct vex_cnt_pfe *shown = &l->shm.cnt_rw->pfe;
	const char *pci[VEX_PORTS_MAX];
	uint32_t buffers[2];
	unsigned int mb;
	char why[256];

	live_ports_buffers(l, buffers);
	mb = memory_mb(l, buffers);
	if (!mb)
		return false;
	const struct eal_config config = {
		.program = l->o->program,
		.pci = pci,
		.n_pci = list_cards(l, pci),
		.lcores = l->workers + 1,
		.cores = l->platform->cores,
		.n_cores = l->platform->n_cores,
		.memory_mb = mb,
		.hugepages = eal_has_hugepages(mb),
	};
	l->eal_started = eal_start(&config);
	if (!l->eal_started)
		return false;
	shown->simd_bits = eal_simd_bits();
	shown->hugepages = config.hugepages;
	shown->memory_kb = (uint64_t)mb * 1024;
	l->pools = buf_pools_create_live(buffers, why, sizeof(why));
	return l->pools || live_fail(l, why);
}

static bool create_core(struct live *l)
{
	const struct core_params params = {
		.ports = l->platform->n_ports,
		.scale = chassis_table_scale(l->platform->chassis),
		.seed = rte_get_tsc_cycles(),
		.concurrent = true,
		.publish = live_workers_publish,
		.ctx = l,
	};

	l->storm = storm_create();
	if (!l->storm || !core_create(&l->core, &params) ||
		!live_ops_create(&l->ops, &l->core, &l->shm))
		return live_fail(l, "out of memory for the tables");
	if (!live_ops_start_builder(&l->ops))
		return live_fail(l, "no thread for the builder");
	/* No port is up before its link was seen. */
	for (uint32_t i = 0; i < params.ports; i++)
		lport_set_add(&l->links_down, i);
	if (!core_set_links(&l->core, &l->links_down))
		return live_fail(l, "out of memory for the tables");
	return true;
}

static bool attach(struct live *l)
{
	char why[256];

	if (vex_shm_attach(&l->shm, VEX_SIDE_PFE, l->o->ctl_fd, l->o->cnt_fd, why, sizeof(why)) !=
		0)
		return live_fail(l, why);
	l->shm_attached = true;
	return true;
}

static bool watch_signals(struct live *l)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	signal(SIGPIPE, SIG_IGN); /* drivers write to sockets whose other end may be gone */
	/* Before any thread starts, so that all of them inherit it. */
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return live_fail(l, "cannot block signals");
	l->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return l->signals >= 0 || live_fail(l, "cannot watch signals");
}

/* Hands what stages asked for to housekeeping, and runs the ticks that are due. */
static void run_ticks(struct live *l)
{
	uint64_t now = live_clock_ms(&l->shared.clock, rte_get_tsc_cycles());
	uint64_t due;

	live_workers_collect(l);
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

/*
 * Does a bounded part of everything, so that control which sends without end keeps nothing else
 * waiting; true if there may be more operations.
 */
static bool round_once(struct live *l)
{
	bool acknowledged, changed;
	unsigned int taken;

	if (vex_shm_sync(&l->shm))
		live_ops_abort(&l->ops);
	taken = live_ops_take(&l->ops, &acknowledged);
	run_ticks(l);
	if (l->shm.op.broken || l->shm.ack.broken || l->shm.event.broken || l->shm.dump.broken ||
		l->shm.punt.broken || l->shm.inject.broken) {
		fprintf(stderr, "%s: shared memory: fresh rings, since a ring is broken\n",
			l->o->program);
		live_ops_abort(&l->ops);
		vex_shm_renew(&l->shm);
	}
	changed = live_ports_watch(l);
	changed = live_punt_move(l) || changed;
	if (live_events_push(l) || changed || acknowledged)
		notify(l);
	__atomic_fetch_add(&l->shm.cnt_rw->pfe.heartbeat, 1, __ATOMIC_RELAXED);
	return taken > 0;
}

static void housekeep(struct live *l)
{
	struct pollfd fds[3] = {
		{.fd = l->o->op_event_fd, .events = POLLIN},
		{.fd = l->signals, .events = POLLIN},
		{.fd = builder_fd(l->ops.builder), .events = POLLIN},
	};

	for (;;) {
		bool more = round_once(l);
		uint64_t count;

		if (poll(fds, 3, more ? 0 : 1) <= 0)
			continue;
		if (fds[1].revents)
			return;
		if (fds[0].revents && read(fds[0].fd, &count, sizeof(count)) < 0)
			continue; /* somebody else's wake-up */
	}
}

static void stop(struct live *l)
{
	live_ops_destroy(&l->ops);
	live_workers_stop(l);
	live_punt_destroy(l);
	live_ports_close(l);
	core_destroy(&l->core);
	storm_destroy(l->storm);
	buf_pools_destroy(l->pools);
	if (l->shm_attached)
		vex_shm_detach(&l->shm);
	if (l->eal_started)
		eal_stop();
	platform_free(l->platform);
}

int live_run(const struct live_options *o)
{
	struct live *l = calloc(1, sizeof(*l));
	bool ok;

	if (!l)
		return 1;
	l->o = o;
	ok = watch_signals(l) && load_platform(l) && attach(l) && start_dpdk(l) &&
	     live_workers_create(l) && live_punt_create(l) && create_core(l);
	if (ok) {
		live_ports_open(l);
		live_workers_start(l);
		notify(l); /* attached */
		housekeep(l);
	}
	stop(l);
	free(l);
	return ok ? 0 : 1;
}
