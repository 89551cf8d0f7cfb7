/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Dumps: the records of a table are the operations that made it, in whatever steps they are read,
 * and the digest is the same on both sides. What is expected is built from the operations given.
 */
#include <stdlib.h>
#include <string.h>

#include "dataplane/ops_digest.h"
#include "tests/unit/core.h"
#include "tests/unit/ops_build.h"
#include "tests/unit/random.h"
#include "tests/unit/unit.h"

#define MACS 112000u

/* The table is exactly the operations of it among these, in any order, and so says its digest. */
static void expect_table(
	struct core *c, enum vex_table table, const struct vex_op *ops, size_t n, size_t room)
{
	struct dumped r = dump_read(c, dump_of(table), room);
	struct vex_op *want = malloc((n + 1) * sizeof(*want));
	struct vex_op what = dump_of(table);
	uint64_t digest = 0;
	size_t wanted = 0;

	for (size_t i = 0; i < n; i++)
		if (vex_op_table(&ops[i]) == table && !vex_op_is_default(&ops[i])) {
			digest += vex_op_digest(&ops[i]);
			want[wanted++] = ops[i];
		}
	qsort(want, wanted, sizeof(*want), dump_compare_ops);
	qsort(r.v, r.n, sizeof(*r.v), dump_compare_ops);
	CU_ASSERT_EQUAL(r.n, wanted);
	CU_ASSERT_TRUE(r.n == wanted && memcmp(r.v, want, wanted * sizeof(*want)) == 0);
	CU_ASSERT_EQUAL(r.end.dump_end.digest, digest);
	CU_ASSERT_EQUAL(r.end.dump_end.generation, c->tables->generation);
	free(r.v);
	what.dump.flags = VEX_DUMP_DIGEST;
	r = dump_read(c, what, DUMP_ROOM);
	CU_ASSERT_EQUAL(r.n, 0);
	CU_ASSERT_EQUAL(r.end.dump_end.count, wanted);
	CU_ASSERT_EQUAL(r.end.dump_end.digest, digest);
	free(r.v);
	free(want);
}

struct list {
	struct vex_op v[512];
	size_t n;
};

static void add(struct list *l, struct vex_op op)
{
	CU_ASSERT_TRUE_FATAL(l->n < 512);
	l->v[l->n++] = op;
}

