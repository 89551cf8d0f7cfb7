/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Punt: which protocol a frame for the switch itself is of, and whether the routing engine gets it.
 *
 * The destination is link-local already (IEEE 802.1Q tables 8-1 to 8-3), so the type decides, which
 * several of these addresses share: LLDP, EAPOL and the slow protocols may be sent to the nearest
 * bridge, customer bridge or non-TPMR bridge. Only BPDUs have no type. Tags change nothing.
 */
#include "dataplane/stage.h"
#include "dataplane/xt.h"

#define ETHERTYPE_SLOW	0x8809 /* IEEE 802.3 annex 57A */
#define ETHERTYPE_EAPOL 0x888e
#define ETHERTYPE_LLDP	0x88cc
#define ETHERTYPE_MVRP	0x88f5
#define ETHERTYPE_PTP	0x88f7

/* Subtypes of the slow protocols, IEEE 802.3 table 57A-3. */
#define SLOW_LACP   1
#define SLOW_MARKER 2
#define SLOW_OAM    3
#define SLOW_OSSP   10

#define DMAC_BRIDGES	      UINT64_C(0x0180c2000000)
#define DMAC_PROVIDER_BRIDGES UINT64_C(0x0180c2000008)
#define DMAC_PROVIDER_MVRP    UINT64_C(0x0180c200000d)

static enum punt_protocol slow_protocol(uint8_t subtype)
{
	switch (subtype) {
	case SLOW_LACP:
	case SLOW_MARKER:
		return PUNT_LACP;
	case SLOW_OAM:
		return PUNT_OAM_LFM;
	case SLOW_OSSP:
		return PUNT_ESMC;
	default:
		return PUNT_UNCLASSIFIED;
	}
}

/* A BPDU: LLC with the address 0x42 on both sides, unnumbered (IEEE 802.1Q clause 14.2). */
static bool is_bpdu(const struct pkt *p, uint32_t payload)
{
	const uint8_t *llc = p->data + payload;

	return (p->dmac == DMAC_BRIDGES || p->dmac == DMAC_PROVIDER_BRIDGES) &&
	       (p->flags & PKT_F_LLC) && payload + 3 <= p->hlen && llc[0] == 0x42 &&
	       llc[1] == 0x42 && llc[2] == 0x03;
}

static enum punt_protocol protocol_of(const struct pkt *p)
{
	uint32_t payload = 14 + 4u * p->tags;

	if (is_bpdu(p, payload))
		return PUNT_STP;
	if (p->flags & (PKT_F_LLC | PKT_F_SNAP))
		return PUNT_UNCLASSIFIED;
	switch (p->ethertype) {
	case ETHERTYPE_SLOW:
		return payload < p->hlen ? slow_protocol(p->data[payload]) : PUNT_UNCLASSIFIED;
	case ETHERTYPE_EAPOL:
		return PUNT_DOT1X;
	case ETHERTYPE_LLDP:
		return PUNT_LLDP;
	case ETHERTYPE_PTP:
		return PUNT_PTP;
	case ETHERTYPE_MVRP:
		return p->dmac == DMAC_PROVIDER_MVRP ? PUNT_PMVRP : PUNT_UNCLASSIFIED;
	default:
		return PUNT_UNCLASSIFIED;
	}
}

void stage_punt(struct xt *xt, struct burst *b)
{
	for (struct pkt *p = b->pkt; p < b->pkt + b->n; p++)
		if (p->flags & PKT_F_PUNT)
			p->drop = (uint8_t)xt_punt(xt, p, protocol_of(p));
}
