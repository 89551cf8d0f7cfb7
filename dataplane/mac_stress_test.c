/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The MAC table under several workers and housekeeping at once: learning, moving, looking up, ageing,
 * flushing, and transactions of static addresses; then, when all stand still, what is in the table
 * against what was done and against every counter.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/core.h"
#include "tests/unit/ops_build.h"
#include "tests/unit/random.h"
#include "tests/unit/unit.h"

#define LEARNERS    3u
#define PORTS	    6u
#define ROUNDS	    60000u
#define OWN_MACS    150u /* that one learner alone uses */
#define SHARED_MACS 500u /* that all use */
#define STATICS	    60u
#define CAPACITY    700u
#define LIMIT_PORT  3u /* at most 60 addresses */
#define LIMIT_BD    20u
#define NOWHERE	    0xffffu

static const uint16_t bds[2] = {10, LIMIT_BD};

struct stress {
	struct core core;
	_Atomic uint64_t ms;
	atomic_bool stop;
	_Atomic unsigned int wrong;
	uint32_t most; /* entries, as far as housekeeping has seen */
};

struct learner {
	struct stress *s;
	unsigned int id;
	uint16_t at[2]
		   [OWN_MACS]; /* port where it was last learned, by VLAN; NOWHERE: refused since */
};

static uint64_t own_mac(unsigned int id, unsigned int n)
{
	return UINT64_C(0x020000000000) + id * 0x10000u + n;
}

static uint64_t shared_mac(unsigned int n)
{
	return UINT64_C(0x020000ff0000) + n;
}

static uint64_t static_mac(unsigned int n)
{
	return UINT64_C(0x020000fe0000) + n;
}

static bool look_up(struct stress *s, uint16_t bd, uint64_t mac, uint16_t *lport)
{
	uint64_t value;

	if (!mac_lookup(&s->core.mac, bd, mac, mac_hash(&s->core.mac, bd, mac), &value))
		return false;
	*lport = mac_value_lport(value);
	s->wrong += *lport >= PORTS || mac_value_bd(value) != bd;
	return true;
}

/* As a worker does for one packet; true if the address is now on this port, as far as it knows. */
static bool learn(struct stress *s, uint16_t bd, uint64_t mac, uint16_t lport)
{
	const struct tables *t = s->core.tables;
	const struct mac_source source = {
		.tables = t,
		.vlan = &t->vlan[bd],
		.mac = mac,
		.hash = mac_hash(&s->core.mac, bd, mac),
		.lport = lport,
		.mark = vlan_age_mark(&t->vlan[bd], s->ms),
	};
	enum vex_limit_action action;
	enum mac_learn r = mac_learn(&s->core.mac, &source, &action);

	return r == MAC_KNOWN || r == MAC_LEARNED || r == MAC_MOVED;
}

static void *learner(void *arg)
{
	struct learner *l = arg;
	uint64_t seed = l->id + 1;

	memset(l->at, 0xff, sizeof(l->at));
	for (unsigned int i = 0; i < ROUNDS; i++) {
		unsigned int v = random_below(&seed, 2);
		uint16_t port = (uint16_t)random_below(&seed, PORTS);
		uint16_t seen;

		if (random_below(&seed, 2)) {
			unsigned int n = random_below(&seed, OWN_MACS);

			if (learn(l->s, bds[v], own_mac(l->id, n), port))
				l->at[v][n] = port;
			/* Nobody else moves it: it is where it was learned, or gone. */
			if (look_up(l->s, bds[v], own_mac(l->id, n), &seen))
				l->s->wrong += seen != l->at[v][n];
		} else {
			uint64_t mac = shared_mac(random_below(&seed, SHARED_MACS));

			learn(l->s, bds[v], mac, port);
			look_up(l->s, bds[v], mac, &seen);
		}
	}
	return NULL;
}

