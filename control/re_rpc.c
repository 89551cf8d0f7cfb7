/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of requests, and how they are answered. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/re.h"
#include "control/version.h"

/* ---- Answers ----------------------------------------------------------------------------------- */

/* Takes @answer over; the call is gone afterwards. */
static void finish(struct re_call *call, json_t *answer)
{
	if (call->session != NULL)
		re_session_answer(call->session, answer);
	else
		json_decref(answer);
	json_decref(call->args);
	json_decref(call->id);
	free(call);
}

void re_call_ok(struct re_call *call, json_t *data)
{
	finish(call, json_pack("{s:O, s:b, s:o}", "id", call->id, "ok", 1, "data",
			     data != NULL ? data : json_object()));
}

static void set_text(json_t *o, const char *name, const char *text)
{
	if (text != NULL)
		json_object_set_new(o, name, json_string(text));
}

static json_t *error_json(const struct vex_err *err)
{
	json_t *o = json_pack("{s:s}", "kind", vex_err_kind_name(err->kind));

	set_text(o, "path", err->path);
	set_text(o, "value", err->value);
	set_text(o, "text", err->text != NULL ? err->text : "?");
	set_text(o, "file", err->file);
	if (err->line > 0)
		json_object_set_new(o, "line", json_integer(err->line));
	if (err->column > 0)
		json_object_set_new(o, "column", json_integer(err->column));
	return o;
}

void re_call_errors(struct re_call *call, const struct vex_errs *errs)
{
	json_t *list = json_array();
	json_t *answer = json_pack("{s:O, s:b, s:o}", "id", call->id, "ok", 0, "errors", list);

	for (size_t i = 0; i < errs->n; i++)
		json_array_append_new(list, error_json(&errs->v[i]));
	if (errs->n == 0)
		json_array_append_new(
			list, json_pack("{s:s, s:s}", "kind", vex_err_kind_name(VEX_ERR_INTERNAL),
				      "text", "out of memory"));
	if (errs->lost > 0)
		json_object_set_new(answer, "lost", json_integer((json_int_t)errs->lost));
	finish(call, answer);
}

void re_call_fail(struct re_call *call, enum vex_err_kind kind, const char *path, const char *value,
	const char *fmt, ...)
{
	struct vex_errs errs = {0};
	va_list ap;

	va_start(ap, fmt);
	vex_err_vadd(&errs, kind, NULL, path, value, fmt, ap);
	va_end(ap);
	re_call_errors(call, &errs);
	vex_errs_free(&errs);
}

const char *re_arg_text(const struct re_call *call, const char *name)
{
	return json_string_value(json_object_get(call->args, name));
}

bool re_arg_true(const struct re_call *call, const char *name)
{
	return json_is_true(json_object_get(call->args, name));
}

/* ---- Requests ---------------------------------------------------------------------------------- */

static void hello(struct re_call *call)
{
	const struct re *re = call->re;
	const char *client = re_arg_text(call, "client");
	const char *terminal = re_arg_text(call, "terminal");
	const struct ctl_image *image = re->image;

	if (client != NULL)
		re_session_set_client(call->session, client, terminal != NULL ? terminal : "");
	re_call_ok(
		call, json_pack("{s:s, s:s, s:s, s:s, s:I, s:s, s:b}", "instance",
			      re->options.instance, "hostname",
			      image->host_name != NULL ? image->host_name : re->options.instance,
			      "model", chassis_model(image->chassis), "version", VEX_VERSION,
			      "session", (json_int_t)re_session_id(call->session), "user",
			      re_session_user(call->session), "taps", re_punt_taps(re->punt) > 0));
}

static void sessions(struct re_call *call)
{
	re_call_ok(call, json_pack("{s:o}", "sessions", re_sessions_json(call->re)));
}

