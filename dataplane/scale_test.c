/* SPDX-License-Identifier: BSD-3-Clause */
/* Full scale: what the box holds fits, whatever the addresses are; what is over it is flooded. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/config.h"
#include "tests/unit/ops_build.h"
#include "tests/unit/pipe.h"
#include "tests/unit/random.h"

#define BOX_MACS    112000u
#define SERVER_MACS 1048576u
#define IN	    "et-0/1/0"
#define OUT	    "et-0/1/1"

#define TWO VLAN("v10", "10") VLAN("v20", "20") TRUNK(IN, "v10 v20") TRUNK(OUT, "v10 v20")

/* Address number i of a set; each gives different ones. */
typedef uint64_t (*address_fn)(uint32_t i);

static uint64_t sequential(uint32_t i)
{
	return MAC(i + 1);
}

/* A bijection of 32 bits, so that no address comes twice. */
static uint64_t random_one(uint32_t i)
{
	i ^= i >> 16;
	i *= 0x7feb352du;
	i ^= i >> 15;
	i *= 0x846ca68bu;
	i ^= i >> 16;
	return UINT64_C(0x020000000000) | i;
}

/* All low bits the same: only the first octets differ. */
static uint64_t same_low_bits(uint32_t i)
{
	return (uint64_t)(i & 63) << 42 | (uint64_t)(i >> 6) << 28 | 0x2345678;
}

static uint64_t high_stride(uint32_t i)
{
	return UINT64_C(0x020000000000) | (uint64_t)i << 20;
}

/* Sends from each address; the frames are known unicast to a station behind OUT. */
static void learn(struct pipe *p, address_fn address, uint32_t from, uint32_t to, unsigned int vid)
{
	p->step = 10000; /* 100 Gb/s takes a frame of 64 bytes in 6.72 ns */
	for (uint32_t i = from; i < to; i++) {
		struct frame f = frame_of(MAC(0xfffffe), address(i), vid, 64);

		PIPE_SEND(p, IN, &f);
		if (i % 16384 == 16383)
			PIPE_DISCARD(p);
	}
	PIPE_DISCARD(p);
}

/* How many of the addresses are found: frames to them are not flooded, but dropped at IN. */
static uint64_t found(struct pipe *p, address_fn address, uint32_t n, unsigned int vid, uint32_t by)
{
	uint64_t before = 0;
	uint64_t looked = 0;

	before = PIPE_COUNT(p, IN, "passed");
	for (uint32_t i = 0; i < n; i += by, looked++) {
		struct frame f = frame_of(address(i), MAC(0xfffffd), vid, 64);

		PIPE_SEND(p, IN, &f);
	}
	PIPE_DISCARD(p);
	return looked - (PIPE_COUNT(p, IN, "passed") - before);
}

static void fill_box(address_fn address)
{
	struct pipe *p = PIPE_OPEN_ONE(TWO);
	struct frame one_more = frame_of(MAC_ALL, MAC(0xfffffc), 10, 64);
	struct frame to_it = frame_of(MAC(0xfffffc), address(0), 10, 64);
	struct vex_op del = op_mac(VEX_OP_MAC_DEL, 10, 0, address(77));

	learn(p, address, 0, BOX_MACS - 1, 10);
	PIPE_EXPECT_COUNT(p, "fdb", "learned", BOX_MACS - 1);
	/* The one that asks takes the last place. */
	CU_ASSERT_EQUAL(found(p, address, BOX_MACS - 1, 10, 37), (BOX_MACS - 2) / 37 + 1);
	PIPE_EXPECT_COUNT(p, "fdb", "learned", BOX_MACS);
	PIPE_EXPECT_COUNT(p, "fdb", "no_resource", 0);
	/* The next one is refused and counted, its traffic forwarded, and traffic to it flooded. */
	PIPE_SEND(p, IN, &one_more);
	PIPE_EXPECT(p, OUT, &one_more);
	PIPE_EXPECT_COUNT(p, "fdb", "no_resource", 1);
	PIPE_EXPECT_COUNT(p, "fdb", "learned", BOX_MACS);
	PIPE_SEND(p, IN, &to_it);
	PIPE_EXPECT(p, OUT, &to_it);
	/* A place that comes free is taken. */
	PIPE_APPLY(p, &del, 1);
	PIPE_SEND(p, IN, &one_more);
	PIPE_EXPECT(p, OUT, &one_more);
	PIPE_EXPECT_COUNT(p, "fdb", "learned", BOX_MACS + 1);
	PIPE_SEND(p, IN, &to_it);
	PIPE_EXPECT_DROP(p, IN, "LOOPBACK_FILTER", (BOX_MACS - 2) / 37 + 2);
	PIPE_CLOSE(p);
}

