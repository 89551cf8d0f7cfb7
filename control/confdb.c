/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/confdb_int.h"

#include <stdlib.h>
#include <string.h>

void confdb_no_memory(struct vex_errs *errs)
{
	vex_err_add(errs, VEX_ERR_INTERNAL, NULL, NULL, NULL, "out of memory");
}

char *confdb_path(const char *instance, char buf[PATH_MAX])
{
	const char *base = getenv("VEX_STATEDIR");

	snprintf(buf, PATH_MAX, "%s/%s", base != NULL && *base ? base : "/var/lib/vex", instance);
	return buf;
}

/* ---- Opening ---------------------------------------------------------------------------------- */

/* Keep a file that cannot be used under another name, and say why. */
static void set_aside(
	struct confdb *db, const char *name, const struct vex_errs *why, struct vex_errs *notes)
{
	char bad[CONFDB_NAME_SIZE + 8];
	const struct vex_err *e = why->n > 0 ? &why->v[0] : NULL;
	bool moved;

	snprintf(bad, sizeof bad, "%s.bad", name);
	moved = confdb_disk_rename(&db->disk, name, bad) == 0;
	vex_err_add(notes, VEX_ERR_IO,
		&(struct vex_pos){e ? e->file : name, e ? e->line : 0, e ? e->column : 0}, NULL,
		NULL, "this configuration cannot be used and is %s %s: %s",
		moved ? "kept as" : "left out; it could not be renamed to", bad,
		e ? e->text : "out of memory");
}

/* Read vex.conf, or what is the newest good one without it: rollback *newest. 1: there is none at all. */
static int read_newest(
	struct confdb *db, struct cfg **cfg, unsigned int *newest, struct vex_errs *notes)
{
	char name[CONFDB_NAME_SIZE];
	unsigned int bad = 0;

	*newest = 0;

	for (unsigned int n = 0; n < CONFDB_ROLLBACKS; n++) {
		struct vex_errs why = {0};
		int rc = confdb_store_read(
			&db->disk, db->schema, confdb_file_name(n, name), cfg, NULL, &why);

		if (rc < 0) {
			set_aside(db, name, &why, notes);
			bad++;
		}
		vex_errs_free(&why);
		if (rc != 0)
			continue;
		*newest = n;
		if (n > 0) {
			vex_err_add(notes, VEX_ERR_IO, &(struct vex_pos){.file = db->disk.path},
				NULL, NULL, "%s: rollback %u is the active configuration now",
				bad > 0 ? "the active configuration could not be used"
					: "there is no " CONFDB_ACTIVE_FILE,
				n);
			if (confdb_disk_rename(&db->disk, name, CONFDB_ACTIVE_FILE) != 0)
				confdb_io_error(notes, &db->disk, "rename", name);
		}
		confdb_store_close_gaps(&db->disk);
		return 0;
	}
	if (bad > 0)
		vex_err_add(notes, VEX_ERR_IO, &(struct vex_pos){.file = db->disk.path}, NULL, NULL,
			"no stored configuration can be used: the factory default is active now");
	return 1;
}

/* The log is what the files say of themselves, so it is right whatever became of its own file. */
static bool read_log(struct confdb *db)
{
	char name[CONFDB_NAME_SIZE];

	for (unsigned int n = 0; n < CONFDB_ROLLBACKS; n++) {
		struct confdb_record *r = &db->log[n];

		if (!confdb_disk_exists(&db->disk, confdb_file_name(n, name)))
			break;
		db->n_log = n + 1;
		if (!confdb_store_remark(&db->disk, name, r)) {
			r->time = confdb_disk_time(&db->disk, name);
			if (!confdb_record_set(r, "unknown", "file", NULL))
				return false;
		}
		if (r->serial > db->serial)
			db->serial = r->serial;
	}
	return true;
}

/*
 * A rollback was confirmed by the commit that made it one. Now that it is active its file must say
 * so, or it would be rolled back when its time is over, which it is.
 */
static void confirm_active(struct confdb *db, struct vex_errs *notes)
{
	struct confdb_record *r = &db->log[0];

	if (db->n_log == 0 || r->confirmed == 0)
		return;
	r->confirmed = 0;
	if (confdb_store_write(&db->disk, CONFDB_NEW_FILE, r, db->active_text,
		    strlen(db->active_text), notes) == 0 &&
		(confdb_disk_rename(&db->disk, CONFDB_NEW_FILE, CONFDB_ACTIVE_FILE) != 0 ||
			confdb_disk_sync(&db->disk) != 0))
		confdb_io_error(notes, &db->disk, "replace", CONFDB_ACTIVE_FILE);
}

static bool read_active(struct confdb *db, struct vex_errs *notes, struct vex_errs *errs)
{
	struct cfg *cfg = NULL;
	unsigned int newest;

	if (read_newest(db, &cfg, &newest, notes) != 0)
		cfg = cfg_parse_with(db->schema, CFG_STATEMENTS, "", 0, "factory default", errs);
	db->active = cfg;
	db->commits = 1;
	if (cfg != NULL && cfg_print(cfg, CFG_FORM_CURLY, &db->active_text) &&
		confdb_candidate_set(db, &db->shared, NULL) && read_log(db)) {
		if (newest > 0)
			confirm_active(db, notes);
		return true;
	}
	confdb_no_memory(errs);
	return false;
}

struct confdb *confdb_open(const char *dir, const struct ctl_platform *platform,
	struct vex_errs *notes, struct vex_errs *errs)
{
	struct confdb *db = calloc(1, sizeof *db);

