/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vex-re's side of the rings against the real other side (live_ops.h) and real tables, in one
 * process: a round is a step of each. The oracle is the configuration applied to an empty switch.
 */
#include "control/re_sync.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/ctl_diff_testlib.h"
#include "dataplane/live_ops.h"
#include "dataplane/ops_digest.h"
#include "tests/unit/core.h"
#include "tests/unit/ops_build.h"
#include "tests/unit/random.h"

#define ROUNDS_MAX 20000

struct pair {
	struct vex_shm_fds fds;
	struct vex_shm re, pfe;
	struct core *core;
	struct live_ops ops;
	struct re_sync *sync;
	uint64_t ms;
};

static void must_attach(struct pair *p, struct vex_shm *shm, enum vex_side side)
{
	int cnt = side == VEX_SIDE_PFE ? p->fds.cnt : p->fds.cnt_ro;
	char err[256];

	CU_ASSERT_EQUAL_FATAL(vex_shm_attach(shm, side, fcntl(p->fds.ctl, F_DUPFD_CLOEXEC, 0),
				      fcntl(cnt, F_DUPFD_CLOEXEC, 0), err, sizeof(err)),
		0);
}

static void start_pfe(struct pair *p, uint32_t macs)
{
	must_attach(p, &p->pfe, VEX_SIDE_PFE);
	p->core = core_make(macs);
	CU_ASSERT_TRUE_FATAL(live_ops_create(&p->ops, p->core, &p->pfe));
}

static void kill_pfe(struct pair *p)
{
	live_ops_destroy(&p->ops);
	core_free(p->core);
	vex_shm_detach(&p->pfe);
}

static void start_re(struct pair *p)
{
	must_attach(p, &p->re, VEX_SIDE_CONTROL);
	p->sync = re_sync_create(&p->re);
	CU_ASSERT_PTR_NOT_NULL_FATAL(p->sync);
}

static void kill_re(struct pair *p)
{
	re_sync_free(p->sync);
	vex_shm_detach(&p->re);
}

static struct pair *pair_create(uint32_t macs)
{
	struct pair *p = calloc(1, sizeof(*p));
	char err[256];

	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	CU_ASSERT_EQUAL_FATAL(vex_shm_create(&p->fds, err, sizeof(err)), 0);
	start_pfe(p, macs);
	start_re(p);
	return p;
}

static void pair_free(struct pair *p)
{
	kill_re(p);
	kill_pfe(p);
	vex_shm_close(&p->fds);
	free(p);
}

static void pfe_round(struct pair *p)
{
	bool some;

	if (vex_shm_sync(&p->pfe))
		live_ops_abort(&p->ops);
	while (live_ops_take(&p->ops, &some))
		continue;
}

static void re_round(struct pair *p, const struct diff_image *image)
{
	if (vex_shm_sync(&p->re) && vex_shm_met(&p->re))
		re_sync_start(p->sync, image->v, image->n, p->ms);
	re_sync_step(p->sync, p->ms);
	p->ms++;
}

static bool settled(const struct pair *p)
{
	enum re_sync_state state = re_sync_status(p->sync)->state;

	return state == RE_SYNC_DONE || state == RE_SYNC_FAILED;
}

static void run(struct pair *p, const struct diff_image *image)
{
	for (int i = 0; i < ROUNDS_MAX && !settled(p); i++) {
		re_round(p, image);
		pfe_round(p);
	}
	CU_ASSERT_EQUAL(re_sync_status(p->sync)->state, RE_SYNC_DONE);
	if (re_sync_status(p->sync)->state == RE_SYNC_FAILED)
		printf("%s\n", re_sync_status(p->sync)->text);
}

static void begin(struct pair *p, const struct diff_image *image)
{
	re_sync_start(p->sync, image->v, image->n, p->ms);
	run(p, image);
}

static void expect_tables(struct core *c, const struct vex_op *ops, size_t n)
{
	struct core *fresh = core_make(c->params.scale.macs);

	core_must_apply(fresh, ops, n);
	for (enum vex_table t = 0; t < VEX_TABLE_MAC_LEARNED; t++) {
		struct dumped x = dump_read(c, dump_of(t), DUMP_ROOM);
		struct dumped y = dump_read(fresh, dump_of(t), DUMP_ROOM);

		qsort(x.v, x.n, sizeof(*x.v), dump_compare_ops);
		qsort(y.v, y.n, sizeof(*y.v), dump_compare_ops);
		CU_ASSERT_TRUE(x.n == y.n && memcmp(x.v, y.v, x.n * sizeof(*x.v)) == 0);
		free(x.v);
		free(y.v);
	}
	core_free(fresh);
}