static void box_random(void)
{
	fill_box(random_one);
}

static void box_sequential(void)
{
	fill_box(sequential);
}

static void box_low_bits(void)
{
	fill_box(same_low_bits);
}

static void box_stride(void)
{
	fill_box(high_stride);
}

static void dump_of_all(void)
{
	struct pipe *p = PIPE_OPEN_ONE(TWO);

	learn(p, random_one, 0, BOX_MACS / 2, 10);
	learn(p, random_one, 0, BOX_MACS / 2, 20);
	PIPE_EXPECT_MACS(p, BOX_MACS);
	PIPE_EXPECT_MAC(p, 20, random_one(1234), "et-0/1/0.0", "dynamic");
	PIPE_CLOSE(p);
}

static void server(void)
{
	struct pipe *p = PIPE_OPEN_ONE("set chassis scale server\n" TWO);
	struct frame one_more = frame_of(MAC_ALL, MAC(0xfffffc), 20, 64);

	learn(p, random_one, 0, SERVER_MACS - 1, 10);
	PIPE_EXPECT_COUNT(p, "fdb", "learned", SERVER_MACS - 1);
	CU_ASSERT_EQUAL(
		found(p, random_one, SERVER_MACS - 1, 10, 101), (SERVER_MACS - 2) / 101 + 1);
	PIPE_SEND(p, IN, &one_more);
	PIPE_EXPECT(p, OUT, &one_more);
	PIPE_EXPECT_COUNT(p, "fdb", "no_resource", 1);
	{
		/* So that the dump at the end is short. */
		struct vex_op flush = op_flush(VEX_LPORT_NONE, VEX_BD_NONE, 0);

		PIPE_APPLY(p, &flush, 1);
	}
	PIPE_EXPECT_MACS(p, 0);
	PIPE_CLOSE(p);
}

static void all_vlans(void)
{
	struct pipe *p = PIPE_OPEN_ONE(
		"set vlans every vlan-id-list 2-4094\n" BRIDGE(IN) "interface-mode trunk\n" BRIDGE(
			IN) "vlan members all\n" BRIDGE(OUT) "interface-mode trunk\n" BRIDGE(OUT) "vlan members all\n");
	struct vex_op more = op_vlan(1, 1, 300);

	for (unsigned int vid = 2; vid <= 4094; vid++) {
		struct frame f = frame_of(MAC_ALL, MAC(1), vid, 64);

		PIPE_SEND(p, IN, &f);
		PIPE_EXPECT(p, OUT, &f);
	}
	PIPE_EXPECT_COUNT(p, "fdb", "learned", 4093);
	/* The 4,094th VLAN is over the scale of the box. */
	PIPE_REFUSE(p, &more, 1, 0, VEX_NO_RESOURCE);
	PIPE_CLOSE(p);
}

static void static_addresses(void)
{
	struct pipe *p = PIPE_OPEN_ONE(TWO);
	struct vex_op *ops = calloc(BOX_MACS + 1, sizeof(*ops));

	/* One over the scale: none of them is set. */
	CU_ASSERT_PTR_NOT_NULL_FATAL(ops);
	for (uint32_t i = 0; i <= BOX_MACS; i++)
		ops[i] = op_mac(VEX_OP_MAC_SET, 10, 24, random_one(i));
	vexmodel_apply(p->m[0], ops, BOX_MACS + 1);
	CU_ASSERT_EQUAL(ops[BOX_MACS].status, VEX_NO_RESOURCE);
	CU_ASSERT_EQUAL(ops[0].status, VEX_ABORTED);
	PIPE_EXPECT_MACS(p, 0);
	for (uint32_t i = 0; i <= BOX_MACS; i++)
		ops[i].status = 0;
	PIPE_APPLY(p, ops, BOX_MACS);
	CU_ASSERT_EQUAL(found(p, random_one, BOX_MACS, 10, 41), (BOX_MACS - 1) / 41 + 1);
	free(ops);
	PIPE_CLOSE(p);
}

static const struct unit_case cases[] = {
	{"112,000 random addresses fit, one more is flooded", box_random},
	{"112,000 sequential addresses fit, one more is flooded", box_sequential},
	{"112,000 addresses of the same low bits fit, one more is flooded", box_low_bits},
	{"112,000 addresses of a high stride fit, one more is flooded", box_stride},
	{"a full table is dumped", dump_of_all},
	{"1,048,576 addresses fit with scale server", server},
	{"4,093 VLANs on a trunk, and not one more", all_vlans},
	{"112,000 static addresses in one transaction, and not one more", static_addresses},
};

const struct unit_suite scale_suite = {.name = "scale", .cases = cases, .n = UNIT_N(cases)};
