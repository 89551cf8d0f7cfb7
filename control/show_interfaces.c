/* SPDX-License-Identifier: BSD-3-Clause */
/* show interfaces: which ones, and how much of each. The parts of one are in show_port.c. */
#include <stdlib.h>
#include <string.h>

#include "control/show_port.h"
#include "control/show_util.h"

static enum show_level level_of(const json_t *args)
{
	static const struct {
		const char *name;
		enum show_level level;
	} levels[] = {{"terse", SHOW_TERSE}, {"descriptions", SHOW_DESCRIPTIONS},
		{"brief", SHOW_BRIEF}, {"detail", SHOW_FULL}, {"extensive", SHOW_FULL},
		{"statistics", SHOW_FULL}, {"media", SHOW_FULL}};

	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		if (show_flag(args, levels[i].name))
			return levels[i].level;
	return SHOW_FULL;
}

json_t *show_interfaces(const struct show_ctx *ctx, const json_t *args, struct vex_errs *errs)
{
	static const char *const names[] = {"terse", "brief", "descriptions", "detail", "extensive",
		"statistics", "media", "interface", NULL};
	enum show_level level = level_of(args);
	struct lport_set set;
	struct show_conf *c;
	json_t *tree, *list;
	bool logical;

	if (!show_args_ok(args, names, errs) ||
		!show_select(ctx->image, show_arg(args, "interface"), &set, &logical, errs))
		return NULL;
	c = show_conf(ctx);
	if (c == NULL) {
		show_error(errs, VEX_ERR_INTERNAL, NULL, "out of memory");
		return NULL;
	}
	list = show_list(&tree, "interface-information",
		logical ? "logical-interface" : "physical-interface");
	SHOW_LPORTS(i)
	{
		struct show_port p;
		json_t *o;

		if (!lport_set_has(&set, i))
			continue;
		show_port_of(&p, ctx, c, i);
		if (level == SHOW_DESCRIPTIONS && *show_port_description(&p, true) == '\0' &&
			(logical || *show_port_description(&p, false) == '\0'))
			continue;
		o = logical ? show_port_logical(&p, level) : show_port_tree(&p, level);
		if (o != NULL)
			json_array_append_new(list, o);
	}
	free(c);
	return tree;
}
