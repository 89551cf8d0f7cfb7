/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From desired state to an image: the operations in the order that ctl.h promises. Everything goes
 * by number, never by the order of the text, so that two texts that say the same give the same
 * bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "control/state.h"
#include "dataplane/punt.h"

/* Operations as they are made; ops is NULL while they are only counted. */
struct writer {
	struct vex_op *ops;
	size_t n;
};

static void put(struct writer *w, const struct vex_op *op)
{
	if (w->ops != NULL) {
		w->ops[w->n] = *op;
		w->ops[w->n].seq = (uint32_t)w->n;
	}
	w->n++;
}

static void put_switch(struct writer *w, const struct state *st)
{
	struct vex_op op = {.type = VEX_OP_SWITCH_SET};

	op.sw.mac_limit = st->switch_limit.limit;
	op.sw.mac_action = st->switch_limit.action;
	op.sw.flags = state_mac_events(st) ? VEX_SWITCH_MAC_EVENTS : 0;
	put(w, &op);
}

static void put_punts(struct writer *w, const struct state *st)
{
	for (unsigned int i = 0; i < PUNT_PROTOCOLS; i++) {
		struct vex_op op = {.type = VEX_OP_PUNT_SET};

		state_punt_op(st, i, &op.punt);
		put(w, &op);
	}
}

static void put_ports(struct writer *w, const struct state *st)
{
	for (unsigned int p = 0; p < st->n_ports; p++) {
		const struct state_lport *port = &st->lports[p];
		const struct state_lport *logical =
			port->lag != STATE_NONE ? &st->lports[VEX_LPORT_LAG0 + port->lag] : port;
		struct vex_op op = {.type = VEX_OP_PORT_SET};

		op.port.port = (uint16_t)p;
		op.port.mtu = (uint16_t)logical->mtu;
		op.port.flags = port->disabled ? 0 : VEX_PORT_ADMIN_UP;
		op.port.speed_mbps = chassis_port(st->chassis, p)->speed_mbps;
		op.port.recovery_seconds = logical->recovery_seconds;
		state_storm_op(logical->storm, op.port.speed_mbps, &op.port);
		put(w, &op);
	}
}

static void put_lags(struct writer *w, const struct state *st)
{
	for (unsigned int k = 0; k < VEX_LAGS_MAX; k++) {
		struct vex_op op = {.type = VEX_OP_LAG_SET};

		if (!st->lags[k].exists)
			continue;
		op.lag.lag = (uint16_t)k;
		op.lag.minimum_links = st->lags[k].minimum_links;
		op.lag.flags = st->lports[VEX_LPORT_LAG0 + k].disabled ? 0 : VEX_PORT_ADMIN_UP;
		put(w, &op);
	}
	for (unsigned int k = 0; k < VEX_LAGS_MAX; k++)
		for (unsigned int m = 0; m < st->lags[k].n_ports; m++) {
			struct vex_op op = {.type = VEX_OP_LAG_MEMBER_ADD};

			op.lag_member.lag = (uint16_t)k;
			op.lag_member.port = st->lags[k].ports[m];
			put(w, &op);
		}
}

static void put_vlan(struct writer *w, const struct state *st, const struct state_vlan *v)
{
	struct vex_op op = {.type = VEX_OP_VLAN_SET};

	op.vlan.bd = v->vid;
	op.vlan.vid = v->vid;
	op.vlan.fid_bd = v->primary != STATE_NONE ? st->vlans[v->primary].vid : v->vid;
	if (v->no_learn)
		op.vlan.flags |= VEX_VLAN_NO_LEARN;
	if (v->kind != STATE_VLAN_ORDINARY)
		op.vlan.flags |= VEX_VLAN_PRIVATE;
	op.vlan.age_seconds = v->age_seconds;
	op.vlan.mac_limit = v->limit.limit;
	op.vlan.mac_action = v->limit.action;
	put(w, &op);
}

static bool set_empty(const struct lport_set *s)
{
	static const struct lport_set empty;

	return memcmp(s, &empty, sizeof(empty)) == 0;
}

static void put_vlan_ports(struct writer *w, const struct state_vlan *v)
{
	for (unsigned int set = 0; set < VEX_VLAN_SETS; set++) {
		struct vex_op op = {.type = VEX_OP_VLAN_PORTS};

		if (set_empty(&v->set[set]))
			continue;
		op.vlan_ports.bd = v->vid;
		op.vlan_ports.set = (uint16_t)set;
		op.vlan_ports.ports = v->set[set];
		put(w, &op);
	}
}

/* VLANs by id; the secondary ones after all others, as they share a primary's database. */
static void put_vlans(struct writer *w, const struct state *st)
{
	for (int secondary = 0; secondary <= 1; secondary++)
		for (unsigned int vid = 1; vid <= VEX_VID_MAX; vid++) {
			int v = st->vlan_by_vid[vid];

			if (v != STATE_NONE && state_secondary(&st->vlans[v]) == secondary)
				put_vlan(w, st, &st->vlans[v]);
		}
	for (unsigned int vid = 1; vid <= VEX_VID_MAX; vid++)
		if (st->vlan_by_vid[vid] != STATE_NONE)
			put_vlan_ports(w, &st->vlans[st->vlan_by_vid[vid]]);
}

