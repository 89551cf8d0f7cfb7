/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/ring_testlib.h"

#include "tests/unit/unit.h"

#include <pthread.h>
#include <sched.h>

#define MANY 2000000u

struct pair {
	struct small_ring *memory;
	struct vex_ring producer;
	struct vex_ring consumer;
};

static void open_pair(struct pair *p, uint64_t generation)
{
	vex_ring_open(&p->producer, &p->memory->ctl, small_shape, generation, true);
	vex_ring_open(&p->consumer, &p->memory->ctl, small_shape, generation, false);
}

/* Exactly as large as it is, so that the address sanitizer sees an access beyond it. */
static struct pair make_pair(void)
{
	struct pair p = {
		.memory = aligned_alloc(_Alignof(struct small_ring), sizeof(struct small_ring))};

	if (!p.memory)
		abort();
	memset(p.memory, 0, sizeof(*p.memory));
	open_pair(&p, generation_of(1, 1));
	return p;
}

static int push(struct pair *p, uint64_t number)
{
	struct record r = record_of(number);

	return vex_ring_push(&p->producer, &r, sizeof(r));
}

/* Takes a record and says whether it is @number. */
static bool pop_is(struct pair *p, uint64_t number)
{
	struct record r;

	return vex_ring_pop(&p->consumer, &r) == (int)sizeof(r) && record_is(&r, number);
}

static int pop(struct pair *p)
{
	struct record r;

	return vex_ring_pop(&p->consumer, &r);
}

static void full_and_empty(void)
{
	struct pair p = make_pair();

	CU_ASSERT_EQUAL(pop(&p), 0);
	for (unsigned int i = 0; i < SMALL_SLOTS; i++)
		CU_ASSERT_EQUAL(push(&p, i), 1);
	CU_ASSERT_EQUAL(push(&p, 8), 0);
	CU_ASSERT_EQUAL(vex_ring_has_room(&p.producer, 1), 0);
	CU_ASSERT(pop_is(&p, 0));
	CU_ASSERT_EQUAL(vex_ring_has_room(&p.producer, 1), 1);
	CU_ASSERT_EQUAL(vex_ring_has_room(&p.producer, 2), 0);
	CU_ASSERT_EQUAL(push(&p, 8), 1);
	for (unsigned int i = 1; i <= SMALL_SLOTS; i++)
		CU_ASSERT(pop_is(&p, i));
	CU_ASSERT_EQUAL(pop(&p), 0);
	CU_ASSERT_EQUAL(vex_ring_has_room(&p.producer, SMALL_SLOTS), 1);
	CU_ASSERT_EQUAL(vex_ring_has_room(&p.producer, SMALL_SLOTS + 1), 0);
	free(p.memory);
}

static void position_wraps(void)
{
	struct pair p = make_pair();
	uint32_t start = UINT32_MAX - 20;

	p.producer.pos = p.producer.peer = p.consumer.pos = start;
	p.memory->ctl.progress = p.consumer.generation | start;
	for (unsigned int i = 0; i < 100; i++) {
		CU_ASSERT_EQUAL(push(&p, i), 1);
		CU_ASSERT_EQUAL(push(&p, i + 1000), 1);
		CU_ASSERT(pop_is(&p, i));
		CU_ASSERT(pop_is(&p, i + 1000));
		CU_ASSERT_EQUAL(pop(&p), 0);
	}
	CU_ASSERT_EQUAL(p.consumer.pos, start + 200);
	free(p.memory);
}

/* Takes 0 .. MANY - 1 in order; the number of records that were something else. */
static unsigned int take_many(struct vex_ring *consumer)
{
	unsigned int wrong = 0;
	struct record r;

	for (uint64_t i = 0; i < MANY;) {
		int n = vex_ring_pop(consumer, &r);

		if (n < 0)
			return UINT32_MAX;
		if (n == 0) {
			sched_yield();
			continue;
		}
		wrong += !record_is(&r, i++);
	}
	return wrong;
}

