/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * chassis: what the box is made of -- the ten EX4400 models, their ports and their table sizes.
 *
 * A chassis is made from a specification (`chassis { model; scale; extension-module; }` and the
 * channel speeds of the 100G pair) and answers two questions: which ports are there, in which
 * order and under which names; and how much fits into each table. It knows nothing about
 * configuration text, packets or devices, prints nothing and needs no library.
 *
 * Port order is the order in which everything else counts ports: PIC 0 (access), PIC 1 (the 100G
 * pair), PIC 2 (the extension module), each by port number, a channelised port replaced by its
 * four channels. The index into that order is the "port index" of the whole program.
 *
 * Names are TYPE-FPC/PIC/PORT[:CHANNEL], FPC always 0:
 *
 *      copper (24T 24P 48T 48P 48XP)   ge-    at 10m, 100m, 1g
 *      multigigabit (24MP 48MP 48MXP)  mge-   at 100m .. 10g
 *      optical                         ge- up to 1g, xe- at 10g, et- from 25g on
 *
 * so that an optical port is renamed by chassis_set_speed(). The name that it had is then not a
 * port any more, and chassis_explain_port() says what it is called now. Names are matched
 * exactly: no leading zeros, no unit (`.0`), lower case.
 *
 * How to use it:
 *
 *      struct chassis_error err;
 *      struct chassis *c = chassis_create(&(struct chassis_spec){.model = "ex4400-48f"}, &err);
 *      if (c == NULL)
 *              ... err.kind, err.value, err.text ...
 *      int i = chassis_find_port(c, name);
 *      if (i < 0)
 *              chassis_explain_port(c, name, text, sizeof text);
 *
 * For a configuration that names ports and sets their speeds in one go (`interfaces ge-0/0/36 {
 * speed 1g; }` on a 48F): chassis_resolve_port() tells which port may bear a name and at which
 * speed; first apply all speeds with chassis_set_speed(), then look names up.
 *
 * Not thread safe: a chassis that is being changed must not be read. Reading is safe from any
 * number of threads.
 */
#ifndef VEX_PORTS_CHASSIS_H
#define VEX_PORTS_CHASSIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Most physical ports that a chassis may ever have; the largest one today has 60. */
#define CHASSIS_PORTS_MAX 128

/* Bytes of the longest port name, with the terminating zero. */
#define CHASSIS_NAME_SIZE 16

/* Bytes that hold any text chassis_list_ports() and chassis_explain_port() write. A port list is
 * longest when every optical port of a 48F runs at another speed than its neighbour. */
#define CHASSIS_TEXT_SIZE 1024

/* Ports of the 100G pair, PIC 1. */
#define CHASSIS_PAIR_PORTS 2

/* Speeds, as bits of chassis_port.speeds. */
enum chassis_speed {
	CHASSIS_SPEED_10M = 1 << 0,
	CHASSIS_SPEED_100M = 1 << 1,
	CHASSIS_SPEED_1G = 1 << 2,
	CHASSIS_SPEED_2G5 = 1 << 3,
	CHASSIS_SPEED_5G = 1 << 4,
	CHASSIS_SPEED_10G = 1 << 5,
	CHASSIS_SPEED_25G = 1 << 6,
	CHASSIS_SPEED_40G = 1 << 7,
	CHASSIS_SPEED_100G = 1 << 8,
};

enum chassis_media {
	CHASSIS_COPPER,	  /* RJ45, 10/100/1000BASE-T */
	CHASSIS_MULTIGIG, /* RJ45, 802.3bz */
	CHASSIS_SFP,
	CHASSIS_SFP_PLUS,
	CHASSIS_SFP28,
	CHASSIS_QSFP28,
	CHASSIS_CHANNEL, /* one lane of a channelised QSFP28 */
};

/* One physical port. */
struct chassis_port {
	char name[CHASSIS_NAME_SIZE]; /* follows speed_mbps on optical ports */
	uint8_t pic;		      /* 0 access, 1 the 100G pair, 2 extension module */
	uint8_t number;		      /* within the PIC, from 0 */
	int8_t channel;		      /* 0..3, or -1 for a port that is not channelised */
	bool is_access;		      /* PIC 0: in VLAN `default` when nothing is configured */
	enum chassis_media media;
	uint32_t speed_mbps;   /* now */
	uint32_t default_mbps; /* without a `speed` statement: the fastest */
	uint32_t speeds;       /* enum chassis_speed, or-ed: what it can be set to */
};

/*
 * How many entries of each kind fit. `scale ex4400` has the figures of the data sheet; `scale
 * server` has ours. Where the data sheet is silent (vrfs, vteps, vnis) both have ours.
 */
struct chassis_scale {
	const char *name; /* "ex4400" or "server" */
	uint32_t macs;
	uint32_t vlans; /* VLANs at a time; ids are 1..4094 in both scales */
	uint32_t bridge_domains;
	uint32_t lags;
	uint32_t lag_members; /* of one LAG */
	uint32_t mstis;
	uint32_t vstp_instances;
	uint32_t vrfs;
	uint32_t ipv4_prefixes;
	uint32_t ipv4_hosts;
	uint32_t ipv6_prefixes;
	uint32_t ipv6_hosts;
	uint32_t arp;
	uint32_t nd;
	uint32_t ipv4_mroutes;
	uint32_t ipv6_mroutes;
	uint32_t pacl_in; /* filter terms, also the next four */
	uint32_t vacl_in;
	uint32_t racl_in;
	uint32_t acl_out_shared; /* port and VLAN filters on the way out share one pool */
	uint32_t racl_out;
	uint32_t unicast_queues; /* of one port, also the next */
	uint32_t multicast_queues;
	uint32_t mirror_sessions;
	uint32_t mirror_destinations;
	uint32_t vteps;
	uint32_t vnis;
	uint32_t max_frame; /* bytes, as `mtu` counts them: without FCS and without tags */
};

