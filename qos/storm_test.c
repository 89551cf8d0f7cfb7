/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Storm control: the bucket against an oracle in exact rational numbers, and the classes that it
 * polices. The bucket holds 10 ms at the rate, or the frame at hand if that is more; a frame costs
 * max(length, 60) + 4 bytes; time is in whole nanoseconds.
 */
#include "qos/storm.h"

#include <string.h>

#include "tests/unit/config.h"
#include "tests/unit/ops_build.h"
#include "tests/unit/pipe.h"
#include "tests/unit/random.h"

#define P0 "ge-0/0/0"
#define P1 "ge-0/0/1"

/* A non-negative rational number num / 10^9 of bits: exact for any rate in bit/s and time in ns. */
typedef __int128 nanobits;
#define NANO ((nanobits)1000000000)

struct exact {
	bool used;
	nanobits level;
	uint64_t ns;
};

static bool exact_police(struct exact *e, uint64_t kbps, uint32_t len, uint64_t ps)
{
	nanobits rate = (nanobits)kbps * 1000; /* bits per second = nanobits per nanosecond */
	nanobits cost = (nanobits)8 * ((len > 60 ? len : 60) + 4) * NANO;
	nanobits depth = rate * 10000000;
	uint64_t ns = ps / 1000;

	e->level = e->used ? e->level + rate * (ns - e->ns) : depth;
	if (e->level > depth)
		e->level = depth;
	e->used = true;
	e->ns = ns;
	/* A full bucket lets one frame pass, however long; it then owes the rest. */
	if (e->level < cost && e->level < depth)
		return false;
	e->level -= cost;
	return true;
}

static uint64_t random_gap_ps(uint64_t *s)
{
	switch (random_below(s, 50)) {
	case 0:
		return (uint64_t)random_below(s, 1000) * PIPE_SEC;
	case 1:
		return (uint64_t)random_below(s, 30000) * PIPE_US;
	case 2:
		return 0;
	default:
		return random_below(s, 100000) * (uint64_t)random_below(s, 1000);
	}
}

static void against_the_oracle(void)
{
	static const uint64_t rates[] = {1, 3, 64, 100, 999, 1000, 5120, 12345, 100000, 999983,
		1000000, 9999991, 10000000, 25000000, 100000000};
	uint64_t s = 0x5eed;

	for (size_t r = 0; r < UNIT_N(rates); r++) {
		struct storm *storm = storm_create();
		struct port_entry port = {
			.storm_kbps = rates[r], .mtu = 1514, .speed_mbps = 100000};
		struct exact e = {0};
		uint64_t now = 0;
		unsigned int wrong = 0;
		unsigned int passed = 0;

		CU_ASSERT_PTR_NOT_NULL_FATAL(storm);
		for (unsigned int i = 0; i < 20000; i++) {
			uint32_t len = random_below(&s, 3) ? 14 + random_below(&s, 100)
							   : 14 + random_below(&s, 9220);
			bool got;

			got = storm_police(&storm->bucket[3], &port, len, now);
			wrong += got != exact_police(&e, rates[r], len, now);
			passed += got;
			now += random_gap_ps(&s);
		}
		CU_ASSERT_EQUAL(wrong, 0);
		CU_ASSERT(passed > 0);
		storm_destroy(storm);
	}
}

static bool take(struct storm *s, const struct port_entry *port, uint64_t ns)
{
	return storm_police(&s->bucket[0], port, 60, ns * 1000);
}

static void to_the_nanosecond(void)
{
	/* 51,200 bits hold 100 frames of 64 bytes exactly; each takes 100,000 ns to come back. */
	struct storm *storm = storm_create();
	struct port_entry port = {.storm_kbps = 5120, .mtu = 1514, .speed_mbps = 1000};
	uint64_t now = UINT64_C(1000000000000);

	CU_ASSERT_PTR_NOT_NULL_FATAL(storm);
	for (unsigned int round = 0; round < 3; round++) {
		for (unsigned int i = 0; i < 100; i++)
			CU_ASSERT(take(storm, &port, now));
		CU_ASSERT(!take(storm, &port, now));
		CU_ASSERT(!take(storm, &port, now + 99999));
		CU_ASSERT(take(storm, &port, now + 100000));
		CU_ASSERT(!take(storm, &port, now + 199999));
		CU_ASSERT(take(storm, &port, now + 200000));
		/* Full again after 10 ms, and no fuller after a minute. */
		now += round ? UINT64_C(60000000000) : 10200000;
	}
	storm_destroy(storm);
}

