/* SPDX-License-Identifier: BSD-3-Clause */
/* Every drop reason by name, with the port that it is charged to. */
#include <string.h>

#include "dataplane/punt.h"
#include "tests/unit/config.h"
#include "tests/unit/ops_build.h"
#include "tests/unit/pipe.h"

#define P0 "ge-0/0/0"
#define P1 "ge-0/0/1"
#define P2 "ge-0/0/2"

/* Two access ports and a trunk of VLAN 10; VLAN 20 on the trunk alone. */
#define THREE             \
	VLAN("v10", "10") \
	VLAN("v20", "20") \
	ACCESS(P0, "v10") \
	ACCESS(P1, "v10") \
	TRUNK(P2, "v10 "  \
		  "v20")

/* Sends one frame that ends in a drop, and nothing else. */
#define DROPPED(p, port, frame, reason)               \
	do {                                          \
		PIPE_SEND(p, port, frame);            \
		PIPE_EXPECT_NOTHING(p);               \
		PIPE_EXPECT_DROP(p, port, reason, 1); \
	} while (0)

static void runt(void)
{
	struct pipe *p = PIPE_OPEN(THREE);
	struct frame f = frame_of(MAC_ALL, MAC(1), 0, 14);
	struct frame cut_tag = frame_of(MAC_ALL, MAC(1), 0, 17);

	cut_tag.b[12] = 0x81;
	cut_tag.b[13] = 0x00;
	PIPE_SEND(p, P0, &f);
	f.len = 60;
	for (unsigned int i = 14; i < 60; i++)
		f.b[i] = 0;
	PIPE_EXPECT(p, P1, &f);
	PIPE_DISCARD(p);
	f.len = 13;
	DROPPED(p, P0, &f, "RUNT");
	f.len = 1;
	PIPE_SEND(p, P0, &f);
	PIPE_EXPECT_DROP(p, P0, "RUNT", 2);
	PIPE_SEND(p, P0, &cut_tag);
	PIPE_EXPECT_DROP(p, P0, "RUNT", 3);
	PIPE_CLOSE(p);
}

static void truncated(void)
{
	struct pipe *p = PIPE_OPEN(THREE);
	struct frame f = frame_of(MAC_ALL, MAC(1), 0, 1000);

	PIPE_SEND_CUT(p, P0, &f, 999);
	PIPE_SEND_CUT(p, P0, &f, 14);
	PIPE_SEND_CUT(p, P0, &f, 0);
	PIPE_EXPECT_DROP(p, P0, "TRUNCATED", 3);
	PIPE_EXPECT_COUNT(p, P0, "rx_bytes", 3000);
	PIPE_EXPECT_NO_MAC(p, 10, MAC(1));
	PIPE_CLOSE(p);
}

static void port_down(void)
{
	struct pipe *p = PIPE_OPEN(THREE DISABLE(P0));
	struct frame f = frame_of(MAC_ALL, MAC(1), 0, 64);

	DROPPED(p, P0, &f, "PORT_DOWN");
	PIPE_EXPECT_COUNT(p, P0, "rx_packets", 1);
	PIPE_CLOSE(p);
}

static void ingress_mtu(void)
{
	struct pipe *p = PIPE_OPEN(THREE);
	struct frame f = frame_of(MAC_ALL, MAC(1), 0, 1515);
	struct frame tagged = frame_of(MAC_ALL, MAC(2), 20, 1519);
	struct frame jumbo = frame_of(MAC_ALL, MAC(2), 0, 9900);

	DROPPED(p, P0, &f, "EXCEEDS_L2_MTU");
	DROPPED(p, P2, &tagged, "EXCEEDS_L2_MTU");
	PIPE_SEND(p, P0, &jumbo);
	PIPE_EXPECT_DROP(p, P0, "EXCEEDS_L2_MTU", 2);
	PIPE_EXPECT_MACS(p, 0);
	PIPE_CLOSE(p);
}

