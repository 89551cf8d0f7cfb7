/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The commit engine. Commits wait in a queue and are done one after the other:
 *
 *	prepare		schema, platform, image; written to disk beside the active configuration
 *	difference	the operations that lead from what is installed to the new image
 *	transaction	over the rings; while vex-pfe is started again it waits, COMMIT_WAIT_S at most
 *	publish		the rename on disk, and the answer
 *
 * A refusal at any step abandons the commit, and then everything is as it was: a transaction that
 * was refused changed nothing, and if nobody knows what became of one, or the disk refuses the
 * rename after it, the tables are compared with the configuration that still holds and mended. And
 * when that one could not be installed, the tables are compared with the commit instead, which may be
 * what helps.
 *
 * A commit goes on when its client has gone; the engine then keeps the client's session in the
 * database until the commit has ended.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/ctl_diff.h"
#include "control/re.h"

#define COMMIT_WAIT_S	  30
#define ROLLBACK_RETRY_S  10
#define CONFIRMED_DEFAULT 10 /* minutes, as Junos */
#define CONFIRMED_MAX	  65535

enum job_kind {
	JOB_CANDIDATE, /* what a session has edited */
	JOB_CHECK,     /* the same, to look only */
	JOB_CONFIRM,   /* the active configuration again, which confirms it */
	JOB_ROLLBACK,  /* nobody confirmed */
};

struct job {
	struct re *re;
	enum job_kind kind;
	struct re_call *call;	   /* NULL: of vex-re itself */
	struct confdb_session *db; /* who commits */
	bool owns_db;		   /* its client has gone: to be closed here */
	unsigned int confirmed;	   /* minutes; 0: final */
	char *comment;
	char user[RE_USER_SIZE];

	struct confdb_commit *commit;
	struct ctl_diff diff;
	bool whole; /* the tables could not be made as configured before: all are compared */
	uint64_t published; /* of a rollback: the commits there had been when the time was over */
	struct vex_errs notes, errs;
	struct job *next;
};

struct re_commits {
	struct job *first, *last; /* first is the one that is done, if running */
	bool running;
	uint64_t published;	/* counts commits */
	struct event *next;	/* begin the next job, from the loop */
	struct event *deadline; /* of the transaction */
	struct event *confirm;	/* the automatic rollback */
};

static void start_next(struct re *re)
{
	if (re->commits->first != NULL && !re->commits->running)
		event_active(re->commits->next, EV_TIMEOUT, 0);
}

static void add(struct re *re, struct job *job)
{
	struct re_commits *commits = re->commits;

	if (commits->first == NULL)
		commits->first = job;
	else
		commits->last->next = job;
	commits->last = job;
	start_next(re);
}

static void job_free(struct job *job)
{
	confdb_abandon(job->commit);
	ctl_diff_free(&job->diff);
	if (job->owns_db)
		confdb_session_close(job->db);
	vex_errs_free(&job->notes);
	vex_errs_free(&job->errs);
	free(job->comment);
	free(job);
}

/* The first job has ended. */
static void end(struct job *job)
{
	struct re_commits *commits = job->re->commits;

	evtimer_del(commits->deadline);
	commits->first = job->next;
	if (commits->first == NULL)
		commits->last = NULL;
	commits->running = false;
	start_next(job->re);
	job_free(job);
}

/* ---- Outcomes ---------------------------------------------------------------------------------- */

static void retry_rollback(struct re *re)
{
	const struct timeval wait = {ROLLBACK_RETRY_S, 0};

	evtimer_add(re->commits->confirm, &wait);
}

static void fail(struct job *job)
{
	struct re *re = job->re;
	const char *text = job->errs.n > 0 ? job->errs.v[0].text : "out of memory";

	confdb_abandon(job->commit);
	job->commit = NULL;
	if (job->whole)
		re_pfe_resync(re);
	re_trace(re, CTL_TRACE_COMMIT, "abandoned: %s", text);
	re_syslog(re, CTL_LOG_INTERACTIVE, CTL_LOG_WARNING, "UI_COMMIT_FAILED",
		"User '%s': commit failed: %s", job->user, text);
	if (job->call != NULL)
		re_call_errors(job->call, &job->errs);
	if (job->kind == JOB_ROLLBACK)
		retry_rollback(re);
	end(job);
}

