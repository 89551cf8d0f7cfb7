/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/re_event.h"
#include "control/rundir.h"
#include "control/sup_child.h"
#include "control/sup_watch.h"

#include "tests/unit/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void backoff_doubles(void)
{
	static const unsigned int expected[] = {100, 200, 400, 800, 1600, 3200, 5000, 5000};
	unsigned int delay = 0;

	for (size_t i = 0; i < UNIT_N(expected); i++) {
		delay = sup_backoff(delay, 10);
		CU_ASSERT_EQUAL(delay, expected[i]);
	}
	CU_ASSERT_EQUAL(sup_backoff(5000, SUP_BACKOFF_RESET_MS - 1), 5000);
	CU_ASSERT_EQUAL(sup_backoff(5000, SUP_BACKOFF_RESET_MS), 100);
}

static void exits_in_words(void)
{
	char buf[64];

	CU_ASSERT_STRING_EQUAL(sup_exit_text(3 << 8, buf, sizeof(buf)), "exit status 3");
	CU_ASSERT_STRING_EQUAL(sup_exit_text(9, buf, sizeof(buf)), "signal 9 (Killed)");
}

static void collect(void *ctx, const char *line)
{
	strcat(ctx, line);
	strcat(ctx, "|");
}

static void lines_are_cut(void)
{
	char got[3 * SUP_LINE_MAX] = "", longer[2 * SUP_LINE_MAX];
	struct sup_lines lines = {.line = collect, .ctx = got};

	sup_lines_feed(&lines, "one\ntw", 6);
	sup_lines_feed(&lines, "o\n\nthr", 6);
	CU_ASSERT_STRING_EQUAL(got, "one|two|");
	sup_lines_end(&lines);
	CU_ASSERT_STRING_EQUAL(got, "one|two|thr|");
	memset(longer, 'x', sizeof(longer));
	got[0] = '\0';
	sup_lines_feed(&lines, longer, sizeof(longer));
	sup_lines_end(&lines);
	CU_ASSERT_EQUAL(strlen(got), sizeof(longer) + 3);
	CU_ASSERT_EQUAL(strcspn(got, "|"), SUP_LINE_MAX - 1);
}

/* A directory for one test, whose path is longer than an address of a socket. */
static int make_dir(char path[256])
{
	char err[256];
	int dir;

	snprintf(path, 256, "/tmp/vex-unit-%d-%0120d", (int)getpid(), 0);
	dir = rundir_make(path, err, sizeof(err));
	CU_ASSERT_FATAL(dir >= 0);
	return dir;
}

static void remove_dir(int dir, const char *path)
{
	static const char *const names[] = {"x.log", "x.log.1", RUNDIR_LOCK, RUNDIR_SOCKET};

	for (size_t i = 0; i < UNIT_N(names); i++)
		unlinkat(dir, names[i], 0);
	close(dir);
	CU_ASSERT_EQUAL(rmdir(path), 0);
}

