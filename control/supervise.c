/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "control/rundir.h"
#include "control/sup.h"
#include "control/sup_notify.h"

#define KILL_AFTER_MS 3000

static const char *const programs[SUP_PROGRAMS] = {[SUP_PFE] = "vex-pfe", [SUP_RE] = "vex-re"};

const char *sup_state_name(enum sup_state state)
{
	static const char *const names[SUP_STATES] = {
		[SUP_STARTING] = "starting",
		[SUP_INSTALLED] = "installed",
		[SUP_FAILED] = "failed",
		[SUP_STOPPING] = "stopping",
	};

	return names[state];
}

char *supervise_bindir(char *buf)
{
	const char *dir = getenv("VEX_BINDIR");
	ssize_t n;
	char *slash;

	if (dir != NULL && *dir != '\0') {
		snprintf(buf, PATH_MAX, "%s", dir);
		return buf;
	}
	n = readlink("/proc/self/exe", buf, PATH_MAX - 1);
	buf[n > 0 ? n : 0] = '\0';
	slash = strrchr(buf, '/');
	snprintf(slash != NULL ? slash : buf, 2, "%s", slash != NULL ? "" : ".");
	return buf;
}

/* ---- The outcome of the start ----------------------------------------------------------------- */

static void tell_ready(struct sup *sup, const char *line)
{
	if (sup->ready_fd < 0)
		return;
	dprintf(sup->ready_fd, "%s\n", line);
	close(sup->ready_fd);
	sup->ready_fd = -1;
}

/* Somebody waits for the start, and it failed: @text is what to tell. */
static void start_failed(struct sup *sup, const char *text)
{
	if (sup->ready_fd < 0)
		return;
	sup->failed = true;
	snprintf(sup->text, sizeof(sup->text), "%s", text);
	sup_stop(sup);
}

/* ---- Reports of vex-re ------------------------------------------------------------------------ */

static uint64_t number(const json_t *o, const char *name)
{
	json_int_t n = json_integer_value(json_object_get(o, name));

	return n > 0 ? (uint64_t)n : 0;
}

/* An operator's wish that reached vex-re. A child that is told to end is started again. */
static void serve_request(struct sup *sup, const char *request)
{
	bool both = strcmp(request, "reboot") == 0;

	sup_log_print(&sup->log, "requested: %s", request);
	if (strcmp(request, "halt") == 0)
		sup_stop(sup);
	for (int i = 0; i < SUP_PROGRAMS; i++)
		if (sup->child[i].pid > 0 &&
			(both || (i == SUP_PFE && strcmp(request, "restart-forwarding") == 0) ||
				(i == SUP_RE && strcmp(request, "restart-routing") == 0)))
			kill(sup->child[i].pid, SIGTERM);
}

static void on_report_line(void *ctx, const char *line)
{
	struct sup *sup = ctx;
	json_t *report = json_loads(line, 0, NULL);
	const char *state = json_string_value(json_object_get(report, "state"));
	const char *text = json_string_value(json_object_get(report, "text"));
	const char *request = json_string_value(json_object_get(report, "request"));

	if (request != NULL)
		serve_request(sup, request);
	if (sup->state == SUP_STOPPING || state == NULL) {
		json_decref(report);
		return;
	}
	/* That vex-pfe is waited for is no news; why it died is. */
	if (strcmp(state, "waiting") != 0 || sup->state != SUP_STARTING || *sup->text == '\0')
		snprintf(sup->text, sizeof(sup->text), "%s", text != NULL ? text : "");
	if (strcmp(state, "installed") == 0) {
		sup->state = SUP_INSTALLED;
		sup->operations = number(report, "operations");
		sup->install_ms = number(report, "milliseconds");
		sup_log_print(&sup->log, "configuration installed: %" PRIu64 " operations",
			sup->operations);
		tell_ready(sup, "ok");
		sup_notify("READY=1\nSTATUS=configuration installed");
	} else if (strcmp(state, "failed") == 0) {
		sup->state = SUP_FAILED;
		sup_log_print(&sup->log, "configuration not installed: %s", sup->text);
		sup_notify("STATUS=configuration not installed, see vex status");
		start_failed(sup, text != NULL ? text : "");
	} else {
		sup->state = SUP_STARTING;
	}
	json_decref(report);
}

static void on_report(evutil_socket_t fd, short what, void *ctx)
{
	struct sup *sup = ctx;
	char buf[4096];
	ssize_t n = read(fd, buf, sizeof(buf));

	(void)what;
	if (n > 0)
		sup_lines_feed(&sup->report_lines, buf, (size_t)n);
}

/* ---- Children --------------------------------------------------------------------------------- */

