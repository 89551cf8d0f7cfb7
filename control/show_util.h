/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_SHOW_UTIL_H
#define VEX_CONTROL_SHOW_UTIL_H

/* What the files show_*.c share; nobody else includes it. The outside is show.h. */

#include "control/show.h"
#include "control/show_live.h"

#include "ports/chassis.h"

#define SHOW_TIME_SIZE 40
#define SHOW_AGO_SIZE  40
#define SHOW_BOTH_SIZE (SHOW_TIME_SIZE + SHOW_AGO_SIZE + 8)
#define SHOW_MAC_SIZE  18

/* ---- Arguments -------------------------------------------------------------------------------- */

/*
 * True if @args is NULL or null, or an object whose members are all in @names ("level", "name",
 * NULL) and strings, numbers or true. Otherwise an error.
 */
bool show_args_ok(const json_t *args, const char *const *names, struct vex_errs *errs);
/* The text of a member, NULL if it is not there or no text. */
const char *show_arg(const json_t *args, const char *name);
/* True if the member is there and true. */
bool show_flag(const json_t *args, const char *name);

__attribute__((format(printf, 4, 5))) void show_error(
	struct vex_errs *errs, enum vex_err_kind kind, const char *value, const char *fmt, ...);
/* vex-pfe does not run, or a dump failed. */
void show_no_pfe(struct vex_errs *errs);

/* ---- Trees ------------------------------------------------------------------------------------ */

/* Members of an object; a NULL text is left out. */
void show_text(json_t *o, const char *name, const char *text);
void show_number(json_t *o, const char *name, uint64_t n);
__attribute__((format(printf, 3, 4))) void show_format(
	json_t *o, const char *name, const char *fmt, ...);
/* {"name": [...]}: the list, to be filled, borrowed from the new object *tree. */
json_t *show_list(json_t **tree, const char *outer, const char *name);

/* ---- Texts ------------------------------------------------------------------------------------ */

/* "2026-11-22 21:00:00 UTC". Returns buf. */
char *show_time(int64_t time, char buf[SHOW_TIME_SIZE]);
/* Junos' durations: "00:00:12", "1d 02:03", "3w2d 04:05". Returns buf. */
char *show_ago(int64_t seconds, char buf[SHOW_AGO_SIZE]);
/* "2026-11-22 21:00:00 UTC (00:00:12 ago)". Returns buf. */
char *show_time_ago(int64_t time, int64_t now, char buf[SHOW_BOTH_SIZE]);
char *show_mac(const uint8_t mac[6], char buf[SHOW_MAC_SIZE]);
/* Six octets in hexadecimal; false if the text is no address. */
bool show_mac_parse(const char *text, uint8_t mac[6]);
/* A file of a few lines, for /proc; NULL if it cannot be read. To be freed. */
char *show_file(const char *dir, const char *name);

/* ---- Processes -------------------------------------------------------------------------------- */

struct show_proc {
	char state; /* as in /proc/PID/stat */
	unsigned int threads;
	double cpu_seconds; /* user and system, since it began */
	uint64_t rss_kb;
};

/* Of a process that runs; false if there is none. */
bool show_proc_read(const struct show_ctx *ctx, int pid, struct show_proc *p);

/* ---- Configuration, as the operations say it -------------------------------------------------- */

struct show_conf {
	const struct vex_op_switch *sw;
	const struct vex_op_port *port[VEX_PORTS_MAX];
	const struct vex_op_lag *lag[VEX_LAGS_MAX];
	int bundle[VEX_PORTS_MAX]; /* LAG of a port, -1: none */
	const struct vex_op_lport *lport[VEX_LPORTS_MAX];
	const struct vex_op_vlan *vlan[VEX_BDS_MAX];
	const struct vex_op_vlan_ports *set[VEX_BDS_MAX][VEX_VLAN_SETS];
	struct lport_set bridged; /* in a VLAN */
	struct lport_set trunk;	  /* in trunk mode, and left by some VLAN with a tag */
};

/* To be freed by free(); NULL without memory. Points into the image. */
struct show_conf *show_conf(const struct show_ctx *ctx);
/* Is a logical port in a set of a VLAN? */
bool show_in(const struct show_conf *c, unsigned int bd, enum vex_vlan_set set, unsigned int lport);

/* ---- Ports ------------------------------------------------------------------------------------ */

