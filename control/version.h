/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_VERSION_H
#define VEX_CONTROL_VERSION_H

/* The release, as every program names it. */
#define VEX_VERSION "0.1"

#endif
