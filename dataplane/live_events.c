/* SPDX-License-Identifier: BSD-3-Clause */
/* Events: what stages and housekeeping logged, to control, by a ring that may lose some. */
#include "dataplane/live_int.h"

void live_event(struct live *l, const struct vex_event *event)
{
	vex_ring_push_or_lose(&l->shm.event, event, sizeof(*event));
}

static void push_log(struct live *l, struct evlog *log)
{
	static const uint16_t types[EVLOG_TYPES] = {
		[EVLOG_MAC_LIMIT] = VEX_EVENT_MAC_LIMIT,
		[EVLOG_MAC_LEARNED] = VEX_EVENT_MAC_LEARNED,
		[EVLOG_MAC_MOVED] = VEX_EVENT_MAC_MOVED,
		[EVLOG_MAC_AGED] = VEX_EVENT_MAC_AGED,
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
			.from_lport = e->from_lport,
			.cause = e->cause,
		};

		for (int octet = 0; octet < 6; octet++)
			event.mac[octet] = (uint8_t)(e->mac >> 8 * (5 - octet));
		if (e->type == EVLOG_PORT_SHUTDOWN && e->lport < VEX_PORTS_MAX)
			l->shm.cnt_rw->port[e->lport].shutdown = e->cause;
		live_event(l, &event);
	}
	/* What did not fit into the log is lost as if it had not fitted into the ring. */
	vex_ring_lose(&l->shm.event, log->lost);
	log->n = 0;
	log->lost = 0;
}

bool live_events_push(struct live *l)
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
