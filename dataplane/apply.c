/* SPDX-License-Identifier: BSD-3-Clause */
#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "dataplane/pkt.h"
#include "dataplane/tables.h"

/*
 * Staging of operations. Nothing of an operation is trusted: sizes, ranges, unused bytes and
 * references are checked here and nowhere else, and a refused operation has changed nothing.
 */

static_assert(sizeof(struct vex_op) == 64, "an operation is one cache line");

static bool all_zero(const void *bytes, size_t n)
{
	const uint8_t *b = bytes;

	while (n--)
		if (*b++)
			return false;
	return true;
}

#define PAD_ZERO(field) all_zero(&(field), sizeof(field))

static bool lport_exists(const struct tables *t, unsigned int lport)
{
	if (lport >= VEX_LPORT_LAG0)
		return lport < VEX_LPORTS_MAX && t->lag[lport - VEX_LPORT_LAG0].exists;
	return lport < t->ports;
}

static bool bd_exists(const struct tables *t, unsigned int bd)
{
	return bd < VEX_BDS_MAX && t->vlan[bd].vid;
}

static bool is_member(const struct tables *t, unsigned int port)
{
	for (unsigned int k = 0; k < VEX_LAGS_MAX; k++)
		for (unsigned int i = 0; i < t->lag[k].members; i++)
			if (t->lag[k].member[i] == port)
				return true;
	return false;
}

static enum vex_status stage_switch(struct tables *t, const struct vex_op_switch *op)
{
	if (op->mac_action >= VEX_LIMIT_ACTIONS || (op->flags & ~VEX_SWITCH_MAC_EVENTS) ||
		!PAD_ZERO(op->pad))
		return VEX_INVALID;
	t->mac_limit = op->mac_limit;
	t->mac_action = op->mac_action;
	t->switch_flags = op->flags;
	return VEX_OK;
}

/* A speed is usable if a byte takes a whole number of picoseconds at it. */
static bool speed_ok(uint32_t mbps)
{
	return mbps >= 10 && mbps <= 100000 && 8000000 % mbps == 0;
}

static enum vex_status stage_port(struct tables *t, const struct vex_op_port *op)
{
	uint32_t classes = op->storm_flags & VEX_STORM_CLASSES;
	struct port_entry *port;

	if (op->port >= t->ports)
		return VEX_NOT_FOUND;
	if (op->mtu < 256 || op->mtu > 9216 || (op->flags & ~VEX_PORT_ADMIN_UP) ||
		!speed_ok(op->speed_mbps) || !PAD_ZERO(op->pad))
		return VEX_INVALID;
	if ((op->storm_flags & ~(VEX_STORM_CLASSES | VEX_STORM_SHUTDOWN)) ||
		(op->storm_kbps ? !classes : op->storm_flags) ||
		op->storm_kbps > (uint64_t)op->speed_mbps * 1000)
		return VEX_INVALID;
	port = &t->port[op->port];
	port->flags = op->flags;
	port->speed_mbps = op->speed_mbps;
	port->mtu = op->mtu;
	port->recovery_seconds = op->recovery_seconds;
	port->storm_flags = op->storm_flags;
	port->storm_kbps = op->storm_kbps;
	return VEX_OK;
}

static enum vex_status stage_port_up(struct tables *t, const struct vex_op_port *op)
{
	struct vex_op_port only = {.port = op->port};

	if (op->port >= t->ports)
		return VEX_NOT_FOUND;
	if (memcmp(op, &only, sizeof(only)) != 0)
		return VEX_INVALID;
	t->port[op->port].shutdown = 0;
	return VEX_OK;
}

static enum vex_status stage_lag(struct tables *t, const struct vex_op_lag *op)
{
	struct lag_entry *lag;

	if (op->lag >= VEX_LAGS_MAX || (op->flags & ~VEX_PORT_ADMIN_UP) || op->minimum_links < 1 ||
		op->minimum_links > VEX_LAG_MEMBERS_MAX)
		return VEX_INVALID;
	lag = &t->lag[op->lag];
	if (!lag->exists) {
		if (t->lags >= t->scale.lags)
			return VEX_NO_RESOURCE;
		t->lags++;
		lag->exists = true;
	}
	lag->minimum_links = op->minimum_links;
	lag->flags = op->flags;
	return VEX_OK;
}

