/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * chassis: what people read -- speeds, folded port lists, and why a name is not a port.
 * Built on the public functions only.
 */
#include "ports/chassis.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Most bytes of a foreign name that are repeated in a text. */
#define QUOTE_MAX 40

struct speed_name {
	uint32_t mbps;
	const char *text;
};

/* In the order of the bits of enum chassis_speed. */
static const struct speed_name speed_names[] = {
	{10, "10m"},
	{100, "100m"},
	{1000, "1g"},
	{2500, "2.5g"},
	{5000, "5g"},
	{10000, "10g"},
	{25000, "25g"},
	{40000, "40g"},
	{100000, "100g"},
};

#define SPEED_COUNT (sizeof speed_names / sizeof speed_names[0])

/* A buffer that is filled from left to right, always terminated, cut when full. */
struct text {
	char *buf;
	size_t size;
	size_t len;
};

static struct text text_on(char *buf, size_t size)
{
	if (size > 0)
		buf[0] = '\0';
	return (struct text){.buf = buf, .size = size};
}

__attribute__((format(printf, 2, 3))) static void put(struct text *t, const char *format, ...)
{
	size_t room = t->size - t->len;
	va_list args;
	int n;

	if (room == 0)
		return;
	va_start(args, format);
	n = vsnprintf(t->buf + t->len, room, format, args);
	va_end(args);
	if (n > 0)
		t->len += (size_t)n < room ? (size_t)n : room - 1;
}

uint32_t chassis_speed_parse(const char *text)
{
	for (unsigned int i = 0; i < SPEED_COUNT; i++)
		if (strcmp(speed_names[i].text, text) == 0)
			return speed_names[i].mbps;
	return 0;
}

const char *chassis_speed_text(uint32_t mbps)
{
	for (unsigned int i = 0; i < SPEED_COUNT; i++)
		if (speed_names[i].mbps == mbps)
			return speed_names[i].text;
	return "?";
}

char *chassis_speeds_text(uint32_t speeds, char *buf, size_t size)
{
	struct text t = text_on(buf, size);

	for (unsigned int i = 0; i < SPEED_COUNT; i++)
		if (speeds & UINT32_C(1) << i)
			put(&t, "%s%s", t.len ? ", " : "", speed_names[i].text);
	return buf;
}

static bool same_type(const struct chassis_port *a, const struct chassis_port *b)
{
	size_t n = strcspn(a->name, "-");

	return strncmp(a->name, b->name, n + 1) == 0;
}

/* Does b go on where a ends, so that both fit into one run of a folded list? */
static bool follows(const struct chassis_port *a, const struct chassis_port *b)
{
	if (!same_type(a, b) || a->pic != b->pic)
		return false;
	if (a->channel < 0)
		return b->channel < 0 && b->number == a->number + 1;
	return b->number == a->number && b->channel == a->channel + 1;
}

static void put_ports(struct text *t, const struct chassis *c)
{
	unsigned int count = chassis_port_count(c), last;

	for (unsigned int i = 0; i < count; i = last + 1) {
		const struct chassis_port *end;

		for (last = i; last + 1 < count; last++)
			if (!follows(chassis_port(c, last), chassis_port(c, last + 1)))
				break;
		put(t, "%s%s", i ? ", " : "", chassis_port(c, i)->name);
		end = chassis_port(c, last);
		if (last > i)
			put(t, "-%d", end->channel < 0 ? end->number : end->channel);
	}
}

char *chassis_list_ports(const struct chassis *c, char *buf, size_t size)
{
	struct text t = text_on(buf, size);

	put_ports(&t, c);
	return buf;
}

/* The part of a port name that does not depend on the speed, taken apart. */
struct place {
	unsigned int fpc, pic, number;
	int channel;
};

/* A decimal number of at most three digits without leading zeros; NULL if there is none. */
static const char *take_number(const char *s, unsigned int *value)
{
	size_t n = strspn(s, "0123456789");

	if (n == 0 || n > 3 || (n > 1 && s[0] == '0'))
		return NULL;
	*value = 0;
	for (size_t i = 0; i < n; i++)
		*value = *value * 10 + (unsigned int)(s[i] - '0');
	return s + n;
}

static bool take_place(const char *name, struct place *at)
{
	const char *s = strchr(name, '-');
	unsigned int channel;

	if (s == NULL || (s = take_number(s + 1, &at->fpc)) == NULL || *s++ != '/' ||
		(s = take_number(s, &at->pic)) == NULL || *s++ != '/' ||
		(s = take_number(s, &at->number)) == NULL)
		return false;
	at->channel = -1;
	if (*s == ':') {
		s = take_number(s + 1, &channel);
		if (s == NULL)
			return false;
		at->channel = (int)channel;
	}
	return *s == '\0';
}

/* The first port at this PIC and number, channelised or not. */
static const struct chassis_port *port_at(const struct chassis *c, const struct place *at)
{
	for (unsigned int i = 0; i < chassis_port_count(c); i++) {
		const struct chassis_port *p = chassis_port(c, i);

		if (p->pic == at->pic && p->number == at->number &&
			(at->channel < 0 || p->channel < 0 || p->channel == at->channel))
			return p;
	}
	return NULL;
}

static bool has_pic(const struct chassis *c, unsigned int pic)
{
	return port_at(c, &(struct place){.pic = pic, .channel = -1}) != NULL;
}

/* The reason proper, for a name that is at least shaped like one. */
static void put_place(
	struct text *t, const struct chassis *c, const char *name, const struct place *at)
{
	const struct chassis_port *p = port_at(c, at);

	if (at->fpc != 0)
		put(t, "there is no FPC %u, this switch is FPC 0", at->fpc);
	else if (at->pic == 2 && !has_pic(c, 2))
		put(t,
			"%s needs an extension module (chassis extension-module em-4s, em-4y or "
			"em-1c)",
			name);
	else if (p == NULL)
		put(t, "there is no port %s", name);
	else if (at->channel < 0 && p->channel >= 0)
		put(t, "port %u of PIC %u is channelised, its first channel is %s", at->number,
			at->pic, p->name);
	else if (at->channel >= 0 && p->channel < 0)
		put(t, "port %u of PIC %u is not channelised, it is named %s at %s%s", at->number,
			at->pic, p->name, chassis_speed_text(p->speed_mbps),
			p->pic == 1 ? " (channel-speed makes channels)" : "");
	else
		put(t, "%s is named %s at %s", name, p->name, chassis_speed_text(p->speed_mbps));
}

bool chassis_explain_port(const struct chassis *c, const char *name, char *buf, size_t size)
{
	struct text t = text_on(buf, size);
	char shown[QUOTE_MAX + 1], port[QUOTE_MAX + 1];
	size_t unit = strcspn(name, ".");
	struct place at;

	if (chassis_find_port(c, name) >= 0)
		return false;

	snprintf(shown, sizeof shown, "%s", name);
	for (char *s = shown; *s != '\0'; s++)
		if (*s < 0x20 || *s > 0x7e)
			*s = '?';
	snprintf(port, sizeof port, "%.*s", (int)(unit < QUOTE_MAX ? unit : QUOTE_MAX), shown);

	if (take_place(name, &at))
		put_place(&t, c, shown, &at);
	else if (name[unit] == '.' && chassis_find_port(c, port) >= 0)
		put(&t, "%s is a unit, its port is %s", shown, port);
	else
		put(&t, "\"%s\" is not a port name", shown);
	put(&t, "; the ports of this %s are ", chassis_model(c));
	put_ports(&t, c);
	return true;
}