/* Transactions: each static address goes and another comes; some are addresses that workers learn. */
static void transact(struct stress *s, bool *there, uint64_t *seed)
{
	struct vex_op op[2];
	unsigned int n = 0;

	for (unsigned int i = 0; i < 2; i++) {
		unsigned int which = random_below(seed, STATICS);
		uint64_t mac = which < STATICS / 2 ? static_mac(which) : shared_mac(which);

		if (n && which == (unsigned int)(op[0].seq))
			continue;
		op[n] = op_mac(there[which] ? VEX_OP_MAC_DEL : VEX_OP_MAC_SET, 10,
			(uint16_t)random_below(seed, PORTS), mac);
		if (there[which])
			op[n].mac.lport = 0;
		op[n++].seq = which;
	}
	if (core_apply(&s->core, op, n)) {
		for (unsigned int i = 0; i < n; i++)
			there[op[i].seq] = op[i].type == VEX_OP_MAC_SET;
		return;
	}
	/* Full of what workers learned; never anything else. */
	for (unsigned int i = 0; i < n; i++)
		s->wrong += op[i].status != VEX_NO_RESOURCE && op[i].status != VEX_ABORTED;
}

static void *housekeeper(void *arg)
{
	struct stress *s = arg;
	bool there[STATICS] = {0};
	uint64_t seed = 99;

	while (!atomic_load(&s->stop)) {
		const struct vex_op_mac_flush flush = {
			.lport = random_below(&seed, 2) ? (uint16_t)random_below(&seed, PORTS)
							: VEX_LPORT_NONE,
			.bd = bds[random_below(&seed, 2)],
		};

		s->ms += random_below(&seed, 500);
		core_tick(&s->core, s->ms);
		if (s->core.mac.entries > s->most)
			s->most = s->core.mac.entries;
		if (random_below(&seed, 8) == 0)
			mac_flush(&s->core.mac, s->core.tables, &flush);
		for (unsigned int i = 0; i < 20; i++)
			transact(s, there, &seed);
	}
	return NULL;
}

struct counted {
	struct stress *s;
	uint32_t entries, learned, dynamic, on_lport[PORTS], in_bd[2], on_bd_lport[2][PORTS];
	uint8_t times[2][LEARNERS][OWN_MACS];
	const struct learner *learner;
	unsigned int wrong;
};

static void count_entry(void *ctx, const struct mac_entry *e)
{
	struct counted *c = ctx;
	unsigned int v = e->bd == LIMIT_BD;
	unsigned int id = (unsigned int)(e->mac >> 16) & 0xff, n = (unsigned int)e->mac & 0xffff;

	c->entries++;
	c->wrong += e->fid_bd != e->bd || e->lport >= PORTS;
	if (e->type == VEX_MAC_STATIC)
		return;
	c->learned++;
	c->dynamic += e->type == VEX_MAC_DYNAMIC;
	c->on_lport[e->lport]++;
	c->in_bd[v]++;
	c->on_bd_lport[v][e->lport]++;
	if (id >= LEARNERS)
		return;
	c->wrong += ++c->times[v][id][n] > 1;
	c->wrong += c->learner[id].at[v][n] != e->lport;
}

static bool unused(void *ctx, const struct tables *old, const struct tables *next)
{
	(void)ctx;
	(void)old;
	(void)next;
	return true;
}

static bool create(struct stress *s)
{
	const struct core_params params = {
		.ports = PORTS,
		.scale = {CAPACITY, 64, 8, 8, 8},
		.seed = 1,
		.concurrent = true,
		.publish = unused,
	};
	struct vex_op ops[32];
	unsigned int n = 0;

	for (unsigned int v = 0; v < 2; v++) {
		ops[n++] = op_vlan(bds[v], bds[v], 10);
		ops[n++] = op_set(bds[v], VEX_VLAN_IN, (1u << PORTS) - 1);
		ops[n++] = op_set(bds[v], VEX_VLAN_OUT, (1u << PORTS) - 1);
	}
	for (uint16_t i = 0; i < PORTS; i++) {
		ops[n++] = op_port(i, true);
		ops[n] = op_lport(i, 10);
		if (i == LIMIT_PORT) {
			ops[n].lport.mac_limit = 60;
			ops[n].lport.mac_action = VEX_LIMIT_DROP;
		}
		n++;
	}
	ops[n++] = op_port_limit(LIMIT_BD, 4, 25, VEX_LIMIT_DROP);
	if (!core_create(&s->core, &params))
		return false;
	if (core_apply(&s->core, ops, n))
		return true;
	for (unsigned int i = 0; i < n; i++)
		if (ops[i].status != VEX_ABORTED)
			fprintf(stderr, "operation %u: status %u\n", i, ops[i].status);
	return false;
}

