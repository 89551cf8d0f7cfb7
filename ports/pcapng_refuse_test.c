/* SPDX-License-Identifier: BSD-3-Clause */
/* What the pcapng reader refuses: each message once, word for word. */
#include "ports/pcapng.h"

#include "ports/pcapng_build.h"

#include <stdio.h>
#include <stdlib.h>

struct bench {
	struct build *b;
	struct source s;
};

static struct bench new_bench(void)
{
	struct bench t = {.b = calloc(1, sizeof *t.b)};

	CU_ASSERT_PTR_NOT_NULL_FATAL(t.b);
	t.s.b = t.b;
	return t;
}

/* Read to the end, which has to be this error. Frees the build. */
static void refused(struct bench t, enum pcapng_error_kind kind, uint64_t block, uint64_t offset,
	const char *text)
{
	struct pcapng_error err = {0}, again = {0};
	struct pcapng_reader *r = pcapng_reader_create(source_read, &t.s, &err);
	struct pcapng_packet p;
	int rc;

	CU_ASSERT_PTR_NOT_NULL_FATAL(r);
	while ((rc = pcapng_next(r, &p, &err)) == 1)
		;
	CU_ASSERT_EQUAL(rc, -1);
	CU_ASSERT_EQUAL(err.kind, kind);
	CU_ASSERT_EQUAL(err.block, block);
	CU_ASSERT_EQUAL(err.offset, offset);
	CU_ASSERT_STRING_EQUAL(err.text, text);
	CU_ASSERT_EQUAL(pcapng_next(r, &p, &again), -1);
	CU_ASSERT_STRING_EQUAL(again.text, err.text);
	pcapng_reader_close(r);
	free(t.b);
}

/* A section header and one interface: 28 + 44 bytes. */
static struct bench with_interface(void)
{
	struct bench t = new_bench();

	build_shb(t.b, -1);
	build_idb(t.b, "ge-0/0/0", 9);
	return t;
}

static void raw(const void *bytes, size_t n, const char *text)
{
	struct bench t = new_bench();

	build_bytes(t.b, bytes, n);
	refused(t, PCAPNG_NOT_PCAPNG, 1, 0, text);
}

#define CLASSIC                                                                                   \
	"block 1 at offset 0: classic pcap, which does not name its ports; write pcapng with an " \
	"if_name for each interface (`editcap -F pcapng` converts, but adds no if_name)"

static void other_formats(void)
{
	raw("", 0, "block 1 at offset 0: the file is empty, expected a section header");
	raw("\n\r\r\n\0\0\0", 7,
		"block 1 at offset 0: the file has only 7 bytes, expected a section header of at "
		"least 28");
	raw("\xa1\xb2\xc3\xd4\0\2\0\4", 8, CLASSIC);
	raw("\xd4\xc3\xb2\xa1\2\0\4\0", 8, CLASSIC);
	raw("\xa1\xb2\x3c\x4d\0\2\0\4", 8, CLASSIC);
	raw("\x4d\x3c\xb2\xa1\2\0\4\0", 8, CLASSIC);
	raw("\x1f\x8b\x08\0\0\0\0\0", 8,
		"block 1 at offset 0: the file is compressed; uncompress it first");
	raw("\x28\xb5\x2f\xfd\0\0\0\0", 8,
		"block 1 at offset 0: the file is compressed; uncompress it first");
	raw("\x04\x22\x4d\x18\0\0\0\0", 8,
		"block 1 at offset 0: the file is compressed; uncompress it first");
	raw("snoop\0\0\0", 8,
		"block 1 at offset 0: not a pcapng file: it starts with 736e6f6f, expected "
		"0a0d0d0a");
}

