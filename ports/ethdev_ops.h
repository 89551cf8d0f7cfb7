/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_PORTS_ETHDEV_OPS_H
#define VEX_PORTS_ETHDEV_OPS_H

/*
 * What a kind of device does. An object (void *) is one opened device; it belongs to ethdev.c, which
 * calls open, close, link and losses from housekeeping, receive from the worker that owns the port,
 * and send from the worker that owns the queue.
 */

#include <rte_mbuf.h>
#include <stdatomic.h>

#include "dataplane/buf.h"
#include "ports/ethdev.h"

enum ethdev_link {
	ETHDEV_DOWN,
	ETHDEV_UP,
	ETHDEV_GONE, /* it will not come back in this object */
};

struct ethdev_sent {
	uint64_t frames;
	uint64_t bytes;
};

struct ethdev_ops {
	const char *kind;
	/* NULL with a reason. */
	void *(*open)(const struct ethdev_params *params, char *why, size_t size);
	void (*close)(void *object);
	/* As ethdev_receive. */
	unsigned int (*receive)(void *object, struct pkt *p, unsigned int n);
	/* Sends and frees n frames, at most ETHDEV_BURST. What was not taken is not in the answer. */
	struct ethdev_sent (*send)(
		void *object, uint16_t queue, struct rte_mbuf **frames, uint16_t n);
	/* As ethdev_receive_fd; NULL: there is none. */
	int (*receive_fd)(const void *object);
	/* As ethdev_own_queues; NULL: always. */
	bool (*own_queues)(const void *object);
	enum ethdev_link (*link)(void *object, uint32_t *speed_mbps);
	/* Adds to missed, errors and no_buffer; may set note. NULL: it counts nothing. */
	void (*losses)(void *object, struct ethdev_state *state);
};

struct ethdev {
	const struct ethdev_ops *ops;
	_Atomic(void *) object; /* NULL while it is away */
	/* Of housekeeping. */
	void *leaving;
	unsigned int away;	  /* rounds since the last attempt to open it */
	unsigned int patience;	  /* rounds until the next */
	struct ethdev_state past; /* losses of the objects before */
	struct ethdev_params params;
	char *argument;
};

extern const struct ethdev_ops ethdev_packet_socket;
extern const struct ethdev_ops ethdev_af_xdp;
extern const struct ethdev_ops ethdev_tap;
extern const struct ethdev_ops ethdev_dpdk[];
extern const size_t ethdev_dpdk_kinds;

#endif
