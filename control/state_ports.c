/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/state.h"

static const struct lyd_node *first_interface(const struct state *st)
{
	return state_find(st->root, "interfaces/interface");
}

void state_speeds(struct state *st)
{
	const struct lyd_node *i, *speed;
	struct chassis_error error;

	for (i = first_interface(st); i != NULL; i = state_next(i)) {
		const char *name = state_value(i);
		uint32_t mbps;
		int p;

		speed = state_child(i, "speed");
		if (speed == NULL)
			continue;
		if (state_is_lag_name(name)) {
			state_err(st, VEX_ERR_CONFLICT, speed, state_value(speed),
				"%s has the speed of its members; set it there", name);
			continue;
		}
		/* A port may be written under the name that this very statement gives it. */
		p = chassis_find_port(st->chassis, name);
		if (p < 0)
			p = chassis_resolve_port(st->chassis, name, &mbps);
		if (p < 0)
			continue; /* state_interfaces() explains */
		mbps = chassis_speed_parse(state_value(speed));
		if (chassis_set_speed(st->chassis, (unsigned int)p, mbps, &error) != 0)
			state_err(st, VEX_ERR_VALUE, speed, state_value(speed), "%s", error.text);
	}
}

const char *state_lport_name(
	const struct state *st, unsigned int lport, char buf[CTL_LPORT_NAME_SIZE])
{
	const struct chassis_port *port = chassis_port(st->chassis, lport);

	if (lport >= VEX_LPORT_LAG0)
		snprintf(buf, CTL_LPORT_NAME_SIZE, "ae%u", lport - VEX_LPORT_LAG0);
	else
		snprintf(buf, CTL_LPORT_NAME_SIZE, "%s", port != NULL ? port->name : "?");
	return buf;
}

/* The logical port of a name without unit. */
static int lport_of_interface(struct state *st, const struct lyd_node *node, const char *name)
{
	char text[CHASSIS_TEXT_SIZE];
	int p;

	if (state_is_lag_name(name)) {
		p = state_lag_number(st, node, name);
		return p != STATE_NONE ? VEX_LPORT_LAG0 + p : STATE_NONE;
	}
	p = chassis_find_port(st->chassis, name);
	if (p >= 0)
		return p;
	chassis_explain_port(st->chassis, name, text, sizeof(text));
	state_err(st, VEX_ERR_NOT_FOUND, node, name, "%s", text);
	return STATE_NONE;
}

int state_lport(struct state *st, const struct lyd_node *node, const char *name)
{
	char base[CHASSIS_NAME_SIZE * 2];
	const char *dot = strrchr(name, '.');
	size_t n = dot != NULL ? (size_t)(dot - name) : strlen(name);

	if (dot != NULL && strcmp(dot, ".0") != 0 && dot[1] != '\0' &&
		strspn(dot + 1, "0123456789") == strlen(dot + 1)) {
		state_err(st, VEX_ERR_NOT_SUPPORTED, node, name,
			"%s: only unit 0 is supported, write %.*s.0", name, (int)n, name);
		return STATE_NONE;
	}
	if (dot == NULL || strcmp(dot, ".0") != 0 || n >= sizeof(base))
		return lport_of_interface(st, node, name);
	memcpy(base, name, n);
	base[n] = '\0';
	return lport_of_interface(st, node, base);
}

int state_bridged_lport(struct state *st, const struct lyd_node *node, const char *name)
{
	int l = state_lport(st, node, name);
	const struct state_lport *lport = &st->lports[l != STATE_NONE ? l : 0];
	char buf[CTL_LPORT_NAME_SIZE];

	if (l == STATE_NONE || lport->bridged)
		return l;
	if (lport->bundle != NULL)
		state_err(st, VEX_ERR_CONFLICT, node, name,
			"%s is a member of %s; name %s.0 instead", name, state_value(lport->bundle),
			state_value(lport->bundle));
	else
		state_err(st, VEX_ERR_CONFLICT, node, name,
			"%s is not a switching port; say `interfaces %s unit 0 family "
			"ethernet-switching`",
			name, state_lport_name(st, (unsigned int)l, buf));
	return STATE_NONE;
}

