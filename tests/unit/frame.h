/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Packets for tests, built field by field from the standards and not by code of the switch.
 *
 *	struct frame f = frame_new(MAC(2), MAC(1));
 *	frame_tag(&f, 0x8100, 10);
 *	frame_ipv4(&f, &(struct frame_ip){.proto = 17, .src = 1, .dst = 2}, 8 + 100);
 *	frame_udp(&f, 1000, 2000, 108);
 *	frame_fill(&f, f.ip_end);
 *
 * A frame that would grow over FRAME_MAX bytes ends the program: that is a mistake of the test.
 */
#ifndef TESTS_UNIT_FRAME_H
#define TESTS_UNIT_FRAME_H

#include <stddef.h>
#include <stdint.h>

#define FRAME_MAX 10000u

struct frame {
	uint32_t len;
	uint32_t ip_end; /* where the datagram begun last ends, by its header */
	uint8_t b[FRAME_MAX];
};

/* Station n: a locally administered unicast address. */
#define MAC(n)	      (UINT64_C(0x020000000000) + (n))
#define MAC_ALL	      UINT64_C(0xffffffffffff)
#define MAC_STP	      UINT64_C(0x0180c2000000)
#define MAC_MULTI(n)  (UINT64_C(0x01005e000000) + (n))
#define MAC_SWITCH(n) (UINT64_C(0x02ee44000000) + (n)) /* the switch's own, by port */

/* Destination and source; the type field is still to come. */
struct frame frame_new(uint64_t dst, uint64_t src);

/* A whole frame of len bytes: untagged (vid 0) or with a C-tag, type 0x88b5, a counting payload. */
struct frame frame_of(uint64_t dst, uint64_t src, unsigned int vid, uint32_t len);

/* Appends a tag, a type field (or length), bytes, or counting bytes until the frame has len. */
void frame_tag(struct frame *f, uint16_t tpid, uint16_t tci);
void frame_type(struct frame *f, uint16_t type);
void frame_bytes(struct frame *f, const void *bytes, size_t n);
void frame_fill(struct frame *f, uint32_t len);

struct frame_ip {
	uint8_t proto;	      /* protocol, or first next header */
	uint16_t fragment;    /* IPv4: flags and offset as in the header */
	uint8_t option_words; /* IPv4: words of options (no-operation) */
	uint32_t src;	      /* the address, or the last 32 bits of it */
	uint32_t dst;
};

/* Type field and header of a datagram whose payload will have payload bytes; sets ip_end. */
void frame_ipv4(struct frame *f, const struct frame_ip *ip, uint32_t payload);
void frame_ipv6(struct frame *f, const struct frame_ip *ip, uint32_t payload);

/* The first 8 bytes of UDP; frame_tcp: the 20 bytes of TCP without options. */
void frame_udp(struct frame *f, uint16_t src, uint16_t dst, uint16_t len);
void frame_tcp(struct frame *f, uint16_t src, uint16_t dst);

/* A whole ARP request (RFC 826), type field included. */
void frame_arp(struct frame *f, uint64_t sender, uint32_t sender_ip, uint32_t target_ip);

#endif
