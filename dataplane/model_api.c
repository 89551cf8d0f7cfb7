/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/pipeline.h"
#include "ports/chassis_tables.h"

/* Offline and in the model; a live instance's comes from its platform (locally administered). */
#define BASE_MAC UINT64_C(0x02ee44000000)

static_assert(VEXMODEL_BURST_MAX == BURST_MAX, "the library's limit is the walk's");

/* Every error as text; NULL without memory. */
static char *errors_text(struct vex_errs *errs)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return NULL;
	vex_errs_sort(errs);
	for (size_t i = 0; i < errs->n; i++)
		vex_err_print(&errs->v[i], f);
	if (errs->lost)
		fprintf(f, "%zu more errors\n", errs->lost);
	fclose(f);
	return text;
}

static struct ctl_image *load(const char *text, size_t len, const char *name, char **error)
{
	struct vex_errs errs = {0};
	struct ctl_image *image = NULL;

	if (ctl_load(text, len, name, &image, &errs) != 0)
		*error = errors_text(&errs);
	vex_errs_free(&errs);
	return image;
}

/* Gives the image's operations to the empty switch. */
static bool install(struct vexmodel *m, char **error)
{
	struct ctl_image *image = m->image;
	size_t i = 0;

	if (engine_apply(m->engine, image->ops, image->n_ops))
		return true;
	while (i < image->n_ops && image->ops[i].status == VEX_ABORTED)
		i++;
	if (i < image->n_ops && asprintf(error, "the data plane refused operation %zu (%s): %s\n",
					i, vex_op_type_name(image->ops[i].type),
					vex_status_name(image->ops[i].status)) < 0)
		*error = NULL;
	return false;
}

struct vexmodel *model_create(const char *text, size_t len, const char *name,
	const struct vexmodel_options *options, struct buf_pools *pools, char **error)
{
	struct vexmodel *m = calloc(1, sizeof(*m));
	char why[256] = "out of memory";
	struct engine_params params = {
		.base_mac = BASE_MAC,
		.seed = options ? options->seed : 0,
		.burst = options && options->burst ? options->burst : BURST_MAX,
		.pools = pools,
	};

	*error = NULL;
	if (!m)
		goto fail;
	if (params.burst > BURST_MAX) {
		snprintf(why, sizeof(why), "burst must be 1 to %u", BURST_MAX);
		goto fail;
	}
	m->image = load(text, len, name, error);
	if (!m->image)
		goto fail;
	params.ports = chassis_port_count(m->image->chassis);
	params.scale = chassis_table_scale(m->image->chassis);
	m->engine = engine_create(&params, why, sizeof(why));
	if (m->engine && install(m, error))
		return m;
fail:
	if (!*error && asprintf(error, "%s: %s\n", name ? name : "configuration", why) < 0)
		*error = NULL;
	vexmodel_destroy(m);
	return NULL;
}

struct vexmodel *vexmodel_create(const char *text, size_t len, const char *name,
	const struct vexmodel_options *options, char **error)
{
	return model_create(text, len, name, options, NULL, error);
}

static void release_taken(struct vexmodel *m)
{
	if (m->taken)
		buf_free(m->taken);
	m->taken = NULL;
}

void vexmodel_destroy(struct vexmodel *m)
{
	if (!m)
		return;
	release_taken(m);
	trace_destroy(m->trace);
	engine_destroy(m->engine);
	ctl_image_free(m->image);
	free(m);
}

void vexmodel_free(char *string)
{
	free(string);
}

const char *vexmodel_model_name(const struct vexmodel *m)
{
	return chassis_model(m->image->chassis);
}

uint32_t vexmodel_ports(const struct vexmodel *m)
{
	return m->engine->core.tables->ports;
}

const char *vexmodel_port_name(const struct vexmodel *m, uint32_t port)
{
	return port < vexmodel_ports(m) ? chassis_port(m->image->chassis, port)->name : NULL;
}

int vexmodel_find_port(const struct vexmodel *m, const char *name)
{
	return chassis_find_port(m->image->chassis, name);
}

char *vexmodel_explain_port(const struct vexmodel *m, const char *name)
{
	char *text = malloc(CHASSIS_TEXT_SIZE);

	if (text)
		chassis_explain_port(m->image->chassis, name, text, CHASSIS_TEXT_SIZE);
	return text;
}

enum vexmodel_status vexmodel_inject(struct vexmodel *m, uint32_t port, uint64_t time_ps,
	const uint8_t *frame, uint32_t captured, uint32_t original)
{
	if (captured > original || !original)
		return VEXMODEL_INVALID;
	switch (engine_rx(m->engine, port, time_ps, frame, captured, original)) {
	case ENGINE_RX_OK:
		return VEXMODEL_OK;
	case ENGINE_RX_NO_PORT:
		return VEXMODEL_NO_PORT;
	case ENGINE_RX_TOO_LATE:
		return VEXMODEL_TOO_LATE;
	case ENGINE_RX_NO_MEMORY:
		break;
	}
	return VEXMODEL_NO_MEMORY;
}

