/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fuzz entry of operations: any bytes as transactions, with frames between them. An operation is
 * applied or refused; a refused transaction leaves the generation as it was; the tables stay within
 * themselves, and the dump stays JSON. From wherever they got to, what is read back and the
 * difference to the configuration (ctl_diff.h) lead to the tables of the configuration.
 *
 * Input: records of one byte n and what it asks for. n < 224: a transaction of 1 + n % 4 operations
 * of 64 bytes, of which the type is taken modulo the number of types and one more. n >= 224: a
 * frame of 14 bytes and more to port n % 8, with addresses from the next two bytes.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/ctl_diff.h"
#include "dataplane/dump.h"
#include "dataplane/model.h"
#include "qos/queue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "ops_fuzz: does not hold: %s\n", what);
	abort();
}

static const char config[] =
	"set chassis aggregated-devices ethernet device-count 1\n"
	"set interfaces ge-0/0/4 ether-options 802.3ad ae0\n"
	"set interfaces ge-0/0/5 ether-options 802.3ad ae0\n"
	"set vlans v vlan-id 10\n"
	"set interfaces ae0 unit 0 family ethernet-switching vlan members v\n"
	"set interfaces ge-0/0/0 unit 0 family ethernet-switching vlan members v\n";

/* A switch of the configuration, which is loaded once, with small tables. */
static struct vexmodel create(void)
{
	static struct ctl_image *image;
	struct engine_params params = {
		.scale = {.macs = 24, .vlans = 8, .lags = 2, .lag_members = 4, .stp_instances = 4},
		.base_mac = UINT64_C(0x02ee44000000),
		.burst = 64,
	};
	struct vex_errs errs = {0};
	char why[256] = "";
	struct vexmodel m;

	if (!image)
		must(ctl_load(config, strlen(config), "fuzz", &image, &errs) == 0,
			"the configuration");
	params.ports = chassis_port_count(image->chassis);
	m = (struct vexmodel){.image = image, .engine = engine_create(&params, why, sizeof(why))};
	must(m.engine != NULL, why);
	must(engine_apply(m.engine, image->ops, image->n_ops), "the image is applied");
	return m;
}

static void transaction(struct vexmodel *m, const uint8_t *data, size_t n)
{
	uint64_t generation = m->engine->core.tables->generation;
	struct vex_op ops[4];
	bool all = true;
	bool bad = false;

	memcpy(ops, data, n * sizeof(ops[0]));
	for (size_t i = 0; i < n; i++)
		ops[i].type %= VEX_OP_TYPES + 1;
	all = vexmodel_apply(m, ops, n) == VEXMODEL_OK;
	for (size_t i = 0; i < n; i++) {
		must(ops[i].status <= VEX_ABORTED, "a status is known");
		must(all == (ops[i].status == VEX_OK), "all are applied, or none");
		bad = bad || (ops[i].status != VEX_OK && ops[i].status != VEX_ABORTED);
	}
	must(all != bad, "a refused transaction has a bad operation");
	must(all || m->engine->core.tables->generation == generation,
		"a refusal publishes nothing");
}

static void frame(struct vexmodel *m, uint32_t port, uint64_t time, const uint8_t *data)
{
	uint8_t f[64] = {2, 0, 0, 0, 0, data[0] & 15, 2, 0, 0, 0, 0, data[1] & 15, 0x81, 0x00, 0,
		data[1] >> 4};

	if (data[0] >= 128)
		memset(f, 0xff, 6);
	must(vexmodel_inject(m, port, time, f, sizeof(f), sizeof(f)) == VEXMODEL_OK,
		"a frame is taken");
}

struct count {
	const struct vexmodel *m;
	uint64_t entries;
	uint64_t learned;
};

/* Every entry is of a VLAN that exists. */
static void check_entry(void *ctx, const struct mac_entry *e)
{
	struct count *c = ctx;
	const struct tables *t = c->m->engine->core.tables;

	c->entries++;
	c->learned += e->type == VEX_MAC_DYNAMIC || e->type == VEX_MAC_STICKY;
	must(e->type < VEX_MAC_TYPES && e->lport < VEX_LPORTS_MAX, "an entry is sound");
	must(t->vlan[e->bd].vid != 0 && t->vlan[e->bd].fid_bd == e->fid_bd,
		"an entry is of a VLAN that exists");
}

