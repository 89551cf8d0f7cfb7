/* SPDX-License-Identifier: BSD-3-Clause */
/* restart, request system. */
#include <string.h>

#include "control/show_util.h"

static const char *const no_arguments[] = {NULL};

enum show_request request_restart(
	const struct show_ctx *ctx, const json_t *args, const char **text, struct vex_errs *errs)
{
	static const char *const names[] = {"forwarding", "routing", NULL};

	(void)ctx;
	if (!show_args_ok(args, names, errs))
		return SHOW_REQUEST_NONE;
	if (show_flag(args, "forwarding")) {
		*text = "Forwarding process (vex-pfe) restarts";
		return SHOW_RESTART_PFE;
	}
	if (show_flag(args, "routing")) {
		*text = "Routing engine process (vex-re) restarts";
		return SHOW_RESTART_RE;
	}
	show_error(errs, VEX_ERR_MISSING, NULL, "say what to restart: forwarding or routing");
	return SHOW_REQUEST_NONE;
}

enum show_request request_halt(
	const struct show_ctx *ctx, const json_t *args, const char **text, struct vex_errs *errs)
{
	(void)ctx;
	if (!show_args_ok(args, no_arguments, errs))
		return SHOW_REQUEST_NONE;
	*text = "Shutdown NOW!";
	return SHOW_HALT;
}

enum show_request request_reboot(
	const struct show_ctx *ctx, const json_t *args, const char **text, struct vex_errs *errs)
{
	(void)ctx;
	if (!show_args_ok(args, no_arguments, errs))
		return SHOW_REQUEST_NONE;
	*text = "Reboot NOW!";
	return SHOW_REBOOT;
}
