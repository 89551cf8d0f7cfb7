/* SPDX-License-Identifier: BSD-3-Clause */
#include "ports/pcapng.h"

#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Collects what a writer writes; after `room` bytes the disk is full. */
struct sink {
	uint8_t *data;
	size_t len, room, chunk;
	unsigned int writes;
};

static ssize_t sink_write(void *context, const void *buf, size_t len)
{
	struct sink *s = context;

	if (s->chunk != 0 && s->writes++ % 2 == 0) {
		errno = EINTR;
		return -1;
	}
	if (s->chunk != 0 && len > s->chunk)
		len = s->chunk;
	if (len > s->room - s->len)
		len = s->room - s->len;
	if (len == 0) {
		errno = ENOSPC;
		return -1;
	}
	memcpy(s->data + s->len, buf, len);
	s->len += len;
	return (ssize_t)len;
}

static struct sink new_sink(size_t room)
{
	struct sink s = {.data = malloc(room + 1), .room = room};

	CU_ASSERT_PTR_NOT_NULL_FATAL(s.data);
	return s;
}

static struct pcapng_writer *new_writer(struct sink *s)
{
	struct pcapng_error err;
	struct pcapng_writer *w = pcapng_writer_create(sink_write, s, &err);

	CU_ASSERT_PTR_NOT_NULL_FATAL(w);
	CU_ASSERT_EQUAL(err.kind, PCAPNG_OK);
	return w;
}

/* One section header, interfaces "ge-0/0/0" and "xe", a packet of five bytes in two pieces. */
/* clang-format off */
static const uint8_t golden[] = {
	/* section header */
	0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0,
	0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 28, 0, 0, 0,
	/* interface description */
	1, 0, 0, 0, 44, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0,
	2, 0, 8, 0, 'g', 'e', '-', '0', '/', '0', '/', '0',
	9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0, 44, 0, 0, 0,
	1, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0,
	2, 0, 2, 0, 'x', 'e', 0, 0,
	9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0, 40, 0, 0, 0,
	/* enhanced packet */
	6, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0,
	0x04, 0x03, 0x02, 0x01, 0x08, 0x07, 0x06, 0x05,
	5, 0, 0, 0, 5, 0, 0, 0, 1, 2, 3, 4, 5, 0, 0, 0, 40, 0, 0, 0,
};
/* clang-format on */

static void write_golden(struct pcapng_writer *w)
{
	struct iovec pieces[2] = {
		{.iov_base = (uint8_t[]){1, 2, 3}, .iov_len = 3},
		{.iov_base = (uint8_t[]){4, 5}, .iov_len = 2},
	};
	struct pcapng_error err = {0};

	CU_ASSERT_EQUAL(pcapng_write_interface(w, "ge-0/0/0", &err), 0);
	CU_ASSERT_EQUAL(pcapng_write_interface(w, "xe", &err), 0);
	CU_ASSERT_EQUAL(pcapng_write_packet(w, 1, 0x0102030405060708, pieces, 2, &err), 0);
	CU_ASSERT_EQUAL(pcapng_writer_close(w, &err), 0);
	CU_ASSERT_STRING_EQUAL(err.text, "");
}

static void bytes_are_fixed(void)
{
	for (size_t chunk = 0; chunk < 20; chunk++) {
		struct sink s = new_sink(1000);

		s.chunk = chunk;
		write_golden(new_writer(&s));
		CU_ASSERT_EQUAL(s.len, sizeof golden);
		CU_ASSERT_EQUAL(memcmp(s.data, golden, sizeof golden), 0);
		free(s.data);
	}
}

static void file_has_the_bytes(void)
{
	char path[] = "/tmp/vex-pcapng-XXXXXX";
	uint8_t bytes[sizeof golden + 1];
	struct pcapng_error err;
	int fd = mkstemp(path);

	CU_ASSERT_FATAL(fd >= 0);
	/* Longer than what will be written over it. */
	CU_ASSERT_EQUAL(ftruncate(fd, 4096), 0);
	write_golden(pcapng_writer_open(path, &err));
	CU_ASSERT_EQUAL(pread(fd, bytes, sizeof bytes, 0), (ssize_t)sizeof golden);
	CU_ASSERT_EQUAL(memcmp(bytes, golden, sizeof golden), 0);
	close(fd);
	unlink(path);
}

struct memory {
	const struct sink *s;
	size_t pos;
};

static ssize_t memory_read(void *context, void *buf, size_t len)
{
	struct memory *m = context;
	size_t n = m->s->len - m->pos < len ? m->s->len - m->pos : len;

	memcpy(buf, m->s->data + m->pos, n);
	m->pos += n;
	return (ssize_t)n;
}

