/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/buf.h"

#ifdef VEX_DPDK

#include <rte_errno.h>
#include <rte_lcore.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * Together the chunks hold more than the packet memory can, so that buffers are never the reason
 * for a drop: 131,072 cells are at most as many frames, of which those over BUF_SMALL_ROOM take at
 * least nine cells; a copy that shares its payload takes two small buffers and at least three
 * cells. A chunk is made when the ones before it are exhausted: most runs need one, and touching
 * the memory of all takes seconds on a machine without hugepages.
 */
#define CACHE 256

static const unsigned int chunk_buffers[2] = {8192 - 1, 2048 - 1};
static const unsigned int room[2] = {BUF_SMALL_ROOM, BUF_LARGE_ROOM};

static struct rte_mempool *make_chunk(struct buf_pools *pools, uint32_t large)
{
	char name[RTE_MEMPOOL_NAMESIZE];

	snprintf(name, sizeof(name), "vex-%s-%u", large ? "large" : "small", pools->chunks[large]);
	return rte_pktmbuf_pool_create(name, chunk_buffers[large], CACHE, 0,
		(uint16_t)(RTE_PKTMBUF_HEADROOM + room[large]), SOCKET_ID_ANY);
}

struct buf_pools *buf_pools_create(char *why, size_t size)
{
	struct buf_pools *pools = calloc(1, sizeof(*pools));

	if (!pools) {
		snprintf(why, size, "out of memory for packet buffers");
		return NULL;
	}
	for (uint32_t large = 0; large < 2; large++) {
		pools->pool[large] = make_chunk(pools, large);
		if (!pools->pool[large]) {
			snprintf(why, size,
				"no memory for packet buffers (%s): give DPDK more with --eal '-m "
				"2048'",
				rte_strerror(rte_errno));
			buf_pools_destroy(pools);
			return NULL;
		}
		pools->chunk[large][pools->chunks[large]++] = pools->pool[large];
	}
	return pools;
}

void buf_pools_destroy(struct buf_pools *pools)
{
	if (!pools)
		return;
	for (uint32_t large = 0; large < 2; large++)
		for (unsigned int i = 0; i < pools->chunks[large]; i++)
			rte_mempool_free(pools->chunk[large][i]);
	free(pools);
}

struct rte_mbuf *buf_dpdk_refill(struct buf_pools *pools, uint32_t large)
{
	struct rte_mbuf *m = NULL;
	struct rte_mempool *pool;

	/* Buffers that came back to an earlier chunk, then a new chunk. */
	for (unsigned int i = 0; i < pools->chunks[large] && !m; i++) {
		pool = pools->chunk[large][i];
		m = rte_pktmbuf_alloc(pool);
	}
	if (!m && pools->chunks[large] < BUF_CHUNKS) {
		pool = make_chunk(pools, large);
		if (!pool)
			return NULL;
		pools->chunk[large][pools->chunks[large]++] = pool;
		m = rte_pktmbuf_alloc(pool);
	}
	if (m)
		pools->pool[large] = pool;
	return m;
}

#endif
