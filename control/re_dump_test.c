/* SPDX-License-Identifier: BSD-3-Clause */
/* The client of dumps against another side that answers as each case says, step by step. */
#include "control/re_dump.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/ops_digest.h"
#include "tests/unit/ops_build.h"
#include "tests/unit/unit.h"

struct pair {
	struct vex_shm_fds fds;
	struct vex_shm re, pfe;
	struct re_dump *dump;
	struct vex_op asked; /* the latest request that the other side took */
};

/* What came of a request. */
struct outcome {
	int calls;
	char error[200];
	size_t n;
	uint64_t count, digest, sum;
	struct pair *again; /* ask anew from the callback */
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
	p->dump = re_dump_create(&p->re);
	CU_ASSERT_PTR_NOT_NULL_FATAL(p->dump);
	return p;
}

static void pair_free(struct pair *p)
{
	re_dump_free(p->dump);
	vex_shm_detach(&p->re);
	vex_shm_detach(&p->pfe);
	vex_shm_close(&p->fds);
	free(p);
}

static const struct vex_op_dump vlans = {
	.table = VEX_TABLE_VLAN, .bd = VEX_BD_NONE, .lport = VEX_LPORT_NONE};

static void on_done(void *ctx, const struct re_dump_result *result)
{
	struct outcome *o = ctx;

	o->calls++;
	snprintf(o->error, sizeof(o->error), "%s", result->error != NULL ? result->error : "");
	o->n = result->n;
	o->count = result->count;
	o->digest = result->digest;
	for (size_t i = 0; result->error == NULL && i < result->n; i++)
		o->sum += vex_op_digest(&result->records[i]);
	if (o->again != NULL)
		re_dump_request(o->again->dump, &vlans, on_done, ctx);
	o->again = NULL;
}

/* The other side takes a request; false if there is none. */
static bool take(struct pair *p)
{
	return vex_ring_pop(&p->pfe.op, &p->asked) > 0;
}

static void acknowledge(struct pair *p, uint16_t status)
{
	const struct vex_ack ack = {.seq = p->asked.seq, .type = VEX_OP_DUMP, .status = status};

	re_dump_ack(p->dump, &ack);
}

static void put(struct pair *p, struct vex_op op)
{
	CU_ASSERT_EQUAL(vex_ring_push(&p->pfe.dump, &op, sizeof(op)), 1);
}

static void put_end(struct pair *p, uint16_t dumped, uint64_t count, uint64_t digest)
{
	put(p, (struct vex_op){.type = VEX_OP_DUMP_END,
		       .dump_end = {.table = dumped,
			       .cookie = p->asked.dump.cookie,
			       .count = count,
			       .digest = digest}});
}

static void records_and_digest(void)
{
	struct pair *p = pair_create();
	struct vex_op a = op_vlan(1, 1, 300), b = op_vlan(2, 2, 300);
	struct vex_op_dump digest = vlans;
	struct outcome o = {0};

	CU_ASSERT_FALSE(re_dump_busy(p->dump));
	CU_ASSERT_TRUE(re_dump_request(p->dump, &vlans, on_done, &o));
	CU_ASSERT_FALSE(re_dump_step(p->dump, false, 0)); /* a transaction is being pushed */
	CU_ASSERT_FALSE(take(p));
	CU_ASSERT_TRUE(re_dump_step(p->dump, true, 0));
	CU_ASSERT_TRUE(take(p));
	CU_ASSERT_TRUE(p->asked.type == VEX_OP_DUMP && p->asked.dump.table == VEX_TABLE_VLAN);
	acknowledge(p, VEX_OK);
	put(p, a);
	CU_ASSERT_FALSE(re_dump_step(p->dump, true, 1));
	CU_ASSERT_EQUAL(o.calls, 0);
	put(p, b);
	put_end(p, VEX_TABLE_VLAN, 2, 77);
	re_dump_step(p->dump, true, 2);
	CU_ASSERT_TRUE(o.calls == 1 && o.error[0] == '\0' && o.n == 2 && o.digest == 77);
	CU_ASSERT_EQUAL(o.sum, vex_op_digest(&a) + vex_op_digest(&b));
	digest.flags = VEX_DUMP_DIGEST;
	re_dump_request(p->dump, &digest, on_done, &o);
	re_dump_step(p->dump, true, 3);
	CU_ASSERT_TRUE(take(p));
	/* The end may be seen before the acknowledgement. */
	put_end(p, VEX_TABLE_VLAN, 99, 78);
	re_dump_step(p->dump, true, 4);
	CU_ASSERT_TRUE(o.calls == 2 && o.n == 0 && o.count == 99 && o.digest == 78);
	acknowledge(p, VEX_OK);
	CU_ASSERT_FALSE(re_dump_busy(p->dump));
	pair_free(p);
}

static void one_after_the_other(void)
{
	struct pair *p = pair_create();
	struct outcome a = {.again = p}, b = {0}, first = {0};

	re_dump_request(p->dump, &vlans, on_done, &a);
	re_dump_request(p->dump, &vlans, on_done, &b);
	re_dump_step(p->dump, true, 0);
	re_dump_request_first(p->dump, &vlans, on_done, &first);
	CU_ASSERT_TRUE(take(p));
	CU_ASSERT_FALSE(re_dump_step(p->dump, true, 0));
	CU_ASSERT_FALSE(take(p));
	for (int i = 0; i < 4; i++) {
		acknowledge(p, VEX_OK);
		put_end(p, VEX_TABLE_VLAN, 0, 0);
		re_dump_step(p->dump, true, 0);
		re_dump_step(p->dump, true, 0);
		CU_ASSERT_EQUAL(a.calls, i < 3 ? 1 : 2);
		CU_ASSERT_EQUAL(first.calls, i >= 1);
		CU_ASSERT_EQUAL(b.calls, i >= 2);
		CU_ASSERT_EQUAL(take(p), i < 3);
	}
	CU_ASSERT_FALSE(re_dump_busy(p->dump));
	pair_free(p);
}

