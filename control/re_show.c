/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Requests about what is: show, clear, request, and names for completion. What they do is in the
 * tables of show.h; here the tables of vex-pfe that they want are read before, and what a clear
 * wants done is done after.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/re.h"
#include "control/re_view.h"
#include "control/show.h"

/* A request while tables are read for it. */
struct look {
	struct re *re;
	struct re_call *call;
	const struct show_what *show; /* one of the two; neither: names are completed */
	const struct clear_what *clear;
	uint32_t wanted; /* tables still to be read, SHOW_TABLE() */
	unsigned int reading;
	struct show_records records[VEX_TABLES];
	struct clear_ops ops;
};

static void look_free(struct look *look)
{
	for (unsigned int t = 0; t < VEX_TABLES; t++)
		free((void *)(uintptr_t)look->records[t].ops);
	free(look->ops.ops);
	free(look);
}

static void answer_tree(struct look *look, struct re_view *view)
{
	struct vex_errs errs = {0};
	json_t *tree = look->show->make(
		&view->ctx, json_object_get(look->call->args, "args"), &errs);

	if (tree != NULL)
		re_call_ok(look->call, tree);
	else
		re_call_errors(look->call, &errs);
	vex_errs_free(&errs);
	look_free(look);
}

static void on_cleared(void *ctx, const struct re_sync_result *result)
{
	struct look *look = ctx;

	if (result->ok)
		re_call_ok(look->call, NULL);
	else
		re_call_fail(look->call, VEX_ERR_INTERNAL, NULL, NULL, "%s", result->text);
	look_free(look);
}

static void clear(struct look *look, struct re_view *view)
{
	struct vex_errs errs = {0};
	bool ok = look->clear->make(
		&view->ctx, json_object_get(look->call->args, "args"), &look->ops, &errs);

	if (ok && look->ops.n > 0 &&
		re_pfe_apply(look->re, look->ops.ops, look->ops.n, on_cleared, look))
		return;
	if (ok && look->ops.n > 0)
		re_call_fail(look->call, VEX_ERR_INTERNAL, NULL, NULL, "vex-pfe is not ready (%s)",
			re_pfe_state(look->re));
	else if (ok)
		re_call_ok(look->call, NULL);
	else
		re_call_errors(look->call, &errs);
	vex_errs_free(&errs);
	look_free(look);
}

static void complete(struct look *look, struct re_view *view)
{
	const char *kind = re_arg_text(look->call, "kind");
	const char *prefix = re_arg_text(look->call, "prefix");

	re_call_ok(look->call, json_pack("{s:o}", "names",
				       show_complete(&view->ctx, kind != NULL ? kind : "",
					       prefix != NULL ? prefix : "")));
	look_free(look);
}

/* All tables are there, or cannot be had. */
static void finish(struct look *look)
{
	struct re_view *view = malloc(sizeof(*view));

	if (view == NULL) {
		re_call_fail(look->call, VEX_ERR_INTERNAL, NULL, NULL, "out of memory");
		look_free(look);
		return;
	}
	re_view_fill(view, look->re);
	memcpy(view->ctx.dump, look->records, sizeof(look->records));
	if (look->show != NULL)
		answer_tree(look, view);
	else if (look->clear != NULL)
		clear(look, view);
	else
		complete(look, view);
	free(view);
}

static void read_next(struct look *look);

static void on_records(void *ctx, const struct re_dump_result *result)
{
	struct look *look = ctx;
	struct show_records *to = &look->records[look->reading];
	struct vex_op *copy = NULL;

	if (result->error == NULL)
		copy = malloc((result->n + 1) * sizeof(*copy));
	if (copy != NULL) {
		if (result->n > 0)
			memcpy(copy, result->records, result->n * sizeof(*copy));
		*to = (struct show_records){.ops = copy, .n = result->n, .known = true};
	}
	read_next(look);
}

