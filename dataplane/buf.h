/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_BUF_H
#define VEX_DATAPLANE_BUF_H

/*
 * Packet buffers: the seam between the two builds. Only the ports layer, the replicator and the
 * queues use it; the other stages see struct pkt.
 *
 * Two sizes exist, for frames up to 2 KiB and up to 10 KiB, each with PKT_HEADROOM bytes before
 * the frame. A copy of a frame up to PKT_DEEP_COPY bytes is whole; a longer one has a private
 * header of PKT_PRIVATE_MIN bytes and shares the payload, read-only, with the original.
 *
 *	struct buf_pools *buf_pools_create(char *why, size_t size);
 *		The pools of an instance; NULL with a reason. Freed by buf_pools_destroy, after every
 *		buffer has been freed.
 *	int buf_alloc(struct buf_pools *pools, uint32_t len, struct pkt *p);
 *		Gives p a buffer for len bytes, contiguous: sets buf, data, hlen and len. False if there
 *		is none, or len > PKT_LEN_MAX.
 *	int buf_copy(struct buf_pools *pools, const struct pkt *src, struct pkt *dst);
 *		Makes dst a copy of src, metadata and all. src is contiguous (hlen == len). False, and
 *		dst undefined, if there is no buffer.
 *	void buf_free(struct buf *b);
 *	const uint8_t *buf_payload(const struct buf *b);
 *		The shared bytes behind the header of a copy whose hlen < len.
 *
 * None of these may be called from two threads for the same pools, but for live ones (pkt_dpdk.h).
 */

#include <stddef.h>
#include <string.h>

#include "dataplane/pkt.h"

struct buf_pools;

struct buf_pools *buf_pools_create(char *why, size_t size);
void buf_pools_destroy(struct buf_pools *pools);

#define BUF_SMALL_ROOM 2048u
#define BUF_LARGE_ROOM 10240u

#ifdef VEX_DPDK
#include "dataplane/pkt_dpdk.h"
#else
#include "dataplane/pkt_plain.h"
#endif

#endif
