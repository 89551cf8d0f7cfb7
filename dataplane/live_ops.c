/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/live_ops.h"

#include <stdlib.h>

#define TAKE_MAX 4096u
#define ROOM_MIN 1024u

/* Steps of a dump between operations and ticks. */
#define DUMP_STEPS 4

bool live_ops_create(struct live_ops *l, struct core *core, struct vex_shm *shm)
{
	*l = (struct live_ops){.core = core, .shm = shm, .room = ROOM_MIN};
	l->ops = malloc(l->room * sizeof(*l->ops));
	return l->ops != NULL;
}

void live_ops_destroy(struct live_ops *l)
{
	free(l->ops);
	*l = (struct live_ops){0};
}

void live_ops_abort(struct live_ops *l)
{
	l->n = 0;
	l->open = false;
	l->dump.active = false;
}

static bool is_bracket(const struct vex_op *op)
{
	return op->type == VEX_OP_TXN_BEGIN || op->type == VEX_OP_TXN_COMMIT;
}

/* The slot was there when the operation was taken. */
static void acknowledge(struct live_ops *l, const struct vex_op *op, unsigned int status)
{
	const struct vex_ack ack = {.seq = op->seq, .type = op->type, .status = (uint16_t)status};

	vex_ring_push(&l->shm->ack, &ack, sizeof(ack));
}

/* Answers every collected operation: with the status that it has, or with one for all. */
static void acknowledge_all(struct live_ops *l, unsigned int status)
{
	for (uint32_t i = 0; i < l->n; i++)
		acknowledge(l, &l->ops[i],
			status == VEX_OK && !is_bracket(&l->ops[i]) ? l->ops[i].status : status);
	l->n = 0;
	l->open = false;
}

static bool keep(struct live_ops *l, const struct vex_op *op)
{
	if (l->n == l->room) {
		struct vex_op *bigger = realloc(l->ops, 2 * (size_t)l->room * sizeof(*bigger));

		if (!bigger)
			return false;
		l->ops = bigger;
		l->room *= 2;
	}
	l->ops[l->n++] = *op;
	return true;
}

/* COMMIT: the operations stand between the first and the last that was kept. */
static void commit(struct live_ops *l)
{
	uint32_t count = l->n - 2;

	if (l->ops[0].txn.count != count || l->ops[l->n - 1].txn.count != count) {
		acknowledge_all(l, VEX_INVALID);
		return;
	}
	if (core_apply(l->core, l->ops + 1, count)) {
		acknowledge_all(l, VEX_OK);
		return;
	}
	for (uint32_t i = 0; i < l->n; i++)
		acknowledge(l, &l->ops[i], is_bracket(&l->ops[i]) ? VEX_ABORTED : l->ops[i].status);
	l->n = 0;
	l->open = false;
}

static void take(struct live_ops *l, struct vex_op *op)
{
	bool begins = op->type == VEX_OP_TXN_BEGIN;

	op->status = VEX_OK;
	if (!l->open && op->type == VEX_OP_DUMP) {
		acknowledge(l, op, dump_start(&l->dump, l->core, op));
		return;
	}
	if (!l->open && !is_bracket(op)) {
		core_apply(l->core, op, 1);
		acknowledge(l, op, op->status);
		return;
	}
	/* A bracket that opens twice, or closes what is not open. */
	if (begins == l->open && is_bracket(op)) {
		acknowledge_all(l, VEX_ABORTED);
		acknowledge(l, op, VEX_INVALID);
		return;
	}
	if (!keep(l, op)) {
		acknowledge_all(l, VEX_NO_RESOURCE);
		acknowledge(l, op, VEX_NO_RESOURCE);
		return;
	}
	l->open = true;
	if (op->type == VEX_OP_TXN_COMMIT)
		commit(l);
}

/* Puts a part of the dump onto its ring. Returns 1 if there is room for more of it at once. */
static unsigned int dump_part(struct live_ops *l, bool *written)
{
	struct vex_op records[DUMP_ROOM];

	for (int i = 0; i < DUMP_STEPS && l->dump.active; i++) {
		size_t n;

		if (vex_ring_has_room(&l->shm->dump, DUMP_ROOM) != 1)
			return 0;
		n = dump_step(&l->dump, l->core, records, DUMP_ROOM);
		for (size_t k = 0; k < n; k++)
			vex_ring_push(&l->shm->dump, &records[k], sizeof(records[k]));
		*written = *written || n > 0;
	}
	return l->dump.active;
}

unsigned int live_ops_take(struct live_ops *l, bool *acknowledged)
{
	unsigned int taken = 0;
	bool written = false;
	struct vex_op op;

	while (taken < TAKE_MAX && vex_shm_take(l->shm, l->n, &op) == 1) {
		take(l, &op);
		taken++;
	}
	*acknowledged = taken && !l->open;
	taken += dump_part(l, &written);
	*acknowledged = *acknowledged || written;
	return taken;
}
