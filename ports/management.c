/* SPDX-License-Identifier: BSD-3-Clause */
#include "ports/management.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A number in decimal up to most, and nothing else. */
static bool parse_number(const char *text, unsigned long most, unsigned long *n)
{
	char *end;

	if (*text < '0' || *text > '9' || strlen(text) > 5)
		return false;
	*n = strtoul(text, &end, 10);
	return !*end && *n <= most;
}

static bool parse_service(const char *entry, uint32_t *service)
{
	unsigned long port = 0;
	uint32_t protocol;

	if (!strcmp(entry, "icmp"))
		protocol = IPPROTO_ICMP;
	else if (!strncmp(entry, "tcp/", 4))
		protocol = IPPROTO_TCP;
	else if (!strncmp(entry, "udp/", 4))
		protocol = IPPROTO_UDP;
	else
		return false;
	if (protocol != IPPROTO_ICMP && (!parse_number(entry + 4, 65535, &port) || !port))
		return false;
	*service = protocol << 16 | (uint32_t)port;
	return true;
}

static bool parse_source(const char *entry, struct management_source *source)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	char address[INET6_ADDRSTRLEN];
	const char *slash = strchrnul(entry, '/');
	unsigned long bits;
	bool v4;

	if ((size_t)(slash - entry) >= sizeof(address))
		return false;
	memcpy(address, entry, (size_t)(slash - entry));
	address[slash - entry] = '\0';
	memcpy(source->address, mapped, sizeof(mapped));
	v4 = inet_pton(AF_INET, address, source->address + 12) == 1;
	if (!v4 && inet_pton(AF_INET6, address, source->address) != 1)
		return false;
	bits = v4 ? 32 : 128;
	if (*slash && !parse_number(slash + 1, bits, &bits))
		return false;
	source->bits = (uint8_t)(v4 ? bits + 96 : bits);
	return true;
}

bool management_add(struct management *m, const char *entry, char *why, size_t size)
{
	if (m->n_services == MANAGEMENT_ENTRIES || m->n_sources == MANAGEMENT_ENTRIES) {
		snprintf(why, size, "there is room for %d services and %d sources",
			MANAGEMENT_ENTRIES, MANAGEMENT_ENTRIES);
		return false;
	}
	if (parse_service(entry, &m->service[m->n_services])) {
		m->n_services++;
		return true;
	}
	if (parse_source(entry, &m->source[m->n_sources])) {
		m->n_sources++;
		return true;
	}
	snprintf(why, size,
		"\"%.40s\" is neither a service (\"tcp/22\", \"udp/161\", \"icmp\") nor a source "
		"(\"192.0.2.0/24\", \"2001:db8::/32\")",
		entry);
	return false;
}

bool management_parse(struct management *m, const char *text, char *why, size_t size)
{
	char entry[64];

	*m = (struct management){.none = !strcmp(text, "none")};
	if (m->none || !strcmp(text, "own"))
		return true;
	for (const char *end; *text; text = *end ? end + 1 : end) {
		end = strchrnul(text, ',');
		snprintf(entry, sizeof(entry), "%.*s", (int)(end - text), text);
		if (!management_add(m, entry, why, size))
			return false;
	}
	return true;
}
