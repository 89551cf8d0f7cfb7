/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/dump.h"

#include <assert.h>

#include "dataplane/ops_digest.h"

/* Buckets of the MAC table that are read at once, as one place. */
#define MAC_BUCKETS (DUMP_PLACE / TBL_HASH_SLOTS)

/* Places that a step reads, and what a part of the MAC table costs of them. */
#define STEP_PLACES 1024u
#define MAC_PLACES  64u

static_assert(VEX_LPORTS_MAX <= DUMP_PLACE, "an instance of spanning tree fits into the room");

/* Where records go. */
struct writer {
	struct dump *d;
	const struct core *c;
	struct vex_op *out;
	size_t n;
};

static void put(struct writer *w, const struct vex_op *op)
{
	if (vex_op_is_default(op))
		return;
	w->d->count++;
	if (w->d->what.table != VEX_TABLE_MAC_LEARNED)
		w->d->digest += vex_op_digest(op);
	if (!(w->d->what.flags & VEX_DUMP_DIGEST))
		w->out[w->n++] = *op;
}

/* ---- The tables: the number of their places, and the records of one place ---------------------- */

static void put_switch(struct writer *w, const struct tables *t, unsigned int at)
{
	struct vex_op op = {.type = VEX_OP_SWITCH_SET};

	(void)at;
	op.sw.mac_limit = t->mac_limit;
	op.sw.mac_action = t->mac_action;
	op.sw.flags = t->switch_flags;
	put(w, &op);
}

static void put_port(struct writer *w, const struct tables *t, unsigned int at)
{
	const struct port_entry *port = &t->port[at];
	struct vex_op op = {.type = VEX_OP_PORT_SET};

	if (at >= t->ports)
		return;
	op.port.port = (uint16_t)at;
	op.port.mtu = port->mtu;
	op.port.flags = port->flags;
	op.port.speed_mbps = port->speed_mbps;
	op.port.recovery_seconds = port->recovery_seconds;
	op.port.storm_flags = port->storm_flags;
	op.port.storm_kbps = port->storm_kbps;
	put(w, &op);
}

/* LAGs, then the members of each. */
static void put_lag(struct writer *w, const struct tables *t, unsigned int at)
{
	unsigned int k = at % VEX_LAGS_MAX;
	const struct lag_entry *lag = &t->lag[k];
	struct vex_op op = {.type = VEX_OP_LAG_SET};

	if (!lag->exists)
		return;
	if (at < VEX_LAGS_MAX) {
		op.lag.lag = (uint16_t)k;
		op.lag.minimum_links = lag->minimum_links;
		op.lag.flags = lag->flags;
		put(w, &op);
		return;
	}
	op.type = VEX_OP_LAG_MEMBER_ADD;
	for (unsigned int i = 0; i < lag->members; i++) {
		op.lag_member.lag = (uint16_t)k;
		op.lag_member.port = lag->member[i];
		put(w, &op);
	}
}

/* VLANs with a database of their own, then those that share one. */
static void put_vlan(struct writer *w, const struct tables *t, unsigned int at)
{
	const struct vlan *v = &t->vlan[at % VEX_BDS_MAX];
	struct vex_op op = {.type = VEX_OP_VLAN_SET};

	if (!v->vid || (v->fid_bd == v->bd) != (at < VEX_BDS_MAX))
		return;
	op.vlan.bd = v->bd;
	op.vlan.vid = v->vid;
	op.vlan.fid_bd = v->fid_bd;
	op.vlan.stp_instance = v->stp_instance;
	op.vlan.flags = v->flags;
	op.vlan.age_seconds = v->age_seconds;
	op.vlan.mac_limit = v->mac_limit;
	op.vlan.mac_action = v->mac_action;
	put(w, &op);
}

