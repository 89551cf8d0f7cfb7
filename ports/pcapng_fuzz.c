/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fuzz entry of the pcapng reader. The first byte of the input chooses how many bytes a read
 * gives at most, the rest is the file. Whatever the file is:
 *   - the reader keeps to the promises of pcapng.h about packets, interfaces and errors;
 *   - it gives the same when everything comes in one read;
 *   - its packets, written by the writer, read back the same.
 */
#include "ports/pcapng.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct memory {
	const uint8_t *data;
	size_t len, pos, chunk;
};

struct sink {
	uint8_t *data;
	size_t len, room;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In all builds, also those without assert(). */
static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "pcapng_fuzz: does not hold: %s\n", what);
	abort();
}

static ssize_t memory_read(void *context, void *buf, size_t len)
{
	struct memory *m = context;
	size_t n = m->len - m->pos;

	if (n > len)
		n = len;
	if (n > m->chunk)
		n = m->chunk;
	memcpy(buf, m->data + m->pos, n);
	m->pos += n;
	return (ssize_t)n;
}

static ssize_t sink_write(void *context, const void *buf, size_t len)
{
	struct sink *s = context;

	if (len > s->room - s->len) {
		s->room = 2 * (s->len + len);
		s->data = realloc(s->data, s->room);
		must(s->data != NULL, "there is memory");
	}
	memcpy(s->data + s->len, buf, len);
	s->len += len;
	return (ssize_t)len;
}

static struct pcapng_reader *reader(struct memory *m)
{
	struct pcapng_error err;
	struct pcapng_reader *r = pcapng_reader_create(memory_read, m, &err);

	must(r != NULL, "a reader is made");
	return r;
}

static void check_packet(const struct pcapng_reader *r, const struct pcapng_packet *p)
{
	const struct pcapng_interface *i = pcapng_interface(r, p->interface);
	volatile uint8_t last = 0;

	must(i != NULL && i->name[0] != '\0', "a packet has an interface with a name");
	must(memchr(i->name, 0, sizeof i->name) != NULL, "the name is terminated");
	must(p->captured <= PCAPNG_PACKET_MAX, "a packet is not too long");
	must(p->original >= 1 && p->original >= p->captured, "the original length is sound");
	if (p->captured > 0)
		last = p->data[p->captured - 1];
	(void)last;
}

static bool same_packet(const struct pcapng_packet *a, const struct pcapng_packet *b)
{
	return a->interface == b->interface && a->time_ns == b->time_ns &&
	       a->captured == b->captured && memcmp(a->data, b->data, a->captured) == 0;
}

/* Describe to the writer what the reader has found since the last call. */
static void copy_interfaces(const struct pcapng_reader *r, struct pcapng_writer *w, uint32_t *known)
{
	struct pcapng_error err;

	for (; *known < pcapng_interface_count(r); ++*known)
		must(pcapng_write_interface(w, pcapng_interface(r, *known)->name, &err) == 0,
			"a name that was read can be written");
}

/* Read the file in two ways at once, and write its packets to s. */
static void read_and_write(struct memory *in_chunks, struct memory *in_one, struct sink *s)
{
	struct pcapng_reader *r = reader(in_chunks), *one = reader(in_one);
	struct pcapng_error err, one_err;
	struct pcapng_writer *w = pcapng_writer_create(sink_write, s, &err);
	struct pcapng_packet p, q;
	uint32_t known = 0;
	int rc;

	must(w != NULL, "a writer is made");
	while ((rc = pcapng_next(r, &p, &err)) == 1) {
		struct iovec piece = {(void *)(uintptr_t)p.data, p.captured};

		check_packet(r, &p);
		must(pcapng_next(one, &q, &one_err) == 1, "both ways give a packet");
		must(same_packet(&p, &q) && p.original == q.original && p.block == q.block &&
				p.offset == q.offset,
			"both ways give the same packet");
		copy_interfaces(r, w, &known);
		if (p.captured > 0)
			must(pcapng_write_packet(w, p.interface, p.time_ns, &piece, 1, &err) == 0,
				"a packet that was read can be written");
	}
	must(pcapng_next(one, &q, &one_err) == rc, "both ways end the same");
	if (rc < 0) {
		must(err.kind != PCAPNG_OK && err.block >= 1 && err.offset <= in_one->len,
			"an error says where");
		must(err.kind == one_err.kind && strcmp(err.text, one_err.text) == 0,
			"both ways give the same error");
	}
	must(pcapng_writer_close(w, &err) == 0, "the writer closes");
	pcapng_reader_close(r);
	pcapng_reader_close(one);
}

/* Compare the packets of the file, as far as it is sound, with those written. */
static void read_back(struct memory *file, const struct sink *s)
{
	struct memory written = {.data = s->data, .len = s->len, .chunk = SIZE_MAX};
	struct pcapng_reader *r = reader(file), *back = reader(&written);
	struct pcapng_packet p, q;
	struct pcapng_error err;

	while (pcapng_next(r, &p, &err) == 1) {
		if (p.captured == 0)
			continue;
		must(pcapng_next(back, &q, &err) == 1, "what was written reads back");
		must(same_packet(&p, &q), "what was written reads back the same");
	}
	must(pcapng_next(back, &q, &err) == 0, "no more was written");
	pcapng_reader_close(r);
	pcapng_reader_close(back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct memory in_chunks, in_one, again;
	struct sink s = {0};

	if (size == 0)
		return 0;
	in_one = (struct memory){.data = data + 1, .len = size - 1, .chunk = SIZE_MAX};
	again = in_chunks = in_one;
	in_chunks.chunk = 1u + data[0];
	read_and_write(&in_chunks, &in_one, &s);
	read_back(&again, &s);
	free(s.data);
	return 0;
}
