/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_CLI_NAMES_H
#define VEX_CONTROL_CLI_NAMES_H

/* cli_names: names that completion asks vex-re for; @ctx is a struct cli. */

#include "control/cli_grammar.h"

/* More are not listed. */
#define CLI_NAMES_MAX 100000

void cli_names_live(void *ctx, const char *kind, const char *prefix, struct cli_options *o);
void cli_names_entries(void *ctx, const char *path, struct cli_options *o);

/*
 * The words that stand behind @path in @text, which is set lines, each once. @o is empty before. Exposed
 * for tests.
 */
void cli_names_from_set(const char *text, const char *path, struct cli_options *o);

#endif
