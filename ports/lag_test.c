/* SPDX-License-Identifier: BSD-3-Clause */
/* LAGs: which fields choose the member, how evenly, and what happens when members go. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/tables.h"
#include "tests/unit/config.h"
#include "tests/unit/ops_build.h"
#include "tests/unit/pipe.h"
#include "tests/unit/random.h"

#define IN "xe-0/0/0"

/* A 24X with ae0 of n members, xe-0/0/1 .. n, in VLAN 10 with IN. */
static struct pipe *open_lag(unsigned int n, const char *more, unsigned int switches)
{
	char config[4096];
	int len = snprintf(config, sizeof(config),
		MODEL("ex4400-24x") LAGS("1") VLAN("v10", "10") ACCESS(IN, "v10")
			ACCESS("ae0", "v10") "%s",
		more);

	for (unsigned int i = 1; i <= n; i++)
		len += snprintf(config + len, sizeof(config) - (size_t)len,
			"set interfaces xe-0/0/%u ether-options 802.3ad ae0\n", i);
	return pipe_open(PIPE_HERE, config, switches);
}

/* Sends a frame to the LAG and gives the number of the port by which it leaves, -1 for none. */
static int member_of(struct pipe *p, const struct frame *f)
{
	int port = -1;

	PIPE_SEND(p, IN, f);
	PIPE_COUNT(p, "switch", "copies");
	CU_ASSERT(p->n_out <= 1);
	if (p->n_out)
		port = (int)p->out[0].port;
	PIPE_DISCARD(p);
	return port;
}

struct flow {
	uint64_t dst, src;
	struct frame_ip ip;
	uint16_t sport, dport;
	bool v6;
	unsigned int tag; /* of the frame, 0: none */
};

static struct frame frame_of_flow(const struct flow *w)
{
	struct frame f = frame_new(w->dst, w->src);

	if (w->tag)
		frame_tag(&f, 0x8100, (uint16_t)w->tag);
	(w->v6 ? frame_ipv6 : frame_ipv4)(&f, &w->ip, 28);
	if (w->ip.proto == 6)
		frame_tcp(&f, w->sport, w->dport);
	else
		frame_udp(&f, w->sport, w->dport, 28);
	frame_fill(&f, f.ip_end);
	return f;
}

/* Changes of one kind in 64 frames: do they change the member at all? */
static bool matters(
	struct pipe *p, const struct flow *base, void (*change)(struct flow *, uint32_t))
{
	struct frame f = frame_of_flow(base);
	int first = member_of(p, &f);
	bool moved = false;

	for (uint32_t i = 1; i <= 64; i++) {
		struct flow w = *base;

		change(&w, i);
		f = frame_of_flow(&w);
		moved = moved || member_of(p, &f) != first;
	}
	return moved;
}

static void change_dst(struct flow *w, uint32_t i)
{
	w->dst ^= i << 2;
}

static void change_src(struct flow *w, uint32_t i)
{
	w->src ^= i << 2;
}

static void change_ip_src(struct flow *w, uint32_t i)
{
	w->ip.src += i;
}

static void change_ip_dst(struct flow *w, uint32_t i)
{
	w->ip.dst += i;
}

static void change_sport(struct flow *w, uint32_t i)
{
	w->sport = (uint16_t)(w->sport + i);
}

static void change_dport(struct flow *w, uint32_t i)
{
	w->dport = (uint16_t)(w->dport + i);
}

static void change_priority(struct flow *w, uint32_t i)
{
	w->tag = 10 | i % 16 << 12;
}

static void change_options(struct flow *w, uint32_t i)
{
	w->ip.option_words = (uint8_t)(i % 10);
}

/* Which changes matter to frames like this: MAC S, MAC D, IP S, IP D, port S, port D. */
static void fields_of(const struct flow *w, const char *want)
{
	static void (*const change[])(struct flow *, uint32_t) = {
		change_src, change_dst, change_ip_src, change_ip_dst, change_sport, change_dport};
	struct pipe *p = open_lag(8, "", 1);

	for (unsigned int i = 0; i < UNIT_N(change); i++)
		pipe_check(PIPE_HERE, matters(p, w, change[i]) == (want[i] == 'x'),
			"field %u, protocol %u%s: %c", i, w->ip.proto, w->v6 ? " of IPv6" : "",
			want[i]);
	CU_ASSERT(!matters(p, w, change_priority));
	PIPE_CLOSE(p);
}

