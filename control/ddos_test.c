/* SPDX-License-Identifier: BSD-3-Clause */
/* Violations of policers, from counters and time alone. */
#include "control/ddos.h"

#include "tests/unit/unit.h"

#define LLDP (UINT32_C(1) << PUNT_LLDP)

static uint32_t look(struct ddos *d, uint64_t received, uint64_t dropped, unsigned int second)
{
	struct punt_counters sum[PUNT_PROTOCOLS] = {0};

	sum[PUNT_LLDP] = (struct punt_counters){received, dropped};
	return ddos_look(d, sum, 5000 + second * UINT64_C(1000), 1700000000 + second);
}

static void violations(void)
{
	struct ddos d = {0};
	struct ddos_protocol *p = &d.of[PUNT_LLDP];

	CU_ASSERT_EQUAL(look(&d, 100, 0, 0), 0);
	CU_ASSERT_EQUAL(look(&d, 300, 1, 1), LLDP);
	CU_ASSERT(p->violated && p->times == 1 && p->since == 1700000001);
	CU_ASSERT_EQUAL(look(&d, 400, 9, 2), 0);
	CU_ASSERT_EQUAL(p->latest, 1700000002);
	/* 300 s without a drop, and not a second earlier. */
	CU_ASSERT_EQUAL(look(&d, 400, 9, 301), 0);
	CU_ASSERT(p->violated);
	CU_ASSERT_EQUAL(look(&d, 400, 9, 302), LLDP);
	CU_ASSERT(!p->violated);
	CU_ASSERT_EQUAL(look(&d, 401, 10, 400), LLDP);
	CU_ASSERT(p->violated && p->times == 2 && p->since == 1700000400);
	CU_ASSERT(!d.of[PUNT_STP].violated && d.of[PUNT_STP].times == 0);
}

static void rates(void)
{
	struct ddos d = {0};
	struct ddos_protocol *p = &d.of[PUNT_LLDP];

	/* Nobody knows since when the first count grew. */
	look(&d, 1000000, 0, 0);
	CU_ASSERT_EQUAL(p->rate, 0);
	look(&d, 1000500, 0, 1);
	CU_ASSERT_EQUAL(p->rate, 500);
	look(&d, 1000600, 0, 3);
	CU_ASSERT_EQUAL(p->rate, 50);
	CU_ASSERT_EQUAL(p->peak, 500);
}

/* Its counts begin at zero, and what it dropped since counts. */
static void another_life(void)
{
	struct ddos d = {0};
	struct ddos_protocol *p = &d.of[PUNT_LLDP];

	/* What was dropped before the first look is old. */
	CU_ASSERT_EQUAL(look(&d, 5000, 7, 0), 0);
	CU_ASSERT_EQUAL(look(&d, 100, 0, 1), 0);
	CU_ASSERT(!p->violated);
	CU_ASSERT_EQUAL(p->rate, 100);
	CU_ASSERT_EQUAL(look(&d, 20, 3, 2), LLDP);
	CU_ASSERT_EQUAL(p->rate, 20);
}

static const struct unit_case cases[] = {
	{"violated from the first drop until 300 s after the last", violations},
	{"rates between looks, and the highest", rates},
	{"counters of a vex-pfe that was started again", another_life},
};

const struct unit_suite ddos_suite = {.name = "ddos", .cases = cases, .n = UNIT_N(cases)};
