/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the suites of the configuration database share: a database in a directory of its own, one
 * session in it, and short ways to ask. What a function returns is freed by the caller unless it
 * says otherwise.
 */
#ifndef VEX_CONTROL_CONFDB_TESTLIB_H
#define VEX_CONTROL_CONFDB_TESTLIB_H

#include "control/confdb.h"
#include "tests/unit/unit.h"

struct confdbt {
	char dir[64];
	struct confdb *db;
	struct confdb_session *s; /* "root", shared mode */
	struct vex_errs notes;	  /* of the last call */
	struct vex_errs errs;
};

/* A fresh directory and database, with @committed (curly, may be "") as the active configuration. */
void confdbt_open(struct confdbt *t, const char *committed);
/* Close and open again; the session is new. */
void confdbt_reopen(struct confdbt *t);
/* Close, and remove the directory. */
void confdbt_close(struct confdbt *t);

/* Another session in a mode; ends the test if it cannot be had. */
struct confdb_session *confdbt_session(struct confdbt *t, const char *user, enum confdb_mode mode);

/* "" after success, or the notes and then the errors, "kind: text\n" each. */
char *confdbt_edit(struct confdbt *t, const char *path, const char *line);
char *confdbt_load(
	struct confdbt *t, enum confdb_load_mode mode, const char *path, const char *text);
char *confdbt_configure(struct confdbt *t, struct confdb_session *s, enum confdb_mode mode);
/* Prepare and publish; time @time. */
char *confdbt_commit(struct confdbt *t, struct confdb_session *s, time_t time, const char *comment);
/* Edits that must succeed, at the top, one a line. */
void confdbt_must(struct confdbt *t, struct confdb_session *s, const char *lines);

/* A text, or the errors. @source as in confdb_source_parse(). */
char *confdbt_get(struct confdbt *t, const char *source, const char *path, enum cfg_form form);
/* The candidate of the session, curly, at the top. */
char *confdbt_candidate(struct confdbt *t, struct confdb_session *s);
/* From active to the candidate. */
char *confdbt_compare(struct confdbt *t, const char *path);
/* From text to text. */
char *confdbt_diff(struct confdbt *t, const char *from, const char *to, const char *path);

/* The list as text, emptied. */
char *confdbt_take(struct vex_errs *errs);

/* What confdbt_commit_name() commits. */
#define NAMED(name) "system {\n    host-name " name ";\n}\n"
/* Commit a host name; it is the comment, too. */
void confdbt_commit_name(struct confdbt *t, const char *name, time_t time);
/* The host names of active, rollback 1, 2, ... as "c b a". */
char *confdbt_names(struct confdbt *t);

/* Whole file of the directory; NULL if there is none. */
char *confdbt_file(const struct confdbt *t, const char *name);
void confdbt_write_file(const struct confdbt *t, const char *name, const char *text);

bool confdbt_equal(char *got, const char *expected, const char *file, int line);
#define CHECK_TEXT(got, expected) CU_ASSERT(confdbt_equal(got, expected, __FILE__, __LINE__))

#endif
