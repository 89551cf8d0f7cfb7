/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_CLI_TERM_H
#define VEX_CONTROL_CLI_TERM_H

/*
 * cli_term: a person at a terminal: line editor (libedit), history, `?`, Tab and Space.
 *
 * SIGINT and SIGWINCH must be blocked and come from signal_fd. The history is kept in
 * ~/.vex_history, for its owner only.
 */

#include "control/cli.h"

struct cli_term;

/* NULL without memory, or without a terminal that libedit can use. */
struct cli_term *cli_term_create(int signal_fd);
void cli_term_free(struct cli_term *term);

/* Type commands until the session is over. */
bool cli_term_run(struct cli_term *term, struct cli *cli);

/* For struct cli_setup; @ctx is the term. */
char *cli_term_read_line(void *ctx, const char *prompt);

#endif
