/* SPDX-License-Identifier: BSD-3-Clause */
/* The packet walk: tags, link-local addresses, and the order of learning within a burst. */
#include <string.h>

#include "tests/unit/config.h"
#include "tests/unit/ops_build.h"
#include "tests/unit/pipe.h"

#define P0 "ge-0/0/0"
#define P1 "ge-0/0/1"
#define P2 "ge-0/0/2"
#define P3 "ge-0/0/3"

#define ACCESS_THREE VLAN("v10", "10") ACCESS(P0, "v10") ACCESS(P1, "v10") ACCESS(P2, "v10")
#define TRUNKS            \
	VLAN("v10", "10") \
	VLAN("v20", "20") \
	ACCESS(P0, "v10") \
	TRUNK(P1, "v10 v20") TRUNK(P2, "v10 v20") NATIVE(P2, "20") ACCESS(P3, "v20")

/* The same frame with other bytes between the addresses and the type. */
static struct frame retag(
	const struct frame *f, unsigned int from_tags, const uint16_t *tags, unsigned int n_tags)
{
	struct frame g = *f;
	uint32_t head = 12 + 4 * from_tags;

	g.len = 12;
	for (unsigned int i = 0; i < n_tags; i++)
		frame_tag(&g, tags[2 * i], tags[2 * i + 1]);
	frame_bytes(&g, f->b + head, f->len - head);
	return g;
}

static void learning_order(void)
{
	struct pipe *p = PIPE_OPEN(ACCESS_THREE);
	struct frame one_two = frame_of(MAC(2), MAC(1), 0, 64);
	struct frame two_one = frame_of(MAC(1), MAC(2), 0, 64);

	/* All within one tick, and without a look between: one burst of 64. */
	p->step = 0;
	PIPE_SEND(p, P0, &one_two);
	PIPE_SEND(p, P1, &two_one);
	PIPE_SEND(p, P0, &one_two);
	PIPE_SEND(p, P2, &one_two);
	PIPE_SEND(p, P1, &two_one);
	/* Unknown, so flooded; then both are known; then station 1 has moved to P2. */
	PIPE_EXPECT(p, P1, &one_two);
	PIPE_EXPECT(p, P2, &one_two);
	PIPE_EXPECT(p, P0, &two_one);
	PIPE_EXPECT(p, P1, &one_two);
	PIPE_EXPECT(p, P1, &one_two);
	PIPE_EXPECT(p, P2, &two_one);
	PIPE_EXPECT_MAC(p, 10, MAC(1), "ge-0/0/2.0", "dynamic");
	PIPE_EXPECT_COUNT(p, "fdb", "learned", 2);
	PIPE_EXPECT_COUNT(p, "fdb", "moved", 1);
	PIPE_CLOSE(p);
}

static void link_local(void)
{
	struct pipe *p = PIPE_OPEN(ACCESS_THREE);
	struct frame f = frame_of(MAC_STP, MAC(1), 0, 64);

	for (unsigned int i = 0; i < 16; i++) {
		f.b[5] = (uint8_t)i;
		PIPE_SEND(p, P0, &f);
	}
	PIPE_EXPECT_NOTHING(p);
	PIPE_EXPECT_COUNT(p, P0, "punted", 16);
	PIPE_EXPECT_MACS(p, 0);
	f.b[5] = 16;
	PIPE_SEND(p, P0, &f);
	PIPE_EXPECT(p, P1, &f);
	PIPE_EXPECT(p, P2, &f);
	/* Link-local, though the sender's address is none: it is for the routing engine to judge. */
	f.b[5] = 0;
	f.b[6] |= 1;
	PIPE_SEND(p, P0, &f);
	PIPE_EXPECT_COUNT(p, P0, "punted", 17);
	PIPE_CLOSE(p);
}

static void tags_by_port(void)
{
	struct pipe *p = PIPE_OPEN(TRUNKS);
	struct frame plain = frame_of(MAC_ALL, MAC(1), 0, 100);
	struct frame ten = retag(&plain, 0, (uint16_t[]){0x8100, 10}, 1);
	struct frame twenty = retag(&plain, 0, (uint16_t[]){0x8100, 20}, 1);

	PIPE_SEND(p, P0, &plain);
	PIPE_EXPECT(p, P1, &ten);
	PIPE_EXPECT(p, P2, &ten);
	PIPE_EXPECT_NOTHING(p);
	/* The native VLAN, untagged and tagged. */
	PIPE_SEND(p, P2, &plain);
	PIPE_EXPECT(p, P1, &twenty);
	PIPE_EXPECT(p, P3, &plain);
	PIPE_EXPECT_NOTHING(p);
	PIPE_SEND(p, P2, &twenty);
	PIPE_EXPECT(p, P1, &twenty);
	PIPE_EXPECT(p, P3, &plain);
	PIPE_SEND(p, P1, &twenty);
	PIPE_EXPECT(p, P2, &plain);
	PIPE_EXPECT(p, P3, &plain);
	/* An access port takes its own tag. */
	PIPE_SEND(p, P0, &ten);
	PIPE_EXPECT(p, P1, &ten);
	PIPE_EXPECT(p, P2, &ten);
	PIPE_CLOSE(p);
}

