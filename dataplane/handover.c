/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/handover.h"

#include <stdlib.h>

/* All rings of an owner together hold a few thousand frames, however many workers there are. */
#define OWNER_FRAMES 4096u

uint32_t handover_slots(unsigned int workers)
{
	uint32_t slots = HANDOVER_SLOTS_MAX;

	while (slots > HANDOVER_SLOTS_MIN && slots * workers > OWNER_FRAMES)
		slots /= 2;
	return slots;
}

static struct handover_ring *create_ring(uint32_t slots)
{
	size_t size = sizeof(struct handover_ring) + slots * sizeof(struct handover_frame);
	struct handover_ring *r = aligned_alloc(64, (size + 63) & ~(size_t)63);

	if (r)
		*r = (struct handover_ring){.slots = slots};
	return r;
}

struct handover *handover_create(unsigned int workers)
{
	size_t rings = (size_t)workers * workers;
	struct handover *h = calloc(1, sizeof(*h) + rings * sizeof(struct handover_ring *));

	if (!h)
		return NULL;
	h->workers = workers;
	for (size_t i = 0; i < rings; i++) {
		h->ring[i] = create_ring(handover_slots(workers));
		if (!h->ring[i]) {
			handover_destroy(h, NULL);
			return NULL;
		}
	}
	return h;
}

void handover_destroy(struct handover *h, void (*free_frame)(struct buf *buf))
{
	if (!h)
		return;
	for (size_t i = 0; i < (size_t)h->workers * h->workers && h->ring[i]; i++) {
		struct handover_ring *r = h->ring[i];
		uint32_t head = atomic_load_explicit(&r->head, memory_order_relaxed);

		for (; head != r->put; head++)
			free_frame(r->frame[head & (r->slots - 1)].buf);
		free(r);
	}
	free(h);
}
