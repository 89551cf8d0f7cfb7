/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Departures and packet memory against an independent computation from the rules: start = max(ready,
 * line free); out = start + (8 + max(length, 60) + 4) bytes; line free = out + 12 bytes; cells of
 * 256 bytes are held from the arrival to the OUT stamp.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/config.h"
#include "tests/unit/ops_build.h"
#include "tests/unit/pipe.h"
#include "tests/unit/random.h"

#define PORTS 24

/* A frame that the oracle expects: where, when, how long. */
struct leaving {
	uint64_t out;
	uint32_t len;
	uint32_t cells;
};

struct line {
	uint64_t mbps;
	uint64_t free;
	struct leaving *frame;
	size_t n;
	size_t held; /* index of the first that still holds its cells */
	size_t seen;
	uint64_t cells;
	uint64_t queue_full;
	uint64_t buffer_full;
};

struct oracle {
	struct line line[PORTS];
	uint64_t cells;
};

static void pass_time(struct oracle *o, uint64_t now)
{
	for (unsigned int i = 0; i < PORTS; i++) {
		struct line *l = &o->line[i];

		for (; l->held < l->n && l->frame[l->held].out <= now; l->held++) {
			l->cells -= l->frame[l->held].cells;
			o->cells -= l->frame[l->held].cells;
		}
	}
}

static void arrive(struct oracle *o, unsigned int port, uint64_t now, uint32_t len)
{
	struct line *l = &o->line[port];
	uint32_t cells = (len + 255) / 256;
	uint32_t wire = len < 60 ? 60 : len;
	uint64_t start = now > l->free ? now : l->free;
	uint64_t byte = 8000000 / l->mbps;

	pass_time(o, now);
	if (l->cells + cells > 4 * 1024 * 1024 / 256) {
		l->queue_full++;
		return;
	}
	if (o->cells + cells > 32 * 1024 * 1024 / 256) {
		l->buffer_full++;
		return;
	}
	l->cells += cells;
	o->cells += cells;
	l->frame = realloc(l->frame, (l->n + 1) * sizeof(*l->frame));
	if (!l->frame)
		abort();
	l->frame[l->n++] = (struct leaving){start + (8 + wire + 4) * byte, wire, cells};
	l->free = start + (8 + wire + 4 + 12) * byte;
}

static const char *name(unsigned int port, char text[16])
{
	snprintf(text, 16, "ge-0/0/%u", port);
	return text;
}

/* Compares all that left with what should have; frees the oracle. */
static void compare(struct pipe *p, struct oracle *o)
{
	unsigned int bad = 0;
	char text[16];

	PIPE_COUNT(p, "switch", "copies");
	for (size_t i = 0; i < p->n_out; i++) {
		struct line *l = &o->line[p->out[i].port % PORTS];
		const struct leaving *f = l->seen < l->n ? &l->frame[l->seen] : NULL;

		bad += !f || p->out[i].time != f->out || p->out[i].len != f->len;
		l->seen++;
	}
	CU_ASSERT_EQUAL(bad, 0);
	for (unsigned int i = 0; i < PORTS; i++) {
		struct line *l = &o->line[i];

		CU_ASSERT_EQUAL(l->seen, l->n);
		PIPE_EXPECT_DROP(p, name(i, text), "QUEUE_FULL", l->queue_full);
		PIPE_EXPECT_DROP(p, name(i, text), "BUFFER_FULL", l->buffer_full);
		PIPE_EXPECT_COUNT(p, name(i, text), "tx_packets", l->n);
		free(l->frame);
	}
	PIPE_DISCARD(p);
}

static uint64_t buffer_drops(const struct oracle *o)
{
	uint64_t n = 0;

	for (unsigned int i = 0; i < PORTS; i++)
		n += o->line[i].buffer_full;
	return n;
}

static void departures(void)
{
	static const unsigned int speeds[] = {10, 100, 1000};
	struct oracle o = {0};
	struct pipe *p;
	char config[2048] = VLAN("v1", "11") VLAN("v2", "12") VLAN("v3", "13") VLAN("v4", "14")
		TRUNK("et-0/1/0", "v1 v2 v3 v4") MTU("et-0/1/0", "9216");
	uint64_t s = 0xabcdef;
	uint64_t now = 0;

	for (unsigned int i = 0; i < 3; i++)
		snprintf(config + strlen(config), sizeof(config) - strlen(config),
			"set interfaces ge-0/0/%u speed %s\nset interfaces ge-0/0/%u mtu 9216\n"
			"set interfaces ge-0/0/%u unit 0 family ethernet-switching vlan members "
			"v%u\n",
			i,
			speeds[i] == 10	   ? "10m"
			: speeds[i] == 100 ? "100m"
					   : "1g",
			i, i, i + 1);
	p = PIPE_OPEN(config);
	for (unsigned int i = 0; i < PORTS; i++)
		o.line[i].mbps = i < 3 ? speeds[i] : 1000;
	/* Up to 12 ms between frames, on lines that differ a hundredfold: empty and full queues. */
	for (unsigned int i = 0; i < 6000; i++) {
		unsigned int port = random_below(&s, 3);
		uint32_t len = random_below(&s, 3) ? 14 + random_below(&s, 200)
						   : 14 + random_below(&s, 9203);
		struct frame f = frame_of(MAC_ALL, MAC(1), 11 + port, len + 4);

		if (random_below(&s, 3) == 0)
			now += random_below(&s, 40) ? random_below(&s, 30000) * UINT64_C(1000)
						    : random_below(&s, 12000000) * UINT64_C(1000);
		/* The shortest tagged frame has 18 bytes. */
		PIPE_SEND_AT(p, "et-0/1/0", &f, now);
		arrive(&o, port, now, f.len - 4);
	}
	compare(p, &o);
	PIPE_CLOSE(p);
}

