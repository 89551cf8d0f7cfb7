/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/unit/pipe.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/drop.h"

static const unsigned int bursts[PIPE_SWITCHES] = {64, 1, 7, 32};

static bool check_v(struct pipe_at at, bool holds, bool fatal, const char *format, va_list args)
{
	char text[512];

	vsnprintf(text, sizeof(text), format, args);
	CU_assertImplementation(holds, at.line, text, at.file, "", fatal);
	return holds;
}

bool pipe_check(struct pipe_at at, bool holds, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	check_v(at, holds, false, format, args);
	va_end(args);
	return holds;
}

/* Ends the case if it does not hold. */
__attribute__((format(printf, 3, 4))) static void must(
	struct pipe_at at, bool holds, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	check_v(at, holds, true, format, args);
	va_end(args);
}

struct pipe *pipe_open(struct pipe_at at, const char *config, unsigned int n)
{
	struct pipe *p = calloc(1, sizeof(*p));

	must(at, p != NULL, "memory for a pipe");
	p->n = n;
	p->step = 20 * PIPE_US;
	p->stale = true;
	for (unsigned int i = 0; i < n; i++) {
		struct vexmodel_options options = {.burst = bursts[i]};
		char *error = NULL;

		p->m[i] = vexmodel_create(config, strlen(config), "test", &options, &error);
		must(at, p->m[i] != NULL, "configuration is refused: %.400s", error ? error : "");
	}
	return p;
}

static void forget_dumps(struct pipe *p)
{
	json_decref(p->counters);
	json_decref(p->tables);
	p->counters = NULL;
	p->tables = NULL;
}

static void take(struct pipe *p, const struct vexmodel_frame *f)
{
	struct pipe_out *o;

	if (p->n_out == p->room_out) {
		p->room_out = p->room_out ? 2 * p->room_out : 64;
		p->out = realloc(p->out, p->room_out * sizeof(*p->out));
		if (!p->out)
			abort();
	}
	o = &p->out[p->n_out++];
	*o = (struct pipe_out){
		.port = f->port, .len = f->len, .time = f->time_ps, .bytes = malloc(f->len)};
	if (!o->bytes)
		abort();
	memcpy(o->bytes, f->header, f->header_len);
	if (f->payload_len)
		memcpy(o->bytes + f->header_len, f->payload, f->payload_len);
}

static bool same(const struct pipe_out *o, const struct vexmodel_frame *f)
{
	return o->port == f->port && o->len == f->len && o->time == f->time_ps &&
	       memcmp(o->bytes, f->header, f->header_len) == 0 &&
	       (!f->payload_len ||
		       memcmp(o->bytes + f->header_len, f->payload, f->payload_len) == 0);
}

/* Takes what was sent from all switches, and compares. */
static void collect(struct pipe_at at, struct pipe *p)
{
	size_t first = p->n_out;
	struct vexmodel_frame f;
	uint64_t last = 0;

	while (vexmodel_take(p->m[0], &f)) {
		pipe_check(at, f.time_ps >= last && f.len >= 60, "output is ordered by time");
		last = f.time_ps;
		take(p, &f);
	}
	for (unsigned int i = 1; i < p->n; i++) {
		size_t at_out = first;
		bool equal = true;

		while (vexmodel_take(p->m[i], &f)) {
			equal = equal && at_out < p->n_out && same(&p->out[at_out], &f);
			at_out++;
		}
		pipe_check(at, equal && at_out == p->n_out,
			"burst %u sends what burst 64 sends (%zu and %zu frames)", bursts[i],
			at_out - first, p->n_out - first);
	}
}

/* Lets everything leave. */
static void look(struct pipe_at at, struct pipe *p)
{
	if (!p->stale)
		return;
	for (unsigned int i = 0; i < p->n; i++) {
		uint64_t now = vexmodel_drain(p->m[i]);

		if (now > p->time)
			p->time = now;
	}
	collect(at, p);
	forget_dumps(p);
	p->stale = false;
}

static const char *port_name(struct pipe *p, uint32_t port)
{
	const char *name = vexmodel_port_name(p->m[0], port);

	return name ? name : "?";
}

uint16_t pipe_port(struct pipe_at at, struct pipe *p, const char *name)
{
	int port = vexmodel_find_port(p->m[0], name);

	must(at, port >= 0, "there is a port %s", name);
	return (uint16_t)port;
}

void pipe_send(struct pipe_at at, struct pipe *p, const char *port, const struct frame *f,
	uint32_t captured)
{
	uint32_t number = pipe_port(at, p, port);

	for (unsigned int i = 0; i < p->n; i++) {
		enum vexmodel_status s = vexmodel_inject(
			p->m[i], number, p->time, f->b, captured, f->len);

		pipe_check(at, s == VEXMODEL_OK, "a frame is taken (status %d)", (int)s);
	}
	p->time += p->step;
	p->stale = true;
}

