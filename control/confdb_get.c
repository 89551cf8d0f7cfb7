/* SPDX-License-Identifier: BSD-3-Clause */
/* What can be read: a source, at a path, in a form; the difference of two. */
#include "control/confdb_int.h"

#include <stdlib.h>
#include <string.h>

bool confdb_source_parse(const char *words, struct confdb_source *out)
{
	static const char rollback[] = "rollback ";
	unsigned long n;
	char *end;

	*out = (struct confdb_source){0};
	if (strcmp(words, "candidate") == 0)
		return true;
	if (strcmp(words, "active") == 0) {
		out->kind = CONFDB_ACTIVE;
		return true;
	}
	if (strcmp(words, "rescue") == 0) {
		out->kind = CONFDB_RESCUE;
		return true;
	}
	if (strncmp(words, rollback, sizeof rollback - 1) != 0)
		return false;
	words += sizeof rollback - 1;
	if (*words < '0' || *words > '9')
		return false;
	n = strtoul(words, &end, 10);
	out->kind = CONFDB_ROLLBACK;
	out->n = (unsigned int)n;
	return *end == '\0' && n < CONFDB_ROLLBACKS;
}

static struct cfg *stored(
	struct confdb *db, const char *name, const char *what, struct vex_errs *errs)
{
	struct cfg *cfg = NULL;

	if (confdb_store_read(&db->disk, db->schema, name, &cfg, NULL, errs) == 1)
		vex_err_add(errs, VEX_ERR_NOT_FOUND, NULL, NULL, NULL,
			"there is no %s configuration", what);
	return cfg;
}

struct cfg *confdb_source_cfg(struct confdb_session *s, const struct confdb_source *source,
	struct cfg **own, struct vex_errs *errs)
{
	char name[CONFDB_NAME_SIZE], what[CONFDB_NAME_SIZE];
	struct confdb *db = s->db;

	*own = NULL;
	switch (source->kind) {
	case CONFDB_CANDIDATE:
		return confdb_candidate(s)->cfg;
	case CONFDB_ACTIVE:
		return db->active;
	case CONFDB_RESCUE:
		*own = stored(db, CONFDB_RESCUE_FILE, "rescue", errs);
		return *own;
	case CONFDB_TEXT:
		*own = cfg_parse_with(db->schema, CFG_STATEMENTS, source->text, source->len,
			source->file ? source->file : "terminal", errs);
		return *own;
	default:
		break;
	}
	if (source->n == 0)
		return db->active;
	if (source->n >= CONFDB_ROLLBACKS) {
		vex_err_add(errs, VEX_ERR_VALUE, NULL, NULL, NULL, "rollback is 0 to %d",
			CONFDB_ROLLBACKS - 1);
		return NULL;
	}
	/* Until the last commit has its place, each rollback has the number of the one before. */
	if (confdb_store_recover(&db->disk, errs) != 0)
		return NULL;
	snprintf(what, sizeof what, "rollback %u", source->n);
	*own = stored(db, confdb_file_name(source->n, name), what, errs);
	return *own;
}

/* ---- Texts ------------------------------------------------------------------------------------ */

static bool is_value(const struct cfg_target *target)
{
	return target->n > 0 && target->named[0]->schema->kind == CFG_VALUE;
}

static char *curly(const struct cfg_target *target)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	for (size_t i = 0; f != NULL && i < target->n; i++)
		cfg_print_at(target->named[i], f);
	if (f != NULL && fclose(f) != 0) {
		free(text);
		text = NULL;
	}
	return text;
}

/* Values print as their list does, with only them in it. */
static char *curly_values(struct cfg *cfg, const char *path, const struct cfg_target *target)
{
	struct cfg *part = cfg_clone_below(cfg, target);
	struct cfg_target values = {0}, list = {0};
	struct vex_errs none = {0};
	char *text = NULL;

	if (part != NULL && cfg_find(part, path, &values, &none) > 0 && is_value(&values)) {
		list.named = &values.named[0]->parent;
		list.n = 1;
		text = curly(&list);
	}
	free(values.named);
	vex_errs_free(&none);
	cfg_free(part);
	return text;
}

static char *text_of(
	struct cfg *cfg, const char *path, const struct cfg_target *target, enum cfg_form form)
{
	char *text = NULL;
	struct cfg *part;

	if (form == CFG_FORM_CURLY)
		return is_value(target) ? curly_values(cfg, path, target) : curly(target);
	part = cfg_clone_below(cfg, target);
	if (part != NULL)
		cfg_print(part, form, &text);
	cfg_free(part);
	return text;
}

int confdb_get(struct confdb_session *s, const struct confdb_source *source, const char *path,
	enum cfg_form form, bool inheritance, char **text, struct vex_errs *errs)
{
	struct cfg_target target = {0};
	struct cfg *own, *cfg = confdb_source_cfg(s, source, &own, errs), *meant = NULL;

	*text = NULL;
	if (cfg != NULL && inheritance)
		cfg = meant = cfg_inherited(cfg, errs);
	if (cfg != NULL && cfg_find(cfg, path, &target, errs) >= 0) {
		*text = text_of(cfg, path, &target, form);
		if (*text == NULL)
			confdb_no_memory(errs);
	}
	free(target.named);
	cfg_free(meant);
	cfg_free(own);
	return *text != NULL ? 0 : -1;
}

int confdb_compare(struct confdb_session *s, const struct confdb_source *from,
	const struct confdb_source *to, const char *path, char **text, struct vex_errs *errs)
{
	struct cfg *own_a, *own_b = NULL, *a = confdb_source_cfg(s, from, &own_a, errs);
	struct cfg *b = a ? confdb_source_cfg(s, to, &own_b, errs) : NULL;
	size_t size;
	FILE *f = NULL;
	bool ok;

	*text = NULL;
	if (b != NULL) {
		f = open_memstream(text, &size);
		if (f == NULL)
			confdb_no_memory(errs);
	}
	ok = f != NULL && cfg_compare(a, b, path, f, errs);
	if (f != NULL && fclose(f) != 0)
		ok = false;
	if (!ok) {
		free(*text);
		*text = NULL;
	}
	cfg_free(own_a);
	cfg_free(own_b);
	return ok ? 0 : -1;
}