static void source_addresses(void)
{
	struct pipe *p = PIPE_OPEN(THREE);
	struct frame group = frame_of(MAC_ALL, MAC_MULTI(1), 0, 64);
	struct frame zero = frame_of(MAC_ALL, 0, 0, 64);
	struct frame own = frame_of(MAC_ALL, MAC_SWITCH(25), 0, 64);
	struct frame near = frame_of(MAC_ALL, MAC_SWITCH(26), 0, 64);

	DROPPED(p, P0, &group, "SMAC_MULTICAST");
	DROPPED(p, P0, &zero, "SMAC_ZERO");
	DROPPED(p, P0, &own, "SMAC_OWN");
	/* A 24T has 26 ports: 24 and the pair. */
	CU_ASSERT_EQUAL(vexmodel_ports(p->m[0]), 26);
	PIPE_SEND(p, P0, &near);
	PIPE_EXPECT(p, P1, &near);
	PIPE_DISCARD(p);
	PIPE_CLOSE(p);
}

static void punted(void)
{
	struct pipe *p = PIPE_OPEN(THREE);
	struct vex_op one = {
		.type = VEX_OP_PUNT_SET, .punt = {.protocol = PUNT_STP, .pps = 1, .burst = 1}};
	struct frame f = frame_new(MAC_STP, MAC(1));

	frame_type(&f, 39);
	frame_bytes(&f, "\x42\x42\x03", 3);
	frame_fill(&f, 60);
	PIPE_APPLY(p, &one, 1);
	p->step = 0;
	PIPE_SEND(p, P0, &f);
	PIPE_EXPECT_COUNT(p, P0, "punted", 1);
	DROPPED(p, P0, &f, "PUNT_POLICED");
	PIPE_FAULT(p, "PUNT", 0, 1);
	DROPPED(p, P1, &f, "PUNT_QUEUE_FULL");
	PIPE_EXPECT_COUNT(p, P0, "punted", 1);
	PIPE_EXPECT_COUNT(p, P1, "punted", 0);
	PIPE_CLOSE(p);
}

static void vlan_ingress(void)
{
	struct pipe *p = PIPE_OPEN(THREE);
	struct frame untagged = frame_of(MAC_ALL, MAC(1), 0, 64);
	struct frame other = frame_of(MAC_ALL, MAC(1), 20, 64);
	struct frame none = frame_of(MAC_ALL, MAC(1), 30, 64);
	struct frame reserved = frame_of(MAC_ALL, MAC(1), 4095, 64);

	DROPPED(p, P2, &untagged, "VLAN_TAG_NOT_ALLOWED");
	DROPPED(p, "ge-0/0/9", &untagged, "VLAN_TAG_NOT_ALLOWED");
	DROPPED(p, P0, &other, "INGRESS_VLAN_FILTER");
	DROPPED(p, P2, &none, "INGRESS_VLAN_FILTER");
	DROPPED(p, P1, &reserved, "INGRESS_VLAN_FILTER");
	PIPE_CLOSE(p);
}

static void spanning_tree(void)
{
	struct pipe *p = PIPE_OPEN(THREE);
	struct vex_op state = op_stp(0, 0, VEX_STP_DISCARDING);
	struct frame f = frame_of(MAC_ALL, MAC(1), 0, 64);
	struct frame to = frame_of(MAC(1), MAC(2), 0, 64);

	PIPE_APPLY(p, &state, 1);
	DROPPED(p, P0, &f, "INGRESS_STP_FILTER");
	PIPE_EXPECT_MACS(p, 0);
	state.stp.state = VEX_STP_LEARNING;
	PIPE_APPLY(p, &state, 1);
	DROPPED(p, P0, &f, "STP_LEARNING");
	PIPE_EXPECT_MAC(p, 10, MAC(1), "ge-0/0/0.0", "dynamic");
	DROPPED(p, P1, &to, "EGRESS_STP_FILTER");
	PIPE_CLOSE(p);
}

