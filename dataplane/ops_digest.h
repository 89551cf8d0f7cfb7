/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_OPS_DIGEST_H
#define VEX_DATAPLANE_OPS_DIGEST_H

/*
 * What both sides agree on when tables are compared: which table an operation belongs to, whether
 * it says anything that an empty table does not, and its digest.
 *
 * The digest of a table is the sum, modulo 2^64, of the digests of its records, so the order in
 * which they are read does not matter. The number and the status of a record do not count: those of
 * an image and those of a dump give the same. Two tables with the same count and digest are taken
 * as equal; the records are not chosen by an adversary who could make them collide.
 */

#include <stdbool.h>
#include <string.h>

#include "dataplane/ops.h"
#include "dataplane/punt.h"

/* The digest of one record. */
static inline uint64_t vex_op_digest(const struct vex_op *op)
{
	uint64_t h = (op->type + UINT64_C(1)) * UINT64_C(0x9e3779b97f4a7c15);

	for (unsigned int i = 0; i < sizeof(op->raw); i += 8) {
		uint64_t word;

		memcpy(&word, op->raw + i, sizeof(word));
		h = (h ^ word) * UINT64_C(0xd6e8feb86659fd93);
		h ^= h >> 32;
	}
	h *= UINT64_C(0xff51afd7ed558ccd);
	return h ^ h >> 33;
}

/* The table that an operation of an image, or a record, belongs to; VEX_TABLES: to none. */
static inline enum vex_table vex_op_table(const struct vex_op *op)
{
	switch (op->type) {
	case VEX_OP_SWITCH_SET:
		return VEX_TABLE_SWITCH;
	case VEX_OP_PORT_SET:
		return VEX_TABLE_PORT;
	case VEX_OP_LAG_SET:
	case VEX_OP_LAG_MEMBER_ADD:
		return VEX_TABLE_LAG;
	case VEX_OP_VLAN_SET:
		return VEX_TABLE_VLAN;
	case VEX_OP_VLAN_PORTS:
		return VEX_TABLE_VLAN_PORTS;
	case VEX_OP_LPORT_SET:
		return VEX_TABLE_LPORT;
	case VEX_OP_VLAN_PORT_LIMIT:
		return VEX_TABLE_VLAN_PORT_LIMIT;
	case VEX_OP_STP_STATE:
		return VEX_TABLE_STP;
	case VEX_OP_PUNT_SET:
		return VEX_TABLE_PUNT;
	case VEX_OP_MAC_SET:
		return op->mac.type == VEX_MAC_STATIC ? VEX_TABLE_MAC_STATIC
						      : VEX_TABLE_MAC_LEARNED;
	default:
		return VEX_TABLES;
	}
}

/* True if an operation says what holds without it; such a record is never part of a dump. */
static inline bool vex_op_is_default(const struct vex_op *op)
{
	static const struct lport_set empty;
	const struct vex_op_lport *l = &op->lport;
	struct punt_rate rate;

	switch (op->type) {
	case VEX_OP_VLAN_PORTS:
		return memcmp(&op->vlan_ports.ports, &empty, sizeof(empty)) == 0;
	case VEX_OP_LPORT_SET:
		return l->untagged_bd == VEX_BD_NONE && l->flags == 0 &&
		       l->mac_limit == VEX_MAC_UNLIMITED && l->mac_action == VEX_LIMIT_NONE;
	case VEX_OP_VLAN_PORT_LIMIT:
		return op->vlan_port_limit.mac_limit == VEX_MAC_UNLIMITED;
	case VEX_OP_STP_STATE:
		return op->stp.state == VEX_STP_FORWARDING;
	case VEX_OP_PUNT_SET:
		if (op->punt.protocol >= PUNT_PROTOCOLS)
			return false;
		rate = punt_default(op->punt.protocol);
		return op->punt.pps == rate.pps && op->punt.burst == rate.burst;
	default:
		return false;
	}
}

#endif