static struct diff_image *image_of(uint64_t seed)
{
	uint64_t s = seed * 7919;

	return diff_random_image(&s);
}

/* ---- Comparing and correcting ----------------------------------------------------------------- */

static void an_empty_switch_gets_everything(void)
{
	struct pair *p = pair_create(1000);
	struct diff_image *a = image_of(1);

	CU_ASSERT_EQUAL(re_sync_status(p->sync)->state, RE_SYNC_IDLE);
	CU_ASSERT_FALSE(re_sync_step(p->sync, 0));
	begin(p, a);
	expect_tables(p->core, a->v, a->n);
	CU_ASSERT_TRUE(re_sync_status(p->sync)->sent > 0);
	free(a);
	pair_free(p);
}

/* vex-re is started again: nothing is sent, and nothing is forgotten. */
static void nothing_differs(void)
{
	struct pair *p = pair_create(1000);
	struct diff_image *a = image_of(2);
	uint64_t generation;
	uint16_t bd = 0, l = 0;

	begin(p, a);
	while (!a->vlan[bd].type || lport_set_has(&p->core->tables->up, l) == 0 ||
		!lport_set_has(&a->set[bd][VEX_VLAN_IN], l)) {
		l = (uint16_t)((l + 1) % CORE_PORTS);
		bd = (uint16_t)(bd + (l == 0));
	}
	core_learn(p->core, bd, l, 0x0a0000000001);
	generation = p->core->tables->generation;
	kill_re(p);
	start_re(p);
	begin(p, a);
	CU_ASSERT_EQUAL(re_sync_status(p->sync)->differ, 0);
	CU_ASSERT_EQUAL(re_sync_status(p->sync)->sent, 0);
	CU_ASSERT_EQUAL(p->core->tables->generation, generation);
	CU_ASSERT_TRUE(mac_counts(&p->core->mac, p->core->tables, bd, 0x0a0000000001));
	free(a);
	pair_free(p);
}

/* One table differs: that one is read, and one operation is sent. */
static void only_the_difference(void)
{
	struct pair *p = pair_create(1000);
	struct diff_image *a = image_of(3);
	struct vex_op other = op_switch(77, VEX_LIMIT_DROP);

	begin(p, a);
	core_must_apply(p->core, &other, 1);
	begin(p, a);
	CU_ASSERT_EQUAL(re_sync_status(p->sync)->differ, 1u << VEX_TABLE_SWITCH);
	CU_ASSERT_EQUAL(re_sync_status(p->sync)->sent, 1);
	expect_tables(p->core, a->v, a->n);
	free(a);
	pair_free(p);
}

static void random_tables(void)
{
	for (uint64_t seed = 10; seed < 40; seed++) {
		struct pair *p = pair_create(1000);
		struct diff_image *a = image_of(seed), *b = image_of(seed + 1000);

		core_must_apply(p->core, a->v, a->n);
		begin(p, b);
		expect_tables(p->core, b->v, b->n);
		free(a);
		free(b);
		pair_free(p);
	}
}

/* Spanning tree is not the configuration's. */
static void states_are_left_alone(void)
{
	struct pair *p = pair_create(1000);
	struct diff_image *a = image_of(4);
	struct vex_op stp = op_stp(0, 1, VEX_STP_DISCARDING);
	struct dumped r;

	begin(p, a);
	core_must_apply(p->core, &stp, 1);
	begin(p, a);
	CU_ASSERT_EQUAL(re_sync_status(p->sync)->sent, 0);
	r = dump_read(p->core, dump_of(VEX_TABLE_STP), DUMP_ROOM);
	CU_ASSERT_EQUAL(r.n, 1);
	free(r.v);
	free(a);
	pair_free(p);
}

