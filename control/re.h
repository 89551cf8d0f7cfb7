/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_RE_H
#define VEX_CONTROL_RE_H

/*
 * re: what the files of vex-re share. Nobody else includes it.
 *
 * vex-re is one thread around one event loop, and nothing in it blocks for longer than a fsync().
 *
 *	main_re.c	command line, begin and end
 *	re_pfe.c	the other side of the rings: attaching, installing, events
 *	re_events.c	what vex-pfe says unasked
 *	re_mac.c	changes of the MAC table: notification, reading what was missed
 *	re_watch.c	alarms (re_alarm.h)
 *	re_ddos.c	policers of punted protocols that are violated (ddos.h)
 *	re_report.c	what the supervisor and the logs are told
 *	re_mgmt.c	the management socket: sessions, lines of JSON
 *	re_rpc.c	the table of requests, answers and errors
 *	re_db.c		the state directory at begin and end
 *	re_config.c	requests about the candidate
 *	re_commit.c	the queue of commits, and what a commit is
 *	re_show.c	requests that look
 *
 * A request is a `struct re_call`. The function of the request answers it once, at once or later, by
 * one of re_call_ok(), re_call_fail() and re_call_errors(), and does not touch it afterwards. A
 * session has one call at a time; when its client goes meanwhile the call goes on without one, and
 * the answer goes nowhere.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <event2/event.h>
#include <jansson.h>

#include "control/confdb.h"
#include "control/ctl.h"
#include "control/ddos.h"
#include "control/err.h"
#include "control/mac_events.h"
#include "control/platform.h"
#include "control/re_dump.h"
#include "control/re_log.h"
#include "control/re_punt.h"
#include "control/re_sync.h"
#include "control/shm.h"
#include "control/show_live.h"

struct re_mgmt;
struct re_db;
struct re_commits;
struct re_watch;
struct show_alarm;
struct re_session;
struct show_session;

struct re_options {
	const char *instance;
	const char *platform;
	const char *config;
	const char *rundir;
	const char *statedir;
	int ctl_fd, cnt_fd, op_event_fd, ack_event_fd;
	int report_fd;	     /* -1: nobody wants to know */
	const char *tap_fds; /* NULL: there are no taps */
	int netns_fd;
};

struct re {
	struct re_options options;
	struct platform *platform;
	struct ctl_image *image; /* what vex-pfe has, or is to have */
	struct cfg *cfg;	 /* the active configuration with its data; NULL: not made yet */
	struct confdb *db;
	struct re_db *db_own;
	struct re_commits *commits;
	struct event_base *base;
	struct event *sighup, *sigterm, *sigint;
	time_t started;

	/* re_pfe.c */
	struct vex_shm shm;
	struct re_sync *sync;
	enum re_sync_state reported;
	uint64_t wait_ms;  /* since when for vex-pfe to attach; 0: not */
	bool late;	   /* it was reported that it does not come */
	char failure[256]; /* why the tables are not as the image says; "" if they are, or may be */
	uint64_t retry_ms; /* after a failure: when to compare the tables again; 0: not */
	uint64_t retry_wait_ms;
	const struct ctl_image *trying; /* by re_pfe_try(), instead of the image; borrowed */
	unsigned int pfe_restarts;
	struct show_live *live;
	time_t limit_second;	   /* of the latest address above a limit */
	unsigned int limit_events; /* in it */
	uint64_t events_lost;
	struct mac_events mac;	    /* what was told of the MAC table */
	struct mac_events mac_told; /* the same when the log was last told */
	uint64_t mac_tell_ms;	    /* when that is due */
	uint64_t mac_read_ms;	    /* when the table may be read again */
	bool mac_followed;	    /* the table was read, or will be, since events are wanted */
	bool mac_stale;		    /* events are missing: it must be read */
	bool mac_reading;
	struct event *doorbell, *timer;
	struct re_punt *punt;

	struct re_mgmt *mgmt;
	struct re_log *log;
	struct re_watch *watch;
	struct ddos ddos; /* re_ddos.c */
};

/* ---- re_pfe.c ---------------------------------------------------------------------------------- */

/* Attach: from then on this is the only vex-re of the instance. False: it was reported. */
bool re_pfe_attach(struct re *re);

/* Make the events of the rings, and begin to install. False: it was reported. */
bool re_pfe_open(struct re *re);
void re_pfe_close(struct re *re);

