/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Private VLANs (RFC 5517), and from them the port sets of every VLAN.
 *
 *   port                                    VLANs it is a member of
 *   isolated, community port                access port of the secondary VLAN
 *   promiscuous port                        access port or trunk of the primary VLAN
 *   inter-switch link                       trunk of the primary VLAN, with inter-switch-link
 *
 *   VLAN        accepted from (IN)          sent to (OUT)
 *   primary     promiscuous, ISL            all ports of the group
 *   isolated    its ports, ISL              promiscuous, ISL
 *   community   its ports, ISL              promiscuous, ISL, its ports
 */
#include <string.h>

#include "control/state.h"

/* ---- which VLAN is what ---- */

/* Does this VLAN continue the vlan-id-list of the one before it? */
static bool continues_list(const struct state *st, unsigned int i)
{
	return i > 0 && st->vlans[i].node == st->vlans[i - 1].node;
}

static void read_kind(struct state *st, unsigned int i)
{
	struct state_vlan *v = &st->vlans[i];
	const struct lyd_node *kind = state_child(v->node, "private-vlan");
	const struct lyd_node *isolated = state_child(v->node, "isolated-vlan");
	const struct lyd_node *community = state_child(v->node, "community-vlans");
	const struct lyd_node *any = kind != NULL ? kind : isolated != NULL ? isolated : community;

	if (any == NULL)
		return;
	if (state_child(v->node, "vlan-id-list") != NULL) {
		if (!continues_list(st, i))
			state_err(st, VEX_ERR_CONFLICT, any, state_value(any),
				"a private VLAN has one vlan-id, not a vlan-id-list");
		return;
	}
	if (kind != NULL && (isolated != NULL || community != NULL)) {
		any = isolated != NULL ? isolated : community;
		state_err(st, VEX_ERR_CONFLICT, any, state_value(any),
			"VLAN %s is a secondary VLAN (private-vlan) and cannot have secondary "
			"VLANs of "
			"its own",
			v->name);
	}
	if (kind == NULL)
		v->kind = STATE_VLAN_PRIMARY;
	else if (strcmp(state_value(kind), "isolated") == 0)
		v->kind = STATE_VLAN_ISOLATED;
	else
		v->kind = STATE_VLAN_COMMUNITY;
}

static const char *kind_name(enum state_vlan_kind kind)
{
	return kind == STATE_VLAN_ISOLATED ? "isolated" : "community";
}

/* The primary VLAN names a secondary one of this kind. */
static void link_secondary(struct state *st, unsigned int primary, const struct lyd_node *node,
	enum state_vlan_kind kind)
{
	const char *name = state_value(node);
	int s = state_vlan_ref(st, node, name);
	struct state_vlan *v;

	if (s == STATE_NONE || st->vlans[primary].kind != STATE_VLAN_PRIMARY)
		return;
	v = &st->vlans[s];
	if (v->kind != kind) {
		state_err(st, VEX_ERR_CONFLICT, node, name,
			"VLAN %s is not %s; say `vlans %s private-vlan %s`, or name another one "
			"here",
			v->name,
			kind == STATE_VLAN_ISOLATED ? "an isolated VLAN" : "a community VLAN",
			v->name, kind_name(kind));
		return;
	}
	if (v->primary != STATE_NONE && v->primary != (int)primary) {
		state_err(st, VEX_ERR_CONFLICT, node, name,
			"VLAN %s is a secondary VLAN of %s already and can be that of one primary "
			"VLAN "
			"only",
			v->name, st->vlans[v->primary].name);
		return;
	}
	v->primary = (int)primary;
}

void state_pvlans(struct state *st)
{
	/* References to `default` may append a VLAN, which is an ordinary one. */
	unsigned int n = st->n_vlans;

	for (unsigned int i = 0; i < n; i++)
		read_kind(st, i);
	for (unsigned int i = 0; i < n; i++) {
		const struct lyd_node *node = st->vlans[i].node;
		const struct lyd_node *c = state_child(node, "community-vlans");

		if (continues_list(st, i))
			continue;
		if (state_child(node, "isolated-vlan") != NULL)
			link_secondary(
				st, i, state_child(node, "isolated-vlan"), STATE_VLAN_ISOLATED);
		for (; c != NULL; c = state_next(c))
			link_secondary(st, i, c, STATE_VLAN_COMMUNITY);
	}
	for (unsigned int i = 0; i < n; i++) {
		const struct state_vlan *v = &st->vlans[i];

		if (state_secondary(v) && v->primary == STATE_NONE)
			state_err(st, VEX_ERR_MISSING, v->node, v->name,
				"VLAN %s is %s VLAN of no primary VLAN; say `vlans PRIMARY %s "
				"%s`",
				v->name,
				v->kind == STATE_VLAN_ISOLATED ? "an isolated" : "a community",
				v->kind == STATE_VLAN_ISOLATED ? "isolated-vlan"
							       : "community-vlans",
				v->name);
	}
}

