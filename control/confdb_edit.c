/* SPDX-License-Identifier: BSD-3-Clause */
/* What changes a candidate: one command, a text, a stored configuration. */
#include "control/confdb_int.h"

#include <stdlib.h>
#include <string.h>

/* An arena never frees: beyond this many times what is alive it is copied. */
#define GARBAGE_FACTOR 3
#define GARBAGE_SLACK  (1u << 20)

/* A candidate whose garbage outweighs what is alive is as good as its copy, which is smaller. */
static void compact(const struct confdb *db, struct confdb_candidate *c)
{
	struct cfg *copy;

	if (c->cfg->arena.bytes < GARBAGE_FACTOR * c->compact + GARBAGE_SLACK)
		return;
	copy = cfg_clone(c->cfg);
	if (copy != NULL)
		confdb_candidate_set(db, c, copy);
}

static bool one_command(const char *line, struct vex_errs *errs)
{
	line += strspn(line, " \t");
	if (*line != '\0' && strpbrk(line, "\r\n") == NULL)
		return true;
	vex_err_add(errs, VEX_ERR_SYNTAX, NULL, NULL, NULL,
		"a command is one line that begins with its verb");
	return false;
}

int confdb_edit(struct confdb_session *s, const char *path, const char *line,
	struct vex_errs *notes, struct vex_errs *errs)
{
	struct confdb_candidate *c = confdb_candidate(s);
	bool ok;

	if (!confdb_may_edit(s, errs) || !one_command(line, errs))
		return -1;
	ok = cfg_edit(c->cfg, path ? path : "", line, strlen(line), NULL, notes, errs);
	/* One allocation that failed need not be the last that succeeds. */
	c->cfg->arena.failed = false;
	c->edits++;
	if (ok && strcmp(s->path, path ? path : "") != 0) {
		char *copy = strdup(path ? path : "");

		if (copy != NULL) {
			free(s->path);
			s->path = copy;
		}
	}
	compact(s->db, c);
	return ok ? 0 : -1;
}

/* ---- Loading ---------------------------------------------------------------------------------- */

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

static bool add_deactivated(struct cfg *cfg, const struct cfg_node *n, struct confdb_loaded *out)
{
	struct confdb_deactivated *v = realloc(
		out->deactivated, (out->n_deactivated + 1) * sizeof *v);

	if (v == NULL)
		return false;
	out->deactivated = v;
	v += out->n_deactivated;
	v->path = strdup(cfg_node_path(&cfg->arena, n));
	v->line = n->line;
	if (v->path == NULL)
		return false;
	out->n_deactivated++;
	return true;
}

/* Statements of one line each, as `l3-interface irb.5;`, keep their shape: each has the mark. */
static void mark_inactive(struct cfg_node *n)
{
	bool joined = n->child != NULL;

	for (const struct cfg_node *c = n->child; c != NULL; c = c->next)
		joined &= c->joined;
	if (!joined)
		n->inactive = true;
	for (struct cfg_node *c = n->child; joined && c != NULL; c = c->next)
		c->inactive = true;
}

/* Mark what is active and not supported, below what is active itself. */
static bool deactivate(struct cfg *cfg, struct cfg_node *n, struct confdb_loaded *out)
{
	for (struct cfg_node *c = n->child; c != NULL; c = c->next) {
		if (c->inactive)
			continue;
		if (c->schema->kind != CFG_OPAQUE) {
			if (!deactivate(cfg, c, out))
				return false;
		} else if (is_active(c)) {
			mark_inactive(c);
			if (!add_deactivated(cfg, c, out))
				return false;
		}
	}
	return true;
}

/* A level that the text left empty is none. */
static void drop_empty_top(struct cfg *in)
{
	if (in->top != in->tree.root && in->top->child == NULL)
		cfg_node_prune(&in->tree, in->top);
}

/* Take away what stands at the path of an update. */
static bool clear_path(struct cfg *cfg, const char *path, struct vex_errs *errs)
{
	struct cfg_target target = {0};
	int found = cfg_find(cfg, path, &target, errs);
	struct cfg_node *at = found > 0 ? target.block : NULL;

	while (at != NULL && at->child != NULL)
		cfg_node_remove(&cfg->tree, at->child);
	free(target.named);
	return found >= 0;
}

