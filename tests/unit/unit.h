/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The shape of a unit suite.
 *
 * A suite is one file X_test.c beside the code it tests:
 *
 *	#include "tests/unit/unit.h"
 *
 *	static void short_frame_is_runt(void)
 *	{
 *		CU_ASSERT_EQUAL(parse_length(13), PARSE_RUNT);
 *	}
 *
 *	static const struct unit_case cases[] = {
 *		{"a frame of 13 bytes is a runt", short_frame_is_runt},
 *	};
 *
 *	const struct unit_suite parse_suite = {
 *		.name = "parse",
 *		.cases = cases,
 *		.n = UNIT_N(cases),
 *	};
 *
 * plus a line `TEST_SRC += FOLDER/parse_test.c` in FOLDER/module.mk and a line `SUITE(parse)` in
 * tests/unit/suites.def. All suites are linked into one program, build/unit, together with the
 * model flavour of the data plane, libvexctl and the ports; so a test file has no external symbol
 * but its suite.
 *
 * Cases are independent: they run in order, but any one can be run alone (`build/unit parse:runt`),
 * so each makes what it needs and frees it (the suites also run under the leak checker).
 */
#ifndef TESTS_UNIT_UNIT_H
#define TESTS_UNIT_UNIT_H

#include <stddef.h>

#include <CUnit/CUnit.h>

/* Number of elements of an array. */
#define UNIT_N(array) (sizeof(array) / sizeof((array)[0]))

/* One test. @name is a sentence fragment that says what holds, unique in its suite. */
struct unit_case {
	const char *name;
	void (*fn)(void);
};

/*
 * One suite. @name is the X of X_suite. @init and @fini may be NULL; each returns 0 for success,
 * @init runs before the first case of the suite and @fini after the last.
 */
struct unit_suite {
	const char *name;
	const struct unit_case *cases;
	size_t n;
	int (*init)(void);
	int (*fini)(void);
};

#endif
