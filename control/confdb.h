/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * confdb: the configuration database of an instance: the active configuration and its 49
 * predecessors on disk, the candidates that people edit, and the way from one to the other.
 *
 * A library without event loop, threads or output. One object belongs to one thread. Errors are
 * appended to @errs; @notes receives what a person should be told although the call succeeded
 * (warnings, each one line without a prefix, in vex_err.text). Both may hold entries already. A call
 * that fails has changed nothing.
 *
 *	struct confdb *db = confdb_open(dir, &platform->ctl, &notes, &errs);
 *	confdb_image(db, &image, &errs);			what was committed last
 *
 *	struct confdb_session *s = confdb_session_open(db, &who);
 *	confdb_configure(s, CONFDB_SHARED, time(NULL), &notes, &errs);
 *	confdb_edit(s, "interfaces ge-0/0/0", "set mtu 9000", &notes, &errs);
 *	confdb_compare(s, &active, &candidate, "", &text, &errs);
 *
 *	struct confdb_commit *c = confdb_prepare(s, &meta, &notes, &errs);
 *	... confdb_commit_image(c) to the data plane; when it has acknowledged:
 *	confdb_publish(c, &notes, &errs);			or confdb_abandon(c)
 *	confdb_end(s, false, &notes, &errs);
 *	confdb_session_close(s);
 *
 * On disk, in the state directory (0700, files 0600):
 *
 *	vex.conf		active; its first line is a remark that says who committed it, with
 *				its length and a checksum of the rest
 *	vex.conf.1 .. .49	rollback 1 .. 49, the newest first
 *	rescue.conf		what confdb_rescue_save() kept
 *	commits			log of the last 50 commits, one JSON object a line, newest first
 *	vex.conf.new, vex.conf.previous		a commit on its way
 *	*.bad			set aside by confdb_open(), because it could not be used
 *
 * confdb_prepare() writes vex.conf.new and syncs it: a full disk is found there. The rename in
 * confdb_publish() is the commit; everything behind it is finished by the next confdb_open() if
 * the process dies. So at every instant either the old or the new configuration is there, whole,
 * with its rollbacks. Without vex.conf the active configuration is empty: the factory default.
 *
 * Sessions. There is one shared candidate. `exclusive` locks it: nobody else may edit it or commit
 * until the session ends, and its uncommitted changes go with it. `private` gives the session a
 * candidate of its own; its commit takes its changes over into what is active by then. What another
 * commit has changed differently since is refused once, with the path of each statement; the
 * candidate is then what is active with the session's own changes in it, so that the difference can
 * be looked at, and the next commit succeeds. As on Junos shared editing is refused while there is
 * a private session, and private and exclusive editing while the shared candidate has changes.
 *
 * Order. Entries of lists and leaf-lists that are ordered by the user keep their place. Everything else
 * stands as a box shows it: statements as the schema has them, entries of a list by name.
 */
#ifndef VEX_CONTROL_CONFDB_H
#define VEX_CONTROL_CONFDB_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "control/cfg.h"
#include "control/ctl.h"
#include "control/err.h"

/* Configurations that are kept: rollback 0, which is active, to rollback 49. */
#define CONFDB_ROLLBACKS 50

struct confdb;
struct confdb_session;
struct confdb_commit;

/* ---- The database ----------------------------------------------------------------------------- */

/*
 * The state directory of an instance, $VEX_STATEDIR/NAME or /var/lib/vex/NAME. @instance must be a
 * name (platform_instance_ok()). Returns buf.
 */
char *confdb_path(const char *instance, char buf[PATH_MAX]);

/*
 * Open the state directory @dir, which is made if it is not there. A commit that was interrupted is
 * finished or undone. A file that is torn, unreadable or not a configuration is set aside and the
 * newest good one is active instead; @notes says so. @platform (NULL: none) is borrowed. Returns
 * NULL with @errs if the directory cannot be used at all. One process a directory: the caller has
 * the lock of the instance.
 */
struct confdb *confdb_open(const char *dir, const struct ctl_platform *platform,
	struct vex_errs *notes, struct vex_errs *errs);

/* Close; sessions and commits that are still open are freed with it. NULL is allowed. */
void confdb_close(struct confdb *db);

/*
 * The image of the active configuration; free it with ctl_image_free(). -1 with @errs if it does
 * not fit the platform (any more).
 */
int confdb_image(struct confdb *db, struct ctl_image **out, struct vex_errs *errs);

/* The schema that everything here uses; lives as long as @db. */
struct cfg_schema *confdb_schema(struct confdb *db);

/* The active configuration, curly form, without the remark of the first line; until the next commit. */
const char *confdb_active(const struct confdb *db);

/* ---- Sessions --------------------------------------------------------------------------------- */

enum confdb_mode {
	CONFDB_OPERATIONAL, /* not in configuration mode */
	CONFDB_SHARED,
	CONFDB_EXCLUSIVE,
	CONFDB_PRIVATE,
};

