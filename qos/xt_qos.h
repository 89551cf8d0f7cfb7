/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_QOS_XT_QOS_H
#define VEX_QOS_XT_QOS_H

/* Transactions of the QoS stages (dataplane/xt.h). */

#include "dataplane/outlet.h"
#include "dataplane/xt.h"
#include "qos/queue.h"
#include "qos/storm.h"

/* Whether a packet is within the storm control rate of its ingress port. */
static inline bool xt_police_storm(
	struct xt *xt, const struct pkt *p, const struct port_entry *port)
{
	return xt_admit(xt, XT_POLICE_STORM, p->in_port) &&
	       storm_police(&xt->storm->bucket[p->in_port], port, p->len, p->time);
}

/*
 * Hands a copy to its egress port: live, to the devices; on virtual time, to the queues, after the
 * ports have departed up to the packet's time.
 */
static inline enum drop_reason xt_enqueue(struct xt *xt, const struct pkt *p)
{
#ifdef VEX_DPDK
	if (xt->outlet)
		return outlet_send(xt->outlet, p);
#endif
	queues_advance(xt->queues, p->time);
	if (!xt_admit(xt, XT_ENQUEUE, p->out_port))
		return DROP_NO_BUFFER;
	return queues_enqueue(xt->queues, p->out_port, p);
}

#endif
