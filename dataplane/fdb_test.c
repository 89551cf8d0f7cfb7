/* SPDX-License-Identifier: BSD-3-Clause */
/* The MAC table by packets: limits and their actions, static and sticky addresses, moves. */
#include <string.h>

#include "tests/unit/config.h"
#include "tests/unit/ops_build.h"
#include "tests/unit/pipe.h"
#include "tests/unit/random.h"

#define P0 "ge-0/0/0"
#define P1 "ge-0/0/1"
#define P2 "ge-0/0/2"

#define THREE             \
	VLAN("v10", "10") \
	VLAN("v20", "20") TRUNK(P0, "v10 v20") TRUNK(P1, "v10 v20") TRUNK(P2, "v10 v20")

/* Sends a frame from station src, and counts the copies that leave. */
static size_t say(struct pipe *p, const char *port, unsigned int vid, unsigned int src)
{
	struct frame f = frame_of(MAC(0x777777), MAC(src), vid, 64);

	PIPE_SEND(p, port, &f);
	return PIPE_DISCARD(p);
}

/* Limit n on a switch, port, VLAN, or VLAN on a port: which of four sources it keeps out. */
static void limited_by(struct vex_op limit, const char *learned)
{
	static const struct {
		const char *port;
		unsigned int vid;
	} from[] = {{P0, 10}, {P0, 10}, {P0, 20}, {P1, 10}, {P1, 20}};
	struct pipe *p = PIPE_OPEN(THREE);
	unsigned int kept_out = 0;

	PIPE_APPLY(p, &limit, 1);
	for (unsigned int i = 0; i < UNIT_N(from); i++) {
		CU_ASSERT_EQUAL(say(p, from[i].port, from[i].vid, i), 2);
		if (learned[i] == 'x') {
			PIPE_EXPECT_MAC(p, from[i].vid, MAC(i),
				from[i].port[7] == '0' ? "ge-0/0/0.0" : "ge-0/0/1.0", "dynamic");
		} else {
			PIPE_EXPECT_NO_MAC(p, from[i].vid, MAC(i));
			kept_out++;
		}
	}
	PIPE_EXPECT_COUNT(p, "fdb", "limit_exceeded", kept_out);
	PIPE_CLOSE(p);
}

static void four_limits(void)
{
	struct vex_op lport = op_lport(0, VEX_BD_NONE);
	struct vex_op vlan = op_vlan(10, 10, 300);

	limited_by(op_switch(3, VEX_LIMIT_NONE), "xxx..");
	limited_by(op_port_limit(10, 0, 1, VEX_LIMIT_NONE), "x.xxx");
	lport.lport.mac_limit = 2;
	limited_by(lport, "xx.xx");
	vlan.vlan.mac_limit = 2;
	limited_by(vlan, "xxx.x");
	lport.lport.mac_limit = 0;
	limited_by(lport, "...xx");
}

static void limit_gives_back(void)
{
	struct pipe *p = PIPE_OPEN(THREE);
	struct vex_op limit = op_port_limit(10, 0, 1, VEX_LIMIT_DROP);
	struct vex_op del = op_mac(VEX_OP_MAC_DEL, 10, 0, MAC(1));

	PIPE_APPLY(p, &limit, 1);
	CU_ASSERT_EQUAL(say(p, P0, 10, 1), 2);
	CU_ASSERT_EQUAL(say(p, P0, 10, 2), 0);
	/* A known source is not new. */
	CU_ASSERT_EQUAL(say(p, P0, 10, 1), 2);
	/* Deleted, moved away, flushed: each makes room. */
	PIPE_APPLY(p, &del, 1);
	CU_ASSERT_EQUAL(say(p, P0, 10, 2), 2);
	CU_ASSERT_EQUAL(say(p, P0, 10, 3), 0);
	CU_ASSERT_EQUAL(say(p, P1, 10, 2), 2);
	CU_ASSERT_EQUAL(say(p, P0, 10, 3), 2);
	/* A move to a full port is refused as well, and the address stays where it was. */
	CU_ASSERT_EQUAL(say(p, P0, 10, 2), 0);
	PIPE_EXPECT_MAC(p, 10, MAC(2), "ge-0/0/1.0", "dynamic");
	limit = op_flush(0, VEX_BD_NONE, 0);
	PIPE_APPLY(p, &limit, 1);
	CU_ASSERT_EQUAL(say(p, P0, 10, 2), 2);
	PIPE_EXPECT_MACS(p, 1);
	PIPE_EXPECT_DROP(p, P0, "MAC_LIMIT", 3);
	PIPE_CLOSE(p);
}

