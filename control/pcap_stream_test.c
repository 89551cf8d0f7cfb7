/* SPDX-License-Identifier: BSD-3-Clause */
/* Frames out of a stream of pcap(5), in whatever pieces its bytes come. */
#include <stdlib.h>
#include <string.h>

#include "control/monitor_traffic.h"
#include "tests/unit/random.h"
#include "tests/unit/unit.h"

/* A file of two frames, of 3 and of 262,144 bytes, written by hand. */
#define BIG	 (1u << 18)
#define FILE_MAX (24 + 16 + 3 + 16 + BIG)

static void put32(uint8_t **to, uint32_t v)
{
	memcpy(*to, &v, 4);
	*to += 4;
}

static size_t make_file(uint8_t *file, uint32_t magic, uint32_t link)
{
	uint8_t *p = file;

	put32(&p, magic);
	put32(&p, 4u << 16 | 2); /* version 2.4 */
	put32(&p, 0);
	put32(&p, 0);
	put32(&p, BIG);
	put32(&p, link);
	put32(&p, 1700000000);
	put32(&p, 999999);
	put32(&p, 3);
	put32(&p, 60);
	memcpy(p, "abc", 3);
	p += 3;
	put32(&p, 4294967295u);
	put32(&p, 0);
	put32(&p, BIG);
	put32(&p, BIG);
	memset(p, 0x5a, BIG);
	p[BIG - 1] = 'z';
	return FILE_MAX;
}

/* Feeds the file in pieces of at most @most bytes; the frames that came, and that they are right. */
static unsigned int feed(struct pcap_stream *s, const uint8_t *file, size_t n, uint32_t most,
	uint64_t ns_of_first, uint64_t *seed)
{
	unsigned int frames = 0;
	struct pcap_frame f;

	for (size_t at = 0; at < n;) {
		size_t room, piece = 1 + random_below(seed, most);
		uint8_t *to = pcap_stream_room(s, &room);

		CU_ASSERT_FATAL(room > 0);
		piece = piece < room ? piece : room;
		piece = piece < n - at ? piece : n - at;
		memcpy(to, file + at, piece);
		s->n += piece;
		at += piece;
		while (pcap_stream_next(s, &f) == 1) {
			if (frames == 0) {
				CU_ASSERT(f.captured == 3 && f.original == 60);
				CU_ASSERT(memcmp(f.data, "abc", 3) == 0);
				CU_ASSERT_EQUAL(
					f.time_ns, UINT64_C(1700000000000000000) + ns_of_first);
			} else {
				CU_ASSERT(f.captured == BIG && f.data[0] == 0x5a);
				CU_ASSERT_EQUAL(f.data[BIG - 1], 'z');
				CU_ASSERT_EQUAL(f.time_ns, UINT64_C(4294967295000000000));
			}
			frames++;
		}
	}
	return frames;
}

static void pieces(void)
{
	static const uint32_t most[] = {1, 7, 1000, 1 << 20};
	struct pcap_stream *s = malloc(sizeof(*s));
	uint8_t *file = malloc(FILE_MAX);
	uint64_t seed = 0x5eed;

	CU_ASSERT_FATAL(s != NULL && file != NULL);
	for (size_t i = 0; i < UNIT_N(most); i++) {
		memset(s, 0, sizeof(*s));
		make_file(file, 0xa1b2c3d4, 1);
		CU_ASSERT_EQUAL(feed(s, file, FILE_MAX, most[i], 999999000, &seed), 2);
		memset(s, 0, sizeof(*s));
		make_file(file, 0xa1b23c4d, 1);
		CU_ASSERT_EQUAL(feed(s, file, FILE_MAX, most[i], 999999, &seed), 2);
	}
	free(file);
	free(s);
}

static int first_of(uint8_t *file, size_t n)
{
	struct pcap_stream *s = calloc(1, sizeof(*s));
	struct pcap_frame f;
	int rc;

	CU_ASSERT_FATAL(s != NULL);
	memcpy(s->buf, file, n);
	s->n = n;
	rc = pcap_stream_next(s, &f);
	free(s);
	return rc;
}

static void refused(void)
{
	uint8_t *file = malloc(FILE_MAX);
	uint32_t bad;

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	make_file(file, 0xa1b2c3d4, 1);
	CU_ASSERT_EQUAL(first_of(file, 43), 1);
	CU_ASSERT_EQUAL(first_of(file, 42), 0);
	CU_ASSERT_EQUAL(first_of(file, 39), 0);
	CU_ASSERT_EQUAL(first_of(file, 23), 0);
	/* Another order of bytes, another format, another link. */
	make_file(file, 0xd4c3b2a1, 1);
	CU_ASSERT_EQUAL(first_of(file, 43), -1);
	make_file(file, 0x0a0d0d0a, 1);
	CU_ASSERT_EQUAL(first_of(file, 43), -1);
	make_file(file, 0xa1b2c3d4, 113);
	CU_ASSERT_EQUAL(first_of(file, 43), -1);
	/* A record longer than any, one that holds more than there was, a second of 2 s. */
	make_file(file, 0xa1b2c3d4, 1);
	bad = BIG + 1;
	memcpy(file + 32, &bad, 4);
	CU_ASSERT_EQUAL(first_of(file, 43), -1);
	make_file(file, 0xa1b2c3d4, 1);
	bad = 2;
	memcpy(file + 36, &bad, 4);
	CU_ASSERT_EQUAL(first_of(file, 43), -1);
	make_file(file, 0xa1b2c3d4, 1);
	bad = 1000000;
	memcpy(file + 28, &bad, 4);
	CU_ASSERT_EQUAL(first_of(file, 43), -1);
	free(file);
}

static const struct unit_case cases[] = {
	{"frames come whole, in whatever pieces the bytes do", pieces},
	{"what is no pcap of Ethernet of this machine is refused", refused},
};

const struct unit_suite pcap_stream_suite = {
	.name = "pcap_stream", .cases = cases, .n = UNIT_N(cases)};
