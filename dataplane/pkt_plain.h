/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_PKT_PLAIN_H
#define VEX_DATAPLANE_PKT_PLAIN_H

/* Plain buffers (buf.h): blocks of two sizes on free lists; memory stays at its peak. */

#include <stdlib.h>

#include "dataplane/buf.h"

struct buf {
	struct buf_pools *pools;
	struct buf *next;	/* on the free list */
	struct buf *owner;	/* of the shared payload, or NULL */
	const uint8_t *payload; /* within owner */
	uint32_t refs;
	uint32_t large;
	uint8_t room[];
};

struct buf_pools {
	struct buf *free[2]; /* small, large */
	size_t taken;	     /* buffers in use */
};

/* Takes a block from malloc; NULL if there is no memory. */
struct buf *buf_plain_grow(struct buf_pools *pools, uint32_t large);

static inline struct buf *buf_plain_get(struct buf_pools *pools, uint32_t large)
{
	struct buf *b = pools->free[large];

	if (b)
		pools->free[large] = b->next;
	else
		b = buf_plain_grow(pools, large);
	if (b) {
		pools->taken++;
		b->owner = NULL;
		b->payload = NULL;
		b->refs = 1;
	}
	return b;
}

static inline void buf_plain_unref(struct buf *b)
{
	if (--b->refs)
		return;
	b->pools->taken--;
	b->next = b->pools->free[b->large];
	b->pools->free[b->large] = b;
}

static inline void buf_free(struct buf *b)
{
	if (b->owner)
		buf_plain_unref(b->owner);
	buf_plain_unref(b);
}

static inline const uint8_t *buf_payload(const struct buf *b)
{
	return b->payload;
}

static inline int buf_alloc(struct buf_pools *pools, uint32_t len, struct pkt *p)
{
	if (len > PKT_LEN_MAX)
		return 0;
	p->buf = buf_plain_get(pools, len > BUF_SMALL_ROOM);
	if (!p->buf)
		return 0;
	p->data = p->buf->room + PKT_HEADROOM;
	p->len = len;
	p->hlen = (uint16_t)len;
	return 1;
}

static inline int buf_copy(struct buf_pools *pools, const struct pkt *src, struct pkt *dst)
{
	uint32_t private = src->len <= PKT_DEEP_COPY ? src->len : PKT_PRIVATE_MIN;
	struct buf *b = buf_plain_get(pools, 0);

	if (!b)
		return 0;
	*dst = *src;
	dst->buf = b;
	dst->data = b->room + PKT_HEADROOM;
	dst->hlen = (uint16_t) private;
	memcpy(dst->data, src->data, private);
	if (private < src->len) {
		b->owner = src->buf;
		b->payload = src->data + private;
		src->buf->refs++;
	}
	return 1;
}

#endif
