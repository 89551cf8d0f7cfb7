/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/unit/unit_filter.h"

#include <string.h>

bool unit_matches(const char *filter, const char *suite, const char *name)
{
	const char *colon = strchr(filter, ':');
	size_t length = colon ? (size_t)(colon - filter) : strlen(filter);

	if (strlen(suite) != length || memcmp(suite, filter, length) != 0)
		return false;
	return !colon || strstr(name, colon + 1);
}
