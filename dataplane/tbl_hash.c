/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/tbl_hash.h"

#include <stdlib.h>
#include <string.h>

#define PAIR_BUCKETS 2u

/* Where a key was found or may go. */
struct slot {
	_Atomic uint64_t *key;
	_Atomic uint64_t *value;
	uint32_t distance; /* in pairs from home */
};

bool tbl_hash_create(struct tbl_hash *t, uint32_t capacity, uint64_t seed)
{
	uint64_t pairs = 1;

	while (pairs * PAIR_BUCKETS * TBL_HASH_SLOTS < 2 * (uint64_t)capacity)
		pairs *= 2;
	*t = (struct tbl_hash){
		.bucket = aligned_alloc(64, pairs * PAIR_BUCKETS * sizeof(struct tbl_bucket)),
		.spill = calloc(pairs, sizeof(struct tbl_spill)),
		.seed = seed,
		.pair_mask = (uint32_t)(pairs - 1),
	};
	if (!t->bucket || !t->spill) {
		tbl_hash_destroy(t);
		return false;
	}
	memset(t->bucket, 0, pairs * PAIR_BUCKETS * sizeof(struct tbl_bucket));
	return true;
}

void tbl_hash_destroy(struct tbl_hash *t)
{
	free(t->bucket);
	free(t->spill);
	*t = (struct tbl_hash){0};
}

static struct tbl_bucket *pair_at(const struct tbl_hash *t, uint32_t pair)
{
	return &t->bucket[PAIR_BUCKETS * (pair & t->pair_mask)];
}

static void pair_lock(const struct tbl_hash *t, uint32_t pair)
{
	_Atomic uint64_t *word = &pair_at(t, pair)->key[0];

	while (atomic_fetch_or_explicit(word, TBL_HASH_LOCK, memory_order_acquire) & TBL_HASH_LOCK)
		__builtin_ia32_pause();
}

static void pair_unlock(const struct tbl_hash *t, uint32_t pair)
{
	atomic_fetch_and_explicit(&pair_at(t, pair)->key[0], ~TBL_HASH_LOCK, memory_order_release);
}

/* Looks for a stored key among the slots of a pair, the preferred bucket first; 0 is a free slot. */
static bool pair_find(const struct tbl_hash *t, uint32_t pair, unsigned int prefer, uint64_t stored,
	struct slot *s)
{
	for (unsigned int b = 0; b < PAIR_BUCKETS; b++) {
		struct tbl_bucket *bucket = pair_at(t, pair) + (prefer ^ b);

		for (unsigned int i = 0; i < TBL_HASH_SLOTS; i++) {
			uint64_t k = atomic_load_explicit(&bucket->key[i], memory_order_acquire);

			if ((k & ~TBL_HASH_LOCK) != stored)
				continue;
			s->key = &bucket->key[i];
			s->value = &bucket->value[i];
			return true;
		}
	}
	return false;
}

static unsigned int prefer_of(uint64_t hash)
{
	return (hash >> 31) & 1;
}

static bool find(const struct tbl_hash *t, uint64_t key, uint64_t hash, struct slot *s)
{
	uint32_t home = tbl_hash_home(t, hash);
	uint32_t reach = atomic_load_explicit(&t->spill[home].reach, memory_order_acquire);

	for (s->distance = 0; s->distance <= reach; s->distance++)
		if (pair_find(t, home + s->distance, prefer_of(hash), key | TBL_HASH_USED, s))
			return true;
	return false;
}

_Atomic uint64_t *tbl_hash_find_slow(const struct tbl_hash *t, uint64_t key, uint64_t hash)
{
	struct slot s;

	return find(t, key, hash, &s) ? s.value : NULL;
}

/* Changes the stored key of a slot and leaves a lock bit that it may carry. */
static void slot_set_key(struct slot *s, uint64_t stored)
{
	uint64_t old = atomic_load_explicit(s->key, memory_order_relaxed);

	while (!atomic_compare_exchange_weak_explicit(s->key, &old, (old & TBL_HASH_LOCK) | stored,
		memory_order_release, memory_order_relaxed))
		;
}

static bool same(uint64_t a, uint64_t b, uint64_t ignore)
{
	return ((a ^ b) & ~ignore) == 0;
}

/* With the home pair locked: puts a new key into the first free slot of the walk. */
static enum tbl_hash_result place(struct tbl_hash *t, uint64_t key, uint64_t hash, uint64_t value)
{
	uint32_t home = tbl_hash_home(t, hash);
	struct tbl_spill *spill = &t->spill[home];
	struct slot s;

