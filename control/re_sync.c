/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/re_sync.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/ctl_diff.h"
#include "control/re_install.h"
#include "dataplane/ops_digest.h"

#define TICK_BUSY_MS 1	/* operations wait for room in the ring */
#define TICK_WAIT_MS 20 /* an answer is waited for */
#define TICK_IDLE_MS 500
#define ACKS_MAX     65536

/* Tables that the configuration makes. */
#define CONFIGURED \
	(((1u << VEX_TABLES) - 1) & ~(1u << VEX_TABLE_STP) & ~(1u << VEX_TABLE_MAC_LEARNED))

struct txn {
	struct txn *next;
	struct vex_op *ops;
	size_t n;
	re_sync_done done; /* NULL: whoever asked is gone */
	void *ctx;
};

struct re_sync {
	struct vex_shm *shm;
	struct re_dump *dump;
	struct re_install install;
	struct re_sync_status status;
	uint64_t now_ms;

	/* What is configured. */
	struct vex_op *want;
	size_t n_want;

	/* Comparing. */
	struct ctl_digest digest[VEX_TABLES];
	uint32_t tables; /* still to be asked for, or to be read */
	enum vex_table table;
	struct vex_op *have; /* tables as they are */
	size_t n_have;
	struct ctl_diff diff;

	/* Transactions of others; the first one is running, or none is. */
	struct txn *first, **last;
	bool running;
	struct txn *lost; /* is to be told */
};

struct re_sync *re_sync_create(struct vex_shm *shm)
{
	struct re_sync *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->shm = shm;
	s->last = &s->first;
	s->dump = re_dump_create(shm);
	s->install.dump = s->dump;
	if (s->dump == NULL) {
		free(s);
		return NULL;
	}
	return s;
}

static void txn_free(struct txn *t)
{
	if (t != NULL)
		free(t->ops);
	free(t);
}

static struct txn *pop_txn(struct re_sync *s)
{
	struct txn *t = s->first;

	s->first = t->next;
	if (s->first == NULL)
		s->last = &s->first;
	t->next = NULL;
	return t;
}

static void forget_comparison(struct re_sync *s)
{
	re_dump_cancel(s->dump, s);
	free(s->have);
	s->have = NULL;
	s->n_have = 0;
	ctl_diff_free(&s->diff);
}

void re_sync_free(struct re_sync *s)
{
	if (s == NULL)
		return;
	forget_comparison(s);
	while (s->first != NULL)
		txn_free(pop_txn(s));
	txn_free(s->lost);
	re_dump_free(s->dump);
	free(s->want);
	free(s);
}

static void enter(struct re_sync *s, enum re_sync_state state)
{
	s->status.state = state;
	if (state == RE_SYNC_DONE || state == RE_SYNC_FAILED)
		s->status.finished_ms = s->now_ms;
}

static void fail(struct re_sync *s, const char *text)
{
	forget_comparison(s);
	snprintf(s->status.text, sizeof(s->status.text), "%s", text);
	enter(s, RE_SYNC_FAILED);
}

/* ---- Comparing -------------------------------------------------------------------------------- */

static bool ask_next(struct re_sync *s);

/* Room for n more records of tables as they are. */
static bool reserve(struct re_sync *s, size_t n)
{
	struct vex_op *bigger = realloc(s->have, (s->n_have + n + 1) * sizeof(*bigger));

	if (bigger == NULL)
		return false;
	s->have = bigger;
	return true;
}

/* Tables that are as they should be need not be read. */
static bool keep_equal(struct re_sync *s)
{
	if (!reserve(s, s->n_want))
		return false;
	for (size_t i = 0; i < s->n_want; i++)
		if (!(s->status.differ >> vex_op_table(&s->want[i]) & 1))
			s->have[s->n_have++] = s->want[i];
	return true;
}

static void install_part(struct re_sync *s)
{
	size_t left = s->diff.n - s->status.sent;

	re_install_start(&s->install, s->shm, s->diff.ops + s->status.sent,
		left < VEX_TXN_OPS_MAX ? left : VEX_TXN_OPS_MAX, s->now_ms);
}

static void install_difference(struct re_sync *s)
{
	struct vex_errs errs = {0};

	if (!keep_equal(s)) {
		fail(s, "out of memory");
	} else if (ctl_diff(s->have, s->n_have, s->want, s->n_want, &s->diff, &errs) != 0) {
		fail(s, errs.n > 0 ? errs.v[0].text : "out of memory");
	} else if (s->diff.n == 0) {
		forget_comparison(s);
		enter(s, RE_SYNC_DONE);
	} else {
		enter(s, RE_SYNC_INSTALLING);
		install_part(s);
	}
	vex_errs_free(&errs);
}

