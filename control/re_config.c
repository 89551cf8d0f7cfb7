/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests about the candidate and what is stored; confdb.h says what each of them means. */
#include <stdlib.h>
#include <string.h>

#include "control/re.h"

/* Texts of notes, as the member `warnings` of @data. Takes the contents of @notes. */
static json_t *with_notes(json_t *data, struct vex_errs *notes)
{
	json_t *list = re_notes_json(notes);

	vex_errs_free(notes);
	if (data == NULL)
		data = json_object();
	json_object_set_new(data, "warnings", list);
	return data;
}

json_t *re_notes_json(const struct vex_errs *notes)
{
	json_t *list = json_array();

	for (size_t i = 0; i < notes->n; i++)
		json_array_append_new(list, json_string(notes->v[i].text));
	return list;
}

/* Answer a request that has no data of its own; takes the contents of both lists. */
static void answer(struct re_call *call, int status, struct vex_errs *notes, struct vex_errs *errs)
{
	if (status == 0)
		re_call_ok(call, with_notes(NULL, notes));
	else
		re_call_errors(call, errs);
	vex_errs_free(notes);
	vex_errs_free(errs);
}

/* The session in the database; the call is answered if there is none. */
static struct confdb_session *db_of(struct re_call *call)
{
	struct confdb_session *db = re_session_db(call->session);

	if (db == NULL)
		re_call_fail(call, VEX_ERR_INTERNAL, NULL, NULL, "out of memory");
	return db;
}

static const char *path_of(const struct re_call *call)
{
	const char *path = re_arg_text(call, "path");

	return path != NULL ? path : "";
}

/* ---- Configuration mode ------------------------------------------------------------------------ */

static json_t *users_json(const struct confdb *db)
{
	struct confdb_user users[RE_SESSIONS_MAX];
	size_t n = confdb_users(db, users, RE_SESSIONS_MAX);
	json_t *list = json_array();

	for (size_t i = 0; i < n && i < RE_SESSIONS_MAX; i++) {
		const struct confdb_user *u = &users[i];
		json_t *o = json_pack("{s:s, s:I, s:s, s:I}", "user", u->who.user, "pid",
			(json_int_t)u->who.pid, "mode", confdb_mode_name(u->mode), "since",
			(json_int_t)u->since);

		if (u->who.terminal != NULL)
			json_object_set_new(o, "terminal", json_string(u->who.terminal));
		if (u->path != NULL)
			json_object_set_new(o, "path", json_string(u->path));
		json_array_append_new(list, o);
	}
	return list;
}

void re_rpc_configure(struct re_call *call)
{
	static const struct {
		const char *name;
		enum confdb_mode mode;
	} modes[] = {
		{"shared", CONFDB_SHARED},
		{"exclusive", CONFDB_EXCLUSIVE},
		{"private", CONFDB_PRIVATE},
	};
	const char *name = re_arg_text(call, "mode");
	struct confdb_session *db = db_of(call);
	struct vex_errs notes = {0}, errs = {0};
	enum confdb_mode mode = name == NULL ? CONFDB_SHARED : CONFDB_OPERATIONAL;
	json_t *users;

	if (db == NULL)
		return;
	for (size_t i = 0; name != NULL && i < sizeof(modes) / sizeof(modes[0]); i++)
		if (strcmp(modes[i].name, name) == 0)
			mode = modes[i].mode;
	if (mode == CONFDB_OPERATIONAL) {
		re_call_fail(
			call, VEX_ERR_VALUE, "mode", name, "mode is shared, exclusive or private");
		return;
	}
	users = users_json(call->re->db);
	if (confdb_configure(db, mode, time(NULL), &notes, &errs) != 0) {
		json_decref(users);
		answer(call, -1, &notes, &errs);
		return;
	}
	re_syslog(call->re, CTL_LOG_INTERACTIVE, CTL_LOG_NOTICE, "UI_DBASE_LOGIN_EVENT",
		"User '%s' entering configuration mode", re_session_user(call->session));
	re_call_ok(call, with_notes(json_pack("{s:o}", "users", users), &notes));
}

void re_rpc_status(struct re_call *call)
{
	re_call_ok(call, json_pack("{s:o}", "users", users_json(call->re->db)));
}

