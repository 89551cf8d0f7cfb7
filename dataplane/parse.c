/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Parser: finds the headers and checks every bound once, so that later stages need no check.
 *
 * Reads Ethernet II, 802.3 with LLC and SNAP, up to two tags (802.1Q, 802.1ad), ARP, IPv4 and
 * IPv6 with TCP, UDP, ICMP and IGMP. A malformed IP header is noted, and is no reason to drop a
 * bridged frame.
 */
#include "dataplane/stage.h"
#include "dataplane/xt.h"

#include <string.h>

#define ETHERTYPE_IPV4 0x0800
#define ETHERTYPE_ARP  0x0806
#define ETHERTYPE_IPV6 0x86dd
#define LENGTH_MAX     1500 /* a type field up to here is a length (IEEE 802.3 clause 3.2.6) */

#define ETH_HEADER  14u
#define TAG_BYTES   4u
#define SNAP_HEADER 8u
#define ARP_BYTES   28u

#define IPV4_HEADER 20u
#define IPV6_HEADER 40u

#define PROTO_HOPOPTS  0
#define PROTO_ICMP     1
#define PROTO_IGMP     2
#define PROTO_TCP      6
#define PROTO_UDP      17
#define PROTO_ROUTING  43
#define PROTO_FRAGMENT 44
#define PROTO_AH       51
#define PROTO_ICMPV6   58
#define PROTO_DSTOPTS  60

/* Notes the L4 header if it lies completely before end. */
static void parse_l4(struct pkt *p, uint32_t off, uint32_t end)
{
	uint32_t need;

	switch (p->ip_proto) {
	case PROTO_TCP:
		need = 20;
		break;
	case PROTO_UDP:
	case PROTO_ICMP:
	case PROTO_IGMP:
		need = 8;
		break;
	case PROTO_ICMPV6:
		need = 4;
		break;
	default:
		return;
	}
	if (off + need > end)
		return;
	p->l4_off = (uint16_t)off;
	p->flags |= PKT_F_L4;
	if (p->ip_proto == PROTO_TCP || p->ip_proto == PROTO_UDP)
		memcpy(p->l4_ports, p->data + off, sizeof(p->l4_ports));
}

/* RFC 791. */
static void parse_ipv4(struct pkt *p, uint32_t off)
{
	const uint8_t *h = p->data + off;
	uint32_t header;
	uint32_t total;
	uint16_t fragment;

	if (off + IPV4_HEADER > p->hlen || h[0] >> 4 != 4) {
		p->flags |= PKT_F_IP_BAD;
		return;
	}
	header = (h[0] & 0xfu) * 4;
	total = load_be16(h + 2);
	if (header < IPV4_HEADER || total < header || off + total > p->hlen) {
		p->flags |= PKT_F_IP_BAD;
		return;
	}
	fragment = load_be16(h + 6) & 0x3fff;
	p->flags |= PKT_F_IPV4;
	p->l3_off = (uint8_t)off;
	p->ip_proto = h[9];
	if (header > IPV4_HEADER)
		p->flags |= PKT_F_IP_OPTIONS;
	if (fragment)
		p->flags |= PKT_F_FRAGMENT;
	if (!(fragment & 0x1fff))
		parse_l4(p, off + header, off + total);
}

/* Walks the extension headers (RFC 8200 section 4) up to the L4 header. */
static void parse_ipv6_chain(struct pkt *p, uint8_t next, uint32_t off, uint32_t end)
{
	bool first = true;

	for (;;) {
		const uint8_t *h = p->data + off;

		p->ip_proto = next;
		switch (next) {
		case PROTO_HOPOPTS:
		case PROTO_ROUTING:
		case PROTO_DSTOPTS:
		case PROTO_AH:
		case PROTO_FRAGMENT:
			if (off + 8 > end)
				return;
			break;
		default:
			if (first)
				parse_l4(p, off, end);
			return;
		}
		if (next == PROTO_FRAGMENT) {
			p->flags |= PKT_F_FRAGMENT;
			first = !(load_be16(h + 2) & 0xfff8);
			off += 8;
			if (!first) {
				p->ip_proto = h[0];
				return;
			}
		} else if (next == PROTO_AH) {
			off += (h[1] + 2u) * 4;
		} else {
			p->flags |= PKT_F_IP_OPTIONS;
			off += (h[1] + 1u) * 8;
		}
		next = h[0];
	}
}

/* RFC 8200. */
static void parse_ipv6(struct pkt *p, uint32_t off)
{
	const uint8_t *h = p->data + off;
	uint32_t end;

	if (off + IPV6_HEADER > p->hlen || h[0] >> 4 != 6) {
		p->flags |= PKT_F_IP_BAD;
		return;
	}
	end = off + IPV6_HEADER + load_be16(h + 4);
	if (end > p->hlen) {
		p->flags |= PKT_F_IP_BAD;
		return;
	}
	p->flags |= PKT_F_IPV6;
	p->l3_off = (uint8_t)off;
	parse_ipv6_chain(p, h[6], off + IPV6_HEADER, end);
}

/* Tags: returns the offset of the type field behind them, 0 if the frame ends within one. */
static uint32_t parse_tags(struct pkt *p)
{
	uint32_t off = 12;
	uint16_t type = load_be16(p->data + off);

	while (pkt_is_tag_type(type) && p->tags < 2) {
		if (off + TAG_BYTES + 2 > p->hlen)
			return 0;
		if (p->tags == 0 && type == ETHERTYPE_CTAG)
			p->flags |= PKT_F_CTAG;
		p->tci[p->tags++] = load_be16(p->data + off + 2);
		off += TAG_BYTES;
		type = load_be16(p->data + off);
	}
	p->ethertype = type;
	return off;
}

static void parse(struct pkt *p)
{
	uint32_t off;

	if (p->len < ETH_HEADER) {
		p->drop = DROP_RUNT;
		return;
	}
	if (p->flags & PKT_F_TRUNCATED) {
		p->drop = DROP_TRUNCATED;
		return;
	}
	p->dmac = load_mac(p->data);
	p->smac = load_mac(p->data + 6);
	off = parse_tags(p);
	if (!off) {
		p->drop = DROP_RUNT;
		return;
	}
	off += 2;
	if (p->ethertype <= LENGTH_MAX) {
		const uint8_t *llc = p->data + off;

		if (off + SNAP_HEADER > p->hlen || llc[0] != 0xaa || llc[1] != 0xaa ||
			llc[2] != 0x03 || llc[3] || llc[4] || llc[5]) {
			p->flags |= PKT_F_LLC;
			return;
		}
		p->flags |= PKT_F_SNAP;
		p->ethertype = load_be16(llc + 6);
		off += SNAP_HEADER;
	}
	switch (p->ethertype) {
	case ETHERTYPE_IPV4:
		parse_ipv4(p, off);
		break;
	case ETHERTYPE_IPV6:
		parse_ipv6(p, off);
		break;
	case ETHERTYPE_ARP:
		if (off + ARP_BYTES <= p->hlen)
			p->flags |= PKT_F_ARP;
		break;
	default:
		break;
	}
}

void stage_parse(struct xt *xt, struct burst *b)
{
	(void)xt;
	burst_foreach_live (b, p)
		parse(p);
}
