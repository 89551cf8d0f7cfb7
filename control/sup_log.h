/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_SUP_LOG_H
#define VEX_CONTROL_SUP_LOG_H

/*
 * Lines: bytes from a descriptor cut into lines, and log files in which each line has its time
 * (UTC, RFC 3339). A log that grows beyond SUP_LOG_MAX is renamed to NAME.1, once.
 */

#include <stddef.h>

#define SUP_LINE_MAX 2048
#define SUP_LOG_MAX  (4u << 20)

/* Bytes until a newline; a line that is longer is cut into several. */
struct sup_lines {
	void (*line)(void *ctx, const char *line); /* without newline, ends in zero */
	void *ctx;
	size_t n;
	char buf[SUP_LINE_MAX];
};

void sup_lines_feed(struct sup_lines *lines, const char *bytes, size_t n);
/* The rest, if there is one, is a line too. */
void sup_lines_end(struct sup_lines *lines);

struct sup_log {
	int dir; /* borrowed */
	int fd;
	int echo; /* a second descriptor that gets all lines, -1: none */
	size_t size;
	char name[32];
	char last[256]; /* the latest line that was not empty, cut */
};

/* 0, or -1 with errno. Appends to what is there. */
int sup_log_open(struct sup_log *log, int dir, const char *name);
void sup_log_close(struct sup_log *log);
/* A disk that is full loses the line and nothing else. */
void sup_log_line(struct sup_log *log, const char *line);
__attribute__((format(printf, 2, 3))) void sup_log_print(struct sup_log *log, const char *fmt, ...);

#endif
