/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A tap: a kernel interface that exists because this process holds it. What the kernel sends there
 * is received, what is sent appears to the kernel as received.
 *
 * It is persistent while the switch runs, so that addresses and bridges on it outlive a crash; the
 * next process takes it over. It goes at an orderly end, unless the platform file says
 * "persistent". The kernel leaves no checksum and no segmentation to us, as none is offered.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "ports/ethdev_ops.h"
#include "ports/netif.h"

#define SEGMENTS_MAX 4u

struct tap {
	int fd;
	bool persistent;
	struct buf_pools *pools;
	_Atomic uint64_t no_buffer;
	_Atomic uint64_t refused;
	struct netif netif;
};

/* The argument: "NAME" or "NAME persistent". */
static bool attach(struct tap *t, const char *argument, char *why, size_t size)
{
	struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
	const char *space = strchrnul(argument, ' ');

	t->persistent = *space;
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%.*s", (int)(space - argument),
		argument);
	t->fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (t->fd < 0 || ioctl(t->fd, TUNSETIFF, &request) != 0 ||
		ioctl(t->fd, TUNSETOFFLOAD, 0) != 0 || ioctl(t->fd, TUNSETPERSIST, 1) != 0) {
		snprintf(why, size, "the tap %s cannot be made: %s", request.ifr_name,
			strerror(errno));
		return false;
	}
	return netif_open(&t->netif, request.ifr_name, why, size);
}

static void close_tap(void *object)
{
	struct tap *t = object;

	if (!t->persistent)
		ioctl(t->fd, TUNSETPERSIST, 0);
	if (t->netif.fd >= 0)
		netif_close(&t->netif);
	if (t->fd >= 0)
		close(t->fd);
	free(t);
}

static void *open_tap(const struct ethdev_params *params, char *why, size_t size)
{
	struct tap *t = calloc(1, sizeof(*t));

	if (!t) {
		snprintf(why, size, "out of memory");
		return NULL;
	}
	t->pools = params->pools;
	t->netif.fd = -1;
	if (attach(t, params->argument, why, size) && netif_up(&t->netif))
		return t;
	t->persistent = false;
	close_tap(t);
	return NULL;
}

static unsigned int receive(void *object, struct pkt *p, unsigned int n)
{
	struct tap *t = object;
	unsigned int got = 0;

	while (got < n) {
		ssize_t len;

		pkt_clear(&p[got]);
		if (!buf_alloc(t->pools, PKT_LEN_MAX, &p[got])) {
			atomic_fetch_add_explicit(&t->no_buffer, 1, memory_order_relaxed);
			break;
		}
		len = read(t->fd, p[got].data, BUF_LARGE_ROOM);
		if (len <= 0) {
			buf_free(p[got].buf);
			break;
		}
		p[got].len = (uint32_t)len;
		p[got].hlen = (uint16_t)(len > PKT_LEN_MAX ? PKT_HEAD_MAX : len);
		got++;
	}
	return got;
}

static int receive_fd(const void *object)
{
	const struct tap *t = object;

	return t->fd;
}

static struct ethdev_sent send_burst(
	void *object, uint16_t queue, struct rte_mbuf **frames, uint16_t n)
{
	struct tap *t = object;
	struct ethdev_sent sent = {0};

	(void)queue; /* a write is a frame, whoever writes */
	for (uint16_t i = 0; i < n; i++) {
		struct iovec vector[SEGMENTS_MAX];
		int segments = 0;

		for (struct rte_mbuf *m = frames[i]; m && segments < (int)SEGMENTS_MAX; m = m->next)
			vector[segments++] = (struct iovec){
				rte_pktmbuf_mtod(m, void *), m->data_len};
		if (writev(t->fd, vector, segments) >= 0) {
			sent.frames++;
			sent.bytes += frames[i]->pkt_len;
		} else if (errno != EAGAIN) {
			atomic_fetch_add_explicit(&t->refused, 1, memory_order_relaxed);
		}
	}
	rte_pktmbuf_free_bulk(frames, n);
	return sent;
}

static enum ethdev_link ask_link(void *object, uint32_t *speed_mbps)
{
	struct tap *t = object;

	if (!netif_exists(&t->netif))
		return ETHDEV_GONE;
	return netif_link(&t->netif, speed_mbps) ? ETHDEV_UP : ETHDEV_DOWN;
}

static void ask_losses(void *object, struct ethdev_state *state)
{
	struct tap *t = object;

	state->errors += atomic_load_explicit(&t->refused, memory_order_relaxed);
	state->no_buffer += atomic_load_explicit(&t->no_buffer, memory_order_relaxed);
}

const struct ethdev_ops ethdev_tap = {
	.kind = "tap",
	.open = open_tap,
	.close = close_tap,
	.receive = receive,
	.receive_fd = receive_fd,
	.send = send_burst,
	.link = ask_link,
	.losses = ask_losses,
};
