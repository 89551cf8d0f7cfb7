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

#define WALK_INGRESS(walk, name, feature)                              \
	if (PIPELINE_##walk == PIPELINE_INGRESS && wanted(b, feature)) \
		stage_##name(xt, b);
#define WALK_EGRESS(walk, name, feature)                              \
	if (PIPELINE_##walk == PIPELINE_EGRESS && wanted(b, feature)) \
		stage_##name(xt, b);

static void walk_ingress(struct xt *xt, struct burst *b)
{
#define STAGE(walk, name, feature, text) WALK_INGRESS(walk, name, feature)
#include "dataplane/pipeline.def"
#undef STAGE
}

static void walk_egress(struct xt *xt, struct burst *b)
{
#define STAGE(walk, name, feature, text) WALK_EGRESS(walk, name, feature)
#include "dataplane/pipeline.def"
#undef STAGE
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

	if (__builtin_expect(xt->tracer != NULL, 0))
		walk_traced(xt, b, PIPELINE_EGRESS);
	else
		walk_egress(xt, b);
	for (struct pkt *p = b->pkt; p < b->pkt + b->n; p++)
		if (p->drop)
			retire(xt, p, p->out_port);
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
	if (xt->egress.n)
		pipeline_egress(xt);
	b->n = 0;
	b->features = 0;
}
