/* SPDX-License-Identifier: BSD-3-Clause */
/* show version, show system ..., show log. */
#include <stdlib.h>
#include <string.h>

#include "control/cli_show_util.h"

static bool print_version(const json_t *data, const json_t *args, FILE *out)
{
	const json_t *o = json_object_get(data, "software-information"), *p;
	size_t i;

	(void)args;
	fprintf(out, "Hostname: %s\nModel: %s\nvEX: %s\n", cli_show_text(o, "host-name"),
		cli_show_text(o, "product-model"), cli_show_text(o, "vex-version"));
	json_array_foreach (json_object_get(o, "package-information"), i, p)
		fprintf(out, "%s [%s]\n", cli_show_text(p, "comment"),
			cli_show_text(o, "vex-version"));
	return true;
}

/* ---- uptime, users ---------------------------------------------------------------------------- */

/* "8:48AM" of "2021-08-31 08:48:11 MSK". */
static void print_clock(const char *date, FILE *out)
{
	unsigned int h, m;

	if (sscanf(date, "%*u-%*u-%*u %u:%u", &h, &m) == 2)
		fprintf(out, "%2u:%02u%s", h % 12 == 0 ? 12 : h % 12, m, h < 12 ? "AM" : "PM");
}

/* The line of uptime(1). */
static void print_up(const json_t *up, FILE *out)
{
	json_int_t s = cli_show_number(up, "up-time"),
		   users = cli_show_number(up, "active-user-count");
	int days = (int)(s / 86400), h = (int)(s / 3600 % 24), m = (int)(s / 60 % 60);

	print_clock(cli_show_text(up, "date-time"), out);
	fprintf(out, "  up ");
	if (days > 0)
		fprintf(out, "%d day%s, ", days, days > 1 ? "s" : "");
	if (h > 0)
		fprintf(out, "%d:%02d", h, m);
	else
		fprintf(out, "%d min%s", m, m != 1 ? "s" : "");
	fprintf(out, ", %d user%s", (int)users, users != 1 ? "s" : "");
	if (cli_show_has(up, "load-average-1"))
		fprintf(out, ", load averages: %s, %s, %s", cli_show_text(up, "load-average-1"),
			cli_show_text(up, "load-average-5"), cli_show_text(up, "load-average-15"));
	fputc('\n', out);
}

static void print_since(const char *what, const json_t *t, FILE *out)
{
	if (t == NULL)
		return;
	fprintf(out, "%s: %s (%s ago)", what, cli_show_text(t, "date-time"),
		cli_show_text(t, "time-length"));
	if (cli_show_has(t, "user"))
		fprintf(out, " by %s", cli_show_text(t, "user"));
	fputc('\n', out);
}

static bool print_uptime(const json_t *data, const json_t *args, FILE *out)
{
	const json_t *o = json_object_get(data, "system-uptime-information");

	(void)args;
	fprintf(out, "Current time: %s\nTime Source:  %s\n",
		cli_show_text(json_object_get(o, "current-time"), "date-time"),
		cli_show_text(o, "time-source"));
	print_since("System booted", json_object_get(o, "system-booted-time"), out);
	print_since("Protocols started", json_object_get(o, "protocols-started-time"), out);
	print_since("Forwarding started", json_object_get(o, "forwarding-started-time"), out);
	print_since("Last configured", json_object_get(o, "last-configured-time"), out);
	print_up(json_object_get(o, "uptime-information"), out);
	return true;
}

static bool print_users(const json_t *data, const json_t *args, FILE *out)
{
	const json_t *o = json_object_get(data, "system-users-information"), *u;
	size_t i;

	(void)args;
	print_up(json_object_get(o, "uptime-information"), out);
	fprintf(out, "%-9s%9s  %-24s %-10s %s\n", "USER", "PID", "LOGIN@", "IDLE", "WHAT");
	json_array_foreach (json_object_get(o, "user-entry"), i, u)
		cli_show_line(out, "%-9s%9d  %-24s %-10s %s (%s)", cli_show_text(u, "user"),
			(int)cli_show_number(u, "pid"), cli_show_text(u, "login-time"),
			cli_show_text(u, "idle-time"), cli_show_text(u, "command"),
			cli_show_text(u, "mode"));
	return true;
}

