/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One side of a ring is killed: after each machine instruction of each thing that it can do, by
 * single steps. What must hold in every case: the survivor gets whole records only, each that was
 * published and no other, once and in order; its ring does not break; a successor begins with an
 * empty ring that works to its last slot.
 */
#include "control/ring_testlib.h"

#include "tests/unit/unit.h"

/* More instructions than any case takes, also under the sanitizers. */
#define STEPS_MAX 50000u
/* Deaths of one case; a build without instrumentation has fewer instructions than this. */
#define DEATHS_MAX 200u

struct rig {
	struct small_ring *memory;
	struct record *out; /* where the child's records go, shared */
	uint32_t *finished; /* set by the child after a pop, shared */
	struct vex_ring producer;
	struct vex_ring consumer;
	uint64_t next;	    /* number of the record that the child pushes */
	struct record push; /* that record */
};

static bool make_rig(struct rig *r)
{
	struct small_ring *memory = shared_memory(VEX_PAGE);

	*r = (struct rig){.memory = memory};
	r->out = (void *)(memory + 1);
	r->finished = (void *)(r->out + 1);
	return memory != NULL;
}

static void open_rig(struct rig *r, unsigned int generation)
{
	vex_ring_open(
		&r->producer, &r->memory->ctl, small_shape, generation_of(1, generation), true);
	vex_ring_open(
		&r->consumer, &r->memory->ctl, small_shape, generation_of(1, generation), false);
}

/* Passes @before records through the fresh ring, then leaves @waiting in it, numbered from 0. */
static void fill_rig(struct rig *r, unsigned int before, unsigned int waiting)
{
	struct record record = record_of(UINT64_MAX);

	memset(r->memory, 0, VEX_PAGE);
	open_rig(r, 1);
	while (before-- > 0) {
		vex_ring_push(&r->producer, &record, sizeof(record));
		vex_ring_pop(&r->consumer, &record);
	}
	for (r->next = 0; r->next < waiting; r->next++) {
		record = record_of(r->next);
		vex_ring_push(&r->producer, &record, sizeof(record));
	}
	r->push = record_of(r->next);
}

/* Takes everything; the number of records, or -1 if one is not whole or not the next. */
static int drain(struct vex_ring *consumer)
{
	struct record record;
	int n, k = 0;

	while ((n = vex_ring_pop(consumer, &record)) > 0) {
		if (!record_is(&record, (uint64_t)k++))
			return -1;
	}
	return n < 0 ? -1 : k;
}

/* Fills the ring; the number of records, or -1 if it is broken. */
static int fill(struct vex_ring *producer)
{
	struct record record = record_of(0);
	int done, k = 0;

	while ((done = vex_ring_push(producer, &record, sizeof(record))) > 0)
		record = record_of((uint64_t)++k);
	return done < 0 ? -1 : k;
}

/* Successors of generation @g, in either order: the ring is empty and every slot works. */
static bool successors_work(struct rig *r, unsigned int g, bool consumer_first)
{
	uint64_t generation = generation_of(1, g);

	if (!consumer_first)
		vex_ring_open(&r->producer, &r->memory->ctl, small_shape, generation, true);
	vex_ring_open(&r->consumer, &r->memory->ctl, small_shape, generation, false);
	if (drain(&r->consumer) != 0)
		return false;
	if (consumer_first)
		vex_ring_open(&r->producer, &r->memory->ctl, small_shape, generation, true);
	for (unsigned int i = 0; i < 3; i++) {
		if (drain(&r->consumer) != 0 || fill(&r->producer) != (int)SMALL_SLOTS ||
			drain(&r->consumer) != (int)SMALL_SLOTS)
			return false;
	}
	return vex_ring_lost(&r->consumer) == 0;
}

/*
 * Instructions from one death to the next: 1, or more when the compiler's instrumentation makes
 * @fn very long. 0 if it cannot be run.
 */
static unsigned long stride_of(void (*fn)(void *), struct rig *r)
{
	struct death death = die_after(STEPS_MAX, fn, r);

	return death.end == CHILD_FINISHED ? death.steps / DEATHS_MAX + 1 : 0;
}

/* The places in a ring where something is different. */
static const struct place {
	unsigned int before;
	unsigned int waiting;
} places[] = {{0, 0}, {0, 3}, {5, 0}, {7, 0}, {7, 2}, {8, 7}, {20, 7}, {0, 8}, {13, 8}};

static void push_once(void *arg)
{
	struct rig *r = arg;

	vex_ring_push_or_lose(&r->producer, &r->push, sizeof(r->push));
}

