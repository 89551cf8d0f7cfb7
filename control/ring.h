/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_RING_H
#define VEX_CONTROL_RING_H

/*
 * A ring in shared memory with one producer and one consumer that do not trust each other and may
 * be killed at any instruction.
 *
 * The position of each side, the mask and all addresses are private to it (struct vex_ring). What
 * is shared is a tag in each slot and two words, each with one writer:
 *
 *	producer: record and length into slot[pos & mask], then tag = generation | pos (release)
 *	consumer: taken only if the tag is exactly generation | pos (acquire); copied out, then
 *		  progress = generation | pos (release)
 *
 * Invariants
 *	- A slot is delivered only when its tag was written, which is the last thing that the producer
 *	  does to it: a producer that dies leaves a whole record or none. Until then the slot has the
 *	  tag of the lap before, of another generation, or 0.
 *	- A slot is written again only after the consumer's progress has passed it: a consumer that
 *	  dies leaves its slots in use until the next generation, and the ring full, never corrupt.
 *	- A successor takes a generation of its own (shm.h). It matches no word of an earlier one, so
 *	  nothing is delivered twice; the ring is empty from its first moment, so nothing is stuck. The
 *	  producer clears its tags as well, so that this holds when generation numbers come round.
 *	- Shared memory that changes under the hand costs at most wrong records: a progress that goes
 *	  back or past what was produced, a length out of range or an impossible tag declares the ring
 *	  broken. It stays so until it is opened again. Memory that stands still delivers at most one
 *	  ring full of records.
 *	- A record is copied out before anybody looks at it, and the copy is what is checked.
 *
 * A peer can produce for ever: who empties a ring takes at most a bounded number in one go.
 * One thread at a time may use one side of a ring. Nothing here blocks or calls the system.
 */

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "control/abi.h"

#define VEX_RING_BROKEN (-1)

/* What a ring is, apart from where; a constant of the program. */
struct vex_ring_shape {
	uint32_t slots;	   /* power of two, at most 2^30 */
	uint32_t record;   /* longest record, in bytes */
	uint32_t shortest; /* shortest record, at least 1; equal to @record: a fixed size */
};

/* One side of a ring, in its own memory. */
struct vex_ring {
	struct vex_ring_ctl *ctl;
	unsigned char *slots;
	struct vex_ring_shape shape;
	uint32_t mask;
	uint32_t stride;
	uint32_t pos;	     /* slot to write or to take next; counts up and wraps */
	uint32_t peer;	     /* producer: the consumer's progress, as last seen and believed */
	uint32_t lost;	     /* producer: records dropped; consumer: of these, reported */
	uint64_t generation; /* in the upper half, which is not 0 */
	const char *broken;  /* what the peer did, NULL: nothing */
};

static inline struct vex_slot *vex_ring_slot(const struct vex_ring *r, uint32_t pos)
{
	return (struct vex_slot *)(void *)(r->slots + (size_t)(pos & r->mask) * r->stride);
}

/* True if a shared word was written in this generation; the lower half is its value then. */
static inline bool vex_ring_ours(const struct vex_ring *r, uint64_t word)
{
	return (word ^ r->generation) >> 32 == 0;
}

static inline int vex_ring_break(struct vex_ring *r, const char *what)
{
	r->broken = what;
	return VEX_RING_BROKEN;
}

/*
 * Begins an empty ring at @ctl, which the slots follow. @generation has its number in the upper
 * half and 0 below; both sides must use the same. As the producer, clears all tags.
 */
static inline void vex_ring_open(struct vex_ring *r, struct vex_ring_ctl *ctl,
	struct vex_ring_shape shape, uint64_t generation, bool producer)
{
	*r = (struct vex_ring){.ctl = ctl,
		.slots = (unsigned char *)(ctl + 1),
		.shape = shape,
		.mask = shape.slots - 1,
		.stride = VEX_SLOT_STRIDE(shape.record),
		.generation = generation};
	if (!producer) {
		__atomic_store_n(&ctl->progress, generation, __ATOMIC_RELEASE);
		return;
	}
	for (uint32_t i = 0; i < shape.slots; i++)
		__atomic_store_n(&vex_ring_slot(r, i)->tag, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&ctl->lost, generation, __ATOMIC_RELEASE);
}

