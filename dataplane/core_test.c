/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A transaction in parts (core.h): what happens between them, and that it comes to the same as one
 * that is applied at once.
 */
#include "dataplane/core.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/core.h"
#include "tests/unit/ops_build.h"
#include "tests/unit/random.h"

#define BD    10
#define NEVER UINT64_MAX

/* A VLAN of all ports, which are up. */
static struct core *make(uint32_t macs)
{
	struct core *c = core_make(macs);
	struct vex_op ops[3 + CORE_PORTS];
	unsigned int n = 0;

	ops[n++] = op_vlan(BD, BD, 10);
	ops[n++] = op_set(BD, VEX_VLAN_IN, (1u << CORE_PORTS) - 1);
	ops[n++] = op_set(BD, VEX_VLAN_OUT, (1u << CORE_PORTS) - 1);
	for (uint16_t i = 0; i < CORE_PORTS; i++)
		ops[n++] = op_port(i, true);
	core_must_apply(c, ops, n);
	return c;
}

static struct vex_op static_mac(uint16_t port, uint32_t n)
{
	return op_mac(VEX_OP_MAC_SET, BD, port, UINT64_C(0x020000000000) + n);
}

static bool has(const struct core *c, uint32_t n)
{
	return mac_counts(&c->mac, c->tables, BD, UINT64_C(0x020000000000) + n);
}

static void finish(struct core *c, struct core_txn *x)
{
	CU_ASSERT_TRUE_FATAL(core_txn_publish(c, x));
	while (!core_txn_apply(c, x, 1))
		CU_ASSERT_TRUE(c->held);
	CU_ASSERT_FALSE(c->held);
}

static void refused(void)
{
	struct core *c = make(8);
	struct vex_op ops[12] = {op_vlan(20, 20, 10), op_port(3, false)};
	const struct tables *before = c->tables;
	struct core_txn x;

	core_learn(c, BD, 1, UINT64_C(0x020000000100));
	for (uint32_t i = 2; i < 12; i++)
		ops[i] = static_mac(2, i);
	core_txn_begin(c, &x, ops, 12);
	core_txn_build(&x);
	CU_ASSERT_FALSE(core_txn_publish(c, &x));
	for (uint32_t i = 0; i < 12; i++)
		CU_ASSERT_EQUAL(ops[i].status, i < 9 ? VEX_ABORTED : VEX_NO_RESOURCE);
	CU_ASSERT_PTR_EQUAL(c->tables, before);
	CU_ASSERT_EQUAL(c->mac.entries, 1);
	CU_ASSERT_FALSE(c->held);
	/* The room is there for as many as fit. */
	core_must_apply(c, ops, 9);
	CU_ASSERT_EQUAL(c->mac.entries, 8);
	core_free(c);
}

static void dropped(void)
{
	struct core *c = make(8);
	struct vex_op ops[] = {op_port(3, false), static_mac(2, 0), static_mac(2, 1)};
	const struct tables *before = c->tables;
	struct core_txn x;

	for (int cancelled = 0; cancelled < 2; cancelled++) {
		core_txn_begin(c, &x, ops, UNIT_N(ops));
		if (cancelled)
			core_txn_cancel(&x);
		core_txn_build(&x);
		CU_ASSERT_EQUAL(c->mac.entries, cancelled ? 0 : 2);
		core_txn_drop(c, &x);
		CU_ASSERT_PTR_EQUAL(c->tables, before);
		CU_ASSERT_EQUAL(c->mac.entries, 0);
		CU_ASSERT_FALSE(c->held);
	}
	/* One with addresses alone has no generation of its own. */
	core_txn_begin(c, &x, ops + 1, 2);
	core_txn_build(&x);
	core_txn_drop(c, &x);
	CU_ASSERT_PTR_EQUAL(c->tables, before);
	CU_ASSERT_EQUAL(c->mac.entries, 0);
	core_must_apply(c, ops, UNIT_N(ops));
	core_free(c);
}

