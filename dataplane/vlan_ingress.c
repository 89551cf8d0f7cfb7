/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * VLAN ingress: tag to bridge domain (IEEE 802.1Q clauses 6.9 and 8.6.2).
 *
 * Only a C-tag classifies; a frame whose first tag is another is untagged here. Access, trunk,
 * native, voice and private VLAN ports differ in the tables alone: in the VLAN for untagged
 * frames, and in the set of ports that a VLAN is accepted from.
 */
#include "dataplane/stage.h"
#include "dataplane/xt.h"

#define VID_MASK 0x0fffu

static const struct vlan *classify(struct xt *xt, struct pkt *p, const struct lport_entry *lport)
{
	uint16_t vid = p->flags & PKT_F_CTAG ? p->tci[0] & VID_MASK : 0;
	const struct vlan *v = NULL;

	if (vid)
		v = xt_vlan_by_vid(xt, vid);
	else if (lport->untagged_bd != VEX_BD_NONE)
		v = xt_vlan(xt, lport->untagged_bd);
	if (v && lport_set_has(&v->set[VEX_VLAN_IN], p->in_lport))
		return v;
	p->drop = vid ? DROP_INGRESS_VLAN_FILTER : DROP_VLAN_TAG_NOT_ALLOWED;
	return NULL;
}

void stage_vlan_ingress(struct xt *xt, struct burst *b)
{
	burst_foreach_live (b, p) {
		const struct lport_entry *lport = xt_lport(xt, p->in_lport);
		const struct vlan *v = classify(xt, p, lport);
		enum vex_stp_state stp;

		if (!v)
			continue;
		p->vlan = v;
		p->bd = v->bd;
		if ((lport->flags & VEX_LPORT_NO_LEARN) || (v->flags & VEX_VLAN_NO_LEARN))
			p->flags |= PKT_F_NO_LEARN;
		stp = xt_stp(xt, v, p->in_lport);
		if (stp == VEX_STP_DISCARDING)
			p->drop = DROP_INGRESS_STP_FILTER;
		else if (stp == VEX_STP_LEARNING)
			p->flags |= PKT_F_STP_LEARNING;
	}
}
