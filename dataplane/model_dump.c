/* SPDX-License-Identifier: BSD-3-Clause */
/* Counters and tables as JSON. Tables are written entry by entry, so that a million fit. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/model.h"
#include "qos/queue.h"

static void set_count(json_t *object, const char *name, uint64_t n)
{
	json_object_set_new(object, name, json_integer((json_int_t)n));
}

/* The reasons that occurred, with their counts. */
static json_t *drops_json(const uint64_t drops[DROP_REASONS])
{
	json_t *object = json_object();

	for (unsigned int r = DROP_NONE + 1; r < DROP_REASONS; r++)
		if (drops[r])
			set_count(object, drop_name(r), drops[r]);
	return object;
}

static json_t *port_json(const struct vexmodel *m, uint16_t port, uint64_t totals[DROP_REASONS])
{
	const struct port_counters *c = &m->engine->counters.port[port];
	json_t *object = json_object();

	set_count(object, "rx_packets", c->rx_packets);
	set_count(object, "rx_bytes", c->rx_bytes);
	set_count(object, "tx_packets", c->tx_packets);
	set_count(object, "tx_bytes", c->tx_bytes);
	set_count(object, "punted", c->punted);
	set_count(object, "consumed", c->consumed);
	set_count(object, "held", c->held);
	set_count(object, "passed", c->passed);
	set_count(object, "enqueued", c->enqueued);
	set_count(object, "queued", queues_depth(m->engine->xt.queues, port));
	set_count(object, "time_backwards", c->time_backwards);
	set_count(object, "mac_limit_exceeded", c->mac_limit_exceeded);
	json_object_set_new(object, "drops", drops_json(c->drops));
	for (unsigned int r = 0; r < DROP_REASONS; r++)
		totals[r] += c->drops[r];
	return object;
}

static json_t *event_json(const struct vexmodel *m, const struct evlog_event *e)
{
	static const char *const names[EVLOG_TYPES] = {
		[EVLOG_MAC_LIMIT] = "mac-limit",
		[EVLOG_MAC_LEARNED] = "mac-learned",
		[EVLOG_MAC_MOVED] = "mac-moved",
		[EVLOG_MAC_AGED] = "mac-aged",
		[EVLOG_PORT_SHUTDOWN] = "port-shutdown",
		[EVLOG_PORT_RECOVERED] = "port-recovered",
	};
	char name[CTL_LPORT_NAME_SIZE];
	json_t *object = json_object();
	char mac[MODEL_MAC_SIZE];

	set_count(object, "time_ns", e->time / VEX_PS_PER_NS);
	json_object_set_new(object, "event", json_string(names[e->type]));
	json_object_set_new(object, "port", json_string(ctl_lport_name(m->image, e->lport, name)));
	if (e->type == EVLOG_MAC_MOVED)
		json_object_set_new(
			object, "from", json_string(ctl_lport_name(m->image, e->from_lport, name)));
	if (e->bd != VEX_BD_NONE)
		json_object_set_new(object, "vlan", json_string(model_vlan_name(m, e->bd)));
	if (e->mac)
		json_object_set_new(object, "mac", json_string(model_mac_text(e->mac, mac)));
	if (e->cause)
		json_object_set_new(object, "cause", json_string(drop_name(e->cause)));
	return object;
}

/* The protocols of which something came to be punted. */
static json_t *punt_json(const struct counters *c)
{
	json_t *object = json_object();

	for (unsigned int i = 0; i < PUNT_PROTOCOLS; i++) {
		json_t *one;

		if (!c->punt[i].received)
			continue;
		one = json_object();
		set_count(one, "received", c->punt[i].received);
		set_count(one, "dropped", c->punt[i].dropped);
		json_object_set_new(object, punt_name(i), one);
	}
	return object;
}

