/* SPDX-License-Identifier: BSD-3-Clause */
/* Commands that change many statements: wildcard range, wildcard delete, replace pattern. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "control/cli_config.h"
#include "control/cli_names.h"
#include "control/cli_wildcard.h"

/* One command for the candidate, at the edit path of the call. */
static bool edit(struct cli *cli, const struct cli_call *call, const char *verb, const char *rest)
{
	char *path = cli_level_path(cli, call->level), *line = NULL;
	size_t size = strlen(verb) + strlen(rest) + 2;
	bool ok = path != NULL && (line = malloc(size)) != NULL;

	if (ok) {
		snprintf(line, size, "%s %s", verb, rest);
		ok = cli_do(cli, "edit", json_pack("{s:s, s:s}", "path", path, "line", line));
	}
	free(line);
	free(path);
	return ok;
}

bool cli_config_range(struct cli *cli, const struct cli_call *call)
{
	const char *verb = strrchr(call->command->words, ' ') + 1;
	struct cli_lines lines = {0};
	char err[128];
	bool ok = cli_expand(call->rest, &lines, err, sizeof(err));

	if (!ok)
		cli_error(cli, "%s", err);
	for (size_t i = 0; ok && i < lines.n; i++)
		ok = edit(cli, call, verb, lines.v[i]);
	cli_lines_free(&lines);
	return ok;
}

/* The entries at @path that match; their number is said. */
static bool find_entries(struct cli *cli, const char *path, const char *pattern,
	struct cli_options *found, FILE *out)
{
	struct cli_options all = {0};
	bool ok = true;

	cli_names_entries(cli, path, &all);
	for (size_t i = 0; ok && i < all.n; i++) {
		if (fnmatch(pattern, all.v[i].word, 0) != 0)
			continue;
		fprintf(out, "  matched: %s\n", all.v[i].word);
		ok = cli_options_push(found, CLI_OPTION_NAME, ' ', all.v[i].word, "");
	}
	cli_options_free(&all);
	return ok;
}

static bool delete_entries(struct cli *cli, const struct cli_call *call, const char *below,
	const struct cli_options *found)
{
	bool ok = true;

	for (size_t i = 0; ok && i < found->n; i++) {
		size_t size = strlen(below) + strlen(found->v[i].word) + 8;
		char *rest = malloc(size);

		ok = rest != NULL;
		if (ok) {
			snprintf(rest, size, "%s%s\"%s\"", below, *below != '\0' ? " " : "",
				found->v[i].word);
			ok = edit(cli, call, "delete", rest);
		}
		free(rest);
	}
	return ok;
}

bool cli_config_wildcard_delete(struct cli *cli, const struct cli_call *call)
{
	struct cli_call parent = *call;
	struct cli_options found = {0};
	struct cli_line line;
	char question[64], *below, *path;
	bool ok;

	if (!cli_line_split(&line, call->rest))
		return cli_error(cli, "out of memory");
	if (line.n == 0) {
		cli_line_free(&line);
		return cli_error(cli, "missing argument: a pattern");
	}
	below = strndup(call->rest, line.n > 1 ? line.v[line.n - 1].at - 1 : 0);
	parent.rest = below != NULL ? below : "";
	path = cli_call_path(cli, &parent);
	ok = below != NULL && path != NULL &&
	     find_entries(cli, path, line.v[line.n - 1].text, &found, call->out);
	fflush(call->out);
	snprintf(question, sizeof(question), "Delete %zu objects?", found.n);
	if (ok && found.n == 0)
		ok = cli_error(cli, "nothing matches '%s'", line.v[line.n - 1].text);
	else if (ok && cli_confirm(cli, question, !cli->options.interactive))
		ok = delete_entries(cli, call, below, &found);
	cli_options_free(&found);
	cli_line_free(&line);
	free(path);
	free(below);
	return ok;
}

/* The candidate as set lines, changed, and put back whole. */
bool cli_config_replace(struct cli *cli, const struct cli_call *call)
{
	const char *old = json_string_value(json_object_get(call->args, "old"));
	const char *new = json_string_value(json_object_get(call->args, "with"));
	char *path = cli_level_path(cli, call->level), *text, err[128] = "out of memory";
	json_t *data = cli_ask(cli, "get-config",
		json_pack("{s:s, s:s, s:s}", "source", "candidate", "path", "", "form", "set"));
	const char *before = json_string_value(json_object_get(data, "text"));
	size_t n = 0;
	bool ok;

	if (data == NULL) {
		free(path);
		return false;
	}
	text = path != NULL && before != NULL
		       ? cli_replace(cli->schema, before, path, old, new, &n, err, sizeof(err))
		       : NULL;
	ok = text != NULL || cli_error(cli, "%s", err);
	if (ok && n > 0)
		ok = cli_do(cli, "load",
			json_pack("{s:s, s:s, s:s, s:s}", "mode", "override", "text", text, "path",
				"", "file", "candidate"));
	free(text);
	free(path);
	json_decref(data);
	return ok;
}
