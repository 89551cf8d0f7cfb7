/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_RE_PUNT_H
#define VEX_CONTROL_RE_PUNT_H

/*
 * re_punt: frames between vex-pfe and the taps of the ports (tap.h).
 *
 * A frame of the punt ring is written to the tap of the port on which it arrived, whole, with its
 * tags: the kernel of the instance's namespace receives it, and so does every program there. A frame
 * that the kernel sends on a tap goes to the inject ring and leaves the port as it is.
 *
 *	punt = re_punt_create(base, &shm, &options);
 *	re_punt_apply(punt, image);		names, MTUs, ports that are disabled
 *	on the doorbell of vex-pfe:		re_punt_step(punt)
 *	when vex-pfe shows links:		re_punt_links(punt)
 *
 * Neither side can hold up the loop: a round moves a bounded number of frames, and comes back. While
 * the inject ring is full frames wait in the taps, whose queues (500 frames) then overflow in the
 * kernel. What a tap does not take is counted and dropped.
 *
 * Everything in the punt ring is checked; a frame of an impossible port or length is counted as bad.
 * One thread. Without taps every function does nothing.
 */

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>

#include "control/ctl.h"
#include "control/shm.h"

struct re_punt_options {
	const char *tap_fds; /* "7,8,9" in port order, taken over; NULL: there are no taps */
	int netns_fd;	     /* socket in the namespace of the taps, taken over */
	int doorbell;	     /* eventfd: wakes vex-pfe */
};

struct re_punt_counts {
	uint64_t to_taps;
	uint64_t tap_full; /* that a tap did not take, or a tap that is down */
	uint64_t bad;	   /* from the ring, of an impossible port or length */
	uint64_t lost;	   /* that vex-pfe found no room for */
	uint64_t from_taps;
	uint64_t refused; /* read from a tap, and too long or too short to be sent */
};

struct re_punt;

/* NULL without memory, or with a list of descriptors that is none. */
struct re_punt *re_punt_create(
	struct event_base *base, struct vex_shm *shm, const struct re_punt_options *options);
void re_punt_free(struct re_punt *punt);

/* The image is installed: taps get the names and MTUs of their ports. */
void re_punt_apply(struct re_punt *punt, const struct ctl_image *image);

/* Carriers of the taps, by the links that vex-pfe shows. */
void re_punt_links(struct re_punt *punt);

/* Moves punted frames to the taps, as many as one round may; true if there may be more. */
bool re_punt_step(struct re_punt *punt);

/* How many taps there are. */
unsigned int re_punt_taps(const struct re_punt *punt);

void re_punt_counts(const struct re_punt *punt, struct re_punt_counts *counts);

#endif
