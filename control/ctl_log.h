/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_CTL_LOG_H
#define VEX_CONTROL_CTL_LOG_H

/*
 * ctl_log: who is told what happens, as `system syslog` and the `traceoptions` say; part of an
 * image (ctl.h). Facilities and severities are those of RFC 5424, section 6.2.1, under the names that
 * Junos has for them.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CTL_LOG_NAME_SIZE  64  /* of a file, an address or a user, with the zero */
#define CTL_LOG_MATCH_SIZE 256 /* of a pattern, with the zero */

enum ctl_log_facility {
	CTL_LOG_ANY, /* in a filter only: what is not named otherwise */
	CTL_LOG_AUTHORIZATION,
	CTL_LOG_CHANGE,
	CTL_LOG_CONFLICT,
	CTL_LOG_DAEMON,
	CTL_LOG_EXTERNAL,
	CTL_LOG_FIREWALL,
	CTL_LOG_FTP,
	CTL_LOG_INTERACTIVE,
	CTL_LOG_KERNEL,
	CTL_LOG_NTP,
	CTL_LOG_PFE,
	CTL_LOG_SECURITY,
	CTL_LOG_USER,
	CTL_LOG_FACILITIES,
};

enum ctl_log_severity {
	CTL_LOG_EMERGENCY,
	CTL_LOG_ALERT,
	CTL_LOG_CRITICAL,
	CTL_LOG_ERROR,
	CTL_LOG_WARNING,
	CTL_LOG_NOTICE,
	CTL_LOG_INFO,
	CTL_LOG_DEBUG,
};

#define CTL_LOG_NONE  (-1) /* in a filter: nothing */
#define CTL_LOG_UNSET (-2) /* in a filter: as `any` says */

enum ctl_log_kind {
	CTL_LOG_TO_FILE,
	CTL_LOG_TO_HOST,
	CTL_LOG_TO_USER, /* sessions of a user, "*" all */
	CTL_LOG_TRACE_L2,
	CTL_LOG_TRACE_RE,
};

/* What is traced: protocols l2-learning, system processes vex-re. */
#define CTL_TRACE_LIMIT	     (1u << 1)
#define CTL_TRACE_COMMIT     (1u << 2)
#define CTL_TRACE_MANAGEMENT (1u << 3)
#define CTL_TRACE_FORWARDING (1u << 4)
#define CTL_TRACE_LEARNING   (1u << 5)
#define CTL_TRACE_AGING	     (1u << 6)
#define CTL_TRACE_ALL	     (~0u)

struct ctl_log_target {
	enum ctl_log_kind kind;
	char name[CTL_LOG_NAME_SIZE];	/* file, address or user */
	char match[CTL_LOG_MATCH_SIZE]; /* extended regular expression, "" for all */
	int8_t level[CTL_LOG_FACILITIES];
	uint16_t port;	    /* of a host */
	unsigned int files; /* kept beside the one that is written */
	uint32_t size;	    /* bytes at which it is set aside */
	uint32_t flags;	    /* CTL_TRACE_*; 0 for what is no trace */
};

struct ctl_log {
	struct ctl_log_target *targets;
	size_t n;
};

/* The word of the configuration, "change-log". */
const char *ctl_log_facility_name(enum ctl_log_facility facility);

/* The number in a message, RFC 5424 table 1. */
unsigned int ctl_log_facility_code(enum ctl_log_facility facility);

/* "notice"; also the severities of RFC 5424 table 2 in order. */
const char *ctl_log_severity_name(enum ctl_log_severity severity);

/* Does the filter let a message through? */
static inline bool ctl_log_wants(const struct ctl_log_target *t, enum ctl_log_facility facility,
	enum ctl_log_severity severity)
{
	int level = t->level[facility];

	if (level == CTL_LOG_UNSET)
		level = t->level[CTL_LOG_ANY];
	return (int)severity <= level;
}

#endif