static void static_move(void)
{
	struct pipe *p = PIPE_OPEN(THREE STATIC("ge-0/0/1.0", "02:00:00:00:00:01", "10"));
	struct frame f = frame_of(MAC_ALL, MAC(1), 0, 64);

	DROPPED(p, P0, &f, "FDB_STATIC_MOVE");
	PIPE_EXPECT_MAC(p, 10, MAC(1), "ge-0/0/1.0", "static");
	PIPE_CLOSE(p);
}

static void mac_limit(void)
{
	struct pipe *p = PIPE_OPEN(
		THREE LIMIT("ge-0/0/0.0", "1") LIMIT_ACTION("ge-0/0/0.0", "drop"));
	struct frame first = frame_of(MAC_ALL, MAC(1), 0, 64);
	struct frame second = frame_of(MAC_ALL, MAC(2), 0, 64);

	PIPE_SEND(p, P0, &first);
	PIPE_DISCARD(p);
	DROPPED(p, P0, &second, "MAC_LIMIT");
	PIPE_EXPECT_COUNT(p, "fdb", "limit_exceeded", 1);
	PIPE_EXPECT_MACS(p, 1);
	PIPE_CLOSE(p);
}

static void loopback(void)
{
	struct pipe *p = PIPE_OPEN(THREE);
	struct frame one = frame_of(MAC_ALL, MAC(1), 0, 64);
	struct frame back = frame_of(MAC(1), MAC(2), 0, 64);
	struct frame self = frame_of(MAC(3), MAC(3), 0, 64);

	PIPE_SEND(p, P0, &one);
	PIPE_DISCARD(p);
	DROPPED(p, P0, &back, "LOOPBACK_FILTER");
	/* Learned before it is looked up. */
	DROPPED(p, P1, &self, "LOOPBACK_FILTER");
	PIPE_CLOSE(p);
}

static void private_vlan(void)
{
	struct pipe *p = PIPE_OPEN(
		"set vlans pri vlan-id 100\nset vlans pri isolated-vlan iso\n"
		"set vlans iso vlan-id 101\nset vlans iso private-vlan isolated\n" TRUNK(P2, "pri")
			ACCESS(P0, "iso") ACCESS(P1, "iso"));
	struct frame one = frame_of(MAC_ALL, MAC(1), 0, 64);
	struct frame two = frame_of(MAC(1), MAC(2), 0, 64);

	PIPE_SEND(p, P0, &one);
	CU_ASSERT_EQUAL(PIPE_DISCARD(p), 1);
	DROPPED(p, P1, &two, "PVLAN_ISOLATION");
	PIPE_CLOSE(p);
}

static void egress_filter(void)
{
	struct pipe *p = PIPE_OPEN(THREE);
	struct frame one = frame_of(MAC_ALL, MAC(1), 0, 64);
	struct frame two = frame_of(MAC(1), MAC(2), 0, 64);
	struct vex_op out = op_set(10, VEX_VLAN_OUT, 6);

	/* The port is still one from which the VLAN is accepted, so its addresses stay. */
	PIPE_SEND(p, P0, &one);
	PIPE_DISCARD(p);
	PIPE_APPLY(p, &out, 1);
	PIPE_EXPECT_MAC(p, 10, MAC(1), "ge-0/0/0.0", "dynamic");
	DROPPED(p, P1, &two, "EGRESS_VLAN_FILTER");
	PIPE_CLOSE(p);
}

static void egress_port_down(void)
{
	struct pipe *p = PIPE_OPEN(
		THREE STATIC("ge-0/0/1.0", "02:00:00:00:00:01", "10") DISABLE(P1));
	struct frame f = frame_of(MAC(1), MAC(2), 0, 64);

	DROPPED(p, P0, &f, "EGRESS_PORT_DOWN");
	PIPE_CLOSE(p);
}

static void nowhere(void)
{
	struct pipe *p = PIPE_OPEN(THREE);
	struct frame all = frame_of(MAC_ALL, MAC(1), 20, 64);
	struct frame multi = frame_of(MAC_MULTI(5), MAC(1), 20, 64);
	struct frame unknown = frame_of(MAC(9), MAC(1), 20, 64);

	DROPPED(p, P2, &all, "FDB_MC_DISCARD");
	PIPE_SEND(p, P2, &multi);
	PIPE_SEND(p, P2, &unknown);
	PIPE_EXPECT_DROP(p, P2, "FDB_MC_DISCARD", 3);
	PIPE_EXPECT_COUNT(p, P2, "passed", 0);
	PIPE_CLOSE(p);
}

