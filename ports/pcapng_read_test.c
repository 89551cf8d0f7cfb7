/* SPDX-License-Identifier: BSD-3-Clause */
/* What the pcapng reader accepts; what it refuses is in pcapng_refuse_test.c. */
#include "ports/pcapng.h"

#include "ports/pcapng_build.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct build *new_build(void)
{
	struct build *b = calloc(1, sizeof *b);

	CU_ASSERT_PTR_NOT_NULL_FATAL(b);
	return b;
}

static struct pcapng_reader *new_reader(struct source *s)
{
	struct pcapng_error err;
	struct pcapng_reader *r = pcapng_reader_create(source_read, s, &err);

	CU_ASSERT_PTR_NOT_NULL_FATAL(r);
	CU_ASSERT_EQUAL(err.kind, PCAPNG_OK);
	return r;
}

static struct pcapng_packet next(struct pcapng_reader *r)
{
	struct pcapng_packet p = {0};
	struct pcapng_error err = {0};

	CU_ASSERT_EQUAL(pcapng_next(r, &p, &err), 1);
	CU_ASSERT_STRING_EQUAL(err.text, "");
	return p;
}

static void expect_end(struct pcapng_reader *r)
{
	struct pcapng_packet p;
	struct pcapng_error err = {0};

	CU_ASSERT_EQUAL(pcapng_next(r, &p, &err), 0);
	CU_ASSERT_EQUAL(pcapng_next(r, &p, &err), 0);
	CU_ASSERT_STRING_EQUAL(err.text, "");
}

/* Two interfaces, packets of both, a description after the first packet. */
static void build_ordinary(struct build *b)
{
	build_shb(b, -1);
	build_idb(b, "ge-0/0/0", 9);
	build_epb(b, 0, 1700000000000000001, 61, 61);
	build_idb(b, "ge-0/0/1", 6);
	build_epb(b, 1, 1700000000000002, 1, 1);
	build_epb(b, 0, 5, 4, 1500);
}

static void check_ordinary(struct pcapng_reader *r)
{
	struct pcapng_packet p = next(r);

	CU_ASSERT_EQUAL(pcapng_interface_count(r), 1);
	CU_ASSERT_EQUAL(p.interface, 0);
	CU_ASSERT_EQUAL(p.time_ns, 1700000000000000001);
	CU_ASSERT_EQUAL(p.captured, 61);
	CU_ASSERT_EQUAL(p.original, 61);
	for (unsigned int i = 0; i < 61; i++)
		CU_ASSERT_EQUAL(p.data[i], i);
	CU_ASSERT_EQUAL(p.block, 3);
	CU_ASSERT_EQUAL(p.offset, 28 + 44);
	CU_ASSERT_STRING_EQUAL(pcapng_interface(r, 0)->name, "ge-0/0/0");
	CU_ASSERT_EQUAL(pcapng_interface(r, 0)->snaplen, 262144);
	CU_ASSERT_EQUAL(pcapng_interface(r, 0)->block, 2);
	CU_ASSERT_EQUAL(pcapng_interface(r, 0)->offset, 28);
	CU_ASSERT_PTR_NULL(pcapng_interface(r, 1));

	p = next(r);
	CU_ASSERT_EQUAL(p.interface, 1);
	CU_ASSERT_EQUAL(p.time_ns, 1700000000000002000);
	CU_ASSERT_EQUAL(p.captured, 1);
	CU_ASSERT_STRING_EQUAL(pcapng_interface(r, 1)->name, "ge-0/0/1");

	p = next(r);
	CU_ASSERT_EQUAL(p.interface, 0);
	CU_ASSERT_EQUAL(p.time_ns, 5);
	CU_ASSERT_EQUAL(p.captured, 4);
	CU_ASSERT_EQUAL(p.original, 1500);
	expect_end(r);
}

static void both_byte_orders(void)
{
	for (int big = 0; big < 2; big++) {
		struct build *b = new_build();
		struct source s = {.b = b};
		struct pcapng_reader *r = new_reader(&s);

		b->big = big;
		build_ordinary(b);
		check_ordinary(r);
		pcapng_reader_close(r);
		free(b);
	}
	pcapng_reader_close(NULL);
}