static json_t *counters_json(const struct vexmodel *m)
{
	const struct counters *c = &m->engine->counters;
	const struct evlog *log = &m->engine->core.log;
	uint64_t totals[DROP_REASONS] = {0};
	uint64_t limit_exceeded = 0;
	json_t *root = json_object();
	json_t *ports = json_object();
	json_t *sw = json_object();
	json_t *fdb = json_object();
	json_t *events = json_array();

	for (uint16_t i = 0; i < vexmodel_ports(m); i++) {
		json_object_set_new(ports, vexmodel_port_name(m, i), port_json(m, i, totals));
		limit_exceeded += c->port[i].mac_limit_exceeded;
	}
	set_count(sw, "copies", c->copies);
	set_count(sw, "generated", c->generated);
	set_count(sw, "injected", c->injected);
	set_count(sw, "released", c->released);
	set_count(fdb, "learned", c->mac_learned);
	set_count(fdb, "moved", c->mac_moved);
	set_count(fdb, "aged", m->engine->core.mac_aged);
	set_count(fdb, "no_resource", c->mac_no_resource);
	set_count(fdb, "limit_exceeded", limit_exceeded);
	for (uint32_t i = 0; i < log->n; i++)
		json_array_append_new(events, event_json(m, &log->event[i]));
	json_object_set_new(root, "ports", ports);
	json_object_set_new(root, "switch", sw);
	json_object_set_new(root, "fdb", fdb);
	json_object_set_new(root, "punt", punt_json(c));
	json_object_set_new(root, "drops", drops_json(totals));
	json_object_set_new(root, "log", events);
	set_count(root, "log_lost", log->lost);
	return root;
}

/* A writer that remembers that it failed. */
struct out {
	vexmodel_write_fn write;
	void *ctx;
	bool failed;
};

static void put(struct out *o, const char *text)
{
	o->failed = o->failed || o->write(o->ctx, text, strlen(text)) != 0;
}

static void put_json(struct out *o, json_t *json, size_t flags)
{
	char *text = json_dumps(json, flags | JSON_PRESERVE_ORDER);

	if (text)
		put(o, text);
	else
		o->failed = true;
	free(text);
	json_decref(json);
}

enum vexmodel_status vexmodel_dump_counters(struct vexmodel *m, vexmodel_write_fn write, void *ctx)
{
	struct out o = {.write = write, .ctx = ctx};

	engine_settle(m->engine);
	put_json(&o, counters_json(m), JSON_INDENT(2));
	put(&o, "\n");
	return o.failed ? VEXMODEL_IO : VEXMODEL_OK;
}

/* An array of the top-level object, an entry on a line. */
static void put_entry(struct out *o, bool *first, json_t *entry)
{
	put(o, *first ? "\n    " : ",\n    ");
	*first = false;
	put_json(o, entry, 0);
}

static void put_end(struct out *o, bool first, const char *after)
{
	put(o, first ? "]" : "\n  ]");
	put(o, after);
}

struct mac_list {
	const struct tables *tables;
	struct mac_entry *entry;
	size_t n;
	size_t size;
};

static void collect_mac(void *ctx, const struct mac_entry *e)
{
	struct mac_list *list = ctx;

	if (list->n < list->size)
		list->entry[list->n++] = *e;
}

/* By VLAN identifier of the filtering database, then address. */
static int compare_macs(const void *a, const void *b, void *ctx)
{
	const struct tables *t = ctx;
	const struct mac_entry *ea = a;
	const struct mac_entry *eb = b;
	uint16_t va = t->vlan[ea->fid_bd].vid;
	uint16_t vb = t->vlan[eb->fid_bd].vid;

	if (va != vb)
		return va < vb ? -1 : 1;
	return ea->mac < eb->mac ? -1 : ea->mac > eb->mac;
}

static json_t *mac_json(const struct vexmodel *m, const struct mac_entry *e)
{
	static const char *const types[VEX_MAC_TYPES] = {
		[VEX_MAC_DYNAMIC] = "dynamic",
		[VEX_MAC_STATIC] = "static",
		[VEX_MAC_STICKY] = "sticky",
		[VEX_MAC_OWN] = "own",
	};
	char unit[MODEL_UNIT_SIZE];
	char mac[MODEL_MAC_SIZE];

	return json_pack("{s:s, s:i, s:s, s:s, s:s}", "vlan", model_vlan_name(m, e->fid_bd),
		"vlan_id", (int)m->engine->core.tables->vlan[e->fid_bd].vid, "mac",
		model_mac_text(e->mac, mac), "port", model_unit_name(m, e->lport, unit), "type",
		types[e->type]);
}

