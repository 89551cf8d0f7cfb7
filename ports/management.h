/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_PORTS_MANAGEMENT_H
#define VEX_PORTS_MANAGEMENT_H

/*
 * Which frames of an interface that a port shares with the host (AF_XDP) are the host's own.
 *
 * They are ARP and neighbour discovery for an address of the interface, and TCP, UDP and ICMP of both
 * families to such an address in a frame to its MAC address. A list narrows the latter: services
 * ("tcp/22", "udp/161", "icmp"), the port being that of the destination, and sources
 * ("192.0.2.0/24", "2001:db8::1"); with services only those, with sources only from there.
 *
 *	struct management m;
 *	if (!management_parse(&m, "tcp/22,192.0.2.0/24", why, sizeof(why)))
 *		... why ...
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MANAGEMENT_ENTRIES 16
#define MANAGEMENT_TEXT	   1024

struct management_source {
	uint8_t address[16]; /* IPv4 as ::ffff:a.b.c.d */
	uint8_t bits;	     /* of the 128 */
};

struct management {
	bool none; /* everything goes to the switch */
	unsigned int n_services;
	unsigned int n_sources;
	/* Protocol of IP << 16 | port; ICMP of either family is that of IPv4, port 0. */
	uint32_t service[MANAGEMENT_ENTRIES];
	struct management_source source[MANAGEMENT_ENTRIES];
};

/*
 * From "own" (no list), "none", or entries with commas between them. False with a reason, which names
 * the entry.
 */
bool management_parse(struct management *m, const char *text, char *why, size_t size);

/* Adds one entry; as above. */
bool management_add(struct management *m, const char *entry, char *why, size_t size);

#endif