/* Removes the limits of a bridge domain, or of a logical port. */
static void drop_port_limits(struct tables *t, unsigned int bd, unsigned int lport)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < t->port_limits; i++)
		if (t->port_limit[i].bd != bd && t->port_limit[i].lport != lport)
			t->port_limit[kept++] = t->port_limit[i];
	t->port_limits = kept;
}

/* Takes a logical port out of every table that knows it. */
static void forget_lport(struct tables *t, unsigned int lport)
{
	t->lport[lport] = (struct lport_entry){
		.untagged_bd = VEX_BD_NONE,
		.mac_limit = VEX_MAC_UNLIMITED,
	};
	for (unsigned int bd = 0; bd < VEX_BDS_MAX; bd++)
		for (unsigned int s = 0; s < VEX_VLAN_SETS; s++)
			lport_set_del(&t->vlan[bd].set[s], lport);
	for (unsigned int i = 0; i < VEX_STP_INSTANCES_MAX; i++) {
		lport_set_add(&t->stp[i].learning, lport);
		lport_set_add(&t->stp[i].forwarding, lport);
	}
	drop_port_limits(t, VEX_BD_NONE, lport);
	lport_set_add(&t->gone_lports, lport);
}

static enum vex_status stage_lag_del(struct tables *t, const struct vex_op_lag *op)
{
	if (op->minimum_links || op->flags)
		return VEX_INVALID;
	if (op->lag >= VEX_LAGS_MAX || !t->lag[op->lag].exists)
		return VEX_NOT_FOUND;
	t->lag[op->lag] = (struct lag_entry){0};
	t->lags--;
	forget_lport(t, VEX_LPORT_LAG0 + op->lag);
	return VEX_OK;
}

static enum vex_status stage_member_add(struct tables *t, const struct vex_op_lag_member *op)
{
	struct lag_entry *lag;
	unsigned int i;

	if (op->lag >= VEX_LAGS_MAX || !t->lag[op->lag].exists || op->port >= t->ports)
		return VEX_NOT_FOUND;
	lag = &t->lag[op->lag];
	for (i = 0; i < lag->members; i++)
		if (lag->member[i] == op->port)
			return VEX_OK;
	if (is_member(t, op->port))
		return VEX_INVALID;
	if (lag->members >= t->scale.lag_members)
		return VEX_NO_RESOURCE;
	for (i = lag->members; i > 0 && lag->member[i - 1] > op->port; i--)
		lag->member[i] = lag->member[i - 1];
	lag->member[i] = op->port;
	lag->members++;
	return VEX_OK;
}

static enum vex_status stage_member_del(struct tables *t, const struct vex_op_lag_member *op)
{
	struct lag_entry *lag;
	unsigned int i = 0;

	if (op->lag >= VEX_LAGS_MAX)
		return VEX_NOT_FOUND;
	lag = &t->lag[op->lag];
	while (i < lag->members && lag->member[i] != op->port)
		i++;
	if (i == lag->members)
		return VEX_NOT_FOUND;
	lag->members--;
	memmove(&lag->member[i], &lag->member[i + 1], (lag->members - i) * sizeof(lag->member[0]));
	return VEX_OK;
}

static enum vex_status stage_lport(struct tables *t, const struct vex_op_lport *op)
{
	if (!lport_exists(t, op->lport))
		return VEX_NOT_FOUND;
	if ((op->flags & ~(VEX_LPORT_NO_LEARN | VEX_LPORT_STICKY)) ||
		op->mac_action >= VEX_LIMIT_ACTIONS || !PAD_ZERO(op->pad))
		return VEX_INVALID;
	if (op->untagged_bd != VEX_BD_NONE && !bd_exists(t, op->untagged_bd))
		return VEX_NOT_FOUND;
	t->lport[op->lport] = (struct lport_entry){
		.untagged_bd = op->untagged_bd,
		.flags = op->flags,
		.mac_limit = op->mac_limit,
		.mac_action = op->mac_action,
	};
	return VEX_OK;
}

