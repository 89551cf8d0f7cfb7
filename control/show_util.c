/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/show_util.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Files of /proc that are read at once. */
#define FILE_MAX_BYTES 65536u

/* ---- Arguments -------------------------------------------------------------------------------- */

void show_error(
	struct vex_errs *errs, enum vex_err_kind kind, const char *value, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vex_err_vadd(errs, kind, NULL, NULL, value, fmt, ap);
	va_end(ap);
}

void show_no_pfe(struct vex_errs *errs)
{
	show_error(errs, VEX_ERR_IO, NULL,
		"the forwarding process (vex-pfe) does not answer; it is started again by "
		"itself, try again in a few seconds");
}

static bool in_list(const char *name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (strcmp(name, *names) == 0)
			return true;
	return false;
}

bool show_args_ok(const json_t *args, const char *const *names, struct vex_errs *errs)
{
	const json_t *value;
	const char *key;

	if (args == NULL || json_is_null(args))
		return true;
	if (!json_is_object(args)) {
		show_error(errs, VEX_ERR_VALUE, NULL, "the arguments must be an object");
		return false;
	}
	json_object_foreach ((json_t *)(uintptr_t)args, key, value) {
		if (!in_list(key, names)) {
			show_error(errs, VEX_ERR_UNKNOWN, key,
				"this command has no argument `%.40s`", key);
			return false;
		}
		if (!json_is_string(value) && !json_is_integer(value) && !json_is_true(value)) {
			show_error(errs, VEX_ERR_VALUE, key,
				"the argument `%s` must be a text, a number or true", key);
			return false;
		}
	}
	return true;
}

const char *show_arg(const json_t *args, const char *name)
{
	return json_string_value(json_object_get(args, name));
}

bool show_flag(const json_t *args, const char *name)
{
	return json_is_true(json_object_get(args, name));
}

/* ---- Trees ------------------------------------------------------------------------------------ */

void show_text(json_t *o, const char *name, const char *text)
{
	if (text != NULL)
		json_object_set_new(o, name, json_string(text));
}

void show_number(json_t *o, const char *name, uint64_t n)
{
	json_object_set_new(o, name, json_integer((json_int_t)n));
}

void show_format(json_t *o, const char *name, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	show_text(o, name, text);
}

json_t *show_list(json_t **tree, const char *outer, const char *name)
{
	json_t *list = json_array(), *inner = json_object();

	*tree = json_object();
	json_object_set_new(inner, name, list);
	json_object_set_new(*tree, outer, inner);
	return list;
}

/* ---- Texts ------------------------------------------------------------------------------------ */

char *show_time(int64_t t, char buf[SHOW_TIME_SIZE])
{
	time_t seconds = (time_t)t;
	struct tm tm;

	if (localtime_r(&seconds, &tm) == NULL ||
		strftime(buf, SHOW_TIME_SIZE, "%Y-%m-%d %H:%M:%S %Z", &tm) == 0)
		snprintf(buf, SHOW_TIME_SIZE, "%" PRId64, t);
	return buf;
}

char *show_ago(int64_t s, char buf[SHOW_AGO_SIZE])
{
	int64_t days;

	s = s > 0 ? s : 0;
	days = s / 86400;
	if (days == 0)
		snprintf(buf, SHOW_AGO_SIZE, "%02d:%02d:%02d", (int)(s / 3600), (int)(s / 60 % 60),
			(int)(s % 60));
	else if (days < 7)
		snprintf(buf, SHOW_AGO_SIZE, "%dd %02d:%02d", (int)days, (int)(s / 3600 % 24),
			(int)(s / 60 % 60));
	else
		snprintf(buf, SHOW_AGO_SIZE, "%" PRId64 "w%dd %02d:%02d", days / 7, (int)(days % 7),
			(int)(s / 3600 % 24), (int)(s / 60 % 60));
	return buf;
}

char *show_time_ago(int64_t t, int64_t now, char buf[SHOW_BOTH_SIZE])
{
	char when[SHOW_TIME_SIZE], ago[SHOW_AGO_SIZE];

	snprintf(buf, SHOW_BOTH_SIZE, "%s (%s ago)", show_time(t, when), show_ago(now - t, ago));
	return buf;
}

char *show_mac(const uint8_t mac[6], char buf[SHOW_MAC_SIZE])
{
	snprintf(buf, SHOW_MAC_SIZE, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2],
		mac[3], mac[4], mac[5]);
	return buf;
}

bool show_mac_parse(const char *text, uint8_t mac[6])
{
	for (int i = 0; i < 6; i++) {
		char *end;
		unsigned long octet;

		if (!strchr("0123456789abcdefABCDEF", *text) || *text == '\0')
			return false;
		octet = strtoul(text, &end, 16);
		if (octet > 0xff || end - text > 2 || *end != (i < 5 ? ':' : '\0'))
			return false;
		mac[i] = (uint8_t)octet;
		text = end + 1;
	}
	return true;
}

char *show_file(const char *dir, const char *name)
{
	char path[512], *text;
	ssize_t got = 1;
	size_t n = 0;
	int fd;

	if ((size_t)snprintf(path, sizeof(path), "%s/%s", dir, name) >= sizeof(path))
		return NULL;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	text = fd >= 0 ? malloc(FILE_MAX_BYTES + 1) : NULL;
	while (text != NULL && got > 0 && n < FILE_MAX_BYTES) {
		got = read(fd, text + n, FILE_MAX_BYTES - n);
		n += got > 0 ? (size_t)got : 0;
	}
	if (fd >= 0)
		close(fd);
	if (text != NULL)
		text[n] = '\0';
	return text;
}
