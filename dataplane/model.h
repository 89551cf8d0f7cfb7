/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_MODEL_H
#define VEX_DATAPLANE_MODEL_H

/* Inside of a model instance: the engine, and the image that knows the names. */

#include "control/ctl.h"
#include "dataplane/engine.h"
#include "dataplane/model_api.h"
#include "dataplane/xt_record.h"

struct trace;

struct vexmodel {
	struct engine *engine;
	struct ctl_image *image;
	struct buf *taken; /* of the frame that was taken last */
	struct trace *trace;
	struct xt_recorder recorder;
};

/* vexmodel_create on pools that outlive the instance; NULL: its own. */
struct vexmodel *model_create(const char *text, size_t len, const char *name,
	const struct vexmodel_options *options, struct buf_pools *pools, char **error);

/* The unit of a logical port, "ge-0/0/0.0". */
#define MODEL_UNIT_SIZE (CTL_LPORT_NAME_SIZE + 2)
const char *model_unit_name(
	const struct vexmodel *m, unsigned int lport, char buf[MODEL_UNIT_SIZE]);

/* Name of the VLAN of a bridge domain, "?" if it has none. */
const char *model_vlan_name(const struct vexmodel *m, unsigned int bd);

/* An address as text, "02:00:00:00:00:01". */
#define MODEL_MAC_SIZE 18
const char *model_mac_text(uint64_t mac, char buf[MODEL_MAC_SIZE]);

/* Traces of the pipeline (model_trace.c); NULL without memory. */
struct trace *trace_create(const struct vexmodel *m, vexmodel_write_fn write, void *ctx);
void trace_destroy(struct trace *t);
const struct pipeline_tracer *trace_tracer(const struct trace *t);

#endif