/* Something in every table, with values that differ from what holds by default. */
static void make_everything(struct list *l)
{
	struct vex_op op;

	op = op_switch(5000, VEX_LIMIT_DROP_AND_LOG);
	op.sw.flags = VEX_SWITCH_MAC_EVENTS;
	add(l, op);
	for (uint16_t i = 0; i < CORE_PORTS; i++) {
		op = op_port(i, i % 3 != 0);
		op.port.mtu = (uint16_t)(1514 + i);
		op.port.recovery_seconds = i;
		op.port.storm_kbps = i % 2 ? 1000u * i : 0;
		op.port.storm_flags = i % 2 ? VEX_STORM_BROADCAST | VEX_STORM_SHUTDOWN : 0;
		add(l, op);
	}
	add(l, op_lag(0, 1));
	add(l, op_lag(127, 3));
	add(l, op_member(VEX_OP_LAG_MEMBER_ADD, 0, 20));
	add(l, op_member(VEX_OP_LAG_MEMBER_ADD, 0, 22));
	add(l, op_member(VEX_OP_LAG_MEMBER_ADD, 127, 21));
	add(l, op_vlan(10, 10, 300));
	op = op_vlan(4094, 4094, 1000000);
	op.vlan.flags = VEX_VLAN_PRIVATE;
	op.vlan.stp_instance = 511;
	add(l, op);
	op = op_vlan(5, 7, 10);
	op.vlan.fid_bd = 4094;
	op.vlan.flags = VEX_VLAN_PRIVATE | VEX_VLAN_NO_LEARN;
	op.vlan.mac_limit = 3;
	op.vlan.mac_action = VEX_LIMIT_SHUTDOWN;
	add(l, op);
	for (unsigned int set = 0; set < VEX_VLAN_SETS; set++) {
		add(l, op_set(10, set, 0xff << set));
		op = op_set(5, set, 0);
		lport_set_add(&op.vlan_ports.ports, VEX_LPORT_LAG0 + 127);
		add(l, op);
	}
	op = op_lport(3, 10);
	op.lport.flags = VEX_LPORT_NO_LEARN | VEX_LPORT_STICKY;
	op.lport.mac_limit = 0;
	op.lport.mac_action = VEX_LIMIT_LOG;
	add(l, op);
	add(l, op_lport(4, VEX_BD_NONE)); /* says nothing */
	op = op_lport(5, VEX_BD_NONE);
	op.lport.flags = VEX_LPORT_STICKY;
	add(l, op);
	add(l, op_lport(VEX_LPORT_LAG0 + 127, 5));
	add(l, op_port_limit(10, 1, 1, VEX_LIMIT_DROP));
	add(l, op_port_limit(10, 0, 0, VEX_LIMIT_NONE));
	add(l, op_port_limit(5, VEX_LPORT_LAG0, 9, VEX_LIMIT_LOG));
	add(l, op_stp(0, 1, VEX_STP_DISCARDING));
	add(l, op_stp(511, VEX_LPORT_LAG0 + 127, VEX_STP_LEARNING));
	add(l, op_stp(511, 2, VEX_STP_FORWARDING)); /* says nothing */
	op = (struct vex_op){
		.type = VEX_OP_PUNT_SET, .punt = {.protocol = 1, .pps = 7, .burst = 9}};
	add(l, op);
	op.punt = (struct vex_op_punt){.protocol = PUNT_PROTOCOLS - 1};
	add(l, op);
	add(l, op_mac(VEX_OP_MAC_SET, 10, 0, 0x020000000001));
	add(l, op_mac(VEX_OP_MAC_SET, 5, VEX_LPORT_LAG0 + 127, 0x02ffffffffff));
}

static void every_table(void)
{
	static const size_t rooms[] = {DUMP_ROOM, DUMP_ROOM + 1, 5000};
	struct core *c = core_make(1000);
	struct list l = {0};

	make_everything(&l);
	core_must_apply(c, l.v, l.n);
	for (size_t i = 0; i < UNIT_N(rooms); i++)
		for (enum vex_table t = 0; t < VEX_TABLE_MAC_LEARNED; t++)
			expect_table(c, t, l.v, l.n, rooms[i]);
	core_free(c);
}

static void empty_tables(void)
{
	struct core *c = core_make(1000);

	for (enum vex_table t = 0; t < VEX_TABLES; t++) {
		struct dumped r = dump_read(c, dump_of(t), DUMP_ROOM);

		CU_ASSERT_EQUAL(r.n, t == VEX_TABLE_SWITCH ? 1
				     : t == VEX_TABLE_PORT ? CORE_PORTS
							   : 0);
		free(r.v);
	}
	core_free(c);
}

/* The records, given to an empty switch in the order of the tables, make the same tables. */
static void records_are_operations(void)
{
	struct core *from = core_make(1000), *to = core_make(1000);
	struct list l = {0}, read = {0};

	make_everything(&l);
	core_must_apply(from, l.v, l.n);
	for (enum vex_table t = 0; t < VEX_TABLE_MAC_LEARNED; t++) {
		struct dumped r = dump_read(from, dump_of(t), DUMP_ROOM);

		for (size_t i = 0; i < r.n; i++)
			add(&read, r.v[i]);
		free(r.v);
	}
	core_must_apply(to, read.v, read.n);
	for (enum vex_table t = 0; t < VEX_TABLE_MAC_LEARNED; t++)
		expect_table(to, t, l.v, l.n, DUMP_ROOM);
	core_free(from);
	core_free(to);
}

/* ---- Learned addresses ------------------------------------------------------------------------ */

static struct core *learning_core(void)
{
	struct core *c = core_make(1000);
	struct vex_op secondary = op_vlan(11, 11, 300);
	struct vex_op sticky = op_lport(2, VEX_BD_NONE);