static void priorities(void)
{
	struct pipe *p = PIPE_OPEN(TRUNKS);
	struct frame plain = frame_of(MAC_ALL, MAC(1), 0, 100);

	for (unsigned int bits = 0; bits < 16; bits++) {
		uint16_t high = (uint16_t)(bits << 12);
		struct frame in = retag(&plain, 0, (uint16_t[]){0x8100, high | 10}, 1);
		struct frame zero = retag(&plain, 0, (uint16_t[]){0x8100, high}, 1);

		PIPE_SEND(p, P1, &in);
		PIPE_EXPECT(p, P0, &plain);
		PIPE_EXPECT(p, P2, &in);
		PIPE_SEND(p, P0, &zero);
		PIPE_EXPECT(p, P1, &in);
		PIPE_EXPECT(p, P2, &in);
	}
	PIPE_CLOSE(p);
}

static void two_tags(void)
{
	struct pipe *p = PIPE_OPEN(TRUNKS);
	struct frame plain = frame_of(MAC_ALL, MAC(1), 0, 100);
	struct frame inner = retag(&plain, 0, (uint16_t[]){0x8100, 77}, 1);
	struct frame both = retag(&plain, 0, (uint16_t[]){0x8100, 10, 0x8100, 77}, 2);
	struct frame opaque = retag(&plain, 0, (uint16_t[]){0x88a8, 20}, 1);
	struct frame pushed = retag(&plain, 0, (uint16_t[]){0x8100, 10, 0x88a8, 20}, 2);

	PIPE_SEND(p, P1, &both);
	PIPE_EXPECT(p, P0, &inner);
	PIPE_EXPECT(p, P2, &both);
	/* A service tag is opaque: the frame is untagged. */
	PIPE_SEND(p, P0, &opaque);
	PIPE_EXPECT(p, P1, &pushed);
	PIPE_EXPECT(p, P2, &pushed);
	PIPE_CLOSE(p);
}

static void lengths(void)
{
	struct pipe *p = PIPE_OPEN(MTU(P0, "9216") MTU(P1, "9216") MTU(P2, "9216") TRUNKS);

	/* Around every limit of buffers and copies. */
	static const uint32_t len[] = {14, 15, 17, 18, 55, 56, 57, 59, 60, 61, 64, 127, 128, 129,
		255, 256, 257, 508, 509, 511, 512, 513, 516, 1514, 2044, 2047, 2048, 2049, 2052,
		9000, 9215, 9216};

	for (size_t i = 0; i < UNIT_N(len); i++) {
		struct frame plain = frame_of(MAC_ALL, MAC(1), 0, len[i]);
		struct frame ten = retag(&plain, 0, (uint16_t[]){0x8100, 10}, 1);

		p->step = 100 * PIPE_US;
		PIPE_SEND(p, P0, &plain);
		PIPE_EXPECT(p, P1, &ten);
		PIPE_EXPECT(p, P2, &ten);
		PIPE_SEND(p, P1, &ten);
		PIPE_EXPECT(p, P0, &plain);
		PIPE_EXPECT(p, P2, &ten);
	}
	PIPE_CLOSE(p);
}

static void harness(void)
{
	struct pipe *p = PIPE_OPEN(TRUNKS);
	struct frame plain = frame_of(MAC_ALL, MAC(1), 0, 100);
	struct frame ten = retag(&plain, 0, (uint16_t[]){0x8100, 10}, 1);
	struct frame arp = frame_new(MAC_ALL, MAC(1));

	/* A byte that the expectation leaves open, and the time of a 1 Gb/s port (8 ns a byte). */
	PIPE_SEND_AT(p, P0, &plain, 5 * PIPE_US);
	ten.b[50] ^= 0xff;
	PIPE_EXPECT_ANY(p, P1, &ten, {50, 51});
	ten.b[50] ^= 0xff;
	PIPE_EXPECT_AT(p, P2, &ten, 5 * PIPE_US + (8 + 104 + 4) * 8000);
	frame_arp(&arp, MAC(1), 0x0a000001, 0x0a000002);
	PIPE_SEND(p, P0, &arp);
	CU_ASSERT_EQUAL(PIPE_DISCARD(p), 2);
	PIPE_CLOSE(p);
}

static const struct unit_case cases[] = {
	{"learn(i) comes before look up(i) and after look up(i - 1)", learning_order},
	{"01-80-C2-00-00-0x is punted, never forwarded, never learned", link_local},
	{"access, trunk and native VLAN tag as they should", tags_by_port},
	{"802.1p and DEI survive", priorities},
	{"of two tags the outer one is the VLAN; a service tag is opaque", two_tags},
	{"every length from 14 to 9216 bytes goes through unchanged", lengths},
	{"expectations may leave bytes open and fix the time", harness},
};

const struct unit_suite walk_suite = {.name = "walk", .cases = cases, .n = UNIT_N(cases)};