static void any_chunks(void)
{
	struct build *b = new_build();

	build_ordinary(b);
	for (size_t chunk = 1; chunk < 70; chunk++) {
		struct source s = {.b = b, .chunk = chunk, .interrupt = chunk % 2};
		struct pcapng_reader *r = new_reader(&s);

		check_ordinary(r);
		pcapng_reader_close(r);
	}
	free(b);
}

static void sections(void)
{
	struct build *b = new_build();
	struct source s = {.b = b};
	struct pcapng_reader *r = new_reader(&s);
	struct pcapng_packet p;

	build_shb(b, -1);
	build_idb(b, "ge-0/0/0", 9);
	build_idb(b, "ge-0/0/1", 9);
	build_epb(b, 1, 1, 60, 60);
	b->big = true;
	build_shb(b, 44 + 92); /* the two blocks that follow */
	build_idb(b, "ge-0/0/2", 9);
	build_epb(b, 0, 2, 60, 60);
	b->big = false;
	build_shb(b, -1);
	build_idb(b, "ge-0/0/0", 6);
	build_epb(b, 0, 3, 60, 60);

	p = next(r);
	CU_ASSERT_EQUAL(p.interface, 1);
	p = next(r);
	CU_ASSERT_EQUAL(p.interface, 2);
	CU_ASSERT_EQUAL(p.time_ns, 2);
	CU_ASSERT_STRING_EQUAL(pcapng_interface(r, 2)->name, "ge-0/0/2");
	p = next(r);
	CU_ASSERT_EQUAL(p.interface, 3);
	CU_ASSERT_EQUAL(p.time_ns, 3000);
	CU_ASSERT_STRING_EQUAL(pcapng_interface(r, 3)->name, "ge-0/0/0");
	expect_end(r);
	CU_ASSERT_EQUAL(pcapng_interface_count(r), 4);
	pcapng_reader_close(r);
	free(b);
}

static void section_length_at_end_of_file(void)
{
	struct build *b = new_build();
	struct source s = {.b = b};
	struct pcapng_reader *r = new_reader(&s);

	build_shb(b, 44);
	build_idb(b, "ge-0/0/0", 9);
	expect_end(r);
	CU_ASSERT_EQUAL(pcapng_interface_count(r), 1);
	pcapng_reader_close(r);
	free(b);
}

static void section_length_0_is_unknown(void)
{
	struct build *b = new_build();
	struct source s = {.b = b};
	struct pcapng_reader *r = new_reader(&s);

	build_shb(b, 0);
	build_shb(b, 0);
	build_idb(b, "ge-0/0/0", 9);
	build_epb(b, 0, 1, 60, 60);
	CU_ASSERT_EQUAL(next(r).captured, 60);
	expect_end(r);
	pcapng_reader_close(r);
	free(b);
}

/* One packet with this stamp on an interface with these options. */
static uint64_t time_of(int tsresol, int64_t tsoffset, uint64_t stamp)
{
	struct build *b = new_build();
	struct source s = {.b = b};
	struct pcapng_reader *r = new_reader(&s);
	uint64_t ns;

	build_shb(b, -1);
	build_idb_open(b);
	build_option(b, 2, "ge-0/0/0", 8);
	if (tsresol >= 0)
		build_option(b, 9, &(uint8_t){(uint8_t)tsresol}, 1);
	build_u16(b, 14);
	build_u16(b, 8);
	build_u64(b, (uint64_t)tsoffset);
	build_close(b);
	build_epb(b, 0, stamp, 60, 60);
	ns = next(r).time_ns;
	pcapng_reader_close(r);
	free(b);
	return ns;
}

