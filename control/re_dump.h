/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_RE_DUMP_H
#define VEX_CONTROL_RE_DUMP_H

/*
 * re_dump: reads tables of vex-pfe back, for the event loop of vex-re.
 *
 *	struct vex_op_dump what = {VEX_TABLE_MAC_LEARNED, 0, VEX_BD_NONE, VEX_LPORT_NONE, 0};
 *	if (!re_dump_request(dump, &what, on_records, ctx))
 *		... too many are waiting ...
 *
 * Requests are done one after the other. done() is called once for each, from re_dump_step(), with
 * the records or with an error; never from re_dump_request(). Nothing blocks. When vex-pfe is
 * started again, or a ring was broken, a request that is under way begins anew with the new one;
 * one that gets no answer for RE_DUMP_TIMEOUT_MS ends with an error.
 *
 * The operation and acknowledgement rings have one user, re_sync.h, which drives this one. Take it
 * from re_sync_dump().
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/shm.h"
#include "dataplane/ops.h"

#define RE_DUMP_TIMEOUT_MS 5000
#define RE_DUMP_WAITING	   256u	      /* requests that may wait */
#define RE_DUMP_RECORDS	   (1u << 22) /* of one dump; more is an error */

struct re_dump_result {
	const char *error;	      /* NULL: it worked; else one sentence */
	const struct vex_op *records; /* valid during the call; NULL with VEX_DUMP_DIGEST */
	size_t n;
	uint64_t count;
	uint64_t digest;
	uint64_t generation;
};

typedef void (*re_dump_done)(void *ctx, const struct re_dump_result *result);

struct re_dump;

/* NULL without memory. @shm is borrowed. */
struct re_dump *re_dump_create(struct vex_shm *shm);

/* Requests that wait are forgotten without a call. NULL is allowed. */
void re_dump_free(struct re_dump *d);

/* Adds a request; its cookie is chosen here. False: RE_DUMP_WAITING of them wait, or no memory. */
bool re_dump_request(
	struct re_dump *d, const struct vex_op_dump *what, re_dump_done done, void *ctx);

/* The same, before all that wait: for re_sync.h. */
bool re_dump_request_first(
	struct re_dump *d, const struct vex_op_dump *what, re_dump_done done, void *ctx);

/* Forgets the requests with @ctx, without a call: whoever asked is gone. */
void re_dump_cancel(struct re_dump *d, const void *ctx);

/*
 * For re_sync.h. step: takes records, and sends the next request if @may_push; true if it did.
 * ack: an acknowledgement of type VEX_OP_DUMP. renew: the rings are fresh.
 */
bool re_dump_step(struct re_dump *d, bool may_push, uint64_t now_ms);
void re_dump_ack(struct re_dump *d, const struct vex_ack *ack);
void re_dump_renew(struct re_dump *d);

/* True if a request is under way or waits. */
bool re_dump_busy(const struct re_dump *d);

#endif
