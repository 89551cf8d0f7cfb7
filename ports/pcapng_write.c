/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pcapng writer: blocks are put together in a buffer that goes out when the next block does not
 * fit. Always little-endian, whatever the machine, so that the same packets give the same bytes.
 * "Section n.n" is of draft-ietf-opsawg-pcapng.
 */
#include "ports/pcapng.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUFFER_SIZE (1024 * 1024)

#define SHB_LENGTH 28
#define EPB_LENGTH 32 /* without the packet */

#define OPT_IF_NAME    2
#define OPT_IF_TSRESOL 9

#define LINKTYPE_ETHERNET 1
#define TSRESOL_NS	  9

/* Type, lengths, link type, snap length; if_name without its value; if_tsresol; opt_endofopt. */
#define IDB_LENGTH (20 + 4 + 8 + 4)

_Static_assert(EPB_LENGTH + PCAPNG_PACKET_MAX <= BUFFER_SIZE, "any block fits into the buffer");

struct pcapng_writer {
	pcapng_write_fn write;
	void *context;
	uint8_t *buf;
	size_t len;
	uint32_t interfaces;
	int fd;			    /* what pcapng_writer_open() opened, or -1 */
	struct pcapng_error failed; /* kind PCAPNG_OK while all is well */
};

static uint8_t *put16(uint8_t *p, uint16_t v)
{
	v = htole16(v);
	memcpy(p, &v, sizeof v);
	return p + sizeof v;
}

static uint8_t *put32(uint8_t *p, uint32_t v)
{
	v = htole32(v);
	memcpy(p, &v, sizeof v);
	return p + sizeof v;
}

/* Zeros up to the next multiple of 4 after n bytes. */
static uint8_t *put_padding(uint8_t *p, size_t n)
{
	size_t padding = (4 - n % 4) % 4;

	memset(p, 0, padding);
	return p + padding;
}