static void shared_memory(void)
{
	struct pipe *p = PIPE_OPEN_ONE("");
	struct oracle o = {0};
	uint64_t s = 0x1234567;
	uint64_t now = 0;
	uint64_t drops;

	for (unsigned int i = 0; i < PORTS; i++)
		o.line[i].mbps = 1000;
	/* Floods of every port, 23 copies each, faster than the lines: the memory fills and drains. */
	for (unsigned int i = 0; i < 6000; i++) {
		unsigned int in = random_below(&s, PORTS);
		uint32_t len = 1000 + random_below(&s, 515);
		struct frame f = frame_of(MAC_ALL, MAC(in), 0, len);
		char text[16];

		now += random_below(&s, i % 2000 < 1500 ? 3000 : 30000) * UINT64_C(1000);
		PIPE_SEND_AT(p, name(in, text), &f, now);
		for (unsigned int port = 0; port < PORTS; port++)
			if (port != in)
				arrive(&o, port, now, len);
	}
	drops = buffer_drops(&o);
	CU_ASSERT(drops > 100);
	compare(p, &o);
	PIPE_CLOSE(p);
}

static void port_limit(void)
{
	struct pipe *p = PIPE_OPEN(VLAN("v", "10") ACCESS("ge-0/0/0", "v") ACCESS("ge-0/0/1", "v"));
	struct oracle o = {0};
	uint64_t s = 0x7654321;
	uint64_t now = 0;

	for (unsigned int i = 0; i < PORTS; i++)
		o.line[i].mbps = 1000;
	for (unsigned int i = 0; i < 20000; i++) {
		uint32_t len = random_below(&s, 2) ? 256 + random_below(&s, 3) : 1514;
		struct frame f = frame_of(MAC_ALL, MAC(1), 0, len);

		now += random_below(&s, 4000) * UINT64_C(1000);
		PIPE_SEND_AT(p, "ge-0/0/0", &f, now);
		arrive(&o, 1, now, len);
	}
	CU_ASSERT(o.line[1].queue_full > 100);
	compare(p, &o);
	PIPE_CLOSE(p);
}

static void order_of_ports(void)
{
	struct pipe *p = PIPE_OPEN("");
	struct frame f = frame_of(MAC_ALL, MAC(1), 0, 64);

	/* All copies leave at one instant: by port number. */
	PIPE_SEND(p, "ge-0/0/7", &f);
	PIPE_COUNT(p, "switch", "copies");
	CU_ASSERT_EQUAL(p->n_out, 23);
	for (size_t i = 1; i < p->n_out; i++)
		CU_ASSERT(p->out[i].time == p->out[0].time && p->out[i].port > p->out[i - 1].port);
	PIPE_DISCARD(p);
	PIPE_CLOSE(p);
}

static void release_at_the_stamp(void)
{
	struct pipe *p = PIPE_OPEN(VLAN("v", "10") ACCESS("ge-0/0/0", "v") ACCESS("ge-0/0/1", "v"));
	struct frame f = frame_of(MAC_ALL, MAC(1), 0, 256);
	uint64_t out = (8 + 256 + 4) * 8000;

	/* 16,384 cells are held; one comes free at the first stamp, and not a picosecond before. */
	p->step = 0;
	for (unsigned int i = 0; i < 16384; i++)
		PIPE_SEND(p, "ge-0/0/0", &f);
	PIPE_SEND_AT(p, "ge-0/0/0", &f, out - 1);
	PIPE_SEND_AT(p, "ge-0/0/0", &f, out);
	PIPE_SEND_AT(p, "ge-0/0/0", &f, out);
	CU_ASSERT_EQUAL(PIPE_DISCARD(p), 16385);
	PIPE_EXPECT_DROP(p, "ge-0/0/1", "QUEUE_FULL", 2);
	PIPE_CLOSE(p);
}

static const struct unit_case cases[] = {
	{"departures of 10, 100 and 1000 Mb/s are those of the formula", departures},
	{"the shared packet memory holds 32 MiB", shared_memory},
	{"a port holds at most 4 MiB", port_limit},
	{"what leaves at one instant leaves in port order", order_of_ports},
	{"cells are free at the OUT stamp", release_at_the_stamp},
};

const struct unit_suite queue_suite = {.name = "queue", .cases = cases, .n = UNIT_N(cases)};