static void put_vlan_ports(struct writer *w, const struct tables *t, unsigned int at)
{
	const struct vlan *v = &t->vlan[at];

	for (unsigned int set = 0; v->vid && set < VEX_VLAN_SETS; set++) {
		struct vex_op op = {.type = VEX_OP_VLAN_PORTS};

		op.vlan_ports.bd = (uint16_t)at;
		op.vlan_ports.set = (uint16_t)set;
		op.vlan_ports.ports = v->set[set];
		put(w, &op);
	}
}

static void put_lport(struct writer *w, const struct tables *t, unsigned int at)
{
	const struct lport_entry *l = &t->lport[at];
	struct vex_op op = {.type = VEX_OP_LPORT_SET};

	op.lport.lport = (uint16_t)at;
	op.lport.untagged_bd = l->untagged_bd;
	op.lport.flags = l->flags;
	op.lport.mac_limit = l->mac_limit;
	op.lport.mac_action = l->mac_action;
	put(w, &op);
}

static void put_port_limit(struct writer *w, const struct tables *t, unsigned int at)
{
	const struct vex_op_vlan_port_limit *l = &t->port_limit[at];
	struct vex_op op = {.type = VEX_OP_VLAN_PORT_LIMIT};

	if (at >= t->port_limits)
		return;
	op.vlan_port_limit.bd = l->bd;
	op.vlan_port_limit.lport = l->lport;
	op.vlan_port_limit.mac_limit = l->mac_limit;
	op.vlan_port_limit.mac_action = l->mac_action;
	put(w, &op);
}

static void put_stp(struct writer *w, const struct tables *t, unsigned int at)
{
	const struct stp_entry *stp = &t->stp[at];

	for (unsigned int l = 0; l < VEX_LPORTS_MAX; l++) {
		struct vex_op op = {.type = VEX_OP_STP_STATE};

		op.stp.instance = (uint16_t)at;
		op.stp.lport = (uint16_t)l;
		op.stp.state = lport_set_has(&stp->forwarding, l) ? VEX_STP_FORWARDING
			       : lport_set_has(&stp->learning, l) ? VEX_STP_LEARNING
								  : VEX_STP_DISCARDING;
		put(w, &op);
	}
}

static void put_punt(struct writer *w, const struct tables *t, unsigned int at)
{
	struct vex_op op = {.type = VEX_OP_PUNT_SET};

	op.punt.protocol = (uint16_t)at;
	op.punt.pps = t->punt[at].pps;
	op.punt.burst = t->punt[at].burst;
	put(w, &op);
}

static const struct {
	unsigned int places;
	void (*put)(struct writer *w, const struct tables *t, unsigned int at);
} tables[VEX_TABLES] = {
	[VEX_TABLE_SWITCH] = {1, put_switch},
	[VEX_TABLE_PORT] = {VEX_PORTS_MAX, put_port},
	[VEX_TABLE_LAG] = {2 * VEX_LAGS_MAX, put_lag},
	[VEX_TABLE_VLAN] = {2 * VEX_BDS_MAX, put_vlan},
	[VEX_TABLE_VLAN_PORTS] = {VEX_BDS_MAX, put_vlan_ports},
	[VEX_TABLE_LPORT] = {VEX_LPORTS_MAX, put_lport},
	[VEX_TABLE_VLAN_PORT_LIMIT] = {VEX_VLAN_PORT_LIMITS_MAX, put_port_limit},
	[VEX_TABLE_STP] = {VEX_STP_INSTANCES_MAX, put_stp},
	[VEX_TABLE_PUNT] = {PUNT_PROTOCOLS, put_punt},
};

/* ---- The MAC table ---------------------------------------------------------------------------- */

/* For how long a dynamic entry was not seen, at the latest tick. */
static uint32_t age_seconds(const struct core *c, const struct mac_entry *e)
{
	const struct vlan *v = &c->tables->vlan[e->bd];
	uint8_t behind = (uint8_t)(vlan_age_mark(v, c->tick) - e->mark);

	/* A mark of this very tick may be ahead of the housekeeper's. */
	if (e->type != VEX_MAC_DYNAMIC || behind > v->age_marks)
		return 0;
	return (uint32_t)(((uint64_t)behind << v->age_shift) / 1000);
}

