/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_SUP_NETNS_H
#define VEX_CONTROL_SUP_NETNS_H

/*
 * sup_netns: the network namespace of an instance, vex-NAME.
 *
 * It is bound to /run/netns/vex-NAME as ip(8) does it, so `ip netns exec vex-NAME tcpdump` works. It
 * belongs to the supervisor for as long as that lives: the kernel holds its lock on the namespace
 * itself, so a namespace that a crashed supervisor left is known, removed and made anew, and one
 * of a living supervisor (the same name in another run directory) is left alone.
 *
 * IPv6 is off by default on its interfaces: the kernel would otherwise speak by itself (neighbour
 * discovery, MLD) on every tap, and so on every port. Who wants it turns it on for an interface.
 *
 * Making and entering namespaces needs CAP_SYS_ADMIN. It happens in a thread of its own, which
 * ends there: the supervisor never leaves its own namespace.
 */

#include <stdbool.h>
#include <stddef.h>

#include "control/platform.h"

#define SUP_NETNS_NAME_SIZE (PLATFORM_INSTANCE_MAX + 5)

struct sup_netns {
	char name[SUP_NETNS_NAME_SIZE]; /* "vex-NAME" */
	int fd;				/* the namespace, locked; -1: there is none */
	int sock;			/* a socket in it, for requests about its interfaces */
};

/* The name of an instance's namespace; returns buf. */
char *sup_netns_name(const char *instance, char buf[SUP_NETNS_NAME_SIZE]);

/*
 * Make the namespace. 0, or -1 with a sentence in @err and nothing left behind. Descriptors are
 * close-on-exec.
 */
int sup_netns_open(struct sup_netns *ns, const char *instance, char *err, size_t err_size);

/* Remove it; what still runs in it keeps it without a name. Fine if there is none. */
void sup_netns_close(struct sup_netns *ns);

/* Call a function in the namespace, in a thread of its own; false if that cannot be. */
bool sup_netns_run(const struct sup_netns *ns, void (*run)(void *arg), void *arg);

#endif
