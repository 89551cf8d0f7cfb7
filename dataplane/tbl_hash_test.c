/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The bucketed hash table against a simple map, with adversarial keys, and under several threads.
 */
#include "dataplane/tbl_hash.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/pipe.h"
#include "tests/unit/random.h"

#define SEED UINT64_C(0x0123456789abcdef)

/* Any value of a key, from which both can be told. */
static uint64_t value_of(uint64_t key, uint64_t version)
{
	return key * UINT64_C(0x9e3779b97f4a7c15) ^ version << 1 ^ 1;
}

static bool find(const struct tbl_hash *t, uint64_t key, uint64_t *value)
{
	return tbl_hash_find(t, key, tbl_hash_of(t, key), value) != NULL;
}

struct visited {
	uint64_t keys;
	uint64_t sum;
};

static void visit(void *ctx, uint64_t key, uint64_t value)
{
	struct visited *v = ctx;

	(void)value;
	v->keys++;
	v->sum += key;
}

/* keys and values of a map of few keys; key 0 never is one. */
#define KEYS 600u

struct map {
	bool there[KEYS];
	uint64_t value[KEYS];
};

static uint64_t key_of(uint32_t i)
{
	return i + 1;
}

static void check_map(const struct tbl_hash *t, const struct map *m)
{
	struct visited v = {0};
	uint64_t n = 0;
	uint64_t sum = 0;
	uint64_t value;

	for (uint32_t i = 0; i < KEYS; i++) {
		bool there = find(t, key_of(i), &value);

		CU_ASSERT_EQUAL(there, m->there[i]);
		CU_ASSERT(!there || value == m->value[i]);
		n += m->there[i];
		sum += m->there[i] ? key_of(i) : 0;
	}
	tbl_hash_foreach(t, visit, &v);
	CU_ASSERT_EQUAL(v.keys, n);
	CU_ASSERT_EQUAL(v.sum, sum);
}

static void random_step(struct tbl_hash *t, struct map *m, uint64_t *s)
{
	uint32_t i = random_below(s, KEYS);
	uint64_t key = key_of(i);
	uint64_t value = next_random(s);
	uint64_t expected = random_below(s, 4) ? m->value[i] : next_random(s);
	uint64_t ignore = random_below(s, 4) ? 0 : UINT64_C(0xff) << 24;
	bool equal = ((expected ^ m->value[i]) & ~ignore) == 0;
	uint64_t found = 0;

	switch (random_below(s, 3)) {
	case 0:
		CU_ASSERT_EQUAL(tbl_hash_insert(t, key, value, &found),
			m->there[i] ? TBL_HASH_EXISTS : TBL_HASH_OK);
		CU_ASSERT(!m->there[i] || found == m->value[i]);
		if (!m->there[i])
			m->value[i] = value;
		m->there[i] = true;
		break;
	case 1:
		CU_ASSERT_EQUAL(tbl_hash_update(t, key, expected, ignore, value),
			!m->there[i] ? TBL_HASH_ABSENT
			: equal	     ? TBL_HASH_OK
				     : TBL_HASH_CHANGED);
		if (m->there[i] && equal)
			m->value[i] = value;
		break;
	default:
		CU_ASSERT_EQUAL(
			tbl_hash_delete(t, key, expected, ignore), !m->there[i] ? TBL_HASH_ABSENT
								   : equal	? TBL_HASH_OK
										: TBL_HASH_CHANGED);
		if (equal)
			m->there[i] = false;
		break;
	}
}

/* From a table that is ever nearly full of 600 keys to one that is nearly empty. */
static void against_a_map(void)
{
	static const uint32_t capacity[] = {300, 310, 600, 5000};

	for (unsigned int c = 0; c < UNIT_N(capacity); c++) {
		struct map m = {0};
		struct tbl_hash t;
		uint64_t s = SEED + c;

		CU_ASSERT_FATAL(tbl_hash_create(&t, capacity[c], c));
		for (unsigned int i = 0; i < 60000; i++) {
			random_step(&t, &m, &s);
			if (i % 6000 == 0)
				check_map(&t, &m);
		}
		check_map(&t, &m);
		tbl_hash_destroy(&t);
	}
}

static void touched_bytes(void)
{
	struct tbl_hash t;
	uint64_t value;
	uint64_t found;
	_Atomic uint64_t *place;

	CU_ASSERT_FATAL(tbl_hash_create(&t, 16, SEED));
	tbl_hash_insert(&t, 5, UINT64_C(0x1122334455667788), &found);
	place = tbl_hash_find(&t, 5, tbl_hash_of(&t, 5), &value);
	CU_ASSERT_PTR_NOT_NULL_FATAL(place);
	tbl_hash_touch(place, 3, 0xee);
	CU_ASSERT(find(&t, 5, &value));
	CU_ASSERT_EQUAL(value, UINT64_C(0x11223344ee667788));
	tbl_hash_destroy(&t);
}

