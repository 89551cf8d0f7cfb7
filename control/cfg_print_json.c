/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The JSON form, shaped as Junos shapes it: lists are arrays of objects in which the key is "name",
 * flags are [null], values of leaf-lists an array. What is said about a statement stands in "@" (of
 * an object) or "@NAME" (of a leaf): {"inactive": true, "comment": ["..."]}.
 */
#include "control/cfg_int.h"

#include <stdlib.h>
#include <string.h>

struct json_out {
	FILE *f;
	unsigned int indent;
	bool first; /* nothing in this object or array yet */
};

static void json_string(FILE *f, const char *p)
{
	fputc('"', f);
	for (; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;

		if (c == '"' || c == '\\')
			fprintf(f, "\\%c", c);
		else if (c == '\n')
			fputs("\\n", f);
		else if (c < 0x20 || c == 0x7f)
			fprintf(f, "\\u%04x", c);
		else
			fputc(c, f);
	}
	fputc('"', f);
}

static void item(struct json_out *o)
{
	fprintf(o->f, "%s\n%*s", o->first ? "" : ",", (int)(o->indent * 2), "");
	o->first = false;
}

static void name(struct json_out *o, const char *prefix, const char *text)
{
	char *joined = NULL;

	item(o);
	if (*prefix != '\0') {
		size_t size = strlen(prefix) + strlen(text) + 1;

		joined = malloc(size);
		if (joined != NULL)
			snprintf(joined, size, "%s%s", prefix, text);
	}
	json_string(o->f, joined ? joined : text);
	fputs(": ", o->f);
	free(joined);
}

static void open_with(struct json_out *o, char bracket)
{
	fputc(bracket, o->f);
	o->indent++;
	o->first = true;
}

static void close_with(struct json_out *o, char bracket)
{
	bool empty = o->first;

	o->indent--;
	o->first = false;
	if (!empty)
		fprintf(o->f, "\n%*s", (int)(o->indent * 2), "");
	fputc(bracket, o->f);
}

/* {"inactive": true, "comment": [...]}, or null. */
static void json_about(struct json_out *o, const struct cfg_node *n)
{
	bool first = true;

	if (!n->inactive && n->comment == NULL) {
		fputs("null", o->f);
		return;
	}
	fputc('{', o->f);
	if (n->inactive)
		fprintf(o->f, "\"inactive\": true%s", n->comment ? ", " : "");
	if (n->comment != NULL) {
		fputs("\"comment\": [", o->f);
		for (const struct cfg_comment *c = n->comment; c != NULL;
			c = c->next, first = false) {
			fputs(first ? "" : ", ", o->f);
			json_string(o->f, c->text);
		}
		fputc(']', o->f);
	}
	fputc('}', o->f);
}

static bool has_about(const struct cfg_node *n)
{
	return n->inactive || n->comment != NULL;
}

static bool is_number(const struct cfg_snode *s)
{
	const struct lysc_node_leaf *leaf = (const struct lysc_node_leaf *)s->ly;

	if (s->ly == NULL || !(s->ly->nodetype & (LYS_LEAF | LYS_LEAFLIST)))
		return false;
	switch (leaf->type->basetype) {
	case LY_TYPE_UINT8:
	case LY_TYPE_UINT16:
	case LY_TYPE_UINT32:
	case LY_TYPE_INT8:
	case LY_TYPE_INT16:
	case LY_TYPE_INT32:
		return true;
	default:
		return false;
	}
}

static void json_value(struct json_out *o, const struct cfg_node *n)
{
	if (is_number(n->schema))
		fputs(cfg_node_word(n), o->f);
	else
		json_string(o->f, cfg_node_word(n));
}

static void json_children(struct json_out *o, const struct cfg_node *n);

