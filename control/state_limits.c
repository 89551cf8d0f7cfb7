/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * MAC learning: limits of the switch, of VLANs, of ports and of a VLAN on a port; ageing; where
 * nothing is learned. What is said closer to the thing wins: of a port over all ports, of a VLAN
 * over the switch. The switch has one limit, the smaller one of mac-table-size and global-mac-limit.
 */
#include <stdlib.h>
#include <string.h>

#include "control/state.h"

static uint8_t action_number(const char *word)
{
	static const struct {
		const char *word;
		uint8_t action;
	} actions[] = {
		{"log", VEX_LIMIT_LOG},
		{"drop", VEX_LIMIT_DROP},
		{"drop-and-log", VEX_LIMIT_DROP_AND_LOG},
		{"shutdown", VEX_LIMIT_SHUTDOWN},
	};

	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (strcmp(word, actions[i].word) == 0)
			return actions[i].action;
	return VEX_LIMIT_NONE; /* `none`, or no packet-action */
}

/* Read a limit { N; packet-action A; }. Returns false, *limit untouched, if there is none. */
static bool read_limit(struct state *st, const struct lyd_node *node, struct state_limit *limit)
{
	const struct lyd_node *n = state_child(node, "limit");
	const struct lyd_node *action = state_child(node, "packet-action");

	if (n == NULL) {
		if (action != NULL)
			state_err(st, VEX_ERR_MISSING, action, state_value(action),
				"%s has a packet-action and no limit; say `%s N`",
				node->schema->name, node->schema->name);
		return false;
	}
	*limit = (struct state_limit){state_number(n, 0), action_number(state_value(action))};
	return true;
}

static void switch_limit(struct state *st, const struct lyd_node *switch_options)
{
	struct state_limit other;

	st->switch_limit.limit = VEX_MAC_UNLIMITED;
	read_limit(st, state_child(switch_options, "mac-table-size"), &st->switch_limit);
	if (read_limit(
		    st, state_find(st->root, "protocols/l2-learning/global-mac-limit"), &other) &&
		other.limit < st->switch_limit.limit)
		st->switch_limit = other;
}

/* switch-options interface X. */
static void port_options(struct state *st, const struct lyd_node *entry, struct lport_set *seen)
{
	const char *name = state_value(entry);
	int l = state_bridged_lport(st, entry, name);
	const struct lyd_node *sticky = state_child(entry, "persistent-learning");
	struct state_lport *lport;

	if (l == STATE_NONE)
		return;
	if (lport_set_has(seen, (unsigned int)l))
		state_err(st, VEX_ERR_DUPLICATE, entry, name,
			"%s stands here with and without .0; keep one", name);
	lport_set_add(seen, (unsigned int)l);
	lport = &st->lports[l];
	lport->sticky = sticky != NULL;
	lport->no_learn |= state_child(entry, "no-mac-learning") != NULL;
	if (lport->sticky && lport->no_learn)
		state_err(st, VEX_ERR_CONFLICT, sticky, NULL,
			"persistent-learning has nothing to keep on %s, where no-mac-learning "
			"holds; "
			"remove one of them",
			name);
	read_limit(st, state_child(entry, "interface-mac-limit"), &lport->limit);
}

static void all_ports(struct state *st, const struct lyd_node *switch_options)
{
	const struct state_limit none = {.limit = VEX_MAC_UNLIMITED};
	struct state_limit every = none;
	bool no_learn = state_child(switch_options, "no-mac-learning") != NULL;
	struct lport_set seen = {0};
	const struct lyd_node *entry;

	read_limit(st, state_child(switch_options, "interface-mac-limit"), &every);
	for (unsigned int l = 0; l < VEX_LPORTS_MAX; l++) {
		st->lports[l].limit = st->lports[l].bridged ? every : none;
		st->lports[l].no_learn = no_learn && st->lports[l].bridged;
	}
	for (entry = state_child(switch_options, "interface"); entry != NULL;
		entry = state_next(entry))
		port_options(st, entry, &seen);
}

