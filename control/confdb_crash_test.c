/* SPDX-License-Identifier: BSD-3-Clause */
/* Commits that fail, or whose process is killed, at each system call. */
#include "control/confdb_testlib.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control/confdb_int.h"

struct at_step {
	unsigned int seen, when;
	bool die;
};

static bool step(void *arg, const char *what)
{
	struct at_step *s = arg;

	(void)what;
	if (s->seen++ != s->when)
		return true;
	if (s->die)
		_exit(42);
	return false;
}

/* Commit "c" over "b a" in a database whose system calls fail or end the process at a step. */
static bool try_commit(struct confdbt *t, struct at_step *at)
{
	struct confdb_meta meta = {.time = 3, .comment = "c"};
	struct confdb_commit *c;
	bool ok;

	confdbt_must(t, t->s, "set system host-name c");
	t->db->disk.step = step;
	t->db->disk.arg = at;
	c = confdb_prepare(t->s, &meta, &t->notes, &t->errs);
	ok = c != NULL && confdb_publish(c, &t->notes, &t->errs) == 0;
	t->db->disk.step = NULL;
	CU_ASSERT_EQUAL(ok, !vex_errs_any(&t->errs));
	return ok;
}

static void open_ab(struct confdbt *t)
{
	confdbt_open(t, "");
	confdbt_commit_name(t, "a", 1);
	confdbt_commit_name(t, "b", 2);
}

/* Whatever fails: either all is as before, or all is as after, and the next commit works. */
static void each_failure_is_survived(void)
{
	bool ok = false, failed_before = false;

	for (unsigned int i = 0; i < 100; i++) {
		struct at_step at = {.when = i};
		struct confdbt t;

		open_ab(&t);
		ok = try_commit(&t, &at);
		failed_before |= !ok;
		CU_ASSERT_STRING_EQUAL(confdb_active(t.db), ok ? NAMED("c") : NAMED("b"));
		confdbt_reopen(&t);
		CHECK_TEXT(confdbt_take(&t.notes), "");
		CHECK_TEXT(confdbt_names(&t), ok ? "c b a" : "b a");
		confdbt_commit_name(&t, "d", 4);
		CHECK_TEXT(confdbt_names(&t), ok ? "d c b a" : "d b a");
		confdbt_close(&t);
		if (at.seen <= i)
			break;
	}
	CU_ASSERT(ok);
	CU_ASSERT(failed_before);
}

/* The same without opening again in between: the process lives on. */
static void life_goes_on_after_a_failure(void)
{
	for (unsigned int i = 0; i < 100; i++) {
		struct at_step at = {.when = i};
		struct confdbt t;
		bool ok;

		open_ab(&t);
		ok = try_commit(&t, &at);
		vex_errs_free(&t.notes);
		vex_errs_free(&t.errs);
		confdbt_commit_name(&t, "d", 4);
		CHECK_TEXT(confdbt_names(&t), ok ? "d c b a" : "d b a");
		confdbt_close(&t);
		if (at.seen <= i)
			break;
	}
}

/* What is behind a failure is asked for at once: the automatic rollback must not take another. */
static void rollback_after_a_failure(void)
{
	struct confdb_source previous = {.kind = CONFDB_ROLLBACK, .n = 1};
	struct confdb_meta meta = {.time = 4};

	for (unsigned int i = 0; i < 100; i++) {
		struct at_step at = {.when = i};
		struct confdb_commit *c;
		struct confdbt t;
		bool ok;

		open_ab(&t);
		ok = try_commit(&t, &at);
		vex_errs_free(&t.notes);
		vex_errs_free(&t.errs);
		c = confdb_prepare_source(t.s, &previous, &meta, &t.notes, &t.errs);
		CU_ASSERT_PTR_NOT_NULL_FATAL(c);
		CU_ASSERT_EQUAL(confdb_publish(c, &t.notes, &t.errs), 0);
		CHECK_TEXT(confdbt_names(&t), ok ? "b c b a" : "a b a");
		confdbt_close(&t);
		if (at.seen <= i)
			break;
	}
}

