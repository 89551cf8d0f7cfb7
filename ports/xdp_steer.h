/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_PORTS_XDP_STEER_H
#define VEX_PORTS_XDP_STEER_H

/*
 * The steering program of an interface behind an AF_XDP port (xdp_steer.bpf.c): loaded, told what is
 * the host's own, attached. It is gone when the process is, however that ends.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ports/management.h"
#include "ports/netif.h"

struct bpf_object;

#define XDP_STEER_ADDRESSES 256

struct xdp_steer {
	struct bpf_object *object;
	int link;
	bool native;		  /* in the driver, not on the kernel's packets */
	int sockets, config, own; /* maps */
	struct management management;
	/* As the maps have it. */
	uint8_t mac[6];
	unsigned int n_own;
	uint8_t address[XDP_STEER_ADDRESSES][16];
};

/* Loads the program with what management says. False with a reason. */
bool xdp_steer_load(
	struct xdp_steer *s, const struct management *management, char *why, size_t size);

/* The socket that takes the frames of a receive queue. False with errno. */
bool xdp_steer_socket(struct xdp_steer *s, uint32_t queue, int fd);

/* Reads the addresses of the interface and attaches. False with a reason. */
bool xdp_steer_attach(struct xdp_steer *s, const struct netif *netif, char *why, size_t size);

/* Follows the addresses of the interface. */
void xdp_steer_refresh(struct xdp_steer *s, const struct netif *netif);

void xdp_steer_close(struct xdp_steer *s);

#endif
