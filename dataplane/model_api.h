/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_MODEL_API_H
#define VEX_DATAPLANE_MODEL_API_H

/*
 * libvexmodel: the switch's forwarding engine as a library, for ASIC validation.
 *
 * An instance is one switch on virtual time. It has no globals, prints nothing, never exits, and
 * any number of instances may live in one process, each used by one thread at a time. The same
 * calls in the same order give the same frames, counters and tables on any machine.
 *
 *	char *error;
 *	struct vexmodel *m = vexmodel_create(text, len, "leaf.conf", NULL, &error);
 *	vexmodel_inject(m, vexmodel_find_port(m, "ge-0/0/0"), 0, frame, len, len);
 *	vexmodel_drain(m);
 *	while (vexmodel_take(m, &out))
 *		compare(out.port, out.time_ps, out.header, out.header_len, ...);
 *	vexmodel_destroy(m);
 *
 * Time is in picoseconds from the instance's zero and never goes back: an earlier time is taken as
 * the latest one, and counted. An arrival's time is that of its last bit; an output's time is that
 * of its last bit as well. Frames carry no preamble and no FCS.
 *
 * At one instant: the 1 ms tick, then departures in port order, then arrivals and operations in the
 * order of the calls. For operations that come before the tick of a time T, advance to T - 1 first.
 */

#include <stddef.h>
#include <stdint.h>

#include "dataplane/ops.h"

#ifdef __cplusplus
extern "C" {
#endif

struct vexmodel;

#define VEXMODEL_BURST_MAX   64
#define VEXMODEL_BEFORE_ZERO UINT64_MAX /* a time before the clock's zero */

struct vexmodel_options {
	unsigned int burst; /* packets that walk together, 1 .. 64; no result depends on it */
	uint64_t seed;	    /* of hashes and random draws */
};

enum vexmodel_status {
	VEXMODEL_OK,
	VEXMODEL_NO_PORT,  /* there is no port of that number */
	VEXMODEL_TOO_LATE, /* the clock ends 18,000,000 s after its zero */
	VEXMODEL_NO_MEMORY,
	VEXMODEL_INVALID,    /* an argument is out of range */
	VEXMODEL_REFUSED,    /* apply: see the operations' status */
	VEXMODEL_IO,	     /* a writer returned an error */
	VEXMODEL_NO_SUPPORT, /* not in this build */
};

/* A frame that left a port. The pointers are valid until the next call for the instance. */
struct vexmodel_frame {
	uint64_t time_ps;
	uint32_t port;
	uint32_t len; /* header_len + payload_len, at least 60 */
	const uint8_t *header;
	uint32_t header_len;
	uint32_t payload_len;
	const uint8_t *payload;
};

/*
 * Creates a switch from configuration text in either written form; NULL or empty text is the
 * factory default. name stands for the text in errors. options may be NULL (burst 64, seed 0).
 * On failure returns NULL and gives in *error every error, one on a line, "NAME:LINE:COLUMN: text",
 * to be freed by vexmodel_free.
 */
struct vexmodel *vexmodel_create(const char *text, size_t len, const char *name,
	const struct vexmodel_options *options, char **error);

/* Frees an instance; NULL is allowed. */
void vexmodel_destroy(struct vexmodel *m);

/* Frees a string that the library returned; NULL is allowed. */
void vexmodel_free(char *string);

/* The chassis model, such as "ex4400-24t"; lives as long as the instance. */
const char *vexmodel_model_name(const struct vexmodel *m);

/* Physical ports, numbered from 0 in chassis order. */
uint32_t vexmodel_ports(const struct vexmodel *m);

/* Name of a port, "ge-0/0/0"; NULL if there is none. Lives as long as the instance. */
const char *vexmodel_port_name(const struct vexmodel *m, uint32_t port);

/* Number of a port, -1 if the name is not one; vexmodel_explain_port says why. */
int vexmodel_find_port(const struct vexmodel *m, const char *name);

/* Why a name is not a port, and which ports there are; to be freed by vexmodel_free. */
char *vexmodel_explain_port(const struct vexmodel *m, const char *name);

/*
 * A frame arrives at a port: captured bytes are given, the frame's length is original (they differ
 * only for frames that a capture cut, which are dropped by name). The bytes are copied.
 */
enum vexmodel_status vexmodel_inject(struct vexmodel *m, uint32_t port, uint64_t time_ps,
	const uint8_t *frame, uint32_t captured, uint32_t original);

/* Lets time pass to time_ps, departures at that time included. */
enum vexmodel_status vexmodel_advance(struct vexmodel *m, uint64_t time_ps);

/* Lets time pass until every queue is empty; not at all if they are. Returns the time. */
uint64_t vexmodel_drain(struct vexmodel *m);

/* The next frame that left, in order of time, then port; 0 if there is none (yet). */
int vexmodel_take(struct vexmodel *m, struct vexmodel_frame *out);

/*
 * Applies n operations (ops.h) as one transaction at the present time, and writes each status. All
 * are applied (VEXMODEL_OK) or none (VEXMODEL_REFUSED).
 */
enum vexmodel_status vexmodel_apply(struct vexmodel *m, struct vex_op *ops, size_t n);

/* Receives pieces of text; returns 0, or anything else to stop. */
typedef int (*vexmodel_write_fn)(void *ctx, const char *text, size_t len);

/* Writes the counters as a JSON object, indented, ending in a newline. */
enum vexmodel_status vexmodel_dump_counters(struct vexmodel *m, vexmodel_write_fn write, void *ctx);

/* Writes the tables as a JSON object, one entry on a line, each table sorted by key. */
enum vexmodel_status vexmodel_dump_tables(struct vexmodel *m, vexmodel_write_fn write, void *ctx);

/*
 * From now on writes a JSON line for each stage that a packet passed, packet by packet; NULL stops.
 * Packets walk singly while tracing. Errors of the writer are ignored.
 */
void vexmodel_trace(struct vexmodel *m, vexmodel_write_fn write, void *ctx);

/*
 * The recorder of external transactions (numbers and refused results in xt.def); only in the model.
 * It is attached by the first call of record or fault, after which packets walk singly, as while
 * tracing. record: calls log for each transaction; NULL stops. fault: of the transactions of one
 * number, lets skip happen and refuses the count after them. seen: how many there were since it was
 * attached.
 */
typedef void (*vexmodel_log_fn)(void *ctx, unsigned int number, uint64_t arg, int admitted);
enum vexmodel_status vexmodel_record(struct vexmodel *m, vexmodel_log_fn log, void *ctx);
enum vexmodel_status vexmodel_fault(
	struct vexmodel *m, unsigned int number, uint64_t skip, uint64_t count);
uint64_t vexmodel_seen(const struct vexmodel *m, unsigned int number);

/* Name of a transaction number, "FDB_LEARN"; NULL if there is none. */
const char *vexmodel_xt_name(unsigned int number);

#ifdef __cplusplus
}
#endif

#endif