static void set_starting(struct sup *sup, const char *text)
{
	if (sup->state == SUP_STOPPING)
		return;
	sup->state = SUP_STARTING;
	snprintf(sup->text, sizeof(sup->text), "%s", text);
}

static void on_started(void *ctx, struct sup_child *child)
{
	struct sup *sup = ctx;
	pid_t re = sup->child[SUP_RE].pid;

	sup_log_print(&sup->log, "%s: started, process %d", child->name, (int)child->pid);
	if (child == &sup->child[SUP_PFE] && child->restarts > 0 && re > 0)
		kill(re, SIGHUP);
}

static bool all_ended(const struct sup *sup)
{
	for (int i = 0; i < SUP_PROGRAMS; i++)
		if (sup->child[i].pid > 0)
			return false;
	return true;
}

static void on_ended(void *ctx, struct sup_child *child)
{
	struct sup *sup = ctx;
	char text[512], pause[48] = "";

	if (child->state == SUP_CHILD_WAITING)
		snprintf(pause, sizeof(pause), "; starts again in %u.%u s", child->delay_ms / 1000,
			child->delay_ms % 1000 / 100);
	sup_log_print(&sup->log, "%s: ended with %s%s", child->name, child->last_exit, pause);
	if (child == &sup->child[SUP_RE])
		on_report(sup->report[0], 0, sup); /* its last words */
	if (sup->state == SUP_STOPPING) {
		if (all_ended(sup))
			event_base_loopbreak(sup->base);
		return;
	}
	/* A child that ends by itself says why in its last line. */
	snprintf(text, sizeof(text), "%s ended with %s%s%s", child->name, child->last_exit,
		child->last_exit[0] == 'e' ? ": " : "",
		child->last_exit[0] == 'e' ? child->log.last : "");
	/* A vex-re that says why it ends is believed. */
	if (child != &sup->child[SUP_RE] || sup->state != SUP_FAILED)
		set_starting(sup, text);
	start_failed(sup, text);
}

static const struct sup_child_events child_events = {.started = on_started, .ended = on_ended};

void sup_stop(struct sup *sup)
{
	const struct timeval wait = {KILL_AFTER_MS / 1000, KILL_AFTER_MS % 1000 * 1000};

	if (sup->state == SUP_STOPPING)
		return;
	sup->state = SUP_STOPPING;
	sup_log_print(&sup->log, "stopping");
	sup_notify("STOPPING=1");
	for (int i = 0; i < SUP_PROGRAMS; i++)
		sup_child_stop(&sup->child[i], SIGTERM);
	evtimer_add(sup->kill_timer, &wait);
	if (all_ended(sup))
		event_base_loopbreak(sup->base);
}

static void on_kill_timer(evutil_socket_t fd, short what, void *ctx)
{
	struct sup *sup = ctx;

	(void)fd;
	(void)what;
	for (int i = 0; i < SUP_PROGRAMS; i++) {
		if (sup->child[i].pid <= 0)
			continue;
		sup_log_print(&sup->log, "%s: did not end within %d s of SIGTERM, killed",
			sup->child[i].name, KILL_AFTER_MS / 1000);
		sup_child_stop(&sup->child[i], SIGKILL);
	}
}

static void on_signal(evutil_socket_t number, short what, void *ctx)
{
	struct sup *sup = ctx;

	(void)what;
	if (number != SIGCHLD) {
		sup_stop(sup);
		return;
	}
	for (int i = 0; i < SUP_PROGRAMS; i++)
		sup_child_reap(&sup->child[i]);
}

/* ---- Set up ----------------------------------------------------------------------------------- */

static int fail(char *err, size_t size, const char *what)
{
	snprintf(err, size, "%s: %s", what, strerror(errno));
	return -1;
}

/* Directory, lock, log, copies of the two files, the platform. */
static int open_files(struct sup *sup, char *err, size_t size)
{
	const struct sup_options *o = sup->options;
	struct vex_errs errs = {0};
	char path[PATH_MAX + 16];

	rundir_path(o->instance, sup->dir_path);
	sup->dir = rundir_make(sup->dir_path, err, size);
	if (sup->dir < 0)
		return -1;
	sup->lock = rundir_lock(sup->dir, o->instance, err, size);
	if (sup->lock < 0)
		return -1;
	if (sup_log_open(&sup->log, sup->dir, "vex.log") != 0)
		return fail(err, size, "vex.log");
	if (sup->ready_fd < 0)
		sup->log.echo = STDERR_FILENO;
	unlinkat(sup->dir, RUNDIR_CONFIG, 0); /* of an earlier start that vex-re did not take */
	if (rundir_copy(sup->dir, RUNDIR_PLATFORM, o->platform_file, err, size) != 0 ||
		(o->config_file != NULL &&
			rundir_copy(sup->dir, RUNDIR_CONFIG, o->config_file, err, size) != 0))
		return -1;
	snprintf(path, sizeof(path), "%s/" RUNDIR_PLATFORM, sup->dir_path);
	sup->platform = platform_load_file(path, o->instance, &errs);
	if (sup->platform == NULL)
		snprintf(err, size, "%s: %s", o->platform_file,
			errs.n > 0 ? errs.v[0].text : "out of memory");
	vex_errs_free(&errs);
	return sup->platform != NULL ? 0 : -1;
}

