/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_QOS_QUEUE_H
#define VEX_QOS_QUEUE_H

/*
 * Packet memory and egress queues on virtual time.
 *
 * Memory is counted as the ASIC counts it: 32 MiB in cells of 256 bytes, at most 4 MiB a port. One
 * FIFO a port until scheduling is configured. A frame occupies its cells from enqueue until its
 * last bit has left:
 *
 *	start = max(ready, line free)
 *	out   = start + (8 + max(length, 60) + 4) bytes at the port's speed
 *	line free = out + 12 bytes (96 bit times, IEEE 802.3 clause 4.4.2)
 *
 * Ports depart in the order of time, then port number. Queues hold descriptors of 32 bytes, which
 * point into no table generation. One thread.
 */

#include <assert.h>
#include <stdbool.h>

#include "dataplane/counters.h"
#include "dataplane/pkt.h"
#include "dataplane/tables.h"
#include "dataplane/tx.h"

#define QUEUE_CELL_BYTES  256u
#define QUEUE_CELLS	  131072u	   /* 32 MiB */
#define QUEUE_PORT_CELLS  16384u	   /* 4 MiB */
#define QUEUE_DESCRIPTORS QUEUE_PORT_CELLS /* a frame takes at least one cell */

struct queue_desc {
	struct buf *buf;
	uint8_t *data;
	vex_time ready;
	uint16_t len;
	uint16_t hlen;
	uint16_t cells;
	uint16_t pad;
};
static_assert(sizeof(struct queue_desc) == 32, "two descriptors a cache line");

struct port_queue {
	struct queue_desc *desc; /* ring of QUEUE_DESCRIPTORS, allocated with the first frame */
	uint32_t head;
	uint32_t tail;
	uint32_t cells;
	uint32_t heap_index; /* while not empty */
	uint64_t byte_ps;
	vex_time line_free;
	vex_time out; /* of the head, while not empty */
};

struct queues {
	struct counters *counters;
	struct tx_ring *tx;
	uint32_t ports;
	uint32_t cells;
	uint32_t frames; /* on all ports; the tx ring has room for them */
	uint32_t heap_n; /* ports that have frames, the next departure first */
	uint16_t heap[VEX_PORTS_MAX];
	struct port_queue port[VEX_PORTS_MAX];
};

/* Queues of an instance; counters and tx are used, not owned. NULL without memory. */
struct queues *queues_create(uint32_t ports, struct counters *counters, struct tx_ring *tx);

/* Frees what is still queued. */
void queues_destroy(struct queues *q);

/* Takes the ports' speeds over; a frame that is being sent keeps its time. */
void queues_configure(struct queues *q, const struct tables *t);

/* Lets every frame depart whose OUT stamp is at most t. */
void queues_advance(struct queues *q, vex_time t);

/* When the next frame departs, VEX_TIME_NEVER if none is queued. */
vex_time queues_next(const struct queues *q);

/*
 * Queues a packet at its own time, to which the ports were advanced. Returns why not; then the
 * buffer is still the caller's.
 */
enum drop_reason queues_enqueue(struct queues *q, uint16_t port, const struct pkt *p);

/* Drops what a port has queued. */
void queues_purge(struct queues *q, uint16_t port, enum drop_reason reason);

/* Frames queued on a port. */
static inline uint32_t queues_depth(const struct queues *q, uint16_t port)
{
	return q->port[port].tail - q->port[port].head;
}

#endif