/* A table that cannot be read stays unknown, and the command says so. */
static void read_next(struct look *look)
{
	while (look->wanted != 0) {
		struct vex_op_dump what = {.bd = VEX_BD_NONE, .lport = VEX_LPORT_NONE};

		look->reading = (unsigned int)__builtin_ctz(look->wanted);
		look->wanted &= look->wanted - 1;
		what.table = (uint16_t)look->reading;
		if (re_pfe_dump(look->re, &what, on_records, look))
			return;
	}
	finish(look);
}

static void look_start(struct re_call *call, const struct show_what *show,
	const struct clear_what *clear_entry, uint32_t wanted)
{
	struct look *look = calloc(1, sizeof(*look));

	if (look == NULL) {
		re_call_fail(call, VEX_ERR_INTERNAL, NULL, NULL, "out of memory");
		return;
	}
	*look = (struct look){
		.re = call->re, .call = call, .show = show, .clear = clear_entry, .wanted = wanted};
	read_next(look);
}

/* The argument `what`; answered if it is not there. */
static const char *what_of(struct re_call *call)
{
	const char *what = re_arg_text(call, "what");

	if (what == NULL)
		re_call_fail(call, VEX_ERR_MISSING, "what", NULL, "say what: `what`");
	return what;
}

void re_rpc_show(struct re_call *call)
{
	const char *what = what_of(call);
	const struct show_what *entry = what != NULL ? show_find(what) : NULL;

	if (entry != NULL)
		look_start(
			call, entry, NULL, show_needs(entry, json_object_get(call->args, "args")));
	else if (what != NULL)
		re_call_fail(call, VEX_ERR_UNKNOWN, "what", what, "there is no '%s' to show", what);
}

void re_rpc_clear(struct re_call *call)
{
	const char *what = what_of(call);
	const struct clear_what *entry = what != NULL ? clear_find(what) : NULL;

	if (entry != NULL)
		look_start(call, NULL, entry, entry->needs_tables);
	else if (what != NULL)
		re_call_fail(
			call, VEX_ERR_UNKNOWN, "what", what, "there is no '%s' to clear", what);
}

/* ---- Requests to processes --------------------------------------------------------------------- */

static void carry_out(struct re *re, enum show_request request)
{
	static const char *const names[] = {
		[SHOW_RESTART_PFE] = "restart-forwarding",
		[SHOW_RESTART_RE] = "restart-routing",
		[SHOW_REBOOT] = "reboot",
		[SHOW_HALT] = "halt",
	};

	if (request != SHOW_REQUEST_NONE)
		re_report(re, json_pack("{s:s}", "request", names[request]));
}

void re_rpc_request(struct re_call *call)
{
	const char *what = what_of(call), *text = NULL;
	const struct request_what *entry = what != NULL ? request_find(what) : NULL;
	enum show_request request;
	struct vex_errs errs = {0};
	struct re *re = call->re;
	struct re_view *view;

	if (entry == NULL) {
		if (what != NULL)
			re_call_fail(call, VEX_ERR_UNKNOWN, "what", what,
				"there is no request '%s'", what);
		return;
	}
	view = malloc(sizeof(*view));
	if (view == NULL) {
		re_call_fail(call, VEX_ERR_INTERNAL, NULL, NULL, "out of memory");
		return;
	}
	re_view_fill(view, re);
	request = entry->make(&view->ctx, json_object_get(call->args, "args"), &text, &errs);
	if (vex_errs_any(&errs)) {
		re_call_errors(call, &errs);
	} else {
		re_call_ok(call, json_pack("{s:s}", "text", text != NULL ? text : ""));
		carry_out(re, request);
	}
	vex_errs_free(&errs);
	free(view);
}

/* ---- Completion -------------------------------------------------------------------------------- */

void re_rpc_complete(struct re_call *call)
{
	const char *kind = re_arg_text(call, "kind");
	bool macs = kind != NULL && strcmp(kind, "mac") == 0;

	look_start(call, NULL, NULL,
		macs ? SHOW_TABLE(VEX_TABLE_MAC_STATIC) | SHOW_TABLE(VEX_TABLE_MAC_LEARNED) : 0);
}