static void fields(void)
{
	struct flow w = {MAC(2), MAC(1), {.proto = 17, .src = 77, .dst = 99}, 1000, 2000, false, 0};

	for (int v6 = 0; v6 < 2; v6++) {
		w.v6 = v6;
		w.ip.proto = 17;
		fields_of(&w, "..xxxx");
		w.ip.proto = 6;
		fields_of(&w, "..xxxx");
		/* Only TCP and UDP have ports: an ESP SPI is none. */
		w.ip.proto = 50;
		fields_of(&w, "..xx..");
	}
}

static void options_do_not_matter(void)
{
	struct flow w = {MAC(2), MAC(1), {.proto = 17, .src = 77, .dst = 99}, 1000, 2000, false, 0};
	struct pipe *p = open_lag(8, "", 1);

	CU_ASSERT(!matters(p, &w, change_options));
	PIPE_CLOSE(p);
}

static void addresses_of_the_rest(void)
{
	struct pipe *p = open_lag(8, "", 1);
	bool dst = false;
	bool src = false;
	struct frame f = frame_of(MAC(0x1000), MAC(0x2000), 0, 64);
	int first = member_of(p, &f);

	for (unsigned int i = 1; i < 64; i++) {
		f = frame_of(MAC(0x1000 + 4 * i), MAC(0x2000), 0, 64);
		dst = dst || member_of(p, &f) != first;
		f = frame_of(MAC(0x1000), MAC(0x2000 + 4 * i), 0, 64);
		src = src || member_of(p, &f) != first;
		f = frame_of(MAC(0x1000), MAC(0x2000), 0, 64 + i);
		f.b[20] = (uint8_t)i;
		CU_ASSERT_EQUAL(member_of(p, &f), first);
	}
	CU_ASSERT(dst && src);
	PIPE_CLOSE(p);
}

static void fragments(void)
{
	static const uint16_t parts[] = {0x2000, 0x2001, 0x20b9, 0x0172};
	struct pipe *p = open_lag(16, "", 1);

	for (uint32_t flow = 0; flow < 20; flow++) {
		int first = -1;

		/* The first fragment has ports, the others have payload where ports would be. */
		for (unsigned int i = 0; i < UNIT_N(parts); i++) {
			struct flow w = {MAC(2), MAC(1), {.proto = 17, .src = flow, .dst = 99},
				(uint16_t)(1000 * i), (uint16_t)flow, false, 0};
			struct frame f;
			int member;

			w.ip.fragment = parts[i];
			f = frame_of_flow(&w);
			member = member_of(p, &f);
			CU_ASSERT(i == 0 || member == first);
			first = member;
		}
	}
	PIPE_CLOSE(p);
}

/*
 * Chi-square over n members of flows that differ in one way. The bound for n - 1 degrees of
 * freedom is exceeded by chance once in 10^5 tries; there are some forty, and the input is fixed.
 */
static const double chi_bound[] = {
	19.6, 23.1, 26.0, 28.5, 30.9, 33.2, 35.3, 37.4, 39.4, 41.3, 43.3, 45.1, 47.0, 48.8, 50.5};

static void even(unsigned int n, void (*make)(struct flow *, uint32_t), const char *what)
{
	struct pipe *p = open_lag(n, "", 1);
	double expected = 4096.0 / n;
	double chi = 0;
	unsigned int hits[32] = {0};

	p->step = PIPE_US;
	for (uint32_t i = 0; i < 4096; i++) {
		struct flow w = {MAC(2), MAC(1), {.proto = 17, .src = 7, .dst = 9}, 1, 2, false, 0};
		struct frame f;

		make(&w, i);
		f = frame_of_flow(&w);
		PIPE_SEND(p, IN, &f);
	}
	PIPE_COUNT(p, "switch", "copies");
	for (size_t i = 0; i < p->n_out; i++)
		hits[p->out[i].port]++;
	CU_ASSERT_EQUAL(PIPE_DISCARD(p), 4096);
	CU_ASSERT_EQUAL(hits[0], 0);
	for (unsigned int i = 1; i <= n; i++)
		chi += (hits[i] - expected) * (hits[i] - expected) / expected;
	pipe_check(PIPE_HERE, chi <= chi_bound[n - 2], "%s over %u members: chi-square %.1f", what,
		n, chi);
	PIPE_CLOSE(p);
}

static void make_v6_host(struct flow *w, uint32_t i)
{
	w->v6 = true;
	w->ip.src = i;
}

static void make_both(struct flow *w, uint32_t i)
{
	w->ip.src = i >> 6;
	w->ip.dst = i & 63;
}