void re_rpc_end_configure(struct re_call *call)
{
	struct confdb_session *db = db_of(call);
	struct vex_errs notes = {0}, errs = {0};
	int status;

	if (db == NULL)
		return;
	status = confdb_end(db, re_arg_true(call, "discard"), &notes, &errs);
	if (status == 0)
		re_syslog(call->re, CTL_LOG_INTERACTIVE, CTL_LOG_NOTICE, "UI_DBASE_LOGOUT_EVENT",
			"User '%s' exiting configuration mode", re_session_user(call->session));
	answer(call, status, &notes, &errs);
}

/* ---- Editing ----------------------------------------------------------------------------------- */

void re_rpc_edit(struct re_call *call)
{
	struct confdb_session *db = db_of(call);
	const char *line = re_arg_text(call, "line");
	struct vex_errs notes = {0}, errs = {0};
	int status;

	if (db == NULL)
		return;
	if (line == NULL) {
		re_call_fail(call, VEX_ERR_MISSING, "line", NULL, "say what to edit: `line`");
		return;
	}
	status = confdb_edit(db, path_of(call), line, &notes, &errs);
	re_trace(call->re, CTL_TRACE_MANAGEMENT, "session %u: [edit %s] %s: %s",
		re_session_id(call->session), path_of(call), line,
		status == 0 ? "done" : "refused");
	if (status == 0)
		re_syslog(call->re, CTL_LOG_CHANGE, CTL_LOG_INFO, "UI_CFG_AUDIT_SET",
			"User '%s' [edit%s%s] %s", re_session_user(call->session),
			*path_of(call) != '\0' ? " " : "", path_of(call), line);
	answer(call, status, &notes, &errs);
}

static bool load_mode(const char *name, enum confdb_load_mode *mode)
{
	static const char *const names[] = {
		[CONFDB_LOAD_MERGE] = "merge",
		[CONFDB_LOAD_OVERRIDE] = "override",
		[CONFDB_LOAD_REPLACE] = "replace",
		[CONFDB_LOAD_SET] = "set",
		[CONFDB_LOAD_UPDATE] = "update",
	};

	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (name != NULL && strcmp(names[i], name) == 0) {
			*mode = (enum confdb_load_mode)i;
			return true;
		}
	}
	return false;
}

void re_rpc_load(struct re_call *call)
{
	struct confdb_session *db = db_of(call);
	struct confdb_load load = {
		.text = re_arg_text(call, "text"),
		.file = re_arg_text(call, "file"),
		.path = path_of(call),
		.deactivate_unsupported = re_arg_true(call, "deactivate_unsupported"),
	};
	struct confdb_loaded loaded = {0};
	struct vex_errs notes = {0}, errs = {0};
	json_t *list;

	if (db == NULL)
		return;
	if (!load_mode(re_arg_text(call, "mode"), &load.mode) || load.text == NULL) {
		re_call_fail(call, VEX_ERR_MISSING, "mode", re_arg_text(call, "mode"),
			"say `mode`, which is merge, override, replace, set or update, and `text`");
		return;
	}
	load.len = json_string_length(json_object_get(call->args, "text"));
	if (confdb_load(db, &load, &loaded, &notes, &errs) != 0) {
		answer(call, -1, &notes, &errs);
		return;
	}
	re_syslog(call->re, CTL_LOG_CHANGE, CTL_LOG_INFO, "UI_LOAD_EVENT",
		"User '%s' is performing a 'load %s'", re_session_user(call->session),
		re_arg_text(call, "mode"));
	list = json_array();
	for (size_t i = 0; i < loaded.n_deactivated; i++)
		json_array_append_new(
			list, json_pack("{s:s, s:I}", "path", loaded.deactivated[i].path, "line",
				      (json_int_t)loaded.deactivated[i].line));
	re_call_ok(call, with_notes(json_pack("{s:I, s:o}", "statements",
					    (json_int_t)loaded.statements, "deactivated", list),
				 &notes));
	confdb_loaded_free(&loaded);
}

/* The source that an argument names; @otherwise if it is not there. False: answered. */
static bool source_of(struct re_call *call, const char *name, enum confdb_kind otherwise,
	struct confdb_source *source)
{
	const char *words = re_arg_text(call, name);

	*source = (struct confdb_source){.kind = otherwise};
	if (words == NULL || confdb_source_parse(words, source))
		return true;
	re_call_fail(call, VEX_ERR_VALUE, name, words,
		"%s is candidate, active, rescue, or rollback 0 to rollback %u", name,
		CONFDB_ROLLBACKS - 1);
	return false;
}