void pipe_advance(struct pipe_at at, struct pipe *p, uint64_t ps)
{
	for (unsigned int i = 0; i < p->n; i++)
		pipe_check(at, vexmodel_advance(p->m[i], ps) == VEXMODEL_OK, "time passes");
	p->time = ps;
	p->stale = true;
}

static void remove_out(struct pipe *p, size_t i)
{
	free(p->out[i].bytes);
	p->n_out--;
	memmove(&p->out[i], &p->out[i + 1], (p->n_out - i) * sizeof(p->out[0]));
}

static bool ignored(uint32_t i, const struct pipe_any *any, size_t n)
{
	for (size_t k = 0; k < n; k++)
		if (i >= any[k].from && i < any[k].to)
			return true;
	return false;
}

/* The first byte that differs, or -1. */
static int difference(
	const struct pipe_out *o, const struct frame *f, const struct pipe_any *any, size_t n_any)
{
	for (uint32_t i = 0; i < o->len; i++) {
		uint8_t want = i < f->len ? f->b[i] : 0;

		if (o->bytes[i] != want && !ignored(i, any, n_any))
			return (int)i;
	}
	return -1;
}

void pipe_expect(struct pipe_at at, struct pipe *p, const char *port, const struct frame *f,
	const uint64_t *time, const struct pipe_any *any, size_t n_any)
{
	uint32_t number = pipe_port(at, p, port);
	uint32_t len = f->len < 60 ? 60 : f->len;
	const struct pipe_out *o;
	size_t i = 0;
	int byte;

	look(at, p);
	while (i < p->n_out && p->out[i].port != number)
		i++;
	if (!pipe_check(at, i < p->n_out, "a frame left %s", port))
		return;
	o = &p->out[i];
	if (pipe_check(
		    at, o->len == len, "%s: the frame has %u bytes, not %u", port, len, o->len)) {
		byte = difference(o, f, any, n_any);
		pipe_check(at, byte < 0, "%s: the frame is the expected one, also in byte %d", port,
			byte);
	}
	if (time)
		pipe_check(at, o->time == *time,
			"%s: the last bit left at %" PRIu64 " ps, not %" PRIu64, port, *time,
			o->time);
	remove_out(p, i);
}

void pipe_expect_nothing(struct pipe_at at, struct pipe *p)
{
	look(at, p);
	pipe_check(at, p->n_out == 0, "nothing more was sent (%zu frames, the first on %s)",
		p->n_out, p->n_out ? port_name(p, p->out[0].port) : "-");
}

size_t pipe_discard(struct pipe_at at, struct pipe *p)
{
	size_t n;

	look(at, p);
	n = p->n_out;
	for (size_t i = 0; i < n; i++)
		free(p->out[i].bytes);
	p->n_out = 0;
	return n;
}

/* A growing text. */
struct text {
	char *text;
	size_t len;
	size_t room;
};

static int text_write(void *ctx, const char *piece, size_t len)
{
	struct text *t = ctx;

	if (t->len + len + 1 > t->room) {
		t->room = 2 * (t->len + len + 1);
		t->text = realloc(t->text, t->room);
		if (!t->text)
			abort();
	}
	memcpy(t->text + t->len, piece, len);
	t->len += len;
	t->text[t->len] = '\0';
	return 0;
}

char *pipe_counters_text(struct vexmodel *m)
{
	struct text t = {0};

	return vexmodel_dump_counters(m, text_write, &t) == VEXMODEL_OK ? t.text : NULL;
}

char *pipe_tables_text(struct vexmodel *m)
{
	struct text t = {0};

	return vexmodel_dump_tables(m, text_write, &t) == VEXMODEL_OK ? t.text : NULL;
}

static json_t *load(struct pipe_at at, char *text, const char *what)
{
	json_error_t error;
	json_t *json = json_loads(text ? text : "", JSON_REJECT_DUPLICATES, &error);

	must(at, json != NULL, "%s are valid JSON: %s", what, error.text);
	free(text);
	return json;
}

static json_t *counters(struct pipe_at at, struct pipe *p)
{
	look(at, p);
	if (!p->counters)
		p->counters = load(at, pipe_counters_text(p->m[0]), "counters");
	return p->counters;
}

static json_t *tables(struct pipe_at at, struct pipe *p)
{
	look(at, p);
	if (!p->tables)
		p->tables = load(at, pipe_tables_text(p->m[0]), "tables");
	return p->tables;
}

static uint64_t number(const json_t *object, const char *name)
{
	return (uint64_t)json_integer_value(json_object_get(object, name));
}