/* ---- commit, alarms --------------------------------------------------------------------------- */

static bool print_commit(const json_t *data, const json_t *args, FILE *out)
{
	const json_t *o = json_object_get(data, "commit-information"), *c;
	size_t i;

	(void)args;
	json_array_foreach (json_object_get(o, "commit-history"), i, c) {
		fprintf(out, "%-3d %s by %s via %s", (int)cli_show_number(c, "sequence-number"),
			cli_show_text(c, "date-time"), cli_show_text(c, "user"),
			cli_show_text(c, "client"));
		if (cli_show_has(c, "commit-confirmed-minutes"))
			fprintf(out, " commit confirmed, rollback in %dmins",
				(int)cli_show_number(c, "commit-confirmed-minutes"));
		fputc('\n', out);
		if (cli_show_has(c, "log"))
			fprintf(out, "    %s\n", cli_show_text(c, "log"));
	}
	return true;
}

bool cli_show_alarms(const json_t *data, const json_t *args, FILE *out)
{
	const json_t *list = cli_show_inner(data, "alarm-information", "alarm-detail"), *a;
	size_t i, n = json_array_size(list);

	(void)args;
	if (n == 0) {
		fputs("No alarms currently active\n", out);
		return true;
	}
	fprintf(out, "%zu alarm%s currently active\n", n, n > 1 ? "s" : "");
	fprintf(out, "%-25s%-7s%s\n", "Alarm time", "Class", "Description");
	json_array_foreach (list, i, a)
		fprintf(out, "%-25s%-7s%s\n", cli_show_text(a, "alarm-time"),
			cli_show_text(a, "alarm-class"), cli_show_text(a, "alarm-description"));
	return true;
}

/* ---- processes, memory, storage ---------------------------------------------------------------- */

static bool print_processes(const json_t *data, const json_t *args, FILE *out)
{
	const json_t *list = cli_show_inner(data, "system-process-information", "process"), *p;
	bool more = cli_show_flag(args, "extensive");
	char pid[CLI_SHOW_VALUE_SIZE], rss[CLI_SHOW_VALUE_SIZE], threads[CLI_SHOW_VALUE_SIZE];
	size_t i;

	if (more)
		fputs("  PID  TT  STAT      TIME   RES(K) THR RESTARTS STARTED                  "
		      "COMMAND\n",
			out);
	else
		fputs("  PID  TT  STAT      TIME COMMAND\n", out);
	json_array_foreach (list, i, p) {
		fprintf(out, "%5s  ??  %-4s %9s ", cli_show_value(p, "pid", "-", pid),
			cli_show_text(p, "state"),
			cli_show_has(p, "cpu-time") ? cli_show_text(p, "cpu-time") : "-");
		if (more)
			fprintf(out, "%8s %3s %8d %-24s ",
				cli_show_value(p, "resident-size", "-", rss),
				cli_show_value(p, "thread-count", "-", threads),
				(int)cli_show_number(p, "restarts"),
				cli_show_text(p, "start-time"));
		fprintf(out, "%s\n", cli_show_text(p, "command"));
	}
	return true;
}

static bool print_memory(const json_t *data, const json_t *args, FILE *out)
{
	static const struct {
		const char *name, *text;
	} rows[] = {{"system-memory-total", "Total memory"}, {"system-memory-free", "Free memory"},
		{"system-memory-available", "Available memory"}, {"hugepage-size", "Hugepage size"},
		{"packet-memory-size", "Packet memory of vex-pfe"}};
	const json_t *o = json_object_get(data, "system-memory-information"), *p;
	size_t i;

	(void)args;
	fputs("System memory usage:\n", out);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (cli_show_has(o, rows[i].name))
			fprintf(out, "  %-27s %12" JSON_INTEGER_FORMAT " Kbytes\n", rows[i].text,
				cli_show_number(o, rows[i].name));
	if (cli_show_has(o, "hugepages-total"))
		fprintf(out, "  %-27s %12" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT "\n",
			"Free hugepages", cli_show_number(o, "hugepages-free"),
			cli_show_number(o, "hugepages-total"));
	if (cli_show_has(o, "packet-memory"))
		fprintf(out, "  %-27s %s\n", "Packet memory is in",
			cli_show_text(o, "packet-memory"));
	fputs("  PID    Resident size   Name\n", out);
	json_array_foreach (json_object_get(o, "process-memory"), i, p)
		fprintf(out, "%5d %9" JSON_INTEGER_FORMAT " Kbytes   %s\n",
			(int)cli_show_number(p, "pid"), cli_show_number(p, "resident-size"),
			cli_show_text(p, "name"));
	return true;
}

