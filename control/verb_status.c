/* SPDX-License-Identifier: BSD-3-Clause */
/* stop and status: questions to the supervisor of an instance. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#include "control/file.h"
#include "control/rundir.h"
#include "control/verb.h"

#define ANSWER_WAIT_S 10
#define END_WAIT_MS   5000
#define ANSWER_MAX    (1u << 20)

static int connect_to(const char *instance)
{
	char path[PATH_MAX], err[256];
	int dir = rundir_open(rundir_path(instance, path));
	int fd = dir >= 0 ? rundir_connect(dir, RUNDIR_SOCKET, err, sizeof(err)) : -1;

	if (dir >= 0)
		close(dir);
	if (fd < 0)
		fprintf(stderr, "instance %s is not running (%s)\n", instance, path);
	return fd;
}

/* Send a request and wait for the line that answers it; NULL if there is none. */
static json_t *ask(int fd, const char *request)
{
	const struct timeval wait = {.tv_sec = ANSWER_WAIT_S};
	size_t n = 0, cap = 65536, len = strlen(request);
	char *text = malloc(cap), *more;
	ssize_t got = 1;
	json_t *answer;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	if (text == NULL || send(fd, request, len, MSG_NOSIGNAL) != (ssize_t)len)
		got = 0;
	while (got > 0 && memchr(text, '\n', n) == NULL && cap <= ANSWER_MAX) {
		got = recv(fd, text + n, cap - n, 0);
		n += got > 0 ? (size_t)got : 0;
		if (n < cap)
			continue;
		more = realloc(text, cap *= 2);
		if (more == NULL)
			break;
		text = more;
	}
	answer = json_loadb(text != NULL ? text : "", n, JSON_DISABLE_EOF_CHECK, NULL);
	free(text);
	return answer;
}

/* ---- stop ------------------------------------------------------------------------------------- */

/* A second `vex start` must find the instance free. */
static void wait_for_end(int fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);
	struct pollfd p = {.fd = -1, .events = POLLIN};

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0)
		p.fd = (int)syscall(SYS_pidfd_open, peer.pid, 0);
	if (p.fd < 0)
		return;
	poll(&p, 1, END_WAIT_MS);
	close(p.fd);
}

enum status verb_stop(const struct verb *verb, int argc, char **argv)
{
	struct verb_options o;
	json_t *answer;
	bool ok;
	int fd;

	if (!verb_parse(&o, "", argc, argv))
		return verb_usage(verb);
	fd = connect_to(o.instance);
	if (fd < 0)
		return STATUS_BAD;
	answer = ask(fd, "{\"do\": \"stop\"}\n");
	ok = json_is_true(json_object_get(answer, "ok"));
	if (ok) {
		wait_for_end(fd);
		printf("instance %s: stopped\n", o.instance);
	} else {
		fprintf(stderr,
			"instance %s: the supervisor did not confirm the stop within %d s\n",
			o.instance, ANSWER_WAIT_S);
	}
	json_decref(answer);
	close(fd);
	return ok ? STATUS_OK : STATUS_BAD;
}

/* ---- status ----------------------------------------------------------------------------------- */

static const char *text_of(const json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));

	return s != NULL ? s : "";
}

static uint64_t number_of(const json_t *o, const char *name)
{
	json_int_t n = json_integer_value(json_object_get(o, name));

	return n > 0 ? (uint64_t)n : 0;
}

/* "3 s", "2:05 min", "1:02:03 h", "4 d 01:02:03 h". */
static const char *duration(uint64_t ms, char buf[48])
{
	uint64_t s = ms / 1000;
	unsigned int h = (unsigned int)(s / 3600 % 24), m = (unsigned int)(s / 60 % 60);

	if (s < 60)
		snprintf(buf, 48, "%" PRIu64 " s", s);
	else if (s < 3600)
		snprintf(buf, 48, "%u:%02u min", m, (unsigned int)(s % 60));
	else if (s < 86400)
		snprintf(buf, 48, "%u:%02u:%02u h", h, m, (unsigned int)(s % 60));
	else
		snprintf(buf, 48, "%" PRIu64 " d %02u:%02u:%02u h", s / 86400, h, m,
			(unsigned int)(s % 60));
	return buf;
}

static void print_head(const json_t *o)
{
	char up[48];

	printf("Instance %s: %s", text_of(o, "instance"), text_of(o, "state"));
	if (strcmp(text_of(o, "state"), "installed") == 0)
		printf(", %" PRIu64 " operations in %" PRIu64 " ms", number_of(o, "operations"),
			number_of(o, "install_ms"));
	else if (*text_of(o, "text") != '\0')
		printf(": %s", text_of(o, "text"));
	printf("\nModel %s, base MAC %s, up %s, logs in %s\n", text_of(o, "model"),
		text_of(o, "base_mac"), duration(number_of(o, "uptime_ms"), up),
		text_of(o, "run_directory"));
	if (json_is_string(json_object_get(o, "namespace")))
		printf("Taps in network namespace %s\n", text_of(o, "namespace"));
	else
		printf("No taps: %s\n", text_of(o, "no_taps"));
}

static void print_children(const json_t *children)
{
	char up[48], pid[24];
	const json_t *c;
	size_t i;

	printf("\n%-10s %-8s %8s %14s %9s  %s\n", "Process", "State", "PID", "Uptime", "Restarts",
		"Last exit");
	json_array_foreach (children, i, c) {
		snprintf(pid, sizeof(pid), "%" PRIu64, number_of(c, "pid"));
		printf("%-10s %-8s %8s %14s %9" PRIu64 "  %s\n", text_of(c, "name"),
			text_of(c, "state"), number_of(c, "pid") > 0 ? pid : "-",
			number_of(c, "pid") > 0 ? duration(number_of(c, "uptime_ms"), up) : "-",
			number_of(c, "restarts"), text_of(c, "last_exit"));
	}
}

