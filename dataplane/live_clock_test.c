/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/live_clock.h"

#include <stdbool.h>

#include "tests/unit/random.h"
#include "tests/unit/unit.h"

#define DAY UINT64_C(86400)

/* Rates of counters: odd ones, so that nothing divides. */
static const uint64_t rates[] = {24000000, 1000000007, 2600000000, 3399999997};

/* Within a part in 10^11 of the exact time, and a unit. */
static bool near(unsigned __int128 got, unsigned __int128 exact)
{
	unsigned __int128 late = exact > got ? exact - got : got - exact;

	return got <= exact && late <= exact / UINT64_C(100000000000) + 1;
}

static void exact_time(void)
{
	uint64_t seed = 17;

	for (size_t r = 0; r < UNIT_N(rates); r++) {
		struct live_clock c;
		unsigned int wrong = 0;
		uint64_t start = seed * UINT64_C(0x9e3779b97f4a7c15);

		live_clock_start(&c, start, rates[r]);
		CU_ASSERT_EQUAL(live_clock_ps(&c, start), 0);
		CU_ASSERT_EQUAL(live_clock_ms(&c, start), 0);
		for (unsigned int i = 0; i < 100000; i++) {
			/* Up to 200 days. */
			uint64_t past = (uint64_t)random_below(&seed, 200 * DAY) * rates[r] +
					random_below(&seed, 1000000);
			unsigned __int128 ps = (unsigned __int128)past * VEX_PS_PER_SEC / rates[r];

			wrong += !near(live_clock_ps(&c, start + past), ps);
			wrong += !near(live_clock_ms(&c, start + past), ps / VEX_PS_PER_TICK);
		}
		CU_ASSERT_EQUAL(wrong, 0);
	}
}

/* Around the turn of the picoseconds: they come round, milliseconds go on. */
static void round_the_turn(void)
{
	for (size_t r = 0; r < UNIT_N(rates); r++) {
		struct live_clock c;
		uint64_t ms = 0, turns = 0;
		vex_time ps = 0;

		live_clock_start(&c, UINT64_MAX - 5, rates[r]); /* the counter comes round, too */
		for (uint64_t second = 212 * DAY; second < 216 * DAY; second += 600) {
			uint64_t count = UINT64_MAX - 5 + second * rates[r];
			vex_time now = live_clock_ps(&c, count);

			CU_ASSERT(near(live_clock_ms(&c, count), second * 1000));
			turns += now < ps;
			if (ps)
				CU_ASSERT(near((vex_time)(now - ps), 600 * VEX_PS_PER_SEC) ||
					  near(600 * VEX_PS_PER_SEC, (vex_time)(now - ps)));
			CU_ASSERT(live_clock_ms(&c, count) > ms);
			ps = now;
			ms = live_clock_ms(&c, count);
		}
		CU_ASSERT_EQUAL(turns, 1);
	}
}

/* A century. */
static void does_not_stop(void)
{
	struct live_clock c;
	uint64_t second = 100 * 365 * DAY;

	live_clock_start(&c, 0, 2600000000);
	CU_ASSERT(near(live_clock_ms(&c, second * 2600000000), second * 1000));
	CU_ASSERT(live_clock_ms(&c, second * 2600000000 + 2600000000) -
			  live_clock_ms(&c, second * 2600000000) >=
		  999);
}

static const struct unit_case cases[] = {
	{"both units are the counter's time", exact_time},
	{"picoseconds come round after 213 days, milliseconds do not", round_the_turn},
	{"a century of milliseconds", does_not_stop},
};

const struct unit_suite live_clock_suite = {
	.name = "live_clock", .cases = cases, .n = UNIT_N(cases)};