/* Every logical port except the members of LAGs, which are none. */
static void put_lports(struct writer *w, const struct state *st)
{
	for (unsigned int l = 0; l < VEX_LPORTS_MAX; l++) {
		const struct state_lport *lport = &st->lports[l];
		struct vex_op op = {.type = VEX_OP_LPORT_SET};

		if (l < VEX_LPORT_LAG0 ? l >= st->n_ports || lport->lag != STATE_NONE
				       : !st->lags[l - VEX_LPORT_LAG0].exists)
			continue;
		op.lport.lport = (uint16_t)l;
		op.lport.untagged_bd = lport->untagged != STATE_NONE
					       ? st->vlans[lport->untagged].vid
					       : VEX_BD_NONE;
		if (lport->no_learn)
			op.lport.flags |= VEX_LPORT_NO_LEARN;
		if (lport->sticky)
			op.lport.flags |= VEX_LPORT_STICKY;
		op.lport.mac_limit = lport->limit.limit;
		op.lport.mac_action = lport->limit.action;
		put(w, &op);
	}
}

static void put_port_limit(struct writer *w, const struct state_vlan *v, unsigned int lport,
	const struct state_limit *limit)
{
	struct vex_op op = {.type = VEX_OP_VLAN_PORT_LIMIT};

	op.vlan_port_limit.bd = v->vid;
	op.vlan_port_limit.lport = (uint16_t)lport;
	op.vlan_port_limit.mac_limit = limit->limit;
	op.vlan_port_limit.mac_action = limit->action;
	put(w, &op);
}

/* The limits of one VLAN on its ports. */
static void put_port_limits(struct writer *w, const struct state *st, unsigned int vlan)
{
	const struct state_vlan *v = &st->vlans[vlan];

	for (unsigned int l = 0; l < VEX_LPORTS_MAX; l++) {
		if (lport_set_has(&v->limited, l))
			put_port_limit(w, v, l, state_port_limit(st, vlan, l));
		else if (v->port_limit.limit != VEX_MAC_UNLIMITED &&
			 lport_set_has(&v->set[VEX_VLAN_IN], l))
			put_port_limit(w, v, l, &v->port_limit);
	}
}

static void put_macs(struct writer *w, const struct state *st)
{
	for (size_t i = 0; i < st->n_macs; i++) {
		const struct state_mac *m = &st->macs[i];
		struct vex_op op = {.type = VEX_OP_MAC_SET};

		op.mac.bd = st->vlans[m->vlan].vid;
		op.mac.lport = (uint16_t)m->lport;
		memcpy(op.mac.mac, m->mac, sizeof(m->mac));
		op.mac.type = VEX_MAC_STATIC;
		put(w, &op);
	}
}

static void put_all(struct writer *w, const struct state *st)
{
	w->n = 0;
	put_switch(w, st);
	put_ports(w, st);
	put_lags(w, st);
	put_vlans(w, st);
	put_lports(w, st);
	for (unsigned int vid = 1; vid <= VEX_VID_MAX; vid++)
		if (st->vlan_by_vid[vid] != STATE_NONE)
			put_port_limits(w, st, (unsigned int)st->vlan_by_vid[vid]);
	put_macs(w, st);
	put_punts(w, st);
}

/* Names of VLANs, by id. */
static bool image_vlans(struct ctl_image *image, const struct state *st)
{
	image->vlans = calloc(st->n_vlans + 1, sizeof(*image->vlans));
	if (image->vlans == NULL)
		return false;
	for (unsigned int vid = 1; vid <= VEX_VID_MAX; vid++) {
		int v = st->vlan_by_vid[vid];
		char *name;

		if (v == STATE_NONE)
			continue;
		name = strdup(st->vlans[v].name);
		if (name == NULL)
			return false;
		image->vlans[image->n_vlans++] = (struct ctl_vlan){
			name, (uint16_t)vid, (uint16_t)vid};
	}
	return true;
}

static bool image_lags(struct ctl_image *image, const struct state *st)
{
	image->lags = calloc(VEX_LAGS_MAX, sizeof(*image->lags));
	if (image->lags == NULL)
		return false;
	for (unsigned int k = 0; k < VEX_LAGS_MAX; k++) {
		const struct state_lag *lag = &st->lags[k];
		struct ctl_lag *to = &image->lags[image->n_lags];

		if (!lag->exists)
			continue;
		to->lag = (uint16_t)k;
		to->lport = (uint16_t)(VEX_LPORT_LAG0 + k);
		to->minimum_links = lag->minimum_links;
		to->n_ports = lag->n_ports;
		memcpy(to->ports, lag->ports, sizeof(to->ports));
		image->n_lags++;
	}
	return true;
}

struct ctl_image *state_image(struct state *st)
{
	const struct lyd_node *host = state_find(st->root, "system/host-name");
	struct ctl_image *image = calloc(1, sizeof(*image));
	struct writer w = {0};

	if (image == NULL)
		return NULL;
	put_all(&w, st);
	w.ops = calloc(w.n, sizeof(*w.ops));
	image->ops = w.ops;
	if (host != NULL)
		image->host_name = strdup(state_value(host));
	if (w.ops == NULL || (host != NULL && image->host_name == NULL) ||
		!image_vlans(image, st) || !image_lags(image, st)) {
		ctl_image_free(image);
		return NULL;
	}
	put_all(&w, st);
	image->n_ops = w.n;
	image->chassis = st->chassis;
	for (unsigned int l = 0; l < VEX_LPORTS_MAX; l++)
		if (st->lports[l].interface != NULL)
			lport_set_add(&image->named, l);
	image->mac_notify_s = st->mac_notify_s;
	image->mac_events = state_mac_events(st);
	image->log = st->log;
	st->log = (struct ctl_log){0};
	st->chassis = NULL;
	return image;
}
