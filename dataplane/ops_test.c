/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Operations: whatever is wrong with one is refused by status and changes nothing, a transaction is
 * all or nothing. That nothing changed is checked on the dumps by PIPE_REFUSE.
 */
#include <string.h>

#include "tests/unit/config.h"
#include "tests/unit/ops_build.h"
#include "tests/unit/pipe.h"

#define CONFIG                       \
	LAGS("1")                    \
	VLAN("v10", "10")            \
	VLAN("v20", "20")            \
	ACCESS("ge-0/0/0", "v10")    \
	TRUNK("ge-0/0/1", "v10 v20") \
	MEMBER("ge-0/0/2", "ae0") MEMBER("ge-0/0/3", "ae0") ACCESS("ae0", "v20")

/* An operation with one field changed. */
#define WITH(op, field, to)           \
	({                            \
		struct vex_op o = op; \
		o.field = (to);       \
		o;                    \
	})

/* A station in the table, so that a change would show. */
static struct pipe *open_switch(void)
{
	struct pipe *p = PIPE_OPEN_ONE(CONFIG);
	struct frame f = frame_of(MAC_ALL, MAC(1), 0, 64);

	PIPE_SEND(p, "ge-0/0/0", &f);
	PIPE_DISCARD(p);
	return p;
}

struct wrong {
	struct vex_op op;
	enum vex_status status;
};

static void refuse_all(const struct wrong *w, size_t n, const char *what)
{
	struct pipe *p = open_switch();

	for (size_t i = 0; i < n; i++) {
		struct vex_op op = w[i].op;

		vexmodel_apply(p->m[0], &op, 1);
		pipe_check(PIPE_HERE, op.status == w[i].status, "%s %zu: %s, not %s", what, i,
			vex_status_name(w[i].status), vex_status_name(op.status));
		PIPE_REFUSE(p, &w[i].op, 1, 0, w[i].status);
	}
	PIPE_CLOSE(p);
}

static void switch_and_ports(void)
{
	struct vex_op sw = op_switch(10, VEX_LIMIT_DROP);
	struct vex_op port = op_port(0, true);
	struct vex_op storm = port;
	struct vex_op up = op_port_up(0);

	storm.port.storm_kbps = 1000;
	storm.port.storm_flags = VEX_STORM_BROADCAST;
	{
		const struct wrong w[] = {
			{WITH(sw, sw.mac_action, VEX_LIMIT_ACTIONS), VEX_INVALID},
			{WITH(sw, sw.pad[0], 1), VEX_INVALID},
			{WITH(sw, sw.flags, 2), VEX_INVALID},
			{WITH(sw, sw.pad[1], 1), VEX_INVALID},
			{WITH(port, port.port, 26), VEX_NOT_FOUND},
			{WITH(port, port.port, 128), VEX_NOT_FOUND},
			{WITH(port, port.port, 0xffff), VEX_NOT_FOUND},
			{WITH(port, port.mtu, 255), VEX_INVALID},
			{WITH(port, port.mtu, 9217), VEX_INVALID},
			{WITH(port, port.mtu, 0), VEX_INVALID},
			{WITH(port, port.flags, 2), VEX_INVALID},
			{WITH(port, port.speed_mbps, 0), VEX_INVALID},
			{WITH(port, port.speed_mbps, 9), VEX_INVALID},
			{WITH(port, port.speed_mbps, 3000), VEX_INVALID},
			{WITH(port, port.speed_mbps, 200000), VEX_INVALID},
			{WITH(port, port.pad, 1), VEX_INVALID},
			{WITH(port, port.storm_kbps, 1), VEX_INVALID},
			{WITH(port, port.storm_flags, 1), VEX_INVALID},
			{WITH(storm, port.storm_flags, 32), VEX_INVALID},
			{WITH(storm, port.storm_flags, VEX_STORM_SHUTDOWN), VEX_INVALID},
			{WITH(storm, port.storm_kbps, 1000001), VEX_INVALID},
			{WITH(storm, port.storm_kbps, UINT64_MAX), VEX_INVALID},
			{WITH(up, port.port, 26), VEX_NOT_FOUND},
			{WITH(up, port.mtu, 1514), VEX_INVALID},
			{WITH(up, port.storm_kbps, 1), VEX_INVALID},
		};

		refuse_all(w, UNIT_N(w), "switch or port");
	}
}

