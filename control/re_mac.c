/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Changes of the MAC table. Where events are missing (the ring was full, or one side was started
 * again) the table is read instead, at most once a second.
 */
#include <inttypes.h>

#include "control/re.h"

#define READ_PAUSE_MS 1000

static void on_read(void *ctx, const struct re_dump_result *result)
{
	struct re *re = ctx;
	struct timespec now;
	char text[128];

	re->mac_reading = false;
	if (result->error != NULL) {
		re->mac_stale = true;
		return;
	}
	clock_gettime(CLOCK_REALTIME, &now);
	re->mac.reads++;
	re->mac.addresses = result->count;
	re->mac.read = now.tv_sec;
	snprintf(text, sizeof(text), "table was read in place of events: %" PRIu64 " addresses",
		result->count);
	re_log_trace(re->log, now, CTL_LOG_TRACE_L2, CTL_TRACE_LEARNING | CTL_TRACE_AGING, text);
}

static void read_table(struct re *re, uint64_t now)
{
	if (!re->mac_stale || re->mac_reading || now < re->mac_read_ms || !re_pfe_installed(re) ||
		!re_sync_learned(re->sync, on_read, re))
		return;
	re->mac_stale = false;
	re->mac_reading = true;
	re->mac_read_ms = now + READ_PAUSE_MS;
	event_active(re->timer, EV_TIMEOUT, 0);
}

static void tell(struct re *re, uint64_t now)
{
	const struct mac_events *m = &re->mac, *told = &re->mac_told;

	if (re->image->mac_notify_s == 0) {
		re->mac_told = *m;
		re->mac_tell_ms = 0;
		return;
	}
	if (re->mac_tell_ms > now)
		return;
	re->mac_tell_ms = now + re->image->mac_notify_s * UINT64_C(1000);
	if (m->learned != told->learned || m->moved != told->moved || m->gone != told->gone)
		re_syslog(re, CTL_LOG_DAEMON, CTL_LOG_NOTICE, "L2ALD_MAC_NOTIFICATION",
			"addresses: %" PRIu64 " learned, %" PRIu64 " moved, %" PRIu64 " gone",
			m->learned - told->learned, m->moved - told->moved, m->gone - told->gone);
	re->mac_told = *m;
}

void re_mac_step(struct re *re)
{
	uint64_t now = re_now_ms();

	if (!re->image->mac_events)
		re->mac_followed = re->mac_stale = false;
	else if (!re->mac_followed)
		re->mac_followed = re->mac_stale = true;
	read_table(re, now);
	tell(re, now);
}
