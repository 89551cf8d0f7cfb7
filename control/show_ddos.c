/* SPDX-License-Identifier: BSD-3-Clause */
/* show ddos-protection protocols: policers of what is punted, and what they did. */
#include <stdlib.h>
#include <string.h>

#include "control/show_util.h"
#include "dataplane/punt.h"

static struct punt_rate rate_of(const struct ctl_image *image, unsigned int protocol)
{
	for (size_t i = 0; i < image->n_ops; i++) {
		const struct vex_op *op = &image->ops[i];

		if (op->type == VEX_OP_PUNT_SET && op->punt.protocol == protocol)
			return (struct punt_rate){op->punt.pps, op->punt.burst};
	}
	return punt_default(protocol);
}

/* Junos knows whether the rate is exceeded now; whoever does not watch knows only that it was. */
static const char *state_of(const struct ddos_protocol *seen, const struct punt_counters *c)
{
	if (seen != NULL && seen->violated)
		return "violated-now";
	return c->dropped > 0 ? "violated" : "ok";
}

static bool is_violated(const struct show_ctx *ctx, unsigned int protocol, uint64_t dropped)
{
	return ctx->ddos != NULL ? ctx->ddos->of[protocol].violated : dropped > 0;
}

static json_t *protocol_tree(
	const struct show_ctx *ctx, unsigned int protocol, const struct punt_counters *c)
{
	const struct ddos_protocol *seen = ctx->ddos != NULL ? &ctx->ddos->of[protocol] : NULL;
	json_t *o = json_object(), *inner = json_object(), *limits = json_object();
	json_t *statistics;
	struct punt_rate rate = rate_of(ctx->image, protocol), usual = punt_default(protocol);

	show_text(inner, "packet-type", "aggregate");
	show_text(inner, "packet-type-description", punt_text(protocol));
	if (rate.pps == 0) {
		show_text(limits, "policer-bandwidth", "unlimited");
	} else {
		show_number(limits, "policer-bandwidth", rate.pps);
		show_number(limits, "policer-burst", rate.burst);
	}
	show_text(limits, "configured",
		rate.pps == usual.pps && rate.burst == usual.burst ? "No" : "Yes");
	json_object_set_new(inner, "ddos-basic-parameters", limits);
	statistics = json_pack("{s:I, s:I, s:I}", "packet-received", (json_int_t)c->received,
		"packet-dropped", (json_int_t)c->dropped, "packet-passed",
		(json_int_t)(c->received - c->dropped));
	if (seen != NULL) {
		show_number(statistics, "packet-arrival-rate", seen->rate);
		show_number(statistics, "packet-arrival-rate-max", seen->peak);
		show_number(statistics, "violation-count", seen->times);
	}
	json_object_set_new(inner, "ddos-system-statistics", statistics);
	show_text(inner, "protocol-state", state_of(seen, c));
	show_text(o, "group-name", punt_name(protocol));
	json_object_set_new(o, "ddos-protocol", json_pack("[o]", inner));
	return o;
}

json_t *show_ddos(const struct show_ctx *ctx, const json_t *args, struct vex_errs *errs)
{
	static const char *const names[] = {
		"statistics", "violations", "parameters", "protocol", NULL};
	const char *only = show_arg(args, "protocol");
	struct counters *all;
	json_t *tree, *list, *outer;
	uint64_t n = 0, violated = 0;

	if (!show_args_ok(args, names, errs))
		return NULL;
	if (only != NULL && punt_find(only) < 0) {
		show_error(errs, VEX_ERR_NOT_FOUND, only, "there is no protocol group %.40s", only);
		return NULL;
	}
	all = calloc(1, sizeof(*all));
	if (all == NULL) {
		show_error(errs, VEX_ERR_INTERNAL, NULL, "out of memory");
		return NULL;
	}
	show_live_switch(ctx->live, ctx->cnt, all);
	list = show_list(&tree, "ddos-protocols-information", "ddos-protocol-group");
	outer = json_object_get(tree, "ddos-protocols-information");
	for (unsigned int p = 0; p < PUNT_PROTOCOLS; p++) {
		if (only != NULL && punt_find(only) != (int)p)
			continue;
		n++;
		violated += is_violated(ctx, p, all->punt[p].dropped);
		if (!show_flag(args, "violations") || all->punt[p].dropped > 0)
			json_array_append_new(list, protocol_tree(ctx, p, &all->punt[p]));
	}
	free(all);
	show_number(outer, "total-packet-types", n);
	show_number(outer, "mod-packet-types", violated);
	return tree;
}
