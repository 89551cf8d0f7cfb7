/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_OPS_H
#define VEX_DATAPLANE_OPS_H

/*
 * Table operations: the only way in which control changes the data plane.
 *
 * An operation is a typed record of 64 bytes without pointers, so the same bytes travel over a
 * shared-memory ring, into a recorded stream or through the model's C API. Operations are given in
 * a transaction (see tables.h): all of them are checked and staged, then published at once, or
 * none is. Each gets a status. Fields that a type does not use are zero; anything else is INVALID,
 * as is an unknown type or flag, so that nothing is accepted and ignored.
 *
 * Numbers
 *   port    physical port, its position in chassis order, 0 .. ports of the chassis - 1
 *   lport   logical port: 0 .. 127 the physical port of that number, 128 + k the LAG aeK
 *   bd      bridge domain, 0 .. VEX_BDS_MAX - 1, chosen by control; one VLAN is one bridge domain
 *   vid     VLAN identifier, 1 .. 4094 (IEEE 802.1Q table 9-2)
 * All integers are in host byte order; MAC addresses are in wire order.
 */

#include <stdint.h>

#define VEX_PORTS_MAX		 128
#define VEX_LAGS_MAX		 128
#define VEX_LAG_MEMBERS_MAX	 16
#define VEX_LPORT_LAG0		 128
#define VEX_LPORTS_MAX		 256
#define VEX_LPORT_NONE		 0xffffu
#define VEX_BDS_MAX		 4096
#define VEX_BD_NONE		 0xffffu
#define VEX_VID_MAX		 4094
#define VEX_STP_INSTANCES_MAX	 512  /* 0 is the CIST, then MSTIs or VSTP instances */
#define VEX_VLAN_PORT_LIMITS_MAX 4096 /* limits of a VLAN on a port, in all */
#define VEX_MAC_UNLIMITED	 UINT32_MAX

/* A set of logical ports. */
struct lport_set {
	uint64_t word[VEX_LPORTS_MAX / 64];
};

enum vex_op_type {
	VEX_OP_NONE,
	VEX_OP_SWITCH_SET,	/* struct vex_op_switch */
	VEX_OP_PORT_SET,	/* struct vex_op_port: a physical port */
	VEX_OP_LAG_SET,		/* struct vex_op_lag: create a LAG or change it */
	VEX_OP_LAG_DEL,		/* struct vex_op_lag: only lag; its members leave it */
	VEX_OP_LAG_MEMBER_ADD,	/* struct vex_op_lag_member; a member of this LAG already is fine */
	VEX_OP_LAG_MEMBER_DEL,	/* struct vex_op_lag_member */
	VEX_OP_LPORT_SET,	/* struct vex_op_lport: the bridge side of a logical port */
	VEX_OP_VLAN_SET,	/* struct vex_op_vlan: create a bridge domain or change it */
	VEX_OP_VLAN_DEL,	/* struct vex_op_vlan: only bd; its dynamic addresses are flushed */
	VEX_OP_VLAN_PORTS,	/* struct vex_op_vlan_ports: one of the four port sets of a VLAN */
	VEX_OP_VLAN_PORT_LIMIT, /* struct vex_op_vlan_port_limit */
	VEX_OP_STP_STATE,	/* struct vex_op_stp: state of a port in an instance */
	VEX_OP_MAC_SET,		/* struct vex_op_mac: a static address */
	VEX_OP_MAC_DEL,		/* struct vex_op_mac: bd and mac; any type; absent is fine */
	VEX_OP_MAC_FLUSH,	/* struct vex_op_mac_flush: dynamic entries */
	VEX_OP_PORT_UP,		/* struct vex_op_port: only port; ends a data-plane shutdown */
	VEX_OP_TXN_BEGIN,  /* struct vex_op_txn: the next count operations are one transaction */
	VEX_OP_TXN_COMMIT, /* struct vex_op_txn: apply them; each is acknowledged after it */
	VEX_OP_DUMP,	   /* struct vex_op_dump: read a table back; never part of a transaction */
	VEX_OP_DUMP_END,   /* struct vex_op_dump_end: only as a record, closes a dump */
	VEX_OP_PUNT_SET,   /* struct vex_op_punt: the policer of a punted protocol */
	VEX_OP_TYPES,
};

