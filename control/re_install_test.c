/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/re_install.h"

#include "tests/unit/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Both sides in one process. */
struct pair {
	struct vex_shm_fds fds;
	struct vex_shm re, pfe;
	struct re_install in;
	struct vex_op *taken; /* by the other side */
	size_t n_taken;
};

static void must_attach(struct pair *p, struct vex_shm *shm, enum vex_side side)
{
	int cnt = side == VEX_SIDE_PFE ? p->fds.cnt : p->fds.cnt_ro;
	char err[256];

	CU_ASSERT_EQUAL_FATAL(vex_shm_attach(shm, side, fcntl(p->fds.ctl, F_DUPFD_CLOEXEC, 0),
				      fcntl(cnt, F_DUPFD_CLOEXEC, 0), err, sizeof(err)),
		0);
}

static struct pair *pair_create(void)
{
	struct pair *p = calloc(1, sizeof(*p));
	char err[256];

	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	CU_ASSERT_EQUAL_FATAL(vex_shm_create(&p->fds, err, sizeof(err)), 0);
	must_attach(p, &p->pfe, VEX_SIDE_PFE);
	must_attach(p, &p->re, VEX_SIDE_CONTROL);
	CU_ASSERT_TRUE(vex_shm_sync(&p->pfe));
	p->taken = calloc(VEX_ACK_SLOTS, sizeof(*p->taken));
	CU_ASSERT_PTR_NOT_NULL_FATAL(p->taken);
	return p;
}

static void pair_free(struct pair *p)
{
	vex_shm_detach(&p->re);
	vex_shm_detach(&p->pfe);
	vex_shm_close(&p->fds);
	free(p->taken);
	free(p);
}

static struct vex_op *make_ops(size_t n)
{
	struct vex_op *ops = calloc(n + 1, sizeof(*ops));

	CU_ASSERT_PTR_NOT_NULL_FATAL(ops);
	for (size_t i = 0; i < n; i++)
		ops[i] = (struct vex_op){.type = VEX_OP_MAC_SET, .mac = {.bd = (uint16_t)i}};
	return ops;
}

static void pfe_takes(struct pair *p)
{
	while (vex_shm_take(&p->pfe, (uint32_t)p->n_taken, &p->taken[p->n_taken]) == 1)
		p->n_taken++;
}

/* Acknowledges what was taken; operation @refused (from 1, 0: none) is refused. */
static void pfe_answers(struct pair *p, size_t refused)
{
	for (size_t i = 0; i < p->n_taken; i++) {
		struct vex_ack ack = {.seq = p->taken[i].seq, .type = p->taken[i].type};

		if (refused > 0)
			ack.status = i == refused ? VEX_NO_RESOURCE : VEX_ABORTED;
		CU_ASSERT_EQUAL(vex_ring_push(&p->pfe.ack, &ack, sizeof(ack)), 1);
	}
	p->n_taken = 0;
}

static void brackets_and_order(void)
{
	struct pair *p = pair_create();
	struct vex_op *ops = make_ops(3);

	re_install_start(&p->in, &p->re, ops, 3, 0);
	CU_ASSERT_TRUE(re_install_step(&p->in, 0));
	pfe_takes(p);
	CU_ASSERT_EQUAL(p->n_taken, 5);
	CU_ASSERT_EQUAL(p->taken[0].type, VEX_OP_TXN_BEGIN);
	CU_ASSERT_EQUAL(p->taken[0].txn.count, 3);
	for (size_t i = 1; i <= 3; i++) {
		CU_ASSERT_EQUAL(p->taken[i].mac.bd, i - 1);
		CU_ASSERT_EQUAL(p->taken[i].seq, p->taken[0].seq + i);
	}
	CU_ASSERT_EQUAL(p->taken[4].type, VEX_OP_TXN_COMMIT);
	CU_ASSERT_EQUAL(p->taken[4].txn.count, 3);
	CU_ASSERT_EQUAL(p->in.state, RE_INSTALL_RUNNING);
	pfe_answers(p, 0);
	CU_ASSERT_FALSE(re_install_step(&p->in, 1));
	CU_ASSERT_EQUAL(p->in.state, RE_INSTALL_DONE);
	free(ops);
	pair_free(p);
}