static void no_buffer(void)
{
	struct pipe *p = PIPE_OPEN(THREE);
	struct frame f = frame_of(MAC_ALL, MAC(1), 0, 64);
	struct frame tagged = frame_of(MAC_ALL, MAC(1), 10, 68);

	/* The first copy goes to P1; the packet itself goes on to P2. */
	PIPE_FAULT(p, "COPY", 0, 1);
	PIPE_SEND(p, P0, &f);
	memcpy(tagged.b + 16, f.b + 12, 52);
	PIPE_EXPECT(p, P2, &tagged);
	PIPE_EXPECT_DROP(p, P1, "NO_BUFFER", 1);
	PIPE_EXPECT_COUNT(p, "switch", "copies", 1);
	PIPE_FAULT(p, "ENQUEUE", 1, 1);
	PIPE_SEND(p, P0, &f);
	PIPE_EXPECT(p, P1, &f);
	PIPE_EXPECT_DROP(p, P2, "NO_BUFFER", 1);
	PIPE_CLOSE(p);
}

static void egress_mtu(void)
{
	struct pipe *p = PIPE_OPEN(THREE MTU(P0, "9216") MTU(P2, "9000"));
	struct frame f = frame_of(MAC_ALL, MAC(1), 0, 9000);
	struct frame tagged = frame_of(MAC_ALL, MAC(1), 10, 9004);

	memcpy(tagged.b + 16, f.b + 12, 9004 - 16);
	PIPE_SEND(p, P0, &f);
	PIPE_EXPECT(p, P2, &tagged);
	PIPE_EXPECT_DROP(p, P1, "EXCEEDS_EGRESS_MTU", 1);
	PIPE_EXPECT_DROP(p, P2, "EXCEEDS_EGRESS_MTU", 0);
	PIPE_CLOSE(p);
}

static void storm(void)
{
	/* 1,000 kb/s: 10,000 bits, 18 frames of 68 bytes. */
	struct pipe *p = PIPE_OPEN(
		THREE STORM(P0, "slow") PROFILE("slow", "all bandwidth-level 1000"));
	struct frame f = frame_of(MAC_ALL, MAC(1), 0, 64);

	p->step = 0;
	for (unsigned int i = 0; i < 20; i++)
		PIPE_SEND(p, P0, &f);
	CU_ASSERT_EQUAL(PIPE_DISCARD(p), 36);
	PIPE_EXPECT_DROP(p, P0, "STORM_CONTROL", 2);
	PIPE_CLOSE(p);
}

static void queue_full(void)
{
	struct pipe *p = PIPE_OPEN(VLAN("v10", "10") ACCESS(P0, "v10") ACCESS(P1, "v10"));
	struct frame f = frame_of(MAC_ALL, MAC(1), 0, 257);

	/* Two cells each, 16,384 cells a port. */
	p->step = 0;
	for (unsigned int i = 0; i < 8192 + 3; i++)
		PIPE_SEND(p, P0, &f);
	CU_ASSERT_EQUAL(PIPE_DISCARD(p), 8192);
	PIPE_EXPECT_DROP(p, P1, "QUEUE_FULL", 3);
	/* All of it is free again. */
	for (unsigned int i = 0; i < 8192; i++)
		PIPE_SEND(p, P0, &f);
	CU_ASSERT_EQUAL(PIPE_DISCARD(p), 8192);
	PIPE_CLOSE(p);
}

