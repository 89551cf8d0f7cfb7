/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/re_dump.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/ops_digest.h"

#define RECORDS_PER_STEP 65536

struct request {
	struct vex_op_dump what;
	re_dump_done done; /* NULL: whoever asked is gone */
	void *ctx;
};

enum progress {
	WAITS,	/* is to be sent */
	SENT,	/* no acknowledgement yet */
	READS,	/* records come */
	FAILED, /* see why */
};

struct re_dump {
	struct vex_shm *shm;
	struct request waiting[RE_DUMP_WAITING]; /* from first on, round */
	unsigned int first, n;
	/* Of the first one. */
	enum progress progress;
	uint32_t cookie; /* also its number on the ring */
	uint64_t since_ms;
	bool timed; /* since_ms holds */
	struct vex_op *records;
	size_t n_records, room;
	char why[160];
};

struct re_dump *re_dump_create(struct vex_shm *shm)
{
	struct re_dump *d = calloc(1, sizeof(*d));

	if (d != NULL)
		d->shm = shm;
	return d;
}

void re_dump_free(struct re_dump *d)
{
	if (d == NULL)
		return;
	free(d->records);
	free(d);
}

bool re_dump_request(
	struct re_dump *d, const struct vex_op_dump *what, re_dump_done done, void *ctx)
{
	if (d->n == RE_DUMP_WAITING)
		return false;
	d->waiting[(d->first + d->n) % RE_DUMP_WAITING] = (struct request){*what, done, ctx};
	d->n++;
	return true;
}

bool re_dump_request_first(
	struct re_dump *d, const struct vex_op_dump *what, re_dump_done done, void *ctx)
{
	unsigned int at = (d->first + RE_DUMP_WAITING - 1) % RE_DUMP_WAITING;

	if (d->n == RE_DUMP_WAITING)
		return false;
	/* What is under way stays the first. */
	if (d->n > 0 && d->progress != WAITS) {
		d->waiting[at] = d->waiting[d->first];
		d->waiting[d->first] = (struct request){*what, done, ctx};
	} else {
		d->waiting[at] = (struct request){*what, done, ctx};
	}
	d->first = at;
	d->n++;
	return true;
}

void re_dump_cancel(struct re_dump *d, const void *ctx)
{
	for (unsigned int i = 0; i < d->n; i++) {
		struct request *r = &d->waiting[(d->first + i) % RE_DUMP_WAITING];

		if (r->ctx == ctx)
			r->done = NULL;
	}
}

bool re_dump_busy(const struct re_dump *d)
{
	return d->n > 0;
}

static void begin_anew(struct re_dump *d)
{
	d->progress = WAITS;
	d->n_records = 0;
	d->timed = false;
}

void re_dump_renew(struct re_dump *d)
{
	begin_anew(d);
}

static void fail(struct re_dump *d, const char *why)
{
	d->progress = FAILED;
	snprintf(d->why, sizeof(d->why), "vex-pfe %s (table %s)", why,
		vex_table_name(d->waiting[d->first].what.table));
}

/* The first request has ended; its successor may begin. */
static void finish(struct re_dump *d, struct re_dump_result *result)
{
	struct request done = d->waiting[d->first];
	struct vex_op *records = d->records;

	/* The callback may ask again: everything of this request is put aside before. */
	d->first = (d->first + 1) % RE_DUMP_WAITING;
	d->n--;
	d->records = NULL;
	d->room = 0;
	begin_anew(d);
	if (done.done != NULL)
		done.done(done.ctx, result);
	free(records);
}

static void finish_failed(struct re_dump *d)
{
	char why[sizeof(d->why)];
	struct re_dump_result result = {.error = why};

	memcpy(why, d->why, sizeof(why));
	finish(d, &result);
}

/* ---- The ring --------------------------------------------------------------------------------- */

