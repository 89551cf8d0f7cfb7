/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "control/state.h"

/*
 * A value of the chassis: that of the configuration, or of the platform, or NULL for the default.
 * @otherwise is what the platform has if its file does not say.
 */
static const char *given(struct state *st, const struct lyd_node *chassis, const char *name,
	const char *platform, const char *otherwise)
{
	const struct lyd_node *node = state_child(chassis, name);
	const char *has = platform != NULL ? platform : otherwise;

	if (node == NULL)
		return platform;
	if (st->platform != NULL && strcmp(state_value(node), has) != 0)
		state_err(st, VEX_ERR_CONFLICT, node, state_value(node),
			"the configuration says %s %s, the platform %s has %s; delete the "
			"statement "
			"or change the platform file",
			name, state_value(node), st->platform->file, has);
	return state_value(node);
}

/* The channel speed of a port of the 100G pair, which the platform must share. */
static void read_channel(
	struct state *st, const struct lyd_node *speed, unsigned int n, struct chassis_spec *spec)
{
	uint32_t mbps = chassis_speed_parse(state_value(speed));

	if (st->platform != NULL && mbps != spec->channel_mbps[n])
		state_err(st, VEX_ERR_CONFLICT, speed, state_value(speed),
			"the configuration splits et-0/1/%u into channels of %s, the platform %s "
			"has "
			"%s; say \"channel-speed\": {\"et-0/1/%u\": \"%s\"} there",
			n, state_value(speed), st->platform->file,
			spec->channel_mbps[n] ? chassis_speed_text(spec->channel_mbps[n])
					      : "no channels",
			n, state_value(speed));
	spec->channel_mbps[n] = mbps;
}

/* Channel speeds of the 100G pair: fpc 0 pic 1 port N channel-speed S. */
static void read_channels(
	struct state *st, const struct lyd_node *chassis, struct chassis_spec *spec)
{
	const struct lyd_node *pic, *port, *speed;

	/* The schema has only fpc 0. */
	for (pic = state_find(chassis, "fpc/pic"); pic != NULL; pic = state_next(pic)) {
		unsigned int p = state_number(state_child(pic, "name"), 0);

		for (port = state_child(pic, "port"); port != NULL; port = state_next(port)) {
			unsigned int n = state_number(state_child(port, "name"), 0);

			speed = state_child(port, "channel-speed");
			if (speed == NULL)
				continue;
			if (p != 1 || n >= CHASSIS_PAIR_PORTS) {
				state_err(st, VEX_ERR_VALUE, speed, state_value(speed),
					"pic %u port %u cannot be split into channels; only the "
					"100G "
					"ports can, pic 1 port 0 and port 1",
					p, n);
				continue;
			}
			read_channel(st, speed, n, spec);
		}
	}
}

static enum vex_err_kind error_kind(enum chassis_error_kind kind)
{
	return kind == CHASSIS_NO_MEMORY ? VEX_ERR_INTERNAL : VEX_ERR_VALUE;
}

bool state_chassis(struct state *st)
{
	const struct lyd_node *chassis = state_child(st->root, "chassis");
	struct chassis_spec spec = {0};
	struct chassis_error error;

	if (st->platform != NULL)
		spec = st->platform->chassis;
	spec.model = given(st, chassis, "model", spec.model, chassis_model_name(0));
	spec.scale = given(st, chassis, "scale", spec.scale, "ex4400");
	spec.extension_module = given(
		st, chassis, "extension-module", spec.extension_module, "no module");
	read_channels(st, chassis, &spec);
	st->chassis = chassis_create(&spec, &error);
	if (st->chassis == NULL) {
		state_err(st, error_kind(error.kind), chassis, error.value, "%s", error.text);
		return false;
	}
	st->n_ports = chassis_port_count(st->chassis);
	st->n_lags = state_number(
		state_find(chassis, "aggregated-devices/ethernet/device-count"), 0);
	return true;
}
