/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stored configurations.
 *
 * A commit goes: vex.conf.new is written and synced; vex.conf gets a second name,
 * vex.conf.previous; vex.conf.new is renamed to vex.conf, which is the commit; the rollbacks move up
 * by one and vex.conf.previous becomes vex.conf.1. Whoever finds vex.conf.previous knows how far
 * it came: while it is the same file as vex.conf, nothing was committed; otherwise the rollbacks
 * are to be moved, from the gap that there is, or from the end.
 */
#include "control/confdb_int.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#define REMARK "## vex "

/* ---- Records ---------------------------------------------------------------------------------- */

bool confdb_record_set(
	struct confdb_record *r, const char *user, const char *client, const char *comment)
{
	r->user = strdup(user ? user : "");
	r->client = strdup(client ? client : "");
	r->comment = strdup(comment ? comment : "");
	return r->user != NULL && r->client != NULL && r->comment != NULL;
}

void confdb_record_free(struct confdb_record *r)
{
	free(r->user);
	free(r->client);
	free(r->comment);
	*r = (struct confdb_record){0};
}

char *confdb_file_name(unsigned int n, char buf[CONFDB_NAME_SIZE])
{
	if (n == 0)
		snprintf(buf, CONFDB_NAME_SIZE, CONFDB_ACTIVE_FILE);
	else
		snprintf(buf, CONFDB_NAME_SIZE, CONFDB_ACTIVE_FILE ".%u", n);
	return buf;
}

void confdb_io_error(
	struct vex_errs *errs, const struct confdb_disk *d, const char *what, const char *name)
{
	int error = errno;
	char file[PATH_MAX + CONFDB_NAME_SIZE];

	snprintf(file, sizeof file, "%s/%s", d->path, name);
	vex_err_add(errs, VEX_ERR_IO, &(struct vex_pos){.file = file}, NULL, NULL,
		"cannot %s it: %s", what, strerror(error));
}

/* FNV-1a, 64 bits: to notice a torn file, not an attacker. */
static uint64_t checksum(const char *p, size_t n)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)p[i]) * 0x100000001b3u;
	return h;
}

static json_t *record_json(const struct confdb_record *r)
{
	char when[32];
	struct tm tm;

	gmtime_r(&r->time, &tm);
	strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return json_pack("{s:I, s:s, s:I, s:s, s:s, s:s, s:i}", "serial", (json_int_t)r->serial,
		"time", when, "seconds", (json_int_t)r->time, "user", r->user, "client", r->client,
		"comment", r->comment, "confirmed", (int)r->confirmed);
}

/* "## vex {...}\n", to be freed. */
static char *remark_of(const struct confdb_record *r, const char *text, size_t len)
{
	json_t *o = record_json(r);
	char sum[20], *json, *line = NULL;

	snprintf(sum, sizeof sum, "%016" PRIx64, checksum(text, len));
	if (o == NULL || json_object_set_new(o, "bytes", json_integer((json_int_t)len)) != 0 ||
		json_object_set_new(o, "sum", json_string(sum)) != 0) {
		json_decref(o);
		return NULL;
	}
	json = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	if (json != NULL && (line = malloc(strlen(json) + sizeof REMARK + 1)) != NULL)
		sprintf(line, REMARK "%s\n", json);
	free(json);
	return line;
}

struct remark {
	struct confdb_record record;
	size_t size; /* of the line; 0: there is none */
	json_int_t bytes;
	char sum[20];
};

