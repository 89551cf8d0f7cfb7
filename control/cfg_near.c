/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/cfg_int.h"

#include <string.h>

/* Longer words are not compared: nobody mistypes them as a whole. */
#define NEAR_MAX 48

/*
 * Damerau-Levenshtein distance in its restricted form (a pair is swapped at most once), row by
 * row; two rows back are needed for the swap.
 */
unsigned int cfg_distance(const char *a, const char *b, unsigned int limit)
{
	size_t na = strlen(a), nb = strlen(b);
	unsigned int rows[3][NEAR_MAX + 1];

	if (na > NEAR_MAX || nb > NEAR_MAX || (na > nb ? na - nb : nb - na) > limit)
		return limit + 1;
	for (size_t j = 0; j <= nb; j++)
		rows[0][j] = (unsigned int)j;
	for (size_t i = 1; i <= na; i++) {
		const unsigned int *up = rows[(i - 1) % 3], *up2 = rows[(i + 1) % 3];
		unsigned int *row = rows[i % 3], best;

		best = row[0] = (unsigned int)i;
		for (size_t j = 1; j <= nb; j++) {
			unsigned int d = up[j - 1] + (a[i - 1] != b[j - 1]);

			if (up[j] + 1 < d)
				d = up[j] + 1;
			if (row[j - 1] + 1 < d)
				d = row[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
				up2[j - 2] + 1 < d)
				d = up2[j - 2] + 1;
			row[j] = d;
			if (d < best)
				best = d;
		}
		if (best > limit)
			return limit + 1;
	}
	return rows[na % 3][nb];
}

void cfg_near_try(struct cfg_near *near, const char *candidate)
{
	size_t n = strlen(near->word);
	unsigned int limit = n <= 4 ? 1 : n <= 8 ? 2 : 3, d;

	if (near->best != NULL && near->cost <= limit)
		limit = near->cost - 1;
	if (near->best != NULL && near->cost == 0)
		return;
	d = cfg_distance(near->word, candidate, limit);
	/* A word of which nothing is left is not a typing mistake. */
	if (d <= limit && d < strlen(candidate)) {
		near->best = candidate;
		near->cost = d;
	}
}
