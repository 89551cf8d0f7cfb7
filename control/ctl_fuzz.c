/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any bytes as a configuration, all the way to operations. Either there are errors or there is an
 * image, and the data plane's tables take every operation of an image, in its order.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "control/cfg.h"
#include "control/ctl.h"
#include "dataplane/tables.h"
#include "ports/chassis_tables.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct cfg_schema *schema_once(void)
{
	static struct cfg_schema *schema;
	struct vex_errs errs = {0};

	if (schema == NULL)
		schema = cfg_schema_create(&errs);
	if (schema == NULL)
		abort();
	return schema;
}

static void stage_all(const struct ctl_image *image)
{
	const struct table_scale limits = chassis_table_scale(image->chassis);
	struct tables *t = tables_create(chassis_port_count(image->chassis), &limits);

	if (t == NULL)
		abort();
	for (size_t i = 0; i < image->n_ops; i++) {
		const struct vex_op *op = &image->ops[i];
		enum vex_status status = tables_stage(t, op);

		if (status != VEX_OK) {
			fprintf(stderr, "operation %zu, %s: %s\n", i, vex_op_type_name(op->type),
				vex_status_name(status));
			abort();
		}
	}
	tables_derive(t);
	tables_destroy(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vex_errs errs = {0};
	struct ctl_image *image = NULL;
	struct cfg *cfg = cfg_parse_with(
		schema_once(), CFG_DATA, (const char *)data, size, "fuzz.conf", &errs);

	if (cfg != NULL) {
		int status = ctl_load_cfg(cfg, &image, &errs);

		if ((status == 0) != (image != NULL) || (status == 0) == vex_errs_any(&errs))
			abort();
	}
	if (image != NULL)
		stage_all(image);
	ctl_image_free(image);
	cfg_free(cfg);
	vex_errs_free(&errs);
	return 0;
}
