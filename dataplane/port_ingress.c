/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Port ingress: is the port up, is the frame's size allowed, is it for the switch's own protocols,
 * and is its source address one that a station may use (IEEE 802.1Q clauses 8.6.3 and 8.8).
 */
#include "dataplane/stage.h"
#include "dataplane/xt.h"

#define LINK_LOCAL_PREFIX UINT64_C(0x0180c2000000) /* 01-80-C2-00-00-00 .. 0F */
#define LINK_LOCAL_MASK	  UINT64_C(0xfffffffffff0)

static enum drop_reason check_source(struct xt *xt, uint64_t smac)
{
	if (smac & MAC_GROUP_BIT)
		return DROP_SMAC_MULTICAST;
	if (smac == 0)
		return DROP_SMAC_ZERO;
	if (xt_own_mac(xt, smac))
		return DROP_SMAC_OWN;
	return DROP_NONE;
}

static void punt(struct burst *b, struct pkt *p)
{
	p->flags |= PKT_F_PUNT;
	b->features |= FEATURE_PUNT;
}

void stage_port_ingress(struct xt *xt, struct burst *b)
{
	burst_foreach_live (b, p) {
		const struct port_entry *port = xt_port(xt, p->in_port);

		p->in_lport = port->lport;
		b->features |= port->features;
		if (!port->up)
			p->drop = DROP_PORT_DOWN;
		else if (pkt_mtu_len(p) > port->mtu)
			p->drop = DROP_EXCEEDS_L2_MTU;
		else if ((p->dmac & LINK_LOCAL_MASK) == LINK_LOCAL_PREFIX)
			punt(b, p);
		else
			p->drop = (uint8_t)check_source(xt, p->smac);
	}
}
