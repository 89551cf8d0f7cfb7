/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_SHOW_H
#define VEX_CONTROL_SHOW_H

/*
 * show: operational commands on the side of vex-re.
 *
 * Three tables, for the RPCs `show`, `clear` and `request` of the management socket:
 *
 *	show	a JSON tree from what is known: `show interfaces` and its like
 *	clear	forgets counters, or gives table operations for the data plane
 *	request	what is to be done to processes
 *
 * Each entry is a function of a struct show_ctx and the arguments of the command. It changes
 * nothing but the struct show_live of the context (a clear) or a log file (`clear log`), waits for
 * nothing, and can be called with half a context: what is not known (vex-pfe is down, no
 * configuration was loaded) is NULL or 0 and left out, or is an error that says so.
 *
 *	const struct show_what *what = show_find("interfaces");
 *	... dump the tables of show_needs(what, args) from vex-pfe, into ctx.dump[] ...
 *	json_t *tree = what->make(&ctx, args, &errs);		NULL: errs says why
 *
 * The names of the tree are Junos' element names; a list is an array of objects, a value is a
 * string, a number or true. Text is made from this tree by the client (cli_show.h), so
 * that `| display json` prints what the text was made from.
 *
 * The arguments are an object or NULL. Unknown members are refused, so that a client that is newer
 * than the server is told.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "control/abi.h"
#include "control/cfg.h"
#include "control/ctl.h"
#include "control/ddos.h"
#include "control/err.h"
#include "control/mac_events.h"
#include "control/platform.h"

struct show_live;

/* Records of a table as vex-pfe dumped them. */
struct show_records {
	const struct vex_op *ops;
	size_t n;
	bool known; /* false: not dumped, or the dump failed */
};

/* Somebody who is connected. */
struct show_session {
	const char *user;
	const char *client; /* "cli" */
	const char *mode;   /* "operational", "configure", "configure exclusive", ... */
	int pid;
	int64_t since;	/* Unix time; also every other time below */
	int64_t active; /* of the last request */
};

struct show_alarm {
	int64_t time;
	bool major;
	bool chassis; /* shown by `show chassis alarms`; otherwise by `show system alarms` */
	const char *text;
};

/* A line of the commit log; the first is the latest. */
struct show_commit {
	int64_t time;
	const char *user;
	const char *client;
	const char *comment;	/* NULL: none */
	unsigned int confirmed; /* minutes within which it was to be confirmed; 0: final */
};

/* A process of the instance. */
struct show_process {
	const char *name; /* "vex-pfe" */
	int pid;	  /* 0: it does not run */
	unsigned int restarts;
	int64_t since; /* 0: not known */
};

/* What is known. Borrowed for the time of a call; zero is "not known" everywhere. */
struct show_ctx {
	const char *instance;
	const char *version;   /* of the software */
	const char *log_dir;   /* path: `show log` lists and prints its files */
	const char *state_dir; /* path: `show system storage` */
	const char *proc_dir;  /* NULL: /proc */

	const struct platform *platform;
	const struct ctl_image *image; /* of the active configuration; always there */
	const struct cfg *cfg;	       /* active configuration, with data; NULL: factory default */

	const struct vex_cnt *cnt;	     /* NULL: vex-pfe does not run */
	struct show_live *live;		     /* always there */
	const struct mac_events *mac_events; /* NULL: nobody counts */
	const struct ddos *ddos;	     /* NULL: nobody watches the policers */
	struct show_records dump[VEX_TABLES];

	int64_t now;
	int64_t booted;	     /* start of the supervisor */
	int64_t started;     /* start of vex-re */
	int64_t pfe_started; /* vex-pfe attached */
	bool installed;	     /* the active configuration is in the tables */

	const struct show_process *processes;
	size_t n_processes;
	const struct show_session *sessions;
	size_t n_sessions;
	const struct show_alarm *alarms;
	size_t n_alarms;
	const struct show_commit *commits;
	size_t n_commits;
	int64_t confirm_until; /* 0: no commit waits to be confirmed */
};

#define SHOW_TABLE(table) (1u << (table)) /* enum vex_table, in needs_tables */

struct show_what {
	const char *name;
	uint32_t needs_tables;
	uint32_t detail_tables; /* these too, with the argument `detail` or `extensive` */
	/* A new tree, or NULL with at least one error. */
	json_t *(*make)(const struct show_ctx *ctx, const json_t *args, struct vex_errs *errs);
};

/* What a clear wants of the data plane: a transaction, in this order. May be empty. */
struct clear_ops {
	struct vex_op *ops; /* to be freed by the caller */
	size_t n;
};

struct clear_what {
	const char *name;
	uint32_t needs_tables;
	/* True, or false with at least one error and nothing done. */
	bool (*make)(const struct show_ctx *ctx, const json_t *args, struct clear_ops *ops,
		struct vex_errs *errs);
};

/*
 * What is to be done to processes, and by whom: vex-re ends itself for SHOW_RESTART_RE after it
 * has answered; the others are for the supervisor (sup_request.h).
 */
enum show_request {
	SHOW_REQUEST_NONE,
	SHOW_RESTART_PFE, /* restart forwarding */
	SHOW_RESTART_RE,  /* restart routing */
	SHOW_REBOOT,	  /* both, and the start begins anew */
	SHOW_HALT,	  /* the instance ends */
};

struct request_what {
	const char *name;
	/* What to do, and in *text the line to answer with; SHOW_REQUEST_NONE with an error. */
	enum show_request (*make)(const struct show_ctx *ctx, const json_t *args, const char **text,
		struct vex_errs *errs);
};

/* The entry of a name; NULL if there is none. Entry @i, NULL past the last. */
const struct show_what *show_find(const char *name);
const struct show_what *show_at(size_t i);
/* The tables that an entry wants with these arguments. */
uint32_t show_needs(const struct show_what *what, const json_t *args);
const struct clear_what *clear_find(const char *name);
const struct clear_what *clear_at(size_t i);
const struct request_what *request_find(const char *name);
const struct request_what *request_at(size_t i);

/*
 * Names that begin with @prefix, for completion: an array of {name, help}. Kinds: interface (ports
 * and LAGs), lag, vlan, log, ddos (protocol groups), mac (of the dumped tables); of any other there
 * are none.
 */
json_t *show_complete(const struct show_ctx *ctx, const char *kind, const char *prefix);

#endif
