/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Runs in the kernel for every frame that an interface behind an AF_XDP port receives: what is the
 * host's own goes on to the kernel, the rest to the socket of its receive queue. xdp_steer.c loads
 * it and fills the maps.
 */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "ports/steer.h"

struct {
	__uint(type, BPF_MAP_TYPE_XSKMAP);
	__uint(max_entries, STEER_SOCKETS_MAX);
	__type(key, __u32);
	__type(value, __u32);
} sockets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct steer_config);
} config SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, STEER_OWN_MAX);
	__type(key, __u8[16]);
	__type(value, __u8);
} own SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, STEER_ENTRIES);
	__type(key, __u32);
	__type(value, __u8);
} services SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, STEER_ENTRIES);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct steer_prefix);
	__type(value, __u8);
} sources SEC(".maps");

static __attribute__((always_inline)) _Bool listed(
	const struct steer_config *c, const struct steer_frame *f)
{
	struct steer_prefix from = {.bits = 128};

	/* A later fragment goes where the first went, which is where its socket is. */
	if (c->services && f->service && !bpf_map_lookup_elem(&services, &f->service))
		return 0;
	steer_copy(from.address, f->from, 16);
	return !c->sources || bpf_map_lookup_elem(&sources, &from);
}

SEC("xdp")
int steer(struct xdp_md *ctx)
{
	const __u8 *data = (const __u8 *)(long)ctx->data, *end = (const __u8 *)(long)ctx->data_end;
	struct steer_frame frame = {0};
	struct steer_config *c;
	enum steer_kind kind;
	__u32 zero = 0;

	c = bpf_map_lookup_elem(&config, &zero);
	if (c && !c->none) {
		kind = steer_read(data, end, c->mac, &frame);
		if (kind != STEER_OTHER && bpf_map_lookup_elem(&own, frame.own) &&
			(kind == STEER_NEIGHBOUR || listed(c, &frame)))
			return XDP_PASS;
	}
	return bpf_redirect_map(&sockets, ctx->rx_queue_index, XDP_DROP);
}

char program_license[] SEC("license") = "BSD-3-Clause";
