/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "control/state.h"

bool state_is_lag_name(const char *name)
{
	return strncmp(name, "ae", 2) == 0 && name[2] != '\0' &&
	       strspn(name + 2, "0123456789") == strlen(name + 2);
}

int state_lag_number(struct state *st, const struct lyd_node *node, const char *name)
{
	unsigned long k = strtoul(name + 2, NULL, 10);

	if (name[2] == '0' && name[3] != '\0') {
		state_err(st, VEX_ERR_VALUE, node, name,
			"%s: the number of an aggregated interface has no leading zeros", name);
		return STATE_NONE;
	}
	if (k < st->n_lags)
		return (int)k;
	if (st->n_lags == 0)
		state_err(st, VEX_ERR_NOT_FOUND, node, name,
			"there is no %s, as no aggregated interface was asked for; say `chassis "
			"aggregated-devices ethernet device-count %lu` or more",
			name, k < VEX_LAGS_MAX ? k + 1 : VEX_LAGS_MAX);
	else if (k < VEX_LAGS_MAX)
		state_err(st, VEX_ERR_NOT_FOUND, node, name,
			"there is no %s, as `chassis aggregated-devices ethernet device-count` is "
			"%u "
			"(ae0 to ae%u); set it to %lu or more",
			name, st->n_lags, st->n_lags - 1, k + 1);
	else
		state_err(st, VEX_ERR_NO_RESOURCE, node, name,
			"there is no %s; device-count is at most %d (ae0 to ae%d)", name,
			VEX_LAGS_MAX, VEX_LAGS_MAX - 1);
	return STATE_NONE;
}

/* What a member may not say itself, because the LAG says it; a group may give both one mtu. */
static void check_member(struct state *st, const struct state_lport *port, unsigned int lag)
{
	static const char *const of_the_lag[] = {"unit", "native-vlan-id", "mtu"};
	bool same_mtu = port->mtu == st->lports[VEX_LPORT_LAG0 + lag].mtu;

	for (size_t i = 0; i < sizeof(of_the_lag) / sizeof(of_the_lag[0]); i++) {
		const struct lyd_node *n = state_child(port->interface, of_the_lag[i]);

		if (n != NULL && !(same_mtu && strcmp(of_the_lag[i], "mtu") == 0))
			state_err(st, VEX_ERR_CONFLICT, n, state_value(n),
				"%s is a member of ae%u and has no %s of its own; say it for ae%u",
				state_value(port->interface), lag, of_the_lag[i], lag);
	}
}

static void add_member(struct state *st, unsigned int p, unsigned int k)
{
	struct state_lport *port = &st->lports[p];
	struct state_lag *lag = &st->lags[k];
	unsigned int max = chassis_scale(st->chassis)->lag_members;
	uint32_t mbps = chassis_port(st->chassis, p)->speed_mbps;

	check_member(st, port, k);
	state_check_mtu(st, port->bundle, p, st->lports[VEX_LPORT_LAG0 + k].mtu);
	if (max > VEX_LAG_MEMBERS_MAX)
		max = VEX_LAG_MEMBERS_MAX;
	if (lag->n_ports >= max)
		state_err(st, VEX_ERR_NO_RESOURCE, port->bundle, state_value(port->bundle),
			"ae%u has %u members already, which is the most; %s does not fit", k, max,
			state_value(port->interface));
	if (lag->n_ports < max)
		lag->ports[lag->n_ports] = (uint16_t)p;
	lag->n_ports++;
	if (lag->n_ports > 1) {
		const struct chassis_port *first = chassis_port(st->chassis, lag->ports[0]);

		if (mbps != first->speed_mbps)
			state_err(st, VEX_ERR_CONFLICT, port->bundle, state_value(port->bundle),
				"%s runs at %s and %s, another member of ae%u, at %s; all members "
				"of a "
				"LAG have one speed",
				state_value(port->interface), chassis_speed_text(mbps), first->name,
				k, chassis_speed_text(first->speed_mbps));
	}
	lag->exists = true;
	port->lag = (int)k;
}

void state_lags(struct state *st)
{
	for (unsigned int p = 0; p < st->n_ports; p++) {
		const struct lyd_node *bundle = st->lports[p].bundle;
		int k;

		if (bundle == NULL)
			continue;
		k = state_lag_number(st, bundle, state_value(bundle));
		if (k != STATE_NONE)
			add_member(st, p, (unsigned int)k);
	}
	for (unsigned int k = 0; k < VEX_LAGS_MAX; k++) {
		const struct state_lport *ae = &st->lports[VEX_LPORT_LAG0 + k];

		if (ae->interface == NULL)
			continue;
		st->lags[k].exists = true;
		st->lags[k].minimum_links = (uint16_t)state_number(
			state_find(ae->interface, "aggregated-ether-options/minimum-links"), 1);
	}
}
