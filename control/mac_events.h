/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_MAC_EVENTS_H
#define VEX_CONTROL_MAC_EVENTS_H

/*
 * mac_events: what vex-re was told of changes of the MAC table. Events are lossy, so the counts are
 * of what was told, and the table is the truth: when some are missing it is read, and `addresses`
 * and `read` say what was found and when.
 */

#include <stdint.h>

#include "control/abi.h"

struct mac_events {
	uint64_t learned;
	uint64_t moved;
	uint64_t gone;
	uint64_t reads;	    /* of the table, in place of events */
	uint64_t addresses; /* learned addresses in it, the last time */
	int64_t read;	    /* Unix time of that; 0: never */
};

/* Counts an event; those that do not concern the table count nothing. */
static inline void mac_events_count(struct mac_events *m, const struct vex_event *event)
{
	m->learned += event->type == VEX_EVENT_MAC_LEARNED;
	m->moved += event->type == VEX_EVENT_MAC_MOVED;
	m->gone += event->type == VEX_EVENT_MAC_AGED;
}

#endif
