/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * LAG member: which link of an aggregate a copy leaves by (IEEE 802.1AX clause 6.2.4).
 *
 * The fields are the data sheet's: IP addresses, and ports for TCP and UDP; otherwise MAC
 * addresses. All fragments of a datagram use the addresses only, so that they stay together.
 */
#include "dataplane/stage.h"
#include "dataplane/xt.h"

#include <string.h>

#define PROTO_TCP 6
#define PROTO_UDP 17

#define IPV4_ADDRESSES_OFF   12u
#define IPV4_ADDRESSES_BYTES 8u
#define IPV6_ADDRESSES_OFF   8u
#define IPV6_ADDRESSES_BYTES 32u
#define MAC_ADDRESSES_BYTES  12u
#define PORTS_BYTES	     4u

static bool has_ports(const struct pkt *p)
{
	return (p->flags & PKT_F_L4) && !(p->flags & PKT_F_FRAGMENT) &&
	       (p->ip_proto == PROTO_TCP || p->ip_proto == PROTO_UDP);
}

static uint32_t flow_hash(struct xt *xt, const struct pkt *p)
{
	uint8_t fields[IPV6_ADDRESSES_BYTES + PORTS_BYTES];
	unsigned int n;

	if (p->flags & PKT_F_IPV4) {
		n = IPV4_ADDRESSES_BYTES;
		memcpy(fields, p->data + p->l3_off + IPV4_ADDRESSES_OFF, n);
	} else if (p->flags & PKT_F_IPV6) {
		n = IPV6_ADDRESSES_BYTES;
		memcpy(fields, p->data + p->l3_off + IPV6_ADDRESSES_OFF, n);
	} else {
		return xt_hash(xt, HASH_LAG, p->data, MAC_ADDRESSES_BYTES);
	}
	if (has_ports(p)) {
		memcpy(fields + n, p->l4_ports, PORTS_BYTES);
		n += PORTS_BYTES;
	}
	return xt_hash(xt, HASH_LAG, fields, n);
}

void stage_lag(struct xt *xt, struct burst *b)
{
	burst_foreach_live (b, p) {
		if (p->out_lport < VEX_LPORT_LAG0)
			continue;
		if (!xt_lag_member(xt, p->out_lport, flow_hash(xt, p), &p->out_port))
			p->drop = DROP_LAG_NO_MEMBER;
	}
}