/* Producer: 1 if at least @n slots are free, 0 if not, VEX_RING_BROKEN. */
static inline int vex_ring_has_room(struct vex_ring *r, uint32_t n)
{
	uint64_t seen;

	if (r->broken)
		return VEX_RING_BROKEN;
	if (r->shape.slots - (r->pos - r->peer) >= n)
		return 1;
	seen = __atomic_load_n(&r->ctl->progress, __ATOMIC_ACQUIRE);
	/* A consumer of another generation has taken nothing of this one. */
	if (vex_ring_ours(r, seen)) {
		if ((uint32_t)seen - r->peer > r->pos - r->peer)
			return vex_ring_break(r, "the consumer's progress is impossible");
		r->peer = (uint32_t)seen;
	}
	return r->shape.slots - (r->pos - r->peer) >= n;
}

/*
 * Producer: appends a record of @length bytes, within the shape's limits. 1 done, 0 the ring is
 * full, VEX_RING_BROKEN.
 */
static inline int vex_ring_push(struct vex_ring *r, const void *record, uint32_t length)
{
	struct vex_slot *slot = vex_ring_slot(r, r->pos);
	int room = vex_ring_has_room(r, 1);

	if (room <= 0)
		return room;
	if (length < r->shape.shortest || length > r->shape.record)
		return vex_ring_break(r, "a record of a length out of range was to be pushed");
	slot->length = length;
	memcpy(slot->record, record, length);
	__atomic_store_n(&slot->tag, r->generation | r->pos, __ATOMIC_RELEASE);
	r->pos++;
	return 1;
}

/* Producer: counts records that were lost before they could be pushed. */
static inline void vex_ring_lose(struct vex_ring *r, uint64_t n)
{
	if (n == 0 || r->lost == UINT32_MAX)
		return;
	r->lost = n < UINT32_MAX - r->lost ? r->lost + (uint32_t)n : UINT32_MAX;
	__atomic_store_n(&r->ctl->lost, r->generation | r->lost, __ATOMIC_RELEASE);
}

/* As vex_ring_push(), for a ring that may lose records: one that finds no room is counted instead. */
static inline int vex_ring_push_or_lose(struct vex_ring *r, const void *record, uint32_t length)
{
	int done = vex_ring_push(r, record, length);

	if (done == 0)
		vex_ring_lose(r, 1);
	return done;
}

/*
 * Consumer: takes the next record into @record, which has room for the longest. Its length, 0 if
 * there is none, VEX_RING_BROKEN.
 */
static inline int vex_ring_pop(struct vex_ring *r, void *record)
{
	const struct vex_slot *slot = vex_ring_slot(r, r->pos);
	uint64_t tag = __atomic_load_n(&slot->tag, __ATOMIC_ACQUIRE);
	uint32_t length;

	if (r->broken)
		return VEX_RING_BROKEN;
	if (tag != (r->generation | r->pos)) {
		if (vex_ring_ours(r, tag) && (uint32_t)tag != r->pos - r->shape.slots)
			return vex_ring_break(r, "the tag of a slot is impossible");
		return 0;
	}
	length = __atomic_load_n(&slot->length, __ATOMIC_RELAXED);
	if (length < r->shape.shortest || length > r->shape.record)
		return vex_ring_break(r, "the length of a record is out of range");
	memcpy(record, slot->record, length);
	/* From here on the compiler must not look into the slot again instead of the copy. */
	__asm__ volatile("" ::: "memory");
	r->pos++;
	__atomic_store_n(&r->ctl->progress, r->generation | r->pos, __ATOMIC_RELEASE);
	return (int)length;
}

/*
 * Consumer: records that the producer dropped since this was last asked, by its own account. Not
 * zero means that the ring's contents are no longer the whole story: read the table instead.
 */
static inline uint32_t vex_ring_lost(struct vex_ring *r)
{
	uint64_t seen = __atomic_load_n(&r->ctl->lost, __ATOMIC_ACQUIRE);
	uint32_t n = vex_ring_ours(r, seen) ? (uint32_t)seen - r->lost : 0;

	r->lost += n;
	return n;
}

#endif
