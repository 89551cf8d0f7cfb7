/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/unit/unit.h"
#include "tests/unit/unit_filter.h"

static void suite_name_is_exact(void)
{
	CU_ASSERT_TRUE(unit_matches("fdb", "fdb", "a"));
	CU_ASSERT_FALSE(unit_matches("fd", "fdb", "a"));
	CU_ASSERT_FALSE(unit_matches("fdbx", "fdb", "a"));
	CU_ASSERT_FALSE(unit_matches("", "fdb", "a"));
}

static void case_name_is_a_part(void)
{
	CU_ASSERT_TRUE(unit_matches("fdb:moves", "fdb", "an entry moves"));
	CU_ASSERT_TRUE(unit_matches("fdb:", "fdb", "an entry moves"));
	CU_ASSERT_FALSE(unit_matches("fdb:ages", "fdb", "an entry moves"));
	CU_ASSERT_FALSE(unit_matches("vlan:moves", "fdb", "an entry moves"));
}

static const struct unit_case cases[] = {
	{"a filter without colon is the whole suite name", suite_name_is_exact},
	{"the part after the colon occurs in the case name", case_name_is_a_part},
};

const struct unit_suite unit_filter_suite = {
	.name = "unit_filter",
	.cases = cases,
	.n = UNIT_N(cases),
};
