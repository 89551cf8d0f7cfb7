/* SPDX-License-Identifier: BSD-3-Clause */
#include "ports/ethdev.h"

#ifdef VEX_DPDK

#include <rte_dev.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_ether.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dataplane/buf.h"

#define DESCRIPTORS 512
#define ARGS_SIZE   512

/* What DPDK calls a device, and its arguments; false if the kind is not one. */
static bool device_arguments(char args[ARGS_SIZE], char *driver, size_t driver_size, uint32_t port,
	const char *kind, const char *argument)
{
	if (!strcmp(kind, "af_packet")) {
		/*
		 * Room for the longest frame: the default of 2048 bytes holds no jumbo frame. The
		 * driver takes frames to stand one behind the other, so they must fill their block.
		 */
		snprintf(args, ARGS_SIZE,
			"iface=%s,blocksz=20480,framesz=10240,framecnt=512,qpairs=1", argument);
		snprintf(driver, driver_size, "net_af_packet%u", port);
	} else if (!strcmp(kind, "tap")) {
		snprintf(args, ARGS_SIZE, "iface=%s", argument);
		snprintf(driver, driver_size, "net_tap%u", port);
	} else if (!strcmp(kind, "null")) {
		args[0] = '\0';
		snprintf(driver, driver_size, "net_null%u", port);
	} else if (!strcmp(kind, "pcap")) {
		snprintf(args, ARGS_SIZE, "%s", argument);
		snprintf(driver, driver_size, "net_pcap%u", port);
	} else {
		return false;
	}
	return true;
}

static int start(uint16_t device, struct buf_pools *pools)
{
	const struct rte_eth_conf conf = {.rxmode = {.mq_mode = RTE_ETH_MQ_RX_NONE}};
	int rc = rte_eth_dev_configure(device, 1, 1, &conf);

	if (rc == 0)
		rc = rte_eth_rx_queue_setup(
			device, 0, DESCRIPTORS, SOCKET_ID_ANY, NULL, pools->pool[1]);
	if (rc == 0)
		rc = rte_eth_tx_queue_setup(device, 0, DESCRIPTORS, SOCKET_ID_ANY, NULL);
	if (rc == 0)
		rc = rte_eth_dev_start(device);
	/* Devices without the notion take every frame anyway. */
	if (rc == 0 && rte_eth_promiscuous_enable(device) == -EIO)
		rc = -EIO;
	return rc;
}

uint16_t ethdev_open(uint32_t port, const char *kind, const char *argument, struct buf_pools *pools,
	char *why, size_t size)
{
	char driver[RTE_ETH_NAME_MAX_LEN];
	char args[ARGS_SIZE];
	uint16_t device;
	int rc;

	if (!device_arguments(args, driver, sizeof(driver), port, kind, argument)) {
		snprintf(why, size, "'%s' is not a kind of device", kind);
		return ETHDEV_NONE;
	}
	rc = rte_eal_hotplug_add("vdev", driver, args);
	if (rc == 0)
		rc = rte_eth_dev_get_port_by_name(driver, &device);
	if (rc != 0) {
		snprintf(
			why, size, "%s %s cannot be opened: %s", kind, argument, rte_strerror(-rc));
		return ETHDEV_NONE;
	}
	rc = start(device, pools);
	if (rc != 0) {
		snprintf(why, size, "%s %s cannot be started: %s", kind, argument,
			rte_strerror(-rc));
		ethdev_close(device);
		return ETHDEV_NONE;
	}
	return device;
}

void ethdev_close(uint16_t device)
{
	rte_eth_promiscuous_disable(device); /* a flag of the interface, which outlives us */
	rte_eth_dev_stop(device);
	rte_eth_dev_close(device);
}

/* Whether a kernel interface exists and has a link. */
static bool interface_runs(unsigned int index)
{
	struct ifreq request = {.ifr_ifindex = (int)index};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool runs = fd >= 0 && ioctl(fd, SIOCGIFNAME, &request) == 0 &&
		    ioctl(fd, SIOCGIFFLAGS, &request) == 0 && (request.ifr_flags & IFF_RUNNING);

	if (fd >= 0)
		close(fd);
	return runs;
}

