/* SPDX-License-Identifier: BSD-3-Clause */
/* clear interfaces statistics, pfe statistics, ethernet-switching table|port-error. */
#include <stdlib.h>
#include <string.h>

#include "control/show_util.h"

bool clear_interfaces_statistics(const struct show_ctx *ctx, const json_t *args,
	struct clear_ops *ops, struct vex_errs *errs)
{
	static const char *const names[] = {"all", "interface", NULL};
	const char *pattern = show_arg(args, "interface");
	struct lport_set set;
	bool logical;

	*ops = (struct clear_ops){0};
	if (!show_args_ok(args, names, errs))
		return false;
	if (!show_select(ctx->image, pattern, &set, &logical, errs))
		return false;
	if (ctx->cnt == NULL) {
		show_no_pfe(errs);
		return false;
	}
	SHOW_LPORTS(i)
	{
		const struct ctl_lag *lag = show_lag(ctx->image, i);

		if (!lport_set_has(&set, i))
			continue;
		for (unsigned int m = 0; lag != NULL && m < lag->n_ports; m++)
			show_live_clear_port(ctx->live, ctx->cnt, lag->ports[m], ctx->now);
		if (i < VEX_LPORT_LAG0)
			show_live_clear_port(ctx->live, ctx->cnt, i, ctx->now);
	}
	return true;
}

bool clear_pfe_statistics(const struct show_ctx *ctx, const json_t *args, struct clear_ops *ops,
	struct vex_errs *errs)
{
	static const char *const names[] = {"traffic", NULL};

	*ops = (struct clear_ops){0};
	if (!show_args_ok(args, names, errs))
		return false;
	if (ctx->cnt == NULL) {
		show_no_pfe(errs);
		return false;
	}
	show_live_clear_switch(ctx->live, ctx->cnt);
	return true;
}

/* ---- What the data plane does ----------------------------------------------------------------- */

static bool push(struct clear_ops *ops, const struct vex_op *op, struct vex_errs *errs)
{
	struct vex_op *more;

	/* Powers of two: the array is full when its length is one. */
	if ((ops->n & (ops->n - 1)) == 0) {
		more = realloc(ops->ops, (ops->n > 0 ? ops->n * 2 : 1) * sizeof(*more));
		if (more == NULL) {
			free(ops->ops);
			*ops = (struct clear_ops){0};
			show_error(errs, VEX_ERR_INTERNAL, NULL, "out of memory");
			return false;
		}
		ops->ops = more;
	}
	ops->ops[ops->n++] = *op;
	return true;
}

/* Deletes the learned entries that match, one by one; others of their address stay. */
static bool delete_learned(const struct show_ctx *ctx, const uint8_t *mac, bool sticky, int bd,
	const struct lport_set *lports, struct clear_ops *ops, struct vex_errs *errs)
{
	const struct show_records *d = &ctx->dump[VEX_TABLE_MAC_LEARNED];

	for (size_t i = 0; i < d->n; i++) {
		const struct vex_op_mac *m = &d->ops[i].mac;
		struct vex_op op = {.type = VEX_OP_MAC_DEL};

		if ((m->type != VEX_MAC_STICKY && (sticky || m->type != VEX_MAC_DYNAMIC)) ||
			(mac != NULL && memcmp(m->mac, mac, 6) != 0) || (bd >= 0 && m->bd != bd) ||
			m->lport >= VEX_LPORTS_MAX || !lport_set_has(lports, m->lport))
			continue;
		op.mac.bd = m->bd;
		memcpy(op.mac.mac, m->mac, 6);
		if (!push(ops, &op, errs))
			return false;
	}
	return true;
}

static bool flush(
	int bd, const struct lport_set *lports, struct clear_ops *ops, struct vex_errs *errs)
{
	struct vex_op op = {.type = VEX_OP_MAC_FLUSH};

	op.mac_flush.bd = bd >= 0 ? (uint16_t)bd : VEX_BD_NONE;
	op.mac_flush.lport = VEX_LPORT_NONE;
	if (lports == NULL)
		return push(ops, &op, errs);
	SHOW_LPORTS(i)
	{
		op.mac_flush.lport = (uint16_t)i;
		if (lport_set_has(lports, i) && !push(ops, &op, errs))
			return false;
	}
	return true;
}

/* The database of the VLAN that the arguments name, -1: none is named; false with an error. */
static bool fid_of(const struct show_ctx *ctx, const json_t *args, int *fid, struct vex_errs *errs)
{
	const char *name = show_arg(args, "vlan-name");
	const struct ctl_vlan *v;

	*fid = -1;
	if (name == NULL)
		return true;
	v = show_vlan(ctx->image, name, errs);
	for (size_t i = 0; v != NULL && i < ctx->image->n_ops; i++)
		if (ctx->image->ops[i].type == VEX_OP_VLAN_SET &&
			ctx->image->ops[i].vlan.bd == v->bd)
			*fid = ctx->image->ops[i].vlan.fid_bd;
	return v != NULL;
}

bool clear_mac_table(const struct show_ctx *ctx, const json_t *args, struct clear_ops *ops,
	struct vex_errs *errs)
{
	static const char *const names[] = {
		"interface", "vlan-name", "address", "persistent-learning", NULL};
	const char *interface = show_arg(args, "interface"), *text = show_arg(args, "address");
	bool sticky = show_flag(args, "persistent-learning"), logical;
	struct lport_set set;
	uint8_t mac[6];
	int fid;

	*ops = (struct clear_ops){0};
	if (!show_args_ok(args, names, errs) || !fid_of(ctx, args, &fid, errs) ||
		!show_select(ctx->image, interface, &set, &logical, errs))
		return false;
	if (text != NULL && !show_mac_parse(text, mac)) {
		show_error(errs, VEX_ERR_VALUE, text, "`%.40s` is no MAC address", text);
		return false;
	}
	if (text == NULL && !sticky)
		return flush(fid, interface != NULL ? &set : NULL, ops, errs);
	if (!ctx->dump[VEX_TABLE_MAC_LEARNED].known) {
		show_no_pfe(errs);
		return false;
	}
	return delete_learned(ctx, text != NULL ? mac : NULL, sticky, fid, &set, ops, errs);
}

bool clear_port_error(const struct show_ctx *ctx, const json_t *args, struct clear_ops *ops,
	struct vex_errs *errs)
{
	static const char *const names[] = {"interface", NULL};
	struct vex_op op = {.type = VEX_OP_PORT_UP};
	struct lport_set set;
	bool logical;

	*ops = (struct clear_ops){0};
	if (!show_args_ok(args, names, errs) ||
		!show_select(ctx->image, show_arg(args, "interface"), &set, &logical, errs))
		return false;
	for (size_t k = 0; k < ctx->image->n_lags; k++)
		for (unsigned int m = 0; lport_set_has(&set, ctx->image->lags[k].lport) &&
					 m < ctx->image->lags[k].n_ports;
			m++)
			lport_set_add(&set, ctx->image->lags[k].ports[m]);
	for (unsigned int i = 0; i < VEX_LPORT_LAG0; i++) {
		op.port.port = (uint16_t)i;
		if (lport_set_has(&set, i) && !push(ops, &op, errs))
			return false;
	}
	return true;
}
