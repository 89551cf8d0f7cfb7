/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/live_inject.h"

#include "dataplane/pkt.h"

#define ETH_HEADER 14u

/* Bytes that do not count against an MTU: up to two tags (pkt_mtu_len). */
static uint32_t tag_bytes(const struct vex_inject *r)
{
	uint32_t off = 12;

	while (off < 20 && off + 6 <= r->length && pkt_is_tag_type(load_be16(r->frame + off)))
		off += 4;
	return off - 12;
}

bool live_inject_ok(const struct tables *t, const struct vex_inject *r, int length)
{
	const struct port_entry *port;

	if (length < (int)VEX_INJECT_SIZE(ETH_HEADER) ||
		length != (int)VEX_INJECT_SIZE(r->length) || r->length > PKT_LEN_MAX || r->zero ||
		r->port >= t->ports)
		return false;
	port = &t->port[r->port];
	return (port->flags & VEX_PORT_ADMIN_UP) && !port->shutdown && !port->link_down &&
	       r->length - tag_bytes(r) <= port->mtu;
}
