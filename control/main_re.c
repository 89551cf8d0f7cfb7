/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vex-re: the routing engine. The supervisor (supervise.h) starts it; it makes the operations of the
 * configuration, installs them in vex-pfe over the rings, reports, and logs events. When vex-pfe
 * begins a new life everything is installed again. Exit status: 0 stopped, 1 the platform or
 * the configuration is bad or the shared memory is not usable, 2 usage.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <event2/event.h>
#include <jansson.h>

#include "control/cfg.h"
#include "control/ctl.h"
#include "control/file.h"
#include "control/platform.h"
#include "control/re_event.h"
#include "control/re_install.h"
#include "control/shm.h"

#define EVENTS_PER_ROUND 1024
#define ATTACH_WAIT_MS	 30000
#define TICK_BUSY_MS	 1  /* operations wait for room in the ring */
#define TICK_WAIT_MS	 20 /* an answer is waited for */
#define TICK_IDLE_MS	 500

struct options {
	const char *instance;
	const char *platform;
	const char *config;
	int ctl_fd, cnt_fd, op_event_fd, ack_event_fd;
	int report_fd; /* -1: nobody wants to know */
};

struct re {
	struct options options;
	struct platform *platform;
	struct ctl_image *image;
	struct vex_shm shm;
	struct re_install install;
	enum re_install_state reported;
	uint64_t wait_ms; /* since when for vex-pfe to attach; 0: not */
	bool late;	  /* it was reported that it does not come */
	struct event_base *base;
	struct event *doorbell, *timer, *sighup, *sigterm, *sigint;
};

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* ---- Reports ---------------------------------------------------------------------------------- */

/* Takes @o over. Less than PIPE_BUF bytes in one write: a line arrives whole or not at all. */
static void report(const struct re *re, json_t *o)
{
	char *text = o != NULL ? json_dumps(o, JSON_COMPACT) : NULL;

	if (text != NULL && re->options.report_fd >= 0 &&
		dprintf(re->options.report_fd, "%s\n", text) < 0)
		fprintf(stderr, "the supervisor does not listen: %s\n", strerror(errno));
	free(text);
	json_decref(o);
}

static void report_state(const struct re *re, const char *state, const char *text)
{
	fprintf(stderr, "%s: %s\n", state, text);
	report(re, json_pack("{s:s, s:s}", "state", state, "text", text));
}

static void report_errors(const struct re *re, const struct vex_errs *errs)
{
	const struct vex_err *first = errs->n > 0 ? &errs->v[0] : NULL;
	char text[1024];

	for (size_t i = 0; i < errs->n; i++)
		vex_err_print(&errs->v[i], stderr);
	if (first == NULL)
		snprintf(text, sizeof(text), "out of memory");
	else if (first->file != NULL && first->line > 0)
		snprintf(text, sizeof(text), "%s:%u:%u: %s", first->file, first->line,
			first->column, first->text);
	else
		snprintf(text, sizeof(text), "%s: %s", first->file != NULL ? first->file : "?",
			first->text);
	report(re, json_pack("{s:s, s:s}", "state", "failed", "text", text));
}

/* ---- Installing ------------------------------------------------------------------------------- */

static void ring_doorbell(const struct re *re)
{
	static const uint64_t one = 1;

	/* It cannot fail but by being full, and then it is ringing. */
	if (write(re->options.op_event_fd, &one, sizeof(one)) < 0 && errno != EAGAIN)
		fprintf(stderr, "doorbell of vex-pfe: %s\n", strerror(errno));
}

static void start_install(struct re *re)
{
	re->wait_ms = 0;
	re->late = false;
	re->reported = RE_INSTALL_RUNNING;
	re_install_start(&re->install, &re->shm, re->image->ops, re->image->n_ops, now_ms());
}

static void wait_for_pfe(struct re *re, const char *why)
{
	re->install.state = RE_INSTALL_IDLE;
	re->wait_ms = now_ms();
	report_state(re, "waiting", why);
}

static void check_wait(struct re *re)
{
	if (re->wait_ms == 0 || now_ms() - re->wait_ms < ATTACH_WAIT_MS)
		return;
	if (vex_shm_met(&re->shm)) {
		/* Perhaps it attached before we were told to wait. */
		vex_shm_renew(&re->shm);
		start_install(re);
	} else if (!re->late) {
		re->late = true;
		report_state(re, "failed",
			"vex-pfe did not attach to the shared memory within 30 s; see its log");
	}
}