static int open_shared(struct sup *sup, char *err, size_t size)
{
	void *cnt;

	if (vex_shm_create(&sup->shm, err, size) != 0)
		return -1;
	cnt = mmap(NULL, sizeof(struct vex_cnt), PROT_READ, MAP_SHARED, sup->shm.cnt_ro, 0);
	if (cnt == MAP_FAILED)
		return fail(err, size, "counters");
	sup->cnt = cnt;
	sup->op_event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	sup->ack_event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (sup->op_event < 0 || sup->ack_event < 0 || pipe2(sup->report, O_CLOEXEC) != 0)
		return fail(err, size, "doorbells");
	fcntl(sup->report[0], F_SETFL, O_NONBLOCK);
	return 0;
}

/* Without privilege, or tun devices, there are none: the switch works, its routing engine is deaf. */
static void open_taps(struct sup *sup)
{
	char *why = sup->no_taps;

	if (sup_netns_open(&sup->netns, sup->options->instance, why, sizeof(sup->no_taps)) == 0 &&
		sup_taps_open(&sup->taps, &sup->netns, sup->platform, why, sizeof(sup->no_taps)) ==
			0) {
		sup_log_print(&sup->log, "network namespace %s with %u taps", sup->netns.name,
			sup->taps.n);
		return;
	}
	sup_netns_close(&sup->netns);
	sup_log_print(
		&sup->log, "no taps, so the routing engine gets and sends no frames: %s", why);
}

static void add_word(struct sup *sup, struct sup_child *child, const char *word)
{
	unsigned int n = 0;

	while (child->argv[n] != NULL)
		n++;
	snprintf(sup->words[sup->n_words], sizeof(sup->words[0]), "%s", word);
	child->argv[n] = sup->words[sup->n_words++];
}

static void add_option(struct sup_child *child, const char *option)
{
	unsigned int n = 0;

	while (child->argv[n] != NULL)
		n++;
	child->argv[n] = (char *)(uintptr_t)option;
}

static void add_fd(struct sup *sup, struct sup_child *child, const char *option, int fd)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", fd);
	add_option(child, option);
	add_word(sup, child, text);
	child->fds[child->n_fds++] = fd;
}

/* The taps by their numbers in port order, and the socket of their namespace. */
static void add_taps(struct sup *sup, struct sup_child *child)
{
	char list[CHASSIS_PORTS_MAX * 8];
	size_t n = 0;

	if (sup->taps.n == 0)
		return;
	for (unsigned int i = 0; i < sup->taps.n; i++) {
		n += (size_t)snprintf(
			list + n, sizeof(list) - n, "%s%d", i > 0 ? "," : "", sup->taps.fd[i]);
		child->fds[child->n_fds++] = sup->taps.fd[i];
	}
	add_option(child, "--tap-fds");
	add_word(sup, child, list);
	add_fd(sup, child, "--netns-fd", sup->netns.sock);
}

static int make_child(struct sup *sup, enum sup_program which)
{
	struct sup_child *child = &sup->child[which];
	char text[PATH_MAX + 64], bindir[PATH_MAX];

	child->name = programs[which];
	snprintf(text, sizeof(text), "%s/%s", supervise_bindir(bindir), child->name);
	add_word(sup, child, text);
	add_option(child, "--instance");
	add_option(child, sup->options->instance);
	add_option(child, "--platform");
	snprintf(text, sizeof(text), "%s/" RUNDIR_PLATFORM, sup->dir_path);
	add_word(sup, child, text);
	if (which == SUP_RE) {
		add_option(child, "--config");
		snprintf(text, sizeof(text), "%s/" RUNDIR_CONFIG, sup->dir_path);
		add_word(sup, child, text);
		add_option(child, "--rundir");
		add_option(child, sup->dir_path);
		add_option(child, "--statedir");
		add_word(sup, child, rundir_state_path(sup->options->instance, text));
	}
	add_fd(sup, child, "--ctl-fd", sup->shm.ctl);
	add_fd(sup, child, "--cnt-fd", which == SUP_PFE ? sup->shm.cnt : sup->shm.cnt_ro);
	add_fd(sup, child, "--op-event-fd", sup->op_event);
	add_fd(sup, child, "--ack-event-fd", sup->ack_event);
	if (which == SUP_RE) {
		add_fd(sup, child, "--report-fd", sup->report[1]);
		add_taps(sup, child);
	}
	child->events = &child_events;
	child->ctx = sup;
	child->base = sup->base;
	snprintf(text, sizeof(text), "%s.log", child->name);
	return sup_log_open(&child->log, sup->dir, text) == 0 ? sup_child_init(child) : -1;
}

