/* SPDX-License-Identifier: BSD-3-Clause */
/* The platform file: JSON to struct platform. Each member of an object has a line in a table. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "control/platform_int.h"

#define CORE_MAX      1023
#define MEMORY_MB_MIN 64
#define MEMORY_MB_MAX (1 << 20)

void platform_refuse(struct platform_reader *r, enum vex_err_kind kind, const char *path,
	const char *value, const char *fmt, ...)
{
	const struct vex_pos at = {.file = r->file};
	char text[CHASSIS_TEXT_SIZE + 128];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	r->ok = false;
	vex_err_add(r->errs, kind, &at, path, value, "%s%s%s", path, *path ? ": " : "", text);
}

const char *platform_type_name(json_type type)
{
	switch (type) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_STRING:
		return "a string";
	case JSON_INTEGER:
		return "a whole number";
	case JSON_REAL:
		return "a number with a fraction";
	case JSON_TRUE:
	case JSON_FALSE:
		return "true or false";
	default:
		return "null";
	}
}

/* A name from the file, fit to be platform_shown: short and without bytes that a terminal obeys. */
char *platform_shown(const char *name, char buf[48])
{
	size_t n = 0;

	for (; name[n] != '\0' && n < 40; n++)
		buf[n] = (unsigned char)name[n] < ' ' || name[n] == 0x7f ? '?' : name[n];
	strcpy(buf + n, name[n] != '\0' ? "..." : "");
	return buf;
}

static void list_members(const struct platform_member *members, size_t n, char *buf, size_t size)
{
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < n && used < size; i++)
		used += (size_t)snprintf(
			buf + used, size - used, "%s%s", i ? ", " : "", members[i].name);
}

/* A member of type JSON_TRUE may be false, too; one of type JSON_NULL is judged by its reader. */
static bool is_of_type(const json_t *value, json_type type)
{
	return type == JSON_NULL || json_typeof(value) == type ||
	       (type == JSON_TRUE && json_is_false(value));
}

void platform_read_members(struct platform_reader *r, const char *path, const json_t *object,
	const struct platform_member *members, size_t n, void *what)
{
	char at[PLATFORM_PATH_SIZE], known[256], name[48];
	const char *key;
	json_t *value;
	size_t i;

	json_object_foreach ((json_t *)(uintptr_t)object, key, value) {
		for (i = 0; i < n && strcmp(members[i].name, key) != 0;)
			i++;
		snprintf(at, sizeof(at), "%s%s%s", path, *path ? " " : "",
			platform_shown(key, name));
		if (i == n) {
			list_members(members, n, known, sizeof(known));
			platform_refuse(r, VEX_ERR_UNKNOWN, at, name,
				"there is no such member here, only %s", known);
		} else if (!is_of_type(value, members[i].type)) {
			platform_refuse(r, VEX_ERR_VALUE, at, NULL, "must be %s, not %s",
				platform_type_name(members[i].type),
				platform_type_name(json_typeof(value)));
		} else {
			members[i].read(r, at, value, (char *)what + members[i].offset);
		}
	}
}

/* ---- Values ----------------------------------------------------------------------------------- */

void platform_read_string(
	struct platform_reader *r, const char *path, const json_t *value, void *what)
{
	char **s = what;

	if (json_string_length(value) == 0)
		platform_refuse(r, VEX_ERR_VALUE, path, "", "must not be empty");
	*s = strdup(json_string_value(value));
	if (*s == NULL)
		platform_refuse(r, VEX_ERR_INTERNAL, path, NULL, "out of memory");
}

static void read_number(struct platform_reader *r, const char *path, const json_t *value,
	void *what, json_int_t least, json_int_t most)
{
	json_int_t n = json_integer_value(value);
	char text[24];

	snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, n);
	if (n < least || n > most)
		platform_refuse(r, VEX_ERR_VALUE, path, text,
			"must be %" JSON_INTEGER_FORMAT " to %" JSON_INTEGER_FORMAT ", not %s",
			least, most, text);
	else
		*(unsigned int *)what = (unsigned int)n;
}

static void read_workers(
	struct platform_reader *r, const char *path, const json_t *value, void *what)
{
	read_number(r, path, value, what, 1, PLATFORM_WORKERS_MAX);
}

static void read_cores(struct platform_reader *r, const char *path, const json_t *value, void *what)
{
	struct platform *p = what;
	char at[PLATFORM_PATH_SIZE];
	json_t *core;
	size_t i;

	if (json_array_size(value) == 0 || json_array_size(value) > PLATFORM_WORKERS_MAX) {
		platform_refuse(r, VEX_ERR_VALUE, path, NULL,
			"must be a list of 1 to %u numbers of CPUs", PLATFORM_WORKERS_MAX);
		return;
	}
	json_array_foreach (value, i, core) {
		snprintf(at, sizeof(at), "%s %zu", path, i);
		if (!json_is_integer(core))
			platform_refuse(r, VEX_ERR_VALUE, at, NULL, "must be %s, not %s",
				platform_type_name(JSON_INTEGER),
				platform_type_name(json_typeof(core)));
		else
			read_number(r, at, core, &p->cores[p->n_cores++], 0, CORE_MAX);
	}
}

