/* SPDX-License-Identifier: BSD-3-Clause */
/* show pfe statistics traffic|drops|stages. */
#include <stdlib.h>
#include <string.h>

#include "control/show_util.h"
#include "dataplane/drop.h"

static const struct {
	const char *name;
	const char *text;
} stages[] = {
#define STAGE(walk, name, feature, text) {#name, text},
#include "dataplane/pipeline.def"
#undef STAGE
};

_Static_assert(sizeof(stages) / sizeof(stages[0]) <= VEX_STAGES_MAX, "every stage has a counter");

/* All ports together. */
struct sums {
	struct port_counters port;
	struct show_rates rates;
	uint64_t missed, errors, no_buffer;
};

static void sum_ports(const struct show_ctx *ctx, struct sums *sum)
{
	uint64_t *to = (uint64_t *)(void *)&sum->port;

	memset(sum, 0, sizeof(*sum));
	for (unsigned int i = 0; i < chassis_port_count(ctx->image->chassis); i++) {
		struct show_rates rates = show_live_rates(ctx->live, i);
		const struct vex_cnt_port *device = &ctx->cnt->port[i];
		struct port_counters one;
		const uint64_t *from = (const uint64_t *)(const void *)&one;

		show_live_port(ctx->live, ctx->cnt, i, &one);
		for (size_t w = 0; w < sizeof(one) / sizeof(*to); w++)
			to[w] += from[w];
		sum->rates.rx_packets += rates.rx_packets;
		sum->rates.tx_packets += rates.tx_packets;
		sum->missed += __atomic_load_n(&device->device_missed, __ATOMIC_RELAXED);
		sum->errors += __atomic_load_n(&device->device_errors, __ATOMIC_RELAXED);
		sum->no_buffer += __atomic_load_n(&device->no_buffer, __ATOMIC_RELAXED);
	}
}

static json_t *traffic(const struct show_ctx *ctx, const struct sums *sum)
{
	struct counters *all = calloc(1, sizeof(*all));
	json_t *o = json_object(), *local = json_object(), *hardware = json_object();

	show_number(o, "pfe-input-packets", sum->port.rx_packets);
	show_number(o, "input-pps", sum->rates.rx_packets);
	show_number(o, "pfe-output-packets", sum->port.tx_packets);
	show_number(o, "output-pps", sum->rates.tx_packets);
	show_number(local, "pfe-input-packets", sum->port.punted);
	if (all != NULL) {
		show_live_switch(ctx->live, ctx->cnt, all);
		show_number(local, "pfe-output-packets", all->injected);
		show_number(local, "generated-packets", all->generated);
		show_number(local, "replicated-copies", all->copies);
	}
	free(all);
	show_number(hardware, "device-missed", sum->missed);
	show_number(hardware, "device-errors", sum->errors);
	show_number(hardware, "no-packet-buffer", sum->no_buffer);
	return json_pack("{s:o, s:o, s:o}", "pfe-traffic-statistics", o,
		"pfe-local-traffic-statistics", local, "pfe-hardware-discard-statistics", hardware);
}

static void put_drops(json_t *list, const char *port, const struct port_counters *c)
{
	static const char *const sides[] = {
		[DROP_SIDE_IN] = "input", [DROP_SIDE_OUT] = "output", [DROP_SIDE_QUEUE] = "queue"};

	for (unsigned int r = 1; r < DROP_REASONS; r++) {
		json_t *o;

		if (c->drops[r] == 0)
			continue;
		o = json_pack("{s:s, s:s, s:s, s:I}", "drop-reason", drop_name(r), "drop-direction",
			sides[drop_side(r)], "drop-text", drop_text(r), "drop-packets",
			(json_int_t)c->drops[r]);
		show_text(o, "interface-name", port);
		json_array_append_new(list, o);
	}
}

static json_t *drops(const struct show_ctx *ctx, const struct sums *sum, const char *pattern,
	struct vex_errs *errs)
{
	char name[CTL_LPORT_NAME_SIZE];
	struct lport_set set;
	json_t *list = json_array();
	bool logical;

	if (pattern == NULL) {
		put_drops(list, NULL, &sum->port);
		return json_pack("{s:o}", "pfe-drop-statistics", list);
	}
	if (!show_select(ctx->image, pattern, &set, &logical, errs)) {
		json_decref(list);
		return NULL;
	}
	for (unsigned int i = 0; i < chassis_port_count(ctx->image->chassis); i++) {
		struct port_counters c;

		if (!lport_set_has(&set, i))
			continue;
		show_live_port(ctx->live, ctx->cnt, i, &c);
		put_drops(list, ctl_lport_name(ctx->image, i, name), &c);
	}
	return json_pack("{s:o}", "pfe-drop-statistics", list);
}

static json_t *stage_tree(const struct show_ctx *ctx)
{
	uint64_t packets[VEX_STAGES_MAX], clocks[VEX_STAGES_MAX];
	json_t *list = json_array();

	show_live_stages(ctx->live, ctx->cnt, packets, clocks);
	for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++) {
		json_t *o = json_object();

		show_text(o, "stage", stages[i].name);
		show_text(o, "stage-text", stages[i].text);
		show_number(o, "packets", packets[i]);
		show_number(o, "clocks", clocks[i]);
		if (packets[i] > 0 && clocks[i] > 0)
			show_format(o, "clocks-per-packet", "%.1f",
				(double)clocks[i] / (double)packets[i]);
		json_array_append_new(list, o);
	}
	return json_pack("{s:o}", "pfe-stage-statistics", list);
}

json_t *show_pfe_statistics(const struct show_ctx *ctx, const json_t *args, struct vex_errs *errs)
{
	static const char *const names[] = {"traffic", "drops", "stages", "interface", NULL};
	json_t *inner;
	struct sums *sum;

	if (!show_args_ok(args, names, errs))
		return NULL;
	if (ctx->cnt == NULL) {
		show_no_pfe(errs);
		return NULL;
	}
	sum = calloc(1, sizeof(*sum));
	if (sum == NULL) {
		show_error(errs, VEX_ERR_INTERNAL, NULL, "out of memory");
		return NULL;
	}
	sum_ports(ctx, sum);
	if (show_flag(args, "drops"))
		inner = drops(ctx, sum, show_arg(args, "interface"), errs);
	else if (show_flag(args, "stages"))
		inner = stage_tree(ctx);
	else
		inner = traffic(ctx, sum);
	free(sum);
	return inner != NULL ? json_pack("{s:o}", "pfe-statistics", inner) : NULL;
}
