/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The state directory at the begin and the end of vex-re.
 *
 * `vex start --config FILE` leaves a copy of FILE in the run directory. It becomes a commit like any
 * other: it is installed first, then published, and then the copy goes away, so that a vex-re that
 * is started again uses what was committed later.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "control/file.h"
#include "control/re.h"
#include "control/rundir.h"

#define LOCK_NAME "lock"

/* How long a predecessor that was killed with its supervisor may take to be gone. */
#define LOCK_WAIT_MS 3000
#define LOCK_STEP_MS 20

struct re_db {
	struct confdb_session *session; /* of vex-re itself */
	struct confdb_commit *start;	/* to be published when it is installed */
	struct vex_errs notes;		/* of opening it */
	char *text; /* of the configuration to start with; NULL: none, or done */
	size_t len;
	int lock;
};

static bool lock_soon(int fd)
{
	for (int waited = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; waited += LOCK_STEP_MS) {
		if (errno != EWOULDBLOCK || waited >= LOCK_WAIT_MS)
			return false;
		usleep(LOCK_STEP_MS * 1000);
	}
	return true;
}

/* The supervisor's lock is on the run directory; two run directories may share a state directory. */
static bool lock_dir(struct re *re)
{
	char path[PATH_MAX + sizeof(LOCK_NAME) + 1], text[512] = "";
	int dir = rundir_make(re->options.statedir, text, sizeof(text));

	if (dir < 0) {
		re_report_state(re, "failed", text);
		return false;
	}
	close(dir);

	snprintf(path, sizeof(path), "%s/" LOCK_NAME, re->options.statedir);
	re->db_own->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (re->db_own->lock >= 0 && lock_soon(re->db_own->lock))
		return true;
	if (errno == EWOULDBLOCK)
		snprintf(text, sizeof(text),
			"state directory %.300s is used by another instance: name this one "
			"otherwise, or set VEX_STATEDIR",
			re->options.statedir);
	else
		snprintf(text, sizeof(text), "state directory %.300s: %s", re->options.statedir,
			strerror(errno));
	re_report_state(re, "failed", text);
	return false;
}

static void log_notes(struct re *re, struct vex_errs *notes)
{
	for (size_t i = 0; i < notes->n; i++)
		re_syslog(
			re, CTL_LOG_DAEMON, CTL_LOG_WARNING, "UI_DATABASE", "%s", notes->v[i].text);
	vex_errs_free(notes);
}

void re_db_tell(struct re *re)
{
	log_notes(re, &re->db_own->notes);
}

static bool prepare_start(struct re *re, struct vex_errs *errs)
{
	const struct confdb_meta meta = {.time = time(NULL), .comment = "vex start"};
	const struct confdb_source source = {.kind = CONFDB_TEXT,
		.file = re->options.config,
		.text = re->db_own->text,
		.len = re->db_own->len};

	re->db_own->start = confdb_prepare_source(
		re->db_own->session, &source, &meta, &re->db_own->notes, errs);
	return re->db_own->start != NULL;
}

/* The configuration to start with, or why it cannot be. */
static bool read_start(struct re *re, struct vex_errs *errs)
{
	re->db_own->text = file_read(re->options.config, CFG_TEXT_MAX, &re->db_own->len);
	if (re->db_own->text == NULL && errno == ENOENT)
		return true;
	if (re->db_own->text == NULL) {
		const struct vex_pos at = {.file = re->options.config};

		vex_err_add(errs, VEX_ERR_IO, &at, NULL, NULL, "%s", strerror(errno));
		return false;
	}
	return prepare_start(re, errs);
}

static bool open_confdb(struct re *re, struct vex_errs *errs)
{
	const struct confdb_who who = {.user = "root", .client = "other", .pid = getpid()};

	if (!lock_dir(re))
		return false;
	re->db = confdb_open(re->options.statedir, &re->platform->ctl, &re->db_own->notes, errs);
	if (re->db == NULL)
		return false;
	re->db_own->session = confdb_session_open(re->db, &who);
	return re->db_own->session != NULL && read_start(re, errs);
}

