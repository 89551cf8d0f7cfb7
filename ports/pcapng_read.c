/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pcapng reader: what the blocks mean. How their bytes get here is in pcapng_input.c. "Section
 * n.n" is of draft-ietf-opsawg-pcapng.
 */
#include "ports/pcapng_input.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_IDB 1
#define BLOCK_OPB 2
#define BLOCK_SPB 3
#define BLOCK_EPB 6
#define BLOCK_SHB 0x0a0d0d0a /* reads the same in either byte order */

#define MAGIC	      0x1a2b3c4d
#define MAGIC_SWAPPED 0x4d3c2b1a

#define OPT_EPB_FLAGS	2
#define OPT_IF_NAME	2
#define OPT_IF_TSRESOL	9
#define OPT_IF_FCSLEN	13
#define OPT_IF_TSOFFSET 14

#define LINKTYPE_ETHERNET 1

/* Bytes of a block without its options: type, both lengths, and the fixed part. */
#define SHB_MIN 28
#define IDB_MIN 20
#define EPB_MIN 32

#define FLAGS_FCS(flags) ((flags) >> 5 & 0xf) /* section 4.3.1, bits 5-8 */

/* The first bytes are not those of a section header: say what the file is instead. */
static int not_pcapng(struct pcapng_reader *r, uint32_t first)
{
	const uint8_t *p = r->buf + r->pos;

	/* Classic pcap in µs and ns, each in both byte orders. */
	if (first == 0xa1b2c3d4 || first == 0xd4c3b2a1 || first == 0xa1b23c4d ||
		first == 0x4d3cb2a1)
		return pcapng_fail(r, PCAPNG_NOT_PCAPNG,
			"classic pcap, which does not name its ports; write pcapng with an if_name "
			"for each interface (`editcap -F pcapng` converts, but adds no if_name)");
	if ((p[0] == 0x1f && p[1] == 0x8b) || memcmp(p, "\x28\xb5\x2f\xfd", 4) == 0 ||
		memcmp(p, "\x04\x22\x4d\x18", 4) == 0)
		return pcapng_fail(
			r, PCAPNG_NOT_PCAPNG, "the file is compressed; uncompress it first");
	return pcapng_fail(r, PCAPNG_NOT_PCAPNG,
		"not a pcapng file: it starts with %02x%02x%02x%02x, expected 0a0d0d0a", p[0], p[1],
		p[2], p[3]);
}

/* Section 4.1. */
static int section_header(struct pcapng_reader *r)
{
	uint32_t length, magic;
	uint16_t major, minor;
	int64_t size;

	if (r->in_section && r->section_end != UINT64_MAX && r->offset != r->section_end)
		return pcapng_fail(r, PCAPNG_DAMAGED,
			"a section header %" PRIu64 " bytes before the end of the section",
			r->section_end - r->offset);
	r->section_end = UINT64_MAX;
	if (pcapng_need(r, PCAPNG_BLOCK_MIN, SHB_MIN) < 0)
		return -1;
	memcpy(&magic, r->buf + r->pos + 8, 4);
	if (magic != MAGIC && magic != MAGIC_SWAPPED)
		return pcapng_fail(r, PCAPNG_DAMAGED,
			"byte-order magic %08" PRIx32 ", expected 1a2b3c4d in either order", magic);
	r->swap = magic == MAGIC_SWAPPED;
	length = pcapng_get32(r, r->buf + r->pos + 4);
	if (pcapng_check_length(r, length, SHB_MIN) < 0 || pcapng_need(r, 24, length) < 0)
		return -1;
	major = pcapng_get16(r, r->buf + r->pos + 12);
	minor = pcapng_get16(r, r->buf + r->pos + 14);
	size = (int64_t)pcapng_get64(r, r->buf + r->pos + 16);
	if (major != 1 || (minor != 0 && minor != 2))
		return pcapng_fail(r, PCAPNG_UNSUPPORTED,
			"pcapng version %u.%u, expected 1.0 or 1.2", major, minor);
	if (size < -1 || size % 4 > 0)
		return pcapng_fail(r, PCAPNG_DAMAGED,
			"section length %" PRId64 ", expected a multiple of 4 or -1", size);
	if (pcapng_discard(r, length, 24) < 0)
		return -1;
	/* 0 from writers that do not know either (scapy): an empty section needs no end. */
	if (size > 0)
		r->section_end = r->offset + length + (uint64_t)size;
	r->in_section = true;
	r->section_first = r->count;
	return 0;
}

static int set_name(
	struct pcapng_reader *r, struct pcapng_interface *i, const struct pcapng_option *o)
{
	/* Section 3.5: a zero byte ends a string, though none need be there. */
	size_t n = strnlen((const char *)o->value, o->length);

