/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_SHOW_PORT_H
#define VEX_CONTROL_SHOW_PORT_H

/* One interface of `show interfaces`: a port or a LAG, and its unit. */

#include <libyang/libyang.h>

#include "control/show_util.h"

enum show_level {
	SHOW_TERSE,
	SHOW_DESCRIPTIONS,
	SHOW_BRIEF,
	SHOW_FULL,
};

struct show_port {
	const struct show_ctx *ctx;
	const struct show_conf *c;
	unsigned int lport;
	char name[CTL_LPORT_NAME_SIZE];
	const struct chassis_port *is; /* NULL: a LAG */
	const struct ctl_lag *lag;     /* NULL: a port */
	const struct lyd_node *node;   /* interfaces NAME; NULL: not configured */
	struct show_status status;
	struct port_counters counts;
	struct show_rates rates;
	uint64_t changes, missed, errors, no_buffer; /* of the device */
};

void show_port_of(struct show_port *p, const struct show_ctx *ctx, const struct show_conf *c,
	unsigned int lport);

/* The statement `interfaces NAME`; NULL if there is none. */
const struct lyd_node *show_interface_node(const struct cfg *cfg, const char *name);

/* "" if there is none; of the unit if @logical. */
const char *show_port_description(const struct show_port *p, bool logical);

/* The physical interface, with its unit. */
json_t *show_port_tree(const struct show_port *p, enum show_level level);

/* The unit; NULL if there is none. */
json_t *show_port_logical(const struct show_port *p, enum show_level level);

#endif
