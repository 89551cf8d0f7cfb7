/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_SUP_WATCH_H
#define VEX_CONTROL_SUP_WATCH_H

/*
 * The watch of the supervisor over the threads of vex-pfe, by their heartbeats in the counters
 * segment: a thread whose heartbeat has stood still for SUP_HUNG_MS hangs. (An idle worker sleeps for
 * 20 ms at most, and its heartbeat goes on.) Each change is a line in the log. Nothing is killed: a
 * thread that the machine does not run looks the same.
 *
 * An alarm is what needs a person's attention now; it goes when its cause does.
 */

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "control/abi.h"

#define SUP_HUNG_MS 1000u

/* One thread's heartbeat. Zeroed: not seen yet. */
struct sup_heart {
	uint64_t beats;
	uint64_t since_ms;  /* when it was first seen so; 0: never */
	time_t hangs_since; /* 0: it goes on */
};

enum sup_heart_change {
	SUP_HEART_SAME,
	SUP_HEART_HANGS,
	SUP_HEART_GOES_ON,
};

struct sup_watch {
	struct event *timer;
	uint32_t life; /* of vex-pfe that the hearts belong to */
	struct sup_heart housekeeping;
	struct sup_heart worker[VEX_WORKERS_MAX];
};

/* What a heartbeat says at a time; monotonic milliseconds, and the time of day. */
enum sup_heart_change sup_heart_see(
	struct sup_heart *heart, uint64_t beats, uint64_t now_ms, time_t now);

#endif
