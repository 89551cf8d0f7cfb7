/* SPDX-License-Identifier: BSD-3-Clause */
/* From a candidate to what is active. */
#include "control/confdb_int.h"

#include <stdlib.h>
#include <string.h>

/* ---- Private candidates ----------------------------------------------------------------------- */

/*
 * Bring a private candidate up to what is active by now. With conflicts the session goes on from
 * there with its own values, so that it can look at the difference and commit again.
 */
static bool catch_up(struct confdb_session *s, struct vex_errs *errs)
{
	struct vex_errs conflicts = {0};
	struct cfg *merged, *base;
	bool ok;

	if (s->base_commits == s->db->commits)
		return true;
	merged = cfg_clone(s->db->active);
	base = cfg_clone(s->db->active);
	ok = merged != NULL && base != NULL &&
	     cfg_merge_changes(merged, s->base, s->own.cfg, &conflicts) &&
	     cfg_sort(merged->tree.root) && !merged->arena.failed;
	if (!ok) {
		confdb_no_memory(errs);
		cfg_free(merged);
		cfg_free(base);
	} else {
		confdb_candidate_set(s->db, &s->own, merged);
		cfg_free(s->base);
		s->base = base;
		s->base_commits = s->db->commits;
		vex_errs_copy(errs, &conflicts);
		ok = !vex_errs_any(&conflicts);
	}
	vex_errs_free(&conflicts);
	return ok;
}

/* ---- Preparing -------------------------------------------------------------------------------- */

static void free_commit(struct confdb_commit *c)
{
	cfg_free(c->cfg);
	free(c->text);
	ctl_image_free(c->image);
	confdb_record_free(&c->record);
	free(c);
}

/* Statements, data, operations: all of it, so that every mistake is seen at once. */
static bool check(struct confdb_commit *c, const char *text, size_t len, const char *file,
	struct vex_errs *errs)
{
	struct confdb *db = c->db;
	size_t refused = errs->n;

	c->cfg = cfg_parse_with(db->schema, CFG_DATA_WITHOUT_REFUSED, text, len, file, errs);
	refused = errs->n - refused;
	if (c->cfg == NULL || ctl_load_cfg_on(db->platform, c->cfg, &c->image, errs) != 0)
		return false;
	return refused == 0;
}

static bool write_new(struct confdb_commit *c, struct vex_errs *errs)
{
	struct confdb_disk *d = &c->db->disk;

	if (confdb_store_write(d, CONFDB_NEW_FILE, &c->record, c->text, strlen(c->text), errs) != 0)
		return false;
	c->written = true;
	return true;
}

static bool fill_record(struct confdb_commit *c, const struct confdb_session *s,
	const struct confdb_meta *meta, struct vex_errs *errs)
{
	c->record.serial = c->db->serial + 1;
	c->record.time = meta->time;
	c->record.confirmed = meta->confirmed;
	if (confdb_record_set(&c->record, s->who.user, s->who.client, meta->comment))
		return true;
	confdb_no_memory(errs);
	return false;
}

/* @text: what is checked, under the name of @file; NULL: what @cfg prints. */
static struct confdb_commit *prepare(struct confdb_session *s, const struct cfg *cfg,
	const struct confdb_source *given, const struct confdb_meta *meta, struct vex_errs *errs)
{
	struct confdb_commit *c = calloc(1, sizeof *c);
	bool ok;

	if (c == NULL || (cfg != NULL && !cfg_print(cfg, CFG_FORM_CURLY, &c->text))) {
		free(c);
		confdb_no_memory(errs);
		return NULL;
	}
	c->db = s->db;
	if (cfg != NULL) {
		ok = check(c, c->text, strlen(c->text), "candidate", errs);
	} else {
		ok = check(
			c, given->text, given->len, given->file ? given->file : "terminal", errs);
		if (ok && (!cfg_sort(c->cfg->tree.root) ||
				  !cfg_print(c->cfg, CFG_FORM_CURLY, &c->text))) {
			confdb_no_memory(errs);
			ok = false;
		}
	}
	ok = ok && fill_record(c, s, meta, errs) && (meta->check || write_new(c, errs));
	if (!ok) {
		free_commit(c);
		return NULL;
	}
	/* From here on only the statements are wanted. */
	lyd_free_all(c->cfg->data);
	c->cfg->data = NULL;
	if (!meta->check)
		s->db->commit = c;
	return c;
}

static bool is_idle(const struct confdb *db, const struct confdb_meta *meta, struct vex_errs *errs)
{
	if (db->commit == NULL || meta->check)
		return true;
	vex_err_add(errs, VEX_ERR_CONFLICT, NULL, NULL, NULL,
		"another commit is on its way (by %s); try again when it is done",
		db->commit->record.user);
	return false;
}

