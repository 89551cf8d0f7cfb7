/* SPDX-License-Identifier: BSD-3-Clause */
/* The stages of cli_pipe.h at work: a stream that is cut into lines. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/cli_pipe.h"

/* A line as a text of its own; what it is taken from need not end in zero. */
static char *copy_line(const char *line, size_t len)
{
	char *text = malloc(len + 1);

	if (text == NULL)
		return NULL;
	memcpy(text, line, len);
	text[len] = '\0';
	return text;
}

static bool matches(const struct cli_stage *stage, const char *line, size_t len)
{
	char *text = copy_line(line, len);
	bool yes;

	if (text == NULL)
		return false;
	text[strcspn(text, "\n")] = '\0';
	yes = regexec(&stage->regex, text, 0, NULL, 0) == 0;
	free(text);
	return yes;
}

static bool hold(struct cli_stage *stage, const char *line, size_t len)
{
	if (stage->n == 0)
		return true;
	if (stage->held == NULL)
		stage->held = calloc(stage->n, sizeof(*stage->held));
	if (stage->held == NULL)
		return false;
	free(stage->held[stage->next]);
	stage->held[stage->next] = copy_line(line, len);
	stage->next = (stage->next + 1) % stage->n;
	return true;
}

static bool save(struct cli_pipes *pipes, struct cli_stage *stage, const char *line, size_t len)
{
	if (fwrite(line, 1, len, stage->to) == len)
		return true;
	snprintf(pipes->error, sizeof(pipes->error), "%.200s: %s", stage->file, strerror(errno));
	pipes->failed = true;
	return false;
}

/* A line at stage @i; behind the last stage it goes to the sink. */
static bool feed(struct cli_pipes *pipes, size_t i, const char *line, size_t len)
{
	struct cli_stage *stage = &pipes->stage[i];

	if (i == pipes->n_stages)
		return pipes->sink(pipes->ctx, line, len);
	switch (stage->kind) {
	case CLI_STAGE_MATCH:
	case CLI_STAGE_EXCEPT:
		if (matches(stage, line, len) != (stage->kind == CLI_STAGE_MATCH))
			return true;
		break;
	case CLI_STAGE_FIND:
		stage->found = stage->found || matches(stage, line, len);
		if (!stage->found)
			return true;
		break;
	case CLI_STAGE_COUNT:
		stage->n++;
		return true;
	case CLI_STAGE_LAST:
		return hold(stage, line, len);
	case CLI_STAGE_TRIM:
		if (stage->n >= len)
			return feed(pipes, i + 1, "\n", 1);
		return feed(pipes, i + 1, line + stage->n, len - stage->n);
	case CLI_STAGE_SAVE:
		stage->n++;
		return save(pipes, stage, line, len);
	}
	return feed(pipes, i + 1, line, len);
}

/* What stage @i held back. */
static bool finish(struct cli_pipes *pipes, size_t i)
{
	struct cli_stage *stage = &pipes->stage[i];
	char text[512];
	int n;

	if (stage->kind == CLI_STAGE_COUNT) {
		n = snprintf(text, sizeof(text), "Count: %lu lines\n", stage->n);
		return feed(pipes, i + 1, text, (size_t)n);
	}
	if (stage->kind == CLI_STAGE_SAVE && !pipes->failed) {
		if (fclose(stage->to) != 0) {
			pipes->failed = true;
			snprintf(pipes->error, sizeof(pipes->error), "%.200s: %s", stage->file,
				strerror(errno));
		}
		stage->to = NULL;
		n = snprintf(text, sizeof(text), "Wrote %lu lines of output to '%.400s'\n",
			stage->n, stage->file);
		return pipes->failed || feed(pipes, i + 1, text, (size_t)n);
	}
	for (size_t k = 0; stage->held != NULL && k < stage->n; k++) {
		char *line = stage->held[(stage->next + k) % stage->n];

		if (line != NULL && !feed(pipes, i + 1, line, strlen(line)))
			return false;
	}
	return true;
}

/* ---- The stream ---------------------------------------------------------------------------------------- */

static bool keep(struct cli_pipes *pipes, const char *text, size_t len)
{
	if (pipes->part_len + len > pipes->part_cap) {
		size_t cap = 2 * (pipes->part_len + len);
		char *part = realloc(pipes->part, cap);

		if (part == NULL)
			return false;
		pipes->part = part;
		pipes->part_cap = cap;
	}
	memcpy(pipes->part + pipes->part_len, text, len);
	pipes->part_len += len;
	return true;
}

/* Everything is always taken: a stream that stopped swallows the rest. */
static ssize_t take(void *cookie, const char *text, size_t size)
{
	struct cli_pipes *pipes = cookie;
	const char *end = text + size, *newline;

	while (!pipes->stopped && text < end) {
		newline = memchr(text, '\n', (size_t)(end - text));
		if (newline == NULL) {
			pipes->stopped = !keep(pipes, text, (size_t)(end - text));
			break;
		}
		newline++;
		if (pipes->part_len == 0) {
			pipes->stopped = !feed(pipes, 0, text, (size_t)(newline - text));
		} else {
			pipes->stopped = !keep(pipes, text, (size_t)(newline - text)) ||
					 !feed(pipes, 0, pipes->part, pipes->part_len);
			pipes->part_len = 0;
		}
		text = newline;
	}
	return (ssize_t)size;
}

static bool open_file(struct cli_pipes *pipes, struct cli_stage *stage)
{
	int fd = open(stage->file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	stage->to = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (stage->to != NULL)
		return true;
	snprintf(pipes->error, sizeof(pipes->error), "%.200s: %s", stage->file, strerror(errno));
	if (fd >= 0)
		close(fd);
	return false;
}

FILE *cli_pipes_open(struct cli_pipes *pipes, cli_sink_fn *sink, void *ctx)
{
	const cookie_io_functions_t functions = {.write = take};

	pipes->sink = sink;
	pipes->ctx = ctx;
	snprintf(pipes->error, sizeof(pipes->error), "out of memory");
	for (size_t i = 0; i < pipes->n_stages; i++) {
		if (pipes->stage[i].kind == CLI_STAGE_SAVE && !open_file(pipes, &pipes->stage[i]))
			return NULL;
	}
	return fopencookie(pipes, "w", functions);
}

bool cli_pipes_close(struct cli_pipes *pipes, FILE *out)
{
	fclose(out);
	if (!pipes->stopped && pipes->part_len > 0)
		pipes->stopped = !feed(pipes, 0, pipes->part, pipes->part_len);
	for (size_t i = 0; !pipes->stopped && i < pipes->n_stages; i++)
		pipes->stopped = !finish(pipes, i);
	return !pipes->failed;
}

void cli_pipes_free(struct cli_pipes *pipes)
{
	if (pipes == NULL)
		return;
	for (size_t i = 0; i < pipes->n_stages; i++) {
		struct cli_stage *stage = &pipes->stage[i];

		if (stage->compiled)
			regfree(&stage->regex);
		if (stage->to != NULL)
			fclose(stage->to);
		for (size_t k = 0; stage->held != NULL && k < stage->n; k++)
			free(stage->held[k]);
		free(stage->held);
		free(stage->file);
	}
	free(pipes->stage);
	free(pipes->compare_with);
	free(pipes->part);
	free(pipes);
}