static int open_events(struct sup *sup, char *err, size_t size)
{
	static const int numbers[] = {SIGTERM, SIGINT, SIGCHLD};

	sup->base = event_base_new();
	if (sup->base == NULL)
		return fail(err, size, "event loop");
	signal(SIGPIPE, SIG_IGN);
	for (int i = 0; i < 3; i++) {
		sup->signal[i] = evsignal_new(sup->base, numbers[i], on_signal, sup);
		if (sup->signal[i] == NULL || event_add(sup->signal[i], NULL) != 0)
			return fail(err, size, "signals");
	}
	sup->report_lines.line = on_report_line;
	sup->report_lines.ctx = sup;
	sup->kill_timer = evtimer_new(sup->base, on_kill_timer, sup);
	sup->report_event = event_new(
		sup->base, sup->report[0], EV_READ | EV_PERSIST, on_report, sup);
	if (sup->kill_timer == NULL || sup->report_event == NULL || sup_watch_open(sup) != 0 ||
		event_add(sup->report_event, NULL) != 0)
		return fail(err, size, "events");
	open_taps(sup);
	for (int i = 0; i < SUP_PROGRAMS; i++)
		if (make_child(sup, i) != 0)
			return fail(err, size, programs[i]);
	return sup_sock_open(sup, err, size);
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

static void sup_free(struct sup *sup)
{
	for (int i = 0; i < SUP_PROGRAMS; i++)
		sup_child_free(&sup->child[i]);
	for (int i = 0; i < 3; i++)
		if (sup->signal[i] != NULL)
			event_free(sup->signal[i]);
	sup_watch_close(sup);
	if (sup->kill_timer != NULL)
		event_free(sup->kill_timer);
	if (sup->report_event != NULL)
		event_free(sup->report_event);
	if (sup->base != NULL)
		event_base_free(sup->base);
	if (sup->cnt != NULL)
		munmap((void *)(uintptr_t)sup->cnt, sizeof(struct vex_cnt));
	vex_shm_close(&sup->shm);
	close_fd(sup->op_event);
	close_fd(sup->ack_event);
	close_fd(sup->report[0]);
	close_fd(sup->report[1]);
	sup_taps_close(&sup->taps);
	sup_netns_close(&sup->netns);
	platform_free(sup->platform);
	sup_log_close(&sup->log);
	close_fd(sup->lock);
	close_fd(sup->dir);
	free(sup);
}

static struct sup *sup_create(const struct sup_options *options)
{
	struct sup *sup = calloc(1, sizeof(*sup));

	if (sup == NULL)
		return NULL;
	sup->options = options;
	sup->since_ms = sup_now_ms();
	sup->dir = sup->lock = sup->log.fd = sup->log.echo = -1;
	sup->op_event = sup->ack_event = sup->report[0] = sup->report[1] = -1;
	sup->shm = (struct vex_shm_fds){-1, -1, -1};
	sup->netns = (struct sup_netns){.fd = -1, .sock = -1};
	sup->ready_fd = options->ready_fd;
	for (int i = 0; i < SUP_PROGRAMS; i++)
		sup->child[i].log.fd = sup->child[i].pipe = -1;
	return sup;
}

int supervise(const struct sup_options *options, char *err, size_t err_size)
{
	struct sup *sup = sup_create(options);
	int status = -1;

	if (sup == NULL) {
		snprintf(err, err_size, "out of memory");
		return -1;
	}
	if (open_files(sup, err, err_size) == 0 && open_shared(sup, err, err_size) == 0 &&
		open_events(sup, err, err_size) == 0) {
		sup_log_print(&sup->log, "instance %s: supervisor started, process %d",
			options->instance, (int)getpid());
		for (int i = 0; i < SUP_PROGRAMS; i++)
			sup_child_start(&sup->child[i]);
		if (sup->state != SUP_STOPPING || !all_ended(sup))
			event_base_dispatch(sup->base);
		sup_log_print(&sup->log, "stopped");
		sup_sock_close(sup);
		status = sup->failed ? -1 : 0;
		if (sup->failed)
			snprintf(err, err_size, "%s", sup->text);
	}
	sup_free(sup);
	return status;
}
