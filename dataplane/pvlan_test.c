/* SPDX-License-Identifier: BSD-3-Clause */
/* Private VLANs (RFC 5517): who hears whom, with which tag. */
#include <stdio.h>

#include "tests/unit/config.h"
#include "tests/unit/pipe.h"

/* 0 promiscuous trunk; 1, 2 isolated; 3, 4 community c1; 5 community c2; 6 another VLAN. */
#define CONFIG                                                                                     \
	"set vlans pri vlan-id 100\nset vlans pri isolated-vlan iso\n"                             \
	"set vlans pri community-vlans [ c1 c2 ]\n"                                                \
	"set vlans iso vlan-id 101\nset vlans iso private-vlan isolated\n"                         \
	"set vlans c1 vlan-id 102\nset vlans c1 private-vlan community\n"                          \
	"set vlans c2 vlan-id 103\nset vlans c2 private-vlan community\n" VLAN("v", "200")         \
		TRUNK("ge-0/0/0", "pri") ACCESS("ge-0/0/1", "iso") ACCESS("ge-0/0/2", "iso")       \
			ACCESS("ge-0/0/3", "c1") ACCESS("ge-0/0/4", "c1") ACCESS("ge-0/0/5", "c2") \
				ACCESS("ge-0/0/6", "v")
#define PORTS 7

/* hears[a][b]: what port a sends to all is heard on b. */
static const char *const hears[PORTS] = {
	".xxxxx.",
	"x......",
	"x......",
	"x...x..",
	"x..x...",
	"x......",
	".......",
};

static const char *name(unsigned int port, char text[16])
{
	snprintf(text, 16, "ge-0/0/%u", port);
	return text;
}

/* A frame as it stands on a port: the promiscuous trunk has the primary's tag. */
static struct frame on_port(unsigned int port, uint64_t dst, uint64_t src)
{
	struct frame f = frame_new(dst, src);

	if (port == 0)
		frame_tag(&f, 0x8100, 100);
	frame_type(&f, 0x88b5);
	frame_bytes(&f, "private VLAN, private VLAN, private VLAN, private VLAN, private", 64);
	return f;
}

static void flooding(void)
{
	struct pipe *p = PIPE_OPEN(CONFIG);
	char text[16];

	for (unsigned int a = 0; a < PORTS; a++) {
		struct frame in = on_port(a, MAC_ALL, MAC(a));

		PIPE_SEND(p, name(a, text), &in);
		for (unsigned int b = 0; b < PORTS; b++) {
			struct frame out = on_port(b, MAC_ALL, MAC(a));

			if (hears[a][b] == 'x')
				PIPE_EXPECT(p, name(b, text), &out);
		}
		PIPE_EXPECT_NOTHING(p);
	}
	PIPE_EXPECT_DROP(p, "ge-0/0/6", "FDB_MC_DISCARD", 1);
	/* Addresses are shared within the primary. */
	for (unsigned int a = 0; a < 6; a++) {
		char unit[20];

		snprintf(unit, sizeof(unit), "ge-0/0/%u.0", a);
		PIPE_EXPECT_MAC(p, 100, MAC(a), unit, "dynamic");
	}
	PIPE_EXPECT_MACS(p, 7);
	PIPE_CLOSE(p);
}

static void known_addresses(void)
{
	struct pipe *p = PIPE_OPEN(CONFIG);
	char text[16];

	for (unsigned int a = 0; a < PORTS; a++) {
		struct frame f = on_port(a, MAC_ALL, MAC(a));

		PIPE_SEND(p, name(a, text), &f);
	}
	PIPE_DISCARD(p);
	for (unsigned int a = 0; a < 6; a++) {
		uint64_t isolated = 0;

		for (unsigned int b = 0; b < 6; b++) {
			struct frame in = on_port(a, MAC(b), MAC(a));
			struct frame out = on_port(b, MAC(b), MAC(a));

			if (a == b)
				continue;
			PIPE_SEND(p, name(a, text), &in);
			if (hears[a][b] == 'x')
				PIPE_EXPECT(p, name(b, text), &out);
			else
				isolated++;
			PIPE_EXPECT_NOTHING(p);
		}
		PIPE_EXPECT_DROP(p, name(a, text), "PVLAN_ISOLATION", isolated);
	}
	PIPE_CLOSE(p);
}

static const struct unit_case cases[] = {
	{"floods reach the promiscuous port and the own community alone", flooding},
	{"known addresses are reached by the same rule, others dropped by name", known_addresses},
};

const struct unit_suite pvlan_suite = {.name = "pvlan", .cases = cases, .n = UNIT_N(cases)};
