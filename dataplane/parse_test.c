/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The parser alone: what it finds in whole packets, and in packets that end at every byte. Each is
 * in memory of exactly its size, so that the sanitizer sees a read behind it.
 */
#include <stdlib.h>
#include <string.h>

#include "dataplane/stage.h"
#include "tests/unit/frame.h"
#include "tests/unit/unit.h"

#define F_TAGGED PKT_F_CTAG
#define F_V4	 PKT_F_IPV4
#define F_V6	 PKT_F_IPV6

/* Parses the first bytes of a frame that is len long; what it found, its data gone. */
static struct pkt parse(const struct frame *f, uint32_t bytes, uint32_t len)
{
	struct burst *b = aligned_alloc(64, sizeof(*b));
	uint8_t *exact = malloc(bytes ? bytes : 1);
	struct pkt p;

	CU_ASSERT_FATAL(b && exact);
	memset(b, 0, sizeof(*b));
	memcpy(exact, f->b, bytes);
	b->n = 1;
	b->pkt[0].data = exact;
	b->pkt[0].len = len;
	b->pkt[0].hlen = (uint16_t)bytes;
	stage_parse(NULL, b);
	p = b->pkt[0];
	free(exact);
	free(b);
	return p;
}

static struct pkt parse_whole(const struct frame *f)
{
	return parse(f, f->len, f->len);
}

/* flags, and offsets of the headers; 0 for none. */
static void finds(const struct frame *f, uint32_t flags, uint32_t l3, uint32_t l4, uint8_t proto)
{
	struct pkt p = parse_whole(f);

	CU_ASSERT_EQUAL(p.drop, DROP_NONE);
	CU_ASSERT_EQUAL(p.flags, flags);
	CU_ASSERT_EQUAL(p.l3_off, l3);
	CU_ASSERT_EQUAL(p.l4_off, l4);
	CU_ASSERT_EQUAL(p.ip_proto, proto);
}

static void ethernet(void)
{
	struct frame f = frame_new(UINT64_C(0x0102030405), UINT64_C(0xfedcba987654));
	struct pkt p;

	frame_type(&f, 0x88b5);
	p = parse_whole(&f);
	CU_ASSERT_EQUAL(p.dmac, UINT64_C(0x000102030405));
	CU_ASSERT_EQUAL(p.smac, UINT64_C(0xfedcba987654));
	CU_ASSERT_EQUAL(p.ethertype, 0x88b5);
	CU_ASSERT_EQUAL(p.tags, 0);
	finds(&f, 0, 0, 0, 0);
	CU_ASSERT_EQUAL(parse(&f, 13, 13).drop, DROP_RUNT);
	CU_ASSERT_EQUAL(parse(&f, 0, 0).drop, DROP_RUNT);
}

static void tags(void)
{
	static const struct {
		uint16_t tpid[3];
		unsigned int n;
		unsigned int seen;
		uint32_t flags;
		uint16_t type;
	} cases[] = {
		{{0x8100}, 1, 1, F_TAGGED, 0x88b5},
		{{0x88a8}, 1, 1, 0, 0x88b5},
		{{0x8100, 0x8100}, 2, 2, F_TAGGED, 0x88b5},
		{{0x88a8, 0x8100}, 2, 2, 0, 0x88b5},
		{{0x8100, 0x88a8}, 2, 2, F_TAGGED, 0x88b5},
		{{0x9100}, 1, 0, 0, 0x9100},
		{{0x8100, 0x8100, 0x8100}, 3, 2, F_TAGGED, 0x8100},
	};

	for (size_t i = 0; i < UNIT_N(cases); i++) {
		struct frame f = frame_new(MAC(1), MAC(2));
		struct pkt p;

		for (unsigned int k = 0; k < cases[i].n; k++)
			frame_tag(&f, cases[i].tpid[k], (uint16_t)(0xa000 + k));
		frame_type(&f, 0x88b5);
		p = parse_whole(&f);
		CU_ASSERT_EQUAL(p.tags, cases[i].seen);
		CU_ASSERT_EQUAL(p.flags, cases[i].flags);
		CU_ASSERT_EQUAL(p.ethertype, cases[i].type);
		for (unsigned int k = 0; k < p.tags; k++)
			CU_ASSERT_EQUAL(p.tci[k], 0xa000 + k);
		CU_ASSERT_EQUAL(pkt_mtu_len(&p), f.len - 4 * p.tags);
	}
}