bool ethdev_link(uint16_t device, uint32_t *speed_mbps)
{
	struct rte_eth_dev_info info = {0};
	struct rte_eth_link link = {0};

	if (rte_eth_link_get_nowait(device, &link) != 0 || rte_eth_dev_info_get(device, &info) != 0)
		return false;
	*speed_mbps = link.link_speed == RTE_ETH_SPEED_NUM_UNKNOWN ? 0 : link.link_speed;
	/* The driver of packet sockets says "up" from start to stop: the kernel knows better. */
	if (info.if_index && !interface_runs(info.if_index))
		return false;
	return link.link_status == RTE_ETH_LINK_UP;
}

void ethdev_losses(uint16_t device, struct ethdev_losses *losses)
{
	struct rte_eth_stats stats = {0};

	*losses = (struct ethdev_losses){0};
	if (rte_eth_stats_get(device, &stats) != 0)
		return;
	losses->missed = stats.imissed;
	losses->errors = stats.ierrors + stats.oerrors;
	losses->no_buffer = stats.rx_nombuf;
}

/* The kernel takes the outer tag out of a frame that it gives to a packet socket. */
static struct rte_mbuf *restore_tag(struct rte_mbuf *m)
{
	if ((m->ol_flags & RTE_MBUF_F_RX_VLAN_STRIPPED) && rte_vlan_insert(&m) != 0) {
		rte_pktmbuf_free(m);
		return NULL;
	}
	return m;
}

unsigned int ethdev_receive(uint16_t device, struct pkt *p, unsigned int n)
{
	struct rte_mbuf *frames[ETHDEV_BURST];
	unsigned int kept = 0;
	uint16_t got;

	got = rte_eth_rx_burst(device, 0, frames, (uint16_t)(n < ETHDEV_BURST ? n : ETHDEV_BURST));
	for (uint16_t i = 0; i < got; i++) {
		struct rte_mbuf *m = restore_tag(frames[i]);

		if (!m)
			continue;
		memset(&p[kept], 0, sizeof(p[kept]));
		p[kept].buf = (struct buf *)m;
		p[kept].data = rte_pktmbuf_mtod(m, uint8_t *);
		p[kept].len = m->pkt_len;
		p[kept].hlen = m->data_len;
		kept++;
	}
	return kept;
}

/* Makes the buffer say what the packet says, padded to the shortest frame. */
static void seal(struct rte_mbuf *m, const struct pkt *p)
{
	uint16_t pad = p->len < ETH_MIN_BYTES ? (uint16_t)(ETH_MIN_BYTES - p->len) : 0;

	if (pad)
		memset(p->data + p->hlen, 0, pad);
	m->data_off = (uint16_t)(p->data - (uint8_t *)m->buf_addr);
	m->data_len = (uint16_t)(p->hlen + pad);
	m->pkt_len = p->len + pad;
	m->ol_flags &= RTE_MBUF_F_INDIRECT | RTE_MBUF_F_EXTERNAL;
}

static void flush_port(struct ethdev_tx *tx, uint16_t port)
{
	struct ethdev_tx_port *t = &tx->port[port];
	struct port_counters *c = &tx->counters->port[port];
	struct rte_mbuf **frames = (struct rte_mbuf **)t->frame;
	uint64_t bytes[ETHDEV_BURST];
	uint16_t sent;

	for (uint16_t i = 0; i < t->n; i++)
		bytes[i] = frames[i]->pkt_len;
	sent = t->device == ETHDEV_NONE ? 0 : rte_eth_tx_burst(t->device, 0, frames, t->n);
	c->tx_packets += sent;
	for (uint16_t i = 0; i < sent; i++)
		c->tx_bytes += bytes[i];
	c->drops[DROP_DEVICE_FULL] += (uint64_t)(t->n - sent);
	for (uint16_t i = sent; i < t->n; i++)
		rte_pktmbuf_free(frames[i]);
	t->n = 0;
}

enum drop_reason ethdev_send(struct ethdev_tx *tx, const struct pkt *p)
{
	struct ethdev_tx_port *t = &tx->port[p->out_port];

	if (t->n == ETHDEV_BURST)
		flush_port(tx, p->out_port);
	else if (t->n == 0)
		tx->wait[tx->waiting++] = p->out_port;
	seal(buf_mbuf(p->buf), p);
	t->frame[t->n++] = p->buf;
	tx->counters->port[p->out_port].enqueued++;
	return DROP_NONE;
}

void ethdev_flush(struct ethdev_tx *tx)
{
	for (uint32_t i = 0; i < tx->waiting; i++)
		flush_port(tx, tx->wait[i]);
	tx->waiting = 0;
}

#endif
