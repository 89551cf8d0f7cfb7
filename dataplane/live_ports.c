/* SPDX-License-Identifier: BSD-3-Clause */
/* The devices of a live switch: opened by the platform, watched for links and losses. */
#include <rte_cycles.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "dataplane/live_int.h"

/* How often devices are asked for their links and losses. */
#define DEVICES_TICKS 20u

/* Frames that a device may hold: one that copies them; one with rings, in each ring. */
#define HELD_BY_COPYING 64u
#define HELD_BY_RING	512u

static uint32_t held(const struct live *l, enum platform_device device)
{
	bool rings = device == PLATFORM_PCI || device == PLATFORM_VIRTIO_USER;

	return rings ? HELD_BY_RING * (1 + l->workers) : HELD_BY_COPYING;
}

/*
 * Every place that can hold a frame, full: devices, the hand-over rings, and of each worker two
 * bursts, what it collects for each port, and its queues of punted and injected frames.
 */
void live_ports_buffers(const struct live *l, uint32_t buffers[2])
{
	uint32_t places = l->workers * l->workers * handover_slots(l->workers);

	places += l->workers *
		  (2 * BURST_MAX + ETHDEV_BURST * l->platform->n_bound + 2 * PUNT_QUEUE_FRAMES);
	for (uint32_t i = 0; i < l->platform->n_ports; i++)
		if (l->platform->ports[i].device != PLATFORM_UNBOUND)
			places += held(l, l->platform->ports[i].device);
	/* A copy of a long frame has two small buffers: its header, and its share of the payload. */
	buffers[0] = 2 * places;
	buffers[1] = places;
}

void live_ports_open(struct live *l)
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

void live_ports_close(struct live *l)
{
	for (uint32_t i = 0; l->platform && i < l->platform->n_ports; i++)
		if (l->device[i])
			ethdev_close(l->device[i]);
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
	if (ethdev_leaving(l->device[port]) && live_workers_grace(l))
		ethdev_release(l->device[port]);
}

/* Shows a link that changed, and tells control. */
static void show_link(struct live *l, uint16_t port, bool up, uint32_t speed)
{
	struct vex_cnt_port *shown = &l->shm.cnt_rw->port[port];

	shown->up = up;
	shown->speed_mbps = speed;
	shown->changes++;
	shown->changed = (uint64_t)time(NULL);
	live_event(l,
		&(struct vex_event){.time = live_clock_ps(&l->shared.clock, rte_get_tsc_cycles()),
			.type = VEX_EVENT_LINK,
			.lport = port,
			.up = up,
			.speed_mbps = speed});
}

bool live_ports_watch(struct live *l)
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
		if (!l->core.tables->port[i].shutdown)
			l->shm.cnt_rw->port[i].shutdown = 0;
	}
	if (!memcmp(&down, &l->links_down, sizeof(down)) || !core_set_links(&l->core, &down))
		return false;
	for (uint16_t i = 0; i < l->platform->n_ports; i++)
		if (lport_set_has(&down, i) != lport_set_has(&l->links_down, i))
			show_link(l, i, state[i].up, state[i].speed_mbps);
	l->links_down = down;
	return true;
}
