/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/sup_log.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

void sup_lines_end(struct sup_lines *lines)
{
	if (lines->n == 0)
		return;
	lines->buf[lines->n] = '\0';
	lines->n = 0;
	lines->line(lines->ctx, lines->buf);
}

void sup_lines_feed(struct sup_lines *lines, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (bytes[i] == '\n') {
			sup_lines_end(lines);
			continue;
		}
		lines->buf[lines->n++] = bytes[i];
		if (lines->n == sizeof(lines->buf) - 1)
			sup_lines_end(lines);
	}
}

int sup_log_open(struct sup_log *log, int dir, const char *name)
{
	struct stat st;

	*log = (struct sup_log){.dir = dir, .echo = -1};
	snprintf(log->name, sizeof(log->name), "%s", name);
	log->fd = openat(dir, name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (log->fd < 0 || fstat(log->fd, &st) != 0)
		return -1;
	log->size = (size_t)st.st_size;
	return 0;
}

void sup_log_close(struct sup_log *log)
{
	if (log->fd >= 0)
		close(log->fd);
	log->fd = -1;
}

static void rotate(struct sup_log *log)
{
	char old[sizeof(log->name) + 2];
	int echo = log->echo, dir = log->dir;
	char name[sizeof(log->name)];

	memcpy(name, log->name, sizeof(name));
	snprintf(old, sizeof(old), "%s.1", name);
	renameat(dir, name, dir, old);
	sup_log_close(log);
	sup_log_open(log, dir, name);
	log->echo = echo;
}

void sup_log_line(struct sup_log *log, const char *line)
{
	char text[SUP_LINE_MAX + 40];
	struct timespec now;
	struct tm tm;
	size_t n;
	ssize_t done;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	n = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	n += (size_t)snprintf(
		text + n, sizeof(text) - n, ".%03ldZ %s\n", now.tv_nsec / 1000000, line);
	if (n >= sizeof(text))
		n = sizeof(text) - 1;
	if (log->size + n > SUP_LOG_MAX)
		rotate(log);
	done = write(log->fd, text, n);
	if (done > 0)
		log->size += (size_t)done;
	if (log->echo >= 0)
		done = write(log->echo, text, n);
	if (*line != '\0')
		snprintf(log->last, sizeof(log->last), "%s", line);
}

void sup_log_print(struct sup_log *log, const char *fmt, ...)
{
	char text[SUP_LINE_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	sup_log_line(log, text);
}
