/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ops-storm: nonsense through the real rings to a live vex-pfe.
 *
 *	build/tests/ops-storm VEX-PFE PLATFORM SEED BATCHES
 *
 * The control side is this program. Each batch is operations with fields out of range, random bytes,
 * brackets that do not match, dumps. Every operation must be acknowledged once, in order, with a
 * status. Those that were accepted are applied to tables of this process as well, which must accept
 * them too; in the end all tables of vex-pfe must be the same, so a refused operation has changed
 * nothing. Exit status 0: so it was.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/re_sync.h"
#include "dataplane/dump.h"
#include "tests/live/pfe_host.h"
#include "tests/unit/ops_build.h"
#include "tests/unit/random.h"

#define BATCH	 300u
#define PORTS	 26u /* of an EX4400-24T */
#define LIMIT_NS UINT64_C(30000000000)

struct storm {
	struct pfe_host host;
	struct core *core;
	uint64_t random;
	uint32_t seq;
	struct vex_op sent[2 * BATCH];
	uint16_t status[2 * BATCH];
	uint32_t n_sent, n_acked;
	unsigned long accepted, refused;
};

static bool publish(void *ctx, const struct tables *old, const struct tables *next)
{
	(void)ctx, (void)old, (void)next;
	return true;
}

static struct core *make_core(void)
{
	const struct core_params params = {.ports = PORTS,
		.scale = {112000, 4093, 128, 16, VEX_STP_INSTANCES_MAX},
		.publish = publish};
	struct core *c = calloc(1, sizeof(*c));

	return c != NULL && core_create(c, &params) ? c : NULL;
}

/* ---- Operations ------------------------------------------------------------------------------- */

static struct vex_op sound(uint64_t *r)
{
	uint16_t a = (uint16_t)random_below(r, 5), b = (uint16_t)random_below(r, 26);
	struct vex_op punt = {
		.type = VEX_OP_PUNT_SET, .punt = {.protocol = a, .pps = 9, .burst = b}};
	struct vex_op dump = {.type = VEX_OP_DUMP,
		.dump = {.table = b, .bd = VEX_BD_NONE, .lport = VEX_LPORT_NONE}};
	const struct vex_op ops[] = {op_switch(b, 0), op_port(b, a & 1), op_port_up(b),
		op_lag(a, 1), op_lag_del(a), op_member(VEX_OP_LAG_MEMBER_ADD, a, b),
		op_member(VEX_OP_LAG_MEMBER_DEL, a, b), op_lport(b, a), op_vlan(a, a + 1, 300),
		op_vlan(a, a + 1, 300), op_vlan_del(a), op_set(a, b % VEX_VLAN_SETS, 0xffff),
		op_port_limit(a, b, 5, 0), op_stp(a, b, VEX_STP_LEARNING),
		op_mac(VEX_OP_MAC_SET, a, b, 0x020000000000 + b),
		op_mac(VEX_OP_MAC_DEL, a, 0, 0x020000000000 + b), op_flush(b, a, 0), punt, dump,
		{.type = VEX_OP_TXN_BEGIN, .txn = {a}}, {.type = VEX_OP_TXN_COMMIT, .txn = {a}}};

	return ops[random_below(r, sizeof(ops) / sizeof(ops[0]))];
}

static struct vex_op nonsense(uint64_t *r)
{
	static const uint8_t edges[] = {0, 1, 0x7f, 0x80, 0xfe, 0xff};
	struct vex_op op = sound(r);
	unsigned int changes = random_below(r, 4);

	if (random_below(r, 20) == 0)
		for (size_t i = 0; i < sizeof(op.raw); i++)
			op.raw[i] = (uint8_t)next_random(r);
	if (random_below(r, 20) == 0)
		op.type = (uint16_t)(random_below(r, 2) ? next_random(r) : VEX_OP_TYPES);
	while (changes--)
		op.raw[random_below(r, random_below(r, 3) ? 16 : sizeof(op.raw))] =
			random_below(r, 2) ? edges[random_below(r, sizeof(edges))]
					   : (uint8_t)next_random(r);
	op.status = (uint16_t)next_random(r);
	return op;
}

/* A transaction with sound brackets around a few operations. */
static uint32_t transaction(struct storm *s, struct vex_op *ops)
{
	uint32_t n = random_below(&s->random, 8);

	ops[0] = (struct vex_op){.type = VEX_OP_TXN_BEGIN, .txn = {n}};
	for (uint32_t i = 1; i <= n; i++)
		ops[i] = random_below(&s->random, 4) ? sound(&s->random) : nonsense(&s->random);
	ops[n + 1] = (struct vex_op){.type = VEX_OP_TXN_COMMIT, .txn = {n}};
	return n + 2;
}

/* ---- Rings ------------------------------------------------------------------------------------ */

/* Takes acknowledgements; false if one is wrong. */
static bool take_acks(struct storm *s)
{
	struct vex_ack ack;
	struct vex_op record;

	while (vex_ring_pop(&s->host.shm.dump, &record) > 0)
		continue;
	while (vex_ring_pop(&s->host.shm.ack, &ack) > 0) {
		const struct vex_op *op = &s->sent[s->n_acked];

		if (s->n_acked == s->n_sent || ack.seq != op->seq || ack.type != op->type ||
			ack.status > VEX_ABORTED) {
			fprintf(stderr, "acknowledgement %u: number %u, type %u, status %u\n",
				s->n_acked, ack.seq, ack.type, ack.status);
			return false;
		}
		s->status[s->n_acked++] = ack.status;
	}
	return s->host.shm.ack.broken == NULL && s->host.shm.dump.broken == NULL;
}