static void killed_at_each_step(void)
{
	unsigned int old = 0, new = 0;

	for (unsigned int i = 0; i < 100; i++) {
		struct at_step at = {.when = i, .die = true};
		int status = 0;
		struct confdbt t;
		char *after;
		pid_t pid;

		open_ab(&t);
		pid = fork();
		if (pid == 0) {
			try_commit(&t, &at);
			_exit(0);
		}
		CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
		confdbt_reopen(&t);
		CHECK_TEXT(confdbt_take(&t.notes), "");
		after = confdbt_names(&t);
		CU_ASSERT(strcmp(after, "b a") == 0 || strcmp(after, "c b a") == 0);
		if (strcmp(after, "b a") == 0)
			old++;
		else
			new ++;
		/* Once it is there it is there for good. */
		CU_ASSERT(new == 0 || strcmp(after, "c b a") == 0);
		free(after);
		confdbt_reopen(&t);
		confdbt_commit_name(&t, "d", 4);
		confdbt_close(&t);
		CU_ASSERT(WIFEXITED(status));
		if (WEXITSTATUS(status) == 0)
			break;
	}
	CU_ASSERT(old > 3);
	CU_ASSERT(new > 3);
}

/* Killed in the middle of recovering, too. */
static void killed_while_recovering(void)
{
	for (unsigned int i = 0; i < 20; i++) {
		struct confdb_disk disk = {.step = step};
		struct at_step at = {.when = i, .die = true};
		struct vex_errs errs = {0};
		char from[128], to[128];
		int status = 0;
		struct confdbt t;
		pid_t pid;

		open_ab(&t);
		confdbt_commit_name(&t, "c", 3);
		/* As if killed right behind the rename: c active, b the previous one, a rollback 1. */
		snprintf(from, sizeof from, "%s/vex.conf.1", t.dir);
		snprintf(to, sizeof to, "%s/vex.conf.previous", t.dir);
		CU_ASSERT_EQUAL(rename(from, to), 0);
		snprintf(to, sizeof to, "%s/vex.conf.2", t.dir);
		CU_ASSERT_EQUAL(rename(to, from), 0);
		pid = fork();
		if (pid == 0) {
			disk.arg = &at;
			if (confdb_disk_open(&disk, t.dir) != 0)
				_exit(1);
			confdb_store_recover(&disk, &errs);
			_exit(0);
		}
		CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
		confdbt_reopen(&t);
		CHECK_TEXT(confdbt_names(&t), "c b a");
		confdbt_close(&t);
		if (WEXITSTATUS(status) == 0)
			return;
		CU_ASSERT_EQUAL(WEXITSTATUS(status), 42);
	}
	CU_FAIL("it never ends");
}

/* The kernel itself refuses to write more than a part of the file. */
static void no_room_for_the_file(void)
{
	struct at_step never = {.when = 1000};
	struct confdbt t;
	int status = 0;
	pid_t pid;

	open_ab(&t);
	pid = fork();
	if (pid == 0) {
		signal(SIGXFSZ, SIG_IGN);
		if (setrlimit(RLIMIT_FSIZE, &(struct rlimit){100, 100}) != 0)
			_exit(1);
		_exit(try_commit(&t, &never) || t.errs.n != 1 ||
					strcmp(t.errs.v[0].text,
						"cannot write it: File too large") != 0 ||
					confdb_changed(t.s) != true
				? 2
				: 0);
	}
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT_EQUAL(status, 0);
	CU_ASSERT_PTR_NULL(confdbt_file(&t, "vex.conf.new"));
	CHECK_TEXT(confdbt_names(&t), "b a");
	confdbt_close(&t);
}

static const struct unit_case cases[] = {
	{"each failing system call is survived", each_failure_is_survived},
	{"life goes on after a failure", life_goes_on_after_a_failure},
	{"rollback 1 after a failure", rollback_after_a_failure},
	{"killed at each step: old or new, whole", killed_at_each_step},
	{"no room for the file", no_room_for_the_file},
	{"killed while recovering", killed_while_recovering},
};

const struct unit_suite confdb_crash_suite = {
	.name = "confdb_crash",
	.cases = cases,
	.n = UNIT_N(cases),
};
