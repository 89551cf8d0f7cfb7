/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Static addresses, of a port (switch-options interface X static-mac M vlan-id N) or of a VLAN
 * (vlans V switch-options interface X static-mac M).
 */
#include <stdlib.h>
#include <string.h>

#include "control/state.h"

/* The schema has checked the form. */
static void read_mac(const char *text, uint8_t mac[6])
{
	for (int i = 0; i < 6; i++, text += 3)
		mac[i] = (uint8_t)strtoul(text, NULL, 16);
}

static bool unicast(struct state *st, const struct lyd_node *node, const uint8_t mac[6])
{
	static const uint8_t zero[6];

	if ((mac[0] & 1) == 0 && memcmp(mac, zero, sizeof(zero)) != 0)
		return true;
	state_err(st, VEX_ERR_VALUE, node, state_value(node),
		"%s is %s; static-mac takes a unicast address", state_value(node),
		mac[0] & 1 ? "a multicast address" : "no address");
	return false;
}

static void add_mac(
	struct state *st, const struct lyd_node *node, unsigned int vlan, unsigned int lport)
{
	const struct state_vlan *v = &st->vlans[vlan];
	struct state_mac *m;
	char buf[CTL_LPORT_NAME_SIZE];

	if (!lport_set_has(&v->set[VEX_VLAN_IN], lport) &&
		!lport_set_has(&v->set[VEX_VLAN_OUT], lport)) {
		state_err(st, VEX_ERR_CONFLICT, node, state_value(node),
			"%s is not in VLAN %s, so no address of that VLAN can be behind it; add it "
			"to "
			"the VLAN, or name another port",
			state_lport_name(st, lport, buf), v->name);
		return;
	}
	m = state_grow(st, st->macs, st->n_macs, &st->cap_macs, sizeof(*m));
	if (m == NULL)
		return;
	st->macs = m;
	m += st->n_macs;
	*m = (struct state_mac){
		.node = node,
		.vlan = vlan,
		.lport = lport,
		.fid = v->primary != STATE_NONE ? st->vlans[v->primary].vid : v->vid,
	};
	read_mac(state_value(node), m->mac);
	if (unicast(st, node, m->mac))
		st->n_macs++;
}

/* The VLAN of switch-options interface X static-mac M; STATE_NONE if it was refused. */
static int vlan_of_port_mac(struct state *st, const struct lyd_node *node, unsigned int lport)
{
	const struct lyd_node *id = state_child(node, "vlan-id");
	char buf[CTL_LPORT_NAME_SIZE];

	if (id != NULL)
		return state_vlan_ref(st, id, state_value(id));
	if (st->lports[lport].trunk) {
		state_err(st, VEX_ERR_MISSING, node, state_value(node),
			"%s is a trunk; say `static-mac %s vlan-id N`",
			state_lport_name(st, lport, buf), state_value(node));
		return STATE_NONE;
	}
	return st->lports[lport].untagged;
}

static void of_ports(struct state *st)
{
	const struct lyd_node *port = state_find(st->root, "switch-options/interface");

	for (; port != NULL; port = state_next(port)) {
		const struct lyd_node *m = state_child(port, "static-mac");
		int l = m != NULL ? state_bridged_lport(st, m, state_value(port)) : STATE_NONE;

		for (; m != NULL && l != STATE_NONE; m = state_next(m)) {
			int vlan = vlan_of_port_mac(st, m, (unsigned int)l);

			if (vlan != STATE_NONE)
				add_mac(st, m, (unsigned int)vlan, (unsigned int)l);
		}
	}
}

/*
 * Is the address of `vlans V` meant for this VLAN? A vlan-id says so; it must be V's, and is needed
 * if V has several (the first of them reports).
 */
static bool meant_for(struct state *st, const struct lyd_node *node, unsigned int vlan)
{
	const struct state_vlan *v = &st->vlans[vlan];
	const struct lyd_node *id = state_child(node, "vlan-id");
	bool first = vlan == 0 || st->vlans[vlan - 1].node != v->node;
	bool list = state_child(v->node, "vlan-id-list") != NULL;
	int named;

	if (id == NULL) {
		if (list && first)
			state_err(st, VEX_ERR_MISSING, node, state_value(node),
				"VLAN %s has several ids; say `static-mac %s vlan-id N`",
				state_value(v->node), state_value(node));
		return !list;
	}
	named = st->vlan_by_vid[state_number(id, 0)];
	if (first && (named == STATE_NONE || st->vlans[named].node != v->node))
		state_err(st, VEX_ERR_CONFLICT, id, state_value(id),
			"VLAN %s does not have id %s; leave vlan-id out, or say the address in the "
			"other VLAN",
			state_value(v->node), state_value(id));
	return named == (int)vlan;
}

static void of_vlans(struct state *st)
{
	for (unsigned int i = 0; i < st->n_vlans; i++) {
		const struct lyd_node *port = state_find(
			st->vlans[i].node, "switch-options/interface");

		for (; port != NULL; port = state_next(port)) {
			const struct lyd_node *m = state_child(port, "static-mac");
			int l = m != NULL ? state_bridged_lport(st, m, state_value(port))
					  : STATE_NONE;

			for (; m != NULL && l != STATE_NONE; m = state_next(m))
				if (meant_for(st, m, i))
					add_mac(st, m, i, (unsigned int)l);
		}
	}
}

static int mac_order(const void *a, const void *b)
{
	const struct state_mac *x = a, *y = b;

	if (x->fid != y->fid)
		return x->fid < y->fid ? -1 : 1;
	return memcmp(x->mac, y->mac, sizeof(x->mac));
}

void state_static_macs(struct state *st)
{
	char buf[CTL_LPORT_NAME_SIZE];

	of_ports(st);
	of_vlans(st);
	if (st->n_macs == 0)
		return;
	qsort(st->macs, st->n_macs, sizeof(*st->macs), mac_order);
	for (size_t i = 1; i < st->n_macs; i++) {
		const struct state_mac *first = &st->macs[i - 1], *second = &st->macs[i];

		if (mac_order(first, second) == 0)
			state_err(st, VEX_ERR_DUPLICATE, second->node, state_value(second->node),
				"%s is given twice for VLAN %s, the other time on %s; keep one",
				state_value(second->node), st->vlans[second->vlan].name,
				state_lport_name(st, first->lport, buf));
	}
}