/* Who is behind a session. All strings are copied by confdb_session_open(). */
struct confdb_who {
	const char *user;
	const char *client;   /* how: "cli", "netconf", "vex start" */
	const char *terminal; /* "pts/0"; NULL: none */
	long pid;
};

/* One session in configuration mode. Strings live until the session changes. */
struct confdb_user {
	struct confdb_who who;
	enum confdb_mode mode;
	time_t since;
	const char *path; /* where it edited last; "" is the top */
};

/* A session, in operational mode. NULL without memory. */
struct confdb_session *confdb_session_open(struct confdb *db, const struct confdb_who *who);

/* The end of a client, however it came about: as confdb_end() with @discard. NULL is allowed. */
void confdb_session_close(struct confdb_session *s);

/*
 * Enter configuration mode. @notes receives what Junos shows there: "Users currently editing the
 * configuration:" and a note of two lines for each, "The configuration has been changed but not
 * committed", "uncommitted changes will be discarded on exit". Refused, with kind
 * VEX_ERR_CONFLICT: exclusive while somebody has the lock ("configuration database locked by:\n  root
 * terminal pts/0 (pid 7) on since 2026-11-22 21:00:00 UTC\n      exclusive [edit]"; entering shared is
 * allowed, and editing then refused with the same words); exclusive or private while the shared
 * candidate has changes; shared while there is a private session; a session that is in
 * configuration mode already.
 */
int confdb_configure(struct confdb_session *s, enum confdb_mode mode, time_t now,
	struct vex_errs *notes, struct vex_errs *errs);

/*
 * Leave it. Uncommitted changes of a shared candidate stay, with a note. Those of an exclusive or
 * private session are lost: refused unless @discard.
 */
int confdb_end(
	struct confdb_session *s, bool discard, struct vex_errs *notes, struct vex_errs *errs);

enum confdb_mode confdb_mode(const struct confdb_session *s);
const char *confdb_mode_name(enum confdb_mode mode);

/* Fill @v with up to @cap sessions that are in configuration mode; returns how many there are. */
size_t confdb_users(const struct confdb *db, struct confdb_user *v, size_t cap);

/* True if the candidate of the session (operational mode: the shared one) differs from active. */
bool confdb_changed(struct confdb_session *s);

/* ---- Editing ---------------------------------------------------------------------------------- */

/*
 * Carry out one command on the candidate of the session, at the edit path @path ("" is the top; words
 * as on the command line). @line begins with the verb:
 *
 *	set WORDS			the last value of a leaf holds
 *	delete [WORDS]			without words: everything below @path
 *	deactivate WORDS   activate WORDS
 *	annotate STATEMENT "text"	"" takes the comments away
 *	copy A to B			B, which must not exist, becomes a copy of A
 *	rename A to B
 *	replace pattern OLD with NEW	in all values and names below @path; OLD is a regular
 *					expression, & and \1 in NEW are what it matched
 *	insert A before|after B		lists and leaf-lists that are ordered by the user
 *
 * A statement that is not there to be deleted, deactivated or activated is a note, as on Junos
 * ("statement not found", kind VEX_ERR_NOT_FOUND). A failed command leaves the candidate unchanged.
 * Levels that a delete leaves empty, and that mean nothing by themselves, go with it. Columns of
 * errors are those of @line; there is no file.
 */
int confdb_edit(struct confdb_session *s, const char *path, const char *line,
	struct vex_errs *notes, struct vex_errs *errs);

enum confdb_load_mode {
	CONFDB_LOAD_MERGE,    /* add; of a leaf the text's value holds */
	CONFDB_LOAD_OVERRIDE, /* the text is the whole configuration; at the top only */
	CONFDB_LOAD_REPLACE,  /* what is tagged replace: takes the place of what is there */
	CONFDB_LOAD_SET,      /* set lines: the verbs of confdb_edit() one after the other */
	CONFDB_LOAD_UPDATE,   /* everything below @path becomes the text */
};

/* A text to load at the edit path. Everything is borrowed. */
struct confdb_load {
	enum confdb_load_mode mode;
	const char *text;
	size_t len;
	const char *file;	     /* the name that errors carry; NULL: "terminal" */
	const char *path;	     /* NULL: the top */
	bool deactivate_unsupported; /* mark each statement that is not supported inactive */
};

/* What became of it; free with confdb_loaded_free(). */
struct confdb_loaded {
	size_t statements; /* in the candidate afterwards */
	struct confdb_deactivated {
		char *path;
		unsigned int line; /* of the text */
	} * deactivated;
	size_t n_deactivated;
};

/*
 * Load a text of either written form into the candidate: all of it or, with every error at its
 * place in the text, nothing. Set lines may be loaded in every mode. @out (NULL: not wanted) is
 * filled on success.
 */
int confdb_load(struct confdb_session *s, const struct confdb_load *load, struct confdb_loaded *out,
	struct vex_errs *notes, struct vex_errs *errs);
void confdb_loaded_free(struct confdb_loaded *loaded);

/* ---- Reading ---------------------------------------------------------------------------------- */