static void on_digest(struct re_sync *s, const struct re_dump_result *result)
{
	const struct ctl_digest *want = &s->digest[s->table];

	if (result->count != want->count || result->digest != want->digest)
		s->status.differ |= 1u << s->table;
	if (ask_next(s))
		return;
	if (s->status.differ == 0) {
		enter(s, RE_SYNC_DONE);
		return;
	}
	enter(s, RE_SYNC_READING);
	s->tables = s->status.differ;
	ask_next(s);
}

static void on_table(struct re_sync *s, const struct re_dump_result *result)
{
	if (!reserve(s, result->n)) {
		fail(s, "out of memory");
		return;
	}
	if (result->n > 0)
		memcpy(s->have + s->n_have, result->records, result->n * sizeof(*s->have));
	s->n_have += result->n;
	if (!ask_next(s))
		install_difference(s);
}

static void on_dump(void *ctx, const struct re_dump_result *result)
{
	struct re_sync *s = ctx;

	if (result->error != NULL) {
		fail(s, result->error);
	} else if (s->status.state == RE_SYNC_COMPARING) {
		on_digest(s, result);
	} else if (s->status.state == RE_SYNC_READING) {
		on_table(s, result);
	}
}

/* False if there is no table left. */
static bool ask_next(struct re_sync *s)
{
	struct vex_op_dump what = {.bd = VEX_BD_NONE, .lport = VEX_LPORT_NONE};

	if (s->tables == 0)
		return false;
	s->table = (enum vex_table)__builtin_ctz(s->tables);
	s->tables &= s->tables - 1;
	what.table = (uint16_t)s->table;
	what.flags = s->status.state == RE_SYNC_COMPARING ? VEX_DUMP_DIGEST : 0;
	if (!re_dump_request_first(s->dump, &what, on_dump, s))
		fail(s, "too many requests for tables are waiting");
	return true;
}

static void compare(struct re_sync *s)
{
	forget_comparison(s);
	re_dump_renew(s->dump);
	s->install.state = RE_INSTALL_IDLE;
	s->status = (struct re_sync_status){.state = RE_SYNC_COMPARING, .started_ms = s->now_ms};
	ctl_diff_digests(s->want, s->n_want, s->digest);
	s->tables = CONFIGURED;
	ask_next(s);
}

/* Nobody knows what became of it. */
static void lose_running(struct re_sync *s)
{
	if (!s->running)
		return;
	s->running = false;
	txn_free(s->lost); /* cannot be: it is told in the step that loses it, or in the next */
	s->lost = pop_txn(s);
}

bool re_sync_config(struct re_sync *s, const struct vex_op *ops, size_t n)
{
	struct vex_op *copy = malloc((n + 1) * sizeof(*copy));

	if (copy == NULL)
		return false;
	if (n > 0)
		memcpy(copy, ops, n * sizeof(*copy));
	free(s->want);
	s->want = copy;
	s->n_want = n;
	return true;
}

void re_sync_start(struct re_sync *s, const struct vex_op *ops, size_t n, uint64_t now_ms)
{
	s->now_ms = now_ms;
	lose_running(s);
	if (re_sync_config(s, ops, n))
		compare(s);
	else
		fail(s, "out of memory");
}

void re_sync_stop(struct re_sync *s)
{
	lose_running(s);
	forget_comparison(s);
	s->install.state = RE_INSTALL_IDLE;
	s->status.state = RE_SYNC_IDLE;
}

/* Fresh rings, since nobody knows what is on the old ones. */
static void compare_afresh(struct re_sync *s)
{
	vex_shm_renew(s->shm);
	compare(s);
}

/* ---- Transactions of others ------------------------------------------------------------------- */

bool re_sync_apply(
	struct re_sync *s, const struct vex_op *ops, size_t n, re_sync_done done, void *ctx)
{
	struct txn *t = n <= VEX_TXN_OPS_MAX ? calloc(1, sizeof(*t)) : NULL;

	if (t == NULL)
		return false;
	*t = (struct txn){.ops = malloc((n + 1) * sizeof(*ops)), .n = n, .done = done, .ctx = ctx};
	if (t->ops == NULL) {
		free(t);
		return false;
	}
	if (n > 0)
		memcpy(t->ops, ops, n * sizeof(*ops));
	*s->last = t;
	s->last = &t->next;
	return true;
}

void re_sync_cancel(struct re_sync *s, const void *ctx)
{
	if (s->lost != NULL && s->lost->ctx == ctx)
		s->lost->done = NULL;
	for (struct txn *t = s->first; t != NULL; t = t->next)
		if (t->ctx == ctx)
			t->done = NULL;
}

/* The callback may do anything, so the transaction is put aside before. */
static void tell(struct txn *t, const struct re_sync_result *result)
{
	if (t->done != NULL)
		t->done(t->ctx, result);
	txn_free(t);
}

static void tell_lost(struct re_sync *s)
{
	struct txn *t = s->lost;

	if (t == NULL)
		return;
	s->lost = NULL;
	tell(t, &(struct re_sync_result){.lost = true,
			.text = "vex-pfe went away while the operations were under way"});
}

