/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * `system syslog`, `protocols l2-learning traceoptions`, `system processes vex-re traceoptions`: files
 * and hosts, filters, sizes. Without `system syslog` there is the file `messages` with `any notice`.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/ctl_log.h"
#include "control/state.h"

#define SYSLOG_PORT	  514
#define FILE_SIZE_DEFAULT (1u << 20)
#define FILE_SIZE_MIN	  10240u /* as Junos */
#define FILE_SIZE_MAX	  (1u << 30)
#define FILES_DEFAULT	  10
#define TRACE_SIZE	  (128u << 10)
#define NOTIFY_DEFAULT	  30 /* seconds */
#define TRACE_FILES	  3

static const struct {
	const char *name;
	unsigned int code;
} facilities[CTL_LOG_FACILITIES] = {
	[CTL_LOG_ANY] = {"any", 3},
	[CTL_LOG_AUTHORIZATION] = {"authorization", 10},
	[CTL_LOG_CHANGE] = {"change-log", 22},
	[CTL_LOG_CONFLICT] = {"conflict-log", 21},
	[CTL_LOG_DAEMON] = {"daemon", 3},
	[CTL_LOG_EXTERNAL] = {"external", 18},
	[CTL_LOG_FIREWALL] = {"firewall", 19},
	[CTL_LOG_FTP] = {"ftp", 11},
	[CTL_LOG_INTERACTIVE] = {"interactive-commands", 23},
	[CTL_LOG_KERNEL] = {"kernel", 0},
	[CTL_LOG_NTP] = {"ntp", 12},
	[CTL_LOG_PFE] = {"pfe", 20},
	[CTL_LOG_SECURITY] = {"security", 13},
	[CTL_LOG_USER] = {"user", 1},
};

static const char *const severities[] = {
	"emergency", "alert", "critical", "error", "warning", "notice", "info", "debug"};

const char *ctl_log_facility_name(enum ctl_log_facility facility)
{
	return facilities[facility].name;
}

unsigned int ctl_log_facility_code(enum ctl_log_facility facility)
{
	return facilities[facility].code;
}

const char *ctl_log_severity_name(enum ctl_log_severity severity)
{
	return severities[severity];
}

static int8_t level_of(const struct lyd_node *leaf)
{
	const char *word = state_value(leaf);

	if (leaf == NULL)
		return CTL_LOG_UNSET;
	if (strcmp(word, "any") == 0)
		return CTL_LOG_DEBUG;
	for (int8_t s = 0; s <= CTL_LOG_DEBUG; s++)
		if (strcmp(word, severities[s]) == 0)
			return s;
	return CTL_LOG_NONE;
}

static void read_levels(struct ctl_log_target *t, const struct lyd_node *node)
{
	for (int f = 0; f < CTL_LOG_FACILITIES; f++)
		t->level[f] = level_of(state_child(node, facilities[f].name));
	if (t->level[CTL_LOG_ANY] == CTL_LOG_UNSET)
		t->level[CTL_LOG_ANY] = CTL_LOG_NONE;
}

static void read_match(struct state *st, struct ctl_log_target *t, const struct lyd_node *leaf)
{
	const char *pattern = state_value(leaf);
	char why[128];
	regex_t regex;
	int error;

	if (leaf == NULL)
		return;
	error = regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB);
	if (error != 0) {
		regerror(error, &regex, why, sizeof(why));
		state_err(st, VEX_ERR_VALUE, leaf, pattern, "'%s' is no regular expression: %s",
			pattern, why);
		return;
	}
	regfree(&regex);
	if (strlen(pattern) >= sizeof(t->match))
		state_err(st, VEX_ERR_LIMIT, leaf, pattern, "a pattern has at most %zu characters",
			sizeof(t->match) - 1);
	else
		strcpy(t->match, pattern);
}

