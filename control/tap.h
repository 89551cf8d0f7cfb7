/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_TAP_H
#define VEX_CONTROL_TAP_H

/*
 * tap: the kernel's side of a front-panel port, one tap of the instance's network namespace.
 *
 * It has the name of the port, without what a name of an interface may not hold ('/' and ':'
 * become '_': et-0/1/0:0 is et-0_1_0_0), the port's address, and its MTU. It has a carrier while
 * the port has a link. What is written to its descriptor the kernel receives; what the kernel sends
 * is read from it, a whole frame a call, without FCS. Its queue lives as long as a descriptor.
 *
 * Functions return false with errno. Requests go by a socket of the namespace (sup_netns.h), from
 * wherever they are made.
 */

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

/* The interface of a port, "ge-0_0_0"; returns buf. */
char *tap_name(const char *port, char buf[IFNAMSIZ]);

/*
 * Make a tap in the namespace of the calling thread: down, without a carrier. Its descriptor
 * (close-on-exec, not blocking) or -1. Without the last descriptor the tap is gone.
 */
int tap_open(const char *name);

/* The name that a tap has now. */
bool tap_get_name(int fd, char buf[IFNAMSIZ]);

bool tap_set_carrier(int fd, bool carrier);
bool tap_set_mac(int sock, const char *name, const uint8_t mac[6]);
/* Of the payload: the port's own MTU, less the 14 bytes of addresses and type. */
bool tap_set_mtu(int sock, const char *name, unsigned int mtu);
bool tap_set_up(int sock, const char *name, bool up);
/* On a kernel before 6.2 it is down meanwhile. */
bool tap_rename(int sock, const char *from, const char *to);

#endif
