/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * diff-model, diff-pfe: runs the cases of a file through one build of the switch and writes down
 * everything that can be observed. run.py compares what the builds and burst sizes wrote.
 *
 *	diff-model [--burst N] [--watch FILE] --cases FILE --out FILE
 *
 * A file of cases has one statement on a line:
 *
 *	case SEED BYTES			a switch; BYTES of configuration text follow the line
 *	rx PORT PS ORIGINAL CAPTURED N HEX  N frames arrive; HEX is their beginning, the rest is
 *					the pattern fill()
 *	op HEX...			operations, 64 bytes each: one transaction
 *	adv PS				time passes
 *	drain				until all queues are empty
 *	take				take what has left
 *	dump				counters and tables
 *	end				the switch goes
 *
 * --watch writes, to another file, after which line addresses aged, and the MAC table then.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/buf.h"
#include "dataplane/eal.h"
#include "dataplane/model.h"

#define FRAME_MAX 65536u
#define OPS_MAX	  64u

struct run {
	FILE *in;
	FILE *out;
	FILE *watch;
	unsigned int burst;
	struct buf_pools *pools;
	struct vexmodel *m;
	unsigned long line; /* of the case */
	uint64_t aged;	    /* that --watch has reported */
	char *text;	    /* the line */
	size_t size;
	uint8_t frame[FRAME_MAX];
	uint32_t crc_table[256];
};

/* CRC-32 of IEEE 802.3, as zlib's. */
static void crc_init(uint32_t table[256])
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t crc = i;

		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (0xedb88320u & -(crc & 1u));
		table[i] = crc;
	}
}

static uint32_t crc_add(const uint32_t table[256], uint32_t crc, const uint8_t *b, size_t n)
{
	while (n--)
		crc = crc >> 8 ^ table[(crc ^ *b++) & 0xff];
	return crc;
}

/* Pieces of JSON without white space, which no name contains. */
static int write_dense(void *ctx, const char *text, size_t len)
{
	FILE *f = ctx;

	for (size_t i = 0; i < len; i++)
		if (text[i] != ' ' && text[i] != '\n')
			putc_unlocked(text[i], f);
	return ferror(f);
}

/* Bytes of a string of hexadecimal digits; -1 if it is none or too long. */
static long unhex(const char *hex, uint8_t *to, size_t size)
{
	size_t n = strcspn(hex, " \n");
	char digits[3] = "";

	if (n % 2 || n / 2 > size)
		return -1;
	for (size_t i = 0; i < n / 2; i++) {
		char *end;

		memcpy(digits, hex + 2 * i, 2);
		to[i] = (uint8_t)strtoul(digits, &end, 16);
		if (*end)
			return -1;
	}
	return (long)(n / 2);
}

/* The bytes of a frame that a case does not say. */
static uint8_t fill(size_t offset)
{
	return (uint8_t)(offset * 7 + 13);
}

static bool do_rx(struct run *r)
{
	unsigned int port, original, captured, n;
	enum vexmodel_status status;
	int start = 0;
	uint64_t time;
	long given;

	if (sscanf(r->text, "rx %u %lu %u %u %u %n", &port, &time, &original, &captured, &n,
		    &start) != 5 ||
		!start || captured > FRAME_MAX)
		return false;
	given = unhex(r->text + start, r->frame, captured);
	if (given < 0)
		return false;
	for (size_t i = (size_t)given; i < captured; i++)
		r->frame[i] = fill(i);
	while (n--) {
		status = vexmodel_inject(r->m, port, time, r->frame, captured, original);
		if (status != VEXMODEL_OK)
			fprintf(r->out, "rx %lu %d\n", r->line, status);
	}
	return true;
}

static bool do_op(struct run *r)
{
	struct vex_op ops[OPS_MAX];
	size_t n = 0;

	for (const char *at = strchr(r->text, ' '); at && n < OPS_MAX; at = strchr(at, ' ')) {
		uint8_t bytes[sizeof(ops[0])];

		if (unhex(++at, bytes, sizeof(bytes)) != sizeof(bytes))
			return false;
		memcpy(&ops[n++], bytes, sizeof(bytes));
	}
	fprintf(r->out, "op %lu %d", r->line, vexmodel_apply(r->m, ops, n));
	for (size_t i = 0; i < n; i++)
		fprintf(r->out, " %s", vex_status_name(ops[i].status));
	fputc('\n', r->out);
	return true;
}

static void do_take(struct run *r)
{
	struct vexmodel_frame f;

	fprintf(r->out, "take %lu\n", r->line);
	while (vexmodel_take(r->m, &f)) {
		uint32_t crc = crc_add(r->crc_table, 0xffffffffu, f.header, f.header_len);

		crc = ~crc_add(r->crc_table, crc, f.payload, f.payload_len);
		fprintf(r->out, "out %lu %u %u %08x%s\n", f.time_ps, f.port, f.len, crc,
			f.header_len + f.payload_len == f.len ? "" : " length");
	}
}

static void do_dump(struct run *r)
{
	fprintf(r->out, "counters %lu ", r->line);
	vexmodel_dump_counters(r->m, write_dense, r->out);
	fprintf(r->out, "\ntables %lu ", r->line);
	vexmodel_dump_tables(r->m, write_dense, r->out);
	fputc('\n', r->out);
}

