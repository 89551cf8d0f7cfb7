/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_CLI_SHOW_UTIL_H
#define VEX_CONTROL_CLI_SHOW_UTIL_H

/*
 * What the printers cli_show_*.c share. Trees come from another process: every function takes
 * whatever is there, and NULL.
 */

#include "control/cli_show.h"

#define CLI_SHOW_VALUE_SIZE 32

/* The text of a member, "" if there is none. */
const char *cli_show_text(const json_t *o, const char *name);
/* The number of a member, 0 if there is none. */
json_int_t cli_show_number(const json_t *o, const char *name);
/* A member that is a text or a number, as text; @none if it is not there. */
const char *cli_show_value(
	const json_t *o, const char *name, const char *none, char buf[CLI_SHOW_VALUE_SIZE]);
/* The member of a member. */
const json_t *cli_show_inner(const json_t *o, const char *outer, const char *name);
bool cli_show_has(const json_t *o, const char *name);
/* True if the flag was given. */
bool cli_show_flag(const json_t *args, const char *name);

/* A line without the blanks at its end. */
__attribute__((format(printf, 2, 3))) void cli_show_line(FILE *out, const char *fmt, ...);

/* Shared by `show system alarms` and `show chassis alarms`. */
bool cli_show_alarms(const json_t *data, const json_t *args, FILE *out);

/* The tables. */
extern const struct cli_show cli_show_system[];
extern const struct cli_show cli_show_chassis[];
extern const struct cli_show cli_show_interfaces[];
extern const struct cli_show cli_show_switching[];
extern const struct cli_show cli_show_pfe[];
extern const struct cli_show cli_show_do[];
extern const struct cli_show cli_show_monitor[];
extern const struct cli_show cli_show_traffic[];

#endif
