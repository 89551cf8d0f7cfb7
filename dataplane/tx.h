/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_TX_H
#define VEX_DATAPLANE_TX_H

/*
 * Frames that have left their port: a growing ring between the queues and whoever takes the
 * output. Offline this is the wire. It is emptied after every call that lets time pass, so it
 * holds what one burst and one gap between arrivals can send.
 */

#include <stdbool.h>
#include <stdint.h>

#include "dataplane/clock.h"

struct buf;

struct tx_frame {
	vex_time time; /* when its last bit left */
	struct buf *buf;
	const uint8_t *data;
	uint16_t len;  /* padded */
	uint16_t hlen; /* contiguous at data; the rest is buf_payload */
	uint16_t port;
};

struct tx_ring {
	struct tx_frame *frame;
	uint32_t mask;
	uint32_t head;
	uint32_t tail;
};

bool tx_ring_create(struct tx_ring *r);

/* Frees the buffers of frames that nobody took. */
void tx_ring_destroy(struct tx_ring *r);

/* Makes room for n more frames by doubling the ring; false, and nothing changes, without memory. */
bool tx_ring_grow(struct tx_ring *r, uint32_t n);

static inline bool tx_ring_reserve(struct tx_ring *r, uint32_t n)
{
	return r->tail - r->head + n <= r->mask + 1 || tx_ring_grow(r, n);
}

/* The place of one more frame, for which room was reserved. */
static inline struct tx_frame *tx_ring_push(struct tx_ring *r)
{
	return &r->frame[r->tail++ & r->mask];
}

/* The oldest frame, whose buffer is now the caller's; false if there is none. */
static inline bool tx_ring_pop(struct tx_ring *r, struct tx_frame *f)
{
	if (r->head == r->tail)
		return false;
	*f = r->frame[r->head++ & r->mask];
	return true;
}

#endif