static void tell_outcome(struct re *re)
{
	uint64_t ms = now_ms() - re->install.start_ms;

	if (re->install.state == re->reported)
		return;
	re->reported = re->install.state;
	if (re->install.state == RE_INSTALL_FAILED) {
		report_state(re, "failed", re->install.text);
	} else if (re->install.state == RE_INSTALL_DONE) {
		fprintf(stderr, "installed: %zu operations in %" PRIu64 " ms\n", re->image->n_ops,
			ms);
		report(re, json_pack("{s:s, s:I, s:I}", "state", "installed", "operations",
				   (json_int_t)re->image->n_ops, "milliseconds", (json_int_t)ms));
	}
}

/* ---- Loop ------------------------------------------------------------------------------------- */

static void log_events(struct re *re)
{
	struct vex_event event;
	uint32_t lost;
	char text[256];
	int n;

	for (n = 0; n < EVENTS_PER_ROUND && vex_ring_pop(&re->shm.event, &event) > 0; n++)
		if (re_event_text(re->image, &event, text, sizeof(text)))
			fprintf(stderr, "%s\n", text);
	lost = vex_ring_lost(&re->shm.event);
	if (lost > 0)
		fprintf(stderr, "%" PRIu32 " events were lost\n", lost);
	if (n == EVENTS_PER_ROUND)
		event_active(re->doorbell, EV_TIMEOUT, 0);
}

/* A broken ring is noticed once; fresh ones are made and used. */
static bool repair_rings(struct re *re)
{
	const struct vex_ring *rings[] = {&re->shm.op, &re->shm.ack, &re->shm.event};
	bool broken = false;

	for (int i = 0; i < 3; i++) {
		if (rings[i]->broken == NULL)
			continue;
		broken = true;
		fprintf(stderr, "ring %d is broken: %s; fresh ones are made\n", i,
			rings[i]->broken);
	}
	if (broken)
		vex_shm_renew(&re->shm);
	return broken;
}

static void set_timer(struct re *re)
{
	bool running = re->install.state == RE_INSTALL_RUNNING;
	unsigned int ms = TICK_IDLE_MS;
	struct timeval wait;

	if (running && re->install.pushed < re->image->n_ops + 2)
		ms = TICK_BUSY_MS;
	else if (running || re->wait_ms != 0)
		ms = TICK_WAIT_MS;
	wait = (struct timeval){0, (suseconds_t)ms * 1000};
	evtimer_add(re->timer, &wait);
}

static void step(struct re *re)
{
	if (vex_shm_sync(&re->shm) && vex_shm_met(&re->shm)) {
		fprintf(stderr, "vex-pfe has attached: installing %zu operations\n",
			re->image->n_ops);
		start_install(re);
	}
	check_wait(re);
	if (re_install_step(&re->install, now_ms()))
		ring_doorbell(re);
	tell_outcome(re);
	log_events(re);
	if (repair_rings(re))
		start_install(re);
	set_timer(re);
}

static void on_doorbell(evutil_socket_t fd, short what, void *ctx)
{
	uint64_t count;

	(void)what;
	if (read(fd, &count, sizeof(count)) < 0 && errno != EAGAIN)
		fprintf(stderr, "doorbell: %s\n", strerror(errno));
	step(ctx);
}

static void on_timer(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd;
	(void)what;
	step(ctx);
}

static void on_sighup(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd;
	(void)what;
	wait_for_pfe(ctx, "vex-pfe was started again and has not attached yet");
	step(ctx);
}

static void on_stop(evutil_socket_t fd, short what, void *ctx)
{
	struct re *re = ctx;

	(void)fd;
	(void)what;
	event_base_loopbreak(re->base);
}

static bool open_loop(struct re *re)
{
	re->base = event_base_new();
	if (re->base == NULL)
		return false;
	re->doorbell = event_new(
		re->base, re->options.ack_event_fd, EV_READ | EV_PERSIST, on_doorbell, re);
	re->timer = evtimer_new(re->base, on_timer, re);
	re->sighup = evsignal_new(re->base, SIGHUP, on_sighup, re);
	re->sigterm = evsignal_new(re->base, SIGTERM, on_stop, re);
	re->sigint = evsignal_new(re->base, SIGINT, on_stop, re);
	return re->doorbell && re->timer && re->sighup && re->sigterm && re->sigint &&
	       event_add(re->doorbell, NULL) == 0 && event_add(re->sighup, NULL) == 0 &&
	       event_add(re->sigterm, NULL) == 0 && event_add(re->sigint, NULL) == 0;
}

