/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_FILE_H
#define VEX_CONTROL_FILE_H

/* Whole files as texts. */

#include <stddef.h>
#include <stdio.h>

/*
 * At most @max bytes, and a zero after them, in memory that the caller frees. NULL with errno, EFBIG
 * if there is more.
 */
char *file_read(const char *path, size_t max, size_t *len);
char *file_read_stream(FILE *f, size_t max, size_t *len);

#endif
