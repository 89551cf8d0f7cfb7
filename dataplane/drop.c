/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/drop.h"

static const struct {
	const char *name;
	const char *text;
	enum drop_side side;
} reasons[DROP_REASONS] = {
	[DROP_NONE] = {"NONE", "not dropped", DROP_SIDE_IN},
#define DROP(name, side, text) [DROP_##name] = {#name, text, DROP_SIDE_##side},
#include "dataplane/dataplane_drops.def"
#include "ports/ports_drops.def"
#include "qos/qos_drops.def"
#undef DROP
};

const char *drop_name(unsigned int reason)
{
	return reasons[reason].name;
}

const char *drop_text(unsigned int reason)
{
	return reasons[reason].text;
}

enum drop_side drop_side(unsigned int reason)
{
	return reasons[reason].side;
}
