/* SPDX-License-Identifier: BSD-3-Clause */
/* Sessions: who may edit and commit, what is said on entering, and private candidates. */
#include "control/confdb_testlib.h"

#include <stdlib.h>
#include <string.h>

#define BASE                                                                                  \
	"system { host-name base; } vlans { v { vlan-id-list [ 10 20 30 ]; } w { vlan-id 3; " \
	"} }"

#define IN_USE "private edits in use. Try 'configure private' or 'configure exclusive'"

static void shared_candidate_is_shared(void)
{
	struct confdb_session *other;
	struct confdbt t;

	confdbt_open(&t, "");
	other = confdbt_session(&t, "ann", CONFDB_OPERATIONAL);
	CHECK_TEXT(confdbt_edit(&t, "system", "set host-name a"), "");
	CHECK_TEXT(confdbt_configure(&t, other, CONFDB_SHARED),
		"conflict: Users currently editing the configuration:\n"
		"conflict:   root terminal pts/0 (pid 7) on since 1970-01-01 00:00:00 UTC\n"
		"      [edit system]\n"
		"conflict: The configuration has been changed but not committed\n");
	CHECK_TEXT(confdbt_candidate(&t, other), "system {\n    host-name a;\n}\n");
	CU_ASSERT(confdb_changed(other));
	/* Whoever commits, commits all of it. */
	CHECK_TEXT(confdbt_commit(&t, other, 5, NULL), "");
	CU_ASSERT(!confdb_changed(t.s));
	CU_ASSERT_EQUAL(confdb_end(t.s, false, &t.notes, &t.errs), 0);
	CHECK_TEXT(confdbt_take(&t.notes), "");
	confdbt_close(&t);
}

static void users_are_listed(void)
{
	struct confdb_user v[4];
	struct confdbt t;

	confdbt_open(&t, "");
	confdbt_session(&t, "idle", CONFDB_OPERATIONAL);
	confdbt_session(&t, "ann", CONFDB_EXCLUSIVE);
	CU_ASSERT_EQUAL_FATAL(confdb_users(t.db, v, 4), 2);
	CU_ASSERT_STRING_EQUAL(v[0].who.user, "root");
	CU_ASSERT_STRING_EQUAL(v[0].who.terminal, "pts/0");
	CU_ASSERT_EQUAL(v[0].mode, CONFDB_SHARED);
	CU_ASSERT_STRING_EQUAL(v[1].who.user, "ann");
	CU_ASSERT_EQUAL(v[1].who.pid, 8);
	CU_ASSERT_EQUAL(v[1].mode, CONFDB_EXCLUSIVE);
	CU_ASSERT_EQUAL(confdb_users(t.db, v, 1), 2);
	confdbt_close(&t);
}

static void operational_mode_edits_nothing(void)
{
	struct confdbt t;

	confdbt_open(&t, "");
	CU_ASSERT_EQUAL(confdb_end(t.s, false, &t.notes, &t.errs), 0);
	CHECK_TEXT(confdbt_edit(&t, "", "set system host-name a"),
		"conflict: this session is not in configuration mode; enter 'configure' first\n");
	CHECK_TEXT(confdbt_commit(&t, t.s, 5, NULL),
		"conflict: this session is not in configuration mode; enter 'configure' first\n");
	CU_ASSERT_EQUAL(confdb_end(t.s, false, &t.notes, &t.errs), -1);
	CHECK_TEXT(confdbt_take(&t.errs), "conflict: this session is not in configuration mode\n");
	confdbt_close(&t);
}

#define LOCKED                                             \
	"conflict: configuration database locked by:\n"    \
	"  ann (pid 8) on since 1970-01-01 00:00:00 UTC\n" \
	"      exclusive [edit]\n"

static void exclusive_locks(void)
{
	struct confdb_session *ann, *bob;
	struct confdbt t;

	confdbt_open(&t, BASE);
	ann = confdbt_session(&t, "ann", CONFDB_EXCLUSIVE);
	CHECK_TEXT(confdbt_edit(&t, "", "set system host-name a"), LOCKED);
	CHECK_TEXT(confdbt_load(&t, CONFDB_LOAD_MERGE, "", "vlans { x; }"), LOCKED);
	CHECK_TEXT(confdbt_commit(&t, t.s, 5, NULL), LOCKED);
	bob = confdbt_session(&t, "bob", CONFDB_OPERATIONAL);
	CHECK_TEXT(confdbt_configure(&t, bob, CONFDB_EXCLUSIVE), LOCKED);
	/* A private candidate may be edited, but not committed. */
	bob = confdbt_session(&t, "bob", CONFDB_PRIVATE);
	confdbt_must(&t, bob, "set system host-name bob");
	CHECK_TEXT(confdbt_commit(&t, bob, 5, NULL), LOCKED);

	confdbt_must(&t, ann, "set system host-name ann");
	CU_ASSERT_EQUAL(confdb_end(ann, false, &t.notes, &t.errs), -1);
	CHECK_TEXT(confdbt_take(&t.errs),
		"conflict: The configuration has been changed but not committed; commit it, or "
		"discard the changes\n");
	/* The client goes away: its changes and its lock go too. */
	confdb_session_close(ann);
	CU_ASSERT(!confdb_changed(t.s));
	CHECK_TEXT(confdbt_edit(&t, "", "set system host-name root"), "");
	CHECK_TEXT(confdbt_configure(
			   &t, confdbt_session(&t, "ann", CONFDB_OPERATIONAL), CONFDB_EXCLUSIVE),
		"conflict: configuration database modified\n");
	confdbt_close(&t);
}

