/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pcapng_input: the sliding buffer of the pcapng reader, and what all blocks have in common.
 */
#include "ports/pcapng_input.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define OPT_END 0

int pcapng_fail(struct pcapng_reader *r, enum pcapng_error_kind kind, const char *format, ...)
{
	struct pcapng_error *e = &r->failed;
	va_list args;
	int n;

	*e = (struct pcapng_error){.kind = kind, .block = r->block, .offset = r->offset};
	n = snprintf(e->text, sizeof e->text, "block %" PRIu64 " at offset %" PRIu64 ": ", r->block,
		r->offset);
	va_start(args, format);
	vsnprintf(e->text + n, sizeof e->text - (size_t)n, format, args);
	va_end(args);
	return -1;
}

int pcapng_fill(struct pcapng_reader *r, size_t n)
{
	memmove(r->buf, r->buf + r->pos, r->end - r->pos);
	r->base += r->pos;
	r->end -= r->pos;
	r->pos = 0;
	while (r->end < n) {
		ssize_t got = r->read(r->context, r->buf + r->end, PCAPNG_BUFFER_SIZE - r->end);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			int error = errno;

			pcapng_fail(r, PCAPNG_SYSTEM, "cannot read: %s", strerror(error));
			r->failed.sys_errno = error;
			return -1;
		}
		if (got == 0)
			return 0;
		r->end += (size_t)got;
	}
	return 1;
}

int pcapng_need(struct pcapng_reader *r, size_t n, uint32_t length)
{
	int rc = pcapng_have(r, n);

	if (rc == 0)
		return pcapng_fail(r, PCAPNG_TRUNCATED,
			"the file ends after %" PRIu64 " of the %" PRIu32 " bytes of this block",
			r->base + r->end - r->offset, length);
	return rc < 0 ? -1 : 0;
}

int pcapng_check_length(struct pcapng_reader *r, uint32_t length, uint32_t min)
{
	if (length < min)
		return pcapng_fail(r, PCAPNG_DAMAGED,
			"block length %" PRIu32 ", expected at least %" PRIu32, length, min);
	if (length % 4 != 0)
		return pcapng_fail(r, PCAPNG_DAMAGED,
			"block length %" PRIu32 ", expected a multiple of 4", length);
	if (length > r->section_end - r->offset)
		return pcapng_fail(r, PCAPNG_DAMAGED,
			"block length %" PRIu32 ", but its section ends after %" PRIu64 " bytes",
			length, r->section_end - r->offset);
	return 0;
}

int pcapng_whole(struct pcapng_reader *r, uint32_t length, uint32_t min)
{
	if (pcapng_check_length(r, length, min) < 0)
		return -1;
	if (length > PCAPNG_BLOCK_MAX)
		return pcapng_fail(r, PCAPNG_LIMIT,
			"block length %" PRIu32 ", packets and interfaces have at most %d bytes",
			length, PCAPNG_BLOCK_MAX);
	return pcapng_need(r, length, length);
}

int pcapng_finish(struct pcapng_reader *r, const uint8_t *trailer, uint32_t length)
{
	uint32_t again = pcapng_get32(r, trailer);

	if (again != length)
		return pcapng_fail(r, PCAPNG_DAMAGED,
			"the block starts with length %" PRIu32 " and ends with length %" PRIu32
			", expected twice the same",
			length, again);
	r->pos = (size_t)(trailer + 4 - r->buf);
	return 0;
}

int pcapng_discard(struct pcapng_reader *r, uint32_t length, uint32_t done)
{
	uint32_t left = length - done - 4;

	r->pos += done;
	while (left > 0) {
		size_t n;

		if (pcapng_need(r, 1, length) < 0)
			return -1;
		n = r->end - r->pos;
		if (n > left)
			n = left;
		r->pos += n;
		left -= (uint32_t)n;
	}
	if (pcapng_need(r, 4, length) < 0)
		return -1;
	return pcapng_finish(r, r->buf + r->pos, length);
}

int pcapng_next_option(
	struct pcapng_reader *r, const uint8_t **p, const uint8_t *end, struct pcapng_option *o)
{
	size_t left = (size_t)(end - *p);

	if (left < 4)
		return 0;
	o->code = pcapng_get16(r, *p);
	o->length = pcapng_get16(r, *p + 2);
	o->value = *p + 4;
	if (o->code == OPT_END)
		return 0;
	if (((o->length + 3u) & ~3u) > left - 4)
		return pcapng_fail(r, PCAPNG_DAMAGED,
			"option %u has length %u, but the block has %zu bytes left", o->code,
			o->length, left - 4);
	*p += 4 + ((o->length + 3u) & ~3u);
	return 1;
}

int pcapng_option_length(struct pcapng_reader *r, const char *name, const struct pcapng_option *o,
	unsigned int expected)
{
	if (o->length == expected)
		return 0;
	return pcapng_fail(r, PCAPNG_DAMAGED, "option %s has length %u, expected %u", name,
		o->length, expected);
}

struct pcapng_reader *pcapng_reader_create(
	pcapng_read_fn read, void *context, struct pcapng_error *err)
{
	struct pcapng_reader *r = calloc(1, sizeof *r);
	uint8_t *buf = malloc(PCAPNG_BUFFER_SIZE);

	if (r == NULL || buf == NULL) {
		*err = (struct pcapng_error){.kind = PCAPNG_SYSTEM, .sys_errno = ENOMEM};
		snprintf(err->text, sizeof err->text, "no memory for a reader");
		free(r);
		free(buf);
		return NULL;
	}
	r->read = read;
	r->context = context;
	r->buf = buf;
	r->section_end = UINT64_MAX;
	r->fd = -1;
	*err = (struct pcapng_error){.kind = PCAPNG_OK};
	return r;
}

static ssize_t read_fd(void *context, void *buf, size_t len)
{
	return read(*(const int *)context, buf, len);
}

struct pcapng_reader *pcapng_reader_open(const char *path, struct pcapng_error *err)
{
	struct pcapng_reader *r = pcapng_reader_create(read_fd, NULL, err);
	int error;

	if (r == NULL)
		return NULL;
	r->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (r->fd < 0) {
		error = errno;
		pcapng_reader_close(r);
		*err = (struct pcapng_error){.kind = PCAPNG_SYSTEM, .sys_errno = error};
		snprintf(err->text, sizeof err->text, "cannot open: %s", strerror(error));
		return NULL;
	}
	r->context = &r->fd;
	return r;
}

void pcapng_reader_close(struct pcapng_reader *r)
{
	if (r == NULL)
		return;
	if (r->fd >= 0)
		close(r->fd);
	free(r->interfaces);
	free(r->buf);
	free(r);
}