	if (i->name[0] != '\0')
		return pcapng_fail(r, PCAPNG_DAMAGED, "two if_name options, expected one");
	if (n == 0)
		return pcapng_fail(
			r, PCAPNG_UNSUPPORTED, "if_name is empty, expected the name of a port");
	if (n >= PCAPNG_NAME_SIZE)
		return pcapng_fail(r, PCAPNG_LIMIT, "if_name has %zu bytes, expected at most %d", n,
			PCAPNG_NAME_SIZE - 1);
	for (size_t k = 0; k < n; k++)
		if (o->value[k] < 0x20 || o->value[k] == 0x7f)
			return pcapng_fail(r, PCAPNG_UNSUPPORTED,
				"if_name has the control character %02x, expected the name of a "
				"port",
				o->value[k]);
	memcpy(i->name, o->value, n);
	return 0;
}

static int interface_options(
	struct pcapng_reader *r, struct pcapng_described *i, const uint8_t *p, const uint8_t *end)
{
	uint8_t tsresol = PCAPNG_CLOCK_DEFAULT;
	int64_t tsoffset = 0;
	struct pcapng_option o;
	int more;

	while ((more = pcapng_next_option(r, &p, end, &o)) == 1) {
		switch (o.code) {
		case OPT_IF_NAME:
			if (set_name(r, &i->public, &o) < 0)
				return -1;
			break;
		case OPT_IF_TSRESOL:
			if (pcapng_option_length(r, "if_tsresol", &o, 1) < 0)
				return -1;
			tsresol = o.value[0];
			break;
		case OPT_IF_TSOFFSET:
			if (pcapng_option_length(r, "if_tsoffset", &o, 8) < 0)
				return -1;
			tsoffset = (int64_t)pcapng_get64(r, o.value);
			break;
		case OPT_IF_FCSLEN:
			if (pcapng_option_length(r, "if_fcslen", &o, 1) < 0)
				return -1;
			if (o.value[0] != 0)
				return pcapng_fail(r, PCAPNG_UNSUPPORTED,
					"if_fcslen is %u, expected 0: frames carry no FCS here; "
					"capture without it",
					o.value[0]);
			break;
		default:
			break;
		}
	}
	if (more == 0 && i->public.name[0] == '\0')
		return pcapng_fail(r, PCAPNG_UNSUPPORTED,
			"interface %" PRIu32 " has no if_name, expected the name of a port",
			r->count - r->section_first);
	i->clock = pcapng_clock_make(tsresol, tsoffset);
	return more;
}

/* Section 4.2. */
static int interface_description(struct pcapng_reader *r, uint32_t length)
{
	struct pcapng_described new = {.public = {.block = r->block, .offset = r->offset}};
	const uint8_t *p;
	uint16_t link;

	if (pcapng_whole(r, length, IDB_MIN) < 0)
		return -1;
	p = r->buf + r->pos;
	link = pcapng_get16(r, p + 8);
	new.public.snaplen = pcapng_get32(r, p + 12);
	if (link != LINKTYPE_ETHERNET)
		return pcapng_fail(
			r, PCAPNG_UNSUPPORTED, "link type %u, expected 1 (Ethernet)", link);
	if (r->count == PCAPNG_INTERFACES_MAX)
		return pcapng_fail(r, PCAPNG_LIMIT, "more than %d interfaces in one file",
			PCAPNG_INTERFACES_MAX);
	if (interface_options(r, &new, p + 16, p + length - 4) < 0)
		return -1;
	if (r->count == r->room) {
		uint32_t room = r->room ? 2 * r->room : 64;
		struct pcapng_described *more = reallocarray(r->interfaces, room, sizeof *more);

		if (more == NULL) {
			pcapng_fail(r, PCAPNG_SYSTEM, "no memory for another interface");
			r->failed.sys_errno = ENOMEM;
			return -1;
		}
		r->interfaces = more;
		r->room = room;
	}
	r->interfaces[r->count++] = new;
	return pcapng_finish(r, p + length - 4, length);
}

static int packet_options(struct pcapng_reader *r, const uint8_t *p, const uint8_t *end)
{
	struct pcapng_option o;
	int more;

	while ((more = pcapng_next_option(r, &p, end, &o)) == 1) {
		uint32_t fcs;

		if (o.code != OPT_EPB_FLAGS)
			continue;
		if (pcapng_option_length(r, "epb_flags", &o, 4) < 0)
			return -1;
		fcs = FLAGS_FCS(pcapng_get32(r, o.value));
		if (fcs != 0)
			return pcapng_fail(r, PCAPNG_UNSUPPORTED,
				"epb_flags has FCS length %" PRIu32 ", expected 0: frames carry no "
				"FCS here; capture without it",
				fcs);
	}
	return more;
}