/* One of the two is killed after every round, with operations and records on the rings. */
static void killed_at_any_round(void)
{
	for (unsigned int round = 0; round < 60; round++) {
		struct pair *p = pair_create(1000);
		struct diff_image *a = image_of(50), *b = image_of(51);

		begin(p, a);
		re_sync_start(p->sync, b->v, b->n, p->ms);
		for (unsigned int i = 0; i < round / 2; i++) {
			re_round(p, b);
			pfe_round(p);
		}
		if (round % 4 >= 2)
			re_round(p, b);
		if (round % 2) {
			kill_pfe(p);
			start_pfe(p, 1000);
			re_round(p, b);
			pfe_round(p);
			run(p, b);
		} else {
			kill_re(p);
			start_re(p);
			begin(p, b);
		}
		expect_tables(p->core, b->v, b->n);
		free(a);
		free(b);
		pair_free(p);
	}
}

/* More static addresses than a transaction holds go in several. */
static void more_than_a_transaction(void)
{
	size_t n = VEX_TXN_OPS_MAX + 20000, at = 0;
	struct pair *p = pair_create(400000);
	struct vex_op *ops = calloc(n, sizeof(*ops));

	CU_ASSERT_PTR_NOT_NULL_FATAL(ops);
	ops[at++] = op_vlan(10, 10, 300);
	ops[at++] = op_set(10, VEX_VLAN_OUT, 0xff);
	while (at < n) {
		ops[at] = op_mac(VEX_OP_MAC_SET, 10, (uint16_t)(at % 8), 0x020000000000 + 3 * at);
		at++;
	}
	re_sync_start(p->sync, ops, n, p->ms);
	for (int i = 0; i < ROUNDS_MAX && !settled(p); i++) {
		re_sync_step(p->sync, p->ms);
		pfe_round(p);
	}
	CU_ASSERT_EQUAL(re_sync_status(p->sync)->state, RE_SYNC_DONE);
	CU_ASSERT_TRUE(re_sync_status(p->sync)->sent >= n);
	CU_ASSERT_EQUAL(p->core->mac.entries, n - 2);
	free(ops);
	pair_free(p);
}

/* ---- Failures --------------------------------------------------------------------------------- */

static void silence_fails(void)
{
	struct pair *p = pair_create(1000);
	struct diff_image *a = image_of(5);

	re_sync_start(p->sync, a->v, a->n, 0);
	for (uint64_t ms = 0; ms < RE_DUMP_TIMEOUT_MS; ms += 100)
		re_sync_step(p->sync, ms);
	CU_ASSERT_EQUAL(re_sync_status(p->sync)->state, RE_SYNC_COMPARING);
	re_sync_step(p->sync, RE_DUMP_TIMEOUT_MS);
	CU_ASSERT_EQUAL(re_sync_status(p->sync)->state, RE_SYNC_FAILED);
	CU_ASSERT_STRING_EQUAL(
		re_sync_status(p->sync)->text, "vex-pfe does not answer (table switch)");
	/* It was only slow: another start works, with what is still on the rings. */
	begin(p, a);
	expect_tables(p->core, a->v, a->n);
	free(a);
	pair_free(p);
}

static void a_refusal_is_named(void)
{
	struct pair *p = pair_create(2);
	struct vex_op ops[] = {op_vlan(10, 10, 300), op_set(10, VEX_VLAN_OUT, 1),
		op_mac(VEX_OP_MAC_SET, 10, 0, 0x020000000001),
		op_mac(VEX_OP_MAC_SET, 10, 0, 0x020000000002),
		op_mac(VEX_OP_MAC_SET, 10, 0, 0x020000000003)};

	re_sync_start(p->sync, ops, UNIT_N(ops), 0);
	for (int i = 0; i < ROUNDS_MAX && !settled(p); i++) {
		re_sync_step(p->sync, 0);
		pfe_round(p);
	}
	CU_ASSERT_EQUAL(re_sync_status(p->sync)->state, RE_SYNC_FAILED);
	CU_ASSERT_PTR_NOT_NULL(strstr(re_sync_status(p->sync)->text, "mac-set: NO_RESOURCE"));
	pair_free(p);
}

