/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_CLI_CONFIG_H
#define VEX_CONTROL_CLI_CONFIG_H

/* cli_config: the commands of configuration mode, by file. */

#include "control/cli.h"

/* ---- cli_config.c: coming, going, moving -------------------------------------------------------------- */

bool cli_config_enter(struct cli *cli, const struct cli_call *call);
bool cli_config_exit(struct cli *cli, const struct cli_call *call);
bool cli_config_quit(struct cli *cli, const struct cli_call *call);
bool cli_config_edit_path(struct cli *cli, const struct cli_call *call);
bool cli_config_status(struct cli *cli, const struct cli_call *call);
/* Leave configuration mode, after a question if something is not committed. */
bool cli_config_leave(struct cli *cli);
/* The session ends in configuration mode, with nobody to ask. */
void cli_config_end(struct cli *cli);

/* ---- cli_edit.c: changing and showing ------------------------------------------------------------------- */

/* set, delete, ...: the verb is the command's word. */
bool cli_config_change(struct cli *cli, const struct cli_call *call);
bool cli_config_delete(struct cli *cli, const struct cli_call *call);
/* The text of a source at the path of the call, in the form that the pipes ask for. */
bool cli_config_show(struct cli *cli, const struct cli_call *call, const char *source);
/* What leads from one stored configuration to another. */
bool cli_config_compare(
	struct cli *cli, const struct cli_call *call, const char *from, const char *to);
bool cli_config_show_candidate(struct cli *cli, const struct cli_call *call);

/* ---- cli_many.c: many statements at once ------------------------------------------------------------------ */

/* The verb is the last word of the command. */
bool cli_config_range(struct cli *cli, const struct cli_call *call);
bool cli_config_wildcard_delete(struct cli *cli, const struct cli_call *call);
bool cli_config_replace(struct cli *cli, const struct cli_call *call);

/* ---- cli_load.c: whole texts ------------------------------------------------------------------------------ */

bool cli_config_load(struct cli *cli, const struct cli_call *call);
bool cli_config_save(struct cli *cli, const struct cli_call *call);
/* A list of deactivated statements, as the RPC `load` answers; their number. */
size_t cli_print_deactivated(const json_t *data, const char *file, FILE *out);

/* ---- cli_commit.c ------------------------------------------------------------------------------------------- */

bool cli_config_commit(struct cli *cli, const struct cli_call *call);
bool cli_config_rollback(struct cli *cli, const struct cli_call *call);
bool cli_config_rollback_rescue(struct cli *cli, const struct cli_call *call);

#endif
