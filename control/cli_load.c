/* SPDX-License-Identifier: BSD-3-Clause */
/* Whole texts into the candidate, and out of it. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/cli_config.h"
#include "control/file.h"

#define END_OF_INPUT '\004' /* ^D */

/* Lines up to ^D or the end of the input. */
static char *read_terminal(struct cli *cli, size_t *len)
{
	char *text = NULL, *line;
	FILE *f = open_memstream(&text, len);
	bool more = f != NULL && cli->options.read_line != NULL;

	if (cli->options.interactive)
		puts("[Type ^D at a new line to end input]");
	while (more && (line = cli->options.read_line(cli->options.ctx, NULL)) != NULL) {
		more = *line != END_OF_INPUT;
		if (more)
			fputs(line, f);
		if (more && (*line == '\0' || line[strlen(line) - 1] != '\n'))
			fputc('\n', f);
		free(line);
	}
	/* After ^C nothing is loaded. */
	if (f != NULL && fclose(f) == 0 && !cli->stopped)
		return text;
	free(text);
	return NULL;
}

size_t cli_print_deactivated(const json_t *data, const char *file, FILE *out)
{
	const json_t *list = json_object_get(data, "deactivated"), *one;
	size_t i;

	json_array_foreach (list, i, one) {
		const char *path = json_string_value(json_object_get(one, "path"));

		fprintf(out, "%s:%lld: inactive: %s\n", file,
			(long long)json_integer_value(json_object_get(one, "line")),
			path != NULL ? path : "?");
	}
	return json_array_size(list);
}

bool cli_config_load(struct cli *cli, const struct cli_call *call)
{
	const char *file = json_string_value(json_object_get(call->args, "file"));
	bool relative = json_object_get(call->args, "relative") != NULL;
	bool terminal = file == NULL;
	char *text, *path;
	size_t len = 0;
	json_t *data, *json;

	file = terminal ? "terminal" : file;
	text = terminal ? read_terminal(cli, &len) : file_read(file, CFG_TEXT_MAX, &len);
	if (text == NULL && cli->stopped)
		return false;
	if (text == NULL)
		return cli_error(cli, "could not open file: %s: %s", file, strerror(errno));
	json = json_stringn(text, len);
	free(text);
	if (json == NULL)
		return cli_error(cli, "%s: it is not a text in UTF-8", file);
	path = cli_level_path(cli, relative ? call->level : 0);
	data = cli_ask(cli, "load",
		json_pack("{s:s, s:o, s:s, s:s}", "mode", call->command->words + strlen("load "),
			"text", json, "path", path != NULL ? path : "", "file", file));
	free(path);
	if (data == NULL)
		return false;
	cli_print_list(data, "warnings", "warning: ", call->out);
	fputs("load complete\n", call->out);
	json_decref(data);
	return true;
}

/* A text into a file of its own, for the one who types. */
static bool write_file(struct cli *cli, const char *file, const char *text)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;
	bool ok = f != NULL && fputs(text, f) >= 0;

	if (f != NULL)
		ok = fclose(f) == 0 && ok;
	else if (fd >= 0)
		close(fd);
	return ok || cli_error(cli, "%s: %s", file, strerror(errno));
}

bool cli_config_save(struct cli *cli, const struct cli_call *call)
{
	const char *file = json_string_value(json_object_get(call->args, "file")), *text;
	char *path = cli_level_path(cli, call->level);
	json_t *data = cli_ask(cli, "get-config",
		json_pack("{s:s, s:s, s:s}", "source", "candidate", "path", path ? path : "",
			"form", "curly"));
	unsigned int lines = 0;
	bool ok;

	free(path);
	text = json_string_value(json_object_get(data, "text"));
	ok = text != NULL;
	if (ok && file == NULL) {
		fputs(text, call->out);
	} else if (ok) {
		for (const char *p = text; *p != '\0'; p++)
			lines += *p == '\n';
		ok = write_file(cli, file, text);
		if (ok)
			fprintf(call->out, "Wrote %u lines of configuration to '%s'\n", lines,
				file);
	}
	json_decref(data);
	return ok;
}