static void print_memory(const json_t *memory)
{
	uint64_t used = number_of(memory, "hugepages_used_kb");
	uint64_t mb = number_of(memory, "pfe_kb") / 1024;

	if (used > 0)
		printf("\nMemory: %" PRIu64 " MiB of hugepages of %" PRIu64
		       " KiB in use by vex-pfe\n",
			used / 1024, number_of(memory, "hugepage_kb"));
	else if (number_of(memory, "hugepages_total") == 0)
		printf("\nMemory: ordinary pages, %" PRIu64
		       " MiB at most; this machine has no hugepages\n",
			mb);
	else
		printf("\nMemory: ordinary pages, %" PRIu64 " MiB at most; %" PRIu64
		       " of the %" PRIu64 " hugepages of this machine are free\n",
			mb, number_of(memory, "hugepages_free"),
			number_of(memory, "hugepages_total"));
}

static void print_workers(const json_t *o)
{
	const json_t *workers = json_object_get(o, "workers");
	const char *isolated = text_of(o, "isolated_cpus");
	const json_t *w;
	size_t i;

	if (json_array_size(workers) == 0)
		return;
	printf("Vectors of %" PRIu64 " bits; %s%s\n", number_of(o, "simd_bits"),
		*isolated ? "isolated CPUs: " : "no CPU is isolated (isolcpus=, cpuset)", isolated);
	json_array_foreach (workers, i, w) {
		double busy = (double)number_of(w, "busy_clocks");
		double idle = (double)number_of(w, "idle_clocks");

		printf("Worker %zu: CPU %" PRIu64 ", %s, %.1f %% busy%s\n", i, number_of(w, "cpu"),
			json_is_true(json_object_get(w, "isolated")) ? "isolated" : "not isolated",
			busy + idle > 0 ? 100 * busy / (busy + idle) : 0,
			json_is_true(json_object_get(w, "hangs")) ? ", STANDS STILL" : "");
	}
}

static void print_alarms(const json_t *alarms)
{
	const json_t *a;
	char when[32];
	struct tm tm;
	time_t time;
	size_t i;

	json_array_foreach (alarms, i, a) {
		time = (time_t)number_of(a, "time");
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S UTC", gmtime_r(&time, &tm));
		printf("%s%s alarm: %s, since %s\n", i ? "" : "\n", text_of(a, "class"),
			text_of(a, "text"), when);
	}
}

/* Why each port dropped frames. */
static void print_reasons(const json_t *ports)
{
	const json_t *p, *n;
	const char *reason;
	bool some = false;
	size_t i;

	json_array_foreach (ports, i, p) {
		json_object_foreach (json_object_get(p, "reasons"), reason, n) {
			if (!some)
				printf("\n%-13s %-22s %14s\n", "Port", "Dropped for", "Packets");
			some = true;
			printf("%-13s %-22s %14" PRIu64 "\n", text_of(p, "name"), reason,
				(uint64_t)json_integer_value(n));
		}
	}
}

static void print_ports(const json_t *o)
{
	const json_t *ports = json_object_get(o, "ports"), *p;
	char speed[24];
	size_t i;

	printf("\n%zu of %" PRIu64 " ports have a device\n", json_array_size(ports),
		number_of(o, "ports_total"));
	if (json_array_size(ports) > 0)
		printf("%-13s %-10s %-16s %-5s %7s %14s %14s %10s %12s\n", "Port", "Device", "On",
			"Link", "Mb/s", "Rx packets", "Tx packets", "Drops", "Device drops");
	json_array_foreach (ports, i, p) {
		bool up = strcmp(text_of(p, "link"), "up") == 0;

		snprintf(speed, sizeof(speed), "%" PRIu64, number_of(p, "speed_mbps"));
		printf("%-13s %-10s %-16s %-5s %7s %14" PRIu64 " %14" PRIu64 " %10" PRIu64
		       " %12" PRIu64 "\n",
			text_of(p, "name"), text_of(p, "device"), text_of(p, "on"),
			text_of(p, "link"), up ? speed : "-", number_of(p, "rx_packets"),
			number_of(p, "tx_packets"), number_of(p, "drops"),
			number_of(p, "device_missed") + number_of(p, "device_errors") +
				number_of(p, "no_buffer"));
	}
}

enum status verb_status(const struct verb *verb, int argc, char **argv)
{
	struct verb_options o;
	json_t *answer;
	bool installed;
	int fd;

	if (!verb_parse(&o, "j", argc, argv))
		return verb_usage(verb);
	fd = connect_to(o.instance);
	if (fd < 0)
		return STATUS_BAD;
	answer = ask(fd, "{\"do\": \"status\"}\n");
	close(fd);
	if (!json_is_object(answer)) {
		fprintf(stderr, "instance %s: the supervisor does not answer\n", o.instance);
		json_decref(answer);
		return STATUS_BAD;
	}
	installed = strcmp(text_of(answer, "state"), "installed") == 0;
	if (o.json) {
		json_dumpf(answer, stdout, JSON_INDENT(2));
		putchar('\n');
	} else {
		print_head(answer);
		print_children(json_object_get(answer, "children"));
		print_memory(json_object_get(answer, "memory"));
		print_workers(answer);
		print_alarms(json_object_get(answer, "alarms"));
		print_ports(answer);
		print_reasons(json_object_get(answer, "ports"));
	}
	json_decref(answer);
	return installed ? STATUS_OK : STATUS_BAD;
}