static void lags(void)
{
	struct vex_op lag = op_lag(0, 1);
	struct vex_op del = op_lag_del(0);
	struct vex_op add = op_member(VEX_OP_LAG_MEMBER_ADD, 0, 5);
	struct vex_op out = op_member(VEX_OP_LAG_MEMBER_DEL, 0, 2);
	const struct wrong w[] = {
		{WITH(lag, lag.lag, 128), VEX_INVALID},
		{WITH(lag, lag.minimum_links, 0), VEX_INVALID},
		{WITH(lag, lag.minimum_links, 17), VEX_INVALID},
		{WITH(lag, lag.flags, 2), VEX_INVALID},
		{WITH(del, lag.lag, 1), VEX_NOT_FOUND},
		{WITH(del, lag.lag, 128), VEX_NOT_FOUND},
		{WITH(del, lag.lag, 0xffff), VEX_NOT_FOUND},
		{WITH(del, lag.minimum_links, 1), VEX_INVALID},
		{WITH(del, lag.flags, 1), VEX_INVALID},
		{WITH(add, lag_member.lag, 1), VEX_NOT_FOUND},
		{WITH(add, lag_member.lag, 128), VEX_NOT_FOUND},
		{WITH(add, lag_member.port, 26), VEX_NOT_FOUND},
		{WITH(add, lag_member.port, 0xffff), VEX_NOT_FOUND},
		{WITH(out, lag_member.lag, 1), VEX_NOT_FOUND},
		{WITH(out, lag_member.lag, 0xffff), VEX_NOT_FOUND},
		{WITH(out, lag_member.port, 5), VEX_NOT_FOUND},
	};

	refuse_all(w, UNIT_N(w), "LAG");
}

static void vlans(void)
{
	struct vex_op lport = op_lport(0, 10);
	struct vex_op vlan = op_vlan(30, 30, 300);
	struct vex_op secondary = WITH(vlan, vlan.flags, VEX_VLAN_PRIVATE);
	struct vex_op del = op_vlan_del(10);
	struct vex_op set = op_set(10, VEX_VLAN_OUT, 3);
	struct vex_op limit = op_port_limit(10, 0, 5, VEX_LIMIT_DROP);
	const struct wrong w[] = {
		{WITH(lport, lport.lport, 26), VEX_NOT_FOUND},
		{WITH(lport, lport.lport, 127), VEX_NOT_FOUND},
		{WITH(lport, lport.lport, 129), VEX_NOT_FOUND},
		{WITH(lport, lport.lport, 256), VEX_NOT_FOUND},
		{WITH(lport, lport.lport, 0xffff), VEX_NOT_FOUND},
		{WITH(lport, lport.untagged_bd, 30), VEX_NOT_FOUND},
		{WITH(lport, lport.untagged_bd, 4096), VEX_NOT_FOUND},
		{WITH(lport, lport.flags, 4), VEX_INVALID},
		{WITH(lport, lport.mac_action, VEX_LIMIT_ACTIONS), VEX_INVALID},
		{WITH(lport, lport.pad[1], 1), VEX_INVALID},
		{WITH(vlan, vlan.bd, 4096), VEX_INVALID},
		{WITH(vlan, vlan.bd, 0xffff), VEX_INVALID},
		{WITH(vlan, vlan.vid, 0), VEX_INVALID},
		{WITH(vlan, vlan.vid, 4095), VEX_INVALID},
		{WITH(vlan, vlan.vid, 10), VEX_INVALID},
		{WITH(vlan, vlan.fid_bd, 10), VEX_INVALID},
		{WITH(vlan, vlan.fid_bd, 4096), VEX_INVALID},
		{WITH(secondary, vlan.fid_bd, 31), VEX_INVALID},
		{WITH(vlan, vlan.stp_instance, 512), VEX_INVALID},
		{WITH(vlan, vlan.flags, 4), VEX_INVALID},
		{WITH(vlan, vlan.age_seconds, 9), VEX_INVALID},
		{WITH(vlan, vlan.age_seconds, 1000001), VEX_INVALID},
		{WITH(vlan, vlan.mac_action, 255), VEX_INVALID},
		{WITH(vlan, vlan.pad[2], 1), VEX_INVALID},
		{WITH(del, vlan.bd, 30), VEX_NOT_FOUND},
		{WITH(del, vlan.bd, 4096), VEX_NOT_FOUND},
		{WITH(del, vlan.vid, 10), VEX_INVALID},
		{WITH(del, vlan.mac_limit, 1), VEX_INVALID},
		{WITH(set, vlan_ports.bd, 30), VEX_NOT_FOUND},
		{WITH(set, vlan_ports.bd, 0xffff), VEX_NOT_FOUND},
		{WITH(set, vlan_ports.set, VEX_VLAN_SETS), VEX_INVALID},
		{WITH(set, vlan_ports.pad, 1), VEX_INVALID},
		{WITH(set, vlan_ports.ports.word[0], UINT64_C(1) << 26), VEX_NOT_FOUND},
		{WITH(set, vlan_ports.ports.word[1], UINT64_C(1) << 63), VEX_NOT_FOUND},
		{WITH(set, vlan_ports.ports.word[2], 2), VEX_NOT_FOUND},
		{WITH(set, vlan_ports.ports.word[3], UINT64_C(1) << 63), VEX_NOT_FOUND},
		{WITH(limit, vlan_port_limit.bd, 30), VEX_NOT_FOUND},
		{WITH(limit, vlan_port_limit.lport, 26), VEX_NOT_FOUND},
		{WITH(limit, vlan_port_limit.lport, 0xffff), VEX_NOT_FOUND},
		{WITH(limit, vlan_port_limit.mac_action, VEX_LIMIT_ACTIONS), VEX_INVALID},
		{WITH(limit, vlan_port_limit.pad[0], 1), VEX_INVALID},
	};

	refuse_all(w, UNIT_N(w), "VLAN");
}

