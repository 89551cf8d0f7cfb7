/* SPDX-License-Identifier: BSD-3-Clause */
/* Spanning-tree states by operation, per port and instance (IEEE 802.1Q clauses 8.4 and 8.6.1). */
#include "tests/unit/config.h"
#include "tests/unit/ops_build.h"
#include "tests/unit/pipe.h"

#define P0 "ge-0/0/0"
#define P1 "ge-0/0/1"
#define P2 "ge-0/0/2"

#define TWO_VLANS         \
	VLAN("v10", "10") \
	VLAN("v20", "20") TRUNK(P0, "v10 v20") TRUNK(P1, "v10 v20") TRUNK(P2, "v10 v20")

static void set_state(struct pipe *p, uint16_t instance, uint16_t port, enum vex_stp_state state)
{
	struct vex_op op = op_stp(instance, port, state);

	PIPE_APPLY(p, &op, 1);
}

static void every_state(void)
{
	struct pipe *p = PIPE_OPEN(TWO_VLANS);
	struct frame in = frame_of(MAC_ALL, MAC(1), 10, 64);
	struct frame out = frame_of(MAC_ALL, MAC(2), 10, 64);

	for (enum vex_stp_state s = 0; s < VEX_STP_STATES; s++) {
		struct vex_op flush = op_flush(VEX_LPORT_NONE, VEX_BD_NONE, 0);

		PIPE_APPLY(p, &flush, 1);
		set_state(p, 0, 0, s);
		PIPE_SEND(p, P0, &in);
		if (s == VEX_STP_FORWARDING) {
			PIPE_EXPECT(p, P1, &in);
			PIPE_EXPECT(p, P2, &in);
		}
		PIPE_EXPECT_NOTHING(p);
		if (s == VEX_STP_DISCARDING)
			PIPE_EXPECT_NO_MAC(p, 10, MAC(1));
		else
			PIPE_EXPECT_MAC(p, 10, MAC(1), "ge-0/0/0.0", "dynamic");
		PIPE_SEND(p, P1, &out);
		PIPE_EXPECT(p, P2, &out);
		if (s == VEX_STP_FORWARDING)
			PIPE_EXPECT(p, P0, &out);
		PIPE_EXPECT_NOTHING(p);
	}
	PIPE_EXPECT_DROP(p, P0, "INGRESS_STP_FILTER", 1);
	PIPE_EXPECT_DROP(p, P0, "STP_LEARNING", 1);
	PIPE_CLOSE(p);
}

static void instances(void)
{
	struct pipe *p = PIPE_OPEN(TWO_VLANS);
	struct frame ten = frame_of(MAC_ALL, MAC(1), 10, 64);
	struct frame twenty = frame_of(MAC_ALL, MAC(1), 20, 64);
	struct vex_op move = op_vlan(20, 20, 300);

	/* VLAN 20 goes to the last instance; blocking there leaves VLAN 10 alone, and the reverse. */
	move.vlan.stp_instance = VEX_STP_INSTANCES_MAX - 1;
	PIPE_APPLY(p, &move, 1);
	set_state(p, VEX_STP_INSTANCES_MAX - 1, 1, VEX_STP_DISCARDING);
	set_state(p, 0, 2, VEX_STP_DISCARDING);
	set_state(p, 7, 0, VEX_STP_DISCARDING);
	PIPE_SEND(p, P0, &ten);
	PIPE_EXPECT(p, P1, &ten);
	PIPE_EXPECT_NOTHING(p);
	PIPE_SEND(p, P0, &twenty);
	PIPE_EXPECT(p, P2, &twenty);
	PIPE_EXPECT_NOTHING(p);
	PIPE_SEND(p, P1, &twenty);
	PIPE_SEND(p, P2, &ten);
	PIPE_EXPECT_DROP(p, P1, "INGRESS_STP_FILTER", 1);
	PIPE_EXPECT_DROP(p, P2, "INGRESS_STP_FILTER", 1);
	PIPE_CLOSE(p);
}

static void punted_anyway(void)
{
	struct pipe *p = PIPE_OPEN(TWO_VLANS);
	struct frame bpdu = frame_of(MAC_STP, MAC(1), 0, 64);

	set_state(p, 0, 0, VEX_STP_DISCARDING);
	PIPE_SEND(p, P0, &bpdu);
	PIPE_EXPECT_COUNT(p, P0, "punted", 1);
	PIPE_CLOSE(p);
}

static void known_unicast(void)
{
	struct pipe *p = PIPE_OPEN(TWO_VLANS);
	struct frame one = frame_of(MAC_ALL, MAC(1), 10, 64);
	struct frame to = frame_of(MAC(1), MAC(2), 10, 64);

	PIPE_SEND(p, P0, &one);
	PIPE_DISCARD(p);
	PIPE_SEND(p, P1, &to);
	PIPE_EXPECT(p, P0, &to);
	set_state(p, 0, 0, VEX_STP_DISCARDING);
	PIPE_SEND(p, P1, &to);
	PIPE_EXPECT_NOTHING(p);
	PIPE_EXPECT_DROP(p, P1, "EGRESS_STP_FILTER", 1);
	set_state(p, 0, 0, VEX_STP_FORWARDING);
	PIPE_SEND(p, P1, &to);
	PIPE_EXPECT(p, P0, &to);
	PIPE_CLOSE(p);
}

static const struct unit_case cases[] = {
	{"discarding, learning and forwarding allow what they should", every_state},
	{"a state holds in its own instance alone", instances},
	{"a discarding port still punts BPDUs", punted_anyway},
	{"a known address behind a discarding port is not sent to", known_unicast},
};

const struct unit_suite stp_suite = {.name = "stp", .cases = cases, .n = UNIT_N(cases)};
