/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_EVLOG_H
#define VEX_DATAPLANE_EVLOG_H

/*
 * The event log of an instance: what an operator would find in the system log. Bounded; the first
 * EVLOG_MAX events are kept and the rest counted, so that a flood of events cannot hide its cause.
 * A worker has its own, which its stages write in packet order; housekeeping writes at ticks.
 */

#include <stdint.h>

#include "dataplane/clock.h"

#define EVLOG_MAX 1024u

enum evlog_type {
	EVLOG_MAC_LIMIT,      /* an address above a limit, with an action that logs */
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
	uint8_t cause; /* enum drop_reason */
};

struct evlog {
	uint32_t n;
	uint64_t lost;
	struct evlog_event event[EVLOG_MAX];
};

static inline void evlog_add(struct evlog *log, const struct evlog_event *e)
{
	if (log->n < EVLOG_MAX)
		log->event[log->n++] = *e;
	else
		log->lost++;
}

#endif
