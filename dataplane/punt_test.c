/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Punted frames: the protocol of each, by the tables of IEEE 802.1Q clause 8.6.3 and IEEE 802.3
 * annex 57A, and the policer against an oracle that counts tokens.
 */
#include "dataplane/punt.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/punt_queue.h"
#include "tests/unit/config.h"
#include "tests/unit/ops_build.h"
#include "tests/unit/pipe.h"
#include "tests/unit/random.h"

#define P0     "ge-0/0/0"
#define P1     "ge-0/0/1"
#define SWITCH VLAN("v10", "10") ACCESS(P0, "v10") ACCESS(P1, "v10")

/* A frame to 01-80-C2-00-00-last; its type, and the four bytes that follow it. */
static struct frame link_local(uint8_t last, unsigned int tags, uint16_t type, const char *bytes)
{
	struct frame f = frame_new(MAC_STP + last, MAC(1));

	while (tags--)
		frame_tag(&f, 0x8100, 0xe000);
	frame_type(&f, type);
	frame_bytes(&f, bytes, 4);
	frame_fill(&f, 60);
	return f;
}

static uint64_t punt_count(struct pipe *p, const char *protocol, const char *what)
{
	const json_t *one;

	PIPE_COUNT(p, "switch", "copies"); /* looks */
	one = json_object_get(json_object_get(p->counters, "punt"), protocol);
	return (uint64_t)json_integer_value(json_object_get(one, what));
}

static void protocols(void)
{
	static const struct {
		uint8_t last;
		uint16_t type;
		char bytes[4];
		const char *protocol;
	} frames[] = {
		{0x00, 39, "\x42\x42\x03", "stp"},
		{0x08, 39, "\x42\x42\x03", "stp"},
		{0x01, 39, "\x42\x42\x03", "unclassified"}, /* not an address of bridges */
		{0x00, 39, "\x42\x42\x00", "unclassified"}, /* not unnumbered information */
		{0x00, 39, "\xe0\xe0\x03", "unclassified"},
		{0x00, 39, "\x42\x43\x03", "unclassified"},
		{0x02, 0x8809, "\x01\x01", "lacp"},
		{0x00, 0x8809, "\x01\x01", "lacp"},
		{0x03, 0x8809, "\x01\x01", "lacp"},
		{0x02, 0x8809, "\x02\x01", "lacp"},
		{0x02, 0x8809, "\x03\x00", "oam-lfm"},
		{0x02, 0x8809, "\x0a\x00", "esmc"},
		{0x02, 0x8809, "\x04\x00", "unclassified"},
		{0x02, 0x8809, "\x00\x00", "unclassified"},
		{0x03, 0x888e, "\x02\x01", "proto-802-1x"},
		{0x00, 0x888e, "\x02\x01", "proto-802-1x"},
		{0x0e, 0x888e, "\x03\x05", "proto-802-1x"},
		{0x0e, 0x88cc, "\x02\x07", "lldp"},
		{0x03, 0x88cc, "\x02\x07", "lldp"},
		{0x00, 0x88cc, "\x02\x07", "lldp"},
		{0x0e, 0x88f7, "\x02\x02", "ptp"},
		{0x0d, 0x88f5, "\x00\x01", "pmvrp"},
		{0x00, 0x88f5, "\x00\x01", "unclassified"},
		{0x01, 0x8808, "\x00\x01", "unclassified"}, /* PAUSE */
		{0x0b, 0x88b5, "\x00\x01", "unclassified"},
	};
	struct pipe *p = PIPE_OPEN(SWITCH);
	uint64_t n = 0;

	for (unsigned int tags = 0; tags < 3; tags++)
		for (size_t i = 0; i < UNIT_N(frames); i++) {
			struct frame f = link_local(
				frames[i].last, tags, frames[i].type, frames[i].bytes);
			uint64_t before = punt_count(p, frames[i].protocol, "received");

			PIPE_SEND(p, P0, &f);
			n++;
			pipe_check(PIPE_HERE,
				punt_count(p, frames[i].protocol, "received") == before + 1,
				"frame %zu with %u tags is %s", i, tags, frames[i].protocol);
		}
	PIPE_EXPECT_NOTHING(p);
	PIPE_EXPECT_COUNT(p, P0, "punted", n);
	PIPE_CLOSE(p);
}

