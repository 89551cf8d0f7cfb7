/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/cfg_complete.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "control/cfg_int.h"

#define HELP_MAX 160

void cfg_cursor_init(struct cfg_cursor *c, const struct cfg_schema *schema)
{
	*c = (struct cfg_cursor){.schema = schema, .at = schema->root};
}

/* ---- Statements of a block ---------------------------------------------------------------------- */

static const struct cfg_snode *builtin(const struct cfg_cursor *c, size_t i)
{
	const struct cfg_snode *const all[] = {c->schema->apply_groups,
		c->schema->apply_groups_except,
		c->at == c->schema->root ? c->schema->groups : NULL};

	return i < sizeof(all) / sizeof(all[0]) ? all[i] : NULL;
}

/* The i-th statement that has a word, of the block or built in; NULL past the last. */
static const struct cfg_snode *statement(const struct cfg_cursor *c, size_t i)
{
	for (size_t k = 0; c->at != c->schema->groups && k < c->at->nchild; k++) {
		if (!c->at->child[k]->omit_name && i-- == 0)
			return c->at->child[k];
	}
	return c->at != c->schema->groups ? builtin(c, i) : NULL;
}

static const struct lysc_type *type_of(const struct lysc_node *ly)
{
	const struct lysc_type *type = NULL;

	if (ly != NULL && ly->nodetype == LYS_LEAF)
		type = ((const struct lysc_node_leaf *)ly)->type;
	else if (ly != NULL && ly->nodetype == LYS_LEAFLIST)
		type = ((const struct lysc_node_leaflist *)ly)->type;
	while (type != NULL && type->basetype == LY_TYPE_LEAFREF)
		type = ((const struct lysc_type_leafref *)type)->realtype;
	return type;
}

/* True if any word may stand for @omitted, so that an abbreviation could mean it. */
static bool any_word(const struct cfg_snode *omitted)
{
	const struct lysc_type *type = omitted != NULL && omitted->kind == CFG_LEAF
					       ? type_of(omitted->ly)
					       : NULL;

	return omitted != NULL &&
	       (type == NULL || type->basetype < LY_TYPE_UINT8 || type->basetype > LY_TYPE_UINT64);
}

static const struct cfg_snode *find(
	const struct cfg_cursor *c, const char *text, enum cfg_step *result)
{
	const struct cfg_snode *s, *found = cfg_schema_find(c->schema, c->at, text);
	size_t n = strlen(text);

	*result = found != NULL ? CFG_STEP_OK : CFG_STEP_UNKNOWN;
	if (found != NULL || any_word(c->at->omitted))
		return found;
	for (size_t i = 0; (s = statement(c, i)) != NULL; i++) {
		if (strncmp(s->word, text, n) != 0)
			continue;
		if (found != NULL && (s->kind == CFG_OPAQUE) != (found->kind == CFG_OPAQUE)) {
			*result = s->kind == CFG_OPAQUE ? *result : CFG_STEP_OK;
			found = s->kind == CFG_OPAQUE ? found : s;
			continue;
		}
		*result = found == NULL ? CFG_STEP_OK : CFG_STEP_AMBIGUOUS;
		found = s;
	}
	return found;
}

/* ---- Values ------------------------------------------------------------------------------------- */

/* Calls @each for every word of an enumeration, also inside of unions. */
static void each_enum(const struct lysc_type *type,
	void (*each)(void *ctx, const struct lysc_type_bitenum_item *item), void *ctx)
{
	LY_ARRAY_COUNT_TYPE i;

	if (type != NULL && type->basetype == LY_TYPE_ENUM) {
		const struct lysc_type_enum *e = (const struct lysc_type_enum *)type;

		LY_ARRAY_FOR(e->enums, i)
		each(ctx, &e->enums[i]);
	} else if (type != NULL && type->basetype == LY_TYPE_UNION) {
		const struct lysc_type_union *u = (const struct lysc_type_union *)type;

		LY_ARRAY_FOR(u->types, i)
		each_enum(u->types[i], each, ctx);
	}
}

/* The node whose type the next word has. */
static const struct lysc_node *wanted(const struct cfg_cursor *c)
{
	return c->want->kind == CFG_LIST && c->want->ly != NULL ? c->want->key[c->keys]
								: c->want->ly;
}

struct abbreviation {
	const char *text, *found;
	size_t n, matches;
	bool exact;
};

static void try_enum(void *ctx, const struct lysc_type_bitenum_item *item)
{
	struct abbreviation *a = ctx;

	if (a->exact || strncmp(item->name, a->text, a->n) != 0)
		return;
	a->found = item->name;
	a->exact = item->name[a->n] == '\0';
	a->matches++;
}

