/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The other side of the rings. When vex-pfe begins a new life everything is installed again; a
 * commit waits until that is done.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/re.h"

#define ATTACH_WAIT_MS 30000
#define TICK_BUSY_MS   1  /* operations wait for room in the ring */
#define TICK_WAIT_MS   20 /* an answer is waited for */
#define TICK_IDLE_MS   500

/* ---- Installing ------------------------------------------------------------------------------- */

static void ring_doorbell(const struct re *re)
{
	static const uint64_t one = 1;

	/* It cannot fail but by being full, and then it is ringing. */
	if (write(re->options.op_event_fd, &one, sizeof(one)) < 0 && errno != EAGAIN)
		fprintf(stderr, "doorbell of vex-pfe: %s\n", strerror(errno));
}

/* Frames of the routing engine need no configuration, and no answer of vex-pfe. */
static bool open_punt(struct re *re)
{
	const struct re_punt_options options = {
		.tap_fds = re->options.tap_fds,
		.netns_fd = re->options.netns_fd,
		.doorbell = re->options.op_event_fd,
	};

	re->punt = re_punt_create(re->base, &re->shm, &options);
	return re->punt != NULL;
}

/* The transaction of somebody, while it is under way; one at a time, others wait. */
struct re_apply {
	const struct vex_op *ops;
	size_t n;
	re_sync_done done;
	void *ctx;
	struct re_apply *next;
};

static void end_apply(struct re *re, bool ok, bool lost)
{
	struct re_apply *a = re->applies;
	struct re_sync_result result = {.ok = ok, .lost = lost, .text = re->install.text};

	re->applying = false;
	re->applies = a->next;
	a->done(a->ctx, &result);
	free(a);
}

static void next_apply(struct re *re)
{
	if (re->applies == NULL || re->applying || re->install.state != RE_INSTALL_DONE)
		return;
	re->applying = true;
	re_install_start(&re->install, &re->shm, re->applies->ops, re->applies->n, re_now_ms());
}

static void start_install(struct re *re)
{
	if (re->applying)
		end_apply(re, false, true);
	re->wait_ms = 0;
	re->late = false;
	re->reported = RE_INSTALL_RUNNING;
	re_install_start(&re->install, &re->shm, re->image->ops, re->image->n_ops, re_now_ms());
}

static void wait_for_pfe(struct re *re, const char *why)
{
	if (re->applying)
		end_apply(re, false, true);
	re->install.state = RE_INSTALL_IDLE;
	re->wait_ms = re_now_ms();
	re_report_state(re, "waiting", why);
}

static void check_wait(struct re *re)
{
	if (re->wait_ms == 0 || re_now_ms() - re->wait_ms < ATTACH_WAIT_MS)
		return;
	if (vex_shm_met(&re->shm)) {
		/* Perhaps it attached before we were told to wait. */
		vex_shm_renew(&re->shm);
		start_install(re);
	} else if (!re->late) {
		re->late = true;
		re_report_state(re, "failed",
			"vex-pfe did not attach to the shared memory within 30 s; see its log");
	}
}

static void tell_outcome(struct re *re)
{
	uint64_t ms = re_now_ms() - re->install.start_ms;

	if (re->applying && re->install.state != RE_INSTALL_RUNNING) {
		bool ok = re->install.state == RE_INSTALL_DONE;

		re->install.state = RE_INSTALL_DONE;
		end_apply(re, ok, false);
		return;
	}
	if (re->install.state == re->reported || re->applying)
		return;
	re->reported = re->install.state;
	if (re->install.state == RE_INSTALL_FAILED) {
		re_report_state(re, "failed", re->install.text);
	} else if (re->install.state == RE_INSTALL_DONE) {
		if (!re_db_installed(re))
			return;
		re_punt_apply(re->punt, re->image);
		fprintf(stderr, "installed: %zu operations in %" PRIu64 " ms\n", re->image->n_ops,
			ms);
		re_report(
			re, json_pack("{s:s, s:I, s:I}", "state", "installed", "operations",
				    (json_int_t)re->image->n_ops, "milliseconds", (json_int_t)ms));
	}
}

/* ---- For the others ---------------------------------------------------------------------------- */

int re_pfe_pid(const struct re *re)
{
	return __atomic_load_n(&re->shm.ctl->header.side[VEX_SIDE_PFE].pid, __ATOMIC_RELAXED);
}

bool re_pfe_installed(const struct re *re)
{
	return re->install.state == RE_INSTALL_DONE;
}

