/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_OFFLINE_H
#define VEX_DATAPLANE_OFFLINE_H

/*
 * The offline switch: packet files in, packet files out. The same code over the model's library
 * and over vex-pfe's pipeline, which is why both write the same bytes.
 *
 * Exit statuses: 0 all input was processed; 1 a bad configuration, input or output file, with one
 * line on standard error that says what and where; 2 usage.
 */

#include <stdbool.h>
#include <stdint.h>

#include "dataplane/model_api.h"

struct buf_pools;

enum offline_exit {
	OFFLINE_OK,
	OFFLINE_FAILED,
	OFFLINE_USAGE,
};

struct offline_options {
	const char *program;
	const char *config; /* NULL: factory default */
	const char *in;
	const char *out; /* with batch: a folder for results, or NULL */
	const char *counters;
	const char *tables;
	const char *trace;
	const char *batch;
	const char *eal; /* vex-pfe: more arguments for DPDK */
	bool offline;	 /* vex-pfe: --offline was given */
	bool until_given;
	uint64_t until_ps;
	struct vexmodel_options model;
};

/*
 * Reads the command line. Returns OFFLINE_OK to go on; otherwise help or a usage error was printed
 * and *status is the exit status. pfe: the options of vex-pfe are allowed and required.
 */
bool offline_parse(
	struct offline_options *o, int argc, char **argv, bool pfe, enum offline_exit *status);

/* Runs one configuration and capture; pools as in model_create. */
enum offline_exit offline_run(const struct offline_options *o, struct buf_pools *pools);

/* Runs every vector folder below o->batch and compares; see offline_batch.c. */
enum offline_exit offline_batch(const struct offline_options *o, struct buf_pools *pools);

/* Either of the two, as the options say. */
enum offline_exit offline_main(const struct offline_options *o, struct buf_pools *pools);

/* Reads a whole file; NULL, with a line on standard error, if that fails. Freed by the caller. */
char *offline_read_file(const char *path, size_t *len);

#endif
