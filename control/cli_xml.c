/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/cli_xml.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define STEP 4

static void print_text(const char *text, FILE *out)
{
	for (; *text != '\0'; text++) {
		switch (*text) {
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '&':
			fputs("&amp;", out);
			break;
		case '\r':
			fputs("&#13;", out);
			break;
		default:
			if ((unsigned char)*text < ' ' && *text != '\n' && *text != '\t')
				fputs("&#xFFFD;", out);
			else
				fputc(*text, out);
			break;
		}
	}
}

/* Bytes beyond ASCII may stand in names; a digit, '-' or '.' not at the beginning. */
static void print_name(const char *name, FILE *out)
{
	if (*name == '\0' || isdigit((unsigned char)*name) || *name == '-' || *name == '.')
		fputc('_', out);
	for (; *name != '\0'; name++) {
		bool good = isalnum((unsigned char)*name) || (unsigned char)*name >= 0x80 ||
			    *name == '-' || *name == '.';

		fputc(good ? *name : '_', out);
	}
}

static void print_members(const json_t *object, int indent, FILE *out);

static void print_scalar(const json_t *value, FILE *out)
{
	char *text;

	if (json_is_string(value)) {
		print_text(json_string_value(value), out);
		return;
	}
	text = json_dumps(value, JSON_ENCODE_ANY);
	if (text != NULL)
		fputs(text, out);
	free(text);
}

static bool is_empty(const json_t *value)
{
	return value == NULL || json_is_null(value) ||
	       (json_is_object(value) &&
		       json_object_size(value) == (json_object_get(value, "@") != NULL));
}

/* @about: what is said about it, an array for the elements of one; NULL: nothing, or in itself. */
static void print_element(
	const char *name, const json_t *value, const json_t *about, int indent, FILE *out)
{
	size_t i;
	const json_t *one;

	if (json_is_array(value)) {
		json_array_foreach (value, i, one) {
			print_element(name, one,
				json_is_array(about) ? json_array_get(about, i) : about, indent,
				out);
		}
		return;
	}
	if (json_is_object(value))
		about = json_object_get(value, "@");
	fprintf(out, "%*s<", indent, "");
	print_name(name, out);
	if (json_is_true(json_object_get(about, "inactive")))
		fputs(" inactive=\"inactive\"", out);
	if (is_empty(value)) {
		fputs("/>\n", out);
		return;
	}
	fputc('>', out);
	if (json_is_object(value)) {
		fputc('\n', out);
		print_members(value, indent + STEP, out);
		fprintf(out, "%*s", indent, "");
	} else {
		print_scalar(value, out);
	}
	fputs("</", out);
	print_name(name, out);
	fputs(">\n", out);
}

/* "@" of the object itself, "@NAME" of its member NAME. */
static bool is_about(const json_t *object, const char *name)
{
	return name[0] == '@' && (name[1] == '\0' || json_object_get(object, name + 1) != NULL);
}

static void print_members(const json_t *object, int indent, FILE *out)
{
	const char *name;
	json_t *value;

	json_object_foreach ((json_t *)object, name, value) {
		char *about = NULL;

		if (is_about(object, name) || asprintf(&about, "@%s", name) < 0)
			continue;
		print_element(name, value, json_object_get(object, about), indent, out);
		free(about);
	}
}

void cli_xml_print(const json_t *tree, FILE *out)
{
	fputs("<rpc-reply>\n", out);
	if (json_is_object(tree))
		print_members(tree, STEP, out);
	else
		print_element("output", tree, NULL, STEP, out);
	fputs("</rpc-reply>\n", out);
}
