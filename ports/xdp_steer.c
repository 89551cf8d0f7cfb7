/* SPDX-License-Identifier: BSD-3-Clause */
#include "ports/xdp_steer.h"

#include <assert.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/if_link.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ports/steer.h"

extern const char xdp_steer_object[], xdp_steer_object_end[];

static_assert(XDP_STEER_ADDRESSES == STEER_OWN_MAX, "as many as the map has");

static int map_of(const struct xdp_steer *s, const char *name)
{
	return bpf_object__find_map_fd_by_name(s->object, name);
}

static bool fill_lists(const struct xdp_steer *s)
{
	const struct management *m = &s->management;
	const uint8_t one = 1;

	for (unsigned int i = 0; i < m->n_services; i++)
		if (bpf_map_update_elem(map_of(s, "services"), &m->service[i], &one, BPF_ANY) != 0)
			return false;
	for (unsigned int i = 0; i < m->n_sources; i++) {
		struct steer_prefix prefix = {.bits = m->source[i].bits};

		memcpy(prefix.address, m->source[i].address, sizeof(prefix.address));
		if (bpf_map_update_elem(map_of(s, "sources"), &prefix, &one, BPF_ANY) != 0)
			return false;
	}
	return true;
}

bool xdp_steer_load(
	struct xdp_steer *s, const struct management *management, char *why, size_t size)
{
	*s = (struct xdp_steer){.link = -1, .management = *management};
	libbpf_set_print(NULL); /* errno says it shorter */
	s->object = bpf_object__open_mem(
		xdp_steer_object, (size_t)(xdp_steer_object_end - xdp_steer_object), NULL);
	if (s->object && bpf_object__load(s->object) == 0) {
		s->sockets = map_of(s, "sockets");
		s->config = map_of(s, "config");
		s->own = map_of(s, "own");
		if (fill_lists(s))
			return true;
	}
	snprintf(why, size, "the steering program cannot be loaded: %s", strerror(errno));
	xdp_steer_close(s);
	return false;
}

bool xdp_steer_socket(struct xdp_steer *s, uint32_t queue, int fd)
{
	return bpf_map_update_elem(s->sockets, &queue, &fd, BPF_ANY) == 0;
}

/* The addresses of an interface as the map has them; how many. */
static unsigned int read_addresses(const char *name, uint8_t address[XDP_STEER_ADDRESSES][16])
{
	struct ifaddrs *all, *a;
	unsigned int n = 0;

	if (getifaddrs(&all) != 0)
		return 0;
	for (a = all; a && n < XDP_STEER_ADDRESSES; a = a->ifa_next) {
		if (!a->ifa_addr || strcmp(a->ifa_name, name) != 0)
			continue;
		if (a->ifa_addr->sa_family == AF_INET) {
			const struct sockaddr_in *v4 = (const void *)a->ifa_addr;

			steer_v4(address[n++], (const uint8_t *)&v4->sin_addr);
		} else if (a->ifa_addr->sa_family == AF_INET6) {
			const struct sockaddr_in6 *v6 = (const void *)a->ifa_addr;

			memcpy(address[n++], &v6->sin6_addr, 16);
		}
	}
	freeifaddrs(all);
	return n;
}

static bool among(uint8_t address[XDP_STEER_ADDRESSES][16], unsigned int n, const uint8_t one[16])
{
	for (unsigned int i = 0; i < n; i++)
		if (!memcmp(address[i], one, 16))
			return true;
	return false;
}

void xdp_steer_refresh(struct xdp_steer *s, const struct netif *netif)
{
	struct steer_config config = {
		.none = s->management.none,
		.services = s->management.n_services != 0,
		.sources = s->management.n_sources != 0,
	};
	uint8_t now[XDP_STEER_ADDRESSES][16];
	const uint8_t one = 1;
	const uint32_t zero = 0;
	unsigned int n;

	if (netif_mac(netif, config.mac) && memcmp(config.mac, s->mac, 6) != 0) {
		memcpy(s->mac, config.mac, 6);
		bpf_map_update_elem(s->config, &zero, &config, BPF_ANY);
	}
	n = read_addresses(netif->name, now);
	for (unsigned int i = 0; i < s->n_own; i++)
		if (!among(now, n, s->address[i]))
			bpf_map_delete_elem(s->own, s->address[i]);
	for (unsigned int i = 0; i < n; i++)
		if (!among(s->address, s->n_own, now[i]))
			bpf_map_update_elem(s->own, now[i], &one, BPF_ANY);
	memcpy(s->address, now, sizeof(now[0]) * n);
	s->n_own = n;
}

bool xdp_steer_attach(struct xdp_steer *s, const struct netif *netif, char *why, size_t size)
{
	int program = bpf_program__fd(bpf_object__find_program_by_name(s->object, "steer"));
	LIBBPF_OPTS(bpf_link_create_opts, options, .flags = XDP_FLAGS_DRV_MODE);

	xdp_steer_refresh(s, netif);
	s->link = bpf_link_create(program, (int)netif->index, BPF_XDP, &options);
	s->native = s->link >= 0;
	if (!s->native) {
		options.flags = XDP_FLAGS_SKB_MODE;
		s->link = bpf_link_create(program, (int)netif->index, BPF_XDP, &options);
	}
	if (s->link < 0)
		snprintf(why, size, "the steering program cannot be attached to %s: %s%s",
			netif->name, strerror(errno),
			errno == EBUSY ? "; it has another XDP program" : "");
	return s->link >= 0;
}

void xdp_steer_close(struct xdp_steer *s)
{
	if (s->link >= 0)
		close(s->link);
	bpf_object__close(s->object);
	*s = (struct xdp_steer){.link = -1};
}
