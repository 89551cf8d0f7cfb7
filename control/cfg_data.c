/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The expanded tree as libyang data, validated, and the way back: from a data node, or from an
 * error of libyang, to the position of the statement.
 */
#include "control/cfg_int.h"

#include <stdlib.h>
#include <string.h>

/* Rounds of validation: libyang stops at its first error, which is then put aside. */
#define ROUNDS_MAX 64

struct cfg_origin {
	const struct lyd_node *data;
	uint32_t line, column;
};

/* ---- Positions -------------------------------------------------------------------------------- */

static struct cfg_origin *origin_slot(const struct cfg *cfg, const struct lyd_node *data)
{
	uint64_t h = (uintptr_t)data * 0x9e3779b97f4a7c15u;
	size_t i = (h >> 32) & (cfg->origins - 1);

	while (cfg->origin[i].data != NULL && cfg->origin[i].data != data)
		i = (i + 1) & (cfg->origins - 1);
	return &cfg->origin[i];
}

bool cfg_position(const struct cfg *cfg, const struct lyd_node *node, struct vex_pos *pos)
{
	*pos = (struct vex_pos){.file = cfg->file};
	for (; cfg->origins > 0 && node != NULL; node = lyd_parent(node)) {
		const struct cfg_origin *o = origin_slot(cfg, node);

		if (o->data == NULL || o->line == 0)
			continue;
		pos->line = o->line;
		pos->column = o->column;
		return true;
	}
	return false;
}

static void write_data_path(FILE *f, const struct lyd_node *node)
{
	const char *word, *sep = "";
	const struct lyd_node *key;

	if (node == NULL || lyd_parent(node) == NULL)
		return;
	if (lyd_parent(lyd_parent(node)) != NULL) {
		write_data_path(f, lyd_parent(node));
		sep = " ";
	}
	word = cfg_schema_word(node->schema);
	if (word != NULL) {
		fprintf(f, "%s%s", sep, word);
		sep = " ";
	}
	if (node->schema->nodetype == LYS_LIST) {
		for (key = lyd_child(node); key != NULL && lysc_is_key(key->schema);
			key = key->next) {
			fprintf(f, "%s%s", sep, lyd_get_value(key));
			sep = " ";
		}
	} else if (node->schema->nodetype == LYS_LEAFLIST ||
		   (word == NULL && lyd_get_value(node))) {
		fprintf(f, "%s%s", sep, lyd_get_value(node));
	}
}

char *cfg_path(const struct cfg *, const struct lyd_node *node)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (f == NULL)
		return NULL;
	write_data_path(f, node);
	if (fclose(f) == 0)
		return text;
	free(text);
	return NULL;
}

const struct lyd_node *cfg_data(const struct cfg *cfg)
{
	return cfg->data;
}

/* ---- Building --------------------------------------------------------------------------------- */

static LY_ERR new_data(const struct cfg_node *n, struct lyd_node *parent, struct lyd_node **node)
{
	const struct lysc_node *ly = n->schema->ly;
	const char *key[CFG_KEYS_MAX] = {0};

	switch (n->schema->kind) {
	case CFG_CONTAINER:
		return lyd_new_inner(parent, ly->module, ly->name, 0, node);
	case CFG_LIST:
		memcpy(key, n->word, n->nword * sizeof *key);
		return lyd_new_list(
			parent, ly->module, ly->name, 0, node, key[0], key[1], key[2], key[3]);
	case CFG_FLAG:
		return lyd_new_term(parent, ly->module, ly->name, "", 0, node);
	default:
		return lyd_new_term(parent, ly->module, ly->name, cfg_node_word(n), 0, node);
	}
}

static bool build(struct cfg *cfg, const struct cfg_node *n, struct lyd_node *parent)
{
	struct lyd_node *node = NULL;

	if (n->schema->kind == CFG_LEAF_LIST) {
		node = parent;
	} else {
		if (new_data(n, parent, &node) != LY_SUCCESS) {
			cfg_node_error(cfg, VEX_ERR_INTERNAL, n, NULL,
				"'%s' does not fit the schema: %s", n->schema->word,
				ly_errmsg(cfg->schema->ctx));
			return false;
		}
		*origin_slot(cfg, node) = (struct cfg_origin){
			.data = node, .line = n->line, .column = n->column};
		if (n->parent == NULL)
			cfg->data = node;
	}
	for (const struct cfg_node *c = n->child; c != NULL; c = c->next) {
		if (!build(cfg, c, node))
			return false;
	}
	return true;
}

/* ---- Validating ------------------------------------------------------------------------------- */

