/* SPDX-License-Identifier: BSD-3-Clause */
#include "ports/chassis.h"

#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

static struct chassis *make(const struct chassis_spec *spec)
{
	struct chassis_error err;
	struct chassis *c = chassis_create(spec, &err);

	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	CU_ASSERT_EQUAL(err.kind, CHASSIS_OK);
	return c;
}

static struct chassis *make_model(const char *model)
{
	return make(&(struct chassis_spec){.model = model});
}

static void check_list(const struct chassis_spec *spec, unsigned int count, const char *list)
{
	struct chassis *c = make(spec);
	char text[CHASSIS_TEXT_SIZE];

	CU_ASSERT_EQUAL(chassis_port_count(c), count);
	CU_ASSERT_STRING_EQUAL(chassis_list_ports(c, text, sizeof text), list);
	for (unsigned int i = 0; i < count; i++) {
		const struct chassis_port *p = chassis_port(c, i);

		CU_ASSERT_EQUAL(chassis_find_port(c, p->name), (int)i);
		CU_ASSERT_EQUAL(p->is_access, p->pic == 0);
		CU_ASSERT_EQUAL(p->speed_mbps, p->default_mbps);
		CU_ASSERT_FALSE(chassis_explain_port(c, p->name, text, sizeof text));
		CU_ASSERT_STRING_EQUAL(text, "");
	}
	CU_ASSERT_PTR_NULL(chassis_port(c, count));
	chassis_free(c);
}

static void ten_models(void)
{
	static const struct {
		const char *model;
		unsigned int count;
		const char *list;
	} expected[] = {
		{"ex4400-24t", 26, "ge-0/0/0-23, et-0/1/0-1"},
		{"ex4400-24p", 26, "ge-0/0/0-23, et-0/1/0-1"},
		{"ex4400-48t", 50, "ge-0/0/0-47, et-0/1/0-1"},
		{"ex4400-48p", 50, "ge-0/0/0-47, et-0/1/0-1"},
		{"ex4400-48f", 50, "ge-0/0/0-35, xe-0/0/36-47, et-0/1/0-1"},
		{"ex4400-24mp", 26, "mge-0/0/0-23, et-0/1/0-1"},
		{"ex4400-48mp", 50, "mge-0/0/0-47, et-0/1/0-1"},
		{"ex4400-48mxp", 50, "mge-0/0/0-47, et-0/1/0-1"},
		{"ex4400-48xp", 50, "ge-0/0/0-47, et-0/1/0-1"},
		{"ex4400-24x", 26, "xe-0/0/0-23, et-0/1/0-1"},
	};
	unsigned int i;

	for (i = 0; i < UNIT_N(expected); i++) {
		CU_ASSERT_STRING_EQUAL(chassis_model_name(i), expected[i].model);
		check_list(&(struct chassis_spec){.model = expected[i].model}, expected[i].count,
			expected[i].list);
	}
	CU_ASSERT_PTR_NULL(chassis_model_name(i));
}

static void default_is_24t(void)
{
	struct chassis *c = make(&(struct chassis_spec){0});

	CU_ASSERT_STRING_EQUAL(chassis_model(c), "ex4400-24t");
	CU_ASSERT_STRING_EQUAL(chassis_scale(c)->name, "ex4400");
	chassis_free(c);
	chassis_free(NULL);
}

static void modules_and_channels(void)
{
	check_list(&(struct chassis_spec){.extension_module = "em-4s"}, 30,
		"ge-0/0/0-23, et-0/1/0-1, xe-0/2/0-3");
	check_list(&(struct chassis_spec){.extension_module = "em-4y"}, 30,
		"ge-0/0/0-23, et-0/1/0-1, et-0/2/0-3");
	check_list(&(struct chassis_spec){.extension_module = "em-1c"}, 27,
		"ge-0/0/0-23, et-0/1/0-1, et-0/2/0");
	check_list(&(struct chassis_spec){.channel_mbps = {10000, 0}}, 29,
		"ge-0/0/0-23, xe-0/1/0:0-3, et-0/1/1");
	check_list(&(struct chassis_spec){.channel_mbps = {0, 25000}}, 29,
		"ge-0/0/0-23, et-0/1/0, et-0/1/1:0-3");
	check_list(&(struct chassis_spec){.model = "ex4400-48f",
			   .extension_module = "em-4y",
			   .channel_mbps = {25000, 25000}},
		60, "ge-0/0/0-35, xe-0/0/36-47, et-0/1/0:0-3, et-0/1/1:0-3, et-0/2/0-3");
}