static void compare(const struct stress *s, const struct counted *c)
{
	const struct mac_table *m = &s->core.mac;

	CU_ASSERT_EQUAL(c->wrong, 0);
	CU_ASSERT_EQUAL(m->entries, c->entries);
	CU_ASSERT_EQUAL(m->learned, c->learned);
	CU_ASSERT_EQUAL(m->dynamic, c->dynamic);
	CU_ASSERT(c->entries <= CAPACITY);
	CU_ASSERT(s->most > 0); /* how full it got is the scheduler's choice */
	CU_ASSERT(c->on_lport[LIMIT_PORT] <= 60);
	CU_ASSERT(c->on_bd_lport[1][4] <= 25);
	for (unsigned int v = 0; v < 2; v++) {
		CU_ASSERT_EQUAL(m->in_bd[bds[v]], c->in_bd[v]);
		for (unsigned int i = 0; i < PORTS; i++)
			CU_ASSERT_EQUAL(m->on_bd_lport[bds[v]][i], c->on_bd_lport[v][i]);
	}
	for (unsigned int i = 0; i < PORTS; i++)
		CU_ASSERT_EQUAL(m->on_lport[i], c->on_lport[i]);
}

static void all_at_once(void)
{
	struct stress *s = calloc(1, sizeof(*s));
	struct learner *l = calloc(LEARNERS, sizeof(*l));
	struct counted c = {.s = s, .learner = l};
	pthread_t thread[LEARNERS + 1];

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_PTR_NOT_NULL_FATAL(l);
	CU_ASSERT_FATAL(create(s));
	for (unsigned int i = 0; i < LEARNERS; i++) {
		l[i] = (struct learner){.s = s, .id = i};
		CU_ASSERT_EQUAL_FATAL(pthread_create(&thread[i], NULL, learner, &l[i]), 0);
	}
	CU_ASSERT_EQUAL_FATAL(pthread_create(&thread[LEARNERS], NULL, housekeeper, s), 0);
	for (unsigned int i = 0; i < LEARNERS; i++)
		pthread_join(thread[i], NULL);
	s->stop = true;
	pthread_join(thread[LEARNERS], NULL);
	CU_ASSERT_EQUAL(s->wrong, 0);
	mac_foreach(&s->core.mac, count_entry, &c);
	compare(s, &c);
	core_destroy(&s->core);
	free(l);
	free(s);
}

/* The table is full all the time, and neither workers nor transactions put more into it. */
struct full {
	struct stress s;
	_Atomic uint64_t seeds;
};

/* While others only add: at most what is there afterwards. */
static uint32_t entries_of(struct stress *s)
{
	const struct tbl_hash *h = &s->core.mac.hash;
	uint32_t n = 0;

	for (uint64_t b = 0; b < 2 * ((uint64_t)h->pair_mask + 1); b++)
		for (unsigned int i = 0; i < TBL_HASH_SLOTS; i++)
			n += (atomic_load(&h->bucket[b].key[i]) & TBL_HASH_USED) != 0;
	return n;
}

static void *fill(void *arg)
{
	struct full *f = arg;
	uint64_t seed = ++f->seeds;

	while (!atomic_load(&f->s.stop))
		learn(&f->s, 10, UINT64_C(0x020000000000) + random_below(&seed, 1u << 20), 0);
	return NULL;
}

