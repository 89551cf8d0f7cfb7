/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/re_alarm.h"

#include <stdio.h>
#include <string.h>

bool re_alarm_major(enum re_alarm_kind kind)
{
	return kind >= RE_ALARM_INSTALL;
}

bool re_alarm_chassis(enum re_alarm_kind kind)
{
	return kind >= RE_ALARM_RESTARTS;
}

bool re_alarm_put(struct re_alarms *alarms, enum re_alarm_kind kind, unsigned int number,
	const char *text, time_t now, struct re_alarm *out)
{
	struct re_alarm *alarm = alarms->v, *end = alarms->v + alarms->n;
	bool known;

	while (alarm < end && (alarm->kind != kind || alarm->number != number))
		alarm++;
	known = alarm < end;
	if (!known && (text == NULL || alarms->n == RE_ALARMS_MAX))
		return false;
	if (!known) {
		*alarm = (struct re_alarm){.kind = kind, .number = number, .since = now};
		alarms->n++;
	}
	if (text != NULL)
		snprintf(alarm->text, sizeof(alarm->text), "%s", text);
	if (out != NULL)
		*out = *alarm;
	if (text == NULL) {
		memmove(alarm, alarm + 1, (size_t)(end - alarm - 1) * sizeof(*alarm));
		alarms->n--;
	}
	return !known || text == NULL;
}

bool re_pulse_stopped(struct re_pulse *pulse, uint64_t beat, time_t now, unsigned int seconds)
{
	if (pulse->since == 0 || pulse->beat != beat || now < pulse->since) {
		pulse->beat = beat;
		pulse->since = now;
	}
	return now - pulse->since > (time_t)seconds;
}