/* A burst of 1 leaves nothing pending, so looking changes nothing. */
static void look(struct run *r)
{
	uint64_t aged;

	if (!r->watch || !r->m)
		return;
	aged = r->m->engine->core.mac_aged;
	if (aged == r->aged)
		return;
	fprintf(r->watch, "aged %lu %lu ", r->line, aged - r->aged);
	vexmodel_dump_tables(r->m, write_dense, r->watch);
	fputc('\n', r->watch);
	r->aged = aged;
}

static bool do_case(struct run *r)
{
	struct vexmodel_options options = {.burst = r->burst};
	char *error = NULL;
	size_t bytes;
	char *text;

	if (sscanf(r->text, "case %lu %zu", &options.seed, &bytes) != 2)
		return false;
	text = malloc(bytes + 1);
	if (!text || fread(text, 1, bytes, r->in) != bytes) {
		free(text);
		return false;
	}
	r->m = model_create(text, bytes, "config", &options, r->pools, &error);
	free(text);
	r->line = 0;
	r->aged = 0;
	fprintf(r->out, "case %lu %s\n", options.seed, r->m ? "ok" : "refused");
	if (r->watch)
		fprintf(r->watch, "case %lu\n", options.seed);
	if (r->m)
		for (uint32_t i = 0; i < vexmodel_ports(r->m); i++)
			fprintf(r->out, "%s%s", vexmodel_port_name(r->m, i),
				i + 1 < vexmodel_ports(r->m) ? " " : "\n");
	if (error)
		fputs(error, r->out);
	vexmodel_free(error);
	return true;
}

/* One line; false if it is no statement. */
static bool statement(struct run *r)
{
	uint64_t time;

	if (strncmp(r->text, "case ", 5) == 0)
		return !r->m && do_case(r);
	r->line++;
	if (strcmp(r->text, "end\n") == 0) {
		fputs("end\n", r->out);
		vexmodel_destroy(r->m);
		r->m = NULL;
		return true;
	}
	if (!r->m) /* its configuration was refused */
		return true;
	if (strncmp(r->text, "rx ", 3) == 0)
		return do_rx(r);
	if (strncmp(r->text, "op ", 3) == 0)
		return do_op(r);
	if (sscanf(r->text, "adv %lu", &time) == 1)
		fprintf(r->out, "adv %lu %d\n", r->line, vexmodel_advance(r->m, time));
	else if (strcmp(r->text, "drain\n") == 0)
		fprintf(r->out, "drain %lu %lu\n", r->line, vexmodel_drain(r->m));
	else if (strcmp(r->text, "take\n") == 0)
		do_take(r);
	else if (strcmp(r->text, "dump\n") == 0)
		do_dump(r);
	else
		return false;
	return true;
}

static int run_cases(struct run *r)
{
	while (getline(&r->text, &r->size, r->in) > 0) {
		if (!statement(r)) {
			fprintf(stderr, "diff: not a statement: %.60s\n", r->text);
			break;
		}
		look(r);
	}
	vexmodel_destroy(r->m);
	free(r->text);
	return feof(r->in) && !ferror(r->out) ? 0 : 1;
}

static FILE *open_file(const char *path, const char *mode)
{
	FILE *f = path ? fopen(path, mode) : NULL;

	if (path && !f)
		perror(path);
	return f;
}

static int run_files(struct run *r, const char *in, const char *out, const char *watch)
{
	int status = 1;

	r->in = open_file(in, "r");
	r->out = open_file(out, "w");
	r->watch = open_file(watch, "w");
	if (r->in && r->out && (!watch || r->watch))
		status = run_cases(r);
	if (r->in)
		fclose(r->in);
	if (r->out && fclose(r->out) != 0)
		status = 1;
	if (r->watch && fclose(r->watch) != 0)
		status = 1;
	return status;
}

#ifdef VEX_DPDK
static bool start(struct run *r)
{
	char why[256];

	if (!eal_start(&(struct eal_config){.program = "diff-pfe", .lcores = 1, .memory_mb = 1024}))
		return false;
	r->pools = buf_pools_create(why, sizeof(why));
	if (!r->pools)
		fprintf(stderr, "diff-pfe: %s\n", why);
	return r->pools;
}

static void stop(struct run *r)
{
	buf_pools_destroy(r->pools);
	eal_stop();
}
#else
static bool start(struct run *r)
{
	(void)r;
	return true;
}

static void stop(struct run *r)
{
	(void)r;
}
#endif

int main(int argc, char **argv)
{
	static struct run r = {.burst = 1};
	const char *in = NULL;
	const char *out = NULL;
	const char *watch = NULL;
	int status;

	for (int i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--burst") == 0)
			r.burst = (unsigned int)atoi(argv[i + 1]);
		else if (strcmp(argv[i], "--watch") == 0)
			watch = argv[i + 1];
		else if (strcmp(argv[i], "--cases") == 0)
			in = argv[i + 1];
		else if (strcmp(argv[i], "--out") == 0)
			out = argv[i + 1];
	}
	if (!in || !out || (watch && r.burst != 1)) {
		fprintf(stderr,
			"usage: diff-X [--burst N] [--watch FILE] --cases FILE --out FILE\n");
		return 2;
	}
	crc_init(r.crc_table);
	if (!start(&r))
		return 1;
	status = run_files(&r, in, out, watch);
	stop(&r);
	return status;
}
