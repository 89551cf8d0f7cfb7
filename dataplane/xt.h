/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_XT_H
#define VEX_DATAPLANE_XT_H

/*
 * External transactions: everything that a stage may reach beside its packets.
 *
 * A stage is microcode: a small program over these numbered transactions (xt.def). In vex-pfe they
 * are inlined and cost what they do. In the model each passes the recorder first, which can log it,
 * limit it and fault it; a refused transaction returns the result that xt.def states, so the same
 * stage can be driven into every error path. Features add theirs in X_xt.h of their folder.
 *
 * struct xt is one worker's view; nobody else writes it, but for `tables`, which is set between
 * bursts.
 */

#include <stdbool.h>

#include "dataplane/burst.h"
#include "dataplane/counters.h"
#include "dataplane/evlog.h"
#include "dataplane/hash.h"
#include "dataplane/mac.h"
#include "dataplane/punt_queue.h"
#include "dataplane/tables.h"

struct buf_pools;
struct outlet;
struct queues;
struct storm;
struct pipeline_tracer;
struct xt_recorder;

enum xt_number {
#define XT(number, name, text) XT_##name = number,
#include "dataplane/xt.def"
#undef XT
	XT_NUMBERS,
};

/* What stages did and took, by number (pipeline.h); only live. */
struct stage_meter {
	uint64_t *packets; /* of the bursts that the stage ran on; NULL: nobody counts */
	uint64_t *clocks;  /* of the CPU, extrapolated from every PIPELINE_SAMPLE-th burst */
	uint32_t untimed;  /* bursts since one was timed */
	bool timing;
	uint64_t mark; /* until here clocks are accounted for */
};

struct xt {
	const struct tables *tables; /* the generation of this burst */
	struct mac_table *mac;
	struct counters *counters;
	struct buf_pools *pools;
	struct queues *queues; /* virtual time */
	struct outlet *outlet; /* live, instead of queues; always NULL in the model */
	struct storm *storm;
	struct punt_policers *policers;
	struct punt_queue *punted; /* live: the way to housekeeping; NULL: frames end here */
	struct evlog *log;
	uint64_t ms; /* tick of this burst */
	uint64_t base_mac;
	uint32_t seed[HASH_USES];
	uint8_t shutdown[VEX_PORTS_MAX]; /* enum drop_reason: down from the next tick, and why */
	bool shutdown_pending;
	struct stage_meter meter;
	const struct pipeline_tracer *tracer; /* NULL: off */
	struct xt_recorder *recorder;	      /* NULL: off; always in vex-pfe */
	struct burst egress;
};

#ifdef VEX_DPDK
static inline bool xt_admit(struct xt *xt, enum xt_number number, uint64_t arg)
{
	(void)xt;
	(void)number;
	(void)arg;
	return true;
}
#else
/* Logs the transaction and decides whether it happens. */
bool xt_record(struct xt_recorder *r, enum xt_number number, uint64_t arg);

static inline bool xt_admit(struct xt *xt, enum xt_number number, uint64_t arg)
{
	return __builtin_expect(!xt->recorder, 1) || xt_record(xt->recorder, number, arg);
}
#endif

/* What a refused read sees. */
extern const struct port_entry xt_no_port;
extern const struct lport_entry xt_no_lport;

static inline const struct port_entry *xt_port(struct xt *xt, uint16_t port)
{
	return xt_admit(xt, XT_PORT, port) ? &xt->tables->port[port] : &xt_no_port;
}

static inline const struct lport_entry *xt_lport(struct xt *xt, uint16_t lport)
{
	return xt_admit(xt, XT_LPORT, lport) ? &xt->tables->lport[lport] : &xt_no_lport;
}

/* vid is 0 .. 4095. NULL if no VLAN has it. */
static inline const struct vlan *xt_vlan_by_vid(struct xt *xt, uint16_t vid)
{
	return xt_admit(xt, XT_VLAN_BY_VID, vid) ? tables_vlan_by_vid(xt->tables, vid) : NULL;
}

static inline const struct vlan *xt_vlan(struct xt *xt, uint16_t bd)
{
	return xt_admit(xt, XT_VLAN, bd) ? &xt->tables->vlan[bd] : NULL;
}

static inline enum vex_stp_state xt_stp(struct xt *xt, const struct vlan *v, uint16_t lport)
{
	const struct stp_entry *stp = &xt->tables->stp[v->stp_instance];

	if (!xt_admit(xt, XT_STP, (uint64_t)v->stp_instance << 16 | lport))
		return VEX_STP_DISCARDING;
	return (enum vex_stp_state)(
		lport_set_has(&stp->learning, lport) + lport_set_has(&stp->forwarding, lport));
}

static inline bool xt_own_mac(struct xt *xt, uint64_t mac)
{
	return xt_admit(xt, XT_OWN_MAC, mac) && mac - xt->base_mac < xt->tables->ports;
}

/* Hints only: no transaction, no result. */
static inline void xt_fdb_prefetch(struct xt *xt, uint64_t hash)
{
	tbl_hash_prefetch(&xt->mac->hash, hash);
}

