/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/re_log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <regex.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MODE  0600
#define ASIDE_SIZE (CTL_LOG_NAME_SIZE + 12) /* of the name of a file that was set aside */

struct sink {
	struct ctl_log_target config;
	bool has_match;
	regex_t match;
	int fd; /* of a file; -1: not open */
	off_t size;
	struct sockaddr_storage to; /* of a host */
	socklen_t to_len;
};

struct re_log {
	int dir;
	char host[256];
	int inet, inet6; /* sockets; -1: not there */
	struct sink *sinks;
	size_t n;
	uint64_t lost;
	void (*tell)(void *ctx, const char *user, const char *text);
	void *tell_ctx;
};

/* ---- Files ------------------------------------------------------------------------------------- */

static void open_file(struct re_log *log, struct sink *sink)
{
	struct stat st;

	sink->fd = openat(log->dir, sink->config.name,
		O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, FILE_MODE);
	sink->size = 0;
	if (sink->fd >= 0 && fstat(sink->fd, &st) == 0)
		sink->size = st.st_size;
}

static const char *aside(const struct sink *sink, unsigned int n, char buf[ASIDE_SIZE])
{
	snprintf(buf, ASIDE_SIZE, "%s.%u", sink->config.name, n);
	return buf;
}

static void rotate(struct re_log *log, struct sink *sink)
{
	char from[ASIDE_SIZE], to[ASIDE_SIZE];

	close(sink->fd);
	for (unsigned int n = sink->config.files - 1; n > 0; n--)
		renameat(log->dir, aside(sink, n - 1, from), log->dir, aside(sink, n, to));
	renameat(log->dir, sink->config.name, log->dir, aside(sink, 0, to));
	open_file(log, sink);
}

static void write_file(struct re_log *log, struct sink *sink, const char *line, size_t n)
{
	struct stat st;

	/* Somebody may have removed it: `clear log`. */
	if (sink->fd >= 0 && (fstat(sink->fd, &st) != 0 || st.st_nlink == 0)) {
		close(sink->fd);
		sink->fd = -1;
	} else if (sink->fd >= 0) {
		sink->size = st.st_size;
	}
	if (sink->fd < 0)
		open_file(log, sink);
	if (sink->fd >= 0 && sink->size > 0 && sink->size + (off_t)n > (off_t)sink->config.size)
		rotate(log, sink);
	if (sink->fd < 0 || write(sink->fd, line, n) != (ssize_t)n)
		log->lost++;
}

/* ---- Hosts ------------------------------------------------------------------------------------- */

static void set_address(struct sink *sink)
{
	struct sockaddr_in *four = (struct sockaddr_in *)&sink->to;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)&sink->to;

	if (inet_pton(AF_INET, sink->config.name, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons(sink->config.port);
		sink->to_len = sizeof(*four);
	} else if (inet_pton(AF_INET6, sink->config.name, &six->sin6_addr) == 1) {
		six->sin6_family = AF_INET6;
		six->sin6_port = htons(sink->config.port);
		sink->to_len = sizeof(*six);
	}
}

