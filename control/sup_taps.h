/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_SUP_TAPS_H
#define VEX_CONTROL_SUP_TAPS_H

/*
 * sup_taps: the taps of an instance, one a front-panel port (tap.h), in port order. The supervisor
 * holds their descriptors, so that they outlive vex-re, which inherits them. They are made up and
 * without a carrier, with the names that the platform gives the ports, MTU 1500, and the address of
 * the port: base address and number. vex-re changes names and MTUs when the configuration does.
 */

#include "control/platform.h"
#include "control/sup_netns.h"

struct sup_taps {
	unsigned int n; /* 0: there are none */
	int fd[CHASSIS_PORTS_MAX];
};

/* Make all taps of a platform. 0, or -1 with a sentence in @err and no tap. */
int sup_taps_open(struct sup_taps *taps, const struct sup_netns *ns,
	const struct platform *platform, char *err, size_t err_size);
void sup_taps_close(struct sup_taps *taps);

/* Base address and number of a port. */
void sup_taps_mac(const struct platform *platform, unsigned int port, uint8_t mac[6]);

#endif