static bool is_primary(const struct tables *t, unsigned int bd)
{
	for (unsigned int i = 0; i < VEX_BDS_MAX; i++)
		if (i != bd && t->vlan[i].vid && t->vlan[i].fid_bd == bd)
			return true;
	return false;
}

/* A secondary VLAN shares the addresses of a primary one, which shares nobody's. */
static bool may_share(const struct tables *t, const struct vex_op_vlan *op)
{
	return (op->flags & VEX_VLAN_PRIVATE) && bd_exists(t, op->fid_bd) &&
	       t->vlan[op->fid_bd].fid_bd == op->fid_bd && !is_primary(t, op->bd);
}

static enum vex_status stage_vlan(struct tables *t, const struct vex_op_vlan *op)
{
	struct vlan *v;

	if (op->bd >= VEX_BDS_MAX || op->vid < 1 || op->vid > VEX_VID_MAX ||
		op->stp_instance >= VEX_STP_INSTANCES_MAX ||
		(op->flags & ~(VEX_VLAN_NO_LEARN | VEX_VLAN_PRIVATE)) || op->age_seconds < 10 ||
		op->age_seconds > 1000000 || op->mac_action >= VEX_LIMIT_ACTIONS ||
		!PAD_ZERO(op->pad))
		return VEX_INVALID;
	if (t->vid_bd[op->vid] != VEX_BD_NONE && t->vid_bd[op->vid] != op->bd)
		return VEX_INVALID;
	if (op->fid_bd != op->bd && !may_share(t, op))
		return VEX_INVALID;
	if (op->stp_instance >= t->scale.stp_instances)
		return VEX_NO_RESOURCE;
	v = &t->vlan[op->bd];
	if (!v->vid) {
		if (t->vlans >= t->scale.vlans)
			return VEX_NO_RESOURCE;
		t->vlans++;
	} else {
		t->vid_bd[v->vid] = VEX_BD_NONE;
	}
	v->vid = op->vid;
	v->bd = op->bd;
	v->fid_bd = op->fid_bd;
	v->stp_instance = op->stp_instance;
	v->flags = op->flags;
	v->age_seconds = op->age_seconds;
	v->mac_limit = op->mac_limit;
	v->mac_action = op->mac_action;
	t->vid_bd[op->vid] = op->bd;
	return VEX_OK;
}

static enum vex_status stage_vlan_del(struct tables *t, const struct vex_op_vlan *op)
{
	struct vex_op_vlan only = {.bd = op->bd};

	if (memcmp(op, &only, sizeof(only)) != 0)
		return VEX_INVALID;
	if (!bd_exists(t, op->bd))
		return VEX_NOT_FOUND;
	if (is_primary(t, op->bd))
		return VEX_INVALID;
	t->vid_bd[t->vlan[op->bd].vid] = VEX_BD_NONE;
	t->vlan[op->bd] = (struct vlan){0};
	t->vlans--;
	for (unsigned int i = 0; i < VEX_LPORTS_MAX; i++)
		if (t->lport[i].untagged_bd == op->bd)
			t->lport[i].untagged_bd = VEX_BD_NONE;
	drop_port_limits(t, op->bd, VEX_LPORT_NONE);
	t->gone_bds[op->bd / 64] |= UINT64_C(1) << (op->bd % 64);
	return VEX_OK;
}

static enum vex_status stage_vlan_ports(struct tables *t, const struct vex_op_vlan_ports *op)
{
	if (op->set >= VEX_VLAN_SETS || !PAD_ZERO(op->pad))
		return VEX_INVALID;
	if (!bd_exists(t, op->bd))
		return VEX_NOT_FOUND;
	for (unsigned int i = 0; i < VEX_LPORTS_MAX; i++)
		if (lport_set_has(&op->ports, i) && !lport_exists(t, i))
			return VEX_NOT_FOUND;
	t->vlan[op->bd].set[op->set] = op->ports;
	return VEX_OK;
}

static enum vex_status stage_port_limit(struct tables *t, const struct vex_op_vlan_port_limit *op)
{
	struct vex_op_vlan_port_limit *l;
	unsigned int i = t->port_limits;