/* Packet k of the round trip: its size, and how much of it is in the first piece. */
static size_t trip_size(unsigned int k)
{
	return k % 100 == 99 ? PCAPNG_PACKET_MAX - k : 1 + k * 7 % 1600;
}

static void round_trip(void)
{
	enum {
		N = 3000
	};
	static uint8_t bytes[PCAPNG_PACKET_MAX];
	struct sink s = new_sink(32 * 1024 * 1024);
	struct pcapng_writer *w = new_writer(&s);
	struct memory m = {.s = &s};
	struct pcapng_reader *r;
	struct pcapng_packet p;
	struct pcapng_error err = {0};
	unsigned int bad = 0;

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)(i * 31 >> 3);
	CU_ASSERT_EQUAL(pcapng_write_interface(w, "ge-0/0/0", &err), 0);
	CU_ASSERT_EQUAL(pcapng_write_interface(w, "ge-0/0/1", &err), 0);
	for (unsigned int k = 0; k < N; k++) {
		size_t n = trip_size(k), first = n * (k % 5) / 4;
		struct iovec pieces[2] = {{bytes, first}, {bytes + first, n - first}};

		bad += pcapng_write_packet(w, k % 2, k * UINT64_C(6148914691236517), pieces,
			       first == n ? 1 : 2, &err) != 0;
	}
	CU_ASSERT_EQUAL(pcapng_writer_close(w, &err), 0);

	r = pcapng_reader_create(memory_read, &m, &err);
	CU_ASSERT_PTR_NOT_NULL_FATAL(r);
	for (unsigned int k = 0; k < N; k++) {
		bad += pcapng_next(r, &p, &err) != 1 || p.interface != k % 2 ||
		       p.time_ns != k * UINT64_C(6148914691236517) || p.captured != trip_size(k) ||
		       p.original != p.captured || memcmp(p.data, bytes, p.captured) != 0;
	}
	CU_ASSERT_EQUAL(bad, 0);
	CU_ASSERT_EQUAL(pcapng_next(r, &p, &err), 0);
	CU_ASSERT_STRING_EQUAL(pcapng_interface(r, 1)->name, "ge-0/0/1");
	pcapng_reader_close(r);
	free(s.data);
}

static void check_argument(int rc, const struct pcapng_error *err, const char *text)
{
	CU_ASSERT_EQUAL(rc, -1);
	CU_ASSERT_EQUAL(err->kind, PCAPNG_ARGUMENT);
	CU_ASSERT_STRING_EQUAL(err->text, text);
}

static void wrong_arguments(void)
{
	static uint8_t bytes[PCAPNG_PACKET_MAX + 1];
	struct sink s = new_sink(4096), same = new_sink(4096);
	struct pcapng_writer *w = new_writer(&s);
	struct pcapng_error err;
	struct iovec none[2] = {{NULL, 0}, {NULL, 0}}, large = {bytes, sizeof bytes},
		     wrap[2] = {{bytes, SIZE_MAX}, {bytes, 61}};
	char name[PCAPNG_NAME_SIZE + 1];
	int rc;

	memset(name, 'x', sizeof name);
	name[PCAPNG_NAME_SIZE] = '\0';
	rc = pcapng_write_interface(w, name, &err);
	check_argument(rc, &err, "an interface name of 64 bytes, expected 1..63");
	rc = pcapng_write_interface(w, "", &err);
	check_argument(rc, &err, "an interface name of 0 bytes, expected 1..63");
	rc = pcapng_write_packet(w, 0, 1, none, 1, &err);
	check_argument(rc, &err, "a packet for interface 0, but 0 are described");

	CU_ASSERT_EQUAL(pcapng_write_interface(w, "ge-0/0/0", &err), 0);
	rc = pcapng_write_packet(w, 0, 1, none, 2, &err);
	check_argument(rc, &err, "a packet of 0 bytes, expected 1..262144");
	rc = pcapng_write_packet(w, 0, 1, none, 0, &err);
	check_argument(rc, &err, "a packet of 0 pieces, expected 1 or 2");
	rc = pcapng_write_packet(w, 0, 1, none, 3, &err);
	check_argument(rc, &err, "a packet of 3 pieces, expected 1 or 2");
	rc = pcapng_write_packet(w, 0, 1, &large, 1, &err);
	check_argument(rc, &err, "a packet of 262145 bytes, expected 1..262144");
	rc = pcapng_write_packet(w, 0, 1, wrap, 2, &err);
	check_argument(rc, &err, "a packet of 60 bytes, expected 1..262144");
	CU_ASSERT_EQUAL(pcapng_writer_close(w, &err), 0);

	/* None of it left a trace. */
	w = new_writer(&same);
	CU_ASSERT_EQUAL(pcapng_write_interface(w, "ge-0/0/0", &err), 0);
	CU_ASSERT_EQUAL(pcapng_writer_close(w, &err), 0);
	CU_ASSERT_EQUAL(s.len, same.len);
	CU_ASSERT_EQUAL(memcmp(s.data, same.data, s.len), 0);
	free(s.data);
	free(same.data);
}

