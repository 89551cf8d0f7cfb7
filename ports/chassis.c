/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * chassis: the tables of models, modules and scales, and the ports that are made from them.
 * The texts for people are in chassis_text.c. Sources of the figures: the data sheets of the
 * EX4400; ports/README.md says where they disagree and what was chosen.
 */
#include "ports/chassis.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_MODEL "ex4400-24t"
#define DEFAULT_SCALE "ex4400"

#define CHANNELS 4

#define SPEEDS_COPPER	(CHASSIS_SPEED_10M | CHASSIS_SPEED_100M | CHASSIS_SPEED_1G)
#define SPEEDS_MGIG_2G	(CHASSIS_SPEED_100M | CHASSIS_SPEED_1G | CHASSIS_SPEED_2G5)
#define SPEEDS_MGIG	(SPEEDS_MGIG_2G | CHASSIS_SPEED_5G | CHASSIS_SPEED_10G)
#define SPEEDS_SFP	(CHASSIS_SPEED_100M | CHASSIS_SPEED_1G)
#define SPEEDS_SFP_PLUS (CHASSIS_SPEED_1G | CHASSIS_SPEED_10G)
#define SPEEDS_SFP28	(SPEEDS_SFP_PLUS | CHASSIS_SPEED_25G)
#define SPEEDS_QSFP28	(CHASSIS_SPEED_40G | CHASSIS_SPEED_100G)

enum {
	PIC_ACCESS,
	PIC_PAIR,
	PIC_MODULE
};

/* Ports of one kind next to each other; a count of 0 ends a list of groups. */
struct group {
	uint8_t count;
	enum chassis_media media;
	uint32_t speeds;
};

struct model {
	const char *name;
	struct group access[3];
};

static const struct model models[] = {
	{"ex4400-24t", {{24, CHASSIS_COPPER, SPEEDS_COPPER}}},
	{"ex4400-24p", {{24, CHASSIS_COPPER, SPEEDS_COPPER}}},
	{"ex4400-48t", {{48, CHASSIS_COPPER, SPEEDS_COPPER}}},
	{"ex4400-48p", {{48, CHASSIS_COPPER, SPEEDS_COPPER}}},
	{"ex4400-48f", {{36, CHASSIS_SFP, SPEEDS_SFP}, {12, CHASSIS_SFP_PLUS, SPEEDS_SFP_PLUS}}},
	{"ex4400-24mp", {{24, CHASSIS_MULTIGIG, SPEEDS_MGIG}}},
	{"ex4400-48mp",
		{{36, CHASSIS_MULTIGIG, SPEEDS_MGIG_2G}, {12, CHASSIS_MULTIGIG, SPEEDS_MGIG}}},
	{"ex4400-48mxp",
		{{36, CHASSIS_MULTIGIG, SPEEDS_MGIG_2G}, {12, CHASSIS_MULTIGIG, SPEEDS_MGIG}}},
	{"ex4400-48xp", {{48, CHASSIS_COPPER, SPEEDS_COPPER}}},
	{"ex4400-24x", {{24, CHASSIS_SFP_PLUS, SPEEDS_SFP_PLUS}}},
};

struct module {
	const char *name;
	struct group group;
};

static const struct module modules[] = {
	{"em-4s", {4, CHASSIS_SFP_PLUS, SPEEDS_SFP_PLUS}},
	{"em-4y", {4, CHASSIS_SFP28, SPEEDS_SFP28}},
	{"em-1c", {1, CHASSIS_QSFP28, SPEEDS_QSFP28}},
};

