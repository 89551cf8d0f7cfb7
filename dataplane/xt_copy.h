/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_XT_COPY_H
#define VEX_DATAPLANE_XT_COPY_H

/* Transactions of the replicator, the one stage that makes packets. */

#include "dataplane/buf.h"
#include "dataplane/pipeline.h"
#include "dataplane/xt.h"

/* A free slot of the egress burst; runs the egress walk first if it is full. */
static inline struct pkt *xt_emit(struct xt *xt)
{
	if (xt->egress.n == BURST_MAX)
		pipeline_egress(xt);
	return &xt->egress.pkt[xt->egress.n++];
}

/*
 * Sends p itself to a logical port: its buffer is no longer the ingress burst's. Until a LAG
 * member is chosen, a drop is charged to the ingress port.
 */
static inline void xt_emit_to(struct xt *xt, struct pkt *out, uint16_t lport)
{
	bool lag = lport >= VEX_LPORT_LAG0;

	out->out_lport = lport;
	out->out_port = lag ? out->in_port : lport;
	if (lag)
		xt->egress.features |= FEATURE_LAG;
}

static inline void xt_move(struct xt *xt, struct pkt *p, uint16_t lport)
{
	struct pkt *out = xt_emit(xt);

	*out = *p;
	p->buf = NULL;
	xt_emit_to(xt, out, lport);
}

/* Sends a copy of p to a logical port; without a buffer the copy is a drop. */
static inline void xt_copy(struct xt *xt, const struct pkt *p, uint16_t lport)
{
	struct pkt *out = xt_emit(xt);

	if (!xt_admit(xt, XT_COPY, lport) || !buf_copy(xt->pools, p, out)) {
		*out = *p;
		out->buf = NULL;
		out->drop = DROP_NO_BUFFER;
	}
	xt->counters->copies++;
	xt_emit_to(xt, out, lport);
}

#endif
