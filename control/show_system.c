/* SPDX-License-Identifier: BSD-3-Clause */
/* show version, show system uptime|commit|alarms|users. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/show_util.h"

static const char *const no_arguments[] = {NULL};

static const char *host_name(const struct show_ctx *ctx)
{
	return ctx->image->host_name != NULL ? ctx->image->host_name : ctx->instance;
}

json_t *show_version(const struct show_ctx *ctx, const json_t *args, struct vex_errs *errs)
{
	static const char *const names[] = {NULL};
	json_t *tree, *o, *packages;

	if (!show_args_ok(args, names, errs))
		return NULL;
	tree = json_object();
	o = json_object();
	packages = json_array();
	show_text(o, "host-name", host_name(ctx));
	show_text(o, "product-model", chassis_model(ctx->image->chassis));
	show_text(o, "product-name", chassis_model(ctx->image->chassis));
	show_text(o, "vex-version", ctx->version);
	json_array_append_new(
		packages, json_pack("{s:s, s:s}", "name", "vex", "comment", "vEX virtual switch"));
	json_object_set_new(o, "package-information", packages);
	json_object_set_new(tree, "software-information", o);
	return tree;
}

/* ---- uptime ----------------------------------------------------------------------------------- */

static void put_time(json_t *o, const char *outer, int64_t t, const struct show_ctx *ctx)
{
	char when[SHOW_TIME_SIZE], ago[SHOW_AGO_SIZE];
	json_t *inner = json_object();

	show_text(inner, "date-time", show_time(t, when));
	show_text(inner, "time-length", show_ago(ctx->now - t, ago));
	show_number(inner, "seconds", (uint64_t)t);
	json_object_set_new(o, outer, inner);
}

/* "0.04 0.04 0.01 1/123 4567" */
static void put_load(json_t *o, const struct show_ctx *ctx)
{
	char *text = show_file(ctx->proc_dir != NULL ? ctx->proc_dir : "/proc", "loadavg");
	double load[3];

	if (text != NULL && sscanf(text, "%lf %lf %lf", &load[0], &load[1], &load[2]) == 3) {
		show_format(o, "load-average-1", "%.2f", load[0]);
		show_format(o, "load-average-5", "%.2f", load[1]);
		show_format(o, "load-average-15", "%.2f", load[2]);
	}
	free(text);
}

json_t *show_system_uptime(const struct show_ctx *ctx, const json_t *args, struct vex_errs *errs)
{
	char when[SHOW_TIME_SIZE];
	json_t *tree, *o, *current, *last, *up;

	if (!show_args_ok(args, no_arguments, errs))
		return NULL;
	tree = json_object();
	o = json_object();
	current = json_object();
	up = json_object();
	show_text(current, "date-time", show_time(ctx->now, when));
	json_object_set_new(o, "current-time", current);
	show_text(o, "time-source", "LOCAL CLOCK");
	put_time(o, "system-booted-time", ctx->booted, ctx);
	put_time(o, "protocols-started-time", ctx->started, ctx);
	if (ctx->pfe_started != 0)
		put_time(o, "forwarding-started-time", ctx->pfe_started, ctx);
	if (ctx->n_commits > 0) {
		put_time(o, "last-configured-time", ctx->commits[0].time, ctx);
		last = json_object_get(o, "last-configured-time");
		show_text(last, "user", ctx->commits[0].user);
	}
	show_text(up, "date-time", show_time(ctx->now, when));
	show_number(up, "up-time", (uint64_t)(ctx->now - ctx->booted));
	show_number(up, "active-user-count", ctx->n_sessions);
	put_load(up, ctx);
	json_object_set_new(o, "uptime-information", up);
	json_object_set_new(tree, "system-uptime-information", o);
	return tree;
}

/* ---- commit, alarms, users -------------------------------------------------------------------- */

json_t *show_system_commit(const struct show_ctx *ctx, const json_t *args, struct vex_errs *errs)
{
	char when[SHOW_TIME_SIZE];
	json_t *tree, *list;

	if (!show_args_ok(args, no_arguments, errs))
		return NULL;
	list = show_list(&tree, "commit-information", "commit-history");
	for (size_t i = 0; i < ctx->n_commits; i++) {
		const struct show_commit *c = &ctx->commits[i];
		json_t *o = json_object();

		show_number(o, "sequence-number", i);
		show_text(o, "user", c->user);
		show_text(o, "client", c->client);
		show_text(o, "date-time", show_time(c->time, when));
		if (c->confirmed > 0)
			show_number(o, "commit-confirmed-minutes", c->confirmed);
		show_text(o, "log", c->comment);
		json_array_append_new(list, o);
	}
	if (ctx->confirm_until != 0) {
		json_t *o = json_object_get(tree, "commit-information");

		show_number(o, "rollback-pending-seconds",
			(uint64_t)(ctx->confirm_until > ctx->now ? ctx->confirm_until - ctx->now
								 : 0));
	}
	return tree;
}

static json_t *alarms(const struct show_ctx *ctx, bool chassis)
{
	char when[SHOW_TIME_SIZE];
	json_t *tree, *list = show_list(&tree, "alarm-information", "alarm-detail");
	json_t *summary = json_object();
	uint64_t n = 0;

	for (size_t i = 0; i < ctx->n_alarms; i++) {
		const struct show_alarm *a = &ctx->alarms[i];
		json_t *o;

		if (a->chassis != chassis)
			continue;
		o = json_object();
		show_text(o, "alarm-time", show_time(a->time, when));
		show_text(o, "alarm-class", a->major ? "Major" : "Minor");
		show_text(o, "alarm-description", a->text);
		show_text(o, "alarm-type", chassis ? "Chassis" : "Configuration");
		json_array_append_new(list, o);
		n++;
	}
	show_number(summary, "active-alarm-count", n);
	json_object_set_new(json_object_get(tree, "alarm-information"), "alarm-summary", summary);
	return tree;
}

json_t *show_system_alarms(const struct show_ctx *ctx, const json_t *args, struct vex_errs *errs)
{
	return show_args_ok(args, no_arguments, errs) ? alarms(ctx, false) : NULL;
}

json_t *show_chassis_alarms(const struct show_ctx *ctx, const json_t *args, struct vex_errs *errs)
{
	return show_args_ok(args, no_arguments, errs) ? alarms(ctx, true) : NULL;
}

json_t *show_system_users(const struct show_ctx *ctx, const json_t *args, struct vex_errs *errs)
{
	char when[SHOW_TIME_SIZE], ago[SHOW_AGO_SIZE];
	json_t *tree, *list, *up;

	if (!show_args_ok(args, no_arguments, errs))
		return NULL;
	list = show_list(&tree, "system-users-information", "user-entry");
	up = json_object();
	show_text(up, "date-time", show_time(ctx->now, when));
	show_number(up, "up-time", (uint64_t)(ctx->now - ctx->booted));
	show_number(up, "active-user-count", ctx->n_sessions);
	put_load(up, ctx);
	json_object_set_new(
		json_object_get(tree, "system-users-information"), "uptime-information", up);
	for (size_t i = 0; i < ctx->n_sessions; i++) {
		const struct show_session *s = &ctx->sessions[i];
		json_t *o = json_object();

		show_text(o, "user", s->user);
		show_number(o, "pid", (uint64_t)s->pid);
		show_text(o, "login-time", show_time(s->since, when));
		show_text(o, "idle-time", show_ago(ctx->now - s->active, ago));
		show_text(o, "command", s->client);
		show_text(o, "mode", s->mode);
		json_array_append_new(list, o);
	}
	return tree;
}
