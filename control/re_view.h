/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_RE_VIEW_H
#define VEX_CONTROL_RE_VIEW_H

/*
 * re_view: the struct show_ctx of an instance, with what its pointers point to. It holds until the
 * loop turns.
 */

#include <limits.h>

#include "control/re.h"
#include "control/re_alarm.h"
#include "control/show.h"

struct re_view {
	struct show_ctx ctx;
	char log_dir[PATH_MAX + 8];
	struct show_process processes[3];
	struct confdb_entry log[CONFDB_ROLLBACKS];
	struct show_commit commits[CONFDB_ROLLBACKS];
	struct show_alarm alarms[RE_ALARMS_MAX];
	struct show_session sessions[RE_SESSIONS_MAX];
};

/* Everything but the dumps. */
void re_view_fill(struct re_view *view, struct re *re);

#endif
