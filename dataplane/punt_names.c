/* SPDX-License-Identifier: BSD-3-Clause */
/* Names and defaults of punted protocols, for both sides. */
#include <stddef.h>
#include <string.h>

#include "dataplane/punt.h"

static const struct {
	const char *name;
	const char *text;
	struct punt_rate rate;
} protocols[PUNT_PROTOCOLS] = {
#define PUNT(number, id, junos, pps, burst, words) [number] = {junos, words, {pps, burst}},
#include "dataplane/punt.def"
#undef PUNT
};

const char *punt_name(unsigned int protocol)
{
	return protocol < PUNT_PROTOCOLS ? protocols[protocol].name : NULL;
}

const char *punt_text(unsigned int protocol)
{
	return protocol < PUNT_PROTOCOLS ? protocols[protocol].text : NULL;
}

int punt_find(const char *name)
{
	for (int i = 0; i < PUNT_PROTOCOLS; i++)
		if (strcmp(protocols[i].name, name) == 0)
			return i;
	return -1;
}

struct punt_rate punt_default(unsigned int protocol)
{
	return protocols[protocol].rate;
}