/* Learned addresses leave no room for a static one: it comes when they have gone. */
static void room_comes_later(void)
{
	const struct vex_op ops[] = {op_port(0, true), op_vlan(10, 10, 300),
		op_set(10, VEX_VLAN_OUT, 1), op_set(10, VEX_VLAN_IN, 1),
		op_mac(VEX_OP_MAC_SET, 10, 0, 0x020000000001)};
	struct vex_op flush = op_flush(VEX_LPORT_NONE, VEX_BD_NONE, 0);
	struct pair *p = pair_create(2);

	core_must_apply(p->core, ops, UNIT_N(ops) - 1);
	core_learn(p->core, 10, 0, 0x020000000002);
	core_learn(p->core, 10, 0, 0x020000000003);
	re_sync_start(p->sync, ops, UNIT_N(ops), 0);
	for (int i = 0; i < ROUNDS_MAX && !settled(p); i++) {
		re_sync_step(p->sync, 0);
		pfe_round(p);
	}
	CU_ASSERT_EQUAL(re_sync_status(p->sync)->state, RE_SYNC_FAILED);
	core_must_apply(p->core, &flush, 1);
	re_sync_start(p->sync, ops, UNIT_N(ops), 0);
	for (int i = 0; i < 100; i++) {
		re_sync_step(p->sync, 0);
		pfe_round(p);
	}
	CU_ASSERT_EQUAL(re_sync_status(p->sync)->state, RE_SYNC_DONE);
	CU_ASSERT_TRUE(mac_counts(&p->core->mac, p->core->tables, 10, 0x020000000001));
	pair_free(p);
}

/* ---- Transactions ----------------------------------------------------------------------------- */

struct outcome {
	int calls;
	bool ok, lost;
	size_t at;
	uint16_t status;
	char text[256];
};

static void on_applied(void *ctx, const struct re_sync_result *result)
{
	struct outcome *o = ctx;

	o->calls++;
	o->ok = result->ok;
	o->lost = result->lost;
	o->at = result->at;
	o->status = result->status;
	snprintf(o->text, sizeof(o->text), "%s", result->text ? result->text : "");
}

static void rounds(struct pair *p, const struct diff_image *image, int n)
{
	for (int i = 0; i < n; i++) {
		re_round(p, image);
		pfe_round(p);
	}
}

static void transactions(void)
{
	struct pair *p = pair_create(1000);
	struct diff_image *a = image_of(6);
	const struct vex_op good[] = {op_switch(10, 0), op_port(0, false)};
	const struct vex_op bad[] = {op_switch(20, 0), op_vlan_del(4000), op_port(0, true)};
	struct outcome first = {0}, second = {0}, third = {0}, empty = {0};

	re_sync_start(p->sync, a->v, a->n, 0);
	CU_ASSERT_TRUE(re_sync_apply(p->sync, good, 2, on_applied, &first));
	CU_ASSERT_TRUE(re_sync_apply(p->sync, bad, 3, on_applied, &second));
	CU_ASSERT_TRUE(re_sync_apply(p->sync, NULL, 0, on_applied, &empty));
	CU_ASSERT_TRUE(re_sync_apply(p->sync, good, 2, on_applied, &third));
	re_sync_cancel(p->sync, &third);
	CU_ASSERT_EQUAL(first.calls, 0);
	run(p, a);
	rounds(p, a, 20);
	CU_ASSERT_TRUE(first.calls == 1 && first.ok);
	CU_ASSERT_TRUE(second.calls == 1 && !second.ok && !second.lost && second.at == 1 &&
		       second.status == VEX_NOT_FOUND);
	CU_ASSERT_STRING_EQUAL(
		second.text, "vex-pfe refused operation 2 of 3, vlan-del: NOT_FOUND");
	CU_ASSERT_TRUE(empty.calls == 1 && empty.ok);
	CU_ASSERT_EQUAL(third.calls, 0);
	CU_ASSERT_EQUAL(p->core->tables->mac_limit, 10);
	CU_ASSERT_FALSE(
		re_sync_apply(p->sync, good, (size_t)VEX_TXN_OPS_MAX + 1, on_applied, &third));
	free(a);
	pair_free(p);
}

