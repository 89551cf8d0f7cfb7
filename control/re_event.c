/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/re_event.h"

#include <stdio.h>

static void mac_text(const struct ctl_image *image, const struct vex_event *event, const char *port,
	char *buf, size_t size)
{
	const struct ctl_vlan *vlan = ctl_vlan_by_bd(image, event->bd);
	const uint8_t *mac = event->mac;
	char from[CTL_LPORT_NAME_SIZE];

	snprintf(buf, size, "%s: address %02x:%02x:%02x:%02x:%02x:%02x of VLAN %s %s%s", port,
		mac[0], mac[1], mac[2], mac[3], mac[4], mac[5], vlan != NULL ? vlan->name : "?",
		event->type == VEX_EVENT_MAC_LEARNED ? "was learned"
		: event->type == VEX_EVENT_MAC_AGED  ? "is gone"
						     : "moved here from ",
		event->type == VEX_EVENT_MAC_MOVED ? ctl_lport_name(image, event->from_lport, from)
						   : "");
}

uint32_t re_event_trace(const struct vex_event *event)
{
	switch (event->type) {
	case VEX_EVENT_LINK:
		return 0;
	case VEX_EVENT_MAC_LEARNED:
	case VEX_EVENT_MAC_MOVED:
		return CTL_TRACE_LEARNING;
	case VEX_EVENT_MAC_AGED:
		return CTL_TRACE_AGING;
	default:
		return CTL_TRACE_LIMIT;
	}
}

bool re_event_text(
	const struct ctl_image *image, const struct vex_event *event, char *buf, size_t size)
{
	const struct ctl_vlan *vlan = ctl_vlan_by_bd(image, event->bd);
	const uint8_t *mac = event->mac;
	char port[CTL_LPORT_NAME_SIZE];

	buf[0] = '\0';
	ctl_lport_name(image, event->lport, port);
	switch (event->type) {
	case VEX_EVENT_MAC_LEARNED:
	case VEX_EVENT_MAC_MOVED:
	case VEX_EVENT_MAC_AGED:
		mac_text(image, event, port, buf, size);
		return true;
	case VEX_EVENT_MAC_LIMIT:
		snprintf(buf, size,
			"%s: address %02x:%02x:%02x:%02x:%02x:%02x of VLAN %s is above a MAC limit",
			port, mac[0], mac[1], mac[2], mac[3], mac[4], mac[5],
			vlan != NULL ? vlan->name : "?");
		return true;
	case VEX_EVENT_LINK:
		if (event->up == 1)
			snprintf(buf, size, "%s: link is up, %u Mb/s", port, event->speed_mbps);
		else
			snprintf(buf, size, "%s: link is down", port);
		return true;
	case VEX_EVENT_PORT_SHUTDOWN:
		snprintf(buf, size, "%s: shut down by the data plane, reason %u", port,
			event->cause);
		return true;
	case VEX_EVENT_PORT_RECOVERED:
		snprintf(buf, size, "%s: recovered", port);
		return true;
	default:
		return false;
	}
}

const char *re_event_tag(const struct vex_event *event, enum ctl_log_facility *facility,
	enum ctl_log_severity *severity)
{
	*facility = CTL_LOG_DAEMON;
	*severity = CTL_LOG_WARNING;
	switch (event->type) {
	case VEX_EVENT_MAC_LIMIT:
		return "L2ALD_MAC_LIMIT_REACHED_IFBD";
	case VEX_EVENT_LINK:
		return event->up == 1 ? "SNMP_TRAP_LINK_UP" : "SNMP_TRAP_LINK_DOWN";
	case VEX_EVENT_PORT_SHUTDOWN:
		*severity = CTL_LOG_ERROR;
		return "L2ALD_PORT_SHUTDOWN";
	case VEX_EVENT_PORT_RECOVERED:
		*severity = CTL_LOG_NOTICE;
		return "L2ALD_PORT_RECOVERED";
	default:
		return NULL;
	}
}