static void distribution(void)
{
	for (unsigned int n = 2; n <= 16; n++) {
		even(n, change_ip_src, "sequential hosts");
		even(n, change_sport, "sequential ports");
	}
	even(3, make_v6_host, "sequential IPv6 hosts");
	even(16, make_v6_host, "sequential IPv6 hosts");
	even(5, make_both, "64 hosts to 64 hosts");
	even(16, make_both, "64 hosts to 64 hosts");
}

static void minimum_links(void)
{
	struct pipe *p = open_lag(3, MIN_LINKS("ae0", "2"), PIPE_SWITCHES);
	struct frame f = frame_of(MAC_ALL, MAC(1), 0, 64);
	struct vex_op ops[2] = {op_port(1, false), op_port(2, false)};

	PIPE_SEND(p, IN, &f);
	CU_ASSERT_EQUAL(PIPE_DISCARD(p), 1);
	PIPE_APPLY(p, &ops[0], 1);
	PIPE_SEND(p, IN, &f);
	CU_ASSERT_EQUAL(PIPE_DISCARD(p), 1);
	/* One link is less than two: the LAG is down both ways, also on the link that is up. */
	PIPE_APPLY(p, &ops[1], 1);
	PIPE_SEND(p, IN, &f);
	PIPE_EXPECT_DROP(p, IN, "FDB_MC_DISCARD", 1);
	PIPE_SEND(p, "xe-0/0/3", &f);
	PIPE_EXPECT_DROP(p, "xe-0/0/3", "PORT_DOWN", 1);
	PIPE_EXPECT_NOTHING(p);
	ops[1] = op_port(2, true);
	PIPE_APPLY(p, &ops[1], 1);
	PIPE_SEND(p, "xe-0/0/3", &f);
	PIPE_EXPECT(p, IN, &f);
	PIPE_EXPECT_MAC(p, 10, MAC(1), "ae0.0", "dynamic");
	PIPE_CLOSE(p);
}

static void members_by_operation(void)
{
	struct pipe *p = open_lag(4, "", PIPE_SWITCHES);
	struct vex_op del = op_member(VEX_OP_LAG_MEMBER_DEL, 0, 2);
	struct vex_op add = op_member(VEX_OP_LAG_MEMBER_ADD, 0, 2);
	bool used[8] = {false};
	struct vex_op other[2] = {op_lag(1, 1), op_member(VEX_OP_LAG_MEMBER_ADD, 1, 2)};

	/* A member already is fine, one of another LAG is not. */
	PIPE_APPLY(p, &add, 1);
	PIPE_REFUSE(p, other, 2, 1, VEX_INVALID);
	PIPE_APPLY(p, &del, 1);
	for (uint32_t i = 0; i < 64; i++) {
		struct frame f = frame_of(MAC_ALL, MAC(4 * i), 0, 64);
		int port = member_of(p, &f);

		CU_ASSERT(port == 1 || port == 3 || port == 4);
		if (port >= 0)
			used[port] = true;
	}
	CU_ASSERT(used[1] && used[3] && used[4]);
	PIPE_REFUSE(p, &del, 1, 0, VEX_NOT_FOUND);
	PIPE_APPLY(p, &add, 1);
	for (uint32_t i = 0; i < 64; i++) {
		struct frame f = frame_of(MAC_ALL, MAC(4 * i), 0, 64);
		int port = member_of(p, &f);

		if (port >= 0)
			used[port] = true;
	}
	CU_ASSERT(used[2]);
	for (uint16_t i = 1; i <= 4; i++) {
		del = op_member(VEX_OP_LAG_MEMBER_DEL, 0, i);
		PIPE_APPLY(p, &del, 1);
	}
	/* Nobody left: the LAG is down. */
	{
		struct frame f = frame_of(MAC_ALL, MAC(1), 0, 64);

		CU_ASSERT_EQUAL(member_of(p, &f), -1);
	}
	PIPE_CLOSE(p);
}

static void one_address_on_any_member(void)
{
	struct pipe *p = open_lag(3, "", PIPE_SWITCHES);
	struct frame f = frame_of(MAC_ALL, MAC(1), 0, 64);
	struct frame back = frame_of(MAC(1), MAC(2), 0, 64);
	char port[16];

	for (unsigned int i = 1; i <= 3; i++) {
		snprintf(port, sizeof(port), "xe-0/0/%u", i);
		PIPE_SEND(p, port, &f);
		PIPE_EXPECT(p, IN, &f);
		/* Not back to the LAG by another member. */
		PIPE_SEND(p, port, &back);
		PIPE_EXPECT_DROP(p, port, "LOOPBACK_FILTER", 1);
	}
	PIPE_EXPECT_COUNT(p, "fdb", "moved", 0);
	PIPE_CLOSE(p);
}

