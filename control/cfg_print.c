/* SPDX-License-Identifier: BSD-3-Clause */
/* The curly and the set form of the tree as written. */
#include "control/cfg_int.h"

#include <stdlib.h>
#include <string.h>

static bool is_list_of_values(const struct cfg_node *n)
{
	return n->schema->kind == CFG_LEAF_LIST;
}

/* ---- Curly ------------------------------------------------------------------------------------ */

struct curly_out {
	FILE *f;
	unsigned int indent;
};

static void indent(const struct curly_out *o)
{
	fprintf(o->f, "%*s", (int)(o->indent * 4), "");
}

/* A comment of one line, or of several with a star before each. `*` + `/` inside is pulled apart. */
static void write_comment_text(FILE *f, const char *p)
{
	for (; *p != '\0' && *p != '\n'; p++) {
		fputc(*p, f);
		if (p[0] == '*' && p[1] == '/')
			fputc(' ', f);
	}
}

static void curly_comments(const struct curly_out *o, const struct cfg_node *n)
{
	for (const struct cfg_comment *c = n->comment; c != NULL; c = c->next) {
		indent(o);
		if (strchr(c->text, '\n') == NULL) {
			fputs("/* ", o->f);
			write_comment_text(o->f, c->text);
			fputs(" */\n", o->f);
			continue;
		}
		fputs("/*\n", o->f);
		for (const char *p = c->text; p != NULL; p = strchr(p, '\n')) {
			p += *p == '\n';
			indent(o);
			fputs(*p == '\n' || *p == '\0' ? " *" : " * ", o->f);
			write_comment_text(o->f, p);
			fputc('\n', o->f);
		}
		indent(o);
		fputs(" */\n", o->f);
	}
}

static bool is_plain(const struct cfg_node *n)
{
	return !n->inactive && n->comment == NULL && n->remark == NULL;
}

/* Between two empty ones, as a box does; of values that are printed together all. */
static void curly_remarks(const struct curly_out *o, const struct cfg_node *n, bool siblings)
{
	bool any = false;

	for (; n != NULL; n = siblings ? n->next : NULL) {
		if (n->remark == NULL)
			continue;
		if (!any) {
			indent(o);
			fputs("##\n", o->f);
		}
		any = true;
		indent(o);
		fprintf(o->f, "## %s\n", n->remark);
	}
	if (any) {
		indent(o);
		fputs("##\n", o->f);
	}
}

/* A container that is printed before each of its children. */
static bool is_prefix(const struct cfg_node *n)
{
	return n->schema->join && n->child != NULL && is_plain(n);
}

/* Leafs only, none of which needs a line of its own. */
static bool fits_one_line(const struct cfg_node *n)
{
	if (!n->schema->one_line || n->child == NULL)
		return false;
	for (const struct cfg_node *c = n->child; c != NULL; c = c->next) {
		if (!is_plain(c) || (c->schema->kind != CFG_LEAF && c->schema->kind != CFG_FLAG))
			return false;
	}
	return true;
}

static void curly_children(struct curly_out *o, const struct cfg_node *n, const char *prefix);

static void start(const struct curly_out *o, const struct cfg_node *n, const char *prefix)
{
	curly_comments(o, n);
	if (n->schema->kind != CFG_VALUE)
		curly_remarks(o, n, false);
	indent(o);
	if (n->inactive)
		fputs("inactive: ", o->f);
	fputs(prefix, o->f);
}

static void curly_block(struct curly_out *o, const struct cfg_node *n)
{
	if (n->child == NULL) {
		fputs(";\n", o->f);
		return;
	}
	fputs(" {\n", o->f);
	o->indent++;
	curly_children(o, n, "");
	o->indent--;
	indent(o);
	fputs("}\n", o->f);
}

/* `members a;`, or `members [ a b ];` if nothing sets one of the values apart from the others. */
static void curly_values(const struct curly_out *o, const struct cfg_node *n, const char *prefix)
{
	bool together = true;

	for (const struct cfg_node *v = n->child; v != NULL; v = v->next)
		together &= v->inactive == n->child->inactive &&
			    (v->comment == NULL || v == n->child);
	curly_comments(o, n);
	curly_remarks(o, n->child, true);
	for (const struct cfg_node *v = n->child; v != NULL; v = v->next) {
		if (!together || v == n->child) {
			start(o, v, prefix);
			fprintf(o->f, "%s ", n->schema->word);
			if (together && v->next != NULL)
				fputs("[ ", o->f);
		}
		cfg_write_word(o->f, cfg_node_word(v));
		if (!together || v->next == NULL)
			fputs(together && v != n->child ? " ];\n" : ";\n", o->f);
		else
			fputc(' ', o->f);
	}
}