enum vex_status {
	VEX_OK,
	VEX_INVALID,	 /* a field is out of range, or contradicts the tables */
	VEX_NOT_FOUND,	 /* what it names does not exist */
	VEX_NO_RESOURCE, /* a table is full at this scale */
	VEX_NO_SUPPORT,	 /* valid, but this data plane does not do it */
	VEX_ABORTED,	 /* fine by itself; another operation of the transaction failed */
};

/* What happens to a frame from a new source address when a MAC limit is reached. */
enum vex_limit_action {
	VEX_LIMIT_NONE,		/* forwarded, not learned */
	VEX_LIMIT_LOG,		/* the same, and an event */
	VEX_LIMIT_DROP,		/* neither learned nor forwarded */
	VEX_LIMIT_DROP_AND_LOG, /* the same, and an event */
	VEX_LIMIT_SHUTDOWN,	/* dropped; the port is down both ways from the next tick */
	VEX_LIMIT_ACTIONS,
};

#define VEX_SWITCH_MAC_EVENTS (1u << 0) /* an event for each address that is learned, moves, goes */

struct vex_op_switch {
	uint32_t mac_limit; /* addresses in all, VEX_MAC_UNLIMITED: only the scale limits */
	uint8_t mac_action; /* enum vex_limit_action */
	uint8_t flags;	    /* VEX_SWITCH_* */
	uint8_t pad[2];
};

#define VEX_PORT_ADMIN_UP (1u << 0)

/* Traffic classes that storm control polices, and what it does. */
#define VEX_STORM_BROADCAST		 (1u << 0)
#define VEX_STORM_UNREGISTERED_MULTICAST (1u << 1)
#define VEX_STORM_REGISTERED_MULTICAST	 (1u << 2)
#define VEX_STORM_UNKNOWN_UNICAST	 (1u << 3)
#define VEX_STORM_CLASSES		 0xfu
#define VEX_STORM_SHUTDOWN		 (1u << 4) /* shut the port down instead of only dropping */

struct vex_op_port {
	uint16_t port;
	uint16_t mtu;		   /* frame without FCS and without up to two tags, 256 .. 9216 */
	uint32_t flags;		   /* VEX_PORT_* */
	uint32_t speed_mbps;	   /* 10 .. 100000, a speed whose byte time is whole picoseconds */
	uint32_t recovery_seconds; /* after a shutdown, 0: until VEX_OP_PORT_UP */
	uint32_t storm_flags;	   /* VEX_STORM_*; classes without a rate are INVALID */
	uint32_t pad;
	uint64_t storm_kbps; /* 0: no storm control */
};

struct vex_op_lag {
	uint16_t lag;		/* k of aeK */
	uint16_t minimum_links; /* 1 .. 16; with fewer members up the LAG is down */
	uint32_t flags;		/* VEX_PORT_ADMIN_UP */
};

struct vex_op_lag_member {
	uint16_t lag;
	uint16_t port;
};

#define VEX_LPORT_NO_LEARN (1u << 0)
#define VEX_LPORT_STICKY   (1u << 1) /* persistent-learning */

struct vex_op_lport {
	uint16_t lport;
	uint16_t untagged_bd; /* for untagged and priority-tagged frames, VEX_BD_NONE: dropped */
	uint32_t flags;	      /* VEX_LPORT_* */
	uint32_t mac_limit;   /* VEX_MAC_UNLIMITED: none */
	uint8_t mac_action;   /* enum vex_limit_action */
	uint8_t pad[3];
};

#define VEX_VLAN_NO_LEARN (1u << 0)
#define VEX_VLAN_PRIVATE  (1u << 1) /* member of a private VLAN, primary or secondary */