static void addresses(void)
{
	struct vex_op stp = op_stp(0, 0, VEX_STP_LEARNING);
	struct vex_op mac = op_mac(VEX_OP_MAC_SET, 10, 0, MAC(7));
	struct vex_op del = op_mac(VEX_OP_MAC_DEL, 10, 0, MAC(1));
	struct vex_op flush = op_flush(VEX_LPORT_NONE, VEX_BD_NONE, 0);
	const struct wrong w[] = {
		{WITH(stp, stp.instance, 512), VEX_INVALID},
		{WITH(stp, stp.lport, 26), VEX_NOT_FOUND},
		{WITH(stp, stp.lport, 0xffff), VEX_NOT_FOUND},
		{WITH(stp, stp.state, VEX_STP_STATES), VEX_INVALID},
		{WITH(stp, stp.pad[1], 1), VEX_INVALID},
		{WITH(mac, mac.bd, 30), VEX_NOT_FOUND},
		{WITH(mac, mac.bd, 0xffff), VEX_NOT_FOUND},
		{WITH(mac, mac.lport, 26), VEX_NOT_FOUND},
		{WITH(mac, mac.lport, 0xffff), VEX_NOT_FOUND},
		{WITH(mac, mac.lport, 5), VEX_INVALID},
		{WITH(mac, mac.mac[0], 1), VEX_INVALID},
		{op_mac(VEX_OP_MAC_SET, 10, 0, 0), VEX_INVALID},
		{WITH(mac, mac.type, VEX_MAC_DYNAMIC), VEX_NO_SUPPORT},
		{WITH(mac, mac.type, VEX_MAC_OWN), VEX_NO_SUPPORT},
		{WITH(mac, mac.type, VEX_MAC_TYPES), VEX_INVALID},
		{WITH(mac, mac.pad, 1), VEX_INVALID},
		{WITH(del, mac.bd, 30), VEX_NOT_FOUND},
		{WITH(del, mac.lport, 1), VEX_INVALID},
		{WITH(del, mac.type, 1), VEX_INVALID},
		{WITH(flush, mac_flush.bd, 30), VEX_NOT_FOUND},
		{WITH(flush, mac_flush.bd, 4096), VEX_NOT_FOUND},
		{WITH(flush, mac_flush.lport, 26), VEX_NOT_FOUND},
		{WITH(flush, mac_flush.lport, 256), VEX_NOT_FOUND},
		{WITH(flush, mac_flush.flags, 2), VEX_INVALID},
	};

	refuse_all(w, UNIT_N(w), "address");
}

