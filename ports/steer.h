/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_PORTS_STEER_H
#define VEX_PORTS_STEER_H

/*
 * What the steering program (xdp_steer.bpf.c) and its loader (xdp_steer.c) share: the layout of its
 * maps, and the reading of a frame, which is plain code so that tests can run it.
 *
 * Addresses are of 16 bytes, IPv4 ones as ::ffff:a.b.c.d.
 */

#include <linux/types.h>

#define STEER_OWN_MAX	  256 /* addresses of an interface */
#define STEER_ENTRIES	  16  /* services; sources */
#define STEER_SOCKETS_MAX 64

/* The one element of the map `config`. */
struct steer_config {
	__u8 none;     /* nothing is the host's own */
	__u8 services; /* only those of the map */
	__u8 sources;  /* only from those of the map */
	__u8 mac[6];
	__u8 zero[7];
};

/* Key of the map `sources`. */
struct steer_prefix {
	__u32 bits;
	__u8 address[16];
};

enum steer_kind {
	STEER_OTHER,	 /* for the switch, whatever the addresses */
	STEER_NEIGHBOUR, /* for the host if `own` is its address */
	STEER_TRAFFIC,	 /* the same, and service and source are among the listed */
};

struct steer_frame {
	__u32 service; /* protocol << 16 | destination port; 0: a later fragment */
	__u8 own[16];
	__u8 from[16];
};

#define STEER_INLINE static inline __attribute__((always_inline))

STEER_INLINE __u32 steer_be16(const __u8 *b)
{
	return (__u32)b[0] << 8 | b[1];
}

STEER_INLINE void steer_copy(__u8 *to, const __u8 *from, int n)
{
	for (int i = 0; i < n; i++)
		to[i] = from[i];
}

STEER_INLINE void steer_v4(__u8 address[16], const __u8 *b)
{
	for (int i = 0; i < 10; i++)
		address[i] = 0;
	address[10] = address[11] = 0xff;
	steer_copy(address + 12, b, 4);
}

/* The service of TCP, UDP or ICMP at b; 0 if it is none of them or its header is cut. */
STEER_INLINE __u32 steer_service(__u32 protocol, const __u8 *b, const __u8 *end)
{
	if (b + 4 > end)
		return 0;
	if (protocol == 1 || protocol == 58)
		return 1u << 16;
	if (protocol != 6 && protocol != 17)
		return 0;
	return protocol << 16 | steer_be16(b + 2);
}

STEER_INLINE enum steer_kind steer_arp(const __u8 *b, const __u8 *end, struct steer_frame *f)
{
	if (b + 28 > end || steer_be16(b) != 1 || steer_be16(b + 2) != 0x0800 || b[4] != 6 ||
		b[5] != 4)
		return STEER_OTHER;
	steer_v4(f->own, b + 24);
	return STEER_NEIGHBOUR;
}

STEER_INLINE enum steer_kind steer_ipv4(const __u8 *b, const __u8 *end, struct steer_frame *f)
{
	__u32 header;

	if (b + 20 > end || b[0] >> 4 != 4)
		return STEER_OTHER;
	header = (b[0] & 15u) * 4;
	steer_v4(f->own, b + 16);
	steer_v4(f->from, b + 12);
	f->service = 0;
	if (header < 20)
		return STEER_OTHER;
	if (steer_be16(b + 6) & 0x1fff)
		return b[9] == 1 || b[9] == 6 || b[9] == 17 ? STEER_TRAFFIC : STEER_OTHER;
	f->service = steer_service(b[9], b + header, end);
	return f->service ? STEER_TRAFFIC : STEER_OTHER;
}

STEER_INLINE enum steer_kind steer_ipv6(const __u8 *b, const __u8 *end, struct steer_frame *f)
{
	const __u8 *payload = b + 40;
	__u32 next;

	if (payload > end || b[0] >> 4 != 6)
		return STEER_OTHER;
	steer_copy(f->own, b + 24, 16);
	steer_copy(f->from, b + 8, 16);
	f->service = 0;
	next = b[6];
	if (next == 44) { /* a fragment */
		if (payload + 8 > end)
			return STEER_OTHER;
		next = payload[0];
		if (steer_be16(payload + 2) & 0xfff8)
			return next == 58 || next == 6 || next == 17 ? STEER_TRAFFIC : STEER_OTHER;
		payload += 8;
	}
	if (next == 58 && payload + 24 <= end && payload[0] == 135) {
		steer_copy(f->own, payload + 8, 16); /* who is asked for */
		return STEER_NEIGHBOUR;
	}
	f->service = steer_service(next, payload, end);
	if (next == 58 && payload + 1 <= end && payload[0] == 136)
		return STEER_NEIGHBOUR;
	return f->service ? STEER_TRAFFIC : STEER_OTHER;
}

/*
 * Reads a frame from data up to end. Traffic is in frames to the interface's own MAC address;
 * neighbour discovery in those and in frames to groups. Tagged frames are the switch's.
 */
STEER_INLINE enum steer_kind steer_read(
	const __u8 *data, const __u8 *end, const __u8 mac[6], struct steer_frame *f)
{
	enum steer_kind kind = STEER_OTHER;
	_Bool mine = 1;

	if (data + 14 > end)
		return STEER_OTHER;
	for (int i = 0; i < 6; i++)
		mine = mine && data[i] == mac[i];
	if (!mine && !(data[0] & 1))
		return STEER_OTHER;
	if (steer_be16(data + 12) == 0x0806)
		kind = steer_arp(data + 14, end, f);
	else if (steer_be16(data + 12) == 0x0800)
		kind = steer_ipv4(data + 14, end, f);
	else if (steer_be16(data + 12) == 0x86dd)
		kind = steer_ipv6(data + 14, end, f);
	return kind == STEER_TRAFFIC && !mine ? STEER_OTHER : kind;
}

#endif