enum chassis_error_kind {
	CHASSIS_OK,
	CHASSIS_UNKNOWN_MODEL,
	CHASSIS_UNKNOWN_SCALE,
	CHASSIS_UNKNOWN_MODULE,
	CHASSIS_BAD_CHANNEL_SPEED, /* a channel speed other than 0, 10g or 25g */
	CHASSIS_BAD_PORT,	   /* no such index */
	CHASSIS_BAD_SPEED,	   /* the port does not run at this speed */
	CHASSIS_NO_MEMORY,
};

struct chassis_error {
	enum chassis_error_kind kind;
	char value[64]; /* what was refused, cut if longer */
	char text[320]; /* one sentence: what is wrong, and what would be right */
};

/* What a chassis is made from. Zeros everywhere give an ex4400-24t without module. */
struct chassis_spec {
	const char *model;	      /* "ex4400-48f"; NULL: "ex4400-24t" */
	const char *scale;	      /* "ex4400" or "server"; NULL: "ex4400" */
	const char *extension_module; /* "em-4s", "em-4y" or "em-1c"; NULL: the slot is empty */
	/* For each port of the 100G pair: 0 not channelised, 10000 or 25000 four channels. */
	uint32_t channel_mbps[CHASSIS_PAIR_PORTS];
};

struct chassis;

/*
 * Make a chassis. All strings are copied or looked up, none is kept.
 * Returns NULL and fills *err (which must not be NULL) on an unknown model, scale or module, on a
 * channel speed other than 0, 10000 and 25000, and without memory. Free with chassis_free().
 */
struct chassis *chassis_create(const struct chassis_spec *spec, struct chassis_error *err);

/* Free a chassis; NULL is allowed. */
void chassis_free(struct chassis *c);

/* The model, as it is written in `chassis model`; lives as long as the program. */
const char *chassis_model(const struct chassis *c);

/* The table sizes; lives as long as the program. */
const struct chassis_scale *chassis_scale(const struct chassis *c);

/* Number of physical ports, at most CHASSIS_PORTS_MAX. */
unsigned int chassis_port_count(const struct chassis *c);

/*
 * The port with index i; NULL if there is none. The pointer lives as long as the chassis; what it
 * points at changes with chassis_set_speed().
 */
const struct chassis_port *chassis_port(const struct chassis *c, unsigned int i);

/* Index of the port that has exactly this name now; -1 if there is none. */
int chassis_find_port(const struct chassis *c, const char *name);

/*
 * Which port bears this name at one of its speeds, though perhaps not now?
 * Returns the index and stores in *mbps the speed: the one that it has if the name is its name
 * now, otherwise the fastest that gives this name. -1 if no port ever bears the name.
 */
int chassis_resolve_port(const struct chassis *c, const char *name, uint32_t *mbps);

/*
 * Set the speed of port i. An optical port is renamed if its type changes with the speed.
 * Returns 0, or -1 with *err filled and the chassis as it was: no such port, or a speed that this
 * port does not have (the text lists those that it has, and for the 100G pair says how to
 * channelise).
 */
int chassis_set_speed(struct chassis *c, unsigned int i, uint32_t mbps, struct chassis_error *err);

/*
 * The name that port i has at a speed, without setting it.
 * Returns false, and makes buf empty, if there is no such port or it does not run at this speed.
 */
bool chassis_name_at(
	const struct chassis *c, unsigned int i, uint32_t mbps, char buf[CHASSIS_NAME_SIZE]);

/*
 * All port names, in port order and with runs folded: "ge-0/0/0-23, et-0/1/0-1" or
 * "xe-0/1/0:0-3". Writes at most size bytes with the terminating zero (CHASSIS_TEXT_SIZE is
 * always enough) and returns buf.
 */
char *chassis_list_ports(const struct chassis *c, char *buf, size_t size);

/*
 * Why a name is not a port: one sentence that names the port as it is called now ("xe-0/0/36 is
 * named ge-0/0/36 at 1g"), or what is missing (channel speed, extension module), or the nearest
 * mistake (a unit, another member, a wrong number), and ends with the list of all ports.
 * The name is quoted with unprintable bytes replaced and is cut after 40 bytes.
 * Returns true if it wrote an explanation; false, with buf empty, if the name is a port.
 */
bool chassis_explain_port(const struct chassis *c, const char *name, char *buf, size_t size);

/*
 * A speed as configuration writes it, "10m" "100m" "1g" "2.5g" "5g" "10g" "25g" "40g" "100g", in
 * Mb/s; 0 if the text is none of these.
 */
uint32_t chassis_speed_parse(const char *text);

/* The reverse; "?" for a speed that no port has. */
const char *chassis_speed_text(uint32_t mbps);

/* The speeds of a port (chassis_port.speeds) as text, slowest first: "100m, 1g". Returns buf. */
char *chassis_speeds_text(uint32_t speeds, char *buf, size_t size);

/* The models, for completion and tests: name of model i, NULL when i is past the last. */
const char *chassis_model_name(unsigned int i);

#endif
