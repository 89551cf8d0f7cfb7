/* SPDX-License-Identifier: BSD-3-Clause */
/* load: a configuration file into a running switch, committed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/cli_config.h"
#include "control/platform.h"
#include "control/rundir.h"
#include "control/verb.h"

struct arguments {
	const char *instance, *file, *mode;
	bool deactivate;
};

static bool parse(struct arguments *a, int argc, char **argv)
{
	static const char *const modes[] = {"merge", "override", "replace", "set", "update"};

	*a = (struct arguments){.instance = RUNDIR_INSTANCE};
	for (int i = 0; i < argc; i++) {
		const char *word = argv[i], *mode = NULL;

		for (size_t k = 0; strncmp(word, "--", 2) == 0 && k < 5; k++) {
			if (strcmp(word + 2, modes[k]) == 0)
				mode = modes[k];
		}
		if (mode != NULL && a->mode == NULL)
			a->mode = mode;
		else if (strcmp(word, "--deactivate-unsupported") == 0)
			a->deactivate = true;
		else if (strcmp(word, "--instance") == 0 && i + 1 < argc)
			a->instance = argv[++i];
		else if ((strncmp(word, "--", 2) == 0 && word[2] != '\0') || a->file != NULL ||
			 mode != NULL)
			return false;
		else
			a->file = word;
	}
	if (a->mode == NULL)
		a->mode = "override";
	return a->file != NULL && platform_instance_ok(a->instance);
}

static bool load(struct cli *cli, const struct arguments *a, const struct text *text)
{
	json_t *json = json_stringn(text->bytes, text->len), *data;
	size_t n;

	if (json == NULL)
		return cli_error(cli, "%s: it is not a text in UTF-8", text->name);
	data = cli_ask(cli, "load",
		json_pack("{s:s, s:o, s:s, s:s, s:b}", "mode", a->mode, "text", json, "path", "",
			"file", text->name, "deactivate_unsupported", a->deactivate));
	if (data == NULL)
		return false;
	cli_print_list(data, "warnings", "warning: ", stdout);
	n = cli_print_deactivated(data, text->name, stdout);
	if (n > 0)
		printf("%zu statements are not supported and were marked inactive\n", n);
	json_decref(data);
	return true;
}

/* A request whose warnings are printed, but for @quiet. */
static bool ask(struct cli *cli, const char *rpc, json_t *args, bool quiet)
{
	json_t *data = cli_ask(cli, rpc, args);
	bool ok = data != NULL;

	if (!quiet)
		cli_print_list(data, "warnings", "warning: ", stdout);
	json_decref(data);
	return ok;
}

/* All or nothing: what an exclusive session did not commit goes away with it. */
static bool load_and_commit(struct cli *cli, const struct arguments *a, const struct text *text)
{
	if (!ask(cli, "configure", json_pack("{s:s}", "mode", "exclusive"), true) ||
		!load(cli, a, text))
		return false;
	if (!ask(cli, "commit", json_pack("{s:s}", "comment", "vex load"), false))
		return cli_error(cli, "commit failed: the configuration is as it was");
	puts("commit complete");
	return true;
}

enum status verb_load(const struct verb *verb, int argc, char **argv)
{
	struct cli_setup setup = {.signal_fd = -1};
	struct vex_errs errs = {0};
	struct arguments a;
	struct text text;
	struct cli *cli;
	bool ok;

	if (!parse(&a, argc, argv))
		return verb_usage(verb);
	if (!verb_read(a.file, &text)) {
		free(text.bytes);
		return STATUS_BAD;
	}
	setup.instance = a.instance;
	cli = cli_create(&setup, &errs);
	verb_print_errors(&errs);
	vex_errs_free(&errs);
	ok = cli != NULL && cli_hello(cli) && load_and_commit(cli, &a, &text);
	cli_free(cli);
	free(text.bytes);
	return ok ? STATUS_OK : STATUS_BAD;
}
