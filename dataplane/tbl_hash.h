/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_TBL_HASH_H
#define VEX_DATAPLANE_TBL_HASH_H

/*
 * Bucketed hash table: 62-bit keys to 64-bit values, four of each in a 64-byte bucket.
 *
 * The one table that workers write. A key's home is a pair of adjacent buckets, the preferred one
 * of which is prefetched; most lookups touch that line only. A full pair spills into the pairs
 * behind it, and the home pair remembers how many keys it spilled and how far, so that any set of
 * keys up to the capacity fits and a lookup knows where to stop.
 *
 * Concurrency. Any number of threads may call every function except create and destroy.
 *  - Readers take no lock. They compare the key, read the value, and compare the key again. What
 *    they get is a value of that key, but for one case: a slot that, between the two comparisons,
 *    was emptied, filled for another key, emptied, and filled for the first key again.
 *  - Insert, update and delete hold the lock bit (bit 63 of the first key) of the first bucket of
 *    the key's home pair, so that one key has one writer at a time and stands at most once. Whoever
 *    writes a slot of a pair also holds that pair's lock. Locks are taken in the order of the walk
 *    from a home. A cycle would need full pairs all the way round, and at most half the slots of a
 *    table that holds no more than its capacity are in use.
 *  - A slot is filled value first, then key (release); emptied key first.
 *  - tbl_hash_touch writes single bytes of a value without a lock: the writer of the value may
 *    overwrite it, and the byte may be stale by one update. Callers use it for ageing marks only.
 *
 * Bits 62 and 63 of a stored key are the table's: in use, and lock.
 */

#include <assert.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TBL_HASH_SLOTS	  4u
#define TBL_HASH_KEY_MASK ((UINT64_C(1) << 62) - 1)
#define TBL_HASH_USED	  (UINT64_C(1) << 62)
#define TBL_HASH_LOCK	  (UINT64_C(1) << 63)

struct tbl_bucket {
	_Atomic uint64_t key[TBL_HASH_SLOTS];
	_Atomic uint64_t value[TBL_HASH_SLOTS];
} __attribute__((aligned(64)));

/* How many keys of a home pair stand elsewhere, and in how many pairs after it to look. */
struct tbl_spill {
	_Atomic uint32_t count;
	_Atomic uint32_t reach;
};

struct tbl_hash {
	struct tbl_bucket *bucket;
	struct tbl_spill *spill;
	uint64_t seed;
	uint32_t pair_mask; /* pairs - 1 */
};

enum tbl_hash_result {
	TBL_HASH_OK,
	TBL_HASH_EXISTS,   /* insert: the key is there, its value is given back */
	TBL_HASH_ABSENT,   /* delete, update: the key is not there */
	TBL_HASH_CHANGED,  /* update, delete: the value is not the expected one */
	TBL_HASH_NO_SPACE, /* insert: every slot is in use, far beyond the capacity */
};

/*
 * A table for capacity keys, which the caller does not exceed; it has at least twice that many
 * slots, so that lookups stay short. False if there is no memory. The seed makes the placement
 * unpredictable. Keys are below 2^62.
 */
bool tbl_hash_create(struct tbl_hash *t, uint32_t capacity, uint64_t seed);
void tbl_hash_destroy(struct tbl_hash *t);

/* Inserts a key that is absent; else gives its value in *found. Never moves another key. */
enum tbl_hash_result tbl_hash_insert(
	struct tbl_hash *t, uint64_t key, uint64_t value, uint64_t *found);

/* Replaces the value if it is still expected, but for the bits of ignore. */
enum tbl_hash_result tbl_hash_update(
	struct tbl_hash *t, uint64_t key, uint64_t expected, uint64_t ignore, uint64_t value);

/* Deletes the key if its value is still expected, but for the bits of ignore. */
enum tbl_hash_result tbl_hash_delete(
	struct tbl_hash *t, uint64_t key, uint64_t expected, uint64_t ignore);

/* The part of a lookup behind the preferred bucket; use tbl_hash_find. */
_Atomic uint64_t *tbl_hash_find_slow(const struct tbl_hash *t, uint64_t key, uint64_t hash);

/*
 * Visits every key and value, each at least once if it stays for the whole call. The visitor may
 * delete or update.
 */
void tbl_hash_foreach(const struct tbl_hash *t,
	void (*visit)(void *ctx, uint64_t key, uint64_t value), void *ctx);

/*
 * The same in parts: visits the keys of at most n buckets from bucket *at on, and moves *at behind
 * them. True while there are more. A key is visited twice only if it was deleted and inserted again
 * meanwhile; a part visits at most n * TBL_HASH_SLOTS keys.
 */
bool tbl_hash_foreach_part(const struct tbl_hash *t, uint64_t *at, uint32_t n,
	void (*visit)(void *ctx, uint64_t key, uint64_t value), void *ctx);

/* The hash of a key: compute once, prefetch, look up. */
static inline uint64_t tbl_hash_of(const struct tbl_hash *t, uint64_t key)
{
	uint64_t h = (key ^ t->seed) * UINT64_C(0x9e3779b97f4a7c15);

	h ^= h >> 32;
	return h * UINT64_C(0xd6e8feb86659fd93);
}

static inline uint32_t tbl_hash_home(const struct tbl_hash *t, uint64_t hash)
{
	return (uint32_t)(hash >> 32) & t->pair_mask;
}

static inline struct tbl_bucket *tbl_hash_preferred(const struct tbl_hash *t, uint64_t hash)
{
	return &t->bucket[2 * tbl_hash_home(t, hash) + ((hash >> 31) & 1)];
}

static inline void tbl_hash_prefetch(const struct tbl_hash *t, uint64_t hash)
{
	__builtin_prefetch(tbl_hash_preferred(t, hash));
}

static inline _Atomic uint64_t *tbl_bucket_find(struct tbl_bucket *b, uint64_t key)
{
	for (unsigned int i = 0; i < TBL_HASH_SLOTS; i++) {
		uint64_t k = atomic_load_explicit(&b->key[i], memory_order_acquire);

		if ((k & ~TBL_HASH_LOCK) == (key | TBL_HASH_USED))
			return &b->value[i];
	}
	return NULL;
}

/*
 * Finds a key: *value is a value that it had during the call. Returns the place of the value, for
 * tbl_hash_touch only, or NULL.
 */
static inline _Atomic uint64_t *tbl_hash_find(
	const struct tbl_hash *t, uint64_t key, uint64_t hash, uint64_t *value)
{
	for (;;) {
		_Atomic uint64_t *v = tbl_bucket_find(tbl_hash_preferred(t, hash), key);
		_Atomic uint64_t *k;

		if (!v)
			v = tbl_hash_find_slow(t, key, hash);
		if (!v)
			return NULL;
		*value = atomic_load_explicit(v, memory_order_acquire);
		k = v - TBL_HASH_SLOTS;
		if ((atomic_load_explicit(k, memory_order_relaxed) & ~TBL_HASH_LOCK) ==
			(key | TBL_HASH_USED))
			return v;
	}
}

/* Writes byte number i (0 is the least significant) of a value in place, without a lock. */
static inline void tbl_hash_touch(_Atomic uint64_t *value, unsigned int i, uint8_t byte)
{
	__atomic_store_n((uint8_t *)value + i, byte, __ATOMIC_RELAXED);
}

static_assert(sizeof(struct tbl_bucket) == 64, "a bucket is a cache line");
static_assert(offsetof(struct tbl_bucket, value) == TBL_HASH_SLOTS * sizeof(uint64_t),
	"the value of a slot stands TBL_HASH_SLOTS words behind its key");

#endif