/* What is raw stands in a block, or each in one statement with its parent, as it was written. */
static bool is_joined(const struct cfg_node *n)
{
	if (n->schema->kind != CFG_RAW || n->parent->schema->kind != CFG_OPAQUE ||
		!is_plain(n->parent))
		return false;
	return n->joined || (n->from_set && n->parent->child->next == NULL);
}

static void curly_opaque(struct curly_out *o, const struct cfg_node *n, const char *prefix)
{
	const struct cfg_node *c = n->child;

	while (c != NULL) {
		if (is_joined(c)) {
			start(o, c, prefix);
			fprintf(o->f, "%s ", n->schema->word);
			cfg_node_write(o->f, c);
			curly_block(o, c);
			c = c->next;
			continue;
		}
		start(o, n, prefix);
		fprintf(o->f, "%s {\n", n->schema->word);
		o->indent++;
		for (; c != NULL && !is_joined(c); c = c->next) {
			start(o, c, "");
			cfg_node_write(o->f, c);
			curly_block(o, c);
		}
		o->indent--;
		indent(o);
		fputs("}\n", o->f);
	}
}

static void curly_node(struct curly_out *o, const struct cfg_node *n, const char *prefix)
{
	if (is_list_of_values(n)) {
		curly_values(o, n, prefix);
		return;
	}
	if (n->schema->kind == CFG_OPAQUE && n->child != NULL) {
		curly_opaque(o, n, prefix);
		return;
	}
	if (is_prefix(n)) {
		size_t size = strlen(prefix) + strlen(n->schema->word) + 2;
		char longer[size];

		snprintf(longer, size, "%s%s ", prefix, n->schema->word);
		curly_children(o, n, longer);
		return;
	}
	start(o, n, prefix);
	cfg_node_write(o->f, n);
	if (!fits_one_line(n)) {
		curly_block(o, n);
		return;
	}
	for (const struct cfg_node *c = n->child; c != NULL; c = c->next) {
		fputc(' ', o->f);
		cfg_node_write(o->f, c);
	}
	fputs(";\n", o->f);
}

static void curly_children(struct curly_out *o, const struct cfg_node *n, const char *prefix)
{
	for (const struct cfg_node *c = n->child; c != NULL; c = c->next)
		curly_node(o, c, prefix);
}

void cfg_print_statement(const struct cfg_node *node, const char *prefix, FILE *out)
{
	struct curly_out o = {.f = out};

	curly_node(&o, node, prefix);
}

void cfg_print_at(const struct cfg_node *node, FILE *out)
{
	struct curly_out o = {.f = out};

	switch (node->schema->kind) {
	case CFG_CONTAINER:
	case CFG_LIST:
	case CFG_OPAQUE:
	case CFG_RAW:
		curly_children(&o, node, "");
		if (node->parent == NULL)
			curly_comments(&o, node);
		break;
	default:
		curly_node(&o, node, "");
		break;
	}
}

void cfg_print_curly(const struct cfg *cfg, FILE *out)
{
	struct curly_out o = {.f = out};

	curly_children(&o, cfg->tree.root, "");
	curly_comments(&o, cfg->tree.root);
}

/* ---- Set -------------------------------------------------------------------------------------- */

/* The words that lead to a statement, kept while going down and up. */
struct set_out {
	FILE *f;
	const struct cfg_node **path;
	size_t depth;
};

static void set_words(const struct set_out *o, const char *verb)
{
	fputs(verb, o->f);
	for (size_t i = 0; i < o->depth; i++) {
		fputc(' ', o->f);
		cfg_node_write(o->f, o->path[i]);
	}
}

/* What is done to a leaf is done to it whatever its value is. */
static void command_words(const struct set_out *o, const char *verb)
{
	const struct cfg_node *last = o->path[o->depth - 1];

	if (last->schema->kind != CFG_LEAF || last->schema->omit_name) {
		set_words(o, verb);
		return;
	}
	set_words(&(struct set_out){.f = o->f, .path = o->path, .depth = o->depth - 1}, verb);
	fprintf(o->f, " %s", last->schema->word);
}