/* One sound operation of each type, in an order in which all of them may be applied. */
static size_t one_of_each(struct vex_op *ops)
{
	const struct vex_op all[] = {
		op_switch(100, VEX_LIMIT_LOG),
		op_port(0, true),
		op_lag(5, 1),
		op_member(VEX_OP_LAG_MEMBER_ADD, 5, 7),
		op_member(VEX_OP_LAG_MEMBER_DEL, 5, 7),
		op_lag_del(5),
		op_vlan(30, 30, 300),
		op_set(30, VEX_VLAN_OUT, 7),
		op_lport(0, 30),
		op_port_limit(30, 0, 5, VEX_LIMIT_DROP),
		op_stp(3, 0, VEX_STP_LEARNING),
		op_mac(VEX_OP_MAC_SET, 30, 0, MAC(7)),
		op_mac(VEX_OP_MAC_DEL, 10, 0, MAC(1)),
		op_flush(0, 30, 0),
		op_vlan_del(20),
		op_port_up(3),
		{.type = VEX_OP_PUNT_SET, .punt = {.protocol = 1, .pps = 10, .burst = 20}},
	};

	memcpy(ops, all, sizeof(all));
	return UNIT_N(all);
}

static void each_type(void)
{
	struct vex_op ops[VEX_OP_TYPES];
	struct pipe *p = open_switch();
	size_t n = one_of_each(ops);
	bool seen[VEX_OP_TYPES] = {false};

	for (size_t i = 0; i < n; i++)
		seen[ops[i].type] = true;
	/* The brackets of a ring's transactions are no operations on the tables. */
	for (unsigned int type = VEX_OP_NONE + 1; type < VEX_OP_TYPES; type++)
		if (type < VEX_OP_TXN_BEGIN || type > VEX_OP_DUMP_END)
			pipe_check(
				PIPE_HERE, seen[type], "an operation %s", vex_op_type_name(type));
	PIPE_APPLY(p, ops, n);
	PIPE_EXPECT_MAC(p, 30, MAC(7), "ge-0/0/0.0", "static");
	PIPE_CLOSE(p);
}

/* The bytes of the union that a type does not use. */
static size_t used_bytes(unsigned int type)
{
	switch (type) {
	case VEX_OP_SWITCH_SET:
		return 8;
	case VEX_OP_PORT_SET:
	case VEX_OP_PORT_UP:
		return 32;
	case VEX_OP_LAG_SET:
	case VEX_OP_LAG_DEL:
		return 8;
	case VEX_OP_LAG_MEMBER_ADD:
	case VEX_OP_LAG_MEMBER_DEL:
		return 4;
	case VEX_OP_LPORT_SET:
		return 16;
	case VEX_OP_VLAN_SET:
	case VEX_OP_VLAN_DEL:
		return 24;
	case VEX_OP_VLAN_PORTS:
		return 40;
	case VEX_OP_VLAN_PORT_LIMIT:
		return 12;
	case VEX_OP_STP_STATE:
		return 8;
	case VEX_OP_MAC_SET:
	case VEX_OP_MAC_DEL:
	case VEX_OP_PUNT_SET:
		return 12;
	case VEX_OP_MAC_FLUSH:
		return 8;
	default:
		return 0;
	}
}

