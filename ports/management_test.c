/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "ports/management.h"
#include "tests/unit/unit.h"

static struct management good(const char *text)
{
	struct management m;
	char why[160] = "";

	CU_ASSERT(management_parse(&m, text, why, sizeof(why)));
	CU_ASSERT_STRING_EQUAL(why, "");
	return m;
}

static void whole(void)
{
	struct management own = good("own"), none = good("none");

	CU_ASSERT(!own.none && !own.n_services && !own.n_sources);
	CU_ASSERT(none.none);
}

static void services_and_sources(void)
{
	struct management m = good(
		"tcp/22,udp/65535,icmp,192.0.2.0/24,10.1.2.3,2001:db8::/32,::/0");
	static const uint8_t v4[16] = {[10] = 0xff, [11] = 0xff, 192, 0, 2, 0};
	static const uint8_t v6[16] = {0x20, 0x01, 0x0d, 0xb8};

	CU_ASSERT_EQUAL(m.n_services, 3);
	CU_ASSERT_EQUAL(m.service[0], 6 << 16 | 22);
	CU_ASSERT_EQUAL(m.service[1], 17 << 16 | 65535);
	CU_ASSERT_EQUAL(m.service[2], 1 << 16);
	CU_ASSERT_EQUAL(m.n_sources, 4);
	CU_ASSERT_EQUAL(memcmp(m.source[0].address, v4, 16), 0);
	CU_ASSERT_EQUAL(m.source[0].bits, 96 + 24);
	CU_ASSERT_EQUAL(m.source[1].bits, 128);
	CU_ASSERT_EQUAL(memcmp(m.source[2].address, v6, 16), 0);
	CU_ASSERT_EQUAL(m.source[2].bits, 32);
	CU_ASSERT_EQUAL(m.source[3].bits, 0);
}

static void mistakes(void)
{
	static const char *const wrong[] = {"tcp", "tcp/", "tcp/0", "tcp/65536", "tcp/22x",
		"tcp/-1", "udp/ 1", "icmp/1", "sctp/1", "192.0.2.0/33", "192.0.2/24",
		"2001:db8::/129", "2001:db8::/", "host", "tcp/22,,udp/1",
		"1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111"};
	struct management m;
	char why[160];

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		why[0] = '\0';
		CU_ASSERT_FALSE(management_parse(&m, wrong[i], why, sizeof(why)));
		CU_ASSERT_PTR_NOT_NULL(strstr(why, "is neither a service"));
	}
}

static void full(void)
{
	struct management m = {0};
	char why[160];

	for (int i = 0; i < MANAGEMENT_ENTRIES; i++)
		CU_ASSERT(management_add(&m, "tcp/1", why, sizeof(why)));
	CU_ASSERT_FALSE(management_add(&m, "tcp/1", why, sizeof(why)));
	CU_ASSERT_STRING_EQUAL(why, "there is room for 16 services and 16 sources");
}

static const struct unit_case cases[] = {
	{"all or nothing", whole},
	{"services and sources of both families", services_and_sources},
	{"mistakes are named", mistakes},
	{"sixteen of each", full},
};

const struct unit_suite management_suite = {
	.name = "management", .cases = cases, .n = UNIT_N(cases)};
