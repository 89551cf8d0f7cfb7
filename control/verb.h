/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_VERB_H
#define VEX_CONTROL_VERB_H

/*
 * verb: what the files of the program vex share. Each verb is a function verb_NAME() in a file
 * verb_*.c and a line in the table of main_vex.c. Verbs print; nothing else in this folder does.
 */

#include <stdbool.h>
#include <stddef.h>

#include "control/err.h"

/* What the program ends with. */
enum status {
	STATUS_OK = 0,
	STATUS_BAD = 1,
	STATUS_USAGE = 2,
};

struct verb {
	const char *name;
	const char *arguments;
	const char *help;
	enum status (*run)(const struct verb *verb, int argc, char **argv);
};

/* @argc and @argv begin after the verb. */
enum status verb_check(const struct verb *verb, int argc, char **argv);
enum status verb_format(const struct verb *verb, int argc, char **argv);
enum status verb_start(const struct verb *verb, int argc, char **argv);
enum status verb_cli(const struct verb *verb, int argc, char **argv);
enum status verb_load(const struct verb *verb, int argc, char **argv);
enum status verb_stop(const struct verb *verb, int argc, char **argv);
enum status verb_status(const struct verb *verb, int argc, char **argv);
enum status verb_supervise(const struct verb *verb, int argc, char **argv);

/* ---- verb_text.c: texts, errors, options ------------------------------------------------------- */

struct text {
	char *bytes;
	size_t len;
	const char *name;
};

/* Read a configuration, "-" for standard input. What goes wrong is printed. */
bool verb_read(const char *name, struct text *t);

/* Print a list of errors to standard error. */
void verb_print_errors(const struct vex_errs *errs);

/* Print how the verb is used; always STATUS_USAGE. */
enum status verb_usage(const struct verb *verb);

/* Options of the verbs about an instance. */
struct verb_options {
	const char *instance; /* never NULL after verb_parse() */
	const char *platform;
	const char *config;
	bool json;
	int ready_fd; /* -1: not given */
};

/*
 * Parse options, of which @allowed lists those that the verb has, "pcjr" by first letter, beside
 * --instance. False if something is wrong, which is printed when the usage does not say it.
 */
bool verb_parse(struct verb_options *o, const char *allowed, int argc, char **argv);

#endif
