/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Frames of the routing engine: what workers punted goes to the punt ring, and what control
 * injects goes to the worker that owns the port. Housekeeping copies both, so workers never wait for
 * control, and frames of control are checked once, here.
 */
#include <stdlib.h>
#include <string.h>

#include "dataplane/buf.h"
#include "dataplane/live_inject.h"
#include "dataplane/live_int.h"

#define PUNTS_PER_ROUND	  512u /* of one worker */
#define INJECTS_PER_ROUND 512u

struct live_punt {
	struct punt_queue *queue[2 * VEX_WORKERS_MAX]; /* from each worker, then to each */
	struct vex_punt punted;
	struct vex_inject injected;
};

bool live_punt_create(struct live *l)
{
	l->punt = calloc(1, sizeof(*l->punt));
	if (!l->punt)
		return live_fail(l, "out of memory for punted frames");
	for (unsigned int i = 0; i < 2 * l->workers; i++) {
		struct punt_queue *q = aligned_alloc(64, sizeof(*q));

		if (!q)
			return live_fail(l, "out of memory for punted frames");
		memset(q, 0, sizeof(*q));
		l->punt->queue[i] = q;
	}
	for (unsigned int i = 0; i < l->workers; i++) {
		l->worker[i].xt.punted = l->punt->queue[i];
		l->worker[i].injected = l->punt->queue[l->workers + i];
	}
	return true;
}

void live_punt_destroy(struct live *l)
{
	struct punt_frame f;

	for (unsigned int i = 0; l->punt && i < 2 * l->workers; i++) {
		while (l->punt->queue[i] && punt_queue_take(l->punt->queue[i], &f))
			buf_free(f.buf);
		free(l->punt->queue[i]);
	}
	free(l->punt);
	l->punt = NULL;
}

static void count(uint64_t *shown)
{
	__atomic_fetch_add(shown, 1, __ATOMIC_RELAXED);
}

static bool punt_all(struct live *l, struct punt_queue *q)
{
	struct vex_punt *record = &l->punt->punted;
	struct punt_frame f;
	unsigned int n = 0;

	for (; n < PUNTS_PER_ROUND && punt_queue_take(q, &f); n++) {
		record->time = f.time;
		record->port = f.port;
		record->protocol = f.protocol;
		record->length = f.len;
		memcpy(record->frame, f.data, f.len);
		if (vex_ring_push_or_lose(&l->shm.punt, record, VEX_PUNT_SIZE(f.len)) != 1)
			count(&l->shm.cnt_rw->pfe.punt_lost);
		buf_free(f.buf);
	}
	return n > 0;
}

static void inject(struct live *l, const struct vex_inject *r, int length)
{
	struct vex_cnt_pfe *shown = &l->shm.cnt_rw->pfe;
	struct punt_queue *to;
	struct punt_frame f;
	struct pkt p = {0};

	if (!live_inject_ok(l->core.tables, r, length) || !l->device[r->port]) {
		count(&shown->inject_refused);
		return;
	}
	to = l->punt->queue[l->workers + l->owner[r->port]];
	if (!buf_alloc(l->pools, r->length, &p)) {
		count(&shown->inject_lost);
		return;
	}
	memcpy(p.data, r->frame, r->length);
	f = (struct punt_frame){.buf = p.buf, .data = p.data, .len = r->length, .port = r->port};
	if (punt_queue_put(to, &f)) {
		worker_wake(&l->worker[l->owner[r->port]]);
		return;
	}
	buf_free(p.buf);
	count(&shown->inject_lost);
}

bool live_punt_move(struct live *l)
{
	bool some = false;
	int length;

	for (unsigned int i = 0; i < l->workers; i++)
		some = punt_all(l, l->punt->queue[i]) || some;
	for (unsigned int n = 0; n < INJECTS_PER_ROUND; n++) {
		length = vex_ring_pop(&l->shm.inject, &l->punt->injected);
		if (length <= 0)
			break;
		inject(l, &l->punt->injected, length);
	}
	return some;
}