/* Only the holder of the lock may commit. */
static bool may_commit(const struct confdb_session *s, struct vex_errs *errs)
{
	struct confdb_session asking = *s;

	if (asking.mode == CONFDB_PRIVATE)
		asking.mode = CONFDB_SHARED;
	for (const struct confdb_session *o = s->db->sessions; o != NULL; o = o->next) {
		if (o == s && o->mode == CONFDB_EXCLUSIVE)
			return true;
	}
	return confdb_may_edit(&asking, errs);
}

struct confdb_commit *confdb_prepare(struct confdb_session *s, const struct confdb_meta *meta,
	struct vex_errs *, struct vex_errs *errs)
{
	struct confdb_commit *c;

	if (!may_commit(s, errs) || !is_idle(s->db, meta, errs))
		return NULL;
	if (s->mode == CONFDB_PRIVATE && !catch_up(s, errs))
		return NULL;
	c = prepare(s, confdb_candidate(s)->cfg, NULL, meta, errs);
	if (c != NULL) {
		c->session = s;
		c->edits = confdb_candidate(s)->edits;
	}
	return c;
}

struct confdb_commit *confdb_prepare_source(struct confdb_session *s,
	const struct confdb_source *source, const struct confdb_meta *meta, struct vex_errs *,
	struct vex_errs *errs)
{
	struct confdb_commit *c;
	struct cfg *cfg, *own;

	if (!is_idle(s->db, meta, errs))
		return NULL;
	if (source->kind == CONFDB_TEXT)
		return prepare(s, NULL, source, meta, errs);
	cfg = confdb_source_cfg(s, source, &own, errs);
	c = cfg ? prepare(s, cfg, NULL, meta, errs) : NULL;
	cfg_free(own);
	return c;
}

const struct ctl_image *confdb_commit_image(const struct confdb_commit *c)
{
	return c->image;
}

struct ctl_image *confdb_commit_take_image(struct confdb_commit *c)
{
	struct ctl_image *image = c->image;

	c->image = NULL;
	return image;
}

bool confdb_commit_changes(const struct confdb_commit *c)
{
	return strcmp(c->text, c->db->active_text) != 0;
}

/* ---- Publishing ------------------------------------------------------------------------------- */

static void add_to_log(struct confdb *db, struct confdb_record *record)
{
	if (db->n_log == CONFDB_ROLLBACKS)
		confdb_record_free(&db->log[--db->n_log]);
	memmove(db->log + 1, db->log, db->n_log * sizeof db->log[0]);
	db->log[0] = *record;
	db->n_log++;
	db->serial = record->serial;
	*record = (struct confdb_record){0};
}

/* Candidates that had no changes of their own, or just committed them, follow. */
static void follow(struct confdb *db, struct confdb_session *s, uint64_t edits, bool shared)
{
	if (shared)
		confdb_candidate_set(db, &db->shared, NULL);
	if (s == NULL || s->mode != CONFDB_PRIVATE)
		return;
	if (s->own.edits == edits) {
		confdb_session_rebase(s);
	} else {
		/* It was edited meanwhile: what it committed is its base. */
		struct cfg *base = cfg_clone(db->active);

		if (base == NULL)
			return;
		cfg_free(s->base);
		s->base = base;
		s->base_commits = db->commits;
	}
}

int confdb_publish(struct confdb_commit *c, struct vex_errs *notes, struct vex_errs *errs)
{
	struct confdb *db = c->db;
	struct confdb_session *s = c->session;
	uint64_t edits = c->edits;
	bool shared = !confdb_candidate_changed(db, &db->shared);

	if (!c->written) {
		vex_err_add(errs, VEX_ERR_INTERNAL, NULL, NULL, NULL,
			"this commit was only to be checked");
		confdb_abandon(c);
		return -1;
	}
	if (confdb_store_publish(&db->disk, notes, errs) != 0) {
		confdb_abandon(c);
		return -1;
	}
	db->commit = NULL;
	cfg_free(db->active);
	free(db->active_text);
	db->active = c->cfg;
	db->active_text = c->text;
	db->commits++;
	c->cfg = NULL;
	c->text = NULL;
	add_to_log(db, &c->record);
	if (confdb_store_log(&db->disk, db->log, db->n_log) != 0)
		confdb_io_error(notes, &db->disk, "write", CONFDB_LOG_FILE);
	free_commit(c);
	follow(db, s, edits, shared);
	return 0;
}

void confdb_abandon(struct confdb_commit *c)
{
	if (c == NULL)
		return;
	if (c->written)
		confdb_disk_remove(&c->db->disk, CONFDB_NEW_FILE);
	if (c->db->commit == c)
		c->db->commit = NULL;
	free_commit(c);
}