void pipe_expect_drop(
	struct pipe_at at, struct pipe *p, const char *port, const char *reason, uint64_t n)
{
	json_t *ports = json_object_get(counters(at, p), "ports");
	uint64_t have = number(json_object_get(json_object_get(ports, port), "drops"), reason);

	pipe_port(at, p, port);
	pipe_check(at, have == n, "%s dropped %" PRIu64 " frames %s, not %" PRIu64, port, n, reason,
		have);
}

uint64_t pipe_count(struct pipe_at at, struct pipe *p, const char *group, const char *name)
{
	json_t *root = counters(at, p);
	json_t *object = json_object_get(root, group);
	json_t *value;

	if (!object)
		object = json_object_get(json_object_get(root, "ports"), group);
	value = json_object_get(object, name);
	must(at, json_is_integer(value), "there is a counter %s of %s", name, group);
	return (uint64_t)json_integer_value(value);
}

void pipe_expect_count(
	struct pipe_at at, struct pipe *p, const char *group, const char *name, uint64_t n)
{
	uint64_t have = pipe_count(at, p, group, name);

	pipe_check(at, have == n, "%s of %s is %" PRIu64 ", not %" PRIu64, name, group, n, have);
}

static const char *mac_text(uint64_t mac, char text[18])
{
	snprintf(text, 18, "%02x:%02x:%02x:%02x:%02x:%02x", (unsigned int)(mac >> 40 & 0xff),
		(unsigned int)(mac >> 32 & 0xff), (unsigned int)(mac >> 24 & 0xff),
		(unsigned int)(mac >> 16 & 0xff), (unsigned int)(mac >> 8 & 0xff),
		(unsigned int)(mac & 0xff));
	return text;
}

void pipe_expect_mac(struct pipe_at at, struct pipe *p, unsigned int vid, uint64_t mac,
	const char *port, const char *type)
{
	const json_t *found = NULL;
	json_t *entry;
	char text[18];
	size_t i;

	mac_text(mac, text);
	json_array_foreach (json_object_get(tables(at, p), "mac"), i, entry)
		if (number(entry, "vlan_id") == vid &&
			!strcmp(json_string_value(json_object_get(entry, "mac")), text))
			found = entry;
	if (!port) {
		pipe_check(at, !found, "%s is not known in VLAN %u", text, vid);
		return;
	}
	if (!pipe_check(at, found != NULL, "%s is known in VLAN %u", text, vid))
		return;
	entry = json_object_get(found, "port");
	pipe_check(at, !strcmp(json_string_value(entry), port), "%s is on %s, not %s", text, port,
		json_string_value(entry));
	entry = json_object_get(found, "type");
	pipe_check(at, !strcmp(json_string_value(entry), type), "%s is %s, not %s", text, type,
		json_string_value(entry));
}

void pipe_expect_macs(struct pipe_at at, struct pipe *p, size_t n)
{
	size_t have = json_array_size(json_object_get(tables(at, p), "mac"));

	pipe_check(at, have == n, "the MAC table has %zu entries, not %zu", n, have);
}

void pipe_expect_events(
	struct pipe_at at, struct pipe *p, const char *event, const char *port, size_t n)
{
	size_t have = 0;
	json_t *entry;
	size_t i;

	json_array_foreach (json_object_get(counters(at, p), "log"), i, entry)
		have += !strcmp(json_string_value(json_object_get(entry, "event")), event) &&
			!strcmp(json_string_value(json_object_get(entry, "port")), port);
	pipe_check(at, have == n, "%zu events %s of %s, not %zu", n, event, port, have);
}

/* Applies a copy of the operations to one switch. */
static enum vexmodel_status apply(
	struct vexmodel *m, const struct vex_op *ops, size_t n, struct vex_op *done)
{
	if (n)
		memcpy(done, ops, n * sizeof(*ops));
	return vexmodel_apply(m, done, n);
}

static struct vex_op *ops_room(struct pipe_at at, size_t n)
{
	struct vex_op *done = calloc(n ? n : 1, sizeof(*done));

	must(at, done != NULL, "memory for %zu operations", n);
	return done;
}

void pipe_apply(struct pipe_at at, struct pipe *p, const struct vex_op *ops, size_t n)
{
	struct vex_op *done = ops_room(at, n);

	for (unsigned int i = 0; i < p->n; i++) {
		enum vexmodel_status s = apply(p->m[i], ops, n, done);
		size_t bad = 0;

		while (bad < n && (done[bad].status == VEX_OK || done[bad].status == VEX_ABORTED))
			bad++;
		pipe_check(at, s == VEXMODEL_OK && bad == n, "operation %zu is applied (%s)",
			bad < n ? bad : 0, vex_status_name(bad < n ? done[bad].status : VEX_OK));
	}
	free(done);
	p->stale = true;
}

void pipe_refuse(struct pipe_at at, struct pipe *p, const struct vex_op *ops, size_t n, size_t i,
	enum vex_status status)
{
	struct vex_op *done = ops_room(at, n);

