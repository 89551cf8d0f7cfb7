/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/cli_complete.h"

#include <string.h>

#include "control/cli_line.h"
#include "control/cli_pipe.h"

/* Options that can be typed by completion and begin with @prefix. */
static bool can_insert(const struct cli_option *option, const char *prefix)
{
	return (option->kind == CLI_OPTION_WORD || option->kind == CLI_OPTION_NAME) &&
	       strncmp(option->word, prefix, strlen(prefix)) == 0;
}

static void find_insert(const struct cli_options *o, const char *prefix, struct cli_insert *insert)
{
	const char *first = NULL;
	size_t common = 0, matches = 0, done = strlen(prefix);
	bool exact = false;

	for (size_t i = 0; i < o->n; i++) {
		const char *word = o->v[i].word;
		size_t n = 0;

		if (!can_insert(&o->v[i], prefix))
			continue;
		exact = exact || word[done] == '\0';
		if (matches++ == 0) {
			first = word;
			common = strlen(word);
			continue;
		}
		while (n < common && word[n] == first[n])
			n++;
		common = n;
	}
	insert->unique = matches == 1 || (exact && done > 0);
	/* A word that needs quotes cannot be completed by its characters alone. */
	if (matches == 0 || common - done + 2 > sizeof(insert->text) ||
		strpbrk(first, " \"|;") != NULL)
		return;
	memcpy(insert->text, first + done, common - done);
	insert->text[common - done] = '\0';
	/* Below a directory there is more to say. */
	if (matches == 1 && first[common - 1] != '/')
		strcat(insert->text, " ");
}

/* Step over the first @end words; false if they are wrong. */
static bool walk(struct cli_state *s, const struct cli_line *line, size_t end)
{
	for (size_t i = 0; i < end; i++) {
		if (cli_state_step(s, line->v[i].text, line->v[i].quoted) != CLI_STEP_OK)
			return false;
	}
	return true;
}

bool cli_complete(const struct cli_where *where, enum cli_mode mode, const char *line, bool live,
	struct cli_options *o, struct cli_insert *insert)
{
	struct cli_line words;
	struct cli_state s;
	const char *prefix;
	size_t end, pipe;
	bool ok = true;

	*insert = (struct cli_insert){0};
	if (!cli_line_split(&words, line))
		return false;
	end = words.n - (words.n > 0 && !words.space);
	prefix = end < words.n ? words.v[end].text : "";
	pipe = cli_line_pipe(&words, 0);
	cli_state_init(&s, where, mode);
	insert->wrong = words.open || !walk(&s, &words, pipe < end ? pipe : end);
	if (!insert->wrong && pipe < words.n) {
		bool on_pipe = cli_line_is_pipe(&words, end);
		bool configuration = s.command != NULL &&
				     s.command->piped == CLI_PIPED_CONFIGURATION;

		insert->wrong = s.command == NULL || s.command->piped == CLI_NOT_PIPED;
		if (!insert->wrong)
			ok = cli_pipes_next(&words, on_pipe ? end : pipe, on_pipe ? end + 1 : end,
				configuration, on_pipe ? "" : prefix, o);
		if (on_pipe)
			prefix = "";
	} else if (!insert->wrong) {
		ok = cli_state_next(&s, prefix, live, o);
	}
	if (ok && !insert->wrong)
		find_insert(o, prefix, insert);
	cli_state_free(&s);
	cli_line_free(&words);
	return ok;
}
