/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The whole-pipeline harness: a switch from configuration text, frames in, frames out.
 *
 *	struct pipe *p = PIPE_OPEN("set vlans ...\n");
 *	struct frame f = frame_of(MAC_ALL, MAC(1), 0, 64);
 *
 *	PIPE_SEND(p, "ge-0/0/0", &f);
 *	PIPE_EXPECT(p, "ge-0/0/1", &f);
 *	PIPE_EXPECT_MAC(p, 10, MAC(1), "ge-0/0/0.0", "dynamic");
 *	PIPE_CLOSE(p);
 *
 * A pipe is four switches with bursts of 1, 7, 32 and 64, which get the same calls. Whatever they
 * send is compared, frame by frame with its time; at the end their counters and tables are as
 * well. So every case tests burst independence; the expectations are about any of them. At the end
 * the counters must also show conservation (dataplane/counters.h), and a frame that no expectation
 * took is a failure.
 *
 * Only the model's public API (dataplane/model_api.h) is used, and the JSON of its dumps. All
 * checks are macros, so that a failure names the line of the caller.
 *
 * Time: frames are sent at p->time, which then goes on by p->step. Looking at anything lets time
 * run until all queues are empty, so what lies between two looks can share bursts.
 */
#ifndef TESTS_UNIT_PIPE_H
#define TESTS_UNIT_PIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "dataplane/model_api.h"
#include "tests/unit/frame.h"
#include "tests/unit/unit.h"

#define PIPE_SWITCHES 4u
#define PIPE_US	      UINT64_C(1000000) /* picoseconds */
#define PIPE_MS	      UINT64_C(1000000000)
#define PIPE_SEC      UINT64_C(1000000000000)

/* Where a check stands. */
struct pipe_at {
	const char *file;
	unsigned int line;
};
#define PIPE_HERE ((struct pipe_at){__FILE__, __LINE__})

struct pipe {
	unsigned int n; /* switches */
	struct vexmodel *m[PIPE_SWITCHES];
	uint64_t time; /* of the next frame, ps */
	uint64_t step;
	struct pipe_out *out; /* sent and not yet expected */
	size_t n_out;
	size_t room_out;
	bool stale;	  /* something happened since the last look */
	json_t *counters; /* of the last look, or NULL */
	json_t *tables;
};

/* A frame that left; time is that of its last bit. */
struct pipe_out {
	uint32_t port;
	uint32_t len;
	uint64_t time;
	uint8_t *bytes;
};

/* Bytes [from, to) of a frame that an expectation does not look at. */
struct pipe_any {
	uint32_t from;
	uint32_t to;
};

/* Opens four switches, or one of burst 64; a refused configuration ends the case. */
#define PIPE_OPEN(config)     pipe_open(PIPE_HERE, config, PIPE_SWITCHES)
#define PIPE_OPEN_ONE(config) pipe_open(PIPE_HERE, config, 1)
#define PIPE_CLOSE(p)	      pipe_close(PIPE_HERE, p)
struct pipe *pipe_open(struct pipe_at at, const char *config, unsigned int n);
void pipe_close(struct pipe_at at, struct pipe *p);

/* Sends a frame now, at a time in ps (which p->time is set to), or cut to captured bytes. */
#define PIPE_SEND(p, port, frame)		pipe_send(PIPE_HERE, p, port, frame, (frame)->len)
#define PIPE_SEND_CUT(p, port, frame, captured) pipe_send(PIPE_HERE, p, port, frame, captured)
#define PIPE_SEND_AT(p, port, frame, ps)                            \
	do {                                                        \
		(p)->time = (ps);                                   \
		pipe_send(PIPE_HERE, p, port, frame, (frame)->len); \
	} while (0)
void pipe_send(struct pipe_at at, struct pipe *p, const char *port, const struct frame *f,
	uint32_t captured);

/* Lets time pass to ps. */
#define PIPE_ADVANCE(p, ps) pipe_advance(PIPE_HERE, p, ps)
void pipe_advance(struct pipe_at at, struct pipe *p, uint64_t ps);

/*
 * The oldest frame of that port that is not yet expected is this one; _AT: and its last bit left
 * at ps; _ANY: but for some bytes. The frame is given without padding.
 */
#define PIPE_EXPECT(p, port, frame) pipe_expect(PIPE_HERE, p, port, frame, NULL, NULL, 0)
#define PIPE_EXPECT_AT(p, port, frame, ps) \
	pipe_expect(PIPE_HERE, p, port, frame, &(uint64_t){ps}, NULL, 0)
