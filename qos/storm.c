/* SPDX-License-Identifier: BSD-3-Clause */
#include "qos/storm.h"

#include <stdlib.h>
#include <string.h>

#define UNITS_PER_BIT UINT64_C(1000000000)
#define DEPTH_NS      UINT64_C(10000000)

struct storm *storm_create(void)
{
	struct storm *s = malloc(sizeof(*s));

	if (s)
		memset(s, 0xff, sizeof(*s));
	return s;
}

void storm_destroy(struct storm *s)
{
	free(s);
}

bool storm_police(
	struct storm_bucket *b, const struct port_entry *port, uint32_t len, vex_time time)
{
	uint64_t rate = port->storm_kbps * 1000;
	uint64_t depth = rate * DEPTH_NS;
	uint64_t cost = ((len < ETH_MIN_BYTES ? ETH_MIN_BYTES : len) + ETH_FCS_BYTES) * 8 *
			UNITS_PER_BIT;
	uint64_t ns = time / VEX_PS_PER_NS;
	uint64_t elapsed = b->ns < ns ? ns - b->ns : 0;

	/* A frame longer than the bucket passes when it is due at the rate. */
	if (depth < cost)
		depth = cost;
	/* Both are at most depth, so the sum fits: depth <= 1e11 bit/s * 1e7 ns, or one frame. */
	if (b->tokens > depth || elapsed > depth / rate)
		b->tokens = depth;
	else
		b->tokens += elapsed * rate;
	if (b->tokens > depth)
		b->tokens = depth;
	b->ns = ns;
	if (b->tokens < cost)
		return false;
	b->tokens -= cost;
	return true;
}
