/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_BURST_H
#define VEX_DATAPLANE_BURST_H

/*
 * A burst: up to 64 packets that walk the stages together. Their order is the order of arrival;
 * dropped and punted packets keep their slot until the walk ends, so that a stage never moves
 * packets. All packets of a burst lie within one tick.
 */

#include "dataplane/pkt.h"

#define BURST_MAX 64u

struct burst {
	unsigned int n;
	uint32_t features; /* FEATURE_* that some packet of the burst needs (stage.h) */
	struct pkt pkt[BURST_MAX] __attribute__((aligned(64)));
};

static inline int pkt_live(const struct pkt *p)
{
	return p->drop == DROP_NONE && !(p->flags & PKT_F_PUNT);
}

/* Each packet that is neither dropped nor punted, in order. */
#define burst_foreach_live(b, p)                                   \
	for (struct pkt *p = (b)->pkt; p < (b)->pkt + (b)->n; p++) \
		if (!pkt_live(p))                                  \
			continue;                                  \
		else

#endif
