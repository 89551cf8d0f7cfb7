/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/offline.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/file.h"
#include "dataplane/clock.h"
#include "dataplane/model.h"
#include "ports/pcapng.h"

#define NS_PER_SEC	 UINT64_C(1000000000)
#define OFFLINE_TEXT_MAX (64u << 20) /* bytes of a configuration */

/* One run: a switch between two packet files. */
struct run {
	const struct offline_options *o;
	struct vexmodel *model;
	struct pcapng_reader *reader;
	struct pcapng_writer *writer;
	FILE *trace;
	uint64_t zero_ns; /* absolute time of the clock's zero */
	bool started;
	bool past_until;      /* a frame beyond --until was seen: time stands there */
	unsigned int untaken; /* frames since the output was last taken */
	int *port;	      /* by interface of the input */
	uint32_t ports;
};

__attribute__((format(printf, 1, 2))) static bool fail(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	return false;
}

char *offline_read_file(const char *path, size_t *len)
{
	char *text = file_read(path, OFFLINE_TEXT_MAX, len);

	if (!text)
		fail("%s: %s", path, strerror(errno));
	return text;
}

static bool create_model(struct run *r, struct buf_pools *pools)
{
	char *text = NULL;
	char *error;
	size_t len = 0;

	if (r->o->config) {
		text = offline_read_file(r->o->config, &len);
		if (!text)
			return false;
	}
	r->model = model_create(text, len, r->o->config, &r->o->model, pools, &error);
	free(text);
	if (r->model)
		return true;
	if (error)
		error[strcspn(error, "\n")] = '\0';
	fail("%s", error ? error : "out of memory");
	vexmodel_free(error);
	return false;
}

static bool open_output(struct run *r)
{
	struct pcapng_error err;

	r->writer = pcapng_writer_open(r->o->out, &err);
	if (!r->writer)
		return fail("%s: %s", r->o->out, err.text);
	for (uint32_t i = 0; i < vexmodel_ports(r->model); i++)
		if (pcapng_write_interface(r->writer, vexmodel_port_name(r->model, i), &err) != 0)
			return fail("%s: %s", r->o->out, err.text);
	return true;
}

static int write_file(void *ctx, const char *text, size_t len)
{
	return fwrite(text, 1, len, ctx) == len ? 0 : -1;
}

static bool open_trace(struct run *r)
{
	if (!r->o->trace)
		return true;
	r->trace = fopen(r->o->trace, "w");
	if (!r->trace)
		return fail("%s: %s", r->o->trace, strerror(errno));
	vexmodel_trace(r->model, write_file, r->trace);
	return true;
}

/* Finds the ports of interfaces that the input has described since the last call. */
static bool map_interfaces(struct run *r)
{
	uint32_t n = pcapng_interface_count(r->reader);

	if (n > r->ports) {
		int *bigger = realloc(r->port, n * sizeof(*bigger));

		if (!bigger)
			return fail("%s: out of memory", r->o->in);
		r->port = bigger;
	}
	for (; r->ports < n; r->ports++) {
		const struct pcapng_interface *i = pcapng_interface(r->reader, r->ports);
		char *why;

		r->port[r->ports] = vexmodel_find_port(r->model, i->name);
		if (r->port[r->ports] >= 0)
			continue;
		why = vexmodel_explain_port(r->model, i->name);
		fail("%s: block %llu at offset %llu: %s", r->o->in, (unsigned long long)i->block,
			(unsigned long long)i->offset, why ? why : "not a port");
		vexmodel_free(why);
		return false;
	}
	return true;
}

/* Writes what has left the ports. */
static bool write_output(struct run *r)
{
	struct vexmodel_frame f;
	struct pcapng_error err;

	while (vexmodel_take(r->model, &f)) {
		const struct iovec pieces[2] = {
			{(void *)(uintptr_t)f.header, f.header_len},
			{(void *)(uintptr_t)f.payload, f.payload_len},
		};

		if (pcapng_write_packet(r->writer, f.port, r->zero_ns + f.time_ps / VEX_PS_PER_NS,
			    pieces, f.payload_len ? 2 : 1, &err) != 0)
			return fail("%s: %s", r->o->out, err.text);
	}
	return true;
}

/* The clock's time of an absolute one. */
static uint64_t clock_time(struct run *r, uint64_t ns)
{
	if (!r->started) {
		r->zero_ns = ns - ns % NS_PER_SEC;
		r->started = true;
	}
	if (ns < r->zero_ns)
		return VEXMODEL_BEFORE_ZERO;
	ns -= r->zero_ns;
	return ns > VEX_TIME_MAX / VEX_PS_PER_NS ? VEX_TIME_MAX + 1 : ns * VEX_PS_PER_NS;
}

