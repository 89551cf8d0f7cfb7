/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/cfg_int.h"

#include <stdlib.h>
#include <string.h>

/* Set form, if the first word is a verb of set lines. Lexical errors are reported later. */
static bool is_set_form(struct cfg *cfg, const char *text, size_t len)
{
	struct vex_errs none = {0};
	struct cfg_lexer lx;
	const struct cfg_token *token;
	bool set;

	cfg_lex_init(&lx, &cfg->arena, text, len, cfg->file, &none);
	do
		token = cfg_lex_next(&lx);
	while (token->kind == CFG_T_COMMENT);
	set = token->kind == CFG_T_WORD && cfg_is_set_verb(token->text);
	vex_errs_free(&none);
	return set;
}

void cfg_node_error(struct cfg *cfg, enum vex_err_kind kind, const struct cfg_node *node,
	const char *value, const char *fmt, ...)
{
	struct vex_pos pos = {.file = cfg->file, .line = node->line, .column = node->column};
	va_list ap;

	va_start(ap, fmt);
	vex_err_vadd(cfg->errs, kind, &pos, cfg_node_path(&cfg->arena, node), value, fmt, ap);
	va_end(ap);
}

/* Something that is not supported is active, unless everything that it says is inactive. */
static bool is_active(const struct cfg_node *n)
{
	if (n->inactive)
		return false;
	for (const struct cfg_node *c = n->child; c != NULL; c = c->next) {
		if (is_active(c))
			return true;
	}
	return n->child == NULL;
}

static void refuse(struct cfg *cfg, const struct cfg_node *n)
{
	for (const struct cfg_node *c = n->child; c != NULL; c = c->next) {
		if (c->inactive)
			continue;
		if (c->schema->kind != CFG_OPAQUE)
			refuse(cfg, c);
		else if (is_active(c))
			cfg_node_error(cfg, VEX_ERR_NOT_SUPPORTED, c, c->schema->word,
				"'%s' is not supported; remove or deactivate it",
				cfg_node_path(&cfg->arena, c));
	}
}

/* Of what was added since there were @first errors, and @lost that were not kept. */
static bool only_refusals(const struct vex_errs *errs, size_t first, size_t lost)
{
	for (size_t i = first; i < errs->n; i++) {
		if (errs->v[i].kind != VEX_ERR_NOT_SUPPORTED)
			return false;
	}
	return errs->lost == lost;
}

static void make_data(struct cfg *cfg)
{
	struct cfg_tree expanded;

	cfg->work = CFG_WORK_MAX;
	if (cfg_tree_init(&expanded, &cfg->arena, cfg->schema->root) && cfg_expand(cfg, &expanded))
		cfg_build(cfg, &expanded);
	cfg_tree_free(&expanded);
}

/* Where the text stands: a statement that may hold others. */
static bool find_top(struct cfg *cfg, const char *path)
{
	struct cfg_target target = {0};
	struct cfg_words words = {0};
	bool ok;

	cfg->top = cfg->tree.root;
	ok = cfg_path_words(cfg, path, &words);
	if (ok && words.n > 0) {
		ok = cfg_walk(cfg, cfg->top, &words, 0, CFG_WALK_SET, true, &target);
		cfg->top = target.block;
	}
	free(words.v);
	free(target.named);
	return ok && cfg->top != NULL;
}

struct cfg *cfg_parse_with(struct cfg_schema *schema, enum cfg_depth depth, const char *text,
	size_t len, const char *file, struct vex_errs *errs)
{
	return cfg_parse_at(schema, &(struct cfg_at){.depth = depth}, text, len, file, errs);
}

