/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Voice VLANs: an access port takes and sends one more VLAN, tagged, for the telephone in front of
 * the host.
 */
#include <string.h>

#include "control/state.h"

static bool is_private(const struct state_vlan *v)
{
	return v->kind != STATE_VLAN_ORDINARY;
}

static void set_voice(struct state *st, const struct lyd_node *node, unsigned int l, int vlan)
{
	struct state_lport *lport = &st->lports[l];
	struct state_vlan *v = &st->vlans[vlan];
	char buf[CTL_LPORT_NAME_SIZE];
	const char *name = state_lport_name(st, l, buf);

	lport->voice = vlan;
	if (lport->untagged == STATE_NONE)
		return; /* refused earlier */
	if (is_private(&st->vlans[lport->untagged])) {
		state_err(st, VEX_ERR_CONFLICT, node, v->name,
			"%s is a port of private VLAN %s and cannot have a voice VLAN", name,
			st->vlans[lport->untagged].name);
	} else if (lport->untagged == vlan) {
		state_err(st, VEX_ERR_CONFLICT, node, v->name,
			"VLAN %s is already the VLAN of access port %s for untagged frames; a "
			"voice "
			"VLAN is another one",
			v->name, name);
	} else {
		lport_set_add(&v->voice, l);
	}
}

/* The VLAN of one entry, STATE_NONE if it was refused. */
static int voice_vlan(struct state *st, const struct lyd_node *entry)
{
	const struct lyd_node *node = state_child(entry, "vlan");
	int vlan = state_vlan_ref(st, node, state_value(node));

	if (vlan != STATE_NONE && is_private(&st->vlans[vlan])) {
		state_err(st, VEX_ERR_CONFLICT, node, state_value(node),
			"VLAN %s belongs to a private VLAN and cannot be a voice VLAN",
			st->vlans[vlan].name);
		return STATE_NONE;
	}
	return vlan;
}

/* An entry that names a port. */
static void one_port(struct state *st, const struct lyd_node *entry)
{
	const char *name = state_value(entry);
	int l = state_bridged_lport(st, entry, name);
	int vlan = voice_vlan(st, entry);

	if (l == STATE_NONE || vlan == STATE_NONE)
		return;
	if (st->lports[l].trunk)
		state_err(st, VEX_ERR_CONFLICT, entry, name,
			"%s is a trunk; a voice VLAN belongs to an access port, and a trunk has "
			"`vlan "
			"members`",
			name);
	else if (st->lports[l].voice != STATE_NONE)
		state_err(st, VEX_ERR_CONFLICT, entry, name,
			"%s has a voice VLAN already, under its name with or without .0", name);
	else
		set_voice(st, state_child(entry, "vlan"), (unsigned int)l, vlan);
}

/* `access-ports`: every access port that has no entry of its own. */
static void all_ports(struct state *st, const struct lyd_node *entry)
{
	int vlan = voice_vlan(st, entry);

	if (vlan == STATE_NONE)
		return;
	for (unsigned int l = 0; l < VEX_LPORTS_MAX; l++) {
		const struct state_lport *lport = &st->lports[l];

		if (lport->bridged && !lport->trunk && lport->voice == STATE_NONE)
			set_voice(st, state_child(entry, "vlan"), l, vlan);
	}
}

void state_voice(struct state *st)
{
	const struct lyd_node *first = state_find(st->root, "switch-options/voip/interface");
	const struct lyd_node *all = NULL;

	for (const struct lyd_node *e = first; e != NULL; e = state_next(e)) {
		if (strcmp(state_value(e), "access-ports") == 0)
			all = e;
		else
			one_port(st, e);
	}
	if (all != NULL)
		all_ports(st, all);
}