struct vex_op_vlan {
	uint16_t bd;
	uint16_t vid;	 /* 1 .. 4094, not that of another bridge domain */
	uint16_t fid_bd; /* filtering database that it shares: itself, or its primary VLAN */
	uint16_t stp_instance;
	uint32_t flags;	      /* VEX_VLAN_* */
	uint32_t age_seconds; /* 10 .. 1000000 */
	uint32_t mac_limit;   /* VEX_MAC_UNLIMITED: none */
	uint8_t mac_action;   /* enum vex_limit_action */
	uint8_t pad[3];
};

enum vex_vlan_set {
	VEX_VLAN_IN,	      /* ports from which the VLAN is accepted */
	VEX_VLAN_OUT,	      /* ports to which it is sent; a private VLAN's rules are these sets */
	VEX_VLAN_UNTAGGED,    /* of VEX_VLAN_OUT: ports on which it leaves without a tag */
	VEX_VLAN_PRIMARY_TAG, /* of VEX_VLAN_OUT: ports on which it leaves with the primary's tag */
	VEX_VLAN_SETS,
};

struct vex_op_vlan_ports {
	uint16_t bd;
	uint16_t set; /* enum vex_vlan_set; replaces the whole set */
	uint32_t pad;
	struct lport_set ports;
};

/* Limit of the addresses that one VLAN may learn on one logical port. */
struct vex_op_vlan_port_limit {
	uint16_t bd;
	uint16_t lport;
	uint32_t mac_limit; /* VEX_MAC_UNLIMITED: none */
	uint8_t mac_action; /* enum vex_limit_action */
	uint8_t pad[3];
};

/* Ordered so that a state allows at least what the one before it allows. */
enum vex_stp_state {
	VEX_STP_DISCARDING, /* 802.1D blocking and listening */
	VEX_STP_LEARNING,
	VEX_STP_FORWARDING, /* the state of every port until an operation says otherwise */
	VEX_STP_STATES,
};

struct vex_op_stp {
	uint16_t instance;
	uint16_t lport;
	uint8_t state; /* enum vex_stp_state */
	uint8_t pad[3];
};

enum vex_mac_type {
	VEX_MAC_DYNAMIC,
	VEX_MAC_STATIC,
	VEX_MAC_STICKY, /* learned on a port with persistent-learning */
	VEX_MAC_OWN,	/* the switch itself; does not count towards limits */
	VEX_MAC_TYPES,
};

struct vex_op_mac {
	uint16_t bd;
	uint16_t lport;
	uint8_t mac[6];
	uint8_t type; /* enum vex_mac_type */
	uint8_t pad;
	uint32_t age_seconds; /* of a dynamic entry that was read back; zero in operations */
};

/* Flushes the entries that match both, VEX_LPORT_NONE and VEX_BD_NONE match all. */
struct vex_op_mac_flush {
	uint16_t lport;
	uint16_t bd;
	uint32_t flags; /* VEX_FLUSH_STICKY: sticky entries as well */
};
#define VEX_FLUSH_STICKY (1u << 0)

/* Frames of a protocol that the routing engine gets; Junos' `ddos-protection`. */
struct vex_op_punt {
	uint16_t protocol; /* enum punt_protocol (punt.h) */
	uint16_t pad;
	uint32_t pps;	/* frames a second, at most PUNT_PPS_MAX; 0: not policed */
	uint32_t burst; /* frames at once, 1 .. PUNT_BURST_MAX; 0 if not policed */
};

/*
 * Brackets of a transaction on a ring; never part of one. An operation outside of brackets is a
 * transaction by itself.
 */
struct vex_op_txn {
	uint32_t count; /* operations between the brackets, the same in both */
};

