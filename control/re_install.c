/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/re_install.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ACKS_PER_STEP 65536

__attribute__((format(printf, 2, 3))) static void fail(struct re_install *in, const char *fmt, ...)
{
	va_list ap;

	in->state = RE_INSTALL_FAILED;
	va_start(ap, fmt);
	vsnprintf(in->text, sizeof(in->text), fmt, ap);
	va_end(ap);
}

/* Record @i of the transaction, brackets included. */
static struct vex_op record(const struct re_install *in, size_t i)
{
	struct vex_op op = {.type = VEX_OP_TXN_BEGIN};

	if (i == 0 || i == in->n_ops + 1) {
		op.type = i == 0 ? VEX_OP_TXN_BEGIN : VEX_OP_TXN_COMMIT;
		op.txn.count = (uint32_t)in->n_ops;
	} else {
		op = in->ops[i - 1];
	}
	op.status = VEX_OK;
	op.seq = in->seq + (uint32_t)i;
	return op;
}

void re_install_start(struct re_install *in, struct vex_shm *shm, const struct vex_op *ops,
	size_t n_ops, uint64_t now_ms)
{
	/* Numbers go on, so that an answer to an earlier attempt is not taken for one to this. */
	uint32_t seq = in->seq + (uint32_t)in->n_ops + 2;

	*in = (struct re_install){.shm = shm,
		.dump = in->dump,
		.ops = ops,
		.n_ops = n_ops,
		.state = RE_INSTALL_RUNNING,
		.seq = seq,
		.progress_ms = now_ms,
		.start_ms = now_ms};
	if (n_ops > VEX_TXN_OPS_MAX)
		fail(in, "%zu operations do not fit into one transaction, which holds %u", n_ops,
			VEX_TXN_OPS_MAX);
}

static bool push_all(struct re_install *in)
{
	size_t before = in->pushed;

	while (in->pushed < in->n_ops + 2) {
		struct vex_op op = record(in, in->pushed);

		if (vex_ring_push(&in->shm->op, &op, sizeof(op)) <= 0)
			break;
		in->pushed++;
	}
	return in->pushed > before;
}

/* ABORTED says only that another one failed; COMMIT repeats what one of them said. */
static bool says_why(const struct re_install *in, const struct vex_ack *ack)
{
	return !in->refused && ack->status != VEX_OK && ack->status != VEX_ABORTED &&
	       in->acked <= in->n_ops;
}

static void take_ack(struct re_install *in, const struct vex_ack *ack)
{
	struct vex_op op = record(in, in->acked);

	if (in->acked >= in->pushed || ack->seq != op.seq || ack->type != op.type) {
		fail(in,
			"vex-pfe acknowledged %s with number %u, expected was %s with number %u; "
			"run programs of one release",
			vex_op_type_name(ack->type), ack->seq, vex_op_type_name(op.type), op.seq);
		return;
	}
	if (says_why(in, ack)) {
		in->refused = true;
		in->refused_at = in->acked > 0 ? in->acked - 1 : 0;
		in->refused_status = ack->status;
		snprintf(in->text, sizeof(in->text), "vex-pfe refused operation %zu of %zu, %s: %s",
			in->acked, in->n_ops, vex_op_type_name(ack->type),
			vex_status_name(ack->status));
	}
	if (++in->acked < in->n_ops + 2)
		return;
	if (in->refused || ack->status != VEX_OK) {
		in->state = RE_INSTALL_FAILED;
		if (!in->refused)
			fail(in, "vex-pfe refused the transaction of %zu operations: %s", in->n_ops,
				vex_status_name(ack->status));
	} else {
		in->state = RE_INSTALL_DONE;
	}
}

static bool take_acks(struct re_install *in)
{
	struct vex_ack ack;
	int n;

	for (n = 0; n < ACKS_PER_STEP && in->state == RE_INSTALL_RUNNING; n++) {
		if (vex_ring_pop(&in->shm->ack, &ack) <= 0)
			break;
		if (ack.type == VEX_OP_DUMP && in->dump != NULL)
			re_dump_ack(in->dump, &ack);
		else
			take_ack(in, &ack);
	}
	return n > 0;
}

static void check_rings(struct re_install *in)
{
	const char *op = in->shm->op.broken, *ack = in->shm->ack.broken;

	if (op != NULL || ack != NULL)
		fail(in, "the %s ring is broken: %s", op != NULL ? "operation" : "acknowledgement",
			op != NULL ? op : ack);
}

static void check_time(struct re_install *in, uint64_t now_ms)
{
	struct vex_op op = record(in, in->acked);

	if (now_ms - in->progress_ms < RE_INSTALL_TIMEOUT_MS)
		return;
	if (in->pushed < in->n_ops + 2)
		op = record(in, in->pushed);
	fail(in, "vex-pfe did not %s operation %zu of %zu, %s, within %d s",
		in->pushed < in->n_ops + 2 ? "take" : "acknowledge",
		in->pushed < in->n_ops + 2 ? in->pushed : in->acked, in->n_ops,
		vex_op_type_name(op.type), RE_INSTALL_TIMEOUT_MS / 1000);
}

bool re_install_step(struct re_install *in, uint64_t now_ms)
{
	bool pushed, acked;

	if (in->state != RE_INSTALL_RUNNING)
		return false;
	pushed = push_all(in);
	acked = take_acks(in);
	if (in->state == RE_INSTALL_RUNNING)
		check_rings(in);
	if (pushed || acked)
		in->progress_ms = now_ms;
	else if (in->state == RE_INSTALL_RUNNING)
		check_time(in, now_ms);
	return pushed;
}
