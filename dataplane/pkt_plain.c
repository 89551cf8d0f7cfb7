/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/buf.h"

#ifndef VEX_DPDK

#include <stdio.h>

struct buf_pools *buf_pools_create(char *why, size_t size)
{
	struct buf_pools *pools = calloc(1, sizeof(*pools));

	if (!pools)
		snprintf(why, size, "out of memory for packet buffers");
	return pools;
}

void buf_pools_destroy(struct buf_pools *pools)
{
	if (!pools)
		return;
	for (unsigned int i = 0; i < 2; i++) {
		for (struct buf *b = pools->free[i], *next; b; b = next) {
			next = b->next;
			free(b);
		}
	}
	free(pools);
}

struct buf *buf_plain_grow(struct buf_pools *pools, uint32_t large)
{
	size_t room = PKT_HEADROOM + (large ? BUF_LARGE_ROOM : BUF_SMALL_ROOM);
	struct buf *b = malloc(sizeof(*b) + room);

	if (b) {
		b->pools = pools;
		b->large = large;
	}
	return b;
}

#endif
