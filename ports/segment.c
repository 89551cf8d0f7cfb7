/* SPDX-License-Identifier: BSD-3-Clause */
#include "ports/segment.h"

#include <string.h>

#include "dataplane/pkt.h"

#define TYPE_IPV4 0x0800
#define TYPE_IPV6 0x86dd
#define PROTO_TCP 6
#define PROTO_UDP 17

#define TCP_FIN 0x01
#define TCP_PSH 0x08
#define TCP_CWR 0x80

uint64_t checksum_add(uint64_t sum, const uint8_t *b, uint32_t n)
{
	for (; n >= 2; n -= 2, b += 2)
		sum += load_be16(b);
	return n ? sum + (uint64_t)(b[0] << 8) : sum;
}

uint16_t checksum_end(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* Where the header of IP is, behind the tags; 0 if there is none. */
static uint32_t find_ip(const uint8_t *data, uint32_t len)
{
	uint32_t at = 12;

	for (int tags = 0; tags < 2 && at + 6 <= len && pkt_is_tag_type(load_be16(data + at));
		tags++)
		at += 4;
	if (at + 2 + 20 > len)
		return 0;
	if (load_be16(data + at) == TYPE_IPV4 && data[at + 2] >> 4 == 4)
		return at + 2;
	return load_be16(data + at) == TYPE_IPV6 && at + 2 + 40 <= len ? at + 2 : 0;
}

bool segment_start(struct segment *s, const uint8_t *data, uint32_t len, uint32_t size, uint32_t l4)
{
	uint32_t l3 = find_ip(data, len);
	uint8_t protocol;

	if (!l3 || !size || l4 + 20 > len)
		return false;
	*s = (struct segment){.data = data, .len = len, .l3 = l3, .l4 = l4, .size = size};
	s->v6 = data[l3] >> 4 == 6;
	if (l4 < l3 + (s->v6 ? 40 : 20))
		return false;
	/* Behind headers of extension there is TCP, since nothing else is left to be cut so. */
	protocol = s->v6 ? data[l3 + 6] : data[l3 + 9];
	s->udp = protocol == PROTO_UDP;
	if (!s->udp && protocol != PROTO_TCP && !(s->v6 && l4 > l3 + 40))
		return false;
	s->header = l4 + (s->udp ? 8 : (data[l4 + 12] >> 4) * 4u);
	return s->header >= l4 + (s->udp ? 8 : 20) && s->header < len &&
	       s->header + size <= PKT_LEN_MAX;
}

static void write_ip(const struct segment *s, uint8_t *frame, uint32_t n)
{
	uint8_t *ip = frame + s->l3;

	if (s->v6) {
		store_be16(ip + 4, (uint16_t)(n - s->l3 - 40));
		return;
	}
	store_be16(ip + 2, (uint16_t)(n - s->l3));
	store_be16(ip + 4, (uint16_t)(load_be16(ip + 4) + s->number));
	store_be16(ip + 10, 0);
	store_be16(ip + 10, checksum_end(checksum_add(0, ip, s->l4 - s->l3)));
}

static void write_tcp(const struct segment *s, uint8_t *tcp, bool last)
{
	uint32_t sequence = (uint32_t)load_be16(tcp + 4) << 16 | load_be16(tcp + 6);

	sequence += s->at;
	store_be16(tcp + 4, (uint16_t)(sequence >> 16));
	store_be16(tcp + 6, (uint16_t)sequence);
	if (s->number)
		tcp[13] &= (uint8_t)~TCP_CWR;
	if (!last)
		tcp[13] &= (uint8_t) ~(TCP_FIN | TCP_PSH);
}

static void write_checksum(const struct segment *s, uint8_t *frame, uint32_t n)
{
	uint8_t *field = frame + s->l4 + (s->udp ? 6 : 16);
	uint64_t sum = n - s->l4 + (s->udp ? PROTO_UDP : PROTO_TCP);
	uint16_t check;

	store_be16(field, 0);
	sum = s->v6 ? checksum_add(sum, frame + s->l3 + 8, 32)
		    : checksum_add(sum, frame + s->l3 + 12, 8);
	check = checksum_end(checksum_add(sum, frame + s->l4, n - s->l4));
	store_be16(field, check || !s->udp ? check : 0xffff);
}

uint32_t segment_next(struct segment *s, uint8_t *frame)
{
	uint32_t left = s->len - s->header - s->at;
	uint32_t payload = left < s->size ? left : s->size;
	uint32_t n = s->header + payload;

	if (!left)
		return 0;
	memcpy(frame, s->data, s->header);
	memcpy(frame + s->header, s->data + s->header + s->at, payload);
	write_ip(s, frame, n);
	if (s->udp)
		store_be16(frame + s->l4 + 4, (uint16_t)(8 + payload));
	else
		write_tcp(s, frame + s->l4, payload == left);
	write_checksum(s, frame, n);
	s->at += payload;
	s->number++;
	return n;
}