	if (op->mac_action >= VEX_LIMIT_ACTIONS || !PAD_ZERO(op->pad))
		return VEX_INVALID;
	if (!bd_exists(t, op->bd) || !lport_exists(t, op->lport))
		return VEX_NOT_FOUND;
	l = (struct vex_op_vlan_port_limit *)tables_port_limit(t, op->bd, op->lport);
	if (l && op->mac_limit != VEX_MAC_UNLIMITED) {
		*l = *op;
	} else if (l) {
		t->port_limits--;
		memmove(l, l + 1, (size_t)(&t->port_limit[t->port_limits] - l) * sizeof(*l));
	} else if (op->mac_limit != VEX_MAC_UNLIMITED) {
		if (t->port_limits == VEX_VLAN_PORT_LIMITS_MAX)
			return VEX_NO_RESOURCE;
		while (i > 0 && (t->port_limit[i - 1].bd > op->bd ||
					(t->port_limit[i - 1].bd == op->bd &&
						t->port_limit[i - 1].lport > op->lport))) {
			t->port_limit[i] = t->port_limit[i - 1];
			i--;
		}
		t->port_limit[i] = *op;
		t->port_limits++;
	}
	return VEX_OK;
}

static enum vex_status stage_stp(struct tables *t, const struct vex_op_stp *op)
{
	struct stp_entry *stp;

	if (op->state >= VEX_STP_STATES || !PAD_ZERO(op->pad) ||
		op->instance >= VEX_STP_INSTANCES_MAX)
		return VEX_INVALID;
	if (op->instance >= t->scale.stp_instances)
		return VEX_NO_RESOURCE;
	if (!lport_exists(t, op->lport))
		return VEX_NOT_FOUND;
	stp = &t->stp[op->instance];
	lport_set_del(&stp->learning, op->lport);
	lport_set_del(&stp->forwarding, op->lport);
	if (op->state >= VEX_STP_LEARNING)
		lport_set_add(&stp->learning, op->lport);
	if (op->state >= VEX_STP_FORWARDING)
		lport_set_add(&stp->forwarding, op->lport);
	return VEX_OK;
}

static enum vex_status stage_punt_rate(struct tables *t, const struct vex_op_punt *op)
{
	if (op->protocol >= PUNT_PROTOCOLS || !PAD_ZERO(op->pad) || op->pps > PUNT_PPS_MAX ||
		op->burst > PUNT_BURST_MAX || !op->pps != !op->burst)
		return VEX_INVALID;
	t->punt[op->protocol] = (struct punt_rate){.pps = op->pps, .burst = op->burst};
	return VEX_OK;
}

static enum vex_status check_mac_set(struct tables *t, const struct vex_op_mac *op)
{
	uint64_t mac = load_mac(op->mac);

	if (!mac || (mac & MAC_GROUP_BIT) || !PAD_ZERO(op->pad) || op->age_seconds)
		return VEX_INVALID;
	if (op->type != VEX_MAC_STATIC && op->type != VEX_MAC_STICKY)
		return op->type < VEX_MAC_TYPES ? VEX_NO_SUPPORT : VEX_INVALID;
	if (!bd_exists(t, op->bd) || !lport_exists(t, op->lport))
		return VEX_NOT_FOUND;
	if (!lport_set_has(&t->vlan[op->bd].set[VEX_VLAN_OUT], op->lport) &&
		!lport_set_has(&t->vlan[op->bd].set[VEX_VLAN_IN], op->lport))
		return VEX_INVALID;
	return VEX_OK;
}

static enum vex_status check_mac_del(struct tables *t, const struct vex_op_mac *op)
{
	uint64_t mac = load_mac(op->mac);

	if (op->lport || op->type || !PAD_ZERO(op->pad) || op->age_seconds || !mac ||
		(mac & MAC_GROUP_BIT))
		return VEX_INVALID;
	return bd_exists(t, op->bd) ? VEX_OK : VEX_NOT_FOUND;
}