static void time_resolutions(void)
{
	CU_ASSERT_EQUAL(time_of(-1, 0, 7), 7000);
	CU_ASSERT_EQUAL(time_of(0, 0, 7), 7000000000);
	CU_ASSERT_EQUAL(time_of(3, 0, 7), 7000000);
	CU_ASSERT_EQUAL(time_of(6, 0, 1), 1000);
	CU_ASSERT_EQUAL(time_of(9, 0, UINT64_MAX), UINT64_MAX);
	CU_ASSERT_EQUAL(time_of(12, 0, 1999), 1);
	CU_ASSERT_EQUAL(time_of(28, 0, UINT64_MAX), 1);
	CU_ASSERT_EQUAL(time_of(29, 0, UINT64_MAX), 0);
	CU_ASSERT_EQUAL(time_of(127, 0, UINT64_MAX), 0);
	CU_ASSERT_EQUAL(time_of(0x80, 0, 3), 3000000000);
	CU_ASSERT_EQUAL(time_of(0x80 + 1, 0, 3), 1500000000);
	CU_ASSERT_EQUAL(time_of(0x80 + 10, 0, 1), 976562);
	CU_ASSERT_EQUAL(time_of(0x80 + 32, 0, (1700000000ull << 32) + 1), 1700000000000000000);
	CU_ASSERT_EQUAL(time_of(0x80 + 64, 0, UINT64_MAX), 999999999);
	CU_ASSERT_EQUAL(time_of(0x80 + 127, 0, UINT64_MAX), 0);
}

static void time_offsets(void)
{
	CU_ASSERT_EQUAL(time_of(9, 1700000000, 5), 1700000000000000005);
	CU_ASSERT_EQUAL(time_of(6, -1, 1000001), 1000);
	CU_ASSERT_EQUAL(time_of(9, -1, 1000000000), 0);
	CU_ASSERT_EQUAL(time_of(0x81, 10, 1), 10500000000);
	CU_ASSERT_EQUAL(time_of(127, 3, UINT64_MAX), 3000000000);
	/* Far out of range in between, within it at the end. */
	CU_ASSERT_EQUAL(time_of(0, -99999999999, 100000000000), 1000000000);
}

static void unknown_blocks(void)
{
	static const uint32_t types[] = {0, 4, 5, 7, 9, 10, 0xbad, 0x40000bad, 0x80000006};
	struct build *b = new_build();

	build_shb(b, -1);
	build_idb(b, "ge-0/0/0", 9);
	for (unsigned int i = 0; i < UNIT_N(types); i++) {
		build_open(b, types[i]);
		for (unsigned int k = 0; k < i; k++)
			build_u32(b, 6);
		build_close(b);
	}
	/* Larger than the reader's buffer. */
	build_open(b, 4);
	b->len += 3 * 1024 * 1024;
	build_close(b);
	build_epb(b, 0, 1, 60, 60);

	for (size_t chunk = 0; chunk < 100000; chunk += 33333) {
		struct source s = {.b = b, .chunk = chunk};
		struct pcapng_reader *r = new_reader(&s);
		struct pcapng_packet p = next(r);

		CU_ASSERT_EQUAL(p.block, 2 + UNIT_N(types) + 2);
		CU_ASSERT_EQUAL(p.offset, b->len - 92);
		expect_end(r);
		pcapng_reader_close(r);
	}
	free(b);
}

static void unknown_options(void)
{
	struct build *b = new_build();
	struct source s = {.b = b};
	struct pcapng_reader *r = new_reader(&s);

	build_shb(b, -1);
	build_idb_open(b);
	build_option(b, 1, "a comment", 9);
	build_option(b, 3, "a description", 13);
	build_option(b, 13, "", 1);
	/* A name with its terminator, as some write it. */
	build_option(b, 2, "ge-0/0/0", 9);
	build_option(b, 2988, "custom", 6);
	build_option(b, 0, "", 0);
	/* After the end anything goes. */
	build_u32(b, 0xffffffff);
	build_close(b);
	build_epb_open(b, 0, 1, 3, 3);
	build_option(b, 1, "a comment", 9);
	/* Inbound, unicast, no FCS, an error bit. */
	build_u16(b, 2);
	build_u16(b, 4);
	build_u32(b, 0x80000005);
	build_close(b);

	CU_ASSERT_EQUAL(next(r).captured, 3);
	CU_ASSERT_STRING_EQUAL(pcapng_interface(r, 0)->name, "ge-0/0/0");
	expect_end(r);
	pcapng_reader_close(r);
	free(b);
}