static void logs_have_times_and_turn(void)
{
	char path[256], text[64] = "", line[SUP_LINE_MAX];
	int dir = make_dir(path), fd;
	struct sup_log log;

	CU_ASSERT_EQUAL_FATAL(sup_log_open(&log, dir, "x.log"), 0);
	sup_log_print(&log, "number %d", 7);
	fd = openat(dir, "x.log", O_RDONLY);
	CU_ASSERT(read(fd, text, sizeof(text) - 1) > 0);
	close(fd);
	CU_ASSERT_EQUAL(text[10], 'T');
	CU_ASSERT_STRING_EQUAL(text + 23, "Z number 7\n");
	CU_ASSERT_STRING_EQUAL(log.last, "number 7");
	memset(line, 'y', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	for (size_t i = 0; i < SUP_LOG_MAX / sizeof(line) + 1; i++)
		sup_log_line(&log, line);
	CU_ASSERT_EQUAL(faccessat(dir, "x.log.1", F_OK, 0), 0);
	CU_ASSERT(log.size < SUP_LOG_MAX / 2);
	sup_log_close(&log);
	remove_dir(dir, path);
}

static void one_lock(void)
{
	char path[256], err[256];
	int dir = make_dir(path), lock = rundir_lock(dir, "leaf", err, sizeof(err));

	CU_ASSERT(lock >= 0);
	CU_ASSERT_EQUAL(rundir_lock(dir, "leaf", err, sizeof(err)), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(err, "instance leaf is running already"));
	close(lock);
	lock = rundir_lock(dir, "leaf", err, sizeof(err));
	CU_ASSERT(lock >= 0);
	close(lock);
	remove_dir(dir, path);
}

static void sockets_in_deep_directories(void)
{
	char path[256], err[256] = "";
	int dir = make_dir(path), there, here;

	CU_ASSERT_EQUAL(rundir_connect(dir, RUNDIR_SOCKET, err, sizeof(err)), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(err, "socket control: "));
	there = rundir_listen(dir, RUNDIR_SOCKET, err, sizeof(err));
	here = rundir_connect(dir, RUNDIR_SOCKET, err, sizeof(err));
	CU_ASSERT(there >= 0 && here >= 0);
	close(here);
	close(there);
	/* One that a dead supervisor left is in nobody's way. */
	there = rundir_listen(dir, RUNDIR_SOCKET, err, sizeof(err));
	CU_ASSERT(there >= 0);
	close(there);
	remove_dir(dir, path);
}

static void events_in_words(void)
{
	struct vex_event event = {.type = VEX_EVENT_LINK, .lport = 1, .up = 1, .speed_mbps = 1000};
	struct vex_errs errs = {0};
	struct ctl_image *image;
	char text[128];

	CU_ASSERT_EQUAL_FATAL(ctl_load("", 0, "x", &image, &errs), 0);
	CU_ASSERT_TRUE(re_event_text(image, &event, text, sizeof(text)));
	CU_ASSERT_STRING_EQUAL(text, "ge-0/0/1: link is up, 1000 Mb/s");
	/* Nothing that vex-pfe writes is believed. */
	memset(&event, 0xff, sizeof(event));
	CU_ASSERT_FALSE(re_event_text(image, &event, text, sizeof(text)));
	event.type = VEX_EVENT_MAC_LIMIT;
	CU_ASSERT_TRUE(re_event_text(image, &event, text, sizeof(text)));
	CU_ASSERT_STRING_EQUAL(text, "?: address ff:ff:ff:ff:ff:ff of VLAN ? is above a MAC limit");
	ctl_image_free(image);
}

static void hearts_stand_still(void)
{
	struct sup_heart h = {0};

	/* The first look says nothing, whatever it sees. */
	CU_ASSERT_EQUAL(sup_heart_see(&h, 0, 5000, 100), SUP_HEART_SAME);
	CU_ASSERT_EQUAL(sup_heart_see(&h, 0, 5000 + SUP_HUNG_MS - 1, 100), SUP_HEART_SAME);
	CU_ASSERT_EQUAL(h.hangs_since, 0);
	CU_ASSERT_EQUAL(sup_heart_see(&h, 1, 5999, 100), SUP_HEART_SAME);
	CU_ASSERT_EQUAL(sup_heart_see(&h, 1, 6998, 101), SUP_HEART_SAME);
	CU_ASSERT_EQUAL(sup_heart_see(&h, 1, 6999, 101), SUP_HEART_HANGS);
	CU_ASSERT_EQUAL(h.hangs_since, 100);
	/* Said once. */
	CU_ASSERT_EQUAL(sup_heart_see(&h, 1, 60000, 154), SUP_HEART_SAME);
	CU_ASSERT_EQUAL(h.hangs_since, 100);
	CU_ASSERT_EQUAL(sup_heart_see(&h, 2, 60200, 154), SUP_HEART_GOES_ON);
	CU_ASSERT_EQUAL(h.hangs_since, 0);
	CU_ASSERT_EQUAL(sup_heart_see(&h, 2, 61199, 155), SUP_HEART_SAME);
	CU_ASSERT_EQUAL(sup_heart_see(&h, 2, 63500, 158), SUP_HEART_HANGS);
	CU_ASSERT_EQUAL(h.hangs_since, 155);
}

static const struct unit_case cases[] = {
	{"a heartbeat that stands still for a second is a hang, said once", hearts_stand_still},
	{"the wait before a restart doubles, has an end, and begins anew", backoff_doubles},
	{"how a child ended, in words", exits_in_words},
	{"bytes are cut into lines", lines_are_cut},
	{"log lines have a time, and a log that is full is set aside", logs_have_times_and_turn},
	{"an instance has one supervisor", one_lock},
	{"the control socket may be in a deep directory", sockets_in_deep_directories},
	{"events in words, whatever is in them", events_in_words},
};

const struct unit_suite supervise_suite = {.name = "supervise", .cases = cases, .n = UNIT_N(cases)};