/* "100k", "1m"; @otherwise if the leaf is not there. */
static uint32_t read_size(struct state *st, const struct lyd_node *leaf, uint32_t otherwise)
{
	char *end;
	unsigned long long n = strtoull(state_value(leaf), &end, 10);

	if (leaf == NULL)
		return otherwise;
	if (*end != '\0')
		n *= tolower(*end) == 'k' ? 1u << 10 : tolower(*end) == 'm' ? 1u << 20 : 1u << 30;
	if (n >= FILE_SIZE_MIN && n <= FILE_SIZE_MAX)
		return (uint32_t)n;
	state_err(st, VEX_ERR_VALUE, leaf, state_value(leaf),
		"size is %u to %u bytes, with k, m or g for multiples of 1024", FILE_SIZE_MIN,
		FILE_SIZE_MAX);
	return otherwise;
}

/* A name that cannot leave the folder of the logs, and cannot be one that was set aside. */
static void read_file_name(struct state *st, struct ctl_log_target *t, const struct lyd_node *node)
{
	const char *name = state_value(node);
	const char *dot = strrchr(name, '.');
	size_t n = strlen(name);

	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)name[i]) && strchr("-_.", name[i]) == NULL)
			n = 0;
	if (n == 0 || n + 8 >= sizeof(t->name) || name[0] == '.' ||
		(dot != NULL && strspn(dot + 1, "0123456789") == strlen(dot + 1)))
		state_err(st, VEX_ERR_VALUE, node, name,
			"a log file is named by at most %zu letters, digits, '-', '_' and '.'; it "
			"begins with no '.' and ends in no number",
			sizeof(t->name) - 9);
	else
		strcpy(t->name, name);
}

static void read_host(struct state *st, struct ctl_log_target *t, const struct lyd_node *node)
{
	const char *name = state_value(node);
	struct in6_addr address;

	t->port = (uint16_t)state_number(state_child(node, "port"), SYSLOG_PORT);
	if (inet_pton(AF_INET, name, &address) == 1 || inet_pton(AF_INET6, name, &address) == 1)
		snprintf(t->name, sizeof(t->name), "%s", name);
	else
		state_err(st, VEX_ERR_VALUE, node, name,
			"a syslog host is an IPv4 or IPv6 address: names are not looked up");
}

static void read_syslog(struct state *st, struct ctl_log_target *t, const struct lyd_node *node)
{
	const struct lyd_node *archive = state_child(node, "archive");

	read_levels(t, node);
	read_match(st, t, state_child(node, "match"));
	t->size = read_size(st, state_child(archive, "size"), FILE_SIZE_DEFAULT);
	t->files = state_number(state_child(archive, "files"), FILES_DEFAULT);
	if (t->kind == CTL_LOG_TO_FILE)
		read_file_name(st, t, node);
	else if (t->kind == CTL_LOG_TO_HOST)
		read_host(st, t, node);
	else
		snprintf(t->name, sizeof(t->name), "%s", state_value(node));
}

static uint32_t flag_of(const char *word)
{
	static const struct {
		const char *word;
		uint32_t flag;
	} flags[] = {
		{"all", CTL_TRACE_ALL},
		{"mac-limit", CTL_TRACE_LIMIT},
		{"mac-learning", CTL_TRACE_LEARNING},
		{"mac-aging", CTL_TRACE_AGING},
		{"commit", CTL_TRACE_COMMIT},
		{"management", CTL_TRACE_MANAGEMENT},
		{"forwarding", CTL_TRACE_FORWARDING},
	};

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (strcmp(flags[i].word, word) == 0)
			return flags[i].flag;
	return 0;
}

static void read_trace(struct state *st, struct ctl_log_target *t, const struct lyd_node *node)
{
	const struct lyd_node *file = state_child(node, "file"), *flag = state_child(node, "flag");

	if (flag == NULL)
		state_err(st, VEX_ERR_MISSING, node, NULL,
			"traceoptions trace nothing without a flag: say `flag all`");
	for (; flag != NULL; flag = state_next(flag))
		t->flags |= flag_of(state_value(flag));
	t->size = read_size(st, state_child(file, "size"), TRACE_SIZE);
	t->files = state_number(state_child(file, "files"), TRACE_FILES);
	if (state_child(file, "filename") == NULL)
		snprintf(t->name, sizeof(t->name), "%s",
			t->kind == CTL_LOG_TRACE_L2 ? "l2-learning" : "vex-re");
	else
		read_file_name(st, t, state_child(file, "filename"));
}

