/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/state.h"

/* A value that is given, or NULL for the default of the chassis. */
static const char *given(const struct lyd_node *node)
{
	return node != NULL ? state_value(node) : NULL;
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
			spec->channel_mbps[n] = chassis_speed_parse(state_value(speed));
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
	const struct lyd_node *model = state_child(chassis, "model");
	struct chassis_spec spec = {
		.model = given(model),
		.scale = given(state_child(chassis, "scale")),
		.extension_module = given(state_child(chassis, "extension-module")),
	};
	struct chassis_error error;

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
