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

/* The CTL_TRACE_* of an event in the trace of l2-learning; 0: it is not traced there. */
uint32_t re_event_trace(const struct vex_event *event);

/*
 * The same as a message of the system log: the tag (lives for ever), which is Junos' where Junos
 * says such a thing, facility and severity. NULL where re_event_text() is false, and for changes of
 * the MAC table, which are too many.
 */
const char *re_event_tag(const struct vex_event *event, enum ctl_log_facility *facility,
	enum ctl_log_severity *severity);

#endif
