/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_STAGE_H
#define VEX_DATAPLANE_STAGE_H

/*
 * Stages: one packet step each, one file each, in the order of pipeline.def.
 *
 * A stage is a small program over numbered external transactions: it reads and writes the packets
 * of its burst and reaches everything else only through the xt_* functions. It keeps no state of
 * its own and gives the same result for any split of the packets into bursts.
 */

#include <stdint.h>

#include "dataplane/burst.h"

struct xt;

/* Needs of a packet; a stage whose need nothing in the burst has is skipped. */
#define FEATURE_ALWAYS 0u
#define FEATURE_STORM  (1u << 0) /* ingress port has storm control */
#define FEATURE_LAG    (1u << 1) /* a copy leaves by a LAG */
#define FEATURE_PUNT   (1u << 2) /* a packet is for the switch itself */

#define STAGE(walk, name, feature, text) void stage_##name(struct xt *xt, struct burst *b);
#include "dataplane/pipeline.def"
#undef STAGE

#endif