static void succeed(struct job *job, const char *text)
{
	if (job->call != NULL)
		re_call_ok(job->call, json_pack("{s:s, s:o}", "text", text, "warnings",
					      re_notes_json(&job->notes)));
	end(job);
}

/* The timer of a commit that must be confirmed, as the disk says. It runs whatever clocks do. */
static void set_confirm_timer(struct re *re)
{
	struct timeval wait = {.tv_sec = confdb_confirm_left(re->db, time(NULL))};
	time_t deadline;

	evtimer_del(re->commits->confirm);
	if (confdb_unconfirmed(re->db, &deadline))
		evtimer_add(re->commits->confirm, &wait);
}

static void committed(struct job *job)
{
	struct re *re = job->re;
	char text[160] = "commit complete";

	re_syslog(
		re, CTL_LOG_INTERACTIVE, CTL_LOG_NOTICE, "UI_COMMIT_COMPLETED", "commit complete");
	re->commits->published++;
	set_confirm_timer(re);
	re_db_changed(re);
	if (job->confirmed > 0) {
		snprintf(text, sizeof(text), "commit confirmed will be rolled back in %u minutes",
			job->confirmed);
		re_notify(re, job->call != NULL ? job->call->session : NULL, text);
		snprintf(text, sizeof(text),
			"commit confirmed will be automatically rolled back in %u minutes unless "
			"confirmed\ncommit complete",
			job->confirmed);
	} else if (job->kind == JOB_ROLLBACK) {
		re_notify(re, NULL, "Commit was not confirmed; automatic rollback complete.");
	} else if (job->kind == JOB_CONFIRM) {
		snprintf(text, sizeof(text), "configuration check succeeds");
	}
	succeed(job, text);
}

/* ---- The last step ----------------------------------------------------------------------------- */

/* The data plane has it. */
static void publish(struct job *job)
{
	struct re *re = job->re;
	struct ctl_image *image = confdb_commit_take_image(job->commit);
	struct confdb_commit *commit = job->commit;

	job->commit = NULL;
	if (confdb_publish(commit, &job->notes, &job->errs) != 0) {
		ctl_image_free(image);
		re_pfe_resync(re);
		fail(job);
		return;
	}
	re_trace(re, CTL_TRACE_COMMIT, "published");
	re_db_superseded(re);
	if (image != NULL)
		re_image_set(re, image);
	committed(job);
}

/* ---- The transaction --------------------------------------------------------------------------- */

static void apply(struct job *job);

static void on_applied(void *ctx, const struct re_sync_result *result)
{
	struct job *job = ctx;

	re_trace(job->re, CTL_TRACE_COMMIT, "transaction: %s",
		result->ok ? "applied" : result->text);
	if (result->ok) {
		publish(job);
	} else if (result->lost) {
		/* The tables will be what they were before; until the deadline it is tried anew. */
		apply(job);
	} else {
		vex_err_add(&job->errs,
			result->status == VEX_NO_RESOURCE ? VEX_ERR_NO_RESOURCE : VEX_ERR_INTERNAL,
			NULL, NULL, NULL, "%s; nothing was committed", result->text);
		fail(job);
	}
}

static void apply(struct job *job)
{
	if (job->whole)
		re_pfe_try(job->re, confdb_commit_image(job->commit));
	if (re_pfe_apply(job->re, job->diff.ops, job->diff.n, on_applied, job))
		return;
	vex_err_add(&job->errs, VEX_ERR_LIMIT, NULL, NULL, NULL,
		"the change takes %zu table operations, and one commit at most %u: commit it in "
		"parts",
		job->diff.n, VEX_TXN_OPS_MAX);
	fail(job);
}

