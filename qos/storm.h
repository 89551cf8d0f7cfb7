/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_QOS_STORM_H
#define VEX_QOS_STORM_H

/*
 * Storm control buckets: one a physical port, over the traffic classes that are not exempted.
 *
 * Integer arithmetic in units of 1e-9 bit, so that bits per second times nanoseconds is exact. The
 * bucket holds 10 ms at the rate. A full bucket lets at least one frame pass, however long; what the
 * bucket does not hold of it is owed, so that the rate is kept.
 *
 * A bucket is that of a physical port, which one worker receives, also when it is a member of a LAG:
 * it has one writer and needs no atomic word, only a cache line of its own.
 */

#include <stdbool.h>

#include "dataplane/tables.h"

struct storm_bucket {
	uint64_t ns;	/* time of tokens */
	int64_t tokens; /* 1e-9 bit; negative: owed */
} __attribute__((aligned(64)));

struct storm {
	struct storm_bucket bucket[VEX_PORTS_MAX];
};

/* All buckets full; NULL without memory. */
struct storm *storm_create(void);
void storm_destroy(struct storm *s);

/*
 * Takes a frame of len bytes (without FCS) from a port's bucket at a time; false if it does not
 * fit, which takes nothing. A time before the last one counts as the same.
 */
bool storm_police(
	struct storm_bucket *b, const struct port_entry *port, uint32_t len, vex_time time);

#endif
