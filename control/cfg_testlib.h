/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the suites of the configuration library share: a small schema of their own, so that they
 * do not change whenever the switch learns a statement, and three questions to ask of a text. Each
 * answers with a string that the caller frees.
 */
#ifndef VEX_CONTROL_CFG_TESTLIB_H
#define VEX_CONTROL_CFG_TESTLIB_H

#include <stdbool.h>

#include "control/cfg.h"
#include "tests/unit/unit.h"

/* The validated data as one line of JSON without defaults, or the errors if there are any. */
char *cfgt_data(const char *text);
/* The errors, "LINE:COLUMN kind text\n" each; "" if there are none. */
char *cfgt_errors(const char *text);
/* The text in another form, or the errors. */
char *cfgt_format(const char *text, enum cfg_form form);
/* The position of the data node at @path (in JSON notation, below /t:configuration), "LINE:COLUMN". */
char *cfgt_position(const char *text, const char *path);

/* Compare and free @got; a difference is shown. True if equal. */
bool cfgt_equal(char *got, const char *expected, const char *file, int line);

#define CHECK_TEXT(got, expected) CU_ASSERT(cfgt_equal(got, expected, __FILE__, __LINE__))

#endif
