/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_OUTLET_H
#define VEX_DATAPLANE_OUTLET_H

/*
 * The outlet of a worker: the way of its frames to the devices. Each port has one of two ways:
 *
 *	own	the device's transmit queue is this worker's alone: it owns the port, or the device
 *		has a queue for each worker (the direct path)
 *	handed	over to the owner of the port (handover.h), which sends in its next round, because the
 *		device has too few queues
 *
 * Which one is fixed while the switch runs: no port is shaped, so an owner never holds a backlog
 * that a direct frame could overtake, and a frame never changes its way. Frames of a flow come from
 * one port, hence from one worker, and leave in their order.
 *
 * An outlet belongs to one worker. Only live.
 */

#include <stdbool.h>

#include "dataplane/handover.h"
#include "ports/ethdev.h"

struct outlet {
	struct ethdev_tx tx;
	struct handover *handover;
	unsigned int id;
	uint32_t put;		   /* bit by owner: frames that are not published yet */
	uint8_t to[VEX_PORTS_MAX]; /* worker that sends for the port; id: this one */
};

/* Takes a packet for its egress port; DROP_NONE, or why not (the buffer is still the caller's). */
enum drop_reason outlet_send(struct outlet *o, const struct pkt *p);

/* Gives everything that was taken to devices and owners; the owners that got some, bit by worker. */
uint32_t outlet_flush(struct outlet *o);

/* Whether others have handed something over. */
bool outlet_has_work(const struct outlet *o);

/* Sends what others handed over, a bounded number of frames; returns how many. */
unsigned int outlet_serve(struct outlet *o);

#endif