static void *produce_many(void *arg)
{
	struct vex_ring *producer = arg;

	for (uint64_t i = 0; i < MANY;) {
		struct record r = record_of(i);
		int done = vex_ring_push(producer, &r, sizeof(r));

		if (done < 0)
			break;
		if (done == 0)
			sched_yield();
		else
			i++;
	}
	return NULL;
}

static void between_threads(void)
{
	struct pair p = make_pair();
	pthread_t thread;

	CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, produce_many, &p.producer), 0);
	CU_ASSERT_EQUAL(take_many(&p.consumer), 0);
	pthread_join(thread, NULL);
	CU_ASSERT_EQUAL(pop(&p), 0);
	free(p.memory);
}

static void between_processes(void)
{
	struct pair p = {.memory = shared_memory(sizeof(struct small_ring))};
	pid_t pid;

	CU_ASSERT_PTR_NOT_NULL_FATAL(p.memory);
	open_pair(&p, generation_of(1, 1));
	pid = fork();
	if (pid == 0) {
		produce_many(&p.producer);
		_exit(0);
	}
	CU_ASSERT_FATAL(pid > 0);
	CU_ASSERT_EQUAL(take_many(&p.consumer), 0);
	waitpid(pid, NULL, 0);
	munmap(p.memory, sizeof(*p.memory));
}