/* The node that an error of libyang is about: what stands quoted behind "data location". */
static struct lyd_node *node_of(struct cfg *cfg, const struct ly_err_item *e)
{
	static const char mark[] = "ata location \"";
	const char *at = e->path ? strstr(e->path, mark) : NULL, *start, *end;
	struct lyd_node *found = NULL;
	uint32_t silent = 0;
	char *path;

	start = at ? at + sizeof mark - 1 : e->path;
	if (start == NULL || *start != '/')
		return cfg->data;
	end = at ? strstr(start, "\", line number") : NULL;
	if (at != NULL && end == NULL)
		end = strrchr(start, '"');
	path = strndup(start, end ? (size_t)(end - start) : strlen(start));
	/*
	 * What is missing has no node of its own: its nearest ancestor stands for it. Looking for
	 * it in vain must not add to the errors that are being reported.
	 */
	ly_temp_log_options(&silent);
	while (path != NULL && *path != '\0' &&
		lyd_find_path(cfg->data, path, 0, &found) != LY_SUCCESS) {
		char *slash = strrchr(path, '/');

		found = NULL;
		*(slash ? slash : path) = '\0';
		ly_temp_log_options(&silent);
	}
	ly_temp_log_options(NULL);
	free(path);
	return found ? found : cfg->data;
}

static enum vex_err_kind kind_of(const struct ly_err_item *e)
{
	if (e->vecode == LYVE_DATA && e->apptag != NULL &&
		strcmp(e->apptag, "instance-required") == 0)
		return VEX_ERR_NOT_FOUND;
	if (e->vecode == LYVE_DATA && strstr(e->msg, "andatory") != NULL)
		return VEX_ERR_MISSING;
	return VEX_ERR_CONFLICT;
}

/* Report the errors of one round. Returns a node without which the next one may find more. */
static struct lyd_node *report(struct cfg *cfg)
{
	struct lyd_node *at = NULL;

	for (struct ly_err_item *e = ly_err_first(cfg->schema->ctx); e != NULL; e = e->next) {
		struct vex_pos pos;
		char *path;

		if (e->level != LY_LLERR)
			continue;
		at = node_of(cfg, e);
		cfg_position(cfg, at, &pos);
		path = cfg_path(cfg, at);
		vex_err_add(cfg->errs, kind_of(e), &pos, path, NULL, "%s%s%s", path ? path : "",
			path && *path ? ": " : "", e->msg);
		free(path);
	}
	return at;
}

static void validate(struct cfg *cfg)
{
	bool ok = true;

	for (unsigned int round = 0; round < ROUNDS_MAX; round++) {
		struct lyd_node *at;
		LY_ERR rc;

		ly_err_clean(cfg->schema->ctx, NULL);
		rc = lyd_validate_all(&cfg->data, NULL, LYD_VALIDATE_PRESENT, NULL);
		if (rc == LY_SUCCESS)
			break;
		ok = false;
		at = report(cfg);
		if (at == NULL)
			vex_err_add(cfg->errs, VEX_ERR_INTERNAL, NULL, NULL, NULL,
				"the configuration does not validate, without a reason");
		while (at != NULL && lysc_is_key(at->schema))
			at = lyd_parent(at);
		if (at == NULL || at == cfg->data)
			break;
		lyd_free_tree(at);
	}
	ly_err_clean(cfg->schema->ctx, NULL);
	if (!ok) {
		lyd_free_all(cfg->data);
		cfg->data = NULL;
	}
}

/* libyang would report it without a place. */
static bool has_mandatory(struct cfg *cfg, const struct cfg_tree *t, const struct cfg_node *n)
{
	bool ok = true;

	for (size_t i = 0; i < n->schema->nchild; i++) {
		const struct cfg_snode *s = n->schema->child[i];

		if (!s->mandatory || cfg_node_find(t, n, s, NULL, 0) != NULL)
			continue;
		cfg_node_error(cfg, VEX_ERR_MISSING, n, NULL, "'%s' needs '%s'",
			cfg_node_path(&cfg->arena, n), s->word);
		ok = false;
	}
	for (const struct cfg_node *c = n->child; c != NULL; c = c->next)
		ok = has_mandatory(cfg, t, c) && ok;
	return ok;
}

void cfg_build(struct cfg *cfg, const struct cfg_tree *t)
{
	if (!has_mandatory(cfg, t, t->root))
		return;
	for (cfg->origins = 64; cfg->origins < 2 * (t->nodes + 1); cfg->origins *= 2)
		;
	cfg->origin = calloc(cfg->origins, sizeof *cfg->origin);
	if (cfg->origin == NULL) {
		cfg->arena.failed = true;
		return;
	}
	if (build(cfg, t->root, NULL))
		validate(cfg);
}