enum vexmodel_status vexmodel_advance(struct vexmodel *m, uint64_t time_ps)
{
	if (time_ps > VEX_TIME_MAX)
		return VEXMODEL_TOO_LATE;
	engine_advance(m->engine, time_ps);
	return VEXMODEL_OK;
}

uint64_t vexmodel_drain(struct vexmodel *m)
{
	vex_time next;

	while ((next = engine_next_departure(m->engine)) != VEX_TIME_NEVER)
		engine_advance(m->engine, next);
	return m->engine->now;
}

int vexmodel_take(struct vexmodel *m, struct vexmodel_frame *out)
{
	struct tx_frame f;

	release_taken(m);
	engine_settle(m->engine);
	if (!tx_ring_pop(&m->engine->tx, &f))
		return 0;
	m->taken = f.buf;
	*out = (struct vexmodel_frame){
		.time_ps = f.time,
		.port = f.port,
		.len = f.len,
		.header = f.data,
		.header_len = f.hlen,
		.payload_len = (uint32_t)(f.len - f.hlen),
		.payload = f.hlen < f.len ? buf_payload(f.buf) : NULL,
	};
	return 1;
}

enum vexmodel_status vexmodel_apply(struct vexmodel *m, struct vex_op *ops, size_t n)
{
	return engine_apply(m->engine, ops, n) ? VEXMODEL_OK : VEXMODEL_REFUSED;
}

void vexmodel_trace(struct vexmodel *m, vexmodel_write_fn write, void *ctx)
{
	struct engine *e = m->engine;

	engine_flush(e);
	trace_destroy(m->trace);
	m->trace = write ? trace_create(m, write, ctx) : NULL;
	e->xt.tracer = m->trace ? trace_tracer(m->trace) : NULL;
	if (m->trace)
		e->burst_max = 1;
}

#ifdef VEX_DPDK
/* vex-pfe inlines its transactions; there is nothing to record. */
enum vexmodel_status vexmodel_record(struct vexmodel *m, vexmodel_log_fn log, void *ctx)
{
	(void)m;
	(void)log;
	(void)ctx;
	return VEXMODEL_NO_SUPPORT;
}

enum vexmodel_status vexmodel_fault(
	struct vexmodel *m, unsigned int number, uint64_t skip, uint64_t count)
{
	(void)m;
	(void)number;
	(void)skip;
	(void)count;
	return VEXMODEL_NO_SUPPORT;
}
#else
/* From now on packets walk singly, so that the order of transactions depends on no burst. */
static void attach_recorder(struct vexmodel *m)
{
	engine_flush(m->engine);
	m->engine->xt.recorder = &m->recorder;
	m->engine->burst_max = 1;
}

enum vexmodel_status vexmodel_record(struct vexmodel *m, vexmodel_log_fn log, void *ctx)
{
	attach_recorder(m);
	m->recorder.log = log;
	m->recorder.ctx = ctx;
	return VEXMODEL_OK;
}

enum vexmodel_status vexmodel_fault(
	struct vexmodel *m, unsigned int number, uint64_t skip, uint64_t count)
{
	if (!vexmodel_xt_name(number))
		return VEXMODEL_INVALID;
	attach_recorder(m);
	m->recorder.fault[number] = (struct xt_fault){skip, count};
	return VEXMODEL_OK;
}
#endif

uint64_t vexmodel_seen(const struct vexmodel *m, unsigned int number)
{
	return number < XT_NUMBERS ? m->recorder.seen[number] : 0;
}

const char *vexmodel_xt_name(unsigned int number)
{
	return number < XT_NUMBERS ? xt_name(number) : NULL;
}

const char *model_unit_name(const struct vexmodel *m, unsigned int lport, char buf[MODEL_UNIT_SIZE])
{
	ctl_lport_name(m->image, lport, buf);
	strcat(buf, ".0");
	return buf;
}

const char *model_vlan_name(const struct vexmodel *m, unsigned int bd)
{
	const struct ctl_vlan *v = ctl_vlan_by_bd(m->image, bd);

	return v ? v->name : "?";
}

const char *model_mac_text(uint64_t mac, char buf[MODEL_MAC_SIZE])
{
	snprintf(buf, MODEL_MAC_SIZE, "%02x:%02x:%02x:%02x:%02x:%02x",
		(unsigned int)(mac >> 40) & 0xff, (unsigned int)(mac >> 32) & 0xff,
		(unsigned int)(mac >> 24) & 0xff, (unsigned int)(mac >> 16) & 0xff,
		(unsigned int)(mac >> 8) & 0xff, (unsigned int)mac & 0xff);
	return buf;
}
