/* SPDX-License-Identifier: BSD-3-Clause */
/* Live names, for completion. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "control/show_port.h"
#include "control/show_util.h"
#include "control/state.h"
#include "dataplane/punt.h"

#define NAMES_MAX 1000

static void add(json_t *names, const char *prefix, const char *name, const char *help)
{
	if (strncmp(name, prefix, strlen(prefix)) == 0)
		json_array_append_new(names, json_pack("{s:s, s:s}", "name", name, "help", help));
}

/* With their descriptions: a person knows a port by what is behind it. */
static void add_interfaces(
	json_t *names, const struct show_ctx *ctx, const char *prefix, unsigned int first)
{
	char name[CTL_LPORT_NAME_SIZE];

	for (unsigned int i = first; i < VEX_LPORTS_MAX; i++) {
		const struct lyd_node *node;

		if (i < VEX_LPORT_LAG0 ? chassis_port(ctx->image->chassis, i) == NULL
				       : show_lag(ctx->image, i) == NULL)
			continue;
		node = show_interface_node(ctx->cfg, ctl_lport_name(ctx->image, i, name));
		add(names, prefix, name, state_value(state_child(node, "description")));
	}
}

static void add_vlans(json_t *names, const struct show_ctx *ctx, const char *prefix)
{
	for (size_t i = 0; i < ctx->image->n_vlans; i++)
		add(names, prefix, ctx->image->vlans[i].name, "");
}

static void add_logs(json_t *names, const struct show_ctx *ctx, const char *prefix)
{
	DIR *dir = ctx->log_dir != NULL ? opendir(ctx->log_dir) : NULL;
	const struct dirent *entry;

	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL)
		if (*entry->d_name != '.' && entry->d_type == DT_REG)
			add(names, prefix, entry->d_name, "");
	closedir(dir);
}

/* Addresses that vex-pfe knows; as many as anybody reads. */
static void add_macs(json_t *names, const struct show_ctx *ctx, const char *prefix)
{
	static const enum vex_table tables[] = {VEX_TABLE_MAC_STATIC, VEX_TABLE_MAC_LEARNED};
	char mac[32], help[384], port[CTL_LPORT_NAME_SIZE];

	for (size_t t = 0; t < 2; t++) {
		const struct show_records *r = &ctx->dump[tables[t]];

		for (size_t i = 0; i < r->n && json_array_size(names) < NAMES_MAX; i++) {
			const struct vex_op_mac *m = &r->ops[i].mac;
			const struct ctl_vlan *vlan = ctl_vlan_by_bd(ctx->image, m->bd);

			snprintf(help, sizeof(help), "%s %s.0", vlan != NULL ? vlan->name : "?",
				ctl_lport_name(ctx->image, m->lport, port));
			add(names, prefix, show_mac(m->mac, mac), help);
		}
	}
}

json_t *show_complete(const struct show_ctx *ctx, const char *kind, const char *prefix)
{
	json_t *names = json_array();

	if (strcmp(kind, "interface") == 0)
		add_interfaces(names, ctx, prefix, 0);
	else if (strcmp(kind, "lag") == 0)
		add_interfaces(names, ctx, prefix, VEX_LPORT_LAG0);
	else if (strcmp(kind, "vlan") == 0)
		add_vlans(names, ctx, prefix);
	else if (strcmp(kind, "mac") == 0)
		add_macs(names, ctx, prefix);
	else if (strcmp(kind, "log") == 0)
		add_logs(names, ctx, prefix);
	for (unsigned int p = 0; strcmp(kind, "ddos") == 0 && p < PUNT_PROTOCOLS; p++)
		add(names, prefix, punt_name(p), punt_text(p));
	return names;
}
