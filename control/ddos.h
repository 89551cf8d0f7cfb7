/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_DDOS_H
#define VEX_CONTROL_DDOS_H

/*
 * ddos: which policers of punted protocols are violated, and at which rates their frames come. It
 * is told the counters about once a second and keeps what they do not say.
 *
 * A protocol is violated from the first frame that its policer dropped until none was dropped for
 * DDOS_RECOVER_SECONDS, as on Junos. Counters that are below the last ones are those of a vex-pfe
 * that was started again: they count from zero.
 */

#include <stdbool.h>
#include <stdint.h>

#include "dataplane/punt.h"

#define DDOS_RECOVER_SECONDS 300

struct ddos_protocol {
	struct punt_counters last;
	uint64_t rate; /* frames a second, between the last two looks */
	uint64_t peak;
	bool violated;
	uint32_t times; /* that it began to be violated */
	int64_t since;	/* Unix time: when it last began */
	int64_t latest; /* when a frame was last seen dropped; 0: never */
};

struct ddos {
	uint64_t looked_ms; /* 0: never */
	struct ddos_protocol of[PUNT_PROTOCOLS];
};

/*
 * Looks at the counters of all workers together, at a monotonic time in ms and a Unix time. The
 * protocols that began or ceased to be violated are set in the result, bit by number.
 */
uint32_t ddos_look(struct ddos *d, const struct punt_counters sum[PUNT_PROTOCOLS], uint64_t now_ms,
	int64_t now);

#endif