/* `#` lines go with the set line that follows; a comment of several lines needs `annotate`. */
static bool has_short_comments(const struct cfg_node *n)
{
	for (const struct cfg_comment *c = n->comment; c != NULL; c = c->next) {
		if (strchr(c->text, '\n') != NULL || *c->text == '#')
			return false;
	}
	return true;
}

static void set_comments(const struct set_out *o, const struct cfg_node *n)
{
	for (const struct cfg_comment *c = n->comment; c != NULL; c = c->next)
		fprintf(o->f, "# %s\n", c->text);
}

static void set_annotations(const struct set_out *o, const struct cfg_node *n)
{
	for (const struct cfg_comment *c = n->comment; c != NULL; c = c->next) {
		command_words(o, "annotate");
		fputc(' ', o->f);
		cfg_write_word(o->f, c->text);
		fputc('\n', o->f);
	}
}

static void deactivate(const struct set_out *o)
{
	command_words(o, "deactivate");
	fputc('\n', o->f);
}

/* One line when all values are inactive, otherwise one for each that is. */
static void deactivate_values(struct set_out *o, const struct cfg_node *list)
{
	bool all = true;

	for (const struct cfg_node *v = list->child; v != NULL; v = v->next)
		all &= v->inactive;
	if (all) {
		deactivate(o);
		return;
	}
	for (const struct cfg_node *v = list->child; v != NULL; v = v->next) {
		o->path[o->depth++] = v;
		if (v->inactive)
			deactivate(o);
		o->depth--;
	}
}

static void set_line(const struct set_out *o)
{
	set_words(o, "set");
	fputc('\n', o->f);
}

/* The raw block whose first line @n belongs to; NULL if there is none. */
static const struct cfg_node *raw_block(const struct cfg_node *n)
{
	return n->prev == NULL && n->parent->schema->kind == CFG_RAW ? n->parent : NULL;
}

static bool has_short_raw_comments(const struct cfg_node *n)
{
	const struct cfg_node *block = raw_block(n);

	return has_short_comments(n) && (block == NULL || has_short_raw_comments(block));
}

static void raw_comments(const struct set_out *o, const struct cfg_node *n,
	void (*print)(const struct set_out *, const struct cfg_node *))
{
	if (raw_block(n) != NULL)
		raw_comments(o, raw_block(n), print);
	print(o, n);
}

/*
 * Below what is not supported a set line has no structure, so what is said of a raw block is said
 * of its lines: its comments go to the first, its mark to each.
 */
static void set_raw(struct set_out *o, const struct cfg_node *n, bool inactive)
{
	bool above = has_short_raw_comments(n);

	o->path[o->depth++] = n;
	inactive |= n->inactive;
	for (const struct cfg_node *c = n->child; c != NULL; c = c->next)
		set_raw(o, c, inactive);
	if (n->child == NULL) {
		if (above)
			raw_comments(o, n, set_comments);
		set_line(o);
		if (inactive)
			deactivate(o);
		if (!above)
			raw_comments(o, n, set_annotations);
	}
	o->depth--;
}

static void set_node(struct set_out *o, const struct cfg_node *n)
{
	bool above = n->child == NULL && has_short_comments(n);

	if (n->schema->kind == CFG_RAW) {
		set_raw(o, n, false);
		return;
	}
	o->path[o->depth++] = n;
	if (above)
		set_comments(o, n);
	if (n->child == NULL)
		set_line(o);
	for (const struct cfg_node *c = n->child; c != NULL; c = c->next)
		set_node(o, c);
	if (is_list_of_values(n))
		deactivate_values(o, n);
	else if (n->inactive && n->schema->kind != CFG_VALUE)
		deactivate(o);
	if (!above)
		set_annotations(o, n);
	o->depth--;
}

void cfg_print_set(const struct cfg *cfg, FILE *out)
{
	const struct cfg_node *path[2 * CFG_DEPTH_MAX];
	struct set_out o = {.f = out, .path = path};

	for (const struct cfg_node *c = cfg->tree.root->child; c != NULL; c = c->next)
		set_node(&o, c);
	set_comments(&o, cfg->tree.root);
}