struct cfg *cfg_parse_at(struct cfg_schema *schema, const struct cfg_at *where, const char *text,
	size_t len, const char *file, struct vex_errs *errs)
{
	enum cfg_depth depth = where->depth;
	size_t first = errs->n, lost = errs->lost;
	struct cfg *cfg = calloc(1, sizeof *cfg);
	struct vex_pos pos = {.file = file};
	struct cfg_lexer lx;

	if (cfg == NULL)
		goto no_memory;
	cfg->schema = schema;
	cfg->errs = errs;
	cfg->file = file ? cfg_strndup(&cfg->arena, file, strlen(file)) : "configuration";
	if (cfg->file == NULL || !cfg_tree_init(&cfg->tree, &cfg->arena, schema->root))
		goto no_memory;
	pos.file = cfg->file;
	cfg->replace_tags = where->replace_tags;
	if (!find_top(cfg, where->path ? where->path : "")) {
		/* It was reported. */
	} else if (len > CFG_TEXT_MAX) {
		vex_err_add(errs, VEX_ERR_LIMIT, &pos, NULL, NULL,
			"the configuration is larger than %u MiB", CFG_TEXT_MAX >> 20);
	} else if (len > 0) {
		cfg_lex_init(&lx, &cfg->arena, text, len, cfg->file, errs);
		if (is_set_form(cfg, text, len))
			cfg_parse_set(cfg, &lx);
		else
			cfg_parse_curly(cfg, &lx);
	}
	if (depth != CFG_STATEMENTS && !cfg->arena.failed) {
		refuse(cfg, cfg->tree.root);
		if (only_refusals(errs, first, lost))
			make_data(cfg);
	}
	if (cfg->arena.failed)
		goto no_memory;
	cfg->errs = NULL;
	vex_errs_sort(errs);
	if (errs->lost == lost && (errs->n == first || (depth == CFG_DATA_WITHOUT_REFUSED &&
							       only_refusals(errs, first, lost))))
		return cfg;
	cfg_free(cfg);
	return NULL;
no_memory:
	vex_err_add(errs, VEX_ERR_INTERNAL, NULL, NULL, NULL, "out of memory");
	cfg_free(cfg);
	return NULL;
}

struct cfg *cfg_with_data(const struct cfg *from, struct vex_errs *errs)
{
	size_t first = errs->n, lost = errs->lost;
	struct cfg *cfg = cfg_clone(from);

	if (cfg != NULL) {
		cfg->errs = errs;
		refuse(cfg, cfg->tree.root);
		make_data(cfg);
		cfg->errs = NULL;
		if (!cfg->arena.failed && only_refusals(errs, first, lost) && cfg->data != NULL)
			return cfg;
	}
	if (cfg == NULL || cfg->arena.failed)
		vex_err_add(errs, VEX_ERR_INTERNAL, NULL, NULL, NULL, "out of memory");
	cfg_free(cfg);
	return NULL;
}

struct cfg *cfg_parse(const char *text, size_t len, const char *file, struct vex_errs *errs)
{
	struct cfg_schema *schema = cfg_schema_create(errs);
	struct cfg *cfg;

	if (schema == NULL)
		return NULL;
	cfg = cfg_parse_with(schema, CFG_DATA, text, len, file, errs);
	if (cfg == NULL)
		cfg_schema_free(schema);
	else
		cfg->own_schema = true;
	return cfg;
}

void cfg_free(struct cfg *cfg)
{
	if (cfg == NULL)
		return;
	lyd_free_all(cfg->data);
	free(cfg->origin);
	cfg_tree_free(&cfg->tree);
	cfg_arena_free(&cfg->arena);
	if (cfg->own_schema)
		cfg_schema_free(cfg->schema);
	free(cfg);
}

bool cfg_is_empty(const struct cfg *cfg)
{
	return cfg->tree.root->child == NULL;
}

bool cfg_print(const struct cfg *cfg, enum cfg_form form, char **out)
{
	size_t size;
	FILE *f;
	bool ok;

	*out = NULL;
	f = open_memstream(out, &size);
	if (f == NULL)
		return false;
	switch (form) {
	case CFG_FORM_CURLY:
		cfg_print_curly(cfg, f);
		break;
	case CFG_FORM_SET:
		cfg_print_set(cfg, f);
		break;
	case CFG_FORM_JSON:
		cfg_print_json(cfg, f);
		break;
	}
	ok = ferror(f) == 0;
	if (fclose(f) == 0 && ok)
		return true;
	free(*out);
	*out = NULL;
	return false;
}