static void actions(void)
{
	/* Copies that leave, and events, for the frame over the limit. */
	static const struct {
		enum vex_limit_action action;
		size_t copies;
		size_t events;
	} want[] = {
		{VEX_LIMIT_NONE, 2, 0},
		{VEX_LIMIT_LOG, 2, 1},
		{VEX_LIMIT_DROP, 0, 0},
		{VEX_LIMIT_DROP_AND_LOG, 0, 1},
	};

	for (unsigned int i = 0; i < UNIT_N(want); i++) {
		struct pipe *p = PIPE_OPEN(THREE);
		struct vex_op limit = op_lport(0, VEX_BD_NONE);

		limit.lport.mac_limit = 1;
		limit.lport.mac_action = (uint8_t)want[i].action;
		PIPE_APPLY(p, &limit, 1);
		say(p, P0, 10, 1);
		CU_ASSERT_EQUAL(say(p, P0, 10, 2), want[i].copies);
		PIPE_EXPECT_NO_MAC(p, 10, MAC(2));
		PIPE_EXPECT_EVENTS(p, "mac-limit", P0, want[i].events);
		PIPE_CLOSE(p);
	}
}

static void shutdown_at_the_tick(void)
{
	struct pipe *p = PIPE_OPEN(THREE);
	struct frame f = frame_of(MAC_ALL, MAC(1), 10, 64);
	struct vex_op ops[2] = {op_lport(0, VEX_BD_NONE), op_port(0, true)};

	ops[0].lport.mac_limit = 1;
	ops[0].lport.mac_action = VEX_LIMIT_SHUTDOWN;
	ops[1].port.recovery_seconds = 60;
	PIPE_APPLY(p, ops, 2);
	PIPE_SEND_AT(p, P0, &f, PIPE_MS / 2);
	f.b[11] = 2;
	PIPE_SEND(p, P0, &f);
	f.b[11] = 1;
	/* Until the tick the port still works; at the tick it does not, in either direction. */
	PIPE_SEND_AT(p, P0, &f, PIPE_MS - 1);
	PIPE_SEND_AT(p, P0, &f, PIPE_MS);
	f.b[11] = 3;
	PIPE_SEND(p, P1, &f);
	f.b[11] = 1;
	PIPE_EXPECT(p, P1, &f);
	PIPE_EXPECT(p, P1, &f);
	CU_ASSERT_EQUAL(PIPE_DISCARD(p), 3);
	PIPE_EXPECT_DROP(p, P0, "MAC_LIMIT", 1);
	PIPE_EXPECT_DROP(p, P0, "PORT_DOWN", 1);
	PIPE_EXPECT_EVENTS(p, "port-shutdown", P0, 1);
	/* Its addresses are gone with it; it recovers 60 s after the tick. */
	PIPE_EXPECT_MACS(p, 1);
	PIPE_SEND_AT(p, P0, &f, PIPE_MS + 60 * PIPE_SEC - 1);
	PIPE_EXPECT_DROP(p, P0, "PORT_DOWN", 2);
	PIPE_SEND_AT(p, P0, &f, PIPE_MS + 60 * PIPE_SEC);
	CU_ASSERT_EQUAL(PIPE_DISCARD(p), 2);
	PIPE_EXPECT_EVENTS(p, "port-recovered", P0, 1);
	PIPE_CLOSE(p);
}

static void port_up_by_operation(void)
{
	struct pipe *p = PIPE_OPEN(THREE);
	struct vex_op limit = op_lport(0, VEX_BD_NONE);
	struct vex_op up = op_port_up(0);

	limit.lport.mac_action = VEX_LIMIT_SHUTDOWN;
	limit.lport.mac_limit = 1;
	PIPE_APPLY(p, &limit, 1);
	say(p, P0, 10, 1);
	say(p, P0, 10, 2);
	PIPE_ADVANCE(p, 10 * PIPE_MS);
	CU_ASSERT_EQUAL(say(p, P0, 10, 1), 0);
	PIPE_ADVANCE(p, 100 * PIPE_SEC);
	CU_ASSERT_EQUAL(say(p, P0, 10, 1), 0);
	PIPE_APPLY(p, &up, 1);
	CU_ASSERT_EQUAL(say(p, P0, 10, 1), 2);
	PIPE_EXPECT_DROP(p, P0, "PORT_DOWN", 2);
	PIPE_CLOSE(p);
}