/* What can be read back. The records are the operations that would make the table what it is. */
enum vex_table {
	VEX_TABLE_SWITCH,	   /* VEX_OP_SWITCH_SET */
	VEX_TABLE_PORT,		   /* VEX_OP_PORT_SET of every port */
	VEX_TABLE_LAG,		   /* VEX_OP_LAG_SET, VEX_OP_LAG_MEMBER_ADD */
	VEX_TABLE_VLAN,		   /* VEX_OP_VLAN_SET; primary VLANs before their secondary ones */
	VEX_TABLE_VLAN_PORTS,	   /* VEX_OP_VLAN_PORTS, sets that are not empty */
	VEX_TABLE_LPORT,	   /* VEX_OP_LPORT_SET of ports that bridge */
	VEX_TABLE_VLAN_PORT_LIMIT, /* VEX_OP_VLAN_PORT_LIMIT */
	VEX_TABLE_STP,		   /* VEX_OP_STP_STATE, states other than forwarding */
	VEX_TABLE_PUNT,		   /* VEX_OP_PUNT_SET, rates other than the default */
	VEX_TABLE_MAC_STATIC,	   /* VEX_OP_MAC_SET of type static */
	VEX_TABLE_MAC_LEARNED,	   /* VEX_OP_MAC_SET of every other type; digest 0 */
	VEX_TABLES,
};

#define VEX_DUMP_DIGEST (1u << 0) /* only the end record: count and digest */

/*
 * Reads a table back over the dump ring. It is acknowledged when it was taken; its records follow,
 * and one VEX_OP_DUMP_END. One dump at a time: another meanwhile is VEX_NO_RESOURCE. Records have
 * number and status zero. What changes while it is read may be missing or be there.
 */
struct vex_op_dump {
	uint16_t table;	 /* enum vex_table */
	uint16_t flags;	 /* VEX_DUMP_* */
	uint16_t bd;	 /* VEX_TABLE_MAC_*: only this filtering database, VEX_BD_NONE: all */
	uint16_t lport;	 /* VEX_TABLE_MAC_*: only this logical port, VEX_LPORT_NONE: all */
	uint32_t cookie; /* given back in the end record */
			 /* Of other tables bd and lport are VEX_BD_NONE and VEX_LPORT_NONE. */
};

struct vex_op_dump_end {
	uint16_t table;
	uint16_t pad;
	uint32_t cookie;
	uint64_t count;	     /* records */
	uint64_t digest;     /* of all records, whatever their order: a sum over them */
	uint64_t generation; /* of the tables when the dump began */
};

struct vex_op {
	uint16_t type;	 /* enum vex_op_type */
	uint16_t status; /* enum vex_status, written by the data plane */
	uint32_t seq;	 /* chosen by control, given back in the acknowledgement */
	union {
		uint8_t raw[56];
		struct vex_op_switch sw;
		struct vex_op_port port;
		struct vex_op_lag lag;
		struct vex_op_lag_member lag_member;
		struct vex_op_lport lport;
		struct vex_op_vlan vlan;
		struct vex_op_vlan_ports vlan_ports;
		struct vex_op_vlan_port_limit vlan_port_limit;
		struct vex_op_stp stp;
		struct vex_op_mac mac;
		struct vex_op_mac_flush mac_flush;
		struct vex_op_txn txn;
		struct vex_op_punt punt;
		struct vex_op_dump dump;
		struct vex_op_dump_end dump_end;
	};
};

/* Text for logs and errors; "?" for a number out of range. */
const char *vex_op_type_name(unsigned int type);
const char *vex_status_name(unsigned int status);
const char *vex_table_name(unsigned int table);

static inline void lport_set_add(struct lport_set *s, unsigned int lport)
{
	s->word[lport / 64] |= UINT64_C(1) << (lport % 64);
}

static inline void lport_set_del(struct lport_set *s, unsigned int lport)
{
	s->word[lport / 64] &= ~(UINT64_C(1) << (lport % 64));
}

static inline int lport_set_has(const struct lport_set *s, unsigned int lport)
{
	return (s->word[lport / 64] >> (lport % 64)) & 1;
}

#endif
