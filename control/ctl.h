/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ctl: a configuration as the data plane needs it.
 *
 * ctl_load() turns configuration text into an image: the chassis that it describes, and the table
 * operations (dataplane/ops.h) that make an empty switch behave as it says. It either succeeds or
 * reports every mistake of the text; there is no half-loaded configuration.
 *
 *	struct vex_errs errs = {0};
 *	struct ctl_image *image;
 *	if (ctl_load(text, len, "leaf.conf", &image, &errs) != 0)
 *		... errs.v[0 .. errs.n) ...
 *	... give image->ops, in this order and in one transaction, to the data plane ...
 *	ctl_image_free(image);
 *
 * The operations come in the order in which they may be applied: switch, ports, LAGs, members of
 * LAGs, VLANs (a primary VLAN before its secondary ones), port sets of VLANs, logical ports, limits
 * of a VLAN on a port, static addresses, policers. Two texts that say the same in another order give the same
 * operations, byte for byte.
 *
 * Numbers: a port is its index in the chassis; a logical port is that index, or 128 + K for aeK; the
 * bridge domain of a VLAN is its VLAN id, so that a VLAN keeps it over every change of the
 * configuration.
 *
 * Without statements under `interfaces` and `vlans` the factory default holds: every access port
 * (PIC 0) is in VLAN `default`, id 1, untagged.
 *
 * An image is read-only once made and refers to nothing outside itself; several threads may read it.
 */
#ifndef VEX_CONTROL_CTL_H
#define VEX_CONTROL_CTL_H

#include <stddef.h>
#include <stdint.h>

#include "control/ctl_log.h"
#include "control/err.h"
#include "dataplane/ops.h"
#include "ports/chassis.h"

/* Bytes of the longest name that ctl_lport_name() writes, with the terminating zero. */
#define CTL_LPORT_NAME_SIZE (CHASSIS_NAME_SIZE + 2)

struct cfg;

/*
 * The hardware under a configuration. What it says, the configuration may repeat but not contradict;
 * ports that have no device are there all the same, and down.
 */
struct ctl_platform {
	const char *file; /* that says so, for errors; borrowed, like all strings */
	struct chassis_spec chassis;
	struct {
		const char *device;   /* "af_xdp" */
		unsigned int max_mtu; /* that the device takes; 0: any */
	} port[CHASSIS_PORTS_MAX];
};

/* A VLAN, which is one bridge domain. */
struct ctl_vlan {
	char *name;
	uint16_t bd;
	uint16_t vid;
};

/* An aggregated interface. */
struct ctl_lag {
	uint16_t lag;	/* K of aeK */
	uint16_t lport; /* 128 + K */
	uint16_t minimum_links;
	uint16_t n_ports;
	uint16_t ports[VEX_LAG_MEMBERS_MAX]; /* ascending */
};

/* What ctl_load() makes. Everything is owned by the image. */
struct ctl_image {
	struct chassis *chassis;
	char *host_name; /* NULL if the configuration has none */
	struct vex_op *ops;
	size_t n_ops;
	struct ctl_vlan *vlans; /* ascending by VLAN id */
	size_t n_vlans;
	struct ctl_lag *lags; /* ascending by number */
	size_t n_lags;
	struct lport_set named; /* logical ports under `interfaces` */
	struct ctl_log log;
	unsigned int mac_notify_s; /* switch-options mac-notification: interval, 0: off */
	bool mac_events;	   /* somebody wants VEX_SWITCH_MAC_EVENTS */
};

/*
 * Make an image from @len bytes of @text, which need not end in zero; NULL or length 0 is the
 * factory default. @file is the name that errors carry. Returns 0, or -1 with *out NULL and every
 * error appended to @errs, sorted by position.
 */
int ctl_load(const char *text, size_t len, const char *file, struct ctl_image **out,
	struct vex_errs *errs);

/*
 * The same from a configuration that cfg_parse() or cfg_parse_with() has made, at depth CFG_DATA;
 * it is only read and may be freed afterwards.
 */
int ctl_load_cfg(const struct cfg *cfg, struct ctl_image **out, struct vex_errs *errs);

/*
 * The same two on a chassis that the platform file gives; @platform NULL: whatever the
 * configuration says. Another model, scale, extension module or channel speed is an error that
 * names both. ctl_load_cfg_on() expects that cfg_schema_set_chassis() was told of the platform.
 */
int ctl_load_on(const struct ctl_platform *platform, const char *text, size_t len, const char *file,
	struct ctl_image **out, struct vex_errs *errs);
int ctl_load_cfg_on(const struct ctl_platform *platform, const struct cfg *cfg,
	struct ctl_image **out, struct vex_errs *errs);

/* Free an image; NULL is allowed. */
void ctl_image_free(struct ctl_image *image);

/* The VLAN with a bridge domain, NULL if there is none. */
const struct ctl_vlan *ctl_vlan_by_bd(const struct ctl_image *image, unsigned int bd);

/*
 * Write the name of a logical port without its unit, "ge-0/0/0" or "ae0", to @buf and return @buf;
 * "?" for a number that is neither a port of the chassis nor that of a LAG. The LAG need not be
 * in the image: an operation may have made it.
 */
const char *ctl_lport_name(
	const struct ctl_image *image, unsigned int lport, char buf[CTL_LPORT_NAME_SIZE]);

/*
 * The reverse: the logical port of a name, with or without the unit `.0`; -1 if there is none. A
 * LAG is found if the configuration has it.
 */
int ctl_lport_find(const struct ctl_image *image, const char *name);

#endif
