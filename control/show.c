/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/show.h"

#include <string.h>

#include "control/show_util.h"

#define MACS (SHOW_TABLE(VEX_TABLE_MAC_STATIC) | SHOW_TABLE(VEX_TABLE_MAC_LEARNED))

static const struct show_what shows[] = {
	{"chassis-alarms", 0, 0, show_chassis_alarms},
	{"chassis-environment", 0, 0, show_chassis_environment},
	{"chassis-fpc", 0, 0, show_chassis_fpc},
	{"chassis-hardware", 0, 0, show_chassis_hardware},
	{"chassis-routing-engine", 0, 0, show_chassis_routing_engine},
	{"ddos-protection-protocols", 0, 0, show_ddos},
	{"ethernet-switching-interface", SHOW_TABLE(VEX_TABLE_STP), 0, show_switching_interface},
	{"ethernet-switching-statistics", MACS, 0, show_mac_statistics},
	{"ethernet-switching-table", MACS, 0, show_mac_table},
	{"interfaces", 0, 0, show_interfaces},
	{"ethernet-switching-mac-notification", 0, 0, show_mac_notification},
	{"l2-learning-global-information", 0, 0, show_l2_global},
	{"l2-learning-interface", SHOW_TABLE(VEX_TABLE_STP), 0, show_switching_interface},
	{"log", 0, 0, show_log},
	{"mac-limit", MACS, 0, show_mac_limit},
	{"persistent-learning", MACS, 0, show_persistent},
	{"pfe-statistics", 0, 0, show_pfe_statistics},
	{"pfe-table-lag", SHOW_TABLE(VEX_TABLE_LAG), 0, show_pfe_table_lag},
	{"pfe-table-lport", SHOW_TABLE(VEX_TABLE_LPORT), 0, show_pfe_table_lport},
	{"pfe-table-mac", MACS, 0, show_pfe_table_mac},
	{"pfe-table-port", SHOW_TABLE(VEX_TABLE_PORT), 0, show_pfe_table_port},
	{"pfe-table-port-limit", SHOW_TABLE(VEX_TABLE_VLAN_PORT_LIMIT), 0,
		show_pfe_table_port_limit},
	{"pfe-table-punt", SHOW_TABLE(VEX_TABLE_PUNT), 0, show_pfe_table_punt},
	{"pfe-table-stp", SHOW_TABLE(VEX_TABLE_STP), 0, show_pfe_table_stp},
	{"pfe-table-switch", SHOW_TABLE(VEX_TABLE_SWITCH), 0, show_pfe_table_switch},
	{"pfe-table-vlan", SHOW_TABLE(VEX_TABLE_VLAN), 0, show_pfe_table_vlan},
	{"pfe-table-vlan-ports", SHOW_TABLE(VEX_TABLE_VLAN_PORTS), 0, show_pfe_table_vlan_ports},
	{"system-alarms", 0, 0, show_system_alarms},
	{"system-commit", 0, 0, show_system_commit},
	{"system-memory", 0, 0, show_system_memory},
	{"system-processes", 0, 0, show_system_processes},
	{"system-storage", 0, 0, show_system_storage},
	{"system-uptime", 0, 0, show_system_uptime},
	{"system-users", 0, 0, show_system_users},
	{"version", 0, 0, show_version},
	{"vlans", 0, MACS, show_vlans},
};

static const struct clear_what clears[] = {
	{"ethernet-switching-port-error", 0, clear_port_error},
	{"ethernet-switching-table", SHOW_TABLE(VEX_TABLE_MAC_LEARNED), clear_mac_table},
	{"interfaces-statistics", 0, clear_interfaces_statistics},
	{"log", 0, clear_log},
	{"pfe-statistics", 0, clear_pfe_statistics},
};

static const struct request_what requests[] = {
	{"restart", request_restart},
	{"system-halt", request_halt},
	{"system-power-off", request_halt},
	{"system-reboot", request_reboot},
};

#define N(table) (sizeof(table) / sizeof((table)[0]))

/* Entry with a name, in a table whose entries begin with it. */
static const void *find(const void *table, size_t n, size_t size, const char *name)
{
	for (const char *entry = table; n > 0; n--, entry += size)
		if (strcmp(*(const char *const *)(const void *)entry, name) == 0)
			return entry;
	return NULL;
}

const struct show_what *show_find(const char *name)
{
	return find(shows, N(shows), sizeof(shows[0]), name);
}

uint32_t show_needs(const struct show_what *what, const json_t *args)
{
	bool detail = show_flag(args, "detail") || show_flag(args, "extensive");

	return what->needs_tables | (detail ? what->detail_tables : 0);
}

const struct show_what *show_at(size_t i)
{
	return i < N(shows) ? &shows[i] : NULL;
}

const struct clear_what *clear_find(const char *name)
{
	return find(clears, N(clears), sizeof(clears[0]), name);
}

const struct clear_what *clear_at(size_t i)
{
	return i < N(clears) ? &clears[i] : NULL;
}

const struct request_what *request_find(const char *name)
{
	return find(requests, N(requests), sizeof(requests[0]), name);
}

const struct request_what *request_at(size_t i)
{
	return i < N(requests) ? &requests[i] : NULL;
}
