/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The other side of the rings. When either side begins a new life the tables are compared with the
 * image and what differs is installed (re_sync.h); a commit waits until that is done.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "control/re.h"

#define ATTACH_WAIT_MS 30000
#define TICK_WAIT_MS   20   /* for vex-pfe to attach */
#define RETRY_MS       2000 /* after a failure; doubled up to the next */
#define RETRY_MAX_MS   60000

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

/* The rings are fresh. */
static void start_install(struct re *re)
{
	const struct ctl_image *image = re->trying != NULL ? re->trying : re->image;

	re->wait_ms = 0;
	re->late = false;
	re->mac_followed = false;
	re->reported = RE_SYNC_COMPARING;
	re_trace(re, CTL_TRACE_FORWARDING, "vex-pfe %d: comparing tables", re_pfe_pid(re));
	re_sync_start(re->sync, image->ops, image->n_ops, re_now_ms());
}

static void wait_for_pfe(struct re *re, const char *why)
{
	re_sync_stop(re->sync);
	re->reported = RE_SYNC_IDLE;
	re->wait_ms = re_now_ms();
	re_trace(re, CTL_TRACE_FORWARDING, "waiting: %s", why);
	re_report_state(re, "waiting", why);
}

/* A vex-pfe that did not answer may do so later, and one that had no room may have it. */
static void retry(struct re *re)
{
	uint64_t now = re_now_ms();

	if (re_sync_status(re->sync)->state != RE_SYNC_FAILED) {
		re->retry_ms = 0;
		if (re_sync_status(re->sync)->state == RE_SYNC_DONE)
			re->retry_wait_ms = 0;
	} else if (re->retry_ms == 0) {
		re->retry_wait_ms = re->retry_wait_ms == 0 ? RETRY_MS : re->retry_wait_ms * 2;
		if (re->retry_wait_ms > RETRY_MAX_MS)
			re->retry_wait_ms = RETRY_MAX_MS;
		re->retry_ms = now + re->retry_wait_ms;
	} else if (now >= re->retry_ms) {
		re->retry_ms = 0;
		vex_shm_renew(&re->shm);
		start_install(re);
	}
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

static void tell_installed(struct re *re)
{
	const struct re_sync_status *status = re_sync_status(re->sync);
	uint64_t ms = status->finished_ms - status->started_ms;

	if (!re_db_installed(re))
		return;
	re_punt_apply(re->punt, re->image);
	fprintf(stderr, "installed: %zu operations in %" PRIu64 " ms, of which %zu were sent%s",
		re->image->n_ops, ms, status->sent,
		status->differ != 0 ? "; these tables differed:" : "");
	for (unsigned int t = 0; t < VEX_TABLES; t++)
		if (status->differ >> t & 1)
			fprintf(stderr, " %s", vex_table_name(t));
	fputc('\n', stderr);
	re_report(re, json_pack("{s:s, s:I, s:I}", "state", "installed", "operations",
			      (json_int_t)re->image->n_ops, "milliseconds", (json_int_t)ms));
}

static void tell_outcome(struct re *re)
{
	const struct re_sync_status *status = re_sync_status(re->sync);

	if (status->state == re->reported)
		return;
	re->reported = status->state;
	re_trace(re, CTL_TRACE_FORWARDING, "tables: %s", re_pfe_state(re));
	if (status->state == RE_SYNC_FAILED || status->state == RE_SYNC_DONE)
		snprintf(re->failure, sizeof(re->failure), "%s",
			status->state == RE_SYNC_FAILED ? status->text : "");
	if (status->state == RE_SYNC_FAILED)
		re_report_state(re, "failed", status->text);
	else if (status->state == RE_SYNC_DONE)
		tell_installed(re);
}

/* ---- For the others ---------------------------------------------------------------------------- */

int re_pfe_pid(const struct re *re)
{
	return __atomic_load_n(&re->shm.ctl->header.side[VEX_SIDE_PFE].pid, __ATOMIC_RELAXED);
}

bool re_pfe_installed(const struct re *re)
{
	return re_sync_status(re->sync)->state == RE_SYNC_DONE;
}

const char *re_pfe_state(const struct re *re)
{
	const struct re_sync_status *status = re_sync_status(re->sync);

	switch (status->state) {
	case RE_SYNC_IDLE:
		return "it has not attached";
	case RE_SYNC_FAILED:
		return status->text;
	case RE_SYNC_DONE:
		return "ready";
	default:
		return "the configuration is being installed";
	}
}

const char *re_pfe_failure(const struct re *re)
{
	return *re->failure != '\0' ? re->failure : NULL;
}

/* What was asked for is done in the next round of the loop. */
static void wake(struct re *re)
{
	event_active(re->timer, EV_TIMEOUT, 0);
}

bool re_pfe_apply(struct re *re, const struct vex_op *ops, size_t n, re_sync_done done, void *ctx)
{
	re_trace(re, CTL_TRACE_FORWARDING, "transaction of %zu operations", n);
	wake(re);
	return re_sync_apply(re->sync, ops, n, done, ctx);
}

bool re_pfe_dump(struct re *re, const struct vex_op_dump *what, re_dump_done done, void *ctx)
{
	if (re_sync_status(re->sync)->state == RE_SYNC_IDLE)
		return false;
	wake(re);
	return re_dump_request(re_sync_dump(re->sync), what, done, ctx);
}

void re_pfe_cancel(struct re *re, const void *ctx)
{
	re_sync_cancel(re->sync, ctx);
	re_dump_cancel(re_sync_dump(re->sync), ctx);
}

void re_pfe_resync(struct re *re)
{
	re->trying = NULL;
	if (re_sync_status(re->sync)->state == RE_SYNC_IDLE)
		return; /* it is compared when vex-pfe attaches */
	vex_shm_renew(&re->shm);
	start_install(re);
	wake(re);
}

void re_pfe_try(struct re *re, const struct ctl_image *image)
{
	re->trying = image;
	if (re_sync_status(re->sync)->state == RE_SYNC_IDLE)
		return;
	vex_shm_renew(&re->shm);
	start_install(re);
	wake(re);
}

void re_image_set(struct re *re, struct ctl_image *image)
{
	re->trying = NULL;
	/* Without memory for it, what comes before it is restored after the next mishap. */
	if (!re_sync_config(re->sync, image->ops, image->n_ops))
		fputs("out of memory: the tables are not compared with this commit\n", stderr);
	ctl_image_free(re->image);
	re->image = image;
	re_punt_apply(re->punt, re->image);
}

/* ---- Loop ------------------------------------------------------------------------------------- */

/* A broken ring is noticed once; fresh ones are made and used. */
static bool repair_rings(struct re *re)
{
	const struct vex_ring *rings[] = {&re->shm.op, &re->shm.ack, &re->shm.event, &re->shm.dump,
		&re->shm.punt, &re->shm.inject};
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
	unsigned int ms = re_sync_wait_ms(re->sync);
	struct timeval wait;

	if (re->wait_ms != 0 && ms > TICK_WAIT_MS)
		ms = TICK_WAIT_MS;
	wait = (struct timeval){0, (suseconds_t)ms * 1000};
	evtimer_add(re->timer, &wait);
}

static void step(struct re *re)
{
	if (vex_shm_sync(&re->shm) && vex_shm_met(&re->shm)) {
		fputs("vex-pfe has attached: comparing its tables\n", stderr);
		start_install(re);
	}
	check_wait(re);
	if (re_sync_step(re->sync, re_now_ms()))
		ring_doorbell(re);
	tell_outcome(re);
	retry(re);
	if (re_events_step(re))
		event_active(re->doorbell, EV_TIMEOUT, 0);
	re_watch_step(re);
	re_punt_links(re->punt);
	re_punt_step(re->punt);
	re_ddos_step(re);
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

/* The supervisor starts a vex-pfe only when the one before is no process any more. */
static bool is_attached(const struct re *re)
{
	int pid = re_pfe_pid(re);

	return pid > 0 && (kill(pid, 0) == 0 || errno == EPERM);
}

void re_pfe_restarted(struct re *re)
{
	re->pfe_restarts++;
	re_watch_restarted(re);
	/* The word of its start may come after it has attached. */
	if (!is_attached(re))
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
	re->sync = re_sync_create(&re->shm);
	if (re->sync == NULL) {
		re_report_state(re, "failed", "out of memory");
		return false;
	}
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
	re_sync_free(re->sync);
	re->sync = NULL;
	if (re->shm.ctl != NULL)
		vex_shm_detach(&re->shm);
	show_live_free(re->live);
}
