/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Long transactions from the ring: built by a builder, applied and acknowledged in parts, and given
 * up or completed when control begins a new life.
 */
#include "dataplane/live_ops.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>

#include "tests/unit/core.h"
#include "tests/unit/ops_build.h"

#define BD   10
#define MACS 5000u

struct bench {
	struct vex_shm_fds fds;
	struct vex_shm re, pfe;
	struct core *core;
	struct live_ops ops;
	uint32_t seq;
};

static void attach(struct bench *b, struct vex_shm *shm, enum vex_side side)
{
	int cnt = side == VEX_SIDE_PFE ? b->fds.cnt : b->fds.cnt_ro;
	char err[256];

	CU_ASSERT_EQUAL_FATAL(vex_shm_attach(shm, side, fcntl(b->fds.ctl, F_DUPFD_CLOEXEC, 0),
				      fcntl(cnt, F_DUPFD_CLOEXEC, 0), err, sizeof(err)),
		0);
}

static void push(struct bench *b, struct vex_op op)
{
	op.seq = b->seq++;
	CU_ASSERT_EQUAL_FATAL(vex_ring_push(&b->re.op, &op, sizeof(op)), 1);
}

/* A step of vex-pfe; false if it has nothing to do at once. */
static bool step(struct bench *b)
{
	bool some;

	if (vex_shm_sync(&b->pfe))
		live_ops_abort(&b->ops);
	return live_ops_take(&b->ops, &some) > 0;
}

static void run_until(struct bench *b, enum live_ops_state state)
{
	while (b->ops.state != state)
		step(b);
}

/* Until there is nothing more to do, and nothing is on its way. */
static void run(struct bench *b)
{
	struct pollfd p = {.fd = builder_fd(b->ops.builder), .events = POLLIN};

	while (step(b) || b->ops.state != LIVE_OPS_COLLECT)
		if (b->ops.state == LIVE_OPS_BUILD)
			poll(&p, 1, -1);
}

static struct bench *bench_open(uint32_t macs)
{
	struct bench *b = calloc(1, sizeof(*b));
	const struct vex_op vlan[] = {op_vlan(BD, BD, 300), op_set(BD, VEX_VLAN_OUT, 3)};
	char err[256];

	CU_ASSERT_PTR_NOT_NULL_FATAL(b);
	CU_ASSERT_EQUAL_FATAL(vex_shm_create(&b->fds, err, sizeof(err)), 0);
	attach(b, &b->pfe, VEX_SIDE_PFE);
	b->core = core_make(macs);
	core_must_apply(b->core, vlan, UNIT_N(vlan));
	CU_ASSERT_TRUE_FATAL(live_ops_create(&b->ops, b->core, &b->pfe));
	CU_ASSERT_TRUE_FATAL(live_ops_start_builder(&b->ops));
	attach(b, &b->re, VEX_SIDE_CONTROL);
	step(b);
	return b;
}

static void bench_close(struct bench *b)
{
	live_ops_destroy(&b->ops);
	core_free(b->core);
	vex_shm_detach(&b->pfe);
	vex_shm_detach(&b->re);
	vex_shm_close(&b->fds);
	free(b);
}

static struct vex_op address(uint32_t n)
{
	return op_mac(VEX_OP_MAC_SET, BD, 1, UINT64_C(0x020000000000) + n);
}

/* BEGIN, a VLAN, MACS - 1 addresses, COMMIT: MACS operations. */
static void push_long(struct bench *b)
{
	push(b, (struct vex_op){.type = VEX_OP_TXN_BEGIN, .txn = {MACS}});
	push(b, op_vlan(20, 20, 300));
	for (uint32_t i = 1; i < MACS; i++)
		push(b, address(i));
	push(b, (struct vex_op){.type = VEX_OP_TXN_COMMIT, .txn = {MACS}});
}

/* The next n acknowledgements: numbers from first on, all with this status. */
static void expect_acks(struct bench *b, uint32_t first, uint32_t n, unsigned int status)
{
	struct vex_ack ack;
	uint32_t wrong = 0;

	for (uint32_t i = 0; i < n; i++) {
		CU_ASSERT_EQUAL_FATAL(vex_ring_pop(&b->re.ack, &ack), sizeof(ack));
		wrong += ack.seq != first + i || ack.status != status;
	}
	CU_ASSERT_EQUAL(wrong, 0);
}