static inline uint64_t xt_fdb_hash(struct xt *xt, uint16_t fid_bd, uint64_t mac)
{
	return mac_hash(xt->mac, fid_bd, mac);
}

/* Learns the source of a packet; hash is xt_fdb_hash of it, *from where it was if it moved. */
static inline enum mac_learn xt_fdb_learn(struct xt *xt, const struct pkt *p, uint64_t hash,
	enum vex_limit_action *action, uint16_t *from)
{
	struct mac_source source = {
		.tables = xt->tables,
		.vlan = p->vlan,
		.mac = p->smac,
		.hash = hash,
		.lport = p->in_lport,
		.mark = vlan_age_mark(p->vlan, xt->ms),
		.from = from,
	};
	enum mac_learn result = MAC_FULL;

	if (xt_admit(xt, XT_FDB_LEARN, mac_key(p->vlan->fid_bd, p->smac)))
		result = mac_learn(xt->mac, &source, action);
	xt->counters->mac_learned += result == MAC_LEARNED;
	xt->counters->mac_moved += result == MAC_MOVED;
	xt->counters->mac_no_resource += result == MAC_FULL;
	return result;
}

/* The logical port of a destination; false if it is unknown. */
static inline bool xt_fdb_lookup(struct xt *xt, const struct pkt *p, uint64_t hash, uint16_t *lport)
{
	uint64_t value;

	if (!xt_admit(xt, XT_FDB_LOOKUP, mac_key(p->vlan->fid_bd, p->dmac)) ||
		!mac_lookup(xt->mac, p->vlan->fid_bd, p->dmac, hash, &value))
		return false;
	*lport = mac_value_lport(value);
	return true;
}

/* The load-sharing hash of n bytes of fields for one use. */
static inline uint32_t xt_hash(
	struct xt *xt, enum hash_use use, const uint8_t *fields, unsigned int n)
{
	if (!xt_admit(xt, XT_HASH, use))
		return 0;
	return hash_fmix32(hash_crc32c(0, fields, n) ^ xt->seed[use]);
}

/* The port of a LAG that a hash chooses; false if none is up. */
static inline bool xt_lag_member(struct xt *xt, uint16_t lport, uint32_t hash, uint16_t *port)
{
	const struct lag_entry *lag = &xt->tables->lag[lport - VEX_LPORT_LAG0];

	if (!xt_admit(xt, XT_LAG_MEMBER, lport) || !lag->active)
		return false;
	*port = lag->active_member[(uint64_t)hash * lag->active >> 32];
	return true;
}

/*
 * Takes a punted packet for the routing engine: its buffer is no longer the burst's, if it is
 * wanted. DROP_NONE, or why not.
 */
static inline enum drop_reason xt_punt(struct xt *xt, struct pkt *p, enum punt_protocol protocol)
{
	struct punt_counters *c = &xt->counters->punt[protocol];
	const struct punt_frame frame = {
		.buf = p->buf,
		.data = p->data,
		.time = p->time,
		.len = (uint16_t)p->len,
		.port = p->in_port,
		.protocol = (uint16_t)protocol,
	};

	if (!xt_admit(xt, XT_PUNT, protocol))
		return DROP_PUNT_QUEUE_FULL;
	c->received++;
	if (!punt_police(&xt->policers->of[protocol], &xt->tables->punt[protocol], p->time)) {
		c->dropped++;
		return DROP_PUNT_POLICED;
	}
	if (!xt->punted)
		return DROP_NONE;
	if (!punt_queue_put(xt->punted, &frame))
		return DROP_PUNT_QUEUE_FULL;
	p->buf = NULL;
	return DROP_NONE;
}

/* Adds to a counter of the worker. */
static inline void xt_count(struct xt *xt, uint64_t *counter, uint64_t n)
{
	if (xt_admit(xt, XT_COUNT, (uint64_t)(counter - (uint64_t *)xt->counters)))
		*counter += n;
}

static inline struct port_counters *xt_port_counters(struct xt *xt, uint16_t port)
{
	return &xt->counters->port[port];
}

/* Whether control wants an event for each change of the MAC table. */
static inline bool xt_mac_events(const struct xt *xt)
{
	return xt->tables->switch_flags & VEX_SWITCH_MAC_EVENTS;
}

static inline void xt_log(struct xt *xt, const struct evlog_event *e)
{
	if (xt_admit(xt, XT_LOG, e->type))
		evlog_add(xt->log, e);
}

/*
 * Shuts a physical port down, both ways, from the next tick on. Of several causes the one that stands
 * first among the drop reasons counts, whatever the order in which stages name them.
 */
static inline void xt_shutdown(struct xt *xt, uint16_t port, enum drop_reason cause)
{
	if (!xt_admit(xt, XT_SHUTDOWN, port))
		return;
	if (!xt->shutdown[port] || cause < xt->shutdown[port])
		xt->shutdown[port] = (uint8_t)cause;
	xt->shutdown_pending = true;
}

#endif