/* vex-pfe was started again: wait until it has attached, then install. */
void re_pfe_restarted(struct re *re);

/* The process that has attached; 0 if there is none. */
int re_pfe_pid(const struct re *re);

/* True if the tables are as the image says. */
bool re_pfe_installed(const struct re *re);

/* A few words on what vex-pfe and its tables are doing, for errors. */
const char *re_pfe_state(const struct re *re);

/* re_sync_apply() and re_dump_request() (re_sync.h, re_dump.h). */
bool re_pfe_apply(struct re *re, const struct vex_op *ops, size_t n, re_sync_done done, void *ctx);
bool re_pfe_dump(struct re *re, const struct vex_op_dump *what, re_dump_done done, void *ctx);

/* Forget who asked, for both (re_sync_cancel, re_dump_cancel). */
void re_pfe_cancel(struct re *re, const void *ctx);

/*
 * Make the tables as @image says, whatever they hold: what re_pfe_apply() asks for next is done
 * when they are. @image must stay until re_image_set() or re_pfe_resync() ends the trial; until then
 * the image of the instance stays what it was.
 */
void re_pfe_try(struct re *re, const struct ctl_image *image);

/* Compare the tables with the image again, and mend them: nobody knows what they hold. */
void re_pfe_resync(struct re *re);

/* The tables are as @image says, which is taken over. */
void re_image_set(struct re *re, struct ctl_image *image);

/* Why the configuration is not in the tables, NULL if it is, or will be. */
const char *re_pfe_failure(const struct re *re);

/* ---- re_events.c */

/* Take events; true if there are more. */
bool re_events_step(struct re *re);

/* ---- re_mac.c: changes of the MAC table */

/* Read the table if events are missing, and tell the log what is due. */
void re_mac_step(struct re *re);

/* ---- re_ddos.c --------------------------------------------------------------------------------- */

/* Look at the policers of punted protocols, once a second however often it is called. */
void re_ddos_step(struct re *re);

/* ---- re_watch.c: alarms ------------------------------------------------------------------------ */

bool re_watch_open(struct re *re);
void re_watch_close(struct re *re);

/* Look whether anything is wrong, at most once a second; or now. */
void re_watch_step(struct re *re);
void re_watch_look(struct re *re);

/* vex-pfe has died. */
void re_watch_restarted(struct re *re);

/* Fill @v with up to @cap alarms; borrowed. How many. */
size_t re_watch_view(const struct re *re, struct show_alarm *v, size_t cap);

/* ---- re_report.c ------------------------------------------------------------------------------- */

uint64_t re_now_ms(void); /* monotonic */

/* To the supervisor (supervise.h). Takes @o over. */
void re_report(const struct re *re, json_t *o);

/* State and reason, to the log and to the supervisor. */
void re_report_state(const struct re *re, const char *state, const char *text);

/* All errors to the log, the first to the supervisor. */
void re_report_errors(const struct re *re, const struct vex_errs *errs);

/* Log and traces, below the state directory. False without memory. */
bool re_log_open(struct re *re);
void re_log_close(struct re *re);

/* The image has changed: who is to be told may have, too. */
void re_log_update(struct re *re);

/* One message of the system log, by re_log_syslog(); from notices up in the log of the process, too. */
__attribute__((format(printf, 5, 6))) void re_syslog(struct re *re, enum ctl_log_facility facility,
	enum ctl_log_severity severity, const char *tag, const char *fmt, ...);

/* One line of the trace of vex-re; @flag is CTL_TRACE_*. */
__attribute__((format(printf, 3, 4))) void re_trace(
	struct re *re, uint32_t flag, const char *fmt, ...);

/* ---- re_mgmt.c: sessions ----------------------------------------------------------------------- */

#define RE_USER_SIZE	64
#define RE_REQUEST_MAX	(64u << 20) /* bytes of a line */
#define RE_SESSIONS_MAX 256

/* Listen on `mgmt` in the run directory. False, reported, if that cannot be. */
bool re_mgmt_open(struct re *re);
void re_mgmt_close(struct re *re);

/* {"notify": TEXT} to every session, but not to @except; NULL: to all. */
void re_notify(struct re *re, const struct re_session *except, const char *text);

/* The same to the sessions of a user, "*" for everybody. */
void re_notify_user(struct re *re, const char *user, const char *text);