static void expect_no_ack(struct bench *b)
{
	struct vex_ack ack;

	CU_ASSERT_EQUAL(vex_ring_pop(&b->re.ack, &ack), 0);
}

static void expect_tables(const struct bench *b, bool installed)
{
	CU_ASSERT_EQUAL(b->core->tables->vlan[20].vid, installed ? 20 : 0);
	CU_ASSERT_EQUAL(b->core->mac.entries, installed ? MACS - 1 : 0);
	CU_ASSERT_FALSE(b->core->held);
}

static void installed(void)
{
	struct bench *b = bench_open(2 * MACS);
	unsigned int steps = 0;

	push_long(b);
	push(b, address(MACS));
	run_until(b, LIVE_OPS_APPLY);
	CU_ASSERT_EQUAL(b->core->tables->vlan[20].vid, 20);
	while (b->ops.state == LIVE_OPS_APPLY) {
		expect_no_ack(b);
		step(b);
		steps++;
	}
	CU_ASSERT_TRUE(steps > 1);
	expect_tables(b, true);
	run(b);
	expect_acks(b, 0, MACS + 3, VEX_OK);
	expect_no_ack(b);
	CU_ASSERT_EQUAL(b->core->mac.entries, MACS);
	bench_close(b);
}

static void refused(void)
{
	struct bench *b = bench_open(MACS - 2); /* one too few */

	push_long(b);
	push(b, address(1));
	run(b);
	expect_acks(b, 0, MACS, VEX_ABORTED);
	expect_acks(b, MACS, 1, VEX_NO_RESOURCE);
	expect_acks(b, MACS + 1, 1, VEX_ABORTED);
	expect_acks(b, MACS + 2, 1, VEX_OK);
	CU_ASSERT_EQUAL(b->core->mac.entries, 1);
	CU_ASSERT_EQUAL(b->core->tables->vlan[20].vid, 0);
	bench_close(b);
}

/* Control begins a new life at this state; what it sends then is done after all that. */
static void new_life(enum live_ops_state state, bool whole)
{
	struct bench *b = bench_open(MACS);

	push_long(b);
	run_until(b, state);
	vex_shm_renew(&b->re);
	b->seq = 77;
	push(b, (struct vex_op){.type = VEX_OP_PORT_UP, .port = {.port = 1}});
	push(b, address(1));
	run(b);
	expect_acks(b, 77, 2, VEX_OK);
	expect_no_ack(b);
	CU_ASSERT_EQUAL(b->core->tables->vlan[20].vid, whole ? 20 : 0);
	CU_ASSERT_EQUAL(b->core->mac.entries, whole ? MACS - 1 : 1);
	push_long(b);
	run(b);
	expect_acks(b, 79, MACS + 2, VEX_OK);
	expect_tables(b, true);
	bench_close(b);
}

static void new_life_while_built(void)
{
	new_life(LIVE_OPS_BUILD, false);
}

static void new_life_while_applied(void)
{
	new_life(LIVE_OPS_APPLY, true);
}

static void new_life_while_answered(void)
{
	new_life(LIVE_OPS_ANSWER, true);
}

static void destroyed(void)
{
	struct bench *b = bench_open(MACS);

	push_long(b);
	run_until(b, LIVE_OPS_BUILD);
	live_ops_destroy(&b->ops);
	expect_tables(b, false);
	bench_close(b);
}

static const struct unit_case cases[] = {
	{"a long transaction is acknowledged when all of it is done", installed},
	{"a refused one leaves nothing, and says why", refused},
	{"a new life gives up a build", new_life_while_built},
	{"a new life completes what was published", new_life_while_applied},
	{"a new life forgets acknowledgements", new_life_while_answered},
	{"an end gives up a build", destroyed},
};

const struct unit_suite live_ops_suite = {.name = "live_ops", .cases = cases, .n = UNIT_N(cases)};