static bool print_storage(const json_t *data, const json_t *args, FILE *out)
{
	const json_t *list = cli_show_inner(data, "system-storage-information", "filesystem"), *f;
	size_t i;

	(void)args;
	fputs("Filesystem         1K-blocks         Used        Avail  Capacity   Mounted on\n",
		out);
	json_array_foreach (list, i, f)
		fprintf(out,
			"%-15s %12" JSON_INTEGER_FORMAT " %12" JSON_INTEGER_FORMAT
			" %12" JSON_INTEGER_FORMAT "     %3" JSON_INTEGER_FORMAT "%%    %s\n",
			cli_show_text(f, "filesystem-name"), cli_show_number(f, "total-blocks"),
			cli_show_number(f, "used-blocks"), cli_show_number(f, "available-blocks"),
			cli_show_number(f, "used-percent"), cli_show_text(f, "mounted-on"));
	return true;
}

/* ---- log -------------------------------------------------------------------------------------- */

static bool print_log(const json_t *data, const json_t *args, FILE *out)
{
	const json_t *list = cli_show_inner(data, "directory-list", "file-information"), *f;
	size_t i;

	(void)args;
	fputs(cli_show_text(json_object_get(data, "file-content"), "file-contents"), out);
	if (list != NULL)
		fprintf(out, "total files: %zu\n", json_array_size(list));
	json_array_foreach (list, i, f)
		fprintf(out, "%12" JSON_INTEGER_FORMAT "  %-24s %s\n",
			cli_show_number(f, "file-size"), cli_show_text(f, "file-date"),
			cli_show_text(f, "file-name"));
	return true;
}

static const struct cli_param log_params[] = {
	{.name = "last", .help = "Show only the last lines", .value = "lines"},
	{.name = "file", .help = "Name of log file", .value = "log", .bare = true},
	{0},
};

static const struct cli_param process_params[] = {
	{.name = "extensive", .help = "Display extensive output"},
	{0},
};

const struct cli_show cli_show_system[] = {
	{.words = "show log",
		.help = "Show contents of log file",
		.params = log_params,
		.rpc = "show",
		.what = "log",
		.print = print_log},
	{.words = "show system alarms",
		.help = "Show system alarm status",
		.rpc = "show",
		.what = "system-alarms",
		.print = cli_show_alarms},
	{.words = "show system commit",
		.help = "Show commit history and pending commit",
		.rpc = "show",
		.what = "system-commit",
		.print = print_commit},
	{.words = "show system memory",
		.help = "Show system memory usage",
		.rpc = "show",
		.what = "system-memory",
		.print = print_memory},
	{.words = "show system processes",
		.help = "Show system process table",
		.params = process_params,
		.rpc = "show",
		.what = "system-processes",
		.print = print_processes},
	{.words = "show system storage",
		.help = "Show local storage data",
		.rpc = "show",
		.what = "system-storage",
		.print = print_storage},
	{.words = "show system uptime",
		.help = "Show time since system and processes started",
		.rpc = "show",
		.what = "system-uptime",
		.print = print_uptime},
	{.words = "show system users",
		.help = "Show users who are currently connected",
		.rpc = "show",
		.what = "system-users",
		.print = print_users},
	{.words = "show version",
		.help = "Show software process revision levels",
		.rpc = "show",
		.what = "version",
		.print = print_version},
	{0},
};
