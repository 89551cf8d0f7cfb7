/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations in any order, into tables that can be compared. */
#include <stdlib.h>
#include <string.h>

#include "control/ctl_diff_int.h"
#include "dataplane/ops_digest.h"

struct vex_op_lport diff_lport_default(unsigned int lport)
{
	return (struct vex_op_lport){.lport = (uint16_t)lport,
		.untagged_bd = VEX_BD_NONE,
		.mac_limit = VEX_MAC_UNLIMITED};
}

/* True if every number of an operation is one that a table has a place for. */
static bool in_range(const struct vex_op *op)
{
	switch (op->type) {
	case VEX_OP_PORT_SET:
		return op->port.port < VEX_PORTS_MAX;
	case VEX_OP_LAG_SET:
		return op->lag.lag < VEX_LAGS_MAX;
	case VEX_OP_LAG_MEMBER_ADD:
		return op->lag_member.lag < VEX_LAGS_MAX && op->lag_member.port < VEX_PORTS_MAX;
	case VEX_OP_LPORT_SET:
		return op->lport.lport < VEX_LPORTS_MAX &&
		       (op->lport.untagged_bd < VEX_BDS_MAX ||
			       op->lport.untagged_bd == VEX_BD_NONE);
	case VEX_OP_VLAN_SET:
		return op->vlan.bd < VEX_BDS_MAX && op->vlan.fid_bd < VEX_BDS_MAX &&
		       op->vlan.vid >= 1 && op->vlan.vid <= VEX_VID_MAX;
	case VEX_OP_VLAN_PORTS:
		return op->vlan_ports.bd < VEX_BDS_MAX && op->vlan_ports.set < VEX_VLAN_SETS;
	case VEX_OP_VLAN_PORT_LIMIT:
		return op->vlan_port_limit.bd < VEX_BDS_MAX &&
		       op->vlan_port_limit.lport < VEX_LPORTS_MAX;
	case VEX_OP_PUNT_SET:
		return op->punt.protocol < PUNT_PROTOCOLS;
	case VEX_OP_MAC_SET:
		return op->mac.bd < VEX_BDS_MAX && op->mac.lport < VEX_LPORTS_MAX;
	default:
		return true;
	}
}

/* Only what the configuration makes; the rest is dynamic. */
static bool is_configured(const struct vex_op *op)
{
	enum vex_table table = vex_op_table(op);

	return table != VEX_TABLE_STP && table != VEX_TABLE_MAC_LEARNED;
}

static struct vex_op plain(const struct vex_op *op)
{
	struct vex_op copy = *op;

	copy.seq = 0;
	copy.status = VEX_OK;
	return copy;
}

static void take(struct diff_side *s, const struct vex_op *op)
{
	switch (op->type) {
	case VEX_OP_SWITCH_SET:
		s->sw = plain(op);
		break;
	case VEX_OP_PORT_SET:
		s->port[op->port.port] = plain(op);
		break;
	case VEX_OP_LAG_SET:
		s->lag[op->lag.lag] = plain(op);
		break;
	case VEX_OP_LAG_MEMBER_ADD:
		s->member_of[op->lag_member.port] = op->lag_member.lag;
		break;
	case VEX_OP_LPORT_SET:
		s->lport[op->lport.lport] = op->lport;
		break;
	case VEX_OP_VLAN_SET:
		s->vlan[op->vlan.bd] = plain(op);
		break;
	case VEX_OP_VLAN_PORTS:
		s->set[op->vlan_ports.bd][op->vlan_ports.set] = op->vlan_ports.ports;
		break;
	case VEX_OP_VLAN_PORT_LIMIT:
		if (!vex_op_is_default(op))
			s->limits[s->n_limits++] = op->vlan_port_limit;
		break;
	case VEX_OP_PUNT_SET:
		s->punt[op->punt.protocol] = (struct punt_rate){op->punt.pps, op->punt.burst};
		break;
	default:
		s->macs[s->n_macs++].mac = op->mac;
	}
}

