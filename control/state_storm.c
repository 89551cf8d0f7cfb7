/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "control/cfg_int.h"
#include "control/state.h"

/* Of the port's speed, when a profile names no rate. */
#define STORM_DEFAULT_PERCENT 80

static const struct lyd_node *first_profile(const struct state *st)
{
	return state_find(st->root, "forwarding-options/storm-control-profiles");
}

/* The classes that a profile polices, VEX_STORM_*. */
static uint32_t classes(const struct lyd_node *all)
{
	static const struct {
		const char *name;
		uint32_t exempts;
	} words[] = {
		{"no-broadcast", VEX_STORM_BROADCAST},
		{"no-multicast", VEX_STORM_REGISTERED_MULTICAST | VEX_STORM_UNREGISTERED_MULTICAST},
		{"no-registered-multicast", VEX_STORM_REGISTERED_MULTICAST},
		{"no-unregistered-multicast", VEX_STORM_UNREGISTERED_MULTICAST},
		{"no-unknown-unicast", VEX_STORM_UNKNOWN_UNICAST},
	};
	uint32_t flags = VEX_STORM_CLASSES;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (state_child(all, words[i].name) != NULL)
			flags &= ~words[i].exempts;
	return flags;
}

static void check_profile(struct state *st, const struct lyd_node *profile)
{
	const struct lyd_node *all = state_child(profile, "all");
	const struct lyd_node *percentage = state_child(all, "bandwidth-percentage");

	if (all == NULL)
		state_err(st, VEX_ERR_MISSING, profile, state_value(profile),
			"storm control profile %s polices nothing; say `all`, with bandwidth-level "
			"or "
			"bandwidth-percentage",
			state_value(profile));
	else if (classes(all) == 0)
		state_err(st, VEX_ERR_CONFLICT, all, NULL,
			"storm control profile %s exempts every class of traffic; remove one `no-` "
			"statement, or the profile",
			state_value(profile));
	if (percentage != NULL && state_child(all, "bandwidth-level") != NULL)
		state_err(st, VEX_ERR_CONFLICT, percentage, state_value(percentage),
			"storm control profile %s has both bandwidth-level and "
			"bandwidth-percentage; "
			"keep one",
			state_value(profile));
}

/* The profile that a port names, NULL if it was refused. */
static const struct lyd_node *find_profile(struct state *st, const struct lyd_node *ref)
{
	const char *name = state_value(ref);
	struct cfg_near near = {.word = name};

	for (const struct lyd_node *p = first_profile(st); p != NULL; p = state_next(p)) {
		if (strcmp(state_value(p), name) == 0)
			return p;
		cfg_near_try(&near, state_value(p));
	}
	if (near.best != NULL)
		state_err(st, VEX_ERR_NOT_FOUND, ref, name,
			"there is no storm control profile %s; did you mean %s?", name, near.best);
	else
		state_err(st, VEX_ERR_NOT_FOUND, ref, name,
			"there is no storm control profile %s; say `forwarding-options "
			"storm-control-profiles %s all`",
			name, name);
	return NULL;
}

void state_storm(struct state *st)
{
	for (const struct lyd_node *p = first_profile(st); p != NULL; p = state_next(p))
		check_profile(st, p);
	for (unsigned int l = 0; l < VEX_LPORTS_MAX; l++) {
		const struct lyd_node *ref = state_child(st->lports[l].switching, "storm-control");

		if (ref != NULL)
			st->lports[l].storm = find_profile(st, ref);
	}
}

void state_storm_op(const struct lyd_node *profile, uint32_t speed_mbps, struct vex_op_port *op)
{
	const struct lyd_node *all = state_child(profile, "all");
	const struct lyd_node *level = state_child(all, "bandwidth-level");
	uint64_t percent = state_number(
		state_child(all, "bandwidth-percentage"), STORM_DEFAULT_PERCENT);

	if (all == NULL)
		return;
	op->storm_flags = classes(all);
	if (state_child(profile, "action-shutdown") != NULL)
		op->storm_flags |= VEX_STORM_SHUTDOWN;
	op->storm_kbps = level != NULL ? state_number(level, 0) : speed_mbps * percent * 10;
	/* A rate above the line's polices as little as the line's own. */
	if (op->storm_kbps > (uint64_t)speed_mbps * 1000)
		op->storm_kbps = (uint64_t)speed_mbps * 1000;
}
