/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which cases an argument of the unit test program selects.
 */
#ifndef TESTS_UNIT_UNIT_FILTER_H
#define TESTS_UNIT_UNIT_FILTER_H

#include <stdbool.h>

/*
 * True when @filter selects the case @name of @suite: "SUITE" selects all cases of the suite of
 * exactly that name, "SUITE:CASE" those whose name contains CASE.
 */
bool unit_matches(const char *filter, const char *suite, const char *name);

#endif