static void more_than_the_ring_holds(void)
{
	size_t n = VEX_OP_SLOTS * 3;
	struct pair *p = pair_create();
	struct vex_op *ops = make_ops(n);
	int rounds = 0;

	re_install_start(&p->in, &p->re, ops, n, 0);
	while (p->in.state == RE_INSTALL_RUNNING && rounds++ < 10) {
		re_install_step(&p->in, 0);
		pfe_takes(p);
		if (p->n_taken == n + 2)
			pfe_answers(p, 0);
	}
	CU_ASSERT_EQUAL(p->in.state, RE_INSTALL_DONE);
	free(ops);
	pair_free(p);
}

static void refusal_names_the_operation(void)
{
	struct pair *p = pair_create();
	struct vex_op *ops = make_ops(3);

	re_install_start(&p->in, &p->re, ops, 3, 0);
	re_install_step(&p->in, 0);
	pfe_takes(p);
	pfe_answers(p, 2);
	re_install_step(&p->in, 0);
	CU_ASSERT_EQUAL(p->in.state, RE_INSTALL_FAILED);
	CU_ASSERT_STRING_EQUAL(
		p->in.text, "vex-pfe refused operation 2 of 3, mac-set: NO_RESOURCE");
	free(ops);
	pair_free(p);
}

static void silence_is_named(void)
{
	struct pair *p = pair_create();
	struct vex_op *ops = make_ops(3);

	re_install_start(&p->in, &p->re, ops, 3, 1000);
	re_install_step(&p->in, 1000);
	re_install_step(&p->in, 1000 + RE_INSTALL_TIMEOUT_MS - 1);
	CU_ASSERT_EQUAL(p->in.state, RE_INSTALL_RUNNING);
	re_install_step(&p->in, 1000 + RE_INSTALL_TIMEOUT_MS);
	CU_ASSERT_EQUAL(p->in.state, RE_INSTALL_FAILED);
	CU_ASSERT_STRING_EQUAL(
		p->in.text, "vex-pfe did not acknowledge operation 0 of 3, txn-begin, within 5 s");
	free(ops);
	pair_free(p);
}

static void old_answers_do_not_count(void)
{
	struct pair *p = pair_create();
	struct vex_op *ops = make_ops(1);

	re_install_start(&p->in, &p->re, ops, 1, 0);
	re_install_step(&p->in, 0);
	pfe_takes(p);
	re_install_start(&p->in, &p->re, ops, 1, 0);
	pfe_answers(p, 0);
	re_install_step(&p->in, 0);
	CU_ASSERT_EQUAL(p->in.state, RE_INSTALL_FAILED);
	CU_ASSERT_PTR_NOT_NULL(strstr(p->in.text, "vex-pfe acknowledged txn-begin with number"));
	free(ops);
	pair_free(p);
}

static void too_many(void)
{
	struct re_install in = {0};

	re_install_start(&in, NULL, NULL, (size_t)VEX_TXN_OPS_MAX + 1, 0);
	CU_ASSERT_EQUAL(in.state, RE_INSTALL_FAILED);
	CU_ASSERT_FALSE(re_install_step(&in, 0));
}

static const struct unit_case cases[] = {
	{"a transaction has brackets and keeps its order", brackets_and_order},
	{"a transaction may be longer than the ring", more_than_the_ring_holds},
	{"a refusal names the operation and the status", refusal_names_the_operation},
	{"silence fails after its time, and names the operation", silence_is_named},
	{"answers to an earlier transaction are not taken for this one", old_answers_do_not_count},
	{"more operations than a transaction holds are refused", too_many},
};

const struct unit_suite re_install_suite = {
	.name = "re_install", .cases = cases, .n = UNIT_N(cases)};
