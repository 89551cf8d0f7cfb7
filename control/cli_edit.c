/* SPDX-License-Identifier: BSD-3-Clause */
/* Changing the candidate, and showing configurations. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/cli_config.h"
#include "control/cli_xml.h"
#include "control/file.h"

/* ---- Changes ----------------------------------------------------------------------------------------- */

static bool edit(struct cli *cli, const struct cli_call *call, const char *line)
{
	char *path = cli_level_path(cli, call->level);
	bool ok = path != NULL &&
		  cli_do(cli, "edit", json_pack("{s:s, s:s}", "path", path, "line", line));

	free(path);
	return ok;
}

bool cli_config_change(struct cli *cli, const struct cli_call *call)
{
	size_t size = strlen(call->command->words) + strlen(call->rest) + 2;
	char *line = malloc(size);
	bool ok;

	if (line == NULL)
		return cli_error(cli, "out of memory");
	snprintf(line, size, "%s%s%s", call->command->words, *call->rest != '\0' ? " " : "",
		call->rest);
	ok = edit(cli, call, line);
	free(line);
	return ok;
}

bool cli_config_delete(struct cli *cli, const struct cli_call *call)
{
	if (*call->rest == '\0' &&
		!cli_confirm(cli, "Delete everything under this level?", !cli->options.interactive))
		return true;
	return cli_config_change(cli, call);
}

/* ---- Showing ----------------------------------------------------------------------------------------- */

static bool print_text(const struct cli_call *call, const json_t *data)
{
	const char *text = json_string_value(json_object_get(data, "text"));

	if (text != NULL)
		fputs(text, call->out);
	return true;
}

static bool compare(struct cli *cli, const struct cli_call *call, json_t *args)
{
	json_t *data = cli_ask(cli, "compare", args);

	if (data == NULL)
		return false;
	if (!cli_print_tree(call, data))
		print_text(call, data);
	json_decref(data);
	return true;
}

/* From what stands behind `compare` to @to. */
static bool show_compare(struct cli *cli, const struct cli_call *call, const char *to)
{
	const char *with = call->pipes->compare_with;
	bool stored = with == NULL || strncmp(with, "rollback ", 9) == 0 ||
		      strcmp(with, "rescue") == 0;
	char *path = cli_call_path(cli, call), *text = NULL;
	json_t *args;
	size_t len;

	if (!stored) {
		text = file_read(with, CFG_TEXT_MAX, &len);
		if (text == NULL) {
			free(path);
			return cli_error(cli, "could not open file: %s: %s", with, strerror(errno));
		}
	}
	args = json_pack("{s:s, s:s}", "path", path != NULL ? path : "", "to", to);
	if (stored) {
		json_object_set_new(args, "source", json_string(with != NULL ? with : "active"));
	} else {
		json_object_set_new(args, "text", json_string(text));
		json_object_set_new(args, "file", json_string(with));
	}
	free(path);
	free(text);
	return compare(cli, call, args);
}

bool cli_config_compare(
	struct cli *cli, const struct cli_call *call, const char *from, const char *to)
{
	return compare(
		cli, call, json_pack("{s:s, s:s, s:s}", "path", "", "source", from, "to", to));
}

/* JSON that is JSON's own text or a tree. */
static bool print_json(const struct cli_call *call, const json_t *data)
{
	const char *text = json_string_value(json_object_get(data, "text"));
	json_t *tree = json_object_get(data, "json");

	tree = tree != NULL ? json_incref(tree) : text != NULL ? json_loads(text, 0, NULL) : NULL;
	if (tree != NULL)
		cli_print_tree(call, tree);
	else if (text != NULL && *text != '\0')
		fputs(text, call->out);
	json_decref(tree);
	return true;
}

bool cli_config_show(struct cli *cli, const struct cli_call *call, const char *source)
{
	static const char *const form[] = {[CLI_FORM_TEXT] = "curly",
		[CLI_FORM_SET] = "set",
		[CLI_FORM_JSON] = "json",
		[CLI_FORM_XML] = "json"};
	char *path;
	json_t *data;

	if (call->pipes->compare)
		return show_compare(cli, call, source);
	path = cli_call_path(cli, call);
	data = cli_ask(cli, "get-config",
		json_pack("{s:s, s:s, s:s, s:b}", "source", source, "path",
			path != NULL ? path : "", "form", form[call->pipes->form], "inheritance",
			call->pipes->inheritance));
	free(path);
	if (data == NULL)
		return false;
	if (call->pipes->form == CLI_FORM_JSON || call->pipes->form == CLI_FORM_XML)
		print_json(call, data);
	else
		print_text(call, data);
	json_decref(data);
	return true;
}

bool cli_config_show_candidate(struct cli *cli, const struct cli_call *call)
{
	return cli_config_show(cli, call, "candidate");
}
