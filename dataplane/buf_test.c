/* SPDX-License-Identifier: BSD-3-Clause */
/* Packet buffers (plain ones), and the load-sharing hash. */
#include "dataplane/buf.h"

#include <string.h>

#include "dataplane/hash.h"
#include "tests/unit/unit.h"

static struct buf_pools *pools(void)
{
	char why[256];
	struct buf_pools *b = buf_pools_create(why, sizeof(why));

	CU_ASSERT_PTR_NOT_NULL_FATAL(b);
	return b;
}

static void copy_lengths(void)
{
	static const uint32_t len[] = {
		1, 14, 60, 127, 128, 129, 511, 512, 513, 1518, 2048, 2049, 9234};
	struct buf_pools *b = pools();

	for (size_t i = 0; i < UNIT_N(len); i++) {
		struct pkt p = {.time = 77, .out_port = 5};
		struct pkt c = {0};
		uint8_t saved;

		CU_ASSERT_FATAL(buf_alloc(b, len[i], &p));
		CU_ASSERT(p.len == len[i] && p.hlen == len[i]);
		for (uint32_t k = 0; k < len[i]; k++)
			p.data[k] = (uint8_t)(k * 7 + i);
		CU_ASSERT_FATAL(buf_copy(b, &p, &c));
		CU_ASSERT(c.len == len[i] && c.time == 77 && c.out_port == 5);
		/* Whole, or a private header of at least 128 bytes and the same payload. */
		CU_ASSERT_EQUAL(c.hlen, len[i] <= 512 ? len[i] : 128);
		CU_ASSERT_EQUAL(memcmp(c.data, p.data, c.hlen), 0);
		if (c.hlen < c.len) {
			CU_ASSERT_PTR_EQUAL(buf_payload(c.buf), p.data + c.hlen);
			CU_ASSERT_EQUAL(
				memcmp(buf_payload(c.buf), p.data + c.hlen, c.len - c.hlen), 0);
		}
		/* The headers are apart, and there is room before them. */
		saved = p.data[0];
		memset(c.data - PKT_HEADROOM, 0xee, PKT_HEADROOM + c.hlen);
		CU_ASSERT_EQUAL(p.data[0], saved);
		/* The payload outlives the original. */
		buf_free(p.buf);
		if (c.hlen < c.len)
			CU_ASSERT_EQUAL(buf_payload(c.buf)[0], (uint8_t)(c.hlen * 7 + (uint32_t)i));
		buf_free(c.buf);
		CU_ASSERT_EQUAL(b->taken, 0);
	}
	buf_pools_destroy(b);
}

static void many_copies(void)
{
	struct buf_pools *b = pools();
	struct pkt p = {0};
	struct pkt c[128] = {0};

	CU_ASSERT_FATAL(buf_alloc(b, 9000, &p));
	memset(p.data, 0x5a, 9000);
	for (unsigned int i = 0; i < 128; i++)
		CU_ASSERT_FATAL(buf_copy(b, &p, &c[i]));
	buf_free(p.buf);
	for (unsigned int i = 0; i < 128; i++) {
		CU_ASSERT_EQUAL(buf_payload(c[i].buf)[9000 - 128 - 1], 0x5a);
		buf_free(c[i].buf);
	}
	CU_ASSERT_EQUAL(b->taken, 0);
	buf_pools_destroy(b);
}

static void too_long(void)
{
	struct buf_pools *b = pools();
	struct pkt p = {0};

	CU_ASSERT(!buf_alloc(b, PKT_LEN_MAX + 1, &p));
	CU_ASSERT(!buf_alloc(b, UINT32_MAX, &p));
	CU_ASSERT_EQUAL(b->taken, 0);
	buf_pools_destroy(b);
}

/* RFC 3720 appendix B.4; its CRC is inverted before and after, hash_crc32c is not. */
static void rfc3720(void)
{
	static const uint8_t read10[48] = {0x01,
		0xc0, [16] = 0x14, [22] = 0x04, [27] = 0x14, [31] = 0x18, [32] = 0x28, [40] = 0x02};
	uint8_t bytes[32];

	memset(bytes, 0, sizeof(bytes));
	CU_ASSERT_EQUAL(~hash_crc32c(~0u, bytes, 32), 0x8a9136aau);
	memset(bytes, 0xff, sizeof(bytes));
	CU_ASSERT_EQUAL(~hash_crc32c(~0u, bytes, 32), 0x62a8ab43u);
	for (unsigned int i = 0; i < 32; i++)
		bytes[i] = (uint8_t)i;
	CU_ASSERT_EQUAL(~hash_crc32c(~0u, bytes, 32), 0x46dd794eu);
	for (unsigned int i = 0; i < 32; i++)
		bytes[i] = (uint8_t)(31 - i);
	CU_ASSERT_EQUAL(~hash_crc32c(~0u, bytes, 32), 0x113fdb5cu);
	CU_ASSERT_EQUAL(~hash_crc32c(~0u, read10, 48), 0xd9963a56u);
}

/* Bit by bit, as the polynomial says. */
static uint32_t crc_slow(uint32_t crc, const uint8_t *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		crc ^= b[i];
		for (unsigned int k = 0; k < 8; k++)
			crc = crc & 1 ? crc >> 1 ^ 0x82f63b78u : crc >> 1;
	}
	return crc;
}

static void every_length(void)
{
	uint8_t bytes[70];

	for (unsigned int i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 31 + 5);
	for (size_t off = 0; off < 8; off++)
		for (size_t n = 0; n + off <= sizeof(bytes); n++)
			CU_ASSERT_EQUAL(
				hash_crc32c(0, bytes + off, n), crc_slow(0, bytes + off, n));
	/* In pieces as in one. */
	CU_ASSERT_EQUAL(
		hash_crc32c(hash_crc32c(1, bytes, 13), bytes + 13, 20), hash_crc32c(1, bytes, 33));
}

static void finalisers(void)
{
	uint32_t a[HASH_USES];
	uint32_t b[HASH_USES];

	/* Published values of MurmurHash3's finalisers. */
	CU_ASSERT_EQUAL(hash_fmix32(0), 0);
	CU_ASSERT_EQUAL(hash_fmix32(1), 0x514e28b7u);
	CU_ASSERT_EQUAL(hash_fmix64(0), 0);
	CU_ASSERT_EQUAL(hash_fmix64(1), UINT64_C(0xb456bcfc34c2cb2c));
	hash_seeds(1, a);
	hash_seeds(2, b);
	CU_ASSERT_NOT_EQUAL(a[HASH_LAG], b[HASH_LAG]);
}

static const struct unit_case cases[] = {
	{"copies are whole up to 512 bytes, then share the payload", copy_lengths},
	{"a payload lives as long as its last copy", many_copies},
	{"what is too long gets no buffer", too_long},
	{"CRC-32C gives the values of RFC 3720", rfc3720},
	{"CRC-32C of every length and alignment is that of the polynomial", every_length},
	{"finalisers give their published values; seeds differ", finalisers},
};

const struct unit_suite buf_suite = {.name = "buf", .cases = cases, .n = UNIT_N(cases)};