static size_t padded(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

/* Fill *err for a failed system call; returns -1. */
static int system_error(struct pcapng_error *err, const char *what, int error)
{
	*err = (struct pcapng_error){.kind = PCAPNG_SYSTEM, .sys_errno = error};
	snprintf(err->text, sizeof err->text, "%s: %s", what, strerror(error));
	return -1;
}

/* Arguments that cannot be written; the writer goes on. */
__attribute__((cold, format(printf, 2, 3))) static int bad_argument(
	struct pcapng_error *err, const char *format, ...)
{
	va_list args;

	*err = (struct pcapng_error){.kind = PCAPNG_ARGUMENT};
	va_start(args, format);
	vsnprintf(err->text, sizeof err->text, format, args);
	va_end(args);
	return -1;
}

/* Write out the buffer; a failure is kept in w->failed. */
static int flush(struct pcapng_writer *w)
{
	size_t done = 0;

	while (done < w->len) {
		ssize_t n = w->write(w->context, w->buf + done, w->len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return system_error(&w->failed, "cannot write", n < 0 ? errno : EIO);
		done += (size_t)n;
	}
	w->len = 0;
	return 0;
}

/* Where a block of this length goes; NULL with *err filled if the writer has failed. */
static uint8_t *reserve(struct pcapng_writer *w, size_t length, struct pcapng_error *err)
{
	uint8_t *p;

	if (w->failed.kind != PCAPNG_OK || (BUFFER_SIZE - w->len < length && flush(w) < 0)) {
		*err = w->failed;
		return NULL;
	}
	p = w->buf + w->len;
	w->len += length;
	return p;
}

/* Section 4.1; the section length is not known while streaming. */
static void put_section_header(struct pcapng_writer *w)
{
	uint8_t *p = w->buf;

	p = put32(p, 0x0a0d0d0a);
	p = put32(p, SHB_LENGTH);
	p = put32(p, 0x1a2b3c4d);
	p = put16(p, 1);
	p = put16(p, 0);
	p = put32(p, UINT32_MAX);
	p = put32(p, UINT32_MAX);
	put32(p, SHB_LENGTH);
	w->len = SHB_LENGTH;
}

struct pcapng_writer *pcapng_writer_create(
	pcapng_write_fn write, void *context, struct pcapng_error *err)
{
	struct pcapng_writer *w = calloc(1, sizeof *w);
	uint8_t *buf = malloc(BUFFER_SIZE);

	if (w == NULL || buf == NULL) {
		system_error(err, "no memory for a writer", ENOMEM);
		free(w);
		free(buf);
		return NULL;
	}
	w->write = write;
	w->context = context;
	w->buf = buf;
	w->fd = -1;
	put_section_header(w);
	*err = (struct pcapng_error){.kind = PCAPNG_OK};
	return w;
}

static ssize_t write_fd(void *context, const void *buf, size_t len)
{
	return write(*(const int *)context, buf, len);
}

struct pcapng_writer *pcapng_writer_open(const char *path, struct pcapng_error *err)
{
	struct pcapng_writer *w = pcapng_writer_create(write_fd, NULL, err);

	if (w == NULL)
		return NULL;
	w->context = &w->fd;
	w->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (w->fd < 0) {
		system_error(err, "cannot create", errno);
		free(w->buf);
		free(w);
		return NULL;
	}
	return w;
}

/* Section 4.2. */
int pcapng_write_interface(struct pcapng_writer *w, const char *name, struct pcapng_error *err)
{
	size_t n = strlen(name), length = IDB_LENGTH + padded(n);
	uint8_t *p;

	if (n == 0 || n >= PCAPNG_NAME_SIZE)
		return bad_argument(err, "an interface name of %zu bytes, expected 1..%d", n,
			PCAPNG_NAME_SIZE - 1);
	if (w->interfaces == PCAPNG_INTERFACES_MAX) {
		*err = (struct pcapng_error){.kind = PCAPNG_LIMIT};
		snprintf(err->text, sizeof err->text, "more than %d interfaces in one file",
			PCAPNG_INTERFACES_MAX);
		return -1;
	}
	p = reserve(w, length, err);
	if (p == NULL)
		return -1;
	p = put32(p, 1);
	p = put32(p, (uint32_t)length);
	p = put16(p, LINKTYPE_ETHERNET);
	p = put16(p, 0);
	p = put32(p, 0);
	p = put16(p, OPT_IF_NAME);
	p = put16(p, (uint16_t)n);
	memcpy(p, name, n);
	p = put_padding(p + n, n);
	p = put16(p, OPT_IF_TSRESOL);
	p = put16(p, 1);
	*p++ = TSRESOL_NS;
	p = put_padding(p, 1);
	p = put32(p, 0);
	put32(p, (uint32_t)length);
	w->interfaces++;
	return 0;
}

/* Section 4.3. */
int pcapng_write_packet(struct pcapng_writer *w, uint32_t interface, uint64_t time_ns,
	const struct iovec *pieces, unsigned int count, struct pcapng_error *err)
{
	size_t first, second, n, length;
	uint8_t *p;

	if (interface >= w->interfaces)
		return bad_argument(err, "a packet for interface %u, but %u are described",
			interface, w->interfaces);
	if (count < 1 || count > 2)
		return bad_argument(err, "a packet of %u pieces, expected 1 or 2", count);
	first = pieces[0].iov_len;
	second = count == 2 ? pieces[1].iov_len : 0;
	/* Each alone is looked at, too, since the sum may wrap. */
	n = first + second;
	if (n == 0 || first > PCAPNG_PACKET_MAX || second > PCAPNG_PACKET_MAX ||
		n > PCAPNG_PACKET_MAX)
		return bad_argument(
			err, "a packet of %zu bytes, expected 1..%d", n, PCAPNG_PACKET_MAX);
	length = EPB_LENGTH + padded(n);
	p = reserve(w, length, err);
	if (p == NULL)
		return -1;
	p = put32(p, 6);
	p = put32(p, (uint32_t)length);
	p = put32(p, interface);
	p = put32(p, (uint32_t)(time_ns >> 32));
	p = put32(p, (uint32_t)time_ns);
	p = put32(p, (uint32_t)n);
	p = put32(p, (uint32_t)n);
	if (first != 0)
		memcpy(p, pieces[0].iov_base, first);
	p += first;
	if (second != 0)
		memcpy(p, pieces[1].iov_base, second);
	p = put_padding(p + second, n);
	put32(p, (uint32_t)length);
	return 0;
}

int pcapng_writer_close(struct pcapng_writer *w, struct pcapng_error *err)
{
	int rc = 0;

	if (w == NULL)
		return 0;
	if (w->failed.kind == PCAPNG_OK)
		flush(w);
	if (w->fd >= 0 && close(w->fd) < 0 && w->failed.kind == PCAPNG_OK)
		system_error(&w->failed, "cannot write", errno);
	if (w->failed.kind != PCAPNG_OK) {
		*err = w->failed;
		rc = -1;
	}
	free(w->buf);
	free(w);
	return rc;
}
