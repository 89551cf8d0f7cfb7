/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pcapng_build: pcapng files made by hand in memory, for the tests of the reader. Knows the format
 * on its own, so that reader and writer are not only tested against each other.
 *
 *      struct build b = {.big = true};
 *      size_t at = build_shb(&b, -1);
 *      build_idb(&b, "ge-0/0/0", 9);
 *      build_epb(&b, 0, 1000, 60, 60);
 *      b.data[at] ^= 1;                        what is damaged is damaged afterwards
 *      struct source s = {.b = &b, .chunk = 7};
 *      r = pcapng_reader_create(source_read, &s, &err);
 */
#ifndef VEX_PORTS_PCAPNG_BUILD_H
#define VEX_PORTS_PCAPNG_BUILD_H

#include "tests/unit/unit.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

#define BUILD_SIZE (4 * 1024 * 1024)

struct build {
	bool big; /* byte order of what follows */
	size_t len;
	size_t start; /* of the block that is open */
	uint8_t data[BUILD_SIZE];
};

/* Hands out the bytes of a build, at most chunk at a time (0: as many as fit). */
struct source {
	const struct build *b;
	size_t pos, chunk;
	size_t fail_at; /* if not 0: EIO from this offset on */
	bool interrupt; /* every second read is interrupted */
	unsigned int reads;
};

static inline ssize_t source_read(void *context, void *buf, size_t len)
{
	struct source *s = context;
	size_t n = s->b->len - s->pos;

	if (s->interrupt && s->reads++ % 2 == 0) {
		errno = EINTR;
		return -1;
	}
	if (s->fail_at != 0 && s->pos >= s->fail_at) {
		errno = EIO;
		return -1;
	}
	if (n > len)
		n = len;
	if (s->chunk != 0 && n > s->chunk)
		n = s->chunk;
	memcpy(buf, s->b->data + s->pos, n);
	s->pos += n;
	return (ssize_t)n;
}

static inline void build_bytes(struct build *b, const void *p, size_t n)
{
	CU_ASSERT_FATAL(n <= BUILD_SIZE - b->len);
	memcpy(b->data + b->len, p, n);
	b->len += n;
}

static inline void build_number(struct build *b, uint64_t v, unsigned int size)
{
	uint8_t bytes[8];

	for (unsigned int i = 0; i < size; i++)
		bytes[b->big ? size - 1 - i : i] = (uint8_t)(v >> 8 * i);
	build_bytes(b, bytes, size);
}

static inline void build_u16(struct build *b, uint64_t v)
{
	build_number(b, v, 2);
}

static inline void build_u32(struct build *b, uint64_t v)
{
	build_number(b, v, 4);
}

static inline void build_u64(struct build *b, uint64_t v)
{
	build_number(b, v, 8);
}

/* Overwrite a 32-bit number. */
static inline void build_patch32(struct build *b, size_t at, uint32_t v)
{
	size_t len = b->len;

	b->len = at;
	build_u32(b, v);
	b->len = len;
}

static inline void build_pad(struct build *b)
{
	while (b->len % 4 != 0)
		build_bytes(b, "", 1);
}

static inline void build_option(struct build *b, uint16_t code, const void *value, uint16_t n)
{
	build_u16(b, code);
	build_u16(b, n);
	build_bytes(b, value, n);
	build_pad(b);
}

/* Open a block; returns its offset. */
static inline size_t build_open(struct build *b, uint32_t type)
{
	b->start = b->len;
	build_u32(b, type);
	build_u32(b, 0);
	return b->start;
}

/* Close the open block: both lengths. */
static inline void build_close(struct build *b)
{
	uint32_t length = (uint32_t)(b->len - b->start + 4);

	build_u32(b, length);
	build_patch32(b, b->start + 4, length);
}

static inline size_t build_shb(struct build *b, int64_t section_length)
{
	size_t at = build_open(b, 0x0a0d0d0a);

	build_u32(b, 0x1a2b3c4d);
	build_u16(b, 1);
	build_u16(b, 0);
	build_u64(b, (uint64_t)section_length);
	build_close(b);
	return at;
}

/* An Ethernet interface description up to its options. */
static inline size_t build_idb_open(struct build *b)
{
	size_t at = build_open(b, 1);

	build_u16(b, 1);
	build_u16(b, 0);
	build_u32(b, 262144);
	return at;
}

static inline size_t build_idb(struct build *b, const char *name, uint8_t tsresol)
{
	size_t at = build_idb_open(b);

	build_option(b, 2, name, (uint16_t)strlen(name));
	build_option(b, 9, &tsresol, 1);
	build_option(b, 0, "", 0);
	build_close(b);
	return at;
}

/* A packet up to its options; byte i of the data is i. */
static inline size_t build_epb_open(
	struct build *b, uint32_t interface, uint64_t stamp, uint32_t captured, uint32_t original)
{
	size_t at = build_open(b, 6);

	build_u32(b, interface);
	build_u32(b, stamp >> 32);
	build_u32(b, stamp & UINT32_MAX);
	build_u32(b, captured);
	build_u32(b, original);
	CU_ASSERT_FATAL(captured <= BUILD_SIZE - b->len);
	for (uint32_t i = 0; i < captured; i++)
		b->data[b->len++] = (uint8_t)i;
	build_pad(b);
	return at;
}

static inline size_t build_epb(
	struct build *b, uint32_t interface, uint64_t stamp, uint32_t captured, uint32_t original)
{
	size_t at = build_epb_open(b, interface, stamp, captured, original);

	build_close(b);
	return at;
}

#endif
