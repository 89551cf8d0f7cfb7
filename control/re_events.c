/* SPDX-License-Identifier: BSD-3-Clause */
/* What vex-pfe says unasked: to the system log, the traces, and what `show` remembers. */
#include <inttypes.h>

#include "control/re.h"
#include "control/re_event.h"

#define EVENTS_PER_ROUND 1024
/* One source of new addresses must not fill the log. */
#define LIMITS_PER_SECOND 50

static void trace(struct re *re, const struct vex_event *event)
{
	struct timespec now;
	char text[256];

	uint32_t flag = re_event_trace(event);

	if (flag == 0 || !re_log_traces(re->log, CTL_LOG_TRACE_L2, flag) ||
		!re_event_text(re->image, event, text, sizeof(text)))
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	re_log_trace(re->log, now, CTL_LOG_TRACE_L2, flag, text);
}

/* True if the event may go to the log; those that may not are counted and told of later. */
static bool within_rate(struct re *re, const struct vex_event *event)
{
	time_t now = time(NULL);

	if (event->type != VEX_EVENT_MAC_LIMIT)
		return true;
	if (now != re->limit_second) {
		if (re->limit_events > LIMITS_PER_SECOND)
			re_syslog(re, CTL_LOG_DAEMON, CTL_LOG_WARNING,
				"L2ALD_MAC_LIMIT_REACHED_IFBD",
				"%u more addresses above a MAC limit were not logged",
				re->limit_events - LIMITS_PER_SECOND);
		re->limit_second = now;
		re->limit_events = 0;
	}
	return ++re->limit_events <= LIMITS_PER_SECOND;
}

static void take(struct re *re, const struct vex_event *event)
{
	enum ctl_log_facility facility;
	enum ctl_log_severity severity;
	const char *tag = re_event_tag(event, &facility, &severity);
	char text[256];

	trace(re, event);
	mac_events_count(&re->mac, event);
	if (tag != NULL && within_rate(re, event) &&
		re_event_text(re->image, event, text, sizeof(text)))
		re_syslog(re, facility, severity, tag, "%s", text);
}

bool re_events_step(struct re *re)
{
	struct vex_event event;
	uint32_t lost;
	int n;

	for (n = 0; n < EVENTS_PER_ROUND && vex_ring_pop(&re->shm.event, &event) > 0; n++)
		take(re, &event);
	show_live_sample(
		re->live, re_pfe_pid(re) > 0 ? re->shm.cnt : NULL, re_now_ms(), time(NULL));
	lost = vex_ring_lost(&re->shm.event);
	if (lost > 0) {
		re->mac_stale = true;
		re->events_lost += lost;
		re_syslog(re, CTL_LOG_DAEMON, CTL_LOG_WARNING, "PFE_EVENTS_LOST",
			"%" PRIu32 " events were lost", lost);
	}
	re_mac_step(re);
	return n == EVENTS_PER_ROUND;
}
