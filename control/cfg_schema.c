/* SPDX-License-Identifier: BSD-3-Clause */
#define _DEFAULT_SOURCE /* strsep */
#include "control/cfg_int.h"

#include <stdlib.h>
#include <string.h>

/* ---- Extensions ------------------------------------------------------------------------------- */

static const char *extension(
	const struct lysc_node *ly, const char *name, LY_ARRAY_COUNT_TYPE *from)
{
	LY_ARRAY_COUNT_TYPE i;

	for (i = from ? *from : 0; i < LY_ARRAY_COUNT(ly->exts); i++) {
		const struct lysc_ext *def = ly->exts[i].def;

		if (strcmp(def->name, name) != 0 || strcmp(def->module->name, "vex-ext") != 0)
			continue;
		if (from != NULL)
			*from = i + 1;
		return ly->exts[i].argument ? ly->exts[i].argument : "";
	}
	return NULL;
}

static bool has_extension(const struct lysc_node *ly, const char *name)
{
	return extension(ly, name, NULL) != NULL;
}

const char *cfg_schema_word(const struct lysc_node *ly)
{
	const char *word = extension(ly, "cli-name", NULL);

	return has_extension(ly, "omit-name") ? NULL : word ? word : ly->name;
}

/* ---- Words ------------------------------------------------------------------------------------ */

static size_t word_slot(const struct cfg_snode *s, const char *word)
{
	uint32_t h = 2166136261u;
	size_t i;

	for (const char *p = word; *p != '\0'; p++)
		h = (h ^ (unsigned char)*p) * 16777619u;
	for (i = h & (s->nwords - 1); s->words[i].word != NULL; i = (i + 1) & (s->nwords - 1)) {
		if (strcmp(s->words[i].word, word) == 0)
			break;
	}
	return i;
}

static void put_word(struct cfg_snode *s, const char *word, struct cfg_snode *child)
{
	struct cfg_sword *w = &s->words[word_slot(s, word)];

	if (w->word == NULL)
		*w = (struct cfg_sword){.word = word, .node = child};
}

/* Aliases come last, so that they never hide a real name. */
static bool index_words(struct cfg_schema *schema, struct cfg_snode *s)
{
	size_t n = 0;
	const char *word;

	for (size_t i = 0; i < s->nchild; i++)
		n += s->child[i]->ly ? 1 + LY_ARRAY_COUNT(s->child[i]->ly->exts) : 1;
	for (s->nwords = 4; s->nwords < 2 * n + 2; s->nwords *= 2)
		;
	s->words = cfg_alloc(&schema->arena, s->nwords * sizeof *s->words);
	if (s->words == NULL)
		return false;
	for (size_t i = 0; i < s->nchild; i++) {
		if (s->child[i]->omit_name)
			s->omitted = s->child[i];
		else
			put_word(s, s->child[i]->word, s->child[i]);
	}
	for (size_t i = 0; i < s->nchild; i++) {
		LY_ARRAY_COUNT_TYPE from = 0;

		if (s->child[i]->ly == NULL)
			continue;
		while ((word = extension(s->child[i]->ly, "alias", &from)) != NULL)
			put_word(s, word, s->child[i]);
	}
	return true;
}

void cfg_schema_set_chassis(
	struct cfg_schema *schema, const char *model, const char *extension_module)
{
	schema->model = model;
	schema->extension_module = extension_module;
}

const struct cfg_snode *cfg_schema_find(
	const struct cfg_schema *schema, const struct cfg_snode *s, const char *word)
{
	const struct cfg_sword *w = s->nwords ? &s->words[word_slot(s, word)] : NULL;

	if (w != NULL && w->word != NULL)
		return w->node;
	if ((s->kind != CFG_CONTAINER && s->kind != CFG_LIST) || s == schema->groups)
		return NULL;
	if (strcmp(word, schema->apply_groups->word) == 0)
		return schema->apply_groups;
	if (strcmp(word, schema->apply_groups_except->word) == 0)
		return schema->apply_groups_except;
	if (s == schema->root && strcmp(word, schema->groups->word) == 0)
		return schema->groups;
	return NULL;
}

