/* SPDX-License-Identifier: BSD-3-Clause */
/* Who edits, with which candidate, and who may. */
#include "control/confdb_int.h"

#include <stdlib.h>
#include <string.h>

/* ---- Life ------------------------------------------------------------------------------------- */

static void free_session(struct confdb_session *s)
{
	cfg_free(s->own.cfg);
	cfg_free(s->base);
	free((char *)s->who.user);
	free((char *)s->who.client);
	free((char *)s->who.terminal);
	free(s->path);
	free(s);
}

struct confdb_session *confdb_session_open(struct confdb *db, const struct confdb_who *who)
{
	struct confdb_session *s = calloc(1, sizeof *s), **at = &db->sessions;

	if (s == NULL)
		return NULL;
	s->db = db;
	s->who.user = strdup(who->user ? who->user : "");
	s->who.client = strdup(who->client ? who->client : "");
	s->who.terminal = who->terminal ? strdup(who->terminal) : NULL;
	s->who.pid = who->pid;
	s->path = strdup("");
	if (s->who.user == NULL || s->who.client == NULL || s->path == NULL ||
		(who->terminal != NULL && s->who.terminal == NULL)) {
		free_session(s);
		return NULL;
	}
	while (*at != NULL)
		at = &(*at)->next;
	*at = s;
	return s;
}

void confdb_session_close(struct confdb_session *s)
{
	struct vex_errs ignored = {0};
	struct confdb_session **at;

	if (s == NULL)
		return;
	if (s->mode != CONFDB_OPERATIONAL)
		confdb_end(s, true, &ignored, &ignored);
	vex_errs_free(&ignored);
	if (s->db->commit != NULL && s->db->commit->session == s)
		s->db->commit->session = NULL;
	for (at = &s->db->sessions; *at != s; at = &(*at)->next)
		;
	*at = s->next;
	free_session(s);
}

/* ---- Others ----------------------------------------------------------------------------------- */

const char *confdb_mode_name(enum confdb_mode mode)
{
	static const char *const names[] = {"operational", "shared", "exclusive", "private"};

	return names[mode];
}

enum confdb_mode confdb_mode(const struct confdb_session *s)
{
	return s->mode;
}

/* Another session in a mode, or NULL. */
static const struct confdb_session *other_in(const struct confdb_session *s, enum confdb_mode mode)
{
	const struct confdb_session *o = s->db->sessions;

	while (o != NULL && (o == s || o->mode != mode))
		o = o->next;
	return o;
}

/* "  root terminal pts/0 (pid 7) on since 2026-11-22 21:00:00 UTC\n      exclusive [edit vlans]" */
static void describe(const struct confdb_session *o, char *buf, size_t size)
{
	const char *mode = o->mode == CONFDB_SHARED ? "" : confdb_mode_name(o->mode);
	char since[32];
	struct tm tm;

	gmtime_r(&o->since, &tm);
	strftime(since, sizeof since, "%Y-%m-%d %H:%M:%S UTC", &tm);
	snprintf(buf, size, "  %s%s%s (pid %ld) on since %s\n      %s%s[edit%s%s]", o->who.user,
		o->who.terminal ? " terminal " : "", o->who.terminal ? o->who.terminal : "",
		o->who.pid, since, mode, *mode != '\0' ? " " : "", *o->path != '\0' ? " " : "",
		o->path);
}

static void refuse_lock(const struct confdb_session *holder, struct vex_errs *errs)
{
	char who[1024];

	describe(holder, who, sizeof who);
	vex_err_add(errs, VEX_ERR_CONFLICT, NULL, NULL, NULL,
		"configuration database locked by:\n%s", who);
}

bool confdb_may_edit(const struct confdb_session *s, struct vex_errs *errs)
{
	const struct confdb_session *holder = other_in(s, CONFDB_EXCLUSIVE);

	if (s->mode == CONFDB_OPERATIONAL) {
		vex_err_add(errs, VEX_ERR_CONFLICT, NULL, NULL, NULL,
			"this session is not in configuration mode; enter 'configure' first");
		return false;
	}
	/* A private candidate is nobody else's business until it is committed. */
	if (holder != NULL && s->mode != CONFDB_PRIVATE) {
		refuse_lock(holder, errs);
		return false;
	}
	return true;
}

size_t confdb_users(const struct confdb *db, struct confdb_user *v, size_t cap)
{
	size_t n = 0;

	for (const struct confdb_session *s = db->sessions; s != NULL; s = s->next) {
		if (s->mode == CONFDB_OPERATIONAL)
			continue;
		if (n < cap)
			v[n] = (struct confdb_user){
				.who = s->who, .mode = s->mode, .since = s->since, .path = s->path};
		n++;
	}
	return n;
}