static void section_headers(void)
{
	struct bench t = new_bench();

	build_shb(t.b, -1);
	build_patch32(t.b, 8, 0x01020304);
	refused(t, PCAPNG_DAMAGED, 1, 0,
		"block 1 at offset 0: byte-order magic 01020304, expected 1a2b3c4d in either "
		"order");

	t = new_bench();
	build_shb(t.b, -1);
	build_patch32(t.b, 12, 2);
	refused(t, PCAPNG_UNSUPPORTED, 1, 0,
		"block 1 at offset 0: pcapng version 2.0, expected 1.0 or 1.2");

	t = new_bench();
	build_shb(t.b, -2);
	refused(t, PCAPNG_DAMAGED, 1, 0,
		"block 1 at offset 0: section length -2, expected a multiple of 4 or -1");

	t = new_bench();
	build_shb(t.b, 6);
	refused(t, PCAPNG_DAMAGED, 1, 0,
		"block 1 at offset 0: section length 6, expected a multiple of 4 or -1");

	t = new_bench();
	build_shb(t.b, -1);
	build_patch32(t.b, 4, 24);
	refused(t, PCAPNG_DAMAGED, 1, 0,
		"block 1 at offset 0: block length 24, expected at least 28");

	t = new_bench();
	build_shb(t.b, -1);
	build_patch32(t.b, 24, 32);
	refused(t, PCAPNG_DAMAGED, 1, 0,
		"block 1 at offset 0: the block starts with length 28 and ends with length 32, "
		"expected twice the same");
}

static void section_lengths(void)
{
	struct bench t = new_bench();

	build_shb(t.b, 44);
	build_idb(t.b, "ge-0/0/0", 9);
	build_epb(t.b, 0, 1, 60, 60);
	refused(t, PCAPNG_DAMAGED, 3, 72,
		"block 3 at offset 72: block length 92, but its section ends after 0 bytes");

	t = new_bench();
	build_shb(t.b, 40);
	build_idb(t.b, "ge-0/0/0", 9);
	refused(t, PCAPNG_DAMAGED, 2, 28,
		"block 2 at offset 28: block length 44, but its section ends after 40 bytes");

	t = new_bench();
	build_shb(t.b, 48);
	build_idb(t.b, "ge-0/0/0", 9);
	build_shb(t.b, -1);
	refused(t, PCAPNG_DAMAGED, 3, 72,
		"block 3 at offset 72: a section header 4 bytes before the end of the section");

	t = new_bench();
	build_shb(t.b, 48);
	build_idb(t.b, "ge-0/0/0", 9);
	refused(t, PCAPNG_TRUNCATED, 3, 72,
		"block 3 at offset 72: the file ends 4 bytes before the end of the section");
}

static void block_lengths(void)
{
	struct bench t = with_interface();
	size_t at = build_epb(t.b, 0, 1, 60, 60);

	build_patch32(t.b, at + 4, 28);
	refused(t, PCAPNG_DAMAGED, 3, 72,
		"block 3 at offset 72: block length 28, expected at least 32");

	t = with_interface();
	at = build_epb(t.b, 0, 1, 60, 60);
	build_patch32(t.b, at + 4, 91);
	refused(t, PCAPNG_DAMAGED, 3, 72,
		"block 3 at offset 72: block length 91, expected a multiple of 4");

	t = with_interface();
	at = build_epb(t.b, 0, 1, 60, 60);
	build_patch32(t.b, at + 88, 0xfffffffc);
	refused(t, PCAPNG_DAMAGED, 3, 72,
		"block 3 at offset 72: the block starts with length 92 and ends with length "
		"4294967292, expected twice the same");

	t = with_interface();
	at = build_epb(t.b, 0, 1, 60, 60);
	build_patch32(t.b, at + 4, 524292);
	refused(t, PCAPNG_LIMIT, 3, 72,
		"block 3 at offset 72: block length 524292, packets and interfaces have at most "
		"524288 bytes");

	t = with_interface();
	build_open(t.b, 4);
	build_u32(t.b, 8);
	refused(t, PCAPNG_DAMAGED, 3, 72,
		"block 3 at offset 72: block length 0, expected at least 12");

	t = with_interface();
	build_open(t.b, 4);
	build_close(t.b);
	build_patch32(t.b, t.b->len - 4, 16);
	refused(t, PCAPNG_DAMAGED, 3, 72,
		"block 3 at offset 72: the block starts with length 12 and ends with length 16, "
		"expected twice the same");
}

