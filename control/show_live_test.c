/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/show_live.h"

#include "control/show_build.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

static struct vex_cnt *make_cnt(unsigned int workers)
{
	struct vex_cnt *cnt = show_bench_cnt();

	cnt->pfe.life = 1;
	cnt->pfe.n_workers = workers;
	return cnt;
}

static struct port_counters *counts(struct vex_cnt *cnt, unsigned int worker, unsigned int port)
{
	return &cnt->worker[worker].counters.port[port];
}

static void workers_are_added(void)
{
	struct show_live *live = show_live_create();
	struct vex_cnt *cnt = make_cnt(2);
	struct counters *sum = calloc(1, sizeof(*sum));
	uint64_t packets[VEX_STAGES_MAX], clocks[VEX_STAGES_MAX];
	struct port_counters port;

	counts(cnt, 0, 7)->rx_packets = 3;
	counts(cnt, 1, 7)->rx_packets = 4;
	counts(cnt, 2, 7)->rx_packets = 100; /* no worker */
	counts(cnt, 1, 7)->drops[DROP_REASONS - 1] = 9;
	cnt->worker[0].counters.copies = 1;
	cnt->worker[1].counters.copies = 1;
	cnt->worker[1].counters.punt[PUNT_LLDP].dropped = 5;
	cnt->worker[0].stage_packets[2] = 10;
	cnt->worker[1].stage_clocks[2] = 20;
	show_live_port(live, cnt, 7, &port);
	CU_ASSERT_EQUAL(port.rx_packets, 7);
	CU_ASSERT_EQUAL(port.drops[DROP_REASONS - 1], 9);
	show_live_switch(live, cnt, sum);
	CU_ASSERT_EQUAL(sum->copies, 2);
	CU_ASSERT_EQUAL(sum->punt[PUNT_LLDP].dropped, 5);
	CU_ASSERT_EQUAL(sum->port[7].rx_packets, 0);
	show_live_stages(live, cnt, packets, clocks);
	CU_ASSERT_EQUAL(packets[2], 10);
	CU_ASSERT_EQUAL(clocks[2], 20);
	show_live_port(live, cnt, VEX_PORTS_MAX, &port);
	CU_ASSERT_EQUAL(port.rx_packets, 0);
	show_live_port(live, NULL, 7, &port);
	CU_ASSERT_EQUAL(port.rx_packets, 0);
	free(sum);
	free(cnt);
	show_live_free(live);
}

static void rates_are_of_the_last_second(void)
{
	struct show_live *live = show_live_create();
	struct vex_cnt *cnt = make_cnt(1);

	counts(cnt, 0, 0)->rx_packets = 1000;
	show_live_sample(live, cnt, 5000, 100);
	CU_ASSERT_EQUAL(show_live_rates(live, 0).rx_packets, 0);
	counts(cnt, 0, 0)->rx_packets += 300;
	counts(cnt, 0, 0)->rx_bytes += 30000;
	counts(cnt, 0, 0)->tx_packets += 150;
	counts(cnt, 0, 0)->tx_bytes += 1500;
	show_live_sample(live, cnt, 5500, 100); /* too early: an event in between */
	CU_ASSERT_EQUAL(show_live_rates(live, 0).rx_packets, 0);
	show_live_sample(live, cnt, 6500, 101); /* 1.5 s after the first */
	CU_ASSERT_EQUAL(show_live_rates(live, 0).rx_packets, 200);
	CU_ASSERT_EQUAL(show_live_rates(live, 0).rx_bits, 160000);
	CU_ASSERT_EQUAL(show_live_rates(live, 0).tx_packets, 100);
	CU_ASSERT_EQUAL(show_live_rates(live, 0).tx_bits, 8000);
	show_live_sample(live, cnt, 7500, 102);
	CU_ASSERT_EQUAL(show_live_rates(live, 0).rx_packets, 0);
	CU_ASSERT_EQUAL(show_live_rates(live, VEX_PORTS_MAX).rx_packets, 0);
	free(cnt);
	show_live_free(live);
}

static void links_have_a_time(void)
{
	struct show_live *live = show_live_create();
	struct vex_cnt *cnt = make_cnt(1);

	CU_ASSERT_FALSE(show_live_link(live, 3).known);
	cnt->port[3] = (struct vex_cnt_port){.bound = 1, .up = 1, .changes = 1};
	show_live_sample(live, cnt, 1000, 100);
	CU_ASSERT_TRUE(show_live_link(live, 3).up);
	CU_ASSERT_EQUAL(show_live_link(live, 3).changed, 0); /* how it was found */
	cnt->port[3].up = 0;
	cnt->port[3].changes = 2;
	show_live_sample(live, cnt, 1100, 200);
	CU_ASSERT_FALSE(show_live_link(live, 3).up);
	CU_ASSERT_EQUAL(show_live_link(live, 3).changed, 200);
	/* Down and up between two samples. */
	cnt->port[3].changes = 4;
	show_live_sample(live, cnt, 1200, 300);
	CU_ASSERT_EQUAL(show_live_link(live, 3).changed, 300);
	show_live_sample(live, cnt, 1300, 400);
	CU_ASSERT_EQUAL(show_live_link(live, 3).changed, 300);
	free(cnt);
	show_live_free(live);
}

