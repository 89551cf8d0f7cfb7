/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Transactions at their edges: what one sets and forbids at once, what goes with what it deletes,
 * and the time at which it happens. Each case was once answered wrongly.
 */
#include <stdlib.h>

#include "tests/unit/config.h"
#include "tests/unit/ops_build.h"
#include "tests/unit/pipe.h"

#define P0  "ge-0/0/0"
#define P1  "ge-0/0/1"
#define TWO VLAN("v10", "10") VLAN("v20", "20") TRUNK(P0, "v10 v20") TRUNK(P1, "v10 v20")

/* The address was left behind in a VLAN that did not exist. */
static void set_then_vlan_del(void)
{
	struct pipe *p = PIPE_OPEN_ONE(TWO);
	struct vex_op ops[2] = {op_mac(VEX_OP_MAC_SET, 20, 0, MAC(7)), op_vlan_del(20)};

	PIPE_APPLY(p, ops, 2);
	PIPE_EXPECT_MACS(p, 0);
	PIPE_CLOSE(p);
}

static void set_then_lag_del(void)
{
	struct pipe *p = PIPE_OPEN_ONE(LAGS("1") VLAN("v10", "10") ACCESS(P0, "v10")
			MEMBER(P1, "ae0") ACCESS("ae0", "v10"));
	struct vex_op ops[2] = {op_mac(VEX_OP_MAC_SET, 10, 128, MAC(7)), op_lag_del(0)};

	PIPE_APPLY(p, ops, 2);
	PIPE_EXPECT_MACS(p, 0);
	PIPE_CLOSE(p);
}

static void set_then_ports(void)
{
	struct pipe *p = PIPE_OPEN_ONE(TWO);
	struct vex_op ops[3] = {op_mac(VEX_OP_MAC_SET, 20, 0, MAC(7)), op_set(20, VEX_VLAN_OUT, 2),
		op_set(20, VEX_VLAN_IN, 2)};

	PIPE_APPLY(p, ops, 3);
	PIPE_EXPECT_MACS(p, 0);
	PIPE_CLOSE(p);
}

/* The VLAN made again had the addresses of the one before it. */
static void del_and_set(void)
{
	struct pipe *p = PIPE_OPEN_ONE(TWO);
	struct frame f = frame_of(MAC_ALL, MAC(1), 20, 64);
	struct vex_op ops[4] = {op_vlan_del(20), op_vlan(20, 20, 300), op_set(20, VEX_VLAN_IN, 3),
		op_set(20, VEX_VLAN_OUT, 3)};

	PIPE_SEND(p, P0, &f);
	PIPE_DISCARD(p);
	PIPE_APPLY(p, ops, 4);
	PIPE_EXPECT_MACS(p, 0);
	PIPE_CLOSE(p);
}

/* Spanning-tree state and limit of the deleted LAG held for the next one of that number. */
static void lag_del_forgets(void)
{
	struct pipe *p = PIPE_OPEN_ONE(LAGS("1") VLAN("v10", "10") ACCESS(P0, "v10")
			MEMBER(P1, "ae0") ACCESS("ae0", "v10"));
	struct vex_op ops[] = {
		op_stp(0, 128, VEX_STP_DISCARDING), op_port_limit(10, 128, 0, VEX_LIMIT_DROP)};
	struct vex_op again[] = {op_lag_del(0), op_lag(0, 1),
		op_member(VEX_OP_LAG_MEMBER_ADD, 0, 1), op_lport(128, 10),
		op_set(10, VEX_VLAN_IN, 1), op_set(10, VEX_VLAN_OUT, 1),
		op_set(10, VEX_VLAN_UNTAGGED, 1)};
	struct frame f = frame_of(MAC_ALL, MAC(1), 0, 64);

	for (unsigned int i = 4; i < 7; i++)
		again[i].vlan_ports.ports.word[2] = 1;
	PIPE_APPLY(p, ops, 2);
	PIPE_APPLY(p, again, 7);
	PIPE_SEND(p, P1, &f);
	PIPE_EXPECT(p, P0, &f);
	PIPE_EXPECT_MACS(p, 1);
	PIPE_DISCARD(p);
	PIPE_CLOSE(p);
}

/* Replacing takes no room, but was refused for want of it. */
static void full_replace(void)
{
	struct pipe *p = PIPE_OPEN_ONE(TWO);
	struct frame f = frame_of(MAC_ALL, MAC(1), 20, 64);
	struct vex_op op = op_mac(VEX_OP_MAC_SET, 20, 0, MAC(1));

	p->step = 0;
	for (uint32_t i = 0; i < 112000; i++) {
		f = frame_of(MAC(0x500000), MAC(1 + i), 20, 64);
		PIPE_SEND(p, P0, &f);
		if (i % 8192 == 0)
			PIPE_DISCARD(p);
	}
	PIPE_DISCARD(p);
	PIPE_EXPECT_COUNT(p, "fdb", "learned", 112000);
	PIPE_APPLY(p, &op, 1);
	/* Another address in the room of one that the same transaction deletes; not of none. */
	PIPE_APPLY(p,
		((struct vex_op[]){op_mac(VEX_OP_MAC_DEL, 20, 0, MAC(1)),
			op_mac(VEX_OP_MAC_SET, 20, 0, MAC(0x600000))}),
		2);
	op = op_mac(VEX_OP_MAC_SET, 20, 0, MAC(0x600001));
	PIPE_REFUSE(p, &op, 1, 0, VEX_NO_RESOURCE);
	PIPE_DISCARD(p);
	PIPE_CLOSE(p);
}

