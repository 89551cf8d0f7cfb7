/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "dataplane/pkt.h"
#include "ports/segment.h"
#include "tests/unit/unit.h"

#define PAYLOAD 5000u

struct shape {
	uint32_t tags;
	bool v6;
	bool udp;
	uint32_t options; /* bytes of TCP's */
};

static uint32_t put_ip(uint8_t *b, const struct shape *s, uint32_t l4_len)
{
	if (s->v6) {
		b[0] = 0x60;
		store_be16(b + 4, (uint16_t)l4_len);
		b[6] = s->udp ? 17 : 6;
		b[7] = 64;
		memset(b + 8, 0x20, 32);
		return 40;
	}
	b[0] = 0x45;
	store_be16(b + 2, (uint16_t)(20 + l4_len));
	store_be16(b + 4, 0xfffe);
	store_be16(b + 6, 0x4000);
	b[8] = 64;
	b[9] = s->udp ? 17 : 6;
	memcpy(b + 12, (const uint8_t[]){192, 0, 2, 1, 192, 0, 2, 2}, 8);
	return 20;
}

/* A frame of that shape with PAYLOAD bytes; *l4 is where its header of layer 4 is. */
static uint32_t build(uint8_t *b, const struct shape *s, uint32_t *l4)
{
	uint32_t header = s->udp ? 8 : 20 + s->options, n = 12;

	memset(b, 0, 200);
	memset(b, 2, 12);
	for (uint32_t i = 0; i < s->tags; i++, n += 4) {
		store_be16(b + n, i ? 0x8100 : 0x88a8);
		store_be16(b + n + 2, 5);
	}
	store_be16(b + n, s->v6 ? 0x86dd : 0x0800);
	n += 2;
	n += put_ip(b + n, s, header + PAYLOAD);
	*l4 = n;
	if (s->udp) {
		store_be16(b + n + 4, (uint16_t)(8 + PAYLOAD));
	} else {
		memcpy(b + n + 4, (const uint8_t[]){0xff, 0xff, 0xff, 0x00}, 4);
		b[n + 12] = (uint8_t)((5 + s->options / 4) << 4);
		b[n + 13] = 0x80 | 0x10 | 0x08 | 0x01; /* CWR ACK PSH FIN */
	}
	n += header;
	for (uint32_t i = 0; i < PAYLOAD; i++)
		b[n + i] = (uint8_t)(i * 7 + i / 256);
	return n + PAYLOAD;
}

/* Whether words sum up to all ones, as RFC 1071 has a receiver check. */
static bool sums_up(
	const uint8_t *pseudo, uint32_t n_pseudo, uint32_t more, const uint8_t *b, uint32_t n)
{
	uint32_t sum = more;

	for (uint32_t i = 0; i < n_pseudo; i++)
		sum += (uint32_t)pseudo[i] << (i % 2 ? 0 : 8);
	for (uint32_t i = 0; i < n; i++)
		sum += (uint32_t)b[i] << (i % 2 ? 0 : 8);
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum == 0xffff;
}

static void check_segment(const struct shape *s, const uint8_t *whole, uint32_t l4, uint32_t header,
	const uint8_t *b, uint32_t n, uint32_t at, unsigned int number, bool last)
{
	uint32_t l3 = 14 + 4 * s->tags, l4_len = n - l4;
	const uint8_t *ip = b + l3;

	CU_ASSERT_EQUAL(memcmp(b, whole, l3), 0);
	CU_ASSERT_EQUAL(memcmp(b + header, whole + header + at, n - header), 0);
	CU_ASSERT_EQUAL(load_be16(ip + (s->v6 ? 4 : 2)), s->v6 ? l4_len : n - l3);
	if (!s->v6) {
		CU_ASSERT_EQUAL(load_be16(ip + 4), (0xfffe + number) & 0xffff);
		CU_ASSERT(sums_up(NULL, 0, 0, ip, 20));
	}
	CU_ASSERT(sums_up(
		ip + (s->v6 ? 8 : 12), s->v6 ? 32 : 8, l4_len + (s->udp ? 17 : 6), b + l4, l4_len));
	if (s->udp) {
		CU_ASSERT_EQUAL(load_be16(b + l4 + 4), l4_len);
		return;
	}
	CU_ASSERT_EQUAL((uint32_t)load_be16(b + l4 + 4) << 16 | load_be16(b + l4 + 6),
		(uint32_t)(0xffffff00u + at));
	CU_ASSERT_EQUAL(b[l4 + 13], 0x10 | (number ? 0 : 0x80) | (last ? 0x09 : 0));
}

static void cut(const struct shape *s, uint32_t size)
{
	uint8_t *whole = malloc(16384), frame[PKT_LEN_MAX];
	uint32_t l4, len = build(whole, s, &l4), header = len - PAYLOAD, at = 0, n;
	unsigned int number = 0;
	struct segment segment;

	CU_ASSERT_FATAL(segment_start(&segment, whole, len, size, l4));
	while ((n = segment_next(&segment, frame)) != 0) {
		uint32_t left = PAYLOAD - at;

		CU_ASSERT_EQUAL(n - header, left < size ? left : size);
		check_segment(s, whole, l4, header, frame, n, at, number++, left <= size);
		at += n - header;
	}
	CU_ASSERT_EQUAL(at, PAYLOAD);
	CU_ASSERT_EQUAL(segment_next(&segment, frame), 0);
	free(whole);
}

static void every_shape(void)
{
	static const uint32_t sizes[] = {1, 536, 1000, 1448, 4999, 5000, 5001};

	for (uint32_t bits = 0; bits < 12; bits++) {
		const struct shape s = {bits / 4, bits & 1, bits & 2, bits & 4 ? 12 : 0};

		for (size_t i = 0; i < UNIT_N(sizes); i++)
			cut(&s, sizes[i]);
	}
}

static void refused(void)
{
	const struct shape tcp = {0};
	uint8_t *whole = calloc(1, 65536);
	struct segment s;
	uint32_t l4, len = build(whole, &tcp, &l4);

	CU_ASSERT_FALSE(segment_start(&s, whole, len, 0, l4));
	CU_ASSERT_FALSE(segment_start(&s, whole, len, 9200, l4)); /* too long for a frame */
	CU_ASSERT_FALSE(segment_start(&s, whole, len, 1000, l4 - 1));
	CU_ASSERT_FALSE(segment_start(&s, whole, l4 + 19, 1000, l4));
	CU_ASSERT_FALSE(segment_start(&s, whole, l4 + 20, 1000, l4)); /* no payload */
	whole[l4 + 12] = 0x40;					      /* a header of 16 bytes */
	CU_ASSERT_FALSE(segment_start(&s, whole, len, 1000, l4));
	len = build(whole, &tcp, &l4);
	whole[14 + 9] = 132; /* SCTP */
	CU_ASSERT_FALSE(segment_start(&s, whole, len, 1000, l4));
	len = build(whole, &tcp, &l4);
	store_be16(whole + 12, 0x0806);
	CU_ASSERT_FALSE(segment_start(&s, whole, len, 1000, l4));
	for (uint32_t n = 0; n < 34; n++)
		CU_ASSERT_FALSE(segment_start(&s, whole, n, 1000, l4));
	free(whole);
}

static const struct unit_case cases[] = {
	{"TCP and UDP over both families, with tags and options", every_shape},
	{"what cannot be cut is refused", refused},
};

const struct unit_suite segment_suite = {.name = "segment", .cases = cases, .n = UNIT_N(cases)};