static enum cfg_step value(struct cfg_cursor *c, const char *text, const char **word)
{
	struct abbreviation a = {.text = text, .n = strlen(text)};
	const struct lysc_type *type = type_of(wanted(c));

	if (c->want->kind != CFG_LIST || c->want->nkeys > 0)
		each_enum(type, try_enum, &a);
	if (a.matches > 1 && !a.exact && type->basetype == LY_TYPE_ENUM)
		return CFG_STEP_AMBIGUOUS;
	if (a.exact || a.matches == 1)
		*word = a.found;
	else if (type != NULL && type->basetype == LY_TYPE_ENUM && !c->want->any_value)
		return CFG_STEP_UNKNOWN;
	return CFG_STEP_OK;
}

static enum cfg_step step_value(struct cfg_cursor *c, const char *text, const char **word)
{
	bool several = c->want->kind == CFG_LEAF_LIST ||
		       (c->want->kind == CFG_LIST && c->want->nkeys == 1);
	enum cfg_step result;

	if (several && strcmp(text, c->brackets ? "]" : "[") == 0) {
		if (c->brackets) {
			c->want = NULL;
			c->leaf = true;
		}
		c->brackets = !c->brackets;
		return CFG_STEP_OK;
	}
	result = value(c, text, word);
	if (result != CFG_STEP_OK || c->brackets)
		return result;
	if (c->want->kind == CFG_LIST) {
		if (++c->keys < c->want->nkeys)
			return CFG_STEP_OK;
		c->at = c->want;
		c->leaf = false;
	} else {
		c->leaf = true;
	}
	c->want = NULL;
	return CFG_STEP_OK;
}

/* ---- Steps -------------------------------------------------------------------------------------- */

static void enter(struct cfg_cursor *c, const struct cfg_snode *s)
{
	c->keys = 0;
	c->leaf = false;
	switch (s->kind) {
	case CFG_CONTAINER:
		c->at = s;
		break;
	case CFG_OPAQUE:
		c->at = s;
		c->raw = true;
		break;
	case CFG_FLAG:
		c->leaf = true;
		break;
	default:
		c->want = s;
		break;
	}
}

enum cfg_step cfg_cursor_step(struct cfg_cursor *c, const char *text, const char **word)
{
	const struct cfg_snode *s;
	enum cfg_step result;

	*word = text;
	c->value = true;
	if (c->raw)
		return CFG_STEP_OK;
	if (c->want != NULL)
		return step_value(c, text, word);
	s = find(c, text, &result);
	if (result == CFG_STEP_OK) {
		*word = s->omit_name ? text : s->word;
		/* An alias stands for itself: it is right as it is. */
		if (strncmp(s->word, text, strlen(text)) != 0)
			*word = text;
		c->value = false;
		enter(c, s);
		return CFG_STEP_OK;
	}
	if (result == CFG_STEP_UNKNOWN && c->at->omitted != NULL) {
		struct cfg_cursor was = *c;

		enter(c, c->at->omitted);
		result = step_value(c, text, word);
		if (result != CFG_STEP_OK)
			*c = was;
	}
	return result;
}

bool cfg_cursor_may_end(const struct cfg_cursor *c)
{
	return c->want == NULL;
}

bool cfg_cursor_is_block(const struct cfg_cursor *c)
{
	return c->want == NULL && !c->leaf && !c->raw;
}

static const struct cfg_snode *next_value(const struct cfg_cursor *c)
{
	return c->raw ? NULL : c->want != NULL ? c->want : c->at->omitted;
}

bool cfg_cursor_wants_name(const struct cfg_cursor *c)
{
	return next_value(c) != NULL && next_value(c)->kind == CFG_LIST;
}

const char *cfg_cursor_wanted(const struct cfg_cursor *c)
{
	return next_value(c) != NULL ? next_value(c)->word : "";
}

bool cfg_cursor_wants_value(const struct cfg_cursor *c)
{
	return c->want != NULL && c->keys == 0 && !c->brackets;
}

/* ---- What may come next ------------------------------------------------------------------------- */

struct next {
	void (*add)(void *ctx, const char *word, enum cfg_next_kind kind, const char *help);
	void *ctx;
};