	look(at, p);
	for (unsigned int k = 0; k < p->n; k++) {
		char *before = pipe_tables_text(p->m[k]);
		char *counts = pipe_counters_text(p->m[k]);
		enum vexmodel_status s = apply(p->m[k], ops, n, done);
		char *after = pipe_tables_text(p->m[k]);
		char *counts_after = pipe_counters_text(p->m[k]);

		pipe_check(at, s == VEXMODEL_REFUSED, "the transaction is refused");
		pipe_check(at, done[i].status == status, "operation %zu is %s, not %s", i,
			vex_status_name(status), vex_status_name(done[i].status));
		for (size_t j = 0; j < n; j++)
			pipe_check(at, done[j].status != VEX_OK, "operation %zu is not OK", j);
		pipe_check(at, !strcmp(before, after), "a refused transaction leaves the tables");
		pipe_check(at, !strcmp(counts, counts_after),
			"a refused transaction leaves the counters");
		free(before);
		free(after);
		free(counts);
		free(counts_after);
	}
	free(done);
}

void pipe_fault(struct pipe_at at, struct pipe *p, const char *name, uint64_t skip, uint64_t count)
{
	unsigned int x = 1;

	while (vexmodel_xt_name(x) && strcmp(vexmodel_xt_name(x), name) != 0)
		x++;
	must(at, vexmodel_xt_name(x) != NULL, "there is a transaction %s", name);
	for (unsigned int i = 0; i < p->n; i++)
		pipe_check(at, vexmodel_fault(p->m[i], x, skip, count) == VEXMODEL_OK,
			"a fault is set");
	p->stale = true;
}

/* Sum of the drops of an object whose reasons are of a side. */
static uint64_t drops_of(const json_t *drops, enum drop_side side)
{
	uint64_t n = 0;

	for (unsigned int r = DROP_NONE + 1; r < DROP_REASONS; r++)
		if (drop_side(r) == side)
			n += number(drops, drop_name(r));
	return n;
}

const char *pipe_unconserved(const json_t *root, char *text, size_t size)
{
	const json_t *sw = json_object_get(root, "switch");
	uint64_t in = number(sw, "copies") + number(sw, "generated") + number(sw, "injected") +
		      number(sw, "released");
	uint64_t out = 0;
	const char *name;
	json_t *port;

	json_object_foreach (json_object_get(root, "ports"), name, port) {
		const json_t *drops = json_object_get(port, "drops");
		uint64_t ends = drops_of(drops, DROP_SIDE_IN) + number(port, "consumed") +
				number(port, "punted") + number(port, "held") +
				number(port, "passed");
		uint64_t leaves = number(port, "tx_packets") + number(port, "queued") +
				  drops_of(drops, DROP_SIDE_QUEUE);

		if (number(port, "rx_packets") != ends) {
			snprintf(text, size, "%s: rx %" PRIu64 ", but %" PRIu64 " ends", name,
				number(port, "rx_packets"), ends);
			return text;
		}
		if (number(port, "enqueued") != leaves) {
			snprintf(text, size, "%s: enqueued %" PRIu64 ", but %" PRIu64 " leave",
				name, number(port, "enqueued"), leaves);
			return text;
		}
		in += number(port, "passed");
		out += number(port, "enqueued") + drops_of(drops, DROP_SIDE_OUT);
	}
	if (in == out)
		return NULL;
	snprintf(text, size, "switch: %" PRIu64 " to send, but %" PRIu64 " queued or dropped", in,
		out);
	return text;
}

static void compare_dumps(struct pipe_at at, struct pipe *p)
{
	char *count = pipe_counters_text(p->m[0]);
	char *table = pipe_tables_text(p->m[0]);

	for (unsigned int i = 1; i < p->n; i++) {
		char *c = pipe_counters_text(p->m[i]);
		char *t = pipe_tables_text(p->m[i]);

		pipe_check(at, !strcmp(count, c), "counters of burst %u are those of burst 64",
			bursts[i]);
		pipe_check(at, !strcmp(table, t), "tables of burst %u are those of burst 64",
			bursts[i]);
		free(c);
		free(t);
	}
	free(count);
	free(table);
}

void pipe_close(struct pipe_at at, struct pipe *p)
{
	char text[256];
	const char *bad;

	pipe_expect_nothing(at, p);
	bad = pipe_unconserved(counters(at, p), text, sizeof(text));
	pipe_check(at, !bad, "conservation: %s", bad ? bad : "");
	compare_dumps(at, p);
	pipe_discard(at, p);
	forget_dumps(p);
	for (unsigned int i = 0; i < p->n; i++)
		vexmodel_destroy(p->m[i]);
	free(p->out);
	free(p);
}
