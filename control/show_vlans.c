/* SPDX-License-Identifier: BSD-3-Clause */
/* show vlans. */
#include <stdlib.h>
#include <string.h>

#include "control/show_util.h"
#include "control/state.h"

static const struct lyd_node *find_vlan(const struct cfg *cfg, const char *name)
{
	const struct lyd_node *v = cfg != NULL ? state_find(cfg_data(cfg), "vlans/vlan") : NULL;

	while (v != NULL && strcmp(state_value(v), name) != 0)
		v = state_next(v);
	return v;
}

/* Ports that bridge and forward are marked with an asterisk, as in Junos. */
static json_t *members(
	const struct show_ctx *ctx, const struct show_conf *c, unsigned int bd, unsigned int n[2])
{
	char name[CTL_LPORT_NAME_SIZE];
	json_t *list = json_array();

	n[0] = n[1] = 0;
	SHOW_LPORTS(i)
	{
		bool untagged = show_in(c, bd, VEX_VLAN_UNTAGGED, i);
		struct show_status s;
		json_t *o;

		if (!show_in(c, bd, VEX_VLAN_IN, i) && !show_in(c, bd, VEX_VLAN_OUT, i))
			continue;
		s = show_status(ctx, c, i);
		o = json_object();
		show_format(o, "l2ng-l2rtb-vlan-member-interface", "%s.0%s",
			ctl_lport_name(ctx->image, i, name), s.up ? "*" : "");
		show_text(o, "l2ng-l2rtb-vlan-member-tagness", untagged ? "untagged" : "tagged");
		show_text(o, "l2ng-l2rtb-vlan-member-interface-mode",
			lport_set_has(&c->trunk, i) ? "trunk" : "access");
		json_array_append_new(list, o);
		n[untagged]++;
	}
	return list;
}

static uint64_t count_macs(const struct show_ctx *ctx, unsigned int fid)
{
	uint64_t n = 0;

	for (int t = VEX_TABLE_MAC_STATIC; t <= VEX_TABLE_MAC_LEARNED; t++)
		for (size_t i = 0; i < ctx->dump[t].n; i++)
			n += ctx->dump[t].ops[i].mac.bd == fid;
	return n;
}

static const char *kind_text(const struct vex_op_vlan *op)
{
	if (!(op->flags & VEX_VLAN_PRIVATE))
		return NULL;
	return op->fid_bd == op->bd ? "Primary" : "Secondary";
}

static void put_details(json_t *o, const struct show_ctx *ctx, const struct vex_op_vlan *op)
{
	show_number(o, "l2ng-l2rtb-id", op->bd);
	show_text(o, "l2ng-l2rtb-vlan-origin", "Static");
	show_number(o, "l2ng-l2rtb-vlan-aging-time", op->age_seconds);
	show_text(o, "l2ng-l2rtb-vlan-mac-learning",
		op->flags & VEX_VLAN_NO_LEARN ? "Disabled" : "Enabled");
	if (op->mac_limit != VEX_MAC_UNLIMITED)
		show_number(o, "l2ng-l2rtb-vlan-mac-limit", op->mac_limit);
	show_text(o, "l2ng-l2rtb-private-vlan", kind_text(op));
	if (op->fid_bd != op->bd) {
		const struct ctl_vlan *primary = ctl_vlan_by_bd(ctx->image, op->fid_bd);

		show_text(o, "l2ng-l2rtb-primary-vlan", primary != NULL ? primary->name : NULL);
	}
	if (ctx->dump[VEX_TABLE_MAC_LEARNED].known)
		show_number(o, "l2ng-l2rtb-vlan-mac-count", count_macs(ctx, op->fid_bd));
}

static json_t *vlan_tree(
	const struct show_ctx *ctx, const struct show_conf *c, const struct ctl_vlan *v, bool brief)
{
	const char *text = state_value(state_child(find_vlan(ctx->cfg, v->name), "description"));
	json_t *o = json_object(), *list;
	unsigned int n[2];

	show_text(o, "l2ng-l2rtb-name", "default-switch");
	show_text(o, "l2ng-l2rtb-vlan-name", v->name);
	show_number(o, "l2ng-l2rtb-vlan-tag", v->vid);
	show_text(o, "l2ng-l2rtb-vlan-state", "Active");
	if (*text != '\0')
		show_text(o, "l2ng-l2rtb-vlan-description", text);
	list = members(ctx, c, v->bd, n);
	if (!brief && c->vlan[v->bd] != NULL) {
		put_details(o, ctx, c->vlan[v->bd]);
		show_number(o, "l2ng-l2rtb-vlan-tagged-interface-count", n[0]);
		show_number(o, "l2ng-l2rtb-vlan-untagged-interface-count", n[1]);
	}
	json_object_set_new(o, "l2ng-l2rtb-vlan-member", list);
	return o;
}

/* The name as typed, a pattern, or an id. */
static bool wanted(const struct ctl_vlan *v, const char *pattern)
{
	char *end;
	unsigned long vid;

	if (pattern == NULL || show_match(pattern, v->name))
		return true;
	vid = strtoul(pattern, &end, 10);
	return *pattern != '\0' && *end == '\0' && vid == v->vid;
}

/* Junos goes by name. */
static int by_name(const void *a, const void *b)
{
	const struct ctl_vlan *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static json_t *list_vlans(const struct show_ctx *ctx, const struct show_conf *c,
	const struct ctl_vlan **sorted, const char *pattern, bool brief)
{
	json_t *tree, *list = show_list(&tree, "l2ng-l2ald-vlan-instance-information",
			      "l2ng-l2ald-vlan-instance-group");

	for (size_t i = 0; i < ctx->image->n_vlans; i++)
		sorted[i] = &ctx->image->vlans[i];
	qsort(sorted, ctx->image->n_vlans, sizeof(*sorted), by_name);
	for (size_t i = 0; i < ctx->image->n_vlans; i++)
		if (wanted(sorted[i], pattern))
			json_array_append_new(list, vlan_tree(ctx, c, sorted[i], brief));
	return tree;
}

static bool any_vlan(const struct show_ctx *ctx, const char *pattern, struct vex_errs *errs)
{
	for (size_t i = 0; i < ctx->image->n_vlans; i++)
		if (wanted(&ctx->image->vlans[i], pattern))
			return true;
	if (pattern == NULL)
		return true;
	show_error(errs, VEX_ERR_NOT_FOUND, pattern, "vlan with name or tag %.64s does not exist",
		pattern);
	return false;
}

json_t *show_vlans(const struct show_ctx *ctx, const json_t *args, struct vex_errs *errs)
{
	static const char *const names[] = {"brief", "detail", "extensive", "vlan", NULL};
	const char *pattern = show_arg(args, "vlan");
	const struct ctl_vlan **sorted;
	struct show_conf *c;
	json_t *tree = NULL;

	if (!show_args_ok(args, names, errs) || !any_vlan(ctx, pattern, errs))
		return NULL;
	c = show_conf(ctx->image);
	sorted = calloc(ctx->image->n_vlans + 1, sizeof(*sorted));
	if (c != NULL && sorted != NULL)
		tree = list_vlans(ctx, c, sorted, pattern,
			!show_flag(args, "detail") && !show_flag(args, "extensive"));
	else
		show_error(errs, VEX_ERR_INTERNAL, NULL, "out of memory");
	free(c);
	free(sorted);
	return tree;
}
