/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/cfg_int.h"

#include <string.h>

/* In embed.S. */
extern const char cfg_yang_vex_ext[];
extern const char cfg_yang_vex_junos[];

struct yang {
	const char *name;
	const char *text;
};

/* Imported modules come before those that import them; the last holds `configuration`. */
static const struct yang module[] = {
	{"vex-ext", cfg_yang_vex_ext},
	{"vex-junos", cfg_yang_vex_junos},
};

const char *cfg_yang_name(unsigned int i)
{
	return i < sizeof module / sizeof module[0] ? module[i].name : NULL;
}

const char *cfg_yang_text(const char *name)
{
	for (size_t i = 0; i < sizeof module / sizeof module[0]; i++) {
		if (strcmp(module[i].name, name) == 0)
			return module[i].text;
	}
	return NULL;
}
