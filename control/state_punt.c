/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * `system ddos-protection`: how much of each protocol the routing engine gets. There is one
 * forwarding engine, so `disable-fpc` turns a policer off altogether.
 */
#include "control/state.h"
#include "dataplane/punt.h"

void state_punt_op(const struct state *st, unsigned int protocol, struct vex_op_punt *op)
{
	const struct lyd_node *protocols = state_find(st->root, "system/ddos-protection/protocols");
	const struct lyd_node *aggregate = state_child(
		state_child(protocols, punt_name(protocol)), "aggregate");
	const struct punt_rate rate = punt_default(protocol);

	op->protocol = (uint16_t)protocol;
	if (state_child(aggregate, "disable-fpc") != NULL)
		return;
	op->pps = state_number(state_child(aggregate, "bandwidth"), rate.pps);
	op->burst = state_number(state_child(aggregate, "burst"), rate.burst);
}
