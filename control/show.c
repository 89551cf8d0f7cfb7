/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/show.h"

#include <string.h>

#include "control/show_util.h"

static const struct show_what shows[] = {
	{"system-alarms", 0, show_system_alarms},
	{"system-commit", 0, show_system_commit},
	{"system-memory", 0, show_system_memory},
	{"system-processes", 0, show_system_processes},
	{"system-storage", 0, show_system_storage},
	{"system-uptime", 0, show_system_uptime},
	{"system-users", 0, show_system_users},
	{"version", 0, show_version},
};

static const struct clear_what clears[] = {
	{"interfaces-statistics", 0, clear_interfaces_statistics},
	{"pfe-statistics", 0, clear_pfe_statistics},
};

static const struct request_what requests[] = {
	{"restart", request_restart},
	{"system-halt", request_halt},
	{"system-power-off", request_halt},
	{"system-reboot", request_reboot},
};

#define N(table) (sizeof(table) / sizeof((table)[0]))

/* Entry with a name, in a table whose entries begin with it. */
static const void *find(const void *table, size_t n, size_t size, const char *name)
{
	for (const char *entry = table; n > 0; n--, entry += size)
		if (strcmp(*(const char *const *)(const void *)entry, name) == 0)
			return entry;
	return NULL;
}

const struct show_what *show_find(const char *name)
{
	return find(shows, N(shows), sizeof(shows[0]), name);
}

const struct show_what *show_at(size_t i)
{
	return i < N(shows) ? &shows[i] : NULL;
}

const struct clear_what *clear_find(const char *name)
{
	return find(clears, N(clears), sizeof(clears[0]), name);
}

const struct clear_what *clear_at(size_t i)
{
	return i < N(clears) ? &clears[i] : NULL;
}

const struct request_what *request_find(const char *name)
{
	return find(requests, N(requests), sizeof(requests[0]), name);
}

const struct request_what *request_at(size_t i)
{
	return i < N(requests) ? &requests[i] : NULL;
}
