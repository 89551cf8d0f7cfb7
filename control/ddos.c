/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/ddos.h"

_Static_assert(PUNT_PROTOCOLS <= 32, "a bit for each protocol");

/* True if a protocol began or ceased to be violated. */
static bool look_at(
	struct ddos_protocol *p, const struct punt_counters *sum, uint64_t ms, int64_t now)
{
	bool anew = sum->received < p->last.received || sum->dropped < p->last.dropped;
	uint64_t received = sum->received - (anew ? 0 : p->last.received);
	uint64_t dropped = sum->dropped - (anew ? 0 : p->last.dropped);

	p->last = *sum;
	if (ms > 0)
		p->rate = received * 1000 / ms;
	if (p->rate > p->peak)
		p->peak = p->rate;
	if (dropped > 0) {
		p->latest = now;
		if (p->violated)
			return false;
		p->violated = true;
		p->since = now;
		p->times++;
		return true;
	}
	if (!p->violated || now - p->latest < DDOS_RECOVER_SECONDS)
		return false;
	p->violated = false;
	return true;
}

uint32_t ddos_look(struct ddos *d, const struct punt_counters sum[PUNT_PROTOCOLS], uint64_t now_ms,
	int64_t now)
{
	uint64_t ms = d->looked_ms > 0 && now_ms > d->looked_ms ? now_ms - d->looked_ms : 0;
	uint32_t changed = 0;

	/* What was dropped before the first look was so at another time. */
	for (unsigned int i = 0; i < PUNT_PROTOCOLS && d->looked_ms == 0; i++)
		d->of[i].last = sum[i];
	for (unsigned int i = 0; i < PUNT_PROTOCOLS; i++)
		if (look_at(&d->of[i], &sum[i], ms, now))
			changed |= UINT32_C(1) << i;
	d->looked_ms = now_ms;
	return changed;
}
