/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_CTL_DIFF_INT_H
#define VEX_CONTROL_CTL_DIFF_INT_H

/* Inside of ctl_diff: one side of a comparison, as tables. */

#include <stdbool.h>

#include "control/ctl_diff.h"
#include "dataplane/punt.h"

#define DIFF_NONE (-1)

/* A static address, in the order of its key. */
struct diff_mac {
	uint64_t key; /* filtering database << 48 | address: what the MAC table goes by */
	struct vex_op_mac mac;
	bool set_again; /* an operation on another VLAN takes it away */
};

/* Records have type VEX_OP_NONE where there is nothing. */
struct diff_side {
	struct vex_op sw;
	struct vex_op port[VEX_PORTS_MAX];
	struct vex_op lag[VEX_LAGS_MAX];
	int member_of[VEX_PORTS_MAX]; /* LAG of a port, DIFF_NONE */
	struct vex_op vlan[VEX_BDS_MAX];
	struct lport_set set[VEX_BDS_MAX][VEX_VLAN_SETS];
	struct vex_op_lport lport[VEX_LPORTS_MAX];
	struct punt_rate punt[PUNT_PROTOCOLS];
	struct vex_op_vlan_port_limit *limits; /* by bridge domain, then logical port */
	size_t n_limits;
	struct diff_mac *macs;
	size_t n_macs;
};

/* Reads operations; NULL with an error. */
struct diff_side *diff_side_read(const struct vex_op *ops, size_t n, struct vex_errs *errs);
void diff_side_free(struct diff_side *side);

/* What holds for a logical port of which nothing is said. */
struct vex_op_lport diff_lport_default(unsigned int lport);

static inline uint32_t diff_limit_key(const struct vex_op_vlan_port_limit *l)
{
	return (uint32_t)l->bd << 16 | l->lport;
}

#endif
