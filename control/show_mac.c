/* SPDX-License-Identifier: BSD-3-Clause */
/* show ethernet-switching table|statistics, show mac-limit. */
#include <stdlib.h>
#include <string.h>

#include "control/show_util.h"

/* Which entries; -1, NULL and false: all. */
struct filter {
	int fid;
	const struct lport_set *lports; /* NULL: all */
	uint8_t mac[6];
	bool by_mac;
	bool sticky;
};

/* An entry of the table with its order. */
struct entry {
	const struct vex_op_mac *mac;
	const char *vlan;
	unsigned int vid;
};

static bool passes(const struct filter *f, const struct vex_op_mac *m)
{
	return (f->fid < 0 || m->bd == f->fid) &&
	       (f->lports == NULL ||
		       (m->lport < VEX_LPORTS_MAX && lport_set_has(f->lports, m->lport))) &&
	       (!f->by_mac || memcmp(m->mac, f->mac, 6) == 0) &&
	       (!f->sticky || m->type == VEX_MAC_STICKY);
}

static int by_vlan_and_mac(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int names = strcmp(x->vlan, y->vlan);

	return names != 0 ? names : memcmp(x->mac->mac, y->mac->mac, 6);
}

/* The names of VLANs by bridge domain, so that a table of a million is not searched each time. */
static const struct ctl_vlan **vlans_by_bd(const struct ctl_image *image)
{
	const struct ctl_vlan **by = calloc(VEX_BDS_MAX, sizeof(*by));

	for (size_t i = 0; by != NULL && i < image->n_vlans; i++)
		by[image->vlans[i].bd] = &image->vlans[i];
	return by;
}

/* All entries that pass, in the order of Junos; *n of them. NULL without memory. */
static struct entry *collect(const struct show_ctx *ctx, const struct filter *f, size_t *n)
{
	const struct show_records *d = ctx->dump;
	const struct ctl_vlan **by = vlans_by_bd(ctx->image);
	struct entry *list = by != NULL ? calloc(d[VEX_TABLE_MAC_STATIC].n +
							  d[VEX_TABLE_MAC_LEARNED].n + 1,
						  sizeof(*list))
					: NULL;

	*n = 0;
	for (int t = VEX_TABLE_MAC_STATIC; list != NULL && t <= VEX_TABLE_MAC_LEARNED; t++)
		for (size_t i = 0; i < d[t].n; i++) {
			const struct vex_op_mac *m = &d[t].ops[i].mac;
			const struct ctl_vlan *v = m->bd < VEX_BDS_MAX ? by[m->bd] : NULL;

			if (d[t].ops[i].type == VEX_OP_MAC_SET && passes(f, m))
				list[(*n)++] = (struct entry){
					m, v != NULL ? v->name : "?", v != NULL ? v->vid : m->bd};
		}
	free(by);
	if (list != NULL)
		qsort(list, *n, sizeof(*list), by_vlan_and_mac);
	return list;
}

static const char *flags_text(unsigned int type)
{
	static const char *const texts[VEX_MAC_TYPES] = {[VEX_MAC_DYNAMIC] = "D",
		[VEX_MAC_STATIC] = "S",
		[VEX_MAC_STICKY] = "P",
		[VEX_MAC_OWN] = "C"};

	return type < VEX_MAC_TYPES ? texts[type] : "?";
}

static json_t *entry_tree(const struct show_ctx *ctx, const struct entry *e)
{
	char mac[SHOW_MAC_SIZE], name[CTL_LPORT_NAME_SIZE];
	json_t *o = json_object();

	show_text(o, "l2ng-l2-mac-vlan-name", e->vlan);
	show_number(o, "l2ng-l2-vlan-id", e->vid);
	show_text(o, "l2ng-l2-mac-address", show_mac(e->mac->mac, mac));
	show_text(o, "l2ng-l2-mac-flags", flags_text(e->mac->type));
	if (e->mac->type == VEX_MAC_DYNAMIC)
		show_number(o, "l2ng-l2-mac-age", e->mac->age_seconds);
	show_format(o, "l2ng-l2-mac-logical-interface", "%s.0",
		ctl_lport_name(ctx->image, e->mac->lport, name));
	return o;
}

