/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * state: the desired state, while ctl_load() derives it from validated data.
 *
 * Internal to control/state_*.c. Each file reads one concern of the data into this structure and
 * reports what is wrong with it; a later step must cope with what an earlier one refused (a port
 * without VLAN, a VLAN without id), so that all mistakes are found in one pass. state_ops.c then
 * writes the operations, and is only reached without errors.
 *
 * The order of the steps is in ctl_load(); it is the order of the functions below.
 */
#ifndef VEX_CONTROL_STATE_H
#define VEX_CONTROL_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libyang/libyang.h>

#include "control/cfg.h"
#include "control/ctl.h"
#include "control/ctl_log.h"
#include "control/err.h"
#include "dataplane/ops.h"
#include "ports/chassis.h"

#define STATE_MTU_DEFAULT 1514
#define STATE_AGE_DEFAULT 300
#define STATE_NONE	  (-1) /* no such VLAN, port or LAG */

enum state_vlan_kind {
	STATE_VLAN_ORDINARY,
	STATE_VLAN_PRIMARY,
	STATE_VLAN_ISOLATED,
	STATE_VLAN_COMMUNITY,
};

struct state_limit {
	uint32_t limit; /* VEX_MAC_UNLIMITED: none */
	uint8_t action; /* enum vex_limit_action */
};

/* One VLAN; several of them may come from one `vlans NAME` with a vlan-id-list. */
struct state_vlan {
	char *name;
	uint16_t vid;		     /* 0 if it was refused */
	const struct lyd_node *node; /* vlans NAME; NULL for the VLAN `default` that nobody wrote */
	enum state_vlan_kind kind;
	int primary;		  /* of a secondary VLAN: index of its primary */
	struct lport_set members; /* ports that the configuration puts into it */
	struct lport_set voice;	  /* ports whose voice VLAN it is */
	struct lport_set limited; /* ports with a limit of their own in this VLAN */
	struct lport_set set[VEX_VLAN_SETS];
	bool no_learn;
	uint32_t age_seconds;
	struct state_limit limit;
	struct state_limit port_limit; /* on each port */
};

/* What `vlan members NAME` may name: the VLANs first .. first + count - 1. */
struct state_vlan_name {
	const char *name; /* borrowed from the data or from a state_vlan */
	unsigned int first, count;
};

/* A logical port, or (the first group of fields) a physical port. */
struct state_lport {
	const struct lyd_node *interface; /* interfaces NAME, NULL if not configured */
	bool disabled;
	uint32_t mtu;
	int lag; /* LAG that the port is a member of */
	const struct lyd_node *bundle;

	const struct lyd_node *switching; /* family ethernet-switching */
	bool bridged;			  /* has it, or the factory default gives it */
	bool trunk;
	bool inter_switch;
	const struct lyd_node *native; /* native-vlan-id */
	unsigned int n_vlans;	       /* VLANs that it is a member of */
	int untagged;		       /* VLAN of untagged frames */
	int voice;		       /* its voice VLAN */

	bool no_learn, sticky;
	struct state_limit limit;

	uint32_t recovery_seconds;
	const struct lyd_node *storm; /* its profile */
};

struct state_lag {
	bool exists;
	uint16_t minimum_links;
	uint16_t n_ports; /* also those that did not fit into ports[] */
	uint16_t ports[VEX_LAG_MEMBERS_MAX];
};

struct state_port_limit {
	unsigned int vlan, lport;
	struct state_limit limit;
};

struct state_mac {
	const struct lyd_node *node; /* static-mac MAC */
	unsigned int vlan, lport;
	unsigned int fid; /* VLAN id of the filtering database */
	uint8_t mac[6];
};

struct state {
	const struct ctl_platform *platform; /* NULL: none */
	const struct cfg *cfg;
	const struct lyd_node *root; /* configuration */
	struct vex_errs *errs;

	struct chassis *chassis;
	unsigned int n_ports;
	unsigned int n_lags; /* device-count */
	struct state_limit switch_limit;
	struct state_lport lports[VEX_LPORTS_MAX];
	struct state_lag lags[VEX_LAGS_MAX];

	struct state_vlan *vlans; /* in the order of the text, then the implicit `default` */
	unsigned int n_vlans, cap_vlans;
	int vlan_by_vid[VEX_VID_MAX + 1]; /* index or STATE_NONE */
	struct state_vlan_name *names;	  /* sorted by name */
	unsigned int n_names;

	struct state_port_limit *port_limits; /* sorted by vlan and lport after state_limits() */
	size_t n_port_limits, cap_port_limits;
	struct state_mac *macs;
	size_t n_macs, cap_macs;

	struct ctl_log log;
	unsigned int mac_notify_s; /* 0: off */
};

/* state_node.c: reading data nodes. A NULL node has no children and no value. */

