/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_SUP_CHILD_H
#define VEX_CONTROL_SUP_CHILD_H

/*
 * A child of the supervisor: started, watched, and started again when it dies.
 *
 * The wait before a new start is 0.1 s and doubles up to 5 s; a child that lived for 30 s begins
 * at 0.1 s again. Its standard output and error go line by line to its log. A child gets SIGKILL
 * from the kernel when the supervisor dies.
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <event2/event.h>

#include "control/sup_log.h"
#include "ports/chassis.h"

#define SUP_BACKOFF_FIRST_MS 100u
#define SUP_BACKOFF_MAX_MS   5000u
#define SUP_BACKOFF_RESET_MS 30000u
#define SUP_CHILD_FDS	     (8 + CHASSIS_PORTS_MAX)
#define SUP_CHILD_ARGS	     32

enum sup_child_state {
	SUP_CHILD_STOPPED, /* before its first start, and at the end */
	SUP_CHILD_RUNNING,
	SUP_CHILD_WAITING, /* dead, and waits to be started again */
};

struct sup_child;

/* What the supervisor does when something happens to a child. */
struct sup_child_events {
	void (*started)(void *ctx, struct sup_child *child); /* again: child->restarts > 0 */
	void (*ended)(void *ctx, struct sup_child *child);   /* see last_exit, log.last */
};

struct sup_child {
	const char *name;
	char *argv[SUP_CHILD_ARGS]; /* argv[0] is the path; NULL ends it; borrowed */
	int fds[SUP_CHILD_FDS];	    /* descriptors that it inherits, by the same number */
	unsigned int n_fds;
	const struct sup_child_events *events;
	void *ctx;
	struct event_base *base;
	struct sup_log log;

	enum sup_child_state state;
	bool stopping;
	pid_t pid; /* 0: none */
	unsigned int restarts;
	unsigned int delay_ms; /* of the latest restart */
	uint64_t since_ms;     /* monotonic: of the latest start */
	char last_exit[64];    /* "exit status 1", "signal 9 (Killed)"; empty: it never ended */

	struct event *output;
	struct event *timer;
	int pipe;
	struct sup_lines lines;
};

/* Now, monotonic, in milliseconds. */
uint64_t sup_now_ms(void);

/* The wait before the next start, after a wait of @delay_ms (0: none yet) and then a life. */
unsigned int sup_backoff(unsigned int delay_ms, uint64_t lived_ms);

/* What waitpid() says, in words; returns buf. */
char *sup_exit_text(int status, char *buf, size_t size);

/* Prepare; the caller has set name, argv, fds, events, ctx, base and log. 0, or -1 without memory. */
int sup_child_init(struct sup_child *child);
void sup_child_start(struct sup_child *child);

/* After SIGCHLD: true if the child had ended, which events->ended has been told. */
bool sup_child_reap(struct sup_child *child);

/* SIGTERM (or @signal), and no further start. */
void sup_child_stop(struct sup_child *child, int signal);

void sup_child_free(struct sup_child *child);

#endif