#define PIPE_EXPECT_ANY(p, port, frame, ...)                                                 \
	pipe_expect(PIPE_HERE, p, port, frame, NULL, (const struct pipe_any[]){__VA_ARGS__}, \
		sizeof((const struct pipe_any[]){__VA_ARGS__}) / sizeof(struct pipe_any))
void pipe_expect(struct pipe_at at, struct pipe *p, const char *port, const struct frame *f,
	const uint64_t *time, const struct pipe_any *any, size_t n_any);

/* Nothing more was sent, on any port; PIPE_DISCARD forgets what was. */
#define PIPE_EXPECT_NOTHING(p) pipe_expect_nothing(PIPE_HERE, p)
#define PIPE_DISCARD(p)	       pipe_discard(PIPE_HERE, p)
void pipe_expect_nothing(struct pipe_at at, struct pipe *p);
size_t pipe_discard(struct pipe_at at, struct pipe *p);

/* So many frames were dropped for a reason at a port, since the switch was made. */
#define PIPE_EXPECT_DROP(p, port, reason, n) pipe_expect_drop(PIPE_HERE, p, port, reason, n)
void pipe_expect_drop(
	struct pipe_at at, struct pipe *p, const char *port, const char *reason, uint64_t n);

/* A counter: group "fdb", "switch", or a port. */
#define PIPE_EXPECT_COUNT(p, group, name, n) pipe_expect_count(PIPE_HERE, p, group, name, n)
#define PIPE_COUNT(p, group, name)	     pipe_count(PIPE_HERE, p, group, name)
void pipe_expect_count(
	struct pipe_at at, struct pipe *p, const char *group, const char *name, uint64_t n);
uint64_t pipe_count(struct pipe_at at, struct pipe *p, const char *group, const char *name);

/* An address is (not) in the MAC table; the number of entries. */
#define PIPE_EXPECT_MAC(p, vid, mac, port, type) pipe_expect_mac(PIPE_HERE, p, vid, mac, port, type)
#define PIPE_EXPECT_NO_MAC(p, vid, mac)		 pipe_expect_mac(PIPE_HERE, p, vid, mac, NULL, NULL)
#define PIPE_EXPECT_MACS(p, n)			 pipe_expect_macs(PIPE_HERE, p, n)
void pipe_expect_mac(struct pipe_at at, struct pipe *p, unsigned int vid, uint64_t mac,
	const char *port, const char *type);
void pipe_expect_macs(struct pipe_at at, struct pipe *p, size_t n);

/* The log has so many events of a name at a port. */
#define PIPE_EXPECT_EVENTS(p, event, port, n) pipe_expect_events(PIPE_HERE, p, event, port, n)
void pipe_expect_events(
	struct pipe_at at, struct pipe *p, const char *event, const char *port, size_t n);

/*
 * One transaction: all are applied; or it is refused, this is the status of the operation number
 * i, all others that were in order are ABORTED, and neither tables nor counters changed.
 */
#define PIPE_APPLY(p, ops, n)		  pipe_apply(PIPE_HERE, p, ops, n)
#define PIPE_REFUSE(p, ops, n, i, status) pipe_refuse(PIPE_HERE, p, ops, n, i, status)
void pipe_apply(struct pipe_at at, struct pipe *p, const struct vex_op *ops, size_t n);
void pipe_refuse(struct pipe_at at, struct pipe *p, const struct vex_op *ops, size_t n, size_t i,
	enum vex_status status);

/* Of the transactions with a name (xt.def), lets skip happen and refuses the count after them. */
#define PIPE_FAULT(p, name, skip, count) pipe_fault(PIPE_HERE, p, name, skip, count)
void pipe_fault(struct pipe_at at, struct pipe *p, const char *name, uint64_t skip, uint64_t count);

/* Number of a port, which must exist. */
#define PIPE_PORT(p, name) pipe_port(PIPE_HERE, p, name)
uint16_t pipe_port(struct pipe_at at, struct pipe *p, const char *name);

/* Dumps as text, to be freed. */
char *pipe_counters_text(struct vexmodel *m);
char *pipe_tables_text(struct vexmodel *m);

/* What conservation says against counters (the object of a dump); NULL if it holds. */
const char *pipe_unconserved(const json_t *counters, char *text, size_t size);

/* A check with a text of its own, at a place. */
bool pipe_check(struct pipe_at at, bool holds, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