static void exclusive_commits(void)
{
	struct confdb_session *ann;
	struct confdbt t;

	confdbt_open(&t, "");
	ann = confdbt_session(&t, "ann", CONFDB_EXCLUSIVE);
	confdbt_must(&t, ann, "set system host-name ann");
	CHECK_TEXT(confdbt_commit(&t, ann, 5, NULL), "");
	CU_ASSERT_EQUAL(confdb_end(ann, false, &t.notes, &t.errs), 0);
	CHECK_TEXT(confdbt_get(&t, "active", "", CFG_FORM_SET), "set system host-name ann\n");
	confdbt_close(&t);
}

static void shared_and_private_exclude_each_other(void)
{
	struct confdb_session *p;
	struct confdbt t;

	confdbt_open(&t, "");
	p = confdbt_session(&t, "ann", CONFDB_PRIVATE);
	CHECK_TEXT(confdbt_configure(
			   &t, confdbt_session(&t, "bob", CONFDB_OPERATIONAL), CONFDB_SHARED),
		"conflict: " IN_USE "\n");
	CHECK_TEXT(confdbt_configure(&t, p, CONFDB_SHARED),
		"conflict: this session is in configuration mode already\n");
	confdb_session_close(p);
	confdbt_must(&t, t.s, "set system host-name a");
	CHECK_TEXT(confdbt_configure(
			   &t, confdbt_session(&t, "ann", CONFDB_OPERATIONAL), CONFDB_PRIVATE),
		"conflict: shared configuration database modified. Please temporarily use "
		"'configure shared' to commit outstanding changes in the shared database, exit, "
		"and return to configuration mode using 'configure private'\n");
	confdbt_close(&t);
}

static void private_commits_are_merged(void)
{
	struct confdb_session *ann, *bob;
	struct confdbt t;

	confdbt_open(&t, BASE);
	ann = confdbt_session(&t, "ann", CONFDB_PRIVATE);
	bob = confdbt_session(&t, "bob", CONFDB_PRIVATE);
	confdbt_must(&t, ann,
		"set vlans v description ann\nset vlans v vlan-id-list 40\ndelete vlans w\n"
		"set system host-name ann");
	confdbt_must(&t, bob, "set vlans bobs vlan-id 9\ndelete vlans v vlan-id-list 10");
	CU_ASSERT(confdb_changed(ann));
	CU_ASSERT(!confdb_changed(t.s));
	CHECK_TEXT(confdbt_commit(&t, ann, 5, NULL), "");
	CU_ASSERT(!confdb_changed(ann));
	CHECK_TEXT(confdbt_commit(&t, bob, 6, NULL), "");
	CHECK_TEXT(confdbt_get(&t, "active", "", CFG_FORM_SET), "set system host-name ann\n"
								"set vlans bobs vlan-id 9\n"
								"set vlans v description ann\n"
								"set vlans v vlan-id-list 20\n"
								"set vlans v vlan-id-list 30\n"
								"set vlans v vlan-id-list 40\n");
	/* The shared candidate had no changes of its own and follows. */
	CU_ASSERT(!confdb_changed(t.s));
	CU_ASSERT_EQUAL(confdb_end(bob, false, &t.notes, &t.errs), 0);
	confdbt_close(&t);
}

/* Each pair of commands by two private sessions; ann commits first. */
static void conflict(
	const char *ann_line, const char *bob_line, const char *said, const char *after, int at)
{
	struct confdb_session *ann, *bob;
	struct confdbt t;

	confdbt_open(&t, BASE);
	ann = confdbt_session(&t, "ann", CONFDB_PRIVATE);
	bob = confdbt_session(&t, "bob", CONFDB_PRIVATE);
	confdbt_must(&t, ann, ann_line);
	confdbt_must(&t, bob, bob_line);
	free(confdbt_commit(&t, ann, 5, NULL));
	CU_ASSERT(confdbt_equal(confdbt_commit(&t, bob, 6, NULL), said, __FILE__, at));
	/* Once; then bob knows. */
	if (*said != '\0')
		CU_ASSERT(confdbt_equal(confdbt_commit(&t, bob, 7, NULL), "", __FILE__, at));
	CU_ASSERT(confdbt_equal(confdbt_get(&t, "active", "", CFG_FORM_SET), after, __FILE__, at));
	confdbt_close(&t);
}
#define CONFLICT(ann, bob, said, after) conflict(ann, bob, said, after, __LINE__)

