/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * confdb_int: what the files of the configuration database share. Nobody else includes it, tests
 * excepted; the public side is confdb.h.
 *
 *   confdb         opening, the active configuration
 *   confdb_session who edits, with which candidate, and who may
 *   confdb_edit    commands and loads on a candidate
 *   confdb_get     texts and differences
 *   confdb_commit  checking, publishing
 *   confdb_disk    files in the state directory, one system call a step
 *   confdb_store   stored configurations: names, remarks, checksums, rotation, recovery
 */
#ifndef VEX_CONTROL_CONFDB_INT_H
#define VEX_CONTROL_CONFDB_INT_H

#include "control/cfg_int.h"
#include "control/confdb.h"

/* ---- Disk ------------------------------------------------------------------------------------- */

/*
 * The state directory. @step is asked before each system call that changes something, with what it
 * will be; false makes the call fail with EIO. For tests, which also end the process there.
 */
struct confdb_disk {
	int dir;
	char path[PATH_MAX];
	bool (*step)(void *arg, const char *what);
	void *arg;
};

/* All return 0, or -1 with errno. A name is one within the directory. */
int confdb_disk_open(struct confdb_disk *d, const char *path);
void confdb_disk_close(struct confdb_disk *d);
/* Whole file with a zero behind it, freed by the caller; NULL with errno. */
char *confdb_disk_read(const struct confdb_disk *d, const char *name, size_t *len);
/* A new file, 0600, with @head and @text in it, synced. On failure there is none. */
int confdb_disk_write(
	struct confdb_disk *d, const char *name, const char *head, const char *text, size_t len);
int confdb_disk_rename(struct confdb_disk *d, const char *from, const char *to);
int confdb_disk_link(struct confdb_disk *d, const char *from, const char *to);
/* A file that is not there is as good as removed. */
int confdb_disk_remove(struct confdb_disk *d, const char *name);
/* Sync the directory itself. */
int confdb_disk_sync(struct confdb_disk *d);
bool confdb_disk_exists(const struct confdb_disk *d, const char *name);
/* When a file was last written; 0 if there is none. */
time_t confdb_disk_time(const struct confdb_disk *d, const char *name);
bool confdb_disk_same(const struct confdb_disk *d, const char *a, const char *b);

/* ---- Store ------------------------------------------------------------------------------------ */

#define CONFDB_ACTIVE_FILE   "vex.conf"
#define CONFDB_NEW_FILE	     "vex.conf.new"
#define CONFDB_PREVIOUS_FILE "vex.conf.previous"
#define CONFDB_RESCUE_FILE   "rescue.conf"
#define CONFDB_LOG_FILE	     "commits"
#define CONFDB_NAME_SIZE     32

/* What is known of a stored configuration. */
struct confdb_record {
	uint64_t serial; /* 0: the file does not say */
	time_t time;
	unsigned int confirmed;
	char *user, *client, *comment; /* never NULL in a record of the log */
};

bool confdb_record_set(
	struct confdb_record *r, const char *user, const char *client, const char *comment);
void confdb_record_free(struct confdb_record *r);

/* "vex.conf", or "vex.conf.7". Returns buf. */
char *confdb_file_name(unsigned int n, char buf[CONFDB_NAME_SIZE]);

/* Write a configuration behind its remark. -1 with @errs. */
int confdb_store_write(struct confdb_disk *d, const char *name, const struct confdb_record *record,
	const char *text, size_t len, struct vex_errs *errs);

/*
 * Read and parse one. 1: there is none; -1 with @errs: it cannot be used. *record (may be NULL) is
 * filled for 0, and freed by the caller; so is *cfg.
 */
int confdb_store_read(const struct confdb_disk *d, struct cfg_schema *schema, const char *name,
	struct cfg **cfg, struct confdb_record *record, struct vex_errs *errs);

/* The remark of a file only. False if there is none. */
bool confdb_store_remark(
	const struct confdb_disk *d, const char *name, struct confdb_record *record);

/* Finish or undo a commit that was interrupted. -1 with @errs. */
int confdb_store_recover(struct confdb_disk *d, struct vex_errs *errs);
/* Move rollbacks up to where one is missing. */
void confdb_store_close_gaps(struct confdb_disk *d);
/*
 * Make vex.conf.new the active one and rotate. -1 with @errs: nothing has changed. What fails behind
 * the rename is a note; the next call or confdb_store_recover() does it again.
 */
int confdb_store_publish(struct confdb_disk *d, struct vex_errs *notes, struct vex_errs *errs);
/* Write the log file. */
int confdb_store_log(struct confdb_disk *d, const struct confdb_record *log, size_t n);

/* "cannot KIND FILE: strerror" as an error of kind VEX_ERR_IO. */
void confdb_io_error(
	struct vex_errs *errs, const struct confdb_disk *d, const char *what, const char *name);

/* ---- Database --------------------------------------------------------------------------------- */

struct confdb_candidate {
	struct cfg *cfg;
	size_t compact; /* bytes of its arena when it was made */
	uint64_t edits; /* counts changes */
	/* Whether it differs from active, as of this many edits and commits: */
	uint64_t known_edits, known_commits;
	bool changed;
};

struct confdb_session {
	struct confdb *db;
	struct confdb_session *next;
	struct confdb_who who; /* own copies */
	enum confdb_mode mode;
	time_t since;
	char *path;
	/* Of a private session: */
	struct confdb_candidate own;
	struct cfg *base;      /* what was active when it began */
	uint64_t base_commits; /* db->commits then */
};

struct confdb {
	struct confdb_disk disk;
	struct cfg_schema *schema;
	const struct ctl_platform *platform;
	struct cfg *active;
	char *active_text;
	uint64_t commits; /* of this object; never 0 */
	struct confdb_candidate shared;
	struct confdb_session *sessions; /* oldest first */
	struct confdb_record log[CONFDB_ROLLBACKS];
	size_t n_log;
	uint64_t serial;	      /* the last that was given */
	struct confdb_commit *commit; /* on its way */
};

struct confdb_commit {
	struct confdb *db;
	struct confdb_session *session; /* whose candidate it is; NULL: of a source, or it ended */
	uint64_t edits;			/* of the candidate, when it was prepared */
	struct cfg *cfg;
	char *text;
	struct ctl_image *image;
	struct confdb_record record;
	bool written;
};

void confdb_no_memory(struct vex_errs *errs);
/* The candidate of a session; the shared one unless it is private. */
struct confdb_candidate *confdb_candidate(struct confdb_session *s);
bool confdb_candidate_changed(const struct confdb *db, struct confdb_candidate *c);
/* Take @cfg (NULL: a copy of active) as the candidate. False without memory. */
bool confdb_candidate_set(const struct confdb *db, struct confdb_candidate *c, struct cfg *cfg);
/* Refuse what only a session in configuration mode may do while nobody else has the lock. */
bool confdb_may_edit(const struct confdb_session *s, struct vex_errs *errs);
/* A new private candidate and base from what is active. False without memory. */
bool confdb_session_rebase(struct confdb_session *s);
/* What a source holds: borrowed, or *own to be freed. NULL with @errs. */
struct cfg *confdb_source_cfg(struct confdb_session *s, const struct confdb_source *source,
	struct cfg **own, struct vex_errs *errs);

#endif