/* The first sentence of a description, without its full stop, on one line. */
static const char *help_of(const char *text, char buf[HELP_MAX])
{
	size_t n = 0;

	for (; text != NULL && *text != '\0' && n + 1 < HELP_MAX; text++) {
		if (*text == '.' && (text[1] == '\0' || text[1] == ' ' || text[1] == '\n'))
			break;
		if (*text != ' ' && *text != '\n' && *text != '\t')
			buf[n++] = *text;
		else if (n > 0 && buf[n - 1] != ' ')
			buf[n++] = ' ';
	}
	buf[n] = '\0';
	return buf;
}

static void add_statement(const struct next *next, const struct cfg_snode *s)
{
	char help[HELP_MAX];
	enum cfg_next_kind kind = s->kind == CFG_OPAQUE			       ? CFG_NEXT_REFUSED
				  : s->kind == CFG_LEAF_LIST		       ? CFG_NEXT_LIST
				  : s->kind == CFG_LEAF || s->kind == CFG_FLAG ? CFG_NEXT_LEAF
									       : CFG_NEXT_BLOCK;

	if (s->ly != NULL)
		help_of(s->ly->dsc, help);
	else if (s->kind == CFG_LEAF_LIST)
		snprintf(help, sizeof(help), "Groups %s which configuration data is inherited",
			strcmp(s->word, "apply-groups") == 0 ? "from" : "that are left out, from");
	else
		snprintf(help, sizeof(help), "Configuration groups");
	if (s->kind == CFG_OPAQUE)
		snprintf(help, sizeof(help), "(not supported)");
	next->add(next->ctx, s->word, kind, help);
}

static void add_enum(void *ctx, const struct lysc_type_bitenum_item *item)
{
	const struct next *next = ctx;
	char help[HELP_MAX];

	next->add(next->ctx, item->name, CFG_NEXT_VALUE, help_of(item->dsc, help));
}

/* " (1..4094)", from the range of a number or the length of a text. */
static void write_range(char *buf, size_t size, const struct lysc_type *type)
{
	const struct lysc_range *range = NULL;

	*buf = '\0';
	if (type == NULL)
		return;
	if (type->basetype >= LY_TYPE_UINT8 && type->basetype <= LY_TYPE_UINT64)
		range = ((const struct lysc_type_num *)type)->range;
	else if (type->basetype == LY_TYPE_STRING)
		range = ((const struct lysc_type_str *)type)->length;
	if (range == NULL || LY_ARRAY_COUNT(range->parts) == 0)
		return;
	snprintf(buf, size, " (%" PRIu64 "..%" PRIu64 "%s)", range->parts[0].min_u64,
		range->parts[LY_ARRAY_COUNT(range->parts) - 1].max_u64,
		type->basetype == LY_TYPE_STRING ? " characters" : "");
}

static void add_value(const struct next *next, const struct cfg_snode *s, unsigned int key)
{
	const struct lysc_node *ly = s->kind == CFG_LIST && s->ly != NULL ? s->key[key] : s->ly;
	const struct lysc_type *type = type_of(ly);
	const char *dsc = s->kind == CFG_LIST && ly != NULL && ly->dsc == NULL ? s->ly->dsc
			  : ly != NULL					       ? ly->dsc
									       : NULL;
	char name[96], help[HELP_MAX], range[64], text[HELP_MAX + 64];

	each_enum(type, add_enum, (void *)(uintptr_t)next);
	if (type != NULL && type->basetype == LY_TYPE_ENUM)
		return;
	snprintf(name, sizeof(name), "<%s>", ly != NULL ? ly->name : "name");
	write_range(range, sizeof(range), type);
	snprintf(text, sizeof(text), "%s%s", help_of(dsc, help), range);
	next->add(next->ctx, name, s->kind == CFG_LIST ? CFG_NEXT_NAME : CFG_NEXT_DATA,
		*text == ' ' ? text + 1 : text);
}

void cfg_cursor_next(const struct cfg_cursor *c,
	void (*add)(void *ctx, const char *word, enum cfg_next_kind kind, const char *help),
	void *ctx)
{
	const struct next next = {add, ctx};
	const struct cfg_snode *s;

	if (c->raw)
		return;
	if (c->want != NULL) {
		if (c->want->kind == CFG_LEAF_LIST || c->brackets)
			add(ctx, c->brackets ? "]" : "[", CFG_NEXT_VALUE,
				c->brackets ? "Close a set of values" : "Open a set of values");
		add_value(&next, c->want, c->keys);
		return;
	}
	if (c->at->omitted != NULL)
		add_value(&next, c->at->omitted, 0);
	for (size_t i = 0; (s = statement(c, i)) != NULL; i++)
		add_statement(&next, s);
}