/* Kills a push in every place at every step; the survivor is the consumer. */
static void kill_push(void)
{
	struct rig r;

	CU_ASSERT_FATAL(make_rig(&r));
	for (size_t i = 0; i < UNIT_N(places); i++) {
		int waiting = (int)places[i].waiting, full = waiting == (int)SMALL_SLOTS;
		enum child_end end = CHILD_KILLED;
		int seen = 0;
		unsigned long k, stride;

		fill_rig(&r, places[i].before, places[i].waiting);
		stride = stride_of(push_once, &r);
		CU_ASSERT_FATAL(stride > 0);
		for (k = 0; k < STEPS_MAX && end == CHILD_KILLED; k += stride) {
			int n, lost;

			fill_rig(&r, places[i].before, places[i].waiting);
			end = die_after(k, push_once, &r).end;
			n = drain(&r.consumer) - waiting;
			lost = (int)vex_ring_lost(&r.consumer);
			CU_ASSERT(n == 0 || n == !full);
			CU_ASSERT(lost == 0 || lost == full);
			/* Published at one instruction, and at all later ones. */
			CU_ASSERT(n + lost >= seen);
			seen = n + lost;
			CU_ASSERT(successors_work(&r, 2, k & 1));
		}
		CU_ASSERT_EQUAL(end, CHILD_FINISHED);
		CU_ASSERT_EQUAL(seen, 1);
		CU_ASSERT(k > 10);
	}
	munmap(r.memory, VEX_PAGE);
}

static void pop_once(void *arg)
{
	struct rig *r = arg;

	if (vex_ring_pop(&r->consumer, r->out) > 0)
		*r->finished = 1;
}

/* Kills a pop in every place at every step; the survivor is the producer. */
static void kill_pop(void)
{
	struct rig r;

	CU_ASSERT_FATAL(make_rig(&r));
	for (size_t i = 0; i < UNIT_N(places); i++) {
		int room = (int)(SMALL_SLOTS - places[i].waiting), some = places[i].waiting > 0;
		enum child_end end = CHILD_KILLED;
		int freed = 0;
		unsigned long k, stride;

		fill_rig(&r, places[i].before, places[i].waiting);
		stride = stride_of(pop_once, &r);
		CU_ASSERT_FATAL(stride > 0);
		for (k = 0; k < STEPS_MAX && end == CHILD_KILLED; k += stride) {
			int n;

			fill_rig(&r, places[i].before, places[i].waiting);
			end = die_after(k, pop_once, &r).end;
			if (*r.finished)
				CU_ASSERT(record_is(r.out, 0));
			n = fill(&r.producer) - room;
			CU_ASSERT(n == 0 || n == some);
			CU_ASSERT(n >= freed && n >= (int)*r.finished);
			freed = n;
			CU_ASSERT(successors_work(&r, 2, k & 1));
		}
		CU_ASSERT_EQUAL(end, CHILD_FINISHED);
		CU_ASSERT_EQUAL(freed, some);
		CU_ASSERT(k > 10);
	}
	munmap(r.memory, VEX_PAGE);
}

static void open_producer(void *arg)
{
	struct rig *r = arg;

	vex_ring_open(&r->producer, &r->memory->ctl, small_shape, generation_of(1, 2), true);
}

static void open_consumer(void *arg)
{
	struct rig *r = arg;

	vex_ring_open(&r->consumer, &r->memory->ctl, small_shape, generation_of(1, 2), false);
}

static void kill_open(void)
{
	enum child_end end = CHILD_KILLED;
	unsigned long k, stride;
	struct rig r;

	CU_ASSERT_FATAL(make_rig(&r));
	fill_rig(&r, 5, SMALL_SLOTS);
	stride = stride_of(open_producer, &r);
	CU_ASSERT_FATAL(stride > 0);
	for (k = 0; k < STEPS_MAX && end == CHILD_KILLED; k += stride) {
		fill_rig(&r, 5, SMALL_SLOTS);
		end = die_after(k, open_producer, &r).end;
		/* The old life's consumer may find its rest gone, but nothing else in its place. */
		CU_ASSERT(drain(&r.consumer) >= 0);
		CU_ASSERT(successors_work(&r, k % 3 ? 2 : 3, k & 1));
	}
	CU_ASSERT_EQUAL(end, CHILD_FINISHED);
	end = CHILD_KILLED;
	stride = stride_of(open_consumer, &r);
	CU_ASSERT_FATAL(stride > 0);
	for (k = 0; k < STEPS_MAX && end == CHILD_KILLED; k += stride) {
		fill_rig(&r, 5, 6);
		end = die_after(k, open_consumer, &r).end;
		CU_ASSERT_EQUAL(fill(&r.producer), 2);
		CU_ASSERT(successors_work(&r, k % 3 ? 2 : 3, k & 1));
	}
	CU_ASSERT_EQUAL(end, CHILD_FINISHED);
	munmap(r.memory, VEX_PAGE);
}

static const struct unit_case cases[] = {
	{"a producer may die at every instruction of a push", kill_push},
	{"a consumer may die at every instruction of a pop", kill_pop},
	{"either may die at every instruction of opening", kill_open},
};

const struct unit_suite ring_kill_suite = {.name = "ring_kill", .cases = cases, .n = UNIT_N(cases)};
