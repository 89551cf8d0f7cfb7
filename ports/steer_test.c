/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "ports/steer.h"
#include "tests/unit/unit.h"

#define MINE	2, 0, 0, 0, 0, 1
#define ALL	0xff, 0xff, 0xff, 0xff, 0xff, 0xff
#define GROUP	0x33, 0x33, 0xff, 0, 0, 1
#define OTHER	2, 0, 0, 0, 0, 2
#define FROM	2, 0, 0, 0, 0, 9
#define IPV6(x) 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, x

#define IPV4(protocol, fragment)                                                                \
	0x08, 0x00, 0x45, 0, 0, 40, 0, 0, (fragment) >> 8, (fragment)&0xff, 64, protocol, 0, 0, \
		192, 0, 2, 7, 192, 0, 2, 1
#define IPV6_TO(next) 0x86, 0xdd, 0x60, 0, 0, 0, 0, 32, next, 64, IPV6(7), IPV6(1)

/* What a frame is, whole; cut anywhere, it is that or for the switch, and nothing behind it is read. */
static enum steer_kind read_frame(const __u8 *data, size_t n, struct steer_frame *frame)
{
	static const __u8 mac[6] = {MINE};
	struct steer_frame ignored;
	enum steer_kind kind;
	__u8 *copy;

	kind = steer_read(data, data + n, mac, frame);
	for (size_t cut = 0; cut < n; cut++) {
		enum steer_kind part;

		copy = malloc(cut ? cut : 1);
		memcpy(copy, data, cut);
		part = steer_read(copy, copy + cut, mac, &ignored);
		CU_ASSERT(part == kind || part == STEER_OTHER);
		free(copy);
	}
	return kind;
}
#define READ(...) \
	read_frame((const __u8[]){__VA_ARGS__}, sizeof((const __u8[]){__VA_ARGS__}), &frame)

static void check_v4(const __u8 address[16], __u8 last)
{
	const __u8 expected[16] = {[10] = 0xff, [11] = 0xff, 192, 0, 2, last};

	CU_ASSERT_EQUAL(memcmp(address, expected, 16), 0);
}

static void check_v6(const __u8 address[16], __u8 last)
{
	const __u8 expected[16] = {IPV6(last)};

	CU_ASSERT_EQUAL(memcmp(address, expected, 16), 0);
}

#define ARP 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, FROM, 192, 0, 2, 7, 0, 0, 0, 0, 0, 0, 192, 0, 2, 1

static void arp(void)
{
	struct steer_frame frame;

	CU_ASSERT_EQUAL(READ(ALL, FROM, ARP), STEER_NEIGHBOUR);
	check_v4(frame.own, 1);
	CU_ASSERT_EQUAL(READ(MINE, FROM, ARP), STEER_NEIGHBOUR);
	CU_ASSERT_EQUAL(READ(OTHER, FROM, ARP), STEER_OTHER);
	CU_ASSERT_EQUAL(READ(ALL, FROM, 8, 6, 0, 1, 8, 0, 8, 4, 0, 1, FROM, 192, 0, 2, 7, 0, 0, 0,
				0, 0, 0, 192, 0, 2, 1),
		STEER_OTHER);
}

static void traffic_v4(void)
{
	struct steer_frame frame;

	CU_ASSERT_EQUAL(READ(MINE, FROM, IPV4(6, 0x4000), 0x12, 0x34, 0, 22), STEER_TRAFFIC);
	CU_ASSERT_EQUAL(frame.service, 6 << 16 | 22);
	check_v4(frame.own, 1);
	check_v4(frame.from, 7);
	CU_ASSERT_EQUAL(READ(MINE, FROM, IPV4(17, 0), 0x12, 0x34, 0xff, 0xff), STEER_TRAFFIC);
	CU_ASSERT_EQUAL(frame.service, 17 << 16 | 65535);
	CU_ASSERT_EQUAL(READ(MINE, FROM, IPV4(1, 0), 8, 0, 0, 0), STEER_TRAFFIC);
	CU_ASSERT_EQUAL(frame.service, 1 << 16);
	CU_ASSERT_EQUAL(READ(MINE, FROM, IPV4(89, 0), 0, 0, 0, 0), STEER_OTHER);
	CU_ASSERT_EQUAL(READ(OTHER, FROM, IPV4(6, 0), 0, 0, 0, 22), STEER_OTHER);
	CU_ASSERT_EQUAL(READ(ALL, FROM, IPV4(17, 0), 0, 0, 0, 22), STEER_OTHER);
}

