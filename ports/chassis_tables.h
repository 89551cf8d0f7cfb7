/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_PORTS_CHASSIS_TABLES_H
#define VEX_PORTS_CHASSIS_TABLES_H

/* The sizes of the data plane's tables that a chassis has; for whoever puts the two together. */

#include "dataplane/tables.h"
#include "ports/chassis.h"

static inline struct table_scale chassis_table_scale(const struct chassis *c)
{
	const struct chassis_scale *s = chassis_scale(c);

	return (struct table_scale){
		.macs = s->macs,
		.vlans = s->vlans,
		.lags = s->lags,
		.lag_members = s->lag_members,
		.stp_instances = VEX_STP_INSTANCES_MAX,
	};
}

#endif