static void a_transaction_is_lost(void)
{
	struct pair *p = pair_create(1000);
	struct diff_image *a = image_of(7);
	const struct vex_op op = op_switch(10, 0);
	struct outcome o = {0}, waits = {0};

	begin(p, a);
	CU_ASSERT_TRUE(re_sync_apply(p->sync, &op, 1, on_applied, &o));
	re_round(p, a); /* on the ring */
	CU_ASSERT_TRUE(re_sync_apply(p->sync, &op, 1, on_applied, &waits));
	kill_pfe(p);
	re_sync_stop(p->sync);
	re_sync_step(p->sync, p->ms);
	CU_ASSERT_TRUE(o.calls == 1 && !o.ok && o.lost);
	CU_ASSERT_EQUAL(waits.calls, 0);
	start_pfe(p, 1000);
	re_round(p, a);
	CU_ASSERT_EQUAL(re_sync_status(p->sync)->state, RE_SYNC_COMPARING);
	run(p, a);
	rounds(p, a, 10);
	CU_ASSERT_TRUE(waits.calls == 1 && waits.ok);
	free(a);
	pair_free(p);
}

/* It answers too late: what came of it is undone. */
static void a_transaction_without_answer(void)
{
	struct pair *p = pair_create(1000);
	struct diff_image *a = image_of(8);
	const struct vex_op op = op_switch(10, 0);
	struct outcome o = {0};

	begin(p, a);
	CU_ASSERT_TRUE(re_sync_apply(p->sync, &op, 1, on_applied, &o));
	re_round(p, a);
	p->ms += 10000;
	re_round(p, a);
	CU_ASSERT_TRUE(o.calls == 1 && !o.ok && o.lost);
	CU_ASSERT_EQUAL(re_sync_status(p->sync)->state, RE_SYNC_COMPARING);
	run(p, a);
	expect_tables(p->core, a->v, a->n);
	free(a);
	pair_free(p);
}

/* Who asked goes while it is under way: it is undone. */
static void cancelled_under_way(void)
{
	struct pair *p = pair_create(1000);
	struct diff_image *a = image_of(9);
	const struct vex_op op = op_switch(10, 0);
	struct outcome o = {0};

	begin(p, a);
	CU_ASSERT_TRUE(re_sync_apply(p->sync, &op, 1, on_applied, &o));
	re_round(p, a);
	re_sync_cancel(p->sync, &o);
	pfe_round(p);
	CU_ASSERT_EQUAL(p->core->tables->mac_limit, 10);
	rounds(p, a, 5);
	run(p, a);
	CU_ASSERT_EQUAL(o.calls, 0);
	expect_tables(p->core, a->v, a->n);
	free(a);
	pair_free(p);
}

/* What was committed meanwhile is what a comparison restores. */
static void the_configuration_moves_on(void)
{
	struct pair *p = pair_create(1000);
	struct diff_image *a = image_of(60), *b = image_of(61);
	struct vex_op op = op_switch(10, 0);
	struct outcome o = {0};

	begin(p, a);
	CU_ASSERT_TRUE(re_sync_config(p->sync, b->v, b->n));
	CU_ASSERT_TRUE(re_sync_apply(p->sync, &op, 1, on_applied, &o));
	re_round(p, a);
	p->ms += 10000;
	re_round(p, a);
	run(p, a);
	expect_tables(p->core, b->v, b->n);
	free(a);
	free(b);
	pair_free(p);
}

static const struct unit_case cases[] = {
	{"an empty switch gets everything", an_empty_switch_gets_everything},
	{"when nothing differs nothing is sent", nothing_differs},
	{"only the difference is sent", only_the_difference},
	{"random tables become those of the configuration", random_tables},
	{"spanning tree states are left alone", states_are_left_alone},
	{"a side is killed in any round", killed_at_any_round},
	{"more operations than a transaction holds", more_than_a_transaction},
	{"silence fails, and the next start works", silence_fails},
	{"a refusal is named", a_refusal_is_named},
	{"what found no room is installed by the next start", room_comes_later},
	{"transactions wait, end one after the other, and are all or nothing", transactions},
	{"a transaction is lost with vex-pfe", a_transaction_is_lost},
	{"a transaction without an answer is undone", a_transaction_without_answer},
	{"a transaction that nobody waits for is undone", cancelled_under_way},
	{"a comparison is with what is configured now", the_configuration_moves_on},
};

const struct unit_suite re_sync_suite = {.name = "re_sync", .cases = cases, .n = UNIT_N(cases)};