/* Arguments: name and type, s string, b true or false, n number of minutes, o object. */
static const struct {
	const char *name;
	void (*serve)(struct re_call *call);
	const char *args[7];
} table[] = {
	{"hello", hello, {"s client", "s terminal"}},
	{"sessions", sessions, {NULL}},
	{"show", re_rpc_show, {"s what", "o args"}},
	{"clear", re_rpc_clear, {"s what", "o args"}},
	{"request", re_rpc_request, {"s what", "o args"}},
	{"complete", re_rpc_complete, {"s kind", "s prefix"}},
	{"configure", re_rpc_configure, {"s mode"}},
	{"end-configure", re_rpc_end_configure, {"b discard"}},
	{"status", re_rpc_status, {NULL}},
	{"edit", re_rpc_edit, {"s path", "s line"}},
	{"load", re_rpc_load, {"s mode", "s text", "s path", "s file", "b deactivate_unsupported"}},
	{"rollback", re_rpc_rollback, {"s source"}},
	{"get-config", re_rpc_get_config, {"s source", "s path", "s form", "b inheritance"}},
	{"compare", re_rpc_compare, {"s source", "s to", "s path", "s text", "s file"}},
	{"commit", re_rpc_commit, {"b check", "n confirmed", "s comment"}},
	{"rescue", re_rpc_rescue, {"s do"}},
	{"get-commit-log", re_rpc_commit_log, {NULL}},
};

static bool has_type(const json_t *value, char type)
{
	switch (type) {
	case 's':
		return json_is_string(value);
	case 'b':
		return json_is_boolean(value);
	case 'n':
		return json_is_integer(value) || json_is_boolean(value);
	default:
		return json_is_object(value);
	}
}

/* True if every argument is one that the request has. null is as if it were not there. */
static bool check_args(struct re_call *call, const char *const *known)
{
	const char *name;
	json_t *value;

	json_object_foreach (call->args, name, value) {
		const char *const *k = known;

		while (*k != NULL && strcmp(*k + 2, name) != 0)
			k++;
		if (*k != NULL && (json_is_null(value) || has_type(value, **k)))
			continue;
		re_call_fail(call, *k != NULL ? VEX_ERR_VALUE : VEX_ERR_UNKNOWN, name, NULL,
			*k != NULL ? "argument '%s' is of the wrong type"
				   : "there is no argument '%s'",
			name);
		return false;
	}
	return true;
}

static void refuse(struct re_session *session, json_t *id, const char *text)
{
	re_session_answer(
		session, json_pack("{s:O, s:b, s:[{s:s, s:s}]}", "id", id, "ok", 0, "errors",
				 "kind", vex_err_kind_name(VEX_ERR_SYNTAX), "text", text));
}

static void dispatch(struct re_call *call, const char *name)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (strcmp(table[i].name, name) != 0)
			continue;
		re_trace(call->re, CTL_TRACE_MANAGEMENT, "session %u, user %s: %s",
			re_session_id(call->session), re_session_user(call->session), name);
		if (check_args(call, table[i].args))
			table[i].serve(call);
		return;
	}
	re_call_fail(call, VEX_ERR_UNKNOWN, NULL, name, "there is no request '%s'", name);
}

void re_rpc_serve(struct re *re, struct re_session *session, const char *line, size_t len)
{
	json_error_t error;
	json_t *request = json_loadb(line, len, JSON_REJECT_DUPLICATES, &error);
	json_t *id = json_object_get(request, "id"), *args = json_object_get(request, "args");
	const char *name = json_string_value(json_object_get(request, "rpc"));
	struct re_call *call = NULL;

	id = id != NULL ? json_incref(id) : json_null();
	if (request == NULL)
		refuse(session, id, error.text);
	else if (name == NULL || (args != NULL && !json_is_object(args)))
		refuse(session, id, "a request is {\"id\": N, \"rpc\": \"NAME\", \"args\": {...}}");
	else
		call = calloc(1, sizeof(*call));
	if (call != NULL) {
		*call = (struct re_call){.re = re,
			.session = session,
			.args = args != NULL ? json_incref(args) : json_object(),
			.id = json_incref(id)};
		re_session_set_call(session, call);
		dispatch(call, name);
	} else if (name != NULL && request != NULL && (args == NULL || json_is_object(args))) {
		refuse(session, id, "out of memory");
	}
	json_decref(id);
	json_decref(request);
}
