/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_PIPELINE_H
#define VEX_DATAPLANE_PIPELINE_H

/*
 * The walk of pipeline.def, in two forms: fused at compile time for speed, and a plain loop over a
 * table, which traces. Both do the same.
 *
 * The fused walk counts packets by stage if somebody wants to know (xt->meter), and CPU clocks in every
 * PIPELINE_SAMPLE-th burst: reading the clock after each stage costs more than some stages. What an
 * egress walk in the middle of replication takes is charged to its own stages.
 */

#include "dataplane/stage.h"

#define PIPELINE_SAMPLE 16u

enum pipeline_walk {
	PIPELINE_INGRESS,
	PIPELINE_EGRESS,
};

struct pipeline_stage {
	const char *name;
	const char *text;
	enum pipeline_walk walk;
	uint32_t feature;
	void (*run)(struct xt *xt, struct burst *b);
};

/* Stages in order; the count is PIPELINE_STAGES. */
extern const struct pipeline_stage pipeline_stages[];

enum {
#define STAGE(walk, name, feature, text) PIPELINE_STAGE_##name,
#include "dataplane/pipeline.def"
#undef STAGE
	PIPELINE_STAGES,
};

/* Called after each stage of a traced walk, for the burst that it ran on. */
struct pipeline_tracer {
	void (*stage)(void *ctx, const struct pipeline_stage *stage, const struct burst *b);
	void *ctx;
};

/*
 * Walks a burst of received packets through every stage, counts and frees what ends here. The
 * burst is empty afterwards.
 */
void pipeline_run(struct xt *xt, struct burst *b);

/* Runs the egress walk over xt->egress, which is empty afterwards. */
void pipeline_egress(struct xt *xt);

#endif