/* The child with this schema name; for a list or leaf-list its first instance. */
const struct lyd_node *state_child(const struct lyd_node *node, const char *name);
/* The next instance of the same list or leaf-list. */
const struct lyd_node *state_next(const struct lyd_node *node);
/* A descendant, "family/ethernet-switching". */
const struct lyd_node *state_find(const struct lyd_node *node, const char *path);
/* The value of a leaf or leaf-list entry, "" for NULL; of a list entry its (first) key. */
const char *state_value(const struct lyd_node *node);
/* The value as a number; @otherwise if the node is NULL. */
uint32_t state_number(const struct lyd_node *node, uint32_t otherwise);
/* VLAN ids written as "10" or "10-20". Returns false if it is neither, or not within 0 .. 65535. */
bool state_id_range(const char *text, unsigned int *low, unsigned int *high);

/* state_err.c */

/* Report a mistake at @node (NULL: the whole configuration); @value may be NULL. */
__attribute__((format(printf, 5, 6))) void state_err(struct state *st, enum vex_err_kind kind,
	const struct lyd_node *node, const char *value, const char *fmt, ...);
/* Report that memory ran out. */
void state_no_memory(struct state *st);
/* Make room for one more element; reports and returns NULL without memory. */
void *state_grow(struct state *st, void *array, size_t n, size_t *cap, size_t size);

/* state_chassis.c */

/* Chassis, table scale, channelised ports, device-count. Returns false if there is no chassis. */
bool state_chassis(struct state *st);

/* state_ports.c */

/* `speed` of every interface: this names the ports, so it goes before everything else. */
void state_speeds(struct state *st);
/* `interfaces`: what concerns one interface alone. */
void state_interfaces(struct state *st);
/* Refuses an MTU that the device of a port does not take; node says it, or what makes it so. */
void state_check_mtu(struct state *st, const struct lyd_node *node, unsigned int p, uint32_t mtu);
/* The name of a logical port, for error texts, written to @buf. */
const char *state_lport_name(
	const struct state *st, unsigned int lport, char buf[CTL_LPORT_NAME_SIZE]);
/* The logical port that a name such as ge-0/0/0.0 means, STATE_NONE if it was refused. */
int state_lport(struct state *st, const struct lyd_node *node, const char *name);
/* The same, for a port that must be bridged. */
int state_bridged_lport(struct state *st, const struct lyd_node *node, const char *name);

/* state_lag.c */

/* Members of LAGs. */
void state_lags(struct state *st);
/* K of "aeK" if it is within device-count; otherwise reported, and STATE_NONE. */
int state_lag_number(struct state *st, const struct lyd_node *node, const char *name);
/* Is it of the form aeK? */
bool state_is_lag_name(const char *name);

/* state_vlans.c */

/* `vlans`: names and ids. */
void state_vlans(struct state *st);
/* The VLAN `default`, made if nobody configured it; STATE_NONE if its id is taken. */
int state_default_vlan(struct state *st);
/* The VLANs that a name means; false if there are none. */
bool state_vlan_lookup(
	struct state *st, const char *name, unsigned int *first, unsigned int *count);
/* One VLAN by name or id; otherwise reported, and STATE_NONE. */
int state_vlan_ref(struct state *st, const struct lyd_node *node, const char *text);
/* Report a VLAN that does not exist, with the nearest one that does. */
void state_vlan_unknown(struct state *st, const struct lyd_node *node, const char *name);
/* As many VLANs as the scale allows? */
void state_vlan_scale(struct state *st);

/* state_pvlan.c */

/* Which VLAN is a secondary of which. */
void state_pvlans(struct state *st);
/* The rules for ports of private VLANs, once memberships are known. */
void state_pvlan_ports(struct state *st);
/* The port sets of every VLAN, once everything is known. */
void state_vlan_sets(struct state *st);

/* state_members.c */

/* Which port is in which VLAN, access and native VLANs. */
void state_members(struct state *st);

/* state_voice.c */
void state_voice(struct state *st);

/* state_limits.c */

/* Limits, ageing, learning. */
void state_limits(struct state *st);
/* The limit of a port of its own in a VLAN; NULL if there is none. */
const struct state_limit *state_port_limit(
	const struct state *st, unsigned int vlan, unsigned int lport);

/* state_mac.c: static addresses. */
void state_static_macs(struct state *st);

/* state_storm.c */

/* Profiles, and which logical port uses which. */
void state_storm(struct state *st);
/* The storm control of a port of this speed into an operation; @profile may be NULL. */
void state_storm_op(const struct lyd_node *profile, uint32_t speed_mbps, struct vex_op_port *op);

/* state_punt.c: the policer of a punted protocol into an operation. */
void state_punt_op(const struct state *st, unsigned int protocol, struct vex_op_punt *op);

/* state_log.c: who is told what happens. */
void state_log(struct state *st);

/* mac-notification. */
void state_mac_notification(struct state *st);
/* True if somebody wants to be told of each change of the MAC table. */
bool state_mac_events(const struct state *st);

/* state_ops.c */

/* The image. Returns NULL without memory. Takes the chassis over. */
struct ctl_image *state_image(struct state *st);

static inline bool state_secondary(const struct state_vlan *v)
{
	return v->kind == STATE_VLAN_ISOLATED || v->kind == STATE_VLAN_COMMUNITY;
}

#endif
