/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pcapng_clock: the time of one pcapng interface in nanoseconds since 1970. Internal to the reader.
 *
 * if_tsresol has two forms: 10^-n seconds (most significant bit clear) and 2^-n seconds (set), n up
 * to 127. if_tsoffset adds whole seconds, of either sign. The result is rounded down; since the
 * offset is whole seconds, rounding before adding it is the same.
 */
#ifndef VEX_PORTS_PCAPNG_CLOCK_H
#define VEX_PORTS_PCAPNG_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define PCAPNG_CLOCK_DEFAULT 6 /* if_tsresol when absent: microseconds */
#define PCAPNG_CLOCK_NS	     1000000000

/*
 * ns = floor(stamp * multiply / divide) / 2^shift + offset. At most one of the three differs from
 * doing nothing, but for the power of two, which multiplies and shifts.
 */
struct pcapng_clock {
	uint64_t multiply;
	uint64_t divide; /* 0: the unit is so small that every 64-bit stamp is below 1 ns */
	unsigned int shift;
	int64_t offset_s;
};

static inline uint64_t pcapng_clock_power(unsigned int n)
{
	uint64_t v = 1;

	while (n-- > 0)
		v *= 10;
	return v;
}

static inline struct pcapng_clock pcapng_clock_make(uint8_t tsresol, int64_t offset_s)
{
	unsigned int n = tsresol & 0x7f;
	struct pcapng_clock c = {.multiply = 1, .divide = 1, .offset_s = offset_s};

	if (tsresol & 0x80) {
		c.multiply = PCAPNG_CLOCK_NS;
		c.shift = n;
	} else if (n <= 9) {
		c.multiply = pcapng_clock_power(9 - n);
	} else {
		/* 10^19 is the largest power that a 64-bit number holds. */
		c.divide = n - 9 <= 19 ? pcapng_clock_power(n - 9) : 0;
	}
	return c;
}

/* False if the time is before 1970 or past the range of 64-bit nanoseconds. */
static inline bool pcapng_clock_ns(const struct pcapng_clock *c, uint64_t stamp, uint64_t *ns)
{
	__int128 t;

	if (c->offset_s == 0 && c->shift == 0 && c->divide == 1)
		return !__builtin_mul_overflow(stamp, c->multiply, ns);
	if (c->divide == 0)
		t = 0;
	else
		t = (__int128)(((unsigned __int128)stamp * c->multiply / c->divide) >> c->shift);
	t += (__int128)c->offset_s * PCAPNG_CLOCK_NS;
	if (t < 0 || t > UINT64_MAX)
		return false;
	*ns = (uint64_t)t;
	return true;
}

#endif
