/* SPDX-License-Identifier: BSD-3-Clause */
/* Commits on disk: rotation, rollbacks, rescue, the log, files that cannot be used. */
#include "control/confdb_testlib.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void commits_rotate(void)
{
	struct confdb_entry v[4];
	struct confdbt t;

	confdbt_open(&t, "");
	confdbt_commit_name(&t, "a", 100);
	confdbt_commit_name(&t, "b", 200);
	confdbt_commit_name(&t, "c", 300);
	CHECK_TEXT(confdbt_names(&t), "c b a");
	CHECK_TEXT(confdbt_get(&t, "rollback 3", "", CFG_FORM_SET),
		"not-found: there is no rollback 3 configuration\n");
	confdbt_reopen(&t);
	CHECK_TEXT(confdbt_take(&t.notes), "");
	CHECK_TEXT(confdbt_names(&t), "c b a");
	CU_ASSERT_STRING_EQUAL(confdb_active(t.db), NAMED("c"));
	CU_ASSERT_EQUAL_FATAL(confdb_log(t.db, v, 4), 3);
	CU_ASSERT_EQUAL(v[0].n, 0);
	CU_ASSERT_EQUAL(v[0].serial, 3);
	CU_ASSERT_EQUAL(v[0].time, 300);
	CU_ASSERT_STRING_EQUAL(v[0].user, "root");
	CU_ASSERT_STRING_EQUAL(v[0].client, "cli");
	CU_ASSERT_STRING_EQUAL(v[0].comment, "c");
	CU_ASSERT_EQUAL(v[2].serial, 1);
	CU_ASSERT_STRING_EQUAL(v[2].comment, "a");
	confdbt_close(&t);
}

