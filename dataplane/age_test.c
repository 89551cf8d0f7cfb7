/* SPDX-License-Identifier: BSD-3-Clause */
/* Ageing: an address idle for T is still known, at 2 T it is gone, whatever T is. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/config.h"
#include "tests/unit/ops_build.h"
#include "tests/unit/pipe.h"
#include "tests/unit/random.h"

#define STATIONS 12

static int by_time(const void *a, const void *b)
{
	uint64_t ta = *(const uint64_t *)a;
	uint64_t tb = *(const uint64_t *)b;

	return ta < tb ? -1 : ta > tb;
}

/*
 * Checks every station at a time: last[i] is when it was heard last, UINT64_MAX before the first
 * time. Between T and 2 T both answers are right.
 */
static void check_all(struct pipe *p, const uint64_t *last, uint64_t now, uint64_t t)
{
	for (unsigned int i = 0; i < STATIONS; i++) {
		if (last[i] == UINT64_MAX || now - last[i] >= 2 * t)
			PIPE_EXPECT_NO_MAC(p, 10, MAC(i));
		else if (now - last[i] <= t)
			PIPE_EXPECT_MAC(p, 10, MAC(i), "ge-0/0/0.0", "dynamic");
	}
}

/* Stations speak at random times; each is looked at T and 2 T later, and in between. */
static void one_time(uint32_t seconds, uint64_t seed, unsigned int switches)
{
	uint64_t t = seconds * PIPE_SEC;
	uint64_t heard[STATIONS];
	uint64_t look[2 * STATIONS + 8];
	uint64_t last[STATIONS];
	unsigned int next = 0;
	struct pipe *p;
	char config[1024];

	snprintf(config, sizeof(config),
		VLAN("v10", "10") ACCESS("ge-0/0/0", "v10")
			ACCESS("ge-0/0/1", "v10") "set protocols l2-learning "
						  "global-mac-table-aging-time %u\n",
		seconds);
	p = pipe_open(PIPE_HERE, config, switches);
	for (unsigned int i = 0; i < STATIONS; i++) {
		heard[i] = next_random(&seed) % (t + t / 2);
		last[i] = UINT64_MAX;
	}
	qsort(heard, STATIONS, sizeof(heard[0]), by_time);
	for (unsigned int i = 0; i < STATIONS; i++) {
		look[2 * i] = heard[i] + t;
		look[2 * i + 1] = heard[i] + 2 * t;
	}
	for (unsigned int i = 2 * STATIONS; i < UNIT_N(look); i++)
		look[i] = next_random(&seed) % (4 * t);
	qsort(look, UNIT_N(look), sizeof(look[0]), by_time);
	for (unsigned int i = 0; i < UNIT_N(look); i++) {
		for (; next < STATIONS && heard[next] <= look[i]; next++) {
			struct frame f = frame_of(MAC_ALL, MAC(next), 0, 64);

			PIPE_SEND_AT(p, "ge-0/0/0", &f, heard[next]);
			last[next] = heard[next];
		}
		PIPE_ADVANCE(p, look[i]);
		check_all(p, last, look[i], t);
	}
	PIPE_EXPECT_MACS(p, 0);
	PIPE_EXPECT_COUNT(p, "fdb", "aged", STATIONS);
	PIPE_DISCARD(p);
	PIPE_CLOSE(p);
}

static void many_times(void)
{
	static const uint32_t seconds[] = {10, 11, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 127,
		128, 299, 300, 301, 1023, 1024, 1025, 4095, 4096, 65535, 65536, 86400, 524288,
		999999, 1000000};

	for (unsigned int i = 0; i < UNIT_N(seconds); i++)
		one_time(seconds[i], 0x9e3779b97f4a7c15u + i, 1);
}

static void random_times(void)
{
	uint64_t seed = 0x123456789abcdef1u;

	for (unsigned int i = 0; i < 24; i++) {
		/* Evenly over the magnitudes of 10 .. 1,000,000 s. */
		uint64_t range = UINT64_C(1) << (4 + next_random(&seed) % 16);

		one_time((uint32_t)(10 + next_random(&seed) % range % 999991), seed, 1);
	}
}

static void every_burst(void)
{
	one_time(10, 77, PIPE_SWITCHES);
	one_time(300, 78, PIPE_SWITCHES);
}

static void refreshed(void)
{
	struct pipe *p = PIPE_OPEN(
		VLAN("v10", "10") ACCESS("ge-0/0/0", "v10") ACCESS("ge-0/0/1", "v10") AGE("10"));
	struct frame f = frame_of(MAC_ALL, MAC(1), 0, 64);
	uint64_t now = 12345;

	/* Speaks every 9.999 s: never gone. As a destination only, it ages. */
	for (unsigned int i = 0; i < 50; i++) {
		PIPE_SEND_AT(p, "ge-0/0/0", &f, now);
		now += 10 * PIPE_SEC - PIPE_MS;
	}
	PIPE_EXPECT_COUNT(p, "fdb", "learned", 1);
	PIPE_EXPECT_COUNT(p, "fdb", "aged", 0);
	f = frame_of(MAC(1), MAC(2), 0, 64);
	for (unsigned int i = 0; i < 30; i++) {
		now += PIPE_SEC;
		PIPE_SEND_AT(p, "ge-0/0/1", &f, now);
	}
	PIPE_EXPECT_NO_MAC(p, 10, MAC(1));
	PIPE_EXPECT_MAC(p, 10, MAC(2), "ge-0/0/1.0", "dynamic");
	PIPE_DISCARD(p);
	PIPE_CLOSE(p);
}

static void by_vlan(void)
{
	struct pipe *p = PIPE_OPEN(VLAN("v10", "10") VLAN("v20", "20") TRUNK("ge-0/0/0", "v10 v20")
			TRUNK("ge-0/0/1", "v10 v20") AGE("1000"));
	struct vex_op fast = op_vlan(20, 20, 10);
	struct frame ten = frame_of(MAC_ALL, MAC(1), 10, 64);
	struct frame twenty = frame_of(MAC_ALL, MAC(1), 20, 64);

	PIPE_APPLY(p, &fast, 1);
	PIPE_SEND(p, "ge-0/0/0", &ten);
	PIPE_SEND(p, "ge-0/0/0", &twenty);
	PIPE_DISCARD(p);
	PIPE_ADVANCE(p, 10 * PIPE_SEC);
	PIPE_EXPECT_MACS(p, 2);
	PIPE_ADVANCE(p, 21 * PIPE_SEC);
	PIPE_EXPECT_NO_MAC(p, 20, MAC(1));
	PIPE_ADVANCE(p, 1000 * PIPE_SEC);
	PIPE_EXPECT_MAC(p, 10, MAC(1), "ge-0/0/0.0", "dynamic");
	PIPE_ADVANCE(p, 2001 * PIPE_SEC);
	PIPE_EXPECT_MACS(p, 0);
	PIPE_CLOSE(p);
}

static const struct unit_case cases[] = {
	{"known at T and gone at 2 T, for T around every power of two", many_times},
	{"known at T and gone at 2 T, for random T of 10 .. 1,000,000 s", random_times},
	{"bursts do not matter to ageing", every_burst},
	{"a source that speaks stays, a destination that is silent goes", refreshed},
	{"each VLAN has its own time", by_vlan},
};

const struct unit_suite age_suite = {.name = "age", .cases = cases, .n = UNIT_N(cases)};
