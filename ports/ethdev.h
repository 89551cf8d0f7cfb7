/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_PORTS_ETHDEV_H
#define VEX_PORTS_ETHDEV_H

/*
 * Devices behind ports: DPDK's ethdevs, opened by what the platform file says.
 *
 * A device is promiscuous, changes no packet (every offload that would is off; a tag that the
 * kernel took out of a frame is put back), and has one receive and one transmit queue. Frames that
 * it does not take at once are drops with a name.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dataplane/counters.h"
#include "dataplane/pkt.h"

struct buf_pools;

#define ETHDEV_NONE  UINT16_MAX
#define ETHDEV_BURST 32u

/* The transmit side of one worker: frames collected for each port until they are flushed. */
struct ethdev_tx_port {
	uint16_t device; /* ETHDEV_NONE: unbound */
	uint16_t n;
	struct buf *frame[ETHDEV_BURST];
};

struct ethdev_tx {
	struct counters *counters;
	uint32_t waiting; /* ports with frames */
	uint16_t wait[VEX_PORTS_MAX];
	struct ethdev_tx_port port[VEX_PORTS_MAX];
};

/*
 * Opens and starts a device: kind "af_packet" (argument: network interface), "tap" (name), "null",
 * "pcap" (argument as of DPDK's net_pcap). port is the number of the port, for the device's name.
 * Returns its number, or ETHDEV_NONE with a reason.
 */
uint16_t ethdev_open(uint32_t port, const char *kind, const char *argument, struct buf_pools *pools,
	char *why, size_t size);
void ethdev_close(uint16_t device);

/* Whether the link is up, and its speed in Mb/s (0 unknown). */
bool ethdev_link(uint16_t device, uint32_t *speed_mbps);

/* Frames that were lost in the device since it was opened; zero what it does not count. */
struct ethdev_losses {
	uint64_t missed;    /* for want of room */
	uint64_t errors;    /* refused, either way */
	uint64_t no_buffer; /* for want of a packet buffer */
};

void ethdev_losses(uint16_t device, struct ethdev_losses *losses);

/*
 * Receives up to n frames into p[0 .. n), which is zeroed but for buf, data, len and hlen. Frames
 * that do not fit into one buffer are dropped by the device and counted there.
 */
unsigned int ethdev_receive(uint16_t device, struct pkt *p, unsigned int n);

/* Takes a packet for its egress port; DROP_NONE, or why not (the buffer is still the caller's). */
enum drop_reason ethdev_send(struct ethdev_tx *tx, const struct pkt *p);

/* Hands everything that was collected to the devices. */
void ethdev_flush(struct ethdev_tx *tx);

#endif
