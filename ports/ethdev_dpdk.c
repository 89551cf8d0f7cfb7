/* SPDX-License-Identifier: BSD-3-Clause */
/* Devices that DPDK's drivers are behind. */
#include <errno.h>
#include <rte_dev.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_log.h>
#include <rte_spinlock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "ports/ethdev_ops.h"

#define DESCRIPTORS 512
/* Calls of ask_link that a device may take to come up after it has connected. */
#define CONNECT_ROUNDS 100u
#define MTU_MAX	       (PKT_LEN_MAX - 14)

struct dpdk {
	uint16_t device;
	char name[RTE_ETH_NAME_MAX_LEN]; /* of a vdev; empty otherwise */
	bool connects;			 /* to a socket, and only when it is opened */
	unsigned int rounds_down;
	bool was_up;
	bool ended;	 /* it will not come up any more */
	uint16_t queues; /* to send; a worker has its own if there are enough */
	bool shared;
	rte_spinlock_t lock[];
};

/* What DPDK calls the driver of a kind; a PCI device has none to be named. */
static const struct {
	const char *kind, *driver;
} drivers[] = {
	{"memif", "net_memif"},
	{"vhost_user", "net_vhost"},
	{"virtio_user", "virtio_user"},
	{"null", "net_null"},
	{"pcap", "net_pcap"},
	{"pci", NULL},
};

static const char *driver_of(const char *kind)
{
	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++)
		if (!strcmp(drivers[i].kind, kind))
			return drivers[i].driver;
	return NULL;
}

/* Makes the device, or finds the one that is there; 0 or an error. */
static int find_device(struct dpdk *d, const struct ethdev_params *params)
{
	const char *driver = driver_of(params->kind);
	int rc;

	if (!driver)
		return rte_eth_dev_get_port_by_name(params->argument, &d->device);
	snprintf(d->name, sizeof(d->name), "%s%u", driver, params->port);
	rc = rte_eal_hotplug_add("vdev", d->name, params->argument);
	return rc == 0 ? rte_eth_dev_get_port_by_name(d->name, &d->device) : rc;
}

static int start(struct dpdk *d, const struct ethdev_params *params)
{
	const struct rte_eth_conf conf = {.rxmode = {.mq_mode = RTE_ETH_MQ_RX_NONE}};
	int node = rte_eth_dev_socket_id(d->device);
	struct rte_eth_dev_info info = {0};
	int rc = rte_eth_dev_info_get(d->device, &info);

	if (rc != 0)
		return rc;
	/* How many a memif really has, the other end says when it connects: one at least. */
	if (!strcmp(params->kind, "memif"))
		info.max_tx_queues = 1;
	d->shared = info.max_tx_queues < params->tx_queues;
	d->queues = d->shared ? info.max_tx_queues : params->tx_queues;
	rc = rte_eth_dev_configure(d->device, 1, d->queues, &conf);
	/* As long as the driver can; one that has no such setting takes every length. */
	if (rc == 0)
		rte_eth_dev_set_mtu(
			d->device, info.max_mtu < MTU_MAX ? info.max_mtu : (uint16_t)MTU_MAX);
	if (rc == 0)
		rc = rte_eth_rx_queue_setup(d->device, 0, DESCRIPTORS, (unsigned int)node, NULL,
			buf_receive_pool(params->pools, node));
	for (uint16_t i = 0; i < d->queues && rc == 0; i++)
		rc = rte_eth_tx_queue_setup(d->device, i, DESCRIPTORS, (unsigned int)node, NULL);
	if (rc == 0)
		rc = rte_eth_dev_start(d->device);
	/* Devices without the notion take every frame anyway. */
	if (rc == 0 && rte_eth_promiscuous_enable(d->device) == -EIO)
		rc = -EIO;
	return rc;
}

static void close_device(void *object)
{
	struct dpdk *d = object;

	rte_eth_promiscuous_disable(d->device);
	rte_eth_dev_stop(d->device);
	if (d->name[0])
		rte_eal_hotplug_remove("vdev", d->name);
	else
		rte_eth_dev_close(d->device);
	free(d);
}

/* The socket of a device; false if it has none. */
static bool socket_of(const struct ethdev_params *params, struct sockaddr_un *at)
{
	static const char *const words[] = {"socket=", "path=", "iface="};
	const char *path = NULL;

	*at = (struct sockaddr_un){.sun_family = AF_UNIX};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) && !path; i++)
		path = strstr(params->argument, words[i]);
	if (!path)
		return false;
	path = strchr(path, '=') + 1;
	return snprintf(at->sun_path, sizeof(at->sun_path), "%.*s", (int)strcspn(path, ","), path) <
	       (int)sizeof(at->sun_path);
}

/*
 * Whether there is a socket where a device connects to. Drivers try only once, and say loudly what
 * they miss. (To try a connection would be no better: a memif of DPDK does not survive one that is
 * closed at once.) True for devices that do not connect.
 */
static bool has_peer(struct dpdk *d, const struct ethdev_params *params)
{
	struct sockaddr_un at;
	struct stat state;

	d->connects = !strcmp(params->kind, "virtio_user") ||
		      strstr(params->argument, "role=client") == params->argument;
	if (!d->connects || !socket_of(params, &at))
		return true;
	return stat(at.sun_path, &state) == 0 && S_ISSOCK(state.st_mode);
}

/*
 * A socket that a process left when it was killed is taken away, or the driver of memif never comes
 * up: what it made before it failed stays. False if a program listens there. To ask with a socket of
 * another type is not seen by who listens.
 */