static void json_object(struct json_out *o, const struct cfg_node *n)
{
	open_with(o, '{');
	if (has_about(n)) {
		name(o, "", "@");
		json_about(o, n);
	}
	for (uint8_t k = 0; k < n->schema->nkeys; k++) {
		name(o, "", n->schema->key[k] ? n->schema->key[k]->name : "name");
		json_string(o->f, n->word[k]);
	}
	json_children(o, n);
	close_with(o, '}');
}

/* All entries of one list become one array, wherever they stand. */
static void json_list(struct json_out *o, const struct cfg_node *n)
{
	name(o, "", n->schema->name);
	open_with(o, '[');
	for (const struct cfg_node *c = n; c != NULL; c = c->next) {
		if (c->schema != n->schema)
			continue;
		item(o);
		json_object(o, c);
	}
	close_with(o, ']');
}

static void json_values(struct json_out *o, const struct cfg_node *n)
{
	bool about = has_about(n);

	name(o, "", n->schema->name);
	fputc('[', o->f);
	for (const struct cfg_node *v = n->child; v != NULL; v = v->next) {
		json_value(o, v);
		fputs(v->next ? ", " : "", o->f);
		about |= has_about(v);
	}
	fputc(']', o->f);
	if (!about)
		return;
	name(o, "@", n->schema->name);
	fputc('[', o->f);
	for (const struct cfg_node *v = n->child; v != NULL; v = v->next) {
		json_about(o,
			v == n->child && n->comment != NULL && v->comment == NULL
				? &(struct cfg_node){.comment = n->comment, .inactive = v->inactive}
				: v);
		fputs(v->next ? ", " : "", o->f);
	}
	fputc(']', o->f);
}

static void json_leaf(struct json_out *o, const struct cfg_node *n)
{
	name(o, "", n->schema->name);
	if (n->schema->kind == CFG_LEAF)
		json_value(o, n);
	else
		fputs("[null]", o->f);
	if (!has_about(n))
		return;
	name(o, "@", n->schema->name);
	json_about(o, n);
}

/* A statement that only has words is a member whose name is these words. */
static void json_raw(struct json_out *o, const struct cfg_node *n)
{
	char *words = NULL;
	size_t size;
	FILE *f = open_memstream(&words, &size);

	if (f == NULL)
		return;
	cfg_node_write(f, n);
	if (fclose(f) == 0) {
		name(o, "", words);
		if (n->child != NULL || has_about(n))
			json_object(o, n);
		else
			fputs("[null]", o->f);
	}
	free(words);
}

static bool is_first_of_list(const struct cfg_node *n)
{
	for (const struct cfg_node *c = n->prev; c != NULL; c = c->prev) {
		if (c->schema == n->schema)
			return false;
	}
	return true;
}

static void json_children(struct json_out *o, const struct cfg_node *n)
{
	for (const struct cfg_node *c = n->child; c != NULL; c = c->next) {
		switch (c->schema->kind) {
		case CFG_LIST:
			/* Entries mostly stand together; then the search ends at once. */
			if (is_first_of_list(c))
				json_list(o, c);
			break;
		case CFG_LEAF_LIST:
			json_values(o, c);
			break;
		case CFG_LEAF:
		case CFG_FLAG:
			json_leaf(o, c);
			break;
		case CFG_RAW:
			json_raw(o, c);
			break;
		case CFG_OPAQUE:
			name(o, "", c->schema->name);
			if (c->child != NULL || has_about(c))
				json_object(o, c);
			else
				fputs("[null]", o->f);
			break;
		default:
			/* `groups` is an array itself; there is nothing else below it. */
			if (c->child != NULL && c->child->schema->name == c->schema->name) {
				json_list(o, c->child);
				break;
			}
			name(o, "", c->schema->name);
			json_object(o, c);
			break;
		}
	}
}

void cfg_print_json(const struct cfg *cfg, FILE *out)
{
	struct json_out o = {.f = out, .first = true};

	open_with(&o, '{');
	name(&o, "", "configuration");
	json_object(&o, cfg->tree.root);
	close_with(&o, '}');
	fputc('\n', out);
}
