/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_RE_EVENT_H
#define VEX_CONTROL_RE_EVENT_H

/* re_event: what happened in the data plane, in words. */

#include <stdbool.h>
#include <stddef.h>

#include "control/abi.h"
#include "control/ctl.h"

/*
 * One line without newline for the log, made of an event as it came from the ring, whatever is in
 * it. False, with buf empty, for an event that is not worth a line: addresses come and go.
 */
bool re_event_text(
	const struct ctl_image *image, const struct vex_event *event, char *buf, size_t size);

#endif
