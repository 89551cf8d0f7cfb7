/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/cli_show_util.h"

#include <stdarg.h>
#include <string.h>

const char *cli_show_text(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	return text != NULL ? text : "";
}

json_int_t cli_show_number(const json_t *o, const char *name)
{
	return json_integer_value(json_object_get(o, name));
}

const char *cli_show_value(
	const json_t *o, const char *name, const char *none, char buf[CLI_SHOW_VALUE_SIZE])
{
	const json_t *v = json_object_get(o, name);

	if (json_is_string(v))
		return json_string_value(v);
	if (!json_is_integer(v))
		return none;
	snprintf(buf, CLI_SHOW_VALUE_SIZE, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
	return buf;
}

const json_t *cli_show_inner(const json_t *o, const char *outer, const char *name)
{
	return json_object_get(json_object_get(o, outer), name);
}

bool cli_show_has(const json_t *o, const char *name)
{
	return json_object_get(o, name) != NULL;
}

bool cli_show_flag(const json_t *args, const char *name)
{
	return json_is_true(json_object_get(args, name));
}

void cli_show_line(FILE *out, const char *fmt, ...)
{
	char line[2048];
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	n = strlen(line);
	while (n > 0 && line[n - 1] == ' ')
		n--;
	line[n] = '\0';
	fputs(line, out);
	fputc('\n', out);
}
