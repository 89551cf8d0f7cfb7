/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_RE_ALARM_H
#define VEX_CONTROL_RE_ALARM_H

/*
 * re_alarm: what an operator should look at, while it lasts.
 *
 * An alarm is a kind and, for those that may stand several times, a number (a port, a worker). It has
 * a class, a text and the time at which it began. The list is a plain value; who changes it by
 * re_alarm_put() learns whether that was news.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

enum re_alarm_kind {
	RE_ALARM_RESCUE,      /* minor: rescue configuration is not set */
	RE_ALARM_UNCONFIRMED, /* minor: a commit waits to be confirmed */
	RE_ALARM_LOG,	      /* minor: messages do not get to the disk or to hosts */
	RE_ALARM_EVENTS,      /* minor: events of vex-pfe were lost */
	RE_ALARM_INSTALL,     /* major: the configuration is not installed */
	RE_ALARM_RESTARTS,    /* major: vex-pfe dies again and again */
	RE_ALARM_HANGS,	      /* major: housekeeping of vex-pfe stands still */
	RE_ALARM_WORKER,      /* major: a worker stands still; number: which */
	RE_ALARM_DEVICE,      /* major: the device of a port has gone; number: the port */
	RE_ALARM_KINDS,
};

#define RE_ALARM_TEXT_SIZE 160
#define RE_ALARMS_MAX	   256

struct re_alarm {
	enum re_alarm_kind kind;
	unsigned int number;
	time_t since;
	char text[RE_ALARM_TEXT_SIZE];
};

/* All zero is the empty list. In the order in which they began. */
struct re_alarms {
	struct re_alarm v[RE_ALARMS_MAX];
	size_t n;
};

/*
 * The alarm holds from @now on with this text, or, with NULL, no longer. True if that is new; another
 * text is not. *out (NULL: not wanted) is the alarm as it is, or was. Beyond RE_ALARMS_MAX nothing
 * is kept.
 */
bool re_alarm_put(struct re_alarms *alarms, enum re_alarm_kind kind, unsigned int number,
	const char *text, time_t now, struct re_alarm *out);

/* Major or minor; of the chassis (`show chassis alarms`) or of the system. */
bool re_alarm_major(enum re_alarm_kind kind);
bool re_alarm_chassis(enum re_alarm_kind kind);

/* True if a heartbeat has had the same value for more than @seconds. */
struct re_pulse {
	uint64_t beat;
	time_t since; /* it has had this value; 0: never seen */
};
bool re_pulse_stopped(struct re_pulse *pulse, uint64_t beat, time_t now, unsigned int seconds);

#endif
