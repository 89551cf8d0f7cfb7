/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Random traffic and operations over a switch that uses everything. The pipe compares bursts of 1,
 * 7, 32 and 64, frame by frame, and checks conservation; here two runs are compared as well.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/config.h"
#include "tests/unit/ops_build.h"
#include "tests/unit/pipe.h"
#include "tests/unit/random.h"

#define CONFIG                                                                                    \
	AGE("10")                                                                                 \
	LAGS("2")                                                                                 \
	VLAN("v10", "10")                                                                         \
	VLAN("v20", "20")                                                                         \
	VLAN("v30", "30")                                                                         \
	"set vlans pri vlan-id 100\nset vlans pri isolated-vlan iso\n"                            \
	"set vlans pri community-vlans com\n"                                                     \
	"set vlans iso vlan-id 101\nset vlans iso private-vlan isolated\n"                        \
	"set vlans com vlan-id 102\nset vlans com private-vlan community\n" ACCESS(               \
		"ge-0/0/0", "v10") ACCESS("ge-0/0/1", "v10") TRUNK("ge-0/0/2",                    \
		"v10 v20 v30") TRUNK("ge-0/0/3", "v20 v30") NATIVE("ge-0/0/3",                    \
		"20") TRUNK("ge-0/0/4", "pri v10") ACCESS("ge-0/0/5", "iso") ACCESS("ge-0/0/6",   \
		"com") ACCESS("ge-0/0/7", "com") MEMBER("ge-0/0/8", "ae0") MEMBER("ge-0/0/9",     \
		"ae0") MEMBER("ge-0/0/10", "ae0") TRUNK("ae0", "v10 v20")                         \
		MEMBER("ge-0/0/11", "ae1") MEMBER("ge-0/0/12", "ae1") ACCESS("ae1", "v20") TRUNK( \
			"et-0/1/0", "v10 v20 v30") STORM("ge-0/0/0", "slow") PROFILE("slow",      \
			"all bandwidth-level 2000") STORM("ge-0/0/2", "shut") PROFILE("shut",     \
			"all bandwidth-level 20000") PROFILE("shut", "action-shutdown")           \
			LIMIT("ge-0/0/1.0", "5") LIMIT_ACTION("ge-0/0/1.0", "drop")               \
				LIMIT("ae0.0", "20") MTU("ge-0/0/4", "9216")                      \
					MTU("ge-0/0/2", "4000") MTU("et-0/1/0", "9216")           \
						BRIDGE("ge-0/0/2") "recovery-timeout 10\n"

static const char *const ports[] = {"ge-0/0/0", "ge-0/0/1", "ge-0/0/2", "ge-0/0/3", "ge-0/0/4",
	"ge-0/0/5", "ge-0/0/6", "ge-0/0/7", "ge-0/0/8", "ge-0/0/9", "ge-0/0/10", "ge-0/0/11",
	"ge-0/0/12", "ge-0/0/13", "et-0/1/0"};

static uint64_t random_mac(uint64_t *s)
{
	switch (random_below(s, 40)) {
	case 0:
		return MAC_STP + random_below(s, 20);
	case 1:
		return MAC_MULTI(random_below(s, 4));
	case 2:
	case 3:
		return MAC_ALL;
	case 4:
		return MAC_SWITCH(random_below(s, 40));
	case 5:
		return 0;
	default:
		return MAC(random_below(s, 40));
	}
}

static uint32_t random_len(uint64_t *s)
{
	static const uint32_t len[] = {1, 13, 14, 17, 18, 60, 64, 128, 512, 513, 1514, 1518, 4000};

	switch (random_below(s, 20)) {
	case 0:
		return len[random_below(s, UNIT_N(len))];
	case 1:
		return 1 + random_below(s, 9240);
	default:
		return 60 + random_below(s, 600);
	}
}

/* Tags with which a port takes frames, by its position in ports; 0 is none. */
static const uint16_t legal[UNIT_N(ports)][3] = {{0}, {0}, {10, 20, 30}, {0, 20, 30}, {100, 10, 10},
	{0}, {0}, {0}, {10, 20, 20}, {10, 20, 20}, {10, 20, 20}, {0}, {0}, {0}, {10, 20, 30}};

static struct frame random_frame(uint64_t *s, uint32_t port)
{
	static const uint16_t vids[] = {0, 10, 20, 30, 100, 101, 102, 40, 4095};
	uint16_t vid = legal[port][random_below(s, 3)];
	uint64_t dst = random_mac(s);
	uint64_t src = random_below(s, 8) ? MAC(random_below(s, 40)) : random_mac(s);
	struct frame f = frame_new(dst, src);
	uint32_t len = random_len(s);

	if (random_below(s, 10) == 0)
		vid = vids[random_below(s, UNIT_N(vids))];
	if (vid || random_below(s, 8) == 0)
		frame_tag(&f, 0x8100, (uint16_t)(vid | random_below(s, 16) << 12));
	if (random_below(s, 8) == 0)
		frame_tag(&f, random_below(s, 2) ? 0x8100 : 0x88a8, (uint16_t)next_random(s));
	if (random_below(s, 2)) {
		struct frame_ip ip = {.proto = 17,
			.src = random_below(s, 9),
			.dst = random_below(s, 9),
			.fragment = random_below(s, 5) ? 0 : 0x2000};

		(random_below(s, 2) ? frame_ipv4 : frame_ipv6)(&f, &ip, 8 + random_below(s, 50));
		frame_udp(&f, (uint16_t)random_below(s, 9), (uint16_t)random_below(s, 9), 8);
	} else {
		frame_type(&f, (uint16_t)next_random(s));
	}
	if (len < f.len)
		f.len = len;
	frame_fill(&f, len);
	return f;
}