static int compare_limits(const void *a, const void *b)
{
	uint32_t x = diff_limit_key(a), y = diff_limit_key(b);

	return (x > y) - (x < y);
}

static int compare_macs(const void *a, const void *b)
{
	uint64_t x = ((const struct diff_mac *)a)->key, y = ((const struct diff_mac *)b)->key;

	return (x > y) - (x < y);
}

static void sort_macs(struct diff_side *s)
{
	for (size_t i = 0; i < s->n_macs; i++) {
		struct diff_mac *m = &s->macs[i];
		const struct vex_op *vlan = &s->vlan[m->mac.bd];
		uint64_t fid = vlan->type != VEX_OP_NONE ? vlan->vlan.fid_bd : m->mac.bd;

		m->key = fid << 48;
		for (unsigned int k = 0; k < 6; k++)
			m->key |= (uint64_t)m->mac.mac[k] << 8 * (5 - k);
	}
	qsort(s->macs, s->n_macs, sizeof(*s->macs), compare_macs);
}

/* Empty tables with room for the limits and addresses of these operations. */
static struct diff_side *make(const struct vex_op *ops, size_t n)
{
	struct diff_side *s = calloc(1, sizeof(*s));
	size_t limits = 0, macs = 0;

	if (s == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		limits += ops[i].type == VEX_OP_VLAN_PORT_LIMIT;
		macs += ops[i].type == VEX_OP_MAC_SET;
	}
	s->limits = calloc(limits + 1, sizeof(*s->limits));
	s->macs = calloc(macs + 1, sizeof(*s->macs));
	if (s->limits == NULL || s->macs == NULL) {
		diff_side_free(s);
		return NULL;
	}
	for (unsigned int i = 0; i < VEX_PORTS_MAX; i++)
		s->member_of[i] = DIFF_NONE;
	for (unsigned int i = 0; i < VEX_LPORTS_MAX; i++)
		s->lport[i] = diff_lport_default(i);
	for (unsigned int i = 0; i < PUNT_PROTOCOLS; i++)
		s->punt[i] = punt_default(i);
	return s;
}

struct diff_side *diff_side_read(const struct vex_op *ops, size_t n, struct vex_errs *errs)
{
	struct diff_side *s = make(ops, n);

	if (s == NULL) {
		vex_err_add(errs, VEX_ERR_INTERNAL, NULL, NULL, NULL, "out of memory");
		return NULL;
	}
	for (size_t i = 0; i < n; i++) {
		if (vex_op_table(&ops[i]) == VEX_TABLES || !in_range(&ops[i])) {
			vex_err_add(errs, VEX_ERR_VALUE, NULL, NULL, NULL,
				"operation %zu of %zu, %s, %s", i, n, vex_op_type_name(ops[i].type),
				in_range(&ops[i]) ? "makes no table"
						  : "has a number that is out of range");
			diff_side_free(s);
			return NULL;
		}
		if (is_configured(&ops[i]))
			take(s, &ops[i]);
	}
	qsort(s->limits, s->n_limits, sizeof(*s->limits), compare_limits);
	sort_macs(s);
	return s;
}

void diff_side_free(struct diff_side *side)
{
	if (side == NULL)
		return;
	free(side->limits);
	free(side->macs);
	free(side);
}

void ctl_diff_digests(const struct vex_op *ops, size_t n, struct ctl_digest out[VEX_TABLES])
{
	memset(out, 0, VEX_TABLES * sizeof(*out));
	for (size_t i = 0; i < n; i++) {
		enum vex_table table = vex_op_table(&ops[i]);

		if (table == VEX_TABLES || vex_op_is_default(&ops[i]))
			continue;
		out[table].count++;
		if (table != VEX_TABLE_MAC_LEARNED)
			out[table].digest += vex_op_digest(&ops[i]);
	}
}
