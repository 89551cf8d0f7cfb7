/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_SUP_H
#define VEX_CONTROL_SUP_H

/* What the files of the supervisor share. Nobody else includes it; the outside is supervise.h. */

#include <limits.h>
#include <stdint.h>

#include <event2/event.h>
#include <event2/listener.h>
#include <jansson.h>

#include "control/abi.h"
#include "control/platform.h"
#include "control/shm.h"
#include "control/sup_child.h"
#include "control/sup_netns.h"
#include "control/sup_taps.h"
#include "control/sup_watch.h"
#include "control/supervise.h"

enum sup_program {
	SUP_PFE,
	SUP_RE,
	SUP_PROGRAMS,
};

enum sup_state {
	SUP_STARTING, /* the configuration is not installed, yet or again */
	SUP_INSTALLED,
	SUP_FAILED, /* vex-re says that it cannot be */
	SUP_STOPPING,
	SUP_STATES,
};

struct sup_client;

struct sup {
	const struct sup_options *options;
	struct event_base *base;
	uint64_t since_ms;
	char dir_path[PATH_MAX];
	int dir;
	int lock;
	struct sup_log log;
	struct platform *platform;
	struct vex_shm_fds shm;
	const struct vex_cnt *cnt; /* read-only */
	int op_event;
	int ack_event;
	int report[2];
	struct sup_lines report_lines;

	struct sup_child child[SUP_PROGRAMS];
	char path[SUP_PROGRAMS][PATH_MAX];
	struct sup_netns netns;
	struct sup_taps taps;
	char no_taps[256];	       /* why there are none */
	char words[24][PATH_MAX + 64]; /* of the children's command lines */
	unsigned int n_words;

	enum sup_state state;
	char text[512]; /* why: of "waiting" and "failed" */
	uint64_t operations;
	uint64_t install_ms;
	int ready_fd; /* -1 once told */
	bool failed;  /* the start failed: text says why */

	struct sup_watch watch;
	struct event *signal[3];
	struct event *kill_timer;
	struct event *report_event;
	struct evconnlistener *listener;
	struct sup_client *clients;
	unsigned int n_clients;
};

/* sup_status.c: a new object, NULL without memory. */
json_t *sup_status(const struct sup *sup);

/* sup_watch.c */
int sup_watch_open(struct sup *sup);
void sup_watch_close(struct sup *sup);
/* [{"time": seconds since 1970, "class": "Major"|"Minor", "text"}], what is so now. */
json_t *sup_alarms(const struct sup *sup, uint64_t now_ms);

/* sup_sock.c */
int sup_sock_open(struct sup *sup, char *err, size_t err_size);
/* Answer those who asked for the end, and close everything. */
void sup_sock_close(struct sup *sup);

/* supervise.c */
void sup_stop(struct sup *sup);
const char *sup_state_name(enum sup_state state);

#endif