/* vlans V switch-options interface X interface-mac-limit. */
static void vlan_port_limit(struct state *st, unsigned int vlan, const struct lyd_node *entry)
{
	struct state_vlan *v = &st->vlans[vlan];
	const char *name = state_value(entry);
	struct state_port_limit *p;
	struct state_limit limit;
	int l;

	if (!read_limit(st, state_child(entry, "interface-mac-limit"), &limit))
		return;
	l = state_bridged_lport(st, entry, name);
	if (l == STATE_NONE)
		return;
	if (!lport_set_has(&v->set[VEX_VLAN_IN], (unsigned int)l)) {
		state_err(st, VEX_ERR_CONFLICT, entry, name,
			"%s is not in VLAN %s; add it to the VLAN, or remove the limit", name,
			v->name);
		return;
	}
	if (lport_set_has(&v->limited, (unsigned int)l)) {
		state_err(st, VEX_ERR_DUPLICATE, entry, name,
			"%s stands here with and without .0; keep one", name);
		return;
	}
	p = state_grow(st, st->port_limits, st->n_port_limits, &st->cap_port_limits, sizeof(*p));
	if (p == NULL)
		return;
	st->port_limits = p;
	p[st->n_port_limits++] = (struct state_port_limit){vlan, (unsigned int)l, limit};
	lport_set_add(&v->limited, (unsigned int)l);
}

static void vlan_options(struct state *st, unsigned int vlan, uint32_t age)
{
	struct state_vlan *v = &st->vlans[vlan];
	const struct lyd_node *options = state_child(v->node, "switch-options");
	const struct lyd_node *entry = state_child(options, "interface");

	v->age_seconds = state_number(state_child(options, "mac-table-aging-time"), age);
	v->no_learn = state_child(v->node, "no-mac-learning") != NULL ||
		      state_child(options, "no-mac-learning") != NULL;
	read_limit(st, state_child(options, "mac-table-size"), &v->limit);
	read_limit(st, state_child(options, "interface-mac-limit"), &v->port_limit);
	for (; entry != NULL; entry = state_next(entry))
		vlan_port_limit(st, vlan, entry);
}

/* Limits of a VLAN on a port are a table of the data plane. */
static void check_port_limits(struct state *st)
{
	size_t n = 0;

	for (unsigned int i = 0; i < st->n_vlans; i++) {
		const struct state_vlan *v = &st->vlans[i];
		bool all = v->port_limit.limit != VEX_MAC_UNLIMITED;

		for (unsigned int l = 0; l < VEX_LPORTS_MAX; l++)
			n += lport_set_has(&v->limited, l) ||
			     (all && lport_set_has(&v->set[VEX_VLAN_IN], l));
		if (n > VEX_VLAN_PORT_LIMITS_MAX) {
			state_err(st, VEX_ERR_NO_RESOURCE, state_child(v->node, "switch-options"),
				v->name,
				"there can be %d limits of a VLAN on one of its ports, and those "
				"of "
				"VLAN %s do not fit; limit fewer VLANs",
				VEX_VLAN_PORT_LIMITS_MAX, v->name);
			return;
		}
	}
}

static int port_limit_order(const void *a, const void *b)
{
	const struct state_port_limit *x = a, *y = b;

	if (x->vlan != y->vlan)
		return x->vlan < y->vlan ? -1 : 1;
	return x->lport < y->lport ? -1 : x->lport > y->lport;
}

void state_limits(struct state *st)
{
	const struct lyd_node *switch_options = state_child(st->root, "switch-options");
	uint32_t age = state_number(
		state_find(st->root, "protocols/l2-learning/global-mac-table-aging-time"),
		STATE_AGE_DEFAULT);

	age = state_number(state_child(switch_options, "mac-table-aging-time"), age);
	switch_limit(st, switch_options);
	all_ports(st, switch_options);
	for (unsigned int i = 0; i < st->n_vlans; i++)
		vlan_options(st, i, age);
	check_port_limits(st);
	if (st->n_port_limits > 0)
		qsort(st->port_limits, st->n_port_limits, sizeof(*st->port_limits),
			port_limit_order);
}

const struct state_limit *state_port_limit(
	const struct state *st, unsigned int vlan, unsigned int lport)
{
	struct state_port_limit key = {.vlan = vlan, .lport = lport};
	const struct state_port_limit *p;

	if (st->n_port_limits == 0)
		return NULL;
	p = bsearch(&key, st->port_limits, st->n_port_limits, sizeof(key), port_limit_order);
	return p != NULL ? &p->limit : NULL;
}