/* The key that has a given hash: the steps of tbl_hash_of, backwards. */
static uint64_t key_with_hash(const struct tbl_hash *t, uint64_t hash)
{
	/* Inverses of the two odd factors modulo 2^64, by Newton's iteration. */
	uint64_t a = UINT64_C(0x9e3779b97f4a7c15), b = UINT64_C(0xd6e8feb86659fd93);
	uint64_t ia = a, ib = b;

	for (unsigned int i = 0; i < 6; i++) {
		ia *= 2 - a * ia;
		ib *= 2 - b * ib;
	}
	hash *= ib;
	hash ^= hash >> 32;
	return (hash * ia) ^ t->seed;
}

/* Different keys that all have the same home pair. */
static uint64_t next_home_key(const struct tbl_hash *t, uint32_t home, uint64_t *counter)
{
	uint64_t key;

	do {
		uint64_t n = (*counter)++;
		uint64_t high = n >> 32;

		/* The pair's number stands in bits 32 and up; everything else is free. */
		key = key_with_hash(t, (high * (t->pair_mask + UINT64_C(1)) + home) << 32 |
					       (uint32_t)(n * 2654435761u));
	} while (!key || key > TBL_HASH_KEY_MASK);
	return key;
}

static void adversarial(uint32_t n, uint32_t spread)
{
	uint64_t *key = calloc(n, sizeof(*key));
	struct tbl_hash t;
	uint64_t counter = 1;
	uint64_t value;
	uint64_t found;
	uint32_t bad = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(key);
	CU_ASSERT_FATAL(tbl_hash_create(&t, n, SEED));
	for (uint32_t i = 0; i < n; i++) {
		/* From the last pair, so that its walk goes around the end of the table. */
		uint32_t home = t.pair_mask - i % spread * ((t.pair_mask + 1) / spread);

		key[i] = next_home_key(&t, home, &counter);
		bad += tbl_hash_home(&t, tbl_hash_of(&t, key[i])) != home;
		bad += tbl_hash_insert(&t, key[i], value_of(key[i], 0), &found) != TBL_HASH_OK;
	}
	CU_ASSERT_EQUAL(bad, 0);
	/* Looking every one of them up would take as long again: a sample, from both ends. */
	for (uint32_t i = 0; i < n; i += i < n - 500 ? 97 : 1) {
		bad += !find(&t, key[i], &value) || value != value_of(key[i], 0);
		bad += find(&t, next_home_key(&t, t.pair_mask, &counter), &value) && i > n - 5;
	}
	for (uint32_t i = 0; i < n; i += 2)
		bad += tbl_hash_delete(&t, key[i], value_of(key[i], 0), 0) != TBL_HASH_OK;
	for (uint32_t i = 0; i < n; i += 101)
		bad += find(&t, key[i], &value) != (i % 2 == 1);
	for (uint32_t i = 1; i < n; i += 2)
		bad += tbl_hash_delete(&t, key[i], value_of(key[i], 0), 0) != TBL_HASH_OK;
	CU_ASSERT_EQUAL(bad, 0);
	/* Nothing is left, and nothing has to be walked any more. */
	for (uint32_t i = 0; i < spread; i++) {
		CU_ASSERT_EQUAL(t.spill[t.pair_mask - i * ((t.pair_mask + 1) / spread)].count, 0);
		CU_ASSERT_EQUAL(t.spill[t.pair_mask - i * ((t.pair_mask + 1) / spread)].reach, 0);
	}
	tbl_hash_destroy(&t);
	free(key);
}

static void one_home(void)
{
	adversarial(12000, 1);
}

static void few_homes(void)
{
	adversarial(112000, 512);
}

static void full_table(void)
{
	struct tbl_hash t;
	uint64_t found;
	uint64_t slots;
	uint64_t key = 1;

	CU_ASSERT_FATAL(tbl_hash_create(&t, 100, SEED));
	slots = (t.pair_mask + UINT64_C(1)) * 2 * TBL_HASH_SLOTS;
	CU_ASSERT(slots >= 200);
	for (; key <= slots; key++)
		CU_ASSERT_EQUAL(tbl_hash_insert(&t, key, key, &found), TBL_HASH_OK);
	CU_ASSERT_EQUAL(tbl_hash_insert(&t, key, key, &found), TBL_HASH_NO_SPACE);
	for (key = 1; key <= slots; key++)
		CU_ASSERT(find(&t, key, &found) && found == key);
	tbl_hash_destroy(&t);
}

