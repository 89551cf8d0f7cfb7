/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/outlet.h"

#ifdef VEX_DPDK

#include "dataplane/buf.h"

/* Frames that an owner takes from one ring in a round, so that none keeps it from receiving. */
#define SERVE_MAX 256u

enum drop_reason outlet_send(struct outlet *o, const struct pkt *p)
{
	uint16_t port = p->out_port;
	uint8_t to = o->to[port];

	if (to == o->id) {
		ethdev_put(&o->tx, port, ethdev_seal(p));
	} else {
		const struct handover_frame frame = {.buf = ethdev_seal(p), .port = port};

		if (!handover_put(handover_ring(o->handover, o->id, to), frame))
			return DROP_HANDOVER_FULL;
		o->put |= UINT32_C(1) << to;
	}
	o->tx.counters->port[port].enqueued++;
	return DROP_NONE;
}

uint32_t outlet_flush(struct outlet *o)
{
	uint32_t owners = o->put;

	ethdev_flush(&o->tx);
	for (; o->put; o->put &= o->put - 1)
		handover_publish(
			handover_ring(o->handover, o->id, (unsigned int)__builtin_ctz(o->put)));
	return owners;
}

bool outlet_has_work(const struct outlet *o)
{
	for (unsigned int from = 0; from < o->handover->workers; from++)
		if (handover_waiting(handover_ring(o->handover, from, o->id)))
			return true;
	return false;
}

unsigned int outlet_serve(struct outlet *o)
{
	struct handover *h = o->handover;
	uint32_t n[HANDOVER_WORKERS_MAX];
	unsigned int served = 0;

	for (unsigned int from = 0; from < h->workers; from++) {
		struct handover_ring *r = handover_ring(h, from, o->id);

		n[from] = handover_waiting(r);
		if (n[from] > SERVE_MAX)
			n[from] = SERVE_MAX;
		for (uint32_t i = 0; i < n[from]; i++) {
			const struct handover_frame *f = handover_at(r, i);

			ethdev_put(&o->tx, f->port, f->buf);
		}
		served += n[from];
	}
	if (!served)
		return 0;
	/* Slots are given back when the devices have the frames: see handover.h. */
	ethdev_flush(&o->tx);
	for (unsigned int from = 0; from < h->workers; from++)
		if (n[from])
			handover_release(handover_ring(h, from, o->id), n[from]);
	return served;
}

#endif