static void sticky(void)
{
	struct pipe *p = PIPE_OPEN(THREE AGE("10"));
	struct vex_op lport = op_lport(0, VEX_BD_NONE);
	struct vex_op flush = op_flush(VEX_LPORT_NONE, VEX_BD_NONE, 0);
	struct vex_op ops[2] = {op_port(0, false), op_port(0, true)};

	lport.lport.flags = VEX_LPORT_STICKY;
	PIPE_APPLY(p, &lport, 1);
	say(p, P0, 10, 1);
	say(p, P1, 10, 2);
	PIPE_EXPECT_MAC(p, 10, MAC(1), "ge-0/0/0.0", "sticky");
	/* It does not age, nor go with its port, nor by a flush, nor move. */
	PIPE_ADVANCE(p, 100 * PIPE_SEC);
	PIPE_EXPECT_NO_MAC(p, 10, MAC(2));
	PIPE_APPLY(p, &ops[0], 1);
	PIPE_APPLY(p, &ops[1], 1);
	PIPE_APPLY(p, &flush, 1);
	PIPE_EXPECT_MAC(p, 10, MAC(1), "ge-0/0/0.0", "sticky");
	CU_ASSERT_EQUAL(say(p, P1, 10, 1), 0);
	PIPE_EXPECT_DROP(p, P1, "FDB_STATIC_MOVE", 1);
	/* The same address elsewhere is another one. */
	CU_ASSERT_EQUAL(say(p, P1, 20, 1), 2);
	/* A dynamic one moves there, and sticks. */
	say(p, P1, 10, 3);
	say(p, P0, 10, 3);
	PIPE_EXPECT_MAC(p, 10, MAC(3), "ge-0/0/0.0", "sticky");
	flush.mac_flush.flags = VEX_FLUSH_STICKY;
	PIPE_APPLY(p, &flush, 1);
	PIPE_EXPECT_MACS(p, 0);
	PIPE_CLOSE(p);
}

static void static_addresses(void)
{
	struct pipe *p = PIPE_OPEN(THREE AGE("10") STATIC("ge-0/0/0.0", "02:00:00:00:00:01", "10"));
	struct frame to = frame_of(MAC(1), MAC(2), 10, 64);
	struct vex_op set = op_mac(VEX_OP_MAC_SET, 10, 2, MAC(2));
	struct vex_op del = op_mac(VEX_OP_MAC_DEL, 10, 0, MAC(1));
	struct vex_op limit = op_lport(0, VEX_BD_NONE);

	PIPE_SEND(p, P1, &to);
	PIPE_EXPECT(p, P0, &to);
	/* It replaces a learned one, gives its room back, and needs no room of a limit. */
	PIPE_EXPECT_MAC(p, 10, MAC(2), "ge-0/0/1.0", "dynamic");
	PIPE_APPLY(p, &set, 1);
	PIPE_EXPECT_MAC(p, 10, MAC(2), "ge-0/0/2.0", "static");
	limit.lport.mac_limit = 1;
	PIPE_APPLY(p, &limit, 1);
	CU_ASSERT_EQUAL(say(p, P0, 10, 9), 2);
	PIPE_EXPECT_MACS(p, 3);
	PIPE_ADVANCE(p, 100 * PIPE_SEC);
	PIPE_EXPECT_MACS(p, 2);
	PIPE_APPLY(p, &del, 1);
	PIPE_EXPECT_MACS(p, 1);
	PIPE_CLOSE(p);
}

static void no_learning(void)
{
	struct pipe *p = PIPE_OPEN(THREE);
	struct vex_op lport = op_lport(0, VEX_BD_NONE);
	struct vex_op vlan = op_vlan(20, 20, 300);

	lport.lport.flags = VEX_LPORT_NO_LEARN;
	vlan.vlan.flags = VEX_VLAN_NO_LEARN;
	PIPE_APPLY(p, &lport, 1);
	PIPE_APPLY(p, &vlan, 1);
	CU_ASSERT_EQUAL(say(p, P0, 10, 1), 2);
	CU_ASSERT_EQUAL(say(p, P1, 20, 2), 2);
	CU_ASSERT_EQUAL(say(p, P1, 10, 3), 2);
	PIPE_EXPECT_MACS(p, 1);
	PIPE_CLOSE(p);
}

static void flushes(void)
{
	struct pipe *p = PIPE_OPEN(THREE);
	struct vex_op op = op_flush(1, 20, 0);

	say(p, P0, 10, 1);
	say(p, P0, 20, 2);
	say(p, P1, 10, 3);
	say(p, P1, 20, 4);
	PIPE_APPLY(p, &op, 1);
	PIPE_EXPECT_NO_MAC(p, 20, MAC(4));
	PIPE_EXPECT_MACS(p, 3);
	op = op_flush(VEX_LPORT_NONE, 10, 0);
	PIPE_APPLY(p, &op, 1);
	PIPE_EXPECT_MAC(p, 20, MAC(2), "ge-0/0/0.0", "dynamic");
	PIPE_EXPECT_MACS(p, 1);
	/* What the tables no longer allow goes by itself. */
	op = op_vlan_del(20);
	PIPE_APPLY(p, &op, 1);
	PIPE_EXPECT_MACS(p, 0);
	say(p, P0, 10, 1);
	op = op_port(0, false);
	PIPE_APPLY(p, &op, 1);
	PIPE_EXPECT_MACS(p, 0);
	PIPE_CLOSE(p);
}

