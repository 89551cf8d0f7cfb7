/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/live_ops.h"

#include <stdlib.h>

#define TAKE_MAX 4096u
#define ROOM_MIN 1024u

/* A transaction is short up to this; what it costs is counted in operations on one address. */
#define SHORT_MAX 64u

/*
 * What keeps the housekeeper for about a millisecond: a generation that is made and published, and
 * a sweep over all addresses.
 */
#define SLOW_COST 1024u

/* Operations on the MAC table, and acknowledgements, in one part of a long transaction. */
#define APPLY_PART  1024u
#define ANSWER_PART 16384u

/* Steps of a dump between operations and ticks, and what they cost. */
#define DUMP_STEPS 4
#define DUMP_COST  512u

bool live_ops_create(struct live_ops *l, struct core *core, struct vex_shm *shm)
{
	*l = (struct live_ops){.core = core, .shm = shm, .room = ROOM_MIN};
	l->ops = malloc(l->room * sizeof(*l->ops));
	return l->ops != NULL;
}

bool live_ops_start_builder(struct live_ops *l)
{
	l->builder = builder_create();
	return l->builder != NULL;
}

void live_ops_destroy(struct live_ops *l)
{
	if (l->state == LIVE_OPS_BUILD)
		core_txn_cancel(&l->txn);
	builder_destroy(l->builder);
	if (l->state == LIVE_OPS_BUILD)
		core_txn_drop(l->core, &l->txn);
	free(l->ops);
	*l = (struct live_ops){0};
}

static void forget(struct live_ops *l)
{
	l->n = 0;
	l->open = false;
	l->forgotten = false;
	l->answered = 0;
	l->state = LIVE_OPS_COLLECT;
}

void live_ops_abort(struct live_ops *l)
{
	l->dump.active = false;
	if (l->state == LIVE_OPS_BUILD)
		core_txn_cancel(&l->txn);
	/* The builder has the operations still, or they are applied: then they are forgotten. */
	if (l->state == LIVE_OPS_BUILD || l->state == LIVE_OPS_APPLY)
		l->forgotten = true;
	else
		forget(l);
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

/* Refuses every collected operation. */
static void acknowledge_all(struct live_ops *l, enum vex_status status)
{
	for (uint32_t i = 0; i < l->n; i++)
		acknowledge(l, &l->ops[i], status);
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

/* The operations of a transaction stand between the first and the last that was kept. */
static uint32_t in_brackets(const struct live_ops *l)
{
	return l->n - 2;
}

/* Every operation has its status; the brackets get theirs. */
static void answer(struct live_ops *l, bool applied)
{
	l->ops[0].status = l->ops[l->n - 1].status = applied ? VEX_OK : VEX_ABORTED;
	l->state = LIVE_OPS_ANSWER;
}

static void answer_part(struct live_ops *l, uint32_t most)
{
	for (uint32_t i = 0; i < most && l->answered < l->n; i++, l->answered++)
		acknowledge(l, &l->ops[l->answered], l->ops[l->answered].status);
	if (l->answered == l->n)
		forget(l);
}

/* What operations cost that are applied in line: as SHORT_MAX counts. */
static unsigned int cost(const struct vex_op *ops, uint32_t n)
{
	unsigned int sum = n;

	for (uint32_t i = 0; i < n && sum < SLOW_COST; i++)
		if (ops[i].type != VEX_OP_MAC_SET && ops[i].type != VEX_OP_MAC_DEL)
			sum += SLOW_COST;
	return sum;
}

static void build(void *ctx)
{
	core_txn_build(ctx);
}

/* Returns what it cost the caller. */
static unsigned int commit(struct live_ops *l)
{
	uint32_t count = in_brackets(l);
	unsigned int costs = cost(l->ops + 1, count);

	if (l->ops[0].txn.count != count || l->ops[l->n - 1].txn.count != count) {
		acknowledge_all(l, VEX_INVALID);
		return 1;
	}
	if (l->builder && costs > SHORT_MAX) {
		core_txn_begin(l->core, &l->txn, l->ops + 1, count);
		l->state = LIVE_OPS_BUILD;
		builder_start(l->builder, build, &l->txn);
		return 1;
	}
	answer(l, core_apply(l->core, l->ops + 1, count));
	answer_part(l, l->n);
	return costs;
}

/* Returns what it cost the caller. */
static unsigned int take(struct live_ops *l, struct vex_op *op)
{
	bool begins = op->type == VEX_OP_TXN_BEGIN;

	op->status = VEX_OK;
	if (!l->open && op->type == VEX_OP_DUMP) {
		acknowledge(l, op, dump_start(&l->dump, l->core, op));
		return 1;
	}
	if (!l->open && !is_bracket(op)) {
		core_apply(l->core, op, 1);
		acknowledge(l, op, op->status);
		return cost(op, 1);
	}
	/* A bracket that opens twice, or closes what is not open. */
	if (begins == l->open && is_bracket(op)) {
		acknowledge_all(l, VEX_ABORTED);
		acknowledge(l, op, VEX_INVALID);
		return 1;
	}
	if (!keep(l, op)) {
		acknowledge_all(l, VEX_NO_RESOURCE);
		acknowledge(l, op, VEX_NO_RESOURCE);
		return 1;
	}
	l->open = true;
	return op->type == VEX_OP_TXN_COMMIT ? commit(l) : 1;
}

/* The next part of a long transaction. Returns 1 if there is another at once. */
static unsigned int go_on(struct live_ops *l, bool *written)
{
	switch (l->state) {
	case LIVE_OPS_BUILD:
		if (!builder_done(l->builder))
			return 0;
		if (l->forgotten) {
			core_txn_drop(l->core, &l->txn);
			forget(l);
		} else if (core_txn_publish(l->core, &l->txn)) {
			l->state = LIVE_OPS_APPLY;
		} else {
			answer(l, false);
		}
		return 1;
	case LIVE_OPS_APPLY:
		if (!core_txn_apply(l->core, &l->txn, APPLY_PART))
			return 1;
		if (l->forgotten)
			forget(l);
		else
			answer(l, true);
		return 1;
	default:
		answer_part(l, ANSWER_PART);
		*written = true;
		return 1;
	}
}

/* Puts a part of the dump onto its ring. Returns its cost if there is room for more at once. */
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
	return l->dump.active ? DUMP_COST : 0;
}

/* Until nothing comes or it has cost enough; what it cost. */
static unsigned int take_some(struct live_ops *l, unsigned int spent, bool *written)
{
	struct vex_op op;

	while (l->state == LIVE_OPS_COLLECT && spent < TAKE_MAX &&
		vex_shm_take(l->shm, l->n, &op) == 1) {
		spent += take(l, &op);
		*written = *written || !l->open;
	}
	return spent;
}

unsigned int live_ops_take(struct live_ops *l, bool *acknowledged)
{
	unsigned int spent = 0;
	unsigned int before;

	*acknowledged = false;
	if (l->state != LIVE_OPS_COLLECT)
		spent = go_on(l, acknowledged);
	do {
		before = spent;
		spent = take_some(l, spent, acknowledged);
		spent += dump_part(l, acknowledged);
	} while (spent != before && spent < TAKE_MAX && l->state == LIVE_OPS_COLLECT);
	return spent;
}