static void long_run(void)
{
	/* 64-byte frames at line rate for a second: the rate, and the bucket once. */
	static const uint64_t rates[] = {100, 5120, 100000, 700001};

	for (size_t r = 0; r < UNIT_N(rates); r++) {
		struct storm *storm = storm_create();
		struct port_entry port = {.storm_kbps = rates[r], .mtu = 1514, .speed_mbps = 1000};
		uint64_t bits = 0;
		uint64_t most = rates[r] * 1000 + rates[r] * 10;

		CU_ASSERT_PTR_NOT_NULL_FATAL(storm);
		for (uint64_t t = 0; t <= PIPE_SEC; t += 672000)
			bits += storm_police(&storm->bucket[0], &port, 60, t) ? 64 * 8 : 0;
		CU_ASSERT(bits <= most && bits + 64 * 8 + rates[r] * 10 >= most);
		storm_destroy(storm);
	}
}

static void full_at_once(void)
{
	struct storm *storm = storm_create();
	struct port_entry port = {.storm_kbps = 1, .mtu = 1514, .speed_mbps = 1000};

	/* However low the rate is, a frame passes a full bucket; the next one has to wait. */
	CU_ASSERT_PTR_NOT_NULL_FATAL(storm);
	CU_ASSERT(storm_police(&storm->bucket[0], &port, 1500, 0));
	CU_ASSERT(!storm_police(&storm->bucket[0], &port, 1500, 12 * PIPE_SEC));
	CU_ASSERT(storm_police(&storm->bucket[0], &port, 1500, 13 * PIPE_SEC));
	storm_destroy(storm);
}

#define THREE             \
	VLAN("v10", "10") \
	ACCESS(P0, "v10") ACCESS(P1, "v10") ACCESS("ge-0/0/2", "v10") STORM(P0, "s")

/* Floods n frames to a destination at once; how many storm control took. */
static uint64_t flood(struct pipe *p, uint64_t dst, unsigned int n)
{
	struct frame f = frame_of(dst, MAC(1), 0, 60);
	uint64_t sent;

	p->step = 0;
	for (unsigned int i = 0; i < n; i++)
		PIPE_SEND(p, P0, &f);
	sent = PIPE_DISCARD(p);
	return n - sent / 2;
}

static void classes(void)
{
	/* Broadcast, multicast, unknown unicast: which of them a profile polices. */
	static const struct {
		const char *config;
		bool policed[3];
	} profile[] = {
		{"", {true, true, true}},
		{PROFILE("s", "all no-broadcast"), {false, true, true}},
		{PROFILE("s", "all no-multicast"), {true, false, true}},
		{PROFILE("s", "all no-unknown-unicast"), {true, true, false}},
	};
	static const uint64_t dst[] = {MAC_ALL, MAC_MULTI(7), MAC(99)};

	for (size_t i = 0; i < UNIT_N(profile); i++) {
		for (unsigned int c = 0; c < 3; c++) {
			char config[2048] = THREE PROFILE("s", "all bandwidth-level 1000");
			struct pipe *p;

			strcat(config, profile[i].config);
			p = PIPE_OPEN(config);
			/* 10,000 bits hold 19 frames of 64 bytes. */
			CU_ASSERT_EQUAL(flood(p, dst[c], 30), profile[i].policed[c] ? 11 : 0);
			PIPE_EXPECT_DROP(p, P0, "STORM_CONTROL", profile[i].policed[c] ? 11 : 0);
			PIPE_CLOSE(p);
		}
	}
}

