/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * VLAN egress: the tag with which a copy leaves (IEEE 802.1Q clause 6.9.2), and the egress MTU.
 *
 * Priority and DEI of a received C-tag survive; a frame that had none gets zeros.
 */
#include "dataplane/stage.h"
#include "dataplane/xt.h"

#include <string.h>

#define MAC_BYTES 12u
#define TAG_BYTES 4u
#define VID_MASK  0x0fffu

/* The identifier to send, 0 for untagged. */
static uint16_t out_vid(const struct vlan *v, uint16_t lport)
{
	if (lport_set_has(&v->set[VEX_VLAN_UNTAGGED], lport))
		return 0;
	return lport_set_has(&v->set[VEX_VLAN_PRIMARY_TAG], lport) ? v->primary_vid : v->vid;
}

/* Moves the header offsets with the frame's first byte. */
static void shift_offsets(struct pkt *p, int by)
{
	if (p->l3_off)
		p->l3_off = (uint8_t)(p->l3_off + by);
	if (p->l4_off)
		p->l4_off = (uint16_t)(p->l4_off + by);
}

static void push_tag(struct pkt *p, uint16_t tci)
{
	p->data -= TAG_BYTES;
	memmove(p->data, p->data + TAG_BYTES, MAC_BYTES);
	store_be16(p->data + MAC_BYTES, ETHERTYPE_CTAG);
	store_be16(p->data + MAC_BYTES + 2, tci);
	p->len += TAG_BYTES;
	p->hlen += TAG_BYTES;
	if (p->tags < 2)
		p->tags++;
	shift_offsets(p, TAG_BYTES);
}

static void pop_tag(struct pkt *p)
{
	memmove(p->data + TAG_BYTES, p->data, MAC_BYTES);
	p->data += TAG_BYTES;
	p->len -= TAG_BYTES;
	p->hlen -= TAG_BYTES;
	/* Of three tags the parser counted two; two are left. */
	if (p->tags < 2 || !pkt_is_tag_type(p->ethertype))
		p->tags--;
	shift_offsets(p, -(int)TAG_BYTES);
}

void stage_vlan_egress(struct xt *xt, struct burst *b)
{
	burst_foreach_live (b, p) {
		uint16_t vid = out_vid(p->vlan, p->out_lport);
		bool tagged = p->flags & PKT_F_CTAG;

		if (vid && tagged)
			store_be16(
				p->data + MAC_BYTES + 2, (uint16_t)(p->tci[0] & ~VID_MASK) | vid);
		else if (vid)
			push_tag(p, vid);
		else if (tagged)
			pop_tag(p);
		if (pkt_mtu_len(p) > xt_port(xt, p->out_port)->mtu)
			p->drop = DROP_EXCEEDS_EGRESS_MTU;
	}
}
