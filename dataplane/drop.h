/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_DROP_H
#define VEX_DATAPLANE_DROP_H

/*
 * Drop reasons: the composition of every folder's X_drops.def, each declared beside the stage that
 * does it. A packet that ends without being sent, punted or consumed has exactly one of them.
 */

#include <stdint.h>

enum drop_reason {
	DROP_NONE,
#define DROP(name, side, text) DROP_##name,
#include "dataplane/dataplane_drops.def"
#include "ports/ports_drops.def"
#include "qos/qos_drops.def"
#undef DROP
	DROP_REASONS,
};

enum drop_side {
	DROP_SIDE_IN,	 /* on the way in: charged to the ingress port */
	DROP_SIDE_OUT,	 /* a copy, before it was queued: charged to the egress port */
	DROP_SIDE_QUEUE, /* after it was queued */
};

/* Name as in the counters, "RUNT"; reason must be below DROP_REASONS. */
const char *drop_name(unsigned int reason);
const char *drop_text(unsigned int reason);
enum drop_side drop_side(unsigned int reason);

#endif
