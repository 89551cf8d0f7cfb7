/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_COUNTERS_H
#define VEX_DATAPLANE_COUNTERS_H

/*
 * Counters of one worker: plain 64-bit words that only it writes; readers add workers up. Bytes
 * exclude the FCS: as received, and after padding on the way out.
 *
 * Conservation, once no burst is pending:
 *	ingress, per port:  rx = IN drops + consumed + punted + held + passed
 *	switch:             passed + copies + generated + injected + released = enqueued + OUT drops
 *	egress, per port:   enqueued = tx + QUEUE drops + queued
 */

#include <stdint.h>

#include "dataplane/drop.h"
#include "dataplane/ops.h"
#include "dataplane/punt.h"

struct port_counters {
	uint64_t rx_packets;
	uint64_t rx_bytes;
	uint64_t tx_packets;
	uint64_t tx_bytes;
	uint64_t punted;   /* for the routing engine only */
	uint64_t consumed; /* ended in the data plane, such as a request that it answered */
	uint64_t held;	   /* waits, such as for a neighbour's address */
	uint64_t passed;   /* went on to replication */
	uint64_t enqueued;
	uint64_t time_backwards;     /* arrivals whose time stamp was before their predecessor's */
	uint64_t mac_limit_exceeded; /* frames from addresses that a limit kept out */
	uint64_t drops[DROP_REASONS];
};

struct counters {
	struct port_counters port[VEX_PORTS_MAX];
	/* Replication and what the data plane makes by itself. */
	uint64_t copies; /* beside the packet itself */
	uint64_t generated;
	uint64_t injected;
	uint64_t released;
	/* The MAC table. */
	uint64_t mac_learned;
	uint64_t mac_moved;
	uint64_t mac_no_resource; /* learning refused: the table is full at this scale */
	struct punt_counters punt[PUNT_PROTOCOLS];
};

#endif