/* The running transaction has ended. */
static void end_running(struct re_sync *s)
{
	const struct re_install *in = &s->install;
	char text[sizeof(in->text)];
	struct re_sync_result result = {.ok = in->state == RE_INSTALL_DONE, .text = text};
	struct txn *t = pop_txn(s);

	memcpy(text, in->text, sizeof(text));
	s->running = false;
	if (!result.ok && in->refused) {
		result.at = in->refused_at;
		result.status = in->refused_status;
	}
	result.lost = !result.ok && !in->refused;
	if (result.lost || (result.ok && t->done == NULL))
		compare_afresh(s);
	tell(t, &result);
}

/* One at a time, as each callback may ask for another one. */
static void start_next(struct re_sync *s)
{
	char text[sizeof(s->status.text)];

	while (s->first != NULL && s->first->done == NULL && !s->running)
		txn_free(pop_txn(s));
	if (s->first == NULL || s->running)
		return;
	if (s->status.state == RE_SYNC_FAILED) {
		memcpy(text, s->status.text, sizeof(text));
		tell(pop_txn(s), &(struct re_sync_result){.text = text});
	} else if (s->status.state == RE_SYNC_DONE && s->first->n == 0) {
		tell(pop_txn(s), &(struct re_sync_result){.ok = true});
	} else if (s->status.state == RE_SYNC_DONE) {
		s->running = true;
		re_install_start(&s->install, s->shm, s->first->ops, s->first->n, s->now_ms);
	}
}

/* ---- Steps ------------------------------------------------------------------------------------ */

/* Without a transaction nobody else takes acknowledgements; old ones go nowhere. */
static void take_acks(struct re_sync *s)
{
	struct vex_ack ack;

	for (int i = 0; i < ACKS_MAX && vex_ring_pop(&s->shm->ack, &ack) > 0; i++)
		if (ack.type == VEX_OP_DUMP)
			re_dump_ack(s->dump, &ack);
}

/* What a transaction that has ended means. */
static void installed(struct re_sync *s)
{
	struct re_install *in = &s->install;

	if (in->state != RE_INSTALL_DONE && in->state != RE_INSTALL_FAILED)
		return;
	if (s->running) {
		end_running(s);
	} else if (s->status.state == RE_SYNC_INSTALLING) {
		if (in->state == RE_INSTALL_FAILED) {
			fail(s, in->text);
			return;
		}
		s->status.sent += in->n_ops;
		if (s->status.sent < s->diff.n) {
			install_part(s);
			return;
		}
		forget_comparison(s);
		enter(s, RE_SYNC_DONE);
	}
	if (!s->running && s->install.state != RE_INSTALL_RUNNING)
		s->install.state = RE_INSTALL_IDLE;
}

/* Every operation of the transaction is on the ring: another may follow. */
static bool may_push_dump(const struct re_sync *s)
{
	return s->install.state != RE_INSTALL_RUNNING || s->install.pushed == s->install.n_ops + 2;
}

bool re_sync_step(struct re_sync *s, uint64_t now_ms)
{
	bool pushed;

	s->now_ms = now_ms;
	tell_lost(s);
	if (s->status.state == RE_SYNC_IDLE) {
		re_dump_step(s->dump, false, now_ms);
		return false;
	}
	start_next(s);
	pushed = re_install_step(&s->install, now_ms);
	installed(s);
	if (s->install.state != RE_INSTALL_RUNNING)
		take_acks(s);
	if (re_dump_step(s->dump, may_push_dump(s), now_ms))
		pushed = true;
	/* What an end made possible begins at once. */
	start_next(s);
	if (s->install.state == RE_INSTALL_RUNNING && s->install.pushed == 0 &&
		re_install_step(&s->install, now_ms))
		pushed = true;
	return pushed;
}

unsigned int re_sync_wait_ms(const struct re_sync *s)
{
	if (s->lost != NULL)
		return TICK_BUSY_MS;
	if (s->install.state == RE_INSTALL_RUNNING)
		return may_push_dump(s) ? TICK_WAIT_MS : TICK_BUSY_MS;
	if (s->status.state != RE_SYNC_IDLE && (re_dump_busy(s->dump) || s->first != NULL))
		return TICK_WAIT_MS;
	return TICK_IDLE_MS;
}

const struct re_sync_status *re_sync_status(const struct re_sync *s)
{
	return &s->status;
}

struct re_dump *re_sync_dump(struct re_sync *s)
{
	return s->dump;
}

bool re_sync_learned(struct re_sync *s, re_dump_done done, void *ctx)
{
	const struct vex_op_dump what = {
		.table = VEX_TABLE_MAC_LEARNED, .bd = VEX_BD_NONE, .lport = VEX_LPORT_NONE};

	return re_dump_request(s->dump, &what, done, ctx);
}
