/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Traces: a JSON line for each stage that a packet passed, up to the one in which it ended. Packets
 * walk singly while tracing, so that the lines of one stand together and no burst shows.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/model.h"
#include "dataplane/pipeline.h"

struct trace {
	const struct vexmodel *model;
	vexmodel_write_fn write;
	void *ctx;
	struct pipeline_tracer tracer;
	const struct pipeline_stage *last; /* the stage before */
	bool ended[2][BURST_MAX];	   /* by walk: the packet's end has been written */
};

static const char *class_name(const struct pkt *p)
{
	static const char *const names[] = {
		[PKT_KNOWN_UNICAST] = "known-unicast",
		[PKT_UNKNOWN_UNICAST] = "unknown-unicast",
		[PKT_BROADCAST] = "broadcast",
		[PKT_MULTICAST] = "multicast",
	};

	return names[p->class];
}

static void set_mac(json_t *line, const char *name, uint64_t mac)
{
	char text[MODEL_MAC_SIZE];

	json_object_set_new(line, name, json_string(model_mac_text(mac, text)));
}

static json_t *line_of(const struct trace *t, const struct pipeline_stage *s, const struct pkt *p)
{
	const struct vexmodel *m = t->model;
	json_t *line = json_object();
	char unit[MODEL_UNIT_SIZE];

	json_object_set_new(line, "packet", json_integer((json_int_t)p->number));
	json_object_set_new(line, "stage", json_string(s->name));
	json_object_set_new(line, "time_ps", json_integer((json_int_t)p->time));
	json_object_set_new(line, "port", json_string(vexmodel_port_name(m, p->in_port)));
	json_object_set_new(line, "length", json_integer(p->len));
	if (p->dmac || p->smac) {
		set_mac(line, "dst", p->dmac);
		set_mac(line, "src", p->smac);
	}
	if (p->vlan)
		json_object_set_new(line, "vlan", json_string(model_vlan_name(m, p->bd)));
	if (s->run == stage_fdb && !p->drop) {
		json_object_set_new(line, "class", json_string(class_name(p)));
		if (p->class == PKT_KNOWN_UNICAST)
			json_object_set_new(
				line, "to", json_string(model_unit_name(m, p->out_lport, unit)));
	}
	if (s->walk == PIPELINE_EGRESS)
		json_object_set_new(line, "out", json_string(vexmodel_port_name(m, p->out_port)));
	if (p->drop)
		json_object_set_new(line, "drop", json_string(drop_name(p->drop)));
	else if (p->flags & PKT_F_PUNT)
		json_object_set_new(line, "punt", json_true());
	return line;
}

static void write_line(const struct trace *t, json_t *line)
{
	char *text = json_dumps(line, JSON_COMPACT | JSON_PRESERVE_ORDER);

	if (text) {
		t->write(t->ctx, text, strlen(text));
		t->write(t->ctx, "\n", 1);
	}
	free(text);
	json_decref(line);
}

/* Whether a packet goes no further; what port ingress wants punted still meets its policer. */
static bool has_ended(const struct pipeline_stage *s, const struct pkt *p)
{
	if (s->run == stage_port_ingress && (p->flags & PKT_F_PUNT) && !p->drop)
		return false;
	return !pkt_live(p);
}

static void trace_stage(void *ctx, const struct pipeline_stage *s, const struct burst *b)
{
	struct trace *t = ctx;
	bool *ended = t->ended[s->walk];

	/* The first stage of a walk meets fresh packets. */
	if (!t->last || s->walk != t->last->walk || s <= t->last)
		memset(ended, 0, sizeof(t->ended[0]));
	t->last = s;
	for (unsigned int i = 0; i < b->n; i++) {
		if (ended[i])
			continue;
		ended[i] = has_ended(s, &b->pkt[i]);
		write_line(t, line_of(t, s, &b->pkt[i]));
	}
}

struct trace *trace_create(const struct vexmodel *m, vexmodel_write_fn write, void *ctx)
{
	struct trace *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->model = m;
	t->write = write;
	t->ctx = ctx;
	t->tracer = (struct pipeline_tracer){.stage = trace_stage, .ctx = t};
	return t;
}

void trace_destroy(struct trace *t)
{
	free(t);
}

const struct pipeline_tracer *trace_tracer(const struct trace *t)
{
	return &t->tracer;
}