/* Too short to say what it is: never read beyond its end. */
static void short_frames(void)
{
	struct pipe *p = PIPE_OPEN(SWITCH);
	struct frame slow = link_local(2, 0, 0x8809, "\x01\x01\0\0");
	struct frame bpdu = link_local(0, 0, 39, "\x42\x42\x03");

	slow.len = 14;
	PIPE_SEND(p, P0, &slow);
	CU_ASSERT_EQUAL(punt_count(p, "unclassified", "received"), 1);
	slow.len = 15;
	PIPE_SEND(p, P0, &slow);
	CU_ASSERT_EQUAL(punt_count(p, "lacp", "received"), 1);
	bpdu.len = 16;
	PIPE_SEND(p, P0, &bpdu);
	CU_ASSERT_EQUAL(punt_count(p, "unclassified", "received"), 2);
	bpdu.len = 17;
	PIPE_SEND(p, P0, &bpdu);
	CU_ASSERT_EQUAL(punt_count(p, "stp", "received"), 1);
	PIPE_CLOSE(p);
}

static void names(void)
{
	CU_ASSERT_EQUAL(punt_find("lldp"), PUNT_LLDP);
	CU_ASSERT_EQUAL(punt_find("LLDP"), -1);
	CU_ASSERT_EQUAL(punt_find(""), -1);
	CU_ASSERT_PTR_NULL(punt_name(PUNT_PROTOCOLS));
	for (int i = 0; i < PUNT_PROTOCOLS; i++) {
		CU_ASSERT_EQUAL(punt_find(punt_name((unsigned int)i)), i);
		CU_ASSERT_EQUAL(punt_default((unsigned int)i).pps, 20000);
	}
}

/* One protocol's flood: the others pass, and everything is counted. */
static void one_at_a_time(void)
{
	struct pipe *p = PIPE_OPEN(SWITCH);
	struct vex_op slow = {.type = VEX_OP_PUNT_SET, .punt = {PUNT_LLDP, 0, 10, 5}};
	struct vex_op open = {.type = VEX_OP_PUNT_SET, .punt = {PUNT_LLDP, 0, 0, 0}};
	struct frame lldp = link_local(14, 0, 0x88cc, "\x02\x07\0\0");
	struct frame lacp = link_local(2, 0, 0x8809, "\x01\x01\0\0");

	PIPE_APPLY(p, &slow, 1);
	p->step = 0;
	for (unsigned int i = 0; i < 100; i++) {
		PIPE_SEND(p, P0, &lldp);
		PIPE_SEND(p, P1, &lldp);
		PIPE_SEND(p, P0, &lacp);
	}
	CU_ASSERT_EQUAL(punt_count(p, "lldp", "received"), 200);
	CU_ASSERT_EQUAL(punt_count(p, "lldp", "dropped"), 195);
	CU_ASSERT_EQUAL(punt_count(p, "lacp", "received"), 100);
	CU_ASSERT_EQUAL(punt_count(p, "lacp", "dropped"), 0);
	PIPE_EXPECT_DROP(p, P0, "PUNT_POLICED", 97);
	PIPE_EXPECT_DROP(p, P1, "PUNT_POLICED", 98);
	/* A frame comes back each tenth of a second, and not a picosecond earlier. */
	PIPE_SEND_AT(p, P0, &lldp, p->time + 100 * PIPE_MS - 1);
	CU_ASSERT_EQUAL(punt_count(p, "lldp", "dropped"), 196);
	PIPE_SEND_AT(p, P0, &lldp, p->time + 1);
	CU_ASSERT_EQUAL(punt_count(p, "lldp", "dropped"), 196);
	/* Without a policer. */
	PIPE_APPLY(p, &open, 1);
	for (unsigned int i = 0; i < 30000; i++)
		PIPE_SEND(p, P0, &lldp);
	CU_ASSERT_EQUAL(punt_count(p, "lldp", "received"), 30202);
	CU_ASSERT_EQUAL(punt_count(p, "lldp", "dropped"), 196);
	PIPE_CLOSE(p);
}

