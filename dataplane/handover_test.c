/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/handover.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "tests/unit/unit.h"

#define FRAMES 200000u
#define BURST  37u

/* Stands for a buffer: a place whose number is all that matters. */
static char places[FRAMES + 1];

static struct buf *numbered(uint32_t n)
{
	return (struct buf *)(void *)&places[n];
}

static uint32_t number_of(const struct handover_frame *f)
{
	return (uint32_t)((const char *)(const void *)f->buf - places);
}

static void sizes(void)
{
	CU_ASSERT_EQUAL(handover_slots(1), 1024);
	CU_ASSERT_EQUAL(handover_slots(4), 1024);
	CU_ASSERT_EQUAL(handover_slots(5), 512);
	CU_ASSERT_EQUAL(handover_slots(32), 128);
}

static void bounded(void)
{
	struct handover *h = handover_create(2);
	struct handover_ring *r;
	uint32_t n = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(h);
	r = handover_ring(h, 1, 0);
	CU_ASSERT(r != handover_ring(h, 0, 1));
	/* Numbers that come round. */
	r->tail = UINT32_MAX - 5;
	r->head = UINT32_MAX - 5;
	r->put = r->head_seen = UINT32_MAX - 5;
	while (handover_put(r, (struct handover_frame){numbered(n), 7}))
		n++;
	CU_ASSERT_EQUAL(n, handover_slots(2));
	CU_ASSERT_EQUAL(handover_waiting(r), 0); /* not published */
	handover_publish(r);
	CU_ASSERT_EQUAL_FATAL(handover_waiting(r), n);
	for (uint32_t i = 0; i < n; i++)
		CU_ASSERT(number_of(handover_at(r, i)) == i && handover_at(r, i)->port == 7);
	/* Looked at, but not released: still no room. */
	CU_ASSERT(!handover_put(r, (struct handover_frame){numbered(n), 7}));
	handover_release(r, 3);
	for (uint32_t i = 0; i < 3; i++)
		CU_ASSERT(handover_put(r, (struct handover_frame){numbered(n + i), 8}));
	CU_ASSERT(!handover_put(r, (struct handover_frame){numbered(n + 3), 8}));
	handover_publish(r);
	CU_ASSERT_EQUAL(handover_waiting(r), n);
	CU_ASSERT_EQUAL(number_of(handover_at(r, 0)), 3);
	CU_ASSERT_EQUAL(number_of(handover_at(r, n - 1)), n + 2);
	handover_release(r, n);
	CU_ASSERT_EQUAL(handover_waiting(r), 0);
	handover_destroy(h, NULL);
}

static void forget(struct buf *buf)
{
	*(char *)(void *)buf += 1;
}

/* What nobody took is freed, published or not, and nothing else. */
static void leftovers(void)
{
	struct handover *h = handover_create(3);
	struct handover_ring *r;

	CU_ASSERT_PTR_NOT_NULL_FATAL(h);
	r = handover_ring(h, 2, 1);
	for (uint32_t i = 0; i < 5; i++)
		handover_put(r, (struct handover_frame){numbered(i), 0});
	handover_publish(r);
	handover_release(r, 2);
	handover_put(r, (struct handover_frame){numbered(5), 0});
	handover_destroy(h, forget);
	for (uint32_t i = 0; i < 7; i++) {
		CU_ASSERT_EQUAL(places[i], i >= 2 && i <= 5);
		places[i] = 0;
	}
	handover_destroy(NULL, forget);
}

static void *produce(void *arg)
{
	struct handover_ring *r = arg;
	uint32_t n = 0;

	while (n < FRAMES) {
		if (!handover_put(r, (struct handover_frame){numbered(n), (uint16_t)n})) {
			handover_publish(r);
			sched_yield();
			continue;
		}
		if (++n % BURST == 0)
			handover_publish(r);
	}
	handover_publish(r);
	return NULL;
}

/* Two producers and their owner: each frame once, whole, and in the order of its producer. */
static void order(void)
{
	struct handover *h = handover_create(2);
	uint32_t next[2] = {0}, wrong = 0;
	pthread_t thread[2];

	CU_ASSERT_PTR_NOT_NULL_FATAL(h);
	for (unsigned int i = 0; i < 2; i++)
		CU_ASSERT_EQUAL_FATAL(
			pthread_create(&thread[i], NULL, produce, handover_ring(h, i, 1)), 0);
	while (next[0] + next[1] < 2 * FRAMES) {
		uint32_t before = next[0] + next[1];

		for (unsigned int i = 0; i < 2; i++) {
			struct handover_ring *r = handover_ring(h, i, 1);
			uint32_t n = handover_waiting(r);

			for (uint32_t k = 0; k < n; k++, next[i]++)
				wrong += number_of(handover_at(r, k)) != next[i] ||
					 handover_at(r, k)->port != (uint16_t)next[i];
			handover_release(r, n);
		}
		if (next[0] + next[1] == before)
			sched_yield();
	}
	for (unsigned int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT(next[0] == FRAMES && next[1] == FRAMES);
	handover_destroy(h, NULL);
}

static const struct unit_case cases[] = {
	{"rings are shorter when there are many", sizes},
	{"a ring takes what it has slots for, and gives slots back when told", bounded},
	{"frames that nobody took are freed", leftovers},
	{"two producers at once lose, double and turn round nothing", order},
};

const struct unit_suite handover_suite = {.name = "handover", .cases = cases, .n = UNIT_N(cases)};