/* vex-re may have begun after the link changed. */
static void links_have_the_time_of_the_process(void)
{
	struct show_live *live = show_live_create();
	struct vex_cnt *cnt = make_cnt(1);

	cnt->port[3] = (struct vex_cnt_port){.bound = 1, .up = 1, .changes = 7, .changed = 50};
	show_live_sample(live, cnt, 1000, 100);
	CU_ASSERT_EQUAL(show_live_link(live, 3).changed, 50);
	free(cnt);
	show_live_free(live);
}

static void links_go_down_with_the_process(void)
{
	struct show_live *live = show_live_create();
	struct vex_cnt *cnt = make_cnt(1);

	cnt->port[3] = (struct vex_cnt_port){.bound = 1, .up = 1};
	show_live_sample(live, cnt, 1000, 100);
	show_live_sample(live, NULL, 2000, 200);
	CU_ASSERT_FALSE(show_live_link(live, 3).up);
	CU_ASSERT_EQUAL(show_live_link(live, 3).changed, 200);
	show_live_sample(live, NULL, 3000, 300);
	CU_ASSERT_EQUAL(show_live_link(live, 3).changed, 200);
	free(cnt);
	show_live_free(live);
}

static void cleared_counters_begin_at_zero(void)
{
	struct show_live *live = show_live_create();
	struct vex_cnt *cnt = make_cnt(1);
	struct port_counters port;

	show_live_sample(live, cnt, 1000, 100);
	counts(cnt, 0, 1)->rx_packets = 50;
	counts(cnt, 0, 2)->rx_packets = 60;
	CU_ASSERT_EQUAL(show_live_cleared(live, 1), 0);
	show_live_clear_port(live, cnt, 1, 123);
	CU_ASSERT_EQUAL(show_live_cleared(live, 1), 123);
	counts(cnt, 0, 1)->rx_packets = 51;
	show_live_port(live, cnt, 1, &port);
	CU_ASSERT_EQUAL(port.rx_packets, 1);
	show_live_port(live, cnt, 2, &port);
	CU_ASSERT_EQUAL(port.rx_packets, 60);
	free(cnt);
	show_live_free(live);
}

static void a_new_life_forgets_the_clear(void)
{
	struct show_live *live = show_live_create();
	struct vex_cnt *cnt = make_cnt(1);
	struct port_counters port;

	show_live_sample(live, cnt, 1000, 100);
	counts(cnt, 0, 1)->rx_packets = 50;
	show_live_clear_port(live, cnt, 1, 123);
	cnt->pfe.life = 2;
	counts(cnt, 0, 1)->rx_packets = 70;
	show_live_port(live, cnt, 1, &port);
	CU_ASSERT_EQUAL(port.rx_packets, 70);
	show_live_sample(live, cnt, 2000, 101);
	show_live_port(live, cnt, 1, &port);
	CU_ASSERT_EQUAL(port.rx_packets, 70);
	CU_ASSERT_EQUAL(show_live_cleared(live, 1), 0);
	/* And what was sampled before is no rate of the new life. */
	CU_ASSERT_EQUAL(show_live_rates(live, 1).rx_packets, 0);
	free(cnt);
	show_live_free(live);
}

static void stages_are_cleared(void)
{
	uint64_t packets[VEX_STAGES_MAX], clocks[VEX_STAGES_MAX];
	struct show_live *live = show_live_create();
	struct vex_cnt *cnt = make_cnt(1);

	cnt->worker[0].stage_packets[1] = 5;
	cnt->worker[0].stage_clocks[1] = 500;
	show_live_clear_switch(live, cnt);
	cnt->worker[0].stage_packets[1] = 6;
	cnt->worker[0].stage_clocks[1] = 580;
	show_live_stages(live, cnt, packets, clocks);
	CU_ASSERT_EQUAL(packets[1], 1);
	CU_ASSERT_EQUAL(clocks[1], 80);
	show_live_clear_switch(live, NULL);
	free(cnt);
	show_live_free(live);
}

static const struct unit_case cases[] = {
	{"workers are added up", workers_are_added},
	{"rates are of the last second or more", rates_are_of_the_last_second},
	{"a link has the time of its last change", links_have_a_time},
	{"the time of a link that changed before", links_have_the_time_of_the_process},
	{"links go down when vex-pfe does", links_go_down_with_the_process},
	{"cleared counters begin at zero, others go on", cleared_counters_begin_at_zero},
	{"a new life of vex-pfe forgets what was cleared", a_new_life_forgets_the_clear},
	{"stages are cleared", stages_are_cleared},
};

const struct unit_suite show_live_suite = {
	.name = "show_live",
	.cases = cases,
	.n = UNIT_N(cases),
};