static void truncated_files(void)
{
	struct bench t = with_interface();
	char text[128];

	build_epb(t.b, 0, 1, 60, 60);
	t.b->len = 72 + 5;
	refused(t, PCAPNG_TRUNCATED, 3, 72,
		"block 3 at offset 72: the file ends after 5 bytes of this block, expected at "
		"least "
		"12");

	for (size_t cut = 8; cut < 92; cut++) {
		t = with_interface();
		build_epb(t.b, 0, 1, 60, 60);
		t.b->len = 72 + cut;
		snprintf(text, sizeof text,
			"block 3 at offset 72: the file ends after %zu of the 92 bytes of this "
			"block",
			cut);
		refused(t, PCAPNG_TRUNCATED, 3, 72, text);
	}

	/* An unknown block, which is not buffered. */
	t = with_interface();
	build_open(t.b, 4);
	t.b->len += 2000000;
	build_close(t.b);
	t.b->len -= 2;
	refused(t, PCAPNG_TRUNCATED, 3, 72,
		"block 3 at offset 72: the file ends after 2000010 of the 2000012 bytes of this "
		"block");

	t = new_bench();
	build_shb(t.b, -1);
	t.b->len = 20;
	refused(t, PCAPNG_TRUNCATED, 1, 0,
		"block 1 at offset 0: the file ends after 20 of the 28 bytes of this block");
}

/* An interface description with one option. */
static struct bench with_option(uint16_t code, const void *value, uint16_t n)
{
	struct bench t = new_bench();

	build_shb(t.b, -1);
	build_idb_open(t.b);
	build_option(t.b, code, value, n);
	build_close(t.b);
	return t;
}

static void interfaces(void)
{
	struct bench t = new_bench();
	size_t at;

	build_shb(t.b, -1);
	at = build_idb(t.b, "ge-0/0/0", 9);
	build_patch32(t.b, at + 8, 113);
	refused(t, PCAPNG_UNSUPPORTED, 2, 28,
		"block 2 at offset 28: link type 113, expected 1 (Ethernet)");

	refused(with_option(3, "x", 1), PCAPNG_UNSUPPORTED, 2, 28,
		"block 2 at offset 28: interface 0 has no if_name, expected the name of a port");
	refused(with_option(2, "", 0), PCAPNG_UNSUPPORTED, 2, 28,
		"block 2 at offset 28: if_name is empty, expected the name of a port");
	refused(with_option(2, "\0ge", 3), PCAPNG_UNSUPPORTED, 2, 28,
		"block 2 at offset 28: if_name is empty, expected the name of a port");
	refused(with_option(2, "ge\033[2J", 6), PCAPNG_UNSUPPORTED, 2, 28,
		"block 2 at offset 28: if_name has the control character 1b, expected the name of "
		"a port");
	refused(with_option(
			2, "0123456789012345678901234567890123456789012345678901234567890123", 64),
		PCAPNG_LIMIT, 2, 28,
		"block 2 at offset 28: if_name has 64 bytes, expected at most 63");
	refused(with_option(9, "\6\6", 2), PCAPNG_DAMAGED, 2, 28,
		"block 2 at offset 28: option if_tsresol has length 2, expected 1");
	refused(with_option(14, "\0\0\0\0", 4), PCAPNG_DAMAGED, 2, 28,
		"block 2 at offset 28: option if_tsoffset has length 4, expected 8");
	refused(with_option(13, "", 0), PCAPNG_DAMAGED, 2, 28,
		"block 2 at offset 28: option if_fcslen has length 0, expected 1");
	refused(with_option(13, "\4", 1), PCAPNG_UNSUPPORTED, 2, 28,
		"block 2 at offset 28: if_fcslen is 4, expected 0: frames carry no FCS here; "
		"capture without it");

	t = new_bench();
	build_shb(t.b, -1);
	build_idb_open(t.b);
	build_option(t.b, 2, "ge-0/0/0", 8);
	build_option(t.b, 2, "ge-0/0/1", 8);
	build_close(t.b);
	refused(t, PCAPNG_DAMAGED, 2, 28,
		"block 2 at offset 28: two if_name options, expected one");

	t = new_bench();
	build_shb(t.b, -1);
	build_idb_open(t.b);
	build_u16(t.b, 2);
	build_u16(t.b, 9);
	build_bytes(t.b, "ge-0/0/0", 8);
	build_close(t.b);
	refused(t, PCAPNG_DAMAGED, 2, 28,
		"block 2 at offset 28: option 2 has length 9, but the block has 8 bytes left");
}

