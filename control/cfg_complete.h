/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_CFG_COMPLETE_H
#define VEX_CONTROL_CFG_COMPLETE_H

/*
 * cfg_complete: a cursor that follows the words of a configuration command down the schema, and
 * says at each point what may come next. It knows no configuration: whether `vlans v10` exists is
 * for somebody else to say.
 *
 *	struct cfg_cursor c;
 *	cfg_cursor_init(&c, schema);
 *	cfg_cursor_step(&c, "int", &word);	-> CFG_STEP_OK, word "interfaces"
 *	cfg_cursor_step(&c, "ge-0/0/0", &word);
 *	cfg_cursor_next(&c, add, ctx);		-> unit, mtu, description ...
 *
 * Statements and values of enumerations may be abbreviated, except where any other word is a name:
 * below `vlans`, "def" is a VLAN of that name. What is not supported stands in the way of no
 * abbreviation. Values are not checked otherwise.
 */

#include <stdbool.h>
#include <stddef.h>

#include "control/cfg.h"

struct cfg_cursor {
	const struct cfg_schema *schema;
	const struct cfg_snode *at;   /* the block */
	const struct cfg_snode *want; /* the statement whose names or value come next, or NULL */
	unsigned int keys;	      /* of `want` that were given */
	bool brackets;		      /* inside of [ ] */
	bool raw;		      /* below a statement that is not supported: any words */
	bool leaf;		      /* the last word finished a value or a flag */
	bool value;		      /* the last word was a name or a value, not of the schema */
};

enum cfg_step {
	CFG_STEP_OK,
	CFG_STEP_UNKNOWN,
	CFG_STEP_AMBIGUOUS,
};

enum cfg_next_kind {
	CFG_NEXT_BLOCK, /* a statement with others below */
	CFG_NEXT_LEAF,
	CFG_NEXT_LIST,	  /* a statement with several values */
	CFG_NEXT_VALUE,	  /* a word of an enumeration, a bracket */
	CFG_NEXT_NAME,	  /* "<name>": anything; of a list */
	CFG_NEXT_DATA,	  /* "<mtu>": anything; of a leaf */
	CFG_NEXT_REFUSED, /* a statement that is not supported */
};

/* At the top. */
void cfg_cursor_init(struct cfg_cursor *c, const struct cfg_schema *schema);

/*
 * Go on by a word. *word becomes the whole word that it stands for (of the schema, or @text). After
 * anything but CFG_STEP_OK the cursor is as it was.
 */
enum cfg_step cfg_cursor_step(struct cfg_cursor *c, const char *text, const char **word);

/*
 * Call @add for each word that may come next. @help is never NULL; it is valid during the call, as
 * is @word.
 */
void cfg_cursor_next(const struct cfg_cursor *c,
	void (*add)(void *ctx, const char *word, enum cfg_next_kind kind, const char *help),
	void *ctx);

/* True if a statement may end here. */
bool cfg_cursor_may_end(const struct cfg_cursor *c);
/* True if a block (a container or an entry of a list) ends here: `edit` may go here. */
bool cfg_cursor_is_block(const struct cfg_cursor *c);

/* True if a name of an entry may come next. */
bool cfg_cursor_wants_name(const struct cfg_cursor *c);
/* The statement whose name or value may come next ("interface", "members"); "" if there is none. */
const char *cfg_cursor_wanted(const struct cfg_cursor *c);
/* True if nothing but the value or name that the last statement needs is missing. */
bool cfg_cursor_wants_value(const struct cfg_cursor *c);

#endif
