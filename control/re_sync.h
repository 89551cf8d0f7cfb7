/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_RE_SYNC_H
#define VEX_CONTROL_RE_SYNC_H

/*
 * re_sync: keeps the tables of vex-pfe in step with the configuration. It is the one user of the
 * operation, acknowledgement and dump rings in vex-re.
 *
 *	s = re_sync_create(&shm);
 *	each round of the event loop:
 *		if (vex_shm_sync(&shm) && vex_shm_met(&shm))	fresh rings
 *			re_sync_start(s, image->ops, image->n_ops, now);
 *		if (re_sync_step(s, now))
 *			ring the doorbell of vex-pfe
 *	when vex-pfe has died:
 *		re_sync_stop(s);
 *	a commit:
 *		re_sync_apply(s, diff.ops, diff.n, on_applied, commit);
 *
 * start compares: it asks for the digest of every configured table, reads back those that differ
 * from the operations of the image, and installs only the difference (ctl_diff.h). A vex-re that was
 * started again thus changes nothing if nothing has changed, and a vex-pfe that was started again
 * gets everything. Learned addresses and spanning tree states are left alone. A difference longer
 * than VEX_TXN_OPS_MAX is installed in several transactions.
 *
 * Transactions of apply wait until the comparison is done, and then go one after the other. When the
 * rings become fresh while one is under way, or vex-pfe does not answer, nobody knows whether it was
 * applied: it ends with `lost`, and the comparison that follows makes the tables what start() or
 * config() said last.
 *
 * Nothing blocks, callbacks come from re_sync_step() only, and every function may be called from
 * them.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/re_dump.h"
#include "control/shm.h"
#include "dataplane/ops.h"

enum re_sync_state {
	RE_SYNC_IDLE,	    /* there is no vex-pfe to speak to */
	RE_SYNC_COMPARING,  /* digests are asked for */
	RE_SYNC_READING,    /* tables that differ are read back */
	RE_SYNC_INSTALLING, /* the difference is sent */
	RE_SYNC_DONE,	    /* tables are as configured */
	RE_SYNC_FAILED,	    /* see text; when to start again is the caller's business */
};

struct re_sync_status {
	enum re_sync_state state;
	char text[256];	      /* why it failed */
	uint32_t differ;      /* tables that differed, 1 << enum vex_table */
	size_t sent;	      /* operations that were sent to correct them */
	uint64_t started_ms;  /* when start was called */
	uint64_t finished_ms; /* when the state became DONE or FAILED */
};

struct re_sync_result {
	bool ok;
	bool lost;	  /* not ok: vex-pfe went away, nobody knows */
	size_t at;	  /* not ok: the operation that was refused, from 0 */
	uint16_t status;  /* of it, enum vex_status */
	const char *text; /* not ok: one sentence */
};

typedef void (*re_sync_done)(void *ctx, const struct re_sync_result *result);

struct re_sync;

/* NULL without memory. @shm is borrowed and attached as VEX_SIDE_CONTROL. */
struct re_sync *re_sync_create(struct vex_shm *shm);
void re_sync_free(struct re_sync *s);

/*
 * The rings are fresh: begin to compare and correct. The operations are those of an image; they are
 * copied.
 */
void re_sync_start(struct re_sync *s, const struct vex_op *ops, size_t n, uint64_t now_ms);

/* What is configured from now on, after it was applied: for comparisons to come. False: no memory. */
bool re_sync_config(struct re_sync *s, const struct vex_op *ops, size_t n);

/* vex-pfe is gone: nothing is sent until the next start. */
void re_sync_stop(struct re_sync *s);

/*
 * One transaction, or with @n 0 nothing but the call; the operations are copied. False without
 * memory or with more than VEX_TXN_OPS_MAX operations; then done is not called.
 */
bool re_sync_apply(
	struct re_sync *s, const struct vex_op *ops, size_t n, re_sync_done done, void *ctx);

/*
 * Forgets who asked, without a call. What was not sent is not done; what was is undone, by comparing
 * again.
 */
void re_sync_cancel(struct re_sync *s, const void *ctx);

/* True if something was pushed: ring for vex-pfe. */
bool re_sync_step(struct re_sync *s, uint64_t now_ms);

const struct re_sync_status *re_sync_status(const struct re_sync *s);

/* In how many ms step wants to be called, if nothing happens before. */
unsigned int re_sync_wait_ms(const struct re_sync *s);

/* The client of dumps. */
struct re_dump *re_sync_dump(struct re_sync *s);

/*
 * Reads all learned addresses: for whoever follows events, after vex_ring_lost() said that some are
 * missing. Forget what is known, and take these instead.
 */
bool re_sync_learned(struct re_sync *s, re_dump_done done, void *ctx);

#endif