void re_rpc_rollback(struct re_call *call)
{
	struct confdb_session *db = db_of(call);
	struct vex_errs notes = {0}, errs = {0};
	struct confdb_source source;

	if (db != NULL && source_of(call, "source", CONFDB_ACTIVE, &source))
		answer(call, confdb_rollback(db, &source, &errs), &notes, &errs);
}

/* ---- Reading ----------------------------------------------------------------------------------- */

static bool form_of(struct re_call *call, enum cfg_form *form)
{
	const char *name = re_arg_text(call, "form");

	*form = CFG_FORM_CURLY;
	if (name == NULL || strcmp(name, "curly") == 0)
		return true;
	*form = strcmp(name, "set") == 0 ? CFG_FORM_SET : CFG_FORM_JSON;
	if (*form == CFG_FORM_SET || strcmp(name, "json") == 0)
		return true;
	re_call_fail(call, VEX_ERR_VALUE, "form", name, "form is curly, set or json");
	return false;
}

void re_rpc_get_config(struct re_call *call)
{
	struct confdb_session *db = db_of(call);
	struct confdb_source source;
	struct vex_errs errs = {0};
	enum cfg_form form;
	char *text = NULL;
	json_t *tree;

	if (db == NULL || !source_of(call, "source", CONFDB_CANDIDATE, &source) ||
		!form_of(call, &form))
		return;
	if (confdb_get(db, &source, path_of(call), form, re_arg_true(call, "inheritance"), &text,
		    &errs) != 0) {
		re_call_errors(call, &errs);
	} else if (form == CFG_FORM_JSON) {
		tree = *text != '\0' ? json_loads(text, 0, NULL) : json_object();
		re_call_ok(call, json_pack("{s:o}", "json", tree));
	} else {
		re_call_ok(call, json_pack("{s:s}", "text", text));
	}
	free(text);
	vex_errs_free(&errs);
}

void re_rpc_compare(struct re_call *call)
{
	struct confdb_session *db = db_of(call);
	struct confdb_source from, to;
	struct vex_errs errs = {0};
	char *text = NULL;

	if (db == NULL || !source_of(call, "source", CONFDB_ACTIVE, &from) ||
		!source_of(call, "to", CONFDB_CANDIDATE, &to))
		return;
	if (re_arg_text(call, "text") != NULL)
		from = (struct confdb_source){.kind = CONFDB_TEXT,
			.text = re_arg_text(call, "text"),
			.len = json_string_length(json_object_get(call->args, "text")),
			.file = re_arg_text(call, "file")};
	if (confdb_compare(db, &from, &to, path_of(call), &text, &errs) == 0)
		re_call_ok(call, json_pack("{s:s}", "text", text));
	else
		re_call_errors(call, &errs);
	free(text);
	vex_errs_free(&errs);
}

/* ---- Rescue, log ------------------------------------------------------------------------------- */

void re_rpc_rescue(struct re_call *call)
{
	const char *what = re_arg_text(call, "do");
	struct vex_errs notes = {0}, errs = {0};
	int status;

	if (what == NULL || (strcmp(what, "save") != 0 && strcmp(what, "delete") != 0)) {
		re_call_fail(call, VEX_ERR_VALUE, "do", what, "say do: save or delete");
		return;
	}
	status = *what == 's' ? confdb_rescue_save(call->re->db, &errs)
			      : confdb_rescue_delete(call->re->db, &errs);
	if (status == 0)
		re_db_changed(call->re);
	answer(call, status, &notes, &errs);
}

void re_rpc_commit_log(struct re_call *call)
{
	struct confdb_entry log[CONFDB_ROLLBACKS];
	size_t n = confdb_log(call->re->db, log, CONFDB_ROLLBACKS);
	json_t *list = json_array();

	for (size_t i = 0; i < n && i < CONFDB_ROLLBACKS; i++)
		json_array_append_new(
			list, json_pack("{s:I, s:I, s:s, s:s, s:s, s:I}", "n", (json_int_t)log[i].n,
				      "time", (json_int_t)log[i].time, "user", log[i].user,
				      "client", log[i].client, "comment", log[i].comment,
				      "confirmed", (json_int_t)log[i].confirmed));
	re_call_ok(call, json_pack("{s:o}", "commits", list));
}
