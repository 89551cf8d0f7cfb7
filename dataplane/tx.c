/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/tx.h"

#include <stdlib.h>

#include "dataplane/buf.h"

#define FIRST_SIZE 1024u

bool tx_ring_create(struct tx_ring *r)
{
	*r = (struct tx_ring){
		.frame = malloc(FIRST_SIZE * sizeof(*r->frame)), .mask = FIRST_SIZE - 1};
	return r->frame != NULL;
}

void tx_ring_destroy(struct tx_ring *r)
{
	struct tx_frame f;

	while (tx_ring_pop(r, &f))
		buf_free(f.buf);
	free(r->frame);
	*r = (struct tx_ring){0};
}

bool tx_ring_grow(struct tx_ring *r, uint32_t n)
{
	uint32_t held = r->tail - r->head;
	uint32_t size = r->mask + 1;
	struct tx_frame *bigger;

	while (size < held + n)
		size *= 2;
	bigger = malloc(size * sizeof(*bigger));
	if (!bigger)
		return false;
	for (uint32_t i = 0; i < held; i++)
		bigger[i] = r->frame[(r->head + i) & r->mask];
	free(r->frame);
	*r = (struct tx_ring){.frame = bigger, .mask = size - 1, .tail = held};
	return true;
}
