/* SPDX-License-Identifier: BSD-3-Clause */
/* What workers do with devices; ethdev_open.c has the rest. */
#include "ports/ethdev.h"

#ifdef VEX_DPDK

#include "ports/ethdev_ops.h"

unsigned int ethdev_receive(struct ethdev *d, struct pkt *p, unsigned int n)
{
	void *object = atomic_load_explicit(&d->object, memory_order_acquire);

	return object ? d->ops->receive(object, p, n) : 0;
}

int ethdev_receive_fd(const struct ethdev *d)
{
	const void *object = atomic_load_explicit(&d->object, memory_order_acquire);

	return object && d->ops->receive_fd ? d->ops->receive_fd(object) : -1;
}

struct buf *ethdev_seal(const struct pkt *p)
{
	struct rte_mbuf *m = buf_mbuf(p->buf);
	uint16_t pad = p->len < ETH_MIN_BYTES ? (uint16_t)(ETH_MIN_BYTES - p->len) : 0;

	if (pad)
		memset(p->data + p->hlen, 0, pad);
	m->data_off = (uint16_t)(p->data - (uint8_t *)m->buf_addr);
	m->data_len = (uint16_t)(p->hlen + pad);
	m->pkt_len = p->len + pad;
	m->ol_flags &= RTE_MBUF_F_INDIRECT | RTE_MBUF_F_EXTERNAL;
	return p->buf;
}

static void flush_port(struct ethdev_tx *tx, uint16_t port)
{
	struct ethdev_tx_port *t = &tx->port[port];
	struct port_counters *c = &tx->counters->port[port];
	struct rte_mbuf **frames = (struct rte_mbuf **)t->frame;
	struct ethdev_sent sent = {0};
	void *object = NULL;

	if (t->device)
		object = atomic_load_explicit(&t->device->object, memory_order_acquire);
	if (object)
		sent = t->device->ops->send(object, tx->queue, frames, t->n);
	else
		rte_pktmbuf_free_bulk(frames, t->n);
	c->tx_packets += sent.frames;
	c->tx_bytes += sent.bytes;
	c->drops[DROP_DEVICE_FULL] += t->n - sent.frames;
	t->n = 0;
}

void ethdev_put(struct ethdev_tx *tx, uint16_t port, struct buf *buf)
{
	struct ethdev_tx_port *t = &tx->port[port];

	if (t->n == ETHDEV_BURST)
		flush_port(tx, port);
	else if (t->n == 0)
		tx->wait[tx->waiting++] = port;
	t->frame[t->n++] = buf;
}

void ethdev_flush(struct ethdev_tx *tx)
{
	for (uint32_t i = 0; i < tx->waiting; i++)
		flush_port(tx, tx->wait[i]);
	tx->waiting = 0;
}

#endif
