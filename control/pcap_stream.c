/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "control/monitor_traffic.h"

#define HEADER_BYTES  24u
#define RECORD_BYTES  16u
#define MAGIC_US      0xa1b2c3d4u
#define MAGIC_NS      0xa1b23c4du
#define LINK_ETHERNET 1u
#define NS_PER_SECOND UINT64_C(1000000000)

struct pcap_header {
	uint32_t magic;
	uint16_t major, minor;
	int32_t zone;
	uint32_t accuracy;
	uint32_t snaplen;
	uint32_t link;
};

struct pcap_record {
	uint32_t seconds;
	uint32_t fraction;
	uint32_t captured;
	uint32_t original;
};

_Static_assert(sizeof(struct pcap_header) == HEADER_BYTES, "as in a file");
_Static_assert(sizeof(struct pcap_record) == RECORD_BYTES, "as in a file");

uint8_t *pcap_stream_room(struct pcap_stream *s, size_t *room)
{
	*room = sizeof(s->buf) - s->n;
	return s->buf + s->n;
}

static void drop_first(struct pcap_stream *s, size_t n)
{
	s->n -= n;
	memmove(s->buf, s->buf + n, s->n);
}

static int begin(struct pcap_stream *s)
{
	struct pcap_header header;

	if (s->n < HEADER_BYTES)
		return 0;
	memcpy(&header, s->buf, HEADER_BYTES);
	if ((header.magic != MAGIC_US && header.magic != MAGIC_NS) ||
		(header.link & 0xffff) != LINK_ETHERNET)
		return -1;
	s->ns_per_unit = header.magic == MAGIC_NS ? 1 : 1000;
	s->begun = true;
	drop_first(s, HEADER_BYTES);
	return 1;
}

int pcap_stream_next(struct pcap_stream *s, struct pcap_frame *frame)
{
	struct pcap_record record;
	uint64_t ns;
	int done;

	if (!s->begun && (done = begin(s)) <= 0)
		return done;
	/* The frame before is still in the buffer. */
	if (s->taken > 0)
		drop_first(s, s->taken);
	s->taken = 0;
	if (s->n < RECORD_BYTES)
		return 0;
	memcpy(&record, s->buf, RECORD_BYTES);
	ns = (uint64_t)record.fraction * s->ns_per_unit;
	if (record.captured > sizeof(s->buf) - RECORD_BYTES || record.captured > record.original ||
		ns >= NS_PER_SECOND)
		return -1;
	if (s->n < RECORD_BYTES + record.captured)
		return 0;
	*frame = (struct pcap_frame){
		.time_ns = record.seconds * NS_PER_SECOND + ns,
		.data = s->buf + RECORD_BYTES,
		.captured = record.captured,
		.original = record.original,
	};
	s->taken = RECORD_BYTES + record.captured;
	return 1;
}