static void check_speeds(const char *model, unsigned int port, const char *speeds)
{
	struct chassis *c = make_model(model);
	char text[64];

	CU_ASSERT_STRING_EQUAL(
		chassis_speeds_text(chassis_port(c, port)->speeds, text, sizeof text), speeds);
	chassis_free(c);
}

static void speeds_of_each_kind(void)
{
	struct chassis *c = make(&(struct chassis_spec){
		.extension_module = "em-4y", .channel_mbps = {25000, 10000}});
	char text[64];

	check_speeds("ex4400-24t", 0, "10m, 100m, 1g");
	check_speeds("ex4400-24t", 25, "40g, 100g");
	check_speeds("ex4400-48f", 35, "100m, 1g");
	check_speeds("ex4400-48f", 36, "1g, 10g");
	check_speeds("ex4400-24x", 0, "1g, 10g");
	check_speeds("ex4400-24mp", 0, "100m, 1g, 2.5g, 5g, 10g");
	check_speeds("ex4400-48mp", 35, "100m, 1g, 2.5g");
	check_speeds("ex4400-48mp", 36, "100m, 1g, 2.5g, 5g, 10g");
	check_speeds("ex4400-48mxp", 35, "100m, 1g, 2.5g");
	check_speeds("ex4400-48mxp", 47, "100m, 1g, 2.5g, 5g, 10g");

	CU_ASSERT_STRING_EQUAL(
		chassis_speeds_text(chassis_port(c, 24)->speeds, text, sizeof text), "25g");
	CU_ASSERT_STRING_EQUAL(
		chassis_speeds_text(chassis_port(c, 28)->speeds, text, sizeof text), "10g");
	CU_ASSERT_STRING_EQUAL(chassis_speeds_text(chassis_port(c, 32)->speeds, text, sizeof text),
		"1g, 10g, 25g");
	chassis_free(c);
}

static void name_follows_speed(void)
{
	struct chassis *c = make(
		&(struct chassis_spec){.model = "ex4400-48f", .extension_module = "em-4y"});
	struct chassis_error err;
	char name[CHASSIS_NAME_SIZE];
	uint32_t mbps = 0;

	CU_ASSERT_EQUAL(chassis_resolve_port(c, "ge-0/0/36", &mbps), 36);
	CU_ASSERT_EQUAL(mbps, 1000);
	CU_ASSERT_EQUAL(chassis_resolve_port(c, "xe-0/0/36", &mbps), 36);
	CU_ASSERT_EQUAL(mbps, 10000);
	CU_ASSERT_EQUAL(chassis_resolve_port(c, "xe-0/0/35", &mbps), -1);

	CU_ASSERT_EQUAL(chassis_set_speed(c, 36, 1000, &err), 0);
	CU_ASSERT_EQUAL(chassis_find_port(c, "xe-0/0/36"), -1);
	CU_ASSERT_EQUAL(chassis_find_port(c, "ge-0/0/36"), 36);
	CU_ASSERT_EQUAL(chassis_set_speed(c, 36, 10000, &err), 0);
	CU_ASSERT_EQUAL(chassis_find_port(c, "xe-0/0/36"), 36);

	CU_ASSERT_EQUAL(chassis_set_speed(c, 0, 100, &err), 0);
	CU_ASSERT_STRING_EQUAL(chassis_port(c, 0)->name, "ge-0/0/0");
	CU_ASSERT_EQUAL(chassis_resolve_port(c, "ge-0/0/0", &mbps), 0);
	CU_ASSERT_EQUAL(mbps, 100);

	CU_ASSERT_TRUE(chassis_name_at(c, 50, 25000, name));
	CU_ASSERT_STRING_EQUAL(name, "et-0/2/0");
	CU_ASSERT_TRUE(chassis_name_at(c, 50, 10000, name));
	CU_ASSERT_STRING_EQUAL(name, "xe-0/2/0");
	CU_ASSERT_TRUE(chassis_name_at(c, 50, 1000, name));
	CU_ASSERT_STRING_EQUAL(name, "ge-0/2/0");
	CU_ASSERT_FALSE(chassis_name_at(c, 50, 100, name));
	CU_ASSERT_STRING_EQUAL(name, "");
	CU_ASSERT_FALSE(chassis_name_at(c, 54, 1000, name));
	chassis_free(c);
}

