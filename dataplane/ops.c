/* SPDX-License-Identifier: BSD-3-Clause */
/* What both sides of the rings need of the operations; compiled once, for every program. */
#include "dataplane/ops.h"

static const char *const type_names[VEX_OP_TYPES] = {
	[VEX_OP_NONE] = "none",
	[VEX_OP_SWITCH_SET] = "switch-set",
	[VEX_OP_PORT_SET] = "port-set",
	[VEX_OP_LAG_SET] = "lag-set",
	[VEX_OP_LAG_DEL] = "lag-del",
	[VEX_OP_LAG_MEMBER_ADD] = "lag-member-add",
	[VEX_OP_LAG_MEMBER_DEL] = "lag-member-del",
	[VEX_OP_LPORT_SET] = "lport-set",
	[VEX_OP_VLAN_SET] = "vlan-set",
	[VEX_OP_VLAN_DEL] = "vlan-del",
	[VEX_OP_VLAN_PORTS] = "vlan-ports",
	[VEX_OP_VLAN_PORT_LIMIT] = "vlan-port-limit",
	[VEX_OP_STP_STATE] = "stp-state",
	[VEX_OP_MAC_SET] = "mac-set",
	[VEX_OP_MAC_DEL] = "mac-del",
	[VEX_OP_MAC_FLUSH] = "mac-flush",
	[VEX_OP_PORT_UP] = "port-up",
	[VEX_OP_TXN_BEGIN] = "txn-begin",
	[VEX_OP_TXN_COMMIT] = "txn-commit",
	[VEX_OP_DUMP] = "dump",
	[VEX_OP_DUMP_END] = "dump-end",
	[VEX_OP_PUNT_SET] = "punt-set",
};

static const char *const status_names[] = {
	[VEX_OK] = "OK",
	[VEX_INVALID] = "INVALID",
	[VEX_NOT_FOUND] = "NOT_FOUND",
	[VEX_NO_RESOURCE] = "NO_RESOURCE",
	[VEX_NO_SUPPORT] = "NO_SUPPORT",
	[VEX_ABORTED] = "ABORTED",
};

static const char *const table_names[VEX_TABLES] = {
	[VEX_TABLE_SWITCH] = "switch",
	[VEX_TABLE_PORT] = "port",
	[VEX_TABLE_LAG] = "lag",
	[VEX_TABLE_VLAN] = "vlan",
	[VEX_TABLE_VLAN_PORTS] = "vlan-ports",
	[VEX_TABLE_LPORT] = "logical-port",
	[VEX_TABLE_VLAN_PORT_LIMIT] = "vlan-port-limit",
	[VEX_TABLE_STP] = "stp",
	[VEX_TABLE_PUNT] = "punt",
	[VEX_TABLE_MAC_STATIC] = "mac-static",
	[VEX_TABLE_MAC_LEARNED] = "mac-learned",
};

const char *vex_op_type_name(unsigned int type)
{
	return type < VEX_OP_TYPES ? type_names[type] : "?";
}

const char *vex_status_name(unsigned int status)
{
	return status <= VEX_ABORTED ? status_names[status] : "?";
}

const char *vex_table_name(unsigned int table)
{
	return table < VEX_TABLES ? table_names[table] : "?";
}
