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
 *
 * A long transaction keeps the caller for no longer than a short one: it is built by a builder, its
 * operations on the MAC table are applied in parts, a part in every call, and it is acknowledged
 * in parts when all of it is done. No operation is taken meanwhile. Without a builder it is applied
 * in one call.
 */

#include "control/shm.h"
#include "dataplane/builder.h"
#include "dataplane/core.h"
#include "dataplane/dump.h"

/* What becomes of the transaction that was collected. */
enum live_ops_state {
	LIVE_OPS_COLLECT,
	LIVE_OPS_BUILD,
	LIVE_OPS_APPLY,
	LIVE_OPS_ANSWER,
};

struct live_ops {
	struct core *core;
	struct vex_shm *shm;
	struct vex_op *ops; /* of the open transaction, with BEGIN as the first */
	uint32_t n;
	uint32_t room;
	bool open;
	struct dump dump;
	enum live_ops_state state;
	bool forgotten;	   /* nobody waits for its acknowledgements any more */
	uint32_t answered; /* so many of them were written */
	struct core_txn txn;
	struct builder *builder; /* NULL: none */
};

/* False without memory. */
bool live_ops_create(struct live_ops *l, struct core *core, struct vex_shm *shm);

/* From now on a builder builds long transactions. False without memory or threads. */
bool live_ops_start_builder(struct live_ops *l);

/* Ends the builder. A transaction that it builds is undone. */
void live_ops_destroy(struct live_ops *l);

/*
 * Takes a bounded number of operations, or does the next part of a long transaction. Returns 0 if
 * there is nothing more to do before the ring or the builder says so; *acknowledged is set if
 * acknowledgements or records were written.
 */
unsigned int live_ops_take(struct live_ops *l, bool *acknowledged);

/*
 * The rings are fresh: an open transaction and a dump are forgotten. One that was built is undone;
 * the rest of one that was published is applied, so that it is whole.
 */
void live_ops_abort(struct live_ops *l);

#endif
