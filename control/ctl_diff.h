/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_CTL_DIFF_H
#define VEX_CONTROL_CTL_DIFF_H

/*
 * ctl_diff: the operations that turn one set of tables into another.
 *
 * Tables are given as the operations that make them from an empty switch, in any order: those of an
 * image (ctl.h), or records that were dumped (VEX_OP_DUMP). The result is a list that can be applied
 * in its order; every beginning of it can, too. As one transaction nobody sees a state in between.
 *
 *	struct ctl_diff diff;
 *	struct vex_errs errs = {0};
 *	if (ctl_diff(old->ops, old->n_ops, new->ops, new->n_ops, &diff, &errs) == 0) {
 *		... apply diff.ops[0 .. diff.n); none if both are equal ...
 *		ctl_diff_free(&diff);
 *	}
 *
 * What is equal is not touched, so addresses that were learned there stay. What the new tables do
 * not have is deleted, or set to what holds by default. Spanning tree states and learned addresses
 * are dynamic: operations of them are passed over, on both sides.
 *
 * Order: static addresses and LAG members that go; VLANs that leave a private VLAN; VLANs that go,
 * the secondary ones first; VLANs that change or come; LAGs and their members; ports; port sets;
 * logical ports; limits; static addresses. Two VLANs that swap their identifiers use a third one in
 * between.
 */

#include <stddef.h>
#include <stdint.h>

#include "control/err.h"
#include "dataplane/ops.h"

struct ctl_diff {
	struct vex_op *ops; /* numbered from 0 */
	size_t n;
};

/*
 * 0, or -1 with an error and *out empty: without memory, with an operation that makes no table or
 * has a number out of range (text says which), or if all 4094 VLAN identifiers are in use and some
 * are to be swapped.
 */
int ctl_diff(const struct vex_op *from, size_t n_from, const struct vex_op *to, size_t n_to,
	struct ctl_diff *out, struct vex_errs *errs);

/* Frees the operations. */
void ctl_diff_free(struct ctl_diff *diff);

/* What a dump says of a table in its end record. */
struct ctl_digest {
	uint64_t count;
	uint64_t digest;
};

/* The same of operations, for every table. */
void ctl_diff_digests(const struct vex_op *ops, size_t n, struct ctl_digest out[VEX_TABLES]);

#endif
