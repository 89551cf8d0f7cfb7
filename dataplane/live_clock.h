/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_LIVE_CLOCK_H
#define VEX_DATAPLANE_LIVE_CLOCK_H

/*
 * The clock of a live switch: time since it started, from a counter of constant rate (the CPU's
 * time-stamp counter), in two units.
 *
 * Milliseconds do not come round: whatever lasts counts in them, which is ageing, recovery timers,
 * and all of housekeeping. Picoseconds (vex_time, what stages see of a packet) come round after 213
 * days. Two kinds of cells remember such a time, and both survive it:
 *	storm control	takes a time before its own as no time passed, and goes on from there: at the
 *			turn one gap between two frames does not fill the bucket (qos/storm.c)
 *	punt policers	compare modulo 2^64 (dataplane/punt.c)
 * Events carry picoseconds for people, who have the time of arrival beside it.
 */

#include "dataplane/clock.h"

struct live_clock {
	uint64_t start;	    /* of the counter */
	uint64_t ps_per_32; /* picoseconds for each count, in 2^-32 */
	uint64_t ms_per_64; /* milliseconds, in 2^-64 */
};

/* hz: counts per second, more than 1000. */
static inline void live_clock_start(struct live_clock *c, uint64_t count, uint64_t hz)
{
	c->start = count;
	c->ps_per_32 = (uint64_t)(((unsigned __int128)VEX_PS_PER_SEC << 32) / hz);
	c->ms_per_64 = (uint64_t)(((unsigned __int128)1000 << 64) / hz);
}

static inline vex_time live_clock_ps(const struct live_clock *c, uint64_t count)
{
	return (vex_time)(((unsigned __int128)(count - c->start) * c->ps_per_32) >> 32);
}

static inline uint64_t live_clock_ms(const struct live_clock *c, uint64_t count)
{
	return (uint64_t)(((unsigned __int128)(count - c->start) * c->ms_per_64) >> 64);
}

#endif