static void sizes(void)
{
	static const uint32_t captured[] = {0, 1, 2, 3, 4, 14, 1514, 9216, 65535, 262143, 262144};
	struct build *b = new_build();
	struct source s = {.b = b, .chunk = 4096};
	struct pcapng_reader *r = new_reader(&s);

	build_shb(b, -1);
	build_idb(b, "ge-0/0/0", 6);
	for (unsigned int i = 0; i < UNIT_N(captured); i++)
		build_epb(b, 0, i, captured[i], captured[i] ? captured[i] : 60);
	build_epb(b, 0, 0, 60, UINT32_MAX);
	for (unsigned int i = 0; i < UNIT_N(captured); i++) {
		struct pcapng_packet p = next(r);

		CU_ASSERT_EQUAL(p.captured, captured[i]);
		CU_ASSERT_EQUAL(p.original, captured[i] ? captured[i] : 60);
		CU_ASSERT_EQUAL(p.time_ns, i * 1000);
		CU_ASSERT_PTR_NOT_NULL(p.data);
		if (captured[i] > 0)
			CU_ASSERT_EQUAL(p.data[captured[i] - 1], (uint8_t)(captured[i] - 1));
	}
	CU_ASSERT_EQUAL(next(r).original, UINT32_MAX);
	expect_end(r);
	pcapng_reader_close(r);
	free(b);
}

static void version_1_2(void)
{
	struct build *b = new_build();
	struct source s = {.b = b};
	struct pcapng_reader *r = new_reader(&s);
	size_t at = build_shb(b, -1);

	build_patch32(b, at + 12, 0x00020001);
	expect_end(r);
	CU_ASSERT_EQUAL(pcapng_interface_count(r), 0);
	pcapng_reader_close(r);
	free(b);
}

static void section_header_options(void)
{
	struct build *b = new_build();
	struct source s = {.b = b};
	struct pcapng_reader *r = new_reader(&s);

	build_open(b, 0x0a0d0d0a);
	build_u32(b, 0x1a2b3c4d);
	build_u16(b, 1);
	build_u16(b, 0);
	build_u64(b, UINT64_MAX);
	build_option(b, 4, "an application", 14);
	build_option(b, 0, "", 0);
	build_close(b);
	build_idb(b, "ge-0/0/0", 9);
	build_epb(b, 0, 1, 60, 60);
	next(r);
	expect_end(r);
	pcapng_reader_close(r);
	free(b);
}

static void files_and_pipes(void)
{
	char path[] = "/tmp/vex-pcapng-XXXXXX", pipe_path[32];
	struct build *b = new_build();
	struct pcapng_reader *r;
	struct pcapng_error err;
	int fd = mkstemp(path), ends[2];

	CU_ASSERT_FATAL(fd >= 0);
	build_ordinary(b);
	CU_ASSERT_EQUAL(write(fd, b->data, b->len), (ssize_t)b->len);
	close(fd);
	r = pcapng_reader_open(path, &err);
	CU_ASSERT_PTR_NOT_NULL_FATAL(r);
	check_ordinary(r);
	pcapng_reader_close(r);
	unlink(path);

	CU_ASSERT_EQUAL_FATAL(pipe(ends), 0);
	CU_ASSERT_EQUAL(write(ends[1], b->data, b->len), (ssize_t)b->len);
	close(ends[1]);
	snprintf(pipe_path, sizeof pipe_path, "/dev/fd/%d", ends[0]);
	r = pcapng_reader_open(pipe_path, &err);
	CU_ASSERT_PTR_NOT_NULL_FATAL(r);
	check_ordinary(r);
	pcapng_reader_close(r);
	close(ends[0]);
	free(b);
}

static const struct unit_case cases[] = {
	{"either byte order reads the same", both_byte_orders},
	{"reads of any size, also interrupted, give the same", any_chunks},
	{"sections have their own interfaces and byte order", sections},
	{"a section length may end at the end of the file", section_length_at_end_of_file},
	{"section length 0 says as little as -1", section_length_0_is_unknown},
	{"stamps of any resolution become nanoseconds, rounded down", time_resolutions},
	{"if_tsoffset is added in seconds", time_offsets},
	{"unknown blocks of any size are skipped", unknown_blocks},
	{"unknown options are skipped", unknown_options},
	{"packets of 0 to 262144 captured bytes are read", sizes},
	{"version 1.2 is read", version_1_2},
	{"options of the section header are skipped", section_header_options},
	{"regular files and pipes read the same", files_and_pipes},
};

const struct unit_suite pcapng_read_suite = {
	.name = "pcapng_read",
	.cases = cases,
	.n = UNIT_N(cases),
};
