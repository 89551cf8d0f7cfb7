/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_HASH_H
#define VEX_DATAPLANE_HASH_H

/*
 * The load-sharing hash: fmix32(crc32c(fields) ^ seed[use]), from packet bytes only, never the
 * NIC's. The finaliser is needed because CRCs with different seeds differ by a constant, which
 * would make the choices of two uses depend on each other.
 */

#include <stddef.h>
#include <stdint.h>

enum hash_use {
	HASH_LAG,
	HASH_USES,
};

/* CRC-32C (Castagnoli, RFC 3720 appendix B.4) of len bytes, without pre- or post-inversion. */
uint32_t hash_crc32c(uint32_t crc, const uint8_t *bytes, size_t len);

/* Finaliser of MurmurHash3, a bijection of 32 bits. */
static inline uint32_t hash_fmix32(uint32_t h)
{
	h ^= h >> 16;
	h *= 0x85ebca6bu;
	h ^= h >> 13;
	h *= 0xc2b2ae35u;
	h ^= h >> 16;
	return h;
}

/* The same for 64 bits; spreads table keys. */
static inline uint64_t hash_fmix64(uint64_t h)
{
	h ^= h >> 33;
	h *= UINT64_C(0xff51afd7ed558ccd);
	h ^= h >> 33;
	h *= UINT64_C(0xc4ceb9fe1a85ec53);
	h ^= h >> 33;
	return h;
}

/* Fills seed[HASH_USES] from the instance's seed. */
void hash_seeds(uint64_t instance_seed, uint32_t seed[HASH_USES]);

#endif