/* Read the first line. False if it is a remark of ours that cannot be understood. */
static bool parse_remark(const char *text, size_t len, struct remark *out)
{
	const char *end = memchr(text, '\n', len);
	const char *user, *client, *comment, *sum;
	json_int_t serial, seconds;
	int confirmed;
	json_t *o;
	bool ok;

	*out = (struct remark){0};
	if (len < sizeof REMARK - 1 || memcmp(text, REMARK, sizeof REMARK - 1) != 0)
		return true;
	if (end == NULL)
		return false;
	text += sizeof REMARK - 1;
	o = json_loadb(text, (size_t)(end - text), 0, NULL);
	ok = o != NULL &&
	     json_unpack(o, "{s:I, s:I, s:s, s:s, s:s, s:i, s:I, s:s}", "serial", &serial,
		     "seconds", &seconds, "user", &user, "client", &client, "comment", &comment,
		     "confirmed", &confirmed, "bytes", &out->bytes, "sum", &sum) == 0;
	if (ok) {
		out->size = (size_t)(end - text) + sizeof REMARK;
		out->record.serial = serial > 0 ? (uint64_t)serial : 0;
		out->record.time = (time_t)seconds;
		out->record.confirmed = confirmed > 0 ? (unsigned int)confirmed : 0;
		snprintf(out->sum, sizeof out->sum, "%s", sum);
		ok = confdb_record_set(&out->record, user, client, comment);
	}
	json_decref(o);
	return ok;
}

/* ---- One configuration ------------------------------------------------------------------------ */

int confdb_store_write(struct confdb_disk *d, const char *name, const struct confdb_record *record,
	const char *text, size_t len, struct vex_errs *errs)
{
	char *remark = remark_of(record, text, len);
	int rc;

	if (remark == NULL) {
		confdb_no_memory(errs);
		return -1;
	}
	rc = confdb_disk_write(d, name, remark, text, len);
	if (rc != 0)
		confdb_io_error(errs, d, "write", name);
	free(remark);
	return rc;
}

static bool is_whole(const struct remark *remark, const char *text, size_t len)
{
	char sum[20];

	if (remark->size == 0)
		return true;
	snprintf(sum, sizeof sum, "%016" PRIx64, checksum(text, len));
	return remark->bytes == (json_int_t)len && strcmp(sum, remark->sum) == 0;
}

int confdb_store_read(const struct confdb_disk *d, struct cfg_schema *schema, const char *name,
	struct cfg **cfg, struct confdb_record *record, struct vex_errs *errs)
{
	struct remark remark = {0};
	char file[PATH_MAX + CONFDB_NAME_SIZE];
	struct vex_pos at = {.file = file};
	size_t len = 0;
	char *text;

	*cfg = NULL;
	snprintf(file, sizeof file, "%s/%s", d->path, name);
	text = confdb_disk_read(d, name, &len);
	if (text == NULL && errno == ENOENT)
		return 1;
	if (text == NULL) {
		confdb_io_error(errs, d, "read", name);
		return -1;
	}
	if (!parse_remark(text, len, &remark) ||
		!is_whole(&remark, text + remark.size, len - remark.size))
		vex_err_add(errs, VEX_ERR_IO, &at, NULL, NULL,
			"it is torn, or was changed by hand: its first line does not belong to the "
			"rest (to take it as it is, remove that line)");
	else
		/* With its first line, which is a comment, so that the lines are those of the file. */
		*cfg = cfg_parse_with(schema, CFG_STATEMENTS, text, len, file, errs);
	if (*cfg != NULL && !cfg_sort((*cfg)->tree.root)) {
		confdb_no_memory(errs);
		cfg_free(*cfg);
		*cfg = NULL;
	}
	if (*cfg != NULL && record != NULL)
		*record = remark.record;
	else
		confdb_record_free(&remark.record);
	free(text);
	return *cfg != NULL ? 0 : -1;
}

bool confdb_store_remark(
	const struct confdb_disk *d, const char *name, struct confdb_record *record)
{
	struct remark remark = {0};
	size_t len = 0;
	char *text = confdb_disk_read(d, name, &len);
	bool ok = text != NULL && parse_remark(text, len, &remark) && remark.size > 0;

	free(text);
	if (!ok)
		confdb_record_free(&remark.record);
	*record = remark.record;
	return ok;
}

/* ---- Rotation --------------------------------------------------------------------------------- */

