/* SPDX-License-Identifier: BSD-3-Clause */
/* show vlans. */
#include <stdlib.h>
#include <string.h>

#include "control/show_util.h"
#include "control/state.h"

/* What is known of the VLANs together, so that thousands of them are looked at once each. */
struct view {
	const struct show_ctx *ctx;
	struct show_conf *c;
	bool brief;
	const struct ctl_vlan **sorted; /* by name, as Junos */
	const char **text;		/* descriptions in this order; NULL: none */
	uint32_t macs[VEX_BDS_MAX];	/* addresses of a database */
};

static int by_name(const void *a, const void *b)
{
	const struct ctl_vlan *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static void find_descriptions(struct view *view)
{
	const struct cfg *cfg = view->ctx->cfg;
	const struct lyd_node *node = cfg != NULL ? state_find(cfg_data(cfg), "vlans/vlan") : NULL;

	for (; node != NULL; node = state_next(node)) {
		const struct lyd_node *text = state_child(node, "description");
		struct ctl_vlan key = {.name = (char *)(uintptr_t)state_value(node)};
		const struct ctl_vlan *at = &key, **found;

		if (text == NULL)
			continue;
		found = bsearch(&at, view->sorted, view->ctx->image->n_vlans, sizeof(at), by_name);
		if (found != NULL)
			view->text[found - view->sorted] = state_value(text);
	}
}

static void count_macs(struct view *view)
{
	for (int t = VEX_TABLE_MAC_STATIC; t <= VEX_TABLE_MAC_LEARNED; t++)
		for (size_t i = 0; i < view->ctx->dump[t].n; i++)
			if (view->ctx->dump[t].ops[i].mac.bd < VEX_BDS_MAX)
				view->macs[view->ctx->dump[t].ops[i].mac.bd]++;
}

static void view_free(struct view *view)
{
	if (view != NULL) {
		free(view->c);
		free(view->sorted);
		free(view->text);
	}
	free(view);
}

/* NULL without memory. */
static struct view *view_create(const struct show_ctx *ctx, bool brief)
{
	size_t n = ctx->image->n_vlans;
	struct view *view = calloc(1, sizeof(*view));

	if (view == NULL)
		return NULL;
	view->ctx = ctx;
	view->brief = brief;
	view->c = show_conf(ctx);
	view->sorted = calloc(n + 1, sizeof(*view->sorted));
	view->text = calloc(n + 1, sizeof(*view->text));
	if (view->c == NULL || view->sorted == NULL || view->text == NULL) {
		view_free(view);
		return NULL;
	}
	for (size_t i = 0; i < n; i++)
		view->sorted[i] = &ctx->image->vlans[i];
	qsort(view->sorted, n, sizeof(*view->sorted), by_name);
	find_descriptions(view);
	count_macs(view);
	return view;
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

static const char *kind_text(const struct vex_op_vlan *op)
{
	if (!(op->flags & VEX_VLAN_PRIVATE))
		return NULL;
	return op->fid_bd == op->bd ? "Primary" : "Secondary";
}

static void put_details(json_t *o, const struct view *view, const struct vex_op_vlan *op)
{
	const struct show_ctx *ctx = view->ctx;

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
		show_number(o, "l2ng-l2rtb-vlan-mac-count", view->macs[op->fid_bd]);
}

static json_t *vlan_tree(const struct view *view, size_t i)
{
	const struct ctl_vlan *v = view->sorted[i];
	const struct vex_op_vlan *op = view->c->vlan[v->bd];
	json_t *o = json_object(), *list;
	unsigned int n[2];

	show_text(o, "l2ng-l2rtb-name", "default-switch");
	show_text(o, "l2ng-l2rtb-vlan-name", v->name);
	show_number(o, "l2ng-l2rtb-vlan-tag", v->vid);
	show_text(o, "l2ng-l2rtb-vlan-state", "Active");
	show_text(o, "l2ng-l2rtb-vlan-description", view->text[i]);
	list = members(view->ctx, view->c, v->bd, n);
	if (!view->brief && op != NULL) {
		put_details(o, view, op);
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
	json_t *tree, *list;
	struct view *view;

	if (!show_args_ok(args, names, errs) || !any_vlan(ctx, pattern, errs))
		return NULL;
	view = view_create(ctx, !show_flag(args, "detail") && !show_flag(args, "extensive"));
	if (view == NULL) {
		show_error(errs, VEX_ERR_INTERNAL, NULL, "out of memory");
		return NULL;
	}
	list = show_list(
		&tree, "l2ng-l2ald-vlan-instance-information", "l2ng-l2ald-vlan-instance-group");
	for (size_t i = 0; i < ctx->image->n_vlans; i++)
		if (wanted(view->sorted[i], pattern))
			json_array_append_new(list, vlan_tree(view, i));
	view_free(view);
	return tree;
}
