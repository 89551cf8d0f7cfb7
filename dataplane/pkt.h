/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_PKT_H
#define VEX_DATAPLANE_PKT_H

/*
 * A packet as the stages see it: two cache lines of metadata over an opaque buffer.
 *
 * The same stage files compile against DPDK buffers (pkt_dpdk.h) and plain ones (pkt_plain.h);
 * nothing else knows which. A stage reads and writes only the first hlen bytes, which are
 * contiguous at data and, when hlen < len, private to this packet: the rest is a payload that
 * copies share and nobody writes.
 */

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "dataplane/clock.h"
#include "dataplane/drop.h"

struct buf;
struct vlan;

#define PKT_HEADROOM	128u  /* bytes free before a received frame, for tags and tunnels */
#define PKT_PRIVATE_MIN 128u  /* bytes at least that a copy does not share */
#define PKT_DEEP_COPY	512u  /* frames up to here are copied whole */
#define PKT_LEN_MAX	9234u /* longest frame that is kept whole: MTU 9216, two tags, to spare */
#define PKT_HEAD_MAX	256u  /* bytes kept of a longer one, which no port accepts */

/* What the parser found. */
#define PKT_F_SNAP	 (1u << 0) /* 802.3 length with LLC/SNAP; ethertype is SNAP's */
#define PKT_F_LLC	 (1u << 1) /* 802.3 length with LLC and no SNAP */
#define PKT_F_CTAG	 (1u << 2) /* first tag is 0x8100: the frame is (priority-)tagged */
#define PKT_F_ARP	 (1u << 3)
#define PKT_F_IPV4	 (1u << 4) /* header is complete and its lengths make sense */
#define PKT_F_IPV6	 (1u << 5)
#define PKT_F_FRAGMENT	 (1u << 6) /* any fragment, the first too */
#define PKT_F_IP_OPTIONS (1u << 7)
#define PKT_F_L4	 (1u << 8) /* l4_off is valid and the L4 header is complete */
#define PKT_F_IP_BAD	 (1u << 9) /* says IP, but the header is malformed */
/* What the stages decided. */
#define PKT_F_PUNT	   (1u << 16) /* for the routing engine only */
#define PKT_F_NO_LEARN	   (1u << 17)
#define PKT_F_STP_LEARNING (1u << 19)
#define PKT_F_TRUNCATED	   (1u << 18) /* set by receive: the capture holds less than the frame */

enum pkt_class {
	PKT_KNOWN_UNICAST,
	PKT_UNKNOWN_UNICAST,
	PKT_BROADCAST,
	PKT_MULTICAST,
};

struct pkt {
	/* First line: the frame. */
	uint8_t *data;
	struct buf *buf;
	vex_time time;	 /* when its last bit arrived */
	uint64_t number; /* of the received packet, from 0; copies keep it */
	uint32_t len;	 /* of the frame, without FCS */
	uint16_t hlen;	 /* contiguous and private bytes at data */
	uint16_t in_port;
	uint16_t in_lport;
	uint16_t out_port;
	uint16_t out_lport;
	uint16_t pad;
	uint32_t flags;	    /* PKT_F_* */
	uint8_t drop;	    /* enum drop_reason */
	uint8_t class;	    /* enum pkt_class */
	uint16_t ethertype; /* after the tags; host order */
	uint32_t pad2;
	uint16_t bd;
	uint8_t tags;	/* number seen, at most 2 */
	uint8_t l3_off; /* from data; 0 if there is no IP header */
	/* Second line: what the stages found out. */
	uint64_t dmac; /* 48 bits, first octet highest */
	uint64_t smac;
	const struct vlan *vlan; /* valid within the burst only */
	uint16_t tci[2];	 /* of the first two tags, host order */
	uint16_t l4_off;
	uint8_t ip_proto;
	uint8_t l4_ports[4]; /* of TCP and UDP, as in the header */
	uint8_t spare[29];
};
static_assert(sizeof(struct pkt) == 128, "two cache lines");
static_assert(offsetof(struct pkt, dmac) == 64, "the frame is the first line");

#define ETHERTYPE_CTAG 0x8100
#define ETHERTYPE_STAG 0x88a8

static inline int pkt_is_tag_type(uint16_t type)
{
	return type == ETHERTYPE_CTAG || type == ETHERTYPE_STAG;
}

/* Bytes that count against an MTU: without FCS and without up to two tags. */
static inline uint32_t pkt_mtu_len(const struct pkt *p)
{
	return p->len - 4u * p->tags;
}

static inline uint16_t load_be16(const uint8_t *b)
{
	return (uint16_t)(b[0] << 8 | b[1]);
}

static inline void store_be16(uint8_t *b, uint16_t v)
{
	b[0] = (uint8_t)(v >> 8);
	b[1] = (uint8_t)v;
}

/* An address as a number, first octet highest. */
static inline uint64_t load_mac(const uint8_t *b)
{
	return (uint64_t)b[0] << 40 | (uint64_t)b[1] << 32 | (uint64_t)b[2] << 24 |
	       (uint64_t)b[3] << 16 | (uint64_t)b[4] << 8 | b[5];
}

/* All zeros, by eight vector stores: a call of memset, or rep stos, costs more than the two lines. */
static inline void pkt_clear(struct pkt *p)
{
	typedef long long line __attribute__((vector_size(16), may_alias));
	line *l = (line *)p;
	const line zero = {0, 0};

	l[0] = zero;
	l[1] = zero;
	l[2] = zero;
	l[3] = zero;
	l[4] = zero;
	l[5] = zero;
	l[6] = zero;
	l[7] = zero;
}

#define MAC_BROADCAST UINT64_C(0xffffffffffff)
#define MAC_GROUP_BIT (UINT64_C(1) << 40)

#endif