char *cfg_statement(const struct cfg_schema *schema, const char *path)
{
	const struct cfg_snode *s = schema->root, *next;
	char *words = strdup(path), *out = calloc(1, strlen(path) + 1), *rest = words, *word;
	unsigned int keys = 0;

	while (words != NULL && out != NULL && (word = strsep(&rest, " ")) != NULL) {
		if (keys > 0) {
			keys--;
			continue;
		}
		next = s != NULL ? cfg_schema_find(schema, s, word) : NULL;
		if (next == NULL && s != NULL && s->omitted != NULL) {
			keys = s->omitted->nkeys > 0 ? s->omitted->nkeys - 1u : 0;
			s = s->omitted;
			continue;
		}
		if (*out != '\0')
			strcat(out, " ");
		strcat(out, word);
		/* What stands below something not supported, or behind a leaf, is no statement. */
		if (next != NULL && next->kind != CFG_CONTAINER && next->kind != CFG_LIST)
			break;
		s = next;
		keys = s != NULL ? s->nkeys : 0;
	}
	free(words);
	return out;
}

/* ---- From the compiled schema ----------------------------------------------------------------- */

static struct cfg_snode *new_snode(struct cfg_schema *schema, const struct cfg_snode *parent,
	enum cfg_kind kind, const char *word)
{
	struct cfg_snode *s = cfg_alloc(&schema->arena, sizeof *s);

	if (s == NULL)
		return NULL;
	s->kind = kind;
	s->word = s->name = word;
	s->parent = parent;
	if (kind == CFG_LEAF_LIST)
		s->value = new_snode(schema, s, CFG_VALUE, word);
	return s;
}

static enum cfg_kind kind_of(const struct lysc_node *ly)
{
	if (has_extension(ly, "not-supported"))
		return CFG_OPAQUE;
	switch (ly->nodetype) {
	case LYS_CONTAINER:
		return CFG_CONTAINER;
	case LYS_LIST:
		return CFG_LIST;
	case LYS_LEAFLIST:
		return CFG_LEAF_LIST;
	case LYS_LEAF:
		return ((const struct lysc_node_leaf *)ly)->type->basetype == LY_TYPE_EMPTY
			       ? CFG_FLAG
			       : CFG_LEAF;
	default:
		return CFG_OPAQUE;
	}
}

enum {
	RANK_VERSION,
	RANK_GROUPS,
	RANK_APPLY_GROUPS,
	RANK_APPLY_GROUPS_EXCEPT,
	RANK_FIRST,
	RANK_NAMELESS = 10000, /* entries that are only their name come behind statements */
};

static uint16_t rank_of(const struct cfg_snode *s, size_t i)
{
	if (s->parent->parent == NULL && strcmp(s->word, "version") == 0)
		return RANK_VERSION;
	return (uint16_t)((s->kind == CFG_LIST && s->omit_name ? RANK_NAMELESS : RANK_FIRST) + i);
}

static struct cfg_snode *compile(
	struct cfg_schema *schema, const struct cfg_snode *parent, const struct lysc_node *ly)
{
	const char *word = extension(ly, "cli-name", NULL);
	struct cfg_snode *s = new_snode(schema, parent, kind_of(ly), word ? word : ly->name);
	const struct lysc_node *c;
	size_t n = 0;

	if (s == NULL)
		return NULL;
	s->ly = ly;
	s->omit_name = has_extension(ly, "omit-name");
	s->join = has_extension(ly, "join");
	s->one_line = has_extension(ly, "one-line");
	s->mandatory = ly->nodetype == LYS_LEAF && (ly->flags & LYS_MAND_TRUE) && parent != NULL &&
		       ly->parent == parent->ly;
	if (s->kind == CFG_LEAF_LIST) {
		if (s->value == NULL)
			return NULL;
		s->value->ly = ly;
	}
	if (s->kind != CFG_CONTAINER && s->kind != CFG_LIST)
		return s;
	for (c = lys_getnext(NULL, ly, NULL, 0); c != NULL; c = lys_getnext(c, ly, NULL, 0))
		n++;
	s->child = cfg_alloc(&schema->arena, (n + 1) * sizeof *s->child);
	if (s->child == NULL)
		return NULL;
	for (c = lys_getnext(NULL, ly, NULL, 0); c != NULL; c = lys_getnext(c, ly, NULL, 0)) {
		if (lysc_is_key(c)) {
			if (s->nkeys == CFG_KEYS_MAX)
				return NULL;
			s->key[s->nkeys++] = c;
			continue;
		}
		s->child[s->nchild] = compile(schema, s, c);
		if (s->child[s->nchild] == NULL)
			return NULL;
		s->child[s->nchild]->rank = rank_of(s->child[s->nchild], s->nchild);
		s->nchild++;
	}
	return index_words(schema, s) ? s : NULL;
}

