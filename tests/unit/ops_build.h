/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations (dataplane/ops.h) for tests, each with sound values; a test changes single fields. */
#ifndef TESTS_UNIT_OPS_BUILD_H
#define TESTS_UNIT_OPS_BUILD_H

#include <stdbool.h>
#include <stdint.h>

#include "dataplane/ops.h"

static inline struct vex_op op_switch(uint32_t limit, uint8_t action)
{
	return (struct vex_op){
		.type = VEX_OP_SWITCH_SET, .sw = {.mac_limit = limit, .mac_action = action}};
}

/* A 1 Gb/s port of MTU 1514. */
static inline struct vex_op op_port(uint16_t port, bool up)
{
	return (struct vex_op){.type = VEX_OP_PORT_SET,
		.port = {.port = port,
			.mtu = 1514,
			.flags = up ? VEX_PORT_ADMIN_UP : 0,
			.speed_mbps = 1000}};
}

static inline struct vex_op op_port_up(uint16_t port)
{
	return (struct vex_op){.type = VEX_OP_PORT_UP, .port = {.port = port}};
}

static inline struct vex_op op_lag(uint16_t lag, uint16_t minimum_links)
{
	return (struct vex_op){.type = VEX_OP_LAG_SET,
		.lag = {.lag = lag, .minimum_links = minimum_links, .flags = VEX_PORT_ADMIN_UP}};
}

static inline struct vex_op op_lag_del(uint16_t lag)
{
	return (struct vex_op){.type = VEX_OP_LAG_DEL, .lag = {.lag = lag}};
}

/* type is VEX_OP_LAG_MEMBER_ADD or VEX_OP_LAG_MEMBER_DEL. */
static inline struct vex_op op_member(uint16_t type, uint16_t lag, uint16_t port)
{
	return (struct vex_op){.type = type, .lag_member = {.lag = lag, .port = port}};
}

static inline struct vex_op op_lport(uint16_t lport, uint16_t untagged_bd)
{
	return (struct vex_op){.type = VEX_OP_LPORT_SET,
		.lport = {.lport = lport,
			.untagged_bd = untagged_bd,
			.mac_limit = VEX_MAC_UNLIMITED}};
}

/* A VLAN of its own in instance 0; control uses the identifier as the bridge domain. */
static inline struct vex_op op_vlan(uint16_t bd, uint16_t vid, uint32_t age_seconds)
{
	return (struct vex_op){.type = VEX_OP_VLAN_SET,
		.vlan = {.bd = bd,
			.vid = vid,
			.fid_bd = bd,
			.age_seconds = age_seconds,
			.mac_limit = VEX_MAC_UNLIMITED}};
}

static inline struct vex_op op_vlan_del(uint16_t bd)
{
	return (struct vex_op){.type = VEX_OP_VLAN_DEL, .vlan = {.bd = bd}};
}

/* Logical ports 0 .. 63 by bits. */
static inline struct vex_op op_set(uint16_t bd, enum vex_vlan_set set, uint64_t ports)
{
	return (struct vex_op){.type = VEX_OP_VLAN_PORTS,
		.vlan_ports = {.bd = bd, .set = (uint16_t)set, .ports = {{ports}}}};
}

static inline struct vex_op op_port_limit(
	uint16_t bd, uint16_t lport, uint32_t limit, uint8_t action)
{
	return (struct vex_op){.type = VEX_OP_VLAN_PORT_LIMIT,
		.vlan_port_limit = {
			.bd = bd, .lport = lport, .mac_limit = limit, .mac_action = action}};
}

static inline struct vex_op op_stp(uint16_t instance, uint16_t lport, enum vex_stp_state state)
{
	return (struct vex_op){.type = VEX_OP_STP_STATE,
		.stp = {.instance = instance, .lport = lport, .state = (uint8_t)state}};
}

/* type is VEX_OP_MAC_SET (a static address) or VEX_OP_MAC_DEL. */
static inline struct vex_op op_mac(uint16_t type, uint16_t bd, uint16_t lport, uint64_t mac)
{
	struct vex_op op = {.type = type, .mac = {.bd = bd, .lport = lport}};

	op.mac.type = type == VEX_OP_MAC_SET ? VEX_MAC_STATIC : 0;
	for (unsigned int i = 0; i < 6; i++)
		op.mac.mac[i] = (uint8_t)(mac >> (40 - 8 * i));
	return op;
}

static inline struct vex_op op_flush(uint16_t lport, uint16_t bd, uint32_t flags)
{
	return (struct vex_op){
		.type = VEX_OP_MAC_FLUSH, .mac_flush = {.lport = lport, .bd = bd, .flags = flags}};
}

#endif