static int text_write(void *ctx, const char *text, size_t len)
{
	FILE *f = ctx;

	return fwrite(text, 1, len, f) == len ? 0 : 1;
}

static void check_tables(struct vexmodel *m)
{
	struct count c = {.m = m};
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);
	json_t *json;

	mac_foreach(&m->engine->core.mac, check_entry, &c);
	must(c.entries == m->engine->core.mac.entries, "the number of entries is counted");
	must(c.learned == m->engine->core.mac.learned, "the number of learned entries is counted");
	must(f != NULL && vexmodel_dump_tables(m, text_write, f) == VEXMODEL_OK, "a dump is made");
	fclose(f);
	json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	must(json != NULL, "a dump is JSON");
	json_decref(json);
	free(text);
}

/* Reads a table behind the n records of *ops; its count and digest. */
static struct ctl_digest read_table(
	const struct vexmodel *m, enum vex_table table, struct vex_op **ops, size_t *n)
{
	const struct vex_op what = {.type = VEX_OP_DUMP,
		.dump = {.table = (uint16_t)table, .bd = VEX_BD_NONE, .lport = VEX_LPORT_NONE}};
	struct vex_op_dump_end end;
	struct dump d = {0};

	must(dump_start(&d, &m->engine->core, &what) == VEX_OK, "a dump begins");
	while (d.active) {
		*ops = realloc(*ops, (*n + DUMP_ROOM) * sizeof(**ops));
		must(*ops != NULL, "there is memory");
		*n += dump_step(&d, &m->engine->core, *ops + *n, DUMP_ROOM);
	}
	end = (*ops)[--*n].dump_end;
	return (struct ctl_digest){end.count, end.digest};
}

static bool is_configured(enum vex_table table)
{
	return table != VEX_TABLE_STP && table != VEX_TABLE_MAC_LEARNED;
}

/* As vex-re does after a restart. */
static void restore(struct vexmodel *m)
{
	struct ctl_digest want[VEX_TABLES], have;
	struct vex_errs errs = {0};
	struct vex_op *ops = NULL;
	struct ctl_diff diff;
	size_t n = 0;

	for (enum vex_table t = 0; t < VEX_TABLES; t++)
		if (is_configured(t))
			read_table(m, t, &ops, &n);
	must(ctl_diff(ops, n, m->image->ops, m->image->n_ops, &diff, &errs) == 0,
		"what was read back has a difference");
	must(vexmodel_apply(m, diff.ops, diff.n) == VEXMODEL_OK, "the difference is applied");
	ctl_diff_free(&diff);
	ctl_diff_digests(m->image->ops, m->image->n_ops, want);
	for (enum vex_table t = 0; t < VEX_TABLES; t++) {
		n = 0;
		if (!is_configured(t))
			continue;
		have = read_table(m, t, &ops, &n);
		must(have.count == want[t].count && have.digest == want[t].digest,
			"tables are restored");
	}
	free(ops);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vexmodel_frame out;
	struct vexmodel m = create();
	bool restores = size % 4 == 1; /* it takes its time */
	uint64_t time = 0;

	while (size) {
		uint8_t n = *data++;
		size_t take = n < 224 ? (1 + n % 4u) * sizeof(struct vex_op) : 2;

		size--;
		if (take > size)
			break;
		if (n < 224) {
			transaction(&m, data, 1 + n % 4u);
		} else {
			frame(&m, n % 8, time, data);
			time += data[0] & 64 ? UINT64_C(3000000000) : 1000;
		}
		data += take;
		size -= take;
	}
	check_tables(&m);
	if (restores)
		restore(&m);
	vexmodel_drain(&m);
	while (vexmodel_take(&m, &out))
		must(out.len >= 60, "a sent frame is long enough");
	engine_destroy(m.engine);
	return 0;
}
