/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_CLI_REST_H
#define VEX_CONTROL_CLI_REST_H

/* cli_rest: the part of cli_grammar.h behind the words of a command. Nobody else includes it. */

#include "control/cli_grammar.h"

/* The words of s->command, which has a rest, are complete. */
enum cli_step cli_rest_begin(struct cli_state *s);
enum cli_step cli_rest_step(struct cli_state *s, const char *word, bool quoted);
bool cli_rest_may_end(const struct cli_state *s);
bool cli_rest_next(struct cli_state *s, const char *prefix, bool live, struct cli_options *o);

#endif
