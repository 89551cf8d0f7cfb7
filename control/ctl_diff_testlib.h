/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_CTL_DIFF_TESTLIB_H
#define VEX_CONTROL_CTL_DIFF_TESTLIB_H

/* Random tables, as the operations that make them. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dataplane/ops.h"

#define DIFF_BDS     16u /* that random tables use, and identifiers */
#define DIFF_OPS_MAX 2000u

struct diff_image {
	struct vex_op v[DIFF_OPS_MAX];
	size_t n;
	struct vex_op vlan[DIFF_BDS];
	struct lport_set set[DIFF_BDS][VEX_VLAN_SETS];
	bool is_lport[VEX_LPORTS_MAX];
};

void diff_image_add(struct diff_image *m, struct vex_op op);

/* Sound tables with something in each of them; to be freed. */
struct diff_image *diff_random_image(uint64_t *state);

#endif