unsigned int re_session_id(const struct re_session *session);
/* What the client calls itself, "cli", and its terminal, "pts/0" or "". */
void re_session_set_client(struct re_session *session, const char *client, const char *terminal);
/* Its part in the database, made when it is first asked for; NULL without memory. */
struct confdb_session *re_session_db(struct re_session *session);

const char *re_session_user(const struct re_session *session);

/* Fill @v with up to @cap sessions for the operational commands; borrowed. How many. */
size_t re_sessions_view(const struct re *re, struct show_session *v, size_t cap);

/* [{session, user, pid, since}] of everybody who is connected. NULL without memory. */
json_t *re_sessions_json(const struct re *re);

/* ---- re_rpc.c: requests ------------------------------------------------------------------------ */

struct re_call {
	struct re *re;
	struct re_session *session; /* NULL: the client has gone */
	json_t *args;		    /* an object */
	json_t *id;
};

/* Takes @data over; NULL: {}. */
void re_call_ok(struct re_call *call, json_t *data);

/* One error. */
__attribute__((format(printf, 5, 6))) void re_call_fail(struct re_call *call,
	enum vex_err_kind kind, const char *path, const char *value, const char *fmt, ...);

/* All of @errs, which stays the caller's; an empty list counts as "out of memory". */
void re_call_errors(struct re_call *call, const struct vex_errs *errs);

/* A member of the arguments; NULL if it is not there or of another type. */
const char *re_arg_text(const struct re_call *call, const char *name);
bool re_arg_true(const struct re_call *call, const char *name);

/* Serve one line. The answer goes to re_session_answer(). */
void re_rpc_serve(struct re *re, struct re_session *session, const char *line, size_t len);

/* re_mgmt.c: the answer to the session's call, one line; takes @answer over. */
void re_session_answer(struct re_session *session, json_t *answer);
/* re_mgmt.c: the call that a session waits for from now on. */
void re_session_set_call(struct re_session *session, struct re_call *call);

/* ---- re_db.c ----------------------------------------------------------------------------------- */

/*
 * The state directory, the platform, and the image to begin with: that of the file of `vex start`,
 * or of what was committed last. False: it was reported.
 */
bool re_db_open(struct re *re);
void re_db_close(struct re *re);

/* What was found wrong in the state directory, to the system log. */
void re_db_tell(struct re *re);

/* The image is installed. The first time: commit the file of `vex start`. False: reported. */
bool re_db_installed(struct re *re);

/*
 * The file of `vex start` could not be installed: let something else be committed. If nothing is,
 * and the file is installed after all, it is committed then.
 */
void re_db_give_up(struct re *re);

/* Something else was committed: the file of `vex start` is not wanted any more. */
void re_db_superseded(struct re *re);

/* The session of vex-re itself. */
struct confdb_session *re_db_session(struct re *re);

/* Something was committed, or the rescue configuration changed. */
void re_db_changed(struct re *re);

/* The active configuration with its data; NULL without memory. Until the next commit. */
const struct cfg *re_db_cfg(struct re *re);

/* What is strange about an image on this platform: ports without a device. */
void re_db_warn(const struct re *re, const struct ctl_image *image, struct vex_errs *notes);

/* ---- re_commit.c ------------------------------------------------------------------------------- */

bool re_commit_open(struct re *re);
void re_commit_close(struct re *re);

/* True if a commit of the session is under way: the engine closes it then. */
bool re_commit_keeps(struct re *re, struct confdb_session *db);

void re_rpc_commit(struct re_call *call);

/* ---- re_config.c ------------------------------------------------------------------------------- */

/* The texts of notes, as a new array. */
json_t *re_notes_json(const struct vex_errs *notes);

void re_rpc_configure(struct re_call *call);
void re_rpc_end_configure(struct re_call *call);
void re_rpc_status(struct re_call *call);
void re_rpc_edit(struct re_call *call);
void re_rpc_load(struct re_call *call);
void re_rpc_rollback(struct re_call *call);
void re_rpc_get_config(struct re_call *call);
void re_rpc_compare(struct re_call *call);
void re_rpc_rescue(struct re_call *call);
void re_rpc_commit_log(struct re_call *call);

/* ---- re_show.c ---------------------------------------------------------------------------------- */

void re_rpc_show(struct re_call *call);
void re_rpc_clear(struct re_call *call);
void re_rpc_request(struct re_call *call);
void re_rpc_complete(struct re_call *call);

#endif