static void never_over_capacity(void)
{
	struct full *f = calloc(1, sizeof(*f));
	pthread_t thread[2];
	unsigned int refused = 0, applied = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	CU_ASSERT_FATAL(create(&f->s));
	for (unsigned int i = 0; i < 2; i++)
		CU_ASSERT_EQUAL_FATAL(pthread_create(&thread[i], NULL, fill, f), 0);
	while (entries_of(&f->s) < CAPACITY)
		;
	/* In a full table a static address comes when another goes, in either order of things. */
	for (unsigned int i = 0; i < 20000; i++) {
		struct vex_op op[4] = {
			op_mac(VEX_OP_MAC_DEL, 10, 0, static_mac(i % 2)),
			op_mac(VEX_OP_MAC_DEL, 10, 0, static_mac(2 + i % 2)),
			op_mac(VEX_OP_MAC_SET, 10, 1, static_mac(1 - i % 2)),
			op_mac(VEX_OP_MAC_SET, 10, 1, static_mac(3 - i % 2)),
		};
		bool first = applied == 0;

		if (i % 64 == 0) {
			const struct vex_op_mac_flush all = {
				.lport = VEX_LPORT_NONE, .bd = VEX_BD_NONE};

			mac_flush(&f->s.core.mac, f->s.core.tables, &all);
		}
		if (core_apply(&f->s.core, first ? op + 2 : op, first ? 2 : 4))
			applied++;
		else
			refused++;
		CU_ASSERT(entries_of(&f->s) <= CAPACITY);
	}
	f->s.stop = true;
	for (unsigned int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	CU_ASSERT(applied > 0);
	CU_ASSERT(applied == 20000 - refused);
	CU_ASSERT_EQUAL(f->s.core.mac.entries, entries_of(&f->s));
	core_destroy(&f->s.core);
	free(f);
}

/* Ageing marks of 10 s count 2048 ms, those of 1000 s 131072 ms. */
static void worker_ahead_of_the_sweep(void)
{
	struct stress *s = calloc(1, sizeof(*s));
	uint16_t lport;

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_FATAL(create(s));
	s->ms = 2048;
	CU_ASSERT(learn(s, 10, own_mac(0, 0), 1));
	core_tick(&s->core, 2047);
	CU_ASSERT(look_up(s, 10, own_mac(0, 0), &lport));
	core_tick(&s->core, 2048 + 20000);
	CU_ASSERT(!look_up(s, 10, own_mac(0, 0), &lport));
	core_destroy(&s->core);
	free(s);
}

static bool heard_at_once(void *ctx, const struct tables *old, const struct tables *next)
{
	(void)old;
	(void)next;
	return learn(ctx, 10, own_mac(0, 0), 1);
}

/* A worker has the new tables before housekeeping has given every entry a mark of the new unit. */
static void other_unit_under_traffic(void)
{
	struct stress *s = calloc(1, sizeof(*s));
	struct vex_op op = op_vlan(10, 10, 1000);
	uint16_t lport;

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_FATAL(create(s));
	CU_ASSERT(core_apply(&s->core, &op, 1));
	s->ms = 100000;
	core_tick(&s->core, s->ms);
	CU_ASSERT(learn(s, 10, own_mac(0, 0), 1));
	CU_ASSERT(learn(s, 10, own_mac(0, 1), 1));
	s->core.params.publish = heard_at_once;
	s->core.params.ctx = s;
	op = op_vlan(10, 10, 10);
	CU_ASSERT(core_apply(&s->core, &op, 1));
	core_tick(&s->core, 100001);
	CU_ASSERT(look_up(s, 10, own_mac(0, 0), &lport));
	CU_ASSERT(look_up(s, 10, own_mac(0, 1), &lport));
	core_tick(&s->core, 120000);
	CU_ASSERT(!look_up(s, 10, own_mac(0, 0), &lport));
	CU_ASSERT(!look_up(s, 10, own_mac(0, 1), &lport));
	core_destroy(&s->core);
	free(s);
}

static const struct unit_case cases[] = {
	{"an address that a worker heard after the sweep began is not too old",
		worker_ahead_of_the_sweep},
	{"an address heard while its ageing time changes stays", other_unit_under_traffic},
	{"workers and housekeeping at once leave what they did, counted", all_at_once},
	{"a full table never holds more than it may", never_over_capacity},
};

const struct unit_suite mac_stress_suite = {
	.name = "mac_stress", .cases = cases, .n = UNIT_N(cases)};