static void multigigabit_keeps_its_name(void)
{
	struct chassis *c = make_model("ex4400-24mp");
	struct chassis_error err;

	CU_ASSERT_EQUAL(chassis_port(c, 0)->speed_mbps, 10000);
	CU_ASSERT_EQUAL(chassis_set_speed(c, 0, 2500, &err), 0);
	CU_ASSERT_STRING_EQUAL(chassis_port(c, 0)->name, "mge-0/0/0");
	CU_ASSERT_EQUAL(chassis_port(c, 0)->speed_mbps, 2500);
	CU_ASSERT_EQUAL(chassis_port(c, 0)->default_mbps, 10000);
	chassis_free(c);
}

static void check_create_error(const struct chassis_spec *spec, enum chassis_error_kind kind,
	const char *value, const char *text)
{
	struct chassis_error err;

	CU_ASSERT_PTR_NULL(chassis_create(spec, &err));
	CU_ASSERT_EQUAL(err.kind, kind);
	CU_ASSERT_STRING_EQUAL(err.value, value);
	CU_ASSERT_STRING_EQUAL(err.text, text);
}

static void create_errors(void)
{
	check_create_error(&(struct chassis_spec){.model = "ex4300"}, CHASSIS_UNKNOWN_MODEL,
		"ex4300",
		"unknown model \"ex4300\"; the models are ex4400-24t, ex4400-24p, ex4400-48t, "
		"ex4400-48p, ex4400-48f, ex4400-24mp, ex4400-48mp, ex4400-48mxp, ex4400-48xp, "
		"ex4400-24x");
	check_create_error(&(struct chassis_spec){.scale = "huge"}, CHASSIS_UNKNOWN_SCALE, "huge",
		"unknown scale \"huge\"; it is ex4400 (the limits of the box) or server (the "
		"limits of this software)");
	check_create_error(&(struct chassis_spec){.extension_module = "em-2"},
		CHASSIS_UNKNOWN_MODULE, "em-2",
		"unknown extension module \"em-2\"; the modules are em-4s (4 x 10G), em-4y (4 x "
		"25G) and em-1c (1 x 100G)");
	check_create_error(&(struct chassis_spec){.channel_mbps = {0, 40000}},
		CHASSIS_BAD_CHANNEL_SPEED, "40g",
		"port 1 of PIC 1 has no channel speed 40g; it is 10g or 25g");
	check_create_error(&(struct chassis_spec){.channel_mbps = {7}}, CHASSIS_BAD_CHANNEL_SPEED,
		"7m", "port 0 of PIC 1 has no channel speed 7m; it is 10g or 25g");
}

static void check_speed_error(struct chassis *c, unsigned int i, uint32_t mbps,
	enum chassis_error_kind kind, const char *value, const char *text)
{
	struct chassis_error err;

	CU_ASSERT_EQUAL(chassis_set_speed(c, i, mbps, &err), -1);
	CU_ASSERT_EQUAL(err.kind, kind);
	CU_ASSERT_STRING_EQUAL(err.value, value);
	CU_ASSERT_STRING_EQUAL(err.text, text);
}