bool re_db_open(struct re *re)
{
	struct vex_errs errs = {0};
	bool ok;

	re->db_own = calloc(1, sizeof(*re->db_own));
	if (re->db_own == NULL)
		return false;
	re->db_own->lock = -1;
	re->platform = platform_load_file(re->options.platform, re->options.instance, &errs);
	ok = re->platform != NULL && open_confdb(re, &errs);
	if (ok && re->db_own->start != NULL)
		re->image = confdb_commit_take_image(re->db_own->start);
	else if (ok)
		confdb_image(re->db, &re->image, &errs);
	if (re->image == NULL && (vex_errs_any(&errs) || ok))
		re_report_errors(re, &errs);
	vex_errs_free(&errs);
	return re->image != NULL;
}

void re_db_superseded(struct re *re)
{
	if (re->db_own->text == NULL)
		return;
	if (unlink(re->options.config) != 0 && errno != ENOENT)
		fprintf(stderr, "%s: %s\n", re->options.config, strerror(errno));
	free(re->db_own->text);
	re->db_own->text = NULL;
}

bool re_db_installed(struct re *re)
{
	struct confdb_commit *start;
	struct vex_errs notes = {0}, errs = {0};
	bool ok;

	if (re->db_own->text == NULL)
		return true;
	ok = re->db_own->start != NULL || prepare_start(re, &errs);
	start = re->db_own->start;
	re->db_own->start = NULL;
	if (ok && confdb_commit_changes(start))
		ok = confdb_publish(start, &notes, &errs) == 0;
	else
		confdb_abandon(start);
	if (ok)
		re_db_superseded(re);
	else
		re_report_errors(re, &errs);
	log_notes(re, &notes);
	vex_errs_free(&errs);
	re_db_changed(re);
	return ok;
}

void re_db_give_up(struct re *re)
{
	confdb_abandon(re->db_own->start);
	re->db_own->start = NULL;
}

void re_db_changed(struct re *re)
{
	cfg_free(re->cfg);
	re->cfg = NULL;
	re_log_update(re);
}

const struct cfg *re_db_cfg(struct re *re)
{
	const char *text = confdb_active(re->db);
	struct vex_errs errs = {0};

	if (re->cfg == NULL)
		re->cfg = cfg_parse_with(
			confdb_schema(re->db), CFG_DATA, text, strlen(text), "active", &errs);
	vex_errs_free(&errs);
	return re->cfg;
}

void re_db_warn(const struct re *re, const struct ctl_image *image, struct vex_errs *notes)
{
	char list[256] = "", name[CTL_LPORT_NAME_SIZE];
	unsigned int n = 0;

	for (unsigned int p = 0; p < re->platform->n_ports; p++) {
		size_t used = strlen(list);

		if (!lport_set_has(&image->named, p) ||
			re->platform->ports[p].device != PLATFORM_UNBOUND)
			continue;
		if (n++ < 8)
			snprintf(list + used, sizeof(list) - used, "%s%s", used > 0 ? ", " : "",
				ctl_lport_name(image, p, name));
	}
	if (n > 8)
		vex_err_add(notes, VEX_ERR_NOT_FOUND, NULL, "interfaces", NULL,
			"no device is behind %s and %u more: they stay down", list, n - 8);
	else if (n > 0)
		vex_err_add(notes, VEX_ERR_NOT_FOUND, NULL, "interfaces", NULL,
			"no device is behind %s: %s down", list, n == 1 ? "it stays" : "they stay");
}

struct confdb_session *re_db_session(struct re *re)
{
	return re->db_own->session;
}

void re_db_close(struct re *re)
{
	if (re->db_own == NULL)
		return;
	confdb_abandon(re->db_own->start);
	confdb_session_close(re->db_own->session);
	cfg_free(re->cfg);
	re->cfg = NULL;
	vex_errs_free(&re->db_own->notes);
	confdb_close(re->db);
	if (re->db_own->lock >= 0)
		close(re->db_own->lock);
	free(re->db_own->text);
	free(re->db_own);
	re->db_own = NULL;
}
