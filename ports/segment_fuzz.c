/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fuzz entry of what reads frames before the walk does: the steering program's reading (steer.h), and
 * the cutting of long frames (segment.h). Input: two bytes of segment size, one of where layer 4
 * begins, then the frame.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/pkt.h"
#include "ports/segment.h"
#include "ports/steer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "segment_fuzz: does not hold: %s\n", what);
	abort();
}

/* Every byte of the payload leaves once, in order, in frames that fit. */
static void cut(const uint8_t *frame, uint32_t len, uint32_t size, uint32_t l4)
{
	uint8_t out[PKT_LEN_MAX];
	struct segment s;
	uint32_t at, n;

	if (!segment_start(&s, frame, len, size, l4))
		return;
	at = s.header;
	while ((n = segment_next(&s, out)) != 0) {
		must(n <= PKT_LEN_MAX && n > s.header && n - s.header <= size, "a segment fits");
		must(at + n - s.header <= len, "there is no more than was given");
		must(!memcmp(out + s.header, frame + at, n - s.header),
			"the payload is the frame's");
		at += n - s.header;
	}
	must(at == len, "all of the payload is out");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t mac[6] = {2, 0, 0, 0, 0, 1};
	struct steer_frame steered;
	uint32_t len;
	uint8_t *frame;

	if (size < 3 || size > 65536)
		return 0;
	len = (uint32_t)size - 3;
	frame = malloc(len ? len : 1);
	must(frame != NULL, "there is memory");
	memcpy(frame, data + 3, len);
	steer_read(frame, frame + len, mac, &steered);
	cut(frame, len, load_be16(data), data[2]);
	free(frame);
	return 0;
}
