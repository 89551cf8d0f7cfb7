/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/hash.h"

#include <string.h>

#ifdef __SSE4_2__
#include <nmmintrin.h>

uint32_t hash_crc32c(uint32_t crc, const uint8_t *bytes, size_t len)
{
	while (len >= 8) {
		uint64_t word;

		memcpy(&word, bytes, 8);
		crc = (uint32_t)_mm_crc32_u64(crc, word);
		bytes += 8;
		len -= 8;
	}
	while (len--)
		crc = _mm_crc32_u8(crc, *bytes++);
	return crc;
}
#else
uint32_t hash_crc32c(uint32_t crc, const uint8_t *bytes, size_t len)
{
	while (len--) {
		crc ^= *bytes++;
		for (int bit = 0; bit < 8; bit++)
			crc = (crc >> 1) ^ (0x82f63b78u & -(crc & 1u));
	}
	return crc;
}
#endif

void hash_seeds(uint64_t instance_seed, uint32_t seed[HASH_USES])
{
	for (unsigned int use = 0; use < HASH_USES; use++)
		seed[use] = (uint32_t)hash_fmix64(instance_seed + (use + 1) * 0x9e3779b97f4a7c15u);
}
