/* SPDX-License-Identifier: BSD-3-Clause */
/* show ethernet-switching interface, show l2-learning. */
#include <stdlib.h>
#include <string.h>

#include "control/show_util.h"
#include "dataplane/drop.h"

static const char *stp_text(const struct show_ctx *ctx, unsigned int instance, unsigned int lport)
{
	const struct show_records *d = &ctx->dump[VEX_TABLE_STP];

	for (size_t i = 0; i < d->n; i++) {
		const struct vex_op_stp *s = &d->ops[i].stp;

		if (s->instance == instance && s->lport == lport)
			return s->state == VEX_STP_DISCARDING ? "Discarding"
			       : s->state == VEX_STP_LEARNING ? "Learning"
							      : "Forwarding";
	}
	return "Forwarding";
}

/* "AD,LH,DN": Junos' abbreviations, which the text explains. */
static void put_flags(json_t *o, const struct show_ctx *ctx, const struct show_conf *c,
	const struct show_status *s, unsigned int lport)
{
	const struct vex_op_lport *op = c->lport[lport];
	char text[32] = "";

	(void)ctx;
	if (op != NULL && (op->flags & VEX_LPORT_NO_LEARN))
		strcat(text, ",DL");
	if (op != NULL && op->mac_limit != VEX_MAC_UNLIMITED &&
		(op->mac_action == VEX_LIMIT_DROP || op->mac_action == VEX_LIMIT_DROP_AND_LOG))
		strcat(text, ",AD");
	if (s->cause == DROP_MAC_LIMIT)
		strcat(text, ",LH");
	if (s->cause == DROP_STORM_CONTROL)
		strcat(text, ",SCTL");
	if (!s->up)
		strcat(text, ",DN");
	show_text(o, "l2iff-interface-flags", *text != '\0' ? text + 1 : "");
}

static json_t *member(const struct show_ctx *ctx, const struct show_conf *c,
	const struct ctl_vlan *v, unsigned int lport, uint64_t macs)
{
	json_t *o = json_object();

	show_text(o, "l2iff-interface-vlan-name", v->name);
	show_number(o, "l2iff-interface-vlan-id", v->vid);
	show_number(o, "l2iff-interface-mac-limit", macs);
	show_text(o, "l2iff-interface-vlan-member-stp-state",
		stp_text(ctx, c->vlan[v->bd] != NULL ? c->vlan[v->bd]->stp_instance : 0, lport));
	show_text(o, "l2iff-interface-vlan-member-tagness",
		show_in(c, v->bd, VEX_VLAN_UNTAGGED, lport) ? "untagged" : "tagged");
	return o;
}

static json_t *entry(const struct show_ctx *ctx, const struct show_conf *c, unsigned int lport)
{
	uint64_t all = chassis_scale(ctx->image->chassis)->macs;
	const struct vex_op_lport *op = c->lport[lport];
	struct show_status s = show_status(ctx, c, lport);
	json_t *o = json_object(), *list = json_array();
	char name[CTL_LPORT_NAME_SIZE];

	show_format(o, "l2iff-interface-name", "%s.0", ctl_lport_name(ctx->image, lport, name));
	show_number(o, "l2iff-interface-index", show_ifindex(lport, true) - 372);
	show_number(o, "l2iff-interface-mac-limit",
		op != NULL && op->mac_limit < all ? op->mac_limit : all);
	put_flags(o, ctx, c, &s, lport);
	show_text(o, "l2iff-interface-vlan-member-tagness",
		lport_set_has(&c->trunk, lport) ? "tagged" : "untagged");
	show_text(o, "l2iff-interface-persistent-learning",
		op != NULL && (op->flags & VEX_LPORT_STICKY) ? "Enabled" : "Disabled");
	for (size_t i = 0; i < ctx->image->n_vlans; i++) {
		const struct ctl_vlan *v = &ctx->image->vlans[i];

		if (show_in(c, v->bd, VEX_VLAN_IN, lport) || show_in(c, v->bd, VEX_VLAN_OUT, lport))
			json_array_append_new(list, member(ctx, c, v, lport, all));
	}
	json_object_set_new(o, "l2iff-interface-vlan", list);
	return o;
}