/* What a switch with these stations is expected to tell: where[i] is the port of a station. */
struct told {
	size_t learned[3], moved[3], gone[3];
	int where[16];
};

static void told_gone(struct told *t, int port)
{
	for (unsigned int i = 0; i < UNIT_N(t->where); i++) {
		if (t->where[i] < 0 || (port >= 0 && t->where[i] != port))
			continue;
		t->gone[t->where[i]]++;
		t->where[i] = -1;
	}
}

static void told_heard(struct told *t, unsigned int station, int port)
{
	if (t->where[station] < 0)
		t->learned[port]++;
	else if (t->where[station] != port)
		t->moved[port]++;
	t->where[station] = port;
}

static void events_of_changes(void)
{
	static const char *const names[] = {P0, P1, P2};
	struct pipe *p = PIPE_OPEN(THREE);
	struct vex_op on = op_switch(VEX_MAC_UNLIMITED, VEX_LIMIT_NONE);
	struct told want = {0};
	uint64_t seed = 0x6a09e667f3bcc908u;
	struct vex_op op;

	memset(want.where, 0xff, sizeof(want.where));
	/* Nobody is told of what happens before. */
	say(p, P0, 10, 0);
	told_heard(&want, 0, 0);
	want.learned[0] = 0;
	on.sw.flags = VEX_SWITCH_MAC_EVENTS;
	PIPE_APPLY(p, &on, 1);
	for (unsigned int i = 0; i < 300; i++) {
		unsigned int station = (unsigned int)(next_random(&seed) % UNIT_N(want.where));
		int port = (int)(next_random(&seed) % 3);

		if (next_random(&seed) % 32 == 0) {
			op = op_flush((uint16_t)port, VEX_BD_NONE, 0);
			PIPE_APPLY(p, &op, 1);
			told_gone(&want, port);
		} else {
			say(p, names[port], 10, station);
			told_heard(&want, station, port);
		}
	}
	/* The port goes down, a static address replaces a learned one, the rest is too old. */
	op = op_port(2, false);
	PIPE_APPLY(p, &op, 1);
	told_gone(&want, 2);
	say(p, P0, 10, 5);
	told_heard(&want, 5, 0);
	op = op_mac(VEX_OP_MAC_SET, 10, 1, MAC(5));
	PIPE_APPLY(p, &op, 1);
	want.gone[0]++;
	want.where[5] = -1;
	PIPE_ADVANCE(p, 700 * PIPE_SEC);
	told_gone(&want, -1);
	for (unsigned int i = 0; i < 3; i++) {
		CU_ASSERT(want.learned[i] > 0 && want.moved[i] > 0 && want.gone[i] > 0);
		PIPE_EXPECT_EVENTS(p, "mac-learned", names[i], want.learned[i]);
		PIPE_EXPECT_EVENTS(p, "mac-moved", names[i], want.moved[i]);
		PIPE_EXPECT_EVENTS(p, "mac-aged", names[i], want.gone[i]);
	}
	/* Off again: nothing is told. */
	on.sw.flags = 0;
	PIPE_APPLY(p, &on, 1);
	say(p, P0, 10, 1);
	PIPE_EXPECT_EVENTS(p, "mac-learned", P0, want.learned[0]);
	PIPE_CLOSE(p);
}

static const struct unit_case cases[] = {
	{"limits of switch, port, VLAN, and VLAN on a port count what is theirs", four_limits},
	{"room under a limit comes back when an address goes", limit_gives_back},
	{"none, log, drop, drop-and-log do what they say", actions},
	{"shutdown: the port is down both ways from the next tick", shutdown_at_the_tick},
	{"a port that was shut down comes up by operation", port_up_by_operation},
	{"sticky addresses stay until they are deleted", sticky},
	{"static addresses stay, replace, and count for no limit", static_addresses},
	{"learning is off where it is off", no_learning},
	{"a flush takes what matches, a change of the tables what it forbids", flushes},
	{"each address that is learned, moves or goes is told of, if that is wanted",
		events_of_changes},
};

const struct unit_suite fdb_suite = {.name = "fdb", .cases = cases, .n = UNIT_N(cases)};
