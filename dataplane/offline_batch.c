/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Batch: every folder of a directory that holds a config and an in.pcapng is run in this process,
 * by name. With --out DIR the results go to DIR/NAME/{out.pcapng,counters.json,tables.json};
 * without it they are thrown away. A folder's out.pcapng is what must come out: interfaces,
 * nanoseconds, bytes and order are compared. A file "args" in the folder adds --seed or --until.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dataplane/offline.h"
#include "ports/pcapng.h"

#define ARGS_MAX 8

/* DIR/NAME, to be freed; NULL without memory. */
static char *join(const char *dir, const char *name)
{
	char *path;

	return asprintf(&path, "%s/%s", dir, name) < 0 ? NULL : path;
}

static bool exists(const char *dir, const char *name)
{
	char *path = join(dir, name);
	bool found = path && access(path, R_OK) == 0;

	free(path);
	return found;
}

static int is_vector(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

/* Whether two packets say the same; the ports are compared by name. */
static bool same_packet(const struct pcapng_reader *ra, const struct pcapng_packet *a,
	const struct pcapng_reader *rb, const struct pcapng_packet *b)
{
	return a->time_ns == b->time_ns && a->captured == b->captured &&
	       a->original == b->original && memcmp(a->data, b->data, a->captured) == 0 &&
	       strcmp(pcapng_interface(ra, a->interface)->name,
		       pcapng_interface(rb, b->interface)->name) == 0;
}

/* Compares two packet files; prints the first difference. */
static bool same_capture(const char *name, const char *got, const char *want)
{
	struct pcapng_error err;
	struct pcapng_reader *rg = pcapng_reader_open(got, &err);
	struct pcapng_reader *rw = pcapng_reader_open(want, &err);
	struct pcapng_packet pg;
	struct pcapng_packet pw;
	unsigned long n = 0;
	bool same = rg && rw;

	if (!same)
		printf("FAIL %s: %s\n", name, err.text);
	while (same) {
		int got_one = pcapng_next(rg, &pg, &err);
		int want_one = pcapng_next(rw, &pw, &err);

		n++;
		if (got_one == 0 && want_one == 0)
			break;
		if (got_one < 0 || want_one < 0)
			printf("FAIL %s: packet %lu: %s\n", name, n, err.text);
		else if (got_one != want_one)
			printf("FAIL %s: packet %lu %s\n", name, n,
				got_one ? "is not expected" : "is missing");
		else if (!same_packet(rg, &pg, rw, &pw))
			printf("FAIL %s: packet %lu: %s at %llu ns, %u bytes; expected %s at %llu "
			       "ns, "
			       "%u bytes\n",
				name, n, pcapng_interface(rg, pg.interface)->name,
				(unsigned long long)pg.time_ns, pg.captured,
				pcapng_interface(rw, pw.interface)->name,
				(unsigned long long)pw.time_ns, pw.captured);
		else
			continue;
		same = false;
	}
	pcapng_reader_close(rg);
	pcapng_reader_close(rw);
	return same;
}

/* The options of a folder's args file, on top of the batch's. */
static bool folder_options(struct offline_options *o, const struct offline_options *batch,
	const char *path, char *text)
{
	char *argv[ARGS_MAX + 1] = {(char *)(uintptr_t)path};
	enum offline_exit status;
	struct offline_options only;
	char *save = NULL;
	int argc = 1;

	*o = *batch;
	for (char *word = strtok_r(text, " \t\n", &save); word && argc < ARGS_MAX;
		word = strtok_r(NULL, " \t\n", &save))
		argv[argc++] = word;
	/* Names that a folder's arguments may not give, so that the parser finds them. */
	if (argc + 3 > ARGS_MAX)
		return false;
	argv[argc++] = (char *)(uintptr_t) "--in=in.pcapng";
	argv[argc++] = (char *)(uintptr_t) "--out=out.pcapng";
	if (!offline_parse(&only, argc, argv, false, &status))
		return false;
	if (only.config || only.counters || only.tables || only.trace || only.batch ||
		only.model.burst)
		return false;
	o->until_given = only.until_given;
	o->until_ps = only.until_ps;
	if (only.model.seed)
		o->model.seed = only.model.seed;
	return true;
}

static bool read_args(
	struct offline_options *o, const struct offline_options *batch, const char *dir)
{
	char *path = join(dir, "args");
	size_t len = 0;
	char *text = NULL;
	char *words = NULL;
	bool ok = true;

	*o = *batch;
	if (path && exists(dir, "args")) {
		text = offline_read_file(path, &len);
		words = text ? strndup(text, len) : NULL;
		ok = words && folder_options(o, batch, path, words);
	}
	free(words);
	free(text);
	free(path);
	return path && ok;
}

/* The files of a folder and of its results. */
enum file {
	CONFIG,
	IN,
	WANT,
	OUT,
	COUNTERS,
	TABLES,
	FILES
};

static bool name_files(char *file[FILES], const char *dir, const char *to)
{
	bool ok = true;

	file[CONFIG] = join(dir, "config");
	file[IN] = join(dir, "in.pcapng");
	file[WANT] = join(dir, "out.pcapng");
	file[OUT] = join(to, "out.pcapng");
	file[COUNTERS] = join(to, "counters.json");
	file[TABLES] = join(to, "tables.json");
	for (enum file f = 0; f < FILES; f++)
		ok = ok && file[f];
	return ok;
}

static bool run_and_compare(
	struct offline_options *o, const char *name, char *file[FILES], struct buf_pools *pools)
{
	o->batch = NULL;
	o->config = file[CONFIG];
	o->in = file[IN];
	o->out = file[OUT];
	o->counters = file[COUNTERS];
	o->tables = file[TABLES];
	if (offline_run(o, pools) != OFFLINE_OK) {
		printf("FAIL %s: did not run\n", name);
		return false;
	}
	if (access(file[WANT], R_OK) != 0) {
		printf("ok   %s (nothing to compare with)\n", name);
		return true;
	}
	if (!same_capture(name, file[OUT], file[WANT]))
		return false;
	printf("ok   %s\n", name);
	return true;
}

static bool run_folder(const struct offline_options *batch, const char *name, const char *results,
	struct buf_pools *pools)
{
	struct offline_options o;
	char *dir = join(batch->batch, name);
	char *to = join(results, name);
	char *file[FILES] = {NULL};
	bool ok = dir && to && name_files(file, dir, to);

	if (ok && mkdir(to, 0777) != 0 && errno != EEXIST) {
		printf("FAIL %s: %s: %s\n", name, to, strerror(errno));
		ok = false;
	} else if (ok && !read_args(&o, batch, dir)) {
		printf("FAIL %s: args\n", name);
		ok = false;
	}
	ok = ok && run_and_compare(&o, name, file, pools);
	for (enum file f = 0; f < FILES; f++)
		free(file[f]);
	free(to);
	free(dir);
	return ok;
}

/* Removes what a folder's run left in a temporary place. */
static void remove_results(const char *results, const char *name)
{
	static const char *const files[] = {"out.pcapng", "counters.json", "tables.json"};
	char *dir = join(results, name);

	for (unsigned int i = 0; dir && i < sizeof(files) / sizeof(files[0]); i++) {
		char *path = join(dir, files[i]);

		if (path)
			unlink(path);
		free(path);
	}
	if (dir)
		rmdir(dir);
	free(dir);
}

enum offline_exit offline_batch(const struct offline_options *o, struct buf_pools *pools)
{
	char temporary[] = "/tmp/vex-batch-XXXXXX";
	const char *results = o->out ? o->out : mkdtemp(temporary);
	struct dirent **entries;
	unsigned int failed = 0;
	unsigned int ran = 0;
	int n = scandir(o->batch, &entries, is_vector, alphasort);

	if (n < 0 || !results) {
		fprintf(stderr, "%s: %s\n", n < 0 ? o->batch : temporary, strerror(errno));
		return OFFLINE_FAILED;
	}
	if (o->out && mkdir(o->out, 0777) != 0 && errno != EEXIST) {
		fprintf(stderr, "%s: %s\n", o->out, strerror(errno));
		return OFFLINE_FAILED;
	}
	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;
		char *dir = join(o->batch, name);

		if (dir && exists(dir, "config") && exists(dir, "in.pcapng")) {
			ran++;
			failed += !run_folder(o, name, results, pools);
			if (!o->out)
				remove_results(results, name);
		}
		free(dir);
		free(entries[i]);
	}
	free(entries);
	if (!o->out)
		rmdir(results);
	printf("%u passed, %u failed\n", ran - failed, failed);
	if (!ran)
		fprintf(stderr, "%s: no folder here holds a config and an in.pcapng\n", o->batch);
	return ran && !failed ? OFFLINE_OK : OFFLINE_FAILED;
}