/* Tokens in picoseconds of `pps`: a frame needs so many, and the bucket holds `burst` frames. */
struct exact {
	__int128 tokens;
	__int128 depth;
	__int128 frame;
	uint64_t at;
};

static bool exact_police(struct exact *e, uint64_t now)
{
	e->tokens += now - e->at;
	e->at = now;
	if (e->tokens > e->depth)
		e->tokens = e->depth;
	if (e->tokens < e->frame)
		return false;
	e->tokens -= e->frame;
	return true;
}

static void against_the_oracle(void)
{
	static const struct punt_rate rates[] = {{1, 1}, {1, 100000}, {3, 2}, {7, 100}, {10, 5},
		{999, 1000}, {20000, 20000}, {99991, 3}, {100000, 1}, {100000, 100000}};
	uint64_t s = 0x5eed;

	for (size_t r = 0; r < UNIT_N(rates); r++) {
		struct punt_policer p = {0};
		/* Rounded up to whole picoseconds. */
		__int128 frame = UINT64_C(1000000000000) / rates[r].pps +
				 (UINT64_C(1000000000000) % rates[r].pps != 0);
		struct exact e = {.tokens = frame * rates[r].burst,
			.depth = frame * rates[r].burst,
			.frame = frame};
		unsigned int wrong = 0, passed = 0;
		uint64_t now = 0;

		for (unsigned int i = 0; i < 200000; i++) {
			bool got = punt_police(&p, &rates[r], now);

			wrong += got != exact_police(&e, now);
			passed += got;
			/* Around the time of a frame, seldom a long pause. */
			now += random_below(&s, 5000)
				       ? random_below(&s, 4000) * (uint64_t)frame / 4000
				       : (uint64_t)frame * random_below(&s, 50);
		}
		CU_ASSERT_EQUAL(wrong, 0);
		CU_ASSERT(passed > 0);
	}
}

/* Another rate, and clocks that go back a little or come round. */
static void odd_clocks(void)
{
	const struct punt_rate slow = {1, 100000}, fast = {1000, 10};
	struct punt_policer p = {0};
	unsigned int passed = 0;
	uint64_t now = 5 * PIPE_SEC;

	for (unsigned int i = 0; i < 100; i++)
		passed += punt_police(&p, &slow, now);
	CU_ASSERT_EQUAL(passed, 100);
	/* 100 s ahead is more than the new bucket holds: it is full, not closed for 100 s. */
	for (passed = 0; punt_police(&p, &fast, now);)
		passed++;
	CU_ASSERT_EQUAL(passed, 10);
	/* A worker that is 10 us behind finds it as empty. */
	CU_ASSERT(!punt_police(&p, &fast, now - 10 * PIPE_US));
	CU_ASSERT(punt_police(&p, &fast, now + PIPE_MS));
	/* The clock of picoseconds comes round after 213 days. */
	p.full_at = UINT64_MAX - PIPE_SEC;
	for (passed = 0; punt_police(&p, &fast, 7 * PIPE_SEC);)
		passed++;
	CU_ASSERT_EQUAL(passed, 10);
	p.full_at = 0;
	for (passed = 0; punt_police(&p, &fast, UINT64_MAX - 10 * PIPE_SEC);)
		passed++;
	CU_ASSERT_EQUAL(passed, 10);
}

#define FLOOD 200000u

struct flooder {
	struct punt_policer *p;
	unsigned int passed;
};

static void *flood(void *arg)
{
	const struct punt_rate rate = {100000, 60000};
	struct flooder *f = arg;

	for (unsigned int i = 0; i < FLOOD; i++)
		f->passed += punt_police(f->p, &rate, PIPE_SEC);
	return NULL;
}