const char *re_pfe_state(const struct re *re)
{
	switch (re->install.state) {
	case RE_INSTALL_IDLE:
		return "it has not attached";
	case RE_INSTALL_RUNNING:
		return "the configuration is being installed";
	case RE_INSTALL_FAILED:
		return re->install.text;
	default:
		return "ready";
	}
}

bool re_pfe_apply(struct re *re, const struct vex_op *ops, size_t n, re_sync_done done, void *ctx)
{
	struct re_apply *a = calloc(1, sizeof(*a)), **at = &re->applies;

	if (a == NULL || n > VEX_TXN_OPS_MAX) {
		free(a);
		return false;
	}
	*a = (struct re_apply){ops, n, done, ctx, NULL};
	while (*at != NULL)
		at = &(*at)->next;
	*at = a;
	event_active(re->timer, EV_TIMEOUT, 0);
	return true;
}

void re_pfe_cancel(struct re *re, void *ctx)
{
	for (struct re_apply **at = &re->applies; *at != NULL; at = &(*at)->next) {
		struct re_apply *a = *at;

		if (a->ctx != ctx)
			continue;
		*at = a->next;
		free(a);
		if (at == &re->applies && re->applying) {
			re->applying = false;
			re_pfe_resync(re);
		}
		return;
	}
}

void re_pfe_resync(struct re *re)
{
	vex_shm_renew(&re->shm);
	if (re->install.state != RE_INSTALL_IDLE)
		start_install(re);
}

void re_image_set(struct re *re, struct ctl_image *image)
{
	ctl_image_free(re->image);
	re->image = image;
	re_punt_apply(re->punt, re->image);
}

bool re_pfe_dump(struct re *re, const struct vex_op_dump *what, re_dump_done done, void *ctx)
{
	(void)re, (void)what, (void)done, (void)ctx;
	return false;
}

/* ---- Loop ------------------------------------------------------------------------------------- */

/* A broken ring is noticed once; fresh ones are made and used. */
static bool repair_rings(struct re *re)
{
	const struct vex_ring *rings[] = {
		&re->shm.op, &re->shm.ack, &re->shm.event, &re->shm.punt, &re->shm.inject};
	bool broken = false;

	for (size_t i = 0; i < sizeof(rings) / sizeof(rings[0]); i++) {
		if (rings[i]->broken == NULL)
			continue;
		broken = true;
		fprintf(stderr, "ring %zu is broken: %s; fresh ones are made\n", i,
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

	if (running && re->install.pushed < re->install.n_ops + 2)
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
	next_apply(re);
	if (re_install_step(&re->install, re_now_ms()))
		ring_doorbell(re);
	tell_outcome(re);
	if (re_events_step(re))
		event_active(re->doorbell, EV_TIMEOUT, 0);
	re_punt_links(re->punt);
	re_punt_step(re->punt);
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

void re_pfe_restarted(struct re *re)
{
	re->pfe_restarts++;
	wait_for_pfe(re, "vex-pfe was started again and has not attached yet");
	step(re);
}

bool re_pfe_attach(struct re *re)
{
	char err[256];

	if (vex_shm_attach(&re->shm, VEX_SIDE_CONTROL, re->options.ctl_fd, re->options.cnt_fd, err,
		    sizeof(err)) == 0)
		return true;
	re_report_state(re, "failed", err);
	return false;
}

bool re_pfe_open(struct re *re)
{
	re->live = show_live_create();
	if (re->live == NULL)
		return false;
	re->doorbell = event_new(
		re->base, re->options.ack_event_fd, EV_READ | EV_PERSIST, on_doorbell, re);
	re->timer = evtimer_new(re->base, on_timer, re);
	if (re->doorbell == NULL || re->timer == NULL || event_add(re->doorbell, NULL) != 0 ||
		!open_punt(re)) {
		re_report_state(re, "failed", "the event loop cannot be made");
		return false;
	}
	if (vex_shm_met(&re->shm))
		start_install(re);
	else
		wait_for_pfe(re, "vex-pfe has not attached yet");
	step(re);
	return true;
}

void re_pfe_close(struct re *re)
{
	if (re->doorbell != NULL)
		event_free(re->doorbell);
	if (re->timer != NULL)
		event_free(re->timer);
	re->doorbell = re->timer = NULL;
	re_punt_free(re->punt);
	re->punt = NULL;
	if (re->shm.ctl != NULL)
		vex_shm_detach(&re->shm);
	show_live_free(re->live);
}