/* The bridge side: unit 0 family ethernet-switching. */
static void read_switching(struct state *st, struct state_lport *lport)
{
	const struct lyd_node *es = lport->switching;

	lport->bridged = true;
	lport->trunk = strcmp(state_value(state_child(es, "interface-mode")), "trunk") == 0;
	lport->inter_switch = state_child(es, "inter-switch-link") != NULL;
	lport->recovery_seconds = state_number(state_child(es, "recovery-timeout"), 0);
	if (lport->inter_switch && !lport->trunk)
		state_err(st, VEX_ERR_CONFLICT, state_child(es, "inter-switch-link"), NULL,
			"inter-switch-link needs `interface-mode trunk`");
}

static void read_units(struct state *st, struct state_lport *lport)
{
	const struct lyd_node *unit;

	for (unit = state_child(lport->interface, "unit"); unit != NULL; unit = state_next(unit)) {
		if (state_number(state_child(unit, "name"), 0) != 0) {
			state_err(st, VEX_ERR_NOT_SUPPORTED, unit, state_value(unit),
				"unit %s of %s: only unit 0 is supported", state_value(unit),
				state_value(lport->interface));
			continue;
		}
		lport->switching = state_find(unit, "family/ethernet-switching");
		if (lport->switching != NULL)
			read_switching(st, lport);
	}
	lport->native = state_child(lport->interface, "native-vlan-id");
	if (lport->native != NULL && !lport->trunk)
		state_err(st, VEX_ERR_CONFLICT, lport->native, state_value(lport->native),
			"native-vlan-id belongs to a trunk; say `unit 0 family ethernet-switching "
			"interface-mode trunk`, or make it the VLAN of an access port");
}

/* Statements that only the other sort of interface has. */
static void check_sort(struct state *st, const struct state_lport *lport, bool lag)
{
	const char *name = state_value(lport->interface);
	const struct lyd_node *links = state_find(
		lport->interface, "aggregated-ether-options/minimum-links");

	if (lag && lport->bundle != NULL)
		state_err(st, VEX_ERR_CONFLICT, lport->bundle, state_value(lport->bundle),
			"%s is itself aggregated and cannot be a member", name);
	if (!lag && links != NULL)
		state_err(st, VEX_ERR_CONFLICT, links, state_value(links),
			"%s is no aggregated interface; minimum-links belongs to aeN", name);
}

void state_check_mtu(struct state *st, const struct lyd_node *node, unsigned int p, uint32_t mtu)
{
	unsigned int max = st->platform != NULL ? st->platform->port[p].max_mtu : 0;
	char text[12];

	snprintf(text, sizeof(text), "%u", mtu);
	if (max != 0 && mtu > max)
		state_err(st, VEX_ERR_NO_RESOURCE, node, text,
			"mtu %u does not fit %s: its device, %s, takes no frame longer than a page "
			"of memory, which is mtu %u at most",
			mtu, chassis_port(st->chassis, p)->name, st->platform->port[p].device, max);
}

static void read_interface(struct state *st, const struct lyd_node *node)
{
	int l = lport_of_interface(st, node, state_value(node));
	struct state_lport *lport;

	if (l == STATE_NONE)
		return;
	lport = &st->lports[l];
	lport->interface = node;
	lport->disabled = state_child(node, "disable") != NULL;
	lport->mtu = state_number(state_child(node, "mtu"), STATE_MTU_DEFAULT);
	if (l < VEX_LPORT_LAG0)
		state_check_mtu(st, state_child(node, "mtu"), (unsigned int)l, lport->mtu);
	lport->bundle = state_find(node, "ether-options/ieee-802.3ad/bundle");
	check_sort(st, lport, l >= VEX_LPORT_LAG0);
	if (lport->bundle == NULL)
		read_units(st, lport);
}

void state_interfaces(struct state *st)
{
	const struct lyd_node *i = first_interface(st);

	if (i == NULL && state_find(st->root, "vlans/vlan") == NULL) {
		for (unsigned int p = 0; p < st->n_ports; p++)
			st->lports[p].bridged = chassis_port(st->chassis, p)->is_access;
		return;
	}
	for (; i != NULL; i = state_next(i))
		read_interface(st, i);
}