static const struct chassis_scale scales[] = {
	{
		.name = "ex4400",
		.macs = 112000,
		.vlans = 4093,
		.bridge_domains = 4093,
		.lags = 128,
		.lag_members = 16,
		.mstis = 64,
		.vstp_instances = 510,
		.vrfs = 256,
		.ipv4_prefixes = 130048,
		.ipv4_hosts = 81000,
		.ipv6_prefixes = 87000,
		.ipv6_hosts = 40000,
		.arp = 24000,
		.nd = 12000,
		.ipv4_mroutes = 40000,
		.ipv6_mroutes = 20000,
		.pacl_in = 2048,
		.vacl_in = 2048,
		.racl_in = 2048,
		.acl_out_shared = 512,
		.racl_out = 1024,
		.unicast_queues = 8,
		.multicast_queues = 4,
		.mirror_sessions = 4,
		.mirror_destinations = 4,
		.vteps = 1024,
		.vnis = 16384,
		.max_frame = 9216,
	},
	{
		.name = "server",
		.macs = 1048576,
		.vlans = 4094,
		.bridge_domains = 16384,
		.lags = 128,
		.lag_members = 16,
		.mstis = 64,
		.vstp_instances = 510,
		.vrfs = 256,
		.ipv4_prefixes = 1048576,
		.ipv4_hosts = 262144,
		.ipv6_prefixes = 524288,
		.ipv6_hosts = 131072,
		.arp = 131072,
		.nd = 65536,
		.ipv4_mroutes = 40000,
		.ipv6_mroutes = 20000,
		.pacl_in = 16384,
		.vacl_in = 16384,
		.racl_in = 16384,
		.acl_out_shared = 16384,
		.racl_out = 16384,
		.unicast_queues = 8,
		.multicast_queues = 4,
		.mirror_sessions = 4,
		.mirror_destinations = 4,
		.vteps = 1024,
		.vnis = 16384,
		.max_frame = 9216,
	},
};

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

struct chassis {
	const struct model *model;
	const struct chassis_scale *scale;
	unsigned int count;
	struct chassis_port ports[CHASSIS_PORTS_MAX];
};

/* Indexed by the bit number of enum chassis_speed. */
static const uint32_t speed_mbps[] = {10, 100, 1000, 2500, 5000, 10000, 25000, 40000, 100000};

static uint32_t speed_bit(uint32_t mbps)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(speed_mbps); i++)
		if (speed_mbps[i] == mbps)
			return UINT32_C(1) << i;
	return 0;
}

static uint32_t fastest(uint32_t speeds)
{
	return speed_mbps[31 - __builtin_clz(speeds)];
}

static const char *type_at(enum chassis_media media, uint32_t mbps)
{
	switch (media) {
	case CHASSIS_COPPER:
		return "ge";
	case CHASSIS_MULTIGIG:
		return "mge";
	case CHASSIS_SFP:
	case CHASSIS_SFP_PLUS:
	case CHASSIS_SFP28:
	case CHASSIS_QSFP28:
	case CHASSIS_CHANNEL:
		break;
	}
	return mbps <= 1000 ? "ge" : mbps <= 10000 ? "xe" : "et";
}

static void name_port(const struct chassis_port *p, uint32_t mbps, char buf[CHASSIS_NAME_SIZE])
{
	const char *type = type_at(p->media, mbps);

	if (p->channel < 0)
		snprintf(buf, CHASSIS_NAME_SIZE, "%s-0/%u/%u", type, p->pic, p->number);
	else
		snprintf(buf, CHASSIS_NAME_SIZE, "%s-0/%u/%u:%u", type, p->pic, p->number,
			(unsigned int)p->channel & 3);
}

static void add_port(struct chassis *c, uint8_t pic, uint8_t number, int8_t channel,
	enum chassis_media media, uint32_t speeds)
{
	struct chassis_port *p = &c->ports[c->count++];

	*p = (struct chassis_port){
		.pic = pic,
		.number = number,
		.channel = channel,
		.is_access = pic == PIC_ACCESS,
		.media = media,
		.speed_mbps = fastest(speeds),
		.default_mbps = fastest(speeds),
		.speeds = speeds,
	};
	name_port(p, p->speed_mbps, p->name);
}