/* Marks of the old time were read as marks of the new one. */
static void age_change(void)
{
	unsigned int bad = 0;

	for (uint32_t secs = 10; secs < 2000; secs = secs * 2 + 1)
		for (uint32_t to = 10; to < 2000; to = to * 2 + 3) {
			struct pipe *p = PIPE_OPEN_ONE(TWO);
			struct frame f = frame_of(MAC_ALL, MAC(1), 20, 64);
			struct vex_op op = op_vlan(20, 20, secs);

			PIPE_APPLY(p, &op, 1);
			PIPE_SEND_AT(p, P0, &f, 1234567 * PIPE_MS);
			PIPE_DISCARD(p);
			op = op_vlan(20, 20, to);
			PIPE_APPLY(p, &op, 1);
			PIPE_ADVANCE(p,
				1234567 * PIPE_MS + (uint64_t)(secs < to ? secs : to) * PIPE_SEC);
			bad += PIPE_COUNT(p, "fdb", "aged") != 0;
			PIPE_ADVANCE(p, 1234567 * PIPE_MS +
						2 * (uint64_t)(secs > to ? secs : to) * PIPE_SEC);
			bad += PIPE_COUNT(p, "fdb", "aged") != 1;
			PIPE_DISCARD(p);
			PIPE_CLOSE(p);
		}
	pipe_check(PIPE_HERE, !bad, "%u combinations age wrongly after a change of the time", bad);
}

/* The frame had left by then, but was purged: nothing had let the port depart. */
static void apply_at_now(void)
{
	struct pipe *p = PIPE_OPEN(TWO);
	struct frame f = frame_of(MAC_ALL, MAC(1), 20, 64);
	struct frame runt = frame_of(MAC_ALL, MAC(1), 20, 13);
	struct vex_op down = op_port(1, false);

	PIPE_SEND_AT(p, P0, &f, 0);		  /* leaves P1 at 0.608 us */
	PIPE_SEND_AT(p, P0, &runt, 20 * PIPE_US); /* time is 20 us now */
	PIPE_APPLY(p, &down, 1);
	PIPE_EXPECT(p, P1, &f);
	PIPE_DISCARD(p);
	PIPE_CLOSE(p);
}

/* The same of counters: they showed a frame as queued that had left. */
static void dump_at_now(void)
{
	struct pipe *p = PIPE_OPEN_ONE(TWO);
	struct frame f = frame_of(MAC_ALL, MAC(1), 20, 64);
	struct frame runt = frame_of(MAC_ALL, MAC(1), 20, 13);
	char *a;
	char *b;

	PIPE_SEND_AT(p, P0, &f, 0);
	PIPE_SEND_AT(p, P0, &runt, 20 * PIPE_US);
	a = pipe_counters_text(p->m[0]);
	vexmodel_advance(p->m[0], 20 * PIPE_US);
	b = pipe_counters_text(p->m[0]);
	CU_ASSERT_STRING_EQUAL(a, b);
	free(a);
	free(b);
	PIPE_DISCARD(p);
	PIPE_CLOSE(p);
}

/* Of three tags one was popped; the two that were left counted as one. */
static void three_tags(void)
{
	struct pipe *p = PIPE_OPEN_ONE(
		VLAN("v10", "10") TRUNK(P0, "v10") ACCESS(P1, "v10") MTU(P0, "1600"));
	struct frame f = frame_new(MAC_ALL, MAC(1));
	struct frame g = frame_new(MAC_ALL, MAC(1));

	for (uint16_t vid = 10; vid < 13; vid++)
		frame_tag(&f, 0x8100, vid);
	frame_type(&f, 0x88b5);
	frame_fill(&f, 1526);
	frame_tag(&g, 0x8100, 11);
	frame_tag(&g, 0x8100, 12);
	frame_bytes(&g, f.b + 24, f.len - 24);
	PIPE_SEND(p, P0, &f);
	PIPE_EXPECT(p, P1, &g); /* 1522 bytes, 8 of them tags */
	PIPE_DISCARD(p);
	PIPE_CLOSE(p);
}

static void bd_zero(void)
{
	struct pipe *p = PIPE_OPEN_ONE(TWO);
	struct vex_op ops[] = {op_vlan(0, 30, 300), op_set(0, VEX_VLAN_IN, 3),
		op_set(0, VEX_VLAN_OUT, 3), op_mac(VEX_OP_MAC_SET, 0, 0, MAC(7))};
	struct frame f = frame_of(MAC(7), MAC(1), 30, 64);

	PIPE_APPLY(p, ops, 4);
	PIPE_SEND(p, P1, &f);
	PIPE_EXPECT(p, P0, &f);
	PIPE_EXPECT_MACS(p, 2);
	PIPE_CLOSE(p);
}

static const struct unit_case cases[] = {
	{"an address set in a VLAN that goes is gone", set_then_vlan_del},
	{"an address set on a LAG that goes is gone", set_then_lag_del},
	{"an address set on a port that leaves the VLAN is gone", set_then_ports},
	{"a VLAN deleted and made again starts empty", del_and_set},
	{"a LAG deleted and made again starts afresh", lag_del_forgets},
	{"a full table takes a static address in place of a learned one", full_replace},
	{"ageing holds over a change of its time", age_change},
	{"what left before an operation has left", apply_at_now},
	{"counters are those of the present time", dump_at_now},
	{"the egress MTU leaves two tags out, whatever was popped", three_tags},
	{"bridge domain 0 is one like the others", bd_zero},
};

const struct unit_suite edges_suite = {.name = "edges", .cases = cases, .n = UNIT_N(cases)};
