/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/cli_show.h"

const struct cli_show *const cli_show_tables[] = {NULL};
const struct cli_group cli_show_groups[] = {{0}};