static void buffer_full(void)
{
	struct pipe *p = PIPE_OPEN_ONE("");
	struct frame f = frame_of(MAC_ALL, MAC(1), 0, 256);

	/* 23 copies of one cell each: 5,698 frames leave 18 of the 131,072 cells. */
	p->step = 0;
	for (unsigned int i = 0; i < 5699; i++)
		PIPE_SEND(p, P0, &f);
	CU_ASSERT_EQUAL(PIPE_DISCARD(p), 131072);
	PIPE_EXPECT_DROP(p, "ge-0/0/18", "BUFFER_FULL", 0);
	PIPE_EXPECT_DROP(p, "ge-0/0/19", "BUFFER_FULL", 1);
	PIPE_EXPECT_DROP(p, "ge-0/0/23", "BUFFER_FULL", 1);
	PIPE_CLOSE(p);
}

static void queue_port_down(void)
{
	struct pipe *p = PIPE_OPEN(THREE);
	struct frame f = frame_of(MAC_ALL, MAC(1), 0, 64);
	struct vex_op down = op_port(1, false);

	p->step = 0;
	for (unsigned int i = 0; i < 10; i++)
		PIPE_SEND(p, P0, &f);
	PIPE_APPLY(p, &down, 1);
	CU_ASSERT_EQUAL(PIPE_DISCARD(p), 10);
	PIPE_EXPECT_DROP(p, P1, "QUEUE_PORT_DOWN", 10);
	PIPE_EXPECT_COUNT(p, P1, "enqueued", 10);
	PIPE_CLOSE(p);
}

static void lag_without_member(void)
{
	struct pipe *p = PIPE_OPEN(VLAN("v10", "10") LAGS("1") MEMBER(P1, "ae0") ACCESS(P0, "v10")
			ACCESS("ae0", "v10"));
	struct frame f = frame_of(MAC_ALL, MAC(1), 0, 64);

	/* A LAG that is down is no port to flood to; only between lookup and choice can it go. */
	PIPE_FAULT(p, "LAG_MEMBER", 0, 1);
	DROPPED(p, P0, &f, "LAG_NO_MEMBER");
	PIPE_EXPECT_COUNT(p, P0, "passed", 1);
	PIPE_CLOSE(p);
}

static const struct unit_case cases[] = {
	{"RUNT: shorter than the header, or cut within a tag", runt},
	{"TRUNCATED: less captured than there was", truncated},
	{"PORT_DOWN: received on a disabled port", port_down},
	{"EXCEEDS_L2_MTU: tags do not count", ingress_mtu},
	{"SMAC_MULTICAST, SMAC_ZERO, SMAC_OWN: impossible sources", source_addresses},
	{"PUNT_POLICED, PUNT_QUEUE_FULL: not for the routing engine", punted},
	{"VLAN_TAG_NOT_ALLOWED, INGRESS_VLAN_FILTER: no such VLAN here", vlan_ingress},
	{"INGRESS_STP_FILTER, STP_LEARNING, EGRESS_STP_FILTER: by state", spanning_tree},
	{"FDB_STATIC_MOVE: a static address appears elsewhere", static_move},
	{"MAC_LIMIT: an address over the limit", mac_limit},
	{"LOOPBACK_FILTER: the destination is where it came from", loopback},
	{"PVLAN_ISOLATION: between isolated ports", private_vlan},
	{"EGRESS_VLAN_FILTER: known on a port without the VLAN", egress_filter},
	{"EGRESS_PORT_DOWN: static address on a disabled port", egress_port_down},
	{"FDB_MC_DISCARD: nobody to flood to", nowhere},
	{"NO_BUFFER: neither copy nor queue entry", no_buffer},
	{"EXCEEDS_EGRESS_MTU: charged to the egress port", egress_mtu},
	{"STORM_CONTROL: above the rate", storm},
	{"QUEUE_FULL: the port has its 4 MiB", queue_full},
	{"BUFFER_FULL: the switch has its 32 MiB", buffer_full},
	{"QUEUE_PORT_DOWN: queued when the port went down", queue_port_down},
	{"LAG_NO_MEMBER: the LAG has nobody to send on", lag_without_member},
};

const struct unit_suite drops_suite = {.name = "drops", .cases = cases, .n = UNIT_N(cases)};