static bool push(struct re_dump *d)
{
	const struct request *r = &d->waiting[d->first];
	struct vex_op op = {.type = VEX_OP_DUMP, .seq = d->cookie + 1, .dump = r->what};

	op.dump.cookie = d->cookie + 1;
	if (vex_ring_push(&d->shm->op, &op, sizeof(op)) != 1)
		return false;
	d->cookie++;
	d->progress = SENT;
	return true;
}

void re_dump_ack(struct re_dump *d, const struct vex_ack *ack)
{
	char why[64];

	if (d->progress != SENT || ack->seq != d->cookie)
		return;
	if (ack->status == VEX_OK) {
		d->progress = READS;
	} else if (ack->status == VEX_NO_RESOURCE) {
		/* It still reads for a request of which nobody wants to know any more. */
		d->progress = WAITS;
	} else {
		snprintf(why, sizeof(why), "refused to read: %s", vex_status_name(ack->status));
		fail(d, why);
	}
}

static bool keep(struct re_dump *d, const struct vex_op *op)
{
	if (d->n_records == d->room) {
		size_t room = d->room > 0 ? 2 * d->room : 1024;
		struct vex_op *bigger = NULL;

		if (d->room < RE_DUMP_RECORDS)
			bigger = realloc(d->records, room * sizeof(*bigger));
		if (bigger == NULL)
			return false;
		d->records = bigger;
		d->room = room;
	}
	d->records[d->n_records++] = *op;
	return true;
}

/* Nothing that vex-pfe says is believed without a look. */
static bool plausible(const struct re_dump *d, const struct vex_op_dump_end *end)
{
	const struct vex_op_dump *what = &d->waiting[d->first].what;

	if (end->table != what->table)
		return false;
	for (size_t i = 0; i < d->n_records; i++)
		if (vex_op_table(&d->records[i]) != what->table)
			return false;
	return (what->flags & VEX_DUMP_DIGEST) ? d->n_records == 0 : d->n_records == end->count;
}

/* True if the dump that is under way has ended. */
static bool take_end(struct re_dump *d, const struct vex_op_dump_end *end)
{
	struct re_dump_result result = {.n = d->n_records,
		.count = end->count,
		.digest = end->digest,
		.generation = end->generation};

	/* The acknowledgement may still be on its way. */
	if ((d->progress != SENT && d->progress != READS) || end->cookie != d->cookie) {
		d->n_records = 0; /* they belonged to one that was given up */
		return false;
	}
	if (!plausible(d, end)) {
		fail(d, "sent records that do not fit the table");
		return true;
	}
	result.records = d->records;
	finish(d, &result);
	return true;
}

/* Takes records, up to the end of a dump. True if there were any. */
static bool take_records(struct re_dump *d)
{
	struct vex_op op;
	int n;

	for (n = 0; n < RECORDS_PER_STEP && d->progress != FAILED; n++) {
		if (vex_ring_pop(&d->shm->dump, &op) <= 0)
			break;
		if (op.type == VEX_OP_DUMP_END) {
			if (take_end(d, &op.dump_end))
				return true;
		} else if (d->n > 0 && !keep(d, &op)) {
			fail(d, "has more records than there is memory for");
		}
	}
	return n > 0;
}

bool re_dump_step(struct re_dump *d, bool may_push, uint64_t now_ms)
{
	bool pushed = false, some = take_records(d);

	if (d->n == 0) {
		d->n_records = 0;
		return false;
	}
	if (d->progress == WAITS && may_push) {
		if (d->waiting[d->first].done == NULL) {
			finish(d, &(struct re_dump_result){.error = "cancelled"});
			return d->n > 0 && re_dump_step(d, may_push, now_ms);
		}
		pushed = push(d);
	}
	if (some || !d->timed) {
		d->since_ms = now_ms;
		d->timed = true;
	} else if (d->progress != FAILED && now_ms - d->since_ms >= RE_DUMP_TIMEOUT_MS) {
		fail(d, "does not answer");
	}
	if (d->progress == FAILED)
		finish_failed(d);
	return pushed;
}