static enum vex_status check_flush(struct tables *t, const struct vex_op_mac_flush *op)
{
	if (op->flags & ~VEX_FLUSH_STICKY)
		return VEX_INVALID;
	if (op->bd != VEX_BD_NONE && !bd_exists(t, op->bd))
		return VEX_NOT_FOUND;
	if (op->lport != VEX_LPORT_NONE && !lport_exists(t, op->lport))
		return VEX_NOT_FOUND;
	return VEX_OK;
}

/* Bytes of the union that a type uses. */
static size_t op_size(unsigned int type)
{
	static const size_t sizes[VEX_OP_TYPES] = {
		[VEX_OP_SWITCH_SET] = sizeof(struct vex_op_switch),
		[VEX_OP_PORT_SET] = sizeof(struct vex_op_port),
		[VEX_OP_LAG_SET] = sizeof(struct vex_op_lag),
		[VEX_OP_LAG_DEL] = sizeof(struct vex_op_lag),
		[VEX_OP_LAG_MEMBER_ADD] = sizeof(struct vex_op_lag_member),
		[VEX_OP_LAG_MEMBER_DEL] = sizeof(struct vex_op_lag_member),
		[VEX_OP_LPORT_SET] = sizeof(struct vex_op_lport),
		[VEX_OP_VLAN_SET] = sizeof(struct vex_op_vlan),
		[VEX_OP_VLAN_DEL] = sizeof(struct vex_op_vlan),
		[VEX_OP_VLAN_PORTS] = sizeof(struct vex_op_vlan_ports),
		[VEX_OP_VLAN_PORT_LIMIT] = sizeof(struct vex_op_vlan_port_limit),
		[VEX_OP_STP_STATE] = sizeof(struct vex_op_stp),
		[VEX_OP_MAC_SET] = sizeof(struct vex_op_mac),
		[VEX_OP_MAC_DEL] = sizeof(struct vex_op_mac),
		[VEX_OP_MAC_FLUSH] = sizeof(struct vex_op_mac_flush),
		[VEX_OP_PORT_UP] = sizeof(struct vex_op_port),
		[VEX_OP_PUNT_SET] = sizeof(struct vex_op_punt),
	};

	return type < VEX_OP_TYPES ? sizes[type] : 0;
}

enum vex_status tables_stage(struct tables *t, const struct vex_op *op)
{
	size_t used = op_size(op->type);

	if (!used || !all_zero(op->raw + used, sizeof(op->raw) - used))
		return VEX_INVALID;
	switch (op->type) {
	case VEX_OP_SWITCH_SET:
		return stage_switch(t, &op->sw);
	case VEX_OP_PORT_SET:
		return stage_port(t, &op->port);
	case VEX_OP_PORT_UP:
		return stage_port_up(t, &op->port);
	case VEX_OP_LAG_SET:
		return stage_lag(t, &op->lag);
	case VEX_OP_LAG_DEL:
		return stage_lag_del(t, &op->lag);
	case VEX_OP_LAG_MEMBER_ADD:
		return stage_member_add(t, &op->lag_member);
	case VEX_OP_LAG_MEMBER_DEL:
		return stage_member_del(t, &op->lag_member);
	case VEX_OP_LPORT_SET:
		return stage_lport(t, &op->lport);
	case VEX_OP_VLAN_SET:
		return stage_vlan(t, &op->vlan);
	case VEX_OP_VLAN_DEL:
		return stage_vlan_del(t, &op->vlan);
	case VEX_OP_VLAN_PORTS:
		return stage_vlan_ports(t, &op->vlan_ports);
	case VEX_OP_VLAN_PORT_LIMIT:
		return stage_port_limit(t, &op->vlan_port_limit);
	case VEX_OP_STP_STATE:
		return stage_stp(t, &op->stp);
	case VEX_OP_PUNT_SET:
		return stage_punt_rate(t, &op->punt);
	case VEX_OP_MAC_SET:
		return check_mac_set(t, &op->mac);
	case VEX_OP_MAC_DEL:
		return check_mac_del(t, &op->mac);
	case VEX_OP_MAC_FLUSH:
		return check_flush(t, &op->mac_flush);
	default:
		return VEX_INVALID;
	}
}
