/* SPDX-License-Identifier: BSD-3-Clause */
/* Looks once a second at what may be wrong, and raises and clears alarms. */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "control/re.h"
#include "control/re_alarm.h"
#include "control/show.h"

#define STILL_SECONDS	 5   /* a heartbeat that has not changed for longer hangs */
#define RESTARTS	 3   /* deaths of vex-pfe */
#define RESTART_SECONDS	 60  /* within which they are an alarm */
#define REMEMBER_SECONDS 300 /* an alarm about something that was lost ends */

struct re_watch {
	struct re_alarms alarms;
	time_t looked;
	time_t restarts[RESTARTS]; /* monotonic; the latest deaths of vex-pfe, the oldest first */
	uint64_t events_lost, log_lost;
	time_t events_time, log_time; /* when they last grew */
	struct re_pulse pfe;
	struct re_pulse workers[VEX_WORKERS_MAX];
	uint32_t life;
};

static void put(struct re *re, enum re_alarm_kind kind, unsigned int number, const char *text)
{
	struct re_alarm alarm;

	if (!re_alarm_put(&re->watch->alarms, kind, number, text, time(NULL), &alarm))
		return;
	re_syslog(re, CTL_LOG_DAEMON, text != NULL ? CTL_LOG_WARNING : CTL_LOG_NOTICE,
		text != NULL ? "ALARM_SET" : "ALARM_CLEARED", "%s alarm %s: %s",
		re_alarm_major(kind) ? "Major" : "Minor", text != NULL ? "set" : "cleared",
		alarm.text);
}

static time_t seconds(void)
{
	return (time_t)(re_now_ms() / 1000) + 1;
}

/* ---- What is configured and stored -------------------------------------------------------------- */

static void look_at_config(struct re *re)
{
	char text[RE_ALARM_TEXT_SIZE], path[PATH_MAX + 16], when[32];
	time_t deadline;
	struct tm tm;

	snprintf(path, sizeof(path), "%s/rescue.conf", re->options.statedir);
	put(re, RE_ALARM_RESCUE, 0,
		access(path, F_OK) != 0 ? "Rescue configuration is not set" : NULL);
	if (confdb_unconfirmed(re->db, &deadline)) {
		gmtime_r(&deadline, &tm);
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S UTC", &tm);
		snprintf(text, sizeof(text),
			"Commit is not confirmed; it will be rolled back at %s", when);
		put(re, RE_ALARM_UNCONFIRMED, 0, text);
	} else {
		put(re, RE_ALARM_UNCONFIRMED, 0, NULL);
	}
}

/* ---- What was lost ------------------------------------------------------------------------------ */

static void look_at_losses(struct re *re)
{
	struct re_watch *w = re->watch;
	char text[RE_ALARM_TEXT_SIZE];
	time_t now = seconds();

	if (re->events_lost != w->events_lost) {
		w->events_lost = re->events_lost;
		w->events_time = now;
		snprintf(text, sizeof(text), "%" PRIu64 " events of the data plane were lost",
			w->events_lost);
		put(re, RE_ALARM_EVENTS, 0, text);
	} else if (now - w->events_time > REMEMBER_SECONDS) {
		put(re, RE_ALARM_EVENTS, 0, NULL);
	}
	if (re_log_lost(re->log) != w->log_lost) {
		w->log_lost = re_log_lost(re->log);
		w->log_time = now;
		snprintf(text, sizeof(text),
			"%" PRIu64 " log messages could not be written or sent", w->log_lost);
		put(re, RE_ALARM_LOG, 0, text);
	} else if (now - w->log_time > REMEMBER_SECONDS) {
		put(re, RE_ALARM_LOG, 0, NULL);
	}
}

/* ---- vex-pfe ------------------------------------------------------------------------------------ */

static void look_at_restarts(struct re *re)
{
	const struct re_watch *w = re->watch;
	char text[RE_ALARM_TEXT_SIZE];
	const char *failed = re_pfe_failure(re);

	snprintf(text, sizeof(text), "vex-pfe was restarted %d times within %d s", RESTARTS,
		RESTART_SECONDS);
	put(re, RE_ALARM_RESTARTS, 0,
		w->restarts[0] != 0 && seconds() - w->restarts[0] <= RESTART_SECONDS ? text : NULL);
	snprintf(text, sizeof(text), "Configuration is not installed: %.100s",
		failed != NULL ? failed : "");
	put(re, RE_ALARM_INSTALL, 0, failed != NULL ? text : NULL);
}

