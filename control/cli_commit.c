/* SPDX-License-Identifier: BSD-3-Clause */
/* Committing and rolling back. */
#include <stdlib.h>
#include <string.h>

#include "control/cli_config.h"

#define CONFIRM_MINUTES 10
#define CONFIRM_MAX	65535
#define ROLLBACK_MAX	49

static bool minutes_of(struct cli *cli, const json_t *args, int *minutes)
{
	const char *text = json_string_value(json_object_get(args, "minutes"));
	bool confirmed = json_object_get(args, "confirmed") != NULL;
	char *end;
	long n;

	*minutes = confirmed ? CONFIRM_MINUTES : 0;
	if (text == NULL)
		return true;
	n = strtol(text, &end, 10);
	if (*end != '\0' || n < 1 || n > CONFIRM_MAX)
		return cli_error(
			cli, "minutes must be a number, 1 to %d, not '%s'", CONFIRM_MAX, text);
	*minutes = (int)n;
	return true;
}

bool cli_config_commit(struct cli *cli, const struct cli_call *call)
{
	const json_t *comment = json_object_get(call->args, "comment");
	bool check = json_object_get(call->args, "check") != NULL;
	const char *text;
	json_t *args, *data;
	int minutes;

	if (!minutes_of(cli, call->args, &minutes))
		return false;
	args = json_pack("{s:b}", "check", check);
	if (minutes > 0)
		json_object_set_new(args, "confirmed", json_integer(minutes));
	if (comment != NULL)
		json_object_set(args, "comment", (json_t *)comment);
	data = cli_ask(cli, "commit", args);
	if (data == NULL) {
		if (!cli->stopped && cli->mode == CLI_CONFIGURATION)
			cli_error(cli, check ? "configuration check-out failed"
					     : "commit failed: the configuration is as it was");
		return false;
	}
	cli_print_list(data, "warnings", "warning: ", call->out);
	text = json_string_value(json_object_get(data, "text"));
	if (text == NULL || *text == '\0')
		text = check ? "configuration check succeeds" : "commit complete";
	fprintf(call->out, "%s%s", text, text[strlen(text) - 1] == '\n' ? "" : "\n");
	json_decref(data);
	fflush(call->out);
	if (json_object_get(call->args, "and-quit") != NULL && !cli_config_leave(cli))
		return false;
	return check || cli_hello(cli);
}

static bool rollback(struct cli *cli, const struct cli_call *call, const char *source)
{
	if (!cli_do(cli, "rollback", json_pack("{s:s}", "source", source)))
		return false;
	fputs("load complete\n", call->out);
	return true;
}

bool cli_config_rollback(struct cli *cli, const struct cli_call *call)
{
	const char *text = json_string_value(json_object_get(call->args, "number"));
	char source[64], *end;
	long n = text != NULL ? strtol(text, &end, 10) : 0;

	if (text != NULL && (*end != '\0' || n < 0 || n > ROLLBACK_MAX))
		return cli_error(
			cli, "rollback takes a number, 0 to %d, not '%s'", ROLLBACK_MAX, text);
	snprintf(source, sizeof(source), "rollback %ld", n);
	return rollback(cli, call, source);
}

bool cli_config_rollback_rescue(struct cli *cli, const struct cli_call *call)
{
	return rollback(cli, call, "rescue");
}
