/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_LIVE_OPS_H
#define VEX_DATAPLANE_LIVE_OPS_H

/*
 * Operations from the ring: collects transactions, applies them to the core, acknowledges each
 * operation. Nothing that control writes is trusted: a bracket that does not fit its contents
 * aborts the transaction, and every operation of it is acknowledged as INVALID or ABORTED.
 *
 * VEX_OP_DUMP is acknowledged when its table begins to be read; the records follow on the dump ring
 * as far as it has room, a part in every call.
 */

#include "control/shm.h"
#include "dataplane/core.h"
#include "dataplane/dump.h"

struct live_ops {
	struct core *core;
	struct vex_shm *shm;
	struct vex_op *ops; /* of the open transaction, with BEGIN as the first */
	uint32_t n;
	uint32_t room;
	bool open;
	struct dump dump;
};

/* False without memory. */
bool live_ops_create(struct live_ops *l, struct core *core, struct vex_shm *shm);
void live_ops_destroy(struct live_ops *l);

/*
 * Takes up to a bounded number of operations. Returns how many, so that the caller comes back soon
 * if there may be more; *acknowledged is set if acknowledgements or records were written.
 */
unsigned int live_ops_take(struct live_ops *l, bool *acknowledged);

/* The rings are fresh: an open transaction and a dump are forgotten. */
void live_ops_abort(struct live_ops *l);

#endif