#define WRITERS	    3
#define STRESS_KEYS 400u
#define STRESS_OPS  150000u

struct stress {
	struct tbl_hash t;
	_Atomic uint64_t present; /* successful inserts less successful deletes */
	_Atomic uint64_t wrong;
	_Atomic bool stop;
	_Atomic uint64_t seeds;
};

/* A value that belongs to another key, or to none, is wrong; the mark is anyone's. */
static bool belongs(uint64_t key, uint64_t value)
{
	return (value >> 32) == (uint32_t)(key * 2654435761u);
}

static uint64_t stress_value(uint64_t key, uint64_t *s)
{
	return (uint64_t)(uint32_t)(key * 2654435761u) << 32 | (uint32_t)next_random(s);
}

static void *writer(void *arg)
{
	struct stress *st = arg;
	uint64_t s = SEED * (2 * ++st->seeds + 1);

	for (unsigned int i = 0; i < STRESS_OPS; i++) {
		uint64_t key = 1 + random_below(&s, STRESS_KEYS);
		uint64_t value = stress_value(key, &s);
		uint64_t old;

		switch (random_below(&s, 3)) {
		case 0:
			if (tbl_hash_insert(&st->t, key, value, &old) == TBL_HASH_OK)
				st->present++;
			else
				st->wrong += !belongs(key, old);
			break;
		case 1:
			if (find(&st->t, key, &old))
				tbl_hash_update(&st->t, key, old, 0, value);
			break;
		default:
			if (find(&st->t, key, &old) &&
				tbl_hash_delete(&st->t, key, old, 0) == TBL_HASH_OK)
				st->present--;
			break;
		}
	}
	return NULL;
}

static void *reader(void *arg)
{
	struct stress *st = arg;
	uint64_t s = SEED * (2 * ++st->seeds + 1);

	while (!st->stop) {
		uint64_t key = 1 + random_below(&s, STRESS_KEYS);
		uint64_t value;

		if (find(&st->t, key, &value))
			st->wrong += !belongs(key, value);
	}
	return NULL;
}

struct census {
	unsigned int times[STRESS_KEYS + 1];
	uint64_t total;
};

static void count_key(void *ctx, uint64_t key, uint64_t value)
{
	struct census *c = ctx;

	CU_ASSERT(key >= 1 && key <= STRESS_KEYS && belongs(key, value));
	if (key <= STRESS_KEYS)
		c->times[key]++;
	c->total++;
}

static void threads(void)
{
	struct stress *st = calloc(1, sizeof(*st));
	struct census c = {0};
	pthread_t thread[WRITERS + 1];

	CU_ASSERT_PTR_NOT_NULL_FATAL(st);
	/* 400 keys in 512 slots of 64 pairs: many spill. */
	CU_ASSERT_FATAL(tbl_hash_create(&st->t, 220, SEED));
	for (unsigned int i = 0; i < WRITERS; i++)
		CU_ASSERT_EQUAL_FATAL(pthread_create(&thread[i], NULL, writer, st), 0);
	CU_ASSERT_EQUAL_FATAL(pthread_create(&thread[WRITERS], NULL, reader, st), 0);
	for (unsigned int i = 0; i < WRITERS; i++)
		pthread_join(thread[i], NULL);
	st->stop = true;
	pthread_join(thread[WRITERS], NULL);
	tbl_hash_foreach(&st->t, count_key, &c);
	for (unsigned int i = 1; i <= STRESS_KEYS; i++)
		CU_ASSERT(c.times[i] <= 1);
	CU_ASSERT_EQUAL(c.total, st->present);
	CU_ASSERT_EQUAL(st->wrong, 0);
	tbl_hash_destroy(&st->t);
	free(st);
}

static const struct unit_case cases[] = {
	{"random operations do what a simple map does", against_a_map},
	{"a byte is written in place", touched_bytes},
	{"keys of one home pair all fit, are found, and go", one_home},
	{"112,000 keys of 512 home pairs all fit, are found, and go", few_homes},
	{"every slot can be filled, and one more is refused", full_table},
	{"three writers and a reader: no wrong value, no key twice, counts right", threads},
};

const struct unit_suite tbl_hash_suite = {.name = "tbl_hash", .cases = cases, .n = UNIT_N(cases)};
