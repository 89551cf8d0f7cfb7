/* SPDX-License-Identifier: BSD-3-Clause */
/* Frames of the routing engine: what is refused, whatever the ring says. */
#include "dataplane/live_inject.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

struct bench {
	struct tables *t;
	struct vex_inject *r;
};

/* Two ports of MTU 1514, up; an untagged frame for port 1. */
static struct bench bench_open(uint16_t length)
{
	const struct table_scale scale = {
		.macs = 16, .vlans = 4, .lags = 2, .lag_members = 2, .stp_instances = 1};
	struct bench b = {tables_create(2, &scale), calloc(1, sizeof(struct vex_inject))};

	CU_ASSERT_FATAL(b.t != NULL && b.r != NULL);
	b.t->port[0].flags = b.t->port[1].flags = VEX_PORT_ADMIN_UP;
	tables_derive(b.t);
	b.r->port = 1;
	b.r->length = length;
	memset(b.r->frame, 0x02, sizeof(b.r->frame));
	return b;
}

static bool ok(const struct bench *b)
{
	return live_inject_ok(b->t, b->r, (int)VEX_INJECT_SIZE(b->r->length));
}

static void bench_close(struct bench *b)
{
	tables_destroy(b->t);
	free(b->r);
}

static void tag(struct bench *b, unsigned int at, uint16_t tpid)
{
	b->r->frame[at] = (uint8_t)(tpid >> 8);
	b->r->frame[at + 1] = (uint8_t)tpid;
}

static void lengths(void)
{
	struct bench b = bench_open(14);

	CU_ASSERT(ok(&b));
	b.r->length = 13;
	CU_ASSERT(!ok(&b));
	b.r->length = 0;
	CU_ASSERT(!ok(&b));
	b.r->length = 100;
	CU_ASSERT(ok(&b));
	/* The record is shorter or longer than it says. */
	CU_ASSERT(!live_inject_ok(b.t, b.r, (int)VEX_INJECT_SIZE(99)));
	CU_ASSERT(!live_inject_ok(b.t, b.r, (int)VEX_INJECT_SIZE(101)));
	CU_ASSERT(!live_inject_ok(b.t, b.r, 0));
	b.r->length = 0xffff;
	CU_ASSERT(!ok(&b));
	b.r->length = 100;
	b.r->zero = 1;
	CU_ASSERT(!ok(&b));
	bench_close(&b);
}

static void ports(void)
{
	struct bench b = bench_open(60);
	struct port_entry *port = &b.t->port[1];

	b.r->port = 2;
	CU_ASSERT(!ok(&b));
	b.r->port = 127;
	CU_ASSERT(!ok(&b));
	b.r->port = 0xffff;
	CU_ASSERT(!ok(&b));
	b.r->port = 1;
	CU_ASSERT(ok(&b));
	port->link_down = 1;
	CU_ASSERT(!ok(&b));
	port->link_down = 0;
	port->shutdown = 1;
	CU_ASSERT(!ok(&b));
	port->shutdown = 0;
	port->flags = 0;
	CU_ASSERT(!ok(&b));
	port->flags = VEX_PORT_ADMIN_UP;
	/* A LAG that waits for more links: the port carries no traffic, but its protocols. */
	b.t->lag[0] = (struct lag_entry){.exists = true,
		.members = 1,
		.minimum_links = 2,
		.flags = VEX_PORT_ADMIN_UP,
		.member = {1}};
	tables_derive(b.t);
	CU_ASSERT(!port->up);
	CU_ASSERT(ok(&b));
	bench_close(&b);
}

static void mtus(void)
{
	struct bench b = bench_open(1514);

	CU_ASSERT(ok(&b));
	b.r->length = 1515;
	CU_ASSERT(!ok(&b));
	tag(&b, 12, 0x8100);
	b.r->length = 1518;
	CU_ASSERT(ok(&b));
	b.r->length = 1519;
	CU_ASSERT(!ok(&b));
	tag(&b, 16, 0x88a8);
	b.r->length = 1522;
	CU_ASSERT(ok(&b));
	b.r->length = 1523;
	CU_ASSERT(!ok(&b));
	/* A third tag is payload. */
	tag(&b, 20, 0x8100);
	CU_ASSERT(!ok(&b));
	b.t->port[1].mtu = 9216;
	b.r->length = 9224;
	CU_ASSERT(ok(&b));
	b.r->length = 9225;
	CU_ASSERT(!ok(&b));
	bench_close(&b);
}

static const struct unit_case cases[] = {
	{"a record is as long as it says, and a frame", lengths},
	{"only a port that is up takes frames, also while its LAG is down", ports},
	{"up to two tags do not count against the MTU", mtus},
};

const struct unit_suite live_inject_suite = {
	.name = "live_inject", .cases = cases, .n = UNIT_N(cases)};
