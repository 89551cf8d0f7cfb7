/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pcapng: packets from and to files, as far as a switch needs the format.
 *
 * Format: draft-ietf-opsawg-pcapng ("PCAP Next Generation Capture File Format"). Both directions
 * stream: memory does not grow with the file, input may be a pipe, no seeking. Nothing is printed;
 * errors are returned as {kind, block, offset, text}.
 *
 * READING. A reader yields the enhanced packet blocks of a file, in file order. It accepts either
 * byte order, several sections (each with its own interfaces, perhaps in another byte order),
 * versions 1.0 and 1.2, a section length or -1 (or 0, which some writers mean by it), if_tsresol
 * in powers of ten and of two, if_tsoffset, blocks and options that it does not know (skipped, of
 * any size), and packets of up to PCAPNG_PACKET_MAX captured bytes.
 *
 * It refuses, because a switch could only guess:
 *   - link types other than Ethernet; if_fcslen or an epb_flags FCS length other than 0;
 *   - an interface without if_name, since if_name is the port;
 *   - simple packet blocks (no time stamp), obsolete packet blocks, classic pcap (no port names),
 *     compressed files;
 *   - damaged and truncated files. A damaged block is never repaired or skipped.
 *
 * A frame of 0 original bytes is damage. 0 captured bytes of a longer frame is a frame that the
 * capture truncated, as any other with captured < original; the data plane counts those.
 *
 *      struct pcapng_error err;
 *      struct pcapng_reader *r = pcapng_reader_open("in.pcapng", &err);
 *      struct pcapng_packet p;
 *      int rc;
 *      while ((rc = pcapng_next(r, &p, &err)) == 1)
 *              ... pcapng_interface(r, p.interface)->name, p.time_ns, p.data, p.captured ...
 *      if (rc < 0)
 *              ... err.text: "block 7 at offset 412: ..." ...
 *      pcapng_reader_close(r);
 *
 * WRITING. A writer makes one little-endian section, version 1.0, without any option but if_name
 * and if_tsresol, so that the same packets give the same bytes everywhere. It is buffered: a full
 * disk is reported by the call whose data did not fit into the buffer, or by the close, whichever
 * is first. pcapng_writer_close() therefore has a result that must be looked at.
 *
 * Readers and writers are independent of each other and not thread safe.
 */
#ifndef VEX_PORTS_PCAPNG_H
#define VEX_PORTS_PCAPNG_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

/* Most captured bytes of one packet; the limit that other tools have, too. */
#define PCAPNG_PACKET_MAX 262144

/* Most interfaces of one file, over all its sections, and of one writer. */
#define PCAPNG_INTERFACES_MAX 16384

/* Bytes of the longest if_name, with the terminating zero. */
#define PCAPNG_NAME_SIZE 64

/* Largest block that the reader looks into: packets and interfaces with all their options. */
#define PCAPNG_BLOCK_MAX (512 * 1024)

enum pcapng_error_kind {
	PCAPNG_OK,
	PCAPNG_SYSTEM,	    /* a system call failed; sys_errno says how */
	PCAPNG_NOT_PCAPNG,  /* another format, or nothing at all */
	PCAPNG_DAMAGED,	    /* the file contradicts itself or the format */
	PCAPNG_TRUNCATED,   /* the file ends inside a block or section */
	PCAPNG_UNSUPPORTED, /* sound, but refused; the text has a hint */
	PCAPNG_LIMIT,	    /* more or larger than this code handles */
	PCAPNG_ARGUMENT,    /* the writer was called with something that it cannot write */
};

struct pcapng_error {
	enum pcapng_error_kind kind;
	int sys_errno;	 /* for PCAPNG_SYSTEM, else 0 */
	uint64_t block;	 /* reader: number of the block in the file, from 1; 0 if none */
	uint64_t offset; /* reader: of that block, in bytes from the start of the file */
	char text[320];	 /* "block 7 at offset 412: ..."; the caller adds the file's name */
};

/* ---- reading ---- */

struct pcapng_reader;

/*
 * A source of bytes, with the contract of read(2): the number of bytes stored, at most len; 0 at
 * the end; -1 with errno set. EINTR is retried.
 */
typedef ssize_t (*pcapng_read_fn)(void *context, void *buf, size_t len);

