/* SPDX-License-Identifier: BSD-3-Clause */
/* show pfe table: records as vex-pfe has them, beside what the configuration says. */
#include <stdlib.h>
#include <string.h>

#include "control/show_util.h"
#include "dataplane/ops_digest.h"
#include "dataplane/punt.h"

/* ---- One record ------------------------------------------------------------------------------- */

static void put_lport(json_t *o, const char *key, const struct ctl_image *image, unsigned int lport)
{
	char name[CTL_LPORT_NAME_SIZE];

	show_text(o, key, lport == VEX_LPORT_NONE ? "-" : ctl_lport_name(image, lport, name));
}

static void put_limit(json_t *o, uint32_t limit, unsigned int action)
{
	static const char *const actions[VEX_LIMIT_ACTIONS] = {
		"none", "log", "drop", "drop-and-log", "shutdown"};

	if (limit == VEX_MAC_UNLIMITED)
		show_text(o, "mac-limit", "-");
	else
		show_number(o, "mac-limit", limit);
	show_text(o, "mac-action", action < VEX_LIMIT_ACTIONS ? actions[action] : "?");
}

static void put_bd(json_t *o, const char *key, unsigned int bd)
{
	if (bd == VEX_BD_NONE)
		show_text(o, key, "-");
	else
		show_number(o, key, bd);
}

/* "ge-0/0/0, ge-0/0/1". */
static void put_set(json_t *o, const struct ctl_image *image, const struct lport_set *set)
{
	json_t *list = json_array();
	char name[CTL_LPORT_NAME_SIZE];

	SHOW_LPORTS(i)
	if (lport_set_has(set, i))
		json_array_append_new(list, json_string(ctl_lport_name(image, i, name)));
	json_object_set_new(o, "ports", list);
}

static void put_port(json_t *o, const struct ctl_image *image, const struct vex_op_port *p)
{
	put_lport(o, "port", image, p->port);
	show_text(o, "admin", p->flags & VEX_PORT_ADMIN_UP ? "up" : "down");
	show_number(o, "mtu", p->mtu);
	show_number(o, "speed-mbps", p->speed_mbps);
	show_number(o, "recovery-seconds", p->recovery_seconds);
	show_number(o, "storm-kbps", p->storm_kbps);
	show_format(o, "storm-flags", "0x%x", p->storm_flags);
}

static void put_vlan(json_t *o, const struct vex_op_vlan *v)
{
	show_number(o, "bd", v->bd);
	show_number(o, "vid", v->vid);
	show_number(o, "fid-bd", v->fid_bd);
	show_number(o, "stp-instance", v->stp_instance);
	show_format(o, "flags", "0x%x", v->flags);
	show_number(o, "age-seconds", v->age_seconds);
	put_limit(o, v->mac_limit, v->mac_action);
}

static void put_mac(json_t *o, const struct ctl_image *image, const struct vex_op_mac *m)
{
	static const char *const types[VEX_MAC_TYPES] = {"dynamic", "static", "sticky", "own"};
	char text[SHOW_MAC_SIZE];

	show_number(o, "bd", m->bd);
	show_text(o, "mac", show_mac(m->mac, text));
	put_lport(o, "lport", image, m->lport);
	show_text(o, "type", m->type < VEX_MAC_TYPES ? types[m->type] : "?");
	show_number(o, "age-seconds", m->age_seconds);
}

static const char *set_name(unsigned int set)
{
	static const char *const names[VEX_VLAN_SETS] = {"in", "out", "untagged", "primary-tag"};

	return set < VEX_VLAN_SETS ? names[set] : "?";
}

static void put_lport_op(json_t *o, const struct ctl_image *image, const struct vex_op_lport *l)
{
	put_lport(o, "lport", image, l->lport);
	put_bd(o, "untagged-bd", l->untagged_bd);
	show_format(o, "flags", "0x%x", l->flags);
	put_limit(o, l->mac_limit, l->mac_action);
}

/* A dump comes from another process: any record may stand here. */
static json_t *record(const struct ctl_image *image, const struct vex_op *op)
{
	static const char *const states[VEX_STP_STATES] = {"discarding", "learning", "forwarding"};
	json_t *o = json_object();

	show_text(o, "record", vex_op_type_name(op->type));
	if (op->type == VEX_OP_SWITCH_SET) {
		put_limit(o, op->sw.mac_limit, op->sw.mac_action);
	} else if (op->type == VEX_OP_PORT_SET) {
		put_port(o, image, &op->port);
	} else if (op->type == VEX_OP_LAG_SET) {
		show_format(o, "lag", "ae%u", op->lag.lag);
		show_text(o, "admin", op->lag.flags & VEX_PORT_ADMIN_UP ? "up" : "down");
		show_number(o, "minimum-links", op->lag.minimum_links);
	} else if (op->type == VEX_OP_LAG_MEMBER_ADD) {
		show_format(o, "lag", "ae%u", op->lag_member.lag);
		put_lport(o, "port", image, op->lag_member.port);
	} else if (op->type == VEX_OP_VLAN_SET) {
		put_vlan(o, &op->vlan);
	} else if (op->type == VEX_OP_VLAN_PORTS) {
		show_number(o, "bd", op->vlan_ports.bd);
		show_text(o, "set", set_name(op->vlan_ports.set));
		put_set(o, image, &op->vlan_ports.ports);
	} else if (op->type == VEX_OP_LPORT_SET) {
		put_lport_op(o, image, &op->lport);
	} else if (op->type == VEX_OP_VLAN_PORT_LIMIT) {
		show_number(o, "bd", op->vlan_port_limit.bd);
		put_lport(o, "lport", image, op->vlan_port_limit.lport);
		put_limit(o, op->vlan_port_limit.mac_limit, op->vlan_port_limit.mac_action);
	} else if (op->type == VEX_OP_STP_STATE) {
		show_number(o, "instance", op->stp.instance);
		put_lport(o, "lport", image, op->stp.lport);
		show_text(o, "state", op->stp.state < VEX_STP_STATES ? states[op->stp.state] : "?");
	} else if (op->type == VEX_OP_PUNT_SET) {
		show_text(o, "protocol",
			punt_name(op->punt.protocol) != NULL ? punt_name(op->punt.protocol) : "?");
		show_number(o, "pps", op->punt.pps);
		show_number(o, "burst", op->punt.burst);
	} else if (op->type == VEX_OP_MAC_SET) {
		put_mac(o, image, &op->mac);
	}
	return o;
}

