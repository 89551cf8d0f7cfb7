/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * cfg: configuration text in, validated data out.
 *
 * Text in either written form of the Junos hierarchy (curly braces or `set` lines; the form is
 * detected) becomes one tree of statements that knows where each stands in the text. From it are
 * made:
 *
 *  - the printed forms, cfg_print(): what was written, without loss -- groups, apply-groups,
 *    inactive statements and comments included;
 *  - the data, cfg_data(): a libyang tree of the schema in control/yang/, in which inactive
 *    statements are gone, interface ranges and groups are expanded, defaults are added, and which
 *    libyang has validated.
 *
 *	struct vex_errs errs = {0};
 *	struct cfg *cfg = cfg_parse(text, length, "leaf.conf", &errs);
 *	if (cfg == NULL)
 *		... each of errs.v[0 .. errs.n) names a file, a line and a column ...
 *	const struct lyd_node *configuration = cfg_data(cfg);
 *	...
 *	cfg_free(cfg);
 *
 * Every statement is either enforced or refused: an unknown word is an error with the nearest
 * known one, and a statement that Junos has but this switch does not enforce is an error of kind
 * VEX_ERR_NOT_SUPPORTED unless it is inactive.
 *
 * What may go wrong: the text is bounded by CFG_TEXT_MAX, nesting by CFG_DEPTH_MAX, and the tree
 * after expansion by CFG_NODES_MAX; beyond them is an error, never a crash. Control characters and
 * bytes that are not UTF-8 are refused. Creating a schema tells libyang, for the
 * whole process, to store its messages and print none. Two objects share nothing, so each may be used by its own
 * thread; a cfg_schema may be shared by any number of objects in one thread.
 */
#ifndef VEX_CONTROL_CFG_H
#define VEX_CONTROL_CFG_H

#include <stdbool.h>
#include <stddef.h>

#include <libyang/libyang.h>

#include "control/err.h"

/* Bytes of configuration text. */
#define CFG_TEXT_MAX (64u << 20)
/* Nested blocks. */
#define CFG_DEPTH_MAX 64
/* Statements and values, after groups and ranges are expanded. */
#define CFG_NODES_MAX 2000000u

struct cfg;
struct cfg_schema;

/* The printed forms. */
enum cfg_form {
	CFG_FORM_CURLY,
	CFG_FORM_SET,
	CFG_FORM_JSON,
};

/* How far to go. */
enum cfg_depth {
	CFG_STATEMENTS, /* statements only: cfg_print() works, cfg_data() is NULL, and what is not
			   supported is no error */
	CFG_DATA,	/* all the way to validated data */
	CFG_DATA_WITHOUT_REFUSED, /* the same, as if what is not supported were inactive: it is
				     an error in the list, but no reason to return NULL */
};

/*
 * Load the schema that is built into the program. Takes some milliseconds.
 * Returns NULL with an error of kind VEX_ERR_INTERNAL. Free with cfg_schema_free(), after every
 * cfg that uses it.
 */
struct cfg_schema *cfg_schema_create(struct vex_errs *errs);

/*
 * The same from @yang, the text of a module that has one top-level container; the built-in modules
 * are there for import. For tests.
 */
struct cfg_schema *cfg_schema_create_from(const char *yang, struct vex_errs *errs);

/*
 * The chassis of texts that do not state one, for wildcards over its ports; NULL: its own default.
 * The strings are borrowed.
 */
void cfg_schema_set_chassis(
	struct cfg_schema *schema, const char *model, const char *extension_module);

/* Free a schema; NULL is allowed. */
void cfg_schema_free(struct cfg_schema *schema);

/*
 * Parse, expand and validate @len bytes of @text, which need not end in zero. @file is the name
 * that positions carry. Returns NULL if anything is wrong, with every error added to @errs in the
 * order of the text. The text is not needed afterwards. Makes its own schema.
 */
struct cfg *cfg_parse(const char *text, size_t len, const char *file, struct vex_errs *errs);

/*
 * The same with a schema that the caller keeps for longer than the result, and with the choice of
 * how far to go.
 */
struct cfg *cfg_parse_with(struct cfg_schema *schema, enum cfg_depth depth, const char *text,
	size_t len, const char *file, struct vex_errs *errs);

/* Free a configuration; NULL is allowed. */
void cfg_free(struct cfg *cfg);

/*
 * The container `configuration`, validated and with defaults; it lives as long as @cfg and must
 * not be changed. NULL after CFG_STATEMENTS.
 */
const struct lyd_node *cfg_data(const struct cfg *cfg);

/*
 * Where the statement of a data node stands: for a node that came from a group or an interface
 * range, where it stands there; for a default, where its nearest explicit ancestor stands.
 * Returns false, with *pos all zero except the file, for a node that has no such ancestor.
 * pos->file lives as long as @cfg.
 */
bool cfg_position(const struct cfg *cfg, const struct lyd_node *node, struct vex_pos *pos);

/*
 * The path of a data node in the words of the command line, "interfaces ge-0/0/0 unit 0". Returns
 * a string to be freed by the caller, NULL without memory.
 */
char *cfg_path(const struct cfg *cfg, const struct lyd_node *node);

/*
 * The statement of a path without names and values: "interfaces ge-0/0/0 unit 0 family inet" is
 * about "interfaces unit family inet". Words that the schema does not know are kept. Returns a
 * string to be freed by the caller, NULL without memory.
 */
char *cfg_statement(const struct cfg_schema *schema, const char *path);

/*
 * Print what was parsed. *out becomes a string that the caller frees, ending in a newline (empty
 * for an empty configuration in the curly and set forms). Returns false without memory.
 */
bool cfg_print(const struct cfg *cfg, enum cfg_form form, char **out);

/*
 * True if the text has no statement at all, active or not: the factory default applies.
 */
bool cfg_is_empty(const struct cfg *cfg);

#endif