/* The arguments; false with an error. */
static bool filter_of(struct filter *f, struct lport_set *lports, const struct show_ctx *ctx,
	const json_t *args, struct vex_errs *errs)
{
	const char *vlan = show_arg(args, "vlan-name"), *interface = show_arg(args, "interface");
	const char *mac = show_arg(args, "address");
	const struct ctl_vlan *v;
	bool logical;

	*f = (struct filter){.fid = -1, .sticky = show_flag(args, "persistent-learning")};
	if (vlan != NULL) {
		v = show_vlan(ctx->image, vlan, errs);
		if (v == NULL)
			return false;
		f->fid = v->bd;
	}
	if (interface != NULL) {
		if (!show_select(ctx->image, interface, lports, &logical, errs))
			return false;
		f->lports = lports;
	}
	if (mac == NULL)
		return true;
	f->by_mac = show_mac_parse(mac, f->mac);
	if (!f->by_mac)
		show_error(errs, VEX_ERR_VALUE, mac,
			"`%.40s` is no MAC address; write six octets such as "
			"02:00:00:00:00:01",
			mac);
	return f->by_mac;
}

/* Secondary VLANs keep their addresses in the database of their primary. */
static void use_fid(struct filter *f, const struct ctl_image *image)
{
	for (size_t i = 0; f->fid >= 0 && i < image->n_ops; i++)
		if (image->ops[i].type == VEX_OP_VLAN_SET && image->ops[i].vlan.bd == f->fid) {
			f->fid = image->ops[i].vlan.fid_bd;
			return;
		}
}

static bool known(const struct show_ctx *ctx, struct vex_errs *errs)
{
	if (ctx->dump[VEX_TABLE_MAC_STATIC].known && ctx->dump[VEX_TABLE_MAC_LEARNED].known)
		return true;
	show_no_pfe(errs);
	return false;
}

json_t *show_mac_table(const struct show_ctx *ctx, const json_t *args, struct vex_errs *errs)
{
	static const char *const names[] = {"brief", "detail", "extensive", "summary", "vlan-name",
		"interface", "address", "persistent-learning", NULL};
	struct lport_set lports;
	struct filter f;
	struct entry *list;
	json_t *tree, *macs, *outer;
	uint64_t learned = 0;
	size_t n;

	if (!show_args_ok(args, names, errs) || !known(ctx, errs) ||
		!filter_of(&f, &lports, ctx, args, errs))
		return NULL;
	use_fid(&f, ctx->image);
	list = collect(ctx, &f, &n);
	if (list == NULL) {
		show_error(errs, VEX_ERR_INTERNAL, NULL, "out of memory");
		return NULL;
	}
	macs = show_list(&tree, "l2ng-l2ald-rtb-macdb", "l2ng-mac-entry");
	outer = json_object_get(tree, "l2ng-l2ald-rtb-macdb");
	for (size_t i = 0; i < n; i++) {
		learned += list[i].mac->type == VEX_MAC_DYNAMIC ||
			   list[i].mac->type == VEX_MAC_STICKY;
		json_array_append_new(macs, entry_tree(ctx, &list[i]));
	}
	free(list);
	show_number(outer, "mac-count-global", n);
	show_number(outer, "learnt-mac-count", learned);
	show_text(outer, "l2ng-l2-mac-routing-instance", "default-switch");
	return tree;
}

json_t *show_persistent(const struct show_ctx *ctx, const json_t *args, struct vex_errs *errs)
{
	static const char *const names[] = {"interface", NULL};
	json_t *with = json_object(), *tree;

	if (!show_args_ok(args, names, errs)) {
		json_decref(with);
		return NULL;
	}
	show_text(with, "interface", show_arg(args, "interface"));
	json_object_set_new(with, "persistent-learning", json_true());
	tree = show_mac_table(ctx, with, errs);
	json_decref(with);
	return tree;
}

/* ---- Statistics ------------------------------------------------------------------------------- */