static void too_many_interfaces(void)
{
	struct bench t = new_bench();

	build_shb(t.b, -1);
	for (unsigned int i = 0; i <= PCAPNG_INTERFACES_MAX; i++)
		build_idb(t.b, "ge-0/0/0", 9);
	refused(t, PCAPNG_LIMIT, 2 + PCAPNG_INTERFACES_MAX, 28 + 44 * PCAPNG_INTERFACES_MAX,
		"block 16386 at offset 720924: more than 16384 interfaces in one file");
}

static void packets(void)
{
	struct bench t = with_interface();
	size_t at;

	build_epb(t.b, 1, 1, 60, 60);
	refused(t, PCAPNG_DAMAGED, 3, 72,
		"block 3 at offset 72: a packet of interface 1, but this section has described 1 "
		"so "
		"far");

	/* Interfaces of an earlier section do not count. */
	t = with_interface();
	build_shb(t.b, -1);
	build_epb(t.b, 0, 1, 60, 60);
	refused(t, PCAPNG_DAMAGED, 4, 100,
		"block 4 at offset 100: a packet of interface 0, but this section has described 0 "
		"so far");

	t = with_interface();
	build_epb(t.b, 0, 1, 262145, 262145);
	refused(t, PCAPNG_LIMIT, 3, 72,
		"block 3 at offset 72: captured length 262145, expected at most 262144");

	t = with_interface();
	at = build_epb(t.b, 0, 1, 60, 100);
	build_patch32(t.b, at + 20, 61);
	refused(t, PCAPNG_DAMAGED, 3, 72,
		"block 3 at offset 72: captured length 61, but the block has 60 bytes left");

	t = with_interface();
	build_epb(t.b, 0, 1, 60, 59);
	refused(t, PCAPNG_DAMAGED, 3, 72,
		"block 3 at offset 72: original length 59, expected at least the captured length "
		"60 "
		"and at least 1");

	t = with_interface();
	build_epb(t.b, 0, 1, 0, 0);
	refused(t, PCAPNG_DAMAGED, 3, 72,
		"block 3 at offset 72: original length 0, expected at least the captured length 0 "
		"and at least 1");
}

static void packet_options(void)
{
	struct bench t = with_interface();

	build_epb_open(t.b, 0, 1, 60, 60);
	build_u16(t.b, 2);
	build_u16(t.b, 4);
	build_u32(t.b, 4 << 5);
	build_close(t.b);
	refused(t, PCAPNG_UNSUPPORTED, 3, 72,
		"block 3 at offset 72: epb_flags has FCS length 4, expected 0: frames carry no FCS "
		"here; capture without it");

	t = with_interface();
	build_epb_open(t.b, 0, 1, 60, 60);
	build_option(t.b, 2, "\0\0\0\0\0", 5);
	build_close(t.b);
	refused(t, PCAPNG_DAMAGED, 3, 72,
		"block 3 at offset 72: option epb_flags has length 5, expected 4");

	t = with_interface();
	build_epb_open(t.b, 0, 1, 60, 60);
	build_u16(t.b, 1);
	build_u16(t.b, 1);
	build_close(t.b);
	refused(t, PCAPNG_DAMAGED, 3, 72,
		"block 3 at offset 72: option 1 has length 1, but the block has 0 bytes left");
}