/* Add the ports of a group, numbered from `first`; returns the number after the last. */
static uint8_t add_group(struct chassis *c, uint8_t pic, uint8_t first, const struct group *g)
{
	for (unsigned int i = 0; i < g->count; i++)
		add_port(c, pic, first++, -1, g->media, g->speeds);
	return first;
}

static void add_pair_port(struct chassis *c, uint8_t number, uint32_t channel_mbps)
{
	if (channel_mbps == 0) {
		add_port(c, PIC_PAIR, number, -1, CHASSIS_QSFP28, SPEEDS_QSFP28);
		return;
	}
	for (int8_t i = 0; i < CHANNELS; i++)
		add_port(c, PIC_PAIR, number, i, CHASSIS_CHANNEL, speed_bit(channel_mbps));
}

/* A speed as it is written, or in Mb/s when it is none that is ever written. */
static void quote_speed(uint32_t mbps, char value[16])
{
	if (speed_bit(mbps) != 0)
		snprintf(value, 16, "%s", chassis_speed_text(mbps));
	else
		snprintf(value, 16, "%um", mbps);
}

/* Fill *err; the value is given apart so that it is quoted the same way everywhere. */
__attribute__((format(printf, 4, 5))) static void fail(struct chassis_error *err,
	enum chassis_error_kind kind, const char *value, const char *format, ...)
{
	va_list args;

	*err = (struct chassis_error){.kind = kind};
	snprintf(err->value, sizeof err->value, "%s", value);
	va_start(args, format);
	vsnprintf(err->text, sizeof err->text, format, args);
	va_end(args);
}

static const struct model *find_model(const char *name, struct chassis_error *err)
{
	char list[192] = "";
	size_t len = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(models); i++) {
		if (strcmp(models[i].name, name) == 0)
			return &models[i];
		len += (size_t)snprintf(
			list + len, sizeof list - len, "%s%s", i ? ", " : "", models[i].name);
	}
	fail(err, CHASSIS_UNKNOWN_MODEL, name, "unknown model \"%.40s\"; the models are %s", name,
		list);
	return NULL;
}

static const struct chassis_scale *find_scale(const char *name, struct chassis_error *err)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(scales); i++)
		if (strcmp(scales[i].name, name) == 0)
			return &scales[i];
	fail(err, CHASSIS_UNKNOWN_SCALE, name,
		"unknown scale \"%.40s\"; it is ex4400 (the limits of the box) or server (the "
		"limits "
		"of this software)",
		name);
	return NULL;
}

/* An empty slot is a group of no ports. */
static const struct group *find_module(const char *name, struct chassis_error *err)
{
	static const struct group empty;

	if (name == NULL)
		return &empty;
	for (unsigned int i = 0; i < ARRAY_SIZE(modules); i++)
		if (strcmp(modules[i].name, name) == 0)
			return &modules[i].group;
	fail(err, CHASSIS_UNKNOWN_MODULE, name,
		"unknown extension module \"%.40s\"; the modules are em-4s (4 x 10G), em-4y (4 x "
		"25G) "
		"and em-1c (1 x 100G)",
		name);
	return NULL;
}

static bool channels_ok(const uint32_t channel_mbps[], struct chassis_error *err)
{
	for (unsigned int i = 0; i < CHASSIS_PAIR_PORTS; i++) {
		uint32_t mbps = channel_mbps[i];
		char value[16];

		if (mbps == 0 || mbps == 10000 || mbps == 25000)
			continue;
		quote_speed(mbps, value);
		fail(err, CHASSIS_BAD_CHANNEL_SPEED, value,
			"port %u of PIC 1 has no channel speed %s; it is 10g or 25g", i, value);
		return false;
	}
	return true;
}

struct chassis *chassis_create(const struct chassis_spec *spec, struct chassis_error *err)
{
	const struct model *model = find_model(spec->model ? spec->model : DEFAULT_MODEL, err);
	const struct chassis_scale *scale;
	const struct group *module;
	struct chassis *c;
	uint8_t next = 0;

