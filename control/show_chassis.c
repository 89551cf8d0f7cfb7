/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * show chassis hardware|environment|fpc|routing-engine. There is no box: what a box would have in
 * the way of parts is named as the chassis model has it, with "Virtual" for numbers of parts, and
 * nothing that looks like a reading is made up.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/show_util.h"

#define PIC_SIZE 96

static const char *const no_arguments[] = {NULL};

static json_t *part(const char *name, const char *number, const char *serial, const char *text)
{
	json_t *o = json_object();

	show_text(o, "name", name);
	show_text(o, "part-number", number);
	show_text(o, "serial-number", serial);
	show_text(o, "description", text);
	return o;
}

/* "EX4400-24T": the model as it is printed on the box. */
static const char *model_text(const struct show_ctx *ctx, char buf[32])
{
	snprintf(buf, 32, "%s", chassis_model(ctx->image->chassis));
	for (char *p = buf; *p != '\0'; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
	return buf;
}

static const char *media_text(enum chassis_media media)
{
	static const char *const texts[] = {
		[CHASSIS_COPPER] = "10/100/1000 Base-T",
		[CHASSIS_MULTIGIG] = "Multi-Gig Base-T",
		[CHASSIS_SFP] = "SFP",
		[CHASSIS_SFP_PLUS] = "SFP+",
		[CHASSIS_SFP28] = "SFP28",
		[CHASSIS_QSFP28] = "QSFP28",
		[CHASSIS_CHANNEL] = "QSFP28", /* of which it is a lane */
	};

	return texts[media];
}

/* "36xSFP, 12xSFP+", counted from the ports themselves; NULL if the PIC has none. */
static const char *pic_text(const struct show_ctx *ctx, unsigned int pic, char buf[PIC_SIZE])
{
	const struct chassis *c = ctx->image->chassis;
	unsigned int n = 0, last = UINT32_MAX;
	const char *kind = NULL;
	size_t len = 0;

	buf[0] = '\0';
	for (unsigned int i = 0; i <= chassis_port_count(c); i++) {
		const struct chassis_port *p = chassis_port(c, i);
		bool here = p != NULL && p->pic == pic;

		if (kind != NULL && (!here || strcmp(kind, media_text(p->media)) != 0)) {
			len += (size_t)snprintf(
				buf + len, PIC_SIZE - len, "%s%ux%s", len > 0 ? ", " : "", n, kind);
			kind = NULL;
			n = 0;
			if (len >= PIC_SIZE)
				break;
		}
		/* The channels of a port are one port. */
		if (!here || p->number == last)
			continue;
		kind = media_text(p->media);
		last = p->number;
		n++;
	}
	return len > 0 ? buf : NULL;
}

json_t *show_chassis_hardware(const struct show_ctx *ctx, const json_t *args, struct vex_errs *errs)
{
	static const char *const names[] = {NULL};
	char model[32], serial[SHOW_MAC_SIZE] = "", text[PIC_SIZE], pic_name[16];
	json_t *tree, *o, *modules, *fpc, *pics;

	if (!show_args_ok(args, names, errs))
		return NULL;
	model_text(ctx, model);
	if (ctx->platform != NULL)
		show_mac(ctx->platform->base_mac, serial);
	tree = json_object();
	o = part("Chassis", NULL, *serial != '\0' ? serial : "Virtual", model);
	modules = json_array();
	pics = json_array();
	json_array_append_new(
		modules, part("Routing Engine 0", "Virtual", "Virtual", "vEX Routing Engine"));
	fpc = part("FPC 0", "Virtual", "Virtual", model);
	json_array_append_new(pics, part("CPU", "Virtual", "Virtual", "FPC CPU"));
	for (unsigned int pic = 0; pic <= 2; pic++) {
		if (pic_text(ctx, pic, text) == NULL)
			continue;
		snprintf(pic_name, sizeof(pic_name), "PIC %u", pic);
		json_array_append_new(pics, part(pic_name, "Virtual", "Virtual", text));
	}
	json_object_set_new(fpc, "chassis-sub-module", pics);
	json_array_append_new(modules, fpc);
	json_array_append_new(modules, part("Power Supply 0", NULL, NULL, "Virtual"));
	json_array_append_new(modules, part("Power Supply 1", NULL, NULL, "Virtual"));
	json_array_append_new(modules, part("Fan Tray 0", NULL, NULL, "Virtual"));
	json_array_append_new(modules, part("Fan Tray 1", NULL, NULL, "Virtual"));
	json_object_set_new(o, "chassis-module", modules);
	json_object_set_new(tree, "chassis-inventory", json_pack("{s:o}", "chassis", o));
	return tree;
}

/* ---- Environment ------------------------------------------------------------------------------ */

json_t *show_chassis_environment(
	const struct show_ctx *ctx, const json_t *args, struct vex_errs *errs)
{
	/* State of the model, as of a box in good health: nobody can pull a part out of it yet. */
	static const struct {
		const char *class, *name, *status;
	} items[] = {{"Power", "FPC 0 Power Supply 0", "OK"},
		{"Power", "FPC 0 Power Supply 1", "OK"}, {"Temp", "FPC 0 Sensor", "OK"},
		{"Fans", "FPC 0 Fan Tray 0", "OK"}, {"Fans", "FPC 0 Fan Tray 1", "OK"}};
	json_t *tree, *list;

	(void)ctx;
	if (!show_args_ok(args, no_arguments, errs))
		return NULL;
	list = show_list(&tree, "environment-information", "environment-item");
	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++)
		json_array_append_new(list,
			json_pack("{s:s, s:s, s:s, s:s}", "name", items[i].name, "class",
				items[i].class, "status", items[i].status, "comment", "Virtual"));
	return tree;
}