	secondary.vlan.fid_bd = 10;
	secondary.vlan.flags = VEX_VLAN_PRIVATE;
	sticky.lport.flags = VEX_LPORT_STICKY;
	{
		const struct vex_op ops[] = {op_port(0, true), op_port(1, true), op_port(2, true),
			op_vlan(10, 10, 300), op_vlan(20, 20, 300), secondary, op_set(10, 0, 7),
			op_set(11, 0, 7), op_set(20, 0, 7), sticky,
			op_mac(VEX_OP_MAC_SET, 20, 1, 0x02000000beef)};

		core_must_apply(c, ops, UNIT_N(ops));
	}
	core_learn(c, 10, 0, 0x020000000001);
	core_learn(c, 11, 1, 0x020000000002);
	core_learn(c, 20, 2, 0x020000000003);
	return c;
}

static const struct vex_op *find(const struct dumped *r, uint64_t mac)
{
	const struct vex_op want = op_mac(VEX_OP_MAC_SET, 0, 0, mac);

	for (size_t i = 0; i < r->n; i++)
		if (memcmp(r->v[i].mac.mac, want.mac.mac, 6) == 0)
			return &r->v[i];
	return NULL;
}

static void learned_addresses(void)
{
	struct core *c = learning_core();
	struct dumped r;
	const struct vex_op *op;

	c->tick = 200000; /* ms; the VLANs' ageing time is 300 s */
	r = dump_read(c, dump_of(VEX_TABLE_MAC_LEARNED), DUMP_ROOM);
	CU_ASSERT_EQUAL(r.n, 3);
	CU_ASSERT_EQUAL(r.end.dump_end.digest, 0);
	op = find(&r, 0x020000000002);
	CU_ASSERT_PTR_NOT_NULL_FATAL(op);
	CU_ASSERT_TRUE(op->mac.bd == 11 && op->mac.lport == 1 && op->mac.type == VEX_MAC_DYNAMIC);
	/* Marks are at most a quarter of the ageing time wide. */
	CU_ASSERT_TRUE(op->mac.age_seconds >= 125 && op->mac.age_seconds <= 275);
	op = find(&r, 0x020000000003);
	CU_ASSERT_PTR_NOT_NULL_FATAL(op);
	CU_ASSERT_TRUE(op->mac.bd == 20 && op->mac.type == VEX_MAC_STICKY);
	CU_ASSERT_EQUAL(op->mac.age_seconds, 0);
	free(r.v);
	core_free(c);
}

static void filters(void)
{
	struct core *c = learning_core();
	struct vex_op what = dump_of(VEX_TABLE_MAC_LEARNED);
	struct dumped r;

	what.dump.bd = 10; /* the database, which VLAN 11 shares */
	r = dump_read(c, what, DUMP_ROOM);
	CU_ASSERT_EQUAL(r.n, 2);
	CU_ASSERT_TRUE(find(&r, 0x020000000001) && find(&r, 0x020000000002));
	free(r.v);
	what.dump.lport = 1;
	r = dump_read(c, what, DUMP_ROOM);
	CU_ASSERT_EQUAL(r.n, 1);
	CU_ASSERT_PTR_NOT_NULL(find(&r, 0x020000000002));
	free(r.v);
	what.dump.bd = VEX_BD_NONE;
	what.dump.table = VEX_TABLE_MAC_STATIC;
	r = dump_read(c, what, DUMP_ROOM);
	CU_ASSERT_EQUAL(r.n, 1);
	CU_ASSERT_PTR_NOT_NULL(find(&r, 0x02000000beef));
	free(r.v);
	what.dump.lport = 0;
	r = dump_read(c, what, DUMP_ROOM);
	CU_ASSERT_EQUAL(r.n, 0);
	free(r.v);
	core_free(c);
}

/* ---- Size, refusals --------------------------------------------------------------------------- */