	if (model == NULL)
		return NULL;
	scale = find_scale(spec->scale ? spec->scale : DEFAULT_SCALE, err);
	if (scale == NULL)
		return NULL;
	module = find_module(spec->extension_module, err);
	if (module == NULL || !channels_ok(spec->channel_mbps, err))
		return NULL;

	c = calloc(1, sizeof *c);
	if (c == NULL) {
		fail(err, CHASSIS_NO_MEMORY, model->name, "no memory for a chassis");
		return NULL;
	}
	c->model = model;
	c->scale = scale;
	for (const struct group *g = model->access; g->count != 0; g++)
		next = add_group(c, PIC_ACCESS, next, g);
	for (uint8_t i = 0; i < CHASSIS_PAIR_PORTS; i++)
		add_pair_port(c, i, spec->channel_mbps[i]);
	add_group(c, PIC_MODULE, 0, module);
	*err = (struct chassis_error){.kind = CHASSIS_OK};
	return c;
}

void chassis_free(struct chassis *c)
{
	free(c);
}

const char *chassis_model(const struct chassis *c)
{
	return c->model->name;
}

const struct chassis_scale *chassis_scale(const struct chassis *c)
{
	return c->scale;
}

unsigned int chassis_port_count(const struct chassis *c)
{
	return c->count;
}

const struct chassis_port *chassis_port(const struct chassis *c, unsigned int i)
{
	return i < c->count ? &c->ports[i] : NULL;
}

int chassis_find_port(const struct chassis *c, const char *name)
{
	for (unsigned int i = 0; i < c->count; i++)
		if (strcmp(c->ports[i].name, name) == 0)
			return (int)i;
	return -1;
}

int chassis_resolve_port(const struct chassis *c, const char *name, uint32_t *mbps)
{
	int now = chassis_find_port(c, name);
	char other[CHASSIS_NAME_SIZE];

	if (now >= 0) {
		*mbps = c->ports[now].speed_mbps;
		return now;
	}
	for (unsigned int i = 0; i < c->count; i++)
		for (unsigned int s = ARRAY_SIZE(speed_mbps); s-- > 0;)
			if (chassis_name_at(c, i, speed_mbps[s], other) &&
				strcmp(other, name) == 0) {
				*mbps = speed_mbps[s];
				return (int)i;
			}
	return -1;
}

int chassis_set_speed(struct chassis *c, unsigned int i, uint32_t mbps, struct chassis_error *err)
{
	struct chassis_port *p;
	char speeds[64], value[16];

	if (i >= c->count) {
		snprintf(value, sizeof value, "%u", i);
		fail(err, CHASSIS_BAD_PORT, value, "there is no port with index %u", i);
		return -1;
	}
	p = &c->ports[i];
	if ((speed_bit(mbps) & p->speeds) == 0) {
		quote_speed(mbps, value);
		fail(err, CHASSIS_BAD_SPEED, value, "%s does not run at %s; its speeds are: %s%s",
			p->name, value, chassis_speeds_text(p->speeds, speeds, sizeof speeds),
			p->channel >= 0	     ? " (set by channel-speed)"
			: p->pic == PIC_PAIR ? ", and 10g or 25g in four channels by channel-speed"
					     : "");
		return -1;
	}
	p->speed_mbps = mbps;
	name_port(p, mbps, p->name);
	*err = (struct chassis_error){.kind = CHASSIS_OK};
	return 0;
}

bool chassis_name_at(
	const struct chassis *c, unsigned int i, uint32_t mbps, char buf[CHASSIS_NAME_SIZE])
{
	buf[0] = '\0';
	if (i >= c->count || (speed_bit(mbps) & c->ports[i].speeds) == 0)
		return false;
	name_port(&c->ports[i], mbps, buf);
	return true;
}

const char *chassis_model_name(unsigned int i)
{
	return i < ARRAY_SIZE(models) ? models[i].name : NULL;
}