static void files_are_for_the_owner_only(void)
{
	static const char *const files[] = {"vex.conf", "vex.conf.1", "rescue.conf", "commits"};
	struct confdbt t;
	struct stat st;
	char path[128];

	confdbt_open(&t, "");
	confdbt_commit_name(&t, "a", 1);
	confdbt_commit_name(&t, "b", 2);
	CU_ASSERT_EQUAL(confdb_rescue_save(t.db, &t.errs), 0);
	CU_ASSERT_EQUAL(stat(t.dir, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 07777, 0700);
	for (size_t i = 0; i < UNIT_N(files); i++) {
		snprintf(path, sizeof path, "%s/%s", t.dir, files[i]);
		CU_ASSERT_EQUAL(stat(path, &st), 0);
		CU_ASSERT_EQUAL(st.st_mode & 07777, 0600);
	}
	confdbt_close(&t);
}

static void stored_text_is_a_configuration(void)
{
	struct confdbt t;
	char *text;

	confdbt_open(&t, "");
	confdbt_commit_name(&t, "a", 0);
	text = confdbt_file(&t, "vex.conf");
	CU_ASSERT_EQUAL(
		strncmp(text, "## vex {\"serial\":1,\"time\":\"1970-01-01T00:00:00Z\",", 46), 0);
	CU_ASSERT_STRING_EQUAL(strchr(text, '\n') + 1, NAMED("a"));
	free(text);
	text = confdbt_file(&t, "commits");
	CU_ASSERT_STRING_EQUAL(text,
		"{\"serial\":1,\"time\":\"1970-01-01T00:00:00Z\",\"seconds\":0,\"user\":\"root\","
		"\"client\":\"cli\",\"comment\":\"a\",\"confirmed\":0}\n");
	free(text);
	confdbt_close(&t);
}

static void fifty_are_kept(void)
{
	struct confdb_entry v[CONFDB_ROLLBACKS];
	struct confdbt t;
	char name[16], *text;

	confdbt_open(&t, "");
	for (unsigned int i = 1; i <= 53; i++) {
		snprintf(name, sizeof name, "n%u", i);
		confdbt_commit_name(&t, name, i);
	}
	CU_ASSERT_EQUAL(confdb_log(t.db, v, UNIT_N(v)), 50);
	CU_ASSERT_STRING_EQUAL(v[49].comment, "n4");
	CHECK_TEXT(confdbt_get(&t, "rollback 49", "", CFG_FORM_CURLY), NAMED("n4"));
	text = confdbt_file(&t, "vex.conf.50");
	CU_ASSERT_PTR_NULL(text);
	confdbt_reopen(&t);
	CU_ASSERT_EQUAL(confdb_log(t.db, v, UNIT_N(v)), 50);
	CU_ASSERT_EQUAL(v[0].serial, 53);
	CHECK_TEXT(confdbt_get(&t, "rollback 49", "", CFG_FORM_CURLY), NAMED("n4"));
	confdbt_close(&t);
}

static void rollback_and_rescue(void)
{
	struct confdb_source from = {.kind = CONFDB_ROLLBACK, .n = 2};
	struct confdb_source rescue = {.kind = CONFDB_RESCUE};
	struct confdbt t;

	confdbt_open(&t, "");
	confdbt_commit_name(&t, "a", 1);
	CU_ASSERT_EQUAL(confdb_rescue_save(t.db, &t.errs), 0);
	confdbt_commit_name(&t, "b", 2);
	confdbt_commit_name(&t, "c", 3);
	CU_ASSERT_EQUAL(confdb_rollback(t.s, &from, &t.errs), 0);
	CHECK_TEXT(confdbt_candidate(&t, t.s), NAMED("a"));
	CHECK_TEXT(confdbt_compare(&t, ""), "[edit system]\n-  host-name c;\n+  host-name a;\n");
	from.n = 0;
	CU_ASSERT_EQUAL(confdb_rollback(t.s, &from, &t.errs), 0);
	CU_ASSERT(!confdb_changed(t.s));
	from.n = 49;
	CU_ASSERT_EQUAL(confdb_rollback(t.s, &from, &t.errs), -1);
	CHECK_TEXT(confdbt_take(&t.errs), "not-found: there is no rollback 49 configuration\n");
	CU_ASSERT_EQUAL(confdb_rollback(t.s, &rescue, &t.errs), 0);
	CHECK_TEXT(confdbt_commit(&t, t.s, 4, NULL), "");
	CHECK_TEXT(confdbt_names(&t), "a c b a");
	CU_ASSERT_EQUAL(confdb_rescue_delete(t.db, &t.errs), 0);
	CU_ASSERT_EQUAL(confdb_rollback(t.s, &rescue, &t.errs), -1);
	CHECK_TEXT(confdbt_take(&t.errs), "not-found: there is no rescue configuration\n");
	CU_ASSERT_EQUAL(confdb_rescue_delete(t.db, &t.errs), 0);
	confdbt_close(&t);
}

static void confirmed_is_remembered(void)
{
	struct confdb_source previous = {.kind = CONFDB_ROLLBACK, .n = 1};
	struct confdb_meta meta = {.time = 1000, .confirmed = 10}, later = {.time = 1600};
	struct confdb_commit *c;
	time_t deadline = 0;
	struct confdbt t;

	confdbt_open(&t, "");
	confdbt_commit_name(&t, "a", 1);
	CU_ASSERT(!confdb_unconfirmed(t.db, &deadline));
	confdbt_must(&t, t.s, "set system host-name b");
	c = confdb_prepare(t.s, &meta, &t.notes, &t.errs);
	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	CU_ASSERT_EQUAL(confdb_publish(c, &t.notes, &t.errs), 0);
	confdbt_reopen(&t);
	CU_ASSERT(confdb_unconfirmed(t.db, &deadline));
	CU_ASSERT_EQUAL(deadline, 1600);
	/* The automatic rollback. */
	c = confdb_prepare_source(t.s, &previous, &later, &t.notes, &t.errs);
	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	CU_ASSERT(confdb_commit_changes(c));
	CU_ASSERT_EQUAL(confdb_publish(c, &t.notes, &t.errs), 0);
	CU_ASSERT(!confdb_unconfirmed(t.db, &deadline));
	CHECK_TEXT(confdbt_names(&t), "a b a");
	CU_ASSERT(!confdb_changed(t.s));
	confdbt_close(&t);
}

/* The time runs from the commit; a clock that was set cannot make it longer than it was. */
static void time_to_confirm(void)
{
	struct confdb_meta meta = {.time = 1000000, .confirmed = 10};
	struct confdb_commit *c;
	struct confdbt t;

	confdbt_open(&t, "");
	CU_ASSERT_EQUAL(confdb_confirm_left(t.db, 0), 0);
	confdbt_must(&t, t.s, "set system host-name b");
	c = confdb_prepare(t.s, &meta, &t.notes, &t.errs);
	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	CU_ASSERT_EQUAL(confdb_publish(c, &t.notes, &t.errs), 0);
	CU_ASSERT_EQUAL(confdb_confirm_left(t.db, 1000000), 600);
	CU_ASSERT_EQUAL(confdb_confirm_left(t.db, 1000599), 1);
	CU_ASSERT_EQUAL(confdb_confirm_left(t.db, 1000600), 0);
	CU_ASSERT_EQUAL(confdb_confirm_left(t.db, 2000000), 0);
	CU_ASSERT_EQUAL(confdb_confirm_left(t.db, 0), 600);
	confdbt_close(&t);
}

/* b was to be confirmed, and c did. When c is lost b is active, for good. */
static void confirmed_by_what_was_lost(void)
{
	struct confdb_meta meta = {.time = 1000, .confirmed = 10};
	struct confdb_commit *c;
	time_t deadline = 0;
	struct confdbt t;
	char path[128];

	confdbt_open(&t, "");
	confdbt_commit_name(&t, "a", 1);
	confdbt_must(&t, t.s, "set system host-name b");
	c = confdb_prepare(t.s, &meta, &t.notes, &t.errs);
	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	CU_ASSERT_EQUAL(confdb_publish(c, &t.notes, &t.errs), 0);
	confdbt_commit_name(&t, "c", 1100);
	snprintf(path, sizeof path, "%s/vex.conf", t.dir);
	CU_ASSERT_EQUAL(truncate(path, 10), 0);
	for (int i = 0; i < 2; i++) {
		confdbt_reopen(&t);
		vex_errs_free(&t.notes);
		CHECK_TEXT(confdbt_names(&t), "b a");
		CU_ASSERT(!confdb_unconfirmed(t.db, &deadline));
	}
	confdbt_close(&t);
}

static void check_writes_nothing(void)
{
	struct confdb_meta check = {.time = 1, .check = true};
	struct confdb_commit *c;
	struct confdbt t;
	char *text;

	confdbt_open(&t, "");
	confdbt_must(&t, t.s, "set vlans v vlan-id 2");
	c = confdb_prepare(t.s, &check, &t.notes, &t.errs);
	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	CU_ASSERT_PTR_NOT_NULL(confdb_commit_image(c));
	CU_ASSERT_EQUAL(confdb_commit_image(c)->n_vlans, 1);
	confdb_abandon(c);
	text = confdbt_file(&t, "vex.conf.new");
	CU_ASSERT_PTR_NULL(text);
	confdbt_must(&t, t.s, "set vlans w vlan-id 2");
	c = confdb_prepare(t.s, &check, &t.notes, &t.errs);
	CU_ASSERT_PTR_NULL(c);
	CU_ASSERT_EQUAL_FATAL(t.errs.n, 1);
	CU_ASSERT_STRING_EQUAL(t.errs.v[0].path, "vlans w vlan-id");
	confdbt_close(&t);
}

static void image_is_that_of_what_is_active(void)
{
	static const struct ctl_platform platform = {
		.file = "p.json", .chassis = {.model = "ex4400-24t"}};
	struct vex_errs notes = {0}, errs = {0};
	struct ctl_image *image = NULL;
	struct confdb *db;
	struct confdbt t;

	confdbt_open(&t, "");
	CU_ASSERT_EQUAL_FATAL(confdb_image(t.db, &image, &t.errs), 0);
	CU_ASSERT_EQUAL(image->n_vlans, 1); /* the factory default */
	ctl_image_free(image);
	confdbt_must(&t, t.s,
		"set vlans v vlan-id 2\nset vlans w vlan-id 3\n"
		"set chassis model ex4400-48f");
	CHECK_TEXT(confdbt_commit(&t, t.s, 1, NULL), "");
	confdbt_must(&t, t.s, "set vlans x vlan-id 4");
	CU_ASSERT_EQUAL_FATAL(confdb_image(t.db, &image, &t.errs), 0);
	CU_ASSERT_EQUAL(image->n_vlans, 2);
	ctl_image_free(image);
	confdbt_reopen(&t);
	CU_ASSERT_EQUAL_FATAL(confdb_image(t.db, &image, &t.errs), 0);
	CU_ASSERT_EQUAL(image->n_vlans, 2);
	ctl_image_free(image);
	/* Other hardware: opened all the same, so that it can be mended. */
	db = confdb_open(t.dir, &platform, &notes, &errs);
	CU_ASSERT_PTR_NOT_NULL_FATAL(db);
	CU_ASSERT_EQUAL(confdb_image(db, &image, &errs), -1);
	CU_ASSERT_PTR_NULL(image);
	CU_ASSERT_EQUAL_FATAL(errs.n, 1);
	CU_ASSERT_STRING_EQUAL(errs.v[0].path, "chassis model");
	CU_ASSERT_EQUAL(errs.v[0].line, 3); /* of vex.conf */
	vex_errs_free(&notes);
	vex_errs_free(&errs);
	confdb_close(db);
	confdbt_close(&t);
}

/* A list of errors that is full hides errors; it does not make them go away. */
static void full_list_of_errors_refuses(void)
{
	struct confdb_meta meta = {.time = 1};
	struct confdbt t;

	confdbt_open(&t, "");
	for (unsigned int i = 0; i <= VEX_ERRS_MAX; i++)
		vex_err_add(&t.errs, VEX_ERR_VALUE, NULL, NULL, NULL, "one of many");
	confdbt_must(&t, t.s, "set vlans v vlan-id 2\nset vlans w vlan-id 2");
	CU_ASSERT_PTR_NULL(confdb_prepare(t.s, &meta, &t.notes, &t.errs));
	confdbt_close(&t);
}

static void one_commit_at_a_time(void)
{
	struct confdb_meta meta = {.time = 1};
	struct confdb_commit *c;
	struct confdbt t;

	confdbt_open(&t, "");
	confdbt_must(&t, t.s, "set system host-name a");
	c = confdb_prepare(t.s, &meta, &t.notes, &t.errs);
	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	CU_ASSERT_PTR_NULL(confdb_prepare(t.s, &meta, &t.notes, &t.errs));
	CHECK_TEXT(confdbt_take(&t.errs),
		"conflict: another commit is on its way (by root); try again when it is done\n");
	/* What is edited meanwhile is not in it. */
	confdbt_must(&t, t.s, "set system host-name later");
	CU_ASSERT_EQUAL(confdb_publish(c, &t.notes, &t.errs), 0);
	CU_ASSERT_STRING_EQUAL(confdb_active(t.db), NAMED("a"));
	CHECK_TEXT(confdbt_candidate(&t, t.s), NAMED("later"));
	CU_ASSERT(confdb_changed(t.s));
	/* Abandoned: as if it had never been. */
	c = confdb_prepare(t.s, &meta, &t.notes, &t.errs);
	confdb_abandon(c);
	CHECK_TEXT(confdbt_names(&t), "a");
	CHECK_TEXT(confdbt_commit(&t, t.s, 2, NULL), "");
	CHECK_TEXT(confdbt_names(&t), "later a");
	/* The client goes while its commit is on its way. */
	confdbt_must(&t, t.s, "set system host-name gone");
	c = confdb_prepare(t.s, &meta, &t.notes, &t.errs);
	confdb_session_close(t.s);
	CU_ASSERT_EQUAL(confdb_publish(c, &t.notes, &t.errs), 0);
	CU_ASSERT_STRING_EQUAL(confdb_active(t.db), NAMED("gone"));
	confdbt_close(&t);
}

static void given_text_is_committed(void)
{
	static const char text[] = "set system host-name x\n",
			  bad[] = "\nvlans {\n  v { vlan-id 0; }\n}";
	struct confdb_source given = {
		.kind = CONFDB_TEXT, .text = text, .len = strlen(text), .file = "start.conf"};
	struct confdb_meta meta = {.time = 1, .comment = "vex start"};
	struct confdb_commit *c;
	struct confdbt t;

	confdbt_open(&t, "");
	c = confdb_prepare_source(t.s, &given, &meta, &t.notes, &t.errs);
	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	CU_ASSERT_EQUAL(confdb_publish(c, &t.notes, &t.errs), 0);
	CU_ASSERT_STRING_EQUAL(confdb_active(t.db), NAMED("x"));
	CHECK_TEXT(confdbt_candidate(&t, t.s), NAMED("x"));
	c = confdb_prepare_source(t.s, &given, &meta, &t.notes, &t.errs);
	CU_ASSERT(!confdb_commit_changes(c));
	confdb_abandon(c);
	given.text = bad;
	given.len = strlen(bad);
	CU_ASSERT_PTR_NULL(confdb_prepare_source(t.s, &given, &meta, &t.notes, &t.errs));
	CU_ASSERT_EQUAL_FATAL(t.errs.n, 1);
	CU_ASSERT_STRING_EQUAL(t.errs.v[0].file, "start.conf");
	CU_ASSERT_EQUAL(t.errs.v[0].line, 3);
	confdbt_close(&t);
}

/* ---- Bad files -------------------------------------------------------------------------------- */

static void torn_file_falls_back(void)
{
	struct confdbt t;
	char *text, path[128], *notes;

	confdbt_open(&t, "");
	confdbt_commit_name(&t, "a", 1);
	confdbt_commit_name(&t, "b", 2);
	confdbt_commit_name(&t, "c", 3);
	snprintf(path, sizeof path, "%s/vex.conf", t.dir);
	CU_ASSERT_EQUAL(truncate(path, 150), 0);
	confdbt_reopen(&t);
	notes = confdbt_take(&t.notes);
	CU_ASSERT_PTR_NOT_NULL(strstr(notes, "torn"));
	CU_ASSERT_PTR_NOT_NULL(strstr(notes, "is kept as vex.conf.bad"));
	CU_ASSERT_PTR_NOT_NULL(strstr(notes, "rollback 1 is the active configuration now"));
	free(notes);
	CHECK_TEXT(confdbt_names(&t), "b a");
	text = confdbt_file(&t, "vex.conf.bad");
	CU_ASSERT_EQUAL(strlen(text), 150);
	free(text);
	confdbt_commit_name(&t, "d", 4);
	confdbt_reopen(&t);
	CHECK_TEXT(confdbt_take(&t.notes), "");
	CHECK_TEXT(confdbt_names(&t), "d b a");
	confdbt_close(&t);
}

static void all_bad_is_factory_default(void)
{
	struct confdbt t;
	char *notes;

	confdbt_open(&t, "");
	confdbt_commit_name(&t, "a", 1);
	confdbt_commit_name(&t, "b", 2);
	confdbt_write_file(&t, "vex.conf", "## vex {\"serial\":");
	confdbt_write_file(&t, "vex.conf.1", "nonsense that is no configuration {");
	confdbt_reopen(&t);
	notes = confdbt_take(&t.notes);
	CU_ASSERT_PTR_NOT_NULL(strstr(notes, "the factory default is active now"));
	free(notes);
	CU_ASSERT_STRING_EQUAL(confdb_active(t.db), "");
	confdbt_commit_name(&t, "c", 3);
	confdbt_reopen(&t);
	CHECK_TEXT(confdbt_names(&t), "c");
	confdbt_close(&t);
}

static void changed_by_hand(void)
{
	struct confdb_entry entry;
	struct confdbt t;
	char *text, *at;

	confdbt_open(&t, "");
	confdbt_commit_name(&t, "a", 1);
	text = confdbt_file(&t, "vex.conf");
	at = strstr(text, "host-name a");
	at[10] = 'x';
	confdbt_write_file(&t, "vex.conf", text);
	confdbt_reopen(&t);
	CU_ASSERT_STRING_EQUAL(confdb_active(t.db), "");
	/* Without its first line it is taken as it is. */
	confdbt_write_file(&t, "vex.conf", strchr(text, '\n') + 1);
	free(text);
	confdbt_reopen(&t);
	CU_ASSERT_STRING_EQUAL(confdb_active(t.db), NAMED("x"));
	CU_ASSERT_EQUAL_FATAL(confdb_log(t.db, &entry, 1), 1);
	CU_ASSERT_STRING_EQUAL(entry.user, "unknown");
	CU_ASSERT(entry.time > 1000000000);
	confdbt_close(&t);
}

static void missing_active_and_gaps(void)
{
	struct confdbt t;
	char path[128], *notes;

	confdbt_open(&t, "");
	confdbt_commit_name(&t, "a", 1);
	confdbt_commit_name(&t, "b", 2);
	confdbt_commit_name(&t, "c", 3);
	confdbt_commit_name(&t, "d", 4);
	snprintf(path, sizeof path, "%s/vex.conf", t.dir);
	CU_ASSERT_EQUAL(unlink(path), 0);
	snprintf(path, sizeof path, "%s/vex.conf.2", t.dir);
	CU_ASSERT_EQUAL(unlink(path), 0);
	confdbt_reopen(&t);
	notes = confdbt_take(&t.notes);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(notes, "there is no vex.conf: rollback 1 is the active configuration now"));
	free(notes);
	CHECK_TEXT(confdbt_names(&t), "c a");
	confdbt_close(&t);
}

