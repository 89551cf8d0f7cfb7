/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_RUNDIR_H
#define VEX_CONTROL_RUNDIR_H

/*
 * rundir: the run directory of an instance, $VEX_RUNDIR/NAME or /run/vex/NAME, for its owner only.
 *
 *	lock		locked by the supervisor for as long as it lives
 *	control		its socket (supervise.h)
 *	mgmt		the management socket of vex-re (re_mgmt.c)
 *	platform.json, config	what the instance runs with: copies, so that later changes of the
 *				originals reach it only when somebody says so
 *	vex.log, vex-pfe.log, vex-re.log
 *
 * Functions return a descriptor or 0, or -1 with a sentence in @err (256 bytes are enough).
 */

#include <limits.h>
#include <stddef.h>

#define RUNDIR_SOCKET	"control"
#define RUNDIR_MGMT	"mgmt"
#define RUNDIR_LOCK	"lock"
#define RUNDIR_PLATFORM "platform.json"
#define RUNDIR_CONFIG	"config"
#define RUNDIR_INSTANCE "default" /* the instance that nobody named */

/* The path; @instance must be a name (platform_instance_ok()). Returns buf. */
char *rundir_path(const char *instance, char buf[PATH_MAX]);

/* The state directory, $VEX_STATEDIR/NAME or /var/lib/vex/NAME: it stays when the instance ends. */
char *rundir_state_path(const char *instance, char buf[PATH_MAX]);

/* Make the directory if it is not there; refused if somebody else owns it. Its descriptor. */
int rundir_make(const char *path, char *err, size_t err_size);

/* The same without making it; -1 without text if there is none. */
int rundir_open(const char *path);

/*
 * Take the instance: the descriptor must be kept, the kernel gives the lock up when the process
 * ends. A second supervisor is refused.
 */
int rundir_lock(int dir, const char *instance, char *err, size_t err_size);

/* Copy a file to @name in the directory. */
int rundir_copy(int dir, const char *name, const char *from, char *err, size_t err_size);

/* Listen on, or connect to, the socket @name in the directory. However long the path is. */
int rundir_listen(int dir, const char *name, char *err, size_t err_size);
int rundir_connect(int dir, const char *name, char *err, size_t err_size);

#endif