/* What every level has, and what only the top has, without the schema saying so. */
static bool add_builtins(struct cfg_schema *schema)
{
	struct cfg_snode *root = schema->root;
	struct cfg_snode *groups = new_snode(schema, root, CFG_CONTAINER, "groups");
	struct cfg_snode *g = new_snode(schema, groups, CFG_LIST, "groups");
	struct cfg_snode *a = new_snode(schema, NULL, CFG_LEAF_LIST, "apply-groups");
	struct cfg_snode *e = new_snode(schema, NULL, CFG_LEAF_LIST, "apply-groups-except");

	schema->groups = groups;
	schema->group = g;
	schema->apply_groups = a;
	schema->apply_groups_except = e;
	schema->raw = new_snode(schema, NULL, CFG_RAW, "");
	if (groups == NULL || g == NULL || a == NULL || a->value == NULL || e == NULL ||
		e->value == NULL || schema->raw == NULL)
		return false;
	groups->rank = RANK_GROUPS;
	a->rank = RANK_APPLY_GROUPS;
	e->rank = RANK_APPLY_GROUPS_EXCEPT;
	a->any_value = a->value->any_value = true;
	e->any_value = e->value->any_value = true;
	groups->omitted = g;
	g->any_value = true;
	g->omit_name = true;
	g->nkeys = 1;
	g->child = root->child;
	g->nchild = root->nchild;
	g->words = root->words;
	g->nwords = root->nwords;
	g->omitted = root->omitted;
	return true;
}

static const struct lysc_node *top_container(const struct lys_module *m)
{
	return m->compiled != NULL ? lys_getnext(NULL, NULL, m->compiled, 0) : NULL;
}

static struct cfg_schema *load(const char *last, struct vex_errs *errs)
{
	struct cfg_schema *schema = calloc(1, sizeof *schema);
	struct lys_module *module = NULL;
	const char *name;
	LY_ERR rc = LY_SUCCESS;

	if (schema == NULL)
		goto fail;
	/* Of the process, not of a context: libyang stores its messages and prints none. */
	ly_log_options(LY_LOSTORE);
	rc = ly_ctx_new(NULL, LY_CTX_NO_YANGLIBRARY | LY_CTX_DISABLE_SEARCHDIRS, &schema->ctx);
	for (unsigned int i = 0; rc == LY_SUCCESS && (name = cfg_yang_name(i)) != NULL; i++) {
		const char *text = cfg_yang_text(name);

		/* A test replaces the module with the data, which is the last. */
		if (last != NULL && cfg_yang_name(i + 1) == NULL)
			text = last;
		rc = lys_parse_mem(schema->ctx, text, LYS_IN_YANG, &module);
	}
	schema->module = module;
	if (rc != LY_SUCCESS || module == NULL || top_container(module) == NULL)
		goto fail;
	schema->root = compile(schema, NULL, top_container(schema->module));
	if (schema->root == NULL || !add_builtins(schema))
		goto fail;
	return schema;
fail:
	vex_err_add(errs, VEX_ERR_INTERNAL, NULL, NULL, NULL, "the schema does not load: %s",
		schema && schema->ctx && ly_errmsg(schema->ctx) ? ly_errmsg(schema->ctx)
								: "out of memory");
	cfg_schema_free(schema);
	return NULL;
}

struct cfg_schema *cfg_schema_create(struct vex_errs *errs)
{
	return load(NULL, errs);
}

struct cfg_schema *cfg_schema_create_from(const char *yang, struct vex_errs *errs)
{
	return load(yang, errs);
}

void cfg_schema_free(struct cfg_schema *schema)
{
	if (schema == NULL)
		return;
	cfg_arena_free(&schema->arena);
	if (schema->ctx != NULL)
		ly_ctx_destroy(schema->ctx);
	free(schema);
}