static bool send(struct storm *s, struct vex_op op)
{
	op.seq = s->seq++;
	s->sent[s->n_sent++] = op;
	return vex_ring_push(&s->host.shm.op, &op, sizeof(op)) == 1;
}

static bool wait_acks(struct storm *s)
{
	uint64_t begin = pfe_host_ns();

	pfe_host_ring(&s->host);
	while (s->n_acked < s->n_sent) {
		if (!take_acks(s))
			return false;
		if (!pfe_host_lives(&s->host) || pfe_host_ns() - begin > LIMIT_NS) {
			fprintf(stderr, "%u of %u operations were acknowledged, then vex-pfe %s\n",
				s->n_acked, s->n_sent,
				pfe_host_lives(&s->host) ? "was silent" : "died");
			return false;
		}
		if (s->n_acked < s->n_sent)
			pfe_host_wait(&s->host, 1);
	}
	return true;
}

/* ---- What should have come of it -------------------------------------------------------------- */

/* Applies what vex-pfe says it has applied. */
static bool replay(struct storm *s, uint32_t at, uint32_t n)
{
	struct vex_op copy[BATCH];

	memcpy(copy, s->sent + at, n * sizeof(*copy));
	s->accepted += n;
	if (core_apply(s->core, copy, n))
		return true;
	fprintf(stderr, "%u operations, the first of them %s, were accepted and should not be\n", n,
		vex_op_type_name(copy[0].type));
	return false;
}

/* Goes over a batch: transactions whose COMMIT is OK, and single operations that are. */
static bool replay_all(struct storm *s)
{
	bool ok = true, open = false;
	uint32_t begin = 0;

	for (uint32_t i = 0; i < s->n_sent && ok; i++) {
		uint16_t type = s->sent[i].type;

		s->refused += s->status[i] != VEX_OK;
		if (type == VEX_OP_TXN_BEGIN && !open) {
			begin = i;
			open = true;
		} else if (type == VEX_OP_TXN_BEGIN) {
			open = false; /* both are aborted */
		} else if (type == VEX_OP_TXN_COMMIT) {
			if (s->status[i] == VEX_OK && open && i > begin + 1)
				ok = replay(s, begin + 1, i - begin - 1);
			open = false;
		} else if (!open && s->status[i] == VEX_OK && type != VEX_OP_DUMP) {
			ok = replay(s, i, 1);
		}
	}
	return ok;
}

static bool batch(struct storm *s)
{
	s->n_sent = s->n_acked = 0;
	while (s->n_sent < BATCH) {
		struct vex_op ops[16];
		uint32_t n = 1;

		if (random_below(&s->random, 8) == 0)
			n = transaction(s, ops);
		else
			ops[0] = nonsense(&s->random);
		for (uint32_t i = 0; i < n; i++)
			if (!send(s, ops[i]))
				return false;
	}
	/* A transaction that is still open is closed, and refused since it does not match. */
	return send(s, (struct vex_op){.type = VEX_OP_TXN_COMMIT, .txn = {BATCH}}) &&
	       wait_acks(s) && replay_all(s);
}

/* The tables of this process, as operations; *n of them. */
static struct vex_op *expected(const struct core *c, size_t *n)
{
	struct vex_op *ops = malloc(1000000 * sizeof(*ops));
	struct dump d = {0};

	*n = 0;
	for (enum vex_table t = 0; ops != NULL && t < VEX_TABLE_MAC_LEARNED; t++) {
		const struct vex_op what = {.type = VEX_OP_DUMP,
			.dump = {.table = (uint16_t)t, .bd = VEX_BD_NONE, .lport = VEX_LPORT_NONE}};

		dump_start(&d, c, &what);
		while (d.active)
			*n += dump_step(&d, c, ops + *n, DUMP_ROOM);
		--*n; /* its end */
	}
	return ops;
}

/* A comparison finds nothing to do. */
static bool same_tables(struct storm *s)
{
	struct re_sync *sync = re_sync_create(&s->host.shm);
	const struct re_sync_status *status = re_sync_status(sync);
	size_t n;
	struct vex_op *ops = expected(s->core, &n);
	bool same;

	vex_shm_renew(&s->host.shm);
	re_sync_start(sync, ops, n, pfe_host_ns() / 1000000);
	while (status->state != RE_SYNC_DONE && status->state != RE_SYNC_FAILED) {
		if (re_sync_step(sync, pfe_host_ns() / 1000000))
			pfe_host_ring(&s->host);
		pfe_host_wait(&s->host, 1);
	}
	same = status->state == RE_SYNC_DONE && status->differ == 0;
	if (!same)
		fprintf(stderr, "tables differ: %#x %s\n", status->differ, status->text);
	re_sync_free(sync);
	free(ops);
	return same;
}

int main(int argc, char **argv)
{
	static struct storm s;
	unsigned int batches = argc == 5 ? (unsigned int)atoi(argv[4]) : 0;
	bool ok = true;

	if (batches == 0 || (s.core = make_core()) == NULL) {
		fprintf(stderr, "usage: ops-storm VEX-PFE PLATFORM SEED BATCHES\n");
		return 2;
	}
	s.random = strtoull(argv[3], NULL, 10) * 7919 + 1;
	if (!pfe_host_start(&s.host, argv[1], argv[2]))
		return 1;
	for (unsigned int i = 0; i < batches && ok; i++)
		ok = batch(&s);
	ok = ok && same_tables(&s);
	printf("%lu operations were accepted, %lu refused\n", s.accepted, s.refused);
	ok = pfe_host_stop(&s.host) && ok;
	core_destroy(s.core);
	free(s.core);
	return ok && s.accepted > 0 && s.refused > 0 ? 0 : 1;
}
