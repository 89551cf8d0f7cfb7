/* SPDX-License-Identifier: BSD-3-Clause */
/* `system syslog` and `traceoptions`: who is told what. */
#include "control/state_build.h"

#include <string.h>

#include "control/ctl_log.h"
#include "tests/unit/unit.h"

#define FILE_  "set system syslog file "
#define HOST   "set system syslog host "
#define NOTIFY "set switch-options mac-notification"
#define L2     "set protocols l2-learning traceoptions "
#define RE     "set system processes vex-re traceoptions "

static const struct ctl_log_target *target(
	const struct ctl_image *image, enum ctl_log_kind kind, const char *name)
{
	for (size_t i = 0; i < image->log.n; i++)
		if (image->log.targets[i].kind == kind &&
			strcmp(image->log.targets[i].name, name) == 0)
			return &image->log.targets[i];
	CU_FAIL_FATAL("a target is missing");
	return NULL;
}

static void without_statements(void)
{
	struct ctl_image *image = MUST_LOAD("");
	const struct ctl_log_target *t = target(image, CTL_LOG_TO_FILE, "messages");

	CU_ASSERT_EQUAL(image->log.n, 1);
	CU_ASSERT_TRUE(ctl_log_wants(t, CTL_LOG_DAEMON, CTL_LOG_NOTICE));
	CU_ASSERT_FALSE(ctl_log_wants(t, CTL_LOG_DAEMON, CTL_LOG_INFO));
	ctl_image_free(image);
}

static void filters(void)
{
	struct ctl_image *image = MUST_LOAD(
		FILE_ "a any notice\n" FILE_ "a pfe none\n" FILE_ "a authorization any\n" HOST
		      "2001:db8::1 kernel error\n" HOST "2001:db8::1 port 5514\n" HOST
		      "192.0.2.1 any emergency\n"
		      "set system syslog user * any alert\n");
	const struct ctl_log_target *a = target(image, CTL_LOG_TO_FILE, "a");
	const struct ctl_log_target *six = target(image, CTL_LOG_TO_HOST, "2001:db8::1");
	const struct ctl_log_target *user = target(image, CTL_LOG_TO_USER, "*");

	CU_ASSERT_EQUAL(image->log.n, 4);
	CU_ASSERT_TRUE(ctl_log_wants(a, CTL_LOG_KERNEL, CTL_LOG_NOTICE));
	CU_ASSERT_FALSE(ctl_log_wants(a, CTL_LOG_KERNEL, CTL_LOG_INFO));
	CU_ASSERT_FALSE(ctl_log_wants(a, CTL_LOG_PFE, CTL_LOG_EMERGENCY));
	CU_ASSERT_TRUE(ctl_log_wants(a, CTL_LOG_AUTHORIZATION, CTL_LOG_DEBUG));
	CU_ASSERT_TRUE(ctl_log_wants(six, CTL_LOG_KERNEL, CTL_LOG_ERROR));
	CU_ASSERT_FALSE(ctl_log_wants(six, CTL_LOG_KERNEL, CTL_LOG_WARNING));
	CU_ASSERT_FALSE(ctl_log_wants(six, CTL_LOG_PFE, CTL_LOG_EMERGENCY));
	CU_ASSERT_EQUAL(six->port, 5514);
	CU_ASSERT_EQUAL(target(image, CTL_LOG_TO_HOST, "192.0.2.1")->port, 514);
	CU_ASSERT_TRUE(ctl_log_wants(user, CTL_LOG_DAEMON, CTL_LOG_ALERT));
	CU_ASSERT_FALSE(ctl_log_wants(user, CTL_LOG_DAEMON, CTL_LOG_CRITICAL));
	ctl_image_free(image);
}