static void speed_errors(void)
{
	struct chassis *c = make(&(struct chassis_spec){.channel_mbps = {10000, 0}});

	check_speed_error(c, 0, 10000, CHASSIS_BAD_SPEED, "10g",
		"ge-0/0/0 does not run at 10g; its speeds are: 10m, 100m, 1g");
	check_speed_error(c, 0, 11, CHASSIS_BAD_SPEED, "11m",
		"ge-0/0/0 does not run at 11m; its speeds are: 10m, 100m, 1g");
	check_speed_error(c, 24, 25000, CHASSIS_BAD_SPEED, "25g",
		"xe-0/1/0:0 does not run at 25g; its speeds are: 10g (set by channel-speed)");
	check_speed_error(c, 28, 10000, CHASSIS_BAD_SPEED, "10g",
		"et-0/1/1 does not run at 10g; its speeds are: 40g, 100g, and 10g or 25g in four "
		"channels by channel-speed");
	check_speed_error(c, 29, 1000, CHASSIS_BAD_PORT, "29", "there is no port with index 29");
	CU_ASSERT_EQUAL(chassis_port(c, 0)->speed_mbps, 1000);
	chassis_free(c);
}

static void check_explain(const struct chassis *c, const char *name, const char *why)
{
	char text[CHASSIS_TEXT_SIZE], list[CHASSIS_TEXT_SIZE], expected[2 * CHASSIS_TEXT_SIZE];

	CU_ASSERT_TRUE(chassis_explain_port(c, name, text, sizeof text));
	snprintf(expected, sizeof expected, "%s; the ports of this %s are %s", why,
		chassis_model(c), chassis_list_ports(c, list, sizeof list));
	CU_ASSERT_STRING_EQUAL(text, expected);
}

static void explanations(void)
{
	struct chassis *c = make_model("ex4400-48f");
	struct chassis_error err;

	CU_ASSERT_EQUAL(chassis_set_speed(c, 36, 1000, &err), 0);
	check_explain(c, "xe-0/0/36", "xe-0/0/36 is named ge-0/0/36 at 1g");
	check_explain(c, "ge-0/0/37", "ge-0/0/37 is named xe-0/0/37 at 10g");
	check_explain(c, "eth-0/0/37", "eth-0/0/37 is named xe-0/0/37 at 10g");
	check_explain(c, "ge-0/0/48", "there is no port ge-0/0/48");
	check_explain(c, "ge-0/3/0", "there is no port ge-0/3/0");
	check_explain(c, "ge-1/0/0", "there is no FPC 1, this switch is FPC 0");
	check_explain(c, "xe-0/2/0",
		"xe-0/2/0 needs an extension module (chassis extension-module em-4s, em-4y or "
		"em-1c)");
	check_explain(c, "xe-0/1/0:0",
		"port 0 of PIC 1 is not channelised, it is named et-0/1/0 at 100g (channel-speed "
		"makes channels)");
	check_explain(
		c, "ge-0/0/3:0", "port 3 of PIC 0 is not channelised, it is named ge-0/0/3 at 1g");
	check_explain(c, "ge-0/0/0.0", "ge-0/0/0.0 is a unit, its port is ge-0/0/0");
	check_explain(c, "ge-0/0/99.0", "\"ge-0/0/99.0\" is not a port name");
	check_explain(c, "eth0", "\"eth0\" is not a port name");
	check_explain(c, "", "\"\" is not a port name");
	check_explain(c, "ge-0/0/00", "\"ge-0/0/00\" is not a port name");
	check_explain(c, "ge-0/0/0:", "\"ge-0/0/0:\" is not a port name");
	check_explain(c, "ge-0/0/0 ", "\"ge-0/0/0 \" is not a port name");
	check_explain(c, "ge-0/0/4294967296", "\"ge-0/0/4294967296\" is not a port name");
	check_explain(c, "ge\033[2J", "\"ge?[2J\" is not a port name");
	check_explain(c, "0123456789012345678901234567890123456789xxx",
		"\"0123456789012345678901234567890123456789\" is not a port name");
	chassis_free(c);

	c = make(&(struct chassis_spec){.channel_mbps = {10000, 25000}});
	check_explain(
		c, "et-0/1/0", "port 0 of PIC 1 is channelised, its first channel is xe-0/1/0:0");
	check_explain(c, "et-0/1/0:2", "et-0/1/0:2 is named xe-0/1/0:2 at 10g");
	check_explain(c, "xe-0/1/0:4", "there is no port xe-0/1/0:4");
	chassis_free(c);
}

