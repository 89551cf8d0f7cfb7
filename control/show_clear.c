/* SPDX-License-Identifier: BSD-3-Clause */
/* clear interfaces statistics, clear pfe statistics. */
#include <string.h>

#include "control/show_util.h"

bool clear_interfaces_statistics(const struct show_ctx *ctx, const json_t *args,
	struct clear_ops *ops, struct vex_errs *errs)
{
	static const char *const names[] = {"all", "interface", NULL};
	const char *pattern = show_arg(args, "interface");
	struct lport_set set;
	bool logical;

	*ops = (struct clear_ops){0};
	if (!show_args_ok(args, names, errs))
		return false;
	if (!show_select(ctx->image, pattern, &set, &logical, errs))
		return false;
	if (ctx->cnt == NULL) {
		show_no_pfe(errs);
		return false;
	}
	SHOW_LPORTS(i)
	{
		const struct ctl_lag *lag = show_lag(ctx->image, i);

		if (!lport_set_has(&set, i))
			continue;
		for (unsigned int m = 0; lag != NULL && m < lag->n_ports; m++)
			show_live_clear_port(ctx->live, ctx->cnt, lag->ports[m], ctx->now);
		if (i < VEX_LPORT_LAG0)
			show_live_clear_port(ctx->live, ctx->cnt, i, ctx->now);
	}
	return true;
}

bool clear_pfe_statistics(const struct show_ctx *ctx, const json_t *args, struct clear_ops *ops,
	struct vex_errs *errs)
{
	static const char *const names[] = {"traffic", NULL};

	*ops = (struct clear_ops){0};
	if (!show_args_ok(args, names, errs))
		return false;
	if (ctx->cnt == NULL) {
		show_no_pfe(errs);
		return false;
	}
	show_live_clear_switch(ctx->live, ctx->cnt);
	return true;
}