/* ---- FPC -------------------------------------------------------------------------------------- */

static const struct show_process *process(const struct show_ctx *ctx, const char *name)
{
	for (size_t i = 0; i < ctx->n_processes; i++)
		if (strcmp(ctx->processes[i].name, name) == 0)
			return &ctx->processes[i];
	return NULL;
}

/* Busy clocks of all clocks of the workers, since vex-pfe began; -1 if nothing is known. */
static int busy_percent(const struct vex_cnt *cnt)
{
	double busy = 0, all = 0;

	for (uint32_t w = 0; cnt != NULL && w < vex_cnt_workers(cnt); w++) {
		double b = (double)__atomic_load_n(&cnt->worker[w].busy_clocks, __ATOMIC_RELAXED);
		double i = (double)__atomic_load_n(&cnt->worker[w].idle_clocks, __ATOMIC_RELAXED);

		busy += b;
		all += b + i;
	}
	return all > 0 ? (int)(busy * 100 / all + 0.5) : -1;
}

static void put_workers(json_t *o, const struct vex_cnt *cnt)
{
	json_t *list = json_array();

	for (uint32_t w = 0; cnt != NULL && w < vex_cnt_workers(cnt); w++)
		json_array_append_new(list,
			json_pack("{s:i, s:i}", "worker", (int)w, "cpu", (int)cnt->worker[w].cpu));
	json_object_set_new(o, "worker-information", list);
}

json_t *show_chassis_fpc(const struct show_ctx *ctx, const json_t *args, struct vex_errs *errs)
{
	static const char *const names[] = {"detail", "pic-status", NULL};
	const struct show_process *pfe = process(ctx, "vex-pfe");
	char when[SHOW_TIME_SIZE], ago[SHOW_AGO_SIZE], text[PIC_SIZE];
	bool online = ctx->cnt != NULL && ctx->installed;
	struct show_proc p;
	json_t *tree, *list, *o, *pics;

	if (!show_args_ok(args, names, errs))
		return NULL;
	list = show_list(&tree, "fpc-information", "fpc");
	o = json_object();
	pics = json_array();
	show_number(o, "slot", 0);
	show_text(o, "state", online ? "Online" : ctx->cnt != NULL ? "Present" : "Offline");
	show_text(o, "temperature", "Virtual");
	if (busy_percent(ctx->cnt) >= 0)
		show_number(o, "cpu-total", (uint64_t)busy_percent(ctx->cnt));
	if (pfe != NULL && show_proc_read(ctx, pfe->pid, &p))
		show_number(o, "memory-dram-size", p.rss_kb / 1024);
	if (ctx->cnt != NULL) {
		show_number(o, "memory-buffer-size",
			__atomic_load_n(&ctx->cnt->pfe.memory_kb, __ATOMIC_RELAXED) / 1024);
		show_number(o, "simd-width",
			__atomic_load_n(&ctx->cnt->pfe.simd_bits, __ATOMIC_RELAXED));
		show_number(o, "table-generation",
			__atomic_load_n(&ctx->cnt->pfe.generation, __ATOMIC_RELAXED));
	}
	if (ctx->pfe_started != 0) {
		show_text(o, "start-time", show_time(ctx->pfe_started, when));
		show_text(o, "up-time", show_ago(ctx->now - ctx->pfe_started, ago));
	}
	put_workers(o, ctx->cnt);
	for (unsigned int pic = 0; pic <= 2; pic++)
		if (pic_text(ctx, pic, text) != NULL)
			json_array_append_new(pics,
				json_pack("{s:i, s:s, s:s}", "pic-slot", (int)pic, "pic-state",
					online ? "Online" : "Offline", "pic-type", text));
	json_object_set_new(o, "pic", pics);
	json_array_append_new(list, o);
	return tree;
}

json_t *show_chassis_routing_engine(
	const struct show_ctx *ctx, const json_t *args, struct vex_errs *errs)
{
	const struct show_process *re = process(ctx, "vex-re");
	char when[SHOW_TIME_SIZE], ago[SHOW_AGO_SIZE], model[32], *load;
	json_t *tree, *list, *o;
	struct show_proc p;
	double l[3];

	if (!show_args_ok(args, no_arguments, errs))
		return NULL;
	list = show_list(&tree, "route-engine-information", "route-engine");
	o = json_object();
	show_number(o, "slot", 0);
	show_text(o, "mastership-state", "Master");
	show_text(o, "model", model_text(ctx, model));
	show_text(o, "serial-number", "Virtual");
	if (re != NULL && show_proc_read(ctx, re->pid, &p)) {
		show_number(o, "process-memory", p.rss_kb / 1024);
		if (ctx->now > ctx->started)
			show_format(o, "cpu-average", "%.1f",
				p.cpu_seconds * 100 / (double)(ctx->now - ctx->started));
	}
	show_text(o, "start-time", show_time(ctx->started, when));
	show_text(o, "up-time", show_ago(ctx->now - ctx->started, ago));
	load = show_file(ctx->proc_dir != NULL ? ctx->proc_dir : "/proc", "loadavg");
	if (load != NULL && sscanf(load, "%lf %lf %lf", &l[0], &l[1], &l[2]) == 3) {
		show_format(o, "load-average-one", "%.2f", l[0]);
		show_format(o, "load-average-five", "%.2f", l[1]);
		show_format(o, "load-average-fifteen", "%.2f", l[2]);
	}
	free(load);
	json_array_append_new(list, o);
	return tree;
}