/* ---- ports ---- */

static bool is_isl(const struct state *st, unsigned int l)
{
	return st->lports[l].trunk && st->lports[l].inter_switch;
}

void state_pvlan_ports(struct state *st)
{
	char buf[CTL_LPORT_NAME_SIZE];

	for (unsigned int l = 0; l < VEX_LPORTS_MAX; l++) {
		bool primary = false;

		if (!is_isl(st, l))
			continue;
		for (unsigned int i = 0; i < st->n_vlans; i++) {
			const struct state_vlan *v = &st->vlans[i];

			if (!lport_set_has(&v->members, l))
				continue;
			primary |= v->kind == STATE_VLAN_PRIMARY;
			if (state_secondary(v) && v->primary != STATE_NONE &&
				!lport_set_has(&st->vlans[v->primary].members, l))
				state_err(st, VEX_ERR_CONFLICT, st->lports[l].switching, v->name,
					"inter-switch link %s has secondary VLAN %s without its "
					"primary "
					"VLAN; add %s to its members",
					state_lport_name(st, l, buf), v->name,
					st->vlans[v->primary].name);
		}
		if (!primary)
			state_err(st, VEX_ERR_CONFLICT,
				state_child(st->lports[l].switching, "inter-switch-link"), NULL,
				"inter-switch-link needs the primary VLAN of a private VLAN among "
				"the "
				"members of %s",
				state_lport_name(st, l, buf));
	}
}

/* ---- port sets ---- */

static void set_or(struct lport_set *to, const struct lport_set *from)
{
	for (size_t w = 0; w < sizeof(to->word) / sizeof(to->word[0]); w++)
		to->word[w] |= from->word[w];
}

/* The ports of a set whose untagged VLAN is @index. */
static void untagged_of(
	const struct state *st, const struct lport_set *ports, int index, struct lport_set *to)
{
	for (unsigned int l = 0; l < VEX_LPORTS_MAX; l++)
		if (lport_set_has(ports, l) && st->lports[l].untagged == index)
			lport_set_add(to, l);
}

/* Ports of an ordinary VLAN or promiscuous ports and inter-switch links of a primary one. */
static void member_sets(struct state *st, unsigned int i)
{
	struct state_vlan *v = &st->vlans[i];

	set_or(&v->set[VEX_VLAN_IN], &v->members);
	set_or(&v->set[VEX_VLAN_OUT], &v->members);
	untagged_of(st, &v->members, (int)i, &v->set[VEX_VLAN_UNTAGGED]);
	set_or(&v->set[VEX_VLAN_IN], &v->voice);
	set_or(&v->set[VEX_VLAN_OUT], &v->voice);
}

static void secondary_sets(struct state *st, unsigned int i)
{
	struct state_vlan *v = &st->vlans[i];
	struct state_vlan *primary = &st->vlans[v->primary];
	struct lport_set hosts = v->members;

	for (unsigned int l = 0; l < VEX_LPORTS_MAX; l++) {
		if (is_isl(st, l)) {
			lport_set_del(&hosts, l);
			if (!lport_set_has(&primary->members, l))
				continue;
			lport_set_add(&v->set[VEX_VLAN_IN], l);
			if (st->lports[l].untagged == (int)i)
				lport_set_add(&v->set[VEX_VLAN_UNTAGGED], l);
		} else if (lport_set_has(&primary->members, l)) {
			bool untagged = st->lports[l].untagged == v->primary;

			lport_set_add(
				&v->set[untagged ? VEX_VLAN_UNTAGGED : VEX_VLAN_PRIMARY_TAG], l);
		}
	}
	set_or(&v->set[VEX_VLAN_IN], &hosts);
	set_or(&v->set[VEX_VLAN_OUT], &primary->members);
	if (v->kind == STATE_VLAN_COMMUNITY) {
		set_or(&v->set[VEX_VLAN_OUT], &hosts);
		set_or(&v->set[VEX_VLAN_UNTAGGED], &hosts);
	}
	set_or(&primary->set[VEX_VLAN_OUT], &hosts);
	set_or(&primary->set[VEX_VLAN_UNTAGGED], &hosts);
}

void state_vlan_sets(struct state *st)
{
	for (unsigned int i = 0; i < st->n_vlans; i++)
		if (!state_secondary(&st->vlans[i]))
			member_sets(st, i);
		else if (st->vlans[i].primary != STATE_NONE)
			secondary_sets(st, i);
}