	for (s.distance = 0; s.distance <= t->pair_mask; s.distance++) {
		uint32_t pair = home + s.distance;
		bool placed;

		if (s.distance)
			pair_lock(t, pair);
		placed = pair_find(t, pair, prefer_of(hash), 0, &s);
		if (placed) {
			/* A reader that sees the key must also see how far to walk for it. */
			if (s.distance) {
				if (atomic_load_explicit(&spill->reach, memory_order_relaxed) <
					s.distance)
					atomic_store_explicit(
						&spill->reach, s.distance, memory_order_release);
				atomic_fetch_add_explicit(&spill->count, 1, memory_order_relaxed);
			}
			atomic_store_explicit(s.value, value, memory_order_release);
			slot_set_key(&s, key | TBL_HASH_USED);
		}
		if (s.distance)
			pair_unlock(t, pair);
		if (placed)
			return TBL_HASH_OK;
	}
	return TBL_HASH_NO_SPACE;
}

enum tbl_hash_result tbl_hash_insert(
	struct tbl_hash *t, uint64_t key, uint64_t value, uint64_t *found)
{
	uint64_t hash = tbl_hash_of(t, key);
	uint32_t home = tbl_hash_home(t, hash);
	enum tbl_hash_result r;
	struct slot s;

	pair_lock(t, home);
	if (find(t, key, hash, &s)) {
		*found = atomic_load_explicit(s.value, memory_order_relaxed);
		r = TBL_HASH_EXISTS;
	} else {
		r = place(t, key, hash, value);
	}
	pair_unlock(t, home);
	return r;
}

enum tbl_hash_result tbl_hash_update(
	struct tbl_hash *t, uint64_t key, uint64_t expected, uint64_t ignore, uint64_t value)
{
	uint64_t hash = tbl_hash_of(t, key);
	uint32_t home = tbl_hash_home(t, hash);
	enum tbl_hash_result r = TBL_HASH_ABSENT;
	struct slot s;

	pair_lock(t, home);
	if (find(t, key, hash, &s)) {
		r = TBL_HASH_CHANGED;
		if (same(atomic_load_explicit(s.value, memory_order_relaxed), expected, ignore)) {
			atomic_store_explicit(s.value, value, memory_order_release);
			r = TBL_HASH_OK;
		}
	}
	pair_unlock(t, home);
	return r;
}

enum tbl_hash_result tbl_hash_delete(
	struct tbl_hash *t, uint64_t key, uint64_t expected, uint64_t ignore)
{
	uint64_t hash = tbl_hash_of(t, key);
	uint32_t home = tbl_hash_home(t, hash);
	struct tbl_spill *spill = &t->spill[home];
	enum tbl_hash_result r = TBL_HASH_ABSENT;
	struct slot s;

	pair_lock(t, home);
	if (find(t, key, hash, &s)) {
		r = TBL_HASH_CHANGED;
		if (same(atomic_load_explicit(s.value, memory_order_relaxed), expected, ignore)) {
			/* Only a writer of this key could have changed the slot: its home is locked. */
			if (s.distance)
				pair_lock(t, home + s.distance);
			slot_set_key(&s, 0);
			if (s.distance) {
				pair_unlock(t, home + s.distance);
				if (atomic_fetch_sub_explicit(
					    &spill->count, 1, memory_order_relaxed) == 1)
					atomic_store_explicit(
						&spill->reach, 0, memory_order_release);
			}
			r = TBL_HASH_OK;
		}
	}
	pair_unlock(t, home);
	return r;
}

bool tbl_hash_foreach_part(const struct tbl_hash *t, uint64_t *at, uint32_t n,
	void (*visit)(void *ctx, uint64_t key, uint64_t value), void *ctx)
{
	uint64_t buckets = PAIR_BUCKETS * ((uint64_t)t->pair_mask + 1);

	for (; n > 0 && *at < buckets; n--, ++*at) {
		struct tbl_bucket *bucket = &t->bucket[*at];

		for (unsigned int i = 0; i < TBL_HASH_SLOTS; i++) {
			uint64_t k = atomic_load_explicit(&bucket->key[i], memory_order_acquire);
			uint64_t v = atomic_load_explicit(&bucket->value[i], memory_order_acquire);
			uint64_t again = atomic_load_explicit(
				&bucket->key[i], memory_order_relaxed);

			if ((k & TBL_HASH_USED) && ((k ^ again) & ~TBL_HASH_LOCK) == 0)
				visit(ctx, k & TBL_HASH_KEY_MASK, v);
		}
	}
	return *at < buckets;
}

void tbl_hash_foreach(
	const struct tbl_hash *t, void (*visit)(void *ctx, uint64_t key, uint64_t value), void *ctx)
{
	uint64_t at = 0;

	while (tbl_hash_foreach_part(t, &at, UINT32_MAX, visit, ctx))
		continue;
}
