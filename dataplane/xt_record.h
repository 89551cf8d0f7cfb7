/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_XT_RECORD_H
#define VEX_DATAPLANE_XT_RECORD_H

/*
 * The recorder of external transactions, in the model only: it logs each, counts each, and can
 * refuse some, so that a stage meets every result that a table, a bucket or a pool can give.
 */

#include <stdint.h>

#include "dataplane/xt.h"

struct xt_fault {
	uint64_t skip;	/* transactions of this number that still succeed */
	uint64_t count; /* then so many are refused */
};

struct xt_recorder {
	void (*log)(void *ctx, unsigned int number, uint64_t arg, int admitted); /* or NULL */
	void *ctx;
	uint64_t seen[XT_NUMBERS];
	struct xt_fault fault[XT_NUMBERS];
};

/* "FDB_LEARN"; number is below XT_NUMBERS. */
const char *xt_name(unsigned int number);

#endif