static void texts_are_cut(void)
{
	struct chassis *c = make_model("ex4400-48f");
	struct chassis_error err;
	char text[CHASSIS_TEXT_SIZE], tight[8] = "xxxxxxx";

	CU_ASSERT_STRING_EQUAL(chassis_list_ports(c, tight, sizeof tight), "ge-0/0/");
	CU_ASSERT_TRUE(chassis_explain_port(c, "foo", tight, sizeof tight));
	CU_ASSERT_STRING_EQUAL(tight, "\"foo\" i");
	tight[0] = 'x';
	chassis_list_ports(c, tight, 0);
	CU_ASSERT_EQUAL(tight[0], 'x');

	/* The longest list: every second optical port renamed. */
	for (unsigned int i = 36; i < 48; i += 2)
		CU_ASSERT_EQUAL(chassis_set_speed(c, i, 1000, &err), 0);
	CU_ASSERT_TRUE(chassis_explain_port(
		c, "0123456789012345678901234567890123456789", text, sizeof text));
	CU_ASSERT_TRUE(strlen(text) < sizeof text / 2);
	chassis_free(c);
}

static void speed_words(void)
{
	static const uint32_t all[] = {10, 100, 1000, 2500, 5000, 10000, 25000, 40000, 100000};

	for (unsigned int i = 0; i < UNIT_N(all); i++)
		CU_ASSERT_EQUAL(chassis_speed_parse(chassis_speed_text(all[i])), all[i]);
	CU_ASSERT_EQUAL(chassis_speed_parse("1G"), 0);
	CU_ASSERT_EQUAL(chassis_speed_parse(""), 0);
	CU_ASSERT_STRING_EQUAL(chassis_speed_text(7), "?");
}

static void scales(void)
{
	struct chassis *c = make(&(struct chassis_spec){.scale = "ex4400"});
	const struct chassis_scale *s = chassis_scale(c);

	CU_ASSERT_EQUAL(s->macs, 112000);
	CU_ASSERT_EQUAL(s->vlans, 4093);
	CU_ASSERT_EQUAL(s->lags, 128);
	CU_ASSERT_EQUAL(s->lag_members, 16);
	CU_ASSERT_EQUAL(s->mstis, 64);
	CU_ASSERT_EQUAL(s->vstp_instances, 510);
	CU_ASSERT_EQUAL(s->ipv4_prefixes, 130048);
	CU_ASSERT_EQUAL(s->unicast_queues + s->multicast_queues, 12);
	CU_ASSERT_EQUAL(s->max_frame, 9216);
	chassis_free(c);

	c = make(&(struct chassis_spec){.scale = "server"});
	s = chassis_scale(c);
	CU_ASSERT_EQUAL(s->macs, 1048576);
	CU_ASSERT_EQUAL(s->vlans, 4094);
	CU_ASSERT_EQUAL(s->bridge_domains, 16384);
	CU_ASSERT_EQUAL(s->lags, 128);
	CU_ASSERT_EQUAL(s->lag_members, 16);
	CU_ASSERT_EQUAL(s->ipv4_prefixes, 1048576);
	chassis_free(c);
}

static const struct unit_case cases[] = {
	{"the ten models have the ports of the data sheet", ten_models},
	{"without a specification it is an ex4400-24t", default_is_24t},
	{"modules and channels give ports in chassis order", modules_and_channels},
	{"each kind of port has its speeds", speeds_of_each_kind},
	{"an optical port's name follows its speed", name_follows_speed},
	{"a multigigabit port keeps its name", multigigabit_keeps_its_name},
	{"a wrong specification is refused with what would be right", create_errors},
	{"a wrong speed is refused and changes nothing", speed_errors},
	{"a name that is no port is explained", explanations},
	{"texts are cut at the size of the buffer", texts_are_cut},
	{"speed words go both ways", speed_words},
	{"the scales have their figures", scales},
};

const struct unit_suite chassis_suite = {
	.name = "chassis",
	.cases = cases,
	.n = UNIT_N(cases),
};