static bool socket_is_free(const struct ethdev_params *params)
{
	struct sockaddr_un at;
	bool is_free = true;
	int fd;

	if ((!strstr(params->argument, "role=server") && !strstr(params->argument, "client=0")) ||
		!socket_of(params, &at))
		return true;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return true;
	if (connect(fd, (const struct sockaddr *)&at, sizeof(at)) == 0 || errno == EPROTOTYPE)
		is_free = false;
	else if (errno == ECONNREFUSED)
		unlink(at.sun_path);
	close(fd);
	return is_free;
}

static void *open_device(const struct ethdev_params *params, char *why, size_t size)
{
	struct dpdk *d = calloc(1, sizeof(*d) + params->tx_queues * sizeof(d->lock[0]));
	int rc;

	if (!d) {
		snprintf(why, size, "out of memory");
		return NULL;
	}
	/* Their connections come and go: what they say about it is for their developers. */
	rte_log_set_level_pattern("lib.vhost.*", RTE_LOG_ERR);
	rte_log_set_level_pattern("pmd.net.virtio.*", RTE_LOG_CRIT);
	if (!has_peer(d, params)) {
		snprintf(why, size, "there is no socket yet for %s %s", params->kind,
			params->argument);
		free(d);
		return NULL;
	}
	if (!socket_is_free(params)) {
		snprintf(why, size, "another program has the socket of %s %s", params->kind,
			params->argument);
		free(d);
		return NULL;
	}
	rc = find_device(d, params);
	if (rc != 0) {
		snprintf(why, size, "%s %s cannot be opened: %s%s", params->kind, params->argument,
			rte_strerror(-rc),
			driver_of(params->kind)
				? ""
				: "; is it there, and bound to vfio-pci (dpdk-devbind.py)?");
		free(d);
		return NULL;
	}
	rc = start(d, params);
	if (rc == 0)
		return d;
	snprintf(why, size, "%s %s cannot be started: %s", params->kind, params->argument,
		rte_strerror(-rc));
	close_device(d);
	return NULL;
}

static unsigned int receive(void *object, struct pkt *p, unsigned int n)
{
	const struct dpdk *d = object;
	struct rte_mbuf *frames[ETHDEV_BURST];
	uint16_t got;

	got = rte_eth_rx_burst(
		d->device, 0, frames, (uint16_t)(n < ETHDEV_BURST ? n : ETHDEV_BURST));
	for (uint16_t i = 0; i < got; i++) {
		struct rte_mbuf *m = frames[i];
		bool is_long = m->pkt_len > PKT_LEN_MAX;

		/* In pieces, or longer than its buffer: what a peer behind a socket may say. */
		if (m->nb_segs > 1 && !is_long)
			rte_pktmbuf_linearize(m);
		pkt_clear(&p[i]);
		p[i].buf = (struct buf *)m;
		p[i].data = rte_pktmbuf_mtod(m, uint8_t *);
		p[i].len = m->pkt_len;
		p[i].hlen = is_long && m->data_len > PKT_HEAD_MAX ? PKT_HEAD_MAX : m->data_len;
	}
	return got;
}

static struct ethdev_sent send_burst(
	void *object, uint16_t queue, struct rte_mbuf **frames, uint16_t n)
{
	struct dpdk *d = object;
	struct ethdev_sent sent = {0};
	uint64_t bytes[ETHDEV_BURST];
	uint16_t q = d->shared ? queue % d->queues : queue;

	for (uint16_t i = 0; i < n; i++)
		bytes[i] = frames[i]->pkt_len;
	if (d->shared)
		rte_spinlock_lock(&d->lock[q]);
	sent.frames = rte_eth_tx_burst(d->device, q, frames, n);
	if (d->shared)
		rte_spinlock_unlock(&d->lock[q]);
	for (uint16_t i = 0; i < sent.frames; i++)
		sent.bytes += bytes[i];
	rte_pktmbuf_free_bulk(frames + sent.frames, (unsigned int)(n - sent.frames));
	return sent;
}

static bool own_queues(const void *object)
{
	const struct dpdk *d = object;

	return !d->shared;
}

static enum ethdev_link ask_link(void *object, uint32_t *speed_mbps)
{
	struct dpdk *d = object;
	struct rte_eth_link link = {0};

	/* A round later, since the driver of virtio-user has work to do on its other thread first. */
	if (d->ended)
		return ETHDEV_GONE;
	if (rte_eth_link_get_nowait(d->device, &link) != 0 || link.link_status != RTE_ETH_LINK_UP) {
		d->ended = d->connects && (d->was_up || ++d->rounds_down > CONNECT_ROUNDS);
		return ETHDEV_DOWN;
	}
	d->was_up = true;
	*speed_mbps = link.link_speed == RTE_ETH_SPEED_NUM_UNKNOWN ? 0 : link.link_speed;
	return ETHDEV_UP;
}

static void ask_losses(void *object, struct ethdev_state *state)
{
	const struct dpdk *d = object;
	struct rte_eth_stats stats = {0};

	if (rte_eth_stats_get(d->device, &stats) != 0)
		return;
	state->missed += stats.imissed;
	state->errors += stats.ierrors + stats.oerrors;
	state->no_buffer += stats.rx_nombuf;
}

#define KIND(name)                                                                            \
	{                                                                                     \
		.kind = name, .open = open_device, .close = close_device, .receive = receive, \
		.send = send_burst, .own_queues = own_queues, .link = ask_link,               \
		.losses = ask_losses,                                                         \
	}

const struct ethdev_ops ethdev_dpdk[] = {KIND("memif"), KIND("vhost_user"), KIND("virtio_user"),
	KIND("null"), KIND("pcap"), KIND("pci")};
const size_t ethdev_dpdk_kinds = sizeof(ethdev_dpdk) / sizeof(ethdev_dpdk[0]);