static void in_parts(void)
{
	struct core *c = make(3000);
	struct vex_op *ops = calloc(3000, sizeof(*ops));
	struct core_txn x;
	unsigned int parts = 1;

	for (uint32_t i = 0; i < 3000; i++)
		ops[i] = static_mac(1, i);
	core_txn_begin(c, &x, ops, 3000);
	core_txn_build(&x);
	CU_ASSERT_TRUE(core_txn_publish(c, &x));
	for (; !core_txn_apply(c, &x, 1000); parts++) {
		CU_ASSERT_TRUE(has(c, parts * 1000 - 1));
		CU_ASSERT_FALSE(has(c, parts * 1000));
		/* Room for all of them is taken all the time. */
		CU_ASSERT_EQUAL(c->mac.entries, 3000);
		CU_ASSERT_FALSE(mac_reserve(&c->mac, 1));
	}
	CU_ASSERT_EQUAL(parts, 3);
	CU_ASSERT_EQUAL(c->mac.entries, 3000);
	CU_ASSERT_TRUE(has(c, 2999));
	free(ops);
	core_free(c);
}

/* A flush is a part by itself. */
static void flushes(void)
{
	struct core *c = make(100);
	struct vex_op ops[] = {op_flush(VEX_LPORT_NONE, BD, 0), static_mac(1, 7),
		op_flush(1, VEX_BD_NONE, 0), op_flush(2, VEX_BD_NONE, 0)};
	struct core_txn x;
	unsigned int parts = 1;

	core_txn_begin(c, &x, ops, UNIT_N(ops));
	core_txn_build(&x);
	CU_ASSERT_TRUE(core_txn_publish(c, &x));
	while (!core_txn_apply(c, &x, 1000))
		parts++;
	CU_ASSERT_EQUAL(parts, 3);
	CU_ASSERT_TRUE(has(c, 7));
	core_free(c);
}

static struct lport_set down(uint16_t port)
{
	struct lport_set set = {0};

	lport_set_add(&set, port);
	return set;
}

static void links(void)
{
	struct core *c = make(100);
	struct vex_op ops[] = {op_port(3, false), static_mac(2, 0)};
	const struct tables *before = c->tables;
	const struct lport_set first = down(5), second = down(6);
	struct core_txn x;

	core_learn(c, BD, 5, UINT64_C(0x020000000005));
	core_learn(c, BD, 6, UINT64_C(0x020000000006));
	core_learn(c, BD, 7, UINT64_C(0x020000000007));
	core_txn_begin(c, &x, ops, UNIT_N(ops));
	core_txn_build(&x);
	CU_ASSERT_TRUE(core_set_links(c, &first));
	CU_ASSERT_PTR_EQUAL(c->tables, before);
	CU_ASSERT_TRUE(core_txn_publish(c, &x));
	CU_ASSERT_TRUE(core_set_links(c, &second));
	CU_ASSERT_FALSE(c->tables->port[5].link_down || c->tables->port[6].link_down);
	CU_ASSERT_FALSE(c->tables->port[3].up);
	while (!core_txn_apply(c, &x, 1))
		continue;
	/* Port 5 had no link for a while: what was learned on it is gone. */
	CU_ASSERT_TRUE(c->tables->port[5].up && !c->tables->port[6].up && c->tables->port[7].up);
	CU_ASSERT_FALSE(c->tables->port[3].up);
	CU_ASSERT_FALSE(has(c, 5));
	CU_ASSERT_FALSE(has(c, 6));
	CU_ASSERT_TRUE(has(c, 7) && has(c, 0));
	CU_ASSERT_FALSE(c->links_waiting);
	core_free(c);
}

/* Links wait for the end of a transaction that is refused or dropped, too. */
static void links_after_nothing(void)
{
	struct core *c = make(100);
	struct vex_op bad = op_port(CORE_PORTS, true);
	struct lport_set set = down(5);
	struct core_txn x;

	core_txn_begin(c, &x, &bad, 1);
	CU_ASSERT_TRUE(core_set_links(c, &set));
	core_txn_build(&x);
	CU_ASSERT_FALSE(core_txn_publish(c, &x));
	CU_ASSERT_FALSE(c->tables->port[5].up);
	set = down(6);
	core_txn_begin(c, &x, &bad, 1);
	core_txn_build(&x);
	CU_ASSERT_TRUE(core_set_links(c, &set));
	core_txn_drop(c, &x);
	CU_ASSERT_TRUE(c->tables->port[5].up && !c->tables->port[6].up);
	core_free(c);
}

