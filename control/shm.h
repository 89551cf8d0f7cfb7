/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_SHM_H
#define VEX_CONTROL_SHM_H

/*
 * The shared memory segments of abi.h: made by the supervisor, attached by vex-re and vex-pfe.
 *
 *	supervisor:	vex_shm_create(&fds, err, sizeof(err));
 *			vex-pfe inherits fds.ctl and fds.cnt, vex-re inherits fds.ctl and fds.cnt_ro
 *
 *	either side:	vex_shm_attach(&shm, VEX_SIDE_PFE, ctl_fd, cnt_fd, err, sizeof(err));
 *			for each round of its event loop {
 *				if (vex_shm_sync(&shm))
 *					start anew: see below
 *				vex_ring_pop(...) a bounded number of times, vex_ring_push(...)
 *			}
 *
 * Attaching makes fresh rings, for both sides: the other side learns of it by vex_shm_sync(),
 * which must come before the rings are used in a round. When it says true, everything that was on
 * its way is gone: vex-pfe aborts an open transaction and forgets acknowledgements that it owes,
 * vex-re takes every operation without an acknowledgement as not done and compares tables.
 *
 * What may go wrong: a ring is broken when the peer wrote what no peer would (ring.h). Log the
 * text in ring.broken, then vex_shm_renew() makes fresh rings without a restart.
 *
 * Errors of create and attach are one sentence in the caller's buffer, which says what was found
 * and what to do; 256 bytes are enough. Nothing is printed and nothing is kept outside the
 * structures. A process that shares memory with a hostile peer cannot be killed by it: the size of
 * a segment is sealed, and attach refuses one whose size is not.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/abi.h"
#include "control/ring.h"

/* Descriptors of the two segments. All are close-on-exec; a child gets its own by dup2(). */
struct vex_shm_fds {
	int ctl;    /* struct vex_ctl, for both sides */
	int cnt;    /* struct vex_cnt, writable: for vex-pfe only */
	int cnt_ro; /* the same, read-only: the kernel refuses a writable mapping of it */
};

/* One side's view. The rings and cnt are for the caller, the rest is private. */
struct vex_shm {
	struct vex_ring op;
	struct vex_ring ack;
	struct vex_ring event;
	struct vex_ring dump;
	struct vex_ring punt;
	struct vex_ring inject;
	const struct vex_cnt *cnt; /* untrusted: see vex_cnt_workers() */
	struct vex_cnt *cnt_rw;	   /* the same for vex-pfe, NULL for control */

	enum vex_side side;
	uint32_t life;
	uint32_t peer_life;
	struct vex_ctl *ctl;
	int ctl_fd;
	int cnt_fd;
};

/*
 * Makes both segments, with their memory reserved, so that nobody runs out of it later. 0, or -1
 * with @err and nothing made. The caller closes the descriptors by vex_shm_close().
 */
int vex_shm_create(struct vex_shm_fds *fds, char *err, size_t err_size);
void vex_shm_close(struct vex_shm_fds *fds);

/*
 * Attaches to the segments as @side and begins a new life of it with fresh rings; vex-pfe also
 * sets all counts to zero. Refused, with @err: what is not such a segment or of another version or
 * layout, a side that another process has, a writable counters descriptor for control.
 *
 * 0: the descriptors are taken over. They hold the lock on the side, which the kernel drops as
 * soon as the process closes any descriptor of the control segment, a duplicate too. -1: they stay
 * the caller's and the segments are as before.
 */
int vex_shm_attach(struct vex_shm *shm, enum vex_side side, int ctl_fd, int cnt_fd, char *err,
	size_t err_size);

/* Unmaps and closes; the side is free for another process. */
void vex_shm_detach(struct vex_shm *shm);

/*
 * True if the rings are fresh since the last call or since attach: the other side began a new
 * life, or somebody wrote into the word of this one. Cheap: two loads.
 */
bool vex_shm_sync(struct vex_shm *shm);

/* Begins a new life of this side: fresh rings for both, without a restart. */
void vex_shm_renew(struct vex_shm *shm);

/* True if the other side has ever attached; whether it still runs is for the supervisor to say. */
static inline bool vex_shm_met(const struct vex_shm *shm)
{
	return shm->peer_life != 0;
}

/*
 * vex-pfe: takes the next operation if there is a slot for its acknowledgement beside the @owed
 * ones of operations that were taken before. 1 taken, 0 not, VEX_RING_BROKEN.
 */
static inline int vex_shm_take(struct vex_shm *shm, uint32_t owed, struct vex_op *op)
{
	int room = vex_ring_has_room(&shm->ack, owed + 1);
	int length;

	if (room <= 0)
		return room;
	length = vex_ring_pop(&shm->op, op);
	return length > 0 ? 1 : length;
}

#endif