static void fragments(void)
{
	struct steer_frame frame;

	CU_ASSERT_EQUAL(READ(MINE, FROM, IPV4(17, 0x2000), 0, 1, 0, 22), STEER_TRAFFIC);
	CU_ASSERT_EQUAL(frame.service, 17 << 16 | 22);
	CU_ASSERT_EQUAL(READ(MINE, FROM, IPV4(17, 0x2001), 0, 1, 0, 22), STEER_TRAFFIC);
	CU_ASSERT_EQUAL(frame.service, 0);
	CU_ASSERT_EQUAL(
		READ(MINE, FROM, IPV6_TO(44), 17, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 22), STEER_TRAFFIC);
	CU_ASSERT_EQUAL(frame.service, 17 << 16 | 22);
	CU_ASSERT_EQUAL(
		READ(MINE, FROM, IPV6_TO(44), 17, 0, 0, 8, 0, 0, 0, 1, 0, 1, 0, 22), STEER_TRAFFIC);
	CU_ASSERT_EQUAL(frame.service, 0);
}

static void options_v4(void)
{
	struct steer_frame frame;

	CU_ASSERT_EQUAL(READ(MINE, FROM, 8, 0, 0x46, 0, 0, 44, 0, 0, 0, 0, 64, 6, 0, 0, 192, 0, 2,
				7, 192, 0, 2, 1, 1, 1, 1, 1, 0, 1, 0, 80),
		STEER_TRAFFIC);
	CU_ASSERT_EQUAL(frame.service, 6 << 16 | 80);
	CU_ASSERT_EQUAL(READ(MINE, FROM, 8, 0, 0x44, 0, 0, 44, 0, 0, 0, 0, 64, 6, 0, 0, 192, 0, 2,
				7, 192, 0, 2, 1, 1, 1, 1, 1, 0, 1, 0, 80),
		STEER_OTHER);
}

static void traffic_v6(void)
{
	struct steer_frame frame;

	CU_ASSERT_EQUAL(READ(MINE, FROM, IPV6_TO(6), 0, 1, 0, 22), STEER_TRAFFIC);
	CU_ASSERT_EQUAL(frame.service, 6 << 16 | 22);
	check_v6(frame.own, 1);
	check_v6(frame.from, 7);
	CU_ASSERT_EQUAL(READ(MINE, FROM, IPV6_TO(58), 128, 0, 0, 0), STEER_TRAFFIC);
	CU_ASSERT_EQUAL(frame.service, 1 << 16);
	CU_ASSERT_EQUAL(READ(GROUP, FROM, IPV6_TO(58), 128, 0, 0, 0), STEER_OTHER);
	CU_ASSERT_EQUAL(READ(MINE, FROM, IPV6_TO(0), 58, 0, 0, 0), STEER_OTHER);
}

static void neighbours_v6(void)
{
	struct steer_frame frame;

	CU_ASSERT_EQUAL(
		READ(GROUP, FROM, IPV6_TO(58), 135, 0, 0, 0, 0, 0, 0, 0, IPV6(3)), STEER_NEIGHBOUR);
	check_v6(frame.own, 3); /* who is asked for, not whom it is sent to */
	CU_ASSERT_EQUAL(
		READ(MINE, FROM, IPV6_TO(58), 136, 0, 0, 0, 0, 0, 0, 0, IPV6(7)), STEER_NEIGHBOUR);
	check_v6(frame.own, 1);
}

static void others(void)
{
	struct steer_frame frame;

	CU_ASSERT_EQUAL(READ(MINE, FROM, 0x81, 0, 0, 1, IPV4(6, 0), 0, 1, 0, 22), STEER_OTHER);
	CU_ASSERT_EQUAL(READ(ALL, FROM, 0x81, 0, 0, 1, ARP), STEER_OTHER);
	CU_ASSERT_EQUAL(READ(MINE, FROM, 0x88, 0xcc, 0, 0), STEER_OTHER);
	CU_ASSERT_EQUAL(READ(MINE, FROM, 8, 0, 0x55, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0, 192, 0, 2,
				7, 192, 0, 2, 1, 0, 1, 0, 80),
		STEER_OTHER);
}

static const struct unit_case cases[] = {
	{"ARP is for who is asked", arp},
	{"TCP, UDP and ICMP over IPv4", traffic_v4},
	{"a later fragment has no service", fragments},
	{"options of IPv4", options_v4},
	{"TCP and ICMP over IPv6", traffic_v6},
	{"neighbour discovery is for who is asked", neighbours_v6},
	{"the rest is for the switch", others},
};

const struct unit_suite steer_suite = {.name = "steer", .cases = cases, .n = UNIT_N(cases)};