/* A worker that sleeps beats too. Nobody is blamed for what a dead vex-pfe left behind. */
static void look_at_heartbeats(struct re *re)
{
	struct re_watch *w = re->watch;
	const struct vex_cnt *cnt = re->shm.cnt;
	bool up = re_pfe_pid(re) > 0, still;
	uint32_t n = up ? vex_cnt_workers(cnt) : 0;
	char text[RE_ALARM_TEXT_SIZE];

	if (!up || w->life != __atomic_load_n(&cnt->pfe.life, __ATOMIC_RELAXED)) {
		w->life = __atomic_load_n(&cnt->pfe.life, __ATOMIC_RELAXED);
		w->pfe.since = 0;
		for (unsigned int i = 0; i < VEX_WORKERS_MAX; i++)
			w->workers[i].since = 0;
	}
	still = up &&
		re_pulse_stopped(&w->pfe, __atomic_load_n(&cnt->pfe.heartbeat, __ATOMIC_RELAXED),
			seconds(), STILL_SECONDS);
	put(re, RE_ALARM_HANGS, 0,
		still ? "vex-pfe does not answer: its housekeeping hangs" : NULL);
	for (unsigned int i = 0; i < VEX_WORKERS_MAX; i++) {
		const struct vex_cnt_worker *worker = &cnt->worker[i];

		still = i < n && re_pulse_stopped(&w->workers[i],
					 __atomic_load_n(&worker->heartbeat, __ATOMIC_RELAXED),
					 seconds(), STILL_SECONDS);
		snprintf(text, sizeof(text), "Worker %u on CPU %u (thread %u) hangs", i,
			worker->cpu, worker->tid);
		put(re, RE_ALARM_WORKER, i, still ? text : NULL);
	}
}

static void look_at_devices(struct re *re)
{
	char text[RE_ALARM_TEXT_SIZE], name[CTL_LPORT_NAME_SIZE];
	bool up = re_pfe_pid(re) > 0 && re_pfe_installed(re);

	for (unsigned int p = 0; p < re->platform->n_ports; p++) {
		bool gone = up && re->platform->ports[p].device != PLATFORM_UNBOUND &&
			    __atomic_load_n(&re->shm.cnt->port[p].bound, __ATOMIC_RELAXED) == 0;

		snprintf(text, sizeof(text), "%s: its device has gone",
			ctl_lport_name(re->image, p, name));
		put(re, RE_ALARM_DEVICE, p, gone ? text : NULL);
	}
}

/* ---- For the others ----------------------------------------------------------------------------- */

bool re_watch_open(struct re *re)
{
	re->watch = calloc(1, sizeof(*re->watch));
	return re->watch != NULL;
}

void re_watch_close(struct re *re)
{
	free(re->watch);
	re->watch = NULL;
}

void re_watch_restarted(struct re *re)
{
	struct re_watch *w = re->watch;

	for (int i = 0; i + 1 < RESTARTS; i++)
		w->restarts[i] = w->restarts[i + 1];
	w->restarts[RESTARTS - 1] = seconds();
}

void re_watch_look(struct re *re)
{
	re->watch->looked = seconds();
	look_at_config(re);
	look_at_losses(re);
	look_at_restarts(re);
	look_at_heartbeats(re);
	look_at_devices(re);
}

void re_watch_step(struct re *re)
{
	if (re->watch->looked != seconds())
		re_watch_look(re);
}

size_t re_watch_view(const struct re *re, struct show_alarm *v, size_t cap)
{
	const struct re_alarms *alarms = &re->watch->alarms;
	size_t n = alarms->n < cap ? alarms->n : cap;

	for (size_t i = 0; i < n; i++)
		v[i] = (struct show_alarm){.time = alarms->v[i].since,
			.major = re_alarm_major(alarms->v[i].kind),
			.chassis = re_alarm_chassis(alarms->v[i].kind),
			.text = alarms->v[i].text};
	return n;
}
