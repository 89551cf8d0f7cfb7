/* SPDX-License-Identifier: BSD-3-Clause */
#include "qos/storm.h"

#include <stdlib.h>

#define UNITS_PER_BIT UINT64_C(1000000000)
#define DEPTH_NS      UINT64_C(10000000)

struct storm *storm_create(void)
{
	struct storm *s = aligned_alloc(64, sizeof(*s));

	for (unsigned int i = 0; s && i < VEX_PORTS_MAX; i++)
		s->bucket[i] = (struct storm_bucket){.tokens = INT64_MAX};
	return s;
}

void storm_destroy(struct storm *s)
{
	free(s);
}

/* What the bucket holds after the time since it was last looked at. */
static int64_t refill(const struct storm_bucket *b, int64_t depth, uint64_t rate, uint64_t ns)
{
	uint64_t elapsed = b->ns < ns ? ns - b->ns : 0;
	uint64_t missing;

	if (b->tokens >= depth)
		return depth;
	/* At most depth and one frame, 1e18 + 7.4e13, so the products below fit. */
	missing = (uint64_t)(depth - b->tokens);
	return elapsed > missing / rate ? depth : b->tokens + (int64_t)(elapsed * rate);
}

bool storm_police(
	struct storm_bucket *b, const struct port_entry *port, uint32_t len, vex_time time)
{
	uint64_t rate = port->storm_kbps * 1000;
	int64_t depth = (int64_t)(rate * DEPTH_NS);
	int64_t cost = (int64_t)(((len < ETH_MIN_BYTES ? ETH_MIN_BYTES : len) + ETH_FCS_BYTES) * 8 *
				 UNITS_PER_BIT);

	b->tokens = refill(b, depth, rate, time / VEX_PS_PER_NS);
	b->ns = time / VEX_PS_PER_NS;
	if (b->tokens < (cost < depth ? cost : depth))
		return false;
	b->tokens -= cost;
	return true;
}
