/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/buf.h"

#ifdef VEX_DPDK

#include <rte_errno.h>
#include <rte_lcore.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * Pools are sized so that they are never the reason for a drop: the packet memory of 131,072 cells
 * holds at most that many frames, of which those over BUF_SMALL_ROOM take at least nine cells; a
 * copy that shares its payload takes two small buffers and at least three cells. On top come the
 * frames of a burst and the mempool caches.
 */
#define CACHE	    256
#define SMALL_COUNT (131072 + 8192 - 1)
#define LARGE_COUNT (16384 - 1)

struct buf_pools *buf_pools_create(char *why, size_t size)
{
	struct buf_pools *pools = calloc(1, sizeof(*pools));

	if (!pools) {
		snprintf(why, size, "out of memory for packet buffers");
		return NULL;
	}
	pools->pool[0] = rte_pktmbuf_pool_create("vex-small", SMALL_COUNT, CACHE, 0,
		RTE_PKTMBUF_HEADROOM + BUF_SMALL_ROOM, SOCKET_ID_ANY);
	pools->pool[1] = rte_pktmbuf_pool_create("vex-large", LARGE_COUNT, CACHE, 0,
		RTE_PKTMBUF_HEADROOM + BUF_LARGE_ROOM, SOCKET_ID_ANY);
	if (!pools->pool[0] || !pools->pool[1]) {
		snprintf(why, size,
			"no memory for packet buffers (%s): give DPDK more with --eal '-m 1024'",
			rte_strerror(rte_errno));
		buf_pools_destroy(pools);
		return NULL;
	}
	return pools;
}

void buf_pools_destroy(struct buf_pools *pools)
{
	if (!pools)
		return;
	rte_mempool_free(pools->pool[0]);
	rte_mempool_free(pools->pool[1]);
	free(pools);
}

#endif
