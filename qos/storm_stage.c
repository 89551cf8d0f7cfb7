/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Storm control: broadcast, multicast and unknown unicast of a port share one rate, as in Junos.
 * What is above it is dropped; with action-shutdown the port goes down at the next tick.
 */
#include "dataplane/stage.h"
#include "qos/xt_qos.h"

/* The class bit of a packet. Nothing registers groups, so all multicast is unregistered. */
static uint32_t class_bit(const struct pkt *p)
{
	switch ((enum pkt_class)p->class) {
	case PKT_BROADCAST:
		return VEX_STORM_BROADCAST;
	case PKT_MULTICAST:
		return VEX_STORM_UNREGISTERED_MULTICAST;
	case PKT_UNKNOWN_UNICAST:
		return VEX_STORM_UNKNOWN_UNICAST;
	case PKT_KNOWN_UNICAST:
		break;
	}
	return 0;
}

void stage_storm(struct xt *xt, struct burst *b)
{
	burst_foreach_live (b, p) {
		const struct port_entry *port = xt_port(xt, p->in_port);

		if (!port->storm_kbps || !(port->storm_flags & class_bit(p)))
			continue;
		if (xt_police_storm(xt, p, port))
			continue;
		p->drop = DROP_STORM_CONTROL;
		if (port->storm_flags & VEX_STORM_SHUTDOWN)
			xt_shutdown(xt, p->in_port, DROP_STORM_CONTROL);
	}
}
