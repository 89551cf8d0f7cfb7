/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/re_log.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/file.h"
#include "tests/unit/unit.h"

/* 2026-11-22 21:04:05.678 UTC */
static const struct timespec moment = {1795381445, 678901234};

static struct ctl_log_target any(enum ctl_log_kind kind, const char *name)
{
	struct ctl_log_target t = {.kind = kind, .size = 1 << 20, .files = 3};

	snprintf(t.name, sizeof(t.name), "%s", name);
	memset(t.level, CTL_LOG_UNSET, sizeof(t.level));
	t.level[CTL_LOG_ANY] = CTL_LOG_DEBUG;
	return t;
}

static struct re_log *make(char *dir, const struct ctl_log_target *targets, size_t n)
{
	const struct ctl_log config = {.targets = (struct ctl_log_target *)(uintptr_t)targets, n};
	struct re_log *log;

	strcpy(dir, "/tmp/vex-re-log-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
	log = re_log_create(dir);
	CU_ASSERT_PTR_NOT_NULL_FATAL(log);
	re_log_configure(log, &config, "leaf");
	return log;
}

static char *contents(const char *dir, const char *name)
{
	char path[128];
	size_t n;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return file_read(path, 1 << 20, &n);
}

static void expect(const char *dir, const char *name, const char *text)
{
	char *have = contents(dir, name);

	CU_ASSERT_PTR_NOT_NULL_FATAL(have);
	CU_ASSERT_STRING_EQUAL(have, text);
	free(have);
}

static void clean(struct re_log *log, const char *dir, const char *const *names)
{
	char path[128];

	re_log_free(log);
	for (; *names != NULL; names++) {
		snprintf(path, sizeof(path), "%s/%s", dir, *names);
		unlink(path);
	}
	CU_ASSERT_EQUAL(rmdir(dir), 0);
}

/* The example values of RFC 5424: local4 is 20, warning 4, so 20 * 8 + 4. */
static void lines(void)
{
	static const char *const names[] = {"a", NULL};
	struct ctl_log_target target = any(CTL_LOG_TO_FILE, "a");
	char dir[64], expected[256];
	struct re_log *log = make(dir, &target, 1);

	re_log_syslog(log, moment, CTL_LOG_PFE, CTL_LOG_WARNING, "TAG", "one\ntwo \033[2J");
	snprintf(expected, sizeof(expected),
		"<164>1 2026-11-22T21:04:05.678Z leaf vex-re %d TAG - one two  [2J\n",
		(int)getpid());
	expect(dir, "a", expected);
	clean(log, dir, names);
}

static void filtered(void)
{
	static const char *const names[] = {"notice", "match", NULL};
	struct ctl_log_target targets[] = {
		any(CTL_LOG_TO_FILE, "notice"), any(CTL_LOG_TO_FILE, "match")};
	char dir[64], *have;
	struct re_log *log;

	targets[0].level[CTL_LOG_ANY] = CTL_LOG_NOTICE;
	targets[0].level[CTL_LOG_PFE] = CTL_LOG_NONE;
	strcpy(targets[1].match, "^LINK.*ge-0/0/[0-3]$");
	log = make(dir, targets, 2);
	re_log_syslog(log, moment, CTL_LOG_DAEMON, CTL_LOG_INFO, "LINK", "ge-0/0/3");
	re_log_syslog(log, moment, CTL_LOG_DAEMON, CTL_LOG_NOTICE, "LINK", "ge-0/0/4");
	re_log_syslog(log, moment, CTL_LOG_PFE, CTL_LOG_EMERGENCY, "OTHER", "ge-0/0/3");
	have = contents(dir, "notice");
	CU_ASSERT_PTR_NOT_NULL_FATAL(have);
	CU_ASSERT_PTR_NOT_NULL(strstr(have, "ge-0/0/4\n"));
	CU_ASSERT_PTR_NULL(strstr(have, "ge-0/0/3"));
	free(have);
	have = contents(dir, "match");
	CU_ASSERT_PTR_NOT_NULL_FATAL(have);
	CU_ASSERT_PTR_NOT_NULL(strstr(have, "LINK - ge-0/0/3\n"));
	CU_ASSERT_PTR_NULL(strstr(have, "ge-0/0/4"));
	CU_ASSERT_PTR_NULL(strstr(have, "OTHER"));
	free(have);
	clean(log, dir, names);
}

static void set_aside(void)
{
	static const char *const names[] = {"t", "t.0", "t.1", "t.2", NULL};
	struct ctl_log_target target = any(CTL_LOG_TRACE_RE, "t");
	char dir[64], path[128];
	struct re_log *log;

	target.size = 60; /* two lines of 27 bytes */
	target.files = 2;
	target.flags = CTL_TRACE_COMMIT;
	log = make(dir, &target, 1);
	for (int i = 1; i <= 7; i++) {
		char text[16];

		snprintf(text, sizeof(text), "%d", i);
		re_log_trace(log, moment, CTL_LOG_TRACE_RE, CTL_TRACE_COMMIT, text);
		re_log_trace(log, moment, CTL_LOG_TRACE_RE, CTL_TRACE_MANAGEMENT, "no");
		re_log_trace(log, moment, CTL_LOG_TRACE_L2, CTL_TRACE_COMMIT, "no");
	}
	expect(dir, "t", "2026-11-22T21:04:05.678Z 7\n");
	expect(dir, "t.0", "2026-11-22T21:04:05.678Z 5\n2026-11-22T21:04:05.678Z 6\n");
	expect(dir, "t.1", "2026-11-22T21:04:05.678Z 3\n2026-11-22T21:04:05.678Z 4\n");
	snprintf(path, sizeof(path), "%s/t.2", dir);
	CU_ASSERT_NOT_EQUAL(access(path, F_OK), 0);
	/* A file that somebody removed begins anew. */
	snprintf(path, sizeof(path), "%s/t", dir);
	unlink(path);
	re_log_trace(log, moment, CTL_LOG_TRACE_RE, CTL_TRACE_COMMIT, "8");
	expect(dir, "t", "2026-11-22T21:04:05.678Z 8\n");
	CU_ASSERT_TRUE(re_log_traces(log, CTL_LOG_TRACE_RE, CTL_TRACE_COMMIT));
	CU_ASSERT_FALSE(re_log_traces(log, CTL_LOG_TRACE_RE, CTL_TRACE_LIMIT));
	CU_ASSERT_EQUAL(re_log_lost(log), 0);
	clean(log, dir, names);
}

static void to_hosts(void)
{
	static const char *const names[] = {NULL};
	struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	struct ctl_log_target target = any(CTL_LOG_TO_HOST, "127.0.0.1");
	socklen_t len = sizeof(here);
	char dir[64], expected[256], got[512] = "";
	int sock = socket(AF_INET, SOCK_DGRAM, 0);
	struct re_log *log;

	CU_ASSERT_EQUAL_FATAL(bind(sock, (struct sockaddr *)&here, sizeof(here)), 0);
	CU_ASSERT_EQUAL_FATAL(getsockname(sock, (struct sockaddr *)&here, &len), 0);
	target.port = ntohs(here.sin_port);
	log = make(dir, &target, 1);
	re_log_syslog(log, moment, CTL_LOG_AUTHORIZATION, CTL_LOG_INFO, "TAG", "text");
	CU_ASSERT_TRUE(recv(sock, got, sizeof(got) - 1, 0) > 0);
	snprintf(expected, sizeof(expected),
		"<86>1 2026-11-22T21:04:05.678Z leaf vex-re %d TAG - text", (int)getpid());
	CU_ASSERT_STRING_EQUAL(got, expected);
	close(sock);
	clean(log, dir, names);
}

static void nowhere(void)
{
	struct ctl_log_target targets[] = {
		any(CTL_LOG_TO_FILE, "a"), any(CTL_LOG_TO_HOST, "255.255.255.255")};
	struct re_log *log = re_log_create("/nonexistent/log");
	const struct ctl_log config = {targets, 2};

	CU_ASSERT_PTR_NOT_NULL_FATAL(log);
	targets[1].port = 514;
	re_log_configure(log, &config, "leaf");
	re_log_syslog(log, moment, CTL_LOG_USER, CTL_LOG_INFO, "TAG", "text");
	CU_ASSERT_EQUAL(re_log_lost(log), 2);
	re_log_free(log);
}

static const struct unit_case cases[] = {
	{"a message is one line of RFC 5424", lines},
	{"facilities, severities and patterns choose", filtered},
	{"files are set aside at their size, the oldest goes", set_aside},
	{"a host gets a datagram", to_hosts},
	{"what cannot be written is counted", nowhere},
};

const struct unit_suite re_log_suite = {.name = "re_log", .cases = cases, .n = UNIT_N(cases)};
