/* SPDX-License-Identifier: BSD-3-Clause */
/* What vex-re knows, gathered for the operational commands (show.h). */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/re.h"
#include "control/re_view.h"
#include "control/version.h"

/* Seconds since the kernel started; -1 if it does not say. */
static double uptime(void)
{
	FILE *f = fopen("/proc/uptime", "re");
	double seconds = -1;

	if (f != NULL && fscanf(f, "%lf", &seconds) != 1)
		seconds = -1;
	if (f != NULL)
		fclose(f);
	return seconds;
}

/* Unix time at which a process began; 0 if there is none. */
static int64_t process_since(int pid)
{
	char path[48], line[1024], *rest = NULL;
	unsigned long long ticks = 0;
	double up = uptime();
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	f = pid > 0 ? fopen(path, "re") : NULL;
	/* The name of the program is in parentheses and may hold anything. */
	if (f != NULL && fgets(line, sizeof(line), f) != NULL)
		rest = strrchr(line, ')');
	if (f != NULL)
		fclose(f);
	if (rest == NULL || up < 0 ||
		sscanf(rest + 1,
			" %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d "
			"%*d %*d %llu",
			&ticks) != 1)
		return 0;
	return (int64_t)time(NULL) - (int64_t)(up - (double)ticks / (double)sysconf(_SC_CLK_TCK));
}

static void add_process(struct re_view *view, const char *name, int pid, unsigned int restarts)
{
	view->processes[view->ctx.n_processes++] = (struct show_process){
		.name = name, .pid = pid, .restarts = restarts, .since = process_since(pid)};
}

static void processes(struct re_view *view, const struct re *re)
{
	int pfe = re_pfe_pid(re);

	add_process(view, "vex supervise", (int)getppid(), 0);
	add_process(view, "vex-pfe", pfe, re->pfe_restarts);
	add_process(view, "vex-re", (int)getpid(), 0);
	view->ctx.processes = view->processes;
	view->ctx.booted = view->processes[0].since;
	view->ctx.started = re->started;
	view->ctx.pfe_started = view->processes[1].since;
	view->ctx.cnt = pfe > 0 ? re->shm.cnt : NULL;
}

static void commits(struct re_view *view, const struct re *re)
{
	size_t n = confdb_log(re->db, view->log, CONFDB_ROLLBACKS);
	time_t deadline;

	n = n < CONFDB_ROLLBACKS ? n : CONFDB_ROLLBACKS;
	for (size_t i = 0; i < n; i++)
		view->commits[i] = (struct show_commit){.time = view->log[i].time,
			.user = view->log[i].user,
			.client = view->log[i].client,
			.comment = *view->log[i].comment != '\0' ? view->log[i].comment : NULL,
			.confirmed = view->log[i].confirmed};
	view->ctx.commits = view->commits;
	view->ctx.n_commits = n;
	if (confdb_unconfirmed(re->db, &deadline))
		view->ctx.confirm_until = deadline;
}

void re_view_fill(struct re_view *view, struct re *re)
{
	struct show_ctx *ctx = &view->ctx;

	memset(view, 0, sizeof(*view));
	ctx->instance = re->options.instance;
	ctx->version = VEX_VERSION;
	ctx->platform = re->platform;
	ctx->image = re->image;
	ctx->cfg = re_db_cfg(re);
	snprintf(view->log_dir, sizeof(view->log_dir), "%s/" RE_LOG_DIR, re->options.statedir);
	ctx->log_dir = view->log_dir;
	ctx->state_dir = re->options.statedir;
	ctx->live = re->live;
	ctx->mac_events = &re->mac;
	ctx->ddos = &re->ddos;
	ctx->now = time(NULL);
	ctx->installed = re_pfe_installed(re);
	processes(view, re);
	ctx->n_sessions = re_sessions_view(re, view->sessions, RE_SESSIONS_MAX);
	ctx->sessions = view->sessions;
	commits(view, re);
	re_watch_look(re);
	ctx->n_alarms = re_watch_view(re, view->alarms, RE_ALARMS_MAX);
	ctx->alarms = view->alarms;
}
