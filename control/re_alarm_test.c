/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/re_alarm.h"

#include <stdio.h>

#include "tests/unit/unit.h"

static void begin_and_end(void)
{
	static struct re_alarms alarms;
	struct re_alarm alarm;

	CU_ASSERT_TRUE(re_alarm_put(&alarms, RE_ALARM_WORKER, 1, "one", 10, NULL));
	CU_ASSERT_TRUE(re_alarm_put(&alarms, RE_ALARM_WORKER, 2, "two", 20, NULL));
	CU_ASSERT_TRUE(re_alarm_put(&alarms, RE_ALARM_RESCUE, 0, "rescue", 30, NULL));
	CU_ASSERT_FALSE(re_alarm_put(&alarms, RE_ALARM_WORKER, 1, "uno", 40, &alarm));
	CU_ASSERT_EQUAL(alarm.since, 10);
	CU_ASSERT_STRING_EQUAL(alarm.text, "uno");
	CU_ASSERT_EQUAL(alarms.n, 3);
	CU_ASSERT_TRUE(re_alarm_put(&alarms, RE_ALARM_WORKER, 1, NULL, 50, &alarm));
	CU_ASSERT_STRING_EQUAL(alarm.text, "uno");
	CU_ASSERT_FALSE(re_alarm_put(&alarms, RE_ALARM_WORKER, 1, NULL, 60, NULL));
	CU_ASSERT_EQUAL_FATAL(alarms.n, 2);
	CU_ASSERT_STRING_EQUAL(alarms.v[0].text, "two");
	CU_ASSERT_STRING_EQUAL(alarms.v[1].text, "rescue");
	CU_ASSERT_TRUE(re_alarm_put(&alarms, RE_ALARM_WORKER, 1, "again", 70, &alarm));
	CU_ASSERT_EQUAL(alarm.since, 70);
}

static void bounded(void)
{
	static struct re_alarms alarms;

	for (unsigned int i = 0; i < RE_ALARMS_MAX; i++)
		CU_ASSERT_TRUE(re_alarm_put(&alarms, RE_ALARM_DEVICE, i, "gone", 1, NULL));
	CU_ASSERT_FALSE(re_alarm_put(&alarms, RE_ALARM_RESCUE, 0, "rescue", 1, NULL));
	CU_ASSERT_TRUE(re_alarm_put(&alarms, RE_ALARM_DEVICE, 0, NULL, 1, NULL));
	CU_ASSERT_TRUE(re_alarm_put(&alarms, RE_ALARM_RESCUE, 0, "rescue", 1, NULL));
}

static void pulses(void)
{
	struct re_pulse pulse = {0};

	CU_ASSERT_FALSE(re_pulse_stopped(&pulse, 7, 100, 5));
	CU_ASSERT_FALSE(re_pulse_stopped(&pulse, 7, 105, 5));
	CU_ASSERT_TRUE(re_pulse_stopped(&pulse, 7, 106, 5));
	CU_ASSERT_FALSE(re_pulse_stopped(&pulse, 8, 107, 5));
	CU_ASSERT_FALSE(re_pulse_stopped(&pulse, 8, 112, 5));
	/* A clock that was set back accuses nobody. */
	CU_ASSERT_FALSE(re_pulse_stopped(&pulse, 8, 50, 5));
	CU_ASSERT_TRUE(re_pulse_stopped(&pulse, 8, 56, 5));
}

static void classes(void)
{
	CU_ASSERT_FALSE(re_alarm_major(RE_ALARM_RESCUE));
	CU_ASSERT_FALSE(re_alarm_major(RE_ALARM_EVENTS));
	CU_ASSERT_TRUE(re_alarm_major(RE_ALARM_INSTALL));
	CU_ASSERT_TRUE(re_alarm_major(RE_ALARM_DEVICE));
	CU_ASSERT_FALSE(re_alarm_chassis(RE_ALARM_RESCUE));
	CU_ASSERT_FALSE(re_alarm_chassis(RE_ALARM_INSTALL));
	CU_ASSERT_TRUE(re_alarm_chassis(RE_ALARM_WORKER));
}

static const struct unit_case cases[] = {
	{"an alarm begins once, changes its text, and ends once", begin_and_end},
	{"the list is bounded", bounded},
	{"a heartbeat that stands still is noticed", pulses},
	{"classes", classes},
};

const struct unit_suite re_alarm_suite = {.name = "re_alarm", .cases = cases, .n = UNIT_N(cases)};