static void close_loop(struct re *re)
{
	struct event *events[] = {re->doorbell, re->timer, re->sighup, re->sigterm, re->sigint};

	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (events[i] != NULL)
			event_free(events[i]);
	if (re->base != NULL)
		event_base_free(re->base);
}

/* ---- Start ------------------------------------------------------------------------------------ */

static bool load(struct re *re)
{
	const struct vex_pos at = {.file = re->options.config};
	struct vex_errs errs = {0};
	size_t len = 0;
	char *text;

	re->platform = platform_load_file(re->options.platform, re->options.instance, &errs);
	text = file_read(re->options.config, CFG_TEXT_MAX, &len);
	if (text == NULL)
		vex_err_add(&errs, VEX_ERR_IO, &at, NULL, NULL, "%s", strerror(errno));
	else if (re->platform != NULL)
		ctl_load_on(&re->platform->ctl, text, len, re->options.config, &re->image, &errs);
	if (re->image == NULL)
		report_errors(re, &errs);
	free(text);
	vex_errs_free(&errs);
	return re->image != NULL;
}

static bool attach(struct re *re)
{
	char err[256];

	if (vex_shm_attach(&re->shm, VEX_SIDE_CONTROL, re->options.ctl_fd, re->options.cnt_fd, err,
		    sizeof(err)) == 0)
		return true;
	report_state(re, "failed", err);
	return false;
}

static int run(struct re *re)
{
	if (!load(re) || !attach(re))
		return 1;
	if (!open_loop(re)) {
		report_state(re, "failed", "the event loop cannot be made");
		vex_shm_detach(&re->shm);
		return 1;
	}
	if (vex_shm_met(&re->shm))
		start_install(re);
	else
		wait_for_pfe(re, "vex-pfe has not attached yet");
	step(re);
	event_base_dispatch(re->base);
	vex_shm_detach(&re->shm);
	return 0;
}

static int *fd_option(struct options *o, int c)
{
	int *const fds[] = {
		&o->ctl_fd, &o->cnt_fd, &o->op_event_fd, &o->ack_event_fd, &o->report_fd};

	return fds[c - 'C'];
}

static bool parse(struct options *o, int argc, char **argv)
{
	static const struct option options[] = {
		{"instance", required_argument, NULL, 'i'},
		{"platform", required_argument, NULL, 'p'},
		{"config", required_argument, NULL, 'c'},
		{"ctl-fd", required_argument, NULL, 'C'},
		{"cnt-fd", required_argument, NULL, 'D'},
		{"op-event-fd", required_argument, NULL, 'E'},
		{"ack-event-fd", required_argument, NULL, 'F'},
		{"report-fd", required_argument, NULL, 'G'},
		{0},
	};
	char *end;
	int c;

	*o = (struct options){NULL, NULL, NULL, -1, -1, -1, -1, -1};
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'i')
			o->instance = optarg;
		else if (c == 'p')
			o->platform = optarg;
		else if (c == 'c')
			o->config = optarg;
		else if (c >= 'C' && c <= 'G') {
			*fd_option(o, c) = (int)strtol(optarg, &end, 10);
			if (*end != '\0' || end == optarg)
				return false;
		} else
			return false;
	}
	return optind == argc && o->instance != NULL && o->platform != NULL && o->config != NULL &&
	       o->ctl_fd >= 0 && o->cnt_fd >= 0 && o->op_event_fd >= 0 && o->ack_event_fd >= 0;
}

int main(int argc, char **argv)
{
	struct re re = {0};
	int status;

	if (!parse(&re.options, argc, argv)) {
		fputs("usage: vex-re --instance NAME --platform FILE --config FILE --ctl-fd N "
		      "--cnt-fd N --op-event-fd N --ack-event-fd N [--report-fd N]\n"
		      "It is started by `vex start`.\n",
			stderr);
		return 2;
	}
	status = run(&re);
	close_loop(&re);
	ctl_image_free(re.image);
	platform_free(re.platform);
	return status;
}
