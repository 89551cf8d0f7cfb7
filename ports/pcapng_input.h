/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pcapng_input: a buffer that slides over a pcapng file. Internal to the reader.
 *
 * The buffer holds the bytes [pos, end). A block that matters is in it as a whole before it is
 * looked at (pcapng_whole); any other is discarded piece by piece, so that its size does not
 * matter. Pointers into the buffer are good until the next call that may fill it: pcapng_have,
 * _need, _whole, _discard.
 *
 * Functions that return int give -1 after they have recorded the failure in r->failed.
 */
#ifndef VEX_PORTS_PCAPNG_INPUT_H
#define VEX_PORTS_PCAPNG_INPUT_H

#include "ports/pcapng.h"
#include "ports/pcapng_clock.h"

#include <byteswap.h>
#include <stdbool.h>
#include <string.h>

#define PCAPNG_BUFFER_SIZE (1024 * 1024)
_Static_assert(PCAPNG_BLOCK_MAX <= PCAPNG_BUFFER_SIZE, "a block is looked at as a whole");

/* Bytes of a block without a body: type and twice the length. */
#define PCAPNG_BLOCK_MIN 12

struct pcapng_described {
	struct pcapng_interface public;
	struct pcapng_clock clock;
};

struct pcapng_reader {
	pcapng_read_fn read;
	void *context;
	uint8_t *buf;
	size_t pos, end;
	uint64_t base; /* offset in the file of buf[0] */
	bool swap;     /* the section is of the other byte order than this machine */
	bool in_section;
	uint64_t section_end;	/* offset; UINT64_MAX if the header does not say */
	uint32_t section_first; /* interface 0 of this section */
	uint64_t block, offset; /* the block being read */
	uint32_t count, room;
	struct pcapng_described *interfaces;
	struct pcapng_error failed; /* kind PCAPNG_OK while all is well */
	int fd;			    /* what pcapng_reader_open() opened, or -1 */
};

/* One option of a block; the value is not terminated. */
struct pcapng_option {
	uint16_t code, length;
	const uint8_t *value;
};

/* Numbers in the byte order of the section, at any alignment. */
static inline uint16_t pcapng_get16(const struct pcapng_reader *r, const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof v);
	return r->swap ? bswap_16(v) : v;
}

static inline uint32_t pcapng_get32(const struct pcapng_reader *r, const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof v);
	return r->swap ? bswap_32(v) : v;
}

static inline uint64_t pcapng_get64(const struct pcapng_reader *r, const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof v);
	return r->swap ? bswap_64(v) : v;
}

/* Record why reading ends here, with block and offset in front; returns -1. */
int pcapng_fail(struct pcapng_reader *r, enum pcapng_error_kind kind, const char *format, ...)
	__attribute__((cold, format(printf, 3, 4)));

/* The slow half of pcapng_have(). */
int pcapng_fill(struct pcapng_reader *r, size_t n);

/* Have at least n bytes at pos, n at most PCAPNG_BUFFER_SIZE. Returns 1; 0 if the file ends before
 * that; -1 if reading failed. */
static inline int pcapng_have(struct pcapng_reader *r, size_t n)
{
	return __builtin_expect(r->end - r->pos >= n, 1) ? 1 : pcapng_fill(r, n);
}

/* Have n bytes at pos, which belong to a block of `length` bytes. Returns 0. */
int pcapng_need(struct pcapng_reader *r, size_t n, uint32_t length);

/* Check a block length against its least value, alignment and the end of the section. Returns 0. */
int pcapng_check_length(struct pcapng_reader *r, uint32_t length, uint32_t min);

/* Have a whole block, one that is looked into, at pos. Returns 0. */
int pcapng_whole(struct pcapng_reader *r, uint32_t length, uint32_t min);

/* Compare the length at the end of the block with that at its start, and step over the block.
 * Returns 0. */
int pcapng_finish(struct pcapng_reader *r, const uint8_t *trailer, uint32_t length);

/* Step over the rest of a block of any size, of which `done` bytes have been looked at. Returns 0. */
int pcapng_discard(struct pcapng_reader *r, uint32_t length, uint32_t done);

/*
 * The option at *p (section 3.5 of the draft) in a list that ends at `end`; steps *p over it.
 * Returns 1; 0 at the end of the list, with or without opt_endofopt.
 */
int pcapng_next_option(
	struct pcapng_reader *r, const uint8_t **p, const uint8_t *end, struct pcapng_option *o);

/* Check that an option has the length that its name demands. Returns 0. */
int pcapng_option_length(struct pcapng_reader *r, const char *name, const struct pcapng_option *o,
	unsigned int expected);

#endif
