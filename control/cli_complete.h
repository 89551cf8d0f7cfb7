/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_CLI_COMPLETE_H
#define VEX_CONTROL_CLI_COMPLETE_H

/*
 * cli_complete: what can follow a line that is being typed.
 *
 *	struct cli_options o = {0};
 *	struct cli_insert insert;
 *	cli_complete(&where, CLI_OPERATIONAL, "sh int te", true, &o, &insert)
 *		insert.text is "rse ", o lists terse
 *
 * Nothing is printed or changed.
 */

#include "control/cli_grammar.h"

struct cli_insert {
	char text[256]; /* what may be added to the line; "" if nothing */
	bool unique;	/* the last word is complete with it */
	bool wrong;	/* the words before the last one are no beginning of a command */
};

/*
 * List in @o what the last word of @line may become (what may come next, if the line ends in a
 * space). @live: ask for names too. False without memory.
 */
bool cli_complete(const struct cli_where *where, enum cli_mode mode, const char *line, bool live,
	struct cli_options *o, struct cli_insert *insert);

#endif