static void read_memory(
	struct platform_reader *r, const char *path, const json_t *value, void *what)
{
	read_number(r, path, value, what, MEMORY_MB_MIN, MEMORY_MB_MAX);
}

static void read_idle(struct platform_reader *r, const char *path, const json_t *value, void *what)
{
	const char *s = json_string_value(value);
	enum platform_idle *idle = what;
	char name[48];

	*idle = strcmp(s, "poll") == 0 ? PLATFORM_POLL : PLATFORM_SLEEP;
	if (strcmp(s, "poll") != 0 && strcmp(s, "sleep") != 0)
		platform_refuse(r, VEX_ERR_VALUE, path, platform_shown(s, name),
			"must be \"sleep\" or \"poll\", not \"%s\"", name);
}

static bool parse_mac(const char *s, uint8_t mac[6])
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < 6; i++, s += 3) {
		const char *high = s[0] ? strchr(digits, s[0] | 0x20) : NULL;
		const char *low = high && s[1] ? strchr(digits, s[1] | 0x20) : NULL;

		if (low == NULL || s[2] != (i < 5 ? ':' : '\0'))
			return false;
		mac[i] = (uint8_t)((high - digits) << 4 | (low - digits));
	}
	return true;
}

static void read_mac(struct platform_reader *r, const char *path, const json_t *value, void *what)
{
	static const uint8_t zero[6];
	const char *s = json_string_value(value);
	uint8_t *mac = what;
	char name[48];

	r->has_mac = true;
	if (!parse_mac(s, mac))
		platform_refuse(r, VEX_ERR_VALUE, path, platform_shown(s, name),
			"\"%s\" is no MAC address; write it as \"02:00:00:00:10:00\"", name);
	else if ((mac[0] & 1) != 0 || memcmp(mac, zero, 6) == 0)
		platform_refuse(
			r, VEX_ERR_VALUE, path, s, "%s is not the address of one station", s);
	else if (mac[5] > 256 - CHASSIS_PORTS_MAX)
		platform_refuse(r, VEX_ERR_VALUE, path, s,
			"the ports have the addresses after it: the last octet must be at most "
			"%02x",
			256 - CHASSIS_PORTS_MAX);
}

/* ---- Ports ------------------------------------------------------------------------------------ */

static void read_ports(struct platform_reader *r, const char *path, const json_t *value, void *what)
{
	const json_t *ports = value;
	const char *key;
	json_t *entry;

	(void)what;
	json_object_foreach ((json_t *)(uintptr_t)ports, key, entry) {
		char why[CHASSIS_TEXT_SIZE], at[PLATFORM_PATH_SIZE], name[48];
		struct platform_port *port;
		uint32_t mbps;
		int i = chassis_resolve_port(r->p->chassis, key, &mbps);

		snprintf(at, sizeof(at), "%s %s", path, platform_shown(key, name));
		if (i < 0) {
			chassis_explain_port(r->p->chassis, key, why, sizeof(why));
			platform_refuse(r, VEX_ERR_NOT_FOUND, at, name, "%s", why);
			continue;
		}
		port = &r->p->ports[i];
		if (!json_is_object(entry))
			platform_refuse(r, VEX_ERR_VALUE, at, NULL, "must be an object, not %s",
				platform_type_name(json_typeof(entry)));
		else if (port->device != PLATFORM_UNBOUND)
			platform_refuse(r, VEX_ERR_DUPLICATE, at, key, "%s and %s are one port",
				key, port->name);
		else {
			snprintf(port->name, sizeof(port->name), "%s", key);
			platform_read_device(r, at, entry, port);
		}
	}
}

/* ---- Chassis ---------------------------------------------------------------------------------- */

static void read_channels(
	struct platform_reader *r, const char *path, const json_t *value, void *what)
{
	struct chassis_spec *spec = what;
	const char *key;
	json_t *entry;

	json_object_foreach ((json_t *)(uintptr_t)value, key, entry) {
		char at[PLATFORM_PATH_SIZE], name[48];
		const char *s = json_string_value(entry);
		uint32_t mbps = s != NULL ? chassis_speed_parse(s) : 0;

		snprintf(at, sizeof(at), "%s %s", path, platform_shown(key, name));
		if (strcmp(key, "et-0/1/0") != 0 && strcmp(key, "et-0/1/1") != 0)
			platform_refuse(r, VEX_ERR_NOT_FOUND, at, name,
				"only et-0/1/0 and et-0/1/1 can be split into channels");
		else if (mbps != 10000 && mbps != 25000)
			platform_refuse(r, VEX_ERR_VALUE, at, NULL, "must be \"10g\" or \"25g\"");
		else
			spec->channel_mbps[key[7] - '0'] = mbps;
	}
}