static void llc_and_snap(void)
{
	struct frame llc = frame_new(MAC(1), MAC(2));
	struct frame snap = frame_new(MAC(1), MAC(2));
	struct frame other = frame_new(MAC(1), MAC(2));

	frame_type(&llc, 38);
	frame_bytes(&llc, "\x42\x42\x03", 3);
	frame_fill(&llc, 60);
	finds(&llc, PKT_F_LLC, 0, 0, 0);
	/* Behind a SNAP header for Ethernet the type is SNAP's, and IP is found. */
	frame_type(&snap, 8 + 28);
	frame_bytes(&snap, "\xaa\xaa\x03\0\0\0", 6);
	frame_ipv4(&snap, &(struct frame_ip){.proto = 17}, 8);
	frame_udp(&snap, 1, 2, 8);
	finds(&snap, PKT_F_SNAP | F_V4 | PKT_F_L4, 22, 42, 17);
	CU_ASSERT_EQUAL(parse_whole(&snap).ethertype, 0x0800);
	/* Another organisation's protocol is not Ethernet's. */
	frame_type(&other, 8 + 28);
	frame_bytes(&other, "\xaa\xaa\x03\0\0\x0c", 6);
	frame_ipv4(&other, &(struct frame_ip){.proto = 17}, 8);
	frame_udp(&other, 1, 2, 8);
	finds(&other, PKT_F_LLC, 0, 0, 0);
	/* 1500 is a length, 1501 is not. */
	llc.b[12] = 1500 >> 8;
	llc.b[13] = 1500 & 255;
	finds(&llc, PKT_F_LLC, 0, 0, 0);
	llc.b[13]++;
	finds(&llc, 0, 0, 0, 0);
}

static struct frame ipv4(const struct frame_ip *ip, uint32_t payload)
{
	struct frame f = frame_new(MAC(1), MAC(2));

	frame_ipv4(&f, ip, payload);
	frame_fill(&f, f.ip_end);
	return f;
}

static void ipv4_headers(void)
{
	static const struct {
		uint8_t proto;
		uint32_t need;
	} l4[] = {{6, 20}, {17, 8}, {1, 8}, {2, 8}};
	struct frame f;

	for (size_t i = 0; i < UNIT_N(l4); i++) {
		for (uint8_t words = 0; words <= 10; words += 5) {
			struct frame_ip ip = {.proto = l4[i].proto, .option_words = words};
			uint32_t options = words ? PKT_F_IP_OPTIONS : 0;
			uint32_t off = 34 + 4u * words;

			f = ipv4(&ip, l4[i].need);
			finds(&f, F_V4 | PKT_F_L4 | options, 14, off, ip.proto);
			f = ipv4(&ip, l4[i].need - 1);
			finds(&f, F_V4 | options, 14, 0, ip.proto);
		}
	}
	f = ipv4(&(struct frame_ip){.proto = 50}, 30);
	finds(&f, F_V4, 14, 0, 50);
	/* Padding behind the datagram belongs to no header. */
	f = ipv4(&(struct frame_ip){.proto = 6}, 4);
	frame_fill(&f, 60);
	finds(&f, F_V4, 14, 0, 6);
}

static void ipv4_fragments(void)
{
	struct frame f = ipv4(&(struct frame_ip){.proto = 17, .fragment = 0x4000}, 8);

	/* Don't fragment; the first; one in the middle; the last. */
	finds(&f, F_V4 | PKT_F_L4, 14, 34, 17);
	f = ipv4(&(struct frame_ip){.proto = 17, .fragment = 0x2000}, 8);
	finds(&f, F_V4 | PKT_F_L4 | PKT_F_FRAGMENT, 14, 34, 17);
	f = ipv4(&(struct frame_ip){.proto = 17, .fragment = 0x2001}, 8);
	finds(&f, F_V4 | PKT_F_FRAGMENT, 14, 0, 17);
	f = ipv4(&(struct frame_ip){.proto = 17, .fragment = 0x1fff}, 8);
	finds(&f, F_V4 | PKT_F_FRAGMENT, 14, 0, 17);
}

