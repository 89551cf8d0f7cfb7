/* SPDX-License-Identifier: BSD-3-Clause */
#include "ports/netif.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct {
	uint32_t get, set;
} offloads[NETIF_OFFLOADS] = {
	{ETHTOOL_GTSO, ETHTOOL_STSO}, /* before the checksums, which it depends on */
	{ETHTOOL_GUFO, ETHTOOL_SUFO},
	{ETHTOOL_GGSO, ETHTOOL_SGSO},
	{ETHTOOL_GGRO, ETHTOOL_SGRO},
	{ETHTOOL_GTXCSUM, ETHTOOL_STXCSUM},
	{ETHTOOL_GRXCSUM, ETHTOOL_SRXCSUM},
};

#define FLAGS_TAKEN (ETH_FLAG_LRO | ETH_FLAG_RXVLAN | ETH_FLAG_TXVLAN)

static bool ask(const struct netif *n, unsigned long what, struct ifreq *request)
{
	memset(request, 0, sizeof(*request));
	snprintf(request->ifr_name, sizeof(request->ifr_name), "%s", n->name);
	return ioctl(n->fd, what, request) == 0;
}

static bool ethtool(const struct netif *n, void *command)
{
	struct ifreq request = {0};

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", n->name);
	request.ifr_data = command;
	return ioctl(n->fd, SIOCETHTOOL, &request) == 0;
}

bool netif_open(struct netif *n, const char *name, char *why, size_t size)
{
	struct ifreq request;

	*n = (struct netif){.fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
	if (n->fd < 0) {
		snprintf(why, size, "no socket: %s", strerror(errno));
		return false;
	}
	snprintf(n->name, sizeof(n->name), "%s", name);
	if (!ask(n, SIOCGIFINDEX, &request)) {
		snprintf(why, size, "there is no interface %s in this network namespace", name);
	} else {
		n->index = (unsigned int)request.ifr_ifindex;
		if (ask(n, SIOCGIFHWADDR, &request) && request.ifr_hwaddr.sa_family == ARPHRD_ETHER)
			return true;
		snprintf(why, size, "the interface %s is not Ethernet", name);
	}
	close(n->fd);
	return false;
}

void netif_close(struct netif *n)
{
	close(n->fd);
}

bool netif_exists(const struct netif *n)
{
	struct ifreq request;

	return ask(n, SIOCGIFINDEX, &request) && (unsigned int)request.ifr_ifindex == n->index;
}

bool netif_runs(const struct netif *n)
{
	struct ifreq request;

	return ask(n, SIOCGIFFLAGS, &request) &&
	       (request.ifr_flags & (IFF_UP | IFF_RUNNING)) == (IFF_UP | IFF_RUNNING);
}

uint32_t netif_mtu(const struct netif *n)
{
	struct ifreq request;

	return ask(n, SIOCGIFMTU, &request) ? (uint32_t)request.ifr_mtu : 0;
}

uint32_t netif_speed_mbps(const struct netif *n)
{
	struct ethtool_cmd command = {.cmd = ETHTOOL_GSET};
	uint32_t speed;

	if (!ethtool(n, &command))
		return 0;
	speed = ethtool_cmd_speed(&command);
	return speed == (uint32_t)SPEED_UNKNOWN ? 0 : speed;
}

void netif_take(struct netif *n)
{
	struct ethtool_value value = {.cmd = ETHTOOL_GFLAGS};

	if (ethtool(n, &value) && (value.data & FLAGS_TAKEN)) {
		n->flags = value.data & FLAGS_TAKEN;
		value.cmd = ETHTOOL_SFLAGS;
		value.data &= ~(uint32_t)FLAGS_TAKEN;
		n->flags_taken = ethtool(n, &value);
	}
	for (unsigned int i = 0; i < NETIF_OFFLOADS; i++) {
		value = (struct ethtool_value){.cmd = offloads[i].get};
		if (!ethtool(n, &value) || !value.data)
			continue;
		value = (struct ethtool_value){.cmd = offloads[i].set};
		if (ethtool(n, &value))
			n->taken |= 1u << i;
	}
}

void netif_give_back(struct netif *n)
{
	struct ethtool_value value;

	for (unsigned int i = NETIF_OFFLOADS; i-- > 0;) {
		value = (struct ethtool_value){.cmd = offloads[i].set, .data = 1};
		if (n->taken & 1u << i)
			ethtool(n, &value);
	}
	value = (struct ethtool_value){.cmd = ETHTOOL_GFLAGS};
	if (n->flags_taken && ethtool(n, &value)) {
		value.cmd = ETHTOOL_SFLAGS;
		value.data |= n->flags;
		ethtool(n, &value);
	}
	n->taken = 0;
	n->flags_taken = false;
}