enum confdb_kind {
	CONFDB_CANDIDATE, /* of the session; the shared one in operational mode */
	CONFDB_ACTIVE,
	CONFDB_ROLLBACK,
	CONFDB_RESCUE,
	CONFDB_TEXT, /* given here, in either form */
};

struct confdb_source {
	enum confdb_kind kind;
	unsigned int n;	  /* of CONFDB_ROLLBACK */
	const char *text; /* of CONFDB_TEXT; borrowed */
	size_t len;
	const char *file; /* its name in errors; NULL: "terminal" */
};

/* "candidate", "active", "rollback 7" or "rescue". False for anything else. */
bool confdb_source_parse(const char *words, struct confdb_source *out);

/*
 * The text of a source at a path: what `show` prints there, in curly form without the levels
 * above, in set and JSON form with them. Nothing there is an empty text. @inheritance expands groups and
 * interface ranges; in curly form `##` remarks say where things came from, as on Junos. *text is to be freed by the caller.
 */
int confdb_get(struct confdb_session *s, const struct confdb_source *source, const char *path,
	enum cfg_form form, bool inheritance, char **text, struct vex_errs *errs);

/*
 * The difference that leads from @from to @to below @path, as `show | compare` prints it; empty if
 * there is none. Comments do not count.
 *
 *	[edit vlans]
 *	+   v10 {
 *	+       vlan-id 10;
 *	+   }
 *
 * *text is to be freed by the caller.
 */
int confdb_compare(struct confdb_session *s, const struct confdb_source *from,
	const struct confdb_source *to, const char *path, char **text, struct vex_errs *errs);

/* ---- Committing ------------------------------------------------------------------------------- */

/* What is known of a commit. Strings are copied by confdb_prepare(). */
struct confdb_meta {
	time_t time;
	const char *comment;	/* NULL: none */
	unsigned int confirmed; /* minutes within which it must be confirmed; 0: final */
	bool check; /* only check: nothing is written, and confdb_publish() must not follow */
};

/*
 * Check the candidate of the session against schema and platform, make its image, and write it to
 * disk beside the active configuration. At most one commit is on its way: a second is refused
 * (VEX_ERR_CONFLICT). A candidate without changes can be committed: that is how a commit is confirmed.
 */
struct confdb_commit *confdb_prepare(struct confdb_session *s, const struct confdb_meta *meta,
	struct vex_errs *notes, struct vex_errs *errs);

/*
 * The same of a source instead of the candidate, in any mode of the session and whoever has the
 * lock: the file of `vex start --config`, and the automatic rollback.
 */
struct confdb_commit *confdb_prepare_source(struct confdb_session *s,
	const struct confdb_source *source, const struct confdb_meta *meta, struct vex_errs *notes,
	struct vex_errs *errs);

/* The image, until publish or abandon; or taken out, to be freed with ctl_image_free(). */
const struct ctl_image *confdb_commit_image(const struct confdb_commit *c);
struct ctl_image *confdb_commit_take_image(struct confdb_commit *c);

/* True if it differs from the active configuration. */
bool confdb_commit_changes(const struct confdb_commit *c);

/*
 * Make it the active configuration; @c is freed in any case. The shared candidate follows if it had
 * no other changes. -1: the old configuration is still the active one, on disk too.
 */
int confdb_publish(struct confdb_commit *c, struct vex_errs *notes, struct vex_errs *errs);

/* Forget it; nothing has happened. NULL is allowed. */
void confdb_abandon(struct confdb_commit *c);

/* ---- Rollback, rescue, log -------------------------------------------------------------------- */

/* Put a stored configuration into the candidate. Rollback 0 takes all uncommitted changes back. */
int confdb_rollback(
	struct confdb_session *s, const struct confdb_source *source, struct vex_errs *errs);

/* Keep the active configuration as the rescue configuration, or delete that. */
int confdb_rescue_save(struct confdb *db, struct vex_errs *errs);
int confdb_rescue_delete(struct confdb *db, struct vex_errs *errs);

/* One commit. Strings live until the next commit. */
struct confdb_entry {
	unsigned int n;	 /* rollback number: 0 is active */
	uint64_t serial; /* counts commits from 1 */
	time_t time;
	const char *user, *client;
	const char *comment;	/* "" if there is none */
	unsigned int confirmed; /* minutes; 0: final */
};

/* Fill @v with up to @cap commits, the newest first; returns how many are known (at most 50). */
size_t confdb_log(const struct confdb *db, struct confdb_entry *v, size_t cap);

/*
 * True if the active configuration must still be confirmed; *deadline is when it ends. After a
 * restart too. Any commit confirms; the automatic rollback is confdb_prepare_source() of rollback 1.
 */
bool confdb_unconfirmed(const struct confdb *db, time_t *deadline);

/*
 * The seconds that are left for that: 0, too, if there is nothing to confirm. Never more than were
 * given, so that a clock that was set back since (or is not set yet) puts the rollback off by that
 * much at most.
 */
time_t confdb_confirm_left(const struct confdb *db, time_t now);

#endif
