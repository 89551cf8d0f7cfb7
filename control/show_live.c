/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/show_live.h"

#include <stdlib.h>
#include <string.h>

/* A rate over less than this is noise. */
#define RATE_MS 1000

/* Where the 64-bit words of struct counters that are not of a port begin, and how many. */
#define SWITCH_WORDS ((sizeof(struct counters) - offsetof(struct counters, copies)) / 8)
#define PORT_WORDS   (sizeof(struct port_counters) / 8)

struct traffic {
	uint64_t rx_packets, rx_bytes, tx_packets, tx_bytes;
};

struct port_live {
	struct show_link link;
	struct traffic last; /* at sample_ms */
	struct show_rates rates;
	struct port_counters base; /* when it was cleared */
	int64_t cleared;
};

struct show_live {
	uint32_t life; /* of vex-pfe, to which everything belongs; 0: none was seen */
	uint64_t sample_ms;
	bool sampled;
	struct port_live port[VEX_PORTS_MAX];
	uint64_t switch_base[SWITCH_WORDS];
	uint64_t stage_base[2][VEX_STAGES_MAX];
};

struct show_live *show_live_create(void)
{
	return calloc(1, sizeof(struct show_live));
}

void show_live_free(struct show_live *live)
{
	free(live);
}

static uint64_t load(const uint64_t *word)
{
	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

/* Adds @n words of every worker; @at is where they are in a worker. */
static void add_workers(const struct vex_cnt *cnt, size_t at, size_t n, uint64_t *sum)
{
	memset(sum, 0, n * sizeof(*sum));
	for (uint32_t w = 0; cnt != NULL && w < vex_cnt_workers(cnt); w++) {
		const uint64_t *word =
			(const uint64_t *)(const void *)((const char *)&cnt->worker[w] + at);

		for (size_t i = 0; i < n; i++)
			sum[i] += load(&word[i]);
	}
}

static size_t port_at(unsigned int port)
{
	return offsetof(struct vex_cnt_worker, counters) + offsetof(struct counters, port) +
	       port * sizeof(struct port_counters);
}

static void raw_port(const struct vex_cnt *cnt, unsigned int port, struct port_counters *sum)
{
	add_workers(cnt, port_at(port), PORT_WORDS, (uint64_t *)(void *)sum);
}

/* A count that is below its base was read in another life: then it is since that life began. */
static void subtract(uint64_t *sum, const uint64_t *base, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sum[i] -= sum[i] >= base[i] ? base[i] : 0;
}

/* ---- Samples ---------------------------------------------------------------------------------- */

static uint64_t per_second(uint64_t now, uint64_t before, uint64_t ms)
{
	return now > before ? (uint64_t)((double)(now - before) * 1000 / (double)ms + 0.5) : 0;
}

static void sample_rates(struct port_live *p, const struct traffic *t, uint64_t ms)
{
	p->rates = (struct show_rates){
		.rx_packets = per_second(t->rx_packets, p->last.rx_packets, ms),
		.rx_bits = per_second(t->rx_bytes, p->last.rx_bytes, ms) * 8,
		.tx_packets = per_second(t->tx_packets, p->last.tx_packets, ms),
		.tx_bits = per_second(t->tx_bytes, p->last.tx_bytes, ms) * 8,
	};
}

static struct traffic traffic_of(const struct vex_cnt *cnt, unsigned int port)
{
	struct traffic t;

	_Static_assert(offsetof(struct port_counters, tx_bytes) == 24, "four words in this order");
	add_workers(cnt, port_at(port), 4, (uint64_t *)(void *)&t);
	return t;
}

static void sample_link(struct port_live *p, const struct vex_cnt_port *device, int64_t now)
{
	bool up = __atomic_load_n(&device->bound, __ATOMIC_RELAXED) == 1 &&
		  __atomic_load_n(&device->up, __ATOMIC_RELAXED) == 1;
	uint64_t changes = load(&device->changes), changed = load(&device->changed);

	if (p->link.known && (p->link.up != up || p->link.changes != changes))
		p->link.changed = now;
	if (changed != 0)
		p->link.changed = (int64_t)changed;
	p->link.known = true;
	p->link.up = up;
	p->link.changes = changes;
}

/* Counts of another life mean nothing any more. When a link changed is remembered. */
static void new_life(struct show_live *live, uint32_t life)
{
	live->life = life;
	live->sampled = false;
	memset(live->switch_base, 0, sizeof(live->switch_base));
	memset(live->stage_base, 0, sizeof(live->stage_base));
	for (unsigned int i = 0; i < VEX_PORTS_MAX; i++) {
		struct port_live *p = &live->port[i];

		p->link.changes = 0;
		p->last = (struct traffic){0};
		p->rates = (struct show_rates){0};
		p->base = (struct port_counters){0};
		p->cleared = 0;
	}
}

/* All links went down with vex-pfe. */
static void went_down(struct show_live *live, int64_t now)
{
	for (unsigned int i = 0; i < VEX_PORTS_MAX; i++) {
		struct port_live *p = &live->port[i];

		if (p->link.known && p->link.up)
			p->link.changed = now;
		p->link.up = false;
		p->rates = (struct show_rates){0};
	}
	live->sampled = false;
}

void show_live_sample(
	struct show_live *live, const struct vex_cnt *cnt, uint64_t now_ms, int64_t now)
{
	uint32_t life = cnt != NULL ? __atomic_load_n(&cnt->pfe.life, __ATOMIC_ACQUIRE) : 0;
	uint64_t ms = now_ms - live->sample_ms;
	bool rates;

	if (life == 0) {
		went_down(live, now);
		return;
	}
	if (life != live->life)
		new_life(live, life);
	rates = !live->sampled || ms >= RATE_MS;
	for (unsigned int i = 0; i < VEX_PORTS_MAX; i++) {
		struct traffic t;

		sample_link(&live->port[i], &cnt->port[i], now);
		if (!rates)
			continue;
		t = traffic_of(cnt, i);
		if (live->sampled)
			sample_rates(&live->port[i], &t, ms);
		live->port[i].last = t;
	}
	if (rates)
		live->sample_ms = now_ms;
	live->sampled = true;
}

struct show_rates show_live_rates(const struct show_live *live, unsigned int port)
{
	return port < VEX_PORTS_MAX ? live->port[port].rates : (struct show_rates){0};
}

struct show_link show_live_link(const struct show_live *live, unsigned int port)
{
	return port < VEX_PORTS_MAX ? live->port[port].link : (struct show_link){0};
}

/* ---- Counters --------------------------------------------------------------------------------- */

static bool same_life(const struct show_live *live, const struct vex_cnt *cnt)
{
	return cnt != NULL && __atomic_load_n(&cnt->pfe.life, __ATOMIC_ACQUIRE) == live->life;
}

void show_live_port(const struct show_live *live, const struct vex_cnt *cnt, unsigned int port,
	struct port_counters *sum)
{
	memset(sum, 0, sizeof(*sum));
	if (port >= VEX_PORTS_MAX)
		return;
	raw_port(cnt, port, sum);
	if (same_life(live, cnt))
		subtract((uint64_t *)(void *)sum,
			(const uint64_t *)(const void *)&live->port[port].base, PORT_WORDS);
}

static void raw_switch(const struct vex_cnt *cnt, uint64_t *sum)
{
	add_workers(cnt,
		offsetof(struct vex_cnt_worker, counters) + offsetof(struct counters, copies),
		SWITCH_WORDS, sum);
}

void show_live_switch(const struct show_live *live, const struct vex_cnt *cnt, struct counters *sum)
{
	uint64_t *words = (uint64_t *)(void *)sum + offsetof(struct counters, copies) / 8;

	memset(sum, 0, sizeof(*sum));
	raw_switch(cnt, words);
	if (same_life(live, cnt))
		subtract(words, live->switch_base, SWITCH_WORDS);
}

static void raw_stages(const struct vex_cnt *cnt, uint64_t *packets, uint64_t *clocks)
{
	add_workers(cnt, offsetof(struct vex_cnt_worker, stage_packets), VEX_STAGES_MAX, packets);
	add_workers(cnt, offsetof(struct vex_cnt_worker, stage_clocks), VEX_STAGES_MAX, clocks);
}

void show_live_stages(const struct show_live *live, const struct vex_cnt *cnt,
	uint64_t packets[VEX_STAGES_MAX], uint64_t clocks[VEX_STAGES_MAX])
{
	raw_stages(cnt, packets, clocks);
	if (!same_life(live, cnt))
		return;
	subtract(packets, live->stage_base[0], VEX_STAGES_MAX);
	subtract(clocks, live->stage_base[1], VEX_STAGES_MAX);
}

int64_t show_live_cleared(const struct show_live *live, unsigned int port)
{
	return port < VEX_PORTS_MAX ? live->port[port].cleared : 0;
}

/* Bases are of one life; whoever clears before the first sample of a life begins it. */
static bool begin_life(struct show_live *live, const struct vex_cnt *cnt)
{
	if (cnt == NULL)
		return false;
	if (!same_life(live, cnt))
		new_life(live, __atomic_load_n(&cnt->pfe.life, __ATOMIC_ACQUIRE));
	return true;
}

void show_live_clear_port(
	struct show_live *live, const struct vex_cnt *cnt, unsigned int port, int64_t now)
{
	if (port >= VEX_PORTS_MAX || !begin_life(live, cnt))
		return;
	raw_port(cnt, port, &live->port[port].base);
	live->port[port].cleared = now;
}

void show_live_clear_switch(struct show_live *live, const struct vex_cnt *cnt)
{
	if (!begin_life(live, cnt))
		return;
	raw_switch(cnt, live->switch_base);
	raw_stages(cnt, live->stage_base[0], live->stage_base[1]);
}
