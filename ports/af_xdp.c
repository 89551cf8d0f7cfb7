/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A kernel interface through AF_XDP: a program in the kernel (xdp_steer.h) leaves the host what is
 * its own and puts the rest into sockets, one for each receive queue, before the kernel makes
 * packets of it. Sending goes by the first socket.
 *
 * Why not DPDK's driver: its steering program has to be a file, it stays on the interface after kill
 * -9, it cannot let go of an interface that is gone, and it wants buffers of a page, which ours for
 * jumbo frames are not. A frame is copied between the memory that the kernel sees and a packet
 * buffer, as with packet sockets.
 *
 * A frame must fit a page of that memory with the headroom that the kernel keeps: FRAME_MAX.
 */
#include <errno.h>
#include <linux/if_link.h>
#include <rte_spinlock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <xdp/xsk.h>

#include "ports/ethdev_ops.h"
#include "ports/netif.h"
#include "ports/xdp_steer.h"

#define PAGE_BYTES     4096u
#define RECEIVE_FRAMES 2048u
#define SEND_FRAMES    1024u
#define FRAME_MAX      (PAGE_BYTES - XDP_PACKET_HEADROOM)
#define QUEUES_MAX     16u
#define SEND_TRIES     (ETHDEV_BURST + 4)

/* Rounds of ask_link between looks at the addresses of the interface: a second. */
#define REFRESH_ROUNDS 50u

struct socket {
	struct xsk_ring_cons rx, done; /* received; sent */
	struct xsk_ring_prod fill, tx; /* to receive into; to send */
	struct xsk_umem *memory;
	struct xsk_socket *xsk;
	uint8_t *area;
	size_t area_bytes;
	int fd;
};

struct af_xdp {
	struct buf_pools *pools;
	unsigned int sockets;
	unsigned int next; /* to receive from */
	int all;	   /* an epoll of several sockets; -1: there is one */
	struct socket socket[QUEUES_MAX];
	rte_spinlock_t lock; /* of sending */
	unsigned int n_free;
	uint64_t free[SEND_FRAMES]; /* frames to send from */
	_Atomic uint64_t no_buffer;
	_Atomic uint64_t refused;
	struct netif netif;
	struct xdp_steer steer;
	unsigned int rounds;
	bool noted;
	char note[256];
};

