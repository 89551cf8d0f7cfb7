/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "control/state.h"

/* Who names a VLAN of a port, and how. */
struct reference {
	unsigned int lport;
	const struct lyd_node *node; /* for errors */
	const char *text;
	bool many; /* by a range or `all`, which skip what the port cannot carry */
};

/* Secondary VLANs live on access ports and on inter-switch links. */
static bool may_carry(struct state *st, const struct reference *r, const struct state_vlan *v)
{
	const struct state_lport *lport = &st->lports[r->lport];

	if (!state_secondary(v) || !lport->trunk || lport->inter_switch)
		return true;
	if (!r->many)
		state_err(st, VEX_ERR_NOT_SUPPORTED, r->node, r->text,
			"VLAN %s is a secondary VLAN, and a trunk that carries secondary VLANs by "
			"themselves is not supported; make it an access port, name the primary "
			"VLAN, or "
			"add inter-switch-link",
			v->name);
	return false;
}

static void add_member(struct state *st, const struct reference *r, unsigned int index)
{
	struct state_lport *lport = &st->lports[r->lport];
	struct state_vlan *v = &st->vlans[index];
	char buf[CTL_LPORT_NAME_SIZE];

	if (lport_set_has(&v->members, r->lport) || !may_carry(st, r, v))
		return;
	if (!lport->trunk && lport->n_vlans == 1 && lport->untagged != STATE_NONE)
		state_err(st, VEX_ERR_CONFLICT, r->node, r->text,
			"access port %s is in VLAN %s already and cannot be in VLAN %s too; keep "
			"one, "
			"or say `interface-mode trunk`",
			state_lport_name(st, r->lport, buf), st->vlans[lport->untagged].name,
			v->name);
	lport_set_add(&v->members, r->lport);
	lport->n_vlans++;
	if (!lport->trunk && lport->untagged == STATE_NONE)
		lport->untagged = (int)index;
}

/* Every VLAN with an id from low to high; returns false if there is none. */
static bool add_range(
	struct state *st, const struct reference *r, unsigned int low, unsigned int high)
{
	bool any = false, carried = false;

	for (unsigned int vid = low < 1 ? 1 : low; vid <= high && vid <= VEX_VID_MAX; vid++) {
		int v = st->vlan_by_vid[vid];

		/* `default` that nobody wrote joins by name or single id only. */
		if (v == STATE_NONE || st->vlans[v].node == NULL)
			continue;
		any = true;
		add_member(st, r, (unsigned int)v);
		carried |= lport_set_has(&st->vlans[v].members, r->lport);
	}
	if (any && !carried)
		state_err(st, VEX_ERR_CONFLICT, r->node, r->text,
			"%s means secondary VLANs only, which a trunk carries as their primary "
			"VLAN; "
			"name that one",
			r->text);
	return any;
}

/* One word of `vlan members`. */
static void add_word(struct state *st, struct reference *r)
{
	unsigned int low, high, first, count;
	int v;

	if (strcmp(r->text, "all") == 0) {
		r->many = true;
		if (!add_range(st, r, 1, VEX_VID_MAX))
			state_err(st, VEX_ERR_NOT_FOUND, r->node, r->text,
				"no VLAN is configured that `members all` could mean; say `vlans "
				"NAME "
				"vlan-id N`");
	} else if (state_id_range(r->text, &low, &high) && strchr(r->text, '-') != NULL) {
		r->many = true;
		if (low < 1 || high > VEX_VID_MAX || low > high)
			state_err(st, VEX_ERR_VALUE, r->node, r->text,
				"%s is not a range of VLAN ids; write FIRST-LAST, both 1 to %d",
				r->text, VEX_VID_MAX);
		else if (!add_range(st, r, low, high))
			state_vlan_unknown(st, r->node, r->text);
	} else if (state_vlan_lookup(st, r->text, &first, &count)) {
		for (unsigned int i = first; i < first + count; i++)
			add_member(st, r, i);
	} else {
		v = state_vlan_ref(st, r->node, r->text);
		if (v != STATE_NONE)
			add_member(st, r, (unsigned int)v);
	}
}

static void port_side(struct state *st)
{
	for (unsigned int l = 0; l < VEX_LPORTS_MAX; l++) {
		const struct lyd_node *m = state_find(st->lports[l].switching, "vlan/members");

		for (; m != NULL; m = state_next(m)) {
			struct reference r = {.lport = l, .node = m, .text = state_value(m)};

			add_word(st, &r);
		}
	}
}

static void vlan_side(struct state *st)
{
	/* Adding members makes no VLAN here, so n_vlans stays. */
	for (unsigned int i = 0; i < st->n_vlans; i++) {
		const struct lyd_node *m = state_child(st->vlans[i].node, "interface");

		for (; m != NULL; m = state_next(m)) {
			int l = state_bridged_lport(st, m, state_value(m));
			struct reference r = {.node = m, .text = state_value(m)};

			if (l == STATE_NONE)
				continue;
			r.lport = (unsigned int)l;
			add_member(st, &r, i);
		}
	}
}

/* A port with family ethernet-switching and no VLAN is an access port of `default`. */
static void join_default(struct state *st, unsigned int l)
{
	struct state_lport *lport = &st->lports[l];
	int v = state_default_vlan(st);
	char buf[CTL_LPORT_NAME_SIZE];

	if (v == STATE_NONE) {
		state_err(st, VEX_ERR_MISSING, lport->switching, NULL,
			"%s has no VLAN, and there is no VLAN default since VLAN %s has id 1; say "
			"`vlan "
			"members NAME`",
			state_lport_name(st, l, buf), st->vlans[st->vlan_by_vid[1]].name);
		return;
	}
	lport_set_add(&st->vlans[v].members, l);
	lport->untagged = v;
	lport->n_vlans = 1;
}

static void native_vlan(struct state *st, unsigned int l)
{
	struct state_lport *lport = &st->lports[l];
	const char *text = state_value(lport->native);
	struct reference r = {.lport = l, .node = lport->native, .text = text};
	int v = state_vlan_ref(st, lport->native, text);

	if (v == STATE_NONE)
		return;
	add_member(st, &r, (unsigned int)v);
	lport->untagged = v;
}

void state_members(struct state *st)
{
	char buf[CTL_LPORT_NAME_SIZE];

	port_side(st);
	vlan_side(st);
	for (unsigned int l = 0; l < VEX_LPORTS_MAX; l++) {
		struct state_lport *lport = &st->lports[l];

		if (!lport->bridged)
			continue;
		if (lport->trunk && lport->native != NULL)
			native_vlan(st, l);
		if (!lport->trunk && lport->n_vlans == 0 &&
			state_find(lport->switching, "vlan/members") == NULL)
			join_default(st, l);
		if (lport->trunk && lport->n_vlans == 0 &&
			state_find(lport->switching, "vlan/members") == NULL)
			state_err(st, VEX_ERR_MISSING, lport->switching, NULL,
				"trunk %s carries no VLAN; say `vlan members [ NAMES ]` or `vlan "
				"members all`",
				state_lport_name(st, l, buf));
	}
}