static void conflicts_are_named(void)
{
	static const char v[] = "set vlans v vlan-id-list 10\n"
				"set vlans v vlan-id-list 20\nset vlans v vlan-id-list 30\n";
	char after[512];

	snprintf(after, sizeof after, "set system host-name bob\n%sset vlans w vlan-id 3\n", v);
	CONFLICT("set system host-name ann", "set system host-name bob",
		"conflict: 'system host-name bob': statement does not match patch: changed here, "
		"but another commit set another value\n",
		after);
	CONFLICT("delete system", "set system host-name bob",
		"conflict: 'system host-name bob': statement does not match patch: changed here, "
		"but another commit deleted it\n",
		after);
	snprintf(after, sizeof after, "set system host-name base\n%s", v);
	CONFLICT("set vlans w vlan-id 7", "delete vlans w",
		"conflict: 'vlans w': statement does not match patch: deleted here, but another "
		"commit changed it\n",
		after);
	/* The same change twice is none. */
	snprintf(after, sizeof after, "set system host-name same\n%sset vlans w vlan-id 3\n", v);
	CONFLICT("set system host-name same", "set system host-name same", "", after);
	snprintf(after, sizeof after, "set system host-name base\n%s", v);
	CONFLICT("delete vlans w", "delete vlans w", "", after);
	/* Deleting what a level held does not take along what was added to it. */
	CONFLICT("set vlans x vlan-id 8", "delete vlans w\ndelete vlans v", "",
		"set system host-name base\nset vlans x vlan-id 8\n");
}

static void order_is_merged(void)
{
	struct confdb_session *ann, *bob;
	struct confdbt t;

	confdbt_open(&t, BASE);
	ann = confdbt_session(&t, "ann", CONFDB_PRIVATE);
	bob = confdbt_session(&t, "bob", CONFDB_PRIVATE);
	confdbt_must(&t, ann, "set vlans v vlan-id-list 40\ndeactivate vlans w");
	confdbt_must(&t, bob, "insert vlans v vlan-id-list 30 before 10");
	CHECK_TEXT(confdbt_commit(&t, ann, 5, NULL), "");
	CHECK_TEXT(confdbt_commit(&t, bob, 6, NULL), "");
	CHECK_TEXT(confdbt_get(&t, "active", "vlans", CFG_FORM_CURLY),
		"v {\n    vlan-id-list [ 30 10 20 40 ];\n}\n"
		"inactive: w {\n    vlan-id 3;\n}\n");
	confdbt_close(&t);
}

static void private_changes_go_with_the_session(void)
{
	struct confdb_session *ann;
	struct confdbt t;

	confdbt_open(&t, BASE);
	ann = confdbt_session(&t, "ann", CONFDB_PRIVATE);
	confdbt_must(&t, ann, "set system host-name ann");
	CU_ASSERT_EQUAL(confdb_end(ann, false, &t.notes, &t.errs), -1);
	vex_errs_free(&t.errs);
	CU_ASSERT_EQUAL(confdb_end(ann, true, &t.notes, &t.errs), 0);
	CHECK_TEXT(confdbt_take(&t.notes), "conflict: uncommitted changes were discarded\n");
	CHECK_TEXT(confdbt_configure(&t, ann, CONFDB_PRIVATE),
		"conflict: uncommitted changes will be discarded on exit\n"
		"conflict: Users currently editing the configuration:\n"
		"conflict:   root terminal pts/0 (pid 7) on since 1970-01-01 00:00:00 UTC\n"
		"      [edit]\n");
	CU_ASSERT(!confdb_changed(ann));
	confdbt_close(&t);
}

static const struct unit_case cases[] = {
	{"the shared candidate is shared", shared_candidate_is_shared},
	{"users are listed", users_are_listed},
	{"operational mode edits nothing", operational_mode_edits_nothing},
	{"exclusive locks", exclusive_locks},
	{"exclusive commits", exclusive_commits},
	{"shared and private editing exclude each other", shared_and_private_exclude_each_other},
	{"private commits are merged", private_commits_are_merged},
	{"conflicts are named, once", conflicts_are_named},
	{"order is merged", order_is_merged},
	{"private changes go with the session", private_changes_go_with_the_session},
};

const struct unit_suite confdb_session_suite = {
	.name = "confdb_session",
	.cases = cases,
	.n = UNIT_N(cases),
};