static int rotate(struct confdb_disk *d)
{
	char from[CONFDB_NAME_SIZE], to[CONFDB_NAME_SIZE];
	unsigned int gap = 1;

	while (gap < CONFDB_ROLLBACKS - 1 && confdb_disk_exists(d, confdb_file_name(gap, to)))
		gap++;
	for (unsigned int i = gap; i > 1; i--) {
		if (confdb_disk_rename(d, confdb_file_name(i - 1, from), confdb_file_name(i, to)) !=
			0)
			return -1;
	}
	return confdb_disk_rename(d, CONFDB_PREVIOUS_FILE, confdb_file_name(1, to));
}

int confdb_store_recover(struct confdb_disk *d, struct vex_errs *errs)
{
	int rc = 0;

	if (confdb_disk_exists(d, CONFDB_PREVIOUS_FILE)) {
		if (!confdb_disk_exists(d, CONFDB_ACTIVE_FILE))
			rc = confdb_disk_rename(d, CONFDB_PREVIOUS_FILE, CONFDB_ACTIVE_FILE);
		else if (confdb_disk_same(d, CONFDB_PREVIOUS_FILE, CONFDB_ACTIVE_FILE))
			rc = confdb_disk_remove(d, CONFDB_PREVIOUS_FILE);
		else
			rc = rotate(d);
		if (rc == 0)
			rc = confdb_disk_sync(d);
	}
	if (rc != 0)
		confdb_io_error(errs, d, "restore", CONFDB_PREVIOUS_FILE);
	return rc;
}

void confdb_store_close_gaps(struct confdb_disk *d)
{
	char from[CONFDB_NAME_SIZE], to[CONFDB_NAME_SIZE];
	unsigned int next = 1;

	for (unsigned int i = 1; i < CONFDB_ROLLBACKS; i++) {
		if (!confdb_disk_exists(d, confdb_file_name(i, from)))
			continue;
		if (i != next && confdb_disk_rename(d, from, confdb_file_name(next, to)) != 0)
			return;
		next++;
	}
}

int confdb_store_publish(struct confdb_disk *d, struct vex_errs *notes, struct vex_errs *errs)
{
	bool first;

	if (confdb_store_recover(d, errs) != 0)
		return -1;
	first = !confdb_disk_exists(d, CONFDB_ACTIVE_FILE);
	if (!first && confdb_disk_link(d, CONFDB_ACTIVE_FILE, CONFDB_PREVIOUS_FILE) != 0) {
		confdb_io_error(errs, d, "keep", CONFDB_ACTIVE_FILE);
		return -1;
	}
	if (confdb_disk_rename(d, CONFDB_NEW_FILE, CONFDB_ACTIVE_FILE) != 0) {
		confdb_io_error(errs, d, "replace", CONFDB_ACTIVE_FILE);
		confdb_disk_remove(d, CONFDB_PREVIOUS_FILE);
		return -1;
	}
	if (confdb_disk_sync(d) != 0)
		confdb_io_error(notes, d, "sync", CONFDB_ACTIVE_FILE);
	if (!first && (rotate(d) != 0 || confdb_disk_sync(d) != 0))
		confdb_io_error(notes, d, "keep as rollback 1 yet", CONFDB_PREVIOUS_FILE);
	return 0;
}

/* ---- Log -------------------------------------------------------------------------------------- */

int confdb_store_log(struct confdb_disk *d, const struct confdb_record *log, size_t n)
{
	static const char new_file[] = CONFDB_LOG_FILE ".new";
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);
	int rc = -1;

	for (size_t i = 0; f != NULL && i < n; i++) {
		json_t *o = record_json(&log[i]);

		if (o == NULL || json_dumpf(o, f, JSON_COMPACT) != 0 || fputc('\n', f) == EOF)
			errno = ENOMEM;
		json_decref(o);
	}
	if (f != NULL && fclose(f) == 0)
		rc = confdb_disk_write(d, new_file, "", text, size);
	free(text);
	return rc == 0 ? confdb_disk_rename(d, new_file, CONFDB_LOG_FILE) : -1;
}
