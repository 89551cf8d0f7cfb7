/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_TABLES_H
#define VEX_DATAPLANE_TABLES_H

/*
 * The configured tables: one generation, which workers only read.
 *
 * A transaction copies the current generation, changes the copy, and swaps one pointer; a worker
 * reads that pointer once per burst. Nothing that outlives a burst (a queued packet, a counter, a
 * MAC entry) points into a generation: they hold numbers. The MAC table (mac.h) is not part of it.
 *
 * Fields marked "derived" are computed by tables_derive from the others, so that a stage reads one
 * word where the rule needs three tables.
 */

#include <stdbool.h>
#include <stddef.h>

#include "dataplane/clock.h"
#include "dataplane/ops.h"
#include "dataplane/punt.h"

/* What the chassis profile allows; fixed for the life of an instance. */
struct table_scale {
	uint32_t macs;
	uint32_t vlans;
	uint32_t lags;
	uint32_t lag_members;
	uint32_t stp_instances;
};

struct port_entry {
	uint32_t flags; /* VEX_PORT_* */
	uint32_t speed_mbps;
	uint16_t mtu;
	uint16_t lport;	   /* derived: itself, or its LAG */
	uint8_t shutdown;  /* by the data plane: storm control or a MAC limit */
	uint8_t up;	   /* derived */
	uint8_t link_down; /* its device has no link, or there is none; the driver's word */
	uint8_t pad;
	uint32_t features; /* derived: FEATURE_* of stage.h that its packets need */
	uint32_t recovery_seconds;
	uint32_t storm_flags;
	uint32_t pad2;
	uint64_t storm_kbps;
};

struct lport_entry {
	uint16_t untagged_bd;
	uint8_t mac_action;
	uint8_t up; /* derived */
	uint32_t flags;
	uint32_t mac_limit;
};

struct lag_entry {
	bool exists;
	uint8_t members;
	uint8_t active; /* derived: members that are up; 0 while the LAG is down */
	uint16_t minimum_links;
	uint32_t flags;
	uint16_t member[VEX_LAG_MEMBERS_MAX]; /* by port number */
	uint16_t active_member[VEX_LAG_MEMBERS_MAX];
};

struct vlan {
	uint16_t vid; /* 0: no such bridge domain */
	uint16_t bd;
	uint16_t fid_bd;
	uint16_t primary_vid; /* derived: of fid_bd */
	uint16_t stp_instance;
	uint8_t mac_action;
	uint8_t age_shift; /* derived: an ageing mark counts 2^age_shift ms */
	uint8_t age_marks; /* derived: marks after which an entry is gone */
	uint32_t flags;
	uint32_t age_seconds;
	uint32_t mac_limit;
	struct lport_set set[VEX_VLAN_SETS];
	struct lport_set flood; /* derived: VEX_VLAN_OUT, up, and forwarding */
};

struct stp_entry {
	struct lport_set learning; /* learning or forwarding */
	struct lport_set forwarding;
};

struct tables {
	uint64_t generation;
	struct table_scale scale;
	uint32_t ports;
	uint32_t vlans;
	uint32_t lags;
	uint32_t mac_limit;
	uint8_t mac_action;
	uint8_t switch_flags;	  /* VEX_SWITCH_* */
	uint32_t age_seconds_min; /* derived: the shortest ageing time of any VLAN, 0: no VLAN */
	uint32_t port_limits;
	struct lport_set up; /* derived */
	/* Gone since the generation before: their addresses go, even if the number is in use again. */
	struct lport_set gone_lports;
	uint64_t gone_bds[VEX_BDS_MAX / 64];
	struct port_entry port[VEX_PORTS_MAX];
	struct lport_entry lport[VEX_LPORTS_MAX];
	struct lag_entry lag[VEX_LAGS_MAX];
	uint16_t vid_bd[VEX_VID_MAX + 2];
	struct punt_rate punt[PUNT_PROTOCOLS];
	struct stp_entry stp[VEX_STP_INSTANCES_MAX];
	struct vex_op_vlan_port_limit
		port_limit[VEX_VLAN_PORT_LIMITS_MAX]; /* sorted by bd, lport */
	struct vlan vlan[VEX_BDS_MAX];
};

/* An empty generation for a chassis of ports physical ports, all down; NULL without memory. */
struct tables *tables_create(uint32_t ports, const struct table_scale *scale);

/* The next generation, to be changed; NULL without memory. */
struct tables *tables_clone(const struct tables *t);
void tables_destroy(struct tables *t);

/* Computes the derived fields; call once after the last change, before publishing. */
void tables_derive(struct tables *t);

/* Stages one operation into an unpublished generation; MAC operations are only checked. */
enum vex_status tables_stage(struct tables *t, const struct vex_op *op);

/* The limit of a VLAN on a port, or NULL. */
const struct vex_op_vlan_port_limit *tables_port_limit(
	const struct tables *t, uint16_t bd, uint16_t lport);

/* A bridge domain by VLAN identifier, NULL if there is none; vid is 0 .. 4095. */
static inline const struct vlan *tables_vlan_by_vid(const struct tables *t, uint16_t vid)
{
	uint16_t bd = t->vid_bd[vid];

	return bd == VEX_BD_NONE ? NULL : &t->vlan[bd];
}

/* The ageing mark of a VLAN at a time in ms. */
static inline uint8_t vlan_age_mark(const struct vlan *v, uint64_t ms)
{
	return (uint8_t)(ms >> v->age_shift);
}

#endif