static void send_host(struct re_log *log, const struct sink *sink, const char *line, size_t n)
{
	int *sock = sink->to.ss_family == AF_INET ? &log->inet : &log->inet6;

	if (*sock < 0)
		*sock = socket(sink->to.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* An error of an earlier datagram (nobody listens) is reported once, here. */
	for (int i = 0; i < 2; i++) {
		if (sendto(*sock, line, n, 0, (const struct sockaddr *)&sink->to, sink->to_len) ==
			(ssize_t)n)
			return;
		if (errno != ECONNREFUSED)
			break;
	}
	log->lost++;
}

/* ---- Making ------------------------------------------------------------------------------------ */

static void close_sinks(struct re_log *log)
{
	for (size_t i = 0; i < log->n; i++) {
		if (log->sinks[i].fd >= 0)
			close(log->sinks[i].fd);
		if (log->sinks[i].has_match)
			regfree(&log->sinks[i].match);
	}
	free(log->sinks);
	log->sinks = NULL;
	log->n = 0;
}

struct re_log *re_log_create(const char *dir)
{
	struct re_log *log = calloc(1, sizeof(*log));

	if (log == NULL)
		return NULL;
	log->inet = log->inet6 = -1;
	snprintf(log->host, sizeof(log->host), "-");
	mkdir(dir, 0700);
	log->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	return log;
}

void re_log_free(struct re_log *log)
{
	int fds[3];

	if (log == NULL)
		return;
	close_sinks(log);
	fds[0] = log->dir;
	fds[1] = log->inet;
	fds[2] = log->inet6;
	for (int i = 0; i < 3; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	free(log);
}

void re_log_configure(struct re_log *log, const struct ctl_log *config, const char *host)
{
	close_sinks(log);
	snprintf(log->host, sizeof(log->host), "%s", host);
	log->sinks = calloc(config->n + 1, sizeof(*log->sinks));
	for (size_t i = 0; log->sinks != NULL && i < config->n; i++) {
		struct sink *sink = &log->sinks[log->n++];

		sink->config = config->targets[i];
		sink->fd = -1;
		if (sink->config.kind == CTL_LOG_TO_HOST)
			set_address(sink);
		if (*sink->config.match != '\0')
			sink->has_match = regcomp(&sink->match, sink->config.match,
						  REG_EXTENDED | REG_NOSUB) == 0;
	}
}

void re_log_set_user(
	struct re_log *log, void (*tell)(void *ctx, const char *user, const char *text), void *ctx)
{
	log->tell = tell;
	log->tell_ctx = ctx;
}

/* ---- Messages ---------------------------------------------------------------------------------- */

/* UTC with milliseconds, RFC 5424 section 6.2.3. */
static void stamp(struct timespec now, char *buf, size_t size)
{
	struct tm tm;
	size_t n;

	gmtime_r(&now.tv_sec, &tm);
	n = strftime(buf, size, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(buf + n, size - n, ".%03ldZ", now.tv_nsec / 1000000);
}

/* Ends the line; returns its length. Nothing in it can be taken for another one. */
static size_t end_line(char *line, size_t size)
{
	size_t n = strlen(line);

	if (n > size - 2)
		n = size - 2;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = ' ';
	line[n++] = '\n';
	line[n] = '\0';
	return n;
}

static bool wants(const struct sink *sink, enum ctl_log_facility facility,
	enum ctl_log_severity severity, const char *tag, const char *text)
{
	char whole[RE_LOG_LINE_MAX];

	if (sink->config.kind > CTL_LOG_TO_USER ||
		!ctl_log_wants(&sink->config, facility, severity))
		return false;
	if (!sink->has_match)
		return true;
	snprintf(whole, sizeof(whole), "%s: %s", tag, text);
	return regexec(&sink->match, whole, 0, NULL, 0) == 0;
}

void re_log_syslog(struct re_log *log, struct timespec now, enum ctl_log_facility facility,
	enum ctl_log_severity severity, const char *tag, const char *text)
{
	char line[RE_LOG_LINE_MAX], when[40];
	size_t n;

	stamp(now, when, sizeof(when));
	snprintf(line, sizeof(line), "<%u>1 %s %s vex-re %d %s - %s",
		ctl_log_facility_code(facility) * 8 + severity, when, log->host, (int)getpid(), tag,
		text);
	n = end_line(line, sizeof(line));
	for (size_t i = 0; i < log->n; i++) {
		struct sink *sink = &log->sinks[i];

		if (!wants(sink, facility, severity, tag, text))
			continue;
		if (sink->config.kind == CTL_LOG_TO_FILE)
			write_file(log, sink, line, n);
		else if (sink->config.kind == CTL_LOG_TO_HOST)
			send_host(log, sink, line, n - 1);
		else if (log->tell != NULL)
			log->tell(log->tell_ctx, sink->config.name, text);
	}
}

void re_log_trace(struct re_log *log, struct timespec now, enum ctl_log_kind kind, uint32_t flag,
	const char *text)
{
	char line[RE_LOG_LINE_MAX], when[40];
	size_t n;

	stamp(now, when, sizeof(when));
	snprintf(line, sizeof(line), "%s %s", when, text);
	n = end_line(line, sizeof(line));
	for (size_t i = 0; i < log->n; i++)
		if (log->sinks[i].config.kind == kind && (log->sinks[i].config.flags & flag) != 0)
			write_file(log, &log->sinks[i], line, n);
}

int re_log_traces(const struct re_log *log, enum ctl_log_kind kind, uint32_t flag)
{
	for (size_t i = 0; i < log->n; i++)
		if (log->sinks[i].config.kind == kind && (log->sinks[i].config.flags & flag) != 0)
			return 1;
	return 0;
}

uint64_t re_log_lost(const struct re_log *log)
{
	return log->lost;
}