static void stamp_refused(uint8_t tsresol, int64_t tsoffset, uint64_t stamp)
{
	struct bench t = new_bench();
	char text[128];

	build_shb(t.b, -1);
	build_idb_open(t.b);
	build_option(t.b, 2, "ge-0/0/0", 8);
	build_option(t.b, 9, &tsresol, 1);
	build_u16(t.b, 14);
	build_u16(t.b, 8);
	build_u64(t.b, (uint64_t)tsoffset);
	build_close(t.b);
	build_epb(t.b, 0, stamp, 60, 60);
	snprintf(text, sizeof text,
		"block 3 at offset 80: time stamp %llu of ge-0/0/0 is not between the years 1970 "
		"and 2554",
		(unsigned long long)stamp);
	refused(t, PCAPNG_DAMAGED, 3, 80, text);
}

static void stamps_out_of_range(void)
{
	stamp_refused(0, 0, 18446744074);
	stamp_refused(8, 0, UINT64_MAX / 10 + 1);
	stamp_refused(0x80, 0, UINT64_MAX);
	stamp_refused(0x80 + 29, 0, UINT64_MAX);
	stamp_refused(9, -1, 999999999);
	stamp_refused(9, 1, UINT64_MAX);
	stamp_refused(9, INT64_MIN, UINT64_MAX);
	stamp_refused(127, INT64_MAX, 0);
}

static void packet_blocks_without_stamp(void)
{
	struct bench t = with_interface();

	build_open(t.b, 3);
	build_u32(t.b, 4);
	build_u32(t.b, 0);
	build_close(t.b);
	refused(t, PCAPNG_UNSUPPORTED, 3, 72,
		"block 3 at offset 72: a simple packet block, which has no time stamp; capture "
		"with "
		"enhanced packet blocks (dumpcap does)");

	t = with_interface();
	build_open(t.b, 2);
	build_close(t.b);
	refused(t, PCAPNG_UNSUPPORTED, 3, 72,
		"block 3 at offset 72: an obsolete packet block; convert the file with `editcap -F "
		"pcapng IN OUT`");
}

static void system_calls(void)
{
	struct bench t = with_interface();
	struct pcapng_error err;
	struct pcapng_packet p;
	struct pcapng_reader *r;

	build_epb(t.b, 0, 1, 60, 60);
	t.s.fail_at = 72;
	t.s.chunk = 72;
	refused(t, PCAPNG_SYSTEM, 3, 72, "block 3 at offset 72: cannot read: Input/output error");

	CU_ASSERT_PTR_NULL(pcapng_reader_open("/nonexistent/in.pcapng", &err));
	CU_ASSERT_EQUAL(err.kind, PCAPNG_SYSTEM);
	CU_ASSERT_EQUAL(err.sys_errno, ENOENT);
	CU_ASSERT_STRING_EQUAL(err.text, "cannot open: No such file or directory");

	r = pcapng_reader_open("/", &err);
	CU_ASSERT_PTR_NOT_NULL_FATAL(r);
	CU_ASSERT_EQUAL(pcapng_next(r, &p, &err), -1);
	CU_ASSERT_EQUAL(err.sys_errno, EISDIR);
	CU_ASSERT_STRING_EQUAL(err.text, "block 1 at offset 0: cannot read: Is a directory");
	pcapng_reader_close(r);
}

static const struct unit_case cases[] = {
	{"other formats are refused with a hint", other_formats},
	{"damaged section headers are refused", section_headers},
	{"a section ends where its header says", section_lengths},
	{"damaged block lengths are refused", block_lengths},
	{"a file that ends inside a block is refused", truncated_files},
	{"interfaces that are no port are refused", interfaces},
	{"the number of interfaces is limited", too_many_interfaces},
	{"packets that contradict themselves are refused", packets},
	{"packet options are checked", packet_options},
	{"stamps outside 64-bit nanoseconds are refused", stamps_out_of_range},
	{"simple and obsolete packet blocks are refused with a hint", packet_blocks_without_stamp},
	{"failing system calls are reported", system_calls},
};

const struct unit_suite pcapng_refuse_suite = {
	.name = "pcapng_refuse",
	.cases = cases,
	.n = UNIT_N(cases),
};