/* Two writers of one file would set it aside from under each other. */
static void check_names(struct state *st, const struct ctl_log *log, const struct lyd_node *node)
{
	const struct ctl_log_target *last = &log->targets[log->n - 1];

	for (size_t i = 0; i + 1 < log->n; i++)
		if (last->kind != CTL_LOG_TO_HOST && last->kind != CTL_LOG_TO_USER &&
			log->targets[i].kind != CTL_LOG_TO_HOST &&
			log->targets[i].kind != CTL_LOG_TO_USER && *last->name != '\0' &&
			strcmp(log->targets[i].name, last->name) == 0)
			state_err(st, VEX_ERR_CONFLICT, node, last->name,
				"file %s is written for something else too: name another",
				last->name);
}

static struct ctl_log_target *grow(struct state *st, enum ctl_log_kind kind)
{
	struct ctl_log *log = &st->log;
	void *grown = realloc(log->targets, (log->n + 1) * sizeof(*log->targets));

	if (grown == NULL) {
		state_no_memory(st);
		return NULL;
	}
	log->targets = grown;
	log->targets[log->n] = (struct ctl_log_target){.kind = kind};
	return &log->targets[log->n++];
}

void state_mac_notification(struct state *st)
{
	const struct lyd_node *node = state_find(st->root, "switch-options/mac-notification");

	if (node != NULL)
		st->mac_notify_s = state_number(
			state_child(node, "notification-interval"), NOTIFY_DEFAULT);
}

bool state_mac_events(const struct state *st)
{
	for (size_t i = 0; i < st->log.n; i++)
		if (st->log.targets[i].kind == CTL_LOG_TRACE_L2 &&
			(st->log.targets[i].flags & (CTL_TRACE_LEARNING | CTL_TRACE_AGING)))
			return true;
	return st->mac_notify_s != 0;
}

void state_log(struct state *st)
{
	static const struct {
		const char *path;
		enum ctl_log_kind kind;
		void (*read)(
			struct state *st, struct ctl_log_target *t, const struct lyd_node *node);
	} sources[] = {
		{"system/syslog/file", CTL_LOG_TO_FILE, read_syslog},
		{"system/syslog/host", CTL_LOG_TO_HOST, read_syslog},
		{"system/syslog/user", CTL_LOG_TO_USER, read_syslog},
		{"protocols/l2-learning/traceoptions", CTL_LOG_TRACE_L2, read_trace},
		{"system/processes/vex-re/traceoptions", CTL_LOG_TRACE_RE, read_trace},
	};
	struct ctl_log_target *t;

	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		const struct lyd_node *node = state_find(st->root, sources[i].path);

		for (; node != NULL && !(node->flags & LYD_DEFAULT); node = state_next(node)) {
			t = grow(st, sources[i].kind);
			if (t == NULL)
				return;
			sources[i].read(st, t, node);
			check_names(st, &st->log, node);
		}
	}
	if (state_find(st->root, "system/syslog/file") != NULL ||
		state_find(st->root, "system/syslog/host") != NULL ||
		state_find(st->root, "system/syslog/user") != NULL)
		return;
	t = grow(st, CTL_LOG_TO_FILE);
	if (t == NULL)
		return;
	read_levels(t, NULL);
	t->level[CTL_LOG_ANY] = CTL_LOG_NOTICE;
	t->size = FILE_SIZE_DEFAULT;
	t->files = FILES_DEFAULT;
	strcpy(t->name, "messages");
	check_names(st, &st->log, state_find(st->root, "protocols/l2-learning/traceoptions/file"));
}
