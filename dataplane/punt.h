/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_PUNT_H
#define VEX_DATAPLANE_PUNT_H

/*
 * Punted frames: what the routing engine gets, by protocol, and how much of it.
 *
 * Every frame that is for the switch itself belongs to one protocol of punt.def. Each protocol has
 * a policer, so that a flood of one neither drowns the routing engine nor starves another. What the
 * policer does not pass is DROP_PUNT_POLICED at its port. Policers work on the packets' own time,
 * offline as well as live, so that both builds give the same; with the default rates a capture must
 * hold over 20,000 frames of one protocol to meet one.
 *
 * The policer is a bucket of `burst` frames that fills at `pps` frames a second, kept as a single
 * word, the time at which the bucket would be full again: several workers feed it and change it by
 * compare-and-swap. A frame takes ceil(10^12 / pps) ps of it, so the rate is never exceeded, and is
 * below the configured one by less than a ten-millionth.
 *
 * Counters are per worker in struct counters; passed = received - dropped.
 */

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "dataplane/clock.h"

enum punt_protocol {
#define PUNT(number, name, junos, pps, burst, text) PUNT_##name = number,
#include "dataplane/punt.def"
#undef PUNT
	PUNT_PROTOCOLS,
};

#define PUNT_PPS_MAX   100000u
#define PUNT_BURST_MAX 100000u

/* The configured rate of a protocol; pps 0: not policed, and burst is 0 as well. */
struct punt_rate {
	uint32_t pps;
	uint32_t burst;
};

/* Frames of a protocol that one worker saw. */
struct punt_counters {
	uint64_t received;
	uint64_t dropped; /* by the policer */
};

/* Buckets of a switch, shared by its workers; zero: full. As far apart as lines. */
struct punt_policer {
	_Atomic uint64_t full_at;
	uint64_t pad[7];
};

struct punt_policers {
	struct punt_policer of[PUNT_PROTOCOLS];
};

/* Name in the configuration, "lldp", and what it is; NULL if there is no such protocol. */
const char *punt_name(unsigned int protocol);
const char *punt_text(unsigned int protocol);

/* The protocol of a name, -1 if there is none. */
int punt_find(const char *name);

/* The rate of a protocol that nobody configured. */
struct punt_rate punt_default(unsigned int protocol);

/* Takes a frame at a time from a bucket; false if it does not fit, which takes nothing. */
bool punt_police(struct punt_policer *p, const struct punt_rate *rate, vex_time now);

#endif
