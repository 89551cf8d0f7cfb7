/* SPDX-License-Identifier: BSD-3-Clause */
/* vex-model: the switch on plain memory, as a thin program over libvexmodel. */
#include "dataplane/offline.h"

int main(int argc, char **argv)
{
	struct offline_options options;
	enum offline_exit status;

	if (!offline_parse(&options, argc, argv, false, &status))
		return status;
	return offline_main(&options, NULL);
}