json_t *show_switching_interface(
	const struct show_ctx *ctx, const json_t *args, struct vex_errs *errs)
{
	static const char *const names[] = {"brief", "detail", "interface", NULL};
	struct lport_set set;
	struct show_conf *c;
	json_t *tree, *list;
	bool logical;

	if (!show_args_ok(args, names, errs) ||
		!show_select(ctx->image, show_arg(args, "interface"), &set, &logical, errs))
		return NULL;
	c = show_conf(ctx);
	if (c == NULL) {
		show_error(errs, VEX_ERR_INTERNAL, NULL, "out of memory");
		return NULL;
	}
	list = show_list(
		&tree, "l2ng-l2ald-iff-interface-information", "l2ng-l2ald-iff-interface-entry");
	show_text(json_object_get(tree, "l2ng-l2ald-iff-interface-information"), "routing-instance",
		"default-switch");
	SHOW_LPORTS(i)
	if (lport_set_has(&set, i) && lport_set_has(&c->bridged, i))
		json_array_append_new(list, entry(ctx, c, i));
	free(c);
	return tree;
}

json_t *show_l2_global(const struct show_ctx *ctx, const json_t *args, struct vex_errs *errs)
{
	static const char *const names[] = {NULL};
	const struct vex_op_switch *sw = NULL;
	uint32_t all = chassis_scale(ctx->image->chassis)->macs, age = 0;
	json_t *tree, *o;
	bool same = true;

	if (!show_args_ok(args, names, errs))
		return NULL;
	for (size_t i = 0; i < ctx->image->n_ops; i++) {
		const struct vex_op *op = &ctx->image->ops[i];

		if (op->type == VEX_OP_SWITCH_SET)
			sw = &op->sw;
		if (op->type != VEX_OP_VLAN_SET)
			continue;
		same = same && (age == 0 || age == op->vlan.age_seconds);
		age = op->vlan.age_seconds;
	}
	tree = json_object();
	o = json_object();
	if (same && age != 0)
		show_number(o, "mac-aging-interval", age);
	else
		show_text(o, "mac-aging-interval", age != 0 ? "differs by VLAN" : "300");
	show_text(o, "mac-learning", "Enabled");
	show_text(o, "mac-statistics", "Disabled");
	show_number(o, "mac-limit-count", sw != NULL && sw->mac_limit < all ? sw->mac_limit : all);
	show_text(o, "mac-limit-hit", "Disabled");
	show_text(o, "mac-packet-action-drop",
		sw != NULL && (sw->mac_action == VEX_LIMIT_DROP ||
				      sw->mac_action == VEX_LIMIT_DROP_AND_LOG)
			? "Enabled"
			: "Disabled");
	json_object_set_new(tree, "l2-learning-global-information", o);
	return tree;
}

json_t *show_mac_notification(const struct show_ctx *ctx, const json_t *args, struct vex_errs *errs)
{
	static const char *const names[] = {NULL};
	const struct mac_events *m = ctx->mac_events;
	json_t *tree, *o;

	if (!show_args_ok(args, names, errs))
		return NULL;
	tree = json_object();
	o = json_object();
	show_text(o, "notification-status", ctx->image->mac_notify_s != 0 ? "enabled" : "disabled");
	if (ctx->image->mac_notify_s != 0)
		show_number(o, "notification-interval", ctx->image->mac_notify_s);
	if (m != NULL && ctx->image->mac_events) {
		show_number(o, "addresses-learned", m->learned);
		show_number(o, "addresses-moved", m->moved);
		show_number(o, "addresses-removed", m->gone);
		show_number(o, "table-reads", m->reads);
		show_number(o, "table-addresses", m->addresses);
	}
	json_object_set_new(tree, "ethernet-switching-mac-notification", o);
	return tree;
}
