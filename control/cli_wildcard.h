/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_CLI_WILDCARD_H
#define VEX_CONTROL_CLI_WILDCARD_H

/*
 * cli_wildcard: one line that means several, for `wildcard range`, and texts with values replaced, for
 * `replace pattern`. No session is needed.
 */

#include <stdbool.h>
#include <stddef.h>

#include "control/cfg_complete.h"

/* Lines that one line may stand for. */
#define CLI_EXPAND_MAX 8192

struct cli_lines {
	char **v;
	size_t n, cap;
};

/*
 * Count out every [A-B,C] inside of a word: "ge-0/0/[0-1,7] mtu 9000" is three lines. A bracket that
 * stands by itself is kept. False with a sentence in @err (at least 128 bytes): a range that is none,
 * more than CLI_EXPAND_MAX lines, no memory.
 */
bool cli_expand(const char *line, struct cli_lines *out, char *err, size_t err_size);
void cli_lines_free(struct cli_lines *lines);

/*
 * Replace every match of the extended regular expression @old by @new in the names and values of
 * @text, which is set lines, where they begin with the words of @path; words of the schema stay as they
 * are. The result is to be freed by the caller; *n is how many words have changed. NULL with @err.
 */
char *cli_replace(const struct cfg_schema *schema, const char *text, const char *path,
	const char *old, const char *new, size_t *n, char *err, size_t err_size);

#endif
