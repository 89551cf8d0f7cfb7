/* SPDX-License-Identifier: BSD-3-Clause */
#include "qos/queue.h"

#include <stdlib.h>
#include <string.h>

#include "dataplane/buf.h"

struct queues *queues_create(uint32_t ports, struct counters *counters, struct tx_ring *tx)
{
	struct queues *q = calloc(1, sizeof(*q));

	if (!q)
		return NULL;
	q->counters = counters;
	q->tx = tx;
	q->ports = ports;
	return q;
}

void queues_destroy(struct queues *q)
{
	if (!q)
		return;
	for (uint16_t i = 0; i < q->ports; i++) {
		queues_purge(q, i, DROP_QUEUE_PORT_DOWN);
		free(q->port[i].desc);
	}
	free(q);
}

void queues_configure(struct queues *q, const struct tables *t)
{
	for (uint32_t i = 0; i < q->ports; i++)
		q->port[i].byte_ps = clock_byte_ps(t->port[i].speed_mbps);
}

/* The heap: ports with frames by (out, port number). */
static bool before(const struct queues *q, uint16_t a, uint16_t b)
{
	vex_time ta = q->port[a].out;
	vex_time tb = q->port[b].out;

	return ta < tb || (ta == tb && a < b);
}

static void heap_place(struct queues *q, uint32_t i, uint16_t port)
{
	q->heap[i] = port;
	q->port[port].heap_index = i;
}

static void heap_up(struct queues *q, uint32_t i)
{
	uint16_t port = q->heap[i];

	while (i > 0 && before(q, port, q->heap[(i - 1) / 2])) {
		heap_place(q, i, q->heap[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
	heap_place(q, i, port);
}

static void heap_down(struct queues *q, uint32_t i)
{
	uint16_t port = q->heap[i];

	for (;;) {
		uint32_t child = 2 * i + 1;

		if (child >= q->heap_n)
			break;
		if (child + 1 < q->heap_n && before(q, q->heap[child + 1], q->heap[child]))
			child++;
		if (!before(q, q->heap[child], port))
			break;
		heap_place(q, i, q->heap[child]);
		i = child;
	}
	heap_place(q, i, port);
}

static void heap_remove(struct queues *q, uint32_t i)
{
	uint16_t moved = q->heap[--q->heap_n];

	if (i == q->heap_n)
		return;
	heap_place(q, i, moved);
	heap_up(q, i);
	heap_down(q, q->port[moved].heap_index);
}

static uint32_t wire_len(uint32_t len)
{
	return len < ETH_MIN_BYTES ? ETH_MIN_BYTES : len;
}

/* Starts sending the head of a queue. */
static void start_head(struct port_queue *pq)
{
	const struct queue_desc *d = &pq->desc[pq->head % QUEUE_DESCRIPTORS];
	vex_time start = d->ready > pq->line_free ? d->ready : pq->line_free;

	pq->out = start + (ETH_PREAMBLE_BYTES + wire_len(d->len) + ETH_FCS_BYTES) * pq->byte_ps;
}

static void release_cells(struct queues *q, struct port_queue *pq, const struct queue_desc *d)
{
	pq->cells -= d->cells;
	q->cells -= d->cells;
	q->frames--;
	pq->head++;
}

static void transmit(struct queues *q, uint16_t port, const struct queue_desc *d, vex_time out)
{
	struct port_counters *c = &q->counters->port[port];
	uint16_t len = (uint16_t)wire_len(d->len);

	c->tx_packets++;
	c->tx_bytes += len;
	if (d->len < len)
		memset(d->data + d->len, 0, len - d->len);
	*tx_ring_push(q->tx) = (struct tx_frame){
		.time = out,
		.buf = d->buf,
		.data = d->data,
		.len = len,
		.hlen = d->len < len ? len : d->hlen,
		.port = port,
	};
}

void queues_advance(struct queues *q, vex_time t)
{
	while (q->heap_n && q->port[q->heap[0]].out <= t) {
		uint16_t port = q->heap[0];
		struct port_queue *pq = &q->port[port];
		struct queue_desc *d = &pq->desc[pq->head % QUEUE_DESCRIPTORS];

		transmit(q, port, d, pq->out);
		pq->line_free = pq->out + ETH_GAP_BYTES * pq->byte_ps;
		release_cells(q, pq, d);
		if (pq->head == pq->tail) {
			heap_remove(q, 0);
		} else {
			start_head(pq);
			heap_down(q, 0);
		}
	}
}

vex_time queues_next(const struct queues *q)
{
	return q->heap_n ? q->port[q->heap[0]].out : VEX_TIME_NEVER;
}

enum drop_reason queues_enqueue(struct queues *q, uint16_t port, const struct pkt *p)
{
	struct port_queue *pq = &q->port[port];
	uint32_t cells = (p->len + QUEUE_CELL_BYTES - 1) / QUEUE_CELL_BYTES;

	if (pq->cells + cells > QUEUE_PORT_CELLS)
		return DROP_QUEUE_FULL;
	if (q->cells + cells > QUEUE_CELLS)
		return DROP_BUFFER_FULL;
	if (!pq->desc)
		pq->desc = malloc(QUEUE_DESCRIPTORS * sizeof(*pq->desc));
	if (!pq->desc || !tx_ring_reserve(q->tx, q->frames + 1))
		return DROP_NO_BUFFER;
	pq->desc[pq->tail % QUEUE_DESCRIPTORS] = (struct queue_desc){
		.buf = p->buf,
		.data = p->data,
		.ready = p->time,
		.len = (uint16_t)p->len,
		.hlen = p->hlen,
		.cells = (uint16_t)cells,
	};
	pq->cells += cells;
	q->cells += cells;
	q->frames++;
	q->counters->port[port].enqueued++;
	if (pq->tail++ == pq->head) {
		start_head(pq);
		heap_place(q, q->heap_n, port);
		heap_up(q, q->heap_n++);
	}
	return DROP_NONE;
}

void queues_purge(struct queues *q, uint16_t port, enum drop_reason reason)
{
	struct port_queue *pq = &q->port[port];

	if (pq->head == pq->tail)
		return;
	heap_remove(q, pq->heap_index);
	while (pq->head != pq->tail) {
		const struct queue_desc *d = &pq->desc[pq->head % QUEUE_DESCRIPTORS];

		q->counters->port[port].drops[reason]++;
		buf_free(d->buf);
		release_cells(q, pq, d);
	}
}