static bool map_memory(struct socket *s, unsigned int frames)
{
	const struct xsk_umem_config config = {
		.fill_size = RECEIVE_FRAMES,
		.comp_size = SEND_FRAMES,
		.frame_size = PAGE_BYTES,
	};
	void *area;

	s->area_bytes = (size_t)frames * PAGE_BYTES;
	area = mmap(NULL, s->area_bytes, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (area == MAP_FAILED)
		return false;
	s->area = area;
	errno = -xsk_umem__create(&s->memory, s->area, s->area_bytes, &s->fill, &s->done, &config);
	return errno == 0;
}

/* All frames that are received into go to the kernel. */
static void fill_all(struct socket *s)
{
	uint32_t at = 0;

	xsk_ring_prod__reserve(&s->fill, RECEIVE_FRAMES, &at);
	for (uint32_t i = 0; i < RECEIVE_FRAMES; i++)
		*xsk_ring_prod__fill_addr(&s->fill, at + i) = (uint64_t)i * PAGE_BYTES;
	xsk_ring_prod__submit(&s->fill, RECEIVE_FRAMES);
}

static bool open_socket(struct af_xdp *x, uint32_t queue)
{
	const struct xsk_socket_config config = {
		.rx_size = RECEIVE_FRAMES,
		.tx_size = queue == 0 ? SEND_FRAMES : 0,
		.libbpf_flags = XSK_LIBBPF_FLAGS__INHIBIT_PROG_LOAD,
		.bind_flags = XDP_USE_NEED_WAKEUP,
	};
	struct epoll_event event = {.events = EPOLLIN};
	struct socket *s = &x->socket[queue];

	x->sockets = queue + 1;
	if (!map_memory(s, RECEIVE_FRAMES + (queue == 0 ? SEND_FRAMES : 0)))
		return false;
	errno = -xsk_socket__create(&s->xsk, x->netif.name, queue, s->memory, &s->rx,
		queue == 0 ? &s->tx : NULL, &config);
	if (errno != 0)
		return false;
	s->fd = xsk_socket__fd(s->xsk);
	fill_all(s);
	if (x->all >= 0 && epoll_ctl(x->all, EPOLL_CTL_ADD, s->fd, &event) != 0)
		return false;
	return xdp_steer_socket(&x->steer, queue, s->fd);
}

static void close_device(void *object)
{
	struct af_xdp *x = object;

	xdp_steer_close(&x->steer);
	for (unsigned int i = 0; i < x->sockets; i++) {
		struct socket *s = &x->socket[i];

		if (s->xsk)
			xsk_socket__delete(s->xsk);
		if (s->memory)
			xsk_umem__delete(s->memory);
		if (s->area)
			munmap(s->area, s->area_bytes);
	}
	if (x->all >= 0)
		close(x->all);
	netif_give_back(&x->netif);
	netif_close(&x->netif);
	free(x);
}

static bool open_sockets(struct af_xdp *x, char *why, size_t size)
{
	unsigned int queues = netif_receive_queues(&x->netif);

	if (queues > QUEUES_MAX) {
		snprintf(why, size,
			"%s has %u receive queues, the most is %u; say ethtool -L %s combined %u",
			x->netif.name, queues, QUEUES_MAX, x->netif.name, QUEUES_MAX);
		return false;
	}
	if (queues > 1)
		x->all = epoll_create1(EPOLL_CLOEXEC);
	for (uint32_t i = 0; i < queues; i++) {
		if (open_socket(x, i))
			continue;
		snprintf(why, size, "queue %u of %s cannot be opened: %s%s", i, x->netif.name,
			strerror(errno), errno == EBUSY ? "; another program has it" : "");
		return false;
	}
	for (uint32_t i = 0; i < SEND_FRAMES; i++)
		x->free[x->n_free++] = (uint64_t)(RECEIVE_FRAMES + i) * PAGE_BYTES;
	return true;
}

/* The argument: "INTERFACE MANAGEMENT". */
static void *open_device(const struct ethdev_params *params, char *why, size_t size)
{
	const char *space = strchrnul(params->argument, ' ');
	struct af_xdp *x = calloc(1, sizeof(*x));
	struct management management;
	char name[NETIF_NAME_SIZE];

	if (!x) {
		snprintf(why, size, "out of memory");
		return NULL;
	}
	x->pools = params->pools;
	rte_spinlock_init(&x->lock);
	snprintf(name, sizeof(name), "%.*s", (int)(space - params->argument), params->argument);
	if (!management_parse(&management, *space ? space + 1 : "own", why, size) ||
		!netif_open(&x->netif, name, why, size)) {
		free(x);
		return NULL;
	}
	netif_take(&x->netif);
	x->steer.link = -1;
	x->all = -1;
	if (xdp_steer_load(&x->steer, &management, why, size) && open_sockets(x, why, size) &&
		netif_promiscuous(&x->netif) && xdp_steer_attach(&x->steer, &x->netif, why, size))
		return x;
	close_device(x);
	return NULL;
}

/* ---- Receive ---------------------------------------------------------------------------------- */

static bool take_frame(
	struct af_xdp *x, const struct xdp_desc *frame, const uint8_t *data, struct pkt *p)
{
	if (!buf_alloc(x->pools, frame->len, p)) {
		atomic_fetch_add_explicit(&x->no_buffer, 1, memory_order_relaxed);
		return false;
	}
	memcpy(p->data, data, frame->len);
	return true;
}

static unsigned int receive_from(struct af_xdp *x, struct socket *s, struct pkt *p, unsigned int n)
{
	uint32_t at = 0, back = 0, there = xsk_ring_cons__peek(&s->rx, n, &at);
	unsigned int got = 0;

	if (!there)
		return 0;
	/* There is always room: the kernel took these frames from there. */
	xsk_ring_prod__reserve(&s->fill, there, &back);
	for (uint32_t i = 0; i < there; i++) {
		const struct xdp_desc *frame = xsk_ring_cons__rx_desc(&s->rx, at + i);

		pkt_clear(&p[got]);
		if (take_frame(x, frame, xsk_umem__get_data(s->area, frame->addr), &p[got]))
			got++;
		*xsk_ring_prod__fill_addr(&s->fill, back + i) = frame->addr &
								~(uint64_t)(PAGE_BYTES - 1);
	}
	xsk_ring_cons__release(&s->rx, there);
	xsk_ring_prod__submit(&s->fill, there);
	if (xsk_ring_prod__needs_wakeup(&s->fill))
		recvfrom(s->fd, NULL, 0, MSG_DONTWAIT, NULL, NULL);
	return got;
}

static unsigned int receive(void *object, struct pkt *p, unsigned int n)
{
	struct af_xdp *x = object;
	unsigned int got = 0;

	for (unsigned int i = 0; i < x->sockets && got < n; i++) {
		got += receive_from(x, &x->socket[x->next], p + got, n - got);
		x->next = x->next + 1 < x->sockets ? x->next + 1 : 0;
	}
	return got;
}

static int receive_fd(const void *object)
{
	const struct af_xdp *x = object;

	return x->all >= 0 ? x->all : x->socket[0].fd;
}

/* ---- Send ------------------------------------------------------------------------------------- */

/* Takes back the frames that were sent. */
static void reclaim(struct af_xdp *x, struct socket *s)
{
	uint32_t at = 0, n = xsk_ring_cons__peek(&s->done, SEND_FRAMES, &at);

	for (uint32_t i = 0; i < n; i++)
		x->free[x->n_free++] = *xsk_ring_cons__comp_addr(&s->done, at + i);
	xsk_ring_cons__release(&s->done, n);
}

static void copy_out(uint8_t *to, const struct rte_mbuf *m)
{
	for (; m; m = m->next) {
		memcpy(to, rte_pktmbuf_mtod(m, const void *), m->data_len);
		to += m->data_len;
	}
}

/* Makes the kernel send; how many frames it threw away. */
static unsigned int kick(const struct socket *s)
{
	unsigned int lost = 0;

	for (unsigned int i = 0; i < SEND_TRIES && xsk_ring_prod__needs_wakeup(&s->tx); i++) {
		if (sendto(s->fd, NULL, 0, MSG_DONTWAIT, NULL, 0) >= 0)
			break;
		if (errno == EBUSY) /* the device took one and dropped it; the others wait */
			lost++;
		else if (errno != EAGAIN)
			break;
	}
	return lost;
}

static struct ethdev_sent send_burst(
	void *object, uint16_t queue, struct rte_mbuf **frames, uint16_t n)
{
	struct af_xdp *x = object;
	struct socket *s = &x->socket[0];
	struct ethdev_sent sent = {0};
	unsigned int lost;
	uint32_t at = 0;

	(void)queue;
	rte_spinlock_lock(&x->lock);
	reclaim(x, s);
	for (uint16_t i = 0; i < n; i++) {
		struct xdp_desc *desc;

		if (frames[i]->pkt_len > FRAME_MAX) {
			atomic_fetch_add_explicit(&x->refused, 1, memory_order_relaxed);
			continue;
		}
		if (!x->n_free || !xsk_ring_prod__reserve(&s->tx, 1, &at))
			break;
		desc = xsk_ring_prod__tx_desc(&s->tx, at);
		desc->addr = x->free[--x->n_free];
		desc->len = frames[i]->pkt_len;
		desc->options = 0;
		copy_out(s->area + desc->addr, frames[i]);
		sent.frames++;
		sent.bytes += desc->len;
	}
	xsk_ring_prod__submit(&s->tx, (uint32_t)sent.frames);
	lost = kick(s);
	rte_spinlock_unlock(&x->lock);
	if (lost)
		atomic_fetch_add_explicit(&x->refused, lost, memory_order_relaxed);
	rte_pktmbuf_free_bulk(frames, n);
	return sent;
}

/* ---- State ------------------------------------------------------------------------------------ */

static enum ethdev_link ask_link(void *object, uint32_t *speed_mbps)
{
	struct af_xdp *x = object;

	if (!netif_exists(&x->netif))
		return ETHDEV_GONE;
	if (++x->rounds >= REFRESH_ROUNDS) {
		x->rounds = 0;
		xdp_steer_refresh(&x->steer, &x->netif);
	}
	return netif_link(&x->netif, speed_mbps) ? ETHDEV_UP : ETHDEV_DOWN;
}

/* What people should know of the interface, once. */
static void make_note(struct af_xdp *x, struct ethdev_state *state)
{
	bool veth = netif_driver_is(&x->netif, "veth");

	x->noted = true;
	if (!veth && x->steer.native)
		return;
	snprintf(x->note, sizeof(x->note), "%s: %s%s%s", x->netif.name,
		x->steer.native
			? ""
			: "its driver knows no XDP (with this MTU): frames take the slow way",
		veth && !x->steer.native ? "; " : "",
		veth ? "the other end must send finished checksums and tags (ethtool -K DEV tx off "
		       "txvlan off)"
		     : "");
	state->note = x->note;
}

static void ask_losses(void *object, struct ethdev_state *state)
{
	struct af_xdp *x = object;

	for (unsigned int i = 0; i < x->sockets; i++) {
		struct xdp_statistics stats = {0};
		socklen_t size = sizeof(stats);

		if (getsockopt(x->socket[i].fd, SOL_XDP, XDP_STATISTICS, &stats, &size) != 0)
			continue;
		state->missed += stats.rx_dropped + stats.rx_ring_full;
		state->errors += stats.rx_invalid_descs + stats.tx_invalid_descs;
	}
	state->errors += atomic_load_explicit(&x->refused, memory_order_relaxed);
	state->no_buffer += atomic_load_explicit(&x->no_buffer, memory_order_relaxed);
	if (!x->noted)
		make_note(x, state);
}

/* Everything is sent by the first socket. */
static bool own_queues(const void *object)
{
	(void)object;
	return false;
}

const struct ethdev_ops ethdev_af_xdp = {
	.kind = "af_xdp",
	.open = open_device,
	.close = close_device,
	.receive = receive,
	.receive_fd = receive_fd,
	.send = send_burst,
	.own_queues = own_queues,
	.link = ask_link,
	.losses = ask_losses,
};