/* Addresses on each logical port. */
static void count_by_lport(const struct show_ctx *ctx, uint64_t counts[VEX_LPORTS_MAX])
{
	memset(counts, 0, VEX_LPORTS_MAX * sizeof(*counts));
	for (int t = VEX_TABLE_MAC_STATIC; t <= VEX_TABLE_MAC_LEARNED; t++)
		for (size_t i = 0; i < ctx->dump[t].n; i++)
			if (ctx->dump[t].ops[i].mac.lport < VEX_LPORTS_MAX)
				counts[ctx->dump[t].ops[i].mac.lport]++;
}

static void put_counts(json_t *o, const struct show_ctx *ctx, unsigned int lport)
{
	const struct ctl_lag *lag = show_lag(ctx->image, lport);
	unsigned int n = lag != NULL ? lag->n_ports : 1;
	uint64_t in = 0, out = 0, over = 0;

	for (unsigned int i = 0; i < n; i++) {
		struct port_counters c;

		show_live_port(ctx->live, ctx->cnt, lag != NULL ? lag->ports[i] : lport, &c);
		in += c.rx_packets;
		out += c.tx_packets;
		over += c.mac_limit_exceeded;
	}
	show_number(o, "input-packets", in);
	show_number(o, "output-packets", out);
	show_number(o, "mac-limit-exceeded-packets", over);
}

static uint64_t limit_of(const struct show_ctx *ctx, const struct vex_op_lport *op)
{
	uint32_t all = chassis_scale(ctx->image->chassis)->macs;

	return op != NULL && op->mac_limit < all ? op->mac_limit : all;
}

json_t *show_mac_statistics(const struct show_ctx *ctx, const json_t *args, struct vex_errs *errs)
{
	static const char *const names[] = {"interface", "mac-learning", NULL};
	uint64_t counts[VEX_LPORTS_MAX];
	char name[CTL_LPORT_NAME_SIZE];
	struct counters *sum;
	struct lport_set set;
	struct show_conf *c;
	json_t *tree, *list, *outer;
	bool logical;

	if (!show_args_ok(args, names, errs) || !known(ctx, errs) ||
		!show_select(ctx->image, show_arg(args, "interface"), &set, &logical, errs))
		return NULL;
	c = show_conf(ctx);
	sum = calloc(1, sizeof(*sum));
	if (c == NULL || sum == NULL) {
		free(c);
		free(sum);
		show_error(errs, VEX_ERR_INTERNAL, NULL, "out of memory");
		return NULL;
	}
	list = show_list(&tree, "l2ng-l2ald-statistics", "l2ng-interface-statistics");
	outer = json_object_get(tree, "l2ng-l2ald-statistics");
	count_by_lport(ctx, counts);
	show_live_switch(ctx->live, ctx->cnt, sum);
	show_number(outer, "mac-learned", sum->mac_learned);
	show_number(outer, "mac-moved", sum->mac_moved);
	show_number(outer, "mac-table-full", sum->mac_no_resource);
	SHOW_LPORTS(i)
	{
		json_t *o;

		if (!lport_set_has(&set, i) || !lport_set_has(&c->bridged, i))
			continue;
		o = json_object();
		show_format(o, "interface-name", "%s.0", ctl_lport_name(ctx->image, i, name));
		show_number(o, "local-index", show_ifindex(i, true) - 372);
		put_counts(o, ctx, i);
		show_number(o, "current-mac-count", counts[i]);
		show_number(o, "mac-limit", limit_of(ctx, c->lport[i]));
		json_array_append_new(list, o);
	}
	free(c);
	free(sum);
	return tree;
}

/* ---- Limits ----------------------------------------------------------------------------------- */

static const char *action_text(unsigned int action)
{
	static const char *const texts[VEX_LIMIT_ACTIONS] = {[VEX_LIMIT_NONE] = "none",
		[VEX_LIMIT_LOG] = "log",
		[VEX_LIMIT_DROP] = "drop",
		[VEX_LIMIT_DROP_AND_LOG] = "drop-and-log",
		[VEX_LIMIT_SHUTDOWN] = "shutdown"};

	return action < VEX_LIMIT_ACTIONS ? texts[action] : "?";
}