/* ---- Comparison ------------------------------------------------------------------------------- */

static int by_content(const void *a, const void *b)
{
	const struct vex_op *x = *(const struct vex_op *const *)a;
	const struct vex_op *y = *(const struct vex_op *const *)b;

	return x->type != y->type ? (int)x->type - (int)y->type
				  : memcmp(x->raw, y->raw, sizeof(x->raw));
}

struct sorted {
	const struct vex_op **op;
	size_t n;
};

/* The operations of a table that say something, in an order in which they can be found. */
static struct sorted sort(const struct vex_op *ops, size_t n, enum vex_table table)
{
	struct sorted s = {calloc(n + 1, sizeof(*s.op)), 0};

	for (size_t i = 0; s.op != NULL && i < n; i++)
		if (vex_op_table(&ops[i]) == table && !vex_op_is_default(&ops[i]))
			s.op[s.n++] = &ops[i];
	if (s.op != NULL)
		qsort(s.op, s.n, sizeof(*s.op), by_content);
	return s;
}

static bool has(const struct sorted *s, const struct vex_op *op)
{
	return bsearch(&op, s->op, s->n, sizeof(*s->op), by_content) != NULL;
}

/* What is learned is in no configuration. */
static void compare(
	json_t *list, const struct show_ctx *ctx, enum vex_table table, uint64_t wrong[2])
{
	const struct show_records *d = &ctx->dump[table];
	struct sorted want = sort(ctx->image->ops, ctx->image->n_ops, table);
	struct sorted have = sort(d->ops, d->n, table);

	for (size_t i = 0; i < d->n && want.op != NULL; i++) {
		json_t *o = record(ctx->image, &d->ops[i]);
		bool same = has(&want, &d->ops[i]);

		if (table != VEX_TABLE_MAC_LEARNED) {
			show_text(o, "agreement", same ? "configured" : "not configured");
			wrong[0] += !same;
		} else {
			show_text(o, "agreement", "learned");
		}
		json_array_append_new(list, o);
	}
	for (size_t i = 0; i < want.n && have.op != NULL; i++) {
		json_t *o;

		if (has(&have, want.op[i]))
			continue;
		o = record(ctx->image, want.op[i]);
		show_text(o, "agreement", "missing");
		json_array_append_new(list, o);
		wrong[1]++;
	}
	free(want.op);
	free(have.op);
}

static json_t *table_tree(const struct show_ctx *ctx, const json_t *args, const char *name,
	enum vex_table first, enum vex_table last, struct vex_errs *errs)
{
	static const char *const names[] = {NULL};
	uint64_t wrong[2] = {0};
	json_t *tree, *list, *outer;

	if (!show_args_ok(args, names, errs))
		return NULL;
	list = show_list(&tree, "pfe-table-information", "pfe-table-entry");
	outer = json_object_get(tree, "pfe-table-information");
	for (enum vex_table t = first; t <= last; t++) {
		if (!ctx->dump[t].known) {
			json_decref(tree);
			show_no_pfe(errs);
			return NULL;
		}
		compare(list, ctx, t, wrong);
	}
	show_text(outer, "pfe-table-name", name);
	show_number(outer, "not-configured-count", wrong[0]);
	show_number(outer, "missing-count", wrong[1]);
	return tree;
}

#define TABLE(fn, name, first, last)                                                           \
	json_t *fn(const struct show_ctx *ctx, const json_t *args, struct vex_errs *errs)      \
	{                                                                                      \
		return table_tree(ctx, args, name, VEX_TABLE_##first, VEX_TABLE_##last, errs); \
	}

TABLE(show_pfe_table_switch, "switch", SWITCH, SWITCH)
TABLE(show_pfe_table_port, "port", PORT, PORT)
TABLE(show_pfe_table_lag, "lag", LAG, LAG)
TABLE(show_pfe_table_vlan, "vlan", VLAN, VLAN)
TABLE(show_pfe_table_vlan_ports, "vlan-ports", VLAN_PORTS, VLAN_PORTS)
TABLE(show_pfe_table_lport, "lport", LPORT, LPORT)
TABLE(show_pfe_table_port_limit, "port-limit", VLAN_PORT_LIMIT, VLAN_PORT_LIMIT)
TABLE(show_pfe_table_stp, "stp", STP, STP)
TABLE(show_pfe_table_punt, "punt", PUNT, PUNT)
TABLE(show_pfe_table_mac, "mac", MAC_STATIC, MAC_LEARNED)
