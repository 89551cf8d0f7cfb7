/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/punt.h"

/*
 * Workers read the clock one after another, so a time may be a little behind a bucket's. Beyond
 * this it was left by another rate, or by a clock that came round: the bucket is full.
 */
#define SLACK_PS VEX_PS_PER_SEC

bool punt_police(struct punt_policer *p, const struct punt_rate *rate, vex_time now)
{
	uint64_t frame, depth, seen;

	if (!rate->pps)
		return true;
	/* At most 10^12 and 10^17 ps. */
	frame = (VEX_PS_PER_SEC + rate->pps - 1) / rate->pps;
	depth = frame * rate->burst;
	seen = atomic_load_explicit(&p->full_at, memory_order_relaxed);
	for (;;) {
		int64_t owed = (int64_t)(seen - now);

		if (owed < 0 || owed > (int64_t)(depth + SLACK_PS))
			owed = 0;
		if ((uint64_t)owed + frame > depth)
			return false;
		if (atomic_compare_exchange_weak_explicit(&p->full_at, &seen,
			    now + (uint64_t)owed + frame, memory_order_relaxed,
			    memory_order_relaxed))
			return true;
	}
}