static void on_deadline(evutil_socket_t fd, short what, void *ctx)
{
	struct re *re = ctx;
	struct job *job = re->commits->first;

	(void)fd;
	(void)what;
	re_pfe_cancel(re, job);
	re_pfe_resync(re);
	vex_err_add(&job->errs, VEX_ERR_INTERNAL, NULL, NULL, NULL,
		"vex-pfe is not ready (%s): nothing was committed, try again when it is",
		re_pfe_state(re));
	fail(job);
}

/* ---- The first steps --------------------------------------------------------------------------- */

static bool prepare(struct job *job)
{
	const struct confdb_meta meta = {
		.time = time(NULL),
		.comment = job->comment,
		.confirmed = job->confirmed,
		.check = job->kind == JOB_CHECK,
	};
	struct confdb_source source = {.kind = CONFDB_ACTIVE};

	if (job->kind == JOB_ROLLBACK)
		source = (struct confdb_source){.kind = CONFDB_ROLLBACK, .n = 1};
	if (job->kind == JOB_ROLLBACK || job->kind == JOB_CONFIRM)
		job->commit = confdb_prepare_source(
			job->db, &source, &meta, &job->notes, &job->errs);
	else
		job->commit = confdb_prepare(job->db, &meta, &job->notes, &job->errs);
	return job->commit != NULL;
}

/* What was checked is fine. As on Junos that confirms, too. */
static void checked(struct job *job)
{
	time_t deadline;

	confdb_abandon(job->commit);
	job->commit = NULL;
	if (!confdb_unconfirmed(job->re->db, &deadline)) {
		succeed(job, "configuration check succeeds");
		return;
	}
	job->kind = JOB_CONFIRM;
	if (!prepare(job))
		fail(job);
	else
		publish(job);
}

/* A commit that was on its way when the time was over has confirmed after all. */
static bool too_late(const struct job *job)
{
	time_t deadline;

	return job->kind == JOB_ROLLBACK && (job->published != job->re->commits->published ||
						    !confdb_unconfirmed(job->re->db, &deadline));
}

static void start(struct job *job)
{
	const struct timeval wait = {COMMIT_WAIT_S, 0};
	static const char *const kinds[] = {
		[JOB_CANDIDATE] = "commit",
		[JOB_CHECK] = "check",
		[JOB_CONFIRM] = "confirmation",
		[JOB_ROLLBACK] = "automatic rollback",
	};
	struct re *re = job->re;
	const struct ctl_image *image;
	time_t deadline;

	re->commits->running = true;
	if (too_late(job)) {
		end(job);
		return;
	}
	job->whole = job->kind != JOB_CHECK && re_pfe_failure(re) != NULL;
	if (job->whole)
		re_db_give_up(re);
	re_trace(re, CTL_TRACE_COMMIT, "%s of user %s begins", kinds[job->kind], job->user);
	if (!prepare(job)) {
		fail(job);
		return;
	}
	image = confdb_commit_image(job->commit);
	re_db_warn(re, image, &job->notes);
	if (job->kind == JOB_CHECK) {
		checked(job);
	} else if (!confdb_commit_changes(job->commit) && job->confirmed == 0 && !job->whole &&
		   !confdb_unconfirmed(re->db, &deadline)) {
		succeed(job, "commit complete");
	} else if (!job->whole && ctl_diff(re->image->ops, re->image->n_ops, image->ops,
					  image->n_ops, &job->diff, &job->errs) != 0) {
		fail(job);
	} else {
		re_trace(re, CTL_TRACE_COMMIT, "%zu table operations", job->diff.n);
		evtimer_add(re->commits->deadline, &wait);
		apply(job);
	}
}

static void on_next(evutil_socket_t fd, short what, void *ctx)
{
	struct re *re = ctx;

	(void)fd;
	(void)what;
	if (re->commits->first != NULL && !re->commits->running)
		start(re->commits->first);
}

/* ---- Requests ---------------------------------------------------------------------------------- */

static bool read_confirmed(struct re_call *call, unsigned int *minutes)
{
	const json_t *value = json_object_get(call->args, "confirmed");
	json_int_t n = json_integer_value(value);

	*minutes = 0;
	if (value == NULL || json_is_null(value) || json_is_false(value))
		return true;
	if (json_is_true(value))
		n = CONFIRMED_DEFAULT;
	if (n < 1 || n > CONFIRMED_MAX)
		return false;
	*minutes = (unsigned int)n;
	return true;
}

