/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/re.h"

uint64_t re_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Less than PIPE_BUF bytes in one write: a line arrives whole or not at all. */
void re_report(const struct re *re, json_t *o)
{
	char *text = o != NULL ? json_dumps(o, JSON_COMPACT) : NULL;

	if (text != NULL && re->options.report_fd >= 0 &&
		dprintf(re->options.report_fd, "%s\n", text) < 0)
		fprintf(stderr, "the supervisor does not listen: %s\n", strerror(errno));
	free(text);
	json_decref(o);
}

void re_report_state(const struct re *re, const char *state, const char *text)
{
	fprintf(stderr, "%s: %s\n", state, text);
	re_report(re, json_pack("{s:s, s:s}", "state", state, "text", text));
}

void re_report_errors(const struct re *re, const struct vex_errs *errs)
{
	const struct vex_err *first = errs->n > 0 ? &errs->v[0] : NULL;
	char text[1024];

	for (size_t i = 0; i < errs->n; i++)
		vex_err_print(&errs->v[i], stderr);
	if (first == NULL)
		snprintf(text, sizeof(text), "out of memory");
	else if (first->file != NULL && first->line > 0)
		snprintf(text, sizeof(text), "%s:%u:%u: %s", first->file, first->line,
			first->column, first->text);
	else
		snprintf(text, sizeof(text), "%s: %s", first->file != NULL ? first->file : "?",
			first->text);
	re_report(re, json_pack("{s:s, s:s}", "state", "failed", "text", text));
}

/* ---- Log and traces ----------------------------------------------------------------------------- */

static void tell_user(void *ctx, const char *user, const char *text)
{
	re_notify_user(ctx, user, text);
}

bool re_log_open(struct re *re)
{
	char dir[PATH_MAX + 8];

	snprintf(dir, sizeof(dir), "%s/" RE_LOG_DIR, re->options.statedir);
	re->log = re_log_create(dir);
	if (re->log == NULL)
		return false;
	re_log_set_user(re->log, tell_user, re);
	re_log_update(re);
	return true;
}

void re_log_close(struct re *re)
{
	re_log_free(re->log);
	re->log = NULL;
}

void re_log_update(struct re *re)
{
	const char *host = re->image->host_name;

	re_log_configure(re->log, &re->image->log, host != NULL ? host : re->options.instance);
}

static struct timespec wall_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now;
}

void re_syslog(struct re *re, enum ctl_log_facility facility, enum ctl_log_severity severity,
	const char *tag, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (severity <= CTL_LOG_NOTICE)
		fprintf(stderr, "%s\n", text);
	if (re->log != NULL)
		re_log_syslog(re->log, wall_clock(), facility, severity, tag, text);
}

void re_trace(struct re *re, uint32_t flag, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	if (re->log == NULL || !re_log_traces(re->log, CTL_LOG_TRACE_RE, flag))
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	re_log_trace(re->log, wall_clock(), CTL_LOG_TRACE_RE, flag, text);
}
