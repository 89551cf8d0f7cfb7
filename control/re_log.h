/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_RE_LOG_H
#define VEX_CONTROL_RE_LOG_H

/*
 * re_log: system log and traces, to where the configuration says (ctl_log.h).
 *
 *	struct re_log *log = re_log_create("/var/lib/vex/leaf/log");
 *	re_log_configure(log, &image->log, "leaf");
 *	re_log_syslog(log, time, CTL_LOG_PFE, CTL_LOG_WARNING, "SNMP_TRAP_LINK_DOWN", text);
 *
 * A message is a line of RFC 5424 in a file, and a datagram (RFC 5426) to a host:
 *
 *	<PRI>1 2026-11-22T21:04:05.678Z HOST vex-re PID TAG - TEXT
 *
 * PRI as RFC 5424 section 6.2.1 counts it, TAG in the place of the MSGID. Control characters of the
 * text become blanks, so a message is one line, whatever was in it. In files a line is at most
 * RE_LOG_LINE_MAX bytes, and so is a datagram.
 *
 * A file that reaches its size is set aside as FILE.0, the one before as FILE.1, and so on; the
 * oldest goes. Lines are written at once, and not synced. What cannot be written (full disk, no
 * route) is counted in re_log_lost(), and nothing waits for it.
 */

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "control/ctl_log.h"

#define RE_LOG_LINE_MAX 2048
#define RE_LOG_DIR	"log" /* in the state directory */

struct re_log;

/* @dir is made if it is not there. NULL without memory. */
struct re_log *re_log_create(const char *dir);
void re_log_free(struct re_log *log);

/* Write to these from now on; @config is copied. @host is the name in the messages. */
void re_log_configure(struct re_log *log, const struct ctl_log *config, const char *host);

/* Called for messages that a `user` wants; @user "*" is everybody. */
void re_log_set_user(
	struct re_log *log, void (*tell)(void *ctx, const char *user, const char *text), void *ctx);

/* One message to everybody who wants it. */
void re_log_syslog(struct re_log *log, struct timespec now, enum ctl_log_facility facility,
	enum ctl_log_severity severity, const char *tag, const char *text);

/* One line of a trace with CTL_TRACE_* @flag. */
void re_log_trace(struct re_log *log, struct timespec now, enum ctl_log_kind kind, uint32_t flag,
	const char *text);

/* True if anything would be written: the text need not be made otherwise. */
int re_log_traces(const struct re_log *log, enum ctl_log_kind kind, uint32_t flag);

/* Messages and lines that did not get to a file or a host. */
uint64_t re_log_lost(const struct re_log *log);

#endif