static void read_later(struct platform_reader *r, const char *path, const json_t *value, void *what)
{
	(void)r;
	(void)path;
	(void)value;
	(void)what;
}

static bool make_chassis(struct platform_reader *r)
{
	struct platform *p = r->p;
	struct chassis_error error;
	const char *path;

	p->ctl.chassis.model = p->model;
	p->ctl.chassis.scale = p->scale;
	p->ctl.chassis.extension_module = p->extension_module;
	p->chassis = chassis_create(&p->ctl.chassis, &error);
	if (p->chassis == NULL) {
		path = error.kind == CHASSIS_UNKNOWN_MODEL    ? "model"
		       : error.kind == CHASSIS_UNKNOWN_SCALE  ? "scale"
		       : error.kind == CHASSIS_UNKNOWN_MODULE ? "extension-module"
							      : "channel-speed";
		platform_refuse(r,
			error.kind == CHASSIS_NO_MEMORY ? VEX_ERR_INTERNAL : VEX_ERR_VALUE, path,
			error.value, "%s", error.text);
		return false;
	}
	p->n_ports = chassis_port_count(p->chassis);
	for (unsigned int i = 0; i < p->n_ports; i++)
		memcpy(p->ports[i].name, chassis_port(p->chassis, i)->name, CHASSIS_NAME_SIZE);
	return true;
}

static void read_platform(struct platform_reader *r, const json_t *root)
{
	/* Ports are read when the chassis is there, which the other members make. */
	struct platform_member members[] = {
		{"model", JSON_STRING, platform_read_string, offsetof(struct platform, model)},
		{"scale", JSON_STRING, platform_read_string, offsetof(struct platform, scale)},
		{"extension-module", JSON_STRING, platform_read_string,
			offsetof(struct platform, extension_module)},
		{"channel-speed", JSON_OBJECT, read_channels,
			offsetof(struct platform, ctl.chassis)},
		{"base-mac", JSON_STRING, read_mac, offsetof(struct platform, base_mac)},
		{"workers", JSON_INTEGER, read_workers, offsetof(struct platform, workers)},
		{"cores", JSON_ARRAY, read_cores, 0},
		{"memory-mb", JSON_INTEGER, read_memory, offsetof(struct platform, memory_mb)},
		{"idle", JSON_STRING, read_idle, offsetof(struct platform, idle)},
		{"ports", JSON_OBJECT, read_later, 0},
	};
	const json_t *ports = json_object_get(root, "ports");

	platform_read_members(r, "", root, members, sizeof(members) / sizeof(members[0]), r->p);
	if (make_chassis(r) && json_is_object(ports))
		read_ports(r, "ports", ports, NULL);
	for (unsigned int i = 0; i < r->p->n_ports; i++) {
		r->p->ctl.port[i].device = platform_device_name(r->p->ports[i].device);
		r->p->ctl.port[i].max_mtu = platform_device_mtu(r->p->ports[i].device);
	}
}

/* Parse the text itself; only here there is a line and a column. */
static json_t *load_json(const char *text, size_t len, const char *file, struct vex_errs *errs)
{
	struct vex_pos at = {.file = file};
	json_error_t error;
	json_t *root;

	if (len > PLATFORM_TEXT_MAX) {
		vex_err_add(errs, VEX_ERR_LIMIT, &at, NULL, NULL,
			"a platform file has at most %u bytes", PLATFORM_TEXT_MAX);
		return NULL;
	}
	root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	if (root == NULL) {
		at.line = error.line > 0 ? (unsigned int)error.line : 1;
		at.column = error.column > 0 ? (unsigned int)error.column : 1;
		vex_err_add(errs, VEX_ERR_SYNTAX, &at, NULL, NULL, "not JSON: %s", error.text);
		return NULL;
	}
	if (!json_is_object(root)) {
		vex_err_add(errs, VEX_ERR_VALUE, &at, NULL, NULL,
			"a platform is a JSON object, not %s",
			platform_type_name(json_typeof(root)));
		json_decref(root);
		return NULL;
	}
	return root;
}

struct platform *platform_parse(const char *text, size_t len, const char *file, const char *machine,
	const char *instance, struct vex_errs *errs)
{
	json_t *root = load_json(text, len, file, errs);
	struct platform_reader r = {.p = NULL, .errs = errs, .file = file, .ok = true};

	if (root == NULL)
		return NULL;
	r.p = calloc(1, sizeof(*r.p));
	if (r.p != NULL)
		r.p->file = strdup(file);
	if (r.p == NULL || r.p->file == NULL) {
		vex_err_add(errs, VEX_ERR_INTERNAL, NULL, NULL, NULL, "out of memory");
		platform_free(r.p);
		json_decref(root);
		return NULL;
	}
	r.p->workers = 1;
	r.p->ctl.file = r.p->file;
	read_platform(&r, root);
	if (!r.has_mac)
		platform_derive_mac(machine != NULL ? machine : "", instance, r.p->base_mac);
	json_decref(root);
	if (!r.ok) {
		platform_free(r.p);
		return NULL;
	}
	return r.p;
}