static struct vex_op random_op(uint64_t *s)
{
	uint16_t port = (uint16_t)random_below(s, 13);

	switch (random_below(s, 8)) {
	case 0:
		return op_stp(0, port, random_below(s, 4) ? VEX_STP_FORWARDING : VEX_STP_LEARNING);
	case 1:
		return op_port_up(port);
	case 2:
		return op_port(port, random_below(s, 4) != 0);
	case 3:
		return op_flush(VEX_LPORT_NONE, random_below(s, 2) ? 10 : 20, VEX_FLUSH_STICKY);
	case 4:
		return op_mac(VEX_OP_MAC_DEL, 20, 0, MAC(random_below(s, 40)));
	case 5:
		return op_mac(VEX_OP_MAC_SET, 10, 2, MAC(40 + random_below(s, 4)));
	case 6:
		return op_switch(60 + random_below(s, 60), VEX_LIMIT_DROP);
	default:
		return op_port_limit(20, 2, random_below(s, 6), VEX_LIMIT_LOG);
	}
}

/* Gaps from nothing to several ticks, so that bursts end for every reason. */
static uint64_t random_gap(uint64_t *s)
{
	switch (random_below(s, 64)) {
	case 0:
		return random_below(s, 3000) * PIPE_US;
	case 1:
		return PIPE_SEC / 50;
	default:
		return random_below(s, 4) * (uint64_t)random_below(s, 8000) * 1000;
	}
}

static uint64_t digest_bytes(uint64_t d, const void *bytes, size_t n)
{
	const uint8_t *b = bytes;

	while (n--)
		d = (d ^ *b++) * UINT64_C(0x100000001b3);
	return d;
}

/* FNV-1a over what was sent, then forgets it. */
static uint64_t digest_out(uint64_t d, struct pipe *p)
{
	PIPE_COUNT(p, "switch", "copies");
	for (size_t i = 0; i < p->n_out; i++) {
		d = digest_bytes(d, &p->out[i].port, sizeof(p->out[i].port));
		d = digest_bytes(d, &p->out[i].time, sizeof(p->out[i].time));
		d = digest_bytes(d, p->out[i].bytes, p->out[i].len);
	}
	PIPE_DISCARD(p);
	return d;
}

static uint64_t run(struct pipe *p, uint64_t seed, unsigned int frames)
{
	uint64_t digest = UINT64_C(0xcbf29ce484222325);
	char *text;

	for (unsigned int i = 0; i < frames; i++) {
		uint32_t port = random_below(&seed, UNIT_N(ports));
		struct frame f = random_frame(&seed, port);
		uint32_t cut = random_below(&seed, 50) ? f.len : random_below(&seed, f.len + 1);

		p->step = random_gap(&seed);
		PIPE_SEND_CUT(p, ports[port], &f, cut);
		if (random_below(&seed, 100) == 0) {
			struct vex_op op = random_op(&seed);

			PIPE_APPLY(p, &op, 1);
		}
		if (random_below(&seed, 300) == 0)
			digest = digest_out(digest, p);
	}
	digest = digest_out(digest, p);
	text = pipe_counters_text(p->m[0]);
	digest = digest_bytes(digest, text, strlen(text));
	free(text);
	text = pipe_tables_text(p->m[0]);
	digest = digest_bytes(digest, text, strlen(text));
	free(text);
	return digest;
}

static void bursts(void)
{
	for (uint64_t seed = 1; seed <= 6; seed++) {
		struct pipe *p = PIPE_OPEN(CONFIG);

		run(p, seed * 0x9e3779b97f4a7c15u, 4000);
		/* The traffic met something: it is no test if all of it was dropped. */
		CU_ASSERT(PIPE_COUNT(p, "switch", "copies") > 1000);
		CU_ASSERT(PIPE_COUNT(p, "fdb", "moved") > 100);
		PIPE_CLOSE(p);
	}
}

static void repeatable(void)
{
	uint64_t digest[2];

	for (unsigned int i = 0; i < 2; i++) {
		struct pipe *p = PIPE_OPEN_ONE(CONFIG);

		digest[i] = run(p, 4711, 4000);
		PIPE_CLOSE(p);
	}
	CU_ASSERT_EQUAL(digest[0], digest[1]);
}

static void traced(void)
{
	struct pipe *p = PIPE_OPEN_ONE(CONFIG);
	struct pipe *q = PIPE_OPEN_ONE(CONFIG);

	/* A switch that is being recorded walks the same. */
	vexmodel_record(q->m[0], NULL, NULL);
	CU_ASSERT_EQUAL(run(p, 99, 3000), run(q, 99, 3000));
	CU_ASSERT(vexmodel_seen(q->m[0], 1) > 3000);
	PIPE_CLOSE(p);
	PIPE_CLOSE(q);
}

static const struct unit_case cases[] = {
	{"random traffic and operations give the same in bursts of 1, 7, 32, 64", bursts},
	{"the same input twice gives the same digest", repeatable},
	{"a recorded switch does the same", traced},
};

const struct unit_suite random_suite = {.name = "random", .cases = cases, .n = UNIT_N(cases)};