/* Ports to be shut and to recover, and ageing. */
static void ticks(void)
{
	struct core *c = make(1);
	struct vex_op ops[] = {op_port(3, true), static_mac(2, 0)};
	struct core_txn x;

	ops[0].port.recovery_seconds = 1;
	core_must_apply(c, ops, 1);
	core_request_shutdown(c, 3, DROP_STORM_CONTROL);
	core_tick(c, 1);
	CU_ASSERT_FALSE(c->tables->port[3].up);
	core_learn(c, BD, 1, UINT64_C(0x020000000000));
	/* The address that it replaces is too old meanwhile; its room is for the new one. */
	core_txn_begin(c, &x, ops + 1, 1);
	core_txn_build(&x);
	core_request_shutdown(c, 4, DROP_STORM_CONTROL);
	CU_ASSERT_EQUAL(core_next_tick(c), NEVER);
	core_tick(c, 60000);
	CU_ASSERT_TRUE(c->tables->port[4].up && !c->tables->port[3].up);
	CU_ASSERT_TRUE(has(c, 0));
	CU_ASSERT_FALSE(mac_reserve(&c->mac, 1));
	finish(c, &x);
	CU_ASSERT_EQUAL(c->mac.entries, 1);
	CU_ASSERT_EQUAL(core_next_tick(c), 60001);
	core_tick(c, 60001);
	CU_ASSERT_TRUE(!c->tables->port[4].up && c->tables->port[3].up);
	CU_ASSERT_EQUAL(c->mac.dynamic, 0);
	CU_ASSERT_TRUE(has(c, 0));
	core_free(c);
}

static void expect_same(struct core *a, struct core *b)
{
	for (enum vex_table t = 0; t < VEX_TABLES; t++) {
		struct dumped x = dump_read(a, dump_of(t), DUMP_ROOM);
		struct dumped y = dump_read(b, dump_of(t), DUMP_ROOM);

		CU_ASSERT_EQUAL(x.n, y.n);
		CU_ASSERT_TRUE(x.n == y.n && memcmp(x.v, y.v, x.n * sizeof(*x.v)) == 0);
		free(x.v);
		free(y.v);
	}
	CU_ASSERT_EQUAL(a->mac.entries, b->mac.entries);
	CU_ASSERT_EQUAL(a->tables->generation, b->tables->generation);
}

static struct vex_op random_op(uint64_t *r)
{
	uint16_t a = (uint16_t)random_below(r, 5), b = (uint16_t)random_below(r, 24);
	const struct vex_op ops[] = {op_port(b, a & 1), op_lag(a, 1), op_lag_del(a),
		op_member(VEX_OP_LAG_MEMBER_ADD, a, b), op_vlan(a, a + 1, 300), op_vlan_del(a),
		op_set(BD, VEX_VLAN_OUT, random_below(r, 1u << 24)), op_port_up(b),
		op_flush(b, BD, 0), op_mac(VEX_OP_MAC_DEL, BD, 0, UINT64_C(0x020000000000) + b),
		static_mac(b, a), static_mac(a, b), static_mac(1, random_below(r, 100))};

	return ops[random_below(r, UNIT_N(ops))];
}

static void same_as_at_once(void)
{
	struct core *whole = make(20), *parts = make(20);
	unsigned int applied = 0, not_applied = 0;
	uint64_t r = 4711;

	for (int i = 0; i < 2000; i++) {
		struct vex_op ops[2][6];
		size_t n = random_below(&r, 7);
		struct core_txn x;
		bool ok;

		for (size_t k = 0; k < n; k++)
			ops[0][k] = ops[1][k] = random_op(&r);
		ok = core_apply(whole, ops[0], n);
		core_txn_begin(parts, &x, ops[1], n);
		core_txn_build(&x);
		CU_ASSERT_EQUAL_FATAL(core_txn_publish(parts, &x), ok);
		while (ok && !core_txn_apply(parts, &x, 1 + random_below(&r, 4)))
			continue;
		CU_ASSERT_EQUAL(memcmp(ops[0], ops[1], n * sizeof(ops[0][0])), 0);
		applied += ok;
		not_applied += !ok;
		if (i % 100 == 0)
			expect_same(whole, parts);
	}
	expect_same(whole, parts);
	CU_ASSERT_TRUE(applied > 100 && not_applied > 100);
	core_free(whole);
	core_free(parts);
}

static const struct unit_case cases[] = {
	{"a refused build leaves everything as it was", refused},
	{"a build that is dropped or cancelled leaves nothing", dropped},
	{"addresses are set in parts, in room that was taken for them", in_parts},
	{"a flush is a part", flushes},
	{"a link that goes while a transaction is on its way is not lost", links},
	{"links that wait for a refused transaction are not lost", links_after_nothing},
	{"shutdown, recovery and ageing wait", ticks},
	{"in parts it comes to the same", same_as_at_once},
};

const struct unit_suite core_suite = {.name = "core", .cases = cases, .n = UNIT_N(cases)};