	if (db == NULL) {
		confdb_no_memory(errs);
		return NULL;
	}
	db->platform = platform;
	if (confdb_disk_open(&db->disk, dir) != 0) {
		confdb_io_error(errs, &db->disk, "use", "");
		goto fail;
	}
	db->schema = cfg_schema_create(errs);
	if (db->schema == NULL)
		goto fail;
	if (platform != NULL)
		cfg_schema_set_chassis(
			db->schema, platform->chassis.model, platform->chassis.extension_module);
	if (confdb_store_recover(&db->disk, errs) != 0 || !read_active(db, notes, errs))
		goto fail;
	/* A commit that never was. */
	confdb_disk_remove(&db->disk, CONFDB_NEW_FILE);
	return db;
fail:
	confdb_close(db);
	return NULL;
}

void confdb_close(struct confdb *db)
{
	if (db == NULL)
		return;
	confdb_abandon(db->commit);
	while (db->sessions != NULL)
		confdb_session_close(db->sessions);
	for (size_t i = 0; i < db->n_log; i++)
		confdb_record_free(&db->log[i]);
	cfg_free(db->shared.cfg);
	cfg_free(db->active);
	free(db->active_text);
	cfg_schema_free(db->schema);
	confdb_disk_close(&db->disk);
	free(db);
}

/* ---- What is active --------------------------------------------------------------------------- */

int confdb_image(struct confdb *db, struct ctl_image **out, struct vex_errs *errs)
{
	size_t refused = errs->n;
	struct cfg *cfg;
	int rc = -1;

	*out = NULL;
	cfg = cfg_with_data(db->active, errs);
	refused = errs->n - refused;
	if (cfg != NULL)
		rc = ctl_load_cfg_on(db->platform, cfg, out, errs);
	cfg_free(cfg);
	if (rc == 0 && refused > 0) {
		ctl_image_free(*out);
		*out = NULL;
		rc = -1;
	}
	return rc;
}

struct cfg_schema *confdb_schema(struct confdb *db)
{
	return db->schema;
}

const char *confdb_active(const struct confdb *db)
{
	return db->active_text;
}

/* ---- Candidates ------------------------------------------------------------------------------- */

bool confdb_candidate_set(const struct confdb *db, struct confdb_candidate *c, struct cfg *cfg)
{
	if (cfg == NULL)
		cfg = cfg_clone(db->active);
	if (cfg == NULL)
		return false;
	cfg_free(c->cfg);
	c->cfg = cfg;
	c->compact = cfg->arena.bytes;
	c->edits++;
	return true;
}

bool confdb_candidate_changed(const struct confdb *db, struct confdb_candidate *c)
{
	char *text;

	if (c->known_edits == c->edits && c->known_commits == db->commits)
		return c->changed;
	/* Without memory for the text it is better to keep it. */
	c->changed = !cfg_print(c->cfg, CFG_FORM_CURLY, &text) ||
		     strcmp(text, db->active_text) != 0;
	free(text);
	c->known_edits = c->edits;
	c->known_commits = db->commits;
	return c->changed;
}

/* ---- Log -------------------------------------------------------------------------------------- */

size_t confdb_log(const struct confdb *db, struct confdb_entry *v, size_t cap)
{
	for (size_t i = 0; i < db->n_log && i < cap; i++) {
		const struct confdb_record *r = &db->log[i];

		v[i] = (struct confdb_entry){.n = (unsigned int)i,
			.serial = r->serial,
			.time = r->time,
			.user = r->user,
			.client = r->client,
			.comment = r->comment,
			.confirmed = r->confirmed};
	}
	return db->n_log;
}

bool confdb_unconfirmed(const struct confdb *db, time_t *deadline)
{
	if (db->n_log == 0 || db->log[0].confirmed == 0)
		return false;
	*deadline = db->log[0].time + 60 * (time_t)db->log[0].confirmed;
	return true;
}

time_t confdb_confirm_left(const struct confdb *db, time_t now)
{
	time_t deadline, most;

	if (!confdb_unconfirmed(db, &deadline) || deadline <= now)
		return 0;
	most = 60 * (time_t)db->log[0].confirmed;
	return deadline - now < most ? deadline - now : most;
}

/* ---- Rescue ----------------------------------------------------------------------------------- */

int confdb_rescue_save(struct confdb *db, struct vex_errs *errs)
{
	static const char new_file[] = CONFDB_RESCUE_FILE ".new";
	struct confdb_record none = {.user = "", .client = "", .comment = ""};
	const struct confdb_record *record = db->n_log > 0 ? &db->log[0] : &none;

	if (confdb_store_write(&db->disk, new_file, record, db->active_text,
		    strlen(db->active_text), errs) != 0)
		return -1;
	if (confdb_disk_rename(&db->disk, new_file, CONFDB_RESCUE_FILE) == 0 &&
		confdb_disk_sync(&db->disk) == 0)
		return 0;
	confdb_io_error(errs, &db->disk, "save", CONFDB_RESCUE_FILE);
	confdb_disk_remove(&db->disk, new_file);
	return -1;
}

int confdb_rescue_delete(struct confdb *db, struct vex_errs *errs)
{
	if (confdb_disk_remove(&db->disk, CONFDB_RESCUE_FILE) == 0 &&
		confdb_disk_sync(&db->disk) == 0)
		return 0;
	confdb_io_error(errs, &db->disk, "delete", CONFDB_RESCUE_FILE);
	return -1;
}