static void note_users(const struct confdb_session *s, struct vex_errs *notes)
{
	char who[1024];
	bool any = false;

	for (const struct confdb_session *o = s->db->sessions; o != NULL; o = o->next) {
		if (o == s || o->mode == CONFDB_OPERATIONAL)
			continue;
		if (!any)
			vex_err_add(notes, VEX_ERR_CONFLICT, NULL, NULL, NULL,
				"Users currently editing the configuration:");
		any = true;
		describe(o, who, sizeof who);
		vex_err_add(notes, VEX_ERR_CONFLICT, NULL, NULL, NULL, "%s", who);
	}
}

/* ---- Modes ------------------------------------------------------------------------------------ */

/* Why a session cannot enter a mode; NULL if it can. */
static const char *obstacle(const struct confdb_session *s, enum confdb_mode mode)
{
	bool modified = confdb_candidate_changed(s->db, &s->db->shared);

	if (s->mode != CONFDB_OPERATIONAL)
		return "this session is in configuration mode already";
	if (mode == CONFDB_OPERATIONAL)
		return "operational mode is entered by leaving configuration mode";
	if (mode == CONFDB_SHARED && other_in(s, CONFDB_PRIVATE) != NULL)
		return "private edits in use. Try 'configure private' or 'configure exclusive'";
	if (mode == CONFDB_EXCLUSIVE && modified)
		return "configuration database modified";
	if (mode == CONFDB_PRIVATE && modified)
		return "shared configuration database modified. Please temporarily use 'configure "
		       "shared' to commit outstanding changes in the shared database, exit, and "
		       "return to configuration mode using 'configure private'";
	return NULL;
}

bool confdb_session_rebase(struct confdb_session *s)
{
	struct cfg *base = cfg_clone(s->db->active);

	if (base == NULL || !confdb_candidate_set(s->db, &s->own, NULL)) {
		cfg_free(base);
		return false;
	}
	cfg_free(s->base);
	s->base = base;
	s->base_commits = s->db->commits;
	return true;
}

int confdb_configure(struct confdb_session *s, enum confdb_mode mode, time_t now,
	struct vex_errs *notes, struct vex_errs *errs)
{
	const struct confdb_session *holder = other_in(s, CONFDB_EXCLUSIVE);
	const char *why = obstacle(s, mode);

	if (mode == CONFDB_EXCLUSIVE && holder != NULL) {
		refuse_lock(holder, errs);
		return -1;
	}
	if (why != NULL) {
		vex_err_add(errs, VEX_ERR_CONFLICT, NULL, NULL, NULL, "%s", why);
		return -1;
	}
	if (mode == CONFDB_PRIVATE && !confdb_session_rebase(s)) {
		confdb_no_memory(errs);
		return -1;
	}
	s->mode = mode;
	s->since = now;
	*s->path = '\0';
	if (mode != CONFDB_SHARED)
		vex_err_add(notes, VEX_ERR_CONFLICT, NULL, NULL, NULL,
			"uncommitted changes will be discarded on exit");
	note_users(s, notes);
	if (mode == CONFDB_SHARED && confdb_candidate_changed(s->db, &s->db->shared))
		vex_err_add(notes, VEX_ERR_CONFLICT, NULL, NULL, NULL,
			"The configuration has been changed but not committed");
	return 0;
}

int confdb_end(
	struct confdb_session *s, bool discard, struct vex_errs *notes, struct vex_errs *errs)
{
	bool changed = s->mode != CONFDB_OPERATIONAL && confdb_changed(s);

	if (s->mode == CONFDB_OPERATIONAL) {
		vex_err_add(errs, VEX_ERR_CONFLICT, NULL, NULL, NULL,
			"this session is not in configuration mode");
		return -1;
	}
	if (changed && s->mode != CONFDB_SHARED && !discard) {
		vex_err_add(errs, VEX_ERR_CONFLICT, NULL, NULL, NULL,
			"The configuration has been changed but not committed; commit it, or "
			"discard the changes");
		return -1;
	}
	if (changed && s->mode == CONFDB_EXCLUSIVE &&
		!confdb_candidate_set(s->db, &s->db->shared, NULL)) {
		confdb_no_memory(errs);
		return -1;
	}
	if (changed)
		vex_err_add(notes, VEX_ERR_CONFLICT, NULL, NULL, NULL,
			s->mode == CONFDB_SHARED
				? "The configuration has been changed but not committed"
				: "uncommitted changes were discarded");
	cfg_free(s->own.cfg);
	cfg_free(s->base);
	s->own.cfg = s->base = NULL;
	s->mode = CONFDB_OPERATIONAL;
	if (s->db->commit != NULL && s->db->commit->session == s)
		s->db->commit->session = NULL;
	return 0;
}

struct confdb_candidate *confdb_candidate(struct confdb_session *s)
{
	return s->mode == CONFDB_PRIVATE ? &s->own : &s->db->shared;
}

bool confdb_changed(struct confdb_session *s)
{
	return confdb_candidate_changed(s->db, confdb_candidate(s));
}