static void one_bucket(void)
{
	struct pipe *p = PIPE_OPEN(THREE PROFILE("s", "all bandwidth-level 1000"));
	struct frame known = frame_of(MAC(2), MAC(1), 0, 60);
	struct frame two = frame_of(MAC_ALL, MAC(2), 0, 60);

	/* The classes share it; known unicast and other ports are free. */
	p->time = 0;
	CU_ASSERT_EQUAL(flood(p, MAC_ALL, 10), 0);
	p->time = 0;
	PIPE_SEND(p, P1, &two);
	CU_ASSERT_EQUAL(PIPE_DISCARD(p), 2);
	for (unsigned int i = 0; i < 50; i++)
		PIPE_SEND(p, P0, &known);
	CU_ASSERT_EQUAL(PIPE_DISCARD(p), 50);
	CU_ASSERT(flood(p, MAC_MULTI(1), 30) > 15);
	PIPE_CLOSE(p);
}

static void shut_down(void)
{
	struct pipe *p = PIPE_OPEN(THREE PROFILE("s", "all bandwidth-level 1000")
			PROFILE("s", "action-shutdown") BRIDGE(P0) "recovery-timeout 10\n");
	struct frame f = frame_of(MAC_ALL, MAC(1), 0, 60);

	for (unsigned int i = 0; i < 20; i++)
		PIPE_SEND_AT(p, P0, &f, PIPE_US);
	PIPE_EXPECT_DROP(p, P0, "STORM_CONTROL", 1);
	PIPE_SEND_AT(p, P0, &f, PIPE_MS);
	PIPE_EXPECT_DROP(p, P0, "PORT_DOWN", 1);
	PIPE_EXPECT_EVENTS(p, "port-shutdown", P0, 1);
	PIPE_SEND_AT(p, P0, &f, PIPE_MS + 10 * PIPE_SEC - 1);
	PIPE_EXPECT_DROP(p, P0, "PORT_DOWN", 2);
	PIPE_SEND_AT(p, P0, &f, PIPE_MS + 10 * PIPE_SEC);
	PIPE_EXPECT_EVENTS(p, "port-recovered", P0, 1);
	CU_ASSERT_EQUAL(PIPE_DISCARD(p), 40);
	PIPE_CLOSE(p);
}

/* The clock of a live switch comes round after 213 days: the rate holds on either side of it. */
static void clock_comes_round(void)
{
	const struct port_entry port = {.storm_kbps = 1000};
	struct storm_bucket b = {.tokens = INT64_MAX};
	vex_time time = UINT64_MAX - 2 * PIPE_SEC;
	unsigned int passed = 0;

	/* 1 Mb/s for 4 s, in frames of 1000 bits; a try each 100 us. */
	for (unsigned int i = 0; i < 40000; i++, time += 100 * PIPE_US)
		passed += storm_police(&b, &port, 121, time);
	CU_ASSERT(time < 3 * PIPE_SEC);
	/* The bucket of 10 frames once, and the gap at the turn, one frame at most. */
	CU_ASSERT(passed >= 4000 && passed <= 4010);
}

static void refused(void)
{
	struct pipe *p = PIPE_OPEN(THREE PROFILE("s", "all bandwidth-level 1000"));

	/* A transaction that the recorder refuses is a frame over the rate. */
	PIPE_FAULT(p, "POLICE_STORM", 0, 2);
	CU_ASSERT_EQUAL(flood(p, MAC_ALL, 3), 2);
	PIPE_CLOSE(p);
}

static const struct unit_case cases[] = {
	{"decisions are those of exact rational numbers", against_the_oracle},
	{"a frame is due to the nanosecond, a full bucket holds 10 ms", to_the_nanosecond},
	{"in the long run the rate passes, and the bucket once", long_run},
	{"a frame longer than the bucket passes when it is due", full_at_once},
	{"a profile polices its classes", classes},
	{"the classes of a port share one bucket", one_bucket},
	{"action-shutdown takes the port down until it recovers", shut_down},
	{"a clock that comes round costs a frame at most", clock_comes_round},
	{"the bucket can be refused", refused},
};

const struct unit_suite storm_suite = {.name = "storm", .cases = cases, .n = UNIT_N(cases)};
