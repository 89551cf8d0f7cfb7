/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_EVLOG_H
#define VEX_DATAPLANE_EVLOG_H

/*
 * The event log of an instance: what an operator would find in the system log. Bounded; the first
 * EVLOG_MAX events are kept and the rest counted, so that a flood of events cannot hide its cause.
 * A worker has its own, which its stages write in packet order; housekeeping writes at ticks.
 */

#include <stdbool.h>
#include <stdint.h>

#include "dataplane/clock.h"

#define EVLOG_MAX  1024u
#define EVLOG_KEPT 256u /* of them for what is no change of the MAC table: a flush cannot hide it */

enum evlog_type {
	EVLOG_MAC_LIMIT,      /* an address above a limit, with an action that logs */
	EVLOG_MAC_LEARNED,    /* these three only with VEX_SWITCH_MAC_EVENTS */
	EVLOG_MAC_MOVED,      /* from from_lport */
	EVLOG_MAC_AGED,	      /* gone: by ageing, a flush, or what the tables no longer allow */
	EVLOG_PORT_SHUTDOWN,  /* port: by storm control or a MAC limit, see cause */
	EVLOG_PORT_RECOVERED, /* port: recovery-timeout is over */
	EVLOG_TYPES,
};

struct evlog_event {
	vex_time time;
	uint64_t mac;
	uint16_t type;
	uint16_t lport; /* or physical port */
	uint16_t bd;
	uint16_t from_lport;
	uint8_t cause; /* enum drop_reason */
};

struct evlog {
	uint32_t n;
	uint64_t lost;
	struct evlog_event event[EVLOG_MAX];
};

static inline void evlog_add(struct evlog *log, const struct evlog_event *e)
{
	bool change = e->type >= EVLOG_MAC_LEARNED && e->type <= EVLOG_MAC_AGED;

	if (log->n < EVLOG_MAX - (change ? EVLOG_KEPT : 0))
		log->event[log->n++] = *e;
	else
		log->lost++;
}

#endif