static void unusable_directory(void)
{
	struct vex_errs notes = {0}, errs = {0};

	CU_ASSERT_PTR_NULL(confdb_open("/proc/self/nowhere", NULL, &notes, &errs));
	CHECK_TEXT(confdbt_take(&errs), "io: cannot use it: No such file or directory\n");
	vex_errs_free(&notes);
}

static const struct unit_case cases[] = {
	{"commits rotate", commits_rotate},
	{"files are for the owner only", files_are_for_the_owner_only},
	{"what is stored is a configuration behind a remark", stored_text_is_a_configuration},
	{"fifty are kept", fifty_are_kept},
	{"rollback and rescue", rollback_and_rescue},
	{"commit confirmed is remembered", confirmed_is_remembered},
	{"the time to confirm is bounded", time_to_confirm},
	{"a rollback that is active again was confirmed", confirmed_by_what_was_lost},
	{"a check writes nothing", check_writes_nothing},
	{"the image is that of what is active", image_is_that_of_what_is_active},
	{"a full list of errors refuses", full_list_of_errors_refuses},
	{"one commit at a time", one_commit_at_a_time},
	{"a given text is committed", given_text_is_committed},
	{"a torn file is set aside", torn_file_falls_back},
	{"without a good file the factory default is active", all_bad_is_factory_default},
	{"a file that was changed by hand", changed_by_hand},
	{"a missing file and gaps", missing_active_and_gaps},
	{"a directory that cannot be used", unusable_directory},
};

const struct unit_suite confdb_disk_suite = {
	.name = "confdb_disk",
	.cases = cases,
	.n = UNIT_N(cases),
};