static void unused_bytes(void)
{
	struct vex_op ops[VEX_OP_TYPES];
	struct pipe *p = open_switch();
	size_t n = one_of_each(ops);

	for (size_t i = 0; i < n; i++) {
		size_t used = used_bytes(ops[i].type);

		/* Each byte of a VLAN set is used, and 15 bytes at least are not. */
		CU_ASSERT(used > 0 && used <= 40);
		for (size_t b = used; b < sizeof(ops[i].raw); b++) {
			struct vex_op op = ops[i];

			op.raw[b] = 0x80;
			CU_ASSERT_EQUAL(vexmodel_apply(p->m[0], &op, 1), VEXMODEL_REFUSED);
			CU_ASSERT_EQUAL(op.status, VEX_INVALID);
		}
	}
	PIPE_CLOSE(p);
}

static void unknown_types(void)
{
	static const uint16_t types[] = {VEX_OP_NONE, VEX_OP_TYPES, VEX_OP_TYPES + 1, 255, 0xffff};
	struct pipe *p = open_switch();

	for (size_t i = 0; i < UNIT_N(types); i++) {
		struct vex_op op = {.type = types[i]};

		PIPE_REFUSE(p, &op, 1, 0, VEX_INVALID);
	}
	CU_ASSERT_STRING_EQUAL(vex_op_type_name(VEX_OP_TYPES), "?");
	CU_ASSERT_STRING_EQUAL(vex_op_type_name(VEX_OP_MAC_SET), "mac-set");
	CU_ASSERT_STRING_EQUAL(vex_status_name(VEX_NO_RESOURCE), "NO_RESOURCE");
	CU_ASSERT_STRING_EQUAL(vex_status_name(77), "?");
	PIPE_CLOSE(p);
}

static void atomic(void)
{
	struct vex_op ops[VEX_OP_TYPES + 1];
	struct pipe *p = open_switch();
	size_t n = one_of_each(ops);

	/* A bad one at every place: the rest is aborted, and nothing is applied. */
	for (size_t bad = 0; bad <= n; bad++) {
		struct vex_op all[VEX_OP_TYPES + 1];
		struct vex_op done[VEX_OP_TYPES + 1];

		memcpy(all, ops, bad * sizeof(ops[0]));
		all[bad] = op_mac(VEX_OP_MAC_SET, 4000, 0, MAC(7));
		memcpy(all + bad + 1, ops + bad, (n - bad) * sizeof(ops[0]));
		PIPE_REFUSE(p, all, n + 1, bad, VEX_NOT_FOUND);
		for (size_t i = 0; i <= n; i++)
			all[i].seq = (uint32_t)(1000 + i);
		memcpy(done, all, sizeof(done));
		vexmodel_apply(p->m[0], done, n + 1);
		for (size_t i = 0; i <= n; i++) {
			CU_ASSERT_EQUAL(done[i].seq, 1000 + i);
			CU_ASSERT_EQUAL(done[i].status, i == bad ? VEX_NOT_FOUND : VEX_ABORTED);
		}
	}
	PIPE_APPLY(p, ops, n);
	PIPE_APPLY(p, NULL, 0);
	PIPE_CLOSE(p);
}

static void several_wrong(void)
{
	struct pipe *p = open_switch();
	struct vex_op ops[4] = {op_port(99, true), op_port(1, true), op_vlan(30, 0, 300),
		op_stp(0, 0, VEX_STP_LEARNING)};

	PIPE_REFUSE(p, ops, 4, 0, VEX_NOT_FOUND);
	PIPE_REFUSE(p, ops, 4, 1, VEX_ABORTED);
	PIPE_REFUSE(p, ops, 4, 2, VEX_INVALID);
	PIPE_REFUSE(p, ops, 4, 3, VEX_ABORTED);
	PIPE_CLOSE(p);
}

static const struct unit_case cases[] = {
	{"switch and port: every field out of range is refused", switch_and_ports},
	{"LAG and member: every field out of range is refused", lags},
	{"VLAN, port set, logical port, limit: every field out of range is refused", vlans},
	{"spanning tree, address, flush: every field out of range is refused", addresses},
	{"one of each type is applied", each_type},
	{"a byte that a type does not use must be zero", unused_bytes},
	{"an unknown type is refused", unknown_types},
	{"a bad operation anywhere aborts the whole transaction", atomic},
	{"every bad operation of a transaction has its own status", several_wrong},
};

const struct unit_suite ops_suite = {.name = "ops", .cases = cases, .n = UNIT_N(cases)};