/* Section 4.3. Returns 1 like pcapng_next(). */
static int enhanced_packet(struct pcapng_reader *r, uint32_t length, struct pcapng_packet *out)
{
	uint32_t interface, captured, original, padded;
	const uint8_t *p, *end;
	uint64_t stamp;

	if (pcapng_whole(r, length, EPB_MIN) < 0)
		return -1;
	p = r->buf + r->pos;
	end = p + length - 4;
	interface = pcapng_get32(r, p + 8);
	stamp = (uint64_t)pcapng_get32(r, p + 12) << 32 | pcapng_get32(r, p + 16);
	captured = pcapng_get32(r, p + 20);
	original = pcapng_get32(r, p + 24);
	if (interface >= r->count - r->section_first)
		return pcapng_fail(r, PCAPNG_DAMAGED,
			"a packet of interface %" PRIu32 ", but this section has described %" PRIu32
			" so far",
			interface, r->count - r->section_first);
	if (captured > PCAPNG_PACKET_MAX)
		return pcapng_fail(r, PCAPNG_LIMIT,
			"captured length %" PRIu32 ", expected at most %d", captured,
			PCAPNG_PACKET_MAX);
	padded = (captured + 3) & ~UINT32_C(3);
	if (padded > length - EPB_MIN)
		return pcapng_fail(r, PCAPNG_DAMAGED,
			"captured length %" PRIu32 ", but the block has %" PRIu32 " bytes left",
			captured, length - EPB_MIN);
	if (original < captured || original == 0)
		return pcapng_fail(r, PCAPNG_DAMAGED,
			"original length %" PRIu32
			", expected at least the captured length %" PRIu32 " and at least 1",
			original, captured);
	interface += r->section_first;
	if (!pcapng_clock_ns(&r->interfaces[interface].clock, stamp, &out->time_ns))
		return pcapng_fail(r, PCAPNG_DAMAGED,
			"time stamp %" PRIu64 " of %s is not between the years 1970 and 2554",
			stamp, r->interfaces[interface].public.name);
	if (packet_options(r, p + 28 + padded, end) < 0)
		return -1;
	out->interface = interface;
	out->captured = captured;
	out->original = original;
	out->data = p + 28;
	out->block = r->block;
	out->offset = r->offset;
	return pcapng_finish(r, end, length) < 0 ? -1 : 1;
}

static int end_of_file(struct pcapng_reader *r)
{
	if (!r->in_section)
		return pcapng_fail(
			r, PCAPNG_NOT_PCAPNG, "the file is empty, expected a section header");
	if (r->section_end != UINT64_MAX && r->offset != r->section_end)
		return pcapng_fail(r, PCAPNG_TRUNCATED,
			"the file ends %" PRIu64 " bytes before the end of the section",
			r->section_end - r->offset);
	return 0;
}

/* One block. Returns 1 for a packet, 2 for any other block, 0 at the end, -1 on failure. */
static int next_block(struct pcapng_reader *r, struct pcapng_packet *p)
{
	uint32_t first, length;
	int rc;

	r->block++;
	r->offset = r->base + r->pos;
	rc = pcapng_have(r, 8);
	if (rc < 0)
		return -1;
	if (rc == 0 && r->end == r->pos)
		return end_of_file(r);
	if (rc == 0 && r->in_section)
		return pcapng_fail(r, PCAPNG_TRUNCATED,
			"the file ends after %zu bytes of this block, expected at least %d",
			r->end - r->pos, PCAPNG_BLOCK_MIN);
	if (rc == 0)
		return pcapng_fail(r, PCAPNG_NOT_PCAPNG,
			"the file has only %zu bytes, expected a section header of at least %d",
			r->end - r->pos, SHB_MIN);

	memcpy(&first, r->buf + r->pos, 4);
	if (first == BLOCK_SHB)
		return section_header(r) < 0 ? -1 : 2;
	if (!r->in_section)
		return not_pcapng(r, first);
	length = pcapng_get32(r, r->buf + r->pos + 4);
	switch (pcapng_get32(r, r->buf + r->pos)) {
	case BLOCK_EPB:
		return enhanced_packet(r, length, p);
	case BLOCK_IDB:
		return interface_description(r, length) < 0 ? -1 : 2;
	case BLOCK_SPB:
		return pcapng_fail(r, PCAPNG_UNSUPPORTED,
			"a simple packet block, which has no time stamp; capture with enhanced "
			"packet blocks (dumpcap does)");
	case BLOCK_OPB:
		return pcapng_fail(r, PCAPNG_UNSUPPORTED,
			"an obsolete packet block; convert the file with `editcap -F pcapng IN "
			"OUT`");
	default:
		if (pcapng_check_length(r, length, PCAPNG_BLOCK_MIN) < 0 ||
			pcapng_discard(r, length, 8) < 0)
			return -1;
		return 2;
	}
}

int pcapng_next(struct pcapng_reader *r, struct pcapng_packet *p, struct pcapng_error *err)
{
	int rc;

	if (r->failed.kind == PCAPNG_OK) {
		while ((rc = next_block(r, p)) == 2)
			;
		if (rc >= 0)
			return rc;
	}
	*err = r->failed;
	return -1;
}

uint32_t pcapng_interface_count(const struct pcapng_reader *r)
{
	return r->count;
}

const struct pcapng_interface *pcapng_interface(const struct pcapng_reader *r, uint32_t i)
{
	return i < r->count ? &r->interfaces[i].public : NULL;
}