static bool load_text(struct cfg *to, struct cfg_schema *schema, const struct confdb_load *load,
	const char *path, const char *file, struct confdb_loaded *out, struct vex_errs *errs)
{
	struct cfg *in = cfg_parse_at(schema,
		&(struct cfg_at){.depth = CFG_STATEMENTS,
			.path = path,
			.replace_tags = load->mode == CONFDB_LOAD_REPLACE},
		load->text, load->len, file, errs);
	bool whole = load->mode == CONFDB_LOAD_OVERRIDE || load->mode == CONFDB_LOAD_UPDATE, ok;

	if (in == NULL)
		return false;
	drop_empty_top(in);
	if (whole && *path == '\0')
		to->tree.root->comment = NULL;
	ok = !whole || clear_path(to, path, errs);
	if (ok && (!load->deactivate_unsupported || deactivate(in, in->tree.root, out)))
		ok = cfg_merge(to, in);
	else
		ok = false;
	if (!ok)
		confdb_no_memory(errs);
	cfg_free(in);
	return ok;
}

static bool load_set(struct cfg *to, const struct confdb_load *load, const char *path,
	const char *file, struct confdb_loaded *out, struct vex_errs *notes, struct vex_errs *errs)
{
	if (!cfg_edit(to, path, load->text, load->len, file, notes, errs))
		return false;
	return !load->deactivate_unsupported || deactivate(to, to->tree.root, out);
}

int confdb_load(struct confdb_session *s, const struct confdb_load *load, struct confdb_loaded *out,
	struct vex_errs *notes, struct vex_errs *errs)
{
	const char *path = load->path ? load->path : "";
	const char *file = load->file ? load->file : "terminal";
	struct confdb_candidate *c = confdb_candidate(s);
	struct confdb_loaded mine = {0};
	struct cfg *copy;
	bool ok;

	if (!confdb_may_edit(s, errs))
		return -1;
	if (load->mode == CONFDB_LOAD_OVERRIDE && *path != '\0') {
		vex_err_add(errs, VEX_ERR_SYNTAX, NULL, path, NULL,
			"'load override' replaces the whole configuration; use it at the top, or "
			"'load update'");
		return -1;
	}
	copy = cfg_clone(c->cfg);
	if (copy == NULL) {
		confdb_no_memory(errs);
		return -1;
	}
	if (load->mode == CONFDB_LOAD_SET)
		ok = load_set(copy, load, path, file, &mine, notes, errs);
	else
		ok = load_text(copy, s->db->schema, load, path, file, &mine, errs);
	if (ok && (copy->arena.failed || !cfg_sort(copy->tree.root))) {
		confdb_no_memory(errs);
		ok = false;
	}
	mine.statements = copy->tree.nodes;
	if (ok)
		confdb_candidate_set(s->db, c, copy);
	else
		cfg_free(copy);
	if (ok && out != NULL)
		*out = mine;
	else
		confdb_loaded_free(&mine);
	return ok ? 0 : -1;
}

void confdb_loaded_free(struct confdb_loaded *loaded)
{
	for (size_t i = 0; i < loaded->n_deactivated; i++)
		free(loaded->deactivated[i].path);
	free(loaded->deactivated);
	*loaded = (struct confdb_loaded){0};
}

/* ---- Rollback --------------------------------------------------------------------------------- */

int confdb_rollback(
	struct confdb_session *s, const struct confdb_source *source, struct vex_errs *errs)
{
	struct cfg *cfg, *own = NULL, *copy;

	if (!confdb_may_edit(s, errs))
		return -1;
	cfg = confdb_source_cfg(s, source, &own, errs);
	copy = cfg ? cfg_clone(cfg) : NULL;
	cfg_free(own);
	if (cfg == NULL)
		return -1;
	if (copy == NULL || !cfg_sort(copy->tree.root)) {
		confdb_no_memory(errs);
		cfg_free(copy);
		return -1;
	}
	confdb_candidate_set(s->db, confdb_candidate(s), copy);
	return 0;
}
