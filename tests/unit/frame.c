/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/unit/frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint8_t *grow(struct frame *f, size_t n)
{
	uint8_t *at = f->b + f->len;

	if (f->len + n > FRAME_MAX) {
		fprintf(stderr, "frame: a test builds a frame of more than %u bytes\n", FRAME_MAX);
		abort();
	}
	f->len += (uint32_t)n;
	return at;
}

/* Appends the low n bytes of a number, network order. */
static void put(struct frame *f, uint64_t value, unsigned int n)
{
	uint8_t *at = grow(f, n);

	for (unsigned int i = 0; i < n; i++)
		at[i] = (uint8_t)(value >> (8 * (n - 1 - i)));
}

struct frame frame_new(uint64_t dst, uint64_t src)
{
	struct frame f;

	f.len = 0;
	f.ip_end = 0;
	put(&f, dst, 6);
	put(&f, src, 6);
	return f;
}

struct frame frame_of(uint64_t dst, uint64_t src, unsigned int vid, uint32_t len)
{
	struct frame f = frame_new(dst, src);

	if (vid)
		frame_tag(&f, 0x8100, (uint16_t)vid);
	frame_type(&f, 0x88b5);
	if (len < f.len)
		f.len = len;
	frame_fill(&f, len);
	return f;
}

void frame_tag(struct frame *f, uint16_t tpid, uint16_t tci)
{
	put(f, tpid, 2);
	put(f, tci, 2);
}

void frame_type(struct frame *f, uint16_t type)
{
	put(f, type, 2);
}

void frame_bytes(struct frame *f, const void *bytes, size_t n)
{
	memcpy(grow(f, n), bytes, n);
}

void frame_fill(struct frame *f, uint32_t len)
{
	while (f->len < len)
		put(f, f->len, 1);
}

void frame_ipv4(struct frame *f, const struct frame_ip *ip, uint32_t payload)
{
	uint32_t header = 20 + 4u * ip->option_words;

	frame_type(f, 0x0800);
	f->ip_end = f->len + header + payload;
	put(f, 0x40 | header / 4, 1);
	put(f, 0, 1);
	put(f, header + payload, 2);
	put(f, 0x1234, 2);
	put(f, ip->fragment, 2);
	put(f, 64, 1);
	put(f, ip->proto, 1);
	put(f, 0, 2);
	put(f, ip->src, 4);
	put(f, ip->dst, 4);
	for (unsigned int i = 0; i < ip->option_words; i++)
		put(f, 0x01010101, 4);
}

void frame_ipv6(struct frame *f, const struct frame_ip *ip, uint32_t payload)
{
	frame_type(f, 0x86dd);
	f->ip_end = f->len + 40 + payload;
	put(f, 0x60000000, 4);
	put(f, payload, 2);
	put(f, ip->proto, 1);
	put(f, 64, 1);
	put(f, UINT64_C(0x20010db800000000), 8);
	put(f, ip->src, 8);
	put(f, UINT64_C(0x20010db800000001), 8);
	put(f, ip->dst, 8);
}

void frame_udp(struct frame *f, uint16_t src, uint16_t dst, uint16_t len)
{
	put(f, src, 2);
	put(f, dst, 2);
	put(f, len, 2);
	put(f, 0, 2);
}

void frame_tcp(struct frame *f, uint16_t src, uint16_t dst)
{
	put(f, src, 2);
	put(f, dst, 2);
	put(f, 1, 4);
	put(f, 0, 4);
	put(f, 0x5002, 2);
	put(f, 0x1000, 2);
	put(f, 0, 4);
}

void frame_arp(struct frame *f, uint64_t sender, uint32_t sender_ip, uint32_t target_ip)
{
	frame_type(f, 0x0806);
	put(f, UINT64_C(0x0001080006040001), 8);
	put(f, sender, 6);
	put(f, sender_ip, 4);
	put(f, 0, 6);
	put(f, target_ip, 4);
}
