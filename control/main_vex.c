/* SPDX-License-Identifier: BSD-3-Clause */
/* vex: what a person types. Exit status 0: done; 1: it failed or a file is bad; 2: usage. */
#include <stdio.h>
#include <string.h>

#include "control/verb.h"
#include "control/version.h"

static const struct verb verbs[] = {
	{"check", "[--report] FILE",
		"check a configuration: prints OK, or every error with its place\n"
		"      --report     count the errors by kind and statement instead",
		verb_check},
	{"format", "--set|--curly|--json FILE",
		"print a configuration in another form, without loss", verb_format},
	{"start", "--platform FILE [--config FILE] [--instance NAME]",
		"start a switch; done when its configuration is installed\n"
		"      --config     commit this one; otherwise what was committed last\n"
		"      --instance   its name, if there are several; `default` if not given",
		verb_start},
	{"cli", "[--instance NAME] [-c COMMANDS]",
		"the command line of a switch; without a terminal a script on standard input\n"
		"      -c           carry out commands, separated by semicolons, and end",
		verb_cli},
	{"load",
		"[--instance NAME] [--deactivate-unsupported] "
		"[--merge|--override|--replace|--set|--update] FILE",
		"load a configuration into a running switch and commit it\n"
		"      --override   instead of all that is there (if nothing else is said)\n"
		"      --deactivate-unsupported   mark inactive what is not supported, and list it",
		verb_load},
	{"stop", "[--instance NAME]", "stop a switch", verb_stop},
	{"status", "[--instance NAME] [--json]", "show the processes and the ports of a switch",
		verb_status},
	{"supervise", "--platform FILE [--config FILE] [--instance NAME]",
		"the same as start, in the foreground and without an end: for a service manager",
		verb_supervise},
};

static void help(FILE *out)
{
	fputs("usage: vex VERB ...\n\n", out);
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		fprintf(out, "  %s %s\n      %s\n", verbs[i].name, verbs[i].arguments,
			verbs[i].help);
	fputs("  --help, --version\n\n"
	      "FILE is a Junos configuration, with curly braces or as set lines; - is standard "
	      "input.\n"
	      "The platform FILE is JSON: the model, and the device behind each port.\n"
	      "Exit status: 0 done, 1 it failed or a file is bad, 2 usage.\n",
		out);
}

int main(int argc, char **argv)
{
	if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		help(stdout);
		return STATUS_OK;
	}
	if (argc >= 2 && strcmp(argv[1], "--version") == 0) {
		puts("vex " VEX_VERSION);
		return STATUS_OK;
	}
	for (size_t i = 0; argc >= 2 && i < sizeof verbs / sizeof verbs[0]; i++) {
		if (strcmp(argv[1], verbs[i].name) == 0)
			return (int)verbs[i].run(&verbs[i], argc - 2, argv + 2);
	}
	help(stderr);
	return STATUS_USAGE;
}
