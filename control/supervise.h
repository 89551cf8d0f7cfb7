/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_SUPERVISE_H
#define VEX_CONTROL_SUPERVISE_H

/*
 * supervise: the parent of an instance's vex-pfe and vex-re.
 *
 * It owns the run directory (rundir.h), the shared memory (shm.h) and the doorbells between the two,
 * starts them, starts again whichever dies (sup_child.h), and tells vex-re by SIGHUP that vex-pfe
 * was started again, which then installs everything anew. SIGTERM or SIGINT, or `stop` on the
 * socket: both get SIGTERM, and SIGKILL three seconds later.
 *
 * vex-re reports by lines of JSON on an inherited pipe, --report-fd N:
 *
 *	{"state": "waiting", "text": TEXT}	for what
 *	{"state": "installed", "operations": N, "milliseconds": N}
 *	{"state": "failed", "text": TEXT}
 *	{"request": "restart-forwarding" | "restart-routing" | "reboot" | "halt"}
 *
 * It also owns the network namespace vex-NAME and the taps in it, one a front-panel port (sup_netns.h,
 * sup_taps.h), which vex-re inherits: --tap-fds N,... in port order, --netns-fd N. They outlive both
 * children and go at the end. A supervisor that may not make them runs without, and says so.
 *
 * The socket takes lines of JSON and answers each with one:
 *
 *	{"do": "status"}	the object that `vex status --json` prints
 *	{"do": "stop"}		{"ok": true}, when everything has ended
 *	anything else		{"error": TEXT}
 */

#include <stdbool.h>
#include <stddef.h>

struct sup_options {
	const char *instance;
	const char *platform_file;
	const char *config_file; /* NULL: what was committed last */
	/*
	 * A descriptor that gets one line when it is known whether the start succeeded: "ok", or why
	 * not, and then the instance ends instead of trying again. -1: try for ever, log to standard
	 * error too.
	 */
	int ready_fd;
};

/* Run until stopped. 0, or -1 with a sentence in @err if it did not come up. */
int supervise(const struct sup_options *options, char *err, size_t err_size);

/* Where the programs are: $VEX_BINDIR, or beside this program. Returns buf (PATH_MAX bytes). */
char *supervise_bindir(char *buf);

#endif
