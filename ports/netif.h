/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_PORTS_NETIF_H
#define VEX_PORTS_NETIF_H

/*
 * Kernel interfaces that stand behind ports: state, and the offloads that change packets, which a
 * device turns off while it has the interface.
 *
 * All of it by ioctl on the socket that `struct netif` holds, in the network namespace in which it
 * was opened. What an interface does not know (a speed, an offload) is left alone.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NETIF_NAME_SIZE 16 /* IFNAMSIZ */

/* Words of 32 features each; the kernel has fewer than 100 features. */
#define NETIF_WORDS 8

struct netif {
	int fd;
	int promiscuous; /* a socket with a membership; -1: none */
	char name[NETIF_NAME_SIZE];
	unsigned int index; /* when it was opened: another interface may get the name */
	bool runs;	    /* when last asked */
	uint32_t speed_mbps;
	uint32_t taken[NETIF_WORDS]; /* features that netif_take turned off */
};

/* False with a reason if there is no such interface or it is not Ethernet. */
bool netif_open(struct netif *n, const char *name, char *why, size_t size);
void netif_close(struct netif *n);

/* The interface that was opened still has its name. */
bool netif_exists(const struct netif *n);

/* It is up and has a carrier; then its speed, 0 if it is unknown. */
bool netif_link(struct netif *n, uint32_t *speed_mbps);

/* Sets it up. False, with errno, if it cannot be. */
bool netif_up(const struct netif *n);

bool netif_mac(const struct netif *n, uint8_t mac[6]);

/* Whether the driver has that name, such as "veth". */
bool netif_driver_is(const struct netif *n, const char *driver);

/* Receive queues; 1 if the interface does not say. */
unsigned int netif_receive_queues(const struct netif *n);

/*
 * The interface takes frames for any address until netif_close, or until the process ends. False,
 * with errno, if it cannot.
 */
bool netif_promiscuous(struct netif *n);

uint32_t netif_mtu(const struct netif *n); /* 0: unknown */

/*
 * Turns the offloads off that join, cut or tag frames or leave checksums to somebody else.
 * netif_give_back turns on again what was on; after kill -9 nobody does.
 */
void netif_take(struct netif *n);
void netif_give_back(struct netif *n);

#endif
