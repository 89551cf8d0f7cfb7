/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_PUNT_QUEUE_H
#define VEX_DATAPLANE_PUNT_QUEUE_H

/*
 * A queue of frames between one worker and housekeeping of the same process, either way: punted
 * frames to it, injected ones from it. One thread puts, one takes; a frame's buffer belongs to the
 * queue from put to take. Zeroed memory is an empty queue.
 */

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "dataplane/clock.h"

#define PUNT_QUEUE_FRAMES 256u /* a power of two */

struct buf;

struct punt_frame {
	struct buf *buf;
	uint8_t *data;
	vex_time time;
	uint16_t len; /* all of it is at data */
	uint16_t port;
	uint16_t protocol; /* enum punt_protocol; 0 of an injected frame */
	uint16_t pad;
};

struct punt_queue {
	_Atomic uint32_t put __attribute__((aligned(64)));   /* frames put, ever */
	_Atomic uint32_t taken __attribute__((aligned(64))); /* frames taken, ever */
	struct punt_frame frame[PUNT_QUEUE_FRAMES] __attribute__((aligned(64)));
};

/* False if there is no room; the buffer is still the caller's then. */
static inline bool punt_queue_put(struct punt_queue *q, const struct punt_frame *f)
{
	uint32_t put = atomic_load_explicit(&q->put, memory_order_relaxed);

	if (put - atomic_load_explicit(&q->taken, memory_order_acquire) == PUNT_QUEUE_FRAMES)
		return false;
	q->frame[put % PUNT_QUEUE_FRAMES] = *f;
	atomic_store_explicit(&q->put, put + 1, memory_order_release);
	return true;
}

/* Whether there is one to take; for the thread that takes. */
static inline bool punt_queue_waits(const struct punt_queue *q)
{
	return atomic_load_explicit(&q->taken, memory_order_relaxed) !=
	       atomic_load_explicit(&q->put, memory_order_acquire);
}

/* False if there is none. */
static inline bool punt_queue_take(struct punt_queue *q, struct punt_frame *f)
{
	uint32_t taken = atomic_load_explicit(&q->taken, memory_order_relaxed);

	if (taken == atomic_load_explicit(&q->put, memory_order_acquire))
		return false;
	*f = q->frame[taken % PUNT_QUEUE_FRAMES];
	atomic_store_explicit(&q->taken, taken + 1, memory_order_release);
	return true;
}

#endif