struct show_status {
	bool exists;
	bool bound; /* has a device; of a LAG: has members */
	bool admin;
	bool link;	    /* the device says so; of a LAG: enough members are up */
	bool up;	    /* forwards: admin, link, and not shut down by the data plane */
	unsigned int cause; /* enum drop_reason of a shutdown */
	uint32_t mbps;	    /* of the link; of a LAG: of all members that are up */
	int64_t changed;    /* Unix time; 0: not known */
};

/* Of a logical port number: a physical port or a LAG. */
struct show_status show_status(
	const struct show_ctx *ctx, const struct show_conf *c, unsigned int lport);
/* The LAG of a number, NULL if the configuration has none. */
const struct ctl_lag *show_lag(const struct ctl_image *image, unsigned int lport);
/* SNMP ifIndex of a port or LAG, and of its unit 0. The same for as long as the chassis is. */
unsigned int show_ifindex(unsigned int lport, bool logical);
/* Address of a port: base + number; of a LAG: that of its first member, else of the switch. */
void show_port_mac(const struct show_ctx *ctx, unsigned int lport, uint8_t mac[6]);

/*
 * The ports and LAGs that a name or a pattern of `*`, `?` and `[0-3,7]` means, with or without
 * `.0`; @pattern NULL: all that there are. *logical: the name had a unit. False with an error, the one of Junos, if
 * nothing has this name.
 */
bool show_select(const struct ctl_image *image, const char *pattern, struct lport_set *set,
	bool *logical, struct vex_errs *errs);
/* True if @name fits the pattern. */
bool show_match(const char *pattern, const char *name);

/* The VLAN of a name or an id; NULL with an error. */
const struct ctl_vlan *show_vlan(
	const struct ctl_image *image, const char *name, struct vex_errs *errs);

/* Calls that run through ports in the order in which Junos prints them: ports, then LAGs. */
#define SHOW_LPORTS(i) for (unsigned int i = 0; i < VEX_LPORTS_MAX; i++)

/* ---- The functions of the tables, in the files that their names say ---------------------------- */

#define SHOW_MAKE(fn) \
	json_t *fn(const struct show_ctx *ctx, const json_t *args, struct vex_errs *errs)

#define CLEAR_MAKE(fn)                                                                 \
	bool fn(const struct show_ctx *ctx, const json_t *args, struct clear_ops *ops, \
		struct vex_errs *errs)

#define REQUEST_MAKE(fn)                                                                        \
	enum show_request fn(const struct show_ctx *ctx, const json_t *args, const char **text, \
		struct vex_errs *errs)

SHOW_MAKE(show_version);
SHOW_MAKE(show_system_uptime);
SHOW_MAKE(show_system_processes);
SHOW_MAKE(show_system_commit);
SHOW_MAKE(show_system_alarms);
SHOW_MAKE(show_system_users);
SHOW_MAKE(show_system_storage);
SHOW_MAKE(show_system_memory);
SHOW_MAKE(show_chassis_hardware);
SHOW_MAKE(show_chassis_environment);
SHOW_MAKE(show_chassis_fpc);
SHOW_MAKE(show_chassis_alarms);
SHOW_MAKE(show_chassis_routing_engine);
SHOW_MAKE(show_interfaces);
SHOW_MAKE(show_vlans);
SHOW_MAKE(show_mac_table);
SHOW_MAKE(show_persistent);
SHOW_MAKE(show_mac_limit);
SHOW_MAKE(show_mac_statistics);
SHOW_MAKE(show_switching_interface);
SHOW_MAKE(show_l2_global);
SHOW_MAKE(show_mac_notification);
SHOW_MAKE(show_pfe_statistics);
SHOW_MAKE(show_pfe_table_switch);
SHOW_MAKE(show_pfe_table_port);
SHOW_MAKE(show_pfe_table_lag);
SHOW_MAKE(show_pfe_table_vlan);
SHOW_MAKE(show_pfe_table_vlan_ports);
SHOW_MAKE(show_pfe_table_lport);
SHOW_MAKE(show_pfe_table_port_limit);
SHOW_MAKE(show_pfe_table_stp);
SHOW_MAKE(show_pfe_table_punt);
SHOW_MAKE(show_pfe_table_mac);
SHOW_MAKE(show_log);
SHOW_MAKE(show_ddos);

CLEAR_MAKE(clear_interfaces_statistics);
CLEAR_MAKE(clear_pfe_statistics);
CLEAR_MAKE(clear_mac_table);
CLEAR_MAKE(clear_port_error);
CLEAR_MAKE(clear_log);

REQUEST_MAKE(request_restart);
REQUEST_MAKE(request_halt);
REQUEST_MAKE(request_reboot);

#endif
