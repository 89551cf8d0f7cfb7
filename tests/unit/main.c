/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The unit test program: build/unit [-l] [SUITE[:CASE]]...
 *
 * Runs the suites of suites.def with CUnit. An argument names a suite, or the cases of a suite
 * whose name contains CASE. With VEX_RESULT set in the environment the counts of cases go to that
 * file (tests/README.md has the format). Exit status: 0 all passed, 1 a case failed, 2 usage.
 */
#include "tests/unit/unit.h"
#include "tests/unit/unit_filter.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <CUnit/Basic.h>

/*
 * Weak, so that a suite may be registered before its file is in the tree; such a suite is named in
 * the output, and lint refuses it.
 */
#define SUITE(x) extern const struct unit_suite x##_suite __attribute__((weak));
#include "tests/unit/suites.def"
#undef SUITE

struct entry {
	const char *name;
	const struct unit_suite *suite;
};

static const struct entry entries[] = {
#define SUITE(x) {#x, &x##_suite},
#include "tests/unit/suites.def"
#undef SUITE
};

static bool selected(
	const struct unit_suite *suite, const struct unit_case *c, char **filters, int n)
{
	for (int i = 0; i < n; i++) {
		if (unit_matches(filters[i], suite->name, c->name))
			return true;
	}
	return n == 0;
}

static void list_suite(const struct unit_suite *suite)
{
	for (size_t i = 0; i < suite->n; i++)
		printf("%s:%s\n", suite->name, suite->cases[i].name);
}

/* Adds the selected cases of @suite to CUnit's registry; returns their number, or -1. */
static int add_suite(const struct unit_suite *suite, char **filters, int n)
{
	CU_pSuite cu = NULL;
	int added = 0;

	for (size_t i = 0; i < suite->n; i++) {
		const struct unit_case *c = &suite->cases[i];

		if (!selected(suite, c, filters, n))
			continue;
		if (!cu)
			cu = CU_add_suite(suite->name, suite->init, suite->fini);
		if (!cu || !CU_add_test(cu, c->name, c->fn)) {
			fprintf(stderr, "unit: %s:%s: %s\n", suite->name, c->name,
				CU_get_error_msg());
			return -1;
		}
		added++;
	}
	return added;
}

/* Writes the counts of cases for tests/run.py; false when the file cannot be written. */
static bool write_result(unsigned int run, unsigned int failed)
{
	const char *path = getenv("VEX_RESULT");
	FILE *f;

	if (!path)
		return true;
	f = fopen(path, "w");
	if (!f) {
		perror(path);
		return false;
	}
	fprintf(f, "%u %u 0\n", run - failed, failed);
	for (CU_pFailureRecord r = CU_get_failure_list(); r; r = r->pNext) {
		fprintf(f, "fail: %s:%s: %s:%u: %s\n", r->pSuite ? r->pSuite->pName : "?",
			r->pTest ? r->pTest->pName : "?", r->strFileName ? r->strFileName : "?",
			r->uiLineNumber, r->strCondition ? r->strCondition : "?");
	}
	return fclose(f) == 0;
}

static int run(char **filters, int n)
{
	unsigned int failed;
	int added = 0;
	bool ok = true;

	for (size_t i = 0; i < UNIT_N(entries); i++) {
		int k;

		if (!entries[i].suite) {
			printf("unit: suite %s is registered but not built\n", entries[i].name);
			continue;
		}
		k = add_suite(entries[i].suite, filters, n);
		if (k < 0)
			return 1;
		added += k;
	}
	if (added == 0) {
		fprintf(stderr, "unit: no case matches; `-l` lists them\n");
		return 2;
	}
	CU_basic_set_mode(CU_BRM_NORMAL);
	if (CU_basic_run_tests() != CUE_SUCCESS) {
		fprintf(stderr, "unit: %s\n", CU_get_error_msg());
		ok = false;
	}
	failed = CU_get_number_of_tests_failed() + CU_get_number_of_suites_failed();
	if (!write_result(CU_get_number_of_tests_run() + CU_get_number_of_suites_failed(), failed))
		ok = false;
	return ok && failed == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
	int status;

	if (argc > 1 && strcmp(argv[1], "-l") == 0) {
		for (size_t i = 0; i < UNIT_N(entries); i++) {
			if (entries[i].suite)
				list_suite(entries[i].suite);
		}
		return 0;
	}
	if (argc > 1 && argv[1][0] == '-') {
		fprintf(stderr, "usage: unit [-l] [SUITE[:CASE]]...\n");
		return 2;
	}
	if (CU_initialize_registry() != CUE_SUCCESS) {
		fprintf(stderr, "unit: %s\n", CU_get_error_msg());
		return 1;
	}
	status = run(argv + 1, argc - 1);
	CU_cleanup_registry();
	return status;
}