static void put_macs(struct out *o, struct vexmodel *m)
{
	struct mac_table *table = &m->engine->core.mac;
	struct mac_list list = {
		.tables = m->engine->core.tables,
		.size = atomic_load_explicit(&table->entries, memory_order_relaxed),
	};
	bool first = true;

	put(o, "  \"mac\": [");
	list.entry = calloc(list.size ? list.size : 1, sizeof(*list.entry));
	if (!list.entry) {
		o->failed = true;
		return;
	}
	mac_foreach(table, collect_mac, &list);
	qsort_r(list.entry, list.n, sizeof(*list.entry), compare_macs, m->engine->core.tables);
	for (size_t i = 0; i < list.n; i++)
		put_entry(o, &first, mac_json(m, &list.entry[i]));
	free(list.entry);
	put_end(o, first, ",\n");
}

/* The logical ports of a set, by number. */
static json_t *ports_json(const struct vexmodel *m, const struct lport_set *set)
{
	json_t *array = json_array();
	char unit[MODEL_UNIT_SIZE];

	for (unsigned int i = 0; i < VEX_LPORTS_MAX; i++)
		if (lport_set_has(set, i))
			json_array_append_new(array, json_string(model_unit_name(m, i, unit)));
	return array;
}

static void put_vlans(struct out *o, const struct vexmodel *m)
{
	const struct tables *t = m->engine->core.tables;
	bool first = true;

	put(o, "  \"vlans\": [");
	for (uint16_t vid = 1; vid <= VEX_VID_MAX; vid++) {
		const struct vlan *v = tables_vlan_by_vid(t, vid);
		struct lport_set tagged;

		if (!v)
			continue;
		for (unsigned int w = 0; w < VEX_LPORTS_MAX / 64; w++)
			tagged.word[w] = v->set[VEX_VLAN_OUT].word[w] &
					 ~v->set[VEX_VLAN_UNTAGGED].word[w];
		put_entry(o, &first,
			json_pack("{s:s, s:i, s:i, s:o, s:o}", "vlan", model_vlan_name(m, v->bd),
				"vlan_id", (int)vid, "macs",
				(int)atomic_load_explicit(
					&m->engine->core.mac.in_bd[v->bd], memory_order_relaxed),
				"untagged", ports_json(m, &v->set[VEX_VLAN_UNTAGGED]), "tagged",
				ports_json(m, &tagged)));
	}
	put_end(o, first, ",\n");
}

static void put_lags(struct out *o, const struct vexmodel *m)
{
	const struct tables *t = m->engine->core.tables;
	char name[CTL_LPORT_NAME_SIZE];
	bool first = true;

	put(o, "  \"lags\": [");
	for (unsigned int k = 0; k < VEX_LAGS_MAX; k++) {
		const struct lag_entry *lag = &t->lag[k];
		json_t *members = json_array();

		for (unsigned int i = 0; i < lag->members; i++)
			json_array_append_new(
				members, json_string(vexmodel_port_name(m, lag->member[i])));
		if (lag->exists)
			put_entry(o, &first,
				json_pack("{s:s, s:b, s:i, s:O}", "lag",
					ctl_lport_name(m->image, VEX_LPORT_LAG0 + k, name), "up",
					lag->active > 0, "active", (int)lag->active, "members",
					members));
		json_decref(members);
	}
	put_end(o, first, "\n");
}

enum vexmodel_status vexmodel_dump_tables(struct vexmodel *m, vexmodel_write_fn write, void *ctx)
{
	struct out o = {.write = write, .ctx = ctx};

	engine_settle(m->engine);
	put(&o, "{\n");
	put_macs(&o, m);
	put_vlans(&o, m);
	put_lags(&o, m);
	put(&o, "}\n");
	return o.failed ? VEXMODEL_IO : VEXMODEL_OK;
}
