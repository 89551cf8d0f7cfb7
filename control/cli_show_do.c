/* SPDX-License-Identifier: BSD-3-Clause */
/* clear, request, restart. */
#include <string.h>

#include "control/cli_show_util.h"

static bool rescue(struct cli_env *env, const char *what)
{
	json_t *args = json_pack("{s:s}", "do", what);
	json_t *data = cli_env_ask(env, "rescue", args);
	bool ok = data != NULL;

	json_decref(args);
	json_decref(data);
	return ok;
}

static bool rescue_save(struct cli_env *env, const json_t *args, FILE *out)
{
	(void)args;
	(void)out;
	return rescue(env, "save");
}

static bool rescue_delete(struct cli_env *env, const json_t *args, FILE *out)
{
	(void)args;
	(void)out;
	return rescue(env, "delete");
}

static const struct cli_param table_params[] = {
	{.name = "persistent-learning", .help = "Clear persistent addresses"},
	{.name = "vlan-name", .help = "Name of VLAN", .value = "vlan"},
	{.name = "interface", .help = "Name of interface", .value = "interface"},
	{.name = "address", .help = "MAC address", .value = "mac", .bare = true},
	{0},
};

static const struct cli_param interface_param[] = {
	{.name = "interface", .help = "Name of interface", .value = "interface"},
	{0},
};

static const struct cli_param statistics_params[] = {
	{.name = "all", .help = "Clear statistics of all interfaces", .one_of = 1},
	{.name = "interface",
		.help = "Name of interface",
		.value = "interface",
		.bare = true,
		.one_of = 1},
	{0},
};

static const struct cli_param log_params[] = {
	{.name = "file",
		.help = "Name of log file",
		.value = "log",
		.bare = true,
		.required = true},
	{0},
};

static const struct cli_param restart_params[] = {
	{.name = "forwarding", .help = "Packet Forwarding Engine process (vex-pfe)", .one_of = 1},
	{.name = "routing", .help = "Routing Engine process (vex-re)", .one_of = 1},
	{0},
};

const struct cli_show cli_show_do[] = {
	{.words = "clear ethernet-switching port-error",
		.help = "Clear errors that shut interfaces down",
		.params = interface_param,
		.rpc = "clear",
		.what = "ethernet-switching-port-error"},
	{.words = "clear ethernet-switching recovery-timeout",
		.help = "Recover interfaces that were shut down",
		.params = interface_param,
		.rpc = "clear",
		.what = "ethernet-switching-port-error"},
	{.words = "clear ethernet-switching table",
		.help = "Clear learned media access control addresses",
		.params = table_params,
		.rpc = "clear",
		.what = "ethernet-switching-table"},
	{.words = "clear interfaces statistics",
		.help = "Clear interface statistics",
		.params = statistics_params,
		.rpc = "clear",
		.what = "interfaces-statistics"},
	{.words = "clear log",
		.help = "Clear contents of log file",
		.params = log_params,
		.rpc = "clear",
		.what = "log"},
	{.words = "clear pfe statistics",
		.help = "Clear statistics of the switch and of its stages",
		.rpc = "clear",
		.what = "pfe-statistics"},
	{.words = "request system configuration rescue delete",
		.help = "Delete rescue configuration",
		.run = rescue_delete},
	{.words = "request system configuration rescue save",
		.help = "Save rescue configuration",
		.run = rescue_save},
	{.words = "request system halt",
		.help = "Halt the system",
		.rpc = "request",
		.what = "system-halt",
		.confirm = "Halt the system ?"},
	{.words = "request system power-off",
		.help = "Power off the system",
		.rpc = "request",
		.what = "system-power-off",
		.confirm = "Power Off the system ?"},
	{.words = "request system reboot",
		.help = "Reboot the system",
		.rpc = "request",
		.what = "system-reboot",
		.confirm = "Reboot the system ?"},
	{.words = "restart",
		.help = "Restart software process",
		.params = restart_params,
		.rpc = "request",
		.what = "restart"},
	{0},
};
