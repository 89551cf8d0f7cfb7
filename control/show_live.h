/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_SHOW_LIVE_H
#define VEX_CONTROL_SHOW_LIVE_H

/*
 * show_live: what vex-re must remember between two commands so that it can show rates, the time
 * of the last change of a link, and counters since they were cleared.
 *
 *	struct show_live *live = show_live_create();
 *	once a second, and at once after VEX_EVENT_LINK:
 *		show_live_sample(live, cnt, monotonic_ms, unix_time);
 *
 * Counters in the segment only grow. Clearing them remembers what they were; a new life of vex-pfe
 * begins at zero and forgets that. Nothing here writes to the segment. One thread.
 */

#include <stdbool.h>
#include <stdint.h>

#include "control/abi.h"

/* Events per second, over the last second or so. */
struct show_rates {
	uint64_t rx_packets, rx_bits, tx_packets, tx_bits;
};

/* A link as it was seen. */
struct show_link {
	bool known; /* false: vex-pfe has not been seen since vex-re began */
	bool up;
	uint64_t changes; /* since vex-pfe began */
	int64_t changed;  /* Unix time of the last change that was seen; 0: none was */
};

struct show_live;

/* NULL without memory. */
struct show_live *show_live_create(void);
void show_live_free(struct show_live *live);

/* Look at the counters; @cnt NULL: vex-pfe does not run. Cheap enough for every event. */
void show_live_sample(
	struct show_live *live, const struct vex_cnt *cnt, uint64_t now_ms, int64_t now);

/* Of a physical port, zeros if nothing is known. */
struct show_rates show_live_rates(const struct show_live *live, unsigned int port);
struct show_link show_live_link(const struct show_live *live, unsigned int port);

/* All workers together, since vex-pfe began, or since they were cleared. */
void show_live_port(const struct show_live *live, const struct vex_cnt *cnt, unsigned int port,
	struct port_counters *sum);
/* Everything of struct counters but the ports. */
void show_live_switch(
	const struct show_live *live, const struct vex_cnt *cnt, struct counters *sum);
/* Packets and clocks of the stages, VEX_STAGES_MAX each. */
void show_live_stages(const struct show_live *live, const struct vex_cnt *cnt,
	uint64_t packets[VEX_STAGES_MAX], uint64_t clocks[VEX_STAGES_MAX]);

/* Unix time of the last clear; 0: never in this life. */
int64_t show_live_cleared(const struct show_live *live, unsigned int port);

/* Count anew from now on: a physical port; switch and stages. */
void show_live_clear_port(
	struct show_live *live, const struct vex_cnt *cnt, unsigned int port, int64_t now);
void show_live_clear_switch(struct show_live *live, const struct vex_cnt *cnt);

#endif
