/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Replicator: where a packet goes. One copy to the port of a known address, or one to each port
 * that the VLAN floods to, but for the port it came from, in port order.
 */
#include "dataplane/stage.h"
#include "dataplane/xt_copy.h"

/* Why a known destination port may not be sent to, in the order of the checks. */
static enum drop_reason refusal(struct xt *xt, const struct vlan *v, uint16_t lport)
{
	if (!lport_set_has(&v->set[VEX_VLAN_OUT], lport))
		return v->flags & VEX_VLAN_PRIVATE ? DROP_PVLAN_ISOLATION : DROP_EGRESS_VLAN_FILTER;
	if (!xt_lport(xt, lport)->up)
		return DROP_EGRESS_PORT_DOWN;
	return DROP_EGRESS_STP_FILTER;
}

static void flood(struct xt *xt, struct pkt *p)
{
	struct lport_set to = p->vlan->flood;
	uint16_t last = VEX_LPORT_NONE;

	lport_set_del(&to, p->in_lport);
	for (unsigned int w = 0; w < VEX_LPORTS_MAX / 64; w++) {
		for (uint64_t bits = to.word[w]; bits; bits &= bits - 1) {
			if (last != VEX_LPORT_NONE)
				xt_copy(xt, p, last);
			last = (uint16_t)(w * 64 + (unsigned int)__builtin_ctzll(bits));
		}
	}
	if (last == VEX_LPORT_NONE)
		p->drop = DROP_FDB_MC_DISCARD;
	else
		xt_move(xt, p, last);
}

void stage_replicate(struct xt *xt, struct burst *b)
{
	burst_foreach_live (b, p) {
		if (p->class != PKT_KNOWN_UNICAST)
			flood(xt, p);
		else if (lport_set_has(&p->vlan->flood, p->out_lport))
			xt_move(xt, p, p->out_lport);
		else
			p->drop = (uint8_t)refusal(xt, p->vlan, p->out_lport);
	}
}
