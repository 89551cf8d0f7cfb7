/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_PORTS_SEGMENT_H
#define VEX_PORTS_SEGMENT_H

/*
 * Frames that a sender on the same machine left whole for its network card to cut: TCP and UDP
 * segmentation offload, up to 64 KiB. On a wire they would be frames of the right size, and that is
 * what they become here: with lengths, identifications, sequence numbers, flags and checksums as the
 * card would have made them (RFC 791, 8200, 9293, 768).
 *
 *	if (segment_start(&s, data, len, size, l4))
 *		while ((n = segment_next(&s, frame)) != 0)
 *			... n bytes at frame ...
 *
 * The frame at data must stay until the last segment is out.
 */

#include <stdbool.h>
#include <stdint.h>

struct segment {
	const uint8_t *data;
	uint32_t len;
	uint32_t l3, l4;
	uint32_t header; /* bytes before the payload */
	uint32_t size;	 /* of the payload of a segment */
	uint32_t at;	 /* of the payload that is out */
	uint16_t number; /* of the next segment */
	bool v6;
	bool udp;
};

/*
 * Begins with a frame of TCP or UDP over IPv4 or IPv6, with up to two tags, whose header of layer 4 is
 * at l4. Each segment gets size bytes of payload, the last what is left. False if the frame is not
 * such a one, or a segment would be longer than PKT_LEN_MAX.
 */
bool segment_start(
	struct segment *s, const uint8_t *data, uint32_t len, uint32_t size, uint32_t l4);

/* Writes the next segment, at most PKT_LEN_MAX bytes; its length, 0 after the last. */
uint32_t segment_next(struct segment *s, uint8_t *frame);

/* The checksum of the internet over n bytes, not yet folded and complemented. */
uint64_t checksum_add(uint64_t sum, const uint8_t *b, uint32_t n);
uint16_t checksum_end(uint64_t sum);

#endif