static bool feed(struct run *r, const struct pcapng_packet *p, uint64_t time)
{
	switch (vexmodel_inject(r->model, (uint32_t)r->port[p->interface], time, p->data,
		p->captured, p->original)) {
	case VEXMODEL_OK:
		/* Taking ends a burst, so it waits until a whole one could have come together. */
		if (++r->untaken < VEXMODEL_BURST_MAX)
			return true;
		r->untaken = 0;
		return write_output(r);
	case VEXMODEL_TOO_LATE:
		return fail(
			"%s: block %llu at offset %llu: time stamp is over 18000000 s after the "
			"first packet's; split the capture",
			r->o->in, (unsigned long long)p->block, (unsigned long long)p->offset);
	default:
		return fail("%s: out of memory", r->o->in);
	}
}

static bool read_input(struct run *r)
{
	struct pcapng_packet p;
	struct pcapng_error err;
	int rc;

	while ((rc = pcapng_next(r->reader, &p, &err)) == 1) {
		uint64_t time;

		if (!map_interfaces(r))
			return false;
		time = clock_time(r, p.time_ns);
		if (r->o->until_given && time != VEXMODEL_BEFORE_ZERO && time > r->o->until_ps)
			r->past_until = true;
		if (!r->past_until && !feed(r, &p, time))
			return false;
	}
	if (rc < 0)
		return fail("%s: %s", r->o->in, err.text);
	return map_interfaces(r);
}

static bool finish_time(struct run *r)
{
	if (r->o->until_given)
		vexmodel_advance(r->model, r->o->until_ps);
	else
		vexmodel_drain(r->model);
	return write_output(r);
}

/* Writes a dump to a file; false, with a line, if anything could not be written. */
static bool dump(struct vexmodel *m, const char *path,
	enum vexmodel_status (*write)(struct vexmodel *, vexmodel_write_fn, void *))
{
	FILE *f;
	bool ok;

	if (!path)
		return true;
	f = fopen(path, "w");
	if (!f)
		return fail("%s: %s", path, strerror(errno));
	errno = 0;
	ok = write(m, write_file, f) == VEXMODEL_OK;
	ok = fclose(f) == 0 && ok;
	return ok || fail("%s: %s", path, errno ? strerror(errno) : "could not be written");
}

static bool close_trace(struct run *r)
{
	bool ok = true;

	if (r->trace) {
		vexmodel_trace(r->model, NULL, NULL);
		ok = !ferror(r->trace);
		ok = fclose(r->trace) == 0 && ok;
		if (!ok)
			fail("%s: %s", r->o->trace, strerror(errno));
	}
	return ok;
}

/* A failed run leaves no output that could be taken for a whole one. */
static void discard_output(const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
		unlink(path);
}

static bool close_output(struct run *r, bool ok)
{
	struct pcapng_error err;

	if (!r->writer)
		return ok;
	if (pcapng_writer_close(r->writer, &err) != 0 && ok)
		ok = fail("%s: %s", r->o->out, err.text);
	if (!ok)
		discard_output(r->o->out);
	return ok;
}

/* Whether two names stand for one regular file; a name may be NULL or of no file. */
static bool same_file(const char *a, const char *b)
{
	struct stat sa;
	struct stat sb;

	return a && b && stat(a, &sa) == 0 && stat(b, &sb) == 0 && S_ISREG(sa.st_mode) &&
	       sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

/* No output may overwrite an input. */
static bool check_names(const struct offline_options *o)
{
	const char *const outputs[] = {o->out, o->counters, o->tables, o->trace};
	const char *const inputs[] = {o->in, o->config};

	for (unsigned int i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++)
		for (unsigned int j = 0; j < sizeof(inputs) / sizeof(inputs[0]); j++)
			if (same_file(outputs[i], inputs[j]))
				return fail("%s: is an input; it would be overwritten", outputs[i]);
	return true;
}

enum offline_exit offline_run(const struct offline_options *o, struct buf_pools *pools)
{
	struct run r = {.o = o};
	struct pcapng_error err;
	bool ok = check_names(o) && create_model(&r, pools);

	if (ok) {
		r.reader = pcapng_reader_open(o->in, &err);
		ok = r.reader || fail("%s: %s", o->in, err.text);
	}
	ok = ok && open_output(&r) && open_trace(&r) && read_input(&r) && finish_time(&r);
	ok = close_trace(&r) && ok;
	ok = close_output(&r, ok);
	ok = ok && dump(r.model, o->counters, vexmodel_dump_counters) &&
	     dump(r.model, o->tables, vexmodel_dump_tables);
	pcapng_reader_close(r.reader);
	vexmodel_destroy(r.model);
	free(r.port);
	return ok ? OFFLINE_OK : OFFLINE_FAILED;
}

enum offline_exit offline_main(const struct offline_options *o, struct buf_pools *pools)
{
	return o->batch ? offline_batch(o, pools) : offline_run(o, pools);
}