static void ipv4_malformed(void)
{
	static const struct {
		unsigned int at;
		uint8_t byte;
	} bad[] = {{14, 0x55}, {14, 0x65}, {14, 0x44}, {14, 0x40}, {14, 0x4f}, {16, 0xff},
		{17, 0x13}, {17, 0}, {17, 29}};
	struct frame good = ipv4(&(struct frame_ip){.proto = 17}, 8);

	for (size_t i = 0; i < UNIT_N(bad); i++) {
		struct frame f = good;

		f.b[bad[i].at] = bad[i].byte;
		finds(&f, PKT_F_IP_BAD, 0, 0, 0);
	}
}

/* An extension header of words of 8 bytes behind the first. */
static void extension(struct frame *f, uint8_t next, uint8_t words)
{
	uint8_t header[8] = {next, words};

	frame_bytes(f, header, sizeof(header));
	frame_fill(f, f->len + 8u * words);
}

static struct frame ipv6(uint8_t first, uint32_t payload)
{
	struct frame f = frame_new(MAC(1), MAC(2));

	frame_ipv6(&f, &(struct frame_ip){.proto = first}, payload);
	return f;
}

static void ipv6_headers(void)
{
	struct frame f = ipv6(17, 8);

	frame_udp(&f, 1, 2, 8);
	finds(&f, F_V6 | PKT_F_L4, 14, 54, 17);
	f = ipv6(6, 20);
	frame_tcp(&f, 1, 2);
	finds(&f, F_V6 | PKT_F_L4, 14, 54, 6);
	f = ipv6(58, 4);
	frame_bytes(&f, "\x87\0\0\0", 4);
	finds(&f, F_V6 | PKT_F_L4, 14, 54, 58);
	f = ipv6(59, 0);
	finds(&f, F_V6, 14, 0, 59);
	f = ipv6(17, 8);
	frame_udp(&f, 1, 2, 8);
	f.b[14] = 0x50;
	finds(&f, PKT_F_IP_BAD, 0, 0, 0);
	f.b[14] = 0x60;
	f.b[19] = 9;
	finds(&f, PKT_F_IP_BAD, 0, 0, 0);
}

static void ipv6_extensions(void)
{
	/* Hop-by-hop, routing, destination options, authentication, then UDP. */
	struct frame f = ipv6(0, 8 + 24 + 16 + 24 + 8);

	extension(&f, 43, 0);
	extension(&f, 60, 2);
	extension(&f, 51, 1);
	frame_bytes(&f, "\x11\x04\0\0", 4);
	frame_fill(&f, f.len + 20);
	frame_udp(&f, 1, 2, 8);
	CU_ASSERT_EQUAL(f.len, f.ip_end);
	finds(&f, F_V6 | PKT_F_L4 | PKT_F_IP_OPTIONS, 14, 126, 17);
	/* A chain that leaves the datagram. */
	f = ipv6(0, 8);
	extension(&f, 17, 0);
	f.b[55] = 200;
	finds(&f, F_V6 | PKT_F_IP_OPTIONS, 14, 0, 17);
	f = ipv6(60, 4);
	frame_fill(&f, f.ip_end);
	finds(&f, F_V6, 14, 0, 60);
}

static void ipv6_fragments(void)
{
	static const struct {
		uint16_t offset;
		uint32_t l4;
	} part[] = {{0x0001, 62}, {0x0000, 62}, {0x0009, 0}, {0xfff8, 0}};

	for (size_t i = 0; i < UNIT_N(part); i++) {
		struct frame f = ipv6(44, 16);
		uint8_t header[8] = {
			17, 0, (uint8_t)(part[i].offset >> 8), (uint8_t)part[i].offset};

		frame_bytes(&f, header, sizeof(header));
		frame_udp(&f, 1, 2, 8);
		finds(&f, F_V6 | PKT_F_FRAGMENT | (part[i].l4 ? PKT_F_L4 : 0), 14, part[i].l4, 17);
	}
}

static void arp(void)
{
	struct frame f = frame_new(MAC_ALL, MAC(2));

	frame_arp(&f, MAC(2), 1, 2);
	finds(&f, PKT_F_ARP, 0, 0, 0);
	f.len--;
	finds(&f, 0, 0, 0, 0);
}

