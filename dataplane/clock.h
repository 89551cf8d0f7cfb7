/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_CLOCK_H
#define VEX_DATAPLANE_CLOCK_H

/*
 * The clock: 64-bit picoseconds from the instance's zero, so that a byte takes a whole number of
 * units at every Ethernet speed. It wraps after 213 days; whoever feeds time in refuses more, but for
 * the live switch (live_clock.h).
 * Housekeeping happens at ticks, the whole milliseconds.
 */

#include <stdint.h>

typedef uint64_t vex_time;

#define VEX_TIME_NEVER	UINT64_MAX
#define VEX_PS_PER_NS	UINT64_C(1000)
#define VEX_PS_PER_TICK UINT64_C(1000000000)
#define VEX_PS_PER_SEC	UINT64_C(1000000000000)
#define VEX_TIME_MAX	(UINT64_C(18000000) * VEX_PS_PER_SEC)

/* Bytes that a frame takes on the wire beside itself (IEEE 802.3 clauses 3.1.1 and 4.4.2). */
#define ETH_PREAMBLE_BYTES 8u
#define ETH_FCS_BYTES	   4u
#define ETH_GAP_BYTES	   12u
#define ETH_MIN_BYTES	   60u /* the shortest frame, without FCS */

/* Picoseconds per byte at a port speed in Mb/s. */
static inline uint64_t clock_byte_ps(uint32_t speed_mbps)
{
	return UINT64_C(8000000) / speed_mbps;
}

#endif
