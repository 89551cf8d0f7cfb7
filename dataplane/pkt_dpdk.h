/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_PKT_DPDK_H
#define VEX_DATAPLANE_PKT_DPDK_H

/*
 * DPDK buffers (buf.h): struct buf is an rte_mbuf; a shared payload is an indirect second one, whose
 * count of references is atomic.
 *
 * Pools are of one of two kinds. Those of buf_pools_create grow in chunks and belong to one thread
 * (offline). Those of buf_pools_create_live have their size from the start, which is more than every
 * place that holds a frame can hold together, so that they are never the reason for a drop; any
 * thread may take from them and give back, by the cache of its lcore.
 */

#include <rte_mbuf.h>
#include <stdbool.h>

#include "dataplane/buf.h"

#define BUF_CHUNKS 24u

struct buf_pools {
	struct rte_mempool *pool[2]; /* small, large: the chunk that buffers are taken from */
	struct rte_mempool *chunk[2][BUF_CHUNKS];
	unsigned int chunks[2];
	bool live;	     /* no more chunks; receive pools for each memory node */
	uint32_t buffers[2]; /* live: of a pool */
	struct rte_mempool *node[RTE_MAX_NUMA_NODES]; /* large, for devices of that node */
};

/* Bytes of memory that buf_pools_create_live takes when there are so many lcores. */
uint64_t buf_live_bytes(const uint32_t buffers[2], unsigned int lcores);

/*
 * Pools for workers: buffers[0] small and buffers[1] large ones, without those that the caches of
 * lcores may keep, which are added. NULL with a reason.
 */
struct buf_pools *buf_pools_create_live(const uint32_t buffers[2], char *why, size_t size);

/*
 * Where a device on a memory node (SOCKET_ID_ANY: nowhere) receives into: large buffers there, made
 * when first asked for; from anywhere if that node has no memory. Before workers start.
 */
struct rte_mempool *buf_receive_pool(struct buf_pools *pools, int node);

/* A buffer when the present chunk has none; NULL when the last chunk is exhausted. */
struct rte_mbuf *buf_dpdk_refill(struct buf_pools *pools, uint32_t large);

static inline struct rte_mbuf *buf_dpdk_get(struct buf_pools *pools, uint32_t large)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(pools->pool[large]);

	return __builtin_expect(m != NULL, 1) ? m : buf_dpdk_refill(pools, large);
}

static_assert(RTE_PKTMBUF_HEADROOM >= PKT_HEADROOM, "room for tags and tunnels");

static inline struct rte_mbuf *buf_mbuf(struct buf *b)
{
	return (struct rte_mbuf *)b;
}

static inline void buf_free(struct buf *b)
{
	rte_pktmbuf_free(buf_mbuf(b));
}

static inline const uint8_t *buf_payload(const struct buf *b)
{
	const struct rte_mbuf *m = (const struct rte_mbuf *)b;

	return rte_pktmbuf_mtod(m->next, const uint8_t *);
}

static inline int buf_alloc(struct buf_pools *pools, uint32_t len, struct pkt *p)
{
	struct rte_mbuf *m;

	if (len > PKT_LEN_MAX)
		return 0;
	m = buf_dpdk_get(pools, len > BUF_SMALL_ROOM);
	if (!m)
		return 0;
	p->buf = (struct buf *)m;
	p->data = rte_pktmbuf_mtod(m, uint8_t *);
	p->len = len;
	p->hlen = (uint16_t)len;
	return 1;
}

static inline int buf_copy(struct buf_pools *pools, const struct pkt *src, struct pkt *dst)
{
	uint32_t private = src->len <= PKT_DEEP_COPY ? src->len : PKT_PRIVATE_MIN;
	struct rte_mbuf *m = buf_dpdk_get(pools, 0);

	if (!m)
		return 0;
	*dst = *src;
	dst->buf = (struct buf *)m;
	dst->data = rte_pktmbuf_mtod(m, uint8_t *);
	dst->hlen = (uint16_t) private;
	memcpy(dst->data, src->data, private);
	if (private < src->len) {
		struct rte_mbuf *tail = buf_dpdk_get(pools, 0);
		const uint8_t *payload = src->data + private;

		if (!tail) {
			rte_pktmbuf_free(m);
			return 0;
		}
		rte_pktmbuf_attach(tail, buf_mbuf(src->buf));
		tail->data_off = (uint16_t)(payload - (const uint8_t *)tail->buf_addr);
		tail->data_len = (uint16_t)(src->len - private);
		tail->pkt_len = tail->data_len;
		m->next = tail;
		m->nb_segs = 2;
		m->data_len = (uint16_t) private;
		m->pkt_len = src->len;
	}
	return 1;
}

#endif
