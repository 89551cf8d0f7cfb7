/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/cli_names.h"

#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/cli.h"

/* Files of this computer. */
static void add_files(const char *prefix, struct cli_options *o)
{
	char pattern[PATH_MAX];
	glob_t found;

	/* What would be a pattern is not completed. */
	if (strpbrk(prefix, "*?[\\") != NULL ||
		snprintf(pattern, sizeof(pattern), "%s*", prefix) >= (int)sizeof(pattern))
		return;
	if (glob(pattern, GLOB_MARK, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc && o->n < CLI_NAMES_MAX; i++)
		cli_options_push(o, CLI_OPTION_NAME, ' ', found.gl_pathv[i], "");
	globfree(&found);
}

void cli_names_live(void *ctx, const char *kind, const char *prefix, struct cli_options *o)
{
	const json_t *one;
	json_t *data;
	size_t i;

	if (strcmp(kind, "filename") == 0) {
		add_files(prefix, o);
		return;
	}
	data = cli_ask_quietly(
		ctx, "complete", json_pack("{s:s, s:s}", "kind", kind, "prefix", prefix));
	json_array_foreach (json_object_get(data, "names"), i, one) {
		const char *name = json_string_value(json_object_get(one, "name"));
		const char *help = json_string_value(json_object_get(one, "help"));

		if (name == NULL || strncmp(name, prefix, strlen(prefix)) != 0 ||
			o->n >= CLI_NAMES_MAX)
			continue;
		if (!cli_options_add(o, CLI_OPTION_NAME, ' ', name, help))
			break;
	}
	json_decref(data);
}

/* The word of @line behind the words of @path; NULL if it does not begin with them. */
static const char *behind(const struct cli_line *line, const struct cli_line *path)
{
	/* The first word is a verb: set, deactivate. */
	if (line->n < path->n + 2)
		return NULL;
	for (size_t i = 0; i < path->n; i++) {
		if (strcmp(line->v[i + 1].text, path->v[i].text) != 0)
			return NULL;
	}
	return line->v[path->n + 1].text;
}

void cli_names_from_set(const char *text, const char *path, struct cli_options *o)
{
	struct cli_line want = {0}, line;
	char *last = NULL;
	bool ok = cli_line_split(&want, path);

	while (ok && *text != '\0' && o->n < CLI_NAMES_MAX) {
		const char *end = cli_line_end(text, false), *word = NULL;
		char *copy = strndup(text, (size_t)(end - text));

		ok = copy != NULL && cli_line_split(&line, copy);
		if (ok) {
			word = *copy == '#' ? NULL : behind(&line, &want);
			/* Lines of one entry stand together. */
			if (word != NULL && (last == NULL || strcmp(last, word) != 0)) {
				ok = cli_options_push(o, CLI_OPTION_NAME, ' ', word, "");
				free(last);
				last = strdup(word);
			}
			cli_line_free(&line);
		}
		free(copy);
		text = end + (*end == '\n');
	}
	cli_options_unique(o);
	free(last);
	cli_line_free(&want);
}

void cli_names_entries(void *ctx, const char *path, struct cli_options *o)
{
	struct cli *cli = ctx;
	json_t *data = cli_ask_quietly(cli, "get-config",
		json_pack("{s:s, s:s, s:s}", "source",
			cli->mode == CLI_CONFIGURATION ? "candidate" : "active", "path", path,
			"form", "set"));
	const char *text = json_string_value(json_object_get(data, "text"));

	if (text != NULL)
		cli_names_from_set(text, path, o);
	json_decref(data);
}
