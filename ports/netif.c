/* SPDX-License-Identifier: BSD-3-Clause */
#include "ports/netif.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Features that change frames, by the beginnings of their names. */
static const char *const features[] = {"rx-checksum", "rx-gro", "rx-lro", "rx-udp-gro",
	"rx-vlan-hw-parse", "rx-vlan-stag-hw-parse", "tx-checksum", "tx-generic-segmentation",
	"tx-tcp", "tx-udp-segmentation", "tx-vlan-hw-insert", "tx-vlan-stag-hw-insert"};

#define FEATURES_MAX (NETIF_WORDS * 32u)

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

	*n = (struct netif){.fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), .promiscuous = -1};
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
	n->fd = -1;
	return false;
}

void netif_close(struct netif *n)
{
	if (n->promiscuous >= 0)
		close(n->promiscuous);
	close(n->fd);
}

bool netif_exists(const struct netif *n)
{
	struct ifreq request;

	return ask(n, SIOCGIFINDEX, &request) && (unsigned int)request.ifr_ifindex == n->index;
}

static uint32_t ask_speed(const struct netif *n)
{
	struct ethtool_cmd command = {.cmd = ETHTOOL_GSET};
	uint32_t speed;

	if (!ethtool(n, &command))
		return 0;
	speed = ethtool_cmd_speed(&command);
	return speed == (uint32_t)SPEED_UNKNOWN ? 0 : speed;
}

bool netif_link(struct netif *n, uint32_t *speed_mbps)
{
	struct ifreq request;
	bool runs = ask(n, SIOCGIFFLAGS, &request) &&
		    (request.ifr_flags & (IFF_UP | IFF_RUNNING)) == (IFF_UP | IFF_RUNNING);

	/* Only when the link comes up: the kernel answers under the lock of all interfaces. */
	if (runs && !n->runs)
		n->speed_mbps = ask_speed(n);
	n->runs = runs;
	*speed_mbps = runs ? n->speed_mbps : 0;
	return runs;
}

bool netif_mac(const struct netif *n, uint8_t mac[6])
{
	struct ifreq request;

	if (!ask(n, SIOCGIFHWADDR, &request))
		return false;
	memcpy(mac, request.ifr_hwaddr.sa_data, 6);
	return true;
}

bool netif_driver_is(const struct netif *n, const char *driver)
{
	struct ethtool_drvinfo info = {.cmd = ETHTOOL_GDRVINFO};

	return ethtool(n, &info) && !strncmp(info.driver, driver, sizeof(info.driver));
}

unsigned int netif_receive_queues(const struct netif *n)
{
	struct ethtool_channels channels = {.cmd = ETHTOOL_GCHANNELS};
	unsigned int queues = 0;

	if (ethtool(n, &channels))
		queues = channels.combined_count + channels.rx_count;
	return queues ? queues : 1;
}

bool netif_promiscuous(struct netif *n)
{
	const struct packet_mreq all = {
		.mr_ifindex = (int)n->index,
		.mr_type = PACKET_MR_PROMISC,
	};

	n->promiscuous = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	return n->promiscuous >= 0 && setsockopt(n->promiscuous, SOL_PACKET, PACKET_ADD_MEMBERSHIP,
					      &all, sizeof(all)) == 0;
}

bool netif_up(const struct netif *n)
{
	struct ifreq request;

	if (!ask(n, SIOCGIFFLAGS, &request))
		return false;
	request.ifr_flags |= IFF_UP;
	return ioctl(n->fd, SIOCSIFFLAGS, &request) == 0;
}

uint32_t netif_mtu(const struct netif *n)
{
	struct ifreq request;

	return ask(n, SIOCGIFMTU, &request) ? (uint32_t)request.ifr_mtu : 0;
}

union set_features {
	struct ethtool_sfeatures head;
	uint8_t room[sizeof(struct ethtool_sfeatures) +
		     NETIF_WORDS * sizeof(struct ethtool_set_features_block)];
};

static bool changes_frames(const char *name)
{
	for (size_t i = 0; i < sizeof(features) / sizeof(features[0]); i++)
		if (!strncmp(name, features[i], strlen(features[i])))
			return true;
	return false;
}

/* The features that change frames as a set; how many features there are, or 0. */
static uint32_t find_features(const struct netif *n, uint32_t set[NETIF_WORDS])
{
	union {
		struct ethtool_sset_info info;
		uint8_t room[sizeof(struct ethtool_sset_info) + sizeof(uint32_t)];
	} size = {.info = {.cmd = ETHTOOL_GSSET_INFO, .sset_mask = 1ull << ETH_SS_FEATURES}};
	union {
		struct ethtool_gstrings strings;
		uint8_t room[sizeof(struct ethtool_gstrings) + FEATURES_MAX * ETH_GSTRING_LEN];
	} all = {.strings = {.cmd = ETHTOOL_GSTRINGS, .string_set = ETH_SS_FEATURES}};
	uint32_t count;

	if (!ethtool(n, &size) || !size.info.sset_mask || size.info.data[0] > FEATURES_MAX)
		return 0;
	count = all.strings.len = size.info.data[0];
	if (!ethtool(n, &all))
		return 0;
	for (uint32_t i = 0; i < count; i++)
		if (changes_frames((const char *)all.strings.data + i * ETH_GSTRING_LEN))
			set[i / 32] |= 1u << i % 32;
	return count;
}

void netif_take(struct netif *n)
{
	union {
		struct ethtool_gfeatures head;
		uint8_t room[sizeof(struct ethtool_gfeatures) +
			     NETIF_WORDS * sizeof(struct ethtool_get_features_block)];
	} have = {.head = {.cmd = ETHTOOL_GFEATURES}};
	union set_features want = {.head = {.cmd = ETHTOOL_SFEATURES}};
	uint32_t set[NETIF_WORDS] = {0};
	uint32_t count = find_features(n, set);

	have.head.size = want.head.size = (count + 31) / 32;
	if (!count || !ethtool(n, &have))
		return;
	for (uint32_t i = 0; i < want.head.size; i++) {
		want.head.features[i].valid = set[i] & have.head.features[i].requested &
					      have.head.features[i].available;
		n->taken[i] = want.head.features[i].valid;
	}
	ethtool(n, &want);
}

void netif_give_back(struct netif *n)
{
	union set_features want = {.head = {.cmd = ETHTOOL_SFEATURES}};

	for (uint32_t i = 0; i < NETIF_WORDS; i++) {
		want.head.features[i].valid = want.head.features[i].requested = n->taken[i];
	}
	/* All words, or the kernel refuses. */
	want.head.size = (find_features(n, (uint32_t[NETIF_WORDS]){0}) + 31) / 32;
	ethtool(n, &want);
	memset(n->taken, 0, sizeof(n->taken));
}