static const struct table_scale scale = {
	.macs = 64, .vlans = 8, .lags = VEX_LAGS_MAX, .lag_members = 16, .stp_instances = 1};

static enum vex_status stage(struct tables *t, struct vex_op op)
{
	return tables_stage(t, &op);
}

static void full_tables(void)
{
	struct tables *t = tables_create(VEX_PORTS_MAX, &scale);

	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	for (uint16_t k = 0; k < VEX_LAGS_MAX; k++)
		CU_ASSERT_EQUAL(stage(t, op_lag(k, 1)), VEX_OK);
	CU_ASSERT_EQUAL(t->lags, 128);
	/* 128 ports fill eight LAGs at a time; every LAG has its turn. */
	for (uint16_t k = 0; k < VEX_LAGS_MAX; k += 8) {
		for (uint16_t i = 0; i < VEX_PORTS_MAX; i++) {
			CU_ASSERT_EQUAL(stage(t, op_port(i, true)), VEX_OK);
			CU_ASSERT_EQUAL(
				stage(t, op_member(VEX_OP_LAG_MEMBER_ADD, k + i / 16, i)), VEX_OK);
		}
		tables_derive(t);
		for (uint16_t i = 0; i < VEX_PORTS_MAX; i++) {
			const struct lag_entry *lag = &t->lag[k + i / 16];

			CU_ASSERT_EQUAL(lag->active, 16);
			CU_ASSERT_EQUAL(lag->active_member[i % 16], i);
			CU_ASSERT_EQUAL(t->port[i].lport, VEX_LPORT_LAG0 + k + i / 16);
		}
		for (uint16_t i = 0; i < VEX_PORTS_MAX; i++)
			CU_ASSERT_EQUAL(
				stage(t, op_member(VEX_OP_LAG_MEMBER_DEL, k + i / 16, i)), VEX_OK);
	}
	tables_destroy(t);
}

static void one_too_many(void)
{
	struct table_scale few = scale;
	struct tables *t;

	few.lags = 127;
	t = tables_create(VEX_PORTS_MAX, &few);
	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	for (uint16_t k = 0; k < 127; k++)
		CU_ASSERT_EQUAL(stage(t, op_lag(k, 1)), VEX_OK);
	CU_ASSERT_EQUAL(stage(t, op_lag(127, 1)), VEX_NO_RESOURCE);
	/* Changing one that is there takes nothing. */
	CU_ASSERT_EQUAL(stage(t, op_lag(126, 2)), VEX_OK);
	CU_ASSERT_EQUAL(stage(t, op_lag_del(3)), VEX_OK);
	CU_ASSERT_EQUAL(stage(t, op_lag(127, 1)), VEX_OK);
	/* ae128 has no number at all. */
	CU_ASSERT_EQUAL(stage(t, op_lag(128, 1)), VEX_INVALID);
	for (uint16_t i = 0; i < 16; i++)
		CU_ASSERT_EQUAL(stage(t, op_member(VEX_OP_LAG_MEMBER_ADD, 5, i)), VEX_OK);
	CU_ASSERT_EQUAL(stage(t, op_member(VEX_OP_LAG_MEMBER_ADD, 5, 16)), VEX_NO_RESOURCE);
	CU_ASSERT_EQUAL(stage(t, op_member(VEX_OP_LAG_MEMBER_ADD, 6, 3)), VEX_INVALID);
	tables_destroy(t);
}

static const struct unit_case cases[] = {
	{"IP addresses and ports choose the member of IP, and nothing else does", fields},
	{"IP options do not move a flow", options_do_not_matter},
	{"MAC addresses choose the member of all else", addresses_of_the_rest},
	{"all fragments of a datagram take one member", fragments},
	{"flows spread evenly over 2 to 16 members", distribution},
	{"below its minimum of links a LAG is down", minimum_links},
	{"members go and come by operation", members_by_operation},
	{"a LAG is one port to the MAC table", one_address_on_any_member},
	{"128 LAGs, 16 members each", full_tables},
	{"the LAG over the scale and the 17th member are refused", one_too_many},
};

const struct unit_suite lag_suite = {.name = "lag", .cases = cases, .n = UNIT_N(cases)};