static void several_workers(void)
{
	struct punt_policer p = {0};
	struct flooder f[3] = {{&p, 0}, {&p, 0}, {&p, 0}};
	pthread_t thread[3];

	for (int i = 0; i < 3; i++)
		CU_ASSERT_EQUAL_FATAL(pthread_create(&thread[i], NULL, flood, &f[i]), 0);
	for (int i = 0; i < 3; i++)
		pthread_join(thread[i], NULL);
	CU_ASSERT_EQUAL(f[0].passed + f[1].passed + f[2].passed, 60000);
}

static void refused_operations(void)
{
	static const struct vex_op_punt wrong[] = {
		{PUNT_PROTOCOLS, 0, 1, 1},
		{0xffff, 0, 1, 1},
		{PUNT_STP, 1, 1, 1},
		{PUNT_STP, 0, 0, 1},
		{PUNT_STP, 0, 1, 0},
		{PUNT_STP, 0, 100001, 1},
		{PUNT_STP, 0, 1, 100001},
	};
	struct pipe *p = PIPE_OPEN_ONE(SWITCH);
	struct vex_op op = {.type = VEX_OP_PUNT_SET, .punt = {PUNT_STP, 0, 100000, 100000}};

	PIPE_APPLY(p, &op, 1);
	for (size_t i = 0; i < UNIT_N(wrong); i++) {
		op.punt = wrong[i];
		PIPE_REFUSE(p, &op, 1, 0, VEX_INVALID);
	}
	op.punt = (struct vex_op_punt){PUNT_STP, 0, 1, 1};
	op.raw[sizeof(op.punt)] = 1;
	PIPE_REFUSE(p, &op, 1, 0, VEX_INVALID);
	PIPE_CLOSE(p);
}

static void *take_all(void *arg)
{
	struct punt_queue *q = arg;
	struct punt_frame f;
	uint64_t next = 0;
	bool good = true;

	while (next < FLOOD)
		if (punt_queue_take(q, &f))
			good = good && f.time == next++;
	return good ? q : NULL;
}

static void queue(void)
{
	struct punt_queue *q = aligned_alloc(64, sizeof(*q));
	struct punt_frame f = {0};
	pthread_t thread;
	void *good;

	CU_ASSERT_PTR_NOT_NULL_FATAL(q);
	memset(q, 0, sizeof(*q));
	/* Full after PUNT_QUEUE_FRAMES, also when its numbers come round. */
	q->put = q->taken = UINT32_MAX - 5;
	CU_ASSERT(!punt_queue_take(q, &f));
	for (f.time = 0; f.time < PUNT_QUEUE_FRAMES; f.time++)
		CU_ASSERT(punt_queue_put(q, &f));
	CU_ASSERT(!punt_queue_put(q, &f));
	for (uint64_t i = 0; i < PUNT_QUEUE_FRAMES; i++)
		CU_ASSERT(punt_queue_take(q, &f) && f.time == i);
	CU_ASSERT(!punt_queue_take(q, &f));
	CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, take_all, q), 0);
	for (f.time = 0; f.time < FLOOD;)
		f.time += punt_queue_put(q, &f);
	pthread_join(thread, &good);
	CU_ASSERT_PTR_EQUAL(good, q);
	free(q);
}

static const struct unit_case cases[] = {
	{"each frame is of one protocol, tagged or not", protocols},
	{"a frame that is too short to say is unclassified", short_frames},
	{"names are found, and others are not", names},
	{"a flood of one protocol leaves the others alone", one_at_a_time},
	{"the policer is a token bucket, to the picosecond", against_the_oracle},
	{"the policer survives another rate and clocks that go back or come round", odd_clocks},
	{"several workers share a bucket exactly", several_workers},
	{"every field out of range is refused", refused_operations},
	{"the queue loses, repeats and turns round nothing", queue},
};

const struct unit_suite punt_suite = {.name = "punt", .cases = cases, .n = UNIT_N(cases)};