void re_rpc_commit(struct re_call *call)
{
	const char *comment = re_arg_text(call, "comment");
	struct confdb_session *db = re_session_db(call->session);
	bool check = re_arg_true(call, "check");
	struct job *job = calloc(1, sizeof(*job));

	if (job == NULL || db == NULL) {
		free(job);
		re_call_fail(call, VEX_ERR_INTERNAL, NULL, NULL, "out of memory");
		return;
	}
	*job = (struct job){.re = call->re,
		.kind = check ? JOB_CHECK : JOB_CANDIDATE,
		.call = call,
		.db = db,
		.comment = comment != NULL ? strdup(comment) : NULL};
	snprintf(job->user, sizeof(job->user), "%s", re_session_user(call->session));
	if (!read_confirmed(call, &job->confirmed) || (check && job->confirmed > 0)) {
		re_call_fail(call, VEX_ERR_VALUE, "confirmed", NULL,
			"confirmed is 1 to %u minutes, and does not go with check", CONFIRMED_MAX);
		job_free(job);
		return;
	}
	re_syslog(call->re, CTL_LOG_INTERACTIVE, CTL_LOG_NOTICE, "UI_COMMIT",
		"User '%s' requested '%s' operation (comment: %s)", job->user,
		check		     ? "commit check"
		: job->confirmed > 0 ? "commit confirmed"
				     : "commit",
		comment != NULL ? comment : "none");
	add(call->re, job);
}

bool re_commit_keeps(struct re *re, struct confdb_session *db)
{
	struct job *last = NULL;

	/* At the end of vex-re commits end before sessions. */
	if (re->commits == NULL)
		return false;
	for (struct job *job = re->commits->first; job != NULL; job = job->next)
		if (job->db == db)
			last = job;
	if (last != NULL)
		last->owns_db = true;
	return last != NULL;
}

/* Nobody has confirmed in time. */
static void on_confirm(evutil_socket_t fd, short what, void *ctx)
{
	struct re *re = ctx;
	struct job *job;
	time_t deadline;

	(void)fd;
	(void)what;
	if (!confdb_unconfirmed(re->db, &deadline))
		return;
	job = calloc(1, sizeof(*job));
	if (job == NULL) {
		retry_rollback(re);
		return;
	}
	*job = (struct job){.re = re,
		.kind = JOB_ROLLBACK,
		.published = re->commits->published,
		.db = re_db_session(re),
		.comment = strdup("commit was not confirmed")};
	snprintf(job->user, sizeof(job->user), "root");
	re_syslog(re, CTL_LOG_INTERACTIVE, CTL_LOG_WARNING, "UI_COMMIT_NOT_CONFIRMED",
		"Commit was not confirmed; rolling back");
	add(re, job);
}

bool re_commit_open(struct re *re)
{
	struct re_commits *commits = calloc(1, sizeof(*commits));

	re->commits = commits;
	if (commits == NULL)
		return false;
	commits->next = evtimer_new(re->base, on_next, re);
	commits->deadline = evtimer_new(re->base, on_deadline, re);
	commits->confirm = evtimer_new(re->base, on_confirm, re);
	if (commits->next == NULL || commits->deadline == NULL || commits->confirm == NULL)
		return false;
	set_confirm_timer(re);
	return true;
}

void re_commit_close(struct re *re)
{
	struct re_commits *commits = re->commits;
	struct job *job;

	if (commits == NULL)
		return;
	while ((job = commits->first) != NULL) {
		commits->first = job->next;
		if (job->call != NULL)
			re_call_fail(job->call, VEX_ERR_INTERNAL, NULL, NULL,
				"vex-re is ending; nothing was committed");
		job_free(job);
	}
	if (commits->next != NULL)
		event_free(commits->next);
	if (commits->deadline != NULL)
		event_free(commits->deadline);
	if (commits->confirm != NULL)
		event_free(commits->confirm);
	free(commits);
	re->commits = NULL;
}