static void sizes(void)
{
	struct ctl_image *image = MUST_LOAD(
		FILE_ "a archive size 10k files 3\n" FILE_ "b archive size 1m\n" L2
		      "flag mac-limit\n" RE "file x size 20000 files 7\n" RE "flag all\n");
	const struct ctl_log_target *a = target(image, CTL_LOG_TO_FILE, "a");
	const struct ctl_log_target *l2 = target(image, CTL_LOG_TRACE_L2, "l2-learning");
	const struct ctl_log_target *re = target(image, CTL_LOG_TRACE_RE, "x");

	CU_ASSERT_EQUAL(a->size, 10240);
	CU_ASSERT_EQUAL(a->files, 3);
	CU_ASSERT_EQUAL(target(image, CTL_LOG_TO_FILE, "b")->size, 1048576);
	CU_ASSERT_EQUAL(l2->flags, CTL_TRACE_LIMIT);
	CU_ASSERT_EQUAL(l2->files, 3);
	CU_ASSERT_EQUAL(re->size, 20000);
	CU_ASSERT_EQUAL(re->files, 7);
	CU_ASSERT_EQUAL(re->flags, CTL_TRACE_ALL);
	ctl_image_free(image);
}

/* Who wants to be told of each address, and that the data plane is told to tell. */
static void events_of_addresses(void)
{
	static const struct {
		const char *text;
		unsigned int interval;
		bool events;
	} want[] = {
		{"", 0, false},
		{L2 "flag mac-limit\n", 0, false},
		{RE "flag all\n", 0, false},
		{L2 "flag all\n", 0, true},
		{L2 "flag mac-learning\n", 0, true},
		{L2 "flag mac-aging\n", 0, true},
		{NOTIFY "\n", 30, true},
		{NOTIFY " notification-interval 5\n", 5, true},
	};

	for (size_t i = 0; i < UNIT_N(want); i++) {
		struct ctl_image *image = MUST_LOAD(want[i].text);

		CU_ASSERT_EQUAL(image->mac_notify_s, want[i].interval);
		CU_ASSERT_EQUAL(image->mac_events, want[i].events);
		CU_ASSERT_EQUAL_FATAL(image->ops[0].type, VEX_OP_SWITCH_SET);
		CU_ASSERT_EQUAL(image->ops[0].sw.flags, want[i].events ? VEX_SWITCH_MAC_EVENTS : 0);
		ctl_image_free(image);
	}
}

static void mistakes(void)
{
	static const char name[] = "a log file is named by at most 55 letters, digits, '-', '_' "
				   "and '.'; it begins with no '.' and ends in no number";
	char expected[512];

	snprintf(expected, sizeof(expected), "1 bad-value: %s\n2 bad-value: %s\n3 bad-value: %s\n",
		name, name, name);
	EXPECT_ERRORS(FILE_ "a/b any any\n" FILE_ ".a any any\n" FILE_ "a.1 any any\n", expected);
	EXPECT_ERRORS(FILE_ "a match (\n" FILE_ "b archive size 10239\n" HOST "leaf any any\n",
		"1 bad-value: '(' is no regular expression: Unmatched ( or \\(\n"
		"2 bad-value: size is 10240 to 1073741824 bytes, with k, m or g for multiples of "
		"1024\n"
		"3 bad-value: a syslog host is an IPv4 or IPv6 address: names are not looked up\n");
	EXPECT_ERRORS(L2 "file a\n",
		"1 missing: traceoptions trace nothing without a flag: say `flag all`\n");
	EXPECT_ERRORS(FILE_ "a any any\n" L2 "file a\n" L2 "flag all\n",
		"2 conflict: file a is written for something else too: name another\n");
	EXPECT_ERRORS("set system syslog console any any\n",
		"1 not-supported: 'system syslog console' is not supported; remove or deactivate "
		"it\n");
}

static const struct unit_case cases[] = {
	{"without statements notices go to the file messages", without_statements},
	{"filters are per facility, with any for the rest", filters},
	{"sizes and numbers of files", sizes},
	{"addresses are told of if a trace or mac-notification wants it", events_of_addresses},
	{"what cannot be enforced is refused", mistakes},
};

const struct unit_suite state_log_suite = {.name = "state_log", .cases = cases, .n = UNIT_N(cases)};