static void visit_mac(void *ctx, const struct mac_entry *e)
{
	struct writer *w = ctx;
	const struct vex_op_dump *what = &w->d->what;
	struct vex_op op = {.type = VEX_OP_MAC_SET};

	if ((e->type == VEX_MAC_STATIC) != (what->table == VEX_TABLE_MAC_STATIC))
		return;
	if ((what->bd != VEX_BD_NONE && what->bd != e->fid_bd) ||
		(what->lport != VEX_LPORT_NONE && what->lport != e->lport))
		return;
	op.mac.bd = e->bd;
	op.mac.lport = e->lport;
	op.mac.type = e->type;
	op.mac.age_seconds = age_seconds(w->c, e);
	for (int i = 0; i < 6; i++)
		op.mac.mac[i] = (uint8_t)(e->mac >> 8 * (5 - i));
	put(w, &op);
}

/* ---- Steps ------------------------------------------------------------------------------------ */

static bool is_mac_table(unsigned int table)
{
	return table == VEX_TABLE_MAC_STATIC || table == VEX_TABLE_MAC_LEARNED;
}

enum vex_status dump_start(struct dump *d, const struct core *c, const struct vex_op *op)
{
	const struct vex_op_dump *what = &op->dump;
	struct vex_op only = {.type = VEX_OP_DUMP, .dump = *what};

	if (memcmp(only.raw, op->raw, sizeof(only.raw)) != 0 || what->table >= VEX_TABLES ||
		(what->flags & ~VEX_DUMP_DIGEST))
		return VEX_INVALID;
	if (!is_mac_table(what->table) &&
		(what->bd != VEX_BD_NONE || what->lport != VEX_LPORT_NONE))
		return VEX_INVALID;
	if (what->bd != VEX_BD_NONE && (what->bd >= VEX_BDS_MAX || !c->tables->vlan[what->bd].vid))
		return VEX_NOT_FOUND;
	if (what->lport != VEX_LPORT_NONE && what->lport >= VEX_LPORTS_MAX)
		return VEX_NOT_FOUND;
	if (d->active)
		return VEX_NO_RESOURCE;
	*d = (struct dump){.what = *what, .active = true, .generation = c->tables->generation};
	return VEX_OK;
}

static void put_end(struct writer *w)
{
	struct vex_op op = {.type = VEX_OP_DUMP_END};
	const struct dump *d = w->d;

	op.dump_end.table = d->what.table;
	op.dump_end.cookie = d->what.cookie;
	op.dump_end.count = d->count;
	op.dump_end.digest = d->digest;
	op.dump_end.generation = d->generation;
	w->out[w->n++] = op;
	w->d->active = false;
}

/* One place; false if it was the last. */
static bool put_place(struct writer *w)
{
	struct dump *d = w->d;

	if (is_mac_table(d->what.table))
		return mac_foreach_part(&w->c->mac, &d->at, MAC_BUCKETS, visit_mac, w);
	tables[d->what.table].put(w, w->c->tables, (unsigned int)d->at++);
	return d->at < tables[d->what.table].places;
}

size_t dump_step(struct dump *d, const struct core *c, struct vex_op *out, size_t room)
{
	unsigned int cost = is_mac_table(d->what.table) ? MAC_PLACES : 1;
	struct writer w = {.d = d, .c = c, .out = out};
	bool more = d->active;

	for (unsigned int spent = 0; more && spent < STEP_PLACES; spent += cost) {
		if (room - w.n < DUMP_ROOM)
			return w.n;
		more = put_place(&w);
	}
	if (d->active && !more)
		put_end(&w);
	return w.n;
}