static void too_many_wait(void)
{
	struct pair *p = pair_create();
	struct outcome o = {0};

	for (unsigned int i = 0; i < RE_DUMP_WAITING; i++)
		CU_ASSERT_TRUE(re_dump_request(p->dump, &vlans, on_done, &o));
	CU_ASSERT_FALSE(re_dump_request(p->dump, &vlans, on_done, &o));
	CU_ASSERT_FALSE(re_dump_request_first(p->dump, &vlans, on_done, &o));
	re_dump_cancel(p->dump, &o);
	CU_ASSERT_FALSE(re_dump_step(p->dump, true, 0));
	CU_ASSERT_FALSE(re_dump_busy(p->dump));
	CU_ASSERT_EQUAL(o.calls, 0);
	pair_free(p);
}

/* Refused, of the wrong table, of the wrong number, silent: an error, and the next one works. */
static void failures(void)
{
	static const char *const expected[] = {
		"vex-pfe refused to read: INVALID (table vlan)",
		"vex-pfe sent records that do not fit the table (table vlan)",
		"vex-pfe sent records that do not fit the table (table vlan)",
		"vex-pfe sent records that do not fit the table (table vlan)",
		"vex-pfe does not answer (table vlan)",
	};
	struct pair *p = pair_create();
	uint64_t ms = 0;

	for (size_t i = 0; i < UNIT_N(expected); i++) {
		struct outcome o = {0};

		re_dump_request(p->dump, &vlans, on_done, &o);
		re_dump_step(p->dump, true, ms);
		CU_ASSERT_TRUE(take(p));
		acknowledge(p, i == 0 ? VEX_INVALID : VEX_OK);
		if (i == 1)
			put(p, op_switch(1, 0));
		if (i == 1 || i == 2)
			put_end(p, VEX_TABLE_VLAN, 1, 0);
		if (i == 3)
			put_end(p, VEX_TABLE_LAG, 0, 0);
		ms += i == 4 ? RE_DUMP_TIMEOUT_MS : 1;
		re_dump_step(p->dump, true, ms);
		CU_ASSERT_EQUAL(o.calls, 1);
		CU_ASSERT_STRING_EQUAL(o.error, expected[i]);
	}
	pair_free(p);
}

/* Records of a dump that was given up do not get into the next one. */
static void late_records(void)
{
	struct pair *p = pair_create();
	struct outcome late = {0}, o = {0};

	re_dump_request(p->dump, &vlans, on_done, &late);
	re_dump_step(p->dump, true, 0);
	CU_ASSERT_TRUE(take(p));
	acknowledge(p, VEX_OK);
	put(p, op_vlan(1, 1, 300));
	re_dump_step(p->dump, true, 1);
	re_dump_step(p->dump, true, 1 + RE_DUMP_TIMEOUT_MS);
	CU_ASSERT_STRING_EQUAL(late.error, "vex-pfe does not answer (table vlan)");
	re_dump_request(p->dump, &vlans, on_done, &o);
	re_dump_step(p->dump, true, 6000);
	put(p, op_vlan(2, 2, 300));
	put_end(p, VEX_TABLE_VLAN, 2, 0);
	CU_ASSERT_TRUE(take(p));
	acknowledge(p, VEX_NO_RESOURCE); /* it was still reading for the first one */
	re_dump_step(p->dump, true, 6001);
	CU_ASSERT_EQUAL(o.calls, 0);
	CU_ASSERT_TRUE(take(p));
	acknowledge(p, VEX_OK);
	put(p, op_vlan(3, 3, 300));
	put_end(p, VEX_TABLE_VLAN, 1, 0);
	re_dump_step(p->dump, true, 6002);
	CU_ASSERT_TRUE(o.calls == 1 && o.error[0] == '\0' && o.n == 1);
	pair_free(p);
}

/* A request that was under way is sent again on fresh rings. */
static void fresh_rings(void)
{
	struct pair *p = pair_create();
	struct outcome o = {0};

	re_dump_request(p->dump, &vlans, on_done, &o);
	re_dump_step(p->dump, true, 0);
	CU_ASSERT_TRUE(take(p));
	acknowledge(p, VEX_OK);
	put(p, op_vlan(1, 1, 300));
	re_dump_step(p->dump, true, 0);
	vex_shm_renew(&p->re);
	re_dump_renew(p->dump);
	CU_ASSERT_TRUE(vex_shm_sync(&p->pfe));
	CU_ASSERT_TRUE(re_dump_step(p->dump, true, 1));
	CU_ASSERT_TRUE(take(p));
	acknowledge(p, VEX_OK);
	put(p, op_vlan(2, 2, 300));
	put_end(p, VEX_TABLE_VLAN, 1, 0);
	re_dump_step(p->dump, true, 2);
	CU_ASSERT_TRUE(o.calls == 1 && o.error[0] == '\0' && o.n == 1);
	pair_free(p);
}

static const struct unit_case cases[] = {
	{"records, and a digest alone", records_and_digest},
	{"requests are done one after the other, also from a callback", one_after_the_other},
	{"too many requests, cancelled ones", too_many_wait},
	{"what goes wrong is named", failures},
	{"records that come too late", late_records},
	{"a request outlives the rings", fresh_rings},
};

const struct unit_suite re_dump_suite = {.name = "re_dump", .cases = cases, .n = UNIT_N(cases)};
