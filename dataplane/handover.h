/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_HANDOVER_H
#define VEX_DATAPLANE_HANDOVER_H

/*
 * Hand-over of frames between threads of the data plane: what one worker made for a port whose
 * device another worker serves.
 *
 * There is a ring for every pair of workers, so each has one thread at either end and needs no
 * lock. The frames of one producer for one port leave in the order in which it put them.
 *
 *	producer:  handover_put() for each frame, then handover_publish() once for all of them
 *	owner:	   handover_waiting(), handover_at() for each, then, when the device has them all,
 *		   handover_release()
 *
 * A ring that is empty therefore says that the owner's device has every frame of this producer.
 *
 * What may go wrong: a full ring, because the owner is too slow or hangs. The frame is then the
 * producer's again: a drop with the reason HANDOVER_FULL.
 */

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* Frames of one ring: enough for many bursts; fewer with many workers, whose rings are many. */
#define HANDOVER_SLOTS_MAX 1024u
#define HANDOVER_SLOTS_MIN 128u

#define HANDOVER_WORKERS_MAX 32u

/* A frame that is ready to be sent: the buffer says where it is and how long. */
struct handover_frame {
	struct buf *buf;
	uint16_t port;
};

struct handover_ring {
	/* The producer's line. */
	_Atomic uint32_t tail __attribute__((aligned(64))); /* published */
	uint32_t put;					    /* the next to be put; not below tail */
	uint32_t head_seen;				    /* the owner's progress, as last seen */
	/* The owner's line. */
	_Atomic uint32_t head __attribute__((aligned(64)));
	/* Constant. */
	uint32_t slots __attribute__((aligned(64))); /* a power of two */
	struct handover_frame frame[];
};

struct handover {
	unsigned int workers;
	struct handover_ring *ring[]; /* [producer * workers + owner] */
};

/* Slots of each ring for so many workers. */
uint32_t handover_slots(unsigned int workers);

/* Rings for that many workers, HANDOVER_WORKERS_MAX at most; NULL without memory. */
struct handover *handover_create(unsigned int workers);

/* Frees the rings and, by free_frame, what is still in them; no thread uses them any more. */
void handover_destroy(struct handover *h, void (*free_frame)(struct buf *buf));

static inline struct handover_ring *handover_ring(
	const struct handover *h, unsigned int producer, unsigned int owner)
{
	return h->ring[producer * h->workers + owner];
}

/* Producer: puts a frame, which the owner sees after handover_publish(); false if there is no room. */
static inline bool handover_put(struct handover_ring *r, struct handover_frame frame)
{
	if (r->put - r->head_seen == r->slots) {
		r->head_seen = atomic_load_explicit(&r->head, memory_order_acquire);
		if (r->put - r->head_seen == r->slots)
			return false;
	}
	r->frame[r->put++ & (r->slots - 1)] = frame;
	return true;
}

/* Producer: shows the owner what was put. */
static inline void handover_publish(struct handover_ring *r)
{
	atomic_store_explicit(&r->tail, r->put, memory_order_release);
}

/* Owner: how many frames there are. */
static inline uint32_t handover_waiting(struct handover_ring *r)
{
	return atomic_load_explicit(&r->tail, memory_order_acquire) -
	       atomic_load_explicit(&r->head, memory_order_relaxed);
}

/* Owner: frame i of those that wait. */
static inline const struct handover_frame *handover_at(const struct handover_ring *r, uint32_t i)
{
	uint32_t head = atomic_load_explicit(&r->head, memory_order_relaxed);

	return &r->frame[(head + i) & (r->slots - 1)];
}

/* Owner: gives the slots of the first n frames back. */
static inline void handover_release(struct handover_ring *r, uint32_t n)
{
	atomic_store_explicit(&r->head, atomic_load_explicit(&r->head, memory_order_relaxed) + n,
		memory_order_release);
}

#endif
