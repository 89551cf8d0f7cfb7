/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/pipeline.h"

#include "dataplane/buf.h"
#include "dataplane/xt.h"

const struct pipeline_stage pipeline_stages[] = {
#define STAGE(w, n, f, t) \
	{.name = #n, .text = t, .walk = PIPELINE_##w, .feature = f, .run = stage_##n},
#include "dataplane/pipeline.def"
#undef STAGE
};

static inline bool wanted(const struct burst *b, uint32_t feature)
{
	return feature == FEATURE_ALWAYS || (b->features & feature);
}

static void walk_traced(struct xt *xt, struct burst *b, enum pipeline_walk walk)
{
	for (unsigned int i = 0; i < PIPELINE_STAGES; i++) {
		const struct pipeline_stage *s = &pipeline_stages[i];

		if (s->walk != walk || !wanted(b, s->feature))
			continue;
		s->run(xt, b);
		xt->tracer->stage(xt->tracer->ctx, s, b);
	}
}

/* What a fused walk does beside the stages. */
enum metering {
	PLAIN,
	COUNTED,
	TIMED,
};

/* The time since the mark was this stage's. */
static void charge(struct stage_meter *m, unsigned int stage)
{
	uint64_t now = __builtin_ia32_rdtsc();

	m->clocks[stage] += (now - m->mark) * PIPELINE_SAMPLE;
	m->mark = now;
}

static inline void account(
	struct stage_meter *m, unsigned int stage, unsigned int n, enum metering metering)
{
	if (metering == PLAIN)
		return;
	m->packets[stage] += n;
	if (metering == TIMED)
		charge(m, stage);
}

/* The stages of one of the walks; everything but xt and b is known when this is compiled. */
static inline __attribute__((always_inline)) void walk_fused(
	struct xt *xt, struct burst *b, enum pipeline_walk which, enum metering metering)
{
#define STAGE(walk, name, feature, text)                                    \
	if (PIPELINE_##walk == which && wanted(b, feature)) {               \
		stage_##name(xt, b);                                        \
		account(&xt->meter, PIPELINE_STAGE_##name, b->n, metering); \
	}
#include "dataplane/pipeline.def"
#undef STAGE
}

static void walk_ingress(struct xt *xt, struct burst *b)
{
	struct stage_meter *m = &xt->meter;

	if (!m->packets) {
		walk_fused(xt, b, PIPELINE_INGRESS, PLAIN);
	} else if (++m->untimed < PIPELINE_SAMPLE) {
		walk_fused(xt, b, PIPELINE_INGRESS, COUNTED);
	} else {
		m->untimed = 0;
		m->timing = true;
		m->mark = __builtin_ia32_rdtsc();
		walk_fused(xt, b, PIPELINE_INGRESS, TIMED);
	}
}

static void walk_egress(struct xt *xt, struct burst *b)
{
	struct stage_meter *m = &xt->meter;

	if (!m->packets) {
		walk_fused(xt, b, PIPELINE_EGRESS, PLAIN);
	} else if (!m->timing) {
		walk_fused(xt, b, PIPELINE_EGRESS, COUNTED);
	} else {
		walk_fused(xt, b, PIPELINE_EGRESS, TIMED);
	}
}

/* A packet that ends in the walk: counted once, its buffer freed. */
static void retire(struct xt *xt, struct pkt *p, uint16_t port)
{
	if (p->drop)
		xt->counters->port[port].drops[p->drop]++;
	if (p->buf)
		buf_free(p->buf);
}

void pipeline_egress(struct xt *xt)
{
	struct burst *b = &xt->egress;

	/* In the middle of replication, which begins again after it. */
	if (xt->meter.timing)
		charge(&xt->meter, PIPELINE_STAGE_replicate);
	if (__builtin_expect(xt->tracer != NULL, 0))
		walk_traced(xt, b, PIPELINE_EGRESS);
	else
		walk_egress(xt, b);
	for (struct pkt *p = b->pkt; p < b->pkt + b->n; p++)
		if (p->drop)
			retire(xt, p, p->out_port);
	if (xt->meter.timing)
		xt->meter.mark = __builtin_ia32_rdtsc();
	b->n = 0;
	b->features = 0;
}

void pipeline_run(struct xt *xt, struct burst *b)
{
	if (__builtin_expect(xt->tracer != NULL, 0))
		walk_traced(xt, b, PIPELINE_INGRESS);
	else
		walk_ingress(xt, b);
	for (struct pkt *p = b->pkt; p < b->pkt + b->n; p++) {
		struct port_counters *c = &xt->counters->port[p->in_port];

		if (pkt_live(p)) {
			c->passed++;
			continue;
		}
		if (!p->drop)
			c->punted++;
		retire(xt, p, p->in_port);
	}
	if (xt->egress.n) {
		if (xt->meter.timing)
			xt->meter.mark = __builtin_ia32_rdtsc();
		pipeline_egress(xt);
	}
	xt->meter.timing = false;
	b->n = 0;
	b->features = 0;
}
