/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_PLATFORM_INT_H
#define VEX_CONTROL_PLATFORM_INT_H

/*
 * Inside the reader of platform files: platform_json.c has the file and its tables of members,
 * platform_device.c the devices of ports.
 */

#include <jansson.h>

#include "control/platform.h"

#define PLATFORM_PATH_SIZE 128

struct platform_reader {
	struct platform *p;
	struct vex_errs *errs;
	const char *file;
	bool has_mac;
	bool ok; /* nothing was refused */
};

/* A member that an object may have: JSON_TRUE means true or false, JSON_NULL anything. */
struct platform_member {
	const char *name;
	json_type type;
	void (*read)(struct platform_reader *r, const char *path, const json_t *value, void *what);
	size_t offset; /* in the object that is made, of what read gets */
};

/* Adds an error about the member at a path. */
__attribute__((format(printf, 5, 6))) void platform_refuse(struct platform_reader *r,
	enum vex_err_kind kind, const char *path, const char *value, const char *fmt, ...);

/* "an array". */
const char *platform_type_name(json_type type);

/* A name from the file, fit to be shown: short and without bytes that a terminal obeys. */
char *platform_shown(const char *name, char buf[48]);

/* Reads every member of an object into @what, and refuses others. */
void platform_read_members(struct platform_reader *r, const char *path, const json_t *object,
	const struct platform_member *members, size_t n, void *what);

/* Reads a string, not empty, into the char * at @what. */
void platform_read_string(
	struct platform_reader *r, const char *path, const json_t *value, void *what);

/* Reads what stands behind a port. */
void platform_read_device(struct platform_reader *r, const char *path, const json_t *value,
	struct platform_port *port);

#endif
