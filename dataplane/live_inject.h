/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_LIVE_INJECT_H
#define VEX_DATAPLANE_LIVE_INJECT_H

/* live_inject: what of the inject ring may be sent. Nothing that control writes is trusted. */

#include <stdbool.h>

#include "control/shm.h"
#include "dataplane/tables.h"

/*
 * Whether a record, of which the ring gave @length bytes, is a frame that its port takes: whole, for a
 * port of the chassis that is up and has a link, and within its MTU. A member of a LAG takes
 * frames while the LAG is down, and a port that spanning tree blocks: their protocols are what
 * brings them up.
 */
bool live_inject_ok(const struct tables *t, const struct vex_inject *r, int length);

#endif