struct pcapng_packet {
	uint32_t interface;  /* for pcapng_interface(): numbered over all sections, from 0 */
	uint32_t captured;   /* bytes at data, 0..PCAPNG_PACKET_MAX */
	uint32_t original;   /* bytes on the wire, at least 1 and at least captured */
	uint64_t time_ns;    /* since 1970-01-01T00:00:00Z, rounded down */
	const uint8_t *data; /* valid until the next pcapng_next(); never NULL */
	uint64_t block;	     /* of this packet, as in pcapng_error, for messages of the caller */
	uint64_t offset;
};

struct pcapng_interface {
	char name[PCAPNG_NAME_SIZE]; /* if_name: at least one byte, no control characters */
	uint32_t snaplen;	     /* as the file has it, 0 no limit; not enforced */
	uint64_t block;		     /* of the description, as in pcapng_error */
	uint64_t offset;
};

/*
 * Open a file or pipe. Reads nothing yet, except that opening a pipe waits for its writer.
 * Returns NULL with *err filled if the file cannot be opened or memory is short.
 */
struct pcapng_reader *pcapng_reader_open(const char *path, struct pcapng_error *err);

/*
 * The same on any source of bytes. `context` is passed to each call of `read` and stays the
 * caller's, as does whatever lies behind it.
 */
struct pcapng_reader *pcapng_reader_create(
	pcapng_read_fn read, void *context, struct pcapng_error *err);

/*
 * The next packet. Returns 1 with *p filled; 0 at the end of a whole file; -1 with *err filled.
 * An error is final: every later call returns it again. err must not be NULL.
 * A time before 1970 or after 2554 (64-bit nanoseconds) is an error.
 */
int pcapng_next(struct pcapng_reader *r, struct pcapng_packet *p, struct pcapng_error *err);

/*
 * Interfaces described so far. The count grows while packets are read (a description may stand
 * anywhere before its first packet), so that an interface without packets is known at the latest
 * when pcapng_next() has returned 0.
 */
uint32_t pcapng_interface_count(const struct pcapng_reader *r);

/* Interface i, or NULL. Valid until the next pcapng_next(). */
const struct pcapng_interface *pcapng_interface(const struct pcapng_reader *r, uint32_t i);

/* Free the reader, and close what pcapng_reader_open() opened. NULL is allowed. */
void pcapng_reader_close(struct pcapng_reader *r);

/* ---- writing ---- */

struct pcapng_writer;

/* A sink of bytes, with the contract of write(2). EINTR and short writes are retried. */
typedef ssize_t (*pcapng_write_fn)(void *context, const void *buf, size_t len);

/*
 * Create or truncate a file, mode 0666 less umask. Returns NULL with *err filled on failure.
 */
struct pcapng_writer *pcapng_writer_open(const char *path, struct pcapng_error *err);

/* The same into any sink of bytes; `context` stays the caller's. */
struct pcapng_writer *pcapng_writer_create(
	pcapng_write_fn write, void *context, struct pcapng_error *err);

/*
 * Describe the next interface: Ethernet, nanoseconds, no snap length. The first has index 0, the
 * next 1, and so on. Returns 0, or -1 with *err filled: an empty or too long name (PCAPNG_ARGUMENT),
 * too many interfaces (PCAPNG_LIMIT), a failed write (PCAPNG_SYSTEM).
 */
int pcapng_write_interface(struct pcapng_writer *w, const char *name, struct pcapng_error *err);

/*
 * Write one packet, put together from 1 or 2 pieces (header and payload of a copy), each perhaps
 * empty, together 1..PCAPNG_PACKET_MAX bytes. The bytes are copied before the call returns.
 * Returns 0, or -1 with *err filled: an interface that was not described, no or too many bytes or
 * pieces (PCAPNG_ARGUMENT, nothing is written and the writer can go on), a failed write
 * (PCAPNG_SYSTEM, final: every later call returns it again).
 */
int pcapng_write_packet(struct pcapng_writer *w, uint32_t interface, uint64_t time_ns,
	const struct iovec *pieces, unsigned int count, struct pcapng_error *err);

/*
 * Write what is buffered, close what pcapng_writer_open() opened, and free the writer, whatever
 * happens. Returns 0, or -1 with *err filled if anything could not be written, now or earlier: the
 * file is then not whole. With w NULL it does nothing and returns 0.
 */
int pcapng_writer_close(struct pcapng_writer *w, struct pcapng_error *err);

#endif