/* Addresses that count towards limits, so that thousands of limits look at the table once. */
struct tally {
	uint32_t all;
	uint32_t bd[VEX_BDS_MAX];
	uint32_t lport[VEX_LPORTS_MAX];
	uint32_t both[VEX_BDS_MAX][VEX_LPORTS_MAX];
};

static void count(struct tally *tally, const struct show_records *d)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct vex_op_mac *m = &d->ops[i].mac;

		if (m->type == VEX_MAC_OWN || m->bd >= VEX_BDS_MAX || m->lport >= VEX_LPORTS_MAX)
			continue;
		tally->all++;
		tally->bd[m->bd]++;
		tally->lport[m->lport]++;
		tally->both[m->bd][m->lport]++;
	}
}

static void add_limit(json_t *list, const struct ctl_image *image, unsigned int bd,
	unsigned int lport, const uint32_t what[2], uint32_t n)
{
	const struct ctl_vlan *vlan = bd != VEX_BD_NONE ? ctl_vlan_by_bd(image, bd) : NULL;
	char name[CTL_LPORT_NAME_SIZE];
	json_t *o;

	if (what[0] == VEX_MAC_UNLIMITED)
		return;
	o = json_object();
	if (lport != VEX_LPORT_NONE)
		show_format(o, "interface-name", "%s.0", ctl_lport_name(image, lport, name));
	show_text(o, "vlan-name", vlan != NULL ? vlan->name : NULL);
	show_number(o, "mac-limit", what[0]);
	show_text(o, "mac-limit-action", action_text(what[1]));
	show_number(o, "current-mac-count", n);
	json_array_append_new(list, o);
}

/* The limit that an operation sets, if it sets one. Numbers come from state_ops.c. */
static void add_limit_of(
	json_t *list, const struct ctl_image *image, const struct vex_op *op, const struct tally *t)
{
	const struct vex_op_vlan_port_limit *p = &op->vlan_port_limit;

	if (op->type == VEX_OP_SWITCH_SET)
		add_limit(list, image, VEX_BD_NONE, VEX_LPORT_NONE,
			(uint32_t[]){op->sw.mac_limit, op->sw.mac_action}, t->all);
	else if (op->type == VEX_OP_VLAN_SET)
		add_limit(list, image, op->vlan.bd, VEX_LPORT_NONE,
			(uint32_t[]){op->vlan.mac_limit, op->vlan.mac_action}, t->bd[op->vlan.bd]);
	else if (op->type == VEX_OP_LPORT_SET)
		add_limit(list, image, VEX_BD_NONE, op->lport.lport,
			(uint32_t[]){op->lport.mac_limit, op->lport.mac_action},
			t->lport[op->lport.lport]);
	else if (op->type == VEX_OP_VLAN_PORT_LIMIT)
		add_limit(list, image, p->bd, p->lport, (uint32_t[]){p->mac_limit, p->mac_action},
			t->both[p->bd][p->lport]);
}

json_t *show_mac_limit(const struct show_ctx *ctx, const json_t *args, struct vex_errs *errs)
{
	static const char *const names[] = {NULL};
	struct tally *tally;
	json_t *tree, *list;

	if (!show_args_ok(args, names, errs) || !known(ctx, errs))
		return NULL;
	tally = calloc(1, sizeof(*tally));
	if (tally == NULL) {
		show_error(errs, VEX_ERR_INTERNAL, NULL, "out of memory");
		return NULL;
	}
	count(tally, &ctx->dump[VEX_TABLE_MAC_STATIC]);
	count(tally, &ctx->dump[VEX_TABLE_MAC_LEARNED]);
	list = show_list(&tree, "mac-limit-information", "mac-limit-entry");
	for (size_t i = 0; i < ctx->image->n_ops; i++)
		add_limit_of(list, ctx->image, &ctx->image->ops[i], tally);
	free(tally);
	return tree;
}
