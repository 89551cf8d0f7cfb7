/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Filtering database: learn the source, look up the destination (IEEE 802.1Q clauses 8.7, 8.8).
 *
 * Packet by packet, learn(i) before look up(i), so that the result does not depend on where a
 * burst was cut. Only the prefetches run ahead.
 */
#include "dataplane/stage.h"
#include "dataplane/xt.h"

struct hashes {
	uint64_t source;
	uint64_t destination;
};

static void limit_reached(struct xt *xt, struct pkt *p, enum vex_limit_action action)
{
	const struct evlog_event event = {
		.time = p->time,
		.mac = p->smac,
		.type = EVLOG_MAC_LIMIT,
		.lport = p->in_lport,
		.bd = p->bd,
		.cause = DROP_MAC_LIMIT,
	};

	xt_count(xt, &xt_port_counters(xt, p->in_port)->mac_limit_exceeded, 1);
	if (action == VEX_LIMIT_LOG || action == VEX_LIMIT_DROP_AND_LOG)
		xt_log(xt, &event);
	if (action == VEX_LIMIT_NONE || action == VEX_LIMIT_LOG)
		return;
	p->drop = DROP_MAC_LIMIT;
	if (action == VEX_LIMIT_SHUTDOWN)
		xt_shutdown(xt, p->in_port, DROP_MAC_LIMIT);
}

static void tell(struct xt *xt, const struct pkt *p, enum evlog_type type, uint16_t from)
{
	const struct evlog_event event = {
		.time = p->time,
		.mac = p->smac,
		.type = (uint16_t)type,
		.lport = p->in_lport,
		.bd = p->bd,
		.from_lport = from,
	};

	xt_log(xt, &event);
}

static void learn(struct xt *xt, struct pkt *p, uint64_t hash)
{
	enum vex_limit_action action = VEX_LIMIT_NONE;
	uint16_t from = 0;

	if (p->flags & PKT_F_NO_LEARN)
		return;
	switch (xt_fdb_learn(xt, p, hash, &action, &from)) {
	case MAC_FIXED:
		p->drop = DROP_FDB_STATIC_MOVE;
		break;
	case MAC_LIMITED:
		limit_reached(xt, p, action);
		break;
	case MAC_LEARNED:
		if (xt_mac_events(xt))
			tell(xt, p, EVLOG_MAC_LEARNED, 0);
		break;
	case MAC_MOVED:
		if (xt_mac_events(xt))
			tell(xt, p, EVLOG_MAC_MOVED, from);
		break;
	case MAC_KNOWN:
	case MAC_FULL:
		break;
	}
}

static void look_up(struct xt *xt, struct pkt *p, uint64_t hash)
{
	if (p->dmac & MAC_GROUP_BIT) {
		p->class = p->dmac == MAC_BROADCAST ? PKT_BROADCAST : PKT_MULTICAST;
		return;
	}
	if (!xt_fdb_lookup(xt, p, hash, &p->out_lport)) {
		p->class = PKT_UNKNOWN_UNICAST;
		return;
	}
	p->class = PKT_KNOWN_UNICAST;
	if (p->out_lport == p->in_lport)
		p->drop = DROP_LOOPBACK_FILTER;
}

void stage_fdb(struct xt *xt, struct burst *b)
{
	struct hashes hash[BURST_MAX];

	burst_foreach_live (b, p) {
		struct hashes *h = &hash[p - b->pkt];

		h->source = xt_fdb_hash(xt, p->vlan->fid_bd, p->smac);
		h->destination = xt_fdb_hash(xt, p->vlan->fid_bd, p->dmac);
		xt_fdb_prefetch(xt, h->source);
		xt_fdb_prefetch(xt, h->destination);
	}
	burst_foreach_live (b, p) {
		const struct hashes *h = &hash[p - b->pkt];

		learn(xt, p, h->source);
		if (p->drop)
			continue;
		if (p->flags & PKT_F_STP_LEARNING)
			p->drop = DROP_STP_LEARNING;
		else
			look_up(xt, p, h->destination);
	}
}