static void many_interfaces(void)
{
	struct sink s = new_sink(1024 * 1024);
	struct pcapng_writer *w = new_writer(&s);
	struct pcapng_error err;
	unsigned int bad = 0;

	for (unsigned int i = 0; i < PCAPNG_INTERFACES_MAX; i++)
		bad += pcapng_write_interface(w, "ge-0/0/0", &err) != 0;
	CU_ASSERT_EQUAL(bad, 0);
	CU_ASSERT_EQUAL(pcapng_write_interface(w, "ge-0/0/0", &err), -1);
	CU_ASSERT_EQUAL(err.kind, PCAPNG_LIMIT);
	CU_ASSERT_STRING_EQUAL(err.text, "more than 16384 interfaces in one file");
	CU_ASSERT_EQUAL(pcapng_writer_close(w, &err), 0);
	free(s.data);
}

static void check_full(int rc, const struct pcapng_error *err)
{
	CU_ASSERT_EQUAL(rc, -1);
	CU_ASSERT_EQUAL(err->kind, PCAPNG_SYSTEM);
	CU_ASSERT_EQUAL(err->sys_errno, ENOSPC);
	CU_ASSERT_STRING_EQUAL(err->text, "cannot write: No space left on device");
}

static void full_disk(void)
{
	static uint8_t bytes[PCAPNG_PACKET_MAX];
	struct sink s = new_sink(1000000);
	struct pcapng_writer *w = new_writer(&s);
	struct iovec piece = {bytes, sizeof bytes};
	struct pcapng_error err = {0};
	int n = 0, rc = pcapng_write_interface(w, "ge-0/0/0", &err);

	while (rc == 0) {
		rc = pcapng_write_packet(w, 0, 1, &piece, 1, &err);
		n++;
	}
	CU_ASSERT_EQUAL(n, 7); /* the buffer holds three */
	check_full(rc, &err);
	/* For good, even if there is room again. */
	s.room++;
	memset(&err, 0, sizeof err);
	rc = pcapng_write_packet(w, 0, 1, &piece, 1, &err);
	check_full(rc, &err);
	memset(&err, 0, sizeof err);
	rc = pcapng_write_interface(w, "ge-0/0/1", &err);
	check_full(rc, &err);
	memset(&err, 0, sizeof err);
	rc = pcapng_writer_close(w, &err);
	check_full(rc, &err);
	free(s.data);
}

static void full_disk_at_close(void)
{
	struct pcapng_error err = {0};
	struct pcapng_writer *w = pcapng_writer_open("/dev/full", &err);
	int rc;

	CU_ASSERT_PTR_NOT_NULL_FATAL(w);
	CU_ASSERT_EQUAL(pcapng_write_interface(w, "ge-0/0/0", &err), 0);
	rc = pcapng_writer_close(w, &err);
	check_full(rc, &err);
}

static void cannot_create(void)
{
	struct pcapng_error err;

	CU_ASSERT_PTR_NULL(pcapng_writer_open("/nonexistent/out.pcapng", &err));
	CU_ASSERT_EQUAL(err.kind, PCAPNG_SYSTEM);
	CU_ASSERT_EQUAL(err.sys_errno, ENOENT);
	CU_ASSERT_STRING_EQUAL(err.text, "cannot create: No such file or directory");
	CU_ASSERT_EQUAL(pcapng_writer_close(NULL, &err), 0);
}

static const struct unit_case cases[] = {
	{"the same packets give these bytes, however they are written out", bytes_are_fixed},
	{"a file is overwritten with these bytes", file_has_the_bytes},
	{"what is written reads back", round_trip},
	{"wrong arguments are refused and leave no trace", wrong_arguments},
	{"the number of interfaces is limited", many_interfaces},
	{"a full disk is reported and final", full_disk},
	{"a full disk is reported by the close", full_disk_at_close},
	{"a file that cannot be created is reported", cannot_create},
};

const struct unit_suite pcapng_write_suite = {
	.name = "pcapng_write",
	.cases = cases,
	.n = UNIT_N(cases),
};
