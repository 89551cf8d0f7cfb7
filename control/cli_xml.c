/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/cli_xml.h"

#include <ctype.h>
#include <stdbool.h>
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

static void print_element(const char *name, const json_t *value, int indent, FILE *out)
{
	size_t i;
	const json_t *one;

	if (json_is_array(value)) {
		json_array_foreach (value, i, one) {
			print_element(name, one, indent, out);
		}
		return;
	}
	fprintf(out, "%*s<", indent, "");
	print_name(name, out);
	if (value == NULL || json_is_null(value) ||
		(json_is_object(value) && json_object_size(value) == 0)) {
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

static void print_members(const json_t *object, int indent, FILE *out)
{
	const char *name;
	json_t *value;

	json_object_foreach ((json_t *)object, name, value) {
		print_element(name, value, indent, out);
	}
}

void cli_xml_print(const json_t *tree, FILE *out)
{
	fputs("<rpc-reply>\n", out);
	if (json_is_object(tree))
		print_members(tree, STEP, out);
	else
		print_element("output", tree, STEP, out);
	fputs("</rpc-reply>\n", out);
}
