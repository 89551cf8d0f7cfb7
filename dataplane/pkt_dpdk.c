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

/* What the caches of so many lcores may keep: half as much again as a cache should. */
static uint32_t cached(unsigned int lcores)
{
	return CACHE * 3 / 2 * lcores;
}

static struct rte_mempool *make_pool(const char *name, uint32_t large, uint32_t buffers, int node)
{
	return rte_pktmbuf_pool_create(
		name, buffers, CACHE, 0, (uint16_t)(RTE_PKTMBUF_HEADROOM + room[large]), node);
}

static struct rte_mempool *make_chunk(struct buf_pools *pools, uint32_t large)
{
	uint32_t buffers = pools->live ? pools->buffers[large] : chunk_buffers[large];
	char name[RTE_MEMPOOL_NAMESIZE];

	snprintf(name, sizeof(name), "vex-%s-%u", large ? "large" : "small", pools->chunks[large]);
	return make_pool(name, large, buffers, SOCKET_ID_ANY);
}

uint64_t buf_live_bytes(const uint32_t buffers[2], unsigned int lcores)
{
	uint64_t bytes = 0;

	/* Beside a buffer: its mbuf, the header of the pool, its place in the pool's ring. */
	for (uint32_t large = 0; large < 2; large++)
		bytes += (uint64_t)(buffers[large] + cached(lcores)) *
			 (sizeof(struct rte_mbuf) + RTE_PKTMBUF_HEADROOM + room[large] +
				 2 * RTE_CACHE_LINE_SIZE);
	return bytes;
}

static struct buf_pools *create(const uint32_t *buffers, char *why, size_t size)
{
	struct buf_pools *pools = calloc(1, sizeof(*pools));

	if (!pools) {
		snprintf(why, size, "out of memory for packet buffers");
		return NULL;
	}
	pools->live = buffers != NULL;
	for (uint32_t large = 0; large < 2 && buffers; large++)
		pools->buffers[large] = buffers[large] + cached(rte_lcore_count());
	for (uint32_t large = 0; large < 2; large++) {
		pools->pool[large] = make_chunk(pools, large);
		if (!pools->pool[large]) {
			snprintf(why, size, "no memory for packet buffers (%s): %s",
				rte_strerror(rte_errno),
				buffers ? "a larger \"memory-mb\" in the platform file helps"
					: "give DPDK more with --eal '-m 2048'");
			buf_pools_destroy(pools);
			return NULL;
		}
		pools->chunk[large][pools->chunks[large]++] = pools->pool[large];
	}
	return pools;
}

struct buf_pools *buf_pools_create(char *why, size_t size)
{
	return create(NULL, why, size);
}

struct buf_pools *buf_pools_create_live(const uint32_t buffers[2], char *why, size_t size)
{
	return create(buffers, why, size);
}

struct rte_mempool *buf_receive_pool(struct buf_pools *pools, int node)
{
	char name[RTE_MEMPOOL_NAMESIZE];

	/* The first pool is where the first lcore's memory is. */
	if (!pools->live || node < 0 || node >= RTE_MAX_NUMA_NODES || node == (int)rte_socket_id())
		return pools->pool[1];
	if (!pools->node[node]) {
		snprintf(name, sizeof(name), "vex-node-%d", node);
		pools->node[node] = make_pool(name, 1, pools->buffers[1], node);
	}
	return pools->node[node] ? pools->node[node] : pools->pool[1];
}

void buf_pools_destroy(struct buf_pools *pools)
{
	if (!pools)
		return;
	for (uint32_t large = 0; large < 2; large++)
		for (unsigned int i = 0; i < pools->chunks[large]; i++)
			rte_mempool_free(pools->chunk[large][i]);
	for (unsigned int node = 0; node < RTE_MAX_NUMA_NODES; node++)
		rte_mempool_free(pools->node[node]);
	free(pools);
}

struct rte_mbuf *buf_dpdk_refill(struct buf_pools *pools, uint32_t large)
{
	struct rte_mbuf *m = NULL;
	struct rte_mempool *pool;

	if (pools->live)
		return NULL;
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