/* Whatever was found lies within the bytes that there are. */
static void check_bounds(const struct pkt *p, uint32_t bytes)
{
	uint32_t header = p->flags & PKT_F_IPV6 ? 40 : 20;

	if (p->flags & (PKT_F_IPV4 | PKT_F_IPV6))
		CU_ASSERT(p->l3_off >= 14 && p->l3_off + header <= bytes);
	if (p->flags & PKT_F_L4)
		CU_ASSERT(p->l4_off >= p->l3_off + header &&
			  p->l4_off + (p->ip_proto == 6 ? 20u : 4u) <= bytes);
	CU_ASSERT(12u + 4u * p->tags + 2 <= bytes || p->drop == DROP_RUNT);
	CU_ASSERT(!(p->flags & PKT_F_L4) == !p->l4_off);
}

static size_t packets(struct frame *f)
{
	struct frame plain = ipv4(&(struct frame_ip){.proto = 6, .option_words = 10}, 40);
	size_t n = 0;

	f[n++] = plain;
	f[n] = frame_new(MAC(1), MAC(2));
	frame_tag(&f[n], 0x88a8, 5);
	frame_tag(&f[n], 0x8100, 6);
	frame_ipv4(&f[n], &(struct frame_ip){.proto = 17}, 20);
	frame_udp(&f[n], 1, 2, 20);
	frame_fill(&f[n], f[n].ip_end);
	n++;
	f[n] = ipv6(0, 8 + 24 + 8 + 8);
	extension(&f[n], 60, 0);
	extension(&f[n], 44, 2);
	extension(&f[n], 17, 0);
	f[n].b[f[n].len - 6] = 0;
	f[n].b[f[n].len - 5] = 1;
	frame_udp(&f[n], 1, 2, 8);
	n++;
	f[n] = frame_new(MAC(1), MAC(2));
	frame_tag(&f[n], 0x8100, 6);
	frame_type(&f[n], 36);
	frame_bytes(&f[n], "\xaa\xaa\x03\0\0\0", 6);
	frame_arp(&f[n], MAC(2), 1, 2);
	n++;
	return n;
}

static void truncations(void)
{
	struct frame *f = calloc(4, sizeof(*f));
	size_t n;

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	n = packets(f);
	for (size_t i = 0; i < n; i++) {
		for (uint32_t bytes = 0; bytes <= f[i].len; bytes++) {
			/* The frame ends here; then a long one of which only so much is kept. */
			struct pkt p = parse(&f[i], bytes, bytes);

			check_bounds(&p, bytes);
			if (bytes < 14)
				continue;
			p = parse(&f[i], bytes, 9800);
			check_bounds(&p, bytes);
		}
	}
	free(f);
}

/* Every byte of every packet at several values: offsets stay within. */
static void mutations(void)
{
	static const uint8_t values[] = {0x00, 0x01, 0x08, 0x0f, 0x2c, 0x33, 0x3c, 0x40, 0x46, 0x4f,
		0x60, 0x7f, 0x80, 0x81, 0x86, 0x88, 0xa8, 0xaa, 0xdd, 0xff};
	struct frame *f = calloc(4, sizeof(*f));
	size_t n;

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	n = packets(f);
	for (size_t i = 0; i < n; i++) {
		for (uint32_t at = 12; at < f[i].len; at++) {
			uint8_t was = f[i].b[at];

			for (size_t v = 0; v < UNIT_N(values); v++) {
				struct pkt p;

				f[i].b[at] = values[v];
				p = parse_whole(&f[i]);
				check_bounds(&p, f[i].len);
			}
			f[i].b[at] = was;
		}
	}
	free(f);
}

static const struct unit_case cases[] = {
	{"addresses and type, in wire order", ethernet},
	{"up to two tags of either kind", tags},
	{"802.3 lengths, LLC and SNAP", llc_and_snap},
	{"IPv4 with and without options, and what it carries", ipv4_headers},
	{"IPv4 fragments: only the first has ports", ipv4_fragments},
	{"a malformed IPv4 header is noted and not used", ipv4_malformed},
	{"IPv6, and what it carries", ipv6_headers},
	{"IPv6 extension headers are walked, within the datagram", ipv6_extensions},
	{"IPv6 fragments: only the first has ports", ipv6_fragments},
	{"ARP is complete or not ARP", arp},
	{"a packet may end at any byte", truncations},
	{"a packet may have any byte anywhere", mutations},
};

const struct unit_suite parse_suite = {.name = "parse", .cases = cases, .n = UNIT_N(cases)};
