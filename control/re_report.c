/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
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