static void losses_are_counted(void)
{
	struct pair p = make_pair();
	struct record r = record_of(0);

	CU_ASSERT_EQUAL(vex_ring_lost(&p.consumer), 0);
	for (unsigned int i = 0; i < SMALL_SLOTS + 5; i++) {
		r = record_of(i);
		CU_ASSERT_EQUAL(vex_ring_push_or_lose(&p.producer, &r, sizeof(r)), i < SMALL_SLOTS);
	}
	CU_ASSERT_EQUAL(vex_ring_lost(&p.consumer), 5);
	CU_ASSERT_EQUAL(vex_ring_lost(&p.consumer), 0);
	for (unsigned int i = 0; i < SMALL_SLOTS; i++)
		CU_ASSERT(pop_is(&p, i));
	CU_ASSERT_EQUAL(vex_ring_push_or_lose(&p.producer, &r, sizeof(r)), 1);
	CU_ASSERT_EQUAL(vex_ring_lost(&p.consumer), 0);

	/* The count stops at its greatest value. */
	while (push(&p, 0) == 1)
		;
	p.producer.lost = UINT32_MAX - 1;
	for (unsigned int i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(vex_ring_push_or_lose(&p.producer, &r, sizeof(r)), 0);
	CU_ASSERT_EQUAL(vex_ring_lost(&p.consumer), UINT32_MAX - 5);

	/* A fresh ring has lost nothing. */
	open_pair(&p, generation_of(1, 2));
	CU_ASSERT_EQUAL(vex_ring_lost(&p.consumer), 0);
	free(p.memory);
}

static void lengths(void)
{
	const struct vex_ring_shape shape = {SMALL_SLOTS, sizeof(struct record), 1};
	struct pair p = make_pair();
	struct record in = record_of(7), out;
	volatile uint32_t too_long = sizeof(in) + 1;

	vex_ring_open(&p.producer, &p.memory->ctl, shape, generation_of(2, 1), true);
	vex_ring_open(&p.consumer, &p.memory->ctl, shape, generation_of(2, 1), false);
	for (unsigned int n = 1; n <= sizeof(in); n++) {
		memset(&out, 0, sizeof(out));
		CU_ASSERT_EQUAL(vex_ring_push(&p.producer, &in, n), 1);
		CU_ASSERT_EQUAL(vex_ring_pop(&p.consumer, &out), (int)n);
		CU_ASSERT_EQUAL(memcmp(&in, &out, n), 0);
	}
	CU_ASSERT_EQUAL(vex_ring_push(&p.producer, &in, 0), VEX_RING_BROKEN);
	vex_ring_open(&p.producer, &p.memory->ctl, shape, generation_of(2, 1), true);
	CU_ASSERT_EQUAL(vex_ring_push(&p.producer, &in, too_long), VEX_RING_BROKEN);
	free(p.memory);
}

static void earlier_generations(void)
{
	struct pair p = make_pair();

	for (unsigned int g = 2; g < 40; g++) {
		struct vex_ring old = p.consumer;
		struct record r;

		while (push(&p, g) == 1)
			;
		CU_ASSERT(pop_is(&p, g));
		/* The consumer is new, the producer has not noticed: nothing of it is taken. */
		vex_ring_open(&p.consumer, &p.memory->ctl, small_shape, generation_of(g, 1), false);
		CU_ASSERT_EQUAL(pop(&p), 0);
		CU_ASSERT_EQUAL(push(&p, g), 0);
		CU_ASSERT_EQUAL(pop(&p), 0);
		vex_ring_open(&p.producer, &p.memory->ctl, small_shape, generation_of(g, 1), true);
		CU_ASSERT_EQUAL(pop(&p), 0);
		/* A consumer of an earlier one neither takes nor frees a slot of this one. */
		while (push(&p, g) == 1)
			;
		CU_ASSERT_EQUAL(vex_ring_pop(&old, &r), 0);
		old.ctl->progress = old.generation | 5;
		CU_ASSERT_EQUAL(push(&p, g), 0);
		open_pair(&p, generation_of(g, 1));
	}
	/* The numbers come round: what the ring holds from then is not taken either. */
	while (push(&p, 1) == 1)
		;
	open_pair(&p, generation_of(39, 2));
	open_pair(&p, generation_of(39, 1));
	CU_ASSERT_EQUAL(pop(&p), 0);
	free(p.memory);
}

static void impossible_progress(void)
{
	struct pair p = make_pair();
	uint64_t *progress = &p.memory->ctl.progress;

	while (push(&p, 1) == 1)
		;
	*progress = p.producer.generation | (SMALL_SLOTS + 1);
	CU_ASSERT_EQUAL(push(&p, 1), VEX_RING_BROKEN);
	CU_ASSERT_PTR_NOT_NULL(p.producer.broken);
	*progress = p.producer.generation | 1;
	CU_ASSERT_EQUAL(push(&p, 1), VEX_RING_BROKEN);

	open_pair(&p, generation_of(2, 2));
	CU_ASSERT_PTR_NULL(p.producer.broken);
	while (push(&p, 1) == 1)
		;
	CU_ASSERT(pop_is(&p, 1));
	CU_ASSERT(pop_is(&p, 1));
	CU_ASSERT_EQUAL(push(&p, 1), 1);
	*progress = p.producer.generation | 1;
	CU_ASSERT_EQUAL(push(&p, 1), 1);
	CU_ASSERT_EQUAL(push(&p, 1), VEX_RING_BROKEN);
	free(p.memory);
}

static void impossible_slots(void)
{
	static const uint32_t bad_lengths[] = {0, 1, 63, 65, 1u << 31, UINT32_MAX};
	static const uint32_t bad_tags[] = {1, 7, 8, 9, UINT32_MAX, 1u << 31};
	struct pair p = make_pair();

	for (unsigned int i = 0; i < UNIT_N(bad_lengths); i++) {
		open_pair(&p, generation_of(1, 2 + i));
		CU_ASSERT_EQUAL(push(&p, 1), 1);
		vex_ring_slot(&p.producer, 0)->length = bad_lengths[i];
		CU_ASSERT_EQUAL(pop(&p), VEX_RING_BROKEN);
		vex_ring_slot(&p.producer, 0)->length = sizeof(struct record);
		CU_ASSERT_EQUAL(pop(&p), VEX_RING_BROKEN);
	}
	for (unsigned int i = 0; i < UNIT_N(bad_tags); i++) {
		open_pair(&p, generation_of(2, 2 + i));
		vex_ring_slot(&p.producer, 0)->tag = p.producer.generation | bad_tags[i];
		CU_ASSERT_EQUAL(pop(&p), VEX_RING_BROKEN);
	}
	free(p.memory);
}

/* Puts into a word what is wrong in one of the ways that hurt most. */
static void corrupt(struct small_ring *m, uint64_t generation, uint64_t *seed)
{
	uint64_t *words = (void *)m;
	size_t n = sizeof(*m) / sizeof(*words);
	size_t at = draw(seed) % n;

	switch (draw(seed) % 5) {
	case 0:
		words[at] = draw(seed);
		break;
	case 1:
		words[at] += draw(seed) % 5 - 2;
		break;
	case 2:
		words[at] = words[draw(seed) % n];
		break;
	case 3:
		words[at] = generation | (draw(seed) & 31);
		break;
	default:
		words[at] = 0;
	}
}

static void random_corruption(void)
{
	struct pair p = make_pair();
	uint64_t seed = 20240607;
	unsigned int broken = 0, excess = 0, taken = 0;

	for (unsigned int round = 0; round < 300000; round++) {
		uint32_t n = 0;
		int k;

		for (uint64_t i = draw(&seed) % 4; i > 0; i--)
			corrupt(p.memory, p.producer.generation, &seed);
		for (uint64_t i = draw(&seed) % (2 * SMALL_SLOTS); i > 0; i--)
			push(&p, i);
		do {
			k = pop(&p);
			n += k > 0;
		} while (k > 0 && n <= SMALL_SLOTS);
		taken += n;
		excess += n > SMALL_SLOTS;
		vex_ring_lost(&p.consumer);
		if (p.producer.broken || p.consumer.broken) {
			broken++;
			open_pair(&p, generation_of(1, 1 + broken % 65535));
		}
	}
	CU_ASSERT_EQUAL(excess, 0);
	CU_ASSERT(broken > 1000);
	CU_ASSERT(taken > 1000);
	/* None of it matters once the ring is opened again. */
	open_pair(&p, generation_of(2, 1));
	CU_ASSERT_EQUAL(pop(&p), 0);
	for (uint64_t i = 0; i < 3 * SMALL_SLOTS; i++) {
		CU_ASSERT_EQUAL(push(&p, i), 1);
		CU_ASSERT(pop_is(&p, i));
	}
	free(p.memory);
}

struct scribbler {
	struct pair *pair;
	bool stop;
};

static void *scribble(void *arg)
{
	struct scribbler *s = arg;
	uint64_t seed = 4711;

	while (!__atomic_load_n(&s->stop, __ATOMIC_RELAXED))
		corrupt(s->pair->memory, generation_of(1, 1), &seed);
	return NULL;
}

/* Both sides always return, and stay inside the ring, while a third one writes all over it. */
static void concurrent_corruption(void)
{
	struct pair p = make_pair();
	struct scribbler s = {.pair = &p};
	unsigned int broken = 0;
	pthread_t thread;

	CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, scribble, &s), 0);
	/* On few processors the other thread needs its turns. */
	for (unsigned int i = 0; i < 300000 || broken < 100; i++) {
		push(&p, i);
		pop(&p);
		if (i % 4096 == 0)
			sched_yield();
		if (p.producer.broken || p.consumer.broken) {
			broken++;
			open_pair(&p, generation_of(1, 1));
		}
	}
	__atomic_store_n(&s.stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	open_pair(&p, generation_of(2, 1));
	CU_ASSERT_EQUAL(push(&p, 1), 1);
	CU_ASSERT(pop_is(&p, 1));
	free(p.memory);
}

static const struct unit_case cases[] = {
	{"a full ring refuses, an empty one has nothing", full_and_empty},
	{"positions wrap at 2^32", position_wraps},
	{"two threads: millions of records, each once, whole, in order", between_threads},
	{"two processes: millions of records, each once, whole, in order", between_processes},
	{"a lossy ring counts what it lost, and says it once", losses_are_counted},
	{"records of every length within the shape, no others", lengths},
	{"nothing of an earlier generation is delivered", earlier_generations},
	{"a progress that is impossible breaks the ring", impossible_progress},
	{"a length or tag that is impossible breaks the ring", impossible_slots},
	{"random corruption delivers at most one ring full", random_corruption},
	{"corruption during use does no harm outside", concurrent_corruption},
};

const struct unit_suite ring_suite = {.name = "ring", .cases = cases, .n = UNIT_N(cases)};
