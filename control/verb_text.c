/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/cfg.h"
#include "control/file.h"
#include "control/platform.h"
#include "control/rundir.h"
#include "control/verb.h"

bool verb_read(const char *name, struct text *t)
{
	bool std = strcmp(name, "-") == 0;

	*t = (struct text){.name = std ? "<stdin>" : name};
	t->bytes = std ? file_read_stream(stdin, CFG_TEXT_MAX, &t->len)
		       : file_read(name, CFG_TEXT_MAX, &t->len);
	if (t->bytes == NULL)
		fprintf(stderr, "%s: %s\n", t->name, strerror(errno));
	return t->bytes != NULL;
}

void verb_print_errors(const struct vex_errs *errs)
{
	for (size_t i = 0; i < errs->n; i++)
		vex_err_print(&errs->v[i], stderr);
	if (errs->lost > 0)
		fprintf(stderr, "and %zu more\n", errs->lost);
}

enum status verb_usage(const struct verb *verb)
{
	fprintf(stderr, "usage: vex %s %s\n", verb->name, verb->arguments);
	return STATUS_USAGE;
}

static bool parse_fd(const char *text, int *fd)
{
	char *end;
	long n = strtol(text, &end, 10);

	*fd = (int)n;
	return *text != '\0' && *end == '\0' && n >= 0 && n < 1 << 20;
}

bool verb_parse(struct verb_options *o, const char *allowed, int argc, char **argv)
{
	*o = (struct verb_options){.instance = RUNDIR_INSTANCE, .ready_fd = -1};
	for (int i = 0; i < argc; i++) {
		const char *word = argv[i], *value = i + 1 < argc ? argv[i + 1] : NULL;

		if (strncmp(word, "--", 2) != 0 || word[2] == '\0' ||
			(word[2] != 'i' && strchr(allowed, word[2]) == NULL))
			return false;
		if (strcmp(word, "--json") == 0) {
			o->json = true;
			continue;
		}
		if (value == NULL)
			return false;
		if (strcmp(word, "--instance") == 0)
			o->instance = value;
		else if (strcmp(word, "--platform") == 0)
			o->platform = value;
		else if (strcmp(word, "--config") == 0)
			o->config = value;
		else if (strcmp(word, "--ready-fd") != 0 || !parse_fd(value, &o->ready_fd))
			return false;
		i++;
	}
	if (!platform_instance_ok(o->instance)) {
		fprintf(stderr,
			"an instance is named by at most %d letters, digits, '-' and '_', of which "
			"the first is no '-'\n",
			PLATFORM_INSTANCE_MAX);
		return false;
	}
	return strchr(allowed, 'p') == NULL || o->platform != NULL;
}
