/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/sup_watch.h"

#include <stdio.h>
#include <string.h>

#include "control/sup.h"

#define WATCH_MS 200

enum sup_heart_change sup_heart_see(
	struct sup_heart *heart, uint64_t beats, uint64_t now_ms, time_t now)
{
	if (heart->since_ms == 0 || beats != heart->beats) {
		bool hung = heart->hangs_since != 0;

		*heart = (struct sup_heart){.beats = beats, .since_ms = now_ms};
		return hung ? SUP_HEART_GOES_ON : SUP_HEART_SAME;
	}
	if (heart->hangs_since != 0 || now_ms - heart->since_ms < SUP_HUNG_MS)
		return SUP_HEART_SAME;
	heart->hangs_since = now - (time_t)((now_ms - heart->since_ms) / 1000);
	return SUP_HEART_HANGS;
}

/* What the thread is called in log and alarms. */
static const char *thread_name(
	const struct sup *sup, const struct sup_heart *heart, char *buf, size_t size)
{
	const struct sup_watch *watch = &sup->watch;
	const struct vex_cnt_worker *worker;
	long n = heart - watch->worker;

	if (heart == &watch->housekeeping) {
		snprintf(buf, size, "vex-pfe: housekeeping");
	} else {
		worker = &sup->cnt->worker[n];
		snprintf(buf, size, "vex-pfe: worker %ld (thread %u, CPU %u)", n, worker->tid,
			worker->cpu);
	}
	return buf;
}

static void see(struct sup *sup, struct sup_heart *heart, const uint64_t *beats)
{
	char name[80];

	switch (sup_heart_see(
		heart, __atomic_load_n(beats, __ATOMIC_RELAXED), sup_now_ms(), time(NULL))) {
	case SUP_HEART_HANGS:
		sup_log_print(
			&sup->log, "%s stands still", thread_name(sup, heart, name, sizeof(name)));
		break;
	case SUP_HEART_GOES_ON:
		sup_log_print(
			&sup->log, "%s goes on again", thread_name(sup, heart, name, sizeof(name)));
		break;
	case SUP_HEART_SAME:
		break;
	}
}

static void on_timer(evutil_socket_t fd, short what, void *ctx)
{
	struct sup *sup = ctx;
	struct sup_watch *watch = &sup->watch;
	uint32_t life = __atomic_load_n(&sup->cnt->pfe.life, __ATOMIC_ACQUIRE);

	(void)fd;
	(void)what;
	if (sup->child[SUP_PFE].pid <= 0 || life != watch->life || sup->state == SUP_STOPPING) {
		watch->life = life;
		watch->housekeeping = (struct sup_heart){0};
		memset(watch->worker, 0, sizeof(watch->worker));
		return;
	}
	/* It has housekeeping and workers when it says how many. */
	if (vex_cnt_workers(sup->cnt) == 0)
		return;
	see(sup, &watch->housekeeping, &sup->cnt->pfe.heartbeat);
	for (uint32_t i = 0; i < vex_cnt_workers(sup->cnt); i++)
		see(sup, &watch->worker[i], &sup->cnt->worker[i].heartbeat);
}

int sup_watch_open(struct sup *sup)
{
	const struct timeval each = {.tv_usec = WATCH_MS * 1000};

	sup->watch.timer = event_new(sup->base, -1, EV_PERSIST, on_timer, sup);
	return sup->watch.timer != NULL && event_add(sup->watch.timer, &each) == 0 ? 0 : -1;
}

void sup_watch_close(struct sup *sup)
{
	if (sup->watch.timer != NULL)
		event_free(sup->watch.timer);
	sup->watch.timer = NULL;
}

/* ---- Alarms ----------------------------------------------------------------------------------- */

static void add_alarm(json_t *list, time_t since, const char *class, const char *text)
{
	json_array_append_new(list, json_pack("{s:I, s:s, s:s}", "time", (json_int_t)since, "class",
					    class, "text", text));
}

static void heart_alarm(const struct sup *sup, json_t *list, const struct sup_heart *heart)
{
	char text[128], name[80];

	if (heart->hangs_since == 0)
		return;
	snprintf(
		text, sizeof(text), "%s stands still", thread_name(sup, heart, name, sizeof(name)));
	add_alarm(list, heart->hangs_since, "Major", text);
}

/* A child that waits to be started again; and that it was, as long as it may die again soon. */
static void child_alarm(json_t *list, const struct sup_child *child, uint64_t now_ms)
{
	uint64_t ago_ms = now_ms - child->since_ms;
	char text[192];

	if (child->state == SUP_CHILD_WAITING) {
		snprintf(text, sizeof(text), "%s does not run: it ended with %s", child->name,
			child->last_exit);
		add_alarm(list, time(NULL), "Major", text);
	} else if (child->state == SUP_CHILD_RUNNING && child->restarts > 0 &&
		   ago_ms < SUP_BACKOFF_RESET_MS) {
		snprintf(text, sizeof(text), "%s was started again after it ended with %s",
			child->name, child->last_exit);
		add_alarm(list, time(NULL) - (time_t)(ago_ms / 1000), "Minor", text);
	}
}

json_t *sup_alarms(const struct sup *sup, uint64_t now_ms)
{
	json_t *list = json_array();

	heart_alarm(sup, list, &sup->watch.housekeeping);
	for (uint32_t i = 0; i < VEX_WORKERS_MAX; i++)
		heart_alarm(sup, list, &sup->watch.worker[i]);
	for (int i = 0; i < SUP_PROGRAMS; i++)
		child_alarm(list, &sup->child[i], now_ms);
	return list;
}