/* As many addresses as the box has, in steps that are bounded. */
static void full_table(void)
{
	struct core *c = core_make(MACS);
	struct vex_op *ops = calloc(MACS + 2, sizeof(*ops));
	uint64_t state = 3;
	size_t n = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(ops);
	ops[n++] = op_vlan(10, 10, 300);
	ops[n++] = op_set(10, VEX_VLAN_OUT, 0xff);
	for (uint32_t i = 0; i < MACS; i++)
		ops[n++] = op_mac(VEX_OP_MAC_SET, 10, (uint16_t)random_below(&state, 8),
			0x020000000000 | i * 17u);
	core_must_apply(c, ops, n);
	expect_table(c, VEX_TABLE_MAC_STATIC, ops, n, DUMP_ROOM);
	expect_table(c, VEX_TABLE_MAC_STATIC, ops, n, 4 * DUMP_ROOM);
	free(ops);
	core_free(c);
}

static void refused(void)
{
	struct core *c = core_make(1000);
	struct vex_op good = dump_of(VEX_TABLE_MAC_STATIC);
	struct dump d = {0}, before;
	struct vex_op bad;

#define REFUSE(field, value, why)                              \
	do {                                                   \
		bad = good;                                    \
		bad.field = (value);                           \
		CU_ASSERT_EQUAL(dump_start(&d, c, &bad), why); \
		CU_ASSERT_FALSE(d.active);                     \
	} while (0)
	REFUSE(dump.table, VEX_TABLES, VEX_INVALID);
	REFUSE(dump.table, 0xffff, VEX_INVALID);
	REFUSE(dump.flags, 2, VEX_INVALID);
	REFUSE(raw[16], 1, VEX_INVALID);
	REFUSE(raw[55], 1, VEX_INVALID);
	REFUSE(dump.bd, 10, VEX_NOT_FOUND);
	REFUSE(dump.bd, VEX_BDS_MAX, VEX_NOT_FOUND);
	REFUSE(dump.lport, VEX_LPORTS_MAX, VEX_NOT_FOUND);
	good.dump.table = VEX_TABLE_VLAN;
	REFUSE(dump.bd, 0, VEX_INVALID);
	REFUSE(dump.lport, 0, VEX_INVALID);
#undef REFUSE
	CU_ASSERT_EQUAL(dump_start(&d, c, &good), VEX_OK);
	before = d;
	CU_ASSERT_EQUAL(dump_start(&d, c, &good), VEX_NO_RESOURCE);
	CU_ASSERT_EQUAL(memcmp(&d, &before, sizeof(d)), 0);
	core_free(c);
}

/* One field, one bit: the digest is another. */
static void digest_sees_every_byte(void)
{
	const struct vex_op op = op_mac(VEX_OP_MAC_SET, 10, 1, 0x020000000001);
	uint64_t digest = vex_op_digest(&op);
	struct vex_op other = op;

	for (size_t bit = 0; bit < 8 * sizeof(op.raw); bit++) {
		other.raw[bit / 8] ^= (uint8_t)(1 << bit % 8);
		CU_ASSERT_NOT_EQUAL(vex_op_digest(&other), digest);
		other = op;
	}
	other.type = VEX_OP_MAC_DEL;
	CU_ASSERT_NOT_EQUAL(vex_op_digest(&other), digest);
	other = op;
	other.seq = 5;
	other.status = VEX_ABORTED;
	CU_ASSERT_EQUAL(vex_op_digest(&other), digest);
}

static const struct unit_case cases[] = {
	{"every table is the operations that made it", every_table},
	{"an empty switch has a switch and ports", empty_tables},
	{"records applied to an empty switch make the same tables", records_are_operations},
	{"learned addresses have their type and age", learned_addresses},
	{"addresses of one database, of one port", filters},
	{"a full table is read in bounded steps", full_table},
	{"what a dump refuses", refused},
	{"the digest sees every byte, but number and status", digest_sees_every_byte},
};

const struct unit_suite dump_suite = {.name = "dump", .cases = cases, .n = UNIT_N(cases)};
